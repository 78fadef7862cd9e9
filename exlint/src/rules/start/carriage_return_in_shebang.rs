//! `carriage-return-in-shebang`: the first line ends with a carriage return, which becomes part
//! of a name.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::{Language, Shebang};

/// The rule.
pub const RULE: Rule = Rule::new(
    "carriage-return-in-shebang",
    Group::Start,
    Level::Error,
    "the first line of a script ends with a carriage return",
)
.why(
    "The kernel takes the carriage return of a Windows line ending for a part of the name or of \
     the argument. Where it ends the interpreter's name, that file does not exist: \"No such \
     file or directory\", though the script is there. Where it ends an argument, the \
     interpreter refuses that: execlineb prints its usage and exits 100, with-contenv looks for \
     a program with that byte in its name.",
)
.samples(
    "== run 0755 escapes\n#!/command/with-contenv sh\\r\nexec web --port 80\\r\n",
    "== run 0755\n#!/command/with-contenv sh\nexec web --port 80\n",
)
.fix("with this first line the script never ran, so nothing rests on its carriage returns")
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shebang) = script.executed_shebang() else {
        return;
    };
    let line = script.slice(&shebang.span);
    let Some(place) = line.iter().position(|&byte| byte == b'\r') else {
        return;
    };
    let found = findings
        .script(script, place..place + 1, message(script, shebang))
        .help(
            "save the file with LF line endings; in a git repository, write `* text eol=lf` to \
             .gitattributes so that they stay",
        );
    let text = &script.text;
    if text.get(place + 1) == Some(&b'\n') {
        let last = text.windows(2).rposition(|pair| pair == b"\r\n");
        let span = place..last.map_or(place + 1, |last| last + 1);
        let replacement = unix(text.get(span.clone()).unwrap_or_default());
        found.replace("end the lines with LF alone", span, replacement);
    }
}

/// The same text without the carriage returns that end a line, its own end included.
fn unix(text: &[u8]) -> Vec<u8> {
    let mut bytes = text.iter().copied().peekable();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let ends_line = bytes.peek().is_none_or(|&next| next == b'\n');
        if byte != b'\r' || !ends_line {
            plain.push(byte);
        }
    }
    plain
}

fn message(script: &Script, shebang: &Shebang) -> String {
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    if shebang.interpreter.ends_with(b"\r") {
        let interpreter = shown(&shebang.interpreter);
        return format!(
            "the carriage return becomes part of the interpreter's name `{interpreter}`"
        );
    }
    let argument = shown(shebang.argument.as_deref().unwrap_or_default());
    match script.language {
        Language::Execline(_) => {
            format!("the carriage return becomes part of `{argument}`, which execlineb refuses")
        }
        _ => format!("the carriage return becomes part of the argument `{argument}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn only_the_first_line_counts() {
        for (text, expected) in [
            (
                r"#!/bin/sh\r",
                Some("the carriage return becomes part of the interpreter's name `/bin/sh`"),
            ),
            (
                r"#!/command/execlineb -P\r",
                Some("the carriage return becomes part of `-P`, which execlineb"),
            ),
            (
                r"#!/usr/bin/env bash\r",
                Some("the carriage return becomes part of the argument `bash`"),
            ),
            (r"#!/command/execlineb -P\nweb\r", None),
        ] {
            let text = format!("== notification-fd\n3\n== run 0755 escapes\n{text}\nweb\\r\n");
            let expected = expected.map(|expected| format!("run:1: error: {expected}"));
            let expected: Vec<&str> = expected.as_deref().into_iter().collect();
            sampling::check(&RULE, &text, &expected);
        }
    }

    #[test]
    fn first_line_of_a_command_line_is_a_comment() {
        sampling::check(
            &RULE,
            "== type\noneshot\n== up escapes\n#!/command/execlineb -P\\r\nmkdir /x\\r\n",
            &[],
        );
    }

    #[test]
    fn service_of_an_unreadable_type_has_scripts_too() {
        sampling::check(
            &RULE,
            "== etc/s6-overlay/s6-rc.d/web/type escapes\nlongrun\\r\n\
             == etc/s6-overlay/s6-rc.d/web/run escapes\n#!/bin/sh\\r\nexec web\\r\n",
            &["etc/s6-overlay/s6-rc.d/web/run:1: error: the carriage return"],
        );
    }

    #[test]
    fn other_carriage_returns_stay() {
        assert_eq!(unix(b"\r\na\rb\r\n"), b"\na\rb\n");
        assert_eq!(unix(b"\r"), b"");
    }
}
