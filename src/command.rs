//! The shape of a command: all that is known of it, in one constant.
//!
//! The runtime obeys the same constant that the linter and the manual read. Documentation
//! does not reach the program: it keeps only what `runnable` projects.

use crate::process::engine::{Engine, Reach, Runnable};
use crate::process::letters::Letters;
use crate::process::long_options::LongOption;
use crate::process::outcome::{Call, Outcome, Stop};

/// What a command does when it is called.
pub type Run = for<'a> fn(&mut Engine, Call<'a>) -> Result<Outcome<'a>, Stop>;

/// A command.
#[derive(Clone, Copy)]
pub struct Command {
    /// The name it is called by.
    pub name: &'static str,
    /// The name it gives itself in messages.
    pub program: &'static str,
    /// One clause that says what it does.
    pub summary: &'static str,
    /// The line it answers wrong usage with, as upstream words it.
    pub usage: &'static str,
    /// Its options.
    pub options: &'static [CommandOption],
    /// Its operands, in order.
    pub operands: &'static [Operand],
    /// What it does, shown; each is run as a test.
    pub examples: &'static [Example],
    /// What it touches.
    pub reach: Reach,
    /// Its work.
    pub run: Run,
}

impl Command {
    /// A command without options, operands and examples, that needs its own process.
    pub const fn new(name: &'static str, summary: &'static str, run: Run) -> Command {
        Command {
            name,
            program: name,
            summary,
            usage: "",
            options: &[],
            operands: &[],
            examples: &[],
            reach: Reach::Process,
            run,
        }
    }

    /// With this usage.
    pub const fn usage(mut self, usage: &'static str) -> Command {
        self.usage = usage;
        self
    }

    /// With these options.
    pub const fn options(mut self, options: &'static [CommandOption]) -> Command {
        self.options = options;
        self
    }

    /// With these operands.
    pub const fn operands(mut self, operands: &'static [Operand]) -> Command {
        self.operands = operands;
        self
    }

    /// With these examples.
    pub const fn examples(mut self, examples: &'static [Example]) -> Command {
        self.examples = examples;
        self
    }

    /// Touching only this.
    pub const fn reach(mut self, reach: Reach) -> Command {
        self.reach = reach;
        self
    }

    /// The same command by another name; in messages it keeps its own.
    pub const fn also_called(mut self, name: &'static str) -> Command {
        self.name = name;
        self
    }

    /// Its option letters.
    pub const fn letters(&self) -> Letters {
        let mut letters = Letters::NONE;
        let mut place = 0;
        while place < self.options.len() {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            let option = &self.options[place];
            if option.letter != '\0' {
                letters = letters.with(option.letter as u8, option.argument.is_some());
            }
            place += 1;
        }
        letters
    }

    /// Its options by letter and long name. `N` is their number.
    pub const fn long_options<const N: usize>(&self) -> [LongOption; N] {
        assert!(N == self.options.len());
        let mut options = [LongOption::NONE; N];
        let mut place = 0;
        while place < N {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            let option = &self.options[place];
            let long = match option.long {
                Some(long) => long,
                None => "",
            };
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                options[place] = LongOption {
                    letter: option.letter as u8,
                    name: long,
                    takes_argument: option.argument.is_some(),
                };
            }
            place += 1;
        }
        options
    }

    /// What the program keeps of it.
    pub const fn runnable(&self) -> Runnable {
        Runnable {
            name: self.name,
            program: self.program,
            usage: self.usage,
            reach: self.reach,
            run: self.run,
        }
    }
}

/// An option of a command.
#[derive(Clone, Copy, Debug)]
pub struct CommandOption {
    /// Its letter; NUL where it has only a long name.
    pub letter: char,
    /// Its long name, without `--`.
    pub long: Option<&'static str>,
    /// What its argument is called, where it takes one.
    pub argument: Option<&'static str>,
    /// One clause that says what it does.
    pub summary: &'static str,
    /// The version of execline that brought it, where that is newer than 2.9.3.0.
    pub since: Option<&'static str>,
    /// What it makes of the words behind the options.
    pub effect: Effect,
}

/// What an option makes of the words behind the options.
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// They are what they are without it.
    None,
    /// The first operand is not given.
    Omits,
    /// The first operand is this one.
    Makes(Operand),
    /// None of them is an operand, and no program is loaded.
    Ends,
}

/// An option without argument.
pub const fn flag(letter: char, summary: &'static str) -> CommandOption {
    CommandOption {
        letter,
        long: None,
        argument: None,
        summary,
        since: None,
        effect: Effect::None,
    }
}

/// An option with an argument of this name.
pub const fn value(letter: char, argument: &'static str, summary: &'static str) -> CommandOption {
    CommandOption {
        argument: Some(argument),
        ..flag(letter, summary)
    }
}

/// An option that has only a long name.
pub const fn long_flag(name: &'static str, summary: &'static str) -> CommandOption {
    flag('\0', summary).long(name)
}

impl CommandOption {
    /// With this long name.
    pub const fn long(mut self, name: &'static str) -> CommandOption {
        self.long = Some(name);
        self
    }

    /// New in this version of execline.
    pub const fn since(mut self, version: &'static str) -> CommandOption {
        self.since = Some(version);
        self
    }

    /// With this effect on the words behind the options.
    pub const fn effect(mut self, effect: Effect) -> CommandOption {
        self.effect = effect;
        self
    }
}

/// An operand of a command; the name is for people.
#[derive(Clone, Copy, Debug)]
pub enum Operand {
    /// Any word.
    Word(&'static str),
    /// A number.
    Number(&'static str),
    /// A file descriptor's number.
    Fd(&'static str),
    /// A path.
    Path(&'static str),
    /// A key for substitution.
    Key(&'static str),
    /// The name of a variable.
    Variable(&'static str),
    /// The name of a user.
    Account(&'static str),
    /// A block that is a command line.
    Program(&'static str),
    /// A block that is a list of words.
    Words(&'static str),
    /// A block that is a list of cases: a word and a block each.
    Cases(&'static str),
    /// One that may be left out, where no word is left.
    Optional(&'static Operand),
    /// All words that are left, however many; no program is loaded.
    Arguments(&'static str),
    /// The rest: the command line it goes on with.
    Rest(Rest),
}

impl Operand {
    /// What people call it.
    pub const fn name(&self) -> &'static str {
        match self {
            Operand::Word(name)
            | Operand::Number(name)
            | Operand::Fd(name)
            | Operand::Path(name)
            | Operand::Key(name)
            | Operand::Variable(name)
            | Operand::Account(name)
            | Operand::Program(name)
            | Operand::Words(name)
            | Operand::Cases(name)
            | Operand::Arguments(name) => name,
            Operand::Optional(operand) => operand.name(),
            Operand::Rest(_) => "prog...",
        }
    }
}

/// What a command wants behind its operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    /// A command line.
    Required,
    /// A command line; without one it exits.
    Optional,
}

/// A script, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The script, for `execlineb -Pc`.
    pub script: &'static str,
    /// What it prints on standard output.
    pub prints: &'static str,
    /// What it prints on standard error: upstream's part of it.
    pub complains: &'static str,
    /// Its exit code.
    pub code: u8,
    /// The version of execline that brought this behaviour, where that is newer than 2.9.3.0.
    pub since: Option<&'static str>,
}

impl Example {
    /// A script that prints this and succeeds.
    pub const fn new(script: &'static str, prints: &'static str) -> Example {
        Example {
            script,
            prints,
            complains: "",
            code: 0,
            since: None,
        }
    }

    /// With this exit code.
    pub const fn code(mut self, code: u8) -> Example {
        self.code = code;
        self
    }

    /// With this on standard error.
    pub const fn complains(mut self, text: &'static str) -> Example {
        self.complains = text;
        self
    }

    /// New in this version of execline.
    pub const fn since(mut self, version: &'static str) -> Example {
        self.since = Some(version);
        self
    }
}
