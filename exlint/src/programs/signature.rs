//! The signature of a program: which words it takes, and where the next program begins.
//!
//! It says how a command line is to be divided, for programs of this toolkit and for foreign
//! ones alike. It does not divide any, and says nothing of what a program does.

use execline::command::{self, Command, Operand};

/// Which words a program takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name it is called by, without directories.
    pub name: String,
    /// Its options.
    pub options: Vec<OptionSignature>,
    /// Whether any other word that begins with `-` passes for an option too. Whether such an
    /// option takes an argument is not known.
    pub unknown_options: bool,
    /// Whether words with `=`, which set variables, may stand before what follows the operands.
    pub assignments: bool,
    /// Its operands, in order.
    pub operands: Vec<OperandSignature>,
    /// What follows the operands.
    pub rest: Rest,
    /// Where the signature comes from.
    pub origin: Origin,
}

/// An option of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionSignature {
    /// Its letter.
    pub letter: Option<u8>,
    /// Its long name, without `--`.
    pub long: Option<String>,
    /// What its argument is called, where it takes one.
    pub argument: Option<String>,
    /// The version that brought it, where that matters.
    pub since: Option<String>,
    /// What it does to the first operand.
    pub effect: Effect,
    /// Whether any words follow it: neither are there operands, nor is a program loaded.
    pub ends: bool,
}

impl OptionSignature {
    /// What its argument must be, where it takes one and its name says so.
    pub fn argument_kind(&self) -> Option<OperandKind> {
        self.argument.as_deref().map(OperandKind::named)
    }
}

/// What an option does to the first operand of its program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// The operand is not given.
    Omits,
    /// The operand is of this kind instead.
    Makes(OperandKind),
}

/// An operand of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperandSignature {
    /// What it is called, for people.
    pub name: String,
    /// What it must be.
    pub kind: OperandKind,
    /// Whether it may be left out, where no word is left.
    pub optional: bool,
}

/// What an operand must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperandKind {
    /// Any word.
    Word,
    /// A number.
    Number,
    /// A file descriptor's number.
    Fd,
    /// A path.
    Path,
    /// A key for substitution.
    Key,
    /// The name of a variable.
    Variable,
    /// The name of a user, perhaps with a group.
    Account,
    /// A block that is a command line.
    Program,
    /// A block that is a list of words.
    Words,
    /// A block that is a list of cases: a word and a block each.
    Cases,
}

impl OperandKind {
    /// What is meant in a usage line, by its name there. No name means a block.
    pub fn named(name: &str) -> OperandKind {
        let name = name.to_ascii_lowercase();
        match name.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
            "fd" | "fdr" | "fdw" => OperandKind::Fd,
            "n" | "count" | "number" | "seconds" | "milliseconds" | "uid" | "gid" => {
                OperandKind::Number
            }
            "file" | "path" | "dir" | "directory" => OperandKind::Path,
            "var" | "variable" => OperandKind::Variable,
            "key" => OperandKind::Key,
            "account" | "user" => OperandKind::Account,
            _ => OperandKind::Word,
        }
    }

    /// Whether it is a block.
    pub const fn is_block(self) -> bool {
        matches!(
            self,
            OperandKind::Program | OperandKind::Words | OperandKind::Cases
        )
    }
}

/// What follows the operands of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rest {
    /// Nothing: further words are dead.
    Nothing,
    /// Any words; no program is loaded.
    Words,
    /// A command line, which it goes on with.
    Required,
    /// A command line, which it goes on with; without one it ends, or does something else.
    Optional,
}

impl Rest {
    /// Whether a program may follow.
    pub const fn chains(self) -> bool {
        matches!(self, Rest::Required | Rest::Optional)
    }
}

/// Where a signature comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// It is a command of execline.
    Execline,
    /// It is in a list of known programs: of this package, or group of programs.
    Known(&'static str),
    /// The configuration gives it.
    Configured,
}

impl Signature {
    /// The signature of a program without options and operands.
    pub fn new(name: impl Into<String>, origin: Origin) -> Signature {
        Signature {
            name: name.into(),
            options: Vec::new(),
            unknown_options: false,
            assignments: false,
            operands: Vec::new(),
            rest: Rest::Nothing,
            origin,
        }
    }

    /// The option of this letter.
    pub fn letter(&self, letter: u8) -> Option<&OptionSignature> {
        self.options
            .iter()
            .find(|option| option.letter == Some(letter))
    }

    /// The option of this long name, which is without `--`.
    pub fn long(&self, name: &[u8]) -> Option<&OptionSignature> {
        self.options.iter().find(|option| {
            option
                .long
                .as_deref()
                .is_some_and(|long| long.as_bytes() == name)
        })
    }

    /// The signature of a command of execline.
    pub fn from_command(command: &Command) -> Signature {
        let mut signature = Signature::new(command.name, Origin::Execline);
        signature.options = command.options.iter().map(option_of).collect();
        for &operand in command.operands {
            match operand {
                Operand::Rest(command::Rest::Required) => signature.rest = Rest::Required,
                Operand::Rest(command::Rest::Optional) => signature.rest = Rest::Optional,
                Operand::Arguments(_) => signature.rest = Rest::Words,
                operand => signature.operands.extend(operand_of(operand)),
            }
        }
        signature
    }
}

fn option_of(option: &command::CommandOption) -> OptionSignature {
    OptionSignature {
        letter: (option.letter != '\0').then_some(option.letter as u8),
        long: option.long.map(str::to_owned),
        argument: option.argument.map(str::to_owned),
        since: option.since.map(str::to_owned),
        effect: match option.effect {
            command::Effect::None | command::Effect::Ends => Effect::None,
            command::Effect::Omits => Effect::Omits,
            command::Effect::Makes(operand) => {
                operand_of(operand).map_or(Effect::None, |operand| Effect::Makes(operand.kind))
            }
        },
        ends: matches!(option.effect, command::Effect::Ends),
    }
}

/// `None` for what stands for more words than one.
fn operand_of(operand: Operand) -> Option<OperandSignature> {
    let (name, kind) = match operand {
        Operand::Word(name) => (name, OperandKind::Word),
        Operand::Number(name) => (name, OperandKind::Number),
        Operand::Fd(name) => (name, OperandKind::Fd),
        Operand::Path(name) => (name, OperandKind::Path),
        Operand::Key(name) => (name, OperandKind::Key),
        Operand::Variable(name) => (name, OperandKind::Variable),
        Operand::Account(name) => (name, OperandKind::Account),
        Operand::Program(name) => (name, OperandKind::Program),
        Operand::Words(name) => (name, OperandKind::Words),
        Operand::Cases(name) => (name, OperandKind::Cases),
        Operand::Optional(operand) => {
            let mut operand = operand_of(*operand)?;
            operand.optional = true;
            return Some(operand);
        }
        Operand::Arguments(_) | Operand::Rest(_) => return None,
    };
    Some(OperandSignature {
        name: name.to_owned(),
        kind,
        optional: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use execline::commands::COMMANDS;

    fn signature(name: &str) -> Signature {
        let command = COMMANDS.iter().find(|command| command.name == name);
        Signature::from_command(command.expect(name))
    }

    #[test]
    fn rest_of_a_command_is_what_the_command_does_with_it() {
        for (name, rest) in [
            ("homeof", Rest::Nothing),
            ("dollarat", Rest::Nothing),
            ("exit", Rest::Nothing),
            ("eltest", Rest::Words),
            ("execlineb", Rest::Words),
            ("runblock", Rest::Words),
            ("exec", Rest::Required),
            ("ifte", Rest::Required),
            ("foreground", Rest::Optional),
            ("posix-cd", Rest::Optional),
            ("execline", Rest::Required),
        ] {
            assert_eq!(signature(name).rest, rest, "{name}");
        }
    }

    #[test]
    fn optional_operands_are_marked() {
        for command in &COMMANDS {
            let signature = Signature::from_command(command);
            let expected = matches!(command.name, "exit" | "posix-cd" | "posix-umask");
            let found = signature.operands.iter().any(|operand| operand.optional);
            assert_eq!(found, expected, "{}", command.name);
        }
    }

    #[test]
    fn blocks_of_a_command_are_those_of_its_usage_line() {
        for command in &COMMANDS {
            // The usage line of `multisubstitute` is an address; some commands have none.
            if !command.usage.starts_with(command.name) {
                continue;
            }
            let mut depth = 0_usize;
            let mut expected = 0;
            for letter in command.usage.chars() {
                match letter {
                    '{' => {
                        expected += usize::from(depth == 0);
                        depth += 1;
                    }
                    '}' => depth -= 1,
                    _ => {}
                }
            }
            let signature = Signature::from_command(command);
            let operands = signature.operands.iter();
            let blocks = operands.filter(|operand| operand.kind.is_block());
            assert_eq!(blocks.count(), expected, "{}", command.name);
        }
    }

    #[test]
    fn argument_has_the_kind_of_its_name() {
        for (argument, expected) in [
            (Some("fd"), Some(OperandKind::Fd)),
            (Some("milliseconds"), Some(OperandKind::Number)),
            (Some("user"), Some(OperandKind::Account)),
            (Some("value"), Some(OperandKind::Word)),
            (None, None),
        ] {
            let option = OptionSignature {
                argument: argument.map(str::to_owned),
                ..OptionSignature::default()
            };
            assert_eq!(option.argument_kind(), expected, "{argument:?}");
        }
    }

    #[test]
    fn options_that_change_the_first_operand_say_so() {
        for (name, letter, effect) in [
            ("importas", b'S', Effect::Omits),
            ("importas", b's', Effect::None),
            ("execlineb", b'c', Effect::Omits),
            ("redirfd", b'f', Effect::Makes(OperandKind::Variable)),
            ("redirfd", b'r', Effect::None),
        ] {
            let signature = signature(name);
            let option = signature.letter(letter).expect(name);
            assert_eq!(option.effect, effect, "{name}");
        }
    }

    #[test]
    fn options_of_the_multicall_program_load_nothing() {
        let execline = signature("execline");
        assert!(execline.options.iter().all(|option| option.ends));
    }

    #[test]
    fn option_is_found_by_its_long_name() {
        let wait = signature("wait");
        let timeout = wait.long(b"timeout").expect("timeout");
        assert_eq!(timeout.letter, Some(b't'));
        assert!(timeout.argument.is_some());
        assert_eq!(wait.long(b"time"), None);
        assert_eq!(
            signature("redirfd").long(b"excl").and_then(|o| o.letter),
            None
        );
    }
}
