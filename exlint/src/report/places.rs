//! Lines and columns of spans, quickly however many there are in a file. The counting is
//! that of `execline::syntax::Position`.

use super::Texts;
use execline::syntax::Position;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Characters are counted from the last multiple of this many bytes.
const BLOCK: usize = 512;

/// A text with an index of its lines and characters.
pub(super) struct Lines {
    text: Arc<[u8]>,
    /// Where lines begin.
    starts: Vec<usize>,
    /// How many characters there are before each block.
    characters: Vec<usize>,
}

/// Bytes 0x80 to 0xbf continue a character.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

impl Lines {
    pub(super) fn of(text: Arc<[u8]>) -> Lines {
        let mut starts = vec![0];
        starts.extend(
            text.iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
                .map(|(offset, _)| offset + 1),
        );
        let mut characters = vec![0];
        let mut sum = 0;
        for block in text.chunks(BLOCK) {
            sum += count(block);
            characters.push(sum);
        }
        Lines {
            text,
            starts,
            characters,
        }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The number of lines; what follows the last newline counts as one.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The index of the line that holds an offset, from zero.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        self.starts
            .partition_point(|&start| start <= offset)
            .saturating_sub(1)
    }

    /// The bytes of a line by its index, without its newline.
    pub(super) fn line(&self, index: usize) -> Range<usize> {
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = match self.starts.get(index + 1) {
            Some(next) => next - 1,
            None => self.text.len(),
        };
        start..end
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let known = self.characters.get(block).copied().unwrap_or_default();
        known + count(self.text.get(block * BLOCK..offset).unwrap_or_default())
    }

    /// As [`Position::of`].
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line_of(offset);
        let start = self.line(line).start;
        Position {
            line: line + 1,
            column: 1 + self.characters_before(offset) - self.characters_before(start),
        }
    }
}

/// Where a span begins and ends; the end is the place after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The place of its first character.
    pub start: Position,
    /// The place after its last character.
    pub end: Position,
}

/// The places of spans. A text is asked for and indexed once.
pub struct Places<'a> {
    texts: Texts<'a>,
    known: HashMap<Vec<u8>, Option<Rc<Lines>>>,
}

impl<'a> Places<'a> {
    /// Places in these texts.
    pub fn new(texts: Texts<'a>) -> Places<'a> {
        Places {
            texts,
            known: HashMap::new(),
        }
    }

    pub(super) fn lines(&mut self, path: &[u8]) -> Option<Rc<Lines>> {
        if let Some(lines) = self.known.get(path) {
            return lines.clone();
        }
        let lines = (self.texts)(path).map(|text| Rc::new(Lines::of(text)));
        self.known.insert(path.to_vec(), lines.clone());
        lines
    }

    /// The place of a span; `None` for the whole file, or where the text is not known.
    pub fn of(&mut self, path: &[u8], span: Option<&Range<usize>>) -> Option<Place> {
        let span = span?;
        let lines = self.lines(path)?;
        Some(Place {
            start: lines.position(span.start),
            end: lines.position(span.end.max(span.start)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cell::Cell;

    proptest! {
        #[test]
        fn positions_are_those_of_execline(
            text in proptest::collection::vec(
                prop_oneof![Just(b'\n'), Just(b'a'), Just(0xc3), Just(0xa9), any::<u8>()],
                0..1500,
            ),
            offset in 0usize..1600,
        ) {
            let lines = Lines::of(text.clone().into());
            prop_assert_eq!(lines.position(offset), Position::of(&text, offset));
        }
    }

    #[test]
    fn a_text_is_asked_for_once() {
        let asked = Cell::new(0);
        let texts = |_: &[u8]| {
            asked.set(asked.get() + 1);
            Some(Arc::from(&b"one\ntwo\n"[..]))
        };
        let mut places = Places::new(&texts);
        for _ in 0..3 {
            let place = places.of(b"a", Some(&(4..7))).unwrap();
            assert_eq!((place.start.line, place.start.column), (2, 1));
            assert_eq!((place.end.line, place.end.column), (2, 4));
            assert_eq!(places.of(b"a", None), None);
        }
        assert_eq!(asked.get(), 1);
    }

    #[test]
    fn ten_thousand_places_in_one_long_line_are_counted_quickly() {
        let text: Arc<[u8]> = vec![b'x'; 4 << 20].into();
        let lines = Lines::of(text);
        let sum: usize = (0..10_000).map(|n| lines.position(n * 400).column).sum();
        assert_eq!(sum, 400 * (9_999 * 10_000 / 2) + 10_000);
    }

    #[test]
    fn lines_are_without_their_newlines() {
        let lines = Lines::of(Arc::from(&b"ab\n\ncd"[..]));
        let all: Vec<_> = (0..lines.count()).map(|index| lines.line(index)).collect();
        assert_eq!(all, [0..2, 3..3, 4..6]);
        assert_eq!(
            [0, 2, 3, 4, 6, 99].map(|it| lines.line_of(it)),
            [0, 0, 1, 2, 2, 2]
        );
    }
}
