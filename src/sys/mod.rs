//! System calls by topic, as safe functions: the only room of the library with `unsafe`.
//!
//! It knows nothing of execline. Every function here makes one system call, or the
//! few that belong together, and retries where a signal interrupted it.

pub mod arch;
mod call;
pub mod directory;
pub mod errno;
pub mod fd;
pub mod file;
pub mod link;
pub mod memory;
pub mod process;
pub mod signal;
pub mod time;

pub use errno::Errno;
