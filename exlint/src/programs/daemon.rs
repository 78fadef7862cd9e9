//! A program that serves: whether it puts itself in the background when it is called.
//!
//! What a program's own configuration file says is not read here; where such a file can say it
//! too, that is noted. Which programs there are is in `daemons`.

use super::daemons::DAEMONS;
use super::program_name;

/// A program that serves, and where it does.
#[derive(Clone, Copy, Debug)]
pub struct Daemon {
    /// Its name.
    pub name: &'static str,
    /// Whether it puts itself in the background, if no word says otherwise.
    pub detaches: bool,
    /// What keeps it in front, whatever else is said.
    pub foreground: &'static [Sign],
    /// What puts it in the background.
    pub background: &'static [Sign],
    /// What makes it do something short instead: print its version, check its configuration.
    pub errands: &'static [Sign],
    /// The setting of its configuration that keeps it in front, where there is one.
    pub setting: Option<&'static str>,
}

/// How words on a command line say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A letter among those of a word that begins with one dash: `F` is in `-RF`.
    Letter(u8),
    /// This word; with two dashes, also with `=` and a value behind it.
    Word(&'static str),
    /// Two words, one behind the other.
    Pair(&'static str, &'static str),
    /// A word that has this text in it, whatever blanks are within.
    Text(&'static str),
}

impl Sign {
    fn is_in(self, words: &[&[u8]]) -> bool {
        match self {
            Sign::Letter(letter) => words.iter().any(|word| match word {
                [b'-', b'-', ..] => false,
                [b'-', letters @ ..] => letters.contains(&letter),
                _ => false,
            }),
            Sign::Word(wanted) => words.iter().any(|word| {
                word.strip_prefix(wanted.as_bytes()).is_some_and(|behind| {
                    behind.is_empty() || (wanted.starts_with("--") && behind.starts_with(b"="))
                })
            }),
            Sign::Pair(first, second) => words.windows(2).any(|pair| {
                pair.first() == Some(&first.as_bytes()) && pair.last() == Some(&second.as_bytes())
            }),
            Sign::Text(wanted) => {
                let wanted = without_blanks(wanted.as_bytes());
                words.iter().any(|word| {
                    let word = without_blanks(word);
                    word.windows(wanted.len().max(1))
                        .any(|part| part == wanted.as_slice())
                })
            }
        }
    }
}

fn without_blanks(word: &[u8]) -> Vec<u8> {
    let is_kept = |byte: &u8| !byte.is_ascii_whitespace();
    word.iter().copied().filter(is_kept).collect()
}

/// What a program does when it is called with certain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonMode {
    /// It stays in front.
    Foreground,
    /// It puts itself in the background, unless its configuration says otherwise.
    Background,
    /// It does something short, and ends.
    Errand,
}

impl Daemon {
    /// What it does when it is called with these words, its name not among them.
    pub fn mode(&self, words: &[&[u8]]) -> DaemonMode {
        let is_in = |sign: &Sign| sign.is_in(words);
        if self.errands.iter().chain(EVERYONES_ERRANDS).any(is_in) {
            DaemonMode::Errand
        } else if self.foreground.iter().any(is_in) {
            DaemonMode::Foreground
        } else if self.detaches || self.background.iter().any(is_in) {
            DaemonMode::Background
        } else {
            DaemonMode::Foreground
        }
    }

    /// The words that keep it in front, as one would write them; none if nothing does but its
    /// configuration, or leaving words out.
    pub fn remedy(&self) -> Option<String> {
        self.foreground.first().map(|sign| match *sign {
            Sign::Letter(letter) => format!("-{}", char::from(letter)),
            Sign::Word(word) => word.to_owned(),
            Sign::Pair(first, second) => format!("{first} {second}"),
            Sign::Text(text) => format!("-g \"{text}\""),
        })
    }
}

const EVERYONES_ERRANDS: &[Sign] = &[Sign::Word("--help"), Sign::Word("--version")];

/// What is known of the program that this word calls, if it serves and where it does is known.
/// A version behind the name does not matter.
pub fn daemon(word: &[u8]) -> Option<&'static Daemon> {
    let name = program_name(word)?;
    let is_of = |name: &[u8]| DAEMONS.iter().find(|daemon| daemon.name.as_bytes() == name);
    is_of(name).or_else(|| is_of(without_version(name)))
}

/// `php-fpm` for `php-fpm8.2`.
pub(super) fn without_version(name: &[u8]) -> &[u8] {
    let is_of_version = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let end = name
        .iter()
        .rposition(|byte| !is_of_version(byte))
        .map_or(0, |place| place.saturating_add(1));
    name.get(..end).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daemons_are_sorted_and_none_is_twice() {
        for pair in DAEMONS.windows(2) {
            let [before, after] = [pair[0].name, pair[1].name];
            let order = before.to_lowercase().cmp(&after.to_lowercase());
            assert!(order.is_lt(), "{before} {after}");
        }
    }

    #[test]
    fn words_decide_where_a_daemon_serves() {
        use DaemonMode::{Background, Errand, Foreground};
        for (line, expected) in [
            ("nginx", Background),
            ("nginx -c /etc/nginx.conf", Background),
            ("nginx -g daemon_off;", Foreground),
            ("nginx -g pid_/x;_daemon__off;", Foreground),
            ("nginx -t", Errand),
            ("/usr/sbin/php-fpm8.2", Background),
            ("php-fpm82 -F", Foreground),
            ("php-fpm -RF", Foreground),
            ("php-fpm --nodaemonize", Foreground),
            ("crond", Background),
            ("crond -f -l 2", Foreground),
            ("sshd -D -e", Foreground),
            ("sshd -De", Foreground),
            ("sshd -t", Errand),
            ("sshd -p 22", Background),
            ("httpd -D FOREGROUND", Foreground),
            ("httpd -DFOREGROUND", Foreground),
            ("apache2 -k start", Background),
            ("smbd -F --no-process-group", Foreground),
            ("smbd --foreground", Foreground),
            ("dnsmasq -k", Foreground),
            ("dnsmasq --no-daemon", Foreground),
            ("dbus-daemon --system --nofork", Foreground),
            ("dbus-daemon --system", Background),
            ("dbus-daemon --session", Foreground),
            ("redis-server /etc/redis.conf", Foreground),
            ("redis-server --daemonize yes", Background),
            ("redis-server --daemonize no", Foreground),
            ("memcached -d", Background),
            ("memcached -u nobody", Foreground),
            ("haproxy -W -db -f x", Foreground),
            ("haproxy -D -f x", Background),
            ("haproxy -D -db", Foreground),
            ("haproxy -c -f x", Errand),
            ("postfix start", Background),
            ("postfix start-fg", Foreground),
            ("exim4 -bd", Background),
            ("exim4 -bdf", Foreground),
            ("squid -z", Errand),
            ("squid -NYCd 1", Foreground),
            ("openvpn --config x", Foreground),
            ("openvpn --config x --daemon", Background),
            ("tor -f x", Foreground),
            ("vncserver :1 -fg", Foreground),
            ("vncserver :1", Background),
            ("supervisord -n", Foreground),
            ("named -g", Foreground),
            ("named --version", Errand),
        ] {
            let words: Vec<String> = line.split(' ').map(|w| w.replace('_', " ")).collect();
            let name = line.split(' ').next().unwrap_or_default();
            let words: Vec<&[u8]> = words.iter().skip(1).map(String::as_bytes).collect();
            let found = daemon(name.as_bytes()).map(|daemon| daemon.mode(&words));
            assert_eq!(found, Some(expected), "{line}");
        }
    }

    #[test]
    fn unknown_program_is_no_daemon() {
        for name in ["", "sh", "8.2", "nginx-unit", "busybox", "/"] {
            assert!(daemon(name.as_bytes()).is_none(), "{name}");
        }
    }

    #[test]
    fn remedy_keeps_a_daemon_in_front() {
        for daemon in DAEMONS {
            let Some(remedy) = daemon.remedy() else {
                assert!(
                    !daemon.detaches || daemon.setting.is_some(),
                    "{}",
                    daemon.name
                );
                continue;
            };
            let mut words = vec![remedy.as_bytes()];
            words.extend(remedy.split(' ').map(str::as_bytes));
            assert_eq!(
                daemon.mode(&words),
                DaemonMode::Foreground,
                "{}",
                daemon.name
            );
        }
    }

    #[test]
    fn version_is_cut_off_a_name() {
        for (name, expected) in [
            ("php-fpm8.2", "php-fpm"),
            ("apache2", "apache"),
            ("nginx", "nginx"),
            ("7.4", ""),
        ] {
            let found = without_version(name.as_bytes());
            assert_eq!(found, expected.as_bytes(), "{name}");
        }
    }
}
