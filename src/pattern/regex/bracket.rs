//! Bracket expressions: from the byte after `[` to a set of bytes.
//!
//! In the C locale every collating element is one byte and its own equivalence
//! class, so that a set of bytes holds all there is to know. It is not shared
//! with fnmatch, whose brackets have escapes and other rules for malformed ones.

use super::{Options, RegexError};
use crate::pattern::class::{ByteSet, Class};

/// glibc keeps the name of a class or collating element in this many bytes.
const NAME_LENGTH_LIMIT: usize = 32;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    End,
    Close,
    Negate,
    Hyphen,
    /// `[.`, `[=` or `[:`, by its second byte.
    Symbol(u8),
    Byte(u8),
}

impl Token {
    fn length(self) -> usize {
        match self {
            Token::End => 0,
            Token::Symbol(_) => 2,
            _ => 1,
        }
    }
}

enum Element {
    Byte(u8),
    /// Whether the absence of a class, or of a single byte, is the error that is
    /// reported depends on where the element stands.
    Class(Option<Class>),
    Equivalence(Option<u8>),
    Collating(Option<u8>),
}

struct Brackets<'a> {
    pattern: &'a [u8],
    position: usize,
    ignore_case: bool,
}

impl Brackets<'_> {
    fn raw(&self, ahead: usize) -> Option<u8> {
        self.pattern.get(self.position + ahead).copied()
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.raw(ahead).map(|byte| {
            if self.ignore_case {
                byte.to_ascii_uppercase()
            } else {
                byte
            }
        })
    }

    fn peek(&self) -> Token {
        match self.byte(0) {
            None => Token::End,
            Some(b']') => Token::Close,
            Some(b'^') => Token::Negate,
            Some(b'-') => Token::Hyphen,
            Some(b'[') => match self.byte(1) {
                Some(kind @ (b'.' | b'=' | b':')) => Token::Symbol(kind),
                _ => Token::Byte(b'['),
            },
            Some(byte) => Token::Byte(byte),
        }
    }

    fn element(&mut self, token: Token, hyphen_allowed: bool) -> Result<Element, RegexError> {
        self.position += token.length();
        Ok(match token {
            Token::End => return Err(RegexError::Bracket),
            Token::Symbol(kind) => return self.symbol(kind),
            Token::Hyphen => {
                if !hyphen_allowed && self.peek() != Token::Close {
                    return Err(RegexError::Range);
                }
                Element::Byte(b'-')
            }
            Token::Close => Element::Byte(b']'),
            Token::Negate => Element::Byte(b'^'),
            Token::Byte(byte) => Element::Byte(byte),
        })
    }

    fn symbol(&mut self, kind: u8) -> Result<Element, RegexError> {
        let start = self.position;
        loop {
            if self.position - start >= NAME_LENGTH_LIMIT || self.raw(1).is_none() {
                return Err(RegexError::Bracket);
            }
            if self.byte(0) == Some(kind) && self.byte(1) == Some(b']') {
                break;
            }
            self.position += 1;
        }
        let name = self.pattern.get(start..self.position).unwrap_or_default();
        self.position += 2;
        let single = match *name {
            [byte] if self.ignore_case => Some(byte.to_ascii_uppercase()),
            [byte] => Some(byte),
            _ => None,
        };
        Ok(match kind {
            b':' => Element::Class(match Class::named(name) {
                Some(Class::Upper | Class::Lower) if self.ignore_case => Some(Class::Alpha),
                class => class,
            }),
            b'=' => Element::Equivalence(single),
            _ => Element::Collating(single),
        })
    }
}

/// Parses the bracket expression that begins at `position`, just after its `[`.
/// Returns the set and the position after the closing bracket.
pub(super) fn parse(
    pattern: &[u8],
    position: usize,
    options: Options,
) -> Result<(ByteSet, usize), RegexError> {
    let mut brackets = Brackets {
        pattern,
        position,
        ignore_case: options.ignore_case,
    };
    let mut set = ByteSet::default();
    let mut token = brackets.peek();
    let negated = token == Token::Negate;
    if negated {
        brackets.position += 1;
        token = brackets.peek();
        if options.newline {
            set.insert(b'\n');
        }
    }
    if token == Token::End {
        return Err(RegexError::Pattern);
    }
    let mut first = true;
    loop {
        let start = brackets.element(token, first)?;
        first = false;
        token = brackets.peek();
        let mut end = None;
        let range = matches!(start, Element::Byte(_) | Element::Collating(_));
        if range && token == Token::End {
            return Err(RegexError::Bracket);
        }
        if range && token == Token::Hyphen {
            let before = brackets.position;
            brackets.position += 1;
            match brackets.peek() {
                Token::End => return Err(RegexError::Bracket),
                Token::Close => {
                    brackets.position = before;
                    token = Token::Byte(b'-');
                }
                last => {
                    end = Some(brackets.element(last, true)?);
                    token = brackets.peek();
                }
            }
        }
        match (start, end) {
            (_, Some(Element::Class(_) | Element::Equivalence(_))) => {
                return Err(RegexError::Range);
            }
            (_, Some(Element::Collating(None))) | (Element::Collating(None), _) => {
                return Err(RegexError::Collation);
            }
            (
                Element::Byte(first) | Element::Collating(Some(first)),
                Some(Element::Byte(last) | Element::Collating(Some(last))),
            ) => {
                if first > last {
                    return Err(RegexError::Range);
                }
                (first..=last).for_each(|byte| set.insert(byte));
            }
            (Element::Class(class), _) => set.insert_class(class.ok_or(RegexError::Class)?),
            (Element::Equivalence(byte), _) => set.insert(byte.ok_or(RegexError::Collation)?),
            (Element::Byte(byte) | Element::Collating(Some(byte)), None) => set.insert(byte),
        }
        match token {
            Token::End => return Err(RegexError::Bracket),
            Token::Close => break,
            _ => {}
        }
    }
    if negated {
        set.invert();
    }
    Ok((set, brackets.position + 1))
}
