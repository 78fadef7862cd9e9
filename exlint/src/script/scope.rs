//! Which names words refer to, and what they are bound to where they stand.

use super::binding::{self, Binding, references};
use super::chain::{Chain, Invocation, Value};
use super::items::Word;
use super::shebang::Positional;
use std::collections::HashMap;
use std::ops::Range;

/// A `$name` or `${name}` in a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The name.
    pub name: Vec<u8>,
    /// The word it stands in.
    pub word: Range<usize>,
    /// What it stands in.
    pub context: Context,
    /// What it is bound to.
    pub bound: Bound,
    /// Where it is bound to nothing: the key that the name begins with, as in `$key/x`.
    pub prefix: Option<usize>,
}

/// What a reference is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// A key: this one of `Scopes::bindings`.
    Key(usize),
    /// A word that the script was started with.
    Positional,
    /// Nothing: the text stays as it is.
    Nothing,
}

/// The program whose word a reference stands in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    /// The program's name without directories; empty where it is not known.
    pub program: Vec<u8>,
    /// Where the program's name stands.
    pub span: Range<usize>,
    /// True where the word itself names the program.
    pub is_program: bool,
}

/// All bindings of a script, and all references.
#[derive(Clone, Default, Debug)]
pub struct Scopes {
    /// The bindings in the text's order, and whether a key is referred to at all.
    pub bindings: Vec<(Binding, bool)>,
    /// The references in the text's order.
    pub references: Vec<Reference>,
}

impl Scopes {
    /// Those of a script that is started so.
    pub fn of(chain: &Chain, positional: Positional) -> Scopes {
        let mut scopes = Scopes::default();
        let positional = matches!(positional, Positional::Substituted(_));
        scopes.chain(chain, &mut Keys::default(), positional);
        scopes
    }

    fn chain(&mut self, chain: &Chain, keys: &mut Keys, positional: bool) {
        let around = keys.order.len();
        let mut positional = positional;
        for invocation in &chain.invocations {
            self.invocation(invocation, keys, positional);
            for binding in binding::bindings(invocation) {
                if binding.is_key() {
                    keys.bind(binding.name.clone(), self.bindings.len());
                }
                self.bindings.push((binding, false));
            }
            positional |= binding::binds_positional(invocation);
        }
        keys.truncate(around);
    }

    fn invocation(&mut self, invocation: &Invocation, keys: &mut Keys, positional: bool) {
        for word in invocation.own_words() {
            let is_program = word.span == invocation.program.span;
            self.word(word, invocation, is_program, keys, positional);
        }
        for operand in &invocation.operands {
            match &operand.value {
                Value::Program(_, chain) => self.chain(chain, keys, positional),
                Value::Cases(_, cases) => {
                    for (_, _, chain) in cases {
                        self.chain(chain, keys, positional);
                    }
                }
                Value::Directives(_, directives) => {
                    for directive in directives {
                        self.invocation(directive, keys, positional);
                    }
                }
                Value::Word(_) | Value::Words(..) => {}
            }
        }
    }

    fn word(
        &mut self,
        word: &Word,
        invocation: &Invocation,
        is_program: bool,
        keys: &Keys,
        positional: bool,
    ) {
        for (name, _) in references(&word.value) {
            let bound = match keys.get(name) {
                Some(key) => {
                    if let Some((_, is_used)) = self.bindings.get_mut(key) {
                        *is_used = true;
                    }
                    Bound::Key(key)
                }
                None if positional && is_positional(name) => Bound::Positional,
                None => Bound::Nothing,
            };
            let prefix = match bound {
                Bound::Nothing => {
                    let beginning = identifier(name);
                    let is_part = !beginning.is_empty() && beginning.len() < name.len();
                    keys.get(beginning).filter(|_| is_part)
                }
                _ => None,
            };
            let program = if invocation.program.may_change() {
                Vec::new()
            } else {
                invocation.name().to_vec()
            };
            self.references.push(Reference {
                name: name.to_vec(),
                word: word.span.clone(),
                context: Context {
                    program,
                    span: invocation.program.span.clone(),
                    is_program,
                },
                bound,
                prefix,
            });
        }
    }
}

/// The keys in scope: places in `Scopes::bindings`.
#[derive(Default)]
struct Keys {
    order: Vec<Vec<u8>>,
    /// Those of each name, the innermost last.
    by_name: HashMap<Vec<u8>, Vec<usize>>,
}

impl Keys {
    fn bind(&mut self, name: Vec<u8>, key: usize) {
        self.by_name.entry(name.clone()).or_default().push(key);
        self.order.push(name);
    }

    fn get(&self, name: &[u8]) -> Option<usize> {
        self.by_name.get(name)?.last().copied()
    }

    fn truncate(&mut self, length: usize) {
        while self.order.len() > length
            && let Some(name) = self.order.pop()
        {
            if let Some(keys) = self.by_name.get_mut(&name) {
                keys.pop();
            }
        }
    }
}

/// What a name begins with, up to a byte that is in no name of a shell.
pub fn identifier(name: &[u8]) -> &[u8] {
    let length = name
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
        .unwrap_or(name.len());
    let beginning = name.get(..length).unwrap_or_default();
    match beginning.first() {
        // A digit begins a number only.
        Some(first) if first.is_ascii_digit() => {
            let digits = beginning.iter().take_while(|byte| byte.is_ascii_digit());
            beginning.get(..digits.count()).unwrap_or_default()
        }
        _ => beginning,
    }
}

/// True for `0`, `12`, `#` and `@`: what a script's own words are called.
pub fn is_positional(name: &[u8]) -> bool {
    name == b"#" || name == b"@" || (!name.is_empty() && name.iter().all(u8::is_ascii_digit))
}
