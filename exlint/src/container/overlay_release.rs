//! Which release of s6-overlay a Dockerfile installs, and which of its archives. Nothing is
//! fetched, and what is composed at build time by a shell stays undecided.

use super::{Container, Fact};
use std::ops::Range;

/// An archive of an s6-overlay release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tarball {
    /// The scripts; needed always.
    Noarch,
    /// The programs for one machine, by s6-overlay's name for it: `x86_64`, `aarch64`...; before
    /// 3.0, when it was the only archive, `amd64`...
    Arch(Vec<u8>),
    /// Links in `/usr/bin` to the scripts.
    SymlinksNoarch,
    /// Links in `/usr/bin` to the programs.
    SymlinksArch,
    /// The syslogd emulation.
    Syslogd,
    /// One whose name a variable or a pattern decides, as written (`s6-overlay-${ARCH}.tar.xz`):
    /// mostly [`Tarball::Arch`], but in a loop it can be any of them, or several.
    Undecided(Vec<u8>),
}

/// Variables in which people keep the version.
const VARIABLES: [&[u8]; 6] = [
    b"S6_OVERLAY_VERSION",
    b"S6_OVERLAY_VER",
    b"S6_OVERLAY_RELEASE",
    b"S6OVERLAY_VERSION",
    b"OVERLAY_VERSION",
    b"S6_VERSION",
];

/// The s6-overlay version that the file names decidably, without a leading `v`: in the address of
/// a release that is fetched, else in a variable. `None` also where it names several.
#[must_use]
pub fn overlay_version(container: &Container) -> Option<Fact<Vec<u8>>> {
    let texts = texts(container);
    let fetched = texts.iter().flat_map(|(text, span)| {
        releases(text).into_iter().map(|value| Fact {
            value,
            span: span.clone(),
        })
    });
    let named = container
        .arguments
        .iter()
        .chain(&container.environment)
        .filter(|fact| VARIABLES.contains(&fact.value.0.as_slice()))
        .filter_map(|fact| {
            let value = version(fact.value.1.decided()?)?;
            Some(Fact {
                value,
                span: fact.span.clone(),
            })
        });
    single(fetched.collect()).unwrap_or_else(|| single(named.collect()).flatten())
}

/// `None`: none at all. `Some(None)`: they differ.
fn single(found: Vec<Fact<Vec<u8>>>) -> Option<Option<Fact<Vec<u8>>>> {
    let first = found.first()?;
    Some(
        found
            .iter()
            .all(|fact| fact.value == first.value)
            .then(|| first.clone()),
    )
}

/// The archives of s6-overlay that the file names, each once and by the order of instructions.
#[must_use]
pub fn overlay_tarballs(container: &Container) -> Vec<Fact<Tarball>> {
    let mut found: Vec<Fact<Tarball>> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut texts = texts(container);
    texts.sort_by_key(|(_, span)| span.start);
    for (text, span) in texts {
        for name in archive_names(text) {
            if seen.insert(name) {
                found.push(Fact {
                    value: tarball(name),
                    span: span.clone(),
                });
            }
        }
    }
    // Several names may come to the same archive (`.tar.gz` and `.tar.xz`).
    let mut kept: Vec<Fact<Tarball>> = Vec::new();
    for fact in found {
        if kept.len() < 64 && !kept.iter().any(|other| other.value == fact.value) {
            kept.push(fact);
        }
    }
    kept
}

/// The texts that fetch or unpack something.
fn texts(container: &Container) -> Vec<(&[u8], Range<usize>)> {
    let copies = container.copies.iter().flat_map(|copy| {
        copy.value
            .sources
            .iter()
            .map(|source| (source.text(), copy.span.clone()))
    });
    let runs = container
        .runs
        .iter()
        .map(|run| (run.value.expanded.as_slice(), run.span.clone()));
    copies.chain(runs).collect()
}

/// What follows each occurrence of a text.
fn after<'a>(text: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    text.windows(needle.len())
        .enumerate()
        .filter(move |(_, window)| *window == needle)
        .filter_map(move |(at, _)| text.get(at + needle.len()..))
}

/// The versions in the addresses of releases.
fn releases(text: &[u8]) -> Vec<Vec<u8>> {
    after(text, b"s6-overlay/releases/download/")
        .filter_map(|rest| version(rest.split(|&b| b == b'/').next()?))
        .collect()
}

/// A version without its `v`, if it is one.
fn version(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let digits = text.strip_prefix(b"v").unwrap_or(text);
    let head = digits.first().is_some_and(u8::is_ascii_digit);
    let tail = digits
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    (head && tail && digits.len() < 32).then(|| digits.to_vec())
}

/// Names of archives, from the name of the release's part to the end of the word.
fn archive_names(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    const LONGEST_NAME: usize = 160;
    let ends = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(b, b'"' | b'\'' | b'/' | b';' | b'|' | b'&' | b')' | b'`')
    };
    [&b"s6-overlay-"[..], b"syslogd-overlay-"]
        .into_iter()
        .flat_map(move |head| {
            text.windows(head.len())
                .enumerate()
                .filter(move |(_, window)| *window == head)
                .filter_map(move |(at, _)| {
                    let word = text.get(at..)?;
                    let word = word.get(..word.len().min(LONGEST_NAME))?;
                    let length = word.iter().position(ends).unwrap_or(word.len());
                    let word = word.get(..length)?;
                    let end = word.windows(5).position(|window| window == b".tar.")?;
                    word.get(..end)
                })
        })
}

fn tarball(name: &[u8]) -> Tarball {
    let Some(part) = name.strip_prefix(b"s6-overlay-") else {
        return Tarball::Syslogd;
    };
    let mut part = part;
    // Files are also kept under names that repeat the version.
    if let Some(length) = part.iter().position(|&b| b == b'-')
        && part
            .get(..length)
            .is_some_and(|head| version(head).is_some())
    {
        part = part.get(length + 1..).unwrap_or_default();
    }
    match part {
        b"noarch" => Tarball::Noarch,
        b"symlinks-noarch" => Tarball::SymlinksNoarch,
        b"symlinks-arch" => Tarball::SymlinksArch,
        _ if part
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) =>
        {
            Tarball::Arch(part.to_vec())
        }
        _ => Tarball::Undecided(name.to_vec()),
    }
}
