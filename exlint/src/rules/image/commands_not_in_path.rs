//! `commands-not-in-path`: a health check uses commands of s6-overlay, and PATH has no `/command`.

use crate::bytes::contains;
use crate::container::{CommandLine, Container, Value};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::model::description::{dockerfiles, installs_overlay};
use crate::overlay::paths::absolute_program;
use crate::rule::{Group, Rule};
use crate::script::{Execline, Language, Shebang};
use crate::shell;
use crate::tree::NodeId;

/// The rule.
pub const RULE: Rule = Rule::new(
    "commands-not-in-path",
    Group::Image,
    Level::Warning,
    "a health check needs commands that PATH does not lead to",
)
.why(
    "/init puts /command into the PATH of services. A health check, like everything that is \
     started by docker exec, gets the PATH of the image: commands of s6 and execline are not found \
     there, and with-contenv, which consists of them, fails as well. The container is unhealthy \
     for ever.",
)
.samples(
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     HEALTHCHECK CMD [\"s6-svstat\", \"/run/service/web\"]\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     ENV PATH=/command:$PATH\n\
     HEALTHCHECK CMD [\"s6-svstat\", \"/run/service/web\"]\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let has_links = tree.absolute(b"/usr/bin/execlineb").found().is_some();
    if model.overlay.generation != Some(3) || has_links {
        return;
    }
    for (file, container) in dockerfiles(model) {
        let Some(healthcheck) = &container.healthcheck else {
            continue;
        };
        if !lacks_commands(container) {
            continue;
        }
        if let Some(cause) = cause(model, &healthcheck.value) {
            let found = match cause.script {
                Some(script) => findings.at(script, cause.message).related(
                    file.node,
                    Some(healthcheck.span.clone()),
                    "the health check runs it",
                ),
                None => findings.span(file.node, healthcheck.span.clone(), cause.message),
            };
            found.help("ENV PATH=/command:$PATH in the Dockerfile, or unpack s6-overlay's archives of links");
        }
    }
}

/// True where it is sure that PATH does not lead to the commands of s6-overlay.
fn lacks_commands(container: &Container) -> bool {
    let texts = container.runs.iter().map(|run| run.value.text.as_slice());
    let copies = container.copies.iter().flat_map(|copy| &copy.value.sources);
    let mut texts = texts.chain(copies.map(Value::text));
    // The archives of links put them into /usr/bin.
    if texts.any(|text| contains(text, b"symlinks") || contains(text, b"ln -s")) {
        return false;
    }
    match container.variable(b"PATH").map(|fact| &fact.value.1) {
        None => installs_overlay(container),
        Some(path) => {
            let mut directories = path.text().split(|&byte| byte == b':');
            path.decided().is_some() && !directories.any(|directory| directory == b"/command")
                || installs_overlay(container) && !contains(path.text(), b"/command")
        }
    }
}

struct Cause {
    message: String,
    script: Option<NodeId>,
}

fn cause(model: &Model<'_>, line: &CommandLine) -> Option<Cause> {
    let programs: Vec<Vec<u8>> = match line {
        CommandLine::Exec(words) => words.first().cloned().into_iter().collect(),
        CommandLine::Shell(text) => shell::read(text)
            .commands
            .iter()
            .filter_map(|it| it.name())
            .collect(),
        CommandLine::Unknown(_) => Vec::new(),
    };
    programs.iter().find_map(|program| {
        let shown = String::from_utf8_lossy(program).into_owned();
        if is_own(program) {
            return Some(Cause {
                message: format!("`{shown}` is not in the PATH of the image"),
                script: None,
            });
        }
        if program == b"/command/with-contenv" {
            return Some(Cause {
                message: format!("`{shown}` needs commands that are not in the PATH of the image"),
                script: None,
            });
        }
        let node = model.tree.absolute(program).found()?;
        let needs = needed(model, node)?;
        Some(Cause {
            message: format!("`{shown}` needs `{needs}`, which is not in the PATH of the image"),
            script: Some(node),
        })
    })
}

/// True for the bare name of a command that only s6-overlay has.
fn is_own(name: &[u8]) -> bool {
    !name.contains(&b'/') && absolute_program(&[b"/command/", name].concat()).is_some()
}

/// The command of s6-overlay that a script needs PATH for.
fn needed(model: &Model<'_>, node: NodeId) -> Option<String> {
    let text = model.tree.entry(node).bytes().ok()?;
    if contains(text, b"PATH") {
        return None;
    }
    let shebang = Shebang::read(text)?;
    if shebang.name() == b"with-contenv" {
        return Some("importas".to_owned());
    }
    let programs: Vec<Vec<u8>> = match Language::of(text, Some(&shebang)) {
        Language::Shell(_) => {
            let read = shell::read(text);
            read.commands.iter().filter_map(|it| it.name()).collect()
        }
        Language::Execline(positional) => {
            let read = Execline::read(text, positional, model.programs);
            let visits = read.visits();
            visits
                .iter()
                .map(|visit| visit.invocation.program.value.to_vec())
                .collect()
        }
        _ => Vec::new(),
    };
    let needed = programs.iter().find(|name| is_own(name))?;
    Some(String::from_utf8_lossy(needed).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(lines: &str, script: &str, expected: &[&str]) {
        let text = format!(
            "== Dockerfile\nFROM alpine\n\
             ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
             {lines}\n== rootfs/etc/services.d/a/run 0755\n#!/bin/sh\n\
             == rootfs/health 0755\n{script}\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn commands_of_health_checks() {
        let execline = "#!/command/execlineb -P\nif { true }\ns6-svstat /run/service/a";
        let found = ["Dockerfile:3: warning: "];
        let in_script = ["rootfs/health: warning: "];
        for (lines, script, expected) in [
            ("HEALTHCHECK CMD s6-svstat /run/service/a", "", &found[..]),
            ("HEALTHCHECK CMD [\"/health\"]", execline, &in_script),
            (
                "HEALTHCHECK CMD /health",
                "#!/command/with-contenv sh\ntrue",
                &in_script,
            ),
            (
                "HEALTHCHECK CMD /health",
                "#!/bin/sh\ns6-svok /run/service/a",
                &in_script,
            ),
            ("HEALTHCHECK CMD /health || exit 1", execline, &in_script),
            ("HEALTHCHECK CMD /command/s6-svstat /run/service/a", "", &[]),
            ("HEALTHCHECK CMD curl localhost", "", &[]),
            (
                "HEALTHCHECK CMD [\"/health\"]",
                "#!/bin/sh\ncurl localhost",
                &[],
            ),
            ("HEALTHCHECK NONE", execline, &[]),
            (
                "HEALTHCHECK CMD [\"/health\"]\nENV PATH=/command:$PATH",
                execline,
                &[],
            ),
            (
                "HEALTHCHECK CMD [\"/health\"]\nADD s6-overlay-symlinks-arch.tar.xz /tmp",
                execline,
                &[],
            ),
        ] {
            check(lines, script, expected);
        }
    }

    #[test]
    fn base_with_an_overlay_may_have_set_the_path() {
        sampling::check(
            &RULE,
            "== exlint.toml\ns6-overlay-version = \"3.2.0.0\"\n== Dockerfile\nFROM base\n\
             HEALTHCHECK CMD s6-svstat /run/service/a\n\
             == rootfs/etc/services.d/a/run 0755\n#!/bin/sh\n",
            &[],
        );
    }
}
