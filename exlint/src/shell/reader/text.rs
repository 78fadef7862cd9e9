//! Words: text, quotes, and where a word ends.

use super::{Closer, Draft, Expect, Mode, Reader};
use crate::shell::dialect::Feature;
use crate::shell::script::Kind;
use crate::shell::word::{Part, Word, name_length};

impl Reader<'_> {
    /// Begins a word here.
    pub(super) fn begin_word(&mut self) {
        let draft = Draft {
            start: self.at,
            ..Draft::default()
        };
        self.drafts.push(std::mem::replace(&mut self.draft, draft));
        self.enter(Mode::Word);
    }

    /// Adds a byte of text that was read from an offset up to here.
    pub(super) fn text_byte(&mut self, byte: u8, start: usize, quoted: bool) {
        self.text_run(start, quoted);
        if self.draft.inner == 0 {
            self.draft.bytes.push(byte);
        }
    }

    /// Makes sure that text from an offset up to here has a part to go to, though it be empty.
    fn text_run(&mut self, start: usize, quoted: bool) {
        if self.draft.inner > 0 {
            return;
        }
        let at = self.at;
        match &mut self.draft.run {
            Some((span, same)) if *same == quoted => span.end = at,
            _ => {
                self.flush_text();
                self.draft.run = Some((start..at, quoted));
            }
        }
    }

    fn flush_text(&mut self) {
        if let Some((span, quoted)) = self.draft.run.take() {
            let bytes = std::mem::take(&mut self.draft.bytes);
            self.draft.parts.push(Part::Text {
                bytes,
                quoted,
                span,
            });
        }
    }

    /// Adds a part that is no text; what stands in another expansion is a part of that one.
    pub(super) fn add_part(&mut self, part: Part) {
        if self.draft.inner == 0 {
            self.flush_text();
            self.draft.parts.push(part);
        }
    }

    pub(super) fn step_word(&mut self, byte: u8) {
        let start = self.at;
        match byte {
            b' ' | b'\t' | b'\n' | b';' | b'&' => self.end_word(),
            b'\r' if self.newline_at(0) == 2 => self.end_word(),
            b'|' | b'(' | b')' if self.draft.pattern > 0 => {
                match byte {
                    b'(' => self.draft.pattern += 1,
                    b')' => self.draft.pattern -= 1,
                    _ => {}
                }
                self.advance(1);
                self.text_byte(byte, start, false);
            }
            b'<' | b'>' if self.peek_at(1) == Some(b'(') => {
                self.extension(start..start + 2, Feature::ProcessSubstitution);
                self.advance(2);
                self.open(
                    Kind::ProcessSubstitution,
                    Closer::Paren,
                    start,
                    Expect::Command,
                );
            }
            b'(' if self.begins_array() => {
                self.extension(self.draft.start..start + 1, Feature::Array);
                self.advance(1);
                self.draft.elements = Some(Vec::new());
                self.enter(Mode::Array);
            }
            b'(' if self.begins_pattern() => {
                self.extension(start.saturating_sub(1)..start + 1, Feature::ExtendedPattern);
                self.draft.pattern = 1;
                self.advance(1);
                self.text_byte(byte, start, false);
            }
            b'|' | b'(' | b')' | b'<' | b'>' => self.end_word(),
            b'\'' => self.single_quoted(),
            b'"' => {
                self.advance(1);
                self.text_run(start, true);
                self.enter(Mode::Quoted);
            }
            b'$' => self.dollar(false),
            b'`' => self.open_backtick(),
            b'\\' => self.backslash(),
            _ => {
                self.advance(1);
                self.text_byte(byte, start, false);
            }
        }
    }

    fn backslash(&mut self) {
        let start = self.at;
        let newline = self.newline_at(1);
        if newline > 0 {
            if newline == 2 {
                self.note_carriage_return(start + 1);
            }
            // The bytes of a run are its span's, so a run does not reach over what is dropped.
            self.flush_text();
            self.advance(1 + newline);
            return;
        }
        self.advance(2);
        let byte = self.text.get(start + 1).copied().unwrap_or(b'\\');
        self.text_byte(byte, start, true);
    }

    /// Whether the word so far is `name=` or `name+=`.
    fn begins_array(&self) -> bool {
        let word = self.slice(self.draft.start..self.at);
        if self.draft.elements.is_some() || word.last() != Some(&b'=') {
            return false;
        }
        let rest = word.get(name_length(word)..).unwrap_or_default();
        rest.len() < word.len() && matches!(rest, b"=" | b"+=")
    }

    /// Whether the byte before makes a bracket begin a pattern such as `@(a|b)`.
    fn begins_pattern(&self) -> bool {
        let Some((span, false)) = &self.draft.run else {
            return false;
        };
        // `!(a)` as a whole word is a pattern where arguments are, and a negated subshell else.
        let whole = self.draft.parts.is_empty() && self.draft.bytes == b"!";
        let argument = !self.list.command.words.is_empty() && !self.list.command.brackets;
        span.end == self.at
            && matches!(
                self.draft.bytes.last(),
                Some(b'@' | b'?' | b'*' | b'+' | b'!')
            )
            && (!whole || argument)
    }

    /// Reads `'...'`.
    pub(super) fn single_quoted(&mut self) {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\'');
        let content = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        self.at = match length {
            Some(length) => start + length + 2,
            None => {
                self.breaks(start);
                self.text.len()
            }
        };
        self.text_run(start, true);
        if self.draft.inner == 0 {
            self.draft.bytes.extend_from_slice(content);
        }
    }

    /// Reads the rest of `$'...'`; `start` is where the dollar sign stands.
    pub(super) fn ansi_quoted(&mut self, start: usize) {
        self.extension(start..start + 2, Feature::AnsiQuotes);
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                None => {
                    self.breaks(start);
                    break;
                }
                Some(b'\'') => {
                    self.advance(1);
                    break;
                }
                Some(b'\\') => {
                    let next = self.peek_at(1).unwrap_or(b'\\');
                    self.advance(2);
                    match next {
                        b'n' => bytes.push(b'\n'),
                        b't' => bytes.push(b'\t'),
                        b'r' => bytes.push(b'\r'),
                        b'e' | b'E' => bytes.push(0x1b),
                        b'\\' | b'\'' | b'"' | b'?' => bytes.push(next),
                        // Numbers and rare letters are left as they are written.
                        _ => bytes.extend([b'\\', next]),
                    }
                }
                Some(byte) => {
                    self.advance(1);
                    bytes.push(byte);
                }
            }
        }
        self.text_run(start, true);
        if self.draft.inner == 0 {
            self.draft.bytes.append(&mut bytes);
        }
    }

    pub(super) fn step_quoted(&mut self, byte: u8) {
        let start = self.at;
        match byte {
            b'"' => {
                self.advance(1);
                self.text_end();
                self.leave();
            }
            b'$' => self.dollar(true),
            b'`' => self.open_backtick(),
            b'\\' => {
                let newline = self.newline_at(1);
                if newline > 0 {
                    self.advance(1 + newline);
                    return;
                }
                match self.peek_at(1) {
                    Some(next @ (b'$' | b'`' | b'"' | b'\\')) => {
                        self.advance(2);
                        self.text_byte(next, start, true);
                    }
                    _ => {
                        self.advance(1);
                        self.text_byte(b'\\', start, true);
                    }
                }
            }
            _ => {
                self.advance(1);
                self.text_byte(byte, start, true);
            }
        }
    }

    /// Lets a closing quotation mark belong to the text before it.
    fn text_end(&mut self) {
        let at = self.at;
        if self.draft.inner == 0
            && let Some((span, true)) = &mut self.draft.run
        {
            span.end = at;
        }
    }

    /// Ends the word before the byte here and gives it to what it stands in.
    pub(super) fn end_word(&mut self) {
        self.flush_text();
        let outer = self.drafts.pop().unwrap_or_default();
        let draft = std::mem::replace(&mut self.draft, outer);
        self.leave();
        let word = Word {
            span: draft.start..self.at,
            parts: draft.parts,
            nested: draft.nested,
        };
        match self.mode {
            Mode::Array => {
                let elements = self.draft.elements.get_or_insert_default();
                elements.push(word);
            }
            _ => self.take_word(word, draft.elements),
        }
    }

    pub(super) fn step_array(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => self.advance(1),
            b'\\' if self.newline_at(1) > 0 => self.advance(1 + self.newline_at(1)),
            b'#' => self.comment(),
            b')' => {
                self.advance(1);
                self.leave();
            }
            b'<' | b'>' if self.peek_at(1) == Some(b'(') => self.begin_word(),
            b';' | b'&' | b'|' | b'(' | b'<' | b'>' => {
                self.breaks(self.at);
                self.advance(1);
            }
            _ => self.begin_word(),
        }
    }
}
