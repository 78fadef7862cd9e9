//! What is known of programs: which words they take, and which of them go on with another.
//!
//! It is data, and its look-up. How a command line is divided by it is not done here.
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on has failed"
    )
)]

mod signature;
mod usage;

pub use signature::{
    Effect, OperandKind, OperandSignature, OptionSignature, Origin, Rest, Signature,
};
pub use usage::{UsageError, parse as parse_usage};

use std::collections::HashMap;

/// The signatures of programs, by name.
#[derive(Clone, Debug)]
pub struct Programs {
    by_name: HashMap<String, Signature>,
}

impl Programs {
    /// The commands of execline and the foreign programs that are known.
    pub fn known() -> Programs {
        let by_name = execline::commands::COMMANDS
            .iter()
            .map(Signature::from_command)
            .map(|signature| (signature.name.clone(), signature))
            .collect();
        Programs { by_name }
    }

    /// The same and these, given as usage lines; they go before what is known.
    ///
    /// # Errors
    ///
    /// Where lines are none: the place of each in `lines`, and what is wrong with it.
    pub fn with_configured<'l>(
        mut self,
        lines: impl IntoIterator<Item = &'l str>,
    ) -> Result<Programs, Vec<(usize, UsageError)>> {
        let mut errors = Vec::new();
        for (place, line) in lines.into_iter().enumerate() {
            match parse_usage(line, Origin::Configured) {
                Ok(signature) => {
                    self.by_name.insert(signature.name.clone(), signature);
                }
                Err(error) => errors.push((place, error)),
            }
        }
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(errors)
        }
    }

    /// The signature of the program that this word calls, by the word's last path component.
    pub fn signature(&self, word: &[u8]) -> Option<&Signature> {
        let name = word.rsplit(|&byte| byte == b'/').next()?;
        self.by_name.get(std::str::from_utf8(name).ok()?)
    }
}

/// Whether this is the name of a command of execline.
pub fn is_execline_command(name: &[u8]) -> bool {
    execline::commands::COMMANDS
        .iter()
        .any(|command| command.name.as_bytes() == name)
}
