//! The lines of files in `fix-attrs.d`, as s6-overlay 3 reads them: with `read` of the shell,
//! blanks between fields. What is wrong with a line is told here; that a last line without its
//! newline is not read at all is the rule's matter.

use nom::bytes::complete::{tag, take_till1, take_while, take_while1};
use nom::character::complete::digit1;
use nom::combinator::{all_consuming, opt};
use nom::multi::many0;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};
use std::ops::Range;

/// A line that says something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Where it stands, without its newline.
    pub span: Range<usize>,
    /// True where a newline ends it.
    pub is_ended: bool,
    /// What is wrong with it, and where.
    pub fault: Option<(Fault, Range<usize>)>,
}

/// What is wrong with a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A `#` begins a comment only where a blank follows.
    Comment,
    /// It has so many fields, and five are wanted.
    Fields(usize),
    /// A carriage return ends it.
    CarriageReturn,
    /// The second field says neither `true` nor `false`.
    Recursion,
    /// The third field is no account.
    Account,
    /// It is no mode in octal.
    Mode,
}

impl Fault {
    /// What is wrong, as a clause.
    pub fn message(self) -> String {
        match self {
            Self::Comment => "a comment without a blank behind `#` is read as a path".into(),
            Self::Fields(count) => format!("the line has {count} of five fields"),
            Self::CarriageReturn => {
                "a carriage return ends the line and is part of its mode".into()
            }
            Self::Recursion => "only `true` and `false` say whether to go into directories".into(),
            Self::Account => "this is no account".into(),
            Self::Mode => "this is no mode in octal".into(),
        }
    }

    /// What to write.
    pub fn help(self) -> &'static str {
        match self {
            Self::Comment => "write a blank behind the `#`",
            Self::Fields(_) => {
                "a line is: path, true or false, account, mode of files, mode of directories"
            }
            Self::CarriageReturn => "end lines with a newline alone",
            Self::Recursion => "write true or false",
            Self::Account => "write user, user:group or user,uid:gid",
            Self::Mode => "write a mode such as 0644",
        }
    }
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

fn fields(line: &[u8]) -> IResult<&[u8], Vec<&[u8]>> {
    let field = take_till1(is_blank);
    let blanks = || take_while(is_blank);
    all_consuming(preceded(blanks(), many0(terminated(field, blanks())))).parse(line)
}

/// `user`, `user:group`, either with `,uid:gid` behind it for where there is no such user.
fn account(text: &[u8]) -> IResult<&[u8], ()> {
    let name = || take_while1(|byte| byte != b',' && byte != b':' && !is_blank(byte));
    let group = opt(preceded(tag(&b":"[..]), name()));
    let numbers = (tag(&b","[..]), digit1, opt((tag(&b":"[..]), digit1)));
    all_consuming((name(), group, opt(numbers)))
        .map(|_| ())
        .parse(text)
}

fn fault(fields: &[&[u8]]) -> Option<(Fault, usize)> {
    let [path, recursion, owner, modes @ ..] = fields else {
        let is_comment = fields.first().is_some_and(|first| first.starts_with(b"#"));
        let fault = if is_comment {
            Fault::Comment
        } else {
            Fault::Fields(fields.len())
        };
        return Some((fault, 0));
    };
    if path.starts_with(b"#") {
        return Some((Fault::Comment, 0));
    }
    if modes.last().is_some_and(|last| last.ends_with(b"\r")) {
        return Some((Fault::CarriageReturn, fields.len() - 1));
    }
    if modes.len() != 2 {
        return Some((Fault::Fields(fields.len()), 0));
    }
    if ![&b"true"[..], b"false"].contains(recursion) {
        return Some((Fault::Recursion, 1));
    }
    if account(owner).is_err() {
        return Some((Fault::Account, 2));
    }
    let is_mode = |mode: &&[u8]| mode.iter().all(|byte| (b'0'..=b'7').contains(byte));
    let place = modes.iter().position(|mode| !is_mode(mode))?;
    Some((Fault::Mode, 3 + place))
}

/// The lines of a file that say something.
pub fn lines(text: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let is_ended = line.ends_with(b"\n");
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let at = start;
        start += line.len() + 1;
        let Ok((_, fields)) = fields(line) else {
            continue;
        };
        // A backslash makes more of a line than can be seen in it.
        if fields.first().is_none_or(|first| *first == b"#") || line.contains(&b'\\') {
            continue;
        }
        let offset = |field: &[u8]| field.as_ptr() as usize - line.as_ptr() as usize;
        let fault = fault(&fields).map(|(fault, place)| {
            let field = fields.get(place).copied().unwrap_or_default();
            let span = match fault {
                Fault::Fields(_) => at..at + line.len(),
                _ => at + offset(field)..at + offset(field) + field.len(),
            };
            (fault, span)
        });
        lines.push(Line {
            span: at..at + line.len(),
            is_ended,
            fault,
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_lines() {
        use Fault::*;
        for (line, expected) in [
            ("/data true app 0644 0755", None),
            ("/data  true\tapp:app,1000:1000 0644 0755 ", None),
            ("/data/* false 1000:1000 644 755", None),
            (
                "/data true app 0644",
                Some((Fields(4), "/data true app 0644")),
            ),
            ("/data", Some((Fields(1), "/data"))),
            ("#/data true app 0644 0755", Some((Comment, "#/data"))),
            ("#old", Some((Comment, "#old"))),
            ("/data yes app 0644 0755", Some((Recursion, "yes"))),
            ("/data true app,x 0644 0755", Some((Account, "app,x"))),
            ("/data true ,1:1 0644 0755", Some((Account, ",1:1"))),
            ("/data true app u+rw 0755", Some((Mode, "u+rw"))),
            ("/data true app - 0755", Some((Mode, "-"))),
            (
                "/data true app 0644 0755\r",
                Some((CarriageReturn, "0755\r")),
            ),
        ] {
            let found = lines(line.as_bytes());
            let found: Vec<_> = found
                .iter()
                .map(|line| line.fault.clone())
                .map(|fault| fault.map(|(fault, span)| (fault, &line[span])))
                .collect();
            assert_eq!(found, [expected], "{line}");
        }
    }

    #[test]
    fn comments_and_empty_lines_say_nothing() {
        let found = lines(b"# a comment\n\n  # another\n/a true b 0644 0755\n/c true d 0644 0755");
        let found: Vec<_> = found
            .iter()
            .map(|line| (line.span.start, line.is_ended))
            .collect();
        assert_eq!(found, [(25, true), (45, false)]);
    }
}
