//! Programs that notify of their readiness, and programs that want another stop signal.
//!
//! Whether a service is set up for it is not asked here.

use super::daemon::without_version;
use super::program_name;

/// How a program notifies of its readiness: with a newline, as s6 wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The program.
    pub name: &'static str,
    /// The options that make it notify, with dashes, and any of them; none if it always does.
    pub options: &'static [&'static str],
    /// Where it notifies.
    pub channel: Channel,
}

/// Where a program notifies of its readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// At the file descriptor that is the argument of the option.
    Argument,
    /// At its standard output.
    StandardOutput,
    /// At the file descriptor that the service's `notification-fd` names; the option, if it is
    /// given, names another.
    NotificationFd,
}

/// A signal that stops a program better than TERM does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopSignal {
    /// The program.
    pub name: &'static str,
    /// The signal, as a file `down-signal` has it.
    pub signal: &'static str,
    /// What TERM does, and this one does instead: a sentence.
    pub reason: &'static str,
}

const fn at_argument(name: &'static str, options: &'static [&'static str]) -> Readiness {
    Readiness {
        name,
        options,
        channel: Channel::Argument,
    }
}

const fn at_output(name: &'static str) -> Readiness {
    Readiness {
        name,
        options: &["-1"],
        channel: Channel::StandardOutput,
    }
}

const fn at_notification_fd(name: &'static str) -> Readiness {
    Readiness {
        name,
        options: &["-3", "--notification-fd"],
        channel: Channel::NotificationFd,
    }
}

const D: &[&str] = &["-d", "--notification-fd"];

const READINESS: [Readiness; 32] = [
    at_argument("Xephyr", &["-displayfd"]),
    at_argument("Xnest", &["-displayfd"]),
    at_argument("Xorg", &["-displayfd"]),
    at_argument("Xvfb", &["-displayfd"]),
    at_argument("Xvnc", &["-displayfd"]),
    at_argument("Xwayland", &["-displayfd"]),
    at_argument("dbus-daemon", &["--print-address", "--print-pid"]),
    at_argument("mdevd", &["-D"]),
    at_argument("s6-background-watch", D),
    at_output("s6-fdholder-daemon"),
    at_output("s6-fdholderd"),
    at_output("s6-ipcserver"),
    at_output("s6-ipcserverd"),
    at_argument("s6-linux-init-shutdownd", &["-d"]),
    at_argument("s6-log", &["-d"]),
    at_notification_fd("s6-notify-fd-from-socket"),
    at_notification_fd("s6-notifyoncheck"),
    at_output("s6-rc-fdholder-filler"),
    at_argument("s6-socklog", &["-d"]),
    at_argument("s6-svscan", D),
    at_argument("s6-svscanboot", D),
    at_output("s6-tcpserver"),
    at_output("s6-tcpserver4"),
    at_output("s6-tcpserver4d"),
    at_output("s6-tcpserver6"),
    at_output("s6-tcpserver6d"),
    at_output("s6-tcpserverd"),
    at_argument("s6-tlsc-io", D),
    at_argument("s6-tlsd-io", D),
    Readiness {
        name: "s6-tlsserver",
        options: &["-1", "--notify"],
        channel: Channel::StandardOutput,
    },
    at_argument("sdnotify-wrapper", &["-d"]),
    at_argument("seatd", &["-n"]),
];

const fn stop(name: &'static str, signal: &'static str, reason: &'static str) -> StopSignal {
    StopSignal {
        name,
        signal,
        reason,
    }
}

const DROPS_CONNECTIONS: &str = "TERM drops the connections that are open; QUIT lets them end";

const STOP_SIGNALS: [StopSignal; 10] = [
    stop(
        "apache2",
        "SIGWINCH",
        "TERM drops the connections that are open; WINCH lets them end",
    ),
    stop(
        "haproxy",
        "SIGUSR1",
        "TERM drops the connections that are open; USR1 lets them end",
    ),
    stop(
        "httpd",
        "SIGWINCH",
        "TERM drops the connections that are open; WINCH lets them end",
    ),
    stop(
        "lighttpd",
        "SIGINT",
        "TERM drops the connections that are open; INT lets them end",
    ),
    stop("nginx", "SIGQUIT", DROPS_CONNECTIONS),
    stop("openresty", "SIGQUIT", DROPS_CONNECTIONS),
    stop("php-fpm", "SIGQUIT", DROPS_CONNECTIONS),
    stop(
        "postgres",
        "SIGINT",
        "TERM waits until all clients are gone; INT disconnects them",
    ),
    stop("unicorn", "SIGQUIT", DROPS_CONNECTIONS),
    stop(
        "uwsgi",
        "SIGINT",
        "TERM reloads it, unless die-on-term is set; INT ends it",
    ),
];

/// How the program that this word calls notifies of its readiness, if it can.
pub fn readiness(word: &[u8]) -> Option<Readiness> {
    let name = program_name(word)?;
    READINESS
        .iter()
        .find(|readiness| readiness.name.as_bytes() == name)
        .copied()
}

/// The signal that stops the program that this word calls better than TERM does.
pub fn stop_signal(word: &[u8]) -> Option<StopSignal> {
    let name = program_name(word)?;
    let is_of = |name: &[u8]| {
        STOP_SIGNALS
            .iter()
            .find(|signal| signal.name.as_bytes() == name)
            .copied()
    };
    is_of(name).or_else(|| is_of(without_version(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::{OperandKind, Programs};

    #[test]
    fn tables_are_sorted_and_no_name_is_twice() {
        assert!(READINESS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(
            STOP_SIGNALS
                .windows(2)
                .all(|pair| pair[0].name < pair[1].name)
        );
    }

    #[test]
    fn options_of_skarnets_programs_are_in_their_signatures() {
        let programs = Programs::known();
        for readiness in READINESS {
            if !readiness.name.starts_with("s6-") {
                continue;
            }
            let signature = programs.signature(readiness.name.as_bytes());
            let signature = signature.expect(readiness.name);
            for option in readiness.options {
                let found = match option.strip_prefix("--") {
                    Some(long) => signature.long(long.as_bytes()),
                    None => option
                        .as_bytes()
                        .get(1)
                        .copied()
                        .and_then(|letter| signature.letter(letter)),
                };
                let expected = match readiness.channel {
                    Channel::StandardOutput => None,
                    _ => Some(OperandKind::Fd),
                };
                let found = found.map(|option| option.argument_kind());
                assert_eq!(found, Some(expected), "{} {option}", readiness.name);
            }
        }
    }

    #[test]
    fn readiness_is_looked_up_by_the_base_name() {
        let channel = |word: &[u8]| readiness(word).map(|readiness| readiness.channel);
        assert_eq!(channel(b"/command/s6-svscan"), Some(Channel::Argument));
        assert_eq!(channel(b"s6-ipcserver"), Some(Channel::StandardOutput));
        assert_eq!(channel(b"s6-notifyoncheck"), Some(Channel::NotificationFd));
        assert_eq!(channel(b"nginx"), None);
    }

    #[test]
    fn stop_signal_is_looked_up_without_the_version() {
        let signal = |word: &[u8]| stop_signal(word).map(|stop| stop.signal);
        for (word, expected) in [
            ("/usr/sbin/php-fpm8.2", Some("SIGQUIT")),
            ("php-fpm", Some("SIGQUIT")),
            ("apache2", Some("SIGWINCH")),
            ("postgres", Some("SIGINT")),
            ("redis-server", None),
        ] {
            assert_eq!(signal(word.as_bytes()), expected, "{word}");
        }
    }
}
