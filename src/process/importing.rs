//! Command lines that import variables under their own names and remove them: what the `-E`
//! options of commands put before the rest.

use super::argv::Argv;
use crate::block::{self, Word};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The command line that imports `variable` under its own name, removes it, and goes on with
/// `argv`.
pub fn import_one<'a>(argv: Argv<'a>, variable: Word<'a>) -> Argv<'a> {
    argv.preceded_by([
        Cow::Borrowed(c"importas"),
        Cow::Borrowed(c"-uSi"),
        Cow::Borrowed(c"--"),
        variable,
    ])
}

/// The words that import each variable under its own name and remove it, all at once: what
/// stands before the command line of a command with `-E` that sets several.
pub fn import_all(variables: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::from([Cow::Borrowed(c"multisubstitute")]);
    for variable in &variables {
        let directive: [&[u8]; 4] = [b"importas", b"-uSi", b"--", variable.to_bytes()];
        words.extend(directive.map(block::quote));
    }
    words.push(Cow::Borrowed(c""));
    words
}
