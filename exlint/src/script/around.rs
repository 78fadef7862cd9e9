//! Which invocations stand around a place of the text: the walk over all of them is done once,
//! however many places are asked for.

use super::visit::Visit;
use std::ops::Range;

/// The invocations of a text, each with the one around it.
#[derive(Debug)]
pub struct Around<'c> {
    /// In the text's order: invocation, where it stands, the place of the one around it.
    visits: Vec<(Visit<'c>, Range<usize>, Option<usize>)>,
}

impl<'c> Around<'c> {
    /// Of these invocations, in the text's order.
    pub fn new(visits: Vec<Visit<'c>>) -> Around<'c> {
        let mut known: Vec<(Visit<'c>, Range<usize>, Option<usize>)> = Vec::new();
        for visit in visits {
            let span = visit.invocation.span();
            let mut around = known.len().checked_sub(1);
            while let Some((_, outer, further)) = around.and_then(|place| known.get(place)) {
                if outer.contains(&span.start) {
                    break;
                }
                around = *further;
            }
            known.push((visit, span, around));
        }
        Around { visits: known }
    }

    /// Those around a place, the innermost first.
    pub fn of(&self, place: usize) -> impl Iterator<Item = &Visit<'c>> {
        let behind = self
            .visits
            .partition_point(|(_, span, _)| span.start <= place);
        let mut next = behind.checked_sub(1);
        std::iter::from_fn(move || {
            loop {
                let (visit, span, around) = self.visits.get(next?)?;
                next = *around;
                if span.contains(&place) {
                    return Some(visit);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::Programs;
    use crate::script::{Execline, Positional};

    #[test]
    fn the_innermost_comes_first() {
        let text = b"foreground { if { test a } echo b } define c d app";
        let execline = Execline::read(text, Positional::Ignored, &Programs::known());
        let around = Around::new(execline.visits());
        for (word, expected) in [
            (&b"a }"[..], &["test", "if", "foreground"][..]),
            (b"echo", &["echo", "foreground"]),
            (b"b }", &["echo", "foreground"]),
            (b"c d", &["define"]),
            (b"app", &["app"]),
        ] {
            let place = text.windows(word.len()).position(|found| found == word);
            let found: Vec<_> = around
                .of(place.unwrap())
                .map(|visit| visit.invocation.program.shown())
                .collect();
            assert_eq!(found, expected);
        }
    }
}
