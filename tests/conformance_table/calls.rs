//! Which commands a case calls, and with which options: its words are followed as the
//! commands would take them, by the commands' own constants.
//!
//! It is deliberately cautious. Where the words go on depends on what happens (a word that
//! a substitution makes, a script that a shell runs), nothing behind is counted; and neither
//! is an option whose argument is missing, nor anything behind an option that does not exist.

use std::collections::BTreeSet;

use execline::command::{Command, CommandOption, Operand};
use execline::commands::COMMANDS;
use execline::syntax::{self, TokenKind};

use super::case::{Case, Program};

/// What a case calls.
#[derive(Default)]
pub struct Calls {
    /// The commands by name.
    pub commands: BTreeSet<&'static str>,
    /// Their options, by name and place in the constant.
    pub options: BTreeSet<(&'static str, usize)>,
}

/// Options with their arguments, and the words behind them.
type Options<'w> = (Vec<(&'static CommandOption, Vec<u8>)>, &'w [Vec<u8>]);

/// The words of a block, and those behind it.
type Block<'w> = (Vec<Vec<u8>>, &'w [Vec<u8>]);

/// How deep scripts may call scripts; a script that calls itself ends here.
const DEEPEST: usize = 8;

/// What this case calls.
pub fn of(case: &Case) -> Calls {
    let mut walk = Walk {
        case,
        calls: Calls::default(),
        depth: 0,
    };
    match &case.program {
        // It is run by `execlineb -P script`.
        Program::Script(text, _) => {
            walk.option(command("execlineb").expect("the command"), 'P');
            walk.script(text);
        }
        Program::Argv(argv) => walk.line(argv),
    }
    walk.calls
}

fn command(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

struct Walk<'c> {
    case: &'c Case,
    calls: Calls,
    depth: usize,
}

/// A block's words without their quotes, and what stands behind the block.
fn block(words: &[Vec<u8>]) -> Option<Block<'_>> {
    let end = words.iter().position(Vec::is_empty)?;
    let inside = words[..end].iter().map(|word| {
        let quoted = word.strip_prefix(b" ");
        quoted.unwrap_or(word).to_vec()
    });
    Some((inside.collect(), &words[end + 1..]))
}

impl Walk<'_> {
    fn option(&mut self, command: &'static Command, letter: char) {
        let place = command
            .options
            .iter()
            .position(|option| option.letter == letter);
        self.calls.commands.insert(command.name);
        self.calls
            .options
            .insert((command.name, place.expect("an option")));
    }

    /// The text of a script; one that is wrong calls nothing.
    fn script(&mut self, text: &[u8]) {
        let script = syntax::parse(text, 1 << 22);
        if !script.errors.is_empty() || self.depth == DEEPEST {
            return;
        }
        self.depth += 1;
        let words: Vec<Vec<u8>> = script
            .tokens
            .into_iter()
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Close))
            .map(|token| token.word)
            .collect();
        self.line(&words);
        self.depth -= 1;
    }

    /// A command line.
    fn line(&mut self, words: &[Vec<u8>]) {
        let Some((name, words)) = words.split_first() else {
            return;
        };
        let name = String::from_utf8_lossy(name);
        let called = command(name.strip_prefix("@DIR@/").unwrap_or(&name));
        match called {
            Some(command) => {
                self.calls.commands.insert(command.name);
                self.call(command, words);
            }
            None => self.file(&name),
        }
    }

    /// A file of the case that is a script for `execlineb`.
    fn file(&mut self, name: &str) {
        let name = name
            .strip_prefix("./")
            .or_else(|| name.strip_prefix("@CWD@/"))
            .unwrap_or(name);
        if let Some(text) = self.case.files.get(name) {
            let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
            let is_other =
                first.starts_with(b"#!") && !first.windows(9).any(|part| part == b"execlineb");
            if !is_other {
                let text = text.clone();
                self.script(&text);
            }
        }
    }

    /// The words behind a command's name.
    fn call(&mut self, command: &'static Command, words: &[Vec<u8>]) {
        match command.name {
            "execline" => {
                if self.options(command, words).is_some() {
                    self.line(words);
                }
            }
            "execlineb" => {
                let Some((used, rest)) = self.options(command, words) else {
                    return;
                };
                let text = used.iter().rfind(|(option, _)| option.letter == 'c');
                match (text, rest.first()) {
                    (Some((_, text)), _) => self.script(&text.clone()),
                    (None, Some(file)) => self.file(&String::from_utf8_lossy(file)),
                    (None, None) => {}
                }
            }
            "multisubstitute" => {
                let rest = self.options(command, words).map(|(_, rest)| rest);
                if let Some((directives, rest)) = rest.and_then(block) {
                    self.directives(&directives);
                    self.line(rest);
                }
            }
            _ => {
                if let Some(rest) = self.operands(command, words) {
                    self.line(rest);
                }
            }
        }
    }

    /// Commands of which each ends where the next one begins.
    fn directives(&mut self, mut words: &[Vec<u8>]) {
        while let Some((name, rest)) = words.split_first() {
            let Some(command) = command(&String::from_utf8_lossy(name)) else {
                return;
            };
            self.calls.commands.insert(command.name);
            match self.operands(command, rest) {
                Some(behind) => words = behind,
                None => return,
            }
        }
    }

    /// Options and operands; returns what stands behind them.
    fn operands<'w>(
        &mut self,
        command: &'static Command,
        words: &'w [Vec<u8>],
    ) -> Option<&'w [Vec<u8>]> {
        let (used, mut rest) = self.options(command, words)?;
        // With this option the two names are one word.
        let is_short = command.name == "importas" && used.iter().any(|(o, _)| o.letter == 'S');
        for operand in command.operands.iter().skip(usize::from(is_short)) {
            match operand {
                Operand::Rest(_) => return Some(rest),
                Operand::Program(_) => {
                    let (inside, behind) = block(rest)?;
                    self.line(&inside);
                    rest = behind;
                }
                Operand::Words(_) => rest = block(rest)?.1,
                Operand::Cases(_) => {
                    let (inside, behind) = block(rest)?;
                    self.cases(&inside);
                    rest = behind;
                }
                _ => rest = rest.split_first()?.1,
            }
        }
        // Without a rest among its operands, it goes on with nothing.
        None
    }

    fn cases(&mut self, mut words: &[Vec<u8>]) {
        while let Some((_, rest)) = words.split_first() {
            let Some((inside, behind)) = block(rest) else {
                return;
            };
            self.line(&inside);
            words = behind;
        }
    }

    /// Counts the options at the beginning. Returns them and what stands behind; nothing
    /// where the command would refuse them.
    fn options<'w>(
        &mut self,
        command: &'static Command,
        mut words: &'w [Vec<u8>],
    ) -> Option<Options<'w>> {
        let mut used = Vec::new();
        while let Some((word, rest)) = words.split_first() {
            if !word.starts_with(b"-") || word == b"-" {
                break;
            }
            words = rest;
            if word == b"--" {
                break;
            }
            match word.strip_prefix(b"--") {
                Some(long) => {
                    let mut parts = long.splitn(2, |&byte| byte == b'=');
                    let name = parts.next()?;
                    let place = command
                        .options
                        .iter()
                        .position(|option| option.long.map(str::as_bytes) == Some(name))?;
                    let option = &command.options[place];
                    let mut argument = parts.next().map(<[u8]>::to_vec);
                    // `execline --install DIR` is ours, with a word of its own.
                    if option.argument.is_some() && command.name == "execline" {
                        argument = words.first().cloned();
                    }
                    if option.argument.is_some() != argument.is_some() {
                        return None;
                    }
                    self.calls.options.insert((command.name, place));
                    used.push((option, argument.unwrap_or_default()));
                }
                None => {
                    for at in 1..word.len() {
                        let letter = char::from(word[at]);
                        let place = command
                            .options
                            .iter()
                            .position(|option| option.letter == letter)?;
                        let option = &command.options[place];
                        let mut argument = Vec::new();
                        let joined = &word[at + 1..];
                        if option.argument.is_some() && joined.is_empty() {
                            let (next, rest) = words.split_first()?;
                            argument = next.clone();
                            words = rest;
                        } else if option.argument.is_some() {
                            argument = joined.to_vec();
                        }
                        self.calls.options.insert((command.name, place));
                        used.push((option, argument));
                        if option.argument.is_some() {
                            break;
                        }
                    }
                }
            }
        }
        Some((used, words))
    }
}

#[test]
fn words_are_followed_as_the_commands_take_them() {
    let table = [
        (
            "if -n { foreground { cd / echo } } umask 0 echo",
            "cd foreground if umask",
            "-n",
        ),
        (
            "redirfd -w 1 a if -x 3 -X { } exit",
            "exit if redirfd",
            "-w -X -x",
        ),
        ("forx -o", "forx", ""),
        ("if -q -n { true } exit", "if", ""),
        (
            "multisubstitute { define -s a b importas -S k multidefine -r v { a } } exit",
            "define exit importas multidefine multisubstitute",
            "-s -S -r",
        ),
        ("case a { b { exit } } cd / ", "case cd exit", ""),
        ("execlineb -c \"cd / exit\"", "cd execlineb exit", "-c"),
        ("sh -c \"exit\"", "", ""),
        ("$x exit", "", ""),
        ("wait -t 5 { } exit", "exit wait", "-t"),
        ("wait --timeout=5 { } exit", "exit wait", "-t"),
    ];
    for (script, commands, options) in table {
        let case = Case {
            name: String::new(),
            program: Program::Argv(vec!["execlineb".into(), "-c".into(), script.into()]),
            env: Vec::new(),
            stdin: None,
            files: std::collections::BTreeMap::new(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            ending: super::case::Ending::Code(0),
            after: std::collections::BTreeMap::new(),
            gone: Vec::new(),
            unordered: false,
            since: None,
            deviation: None,
        };
        let calls = of(&case);
        let mut expected: BTreeSet<&str> = commands.split_whitespace().collect();
        expected.insert("execlineb");
        assert_eq!(calls.commands, expected, "{script}");
        let mut expected: BTreeSet<char> = options
            .split_whitespace()
            .filter_map(|option| option.chars().nth(1))
            .collect();
        expected.insert('c');
        let found: BTreeSet<char> = calls
            .options
            .iter()
            .map(|(name, place)| command(name).unwrap().options[*place].letter)
            .collect();
        assert_eq!(found, expected, "{script}");
    }
}
