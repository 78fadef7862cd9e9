//! Bodies of here-documents: their extent, and the parameters read in them.
//! Commands in them are not looked at.

use super::Reader;
use crate::shell::script::HereDocument;
use std::ops::Range;

impl Reader<'_> {
    /// Reads the bodies that are due, from the start of a line on.
    pub(super) fn read_here_documents(&mut self) {
        for awaited in std::mem::take(&mut self.awaited) {
            let start = self.at;
            let end = loop {
                let line_start = self.at;
                if line_start >= self.text.len() {
                    self.breaks(start);
                    break line_start;
                }
                let rest = self.rest();
                let length = rest.iter().position(|byte| *byte == b'\n');
                let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
                let line = match line.split_last() {
                    Some((b'\r', line)) => line,
                    _ => line,
                };
                let tabs = line.iter().take_while(|byte| **byte == b'\t').count();
                let tabs = if awaited.strips_tabs { tabs } else { 0 };
                let ends = line.get(tabs..).unwrap_or_default() == awaited.delimiter;
                self.advance(length.map_or(rest.len(), |length| length + 1));
                if ends {
                    break line_start;
                }
            };
            let parameters = if awaited.expands {
                self.parameters_between(start..end)
            } else {
                Vec::new()
            };
            self.script.here_documents.push(HereDocument {
                span: start..end,
                parameters,
            });
        }
    }

    /// The parameters read in a text that is not read further: a body, a subscript.
    pub(super) fn parameters_between(&self, span: Range<usize>) -> Vec<crate::shell::Parameter> {
        let mut parameters = Vec::new();
        let mut at = span.start;
        while at < span.end {
            match self.text.get(at) {
                Some(b'\\') => at += 2,
                Some(b'$') => match self.parameter_at(at, true) {
                    Some((parameter, after)) if parameter.span.end <= span.end => {
                        at = after;
                        parameters.push(parameter);
                    }
                    _ => at += 1,
                },
                _ => at += 1,
            }
        }
        parameters
    }
}
