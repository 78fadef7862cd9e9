//! What was read: commands and the constructs around them, with questions about a single one.
//! Questions about the whole script are in `questions`.

use super::word::{Parameter, Word};
use std::ops::Range;

/// A shell script, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// Simple commands in the order in which they begin, those of substitutions included.
    pub commands: Vec<Command>,
    /// Compound commands, functions and substitutions in the order in which they begin.
    pub constructs: Vec<Construct>,
    /// Here-documents.
    pub here_documents: Vec<HereDocument>,
    /// Comments, from `#` up to the end of the line; the shebang line too.
    pub comments: Vec<Range<usize>>,
    /// Where reading stopped to make sense: a quote or a construct without its end, a keyword out
    /// of place, too deep a nesting. Rules had better be silent about such a script.
    pub broken: Option<usize>,
    /// The first carriage return before a line's end outside of quotes. It is read as a blank,
    /// though every shell takes it as a part of the word.
    pub carriage_return: Option<usize>,
    /// Syntax beyond POSIX, met on the way; see `dialect::extensions`.
    pub(super) extensions: Vec<super::dialect::Extension>,
}

/// A simple command, a `[[ ... ]]`, or an arithmetic command `((...))`, which is one word.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Command {
    /// The words, without assignments and redirections; empty where there are only such.
    pub words: Vec<Word>,
    /// The assignments before the first word, and the arrays that `declare` and its like are given.
    pub assignments: Vec<Assignment>,
    /// Its redirections.
    pub redirections: Vec<Redirection>,
    /// From its first byte to its last; bodies of here-documents are elsewhere.
    pub span: Range<usize>,
    /// What it stands in; `None` at the top level.
    pub place: Option<Place>,
    /// How many constructs it stands in.
    pub depth: usize,
    /// What follows it.
    pub connector: Connector,
    /// Whether its standard input is the pipe from the command before it.
    pub piped_from: bool,
    /// Whether `!` stands before it.
    pub negated: bool,
}

/// `name=value`, `name+=value`, `name[x]=value`, `name=(a b)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// What it gets; without parts where it gets nothing or an array.
    pub value: Word,
    /// The elements, if it gets an array.
    pub elements: Option<Vec<Word>>,
    /// Whether it is appended: `+=`.
    pub append: bool,
    /// The whole assignment.
    pub span: Range<usize>,
}

/// A redirection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redirection {
    /// The file descriptor, where it is written.
    pub fd: Option<u32>,
    /// Which one.
    pub operator: RedirectionOperator,
    /// File, file descriptor, text, or the here-document's delimiter.
    pub target: Word,
    /// The whole redirection.
    pub span: Range<usize>,
}

/// What a redirection does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RedirectionOperator {
    /// `<`
    Read,
    /// `>` and `>|`
    Write,
    /// `>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `<&` and `>&`
    Duplicate,
    /// `&>`: standard output and error
    WriteBoth,
    /// `&>>`: standard output and error
    AppendBoth,
    /// `<<` and `<<-`
    HereDocument,
    /// `<<<`
    HereString,
}

/// A here-document's body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HereDocument {
    /// Its lines, without the delimiter.
    pub span: Range<usize>,
    /// Parameters read in it; those in command substitutions too, whose commands are not listed.
    pub parameters: Vec<Parameter>,
}

/// Something that commands stand in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Construct {
    /// Which.
    pub kind: Kind,
    /// From its first byte to its last.
    pub span: Range<usize>,
    /// What it stands in; `None` at the top level.
    pub place: Option<Place>,
    /// How many constructs it stands in.
    pub depth: usize,
    /// The variable of `for` and `select`, the name of a function.
    pub name: Vec<u8>,
    /// The list of `for` and `select`; the subject of `case`, then its patterns.
    pub words: Vec<Word>,
    /// Redirections of the whole.
    pub redirections: Vec<Redirection>,
    /// What follows it.
    pub connector: Connector,
    /// Whether its standard input is the pipe from the command before it.
    pub piped_from: bool,
}

/// Which construct.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `if ... fi`
    If,
    /// `while ... done`
    While,
    /// `until ... done`
    Until,
    /// `for ... done`
    For,
    /// `select ... done`
    Select,
    /// `case ... esac`
    Case,
    /// `name() ...` and `function name ...`
    Function,
    /// `( ... )`
    Subshell,
    /// `{ ...; }`
    Group,
    /// `$( ... )` and `` `...` ``
    CommandSubstitution,
    /// `<( ... )` and `>( ... )`
    ProcessSubstitution,
}

/// Where in a construct.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The construct's index in `Script::constructs`.
    pub construct: usize,
    /// Which part of it.
    pub section: Section,
}

/// A part of a construct.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Section {
    /// What `if`, `elif`, `while` and `until` ask.
    Condition,
    /// Everything else.
    #[default]
    Body,
}

/// What follows a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Connector {
    /// A new line, `;`, or the end of what it stands in.
    #[default]
    End,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `&`
    Background,
}

/// A command or a construct, as an element of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item<'s> {
    /// A simple command.
    Command(&'s Command),
    /// A compound command or a function definition.
    Construct(&'s Construct),
}

impl Kind {
    /// Whether it repeats what stands in it.
    #[must_use]
    pub fn is_loop(self) -> bool {
        matches!(self, Kind::While | Kind::Until | Kind::For | Kind::Select)
    }

    /// Whether it stands inside of a word.
    #[must_use]
    pub fn is_substitution(self) -> bool {
        matches!(self, Kind::CommandSubstitution | Kind::ProcessSubstitution)
    }
}

impl<'s> Item<'s> {
    /// Its bytes.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        match self {
            Item::Command(command) => command.span.clone(),
            Item::Construct(construct) => construct.span.clone(),
        }
    }

    /// What follows it.
    #[must_use]
    pub fn connector(self) -> Connector {
        match self {
            Item::Command(command) => command.connector,
            Item::Construct(construct) => construct.connector,
        }
    }

    /// Whether its standard input is the pipe from the command before it.
    #[must_use]
    pub fn piped_from(self) -> bool {
        match self {
            Item::Command(command) => command.piped_from,
            Item::Construct(construct) => construct.piped_from,
        }
    }

    /// It, if it is a simple command.
    #[must_use]
    pub fn command(self) -> Option<&'s Command> {
        match self {
            Item::Command(command) => Some(command),
            Item::Construct(_) => None,
        }
    }
}

impl Command {
    /// The first word without its quotes, if nothing in it is expanded.
    #[must_use]
    pub fn name(&self) -> Option<Vec<u8>> {
        self.words.first()?.literal()
    }

    /// Whether this is the first word.
    #[must_use]
    pub fn is(&self, name: &[u8]) -> bool {
        self.words.first().is_some_and(|word| word.is(name))
    }

    /// Whether one of these is the first word.
    #[must_use]
    pub fn is_any(&self, names: &[&[u8]]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// The words behind the first.
    #[must_use]
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The command line that `exec` replaces the shell with, its options taken away; `None` if
    /// this is no `exec`, or one that only redirects.
    #[must_use]
    pub fn executed(&self) -> Option<&[Word]> {
        if !self.is(b"exec") {
            return None;
        }
        let mut rest = self.arguments();
        loop {
            let (first, behind) = rest.split_first()?;
            match first.literal().as_deref() {
                Some(b"--") => return (!behind.is_empty()).then_some(behind),
                Some(b"-a") => rest = behind.get(1..).unwrap_or_default(),
                Some(b"-c" | b"-l" | b"-cl" | b"-lc") => rest = behind,
                _ => return Some(rest),
            }
        }
    }

    /// The file that `.` or `source` reads.
    #[must_use]
    pub fn sourced(&self) -> Option<&Word> {
        let named = self.is_any(&[b".", b"source"]);
        self.arguments().first().filter(|_| named)
    }

    /// The variables that it exports, with the words that say so. `export -n` exports nothing.
    #[must_use]
    pub fn exported(&self) -> Vec<(String, &Word)> {
        let options = |word: &&Word| word.prefix().first() == Some(&b'-');
        let has_flag = |flag: u8| {
            self.arguments()
                .iter()
                .take_while(options)
                .any(|word| word.prefix().contains(&flag))
        };
        let exports = (self.is(b"export") && !has_flag(b'n') && !has_flag(b'f'))
            || (self.is_any(&[b"declare", b"typeset"]) && has_flag(b'x'));
        if !exports {
            return Vec::new();
        }
        let named = self.arguments().iter();
        named
            .filter_map(|word| Some((word.declared_name()?, word)))
            .collect()
    }

    /// Every word of it: words, values, elements, targets.
    pub fn all_words(&self) -> impl Iterator<Item = &Word> {
        let values = self.assignments.iter().flat_map(|assignment| {
            let elements = assignment.elements.iter().flatten();
            std::iter::once(&assignment.value).chain(elements)
        });
        let targets = self
            .redirections
            .iter()
            .map(|redirection| &redirection.target);
        values.chain(&self.words).chain(targets)
    }

    /// The variables that it gives a value to, as far as one can see.
    pub(super) fn assigned(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .assignments
            .iter()
            .map(|assignment| assignment.name.clone())
            .collect();
        let arguments = self.arguments();
        let declared = arguments.iter().filter_map(Word::declared_name);
        let Some(name) = self.name() else {
            return names;
        };
        match name.as_slice() {
            b"local" | b"declare" | b"typeset" | b"read" | b"mapfile" | b"readarray" | b"let" => {
                names.extend(declared);
            }
            // Without a value, these two say something about a variable that is there already.
            b"export" | b"readonly" => names.extend(
                arguments
                    .iter()
                    .filter(|word| word.prefix().contains(&b'='))
                    .filter_map(Word::declared_name),
            ),
            b"getopts" => {
                names.extend(arguments.get(1).and_then(Word::declared_name));
                names.extend(["OPTARG", "OPTIND"].map(String::from));
            }
            b"printf" if arguments.first().is_some_and(|word| word.is(b"-v")) => {
                names.extend(arguments.get(1).and_then(Word::declared_name));
            }
            b"wait" if arguments.iter().any(|word| word.is(b"-p")) => names.extend(declared),
            _ => {}
        }
        names
    }
}

impl Redirection {
    /// The file descriptor that it is about.
    #[must_use]
    pub fn descriptor(&self) -> u32 {
        use RedirectionOperator::{HereDocument, HereString, Read, ReadWrite};
        let reads = matches!(self.operator, Read | ReadWrite | HereDocument | HereString);
        self.fd.unwrap_or(if reads { 0 } else { 1 })
    }

    /// Whether it writes to the file that its target names.
    #[must_use]
    pub fn writes(&self) -> bool {
        use RedirectionOperator::{Append, AppendBoth, ReadWrite, Write, WriteBoth};
        matches!(
            self.operator,
            Write | Append | ReadWrite | WriteBoth | AppendBoth
        )
    }
}
