//! `$name` in a word where no key of that name is bound, so that the text stays as it is: where
//! that stands, and how surely it is a mistake. Words of other languages are left out.

use super::{shell_keyword, subject};
use crate::level::Level;
use crate::model::Script;
use crate::script::binding::references;
use crate::script::items::flatten;
use crate::script::scope::{identifier, is_positional};
use crate::script::{Bound, Execline, Invocation, Problem, Reference, Word};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A reference to nothing.
#[derive(Debug)]
pub struct Loose<'s> {
    /// The name that is referred to, without what stands behind it: of `$a/b`, `a`.
    pub name: &'s [u8],
    /// What that name is in this script.
    pub meaning: Meaning,
    /// True where the name stands in braces.
    pub has_braces: bool,
    /// Where it stands, dollar included.
    pub span: Range<usize>,
    /// The word.
    pub word: &'s Word,
    /// The program whose word that is.
    pub invocation: &'s Invocation,
    /// How bad it is.
    pub level: Level,
}

/// What a name that refers to nothing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// A key in scope, which more letters follow: `$a/b`; its place in the bindings.
    Prefix(usize),
    /// A key that is bound elsewhere; its place in the bindings.
    Elsewhere(usize),
    /// A number, `#` or `@`: a word that the script is started with.
    Positional,
    /// A variable that the script sets, but no key; its place in the bindings.
    Variable(usize),
    /// Nothing that the script binds.
    Unknown,
}

/// All of a script.
pub fn loose(script: &Script) -> Vec<Loose<'_>> {
    let Some(execline) = subject::execline_of(script) else {
        return Vec::new();
    };
    let open: HashMap<(usize, &[u8]), &Reference> = execline
        .scopes
        .references
        .iter()
        .filter(|reference| reference.bound == Bound::Nothing)
        .map(|reference| ((reference.word.start, &*reference.name), reference))
        .collect();
    let mut found = Vec::new();
    if open.is_empty() {
        return found;
    }
    let bound = by_name(execline);
    let imported = imported(execline);
    let mut seen = HashSet::new();
    // 66's execl-envfile replaces the keys of a file that is not seen here.
    let mut reads_keys = false;
    for visit in execline.visits() {
        let invocation = visit.invocation;
        reads_keys |= invocation.is("execl-envfile");
        if reads_keys {
            continue;
        }
        // Behind a keyword of the shell, or without its block, nothing is what it seems.
        let is_broken = shell_keyword::keyword(&invocation.program.value).is_some()
            || invocation.is("import")
            || invocation
                .problems
                .iter()
                .any(|problem| matches!(problem, Problem::MissingBlock { .. }));
        if is_broken {
            continue;
        }
        let end = [
            subject::inner_from(invocation),
            subject::chain_from(invocation),
        ];
        let end = end.into_iter().flatten().min().unwrap_or(usize::MAX);
        for word in invocation.own_words() {
            if word.span.start >= end && word.span != invocation.program.span {
                continue;
            }
            // Whoever wrote a backslash before the dollar wants the dollar.
            let raw = script.slice(&word.span);
            if !word.is_bare && raw.windows(2).any(|pair| pair == b"\\$") {
                continue;
            }
            let is_text = is_text(word);
            for (name, range) in references(&word.value) {
                let Some(reference) = open.get(&(word.span.start, name)) else {
                    continue;
                };
                if !seen.insert((word.span.start, range.start)) {
                    continue;
                }
                let has_braces = word.value.get(range.start + 1) == Some(&b'{');
                let Some(name) = plain(name, has_braces) else {
                    continue;
                };
                if imported.contains(name) {
                    continue;
                }
                let meaning = match reference.prefix {
                    Some(key) if !has_braces => Meaning::Prefix(key),
                    _ => match bound.get(name) {
                        Some(&(key, true)) => Meaning::Elsewhere(key),
                        _ if is_positional(name) => Meaning::Positional,
                        Some(&(variable, false)) => Meaning::Variable(variable),
                        None => Meaning::Unknown,
                    },
                };
                found.push(Loose {
                    name,
                    meaning,
                    has_braces,
                    span: span_in(word, &range, name.len(), has_braces),
                    word,
                    invocation,
                    level: level(invocation, word, is_text, has_braces && is_positional(name)),
                });
            }
        }
    }
    found
}

/// What `import` was to bind, which is a finding of its own.
fn imported(execline: &Execline) -> HashSet<&[u8]> {
    let mut names = HashSet::new();
    for visit in execline.visits() {
        if !visit.invocation.is("import") {
            continue;
        }
        let mut words = vec![&visit.invocation.program];
        flatten(&visit.invocation.arguments, &mut words);
        // In a multisubstitute, what stands behind it is not taken apart: any word may be a key.
        names.extend(words.iter().map(|word| &*word.value));
    }
    names
}

/// The script's bindings by name, keys before variables.
fn by_name(execline: &Execline) -> HashMap<&[u8], (usize, bool)> {
    let mut bound: HashMap<&[u8], (usize, bool)> = HashMap::new();
    for (place, (binding, _)) in execline.scopes.bindings.iter().enumerate() {
        let is_key = binding.is_key();
        let known = bound.entry(&binding.name).or_insert((place, is_key));
        if is_key && !known.1 {
            *known = (place, true);
        }
    }
    bound
}

/// The name that is meant; `None` where it looks like none, as in `a$|b`.
fn plain(name: &[u8], has_braces: bool) -> Option<&[u8]> {
    if matches!(name, b"?" | b"!" | b"#" | b"@") {
        return Some(name);
    }
    let beginning = identifier(name);
    if beginning.is_empty() {
        return None;
    }
    // In braces, execline takes any name: `${a-b}`; of `${a:-b}` the shell's meaning is plain.
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if has_braces && name.iter().all(is_name) {
        return Some(name);
    }
    Some(beginning)
}

/// Where the reference stands in the text; the whole word, where that is not the value.
fn span_in(word: &Word, range: &Range<usize>, name: usize, has_braces: bool) -> Range<usize> {
    if !word.is_bare {
        return word.span.clone();
    }
    // The value of an option's argument is the end of the option's word.
    let start = word.span.end.saturating_sub(word.value.len());
    let length = if has_braces {
        range.len()
    } else {
        name.saturating_add(1)
    };
    start + range.start..start + range.start + length
}

/// True for what looks like text rather than a word with one name in it.
fn is_text(word: &Word) -> bool {
    word.value.iter().any(u8::is_ascii_whitespace)
        || word.value.iter().filter(|&&byte| byte == b'$').count() > 1
        || word.value.contains(&b'\\')
}

/// How surely `$name` is not what is meant to reach a program. Text in quotes with blanks may
/// be of any language.
fn level(invocation: &Invocation, word: &Word, is_text: bool, is_braced_number: bool) -> Level {
    if word.is_bare || is_braced_number && !invocation.is_one_of(&["define", "heredoc"]) {
        return Level::Error;
    }
    if is_text || invocation.is_one_of(&["define", "multidefine", "printf", "echo", "heredoc"]) {
        Level::Note
    } else {
        Level::Error
    }
}
