//! What the place a report goes to can show. Options of the command line come on top: the
//! fields are open.

use std::io::IsTerminal;

/// What can be shown, and how wide it may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terminal {
    /// Whether colours are shown.
    pub colours: bool,
    /// Whether lines are drawn with more than ASCII.
    pub unicode: bool,
    /// How many columns there are; `None` asks the terminal.
    pub width: Option<usize>,
}

impl Terminal {
    /// No terminal: a file, a pipe.
    pub fn plain() -> Terminal {
        Terminal {
            colours: false,
            unicode: false,
            width: Some(80),
        }
    }

    /// What standard output is.
    pub fn of_stdout() -> Terminal {
        Terminal::from(std::io::stdout().is_terminal(), |name| {
            std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
        })
    }

    /// What an output is, by these variables.
    pub fn from(is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> Terminal {
        if !is_terminal {
            return Terminal::plain();
        }
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_none_or(|term| term == "dumb");
        let locale = (set("LC_ALL").or_else(|| set("LC_CTYPE")))
            .or_else(|| set("LANG"))
            .unwrap_or_default()
            .to_ascii_lowercase();
        Terminal {
            colours: !dumb && set("NO_COLOR").is_none(),
            unicode: !dumb && (locale.contains("utf-8") || locale.contains("utf8")),
            width: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_unicode_are_for_terminals_that_have_them() {
        let all = [("TERM", "xterm"), ("LANG", "de_DE.UTF-8")];
        for (is_terminal, more, colours, unicode) in [
            (true, &[][..], true, true),
            (false, &[], false, false),
            (true, &[("NO_COLOR", "1")], false, true),
            (true, &[("NO_COLOR", "")], true, true),
            (true, &[("TERM", "dumb")], false, false),
            (true, &[("LC_ALL", "C")], true, false),
            (true, &[("LC_ALL", ""), ("LC_CTYPE", "C.utf8")], true, true),
            (true, &[("TERM", "")], false, false),
        ] {
            let terminal = Terminal::from(is_terminal, |name| {
                (more.iter().chain(&all))
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| value.to_string())
            });
            assert_eq!(
                (terminal.colours, terminal.unicode),
                (colours, unicode),
                "{more:?}"
            );
            assert_eq!(terminal.width.is_none(), is_terminal);
        }
    }
}
