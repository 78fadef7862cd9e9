//! `homeof`: prints a user's home directory.
//!
//! Users are looked up in /etc/passwd alone, without the name service switch.
//! Reference: <https://skarnet.org/software/execline/homeof.html>

use crate::command::{Command, Example, Operand};
use crate::process::failure::SYSTEM;
use crate::process::{Call, Engine, Failure, Outcome, Stop};
use crate::sys::{Errno, fd, file};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("homeof", "prints a user's home directory", run)
    .usage("homeof user")
    .operands(&[Operand::Account("user")])
    .examples(&[
        Example::new("homeof root", "/root\n"),
        Example::new("homeof no-such-user", "")
            .complains("homeof: fatal: unable to get passwd entry for no-such-user: no such user\n")
            .code(111)
            .since("2.9.4.0"),
    ]);

/// The longest file of users that is read, in bytes.
const LONGEST_FILE: usize = 64 * 1024 * 1024;

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let mut argv = call.argv;
    let user = argv.operand()?;
    let what: [&[u8]; 2] = [b"unable to get passwd entry for ", user.to_bytes()];
    let users = match read() {
        Ok(users) => users,
        // Without the file there are no users, which is no error.
        Err(Errno::ENOENT) => Vec::new(),
        Err(errno) => return Err(Failure::system(SYSTEM, &what, errno).into()),
    };
    let home = home(&users, user.to_bytes())
        .ok_or_else(|| Failure::new(SYSTEM, &[what.concat().as_slice(), b": no such user"]))?;
    fd::write_all(1, &[home, b"\n"].concat())
        .map_err(|errno| Failure::system(SYSTEM, &[b"unable to write to stdout"], errno))?;
    Ok(Outcome::Exit(0))
}

fn read() -> Result<Vec<u8>, Errno> {
    let fd = file::open_to_read(c"/etc/passwd")?;
    let mut users = Vec::new();
    let outcome = file::read_to_nul(fd, &mut users, LONGEST_FILE);
    fd::close(fd);
    outcome.map(|()| users)
}

/// The sixth field of the first line whose first field is `user`.
fn home<'u>(users: &'u [u8], user: &[u8]) -> Option<&'u [u8]> {
    users.split(|&byte| byte == b'\n').find_map(|line| {
        let mut fields = line.split(|&byte| byte == b':');
        let (name, home) = (fields.next()?, fields.nth(4)?);
        // A shell follows, if only an empty one.
        fields.next()?;
        (name == user && !name.is_empty()).then_some(home)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_is_the_sixth_field_of_the_users_line() {
        let users =
            b"root:x:0:0:root:/root:/bin/sh\nshort:x:1\n:x:2:2::/none:\na:x:3:3::/home/a:\n";
        for (user, expected) in [
            ("root", Some("/root")),
            ("a", Some("/home/a")),
            ("roo", None),
            ("short", None),
            ("", None),
        ] {
            let expected = expected.map(str::as_bytes);
            assert_eq!(home(users, user.as_bytes()), expected, "{user}");
        }
    }
}
