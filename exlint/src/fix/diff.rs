//! A plan as a difference in git's form. `git apply` takes it, with two exceptions: what is
//! made harmless for a terminal, and directories that move as a whole.

use super::disk::Place;
use super::{Change, Plan, changes};
use crate::finding::Edit;
use crate::report::visible;
use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops, udiff::UnifiedHunkHeader};
use std::collections::BTreeSet;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// How many unchanged lines are shown around what changes.
const AROUND: usize = 3;

impl Plan {
    /// Writes what would change. For a terminal control characters in texts are shown
    /// instead of sent.
    pub fn diff(&self, out: &mut dyn io::Write, for_terminal: bool) -> io::Result<()> {
        let edits = || self.fixes.iter().flat_map(|it| &it.edits);
        let moves: Vec<(&Path, &Path)> = edits()
            .filter_map(|edit| match edit {
                Edit::Move { from, to } => Some((from.as_path(), to.as_path())),
                _ => None,
            })
            .collect();
        let mut hunks = Hunks { out, for_terminal };
        let changes = changes(self.fixes.iter());
        for (file, change) in &changes {
            let to = moves
                .iter()
                .find(|it| it.0 == *file)
                .map_or(*file, |it| it.1);
            self.changed(file, to, change, &mut hunks)?;
        }
        let mut shown = BTreeSet::new();
        for edit in edits() {
            match edit {
                Edit::Create { file, text, mode } if shown.insert((file, None)) => {
                    let (a, b) = (quoted(b"a/", file), quoted(b"b/", file));
                    writeln!(hunks.out, "diff --git {a} {b}")?;
                    writeln!(hunks.out, "new file mode 100{mode:03o}")?;
                    hunks.write("/dev/null", &b, b"", text)?;
                }
                Edit::Move { from, to }
                    if !changes.contains_key(from.as_path()) && shown.insert((from, Some(to))) =>
                {
                    self.changed(from, to, &Change::default(), &mut hunks)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A file with another text, another mode, another name, or all of it.
    fn changed(
        &self,
        from: &Path,
        to: &Path,
        change: &Change,
        hunks: &mut Hunks,
    ) -> io::Result<()> {
        let (a, b) = (quoted(b"a/", from), quoted(b"b/", to));
        let original = self.originals.get(from);
        let text = change.text(original);
        let place = Place::of(from, &self.roots, false);
        let old = place.and_then(|it| it.open()).map(|it| it.mode()).ok();
        writeln!(hunks.out, "diff --git {a} {b}")?;
        if let Some(mode) = change.mode {
            let kind = old.map_or(0o100_000, |old| old & !0o7777);
            if old != Some(kind | mode) {
                if let Some(old) = old {
                    writeln!(hunks.out, "old mode {old:06o}")?;
                }
                writeln!(hunks.out, "new mode {:06o}", kind | mode)?;
            }
        }
        if from != to {
            if text.is_none() {
                writeln!(hunks.out, "similarity index 100%")?;
            }
            writeln!(hunks.out, "rename from {}", quoted(b"", from))?;
            writeln!(hunks.out, "rename to {}", quoted(b"", to))?;
        }
        match (original, text) {
            (Some(original), Some(text)) => hunks.write(&a, &b, original, &text),
            _ => Ok(()),
        }
    }
}

struct Hunks<'a> {
    out: &'a mut dyn io::Write,
    for_terminal: bool,
}

impl Hunks<'_> {
    fn write(&mut self, a: &str, b: &str, old: &[u8], new: &[u8]) -> io::Result<()> {
        let lines = |text: &'_ [u8]| -> Vec<Vec<u8>> {
            text.split_inclusive(|&byte| byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect()
        };
        let (old, new) = (lines(old), lines(new));
        let groups = group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), AROUND);
        for (index, group) in groups.iter().filter(|it| !it.is_empty()).enumerate() {
            if index == 0 {
                // A tab ends a name with a space in it.
                let tab = |name: &str| if name.contains(' ') { "\t" } else { "" };
                writeln!(self.out, "--- {a}{}\n+++ {b}{}", tab(a), tab(b))?;
            }
            writeln!(self.out, "{}", UnifiedHunkHeader::new(group))?;
            for op in group {
                let (tag, from, to) = op.as_tag_tuple();
                let from = old.get(from).unwrap_or_default();
                let to = new.get(to).unwrap_or_default();
                if tag == DiffTag::Equal {
                    self.lines(' ', from)?;
                } else {
                    self.lines('-', from)?;
                    self.lines('+', to)?;
                }
            }
        }
        Ok(())
    }

    fn lines(&mut self, sign: char, lines: &[Vec<u8>]) -> io::Result<()> {
        for line in lines {
            let text = line.strip_suffix(b"\n");
            let shown = text.unwrap_or(line);
            write!(self.out, "{sign}")?;
            if self.for_terminal {
                let parts: Vec<String> = shown.split(|&it| it == b'\t').map(visible).collect();
                self.out.write_all(parts.join("\t").as_bytes())?;
            } else {
                self.out.write_all(shown)?;
            }
            writeln!(self.out)?;
            if text.is_none() {
                writeln!(self.out, "\\ No newline at end of file")?;
            }
        }
        Ok(())
    }
}

/// A path with its prefix as git writes it: unusual bytes as octal numbers in quotes.
fn quoted(prefix: &[u8], path: &Path) -> String {
    let path = path.as_os_str().as_bytes();
    let mut path = path.strip_prefix(b"/").unwrap_or(path);
    while let Some(rest) = path.strip_prefix(b"./") {
        path = rest;
    }
    let mut usual = true;
    let mut written = String::new();
    for &byte in prefix.iter().chain(path) {
        match byte {
            b'"' | b'\\' => {
                usual = false;
                written.push('\\');
                written.push(char::from(byte));
            }
            b' '..=b'~' => written.push(char::from(byte)),
            _ => {
                usual = false;
                written.push_str(&format!("\\{byte:03o}"));
            }
        }
    }
    if usual {
        written
    } else {
        format!("\"{written}\"")
    }
}
