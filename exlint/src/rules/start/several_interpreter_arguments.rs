//! `several-interpreter-arguments`: words in the first line that reach the interpreter as one.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "several-interpreter-arguments",
    Group::Start,
    Level::Error,
    "the first line has several arguments, which reach the interpreter as one",
)
.why(
    "Linux passes all that follows the interpreter in a first line as a single argument, blanks \
     included. execlineb and shells refuse such an option, and with-contenv and env look for a \
     program with blanks in its name.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P -W\nweb\n",
    "== run 0755\n#!/command/execlineb -PW\nweb\n",
)
.fix("options written in one word mean what they were meant to mean in several")
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shebang) = script.executed_shebang() else {
        return;
    };
    let words = shebang.words();
    let [first, second, ..] = &words[..] else {
        return;
    };
    let kind = Kind::of(shebang.name());
    // env takes its one argument apart itself where it is asked to.
    if kind == Kind::Other || kind == Kind::Env && splits(first) {
        return;
    }
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let name = shown(shebang.name());
    let argument = shown(&words.join(&b' '));
    let help = match kind {
        Kind::Carrier | Kind::Env if second.starts_with(b"-") => format!(
            "name `{}` alone, and set its options in the next line: set {}",
            shown(first),
            shown(second)
        ),
        Kind::Carrier | Kind::Env => {
            "leave one word, and start the rest from the script itself".to_owned()
        }
        _ => "write the options as one word, or set them in the script".to_owned(),
    };
    let found = findings
        .script(
            script,
            shebang.argument_span.clone(),
            format!("`{name}` gets `{argument}` as one argument"),
        )
        .help(help);
    let has_return = script.slice(&shebang.span).contains(&b'\r');
    if let Some(joined) = joined(kind, &words).filter(|_| !has_return) {
        found.replace(
            "write the options as one word",
            shebang.argument_span.clone(),
            joined,
        );
    }
}

/// An interpreter, by what it does with its argument.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Execlineb,
    Shell,
    /// Runs the program that is its argument.
    Carrier,
    Env,
    /// Refuses blanks, as far as is known, in its own way.
    Strict,
    Other,
}

impl Kind {
    fn of(name: &[u8]) -> Kind {
        match name {
            b"execlineb" => Kind::Execlineb,
            b"sh" | b"bash" | b"dash" | b"ash" => Kind::Shell,
            b"with-contenv" | b"busybox" => Kind::Carrier,
            b"env" => Kind::Env,
            name if name.starts_with(b"python") => Kind::Strict,
            _ => Kind::Other,
        }
    }
}

fn splits(option: &[u8]) -> bool {
    option.starts_with(b"--split-string")
        || option.starts_with(b"-") && !option.starts_with(b"--") && option.contains(&b'S')
}

/// The options as one word, where each is a letter.
fn joined(kind: Kind, words: &[&[u8]]) -> Option<Vec<u8>> {
    let known: &[u8] = match kind {
        Kind::Execlineb => b"PpWwq",
        Kind::Shell => b"efunvx",
        _ => return None,
    };
    let mut joined = vec![b'-'];
    for word in words {
        let letters = word
            .strip_prefix(b"-")
            .filter(|letters| !letters.is_empty())?;
        if !letters.iter().all(|letter| known.contains(letter)) {
            return None;
        }
        joined.extend_from_slice(letters);
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn one_argument_is_all_there_is() {
        for (line, expected) in [
            ("#!/command/with-contenv bash -e", true),
            ("#!/command/with-contenv bash", false),
            ("#!/command/execlineb -P -S0", true),
            ("#!/command/execlineb -S 1", true),
            ("#!/command/execlineb -WS1", false),
            ("#!/bin/sh -e -u", true),
            ("#!/bin/bash -eu  ", false),
            ("#!/bin/bash -e # strict", true),
            ("#!/usr/bin/env bash -e", true),
            ("#!/usr/bin/env -i sh", true),
            ("#!/usr/bin/env -S bash -e", false),
            ("#!/usr/bin/env -iS bash -e", false),
            ("#!/usr/bin/env --split-string=bash -e", false),
            ("#!/usr/bin/perl -w -s", false),
            ("#!/opt/tool --config a b", false),
        ] {
            let text = format!("== notification-fd\n3\n== run 0755\n{line}\nweb\n");
            let expected: &[&str] = if expected { &["run:1: error: `"] } else { &[] };
            sampling::check(&RULE, &text, expected);
        }
    }

    #[test]
    fn letters_are_joined() {
        for (kind, words, expected) in [
            (Kind::Execlineb, "-P -W", Some("-PW")),
            (Kind::Execlineb, "-S 1", None),
            (Kind::Shell, "-e -ux", Some("-eux")),
            (Kind::Shell, "-e -o pipefail", None),
            (Kind::Carrier, "-e -x", None),
        ] {
            let words: Vec<&[u8]> = words.split(' ').map(str::as_bytes).collect();
            let found = joined(kind, &words);
            assert_eq!(found.as_deref(), expected.map(str::as_bytes));
        }
    }
}
