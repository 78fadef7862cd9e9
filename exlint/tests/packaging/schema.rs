//! What melange and apko take, as far as `packaging/` uses it, from the schemas that they
//! publish: these fields and no others, each of this kind. Deliberately not their defaults, and
//! not what a value may be.

use saphyr::Yaml;

/// The kind of a value.
pub enum Kind {
    Text,
    Number,
    List(&'static Kind),
    /// Keys of somebody's own.
    Names(&'static Kind),
    Fields(&'static [Field]),
}

/// A field: its name, what it holds, and whether it must be there.
pub type Field = (&'static str, &'static Kind, Need);

/// Whether a field must be there.
#[derive(PartialEq, Eq)]
pub enum Need {
    Must,
    May,
}

use Kind::{Fields, List, Names, Number, Text};
use Need::{May, Must};

static TEXTS: Kind = List(&Text);

static CONTENTS: Kind = Fields(&[
    ("repositories", &TEXTS, May),
    ("keyring", &TEXTS, May),
    ("packages", &TEXTS, May),
]);

static USER: Kind = Fields(&[
    ("username", &Text, Must),
    ("uid", &Number, Must),
    ("gid", &Number, May),
    ("shell", &Text, May),
    ("homedir", &Text, May),
]);

static GROUP: Kind = Fields(&[
    ("groupname", &Text, Must),
    ("gid", &Number, Must),
    ("members", &TEXTS, May),
]);

static PATH: Kind = Fields(&[
    ("path", &Text, Must),
    ("type", &Text, Must),
    ("uid", &Number, May),
    ("gid", &Number, May),
    ("permissions", &Number, May),
    ("source", &Text, May),
]);

/// An image of apko.
pub static APKO: Kind = Fields(&[
    ("contents", &CONTENTS, Must),
    (
        "accounts",
        &Fields(&[
            ("run-as", &Text, May),
            ("users", &List(&USER), May),
            ("groups", &List(&GROUP), May),
        ]),
        May,
    ),
    (
        "entrypoint",
        &Fields(&[
            ("type", &Text, May),
            ("command", &Text, May),
            ("shell-fragment", &Text, May),
            ("services", &Names(&Text), May),
        ]),
        Must,
    ),
    ("cmd", &Text, May),
    ("stop-signal", &Text, May),
    ("work-dir", &Text, May),
    ("environment", &Names(&Text), May),
    ("paths", &List(&PATH), May),
    ("archs", &TEXTS, May),
]);

static STEP: Kind = Fields(&[
    ("name", &Text, May),
    ("if", &Text, May),
    ("uses", &Text, May),
    ("with", &Names(&Text), May),
    ("runs", &Text, May),
    ("working-directory", &Text, May),
]);

static DEPENDENCIES: Kind = Fields(&[
    ("runtime", &TEXTS, May),
    ("provides", &TEXTS, May),
    ("replaces", &TEXTS, May),
    ("provider-priority", &Text, May),
    ("replaces-priority", &Text, May),
]);

static ENVIRONMENT: Kind = Fields(&[
    ("contents", &CONTENTS, Must),
    ("environment", &Names(&Text), May),
]);

static TEST: Kind = Fields(&[
    ("environment", &ENVIRONMENT, May),
    ("pipeline", &List(&STEP), Must),
]);

static COPYRIGHT: Kind = Fields(&[
    ("license", &Text, Must),
    ("paths", &TEXTS, May),
    ("attestation", &Text, May),
]);

/// A build of melange.
pub static MELANGE: Kind = Fields(&[
    (
        "package",
        &Fields(&[
            ("name", &Text, Must),
            ("version", &Text, Must),
            ("epoch", &Number, Must),
            ("description", &Text, May),
            ("url", &Text, May),
            ("target-architecture", &TEXTS, May),
            ("copyright", &List(&COPYRIGHT), May),
            ("dependencies", &DEPENDENCIES, May),
        ]),
        Must,
    ),
    ("environment", &ENVIRONMENT, Must),
    ("pipeline", &List(&STEP), Must),
    (
        "subpackages",
        &List(&Fields(&[
            ("name", &Text, Must),
            ("description", &Text, May),
            ("dependencies", &DEPENDENCIES, May),
            ("pipeline", &List(&STEP), May),
            ("test", &TEST, May),
        ])),
        May,
    ),
    ("test", &TEST, May),
]);

impl Kind {
    /// Adds what is wrong with `value`, which is at `place`.
    pub fn check(&self, value: &Yaml, place: &str, faults: &mut Vec<String>) {
        match self {
            Text if value.as_str().is_none() => faults.push(format!("{place} is no text")),
            Number if value.as_integer().is_none() => faults.push(format!("{place} is no number")),
            Text | Number => {}
            List(kind) => match value.as_vec() {
                Some(items) => {
                    for (number, item) in items.iter().enumerate() {
                        kind.check(item, &format!("{place}[{number}]"), faults);
                    }
                }
                None => faults.push(format!("{place} is no list")),
            },
            Names(kind) => {
                for (key, item) in pairs(value, place, faults) {
                    kind.check(item, &format!("{place}.{key}"), faults);
                }
            }
            Fields(fields) => {
                let there = pairs(value, place, faults);
                for (key, item) in &there {
                    let place = format!("{place}.{key}");
                    match fields.iter().find(|(name, ..)| name == key) {
                        Some((_, kind, _)) => kind.check(item, &place, faults),
                        None => faults.push(format!("{place} is unknown")),
                    }
                }
                for (name, ..) in fields.iter().filter(|(.., need)| *need == Must) {
                    if !there.iter().any(|(key, _)| key == name) {
                        faults.push(format!("{place}.{name} is missing"));
                    }
                }
            }
        }
    }
}

fn pairs<'a>(
    value: &'a Yaml,
    place: &str,
    faults: &mut Vec<String>,
) -> Vec<(&'a str, &'a Yaml<'a>)> {
    let Some(mapping) = value.as_mapping() else {
        faults.push(format!("{place} is no mapping"));
        return Vec::new();
    };
    mapping
        .iter()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
        .collect()
}
