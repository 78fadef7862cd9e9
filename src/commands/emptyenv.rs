//! `emptyenv`: empties the environment, or takes execline's own variables out of it, and goes on.
//!
//! `-P` does not pop `EXECLINE_` variables; `-c` leaves pushed frames (`#:1`) where they are.
//! Reference: <https://skarnet.org/software/execline/emptyenv.html>

use crate::command::{Command, Example, Operand, Rest, flag};
use crate::process::failure::SYSTEM;
use crate::process::long_options::LongOption;
use crate::process::number;
use crate::process::positionals::POSITIONALS;
use crate::process::{Call, Engine, Environment, Failure, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command = Command::new("emptyenv", "empties the environment", run)
    .usage("emptyenv [ -p | -l | -c | -o | -P ] prog...")
    .options(&[
        flag('p', "keeps PATH").long("keep-path"),
        flag('l', "keeps LD_LIBRARY_PATH")
            .long("keep-ld-library-path")
            .since("2.9.8.0"),
        flag('c', "removes only variables of execline").long("cleanup"),
        flag(
            'o',
            "goes back to the ELGETOPT_ variables of before the last elgetopt",
        )
        .long("pop-elgetopt"),
        flag(
            'P',
            "goes back to the positional parameters of before the last script",
        )
        .long("pop-execline"),
    ])
    .operands(&[Operand::Rest(Rest::Required)])
    .reach(Reach::Words)
    .examples(&[
        Example::new("export A b  emptyenv env", ""),
        Example::new("export PATH /bin  emptyenv -p env", "PATH=/bin\n"),
        Example::new("export ? 3  export A b  emptyenv -c printenv ?", "").code(1),
        Example::new("emptyenv", "")
            .complains("emptyenv: usage: emptyenv [ -p | -l | -c | -o | -P ] prog...\n")
            .code(100)
            .since("2.9.8.0"),
    ]);

const OPTIONS: [LongOption; 5] = COMMAND.long_options();

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let (mut keeps_path, mut keeps_libraries) = (false, false);
    let (mut cleans_up, mut pops_options, mut pops_positionals) = (false, false, false);
    argv.long_options(&OPTIONS, &mut |option, _| match option.letter {
        b'p' => keeps_path = true,
        b'l' => keeps_libraries = true,
        b'c' => cleans_up = true,
        b'o' => pops_options = true,
        _ => pops_positionals = true,
    })?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    if cleans_up {
        clean_up(&mut environment);
    } else if pops_options || pops_positionals {
        let mut frames: Vec<&[u8]> = Vec::new();
        if pops_positionals {
            frames.extend(POSITIONALS);
        }
        if pops_options {
            frames.push(b"ELGETOPT_");
        }
        environment.pop(&frames).map_err(|errno| {
            Failure::system(
                SYSTEM,
                &[b"unable to pop current execline environment"],
                errno,
            )
        })?;
    } else {
        environment.replace(|entries| {
            let mut wanted: Vec<&[u8]> = Vec::new();
            if keeps_path {
                wanted.push(b"PATH=");
            }
            if keeps_libraries {
                wanted.push(b"LD_LIBRARY_PATH=");
            }
            entries
                .into_iter()
                .filter(|entry| {
                    let place = wanted
                        .iter()
                        .position(|key| entry.to_bytes().starts_with(key));
                    // The first of several, as upstream.
                    place.map(|place| wanted.remove(place)).is_some()
                })
                .collect()
        });
    }
    Ok(Outcome::chain(argv, environment))
}

/// Removes what execline's commands have put there.
fn clean_up(environment: &mut Environment<'_>) {
    let mut removed: Vec<Vec<u8>> = ["!", "?", "#", "0", "EXECLINE_STRICT"]
        .map(|name| name.as_bytes().to_vec())
        .into();
    for entry in environment.entries() {
        let entry = entry.to_bytes();
        let equals = entry
            .iter()
            .position(|&byte| byte == b'=')
            .unwrap_or(entry.len());
        let name = entry.get(..equals).unwrap_or_default();
        let number = name.strip_prefix(b"FD").unwrap_or(name);
        let is_number = equals < entry.len()
            && number::whole(number).is_some()
            && (number.len() < name.len() || number.first() != Some(&b'0'));
        if name.starts_with(b"ELGETOPT_") || is_number {
            removed.push(name.to_vec());
        }
    }
    for name in removed {
        environment.modify(&name);
    }
}
