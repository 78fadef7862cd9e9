//! A script as text: its first line, and, where it is execline, its chain of programs and the
//! keys in it. Deliberately it knows no files: what a script is for is told by `model`.

pub mod binding;
pub mod chain;
pub mod items;
pub mod scope;
pub mod shebang;
pub mod visit;

pub use binding::{Binding, BindingKind};
pub use chain::{Braces, Chain, End, GivenOption, Invocation, Operand, Problem, Value};
pub use items::{Block, Item, Word};
pub use scope::{Bound, Reference, Scopes};
pub use shebang::{Language, Positional, Shebang};
pub use visit::Visit;

use crate::programs::Programs;
use execline::syntax;

/// An execline text, taken apart.
#[derive(Debug)]
pub struct Execline {
    /// Its tokens, without their words, and what is wrong with its syntax.
    pub syntax: syntax::Script,
    /// Its words and blocks.
    pub items: Vec<Item>,
    /// Its chain of programs; empty where the syntax is wrong, as nothing could be trusted.
    pub chain: Chain,
    /// Its keys, and what refers to them.
    pub scopes: Scopes,
    /// What its interpreter does with the words it is started with.
    pub positional: Positional,
}

/// A script's words may be as long as this in all, the quoting included.
const LONGEST: usize = 64 << 20;

impl Execline {
    /// Takes a text apart.
    pub fn read(text: &[u8], positional: Positional, programs: &Programs) -> Execline {
        let mut syntax = syntax::parse(text, LONGEST);
        let items = items::items(&syntax.tokens, text);
        // The items have the words; of thousands of scripts they would be there twice.
        for token in &mut syntax.tokens {
            token.word = Vec::new();
        }
        syntax.tokens.shrink_to_fit();
        let sound = if syntax.errors.is_empty() {
            items.clone()
        } else {
            Vec::new()
        };
        let chain = chain::Reader::new(programs).chain(sound, &[]);
        let scopes = Scopes::of(&chain, positional);
        Execline {
            syntax,
            items,
            chain,
            scopes,
            positional,
        }
    }

    /// True where the text is execline at all: its chain can be looked at.
    pub fn is_sound(&self) -> bool {
        self.syntax.errors.is_empty()
    }

    /// All invocations, those in blocks included, in the text's order.
    pub fn visits(&self) -> Vec<Visit<'_>> {
        self.chain.visits()
    }
}
