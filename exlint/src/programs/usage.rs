//! Usage lines: `name [ -n count ] [ -q ] [ --long=arg ] operand { block... } prog...`
//! to signatures.
//!
//! The lists of known programs are written so, and the lines of a configuration. It is not a
//! parser of what programs print of themselves, which has no grammar.
//!
//! | written | means |
//! | --- | --- |
//! | `[ -q ]`, `[ -qv ]` | options without argument |
//! | `[ -n count ]`, `[ --count=count ]` | options with an argument |
//! | `[ -x \| -y ]` | both |
//! | `[ -p args... ]` | an option that any words follow, and no program |
//! | `[ -* ]` | any word that begins with `-` is an option |
//! | `[ name=value... ]` | words that set variables |
//! | `operand`, `[ operand ]` | an operand; its name decides on its kind |
//! | `{ prog... }`, `{ words... }` | a block that is a command line, or a list |
//! | `{ word { prog... } ... }` | a block of cases |
//! | `prog...`, `[ prog... ]` | goes on with a program |
//! | `args...` | any words |

use super::signature::{OperandKind, OperandSignature, OptionSignature, Origin, Rest, Signature};
use nom::bytes::complete::take_while1;
use nom::character::complete::{char, multispace0};
use nom::error::{ErrorKind, ParseError};
use nom::sequence::preceded;
use nom::{IResult, Parser};
use std::fmt;

/// What is wrong with a usage line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    /// The place: so many bytes of the line are before it.
    pub offset: usize,
    /// What would have been right there.
    pub expected: &'static str,
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "byte {}: expected {}",
            self.offset.saturating_add(1),
            self.expected
        )
    }
}

impl std::error::Error for UsageError {}

/// Reads a usage line.
///
/// # Errors
///
/// Where the line is none: the place, and what would have been right there.
pub fn parse(line: &str, origin: Origin) -> Result<Signature, UsageError> {
    match signature(line, origin) {
        Ok((_, signature)) => Ok(signature),
        Err(nom::Err::Error(wrong) | nom::Err::Failure(wrong)) => Err(UsageError {
            offset: line.len().saturating_sub(wrong.at.len()),
            expected: wrong.expected,
        }),
        Err(nom::Err::Incomplete(_)) => Err(UsageError {
            offset: line.len(),
            expected: NAME,
        }),
    }
}

const NAME: &str = "the name of a program";
const ITEM: &str = "an operand, `[`, `{`, or a name with `...`";
const END: &str = "the end of the line: nothing can follow the rest";
const OPTION: &str = "`-` and a letter, `--` and a name, or `-*`";
const LETTER: &str = "one letter: several take no argument together";
const IN_BRACKETS: &str = "an option in brackets, as in `[ -n count ]`";
const OPERAND_NAME: &str = "the name of an operand";
const CLOSING_BRACKET: &str = "`]`";
const OPTION_END: &str = "`|` or `]`";
const BLOCK: &str = "the name of what is in the block";
const CLOSING_BRACE: &str = "`}`";

/// What was expected, and the text from there on.
#[derive(Debug)]
struct Wrong<'t> {
    at: &'t str,
    expected: &'static str,
}

impl<'t> ParseError<&'t str> for Wrong<'t> {
    fn from_error_kind(at: &'t str, _: ErrorKind) -> Wrong<'t> {
        Wrong { at, expected: ITEM }
    }

    fn append(_: &'t str, _: ErrorKind, other: Wrong<'t>) -> Wrong<'t> {
        other
    }
}

type Parsed<'t, T> = IResult<&'t str, T, Wrong<'t>>;

fn wrong<'t, T>(at: &'t str, expected: &'static str) -> Parsed<'t, T> {
    let at = at.trim_start();
    Err(nom::Err::Failure(Wrong { at, expected }))
}

fn symbol<'t>(text: &'t str, wanted: char) -> Parsed<'t, char> {
    preceded(multispace0, char(wanted)).parse(text)
}

fn word(text: &str) -> Parsed<'_, &str> {
    let is_of_word = |letter: char| !letter.is_whitespace() && !"[]{}|".contains(letter);
    preceded(multispace0, take_while1(is_of_word)).parse(text)
}

/// A word, with the place it begins at.
fn placed_word(text: &str) -> Parsed<'_, (&str, &str)> {
    let (begin, _) = multispace0(text)?;
    let (after, word) = word(begin)?;
    Ok((after, (begin, word)))
}

fn expect<'t>(text: &'t str, wanted: char, expected: &'static str) -> Parsed<'t, ()> {
    match symbol(text, wanted) {
        Ok((text, _)) => Ok((text, ())),
        Err(_) => wrong(text, expected),
    }
}

fn signature(line: &str, origin: Origin) -> Parsed<'_, Signature> {
    let Ok((mut text, name)) = word(line) else {
        return wrong(line, NAME);
    };
    if name.starts_with('-') || name.ends_with(ELLIPSIS) {
        return wrong(line, NAME);
    }
    let mut signature = Signature::new(name, origin);
    let mut end = false;
    while !text.trim_start().is_empty() {
        if end {
            return wrong(text, END);
        }
        (text, end) = match symbol(text, '[') {
            Ok((text, _)) => bracket(text, &mut signature)?,
            Err(_) => item(text, &mut signature, false)?,
        };
    }
    Ok((text, signature))
}

/// What is behind `[`: options, assignments, or operands. True if the rest was among them.
fn bracket<'t>(text: &'t str, signature: &mut Signature) -> Parsed<'t, bool> {
    if text.trim_start().starts_with('-') {
        return Ok((options(text, signature)?.0, false));
    }
    if let Ok((after, name)) = word(text)
        && name.contains('=')
        && name.ends_with(ELLIPSIS)
    {
        signature.assignments = true;
        return Ok((expect(after, ']', CLOSING_BRACKET)?.0, false));
    }
    let (mut text, mut end) = item(text, signature, true)?;
    while !end && symbol(text, ']').is_err() {
        (text, end) = item(text, signature, true)?;
    }
    Ok((expect(text, ']', CLOSING_BRACKET)?.0, end))
}

fn options<'t>(text: &'t str, signature: &mut Signature) -> Parsed<'t, ()> {
    let mut text = option(text, signature)?.0;
    while let Ok((after, _)) = symbol(text, '|') {
        text = option(after, signature)?.0;
    }
    expect(text, ']', OPTION_END)
}

fn option<'t>(text: &'t str, signature: &mut Signature) -> Parsed<'t, ()> {
    let Ok((after, (begin, name))) = placed_word(text) else {
        return wrong(text, OPTION);
    };
    if name == "-*" {
        signature.unknown_options = true;
        return Ok((after, ()));
    }
    if let Some(long) = name.strip_prefix("--") {
        let (long, argument) = match long.split_once('=') {
            Some((long, argument)) => (long, Some(argument)),
            None => (long, None),
        };
        if long.is_empty() || argument.is_some_and(str::is_empty) {
            return wrong(begin, OPTION);
        }
        let (after, ends) = match word(after) {
            Ok((after, words)) if words.ends_with(ELLIPSIS) => (after, true),
            _ => (after, false),
        };
        signature.options.push(OptionSignature {
            long: Some(long.to_owned()),
            argument: argument.map(str::to_owned),
            ends,
            ..OptionSignature::default()
        });
        return Ok((after, ()));
    }
    let letters = name.strip_prefix('-').unwrap_or_default();
    if letters.is_empty() || !letters.bytes().all(|letter| letter.is_ascii_graphic()) {
        return wrong(begin, OPTION);
    }
    let (after, argument, ends) = match word(after) {
        Ok((_, argument)) if argument.starts_with('-') => return wrong(after, OPTION_END),
        Ok((after, words)) if words.ends_with(ELLIPSIS) => (after, None, true),
        Ok((after, argument)) => (after, Some(argument), false),
        Err(_) => (after, None, false),
    };
    if argument.is_some() && letters.len() > 1 {
        return wrong(begin, LETTER);
    }
    for letter in letters.bytes() {
        signature.options.push(OptionSignature {
            letter: Some(letter),
            argument: argument.map(str::to_owned),
            ends,
            ..OptionSignature::default()
        });
    }
    Ok((after, ()))
}

/// An operand, a block or the rest. True if it was the rest.
fn item<'t>(text: &'t str, signature: &mut Signature, optional: bool) -> Parsed<'t, bool> {
    if let Ok((after, _)) = symbol(text, '{') {
        let (after, (name, kind)) = block(after)?;
        signature.operands.push(OperandSignature {
            name,
            kind,
            optional,
        });
        return Ok((after, false));
    }
    let Ok((after, (begin, first))) = placed_word(text) else {
        return wrong(text, ITEM);
    };
    if first == "-*" {
        signature.unknown_options = true;
        return Ok((after, false));
    }
    if first.starts_with('-') {
        return wrong(begin, IN_BRACKETS);
    }
    let (after, (name, repeated)) = alternatives(after, first)?;
    if !repeated {
        signature.operands.push(OperandSignature {
            kind: OperandKind::named(&name),
            name,
            optional,
        });
        return Ok((after, false));
    }
    let before = signature.operands.last();
    // `prog args...` means the same as `prog...`.
    let program_before =
        before.is_some_and(|operand| !operand.kind.is_block() && is_program(&operand.name));
    signature.rest = match (is_program(&name), program_before) {
        (true, _) if optional => Rest::Optional,
        (true, _) => Rest::Required,
        (false, false) => Rest::Words,
        (false, true) => match signature.operands.pop() {
            Some(program) if program.optional => Rest::Optional,
            _ => Rest::Required,
        },
    };
    Ok((after, true))
}

/// Further names of an operand, as in `fd|variable`: all of them as one name, and whether dots
/// say that it is repeated.
fn alternatives<'t>(text: &'t str, first: &str) -> Parsed<'t, (String, bool)> {
    let (mut text, mut names) = (text, first.to_owned());
    while let Ok((after, _)) = symbol(text, '|') {
        let Ok((after, name)) = word(after) else {
            return wrong(after, OPERAND_NAME);
        };
        names.push('|');
        names.push_str(name);
        text = after;
    }
    let Some(name) = names.strip_suffix(ELLIPSIS) else {
        return Ok(match dots(text) {
            Some(text) => (text, (names, true)),
            None => (text, (names, false)),
        });
    };
    if name.is_empty() {
        return wrong(text, OPERAND_NAME);
    }
    Ok((text, (name.to_owned(), true)))
}

/// What is behind dots that stand by themselves.
fn dots(text: &str) -> Option<&str> {
    word(text)
        .ok()
        .and_then(|(after, word)| (word == ELLIPSIS).then_some(after))
}

/// What is behind `{`: the name of the operand, and its kind.
fn block(text: &str) -> Parsed<'_, (String, OperandKind)> {
    let Ok((text, name)) = word(text) else {
        return wrong(text, BLOCK);
    };
    if symbol(text, '{').is_ok() {
        return Ok((cases(text)?.0, (bare(name).to_owned(), OperandKind::Cases)));
    }
    let text = dots(text).unwrap_or(text);
    let kind = if is_program(bare(name)) {
        OperandKind::Program
    } else {
        OperandKind::Words
    };
    let (text, ()) = expect(text, '}', CLOSING_BRACE)?;
    Ok((text, (bare(name).to_owned(), kind)))
}

/// What is behind the word of a case, to the end of the block that it is in.
fn cases(text: &str) -> Parsed<'_, ()> {
    let (text, _) = symbol(text, '{')?;
    let Ok((text, _)) = word(text) else {
        return wrong(text, BLOCK);
    };
    let text = dots(text).unwrap_or(text);
    let (text, ()) = expect(text, '}', CLOSING_BRACE)?;
    expect(dots(text).unwrap_or(text), '}', CLOSING_BRACE)
}

const ELLIPSIS: &str = "...";

fn bare(name: &str) -> &str {
    name.strip_suffix(ELLIPSIS).unwrap_or(name)
}

fn is_program(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "prog" | "program" | "command" | "cmd" | "remainder"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(line: &str) -> Signature {
        match parse(line, Origin::Configured) {
            Ok(signature) => signature,
            Err(error) => panic!("{line}: {error}"),
        }
    }

    /// The operands as `name:Kind`, with `?` where optional.
    fn operands(line: &str) -> String {
        let described = |operand: &OperandSignature| {
            let mark = if operand.optional { "?" } else { "" };
            format!("{}:{:?}{mark}", operand.name, operand.kind)
        };
        let operands: Vec<String> = read(line).operands.iter().map(described).collect();
        operands.join(" ")
    }

    /// The options as `-n count` and `--long arg`.
    fn options(line: &str) -> String {
        let described = |option: &OptionSignature| {
            let letter = option.letter.map(|letter| format!("-{}", letter as char));
            let long = option.long.as_ref().map(|long| format!("--{long}"));
            let argument = option.argument.clone();
            let parts: Vec<String> = [letter, long, argument].into_iter().flatten().collect();
            parts.join(" ")
        };
        let options: Vec<String> = read(line).options.iter().map(described).collect();
        options.join(", ")
    }

    #[test]
    fn options_stand_in_brackets() {
        for (line, expected) in [
            ("a [ -n count ] [ -q ]", "-n count, -q"),
            ("a [-n count] [-q]", "-n count, -q"),
            ("a [ -x | -y ] prog...", "-x, -y"),
            (
                "a [ -x arg | --long=arg | --flag ]",
                "-x arg, --long arg, --flag",
            ),
            ("a [ -qv0 ]", "-q, -v, -0"),
            ("a [ -1 ] [ -? ]", "-1, -?"),
        ] {
            assert_eq!(options(line), expected, "{line}");
        }
    }

    #[test]
    fn option_with_dots_is_followed_by_words() {
        let signature = read("a [ -p args... | --pid args... | --split=x args... | -q ] prog...");
        for (long, argument) in [
            (None, None),
            (Some("pid"), None),
            (Some("split"), Some("x")),
        ] {
            let option = signature.options.iter().find(|option| {
                option.long.as_deref() == long && option.argument.as_deref() == argument
            });
            assert!(option.is_some_and(|option| option.ends), "{long:?}");
        }
        assert!(signature.letter(b'q').is_some_and(|option| !option.ends));
    }

    #[test]
    fn names_decide_on_kinds() {
        for (line, expected) in [
            ("a fd file prog...", "fd:Fd file:Path"),
            ("a fd1 FD2", "fd1:Fd FD2:Fd"),
            ("a n count number", "n:Number count:Number number:Number"),
            (
                "a var key user word",
                "var:Variable key:Key user:Account word:Word",
            ),
            ("a { prog... } rest...", "prog:Program"),
            (
                "a { command... } { words... } prog...",
                "command:Program words:Words",
            ),
            ("a { word { prog... } ... } prog...", "word:Cases"),
            ("a { word { prog... } }", "word:Cases"),
            ("a [ mask ] [ prog... ]", "mask:Word?"),
            ("a [ file count ]", "file:Path? count:Number?"),
            ("a fd|variable prog...", "fd|variable:Word"),
        ] {
            assert_eq!(operands(line), expected, "{line}");
        }
    }

    #[test]
    fn rest_is_a_name_with_dots() {
        for (line, expected) in [
            ("a", Rest::Nothing),
            ("a word", Rest::Nothing),
            ("a args...", Rest::Words),
            ("a [ args... ]", Rest::Words),
            ("a args ...", Rest::Words),
            ("a prog...", Rest::Required),
            ("a [ prog... ]", Rest::Optional),
            ("a prog args...", Rest::Required),
            ("a prog [ args... ]", Rest::Required),
            ("a [ prog args... ]", Rest::Optional),
            ("a { prog... } args...", Rest::Words),
        ] {
            assert_eq!(read(line).rest, expected, "{line}");
        }
        assert_eq!(operands("a user prog args..."), "user:Account");
    }

    #[test]
    fn unknown_options_and_assignments_are_marked() {
        assert!(read("a [ -* ]").unknown_options);
        assert!(read("a [ -q | -* ] -* prog...").unknown_options);
        assert!(!read("a [ -q ]").unknown_options);
        let env = read("env [ -i ] [ name=value... ] [ prog... ]");
        assert!(env.assignments);
        assert_eq!(env.rest, Rest::Optional);
    }

    #[test]
    fn errors_name_the_place_and_what_was_expected() {
        for (line, offset, expected) in [
            ("", 0, NAME),
            ("   ", 3, NAME),
            ("-a", 0, NAME),
            ("{ prog... }", 0, NAME),
            ("a -q prog...", 2, IN_BRACKETS),
            ("a [ -q", 6, OPTION_END),
            ("a [ -q | word ]", 9, OPTION),
            ("a [ -q -r ]", 7, OPTION_END),
            ("a [ -qr arg ]", 4, LETTER),
            ("a [ -n arg more ]", 11, OPTION_END),
            ("a [ --=x ]", 4, OPTION),
            ("a [ --x= ]", 4, OPTION),
            ("a [ word", 8, ITEM),
            ("a [ x=... y ]", 10, CLOSING_BRACKET),
            ("a ]", 2, ITEM),
            ("a { }", 4, BLOCK),
            ("a { prog...", 11, CLOSING_BRACE),
            ("a { word { prog... }", 20, CLOSING_BRACE),
            ("a prog... word", 10, END),
            ("a ...", 5, OPERAND_NAME),
            ("a b| ]", 5, OPERAND_NAME),
        ] {
            let error = parse(line, Origin::Configured).expect_err(line);
            assert_eq!((error.offset, error.expected), (offset, expected), "{line}");
        }
    }

    #[test]
    fn error_counts_bytes_from_one() {
        let error = parse("a -q", Origin::Configured).expect_err("bare option");
        let expected = "byte 3: expected an option in brackets, as in `[ -n count ]`";
        assert_eq!(error.to_string(), expected);
    }

    proptest! {
        #[test]
        fn no_line_stops_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let line = String::from_utf8_lossy(&bytes);
            if let Err(error) = parse(&line, Origin::Configured) {
                prop_assert!(error.offset <= line.len());
                prop_assert!(line.is_char_boundary(error.offset));
            }
        }

        #[test]
        fn no_line_of_its_own_words_stops_the_parser(
            line in r"a( (\[|\]|\{|\}|\||-q|-\*|--l=x|x=y\.\.\.|prog|args|\.\.\.|prog\.\.\.)){0,12}",
        ) {
            if let Err(error) = parse(&line, Origin::Configured) {
                prop_assert!(error.offset <= line.len());
            }
        }
    }
}
