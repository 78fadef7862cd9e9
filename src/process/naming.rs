//! Calling a program by another name than its own.

use super::argv::Argv;
use super::environment::Environment;
use super::outcome::Chain;
use crate::block::{self, Word};

/// How a program's `argv[0]` is made.
#[derive(Default)]
pub struct Naming<'a> {
    /// With a dash before it.
    pub dash: bool,
    /// In the place of the program's name.
    pub argv0: Option<Word<'a>>,
}

impl<'a> Naming<'a> {
    /// Goes on with the program that `argv` names, called as wanted.
    pub fn chain(self, mut argv: Argv<'a>, environment: Environment<'a>) -> Chain<'a> {
        let program = argv.take();
        let mut argv0 = self.argv0.or_else(|| program.clone());
        if self.dash {
            let name = argv0.unwrap_or_default();
            argv0 = Some(block::word([b"-", name.to_bytes()].concat()));
        }
        Chain {
            program,
            argv: argv.preceded_by(argv0),
            environment,
        }
    }
}
