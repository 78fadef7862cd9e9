//! Names that are nearly those of commands of execline, s6, s6-rc and s6-overlay.

use super::{KNOWN, Origin, Programs};
use crate::nearest::distance;

/// A shorter name is too near to others.
const SHORTEST: usize = 6;

/// From this length on, two bytes may differ and not only one.
const LONG: usize = 10;

/// What has a name that is near all the same: of the 45,000 programs in Debian 12, these.
const OTHERS: [&str; 13] = [
    "cdclose",
    "evtest",
    "fdb-lock",
    "fsmove",
    "getpib",
    "getpix",
    "irony-server",
    "mBackground",
    "mexport",
    "myproxy-server",
    "piper",
    "rdswap",
    "refine",
];

/// The command whose name is nearly this word, which is no path and no known program.
pub fn misspelt(programs: &Programs, word: &[u8]) -> Option<&'static str> {
    let is_other = word.contains(&b'/')
        // An option, where an operand is missing before it.
        || word.starts_with(b"-")
        || OTHERS.iter().any(|other| other.as_bytes() == word)
        || super::removed(word).is_some()
        || programs.signature(word).is_some();
    if is_other { None } else { nearly(word) }
}

fn nearly(word: &[u8]) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    KNOWN
        .values()
        .filter(|known| known.name.len() >= SHORTEST && is_command(known.origin))
        .filter_map(|known| {
            let most = if known.name.len() < LONG { 1 } else { 2 };
            let distance = distance(&word, known.name.as_bytes(), most)?;
            Some((distance, known.name.as_str()))
        })
        .min()
        .map(|(_, name)| name)
}

fn is_command(origin: Origin) -> bool {
    match origin {
        Origin::Execline => true,
        Origin::Known(package) => package.starts_with("s6"),
        Origin::Configured => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_meant_by_what_is_nearly_their_name() {
        for (name, expected) in [
            ("foregroud", Some("foreground")),
            ("foregruond", Some("foreground")),
            ("forground", Some("foreground")),
            ("Foreground", Some("foreground")),
            ("improtas", Some("importas")),
            ("importas", None),
            ("s6-setuigid", Some("s6-setuidgid")),
            ("s6_setuidgid", Some("s6-setuidgid")),
            ("with-contev", Some("with-contenv")),
            ("redirf", Some("redirfd")),
            ("redirectfd", None),
            ("fdmov", Some("fdmove")),
            ("fsmove", None),
            ("import", None),
            ("./importa", None),
            ("iff", None),
            ("cat", None),
            ("web-server", None),
            ("--foreground", None),
            ("", None),
        ] {
            assert_eq!(
                misspelt(&Programs::known(), name.as_bytes()),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn what_others_are_called_is_near() {
        for name in OTHERS {
            assert!(nearly(name.as_bytes()).is_some(), "{name}");
        }
    }
}
