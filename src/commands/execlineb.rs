//! `execlineb`: reads a script, makes it one command line, and goes on with it.
//!
//! Reference: <https://skarnet.org/software/execline/execlineb.html>

use crate::block::{self, Word};
use crate::command::{Command, Effect, Example, Operand, flag, value};
use crate::process::directive::substitute_in;
use crate::process::failure::{NOT_EXECUTABLE, SYSTEM, USAGE};
use crate::process::number::{self, Decimal};
use crate::process::positionals::POSITIONALS;
use crate::process::size::LONGEST_ARGV;
use crate::process::{Argv, Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop};
use crate::substitution::Keys;
use crate::syntax::{self, Position, SyntaxError, SyntaxErrorKind, TokenKind};
use crate::sys::{Errno, fd, file};
use alloc::vec::Vec;
use core::ffi::CStr;

/// The command.
pub const COMMAND: Command = Command::new("execlineb", "goes on with a script", run)
    .usage(
        "execlineb [ -p | -P | -S nmin | -s nmin ] [ -q | -w | -W ] [ -e ] [ -c commandline ] \
         script args",
    )
    .options(&[
        flag(
            'p',
            "puts the arguments into the environment, without keeping those there",
        ),
        flag('P', "leaves the arguments alone"),
        value(
            'S',
            "nmin",
            "substitutes the arguments in the script, at least so many",
        ),
        value('s', "nmin", "as -S, and $@ begins behind the first nmin"),
        flag('q', "EXECLINE_STRICT is unset"),
        flag(
            'w',
            "EXECLINE_STRICT is 1: commands warn of words outside of blocks",
        ),
        flag(
            'W',
            "EXECLINE_STRICT is 2: commands fail at words outside of blocks",
        ),
        flag('e', "does nothing").since("2.9.4.0"),
        value('c', "commandline", "the script itself").effect(Effect::Omits),
    ])
    .operands(&[Operand::Path("script"), Operand::Arguments("args")])
    .reach(Reach::Files)
    .examples(&[
        Example::new("execlineb -Pc \"echo \\\"a b\\\" c\"", "a b c\n"),
        Example::new("execlineb -S2 -c \"echo $# $1 ${2}! $@\" a", "1 a ! a\n")
            .complains("execlineb: warning: too few arguments: expecting at least 2 but got 1\n"),
        Example::new("execlineb -s1 -c \"echo ${1}: $@\" a b c", "a: b c\n"),
        Example::new("execlineb -c \"importas first 1 echo $first\" a", "a\n"),
        Example::new("execlineb -Pc \"foreground { echo\"", "")
            .complains("execlineb: fatal: unmatched {\n")
            .code(100),
        Example::new("execlineb /no/such/script", "")
            .complains(
                "execlineb: fatal: unable to open /no/such/script for reading: \
                 No such file or directory\n",
            )
            .code(111),
    ]);

const LETTERS: Letters = COMMAND.letters();

/// The longest text of a script, in bytes.
const LONGEST_TEXT: usize = 256 * 1024 * 1024;

/// What becomes of the arguments.
enum Arguments {
    /// Nothing.
    Ignored,
    /// They are put into the environment; with `true`, what is there is pushed first.
    Exported(bool),
    /// They are substituted, at least so many; with `true`, `$@` begins behind those.
    Substituted(u32, bool),
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut arguments = Arguments::Exported(true);
    let mut strict = None;
    let mut text = None;
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'p' => arguments = Arguments::Exported(false),
            b'P' => arguments = Arguments::Ignored,
            b'q' => strict = Some(0),
            b'w' => strict = Some(1),
            b'W' => strict = Some(2),
            b'c' => text = Some(argument),
            b'e' => {}
            _ => {
                let least = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?;
                arguments = Arguments::Substituted(least, letter == b's');
            }
        }
        Ok(())
    })?;
    let (words, name) = match text {
        Some(text) => (parse(text.to_bytes(), None)?, call.name),
        None => {
            let name = argv.operand()?;
            (parse(&read(&name)?, Some(&name))?, name)
        }
    };
    if words.is_empty() {
        return Ok(Outcome::Exit(0));
    }
    let strict = match strict {
        Some(strict) => {
            set_strict(&mut environment, strict);
            strict
        }
        None => inherited_strict(engine, &mut environment)?,
    };
    match arguments {
        Arguments::Ignored => {}
        Arguments::Exported(pushes) => {
            if pushes {
                environment.push(&POSITIONALS).map_err(|errno| {
                    Failure::system(SYSTEM, &[b"unable to update environment"], errno)
                })?;
            }
            export(&mut environment, &name, &argv, pushes);
        }
        Arguments::Substituted(least, shifts) => {
            if (argv.len() as u64) < u64::from(least) {
                too_few(engine, strict, least, argv.len() as u64)?;
            }
            let keys = keys(&name, &argv, least, shifts);
            let words = substitute_in(words, &keys)?;
            return Ok(Outcome::chain_if_any(words.into(), environment));
        }
    }
    Ok(Outcome::chain(words.into(), environment))
}

/// The text of the script, up to its first NUL.
fn read(name: &CStr) -> Result<Vec<u8>, Failure> {
    let fd = file::open_to_read(name).map_err(|errno| {
        let message: [&[u8]; 3] = [b"unable to open ", name.to_bytes(), b" for reading"];
        Failure::system(SYSTEM, &message, errno)
    })?;
    let mut text = Vec::new();
    let outcome = file::read_to_nul(fd, &mut text, LONGEST_TEXT);
    fd::close(fd);
    outcome.map_err(|errno| {
        let message: [&[u8]; 2] = [b"unable to parse script in file ", name.to_bytes()];
        Failure::system(SYSTEM, &message, errno)
    })?;
    // What comes next lies beside it then, on a page that is there already.
    text.shrink_to_fit();
    Ok(text)
}

/// The words of the script in `text`, from the file `name` or from `-c`.
fn parse<'a>(text: &[u8], name: Option<&CStr>) -> Result<Vec<Word<'a>>, Failure> {
    let mut words = Vec::new();
    let walk = syntax::walk(text, LONGEST_ARGV, &mut |token| {
        if matches!(token.kind, TokenKind::Word | TokenKind::Close) {
            words.push(block::word(token.word));
        }
    });
    if let Some(error) = walk.errors.first() {
        return Err(syntax_failure(text, name, error));
    }
    if walk.too_long {
        let program = words.first().map_or(&b""[..], |word| word.to_bytes());
        let message: [&[u8]; 2] = [b"unable to exec ", program];
        return Err(Failure::system(NOT_EXECUTABLE, &message, Errno::E2BIG));
    }
    Ok(words)
}

/// Upstream's line, and the place for people.
fn syntax_failure(text: &[u8], name: Option<&CStr>, error: &SyntaxError) -> Failure {
    let what: &[u8] = match error.kind {
        SyntaxErrorKind::UnmatchedClose => b"unmatched }",
        SyntaxErrorKind::UnmatchedOpen => b"unmatched {",
        _ => b"syntax error",
    };
    let failure = match name {
        Some(name) => Failure::new(USAGE, &[what, b" in file ", name.to_bytes()]),
        None => Failure::new(USAGE, &[what]),
    };
    let file = name.map_or(&b"-c"[..], CStr::to_bytes);
    let line = |offset: usize, says: &[u8]| -> Vec<u8> {
        let place = Position::of(text, offset);
        let (line, column) = (
            Decimal::new(place.line as u64),
            Decimal::new(place.column as u64),
        );
        let parts: [&[u8]; 7] = [
            file,
            b":",
            line.as_bytes(),
            b":",
            column.as_bytes(),
            b": ",
            says,
        ];
        parts.concat()
    };
    let failure = failure.hint(&[&line(error.span.start, error.kind.explanation().as_bytes())]);
    match error.opened {
        Some(opened) => failure.hint(&[&line(
            opened,
            &[b"it was opened here: ", excerpt(text, opened)].concat(),
        )]),
        None => failure,
    }
}

/// What stands around `offset` in its line of `text`, short enough to be read.
fn excerpt(text: &[u8], offset: usize) -> &[u8] {
    const BEFORE: usize = 30;
    const BEHIND: usize = 50;
    let line = syntax::position::line_at(text, offset);
    let start = text.get(..offset).map_or(0, |before| {
        before
            .iter()
            .rev()
            .take_while(|&&byte| byte != b'\n')
            .count()
    });
    let from = line.get(start.saturating_sub(BEFORE)..).unwrap_or_default();
    let blanks = from
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let from = from.get(blanks..).unwrap_or_default();
    from.get(..BEFORE + BEHIND).unwrap_or(from)
}

fn set_strict(environment: &mut Environment<'_>, strict: u32) {
    match strict {
        0 => environment.unset(b"EXECLINE_STRICT"),
        strict => environment.set(b"EXECLINE_STRICT", Decimal::new(strict).as_bytes()),
    }
}

/// How strict the environment wants this command to be. What is no number is removed.
fn inherited_strict(engine: &mut Engine, environment: &mut Environment<'_>) -> Result<u32, Stop> {
    let strict = environment.get(b"EXECLINE_STRICT").map(number::whole);
    Ok(match strict {
        Some(Some(strict)) => strict,
        Some(None) => {
            engine.warn(&[b"invalid EXECLINE_STRICT value, unsetting it"])?;
            environment.unset(b"EXECLINE_STRICT");
            UNSET
        }
        None => UNSET,
    })
}

/// As upstream, whose "unset" is -1: missing arguments are worth a warning.
const UNSET: u32 = u32::MAX;

fn too_few(engine: &mut Engine, strict: u32, least: u32, given: u64) -> Result<(), Stop> {
    let (least, given) = (Decimal::new(least), Decimal::new(given));
    let message: [&[u8]; 4] = [
        b"too few arguments: expecting at least ",
        least.as_bytes(),
        b" but got ",
        given.as_bytes(),
    ];
    // Upstream's number is signed.
    match strict as i32 {
        0 => Ok(()),
        ..=1 => engine.warn(&message),
        _ => Err(Failure::new(USAGE, &message).into()),
    }
}

/// Puts `#`, `0` and the arguments into the environment. Where those that were there have been
/// pushed, none of these names is left to be looked for.
fn export(environment: &mut Environment<'_>, name: &CStr, argv: &Argv<'_>, are_new: bool) {
    let mut put = |key: &[u8], value: &[u8]| {
        if are_new {
            environment.append(key, value);
        } else {
            environment.set(key, value);
        }
    };
    put(b"#", Decimal::new(argv.len() as u64).as_bytes());
    put(b"0", name.to_bytes());
    for (place, argument) in argv.words().iter().enumerate() {
        put(
            Decimal::new(place as u64 + 1).as_bytes(),
            argument.to_bytes(),
        );
    }
}

/// The keys `#`, `0`, `@` and one for each argument.
fn keys(name: &CStr, argv: &Argv<'_>, least: u32, shifts: bool) -> Keys {
    let mut keys = Keys::new();
    let given = argv.len();
    keys.push(
        b"#",
        Vec::from([Decimal::new(given as u64).as_bytes().to_vec()]),
    );
    keys.push(b"0", Vec::from([name.to_bytes().to_vec()]));
    let passed_over = if shifts { least as usize } else { 0 };
    let arguments = || argv.words().iter().map(|word| word.to_bytes().to_vec());
    keys.push(b"@", arguments().skip(passed_over).collect());
    for (place, argument) in arguments().enumerate() {
        keys.push(
            Decimal::new(place as u64 + 1).as_bytes(),
            Vec::from([argument]),
        );
    }
    keys.pad(given, least);
    keys
}
