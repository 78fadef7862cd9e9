//! The commands: one file each. This is the registry, two plain lists.
//!
//! `BLESS=1 cargo test` rewrites both from the files that are here.

use crate::command::Command;
use crate::process::Runnable;

// The registry begins here.
pub mod background;
pub mod backtick;
pub mod case;
pub mod define;
pub mod dollarat;
pub mod elgetopt;
pub mod elgetpositionals;
pub mod elglob;
pub mod eltest;
pub mod emptyenv;
pub mod envfile;
pub mod exec;
pub mod execline;
pub mod execline_cd;
pub mod execline_umask;
pub mod execlineb;
pub mod exit;
pub mod export;
pub mod export_array;
pub mod fdblock;
pub mod fdclose;
pub mod fdmove;
pub mod fdreserve;
pub mod fdswap;
pub mod forbacktickx;
pub mod foreground;
pub mod forstdin;
pub mod forx;
pub mod getcwd;
pub mod getpid;
pub mod heredoc;
pub mod homeof;
pub mod r#if;
pub mod ifelse;
pub mod ifte;
pub mod ifthenelse;
pub mod importas;
pub mod loopwhilex;
pub mod multidefine;
pub mod multisubstitute;
pub mod pipeline;
pub mod piperw;
pub mod posix_cd;
pub mod posix_umask;
pub mod redirfd;
pub mod runblock;
pub mod shift;
pub mod trap;
pub mod tryexec;
pub mod unexport;
pub mod wait;
pub mod withstdinas;

const ALL: [Command; 54] = [
    background::COMMAND,
    backtick::COMMAND,
    case::COMMAND,
    execline_cd::COMMAND.also_called("cd"),
    define::COMMAND,
    dollarat::COMMAND,
    elgetopt::COMMAND,
    elgetpositionals::COMMAND,
    elglob::COMMAND,
    eltest::COMMAND,
    emptyenv::COMMAND,
    envfile::COMMAND,
    exec::COMMAND,
    execline::COMMAND,
    execline_cd::COMMAND,
    execline_umask::COMMAND,
    execlineb::COMMAND,
    exit::COMMAND,
    export::COMMAND,
    export_array::COMMAND,
    fdblock::COMMAND,
    fdclose::COMMAND,
    fdmove::COMMAND,
    fdreserve::COMMAND,
    fdswap::COMMAND,
    forbacktickx::COMMAND,
    foreground::COMMAND,
    forstdin::COMMAND,
    forx::COMMAND,
    getcwd::COMMAND,
    getpid::COMMAND,
    heredoc::COMMAND,
    homeof::COMMAND,
    r#if::COMMAND,
    ifelse::COMMAND,
    ifte::COMMAND,
    ifthenelse::COMMAND,
    importas::COMMAND,
    loopwhilex::COMMAND,
    multidefine::COMMAND,
    multisubstitute::COMMAND,
    pipeline::COMMAND,
    piperw::COMMAND,
    posix_cd::COMMAND,
    posix_umask::COMMAND,
    redirfd::COMMAND,
    runblock::COMMAND,
    shift::COMMAND,
    trap::COMMAND,
    tryexec::COMMAND,
    execline_umask::COMMAND.also_called("umask"),
    unexport::COMMAND,
    wait::COMMAND,
    withstdinas::COMMAND,
];
// The registry ends here.

/// All commands by name, with all that is known of them.
pub static COMMANDS: [Command; ALL.len()] = ALL;

/// All commands by name, as the program needs them.
pub static RUNNABLES: [Runnable; ALL.len()] = runnables();

const fn runnables() -> [Runnable; ALL.len()] {
    let mut runnables = [const { ALL[0].runnable() }; ALL.len()];
    let mut place = 0;
    while place < ALL.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            runnables[place] = ALL[place].runnable();
        }
        place += 1;
    }
    runnables
}
