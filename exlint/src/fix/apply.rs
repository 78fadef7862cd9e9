//! A plan carried out: first everything is checked, then texts and modes are changed, then
//! files are made and moved. A fix with a part that would fail is left out as a whole; only
//! what goes wrong after the checks, a full disk for example, can leave a part of one.

use super::disk::{Kind, Place};
use super::{Change, Outcome, Plan, Reason, changes, left, paths};
use crate::finding::Edit;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Plan {
    /// Makes the fixes.
    pub fn apply(self) -> Outcome {
        let mut outcome = Outcome {
            made: 0,
            left: self.left,
        };
        let disk = Disk {
            originals: &self.originals,
            roots: &self.roots,
        };
        let mut known = Known::new();
        let mut checked = Vec::new();
        for fix in &self.fixes {
            let failure = fix
                .edits
                .iter()
                .find_map(|edit| disk.check(edit, &mut known).err());
            match failure {
                Some((file, reason)) => outcome.left.push(left(fix, file, reason)),
                None => checked.push(fix),
            }
        }
        let mut failures: BTreeMap<&Path, Reason> = BTreeMap::new();
        for (file, change) in changes(checked.iter().copied()) {
            if let Err(reason) = disk.change(file, &change) {
                failures.insert(file, reason);
            }
        }
        let mut done: Vec<&Edit> = Vec::new();
        for fix in checked {
            let mut files = fix.edits.iter().map(|it| paths(it).0);
            let failed = files.find_map(|file| failures.get_key_value(file));
            if let Some((file, reason)) = failed {
                outcome.left.push(left(fix, file, again(reason)));
                continue;
            }
            let placed = fix.edits.iter().try_for_each(|edit| {
                if !done.contains(&edit) {
                    disk.put(edit).map_err(|reason| (paths(edit).0, reason))?;
                    if matches!(edit, Edit::Create { .. } | Edit::Move { .. }) {
                        done.push(edit);
                    }
                }
                Ok(())
            });
            match placed {
                Ok(()) => outcome.made += 1,
                Err((file, reason)) => outcome.left.push(left(fix, file, reason)),
            }
        }
        outcome
    }
}

/// The same reason for another fix.
fn again(reason: &Reason) -> Reason {
    match reason {
        Reason::Conflict => Reason::Conflict,
        Reason::Index => Reason::Index,
        Reason::Unknown => Reason::Unknown,
        Reason::Changed => Reason::Changed,
        Reason::Missing => Reason::Missing,
        Reason::Link => Reason::Link,
        Reason::Exists => Reason::Exists,
        Reason::Linked => Reason::Linked,
        Reason::Owner => Reason::Owner,
        Reason::Kind => Reason::Kind,
        Reason::Outside => Reason::Outside,
        Reason::Failed(error) => Reason::Failed(match error.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::new(error.kind(), error.to_string()),
        }),
    }
}

/// What is wrong with files, by whether a directory would do: each is read once, however
/// many edits it has.
type Known<'a> = HashMap<(&'a Path, bool), Option<Reason>>;

/// The files as they were, and where they may be.
struct Disk<'a> {
    originals: &'a BTreeMap<PathBuf, Arc<[u8]>>,
    roots: &'a [PathBuf],
}

impl Disk<'_> {
    /// Whether an edit can be made, without making it.
    fn check<'a>(&self, edit: &'a Edit, known: &mut Known<'a>) -> Result<(), (&'a Path, Reason)> {
        let mut opens = |file: &'a Path, directory| {
            let found = (known.entry((file, directory)))
                .or_insert_with(|| self.opened(file, directory).err());
            (found.as_ref()).map_or(Ok(()), |reason| Err((file, again(reason))))
        };
        let free = |file: &'a Path| self.free(file).map_err(|reason| (file, reason));
        match edit {
            Edit::Replace { file, .. } => opens(file, false),
            Edit::Mode { file, .. } => opens(file, true),
            Edit::Create { file, .. } => free(file),
            Edit::Move { from, to } => {
                opens(from, true)?;
                free(to)
            }
        }
    }

    /// Opens what is to be changed if it is what it was.
    fn opened(&self, file: &Path, directory: bool) -> Result<(Place, super::disk::Opened), Reason> {
        let place = Place::of(file, self.roots, false)?;
        let mut opened = place.open()?;
        if opened.kind != Kind::File && !(directory && opened.kind == Kind::Directory) {
            return Err(Reason::Kind);
        }
        if opened.kind == Kind::File && opened.is_linked() {
            return Err(Reason::Linked);
        }
        if let Some(original) = self.originals.get(file)
            && !(opened.kind == Kind::File && opened.holds(original)?)
        {
            return Err(Reason::Changed);
        }
        Ok((place, opened))
    }

    /// Whether there is nothing, and nothing in the way of it.
    fn free(&self, file: &Path) -> Result<(), Reason> {
        match Place::of(file, self.roots, false) {
            Ok(place) => match place.kind()? {
                Kind::Nothing => Ok(()),
                _ => Err(Reason::Exists),
            },
            // A directory above it is missing and can be made.
            Err(Reason::Missing) => Ok(()),
            Err(reason) => Err(reason),
        }
    }

    fn change(&self, file: &Path, change: &Change) -> Result<(), Reason> {
        let (place, opened) = self.opened(file, change.replacements.is_empty())?;
        match change.text(self.originals.get(file)) {
            Some(text) => place.rewrite(&opened, &text, change.mode),
            None => change.mode.map_or(Ok(()), |mode| opened.change_mode(mode)),
        }
    }

    /// Makes and moves files; texts and modes are changed already.
    fn put(&self, edit: &Edit) -> Result<(), Reason> {
        match edit {
            Edit::Create { file, text, mode } => {
                Place::of(file, self.roots, true)?.create(text, *mode)
            }
            Edit::Move { from, to } => {
                Place::of(from, self.roots, false)?.move_to(&Place::of(to, self.roots, true)?)
            }
            Edit::Replace { .. } | Edit::Mode { .. } => Ok(()),
        }
    }
}
