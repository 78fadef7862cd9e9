//! A light reader of shell scripts (sh, dash, busybox ash, bash): which commands stand where, what
//! they read, assign and redirect, each with its bytes. It never fails and runs nothing. It is no
//! parser in full: no aliases, no expansion, no evaluation, and a script that makes no sense is
//! read as far as it goes and marked as broken.

pub mod dialect;
mod questions;
mod reader;
pub mod script;
pub mod word;

pub use dialect::{Dialect, Extension, Feature, extensions};
pub use reader::read;
pub use script::{
    Assignment, Command, Connector, Construct, HereDocument, Item, Kind, Place, Redirection,
    RedirectionOperator, Script, Section,
};
pub use word::{Operator, Parameter, Part, Word};

#[cfg(test)]
mod tests;
