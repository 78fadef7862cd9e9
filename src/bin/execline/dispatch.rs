//! Which command this process is.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ffi::CStr;
use execline::block::Word;
use execline::commands::RUNNABLES;
use execline::process::engine::{Engine, Runnable, base_name, find};
use execline::process::{Argv, Call, Environment};

/// Runs the command and all that follow. Returns the exit code.
pub fn run(mut argv: Vec<Word<'static>>, environment: Vec<Word<'static>>, file: &CStr) -> u8 {
    let command = command(&argv, file);
    let mut argv: Argv = core::mem::take(&mut argv).into();
    let call = Call {
        name: argv.take().unwrap_or(Cow::Borrowed(c"")),
        argv,
        environment: Environment::new(environment),
    };
    match command {
        Some(command) => Engine::new(&RUNNABLES, command).run(call),
        // `execline` is among the commands.
        None => 111,
    }
}

/// The command that `argv[0]` names, or else the file that was executed; they differ where
/// `exec -a` was used. What is no command's name is `execline`'s.
fn command(argv: &[Word<'_>], file: &CStr) -> Option<&'static Runnable> {
    let by_name = argv
        .first()
        .and_then(|name| find(&RUNNABLES, base_name(name)));
    let by_file = find(&RUNNABLES, base_name(file));
    // A script's interpreter is named by argv[0], and the script, by the first or second word.
    let is_script = argv.iter().skip(1).take(2).any(|word| **word == *file);
    let chosen = if is_script {
        by_name.or(by_file)
    } else {
        by_file.or(by_name)
    };
    chosen.or_else(|| find(&RUNNABLES, b"execline"))
}
