//! The rules: a file each, in a folder for each group. Every folder's `mod.rs` is a plain list.

pub mod execline;
pub mod exlint;
pub mod image;
pub mod overlay;
pub mod s6_rc;
#[cfg(test)]
mod sampling;
pub mod service;
pub mod start;

use crate::rule::Rule;

/// All rules, by group.
pub const GROUPS: [&[&Rule]; 7] = [
    self::execline::RULES,
    start::RULES,
    s6_rc::RULES,
    service::RULES,
    overlay::RULES,
    image::RULES,
    exlint::RULES,
];

/// All rules.
pub fn all() -> Vec<&'static Rule> {
    GROUPS.into_iter().flatten().copied().collect()
}
