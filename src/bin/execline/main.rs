//! The runtime program.
fn main() {}
