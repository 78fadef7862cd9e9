//! `path-relative-to-workdir`: a relative path that counts on the image's working directory.

use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Role, Script};
use crate::rule::{Group, Rule};
use crate::tree::Lookup;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "path-relative-to-workdir",
    Group::Start,
    Level::Warning,
    "a script counts on the working directory of the image",
)
.why(
    "Since version 3 of s6-overlay only the command of the container starts in WORKDIR. Services \
     start in their service directory, hooks and oneshots in a directory of s6's own, so a \
     relative path leads somewhere else.",
)
.samples(
    "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
     == etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec ./server --port 80\n",
    "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
     == etc/services.d/web/run 0755\n#!/command/with-contenv sh\ncd /srv/web\nexec ./server --port 80\n",
)
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    if model.overlay.generation != Some(3) || changes_directory(&script.text) {
        return;
    }
    let is_service = match script.role {
        Role::Run => true,
        Role::InitHook | Role::FinishHook | Role::NamedByOneshot => false,
        _ => return,
    };
    for command in commands(script) {
        for (word, span) in files(&command, is_service) {
            let is_own = is_service && is_in_service(model, script, &word);
            let before = script.text.get(..span.start).unwrap_or_default();
            if is_own || is_made(before, &word) {
                continue;
            }
            let shown = String::from_utf8_lossy(&word).into_owned();
            let place = if is_service {
                "the service directory"
            } else {
                "a directory of s6"
            };
            findings
                .script(
                    script,
                    span,
                    format!("`{shown}` is looked for in {place}, not in WORKDIR"),
                )
                .help("name it by an absolute path, or change the directory first: cd");
            return;
        }
    }
}

/// True where the script may go elsewhere first.
fn changes_directory(text: &[u8]) -> bool {
    const SIGNS: [&[u8]; 5] = [b"cd", b"chdir", b"pushd", b"chroot", b"workdir"];
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    text.split(|byte| !is_of_name(byte))
        .any(|word| SIGNS.contains(&word))
}

/// True for a name that the script has before: there it fetches what it then runs.
fn is_made(before: &[u8], word: &[u8]) -> bool {
    let name = word.strip_prefix(b"./").unwrap_or(word);
    let mut places = before.windows(name.len()).enumerate();
    places.any(|(start, part)| {
        let is_dotted = || before.get(..start).is_some_and(|it| it.ends_with(b"./"));
        part == name && !is_dotted()
    })
}

/// Words with their places.
type Words = Vec<(Vec<u8>, Range<usize>)>;

/// The command lines of a script, the program first.
fn commands(script: &Script) -> Vec<Words> {
    if let Some(execline) = &script.execline {
        let visits = execline.visits().into_iter();
        return visits
            .map(|visit| {
                let words = visit.invocation.own_words().into_iter();
                words
                    .filter(|word| !word.may_change())
                    .map(|word| (word.value.to_vec(), word.span.clone()))
                    .collect()
            })
            .collect();
    }
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return Vec::new();
    };
    let commands = shell.commands.iter();
    commands
        .map(|command| {
            let words = command.executed().unwrap_or(&command.words);
            words
                .iter()
                .map_while(|word| Some((word.literal()?, word.span.clone())))
                .collect()
        })
        .collect()
}

/// The words of a command line that are surely relative paths of files.
fn files(command: &Words, is_service: bool) -> Words {
    // They go elsewhere, or what they are given is a text: that of a link, or one to be shown.
    const CHOOSES: [&[u8]; 8] = [
        b"-C",
        b"--directory",
        b"find",
        b"ln",
        b"s6-ln",
        b"echo",
        b"s6-echo",
        b"printf",
    ];
    if command.iter().any(|(word, _)| CHOOSES.contains(&&word[..])) {
        return Vec::new();
    }
    let Some((program, arguments)) = command.split_first() else {
        return Vec::new();
    };
    let is_dotted = |word: &[u8]| word.starts_with(b"./") && word.len() > 2;
    let mut files: Words = Vec::new();
    if is_dotted(&program.0) {
        files.push(program.clone());
    }
    if !is_service {
        files.extend(
            arguments
                .iter()
                .filter(|(word, _)| is_dotted(word))
                .cloned(),
        );
    }
    const RUNNERS: [&[u8]; 8] = [
        b"node", b"python", b"python3", b"ruby", b"perl", b"php", b"sh", b"bash",
    ];
    const ENDINGS: [&[u8]; 8] = [
        b".js", b".mjs", b".cjs", b".py", b".rb", b".pl", b".php", b".sh",
    ];
    if RUNNERS.contains(&base_name(&program.0))
        && let Some(first) = arguments.first()
        && !first.0.starts_with(b"-")
        && !first.0.starts_with(b"/")
        && ENDINGS.iter().any(|ending| first.0.ends_with(ending))
        && !files.contains(first)
    {
        files.push(first.clone());
    }
    files
}

/// True where a service finds it in its directory, as far as one can see.
fn is_in_service(model: &Model<'_>, script: &Script, path: &[u8]) -> bool {
    const OWN: [&[u8]; 6] = [b"data", b"env", b"event", b"supervise", b"finish", b"run"];
    let Some(service) = model.service_of(script) else {
        return true;
    };
    let path = path.strip_prefix(b"./").unwrap_or(path);
    let first = path.split(|&byte| byte == b'/' || byte == b'.').next();
    first.is_some_and(|first| OWN.contains(&first))
        || matches!(model.tree.lookup(service.directory, path), Lookup::Found(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(file: &str, script: &str, expected: bool) {
        let text = format!(
            "== exlint.toml\ns6-overlay-version = \"3.1.6.2\"\n\
             == etc/services.d/web/helper 0755\n#!/bin/sh\n\
             == {file} 0755\n{script}\n"
        );
        let message = format!("{file}:2: warning: `");
        let expected: &[&str] = if expected { &[&message] } else { &[] };
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn services_start_in_their_directory() {
        for (script, expected) in [
            ("#!/bin/sh\nexec ./server", true),
            ("#!/bin/sh\nexec node server.js", true),
            ("#!/bin/sh\nexec python3 -u app.py", false),
            (
                "#!/bin/sh\ncurl -o set-up.php https://example.org/\nphp set-up.php\nrm set-up.php",
                false,
            ),
            ("#!/bin/sh\nexec node ./server.js # server.js", true),
            ("#!/bin/sh\nexec node /srv/server.js", false),
            ("#!/bin/sh\nexec ./helper", false),
            ("#!/bin/sh\nexec ./data/start", false),
            ("#!/bin/sh\nexec ./run.user", false),
            ("#!/bin/sh\ncd /srv && exec ./server", false),
            ("#!/bin/sh\nexec web -c ./x", false),
            ("#!/command/execlineb -P\n./server", true),
            ("#!/command/execlineb -P\ncd /srv ./server", false),
        ] {
            check("etc/services.d/web/run", script, expected);
        }
    }

    #[test]
    fn hooks_start_anywhere() {
        for (script, expected) in [
            ("#!/bin/sh\ncp ./default.conf /data", true),
            ("#!/bin/sh\ntar -C /srv -xf ./x.tar", false),
            ("#!/bin/sh\nfind /x -exec ./y {} ;", false),
            ("#!/bin/sh\ncp /x ./", false),
            ("#!/bin/sh\nln -s ./live/key.pem /config/key.pem", false),
            ("#!/bin/sh\necho ./x", false),
        ] {
            check("etc/cont-init.d/1", script, expected);
        }
    }

    #[test]
    fn version_2_starts_in_workdir() {
        let run = "== etc/services.d/web/run 0755\n#!/bin/sh\nexec ./server\n";
        sampling::check(&RULE, run, &[]);
        let text = format!("== exlint.toml\ns6-overlay-version = \"2.2.0.3\"\n{run}");
        sampling::check(&RULE, &text, &[]);
    }
}
