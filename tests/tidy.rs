//! The house rules, checked over the whole tree, and what is derived from the sources.
//!
//! Every rule is a claim about all files or all commands at once, so a new file or command
//! is held to it without being named anywhere. What is derived (the registry, the command
//! pages, the install list, the editors' lists of commands) is compared here, and rewritten by
//! `BLESS=1 cargo test`.
//! Deliberately nothing here runs a command for what it does: that is for the conformance
//! suite and the examples.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// Comparing, or rewriting, what is derived.
#[path = "tidy/bless.rs"]
mod bless;
/// The book of the documentation.
#[path = "tidy/book.rs"]
mod book;
/// What every command's constant and head must say.
#[path = "tidy/commands.rs"]
mod commands;
/// The names of commands in the files that editors highlight by.
#[path = "tidy/editors.rs"]
mod editors;
/// Facts about the linked program.
#[path = "tidy/elf.rs"]
mod elf;
/// What the package may depend on.
#[path = "tidy/manifest.rs"]
mod manifest;
/// The manual pages of the commands and of the language.
#[path = "tidy/manual.rs"]
mod manual;
/// Names, and the words they must not have.
#[path = "tidy/names.rs"]
mod names;
/// The command pages and the install list.
#[path = "tidy/pages.rs"]
mod pages;
/// The registry, from the files that are there.
#[path = "tidy/registry.rs"]
mod registry;
/// Manual pages out of Markdown.
#[path = "tidy/roff.rs"]
mod roff;
/// Which room imports which.
#[path = "tidy/rooms.rs"]
mod rooms;
/// Where `unsafe` may stand, and what must not panic.
#[path = "tidy/soundness.rs"]
mod soundness;
/// Rust text without comments, literals and tests.
#[path = "tidy/source.rs"]
mod source;
/// What every text file must look like.
#[path = "tidy/text.rs"]
mod text;
/// The files of the repository.
#[path = "tidy/tree.rs"]
mod tree;

/// Fails with all faults at once.
fn verdict(claim: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{claim}:\n  {}", faults.join("\n  "));
}
