//! What `$` begins: parameters, command substitutions, arithmetic.

use super::{Closer, Expect, Mode, Reader, Slot};
use crate::shell::dialect::Feature;
use crate::shell::script::Kind;
use crate::shell::word::{Operator, Parameter, Part, name_length};

/// How far a closing bracket is looked for.
const LOOK_AHEAD: usize = 512;

impl Reader<'_> {
    /// Reads what a dollar sign begins.
    pub(super) fn dollar(&mut self, quoted: bool) {
        let start = self.at;
        match self.peek_at(1) {
            Some(b'(') if self.peek_at(2) == Some(b'(') && self.is_arithmetic(start + 1) => {
                self.advance(3);
                self.draft.inner += 1;
                self.enter(Mode::Arithmetic {
                    start,
                    quoted,
                    open: 0,
                });
            }
            Some(b'(') => {
                self.advance(2);
                self.open(
                    Kind::CommandSubstitution,
                    Closer::Paren,
                    start,
                    Expect::Command,
                );
            }
            Some(b'\'') if !quoted => {
                self.advance(2);
                self.ansi_quoted(start);
            }
            Some(b'"') if !quoted => {
                self.extension(start..start + 2, Feature::LocaleQuotes);
                self.advance(1);
            }
            _ => match self.parameter_at(start, quoted) {
                Some((parameter, after)) => self.parameter(parameter, after),
                None => {
                    self.advance(1);
                    self.text_byte(b'$', start, quoted);
                }
            },
        }
    }

    /// Takes a parameter whose start was read up to an offset.
    fn parameter(&mut self, parameter: Parameter, after: usize) {
        let span = parameter.span.clone();
        let operator = parameter.operator;
        let quoted = parameter.quoted;
        if parameter.subscript {
            let read = self.parameters_between(span.start + 1..after);
            self.draft.nested.extend(read);
        }
        let braced = self.text.get(span.start + 1) == Some(&b'{');
        self.at = after;
        let slot = self.add_parameter(parameter);
        if !braced {
            return;
        }
        if self.peek() == Some(b'}') {
            self.advance(1);
            self.set_end(slot);
            return;
        }
        self.draft.inner += 1;
        let plain_quotes = quoted
            && matches!(
                operator,
                Operator::Default | Operator::Assign | Operator::Alternative | Operator::Required
            );
        self.enter(Mode::Operand {
            slot,
            quoted,
            plain_quotes,
        });
    }

    /// The parameter that begins with the dollar sign at an offset, and where its operand begins.
    /// In braces, its span reaches up to there for now.
    pub(super) fn parameter_at(&self, at: usize, quoted: bool) -> Option<(Parameter, usize)> {
        let rest = self.text.get(at + 1..)?;
        let make = |name: &[u8], length: usize, operator, subscript| {
            let end = at + 1 + length;
            let name = String::from_utf8_lossy(name).into_owned();
            let parameter = Parameter {
                name,
                span: at..end,
                quoted,
                operator,
                subscript,
            };
            (parameter, end)
        };
        if rest.first() != Some(&b'{') {
            let length = match name_length(rest) {
                0 => usize::from(rest.first().is_some_and(|byte| is_special(*byte))),
                length => length,
            };
            let name = rest.get(..length).filter(|name| !name.is_empty())?;
            return Some(make(name, length, Operator::Plain, false));
        }
        let inner = rest.get(1..)?;
        // `${#}` and `${!}` are special parameters; `${#a}` and `${!a}` are operators.
        let leading = match (inner.first(), inner.get(1)) {
            (Some(b'#'), Some(b'@' | b'*' | b'?' | b'$' | b'!' | b'-'))
                if inner.get(2) == Some(&b'}') =>
            {
                Some(Operator::Length)
            }
            (Some(b'#'), Some(next)) if next.is_ascii_alphanumeric() || *next == b'_' => {
                Some(Operator::Length)
            }
            (Some(b'!'), Some(next)) if next.is_ascii_alphanumeric() || *next == b'_' => {
                Some(Operator::Indirect)
            }
            _ => None,
        };
        let skipped = usize::from(leading.is_some());
        let named = inner.get(skipped..)?;
        let length = match (name_length(named), named.first()) {
            (0, Some(digit)) if digit.is_ascii_digit() => named
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count(),
            (0, Some(special)) if is_special(*special) => 1,
            (0, _) => return None,
            (length, _) => length,
        };
        let name = named.get(..length)?;
        let mut behind = named.get(length..)?;
        let mut consumed = 1 + skipped + length;
        let mut subscript = false;
        if behind.first() == Some(&b'[') {
            let near = behind.get(..LOOK_AHEAD.min(behind.len()))?;
            if let Some(end) = near.iter().position(|byte| *byte == b']' || *byte == b'\n')
                && near.get(end) == Some(&b']')
            {
                subscript = true;
                consumed += end + 1;
                behind = behind.get(end + 1..)?;
            }
        }
        let operator = leading.unwrap_or(match (behind.first(), behind.get(1)) {
            (Some(b'}'), _) => Operator::Plain,
            (Some(b'-'), _) | (Some(b':'), Some(b'-')) => Operator::Default,
            (Some(b'='), _) | (Some(b':'), Some(b'=')) => Operator::Assign,
            (Some(b'+'), _) | (Some(b':'), Some(b'+')) => Operator::Alternative,
            (Some(b'?'), _) | (Some(b':'), Some(b'?')) => Operator::Required,
            (Some(b'#' | b'%'), _) => Operator::Trim,
            (Some(b'/'), _) => Operator::Replace,
            (Some(b'^' | b','), _) => Operator::Case,
            (Some(b':'), _) => Operator::Slice,
            // `${(x)y}` and an end that is missing.
            _ => Operator::Other,
        });
        Some(make(name, consumed, operator, subscript))
    }

    fn add_parameter(&mut self, parameter: Parameter) -> Slot {
        if self.draft.inner > 0 {
            self.draft.nested.push(parameter);
            return Slot::Nested(self.draft.nested.len() - 1);
        }
        self.add_part(Part::Parameter(parameter));
        Slot::Part(self.draft.parts.len().saturating_sub(1))
    }

    fn set_end(&mut self, slot: Slot) {
        let end = self.at;
        let parameter = match slot {
            Slot::Nested(index) => self.draft.nested.get_mut(index),
            Slot::Part(index) => match self.draft.parts.get_mut(index) {
                Some(Part::Parameter(parameter)) => Some(parameter),
                _ => None,
            },
        };
        if let Some(parameter) = parameter {
            parameter.span.end = end;
        }
    }

    pub(super) fn step_operand(&mut self, byte: u8, slot: Slot, quoted: bool, plain_quotes: bool) {
        match byte {
            b'}' => {
                self.advance(1);
                self.end_operand(slot);
            }
            b'\'' if !plain_quotes => self.single_quoted(),
            b'"' => {
                self.advance(1);
                self.enter(Mode::Quoted);
            }
            b'\\' => self.advance(2),
            b'$' => self.dollar(quoted),
            b'`' => self.open_backtick(),
            _ => self.advance(1),
        }
    }

    pub(super) fn end_operand(&mut self, slot: Slot) {
        self.draft.inner = self.draft.inner.saturating_sub(1);
        self.set_end(slot);
        self.leave();
    }

    /// Whether `((` at an offset begins arithmetic, and not a subshell in a subshell: the inner
    /// bracket closes right before the outer one.
    pub(super) fn is_arithmetic(&self, at: usize) -> bool {
        let mut open = 0_usize;
        let rest = self.text.get(at..).unwrap_or_default();
        for (index, byte) in rest.iter().enumerate().take(LOOK_AHEAD) {
            match byte {
                b'(' => open += 1,
                b')' => open = open.saturating_sub(1),
                _ => continue,
            }
            if open == 1 && index > 1 {
                return rest.get(index + 1) == Some(&b')');
            }
        }
        true
    }

    pub(super) fn step_arithmetic(&mut self, byte: u8) {
        match byte {
            b'(' | b')' => {
                let Mode::Arithmetic { open, .. } = &mut self.mode else {
                    return;
                };
                if byte == b'(' {
                    *open += 1;
                } else if *open > 0 {
                    *open -= 1;
                } else {
                    let length = if self.peek_at(1) == Some(b')') { 2 } else { 1 };
                    self.advance(length);
                    self.end_arithmetic();
                    return;
                }
                self.advance(1);
            }
            b'$' => self.dollar(true),
            b'`' => self.open_backtick(),
            b'"' => {
                self.advance(1);
                self.enter(Mode::Quoted);
            }
            b'\'' => self.single_quoted(),
            b'\\' => self.advance(2),
            b'0'..=b'9' => {
                let digits = self.rest().iter();
                let length = digits.take_while(|it| it.is_ascii_alphanumeric()).count();
                self.advance(length);
            }
            _ => match name_length(self.rest()) {
                0 => self.advance(1),
                length => self.arithmetic_name(length),
            },
        }
    }

    fn arithmetic_name(&mut self, length: usize) {
        let span = self.at..self.at + length;
        let name = String::from_utf8_lossy(self.slice(span.clone())).into_owned();
        self.advance(length);
        let blanks = self.rest().iter().take_while(|it| **it == b' ').count();
        let assigns = self.peek_at(blanks) == Some(b'=') && self.peek_at(blanks + 1) != Some(b'=');
        self.draft.nested.push(Parameter {
            name,
            span,
            quoted: true,
            operator: if assigns {
                Operator::Assign
            } else {
                Operator::Plain
            },
            subscript: self.peek() == Some(b'['),
        });
    }

    pub(super) fn end_arithmetic(&mut self) {
        let Mode::Arithmetic { start, quoted, .. } = self.mode else {
            return;
        };
        let span = start..self.at;
        self.draft.inner = self.draft.inner.saturating_sub(1);
        self.leave();
        self.add_part(Part::Arithmetic { span, quoted });
    }

    pub(super) fn open_backtick(&mut self) {
        let start = self.at;
        self.advance(1);
        self.backticks += 1;
        self.open(
            Kind::CommandSubstitution,
            Closer::Backtick,
            start,
            Expect::Command,
        );
    }
}

/// Whether `$` and this byte are a parameter.
fn is_special(byte: u8) -> bool {
    byte.is_ascii_digit() || b"@*#?-$!".contains(&byte)
}
