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
.operands(&[
    Operand::Optional(&Operand::Word("mask")),
    Operand::Rest(Rest::Optional),
])
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
    let mask = match number::octal_whole(mask.to_bytes()) {
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

    /// Makes the changes that `text` asks for. `None` where it is no mode.
    fn change(&mut self, text: &[u8]) -> Option<()> {
        let mut clause = Clause::default();
        let mut state = State::Start;
        // The end counts as a comma, and is allowed wherever one is, and behind names.
        for &byte in text.iter().chain(b"\0") {
            let is_end = byte == 0;
            state = match (state, byte) {
                (State::Start, b',' | 0) => State::Start,
                (State::Start, b'+' | b'-' | b'=') => {
                    clause.who = ALL;
                    clause.operator = byte;
                    State::Permissions
                }
                (State::Start | State::Who, b'u' | b'g' | b'o' | b'a') => {
                    clause.who |= who(byte);
                    State::Who
                }
                (State::Who, 0) => State::Start,
                (State::Who | State::Operator, b'+' | b'-' | b'=') => {
                    clause.operator = byte;
                    State::Operator
                }
                // An operator without permissions does nothing.
                (State::Operator, b',' | 0) => {
                    clause = Clause::default();
                    State::Start
                }
                (State::Operator, b'u' | b'g' | b'o') => {
                    clause.permissions = self.of(byte);
                    State::Copy
                }
                (State::Operator | State::Permissions, _) if permission(byte).is_some() => {
                    clause.permissions |= permission(byte).unwrap_or_default();
                    State::Permissions
                }
                (State::Copy | State::Permissions, b',' | 0) => {
                    self.apply(&clause);
                    clause = Clause::default();
                    State::Start
                }
                (State::Copy | State::Permissions, b'+' | b'-' | b'=') => {
                    self.apply(&clause);
                    clause.permissions = 0;
                    clause.operator = byte;
                    State::Operator
                }
                _ => return None,
            };
            if is_end {
                break;
            }
        }
        Some(())
    }

    /// What one of them is allowed.
    fn of(&self, who: u8) -> u32 {
        let [other, group, user] = self.0;
        match who {
            b'o' => other,
            b'g' => group,
            _ => user,
        }
    }

    fn apply(&mut self, clause: &Clause) {
        for (place, mode) in self.0.iter_mut().enumerate() {
            if clause.who >> place & 1 == 0 {
                continue;
            }
            match clause.operator {
                b'+' => *mode |= clause.permissions,
                b'-' => *mode &= !clause.permissions,
                _ => *mode = clause.permissions,
            }
        }
    }
}

/// What stands between two commas.
#[derive(Default)]
struct Clause {
    /// A bit for other, group, user.
    who: u32,
    operator: u8,
    permissions: u32,
}

/// Where in a clause the parser is.
#[derive(Clone, Copy)]
enum State {
    Start,
    Who,
    /// Behind an operator that names stand before.
    Operator,
    /// Behind a name whose permissions are copied.
    Copy,
    Permissions,
}

const ALL: u32 = 7;

fn who(name: u8) -> u32 {
    match name {
        b'o' => 1,
        b'g' => 2,
        b'u' => 4,
        _ => ALL,
    }
}

/// The bit of a letter. `s` and `t` are letters without one.
fn permission(letter: u8) -> Option<u32> {
    match letter {
        b'r' => Some(4),
        b'w' => Some(2),
        b'x' | b'X' => Some(1),
        b's' | b't' => Some(0),
        _ => None,
    }
}
