//! glibc's own matching functions, which the runtime's tests ask too, under the names that they
//! know the library's by. Nothing else in here is C.

pub(crate) use execline::pattern::{fnmatch, glob};

#[path = "../../src/pattern/glibc.rs"]
#[allow(dead_code)]
pub(crate) mod glibc;
