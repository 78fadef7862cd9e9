//! The fixes of findings, made. What is planned is checked against the disk before anything
//! is written, and shown as a difference instead where that is wanted. Which findings have
//! a fix, and whether it is right, is the rules' concern.
//!
//! A file that is rewritten becomes a new file with the old one's mode and owner. Killed at any
//! moment, there is either the old text or the new one. A file with several names is left alone:
//! they would come apart, and another one may lie outside of the tree.

use crate::finding::{Edit, Finding};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod apply;
mod diff;
mod disk;
#[cfg(test)]
mod tests;

/// The text of a file on disk as it was looked at. Only what has not changed since is
/// touched.
pub type Originals<'a> = &'a dyn Fn(&Path) -> Option<Arc<[u8]>>;

/// A fix can let exlint see what it could not before: where the first line of a script is no
/// first line, nothing is known of the rest until that is mended. So one who fixes looks again,
/// at most so many times. Fixes that undo each other, which would be a mistake in rules, end here
/// too.
pub const MOST_PASSES: usize = 10;

/// Fixes that can be made together.
pub struct Plan {
    fixes: Vec<Planned>,
    left: Vec<Left>,
    originals: BTreeMap<PathBuf, Arc<[u8]>>,
    roots: Vec<PathBuf>,
}

/// A fix that nothing before it is in the way of.
struct Planned {
    title: String,
    edits: Vec<Edit>,
}

fn left(fix: &Planned, file: &Path, reason: Reason) -> Left {
    Left {
        title: fix.title.clone(),
        file: file.to_owned(),
        reason,
    }
}

/// A fix that is not made.
#[derive(Debug)]
pub struct Left {
    /// What it would have done.
    pub title: String,
    /// The file that is the reason.
    pub file: PathBuf,
    /// Why not.
    pub reason: Reason,
}

/// Why a fix is not made.
#[derive(Debug)]
pub enum Reason {
    /// Another fix changes the same place; the next pass may make this one.
    Conflict,
    /// The mode was changed on disk, and what was looked at is git's index.
    Index,
    /// The text it is about is not known.
    Unknown,
    /// The file is not what it was when it was looked at.
    Changed,
    /// There is no such file any more.
    Missing,
    /// It, or a directory above it, is a symbolic link.
    Link,
    /// There is something already where a file or directory was to go.
    Exists,
    /// It has further names: hard links.
    Linked,
    /// It belongs to somebody else, and a new file would not.
    Owner,
    /// It is neither a regular file nor, where that would do, a directory.
    Kind,
    /// It is outside of what was to be looked at.
    Outside,
    /// The system refused.
    Failed(io::Error),
}

impl Reason {
    /// True where another pass may find otherwise; what is not is told once, and not tried again.
    pub fn is_passing(&self) -> bool {
        matches!(self, Reason::Conflict | Reason::Index)
    }

    /// True where the fix was sound and the machine did not let it be made: that is to be told
    /// apart from a fix which is none of this run's.
    pub fn is_failure(&self) -> bool {
        !matches!(
            self,
            Reason::Conflict | Reason::Index | Reason::Unknown | Reason::Link | Reason::Outside
        )
    }
}

/// What came of a plan.
#[derive(Debug)]
pub struct Outcome {
    /// How many fixes were made.
    pub made: usize,
    /// Those that were not, those that were left out of the plan first.
    pub left: Vec<Left>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Conflict => "another fix changes the same place",
            Reason::Index => {
                "git's index has another mode than the file now: git update-index --chmod=+x"
            }
            Reason::Unknown => "its text is not known",
            Reason::Changed => "it has changed since it was read",
            Reason::Missing => "it is not there any more",
            Reason::Link => "it is, or is behind, a symbolic link",
            Reason::Exists => "it is there already",
            Reason::Linked => "it has several hard links, and the others would keep the old text",
            Reason::Owner => "it belongs to another user or group, and would not any more",
            Reason::Kind => "it is not a regular file",
            Reason::Outside => "it is outside of what was looked at",
            Reason::Failed(error) => return error.fmt(f),
        })
    }
}

/// What a pass has to know of those before it.
#[derive(Default)]
pub struct Earlier {
    /// Files that something could not be done with: it was told, and is not tried again.
    failed: HashSet<PathBuf>,
    /// Files that were given another mode. What still finds the old one looks at git's index.
    modes: HashSet<PathBuf>,
}

impl Earlier {
    /// Takes notice of a plan that is about to be carried out.
    pub fn plan(&mut self, plan: &Plan) {
        let modes = plan.edits().filter_map(mode_of);
        self.modes.extend(modes.map(Path::to_path_buf));
    }

    /// Takes notice of what came of it.
    pub fn outcome(&mut self, outcome: &Outcome) {
        let failed = (outcome.left.iter()).filter(|left| !left.reason.is_passing());
        self.failed.extend(failed.map(|left| left.file.clone()));
    }
}

/// Chooses the fixes that can be made together: where two are in each other's way, the first
/// by place.
pub fn plan(findings: &[Finding], originals: Originals) -> Plan {
    let mut order: Vec<&Finding> = findings.iter().collect();
    order.sort_by_key(|it| {
        (
            &it.path,
            it.span.as_ref().map(|span| (span.start, span.end)),
        )
    });
    let mut plan = Plan {
        fixes: Vec::new(),
        left: Vec::new(),
        originals: BTreeMap::new(),
        roots: Vec::new(),
    };
    let mut taken = Taken::default();
    for fix in order.into_iter().filter_map(|it| it.fix.as_ref()) {
        let edits = fix.edits.iter();
        // Findings may agree on what is to be done.
        let granted = edits.clone().all(|edit| taken.has(edit));
        let mut own = Taken {
            one_fix: true,
            ..Taken::default()
        };
        let objection = edits.clone().find_map(|edit| {
            if (!granted && taken.clashes(edit)) || own.clashes(edit) {
                return Some((edit, Reason::Conflict));
            }
            own.take(edit);
            (plan.learn(edit, originals).err()).map(|reason| (edit, reason))
        });
        match objection {
            Some((edit, reason)) => plan.left.push(Left {
                title: fix.title.clone(),
                file: paths(edit).0.to_owned(),
                reason,
            }),
            None => {
                edits.for_each(|edit| taken.take(edit));
                plan.fixes.push(Planned {
                    title: fix.title.clone(),
                    edits: fix.edits.clone(),
                });
            }
        }
    }
    plan
}

impl Plan {
    /// Touches nothing outside of these files and directories, and follows no symbolic link
    /// below them. Without them only a last component is not followed.
    pub fn within(mut self, roots: impl IntoIterator<Item = PathBuf>) -> Plan {
        self.roots = roots.into_iter().collect();
        self
    }

    /// Leaves out the fixes that an earlier pass has shown to be none of this run's.
    pub fn without(mut self, earlier: &Earlier) -> Plan {
        let is_failed = |file: &Path| earlier.failed.contains(file);
        self.left.retain(|left| !is_failed(&left.file));
        let (mut again, mut fixes) = (Vec::new(), Vec::new());
        for fix in self.fixes {
            let modes = fix.edits.iter().filter_map(mode_of);
            let changed = modes.clone().find(|file| earlier.modes.contains(*file));
            if fix.edits.iter().flat_map(files).any(is_failed) {
                continue;
            }
            match changed {
                Some(file) => again.push(left(&fix, file, Reason::Index)),
                None => fixes.push(fix),
            }
        }
        self.left.append(&mut again);
        self.fixes = fixes;
        self
    }

    /// How many fixes are planned.
    pub fn count(&self) -> usize {
        self.fixes.len()
    }

    /// What is done, fix by fix.
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.fixes.iter().flat_map(|fix| &fix.edits)
    }

    /// The fixes that are left out.
    pub fn left(&self) -> &[Left] {
        &self.left
    }

    /// How many of those another fix is in the way of.
    pub fn conflicts(&self) -> usize {
        let conflicts = self.left.iter().map(|it| &it.reason);
        conflicts
            .filter(|it| matches!(it, Reason::Conflict))
            .count()
    }

    /// Keeps the text an edit is about.
    fn learn(&mut self, edit: &Edit, originals: Originals) -> Result<(), Reason> {
        let file = match edit {
            Edit::Replace { file, .. } | Edit::Mode { file, .. } => file,
            Edit::Move { from, .. } => from,
            Edit::Create { .. } => return Ok(()),
        };
        if !self.originals.contains_key(file)
            && let Some(text) = originals(file)
        {
            self.originals.insert(file.clone(), text);
        }
        let Edit::Replace { span, .. } = edit else {
            return Ok(());
        };
        let text = self.originals.get(file).ok_or(Reason::Unknown)?;
        text.get(span.clone()).map(|_| ()).ok_or(Reason::Unknown)
    }
}

/// Edits that go together, by the paths they are about.
#[derive(Default)]
struct Taken<'a> {
    /// Whether they are of one fix.
    one_fix: bool,
    /// Replacements by their spans; none overlaps another.
    spans: HashMap<&'a Path, BTreeMap<(usize, usize), &'a Edit>>,
    others: HashMap<&'a Path, Vec<&'a Edit>>,
    /// Those that concern what is below their paths.
    moves: Vec<&'a Edit>,
}

impl<'a> Taken<'a> {
    fn has(&self, edit: &Edit) -> bool {
        let path = paths(edit).0;
        match edit {
            Edit::Replace { span, .. } => (self.spans.get(path))
                .and_then(|it| it.get(&(span.start, span.end)))
                .is_some_and(|it| *it == edit),
            _ => self.others.get(path).is_some_and(|it| it.contains(&edit)),
        }
    }

    fn clashes(&self, edit: &Edit) -> bool {
        let (first, second) = paths(edit);
        let same = [Some(first), second].into_iter().flatten();
        let mut others = same.filter_map(|path| self.others.get(path)).flatten();
        let against = |it: &&Edit| clash(it, edit, self.one_fix);
        if others.any(&against) || self.moves.iter().any(against) {
            return true;
        }
        match edit {
            Edit::Replace { span, .. } => self.spans.get(first).is_some_and(|spans| {
                let key = (span.start, span.end);
                let before = spans.range(..=key).next_back();
                let after = spans.range(key..).next();
                before.into_iter().chain(after).any(|(_, it)| against(it))
            }),
            Edit::Move { .. } => {
                let mut replacements = self.spans.values().flat_map(BTreeMap::values);
                replacements.any(&against) || self.others.values().flatten().any(&against)
            }
            Edit::Create { .. } => (self.spans.get(first).into_iter())
                .flat_map(BTreeMap::values)
                .any(against),
            Edit::Mode { .. } => false,
        }
    }

    fn take(&mut self, edit: &'a Edit) {
        let (first, second) = paths(edit);
        if let Edit::Replace { span, .. } = edit {
            let spans = self.spans.entry(first).or_default();
            spans.insert((span.start, span.end), edit);
            return;
        }
        for path in [Some(first), second].into_iter().flatten() {
            self.others.entry(path).or_default().push(edit);
        }
        if matches!(edit, Edit::Move { .. }) {
            self.moves.push(edit);
        }
    }
}

/// The file whose mode an edit changes.
fn mode_of(edit: &Edit) -> Option<&Path> {
    match edit {
        Edit::Mode { file, .. } => Some(file),
        _ => None,
    }
}

/// The files an edit is about.
fn files(edit: &Edit) -> impl Iterator<Item = &Path> {
    let (first, second) = paths(edit);
    [Some(first), second].into_iter().flatten()
}

/// The file an edit is about, and the one that it makes of it.
fn paths(edit: &Edit) -> (&Path, Option<&Path>) {
    match edit {
        Edit::Replace { file, .. } | Edit::Mode { file, .. } | Edit::Create { file, .. } => {
            (file, None)
        }
        Edit::Move { from, to } => (from, Some(to)),
    }
}

/// Whether two edits cannot both be made. In one fix the texts and modes of what is moved
/// are changed before it is moved.
fn clash(a: &Edit, b: &Edit, one_fix: bool) -> bool {
    match (a, b) {
        _ if a == b => false,
        (Edit::Move { from, to }, Edit::Move { .. } | Edit::Create { .. }) if one_fix => {
            let (first, second) = paths(b);
            let target = second.unwrap_or(first);
            to == target || (second.is_some() && from == first)
        }
        (Edit::Create { file, .. }, Edit::Move { to, .. }) if one_fix => file == to,
        (Edit::Move { to, .. }, other) | (other, Edit::Move { to, .. }) if one_fix => {
            paths(other).0 == to
        }
        (Edit::Move { from, to }, other) | (other, Edit::Move { from, to }) => {
            let (first, second) = paths(other);
            let others = [Some(first), second].into_iter().flatten();
            let related = |a: &Path, b: &Path| a.starts_with(b) || b.starts_with(a);
            others
                .into_iter()
                .any(|it| related(it, from) || related(it, to))
        }
        _ if paths(a).0 != paths(b).0 => false,
        (Edit::Replace { span: a, .. }, Edit::Replace { span: b, .. }) => overlap(a, b),
        (Edit::Replace { .. }, Edit::Mode { .. }) | (Edit::Mode { .. }, Edit::Replace { .. }) => {
            false
        }
        _ => true,
    }
}

/// Whether spans have a byte in common; an insertion has its place in common with what it
/// touches, because the order would be arbitrary.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    if a.is_empty() || b.is_empty() {
        a.start <= b.end && b.start <= a.end
    } else {
        a.start < b.end && b.start < a.end
    }
}

/// What becomes of one file: texts in place of spans, a mode.
#[derive(Default)]
struct Change<'a> {
    replacements: BTreeSet<(usize, usize, &'a [u8])>,
    mode: Option<u32>,
}

/// The changes of these fixes by file. Fixes that want the same are content with one change.
fn changes<'a>(fixes: impl Iterator<Item = &'a Planned>) -> BTreeMap<&'a Path, Change<'a>> {
    let mut changes: BTreeMap<&Path, Change> = BTreeMap::new();
    for edit in fixes.flat_map(|it| &it.edits) {
        match edit {
            Edit::Replace { file, span, text } => {
                let change = changes.entry(file).or_default();
                change.replacements.insert((span.start, span.end, text));
            }
            Edit::Mode { file, mode } => changes.entry(file).or_default().mode = Some(*mode),
            Edit::Create { .. } | Edit::Move { .. } => {}
        }
    }
    changes
}

impl Change<'_> {
    /// The new text; `None` where the text stays.
    fn text(&self, original: Option<&Arc<[u8]>>) -> Option<Vec<u8>> {
        let original = original.filter(|_| !self.replacements.is_empty())?;
        let mut text = Vec::with_capacity(original.len());
        let mut done = 0;
        for &(start, end, replacement) in &self.replacements {
            text.extend_from_slice(original.get(done..start)?);
            text.extend_from_slice(replacement);
            done = end;
        }
        text.extend_from_slice(original.get(done..)?);
        Some(text)
    }
}
