//! The lines around some spans as miette is to draw them: harmless, not too wide, not too
//! many. Spans are translated into the excerpt; line and column stay those of the file.

use super::places::Lines;
use super::visible::{is_unsafe, picture};
use execline::syntax::Position;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::ops::Range;

/// A longer line is cut on both sides of what it is about.
const WIDEST: usize = 240;
/// What remains of a long line before the place in question.
const LEAD: usize = 60;
/// A span over more lines is shown at its first line only.
const TALLEST: usize = 8;

/// Lines to be drawn.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    first_line: usize,
    /// Where the first span begins in the file.
    place: Position,
    spans: Vec<Range<usize>>,
}

impl Excerpt {
    /// The lines of these spans and one around them. The first span is the main one.
    pub(super) fn of(
        name: String,
        lines: &Lines,
        spans: &[Range<usize>],
        unicode: bool,
    ) -> Excerpt {
        let length = lines.text().len();
        let spans: Vec<_> = spans.iter().map(|span| shortened(lines, span)).collect();
        let starts = spans.iter().map(|span| lines.line_of(span.start));
        let ends = spans.iter().map(|span| lines.line_of(span.end));
        let first = starts.min().unwrap_or_default().saturating_sub(1);
        let mut last = (ends.max().unwrap_or_default() + 1).min(lines.count() - 1);
        // What follows the last newline is no line unless something is about it.
        if lines.line(last).is_empty() && !spans.iter().any(|span| span.start == length) {
            last = last.saturating_sub(1).max(first);
        }
        let mut drawing = Drawing {
            shown: String::new(),
            ends: spans
                .iter()
                .flat_map(|it| [(it.start, None), (it.end, None)])
                .collect(),
            unicode,
        };
        for index in first..=last {
            drawing.line(lines.text(), lines.line(index));
        }
        let place = lines.position(spans.first().map_or(0, |span| span.start));
        let found = |end: &(usize, Option<usize>)| end.1.unwrap_or(drawing.shown.len());
        let spans = (drawing.ends.chunks(2))
            .filter_map(|pair| match pair {
                [start, end] => Some(found(start)..found(end).max(found(start))),
                _ => None,
            })
            .collect();
        Excerpt {
            name,
            first_line: first,
            place,
            spans,
            text: drawing.shown,
        }
    }

    /// The spans in the excerpt, in the order they were given.
    pub(super) fn spans(&self) -> &[Range<usize>] {
        &self.spans
    }
}

/// The span inside of the text, in one line where it is over many.
fn shortened(lines: &Lines, span: &Range<usize>) -> Range<usize> {
    let length = lines.text().len();
    let start = span.start.min(length);
    let mut end = span.end.clamp(start, length);
    // A newline at the end belongs to the line it ends.
    if end > start && lines.text().get(end - 1) == Some(&b'\n') {
        end -= 1;
    }
    let line = lines.line_of(start);
    if lines.line_of(end) - line >= TALLEST {
        end = lines.line(line).end;
    }
    start..end
}

struct Drawing {
    shown: String,
    /// Starts and ends of spans: in the file, in the excerpt.
    ends: Vec<(usize, Option<usize>)>,
    unicode: bool,
}

impl Drawing {
    fn line(&mut self, text: &[u8], line: Range<usize>) {
        let wanted = (self.ends.iter())
            .map(|(offset, _)| *offset)
            .filter(|offset| (line.start..=line.end).contains(offset))
            .min();
        let mut window = line.clone();
        if line.len() > WIDEST {
            let from = wanted
                .unwrap_or(line.start)
                .saturating_sub(LEAD)
                .max(line.start);
            window = from..line.end.min(from + WIDEST);
            // Not in the middle of a character.
            while window.start > line.start && continues(text, window.start) {
                window.start -= 1;
            }
            while window.end < line.end && continues(text, window.end) {
                window.end += 1;
            }
        }
        let dots = if self.unicode { "\u{2026}" } else { "..." };
        if window.start > line.start {
            self.shown.push_str(dots);
        }
        let mut offset = window.start;
        self.reach(line.start, offset);
        for chunk in text.get(window.clone()).unwrap_or_default().utf8_chunks() {
            for c in chunk.valid().chars() {
                if c != '\t' && is_unsafe(c) {
                    self.shown.push_str(&picture(c, self.unicode));
                } else {
                    self.shown.push(c);
                }
                let from = offset + 1;
                offset += c.len_utf8();
                self.reach(from, offset);
            }
            if !chunk.invalid().is_empty() {
                self.shown.push(if self.unicode { '\u{fffd}' } else { '?' });
                let from = offset + 1;
                offset += chunk.invalid().len();
                self.reach(from, offset);
            }
        }
        self.reach(offset, line.end);
        if window.end < line.end {
            self.shown.push_str(dots);
        }
        self.shown.push('\n');
    }

    /// What is shown so far reaches all these places of the file.
    fn reach(&mut self, from: usize, to: usize) {
        let reached = self.shown.len();
        for (offset, shown) in &mut self.ends {
            if shown.is_none() && (from..=to).contains(offset) {
                *shown = Some(reached);
            }
        }
    }
}

fn continues(text: &[u8], offset: usize) -> bool {
    text.get(offset).is_some_and(|byte| byte & 0xc0 == 0x80)
}

impl SourceCode for Excerpt {
    /// All of it, whatever the span: it was made to be shown.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without context miette asks for the place that it writes above the lines.
        let (line, column) = if before + after == 0 {
            (self.place.line - 1, self.place.column - 1)
        } else {
            (self.first_line, 0)
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            line,
            column,
            self.text.matches('\n').count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &[u8], span: Range<usize>) -> (String, Vec<String>) {
        let lines = Lines::of(text.into());
        let excerpt = Excerpt::of("x".into(), &lines, &[span], false);
        let marked = excerpt
            .spans()
            .iter()
            .map(|it| excerpt.text[it.clone()].to_owned());
        let marked = marked.collect();
        (excerpt.text, marked)
    }

    #[test]
    fn a_line_around_is_enough() {
        for (text, span, shown, marked) in [
            (&b"a\nb\nc\nd\ne\n"[..], 4..5, "b\nc\nd\n", "c"),
            (b"a\nb", 2..3, "a\nb\n", "b"),
            (b"a\nb\n", 2..4, "a\nb\n", "b"),
            (b"a\nb\n", 4..4, "b\n\n", ""),
            (b"", 0..0, "\n", ""),
            (b"ab", 1..99, "ab\n", "b"),
            (b"ab", 50..99, "ab\n", ""),
            (b"a\x1bb\r\n", 1..4, "a^[b^M\n", "^[b^M"),
            (b"\xff\xfea", 0..1, "??a\n", "?"),
            ("a\u{e9}b".as_bytes(), 2..3, "a\u{e9}b\n", ""),
            (b"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", 0..18, "a\nb\n", "a"),
        ] {
            let (text, marks) = excerpt(text, span.clone());
            assert_eq!(
                (text.as_str(), marks.concat().as_str()),
                (shown, marked),
                "{span:?}"
            );
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let mut text = vec![b'x'; 10_000];
        text[5_000..5_003].copy_from_slice(b"bad");
        let (shown, marked) = excerpt(&text, 5_000..5_003);
        assert_eq!(marked, ["bad"]);
        assert_eq!(shown.len(), WIDEST + 3 + 3 + 1);
        let (shown, _) = excerpt("\u{e9}".repeat(1_000).as_bytes(), 1_001..1_003);
        assert!(!shown.contains('?'));
    }
}
