//! What is known of programs: which words they take, which of them go on with another, which
//! put themselves in the background.
//!
//! It is data, and its look-up. How a command line is divided by it is not done here.

mod daemon;
mod daemons;
mod known;
mod misspelt;
mod readiness;
mod removed;
mod signature;
mod usage;

pub use daemon::{Daemon, DaemonMode, Sign, daemon};
pub use misspelt::misspelt;
pub use readiness::{Channel, Readiness, StopSignal, readiness, stop_signal};
pub use removed::{REMOVED, Removed, removed};
pub use signature::{
    Effect, OperandKind, OperandSignature, OptionSignature, Origin, Rest, Signature,
};
pub use usage::{UsageError, parse as parse_usage};

use crate::bytes::base_name;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

static KNOWN: LazyLock<HashMap<String, Arc<Signature>>> = LazyLock::new(|| {
    let commands = execline::commands::COMMANDS
        .iter()
        .map(Signature::from_command);
    known::signatures()
        .chain(commands)
        .map(|signature| (signature.name.clone(), Arc::new(signature)))
        .collect()
});

/// The signatures of programs, by name.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    configured: HashMap<String, Arc<Signature>>,
}

impl Programs {
    /// The commands of execline and the foreign programs that are known.
    pub fn known() -> Programs {
        Programs::default()
    }

    /// The same and these, given as usage lines; they go before what is known.
    ///
    /// # Errors
    ///
    /// Where lines are none: the place of each in `lines`, and what is wrong with it.
    pub fn with_configured<'l>(
        mut self,
        lines: impl IntoIterator<Item = &'l str>,
    ) -> Result<Programs, Vec<(usize, UsageError)>> {
        let mut errors = Vec::new();
        for (place, line) in lines.into_iter().enumerate() {
            match parse_usage(line, Origin::Configured) {
                Ok(signature) => {
                    self.configured
                        .insert(signature.name.clone(), Arc::new(signature));
                }
                Err(error) => errors.push((place, error)),
            }
        }
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(errors)
        }
    }

    /// The signature of the program that this word calls, by the word's last path component.
    /// A path to where no programs are installed names a program of its own: `/etc/app/wait`.
    pub fn signature(&self, word: &[u8]) -> Option<&Arc<Signature>> {
        let name = std::str::from_utf8(base_name(word)).ok()?;
        let configured = self.configured.get(name);
        configured.or_else(|| KNOWN.get(name).filter(|_| !is_of_its_own(word)))
    }

    /// The names of all programs that have a signature, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let configured = self.configured.keys();
        let known = KNOWN
            .keys()
            .filter(|name| !self.configured.contains_key(name.as_str()));
        configured.chain(known).map(String::as_str)
    }
}

/// Whether this is the name of a command of execline.
pub fn is_execline_command(name: &[u8]) -> bool {
    execline::commands::COMMANDS
        .iter()
        .any(|command| command.name.as_bytes() == name)
}

/// The name of the program that a word calls; none where it is one of its own, whatever program
/// has the same name.
fn program_name(word: &[u8]) -> Option<&[u8]> {
    (!is_of_its_own(word)).then(|| base_name(word))
}

/// True for a path to a place where configuration or data is, not what packages install.
fn is_of_its_own(word: &[u8]) -> bool {
    const PLACES: [&[u8]; 8] = [
        b"/etc/",
        b"/run/",
        b"/var/",
        b"/home/",
        b"/root/",
        b"/data/",
        b"/config/",
        b"/tmp/",
    ];
    let directory = word
        .iter()
        .rposition(|&byte| byte == b'/')
        .and_then(|slash| word.get(..slash))
        .unwrap_or_default();
    PLACES.iter().any(|place| word.starts_with(place))
        && !matches!(base_name(directory), b"bin" | b"sbin" | b"command")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(word: &str) -> Signature {
        let programs = Programs::known();
        Signature::clone(programs.signature(word.as_bytes()).expect(word))
    }

    #[test]
    fn program_is_looked_up_by_its_base_name() {
        for (word, name) in [
            ("if", "if"),
            ("/command/s6-svscan", "s6-svscan"),
            ("/package/admin/execline/command/cd", "cd"),
            ("[", "["),
            ("/usr/bin/[", "["),
        ] {
            assert_eq!(signature(word).name, name, "{word}");
        }
        for word in ["/etc/hotplug/wait", "/run/app/if", "/config/scripts/cd"] {
            assert_eq!(Programs::known().signature(word.as_bytes()), None, "{word}");
        }
        assert_eq!(signature("/run/current/bin/wait").name, "wait");
        for word in ["", "/", "/command/", "no-such-program", "\u{e9}"] {
            let known = Programs::known();
            assert_eq!(known.signature(word.as_bytes()), None, "{word}");
        }
        assert_eq!(Programs::known().signature(b"\xff"), None);
    }

    #[test]
    fn rest_of_loaders_is_what_they_do_with_it() {
        for (name, rest) in [
            ("s6-setuidgid", Rest::Required),
            ("s6-permafailon", Rest::Optional),
            ("s6-sleep", Rest::Optional),
            ("s6-log", Rest::Words),
            ("s6-cat", Rest::Nothing),
            ("with-contenv", Rest::Required),
            ("printcontenv", Rest::Nothing),
            ("env", Rest::Optional),
            ("echo", Rest::Words),
            ("busybox", Rest::Words),
        ] {
            assert_eq!(signature(name).rest, rest, "{name}");
        }
    }

    #[test]
    fn operands_of_loaders_have_their_kinds() {
        for (name, expected) in [
            ("s6-setuidgid", &[OperandKind::Account][..]),
            ("s6-envuidgid", &[OperandKind::Account]),
            ("s6-envdir", &[OperandKind::Path]),
            ("s6-svlisten", &[OperandKind::Words]),
            ("s6-overlay-suexec", &[OperandKind::Program]),
            ("gosu", &[OperandKind::Account]),
            ("s6-tlsd-io", &[OperandKind::Fd, OperandKind::Fd]),
        ] {
            let signature = signature(name);
            let kinds: Vec<_> = signature.operands.iter().map(|o| o.kind).collect();
            assert_eq!(kinds, expected, "{name}");
        }
    }

    #[test]
    fn arguments_of_options_have_their_kinds() {
        for (name, letter, expected) in [
            ("s6-applyuidgid", b'u', Some(OperandKind::Number)),
            ("s6-applyuidgid", b'U', None),
            ("s6-notifyoncheck", b'c', Some(OperandKind::Word)),
            ("s6-notifyoncheck", b'3', Some(OperandKind::Fd)),
            ("s6-svscan", b'd', Some(OperandKind::Fd)),
            ("s6-log", b't', None),
        ] {
            let signature = signature(name);
            let option = signature.letter(letter).expect(name);
            assert_eq!(option.argument_kind(), expected, "{name}");
        }
    }

    #[test]
    fn configured_lines_go_before_what_is_known() {
        let lines = ["s6-log mine prog...", "own-loader [ -q ] prog..."];
        let programs = Programs::known().with_configured(lines).expect("lines");
        let rest = |name: &[u8]| programs.signature(name).map(|signature| signature.rest);
        assert_eq!(rest(b"s6-log"), Some(Rest::Required));
        assert_eq!(rest(b"/opt/own-loader"), Some(Rest::Required));
        assert_eq!(rest(b"if"), Some(Rest::Optional));
        let origin = programs.signature(b"own-loader").map(|found| found.origin);
        assert_eq!(origin, Some(Origin::Configured));
        assert_eq!(programs.names().filter(|&name| name == "s6-log").count(), 1);
    }

    #[test]
    fn every_wrong_configured_line_is_reported() {
        let lines = ["good prog...", "bad -q", "", "also-good"];
        let errors = Programs::known().with_configured(lines).expect_err("lines");
        let places: Vec<usize> = errors.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [1, 2]);
    }

    #[test]
    fn commands_of_execline_are_those_of_the_library() {
        for (name, expected) in [
            ("cd", true),
            ("umask", true),
            ("s6-log", false),
            ("", false),
        ] {
            assert_eq!(is_execline_command(name.as_bytes()), expected, "{name}");
        }
    }
}
