//! `case`: goes on with the block of the first pattern that a value matches.
//!
//! A pattern is matched from the beginning to the end of the value by putting `^` and `$`
//! around it, so `a|b` matches what begins with `a` or ends with `b`.
//! Deviation: the message on a bad expression names the expression, the reference the word behind.
//! Reference: <https://skarnet.org/software/execline/case.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::pattern::fnmatch::{self, fnmatch};
use crate::pattern::regex::{Options, Regex, RegexError, Syntax};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::Decimal;
use crate::process::{Blocks, Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new("case", "goes on with the block of a pattern", run)
    .usage(
        "case [ -s | -S ] [ -e | -E ] [ -n | -N ] [ -i ] value \
         { re1 { prog1... } re2 { prog2... } ... } progdefault... ",
    )
    .options(&[
        flag('s', "the patterns are shell patterns"),
        flag('S', "the patterns are regular expressions"),
        flag('e', "of the basic kind; with -s, a backslash is an ordinary character"),
        flag('E', "of the extended kind; with -s, a backslash quotes"),
        flag('n', "does not export sub-matches"),
        flag('N', "exports sub-matches as 1, 2 and so on, the expression as 0, their number \
                   as #; with -s, wildcards match no slash"),
        flag('i', "upper and lower case are one; with -s, wildcards match no leading dot"),
    ])
    .operands(&[
        Operand::Word("value"),
        Operand::Cases("cases"),
        Operand::Rest(Rest::Optional),
    ])
    .reach(Reach::Words)
    .examples(&[
        Example::new("case abc { a.* { echo a } b.* { echo b } }  echo none", "a\n"),
        Example::new("case xyz { a.* { echo a } }  echo none", "none\n"),
        Example::new("case -s file.txt { *.txt { echo text } }  echo other", "text\n"),
        Example::new(
            "case -N key=value { ([a-z]+)=(.*) { multisubstitute { importas k 1 importas v 2 } echo $v $k } }",
            "value key\n",
        ),
        Example::new("case a { ( { true } }", "")
            .complains("case: fatal: unable to regcomp \"^($\": Unmatched ( or \\(\n")
            .code(100)
            .since("ours"),
        Example::new("case a { a }", "")
            .complains("case: fatal: malformed case block\n")
            .code(100),
    ]);

const LETTERS: Letters = COMMAND.letters();

/// How patterns are read.
struct Kind {
    shell: bool,
    extended: bool,
    submatches: bool,
    ignore_case: bool,
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut kind = Kind {
        shell: false,
        extended: true,
        submatches: false,
        ignore_case: false,
    };
    argv.options(LETTERS, &mut |letter, _| {
        match letter {
            b's' => kind.shell = true,
            b'S' => kind.shell = false,
            b'e' => kind.extended = false,
            b'E' => kind.extended = true,
            b'n' => kind.submatches = false,
            b'N' => kind.submatches = true,
            _ => kind.ignore_case = true,
        }
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let value = argv.operand()?;
    let mut blocks = Blocks::new(&environment);
    let mut cases = blocks.need(engine, &mut argv, b"unterminated case block")?;
    while let Some(pattern) = cases.take() {
        if cases.is_empty() {
            return Err(Failure::new(USAGE, &[b"malformed case block"]).into());
        }
        let block = blocks.need(engine, &mut cases, b"unterminated regex block")?;
        let (pattern, value) = (pattern.to_bytes(), value.to_bytes());
        if kind.matches(pattern, value, &mut environment)? {
            return Ok(Outcome::chain_if_any(block, environment));
        }
    }
    Ok(Outcome::chain_if_any(argv, environment))
}

impl Kind {
    fn matches(
        &self,
        pattern: &[u8],
        value: &[u8],
        environment: &mut Environment<'_>,
    ) -> Result<bool, Failure> {
        if self.shell {
            let options = fnmatch::Options {
                no_escape: !self.extended,
                period: self.ignore_case,
                pathname: self.submatches,
            };
            return Ok(fnmatch(pattern, value, options));
        }
        let syntax = if self.extended {
            Syntax::Extended
        } else {
            Syntax::Basic
        };
        let options = Options {
            ignore_case: self.ignore_case,
            ..Options::default()
        };
        let regex = Regex::new(&[b"^", pattern, b"$"].concat(), syntax, options)
            .map_err(|error| not_compiled(pattern, error))?;
        if !self.submatches {
            return regex
                .is_match(value)
                .map_err(|error| not_matched(pattern, value, error));
        }
        let captures = regex
            .captures(value)
            .map_err(|error| not_matched(pattern, value, error))?;
        let Some(captures) = captures else {
            return Ok(false);
        };
        let groups = captures.get(1..).unwrap_or_default();
        environment.set(b"#", Decimal::new(groups.len() as u64).as_bytes());
        environment.set(b"0", pattern);
        for (place, group) in groups.iter().enumerate() {
            let group = group.and_then(|(start, end)| value.get(start..end));
            let number = Decimal::new(place as u64 + 1);
            environment.set(number.as_bytes(), group.unwrap_or_default());
        }
        Ok(true)
    }
}

fn not_compiled(pattern: &[u8], error: RegexError) -> Failure {
    let code = if error.is_exhausted() { SYSTEM } else { USAGE };
    let message: [&[u8]; 4] = [
        b"unable to regcomp \"^",
        pattern,
        b"$\": ",
        error.message().as_bytes(),
    ];
    Failure::new(code, &message)
}

fn not_matched(pattern: &[u8], value: &[u8], error: RegexError) -> Failure {
    let message: [&[u8]; 6] = [
        b"unable to match string \"",
        value,
        b"\" against regex \"",
        pattern,
        b"\": ",
        error.message().as_bytes(),
    ];
    Failure::new(SYSTEM, &message)
}
