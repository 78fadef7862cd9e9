//! Which command this process is.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ffi::CStr;
use execline::block::Word;
use execline::commands::RUNNABLES;
use execline::process::engine::{Engine, Runnable, base_name, find};
use execline::process::{Argv, Call, Environment};

/// How many words the kernel puts before a script's name at most: two for each interpreter, and
/// it follows five that are scripts themselves.
const MOST_BEFORE_SCRIPT: usize = 10;

/// Runs the command and all that follow. `file` is what the kernel was asked to execute.
/// Returns the exit code.
pub fn run(argv: Vec<Word<'static>>, environment: Vec<Word<'static>>, file: &'static CStr) -> u8 {
    // A script is among the words behind its interpreter, which argv[0] then names.
    let is_script = argv
        .iter()
        .skip(1)
        .take(MOST_BEFORE_SCRIPT)
        .any(|word| **word == *file);
    let name = match argv.first() {
        Some(Cow::Borrowed(name)) => name,
        _ => c"",
    };
    let (by_name, by_file) = (named(name), named(file));
    // They differ where `exec -a` was used.
    let (origin, command) = if is_script {
        (name, by_name.or(by_file))
    } else {
        (file, by_file.or(by_name))
    };
    let mut argv: Argv = argv.into();
    let call = Call {
        name: argv.take().unwrap_or(Cow::Borrowed(c"")),
        argv,
        environment: Environment::new(environment),
    };
    match command.or_else(|| find(&RUNNABLES, b"execline")) {
        Some(command) => {
            // The kernel puts the file's name first.
            Engine::new(&RUNNABLES, command, origin, file.as_ptr().addr()).run(call)
        }
        // `execline` is among the commands.
        None => 111,
    }
}

/// The command that is called as the last part of `path`.
fn named(path: &CStr) -> Option<&'static Runnable> {
    find(&RUNNABLES, base_name(path))
}
