//! Lists of commands: blanks, operators, redirections, and what a simple command is made of.

use super::{Awaited, Closer, Expect, Mode, Reader};
use crate::shell::dialect::Feature;
use crate::shell::script::{
    Assignment, Command, Connector, Kind, Redirection, RedirectionOperator,
};
use crate::shell::word::{Part, Word, name_length};

impl Reader<'_> {
    pub(super) fn step_list(&mut self, byte: u8) {
        let brackets = self.list.command.brackets;
        let next = self.peek_at(1);
        match byte {
            b' ' | b'\t' => self.advance(1),
            b'\r' if self.newline_at(0) == 2 => {
                self.note_carriage_return(self.at);
                self.advance(1);
            }
            b'\n' => self.newline(),
            b'\\' if self.newline_at(1) > 0 => {
                if self.newline_at(1) == 2 {
                    self.note_carriage_return(self.at + 1);
                }
                self.advance(1 + self.newline_at(1));
            }
            b'#' => self.comment(),
            b';' => self.semicolon(),
            b'&' | b'|' if brackets && next == Some(byte) => self.operator_word(2),
            b'|' | b'(' | b')' | b'<' | b'>' if brackets => self.operator_word(1),
            b'&' if next == Some(b'>') => self.redirection(self.at),
            b'&' if next == Some(b'&') => self.connect(2, Connector::And),
            b'&' => self.connect(1, Connector::Background),
            b'|' if self.list.expect == Expect::Pattern => self.advance(1),
            b'|' if next == Some(b'|') => self.connect(2, Connector::Or),
            b'|' if next == Some(b'&') => {
                self.extension(self.at..self.at + 2, Feature::PipeBoth);
                self.connect(2, Connector::Pipe);
            }
            b'|' => self.connect(1, Connector::Pipe),
            b'(' => self.open_bracket(),
            b')' if self.list.expect == Expect::Pattern => {
                self.advance(1);
                self.list.expect = Expect::Command;
            }
            b')' => self.close_bracket(),
            b'<' | b'>' if next == Some(b'(') => self.begin_word(),
            b'<' | b'>' => self.redirection(self.at),
            b'0'..=b'9' if !brackets => {
                let digits = self.rest().iter();
                let length = digits.take_while(|it| it.is_ascii_digit()).count();
                let start = self.at;
                if matches!(self.peek_at(length), Some(b'<' | b'>')) {
                    self.advance(length);
                    self.redirection(start);
                } else {
                    self.begin_word();
                }
            }
            _ => self.begin_word(),
        }
    }

    pub(super) fn comment(&mut self) {
        let start = self.at;
        let backticks = self.backticks > 0;
        let ends = |byte: &u8| *byte == b'\n' || (backticks && *byte == b'`');
        let length = self.rest().iter().position(ends);
        self.advance(length.unwrap_or(self.text.len()));
        self.script.comments.push(start..self.at);
    }

    fn newline(&mut self) {
        self.advance(1);
        if self.list.command.brackets {
            let last = self.list.command.words.last();
            let last = last.map(|word| word.raw(self.text)).unwrap_or_default();
            if matches!(last, b"&&" | b"||" | b"(" | b"[[" | b"!") {
                self.read_here_documents();
                return;
            }
        }
        self.end_command(Connector::End);
        if self.list.expect == Expect::LoopWord {
            self.list.expect = Expect::Do;
        }
        self.read_here_documents();
    }

    fn semicolon(&mut self) {
        let start = self.at;
        let length = match (self.peek_at(1), self.peek_at(2)) {
            (Some(b';'), Some(b'&')) => 3,
            (Some(b';' | b'&'), _) => 2,
            _ => 1,
        };
        self.advance(length);
        if length > 1 {
            if self.slice(start..self.at).ends_with(b"&") {
                self.extension(start..self.at, Feature::CaseFallThrough);
            }
            if self.unwind_to(Closer::Esac) && self.list.expect == Expect::Command {
                self.list.expect = Expect::Pattern;
            } else {
                self.end_command(Connector::End);
                self.breaks(start);
            }
            return;
        }
        if matches!(
            self.list.expect,
            Expect::LoopIn | Expect::LoopWord | Expect::Do
        ) {
            self.list.expect = Expect::Do;
        } else if !self.end_command(Connector::End) {
            self.breaks(start);
        }
    }

    fn connect(&mut self, length: usize, connector: Connector) {
        let start = self.at;
        self.advance(length);
        if !self.end_command(connector) {
            self.breaks(start);
        }
    }

    /// An operator between `[[` and `]]`, which is a word there.
    fn operator_word(&mut self, length: usize) {
        let span = self.at..self.at + length;
        let bytes = self.slice(span.clone()).to_vec();
        self.advance(length);
        let part = Part::Text {
            bytes,
            quoted: false,
            span: span.clone(),
        };
        let parts = vec![part];
        let nested = Vec::new();
        self.push_word(Word {
            span,
            parts,
            nested,
        });
    }

    fn open_bracket(&mut self) {
        let start = self.at;
        let command = &self.list.command;
        let empty = command.start.is_none() && self.list.redirection.is_none();
        let alone = command.words.len() == 1
            && command.assignments.is_empty()
            && command.redirections.is_empty();
        if self.list.expect == Expect::Pattern {
            self.advance(1);
        } else if self.peek_at(1) == Some(b'(')
            && empty
            && matches!(self.list.expect, Expect::Command | Expect::LoopVariable)
            && self.is_arithmetic(start)
        {
            self.begin_word();
            self.advance(2);
            self.draft.inner += 1;
            self.extension(start..start + 2, Feature::ArithmeticCommand);
            self.enter(Mode::Arithmetic {
                start,
                quoted: false,
                open: 0,
            });
        } else if empty && self.list.after.is_none() && self.list.expect == Expect::Command {
            self.advance(1);
            self.open(Kind::Subshell, Closer::Paren, start, Expect::Command);
        } else if alone && self.empty_brackets() > 0 {
            self.advance(self.empty_brackets());
            self.define_function();
        } else {
            self.breaks(start);
            self.advance(1);
        }
    }

    fn close_bracket(&mut self) {
        if self.unwind_to(Closer::Paren) {
            self.advance(1);
            self.close_list(self.at);
        } else {
            self.breaks(self.at);
            self.advance(1);
        }
    }

    /// Reads a redirection's operator; `start` is where its file descriptor stands.
    fn redirection(&mut self, start: usize) {
        use RedirectionOperator as Operator;
        let operators: [(&[u8], Operator); 12] = [
            (b"&>>", Operator::AppendBoth),
            (b"&>", Operator::WriteBoth),
            (b"<<<", Operator::HereString),
            (b"<<-", Operator::HereDocument),
            (b"<<", Operator::HereDocument),
            (b"<&", Operator::Duplicate),
            (b"<>", Operator::ReadWrite),
            (b"<", Operator::Read),
            (b">>", Operator::Append),
            (b">&", Operator::Duplicate),
            (b">|", Operator::Write),
            (b">", Operator::Write),
        ];
        let rest = self.rest();
        let found = operators.iter().find(|(sign, _)| rest.starts_with(sign));
        let Some((sign, operator)) = found else {
            self.advance(1);
            return;
        };
        let fd = std::str::from_utf8(self.slice(start..self.at)).ok();
        let fd = fd.and_then(|digits| digits.parse().ok());
        self.advance(sign.len());
        match operator {
            Operator::HereString => self.extension(start..self.at, Feature::HereString),
            Operator::WriteBoth | Operator::AppendBoth => {
                self.extension(start..self.at, Feature::RedirectBoth);
            }
            _ => {}
        }
        // `{name}>file` puts a file descriptor into a variable.
        let last = self.list.command.words.last();
        if let Some(word) = last.filter(|word| word.span.end == start) {
            let raw = word.raw(self.text);
            if raw.starts_with(b"{") && raw.ends_with(b"}") {
                let span = word.span.clone();
                self.list.command.words.pop();
                self.extension(span, Feature::NamedDescriptor);
            }
        }
        if self.list.redirection.is_some() {
            self.breaks(start);
        }
        self.list.redirection = Some((fd, *operator, start, sign == b"<<-"));
        if self.list.after.is_none() {
            self.list.command.start.get_or_insert(start);
            self.list.command.end = self.at;
        }
    }

    /// Takes a word that has ended.
    pub(super) fn take_word(&mut self, word: Word, elements: Option<Vec<Word>>) {
        self.list.end = word.span.end;
        if let Some((fd, operator, start, strips_tabs)) = self.list.redirection.take() {
            let span = start..word.span.end;
            if operator == RedirectionOperator::HereDocument {
                let raw = word.raw(self.text);
                self.awaited.push(Awaited {
                    delimiter: word.literal().unwrap_or_else(|| raw.to_vec()),
                    expands: !word.is_quoted(),
                    strips_tabs,
                });
            }
            let sign = self.text.get(start);
            if operator == RedirectionOperator::Duplicate && sign == Some(&b'>') {
                let named = |target: Vec<u8>| !target.iter().all(u8::is_ascii_digit);
                if !word.is(b"-") && word.literal().is_some_and(named) {
                    self.extension(span.clone(), Feature::RedirectBoth);
                }
            }
            let end = span.end;
            let redirection = Redirection {
                fd,
                operator,
                target: word,
                span,
            };
            let after = self.list.after;
            let construct = after.and_then(|index| self.script.constructs.get_mut(index));
            if let Some(construct) = construct {
                construct.span.end = end;
                construct.redirections.push(redirection);
            } else {
                self.list.command.end = end;
                self.list.command.redirections.push(redirection);
            }
            return;
        }
        if self.list.expect != Expect::Command {
            self.expected_word(word);
            return;
        }
        let command = &self.list.command;
        if command.start.is_none() && elements.is_none() && self.keyword(&word) {
            return;
        }
        if self.list.after.is_some() {
            self.breaks(word.span.start);
            self.end_command(Connector::End);
        }
        let first = self.list.command.words.is_empty();
        if (first || elements.is_some())
            && let Some((name_end, append, value)) = self.assignment(&word)
        {
            let start = word.span.start;
            let name = self.slice(start..name_end);
            let name = String::from_utf8_lossy(name).into_owned();
            let span = word.span.clone();
            if append {
                self.extension(span.clone(), Feature::AppendingAssignment);
            }
            if self.text.get(name_end) == Some(&b'[') {
                self.extension(span.clone(), Feature::Array);
            }
            self.list.command.start.get_or_insert(start);
            self.list.command.end = span.end;
            let tail = word.clone().tail(value);
            self.list.command.assignments.push(Assignment {
                name,
                value: tail,
                elements,
                append,
                span,
            });
            if first {
                return;
            }
        }
        self.push_word(word);
    }

    fn push_word(&mut self, mut word: Word) {
        // Most words are one part, for which room for four was made.
        word.parts.shrink_to_fit();
        let raw = word.raw(self.text);
        let first = self.list.command.words.is_empty();
        let opens = first && raw == b"[[";
        let closes = raw == b"]]";
        if opens {
            self.extension(word.span.clone(), Feature::DoubleBrackets);
        }
        let command = &mut self.list.command;
        command.brackets = (command.brackets || opens) && !closes;
        command.start.get_or_insert(word.span.start);
        command.end = word.span.end;
        self.list.end = word.span.end;
        command.words.push(word);
    }

    /// Whether a word is an assignment: the end of the name, whether it appends, and where the
    /// value begins.
    fn assignment(&self, word: &Word) -> Option<(usize, bool, usize)> {
        let Some(Part::Text {
            bytes,
            quoted: false,
            ..
        }) = word.parts.first()
        else {
            return None;
        };
        let length = name_length(bytes);
        let raw = word.raw(self.text);
        if length == 0 || name_length(raw) != length {
            return None;
        }
        let mut at = length;
        if raw.get(at) == Some(&b'[') {
            let behind = raw.get(at..)?;
            at += behind.iter().position(|byte| *byte == b']')? + 1;
        }
        let append = raw.get(at) == Some(&b'+');
        at += usize::from(append);
        let start = word.span.start;
        (raw.get(at) == Some(&b'=')).then_some((start + length, append, start + at + 1))
    }

    /// Ends the command here, if there is one, and the functions whose body it is.
    pub(super) fn end_command(&mut self, connector: Connector) -> bool {
        if self.list.redirection.take().is_some() {
            self.breaks(self.at);
        }
        let mut ended = false;
        while self.finish(connector) {
            ended = true;
            if self.list.closer != Closer::Single {
                break;
            }
            self.close_list(self.list.end);
        }
        ended
    }

    fn finish(&mut self, connector: Connector) -> bool {
        let piped_from = self.list.piped_from;
        let negated = self.list.negated;
        if let Some(index) = self.list.after.take() {
            if let Some(construct) = self.script.constructs.get_mut(index) {
                construct.connector = connector;
                self.list.end = construct.span.end;
            }
        } else if let Some(start) = self.list.command.start {
            let mut pending = std::mem::take(&mut self.list.command);
            pending.words.shrink_to_fit();
            self.list.end = pending.end;
            self.script.commands.push(Command {
                words: pending.words,
                assignments: pending.assignments,
                redirections: pending.redirections,
                span: start..pending.end,
                place: self.place(),
                depth: self.depth(),
                connector,
                piped_from,
                negated,
            });
        } else {
            return false;
        }
        self.list.piped_from = connector == Connector::Pipe;
        self.list.negated = false;
        true
    }
}
