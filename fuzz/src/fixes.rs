//! A fix leaves what it does not touch: every other word and brace of a script stays what it
//! was, and a script that could be read can be read. After as many passes as `--fix` makes, nothing
//! is left to be fixed. The input is a tree in the notation of exlint's samples.

use super::samples::{self, Replacement, Texts};
use execline::syntax::{self, TokenKind};
use exlint::fix::MOST_PASSES;
use std::os::unix::ffi::OsStrExt;

/// The words of a script may come to this.
const LIMIT: usize = 16 << 20;

pub fn settle(input: &[u8]) {
    let Some(mut tree) = samples::tree(input) else {
        return;
    };
    for _ in 0..MOST_PASSES {
        let outcome = samples::inspect(&tree);
        let texts = Texts::of(&tree);
        let plan = texts.plan(&outcome.findings);
        if plan.count() == 0 {
            return;
        }
        let Some(fixed) = samples::fixed(&tree, &plan) else {
            return;
        };
        let after = Texts::of(&fixed);
        for (file, replaced) in samples::replacements(&plan) {
            let path = std::path::Path::new(std::ffi::OsStr::from_bytes(&file));
            if let (Some(old), Some(new)) = (texts.of_disk(path), after.of_disk(path)) {
                rest_stays(&old, &new, &replaced);
            }
        }
        tree = fixed;
    }
    let found = samples::inspect(&tree);
    let left = Texts::of(&tree).plan(&found.findings);
    let edits: Vec<_> = left.edits().collect();
    assert!(edits.is_empty(), "{edits:?} after {MOST_PASSES} passes");
}

/// Where the byte at `offset` of the old text is in the new one.
fn moved(offset: usize, replaced: &[Replacement]) -> usize {
    let before = replaced.iter().filter(|(span, _)| span.end <= offset);
    before.fold(offset, |at, (span, text)| at + text.len() - span.len())
}

fn rest_stays(old: &[u8], new: &[u8], replaced: &[Replacement]) {
    let first = old.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let is_execline = first.windows(9).any(|part| part == b"execlineb");
    if !is_execline {
        return;
    }
    let (before, after) = (syntax::parse(old, LIMIT), syntax::parse(new, LIMIT));
    if !before.errors.is_empty() {
        return;
    }
    let shown = || format!("{}\n  became\n{}", old.escape_ascii(), new.escape_ascii());
    assert!(
        after.errors.is_empty(),
        "{:?} in\n{}",
        after.errors,
        shown()
    );
    for token in before.tokens {
        let touches =
            |(span, _): &Replacement| span.start <= token.span.end && token.span.start <= span.end;
        // The first line is for the kernel, and is a comment only once it is right.
        let is_first = token.span.start < first.len();
        if is_first || token.kind == TokenKind::Comment || replaced.iter().any(touches) {
            continue;
        }
        let start = moved(token.span.start, replaced);
        let same = after.tokens.iter().find(|it| it.span.start == start);
        let is_same =
            same.is_some_and(|same| same.kind == token.kind && same.value() == token.value());
        assert!(is_same, "{token:?} is {same:?} in\n{}", shown());
    }
}
