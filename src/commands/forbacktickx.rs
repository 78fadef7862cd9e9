//! `forbacktickx`: runs the rest for each line that a block prints, with the line in a variable.
//!
//! It is made of `pipeline`, `unexport`, `forstdin` and `fdmove`; `-P 0` is all at once, as `-p`.
//! Reference: <https://skarnet.org/software/execline/forbacktickx.html>

use super::forstdin::LOOP_OPTIONS;
use crate::block::{Part, Word, part};
use crate::command::{Command, Example, Operand, Rest};
use crate::process::each::Breaks;
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::{self, Decimal};
use crate::process::{Call, Engine, Failure, Letters, Outcome, Reach, Stop};
use crate::sys::{Errno, fd};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new(
    "forbacktickx",
    "runs the rest for each line a block prints",
    run,
)
.usage(
    "forbacktickx [ -p | -P maxpar | -o okcode,okcode,... | -x breakcode,breakcode,... ] \
         [ -E | -e ] [ -N | -n ] [ -C | -c ] [ -0 | -d delim ] var { backtickcmd... } command...",
)
.options(&LOOP_OPTIONS)
.operands(&[
    Operand::Variable("var"),
    Operand::Program("backtickcmd"),
    Operand::Rest(Rest::Required),
])
.reach(Reach::Process)
.examples(&[
    Example::new(
        "forbacktickx -E line { printf a\\\\nb\\\\n }  echo -${line}-",
        "-a-\n-b-\n",
    ),
    Example::new(
        "forbacktickx -E -d : word { printf a:b: }  echo $word",
        "a\nb\n",
    ),
    Example::new("forbacktickx line { true }  echo", "").code(1),
    Example::new("forbacktickx line { }  echo", "")
        .complains("forbacktickx: fatal: empty block\n")
        .code(100),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let mut at_once = 1;
    let (mut imports, mut chomps, mut crunches) = (false, true, false);
    let mut codes: Option<(Word, Word)> = None;
    let mut delimiters: Option<Word> = Some(Cow::Borrowed(c"\n"));
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'p' => at_once = 0,
            b'P' => at_once = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?,
            b'N' => chomps = false,
            b'n' => chomps = true,
            b'C' => crunches = true,
            b'c' => crunches = false,
            b'0' => delimiters = None,
            b'd' => delimiters = Some(argument),
            b'E' => imports = true,
            b'e' => imports = false,
            _ => {
                Breaks::list(argument.to_bytes(), false)?;
                let option = if letter == b'o' { c"-o" } else { c"-x" };
                codes = Some((Cow::Borrowed(option), argument));
            }
        }
        Ok(())
    })?;
    if argv.len() < 2 || argv.first().is_empty() {
        return Err(Failure::Usage.into());
    }
    let variable = argv.operand()?;
    if argv.first().is_empty() {
        return Err(Failure::new(USAGE, &[b"empty block"]).into());
    }
    let input = match fd::duplicate(0) {
        Ok(input) => Some(input),
        Err(Errno(libc::EBADF)) => None,
        Err(errno) => return Err(Failure::system(SYSTEM, &[b"unable to dup stdin"], errno).into()),
    };
    let mut words: Vec<Word> = Vec::new();
    let mut say = |word: Word<'a>| words.push(word);
    say(Cow::Borrowed(c"pipeline"));
    say(Cow::Borrowed(c"--"));
    loop {
        let word = argv
            .take()
            .ok_or_else(|| Failure::new(USAGE, &[b"unterminated block"]))?;
        let is_end = part(&word) == Part::End;
        say(word);
        if is_end {
            break;
        }
    }
    say(Cow::Borrowed(c"unexport"));
    say(Cow::Borrowed(c"!"));
    say(Cow::Borrowed(c"forstdin"));
    say(Cow::Borrowed(if imports { c"-E" } else { c"-e" }));
    match at_once {
        0 => say(Cow::Borrowed(c"-p")),
        1 => {}
        at_once => {
            say(Cow::Borrowed(c"-P"));
            say(number_word(at_once));
        }
    }
    say(Cow::Borrowed(if chomps { c"-n" } else { c"-N" }));
    if crunches {
        say(Cow::Borrowed(c"-C"));
    }
    match delimiters {
        None => say(Cow::Borrowed(c"-0")),
        Some(delimiters) if delimiters.to_bytes() == b"\n" => {}
        Some(delimiters) => {
            say(Cow::Borrowed(c"-d"));
            say(delimiters);
        }
    }
    if let Some((option, codes)) = codes {
        say(option);
        say(codes);
    }
    say(Cow::Borrowed(c"--"));
    say(variable);
    match input {
        None => {
            say(Cow::Borrowed(c"fdclose"));
            say(Cow::Borrowed(c"0"));
        }
        Some(input) => {
            say(Cow::Borrowed(c"fdmove"));
            say(Cow::Borrowed(c"0"));
            say(number_word(input.unsigned_abs()));
        }
    }
    let argv = argv.preceded_by(words);
    Ok(Outcome::chain(argv, call.environment))
}

fn number_word<'a>(number: u32) -> Word<'a> {
    crate::block::word(Decimal::new(number).as_bytes().to_vec())
}
