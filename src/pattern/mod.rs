//! POSIX regular expressions, fnmatch and glob over bytes, in the C locale.
//!
//! The observable reference is glibc: the same patterns are accepted, the same
//! error texts are given and the same spans are found. It is deliberately not a
//! general matching library: no Unicode, no collation tables, no system calls.

mod class;
pub mod fnmatch;
pub mod glob;
pub mod regex;

#[cfg(test)]
mod glibc;
#[cfg(test)]
mod random;
