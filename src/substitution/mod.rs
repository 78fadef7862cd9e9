//! Substitution: keys in words are replaced by values.
//!
//! It knows no command and no environment: commands gather keys and values, `substitute`
//! applies them all at once to every word of an argv.
//! Reference: <https://skarnet.org/software/execline/el_substitute.html>.

pub mod netstring;
pub mod substitute;
pub mod transform;

pub use substitute::{Key, Keys, reference, substitute};
pub use transform::Transform;

/// What was to be made is longer than the limit that was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;
