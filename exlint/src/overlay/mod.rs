//! What s6-overlay is in each of its versions, as data: built-in services, variables, paths,
//! interpreters, time limits. No file is read here and nothing is judged; rules do both.
//!
//! The facts were read at the release tags of s6-overlay (v1.8.2 to v3.2.3.2), of the packages
//! that it is built from, and in the change logs of those packages. A version newer than the
//! last one known is taken to be like it.

pub mod architecture;
pub mod builtin;
pub mod bundles;
pub mod components;
pub mod interpreters;
pub mod paths;
pub mod script_arguments;
pub mod service_path;
pub mod timeouts;
pub mod variables;
pub mod version;

pub use version::{Lifetime, Version};
