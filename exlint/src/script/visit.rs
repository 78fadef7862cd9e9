//! Walking over all invocations of a chain, those in blocks included, in the text's order.

use super::chain::{Braces, Chain, Invocation, Operand, Value};
use super::items::{Word, flatten};

/// An invocation, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'c> {
    /// The chain it stands in.
    pub chain: &'c Chain,
    /// Its place in that chain.
    pub place: usize,
    /// The invocation.
    pub invocation: &'c Invocation,
    /// How many blocks it stands in.
    pub depth: usize,
    /// The block it stands in, and whose that is; `None` at the outermost level.
    pub block: Option<(&'c Invocation, &'c Operand, &'c Braces)>,
}

impl<'c> Visit<'c> {
    /// The invocations before it in its chain.
    pub fn before(&self) -> &'c [Invocation] {
        self.chain.invocations.get(..self.place).unwrap_or_default()
    }

    /// The one that runs next in its chain.
    pub fn next(&self) -> Option<&'c Invocation> {
        self.chain.invocations.get(self.place + 1)
    }

    /// True for the last invocation of its chain.
    pub fn is_last(&self) -> bool {
        self.place + 1 == self.chain.invocations.len()
    }
}

impl Chain {
    /// All invocations, those in blocks included, in the text's order.
    pub fn visits(&self) -> Vec<Visit<'_>> {
        let mut visits = Vec::new();
        self.gather(0, None, &mut visits);
        visits
    }

    fn gather<'c>(
        &'c self,
        depth: usize,
        block: Option<(&'c Invocation, &'c Operand, &'c Braces)>,
        visits: &mut Vec<Visit<'c>>,
    ) {
        for (place, invocation) in self.invocations.iter().enumerate() {
            visits.push(Visit {
                chain: self,
                place,
                invocation,
                depth,
                block,
            });
            for operand in &invocation.operands {
                match &operand.value {
                    Value::Program(braces, chain) => {
                        chain.gather(depth + 1, Some((invocation, operand, braces)), visits);
                    }
                    Value::Cases(_, cases) => {
                        for (_, braces, chain) in cases {
                            chain.gather(depth + 1, Some((invocation, operand, braces)), visits);
                        }
                    }
                    Value::Directives(braces, directives) => {
                        for directive in directives {
                            visits.push(Visit {
                                chain: self,
                                place,
                                invocation: directive,
                                depth: depth + 1,
                                block: Some((invocation, operand, braces)),
                            });
                        }
                    }
                    Value::Word(_) | Value::Words(..) => {}
                }
            }
        }
    }

    /// The program that the chain ends with.
    pub fn last(&self) -> Option<&Invocation> {
        self.invocations.last()
    }
}

impl Invocation {
    /// Its own words that a key can be replaced in: options' arguments, operands, words of
    /// list blocks and arguments, but not those of blocks that are command lines.
    pub fn own_words(&self) -> Vec<&Word> {
        let mut words = vec![&self.program];
        words.extend(self.options.iter().filter_map(|o| o.argument.as_ref()));
        for operand in &self.operands {
            match &operand.value {
                Value::Word(word) => words.push(word),
                Value::Words(_, items) => flatten(items, &mut words),
                Value::Cases(_, cases) => words.extend(cases.iter().map(|(word, _, _)| word)),
                Value::Program(..) | Value::Directives(..) => {}
            }
        }
        flatten(&self.arguments, &mut words);
        words
    }
}
