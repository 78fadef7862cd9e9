//! `missing-shebang`: a file that is executed and that the kernel does not know how to run.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::leftover::is_leftover;
use crate::model::{Model, PieceKind, Role, Script};
use crate::rule::{Group, Rule};
use crate::script::Language;

/// The rule.
pub const RULE: Rule = Rule::new(
    "missing-shebang",
    Group::Start,
    Level::Error,
    "a script that is executed does not begin with #!",
)
.why(
    "s6 executes scripts by the system call, without a shell that would take over where it \
     fails. A file that begins neither with `#!` nor as a binary ends in \"Exec format error\", \
     exit code 126. A byte order mark, a blank or an empty line before the `#!` has the same \
     effect.",
)
.samples(
    "== run 0755\n\n#!/bin/sh\nexec web\n",
    "== run 0755\n#!/bin/sh\nexec web\n",
)
.fix("only bytes before the first `#!` go, with which the file cannot be executed")
.script(check);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let is_hook = matches!(script.role, Role::InitHook | Role::FinishHook);
    let entry = model.tree.entry(script.node);
    // A file that was given by itself is there to be executed, if its mode says so.
    let is_alone =
        script.role == Role::Other && model.kind == PieceKind::Script && entry.is_executable();
    if !script.role.is_executed() && !is_alone
        || script.language != Language::Unknown
        || entry.bytes().is_err()
        || is_hook && is_leftover(model.tree.name(script.entry))
    {
        return;
    }
    let text = &script.text;
    if let Some(before) = before_shebang(text) {
        let what = if text.starts_with(BYTE_ORDER_MARK) {
            "a byte order mark"
        } else {
            "blanks"
        };
        findings
            .script(
                script,
                0..before,
                format!("{what} before `#!`, so this cannot be executed"),
            )
            .help("let the file begin with #!")
            .replace("remove what stands before `#!`", 0..before, "");
    } else if text.is_empty() {
        let found = findings
            .at(script.node, "the file is empty, so it cannot be executed")
            .help("write the script, beginning with #!/bin/sh or #!/command/execlineb -P");
        // That is how people switch off a hook of a base image.
        if is_hook {
            found.level(Level::Note);
        }
    } else {
        let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        findings
            .script(
                script,
                0..line.len(),
                "no `#!` in the first line, so this cannot be executed",
            )
            .help("begin with the interpreter: #!/bin/sh, or #!/command/execlineb -P");
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How much stands before a `#!` that nothing but blanks and a mark precede.
fn before_shebang(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let rest = rest.trim_ascii_start();
    (rest.starts_with(b"#!") && rest.len() < text.len()).then(|| text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_what_the_kernel_knows_is_executed() {
        for (content, expected) in [
            ("exec web", Some("error: no `#!` in the first line")),
            (r"\xef\xbb\xbf#!/bin/sh", Some("error: a byte order mark")),
            (" #!/bin/sh", Some("error: blanks")),
            (r"\r\n#!/bin/sh", Some("error: blanks")),
            ("#!/bin/sh", None),
            ("#! /usr/bin/env python3", None),
            (r"\x7fELF\x02", None),
        ] {
            let text = format!("== notification-fd\n3\n== run 0755 escapes\n{content}\n");
            let expected = expected.map(|expected| format!("run:1: {expected}"));
            let expected: Vec<&str> = expected.as_deref().into_iter().collect();
            sampling::check(&RULE, &text, &expected);
        }
    }

    #[test]
    fn compiled_command_lines_and_notes_need_none() {
        sampling::check(
            &RULE,
            "== etc/s6-overlay/s6-rc.d/init/type\noneshot\n== etc/s6-overlay/s6-rc.d/init/up\n\
             mkdir /x\n== etc/cont-init.d/notes.txt\nnotes\n== etc/cont-init.d/.gitkeep\n",
            &[],
        );
    }

    #[test]
    fn hidden_files_are_no_control_scripts() {
        sampling::check(
            &RULE,
            "== scan/.s6-svscan/.keep\n== scan/.s6-svscan/finish 0755\ntrue\n\
             == scan/web/run 0755\n#!/bin/sh\n",
            &["scan/.s6-svscan/finish:1: error: no `#!`"],
        );
    }

    #[test]
    fn empty_hook_is_only_noted() {
        sampling::check(
            &RULE,
            "== etc/cont-init.d/1 0755\n== etc/services.d/web/run 0755\n",
            &[
                "etc/cont-init.d/1: note: the file is empty",
                "etc/services.d/web/run: error: the file is empty",
            ],
        );
    }
}
