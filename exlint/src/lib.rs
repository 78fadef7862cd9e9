//! Finds what would break at boot in execline scripts, service directories and the trees
//! around them, by reading only.

pub mod container;
pub mod overlay;
pub mod programs;
pub mod shell;
