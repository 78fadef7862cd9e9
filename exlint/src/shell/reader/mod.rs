//! Reads a script in one pass, with a stack of its own instead of recursion.
//! Here: the state, the loop, and how nested things are left. What commands are made of is in
//! `list`, keywords in `grammar`, words in `text`, what `$` begins in `expansion`.

mod expansion;
mod grammar;
mod heredoc;
mod list;
mod text;

use super::dialect::{Extension, Feature};
use super::script::{
    Assignment, Connector, Construct, Kind, Place, Redirection, RedirectionOperator, Script,
    Section,
};
use super::word::{Parameter, Part, Word};
use std::ops::Range;

/// How deep things may nest. Scripts made by people stay far below; the bound keeps memory and the
/// searches in the stack small.
const DEEPEST: usize = 1000;

/// Reads a shell script. Any bytes will do.
#[must_use]
pub fn read(text: &[u8]) -> Script {
    let mut reader = Reader {
        text,
        ..Reader::default()
    };
    reader.read();
    let mut script = reader.script;
    script.commands.sort_by_key(|command| command.span.start);
    script
}

/// What the next byte is read as.
#[derive(Default)]
enum Mode {
    /// Between the words of a list of commands.
    #[default]
    List,
    /// In a word.
    Word,
    /// In double quotes.
    Quoted,
    /// In the operand of `${name...}`.
    Operand {
        slot: Slot,
        quoted: bool,
        /// Whether single quotes are ordinary, as they are in `"${a:-'b'}"`.
        plain_quotes: bool,
    },
    /// In `((...))` or `$((...))`.
    Arithmetic {
        start: usize,
        quoted: bool,
        open: usize,
    },
    /// In `name=(...)`.
    Array,
}

/// Where a parameter was put, to give it its end later.
#[derive(Clone, Copy)]
enum Slot {
    Part(usize),
    Nested(usize),
}

/// What ends a list of commands.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Closer {
    #[default]
    End,
    Paren,
    Backtick,
    Brace,
    Fi,
    Done,
    Esac,
    /// The end of one command: the body of a function.
    Single,
}

/// What the next word of a list is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Expect {
    /// A keyword, or the words of a command.
    #[default]
    Command,
    LoopVariable,
    LoopIn,
    LoopWord,
    Do,
    Subject,
    CaseIn,
    Pattern,
    FunctionName,
}

/// A list of commands that is being read: of the script, or of a construct.
#[derive(Default)]
struct List {
    closer: Closer,
    construct: Option<usize>,
    section: Section,
    expect: Expect,
    command: Pending,
    /// The construct that has just ended and may get redirections.
    after: Option<usize>,
    piped_from: bool,
    negated: bool,
    /// A redirection that waits for its target: file descriptor, operator, start, `<<-`.
    redirection: Option<(Option<u32>, RedirectionOperator, usize, bool)>,
    /// The end of what was read last.
    end: usize,
}

/// A command that is being read.
#[derive(Default)]
struct Pending {
    words: Vec<Word>,
    assignments: Vec<Assignment>,
    redirections: Vec<Redirection>,
    start: Option<usize>,
    end: usize,
    /// Whether it is a `[[` that waits for its `]]`.
    brackets: bool,
}

/// A word that is being read.
#[derive(Default)]
struct Draft {
    start: usize,
    parts: Vec<Part>,
    nested: Vec<Parameter>,
    bytes: Vec<u8>,
    /// The span of `bytes`, and whether they are quoted; `None` where there are none.
    run: Option<(Range<usize>, bool)>,
    elements: Option<Vec<Word>>,
    /// How many operands and arithmetic expressions are open: their text is not the word's.
    inner: usize,
    /// How many brackets of patterns such as `@(a|b)` are open.
    pattern: usize,
}

/// A here-document whose body begins after the next newline.
struct Awaited {
    delimiter: Vec<u8>,
    expands: bool,
    strips_tabs: bool,
}

/// The state. The innermost list, word and mode are fields of their own, so that there always is one.
#[derive(Default)]
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    mode: Mode,
    modes: Vec<Mode>,
    list: List,
    lists: Vec<List>,
    draft: Draft,
    drafts: Vec<Draft>,
    awaited: Vec<Awaited>,
    /// How many `` ` `` are open: 0 or 1, as another one closes it.
    backticks: usize,
    script: Script,
}

impl<'t> Reader<'t> {
    fn read(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'`' && self.backticks > 0 {
                self.close_backtick();
                continue;
            }
            match self.mode {
                Mode::List => self.step_list(byte),
                Mode::Word => self.step_word(byte),
                Mode::Quoted => self.step_quoted(byte),
                Mode::Operand {
                    slot,
                    quoted,
                    plain_quotes,
                } => self.step_operand(byte, slot, quoted, plain_quotes),
                Mode::Arithmetic { .. } => self.step_arithmetic(byte),
                Mode::Array => self.step_array(byte),
            }
        }
        while !self.modes.is_empty() {
            self.force_close();
        }
        self.end_command(Connector::End);
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at.checked_add(ahead)?).copied()
    }

    /// What is left to be read.
    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, span: Range<usize>) -> &'t [u8] {
        self.text.get(span).unwrap_or_default()
    }

    /// Goes on, but never past the end.
    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.text.len());
    }

    /// The length of a newline here, with a carriage return or without; 0 where there is none.
    fn newline_at(&self, ahead: usize) -> usize {
        match (self.peek_at(ahead), self.peek_at(ahead + 1)) {
            (Some(b'\n'), _) => 1,
            (Some(b'\r'), Some(b'\n')) => 2,
            _ => 0,
        }
    }

    fn note_carriage_return(&mut self, at: usize) {
        self.script.carriage_return.get_or_insert(at);
    }

    /// Notes that the script makes no sense from a place on.
    fn breaks(&mut self, at: usize) {
        let first = self.script.broken.map_or(at, |broken| broken.min(at));
        self.script.broken = Some(first);
    }

    fn extension(&mut self, span: Range<usize>, feature: Feature) {
        let extension = Extension { span, feature };
        self.script.extensions.push(extension);
    }

    fn enter(&mut self, mode: Mode) {
        self.modes.push(std::mem::replace(&mut self.mode, mode));
        if self.modes.len() >= DEEPEST && self.at < self.text.len() {
            self.breaks(self.at);
            self.at = self.text.len();
        }
    }

    fn leave(&mut self) {
        self.mode = self.modes.pop().unwrap_or_default();
    }

    /// Where a command or construct that begins now stands.
    fn place(&self) -> Option<Place> {
        let section = self.list.section;
        let construct = self.list.construct?;
        Some(Place { construct, section })
    }

    /// How deep a command or construct that begins now stands.
    fn depth(&self) -> usize {
        self.lists.len()
    }

    /// Begins a construct, and with it a list of commands.
    fn open(&mut self, kind: Kind, closer: Closer, start: usize, expect: Expect) -> usize {
        let index = self.script.constructs.len();
        let substitution = kind.is_substitution();
        let construct = Construct {
            kind,
            span: start..start,
            place: self.place(),
            depth: self.depth(),
            name: Vec::new(),
            words: Vec::new(),
            redirections: Vec::new(),
            connector: Connector::End,
            piped_from: !substitution && self.list.piped_from,
        };
        self.script.constructs.push(construct);
        if !substitution {
            self.list.piped_from = false;
            self.list.negated = false;
        }
        let section = match kind {
            Kind::If | Kind::While | Kind::Until => Section::Condition,
            _ => Section::Body,
        };
        let list = List {
            closer,
            construct: Some(index),
            section,
            expect,
            end: self.at,
            ..List::default()
        };
        self.lists.push(std::mem::replace(&mut self.list, list));
        self.enter(Mode::List);
        index
    }

    /// Ends the innermost construct at an offset; its last command has been ended before.
    fn close_list(&mut self, end: usize) {
        let Some(outer) = self.lists.pop() else {
            return;
        };
        let list = std::mem::replace(&mut self.list, outer);
        self.leave();
        if list.closer == Closer::Backtick {
            self.backticks = self.backticks.saturating_sub(1);
        }
        let Some(index) = list.construct else {
            return;
        };
        let Some(construct) = self.script.constructs.get_mut(index) else {
            return;
        };
        construct.span.end = end;
        if construct.kind.is_substitution() {
            let span = construct.span.clone();
            let quoted = matches!(self.mode, Mode::Quoted);
            self.add_part(Part::Commands {
                span,
                quoted,
                construct: index,
            });
        } else {
            self.list.after = Some(index);
            self.list.end = end;
        }
    }

    /// Ends the innermost thing, whatever it is, as if its end stood here.
    fn force_close(&mut self) {
        match self.mode {
            Mode::List => {
                let open = self.lists.len();
                self.end_command(Connector::End);
                // The body of a function has ended with its command.
                if self.lists.len() == open {
                    self.breaks(self.at);
                    self.close_list(self.at);
                }
            }
            Mode::Word => self.end_word(),
            Mode::Quoted => {
                self.breaks(self.at);
                self.leave();
            }
            Mode::Operand { slot, .. } => {
                self.breaks(self.at);
                self.end_operand(slot);
            }
            Mode::Arithmetic { .. } => {
                self.breaks(self.at);
                self.end_arithmetic();
            }
            Mode::Array => {
                self.breaks(self.at);
                self.leave();
            }
        }
    }

    /// Ends everything up to the innermost `` ` ``.
    fn close_backtick(&mut self) {
        while !matches!(self.mode, Mode::List) || self.list.closer != Closer::Backtick {
            if self.modes.is_empty() {
                self.backticks = 0;
                return;
            }
            self.force_close();
        }
        self.end_command(Connector::End);
        self.advance(1);
        self.close_list(self.at);
    }
}
