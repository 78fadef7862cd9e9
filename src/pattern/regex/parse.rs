//! The grammar: from the bytes of a pattern to a tree.
//!
//! It accepts what glibc accepts, with the GNU operators, and rejects the rest
//! with glibc's error. It decides nothing about matching. Open groups are kept
//! on an explicit stack, so that nesting costs memory and no call depth.

use alloc::vec::Vec;

use super::{Options, RegexError, Syntax, bracket};
use crate::pattern::class::{ByteSet, Class, is_word};

/// The greatest number in an interval.
const REPETITION_LIMIT: u16 = 32767;

/// How many of the latest sets a new one may be the same as.
const SETS_COMPARED: usize = 16;

/// The index of a node in its tree.
pub(super) type NodeId = u32;

/// A condition on a position that consumes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    WordStart,
    WordEnd,
    WordBoundary,
    NotWordBoundary,
}

/// A part of a regular expression.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Byte(u8),
    /// Any byte of the numbered set.
    Set(u32),
    Assertion(Assertion),
    Backreference(u32),
    Concatenation(NodeId, NodeId),
    Alternation(Option<NodeId>, Option<NodeId>),
    Repetition {
        child: NodeId,
        min: u16,
        max: Option<u16>,
    },
    Group {
        group: u32,
        body: Option<NodeId>,
    },
}

/// A parsed pattern.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    pub(super) sets: Vec<ByteSet>,
    /// For each group, the group whose span it reports: itself, or the group of
    /// which it is the whole body.
    pub(super) spans: Vec<u32>,
    pub(super) has_backreferences: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    End,
    TrailingBackslash,
    Byte(u8),
    Period,
    OpenBracket,
    /// `\w`, `\W`, `\s` and `\S`.
    Escape(u8),
    Assertion(Assertion),
    Backreference(u32),
    Alternation,
    OpenGroup,
    CloseGroup,
    OpenInterval,
    CloseInterval,
    Star,
    Plus,
    Question,
}

#[derive(Default)]
struct OpenGroup {
    group: u32,
    /// The alternatives before the current one, if there are any.
    alternatives: Option<Option<NodeId>>,
    branch: Option<NodeId>,
    /// The groups that back-references may name, as bits: those complete at
    /// the start, and those completed in earlier alternatives.
    complete_before: u16,
    complete_beside: u16,
}

impl OpenGroup {
    fn contents(&self, tree: &mut Tree) -> Result<Option<NodeId>, RegexError> {
        match self.alternatives {
            Some(earlier) => tree.push(Node::Alternation(earlier, self.branch)).map(Some),
            None => Ok(self.branch),
        }
    }
}

impl Tree {
    fn push(&mut self, node: Node) -> Result<NodeId, RegexError> {
        let id = NodeId::try_from(self.nodes.len()).map_err(|_| RegexError::Exhausted)?;
        self.nodes.push(node);
        Ok(id)
    }

    fn push_set(&mut self, set: ByteSet) -> Result<NodeId, RegexError> {
        // Only the latest are compared, so that many sets take no quadratic time.
        let oldest = self.sets.len().saturating_sub(SETS_COMPARED);
        let mut compared = self.sets.iter().enumerate().skip(oldest);
        let known = compared.find_map(|(index, other)| (*other == set).then_some(index));
        let index = known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        let index = u32::try_from(index).map_err(|_| RegexError::Exhausted)?;
        self.push(Node::Set(index))
    }

    pub(super) fn node(&self, id: NodeId) -> Option<Node> {
        self.nodes.get(id as usize).copied()
    }
}

struct Parser<'a> {
    pattern: &'a [u8],
    position: usize,
    basic: bool,
    options: Options,
    token: Token,
    tree: Tree,
    enclosing: Vec<OpenGroup>,
    current: OpenGroup,
    complete: u16,
}

/// Parses a pattern.
pub(super) fn parse(pattern: &[u8], syntax: Syntax, options: Options) -> Result<Tree, RegexError> {
    let mut parser = Parser {
        pattern,
        position: 0,
        basic: syntax == Syntax::Basic,
        options,
        token: Token::End,
        tree: Tree::default(),
        enclosing: Vec::new(),
        current: OpenGroup::default(),
        complete: 0,
    };
    parser.run()?;
    parser.tree.root = parser.current.contents(&mut parser.tree)?;
    Ok(parser.tree)
}

impl Parser<'_> {
    fn byte(&self, position: usize) -> Option<u8> {
        self.pattern.get(position).map(|byte| {
            if self.options.ignore_case {
                byte.to_ascii_uppercase()
            } else {
                *byte
            }
        })
    }

    /// Reads the token at a position; `caret_anchors` says whether a caret in a
    /// basic expression is an anchor even though it is not the first byte.
    fn token_at(&self, position: usize, caret_anchors: bool) -> (Token, usize) {
        let Some(byte) = self.byte(position) else {
            return (Token::End, 0);
        };
        let extended = !self.basic;
        let token = match byte {
            b'\\' => {
                // The escaped byte is not folded, even where case is ignored.
                return match self.pattern.get(position + 1) {
                    Some(escaped) => (self.escape(*escaped), 2),
                    None => (Token::TrailingBackslash, 1),
                };
            }
            b'|' if extended => Token::Alternation,
            b'*' => Token::Star,
            b'+' if extended => Token::Plus,
            b'?' if extended => Token::Question,
            b'{' if extended => Token::OpenInterval,
            b'}' if extended => Token::CloseInterval,
            b'(' if extended => Token::OpenGroup,
            b')' if extended => Token::CloseGroup,
            b'[' => Token::OpenBracket,
            b'.' => Token::Period,
            b'^' if extended || caret_anchors || position == 0 => {
                Token::Assertion(Assertion::LineStart)
            }
            b'$' if extended
                || matches!(
                    self.token_at_escape(position + 1),
                    Token::End | Token::Alternation | Token::CloseGroup
                ) =>
            {
                Token::Assertion(Assertion::LineEnd)
            }
            _ => Token::Byte(byte),
        };
        (token, 1)
    }

    /// What follows a dollar sign in a basic expression, where only escapes and
    /// the end matter.
    fn token_at_escape(&self, position: usize) -> Token {
        match self.pattern.get(position..) {
            None | Some([]) => Token::End,
            Some([b'\\', escaped, ..]) => self.escape(*escaped),
            Some(_) => Token::Period,
        }
    }

    fn escape(&self, byte: u8) -> Token {
        match byte {
            b'1'..=b'9' => Token::Backreference(u32::from(byte - b'1')),
            b'<' => Token::Assertion(Assertion::WordStart),
            b'>' => Token::Assertion(Assertion::WordEnd),
            b'b' => Token::Assertion(Assertion::WordBoundary),
            b'B' => Token::Assertion(Assertion::NotWordBoundary),
            b'`' => Token::Assertion(Assertion::TextStart),
            b'\'' => Token::Assertion(Assertion::TextEnd),
            b'w' | b'W' | b's' | b'S' => Token::Escape(byte),
            b'|' if self.basic => Token::Alternation,
            b'(' if self.basic => Token::OpenGroup,
            b')' if self.basic => Token::CloseGroup,
            b'{' if self.basic => Token::OpenInterval,
            b'}' if self.basic => Token::CloseInterval,
            b'+' if self.basic => Token::Plus,
            b'?' if self.basic => Token::Question,
            _ => Token::Byte(byte),
        }
    }

    fn advance(&mut self, caret_anchors: bool) {
        let (token, length) = self.token_at(self.position, caret_anchors);
        self.token = token;
        self.position += length;
    }

    fn run(&mut self) -> Result<(), RegexError> {
        self.advance(true);
        loop {
            let element = match self.token {
                Token::End if self.enclosing.is_empty() => return Ok(()),
                Token::End => return Err(RegexError::Group),
                Token::TrailingBackslash => return Err(RegexError::Escape),
                Token::Alternation => {
                    let earlier = self.current.contents(&mut self.tree)?;
                    self.current.alternatives = Some(earlier);
                    self.current.branch = None;
                    self.current.complete_beside |= self.complete;
                    self.complete = self.current.complete_before;
                    self.advance(true);
                    continue;
                }
                Token::Assertion(assertion) => {
                    // An assertion cannot be repeated: what looks like an
                    // operator after it stands at the start of an expression.
                    let element = self.tree.push(Node::Assertion(assertion))?;
                    self.append(element)?;
                    self.advance(false);
                    continue;
                }
                Token::OpenGroup => {
                    self.open_group()?;
                    continue;
                }
                Token::CloseGroup => match self.enclosing.pop() {
                    Some(enclosing) => self.close_group(enclosing)?,
                    None if self.basic => return Err(RegexError::Group),
                    None => self.tree.push(Node::Byte(b')'))?,
                },
                Token::Backreference(group) => {
                    if self.complete >> group & 1 == 0 {
                        return Err(RegexError::Backreference);
                    }
                    self.tree.has_backreferences = true;
                    self.tree.push(Node::Backreference(group))?
                }
                Token::OpenInterval => return Err(RegexError::Repetition),
                Token::Star | Token::Plus | Token::Question if !self.basic => {
                    return Err(RegexError::Repetition);
                }
                Token::Star => self.tree.push(Node::Byte(b'*'))?,
                Token::Plus => self.tree.push(Node::Byte(b'+'))?,
                Token::Question => self.tree.push(Node::Byte(b'?'))?,
                Token::CloseInterval => self.tree.push(Node::Byte(b'}'))?,
                Token::Byte(byte) => self.tree.push(Node::Byte(byte))?,
                Token::Period | Token::Escape(_) | Token::OpenBracket => {
                    let set = self.set()?;
                    self.tree.push_set(set)?
                }
            };
            self.advance(false);
            if let Some(element) = self.repetitions(element)? {
                self.append(element)?;
            }
        }
    }

    fn append(&mut self, element: NodeId) -> Result<(), RegexError> {
        self.current.branch = Some(match self.current.branch {
            Some(branch) => self.tree.push(Node::Concatenation(branch, element))?,
            None => element,
        });
        Ok(())
    }

    fn open_group(&mut self) -> Result<(), RegexError> {
        let group = u32::try_from(self.tree.spans.len()).map_err(|_| RegexError::Exhausted)?;
        self.tree.spans.push(group);
        let inner = OpenGroup {
            group,
            complete_before: self.complete,
            ..OpenGroup::default()
        };
        self.enclosing
            .push(core::mem::replace(&mut self.current, inner));
        self.advance(true);
        Ok(())
    }

    fn close_group(&mut self, enclosing: OpenGroup) -> Result<NodeId, RegexError> {
        let inner = core::mem::replace(&mut self.current, enclosing);
        let body = inner.contents(&mut self.tree)?;
        self.complete |= inner.complete_beside;
        if inner.group < 9 {
            self.complete |= 1 << inner.group;
        }
        self.tree.push(Node::Group {
            group: inner.group,
            body,
        })
    }

    fn set(&mut self) -> Result<ByteSet, RegexError> {
        let mut set = ByteSet::default();
        match self.token {
            Token::OpenBracket => {
                (set, self.position) = bracket::parse(self.pattern, self.position, self.options)?;
            }
            Token::Escape(b'w' | b'W') => {
                (0..=127)
                    .filter(|byte| is_word(*byte))
                    .for_each(|byte| set.insert(byte));
            }
            Token::Escape(_) => set.insert_class(Class::Space),
            _ => {
                // The dot matches anything but the null byte.
                set.insert(0);
                if self.options.newline {
                    set.insert(b'\n');
                }
                set.invert();
            }
        }
        if matches!(self.token, Token::Escape(b'W' | b'S')) {
            set.invert();
        }
        Ok(set)
    }

    /// Applies the repetition operators after an element. Nothing is left of an
    /// element that is repeated zero times.
    fn repetitions(&mut self, element: NodeId) -> Result<Option<NodeId>, RegexError> {
        let mut repeated = Some(element);
        loop {
            let (min, max) = match self.token {
                Token::Star => (0, None),
                Token::Plus => (1, None),
                Token::Question => (0, Some(1)),
                Token::OpenInterval => self.interval()?,
                _ => return Ok(repeated),
            };
            self.advance(false);
            repeated = match (repeated, min, max) {
                (None, _, _) | (_, _, Some(0)) => None,
                (Some(child), 1, Some(1)) => Some(child),
                (Some(child), _, _) => {
                    Some(self.tree.push(Node::Repetition { child, min, max })?)
                }
            };
            if self.basic && matches!(self.token, Token::Star | Token::OpenInterval) {
                return Err(RegexError::Repetition);
            }
        }
    }

    /// Reads the inside of an interval, up to the token that closes it.
    fn interval(&mut self) -> Result<(u16, Option<u16>), RegexError> {
        let min = self.number()?;
        let comma = self.token == Token::Byte(b',');
        let max = match min {
            Ok(min) if !comma => Ok(min),
            Ok(None) | Ok(Some(_)) => self.number()?,
            Err(Malformed) => Err(Malformed),
        };
        let (Ok(min), Ok(max)) = (min, max) else {
            return Err(RegexError::Interval);
        };
        if self.token != Token::CloseInterval || (min.is_none() && !comma) {
            return Err(RegexError::Interval);
        }
        let min = min.unwrap_or(0);
        if max.is_some_and(|max| min > max) {
            return Err(RegexError::Interval);
        }
        if max.unwrap_or(min) > REPETITION_LIMIT {
            return Err(RegexError::Size);
        }
        Ok((min, max))
    }

    /// Reads up to a comma or the end of the interval. The outer error is the
    /// end of the pattern.
    fn number(&mut self) -> Result<Result<Option<u16>, Malformed>, RegexError> {
        let mut number = Ok(None);
        loop {
            self.advance(false);
            number = match self.token {
                Token::End => return Err(RegexError::Brace),
                Token::CloseInterval | Token::Byte(b',') => return Ok(number),
                Token::Byte(digit @ b'0'..=b'9') => number.map(|value| {
                    let value = value.unwrap_or(0).saturating_mul(10);
                    let value = value.saturating_add(u16::from(digit - b'0'));
                    Some(value.min(REPETITION_LIMIT + 1))
                }),
                _ => Err(Malformed),
            };
        }
    }
}

/// An interval has something other than digits where a number is expected.
#[derive(Clone, Copy)]
struct Malformed;
