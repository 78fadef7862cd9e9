//! `elgetopt`: takes options off the positional parameters and puts them into variables.
//!
//! Reference: <https://skarnet.org/software/execline/elgetopt.html>

use crate::block::Word;
use crate::command::{Command, Example, Operand, Rest, value};
use crate::process::failure::SYSTEM;
use crate::process::number::Decimal;
use crate::process::positionals::{argument_count, positional};
use crate::process::{Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop};
use crate::sys::Errno;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new(
    "elgetopt",
    "takes options off the positional parameters",
    run,
)
.usage("elgetopt [ -D default ] optstring prog...")
.options(&[value(
    'D',
    "default",
    "the value of an option without argument, instead of 1",
)])
.operands(&[Operand::Word("optstring"), Operand::Rest(Rest::Required)])
.reach(Reach::Words)
.examples(&[
    Example::new(
        "execlineb -c \"elgetopt ab: \
             multisubstitute { importas -D 0 a ELGETOPT_a importas b ELGETOPT_b importas first 1 } \
             echo $a $b $first\" -- -a -b value word",
        "1 value word\n",
    ),
    Example::new("execlineb -c \"elgetopt a true\" -- -x", "")
        .complains("execlineb: illegal option\n")
        .code(1),
    Example::new("execlineb -c \"elgetopt a: true\" -- -a", "")
        .complains("execlineb: option requires an argument\n")
        .code(1),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let mut default: Word = Cow::Borrowed(c"1");
    argv.options(LETTERS, &mut |_, argument| {
        default = argument;
        Ok(())
    })?;
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let options = argv.operand()?;
    let given = argument_count(&environment)?;
    let mut arguments = Vec::new();
    for number in 0..=given {
        arguments.push(positional(&environment, number)?.to_vec());
    }
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut parser = Parser::new(options.to_bytes(), &arguments);
    for option in parser.by_ref() {
        match option {
            Ok(Found { letter, argument }) => {
                // The reference takes an option `:` for a complaint, and goes on.
                if letter == b':' {
                    let program = arguments.first().map_or(&b""[..], Vec::as_slice);
                    engine.complain(&[program, NO_ARGUMENT].concat())?;
                }
                let value = argument.unwrap_or_else(|| default.to_bytes());
                found.push([b"ELGETOPT_", &[letter][..], b"=", value].concat());
            }
            Err(problem) => {
                let program = arguments.first().map_or(&b""[..], Vec::as_slice);
                let what: &[u8] = match problem {
                    Problem::Unknown => b": illegal option\n",
                    Problem::NoArgument { .. } => NO_ARGUMENT,
                };
                engine.complain(&[program, what].concat())?;
                match problem {
                    Problem::NoArgument { tolerated: true } => {
                        found.push([b"ELGETOPT_:=", default.to_bytes()].concat());
                    }
                    _ => return Ok(Outcome::Exit(1)),
                }
            }
        }
    }
    environment.push(&[b"ELGETOPT_"]).map_err(update_failed)?;
    for modification in found {
        environment.modify(&modification);
    }
    put_positionals(
        &mut environment,
        arguments.get(parser.behind()..).unwrap_or_default(),
        given,
    );
    Ok(Outcome::chain(argv, environment))
}

/// Renumbers the arguments that are left, and removes the numbers beyond.
fn put_positionals(environment: &mut Environment<'_>, left: &[Vec<u8>], before: u32) {
    let mut left_values = left.iter();
    for number in 1..=before {
        let number = Decimal::new(number);
        match left_values.next() {
            Some(value) => environment.set(number.as_bytes(), value),
            None => environment.unset(number.as_bytes()),
        }
    }
    environment.set(b"#", Decimal::new(left.len() as u64).as_bytes());
}

/// The failure to make the new environment.
pub fn update_failed(errno: Errno) -> Failure {
    Failure::system(SYSTEM, &[b"unable to update environment"], errno)
}

const NO_ARGUMENT: &[u8] = b": option requires an argument\n";

/// What an argument does wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// No such option.
    Unknown,
    /// The option wants an argument and there is none.
    NoArgument {
        /// The option string began with a colon: it becomes the option `:`.
        tolerated: bool,
    },
}

/// An option that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found<'p> {
    /// Its letter.
    pub letter: u8,
    /// Its argument, if it takes one.
    pub argument: Option<&'p [u8]>,
}

/// Options of any letters, as the option string has them. It goes on behind a problem; whether
/// the caller does is the caller's to decide.
pub struct Parser<'p> {
    options: &'p [u8],
    arguments: &'p [Vec<u8>],
    /// The argument to look at.
    next: usize,
    /// The place in it; 0 before its dash.
    place: usize,
}

impl<'p> Iterator for Parser<'p> {
    type Item = Result<Found<'p>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.scan()?;
        // An option `?` is what the reference takes for an error.
        if let Ok(Found { letter: b'?', .. }) = item {
            let is_last = self.arguments.get(self.next).is_none();
            return Some(Err(if is_last {
                Problem::NoArgument { tolerated: false }
            } else {
                Problem::Unknown
            }));
        }
        Some(item)
    }
}

impl<'p> Parser<'p> {
    /// The options at the beginning of `arguments`, of which the first is the program's name.
    pub fn new(options: &'p [u8], arguments: &'p [Vec<u8>]) -> Parser<'p> {
        Parser {
            options,
            arguments,
            next: 1,
            place: 0,
        }
    }

    /// The argument that stands behind the options, once there are no more.
    pub fn behind(&self) -> usize {
        self.next
    }

    fn scan(&mut self) -> Option<Result<Found<'p>, Problem>> {
        if self.place > 0 && self.place >= self.arguments.get(self.next)?.len() {
            self.next += 1;
            self.place = 0;
        }
        let argument = self.arguments.get(self.next)?;
        if self.place == 0 {
            match argument.as_slice() {
                b"--" => {
                    self.next += 1;
                    return None;
                }
                [b'-', b'-', ..] => return Some(Err(Problem::Unknown)),
                [b'-', _, ..] => self.place = 1,
                _ => return None,
            }
        }
        let letter = *argument.get(self.place)?;
        self.place += 1;
        let (tolerated, mut known) = match self.options.split_first() {
            Some((b':', known)) => (true, known),
            _ => (false, self.options),
        };
        while let Some((&option, rest)) = known.split_first() {
            let takes_argument = rest.first() == Some(&b':');
            if option == letter {
                if !takes_argument {
                    return Some(Ok(Found {
                        letter,
                        argument: None,
                    }));
                }
                let joined = argument
                    .get(self.place..)
                    .filter(|joined| !joined.is_empty());
                self.next += 1;
                self.place = 0;
                if joined.is_some() {
                    return Some(Ok(Found {
                        letter,
                        argument: joined,
                    }));
                }
                let separate = self.arguments.get(self.next);
                if separate.is_none() {
                    return Some(Err(Problem::NoArgument { tolerated }));
                }
                self.next += 1;
                return Some(Ok(Found {
                    letter,
                    argument: separate.map(Vec::as_slice),
                }));
            }
            known = if takes_argument {
                rest.get(1..).unwrap_or_default()
            } else {
                rest
            };
        }
        Some(Err(Problem::Unknown))
    }
}
