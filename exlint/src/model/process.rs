//! What the process of a script does in the end: its command lines, whether the script is
//! execline or a shell's, as chains of invocations, and the program that it becomes. It judges
//! nothing. The words of all commands, redirections included, are told by `commands`.

use super::{Model, Script};
use crate::bytes::contains;
use crate::script::chain::Reader;
use crate::script::{Chain, End, Invocation, Item, Operand, Value, Word};
use crate::shell::{self, Command, Connector, Kind};
use std::borrow::Cow;
use std::ops::Range;

/// A command line of a script.
#[derive(Debug)]
pub struct CommandLine<'s> {
    /// Its programs.
    pub chain: Cow<'s, Chain>,
    /// True where the script's process becomes its last program, or waits for it at its end.
    pub is_last: bool,
    /// True where it stands in no construct of a shell.
    pub is_outermost: bool,
}

/// The program that a process becomes.
#[derive(Debug)]
pub struct Ending<'c> {
    /// The programs that it is first.
    pub before: Vec<&'c Invocation>,
    /// The program.
    pub program: &'c Invocation,
}

/// The command lines of a script in the text's order; those in execline blocks are in the
/// chain. None where the text makes no sense.
pub fn command_lines<'s>(model: &Model<'_>, script: &'s Script) -> Vec<CommandLine<'s>> {
    if let Some(execline) = script.execline.as_ref().filter(|it| it.is_sound()) {
        return vec![CommandLine {
            chain: Cow::Borrowed(&execline.chain),
            is_last: true,
            is_outermost: true,
        }];
    }
    let Some(shell) = script.shell.as_ref().filter(|it| it.broken.is_none()) else {
        return Vec::new();
    };
    let last = shell.last_command().map(|command| command.span.clone());
    let lines = shell.commands.iter().map(|command| {
        let words = command.executed().unwrap_or(&command.words);
        let items = words.iter().map(|word| Item::Word(item(script, word)));
        let chain = Reader::new(model.programs).chain(items.collect(), &[]);
        let is_end = last.as_ref() == Some(&command.span);
        CommandLine {
            chain: Cow::Owned(chain),
            is_last: is_own(shell, command) && (command.executed().is_some() || is_end),
            is_outermost: command.place.is_none(),
        }
    });
    lines.collect()
}

/// True for a command that the script's own process runs, in no function.
fn is_own(shell: &shell::Script, command: &Command) -> bool {
    let is_apart = shell.enclosing(command.place).any(|(construct, _)| {
        matches!(construct.kind, Kind::Function | Kind::Subshell)
            || construct.kind.is_substitution()
    });
    !is_apart
        && !command.piped_from
        && !matches!(command.connector, Connector::Pipe | Connector::Background)
}

/// A shell's word as one of a command line; what the shell expands in it is a `$` here too.
fn item(script: &Script, word: &shell::Word) -> Word {
    let raw = word.raw(&script.text);
    let value = word.literal().unwrap_or_else(|| {
        if raw.contains(&b'$') {
            raw.to_vec()
        } else {
            [b"$", raw].concat()
        }
    });
    Word {
        value: value.into(),
        span: word.span.clone(),
        is_bare: !word.is_quoted(),
    }
}

/// The programs that a command line may become: more than one where it branches.
pub fn endings(chain: &Chain) -> Vec<Ending<'_>> {
    let mut endings = Vec::new();
    gather(chain, &[], &mut endings);
    endings
}

fn gather<'c>(chain: &'c Chain, before: &[&'c Invocation], endings: &mut Vec<Ending<'c>>) {
    let mut before = before.to_vec();
    for invocation in &chain.invocations {
        let branches: &'c [Operand] = if invocation.is("ifelse") {
            invocation.operands.get(1..).unwrap_or_default()
        } else if invocation.is_one_of(&["ifte", "case", "tryexec"]) {
            &invocation.operands
        } else {
            &[]
        };
        before.push(invocation);
        for branch in branches {
            match &branch.value {
                Value::Program(_, chain) => gather(chain, &before, endings),
                Value::Cases(_, cases) => {
                    for (_, _, chain) in cases {
                        gather(chain, &before, endings);
                    }
                }
                _ => {}
            }
        }
        // What follows is the condition.
        if invocation.is("ifte") {
            return;
        }
    }
    if matches!(chain.end, End::Program | End::Unknown | End::Optional)
        && let Some(program) = before.pop()
    {
        endings.push(Ending { before, program });
    }
}

/// The words that a program is given, options included, with their places; blocks are left out.
pub fn words(script: &Script, invocation: &Invocation) -> Vec<(Vec<u8>, Range<usize>)> {
    let mut words: Vec<(Vec<u8>, Range<usize>)> = Vec::new();
    for option in &invocation.options {
        if !words.iter().any(|(_, span)| *span == option.span) {
            words.push((script.slice(&option.span).to_vec(), option.span.clone()));
        }
        if let Some(argument) = option.argument.as_ref()
            && argument.span != option.span
        {
            words.push((argument.value.to_vec(), argument.span.clone()));
        }
    }
    for operand in &invocation.operands {
        match &operand.value {
            Value::Word(word) => words.push((word.value.to_vec(), word.span.clone())),
            Value::Words(_, items) => add(items, &mut words),
            _ => {}
        }
    }
    add(&invocation.arguments, &mut words);
    words.sort_by_key(|(_, span)| span.start);
    words
}

fn add(items: &[Item], words: &mut Vec<(Vec<u8>, Range<usize>)>) {
    let found = items.iter().filter_map(Item::word);
    words.extend(found.map(|word| (word.value.to_vec(), word.span.clone())));
}

/// True where a word of it is not known before it runs.
pub fn may_change(words: &[(Vec<u8>, Range<usize>)]) -> bool {
    words.iter().any(|(word, _)| word.contains(&b'$'))
}

/// True where a script's text has this program's name in it at all.
pub fn mentions(script: &Script, program: &[u8]) -> bool {
    contains(&script.text, program)
}
