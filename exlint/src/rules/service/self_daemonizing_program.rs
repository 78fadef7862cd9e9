//! `self-daemonizing-program`: a `run` script becomes a program that puts itself in the
//! background. Configuration files are read where the image shows them; of other programs'
//! settings nothing is concluded.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::process::{self, Ending};
use crate::model::{Model, Role, Script};
use crate::programs::{Daemon, DaemonMode, daemon};
use crate::rule::{Group, Rule};
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "self-daemonizing-program",
    Group::Service,
    Level::Warning,
    "`run` starts a program that puts itself in the background",
)
.why(
    "s6-supervise watches the process that `run` becomes. A program that puts itself in the \
     background ends at once, as far as s6-supervise can see: it is started again and again, \
     and the copy in the background, which holds ports and pid files, gets no signals and is \
     never stopped.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\ncron\n",
    "== run 0755\n#!/command/execlineb -P\ncron -f\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    if script.role != Role::Run {
        return;
    }
    for line in process::command_lines(model, script) {
        if !line.is_last {
            continue;
        }
        for ending in process::endings(&line.chain) {
            judge(model, script, &ending, findings);
        }
    }
}

fn judge(model: &Model<'_>, script: &Script, ending: &Ending<'_>, findings: &mut Findings<'_>) {
    let program = ending.program;
    let words = process::words(script, program);
    let Some(daemon) = daemon(&program.program.value) else {
        return;
    };
    let is_caught = ending.before.iter().any(|it| it.is("s6-fghack"));
    if program.program.may_change() || process::may_change(&words) || is_caught {
        return;
    }
    // A script of this name, which starts it as it likes.
    let own = model.tree.absolute(&program.program.value).found();
    if own.is_some_and(|node| model.tree.entry(node).beginning(2) == b"#!") {
        return;
    }
    let plain: Vec<&[u8]> = words.iter().map(|(word, _)| &**word).collect();
    if daemon.mode(&plain) != DaemonMode::Background {
        return;
    }
    let is_told = daemon.name == "php-fpm" && words.iter().any(|(word, _)| is_told(word));
    let level = match configured(model, daemon) {
        _ if is_told => Level::Warning,
        Configured::Foreground => return,
        Configured::Background => Level::Warning,
        Configured::Unknown => Level::Note,
    };
    let name = String::from_utf8_lossy(program.name()).into_owned();
    let help = match daemon.remedy() {
        _ if is_told || !daemon.detaches => format!("leave out the word that sends `{name}` there"),
        Some(remedy) => format!("write `{name} {remedy}`"),
        None => format!("tell `{name}` in its configuration to stay in the foreground"),
    };
    let message = if level == Level::Note {
        format!("`{name}` puts itself in the background, unless its configuration says otherwise")
    } else {
        format!("`{name}` puts itself in the background, where s6-supervise loses it")
    };
    findings
        .script(script, program.span(), message)
        .level(level)
        .help(help);
}

/// True for the option of php-fpm that goes before its configuration.
fn is_told(word: &[u8]) -> bool {
    matches!(word, b"-D" | b"--daemonize")
}

/// What a program's configuration says.
enum Configured {
    Foreground,
    Background,
    Unknown,
}

/// Where programs have their configuration: files, and directories of such.
const PLACES: [(&str, &[&str]); 4] = [
    (
        "nginx",
        &[
            "/etc/nginx/nginx.conf",
            "/etc/nginx/conf.d",
            "/etc/nginx/modules-enabled",
            "/usr/local/nginx/conf/nginx.conf",
            "/usr/local/etc/nginx/nginx.conf",
            "/usr/local/openresty/nginx/conf/nginx.conf",
        ],
    ),
    ("openresty", &["/usr/local/openresty/nginx/conf/nginx.conf"]),
    (
        "php-fpm",
        &["/usr/local/etc/php-fpm.conf", "/usr/local/etc/php-fpm.d"],
    ),
    ("supervisord", &["/etc/supervisord.conf", "/etc/supervisor"]),
];

fn configured(model: &Model<'_>, daemon: &Daemon) -> Configured {
    // It is described as: `daemon off;` in nginx.conf.
    let Some(setting) = daemon.setting.and_then(|setting| setting.split('`').nth(1)) else {
        return Configured::Background;
    };
    let tree = model.tree;
    let places = PLACES.iter().find(|(name, _)| *name == daemon.name);
    let mut files: Vec<NodeId> = Vec::new();
    for place in places.map_or(&[][..], |(_, places)| places) {
        if let Some(node) = tree.absolute(place.as_bytes()).found() {
            configurations(model, node, 0, &mut files);
        }
    }
    // Distributions put the version into the path: /etc/php/8.2/fpm, /etc/php83.
    if daemon.name == "php-fpm"
        && let Some(etc) = tree.absolute(b"/etc").found()
    {
        let versions = tree.children(etc).iter();
        for &node in versions.filter(|&&node| tree.name(node).starts_with(b"php")) {
            configurations(model, node, 0, &mut files);
        }
    }
    let says = |&node: &NodeId| {
        let text = tree.entry(node).bytes();
        text.is_ok_and(|text| {
            text.split(|&byte| byte == b'\n')
                .any(|line| has(line, setting))
        })
    };
    if files.iter().any(says) {
        Configured::Foreground
    } else if tree.is_complete && !files.is_empty() {
        Configured::Background
    } else {
        Configured::Unknown
    }
}

/// The files at a place, a few directories deep.
fn configurations(model: &Model<'_>, node: NodeId, depth: usize, files: &mut Vec<NodeId>) {
    const MOST: usize = 200;
    let tree = model.tree;
    let Some(node) = tree.follow(node).found() else {
        return;
    };
    if tree.is_file(node) {
        files.push(node);
    } else if depth < 4 && files.len() < MOST {
        for &child in tree.children(node) {
            configurations(model, child, depth + 1, files);
        }
    }
}

/// True where a line has the setting, and not in a comment.
fn has(line: &[u8], setting: &str) -> bool {
    let line = line.trim_ascii_start();
    if matches!(line.first(), Some(b'#' | b';')) {
        return false;
    }
    let without_blanks = |text: &[u8]| -> Vec<u8> {
        let kept = text.iter().filter(|byte| !byte.is_ascii_whitespace());
        kept.map(u8::to_ascii_lowercase).collect()
    };
    without_blanks(line).starts_with(&without_blanks(setting.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: Option<&str>) {
        let text = format!("== run 0755\n{script}\n");
        let found: Vec<&str> = expected.into_iter().collect();
        sampling::check(&RULE, &text, &found);
    }

    #[test]
    fn what_stays_in_front_is_not_found() {
        for chain in [
            "cron -f",
            "sshd -D",
            "sshd -De",
            "nginx -g \"daemon off;\"",
            "s6-fghack cron",
            "cron $options",
            "web",
            "postgres -D /data",
            "echo cron",
            "background { cron } web",
        ] {
            check(&format!("#!/command/execlineb -P\n{chain}"), None);
            check(
                &format!("#!/bin/sh\nexec {}", chain.replace(['{', '}'], "")),
                None,
            );
        }
        // A script of the image that is called after what it starts.
        check("#!/bin/sh\nexec /etc/s6-overlay/scripts/cron", None);
        check("#!/bin/sh\ncron\nexec web", None);
        check("#!/bin/sh\nstart() { exec cron; }\nexec web", None);
    }

    #[test]
    fn what_detaches_is_found_where_the_process_becomes_it() {
        let found = "warning: `cron` puts itself in the background, where";
        for (script, line) in [
            (
                "#!/command/execlineb -P\ns6-envdir /etc/env\nfdmove -c 2 1\ncron",
                4,
            ),
            (
                "#!/command/execlineb -P\nifelse { test -e /x } { cron }\nweb",
                2,
            ),
            ("#!/bin/sh\nexec /usr/sbin/cron", 2),
            ("#!/bin/sh\ntouch /x\ncron", 3),
            (
                "#!/bin/sh\nif test -e /x; then\n  exec cron\nfi\nexec web",
                3,
            ),
        ] {
            check(script, Some(&format!("run:{line}: {found}")));
        }
    }

    #[test]
    fn configuration_decides_where_it_is_known() {
        const RUN: &str = "== etc/services.d/web/run 0755\n#!/command/execlineb -P\nnginx\n";
        const ROOT: &str = "== etc/passwd\nroot:x:0:0::/:/bin/sh\n== bin/sh 0755\n";
        let name = "etc/services.d/web/run:2:";
        let layer = format!("{name} note: `nginx` puts itself in the background, unless");
        sampling::check(&RULE, RUN, &[&layer]);
        let off = format!("{RUN}== etc/nginx/nginx.conf\nuser x;\n daemon  off;\n");
        sampling::check(&RULE, &off, &[]);
        let on = format!("{RUN}{ROOT}== etc/nginx/nginx.conf\n# daemon off;\nuser x;\n");
        let whole = format!("{name} warning: `nginx` puts itself in the background, where");
        sampling::check(&RULE, &on, &[&whole]);
        let nowhere = format!("{RUN}{ROOT}");
        sampling::check(&RULE, &nowhere, &[&layer]);
    }
}
