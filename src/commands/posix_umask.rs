//! `posix-umask`: prints or changes the file mode creation mask, as POSIX's `umask` does.
//!
//! Reference: <https://skarnet.org/software/execline/posix-umask.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Letters, Outcome, Stop, number};
use crate::sys::{fd, file};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new(
    "posix-umask",
    "prints or changes the file mode creation mask",
    run,
)
.usage("posix-umask [ -S ] [ mask ] [ prog... ]")
.options(&[flag('S', "prints it in letters")])
.operands(&[Operand::Word("mask"), Operand::Rest(Rest::Optional)])
.examples(&[
    Example::new("execline-umask 027 posix-umask", "0027\n"),
    Example::new("execline-umask 027 posix-umask -S", "u=rwx,g=rx,o=\n"),
    Example::new("execline-umask 022 posix-umask go-rx posix-umask", "0077\n"),
    Example::new("posix-umask u=q true", "")
        .complains("posix-umask: fatal: invalid mode string\n")
        .code(1),
]);

const LETTERS: Letters = COMMAND.letters();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let mut in_letters = false;
    argv.options(LETTERS, &mut |_, _| {
        in_letters = true;
        Ok(())
    })?;
    let Some(mask) = argv.take() else {
        print(in_letters)?;
        return Ok(Outcome::Exit(0));
    };
    let mask = match number::octal_prefix(mask.to_bytes()) {
        Some(mask) => mask,
        None => {
            // Upstream, too, has an empty mask from here on, whatever becomes of it.
            let mut modes = Modes::without(file::set_mask(0));
            modes
                .change(mask.to_bytes())
                .ok_or_else(|| Failure::new(1, &[b"invalid mode string"]))?;
            modes.mask()
        }
    };
    file::set_mask(mask & 0o777);
    Ok(Outcome::chain_if_any(argv, call.environment))
}

fn print(in_letters: bool) -> Result<(), Failure> {
    let mask = file::set_mask(0);
    let mut text = Vec::new();
    if in_letters {
        for (shift, who) in [(6, b"u="), (3, b",g"), (0, b",o")] {
            text.extend_from_slice(who);
            if shift < 6 {
                text.push(b'=');
            }
            for (bit, letter) in [(4, b'r'), (2, b'w'), (1, b'x')] {
                if mask >> shift & bit == 0 {
                    text.push(letter);
                }
            }
        }
    } else {
        for shift in [9, 6, 3, 0] {
            text.push(b'0' + (mask >> shift & 7) as u8);
        }
    }
    text.push(b'\n');
    fd::write_all(1, &text)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to write to stdout"], errno))
}

/// What is allowed, three bits each: other, group, user.
struct Modes([u32; 3]);

impl Modes {
    /// What `mask` leaves.
    fn without(mask: u32) -> Modes {
        let allowed = !mask;
        Modes([allowed & 7, allowed >> 3 & 7, allowed >> 6 & 7])
    }

    fn mask(&self) -> u32 {
        let [other, group, user] = self.0;
        !(user << 6 | group << 3 | other)
    }

    /// Makes the changes that `text` asks for, clause by clause. `None` where it is no mode.
    fn change(&mut self, text: &[u8]) -> Option<()> {
        // A comma may stand before the first clause and behind another, but not alone.
        let mut clauses: Vec<&[u8]> = text.split(|&byte| byte == b',').collect();
        while clauses.last().is_some_and(|clause| clause.is_empty()) {
            clauses.pop();
        }
        clauses
            .into_iter()
            .try_for_each(|clause| self.clause(clause))
    }

    fn clause(&mut self, clause: &[u8]) -> Option<()> {
        if clause.is_empty() {
            return Some(());
        }
        let whos = clause
            .iter()
            .take_while(|byte| b"ugoa".contains(byte))
            .count();
        let (named, mut actions) = clause.split_at_checked(whos)?;
        let bit = |who: &u8| match who {
            b'o' => 1,
            b'g' => 2,
            b'u' => 4,
            _ => 7,
        };
        // Without a name it is for all.
        let who = match named {
            [] => 7,
            named => named.iter().fold(0, |who, name| who | bit(name)),
        };
        if actions.is_empty() {
            return None;
        }
        while let Some((operator, rest)) = actions.split_first() {
            let length = rest
                .iter()
                .take_while(|byte| !b"+-=".contains(byte))
                .count();
            let (permissions, behind) = rest.split_at_checked(length)?;
            self.action(who, *operator, permissions)?;
            actions = behind;
        }
        Some(())
    }

    fn action(&mut self, who: u32, operator: u8, permissions: &[u8]) -> Option<()> {
        let permissions = match permissions {
            // As another one has it.
            [b'o'] => *self.0.first()?,
            [b'g'] => *self.0.get(1)?,
            [b'u'] => *self.0.get(2)?,
            letters => letters.iter().try_fold(0, |permissions, letter| {
                Some(
                    permissions
                        | match letter {
                            b'r' => 4,
                            b'w' => 2,
                            b'x' | b'X' => 1,
                            b's' | b't' => 0,
                            _ => return None,
                        },
                )
            })?,
        };
        for (place, mode) in self.0.iter_mut().enumerate() {
            if who >> place & 1 == 0 {
                continue;
            }
            match operator {
                b'+' => *mode |= permissions,
                b'-' => *mode &= !permissions,
                b'=' => *mode = permissions,
                _ => return None,
            }
        }
        Some(())
    }
}
