//! The verdict on s6-rc source directories is that of s6-rc-compile: where it refuses one,
//! exlint has an error, and where it does not, exlint has none of those.
//!
//! Debian has no package of s6-rc, so what the real program said of the mixed directories is
//! kept in `s6_rc_compile/recorded`, and that of the written ones beside them. Where
//! s6-rc-compile is on PATH, it is asked again, and the record must hold. After a change of
//! `s6_rc_compile/mixed.rs` the record is made anew, with the program on PATH, by
//! `BLESS=1 cargo test -p exlint --test s6_rc_compile`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "s6_rc_compile/mixed.rs"]
mod mixed;
#[path = "s6_rc_compile/written.rs"]
mod written;

use exlint::config::Config;
use exlint::finding::Finding;
use exlint::inspection::Inspection;
use exlint::level::Level;
use exlint::programs::Programs;
use exlint::rules;
use exlint::tree::{Kind, Tree, sample};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The rules whose errors are what s6-rc-compile refuses. Those of `syntax-error` are it in
/// `up` and `down` only. The other errors of exlint, such as `misspelt-directory`,
/// `shell-in-up` or `misplaced-user-bundle`, are about what s6-rc-compile accepts and what
/// then does not work.
const REFUSED: [&str; 14] = [
    "broken-pipeline",
    "dangling-link",
    "dependency-cycle",
    "duplicate-definition",
    "invalid-number-file",
    "invalid-type",
    "missing-contents",
    "missing-run",
    "missing-type",
    "missing-up",
    "mistaken-file-kind",
    "undefined-content",
    "undefined-dependency",
    "unsuitable-name",
];

/// How many mixed directories there are.
const MIXED: u64 = 400;

const SOURCE: &str = "etc/s6-rc/source";

/// The files of a source directory, in a whole image, so that what is not there is nowhere;
/// with a bundle, so that it is recognised.
fn image(source: &str) -> String {
    let files = format!("== anchor/type\nbundle\n== anchor/contents.d/.keep\n{source}");
    let below: String = files
        .split("== ")
        .skip(1)
        .map(|file| format!("== {SOURCE}/{file}"))
        .collect();
    format!("== etc/passwd\n== bin/sh 0755\n{below}")
}

/// What exlint finds that s6-rc-compile must refuse.
fn refused(tree: &Tree) -> Vec<Finding> {
    let config = Config::default();
    let programs = Programs::known();
    let outcome = Inspection::of_sample(tree, &config, &programs, &rules::all()).run(&|_| {});
    let is_refused = |finding: &Finding| {
        let is_compiled = finding.path.ends_with(b"/up") || finding.path.ends_with(b"/down");
        finding.level == Level::Error
            && (REFUSED.contains(&finding.rule) || finding.rule == "syntax-error" && is_compiled)
    };
    outcome.findings.into_iter().filter(is_refused).collect()
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join("s6-rc-compile"))
        .find(|program| program.is_file())
}

/// What the real program says: `None` where it compiles, else its message.
fn compile(program: &Path, tree: &Tree) -> Option<String> {
    let directory = tempfile::tempdir().expect("a directory");
    for node in tree.all().skip(1) {
        let path = directory.path().join(OsStr::from_bytes(&tree.path(node)));
        let entry = tree.entry(node);
        match &entry.kind {
            Kind::Directory => std::fs::create_dir(&path).expect("a directory"),
            Kind::Link(target) => {
                std::os::unix::fs::symlink(OsStr::from_bytes(target), &path).expect("a link");
            }
            _ => std::fs::write(&path, entry.bytes().expect("its content")).expect("a file"),
        }
    }
    let output = Command::new(program)
        .arg("-v0")
        .arg(directory.path().join("compiled"))
        .arg(directory.path().join(SOURCE))
        .output()
        .expect("s6-rc-compile");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => None,
        // On an eighth byte in `type` some versions write behind a buffer, and are killed.
        Some(1 | 111) | None => Some(message),
        other => panic!("s6-rc-compile ended with {other:?}: {message}"),
    }
}

fn tree(text: &str) -> Tree {
    sample::tree(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

fn shown(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let path = String::from_utf8_lossy(&finding.path);
        format!("\n  {path}: [{}] {}", finding.rule, finding.message)
    });
    lines.collect()
}

#[test]
fn written_directories_are_judged_alike() {
    let program = program();
    let mut wrong = Vec::new();
    for (name, is_refused, source) in written::CASES {
        let text = image(source);
        let tree = tree(&text);
        let found = refused(&tree);
        if found.is_empty() == *is_refused {
            wrong.push(format!("{name}: exlint finds{}", shown(&found)));
        }
        if let Some(program) = &program {
            let said = compile(program, &tree);
            if said.is_some() != *is_refused {
                wrong.push(format!("{name}: s6-rc-compile says {said:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The record: a fingerprint of all mixed directories, and a letter for each.
struct Record {
    fingerprint: u64,
    verdicts: String,
}

impl Record {
    fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/s6_rc_compile/recorded")
    }

    fn read() -> Record {
        let text = std::fs::read_to_string(Record::path()).expect("the record");
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let fingerprint = lines.next().expect("a fingerprint");
        Record {
            fingerprint: u64::from_str_radix(fingerprint, 16).expect("a number"),
            verdicts: lines.collect(),
        }
    }

    fn write(&self) {
        let mut text = format!(
            "# What s6-rc-compile says of the directories of mixed.rs, in their order: `+` where\n\
             # it compiles one, `-` where it refuses it.\n{:016x}\n",
            self.fingerprint
        );
        for line in self.verdicts.as_bytes().chunks(80) {
            text += std::str::from_utf8(line).expect("letters");
            text.push('\n');
        }
        std::fs::write(Record::path(), text).expect("the record");
    }
}

/// FNV-1a, which stays what it is in all versions of all tools.
fn fingerprint(texts: &[String]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn mixed_directories_are_judged_alike() {
    let texts: Vec<String> = (0..MIXED).map(|seed| image(&mixed::source(seed))).collect();
    let program = program();
    let fingerprint = fingerprint(&texts);
    if std::env::var_os("BLESS").is_some() {
        let program = program
            .as_ref()
            .expect("s6-rc-compile must be on PATH for this");
        let letter = |text: &String| match compile(program, &tree(text)) {
            None => '+',
            Some(_) => '-',
        };
        let verdicts = texts.iter().map(letter).collect();
        Record {
            fingerprint,
            verdicts,
        }
        .write();
    }
    let record = Record::read();
    assert_eq!(
        record.fingerprint, fingerprint,
        "mixed.rs makes other directories than those in the record: make it anew"
    );
    assert_eq!(record.verdicts.len(), texts.len());
    let mut wrong = Vec::new();
    for (seed, (text, letter)) in texts.iter().zip(record.verdicts.chars()).enumerate() {
        let tree = tree(text);
        let found = refused(&tree);
        let said = program.as_ref().map(|program| compile(program, &tree));
        if let Some(said) = &said {
            assert_eq!(
                said.is_none(),
                letter == '+',
                "seed {seed}: the record says {letter}, the program {said:?}\n{text}"
            );
        }
        if found.is_empty() != (letter == '+') {
            let said = said.flatten().unwrap_or_default();
            wrong.push(format!(
                "seed {seed}: recorded {letter} {said}; exlint finds{}\n{text}",
                shown(&found)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        texts.len(),
        wrong.first().map_or("", String::as_str)
    );
    // A mixture of one kind only would show little.
    let accepted = record.verdicts.matches('+').count();
    assert!(
        accepted * 5 > texts.len() && accepted * 5 < texts.len() * 4,
        "{accepted} of {} are accepted",
        texts.len()
    );
}
