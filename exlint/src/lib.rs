//! Finds what would break at boot in execline scripts, service directories and the trees
//! around them, by reading only.

pub mod container;
pub mod finding;
pub mod fix;
pub mod level;
pub mod overlay;
pub mod programs;
pub mod report;
pub mod shell;
