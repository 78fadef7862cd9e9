//! POSIX basic and extended regular expressions over bytes, in the C locale.
//!
//! A pattern is parsed as glibc parses it, compiled to a nondeterministic
//! automaton, and matched leftmost-longest. Matching without back-references
//! takes time proportional to the product of program and text; with them, or
//! for sub-matches, the work is bounded and a pattern that exceeds the bound
//! ends in [`RegexError::Exhausted`] instead of taking forever.
//!
//! Sub-matches follow glibc and not the letter of POSIX: inside the longest
//! span, glibc takes the first alternative and the longest repetition that
//! still reach the end of the span, and keeps the spans of earlier iterations.
//!
//! Where glibc (2.36) is plainly wrong, POSIX is followed instead:
//! - With groups and repetitions, `$` before a newline that is then matched holds
//!   or not depending on whether sub-matches were asked for; here it holds at the
//!   end of the text only. (That `^` holds after a newline that was matched is
//!   consistent in glibc, and kept.)
//! - Word anchors, and anchors inside repeated groups, can hold in glibc where
//!   they do not, and the other way round: `a*\B` on `ba`.
//! - Back-references to a group that an interval repeats, as in `(aa){0,2}\1`,
//!   see only some of its copies, and where loops and back-references meet, glibc
//!   loses the spans of groups it passed: `\(a*\)*\1`.
//! - On some nested loops around nothing glibc never returns, and on some repeated
//!   empty back-references it overflows its stack.
//!
//! It is deliberately not a search library: there is no iteration over matches,
//! no replacement, and none of the locale-dependent parts of POSIX.

mod backreference;
mod bracket;
mod captures;
mod forks;
mod parse;
mod predecessors;
mod program;
mod registers;
mod simulate;

use alloc::vec::Vec;

use program::Program;

/// Which of the two POSIX notations a pattern is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Basic regular expressions, with the GNU operators `\+`, `\?` and `\|`.
    Basic,
    /// Extended regular expressions.
    Extended,
}

/// How a pattern is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Upper and lower case letters are equivalent, as with `REG_ICASE`.
    pub ignore_case: bool,
    /// Newlines delimit lines for `^`, `$`, `.` and `[^…]`, as with `REG_NEWLINE`.
    pub newline: bool,
}

/// Why a pattern cannot be compiled, or a text cannot be matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexError {
    /// The pattern is malformed in a way that has no error of its own.
    Pattern,
    /// A collating element does not exist in the C locale.
    Collation,
    /// A name in `[:name:]` is not a character class.
    Class,
    /// The pattern ends in a backslash.
    Escape,
    /// A back-reference does not refer to a complete group before it.
    Backreference,
    /// A bracket expression is not closed.
    Bracket,
    /// A group is not closed, or was never opened.
    Group,
    /// An interval is not closed.
    Brace,
    /// An interval does not hold one or two numbers in order.
    Interval,
    /// A range in a bracket expression is in the wrong order or has no end.
    Range,
    /// The pattern or the match would take more memory or steps than allowed.
    Exhausted,
    /// A repetition operator has nothing to repeat.
    Repetition,
    /// An interval exceeds the greatest number of repetitions.
    Size,
}

impl RegexError {
    /// The text that glibc's `regerror()` has for this error.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            RegexError::Pattern => "Invalid regular expression",
            RegexError::Collation => "Invalid collation character",
            RegexError::Class => "Invalid character class name",
            RegexError::Escape => "Trailing backslash",
            RegexError::Backreference => "Invalid back reference",
            RegexError::Bracket => "Unmatched [, [^, [:, [., or [=",
            RegexError::Group => "Unmatched ( or \\(",
            RegexError::Brace => "Unmatched \\{",
            RegexError::Interval => "Invalid content of \\{\\}",
            RegexError::Range => "Invalid range end",
            RegexError::Exhausted => "Memory exhausted",
            RegexError::Repetition => "Invalid preceding regular expression",
            RegexError::Size => "Regular expression too big",
        }
    }

    /// Whether a limit was reached, as opposed to the pattern being wrong.
    #[must_use]
    pub const fn is_exhausted(self) -> bool {
        matches!(self, RegexError::Exhausted)
    }
}

impl core::fmt::Display for RegexError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(self.message())
    }
}

impl core::error::Error for RegexError {}

/// The offsets of the first byte of a match and of the first byte after it.
pub type Span = (usize, usize);

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub struct Regex {
    program: Program,
}

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// The error that glibc's `regcomp()` gives for the pattern, or
    /// [`RegexError::Exhausted`] if its automaton would be too large.
    pub fn new(pattern: &[u8], syntax: Syntax, options: Options) -> Result<Regex, RegexError> {
        let tree = parse::parse(pattern, syntax, options)?;
        let program = program::compile(tree, options)?;
        Ok(Regex { program })
    }

    /// The number of groups in the pattern.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.program.groups()
    }

    /// Whether the pattern matches anywhere in the text.
    ///
    /// # Errors
    ///
    /// [`RegexError::Exhausted`] if the pattern has back-references and the
    /// search takes too many steps.
    pub fn is_match(&self, text: &[u8]) -> Result<bool, RegexError> {
        if self.program.has_backreferences() {
            return backreference::is_match(&self.program, text);
        }
        Ok(simulate::search(&self.program, text, true).is_some())
    }

    /// The leftmost-longest match: the spans of the whole match and of each
    /// group, where a group that took no part has none.
    ///
    /// # Errors
    ///
    /// [`RegexError::Exhausted`] if finding the spans takes too much memory or
    /// too many steps.
    pub fn captures(&self, text: &[u8]) -> Result<Option<Vec<Option<Span>>>, RegexError> {
        if self.program.has_backreferences() {
            return backreference::captures(&self.program, text);
        }
        match simulate::search(&self.program, text, false) {
            Some(span) => captures::captures(&self.program, text, span).map(Some),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
