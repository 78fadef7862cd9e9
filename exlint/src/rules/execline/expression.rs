//! Whether words are an expression that `eltest` can parse. It evaluates nothing.

use execline::commands::eltest::{Lexeme, lexeme};

/// What is wrong with an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// This word cannot stand in its place; the number of words, where they end too early.
    At(usize),
    /// This parenthesis is not closed.
    Open(usize),
    /// This one closes nothing.
    Close(usize),
}

/// Parses an expression; no words at all are one.
pub fn parse(words: &[&[u8]]) -> Result<(), Wrong> {
    let mut open: Vec<usize> = Vec::new();
    // Whether an operand is wanted next, or an operator between operands.
    let mut wants_operand = true;
    let mut at = 0;
    if words.is_empty() {
        return Ok(());
    }
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).map(|word| lexeme(word));
        match (wants_operand, lexeme(word)) {
            (true, Lexeme::Open) => open.push(at),
            (true, Lexeme::Not) => {}
            (true, Lexeme::Unary) => {
                if next != Some(Lexeme::Word) {
                    return Err(Wrong::At(at + 1));
                }
                at += 1;
                wants_operand = false;
            }
            (true, Lexeme::Word) => {
                if next == Some(Lexeme::Binary) {
                    if words.get(at + 2).map(|word| lexeme(word)) != Some(Lexeme::Word) {
                        return Err(Wrong::At(at + 2));
                    }
                    at += 2;
                }
                wants_operand = false;
            }
            (false, Lexeme::And | Lexeme::Or) => wants_operand = true,
            (false, Lexeme::Close) => {
                if open.pop().is_none() {
                    return Err(Wrong::Close(at));
                }
            }
            _ => return Err(Wrong::At(at)),
        }
        at += 1;
    }
    if wants_operand {
        return Err(Wrong::At(at));
    }
    match open.last() {
        Some(&place) => Err(Wrong::Open(place)),
        None => Ok(()),
    }
}

/// True for a word that is an operator or a parenthesis, whatever stands around it.
pub fn is_operator(word: &[u8]) -> bool {
    lexeme(word) != Lexeme::Word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: Result<(), Wrong>) {
        let words: Vec<&[u8]> = expression.split(' ').map(str::as_bytes).collect();
        assert_eq!(parse(&words), expected, "{expression}");
    }

    #[test]
    fn expressions_have_operands_between_operators() {
        for expression in [
            "a",
            "! a",
            "! ! a",
            "-n a",
            "a = b",
            "( a = b -o b = b ) -a -n word",
            "( ( a ) )",
            "! ( a )",
            "-d / -a ! -e /x",
            "\\-n = a",
            "a -a b -o c -a d",
            "-x-",
        ] {
            check(expression, Ok(()));
        }
        for (expression, expected) in [
            ("-n", Wrong::At(1)),
            ("!", Wrong::At(1)),
            ("a =", Wrong::At(2)),
            ("a b", Wrong::At(1)),
            ("a == b", Wrong::At(1)),
            ("-d /x ]", Wrong::At(2)),
            ("( a", Wrong::Open(0)),
            ("a )", Wrong::Close(1)),
            ("a -a", Wrong::At(2)),
            ("-n = -n", Wrong::At(1)),
            ("( )", Wrong::At(1)),
        ] {
            check(expression, Err(expected));
        }
    }
}
