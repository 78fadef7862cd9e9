//! Keywords, and the words that stand at fixed places in constructs.

use super::{Closer, Expect, Pending, Reader};
use crate::shell::dialect::Feature;
use crate::shell::script::{Connector, Kind, Section};
use crate::shell::word::Word;

impl Reader<'_> {
    /// Takes a word at the start of a command, if it is a keyword.
    pub(super) fn keyword(&mut self, word: &Word) -> bool {
        let start = word.span.start;
        let text = self.text;
        let raw = word.raw(text);
        let ready = self.list.after.is_none();
        let (kind, closer, expect) = match raw {
            b"then" | b"elif" | b"else" => {
                let section = if raw == b"elif" {
                    Section::Condition
                } else {
                    Section::Body
                };
                return self.next_section(start, Closer::Fi, section);
            }
            b"do" => return self.next_section(start, Closer::Done, Section::Body),
            b"fi" => return self.close_keyword(word, Closer::Fi),
            b"done" => return self.close_keyword(word, Closer::Done),
            b"esac" => return self.close_keyword(word, Closer::Esac),
            b"}" => return self.close_keyword(word, Closer::Brace),
            _ if !ready => return false,
            b"!" => {
                self.list.negated = true;
                return true;
            }
            b"if" => (Kind::If, Closer::Fi, Expect::Command),
            b"while" => (Kind::While, Closer::Done, Expect::Command),
            b"until" => (Kind::Until, Closer::Done, Expect::Command),
            b"for" => (Kind::For, Closer::Done, Expect::LoopVariable),
            b"select" => (Kind::Select, Closer::Done, Expect::LoopVariable),
            b"case" => (Kind::Case, Closer::Esac, Expect::Subject),
            b"{" => (Kind::Group, Closer::Brace, Expect::Command),
            b"function" => (Kind::Function, Closer::Single, Expect::FunctionName),
            _ => return false,
        };
        match kind {
            Kind::Select => self.extension(word.span.clone(), Feature::Select),
            Kind::Function => self.extension(word.span.clone(), Feature::FunctionKeyword),
            _ => {}
        }
        self.open(kind, closer, start, expect);
        true
    }

    fn next_section(&mut self, start: usize, closer: Closer, section: Section) -> bool {
        if self.unwind_to(closer) {
            self.list.section = section;
        } else {
            self.breaks(start);
        }
        true
    }

    fn close_keyword(&mut self, word: &Word, closer: Closer) -> bool {
        if self.unwind_to(closer) {
            self.close_list(word.span.end);
        } else {
            self.breaks(word.span.start);
        }
        true
    }

    /// Ends commands and constructs up to the innermost list that ends so; false if there is none
    /// that could be meant from here.
    pub(super) fn unwind_to(&mut self, closer: Closer) -> bool {
        let walls = [Closer::Paren, Closer::Backtick];
        let mut lists = std::iter::once(&self.list).chain(self.lists.iter().rev());
        let nearest = lists.find(|list| list.closer == closer || walls.contains(&list.closer));
        if nearest.is_none_or(|list| list.closer != closer) {
            return false;
        }
        while self.list.closer != closer {
            self.force_close();
        }
        self.end_command(Connector::End);
        true
    }

    /// Takes a word where the construct wants a certain one.
    pub(super) fn expected_word(&mut self, word: Word) {
        let text = self.text;
        let raw = word.raw(text);
        let index = self.list.construct;
        let construct = index.and_then(|index| self.script.constructs.get_mut(index));
        let Some(construct) = construct else {
            return;
        };
        let start = word.span.start;
        let mut as_expected = true;
        self.list.expect = match (self.list.expect, raw) {
            (Expect::LoopVariable, _) if raw.starts_with(b"((") => {
                construct.words.push(word);
                Expect::Do
            }
            (Expect::LoopVariable, _) => {
                construct.name = word.literal().unwrap_or_else(|| raw.to_vec());
                Expect::LoopIn
            }
            (Expect::LoopIn, b"in") => Expect::LoopWord,
            (Expect::LoopIn | Expect::Do, b"do") => Expect::Command,
            (Expect::LoopWord, _) => {
                construct.words.push(word);
                Expect::LoopWord
            }
            (Expect::Subject, _) => {
                construct.words.push(word);
                Expect::CaseIn
            }
            (Expect::CaseIn, b"in") => Expect::Pattern,
            (Expect::CaseIn, _) => {
                as_expected = false;
                Expect::Pattern
            }
            (Expect::Pattern, b"esac") => {
                self.close_list(word.span.end);
                return;
            }
            (Expect::Pattern, _) => {
                construct.words.push(word);
                Expect::Pattern
            }
            (Expect::FunctionName, _) => {
                construct.name = word.literal().unwrap_or_else(|| raw.to_vec());
                let blanks = self.rest().iter().take_while(|it| **it == b' ').count();
                self.advance(blanks);
                self.advance(self.empty_brackets());
                Expect::Command
            }
            (Expect::LoopIn | Expect::Do | Expect::Command, _) => {
                as_expected = false;
                Expect::Command
            }
        };
        if !as_expected {
            self.breaks(start);
        }
    }

    /// The length of `()` here, 0 where there is none.
    pub(super) fn empty_brackets(&self) -> usize {
        let Some(inner) = self.rest().strip_prefix(b"(") else {
            return 0;
        };
        let blanks = inner.iter().take_while(|it| **it == b' ').count();
        if inner.get(blanks) == Some(&b')') {
            blanks + 2
        } else {
            0
        }
    }

    /// Makes a function's name of the word that is there.
    pub(super) fn define_function(&mut self) {
        let pending = std::mem::take(&mut self.list.command);
        let Some(word) = pending.words.into_iter().next() else {
            self.list.command = Pending::default();
            return;
        };
        let start = word.span.start;
        let index = self.open(Kind::Function, Closer::Single, start, Expect::Command);
        if let Some(construct) = self.script.constructs.get_mut(index) {
            construct.name = word
                .literal()
                .unwrap_or_else(|| word.raw(self.text).to_vec());
        }
    }
}
