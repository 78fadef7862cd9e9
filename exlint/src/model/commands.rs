//! What a script's commands say, be it execline or shell: programs, words, files that output
//! goes to. A script that makes no sense says nothing. Which of the words are options, and
//! what the script becomes, is told by `process`; what a command means is for the rules.

use super::Script;
use crate::script::Visit;
use crate::shell;
use std::ops::Range;

/// A command, or words that belong to none.
#[derive(Clone, Default, Debug)]
pub struct Command {
    /// The program and its words, as far as they are words: what stands in blocks is a command
    /// of its own.
    pub words: Vec<Said>,
    /// The files that the shell opens for it.
    pub targets: Vec<Target>,
    /// Values that it assigns, lists that it goes through.
    pub others: Vec<Said>,
    /// True where it only asks whether something holds: `test`, `[`, `eltest`.
    pub is_test: bool,
}

/// A file that is opened for a command.
#[derive(Clone, Debug)]
pub struct Target {
    /// The file.
    pub file: Said,
    /// True where it is written to.
    pub is_written: bool,
}

/// A word.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its bytes, up to the first thing that is replaced in it.
    pub value: Vec<u8>,
    /// Where it stands, quotes included.
    pub span: Range<usize>,
    /// True where nothing is replaced in it.
    pub is_whole: bool,
}

impl Command {
    /// The program's name without directories; empty where it is not known.
    pub fn name(&self) -> &[u8] {
        match self.words.first() {
            Some(word) if word.is_whole => crate::bytes::base_name(&word.value),
            _ => b"",
        }
    }

    /// Its words behind the program.
    pub fn arguments(&self) -> &[Said] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Its words behind the program that are no options.
    pub fn operands(&self) -> impl DoubleEndedIterator<Item = &Said> {
        let arguments = self.arguments().iter();
        arguments.filter(|word| !word.value.starts_with(b"-"))
    }

    /// All its words.
    pub fn said(&self) -> impl Iterator<Item = &Said> {
        let targets = self.targets.iter().map(|target| &target.file);
        self.words.iter().chain(targets).chain(&self.others)
    }
}

impl Said {
    /// Where its bytes stand in the text, without a quote around them; `None` where the text
    /// spells them otherwise.
    pub fn verbatim(&self, text: &[u8]) -> Option<Range<usize>> {
        let raw = text.get(self.span.clone())?;
        let quote = usize::from(matches!(raw.first(), Some(b'"' | b'\'')));
        let inner = raw.get(quote..)?;
        let start = self.span.start + quote;
        inner
            .starts_with(&self.value)
            .then(|| start..start + self.value.len())
    }

    /// The absolute paths in it, and where in its bytes they begin.
    pub fn paths(&self) -> Vec<(usize, &[u8])> {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_-.+@%".contains(byte);
        let mut paths = Vec::new();
        let mut at = 0;
        while let Some(rest) = self.value.get(at..).filter(|rest| !rest.is_empty()) {
            let length = rest.iter().take_while(|byte| is_part(byte)).count();
            if rest.starts_with(b"/") {
                paths.extend(rest.get(..length).map(|path| (at, path)));
            }
            at += length.max(1);
        }
        paths
    }
}

/// The commands of a script, in the text's order.
pub fn commands(script: &Script) -> Vec<Command> {
    if let Some(execline) = &script.execline {
        let visits = execline.visits();
        return visits
            .iter()
            .map(|visit| of_execline(script, visit))
            .collect();
    }
    let Some(shell) = script.shell.as_ref().filter(|shell| shell.broken.is_none()) else {
        return Vec::new();
    };
    let simple = shell.commands.iter().map(of_shell);
    let around = shell.constructs.iter().map(|construct| Command {
        others: construct.words.iter().map(said).collect(),
        targets: construct.redirections.iter().map(target).collect(),
        ..Command::default()
    });
    simple.chain(around).collect()
}

const TESTS: [&[u8]; 5] = [b"test", b"[", b"[[", b"eltest", b"s6-test"];

fn of_execline(script: &Script, visit: &Visit<'_>) -> Command {
    let invocation = visit.invocation;
    let mut words: Vec<Said> = invocation
        .own_words()
        .into_iter()
        .map(|word| Said {
            value: word.value.to_vec(),
            span: word.span.clone(),
            is_whole: !word.may_change(),
        })
        .collect();
    words.extend(invocation.options.iter().map(|option| Said {
        value: script.slice(&option.span).to_vec(),
        span: option.span.clone(),
        is_whole: true,
    }));
    words.sort_by_key(|word| word.span.start);
    words.dedup_by_key(|word| word.span.start);
    for word in &mut words {
        if !word.is_whole {
            let end = word.value.iter().position(|&byte| byte == b'$');
            word.value.truncate(end.unwrap_or(usize::MAX));
        }
    }
    Command {
        is_test: TESTS.contains(&invocation.name()),
        words,
        ..Command::default()
    }
}

fn said(word: &shell::Word) -> Said {
    Said {
        value: word.prefix(),
        span: word.span.clone(),
        is_whole: !word.has_expansion(),
    }
}

fn target(redirection: &shell::Redirection) -> Target {
    Target {
        file: said(&redirection.target),
        is_written: redirection.writes(),
    }
}

fn of_shell(command: &shell::Command) -> Command {
    const BEFORE: [&[u8]; 4] = [b"command", b"builtin", b"nohup", b"time"];
    let mut words = command.executed().unwrap_or(&command.words);
    while let Some((first, behind)) = words.split_first()
        && BEFORE.iter().any(|name| first.is(name))
        && behind
            .first()
            .is_some_and(|next| !next.prefix().starts_with(b"-"))
    {
        words = behind;
    }
    let values = command.assignments.iter().flat_map(|assignment| {
        let elements = assignment.elements.iter().flatten();
        std::iter::once(&assignment.value).chain(elements)
    });
    let words: Vec<Said> = words.iter().map(said).collect();
    let mut found = Command {
        words,
        targets: command.redirections.iter().map(target).collect(),
        others: values.map(said).collect(),
        is_test: false,
    };
    found.is_test = TESTS.contains(&found.name());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Owner, Role};
    use crate::programs::Programs;
    use crate::script::{Execline, Language, Shebang};
    use crate::tree::sample;

    fn found(text: &str) -> Vec<String> {
        let tree = sample::tree("== a\n").unwrap();
        let shebang = Shebang::read(text.as_bytes());
        let language = Language::of(text.as_bytes(), shebang.as_ref());
        let execline = match language {
            Language::Execline(positional) => Some(Execline::read(
                text.as_bytes(),
                positional,
                &Programs::known(),
            )),
            _ => None,
        };
        let script = Script {
            node: tree.root(),
            entry: tree.root(),
            role: Role::Other,
            owner: Owner::Nobody,
            text: text.as_bytes().into(),
            shebang,
            shell: execline.is_none().then(|| shell::read(text.as_bytes())),
            execline,
            language,
        };
        let shown = |said: &Said| {
            let end = if said.is_whole { "" } else { "..." };
            format!("{}{end}", String::from_utf8_lossy(&said.value))
        };
        commands(&script)
            .iter()
            .map(|command| command.said().map(shown).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        for (text, expected) in [
            (
                "#!/command/execlineb -P\nif { eltest -d /a } redirfd -w 1 /b/${C} s6-x -t /d\n",
                vec!["if", "eltest -d /a", "redirfd -w 1 /b/...", "s6-x -t /d"],
            ),
            (
                "#!/bin/sh\nif [ -d /a ]; then exec s6-x -t /d > /b/$C; fi\nA=/e command rm /f\n",
                vec!["[ -d /a ]", "s6-x -t /d /b/...", "rm /f /e"],
            ),
            ("#!/bin/sh\necho '\n", vec![]),
        ] {
            let found: Vec<String> = found(text).into_iter().filter(|s| !s.is_empty()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn paths_stand_anywhere_in_a_word() {
        let said = Said {
            value: b"cat /a/b; x=/c:/d rel/e".to_vec(),
            span: 0..0,
            is_whole: true,
        };
        let found: Vec<_> = said
            .paths()
            .into_iter()
            .map(|(at, path)| (at, String::from_utf8_lossy(path).into_owned()))
            .collect();
        let expected = [(4, "/a/b"), (12, "/c"), (15, "/d")];
        assert_eq!(found, expected.map(|(at, path)| (at, path.to_owned())));
    }
}
