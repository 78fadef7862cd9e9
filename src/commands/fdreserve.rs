//! `fdreserve`: finds free file descriptors, puts their numbers into variables, and goes on.
//!
//! Reference: <https://skarnet.org/software/execline/fdreserve.html>

use crate::command::{Command, Example, Operand, Rest};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::Decimal;
use crate::process::{Call, Engine, Environment, Failure, Outcome, Stop};
use crate::sys::fd::{self, Fd};
use crate::sys::process;
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("fdreserve", "finds free file descriptors", run)
    .usage("fdreserve n prog...")
    .operands(&[Operand::Number("n"), Operand::Rest(Rest::Required)])
    .examples(&[
        Example::new(
            "fdreserve 2  multisubstitute { importas a FD0 importas b FD1 }  \
             redirfd -r $a /dev/null  redirfd -r $b /dev/null  sh -c \"test ${a} != ${b} && echo free\"",
            "free\n",
        ),
        Example::new("fdreserve two true", "")
            .complains("fdreserve: usage: fdreserve n prog...\n")
            .code(100),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    if argv.len() < 2 {
        return Err(Failure::Usage.into());
    }
    let count = argv.number()?;
    if u64::from(count) > process::open_files_limit() {
        return Err(Failure::new(USAGE, &[b"too many requested fds"]).into());
    }
    let mut reserved: Vec<Fd> = Vec::new();
    let last = reserve(count, &mut reserved);
    // They are free again: whoever wants them has their numbers.
    reserved.iter().for_each(|&fd| fd::close(fd));
    if let Some(last) = last? {
        put(&mut environment, count - 1, last);
    }
    for (number, &fd) in reserved.iter().enumerate() {
        put(&mut environment, number as u32, fd);
    }
    Ok(Outcome::chain(argv, environment))
}

/// Opens descriptors in pairs; an odd one out is returned, closed again.
fn reserve(count: u32, reserved: &mut Vec<Fd>) -> Result<Option<Fd>, Failure> {
    for _ in 0..count / 2 {
        let pipe = fd::pipe()
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to reserve fds"], errno))?;
        reserved.extend([pipe.read, pipe.write]);
    }
    if count.is_multiple_of(2) {
        return Ok(None);
    }
    let last = fd::open(c"/dev/null", libc::O_RDONLY, 0)
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to reserve last fd"], errno))?;
    fd::close(last);
    Ok(Some(last))
}

fn put(environment: &mut Environment<'_>, number: u32, fd: Fd) {
    let name = [b"FD", Decimal::new(number).as_bytes()].concat();
    environment.set(&name, Decimal::of_id(fd).as_bytes());
}
