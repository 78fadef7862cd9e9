//! What commands are made of: arguments, environment, failures, and the engine that
//! chain-loads and runs blocks.
//!
//! It knows that there are commands, not which: the program hands it the list.

pub mod argv;
pub mod condition;
pub mod directive;
pub mod each;
pub mod engine;
pub mod environment;
mod explain;
pub mod failure;
pub mod importing;
pub mod letters;
pub mod long_options;
pub mod naming;
pub mod number;
pub mod outcome;
pub mod output;
pub mod positionals;
pub mod search;
pub mod sequence;
pub mod size;
mod stack;

pub use argv::{Argv, Blocks};
pub use engine::{Engine, Reach, Registry, Runnable, Spawned, Start};
pub use environment::Environment;
pub use failure::Failure;
pub use letters::Letters;
pub use outcome::{Call, Chain, Outcome, Stop};
