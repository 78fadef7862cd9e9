//! Texts made up at random, read by the library: what it takes apart lies inside of the text.

use exlint::container::{self, Kind};
use exlint::programs::Programs;
use exlint::script::{Execline, Positional};
use exlint::shell;
use proptest::prelude::*;

fn soup(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        9 => prop::sample::select(words).prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

const YAML: &[&str] = &[
    "services:",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "a:",
    " ",
    "- ",
    "-",
    "? ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "*b",
    "<<: ",
    "!!str ",
    "!",
    "!<",
    ">",
    "|",
    "|2-",
    ">+9",
    "\"",
    "'",
    "#",
    "%YAML 1.2",
    "%TAG ! x",
    "---",
    "...",
    "\t",
    "\r",
    "\r\n",
    "image:",
    "environment:",
    "build:",
    "command:",
    "\\x",
    "\\u12",
    "null",
    "~",
    "1",
    "entrypoint:",
    "contents:",
    "arch:",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "\0",
    "@",
    "`",
    "healthcheck:",
    "test:",
    "CMD",
];

const DOCKERFILE: &[&str] = &[
    "FROM ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "ARG ",
    "CMD ",
    "ENTRYPOINT ",
    "USER ",
    "WORKDIR ",
    "HEALTHCHECK ",
    "ONBUILD ",
    "SHELL ",
    "\n",
    "\\\n",
    "`\n",
    "# escape=`\n",
    "#",
    " AS ",
    "a",
    "b=",
    "$a",
    "${a",
    "${a:-",
    "${a:+",
    "}",
    "\"",
    "'",
    "[",
    "]",
    ",",
    "<<E",
    "<<-'E'",
    "\nE\n",
    "--from=",
    "--chmod=",
    " ",
    "\t",
    "\r\n",
    "\\",
    "\0",
    "é",
    "s6-overlay-noarch.tar.xz",
    "https://",
    "v3.1",
];

const EXECLINE: &[&str] = &[
    "{",
    "}",
    " { ",
    " } ",
    " ",
    "\n",
    "\"",
    "\\",
    "#",
    "$",
    "${",
    "$a",
    "a",
    "foreground",
    "if",
    "-n",
    "define",
    "importas",
    "-i",
    "-",
    "--",
    "multisubstitute",
    "case",
    "elglob",
    "backtick",
    "-E",
    "ifthenelse",
    "-s",
    "forx",
    "echo",
    "eltest",
    "(",
    ")",
    "!",
    "s6-svwait",
    "sh",
    "-c",
    "\0",
    "=",
    "withstdinas",
    "emptyenv",
    "multidefine",
    "-rd",
    "elgetpositionals",
    "$@",
    "$1",
    "heredoc",
];

const SHELL: &[&str] = &[
    "if ",
    "then ",
    "else ",
    "fi",
    "for ",
    "in ",
    "do ",
    "done",
    "case ",
    "esac",
    ";;",
    "while ",
    "{ ",
    "}",
    "(",
    ")",
    "((",
    "))",
    "$(",
    "$((",
    "`",
    "\"",
    "'",
    "$",
    "${",
    "#",
    "\n",
    ";",
    "&",
    "&&",
    "||",
    "|",
    "<",
    ">",
    "<<E",
    "<<-E",
    "\nE\n",
    "<<<",
    "<(",
    "a",
    "a=b",
    "exec ",
    "[",
    "[[ ",
    "]]",
    "\\",
    "\\\n",
    " ",
    "function ",
    "f() ",
    "!",
    "trap ",
    "echo ",
    "%",
    "*",
    "@",
    ":-",
    "\0",
    "é",
    "$'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(512), ..ProptestConfig::default() })]

    #[test]
    fn any_yaml_is_read(text in soup(YAML)) {
        for kind in [Kind::Compose, Kind::HomeAssistant, Kind::Apko] {
            for container in container::read(kind, &text) {
                for problem in &container.problems {
                    prop_assert!(problem.span.end <= text.len());
                }
                for fact in &container.environment {
                    prop_assert!(text.get(fact.span.clone()).is_some());
                }
            }
        }
        for name in ["compose.yaml", "config.yaml", "apko.yaml", "config.json", "x.Dockerfile"] {
            let _ = container::recognise(name.as_bytes(), &text);
        }
    }

    #[test]
    fn any_dockerfile_is_read(text in soup(DOCKERFILE)) {
        for container in container::read(Kind::Dockerfile, &text) {
            for span in container.runs.iter().map(|it| &it.span)
                .chain(container.copies.iter().map(|it| &it.span))
                .chain(container.environment.iter().map(|it| &it.span))
            {
                prop_assert!(text.get(span.clone()).is_some());
            }
            let _ = container::overlay_tarballs(&container);
            let _ = container::overlay_version(&container);
        }
    }

    #[test]
    fn any_execline_is_read(text in soup(EXECLINE)) {
        let programs = Programs::known();
        let read = Execline::read(&text, Positional::Substituted(1), &programs);
        for visit in read.visits() {
            prop_assert!(text.get(visit.invocation.span()).is_some());
        }
        for reference in &read.scopes.references {
            prop_assert!(text.get(reference.word.clone()).is_some());
        }
    }

    #[test]
    fn any_shell_text_is_read(text in soup(SHELL)) {
        for command in &shell::read(&text).commands {
            prop_assert!(text.get(command.span.clone()).is_some());
        }
    }
}
