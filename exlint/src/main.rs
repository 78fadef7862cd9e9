//! The program `exlint`.

fn main() {}
