//! What a program binds for the rest of its chain: keys that are replaced in the words, and
//! variables that programs find in their environment.

use super::chain::{Chain, Invocation, Value};
use super::items::{Item, Word};
use execline::substitution::reference;
use std::collections::HashMap;
use std::ops::Range;

/// Something that a program binds for the rest of its chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Its name.
    pub name: Vec<u8>,
    /// The word that names it.
    pub span: Range<usize>,
    /// What it is.
    pub kind: BindingKind,
}

/// What is bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BindingKind {
    /// A key: `$name` is replaced in every word of the rest.
    Key {
        /// True where the key may stand for any number of words but one.
        spreads: bool,
    },
    /// A variable of the environment: words do not change.
    Variable,
}

impl Binding {
    /// True for a key.
    pub fn is_key(&self) -> bool {
        matches!(self.kind, BindingKind::Key { .. })
    }
}

fn key(word: &Word, spreads: bool) -> Binding {
    Binding {
        name: word.value.to_vec(),
        span: word.span.clone(),
        kind: BindingKind::Key { spreads },
    }
}

fn variable(word: &Word) -> Binding {
    Binding {
        kind: BindingKind::Variable,
        ..key(word, false)
    }
}

/// What an invocation binds for the programs behind it.
pub fn bindings(invocation: &Invocation) -> Vec<Binding> {
    let mut bindings = Vec::new();
    let Some(signature) = &invocation.signature else {
        return bindings;
    };
    let first = invocation.operand(0);
    match &*signature.name {
        "define" | "importas" => {
            let splits = invocation.has('s');
            bindings.extend(first.map(|word| key(word, splits)));
        }
        "elglob" => bindings.extend(first.map(|word| key(word, true))),
        "multidefine" => {
            let items = invocation
                .operands
                .iter()
                .find_map(|operand| match &operand.value {
                    Value::Words(_, items) => Some(items),
                    _ => None,
                });
            let words: Vec<&Word> = items.into_iter().flatten().filter_map(Item::word).collect();
            let last = words.len().saturating_sub(1);
            for (place, word) in words.iter().enumerate() {
                if !word.value.is_empty() {
                    bindings.push(key(word, invocation.has('r') && place == last));
                }
            }
        }
        "backtick" | "forx" | "forstdin" | "forbacktickx" | "getcwd" | "getpid" | "withstdinas" => {
            let imports = imports(invocation);
            if let Some(word) = first {
                bindings.push(variable(word));
                if imports {
                    bindings.push(key(word, invocation.has('s')));
                    // Where backtick goes on after a failure, the exit code is a key too.
                    let goes_on = ['I', 'x', 'D'].iter().any(|&letter| invocation.has(letter));
                    if invocation.is("backtick") && goes_on {
                        bindings.push(Binding {
                            name: b"?".to_vec(),
                            ..key(word, false)
                        });
                    }
                }
            }
        }
        "redirfd" if invocation.has('f') => {
            if let Some(word) = first {
                bindings.push(variable(word));
                if imports(invocation) {
                    bindings.push(key(word, false));
                }
            }
        }
        // The chosen block goes on with the rest, in which its keys are bound too.
        "ifthenelse" if invocation.has('s') => {
            for chain in invocation.chains().into_iter().skip(1) {
                bindings.extend(chain.invocations.iter().flat_map(self::bindings));
            }
        }
        "export" | "export-array" | "s6-export" => bindings.extend(first.map(variable)),
        "multisubstitute" => {
            for operand in &invocation.operands {
                if let Value::Directives(_, directives) = &operand.value {
                    bindings.extend(directives.iter().flat_map(self::bindings));
                }
            }
        }
        _ => {}
    }
    bindings
}

/// True where `-E` is given, and no `-e` behind it.
fn imports(invocation: &Invocation) -> bool {
    let last = invocation
        .options
        .iter()
        .rfind(|option| match &option.long {
            Some(long) => matches!(&**long, b"autoimport" | b"no-autoimport"),
            None => matches!(option.letter, b'E' | b'e'),
        });
    last.is_some_and(|option| option.letter == b'E')
}

/// True where the rest of this program's chain has `$0`, `$1`, `$#`, `$@` replaced.
pub fn binds_positional(invocation: &Invocation) -> bool {
    if invocation.is("elgetpositionals") {
        return true;
    }
    let goes_on = |chain: &&Chain| chain.invocations.iter().any(binds_positional);
    if invocation.is("ifthenelse") && invocation.has('s') {
        return invocation.chains().iter().skip(1).any(goes_on);
    }
    invocation.operands.iter().any(|operand| {
        matches!(&operand.value, Value::Directives(_, directives)
            if directives.iter().any(binds_positional))
    })
}

/// The keys it binds that may stand for any number of words.
pub fn spreading(invocation: &Invocation) -> Vec<Vec<u8>> {
    bindings(invocation)
        .into_iter()
        .filter(|binding| binding.kind == BindingKind::Key { spreads: true })
        .map(|binding| binding.name)
        .collect()
}

/// The keys in scope that may stand for any number of words.
#[derive(Default, Debug)]
pub struct Spread {
    order: Vec<Vec<u8>>,
    /// How often each is bound.
    times: HashMap<Vec<u8>, usize>,
}

impl Spread {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// Binds keys for what follows.
    pub fn extend(&mut self, keys: Vec<Vec<u8>>) {
        for key in keys {
            *self.times.entry(key.clone()).or_default() += 1;
            self.order.push(key);
        }
    }

    /// Forgets what was bound after the first `length` keys.
    pub fn truncate(&mut self, length: usize) {
        while self.order.len() > length
            && let Some(key) = self.order.pop()
        {
            if let Some(times) = self.times.get_mut(&key) {
                *times = times.saturating_sub(1);
            }
        }
    }

    fn has(&self, key: &[u8]) -> bool {
        self.times.get(key).is_some_and(|times| *times > 0)
    }
}

/// True where a word may become any number of words: it holds `$@`, or a key that spreads.
pub fn spreads(word: &[u8], keys: &Spread) -> bool {
    references(word).any(|(name, _)| name == b"@" || keys.has(name))
}

/// The names that a word refers to with a `$`, and where in its bytes, dollar included. One
/// with an odd number of backslashes before it is meant literally, and left out.
pub fn references(word: &[u8]) -> impl Iterator<Item = (&[u8], Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let place = at + word.get(at..)?.iter().position(|&byte| byte == b'$')?;
            at = place + 1;
            let before = word.get(..place).unwrap_or_default();
            let backslashes = before
                .iter()
                .rev()
                .take_while(|&&byte| byte == b'\\')
                .count();
            let Some((name, length)) = reference(word.get(at..).unwrap_or_default()) else {
                continue;
            };
            if backslashes % 2 == 0 {
                return Some((name, place..at + length));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_names_behind_dollars() {
        for (word, expected) in [
            ("$x", vec!["x"]),
            ("${x}y$z", vec!["x", "z"]),
            ("$x/y", vec!["x/y"]),
            (r"\$x", vec![]),
            (r"\\$x", vec!["x"]),
            ("$", vec![]),
            ("$$x", vec!["x"]),
            ("${x", vec![]),
            ("a${@}", vec!["@"]),
        ] {
            let found: Vec<_> = references(word.as_bytes())
                .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
                .collect();
            assert_eq!(found, expected, "{word}");
        }
    }
}
