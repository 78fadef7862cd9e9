//! Where the programs are that tests take from elsewhere. `./test` installs them; they stand
//! beside what is compiled, so that they are installed once.

use std::path::PathBuf;

/// What to do where they are not there.
pub const REMEDY: &str = "./test installs what the tests need";

/// The directory of the tools, which must be there.
pub fn directory() -> PathBuf {
    let tools = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../tools");
    assert!(tools.is_dir(), "{}: not there: {REMEDY}", tools.display());
    tools
}
