//! Trees in the notation of exlint's samples: inspected as the program does it, and written down
//! again after fixes. What is claimed of that is said elsewhere.

use exlint::config::Config;
use exlint::finding::{Edit, Finding};
use exlint::fix::{self, Plan};
use exlint::inspection::{Inspection, Outcome};
use exlint::programs::Programs;
use exlint::rules;
use exlint::tree::{Kind, Tree, sample};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, Once, OnceLock};

/// Longer ones are only slower.
const LONGEST: usize = 1 << 16;

/// No tree that is found anywhere is as deep.
const DEEPEST: usize = 40;

/// The tree that an input describes, if it does, and if a file system could hold it: nothing is
/// there twice, and what holds something is a directory.
pub fn tree(input: &[u8]) -> Option<Tree> {
    let text = std::str::from_utf8(input).ok()?;
    let tree = (text.len() <= LONGEST).then(|| sample::tree(text).ok())??;
    let mut paths = BTreeSet::new();
    for node in tree.all() {
        let path = tree.path(node);
        let depth = path.iter().filter(|&&byte| byte == b'/').count();
        let is_in_directory = tree.parent(node).is_none_or(|it| tree.is_directory(it));
        if depth > DEEPEST || !is_in_directory || !paths.insert(path) {
            return None;
        }
    }
    Some(tree)
}

/// A text as what a sample can hold.
pub fn escaped(text: &[u8]) -> String {
    let mut escaped = String::new();
    for &byte in text {
        match byte {
            b'\\' => escaped.push_str("\\\\"),
            b'\t' | b'\n' | b' '..=b'~' if byte != b'=' => escaped.push(char::from(byte)),
            byte => {
                let _ = write!(escaped, "\\x{byte:02x}");
            }
        }
    }
    escaped
}

/// What exlint finds in it, with the configuration that it holds.
pub fn inspect(tree: &Tree) -> Outcome {
    static KNOWN: OnceLock<Programs> = OnceLock::new();
    static ALONE: Once = Once::new();
    // One processor's worth: rules run beside each other, which says nothing about them.
    ALONE.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
        let _ = pool.use_current_thread().build_global();
    });
    let known = KNOWN.get_or_init(Programs::known);
    let config = config(tree);
    let configured = (!config.programs.is_empty()).then(|| {
        let lines = config.programs.iter().map(String::as_str);
        Programs::known().with_configured(lines).ok()
    });
    Inspection::of_sample(
        tree,
        &config,
        configured
            .as_ref()
            .and_then(Option::as_ref)
            .unwrap_or(known),
        &rules::all(),
    )
    .run(&|_| {})
}

fn config(tree: &Tree) -> Config {
    let node = tree.child(tree.root(), b"exlint.toml");
    let text = node.and_then(|node| tree.entry(node).bytes().ok());
    let text = text.and_then(|text| std::str::from_utf8(text).ok());
    text.and_then(|text| Config::read(text).ok())
        .unwrap_or_default()
}

/// The texts of files by the names that findings and edits have for them.
pub struct Texts {
    pub shown: BTreeMap<Vec<u8>, Arc<[u8]>>,
    disk: BTreeMap<Vec<u8>, Arc<[u8]>>,
}

impl Texts {
    pub fn of(tree: &Tree) -> Texts {
        let mut texts = Texts {
            shown: BTreeMap::new(),
            disk: BTreeMap::new(),
        };
        for node in tree.all() {
            let entry = tree.entry(node);
            if let Ok(text) = entry.bytes() {
                let disk = entry.disk().as_os_str().as_bytes().to_vec();
                texts.disk.insert(disk, Arc::clone(text));
                texts.shown.insert(entry.shown(), Arc::clone(text));
            }
        }
        texts
    }

    pub fn of_disk(&self, path: &Path) -> Option<Arc<[u8]>> {
        self.disk.get(path.as_os_str().as_bytes()).cloned()
    }

    pub fn plan(&self, findings: &[Finding]) -> Plan {
        fix::plan(findings, &|path| self.of_disk(path))
    }
}

/// A file as it is written down.
struct Written {
    kind: Kind,
    mode: u32,
    owner: (u32, u32),
    text: Option<Vec<u8>>,
}

/// The tree after a plan, if it can be written down.
pub fn fixed(tree: &Tree, plan: &Plan) -> Option<Tree> {
    let mut files: BTreeMap<Vec<u8>, Written> = BTreeMap::new();
    for node in tree.all().skip(1) {
        let entry = tree.entry(node);
        let written = Written {
            kind: entry.kind.clone(),
            mode: entry.mode,
            owner: (entry.owner, entry.group),
            text: entry.bytes().ok().map(|text| text.to_vec()),
        };
        files.insert(entry.disk().as_os_str().as_bytes().to_vec(), written);
    }
    for edit in plan.edits() {
        match edit {
            Edit::Mode { file, mode } => {
                files.get_mut(file.as_os_str().as_bytes())?.mode = *mode;
            }
            Edit::Create { file, text, mode } => {
                let written = Written {
                    kind: Kind::File,
                    mode: *mode,
                    owner: (0, 0),
                    text: Some(text.clone()),
                };
                let before = files.insert(file.as_os_str().as_bytes().to_vec(), written);
                // Two fixes may make the same file.
                before
                    .is_none_or(|it| it.text.as_ref() == Some(text))
                    .then_some(())?;
            }
            Edit::Replace { .. } | Edit::Move { .. } => {}
        }
    }
    for (file, replaced) in replacements(plan) {
        let text = files.get_mut(&file)?.text.as_mut()?;
        for (span, new) in replaced.into_iter().rev() {
            text.splice(span, new);
        }
    }
    for edit in plan.edits() {
        if let Edit::Move { from, to } = edit {
            let (from, to) = (from.as_os_str().as_bytes(), to.as_os_str().as_bytes());
            let paths: Vec<Vec<u8>> = files.keys().cloned().collect();
            for path in paths {
                let Some(below) = path.strip_prefix(from) else {
                    continue;
                };
                if (below.is_empty() || below.starts_with(b"/"))
                    && let Some(file) = files.remove(&path)
                {
                    files.insert([to, below].concat(), file);
                }
            }
        }
    }
    let text = write(&files)?;
    sample::tree(&text).ok()
}

/// Bytes that go, and what comes in their place.
pub type Replacement = (Range<usize>, Vec<u8>);

/// What is replaced in which file, in the order of the text, each once.
pub fn replacements(plan: &Plan) -> BTreeMap<Vec<u8>, Vec<Replacement>> {
    let mut all: BTreeMap<Vec<u8>, Vec<Replacement>> = BTreeMap::new();
    for edit in plan.edits() {
        if let Edit::Replace { file, span, text } = edit {
            let of_file = all.entry(file.as_os_str().as_bytes().to_vec());
            of_file.or_default().push((span.clone(), text.clone()));
        }
    }
    for replaced in all.values_mut() {
        replaced.sort_by_key(|(span, _)| (span.start, span.end));
        replaced.dedup();
    }
    all
}

fn write(files: &BTreeMap<Vec<u8>, Written>) -> Option<String> {
    let mut text = String::new();
    for (path, file) in files {
        let path = std::str::from_utf8(path).ok()?;
        let path = path.strip_prefix("/sample/")?;
        let (owner, group) = file.owner;
        let is_directory = if file.kind == Kind::Directory {
            "/"
        } else {
            ""
        };
        let _ = write!(
            text,
            "== {path}{is_directory} {:04o} {owner}:{group}",
            file.mode
        );
        match (&file.kind, &file.text) {
            (Kind::Link(target), _) => {
                let _ = write!(text, " -> {}", std::str::from_utf8(target).ok()?);
            }
            (Kind::File, None) => text.push_str(" unreadable"),
            (Kind::File, Some(content)) => {
                text.push_str(" escapes");
                if !content.ends_with(b"\n") {
                    text.push_str(" no-newline");
                }
                text.push('\n');
                text.push_str(&escaped(content));
                if !content.ends_with(b"\n") {
                    text.push('\n');
                }
                continue;
            }
            _ => {}
        }
        text.push('\n');
    }
    Some(text)
}
