//! What the substitution commands share: each gathers keys as a directive, alone or as one
//! of several of `multisubstitute`; then all keys are substituted in the rest.

use super::argv::{Argv, Blocks};
use super::engine::Engine;
use super::environment::Environment;
use super::failure::{Failure, NOT_EXECUTABLE, SYSTEM, USAGE};
use super::outcome::{Call, Outcome, Stop};
use super::size::LONGEST_ARGV;
use crate::block::{self, Word};
use crate::substitution::{Keys, TooLong, Transform, substitute, transform};
use crate::sys::Errno;
use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ffi::CStr;

/// What directives have gathered.
#[derive(Default)]
pub struct Substitution {
    /// The keys.
    pub keys: Keys,
    /// The variables that are removed from the environment.
    pub removed: Vec<Word<'static>>,
}

/// Why a directive is refused.
pub enum Refusal {
    /// Its arguments are wrong.
    Syntax,
    /// Its key is empty, or there already.
    Key,
    /// Its block is empty.
    EmptyBlock,
    /// A value is not what it should be.
    Value(Errno),
    /// It ends the command with a message of its own, or in another process.
    Stopped(Stop),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        match failure {
            Failure::Usage => Refusal::Syntax,
            failure => Refusal::Stopped(failure.into()),
        }
    }
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Refusal {
        match stop {
            Stop::Failed(failure) => failure.into(),
            stop => Refusal::Stopped(stop),
        }
    }
}

/// Takes its arguments off the front of an argv and adds its keys.
pub type Directive = fn(
    &mut Engine,
    &mut Argv<'_>,
    &mut Blocks,
    &Environment<'_>,
    &mut Substitution,
) -> Result<(), Refusal>;

/// A command that is one directive.
pub fn run_directive<'a>(
    engine: &mut Engine,
    call: Call<'a>,
    directive: Directive,
) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    let mut substitution = Substitution::default();
    let mut blocks = Blocks::new(&environment);
    directive(
        engine,
        &mut argv,
        &mut blocks,
        &environment,
        &mut substitution,
    )
    .map_err(|refusal| -> Stop {
        match refusal {
            Refusal::Syntax => Failure::Usage.into(),
            Refusal::Key => Failure::new(SYSTEM, &[b"bad substitution key"]).into(),
            Refusal::EmptyBlock => Failure::new(USAGE, &[b"empty block"]).into(),
            Refusal::Value(errno) => {
                Failure::system(SYSTEM, &[b"unable to complete exlsn function"], errno).into()
            }
            Refusal::Stopped(stop) => stop,
        }
    })?;
    substitution.apply(argv, environment)
}

impl Substitution {
    /// Adds a key. It must have a name of its own.
    pub fn add(&mut self, key: &CStr, values: Vec<Vec<u8>>) -> Result<(), Refusal> {
        self.check(key)?;
        self.keys.push(key.to_bytes(), values);
        Ok(())
    }

    /// Refuses a key that is empty or there already.
    pub fn check(&self, key: &CStr) -> Result<(), Refusal> {
        if key.is_empty() || self.keys.contains(key.to_bytes()) {
            return Err(Refusal::Key);
        }
        Ok(())
    }

    /// Substitutes in `argv` and goes on with what comes of it; with nothing, exits.
    pub fn apply<'a>(
        &self,
        argv: Argv<'a>,
        mut environment: Environment<'a>,
    ) -> Result<Outcome<'a>, Stop> {
        for variable in &self.removed {
            environment.modify(variable.to_bytes());
        }
        let argv = substitute_in(argv.into_words(), &self.keys)?;
        Ok(Outcome::chain_if_any(argv.into(), environment))
    }
}

/// The words that become of `words`. More than could ever be executed is refused as executing
/// it would be.
pub fn substitute_in<'a>(words: Vec<Word<'a>>, keys: &Keys) -> Result<Vec<Word<'a>>, Failure> {
    let mut substituted = Vec::with_capacity(words.len());
    let mut room = LONGEST_ARGV;
    for word in words {
        if !word.to_bytes().contains(&b'$') {
            substituted.push(word);
            continue;
        }
        let outcome = substitute(word.to_bytes(), keys, &mut |bytes| {
            room = room
                .checked_sub(bytes.len() + 1 + size_of::<usize>())
                .ok_or(TooLong)?;
            substituted.push(block::word(bytes));
            Ok(())
        });
        if outcome.is_err() {
            let program = substituted.first().map_or(&b""[..], |word| word.to_bytes());
            return Err(Failure::system(
                NOT_EXECUTABLE,
                &[b"unable to exec ", program],
                Errno::E2BIG,
            ));
        }
    }
    Ok(substituted)
}

/// The options that say how a value is transformed, as they are met.
pub struct TransformOptions<'a>(Transform<Word<'a>>);

impl<'a> TransformOptions<'a> {
    /// Nothing is asked for yet. `split` is what happens without an option.
    pub const fn new(split: bool) -> Self {
        TransformOptions(Transform {
            delimiters: Cow::Borrowed(c" \n\r\t"),
            crunch: false,
            chomp: false,
            split,
        })
    }

    /// Takes notice of one of the letters `NnsCcd`.
    pub fn take(&mut self, letter: u8, argument: Word<'a>) {
        match letter {
            b'N' => self.0.chomp = false,
            b'n' => self.0.chomp = true,
            b's' => self.0.split = true,
            b'C' => self.0.crunch = true,
            b'c' => self.0.crunch = false,
            _ => self.0.delimiters = argument,
        }
    }

    /// The values that become of `value`.
    pub fn apply(self, value: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
        let transform = transform::Transform {
            delimiters: self.0.delimiters.to_bytes(),
            crunch: self.0.crunch,
            chomp: self.0.chomp,
            split: self.0.split,
        };
        transform
            .apply(value)
            .map_err(|_| Refusal::Value(Errno::EINVAL))
    }
}
