//! The instructions of a Dockerfile: comments gone, continuations joined, here-documents
//! attached, and each byte's place kept. What an instruction means is `dockerfile`'s matter.

use super::Problem;
use std::ops::Range;

/// An instruction.
pub(super) struct Instruction {
    /// Its name, in capitals.
    pub(super) keyword: Vec<u8>,
    /// What follows the name, joined.
    pub(super) arguments: Vec<u8>,
    /// Where each byte of the arguments stands in the file.
    origin: Vec<usize>,
    /// The name's place.
    pub(super) place: Range<usize>,
    /// The bodies of its here-documents.
    pub(super) documents: Vec<Range<usize>>,
}

impl Instruction {
    /// Where a part of the arguments stands in the file.
    pub(super) fn span(&self, part: &Range<usize>) -> Range<usize> {
        let first = self.origin.get(part.start).copied();
        let last = part
            .end
            .checked_sub(1)
            .and_then(|end| self.origin.get(end))
            .copied();
        match (first, last) {
            (Some(first), Some(last)) if first <= last => first..last + 1,
            _ => self.place.clone(),
        }
    }

    /// Where the instruction stands, from its name to the end of its arguments.
    pub(super) fn whole(&self) -> Range<usize> {
        self.place.start..self.origin.last().map_or(self.place.end, |last| last + 1)
    }

    /// The arguments' words: split at spaces, but not inside quotes or behind the escape.
    pub(super) fn words(&self, escape: u8) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut start = None;
        let mut quote = None;
        let mut escaped = false;
        for (at, &byte) in self.arguments.iter().enumerate() {
            if start.is_none() {
                if byte.is_ascii_whitespace() {
                    continue;
                }
                start = Some(at);
            }
            if escaped {
                escaped = false;
            } else if byte == escape && quote != Some(b'\'') {
                escaped = true;
            } else if quote == Some(byte) {
                quote = None;
            } else if quote.is_none() {
                match byte {
                    b'"' | b'\'' => quote = Some(byte),
                    _ if byte.is_ascii_whitespace() => {
                        words.extend(start.take().map(|start| start..at));
                    }
                    _ => (),
                }
            }
        }
        words.extend(start.map(|start| start..self.arguments.len()));
        words
    }

    /// The bytes of a part of the arguments.
    pub(super) fn text(&self, part: &Range<usize>) -> &[u8] {
        self.arguments.get(part.clone()).unwrap_or_default()
    }

    /// The arguments without the first ones that are options (`--name=value`), and the options.
    pub(super) fn options(&self) -> (Vec<Range<usize>>, Range<usize>) {
        let mut options = Vec::new();
        let mut at = 0;
        loop {
            let rest = self.arguments.get(at..).unwrap_or_default();
            at += rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let rest = self.arguments.get(at..).unwrap_or_default();
            if !rest.starts_with(b"--") {
                return (options, at..self.arguments.len());
            }
            let length = rest.iter().take_while(|b| !b.is_ascii_whitespace()).count();
            options.push(at..at + length);
            at += length;
        }
    }
}

/// What a Dockerfile consists of.
pub(super) struct Instructions {
    pub(super) escape: u8,
    pub(super) all: Vec<Instruction>,
    pub(super) problems: Vec<Problem>,
}

/// The file's lines with their places, without their ends.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        self.at = start + length + 1;
        let line = rest.get(..length)?;
        Some((start, line.strip_suffix(b"\r").unwrap_or(line)))
    }
}

/// The line without the escape that continues it on the next one.
fn continued(line: &[u8], escape: u8) -> Option<&[u8]> {
    let body = line.trim_ascii_end().strip_suffix(&[escape])?;
    (body.last() != Some(&escape)).then_some(body)
}

/// The escape character that the head of the file asks for.
fn escape_of(text: &[u8]) -> u8 {
    for (_, line) in (Lines { text, at: 0 }) {
        let Some(comment) = line.trim_ascii().strip_prefix(b"#") else {
            break;
        };
        let mut sides = comment.splitn(2, |&b| b == b'=');
        let name = sides.next().unwrap_or_default().trim_ascii();
        match sides.next().map(<[u8]>::trim_ascii) {
            Some(value) if name.eq_ignore_ascii_case(b"escape") => {
                return if value == b"`" { b'`' } else { b'\\' };
            }
            // Other directives may stand before it; an ordinary comment ends them.
            Some(_)
                if [&b"syntax"[..], b"check"]
                    .iter()
                    .any(|n| name.eq_ignore_ascii_case(n)) => {}
            _ => break,
        }
    }
    b'\\'
}

/// The name that ends a here-document, and whether its tabs go.
fn document_name(word: &[u8]) -> Option<(Vec<u8>, bool)> {
    let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
    let name = word.get(digits..)?.strip_prefix(b"<<")?;
    let (name, tabs) = name
        .strip_prefix(b"-")
        .map_or((name, false), |name| (name, true));
    if name.contains(&b'<') {
        return None;
    }
    let name: Vec<u8> = name
        .iter()
        .copied()
        .filter(|b| !matches!(b, b'"' | b'\''))
        .collect();
    (!name.is_empty()).then_some((name, tabs))
}

/// Takes a Dockerfile apart.
pub(super) fn instructions(text: &[u8]) -> Instructions {
    let escape = escape_of(text);
    let mut all = Vec::new();
    let mut problems = Vec::new();
    let mark = if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let mut lines = Lines { text, at: mark };
    let comment = |line: &[u8]| line.trim_ascii_start().starts_with(b"#");
    while let Some((start, line)) = lines.next() {
        if line.trim_ascii().is_empty() || comment(line) {
            continue;
        }
        let mut joined = Vec::new();
        let mut origin = Vec::new();
        let mut append = |start: usize, part: &[u8]| {
            joined.extend_from_slice(part);
            origin.extend(start..start + part.len());
        };
        let mut next = continued(line, escape);
        append(start, next.unwrap_or(line));
        while next.is_some() {
            let Some((start, line)) = lines.next() else {
                break;
            };
            // Comments and empty lines inside a continued instruction do not end it.
            if line.trim_ascii().is_empty() || comment(line) {
                continue;
            }
            next = continued(line, escape);
            append(start, next.unwrap_or(line));
        }
        let blank = joined
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let word = joined
            .iter()
            .skip(blank)
            .take_while(|b| !b.is_ascii_whitespace())
            .count();
        let keyword = joined
            .get(blank..blank + word)
            .unwrap_or_default()
            .to_ascii_uppercase();
        let first = origin.get(blank).copied().unwrap_or(start);
        let last = (blank + word)
            .checked_sub(1)
            .and_then(|at| origin.get(at))
            .copied();
        let place = first..last.map_or(first, |last| last + 1);
        let gap = joined
            .iter()
            .skip(blank + word)
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let trailing = joined.len() - joined.trim_ascii_end().len();
        let begin = (blank + word + gap).min(joined.len());
        let end = (joined.len() - trailing).max(begin);
        let mut instruction = Instruction {
            keyword,
            arguments: joined.get(begin..end).unwrap_or_default().to_vec(),
            origin: origin.get(begin..end).unwrap_or_default().to_vec(),
            place,
            documents: Vec::new(),
        };
        if matches!(instruction.keyword.as_slice(), b"RUN" | b"COPY" | b"ADD") {
            attach_documents(&mut instruction, &mut lines, escape, &mut problems);
        }
        all.push(instruction);
    }
    Instructions {
        escape,
        all,
        problems,
    }
}

/// Moves the bodies of here-documents from the lines to their instruction.
fn attach_documents(
    instruction: &mut Instruction,
    lines: &mut Lines<'_>,
    escape: u8,
    problems: &mut Vec<Problem>,
) {
    for word in instruction.words(escape) {
        let Some((name, tabs)) = document_name(instruction.text(&word)) else {
            continue;
        };
        let body = lines.at.min(lines.text.len());
        loop {
            let before = lines.at.min(lines.text.len());
            let Some((_, line)) = lines.next() else {
                instruction.documents.push(body..before);
                problems.push(Problem {
                    message: format!(
                        "the here-document is never ended by a line '{}'",
                        String::from_utf8_lossy(&name)
                    ),
                    span: instruction.span(&word),
                });
                break;
            };
            let kept = line.iter().take_while(|&&b| tabs && b == b'\t').count();
            if line.get(kept..) == Some(name.as_slice()) {
                instruction.documents.push(body..before);
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(text: &str) -> Vec<(String, String, Vec<String>)> {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        instructions(text.as_bytes())
            .all
            .iter()
            .map(|i| {
                let documents = i
                    .documents
                    .iter()
                    .map(|d| text[d.clone()].to_owned())
                    .collect();
                (lossy(&i.keyword), lossy(&i.arguments), documents)
            })
            .collect()
    }

    /// Keyword, arguments, bodies of here-documents.
    type Expected = (&'static str, &'static str, &'static [&'static str]);

    #[test]
    fn lines_become_instructions() {
        let cases: [(&str, &[Expected]); 10] = [
            ("FROM a\nrun b \n", &[("FROM", "a", &[]), ("RUN", "b", &[])]),
            (
                "RUN a \\\n  && b\nUSER c",
                &[("RUN", "a   && b", &[]), ("USER", "c", &[])],
            ),
            (
                "RUN a \\\n# why\n\n  b\r\nCMD c\r\n",
                &[("RUN", "a   b", &[]), ("CMD", "c", &[])],
            ),
            ("# escape=`\nRUN a `\n b\n", &[("RUN", "a  b", &[])]),
            (
                "# syntax=x\n# Escape = `\nRUN a `\n b\n",
                &[("RUN", "a  b", &[])],
            ),
            (
                "# hi\n# escape=`\nRUN a `\nUSER b\n",
                &[("RUN", "a `", &[]), ("USER", "b", &[])],
            ),
            (
                "RUN a \\\\\nUSER b",
                &[("RUN", "a \\\\", &[]), ("USER", "b", &[])],
            ),
            (
                "COPY <<A <<-\"B\" /x/\none\nA\n\ttwo\n\tB\nUSER u\n",
                &[
                    ("COPY", "<<A <<-\"B\" /x/", &["one\n", "\ttwo\n"]),
                    ("USER", "u", &[]),
                ],
            ),
            (
                "CMD cat <<A\nUSER u\n",
                &[("CMD", "cat <<A", &[]), ("USER", "u", &[])],
            ),
            ("\u{feff}FROM a \\", &[("FROM", "a", &[])]),
        ];
        for (text, expected) in cases {
            let found = taken_apart(text);
            let found: Vec<_> = found
                .iter()
                .map(|(k, a, d)| {
                    (
                        k.as_str(),
                        a.as_str(),
                        d.iter().map(String::as_str).collect::<Vec<_>>(),
                    )
                })
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(k, a, d)| (*k, *a, d.to_vec()))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn unended_document_is_a_problem() {
        let found = instructions(b"RUN <<EOF\nUSER a\n");
        assert_eq!(found.all.len(), 1);
        assert_eq!(found.problems.len(), 1);
    }

    #[test]
    fn places_survive_continuations() {
        let text = "ENV A=1 \\\n    B=2\n";
        let found = instructions(text.as_bytes());
        let instruction = &found.all[0];
        let words = instruction.words(b'\\');
        let places: Vec<_> = words.iter().map(|w| &text[instruction.span(w)]).collect();
        assert_eq!(places, ["A=1", "B=2"]);
    }
}
