//! Rules about how an image is put together and started, a file each, and what they share.

pub mod description;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[];
