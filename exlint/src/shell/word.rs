//! Words of a shell script: literal text and expansions, with their places.
//! Nothing is expanded here, not even braces, tildes and file names.

use std::ops::Range;

/// A word as the script has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Word {
    /// Its bytes in the script, quotes included.
    pub span: Range<usize>,
    /// What it is made of, in order. An empty word (`''`) has one empty quoted text.
    pub parts: Vec<Part>,
    /// Parameters read inside of other expansions: in the operand of `${A:-$B}` and in `$((B + 1))`.
    /// What stands in a command substitution belongs to the commands there.
    pub nested: Vec<Parameter>,
}

/// A piece of a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Text, with quotes and backslashes taken away.
    Text {
        /// What is left of it.
        bytes: Vec<u8>,
        /// Whether quotes or a backslash protect it.
        quoted: bool,
        /// Where it stands; quotation marks may or may not be included.
        span: Range<usize>,
    },
    /// `$name`, `${name...}`.
    Parameter(Parameter),
    /// `$(...)`, `` `...` ``, `<(...)` or `>(...)`.
    Commands {
        /// Where it stands.
        span: Range<usize>,
        /// Whether it stands in double quotes.
        quoted: bool,
        /// Its index in `Script::constructs`.
        construct: usize,
    },
    /// `$((...))`, or a whole `((...))`.
    Arithmetic {
        /// Where it stands.
        span: Range<usize>,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
}

/// A parameter that is read: a variable, or one of `1 @ * # ? - $ ! 0`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name, without dollar sign and braces.
    pub name: String,
    /// The whole expansion.
    pub span: Range<usize>,
    /// Whether it stands in double quotes, so that it stays one word.
    pub quoted: bool,
    /// What braces do to the value.
    pub operator: Operator,
    /// Whether it has a subscript, as elements of arrays have: `${a[0]}`.
    pub subscript: bool,
}

/// What an expansion does to the value of its parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// Nothing: `$a`, `${a}`, or a name in an arithmetic expression.
    Plain,
    /// `${#a}`.
    Length,
    /// `${a-x}`, `${a:-x}`.
    Default,
    /// `${a=x}`, `${a:=x}`; also `a = x` in an arithmetic expression.
    Assign,
    /// `${a+x}`, `${a:+x}`.
    Alternative,
    /// `${a?x}`, `${a:?x}`.
    Required,
    /// `${a#x}`, `${a##x}`, `${a%x}`, `${a%%x}`.
    Trim,
    /// `${a/x/y}`, `${a//x/y}`.
    Replace,
    /// `${a:1:2}`.
    Slice,
    /// `${a^}`, `${a^^}`, `${a,}`, `${a,,}`.
    Case,
    /// `${!a}`.
    Indirect,
    /// `${a@Q}` and anything else.
    Other,
}

impl Word {
    /// The word without its quotes, if nothing in it is expanded.
    #[must_use]
    pub fn literal(&self) -> Option<Vec<u8>> {
        let mut whole = Vec::new();
        for part in &self.parts {
            let Part::Text { bytes, .. } = part else {
                return None;
            };
            whole.extend_from_slice(bytes);
        }
        Some(whole)
    }

    /// The literal text that the word begins with, up to the first expansion.
    #[must_use]
    pub fn prefix(&self) -> Vec<u8> {
        let texts = self.parts.iter().map_while(|part| match part {
            Part::Text { bytes, .. } => Some(bytes.as_slice()),
            _ => None,
        });
        texts.flatten().copied().collect()
    }

    /// Whether the word is exactly this, however it is quoted.
    #[must_use]
    pub fn is(&self, literal: &[u8]) -> bool {
        let mut rest = literal;
        for part in &self.parts {
            let Part::Text { bytes, .. } = part else {
                return false;
            };
            let Some(after) = rest.strip_prefix(bytes.as_slice()) else {
                return false;
            };
            rest = after;
        }
        rest.is_empty()
    }

    /// The word as the script has it, quotes and expansions included.
    #[must_use]
    pub fn raw<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.span.clone()).unwrap_or_default()
    }

    /// Every parameter it reads, those inside of other expansions last.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let own = self.parts.iter().filter_map(|part| match part {
            Part::Parameter(parameter) => Some(parameter),
            _ => None,
        });
        own.chain(&self.nested)
    }

    /// Whether any part of it is expanded.
    #[must_use]
    pub fn has_expansion(&self) -> bool {
        self.parts
            .iter()
            .any(|part| !matches!(part, Part::Text { .. }))
    }

    /// Whether a part of it stands between quotes or behind a backslash.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Text { quoted, .. }
            | Part::Commands { quoted, .. }
            | Part::Arithmetic { quoted, .. } => *quoted,
            Part::Parameter(parameter) => parameter.quoted,
        })
    }

    /// The name that `export NAME`, `export NAME=value` and their like are about.
    #[must_use]
    pub fn declared_name(&self) -> Option<String> {
        let prefix = self.prefix();
        let length = name_length(&prefix);
        let name = prefix.get(..length).filter(|name| !name.is_empty())?;
        let follows = prefix.get(length..).unwrap_or_default();
        let ends = match follows.first() {
            None => !self.has_expansion(),
            Some(b'=' | b'[') => true,
            Some(b'+') => follows.get(1) == Some(&b'='),
            Some(_) => false,
        };
        ends.then(|| String::from_utf8_lossy(name).into_owned())
    }

    /// What is left of the word from an offset in the script on.
    pub(super) fn tail(self, start: usize) -> Word {
        let parts = self.parts.into_iter().filter_map(|part| match part {
            Part::Text {
                bytes,
                quoted,
                span,
            } => {
                if span.start >= start {
                    return Some(Part::Text {
                        bytes,
                        quoted,
                        span,
                    });
                }
                let kept = span.end.checked_sub(start).filter(|kept| *kept > 0)?;
                let from = bytes.len().saturating_sub(kept);
                Some(Part::Text {
                    bytes: bytes.get(from..).unwrap_or_default().to_vec(),
                    quoted,
                    span: start..span.end,
                })
            }
            Part::Parameter(parameter) if parameter.span.start < start => None,
            Part::Commands { span, .. } | Part::Arithmetic { span, .. } if span.start < start => {
                None
            }
            other => Some(other),
        });
        Word {
            span: start..self.span.end.max(start),
            parts: parts.collect(),
            nested: self.nested,
        }
    }
}

impl Parameter {
    /// Whether the script says what happens when the parameter is unset, so that reading it
    /// unset is no mistake: `${a:-x}`, `${a:=x}`, `${a:+x}`.
    #[must_use]
    pub fn has_default(&self) -> bool {
        matches!(
            self.operator,
            Operator::Default | Operator::Assign | Operator::Alternative
        )
    }

    /// Whether it is a variable, neither a positional nor a special parameter.
    #[must_use]
    pub fn is_variable(&self) -> bool {
        name_length(self.name.as_bytes()) > 0
    }

    /// Whether it has to do with the script's arguments: `$1`, `$@`, `$*`, `$#`.
    #[must_use]
    pub fn is_positional(&self) -> bool {
        match self.name.as_bytes() {
            b"@" | b"*" | b"#" => true,
            b"0" => false,
            name => name.first().is_some_and(u8::is_ascii_digit),
        }
    }
}

/// How many bytes at the start are a variable's name.
pub(super) fn name_length(text: &[u8]) -> usize {
    if text.first().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    text.iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count()
}
