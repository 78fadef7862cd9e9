//! An environment: an ordered list of `KEY=VALUE`.
//!
//! The order matters, as programs see it: a variable that is set again leaves its place to
//! the last one and goes to the end. That is what upstream does.

use super::failure::{Failure, USAGE};
use super::number::{self, Decimal};
use super::size::Size;
use crate::block::{self, Word};
use crate::sys::Errno;
use alloc::vec::Vec;
use core::ffi::CStr;

/// Where programs are looked up without a `PATH`.
pub const DEFAULT_PATH: &[u8] = b"/usr/bin:/bin";

/// An environment.
#[derive(Clone)]
pub struct Environment<'a> {
    entries: Vec<Word<'a>>,
    /// Of these and of some that are gone.
    size: Size,
    /// The `PATH` entry from before a command changed it, `Some(None)` where there was none.
    /// Upstream's commands look the next program up in the environment they were started
    /// with, not in the one they make.
    path_before: Option<Option<Word<'a>>>,
}

impl<'a> Environment<'a> {
    /// The environment of these entries.
    pub fn new(entries: Vec<Word<'a>>) -> Self {
        Environment {
            size: Size::of(&entries),
            entries,
            path_before: None,
        }
    }

    /// The same environment, borrowed, as the next command is started with it.
    pub fn borrowed(&self) -> Environment<'_> {
        Environment::new(self.entries.iter().map(block::borrow).collect())
    }

    /// Its entries in order.
    pub fn entries(&self) -> &[Word<'a>] {
        &self.entries
    }

    /// Its entries in order, as `execve` wants them.
    pub fn strings(&self) -> impl ExactSizeIterator<Item = &CStr> {
        self.entries.iter().map(|entry| &**entry)
    }

    /// What the entries take of `execve`'s room, or more.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The value of the first variable `key`.
    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        self.entries.iter().find_map(|entry| value_of(entry, key))
    }

    /// Sets `key` to `value`.
    pub fn set(&mut self, key: &[u8], value: &[u8]) {
        self.modify(&[key, b"=", value].concat());
    }

    /// Sets `key`, which is not there, to `value`.
    pub fn append(&mut self, key: &[u8], value: &[u8]) {
        self.add(block::word([key, b"=", value].concat()));
    }

    fn add(&mut self, entry: Word<'a>) {
        self.size = self.size.and(Size::of_one(&entry));
        self.entries.push(entry);
    }

    /// Removes the variable `key`.
    pub fn unset(&mut self, key: &[u8]) {
        self.modify(key);
    }

    /// Sets a variable by `KEY=VALUE`, or removes it by `KEY`. What stands before the first
    /// `=` is the key.
    pub fn modify(&mut self, modification: &[u8]) {
        let mut parts = modification.splitn(2, |&byte| byte == b'=');
        let key = parts.next().unwrap_or_default();
        if key == b"PATH" {
            self.keep_path();
        }
        let place = self
            .entries
            .iter()
            .position(|entry| value_of(entry, key).is_some());
        if let Some(place) = place {
            self.entries.swap_remove(place);
        }
        if parts.next().is_some() {
            self.add(block::word(modification));
        }
    }

    /// Puts other entries in the place of all.
    pub fn replace(&mut self, entries: impl FnOnce(Vec<Word<'a>>) -> Vec<Word<'a>>) {
        self.keep_path();
        let entries = entries(core::mem::take(&mut self.entries));
        self.put(entries);
    }

    fn put(&mut self, entries: Vec<Word<'a>>) {
        self.size = Size::of(&entries);
        self.entries = entries;
    }

    /// Pushes the variables whose names begin with one of `beginnings`: `X` becomes `X:1`, and
    /// `X:1` becomes `X:2`. An entry without `=` is an error (`EINVAL`).
    pub fn push(&mut self, beginnings: &[&[u8]]) -> Result<(), Errno> {
        self.shift(beginnings, |depth| {
            Shift::To(Some(depth.map_or(1, |depth| depth.wrapping_add(1))))
        })
    }

    /// Pops them: `X` is gone, and `X:1` becomes `X` again.
    pub fn pop(&mut self, beginnings: &[&[u8]]) -> Result<(), Errno> {
        self.shift(beginnings, |depth| match depth {
            None => Shift::Away,
            Some(0) => Shift::Nowhere,
            Some(1) => Shift::To(None),
            Some(depth) => Shift::To(Some(depth - 1)),
        })
    }

    /// Changes the depth of the variables whose names begin with one of `beginnings`.
    fn shift(
        &mut self,
        beginnings: &[&[u8]],
        shift: impl Fn(Option<u32>) -> Shift,
    ) -> Result<(), Errno> {
        let mut shifted = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let frame = Frame::of(entry.to_bytes(), beginnings)?;
            match frame.map(|frame| (shift(frame.depth), frame)) {
                None | Some((Shift::Nowhere, _)) => shifted.push(entry.clone()),
                Some((Shift::Away, _)) => {}
                Some((Shift::To(depth), frame)) => shifted.push(frame.at(depth)),
            }
        }
        self.keep_path();
        self.put(shifted);
        Ok(())
    }

    /// Where the program that runs with this environment looks programs up.
    pub fn search_path(&self) -> &[u8] {
        let entry = match &self.path_before {
            Some(before) => before.as_ref(),
            None => self.path_entry(),
        };
        entry
            .and_then(|entry| value_of(entry, b"PATH"))
            .unwrap_or(DEFAULT_PATH)
    }

    /// From now on this is the environment of another command.
    pub fn hand_over(&mut self) {
        self.path_before = None;
    }

    fn path_entry(&self) -> Option<&Word<'a>> {
        self.entries
            .iter()
            .find(|entry| value_of(entry, b"PATH").is_some())
    }

    fn keep_path(&mut self) {
        if self.path_before.is_none() {
            self.path_before = Some(self.path_entry().cloned());
        }
    }
}

/// Where a frame goes.
enum Shift {
    /// It stays.
    Nowhere,
    /// It is removed.
    Away,
    /// To this depth; `None` is the top.
    To(Option<u32>),
}

/// The parts of an entry that can be pushed and popped.
struct Frame<'e> {
    name: &'e [u8],
    /// The number behind the colon; `None` without a colon.
    depth: Option<u32>,
    /// From `=` on.
    value: &'e [u8],
}

impl<'e> Frame<'e> {
    /// The frame of an entry whose name begins with one of `beginnings`.
    fn of(entry: &'e [u8], beginnings: &[&[u8]]) -> Result<Option<Frame<'e>>, Errno> {
        let Some(beginning) = beginnings
            .iter()
            .find(|beginning| entry.starts_with(beginning))
        else {
            return Ok(None);
        };
        let behind = |wanted: u8| {
            let rest = entry.get(beginning.len()..)?;
            let place = rest.iter().position(|&byte| byte == wanted)?;
            Some(beginning.len() + place)
        };
        let equals = behind(b'=').ok_or(Errno::EINVAL)?;
        let (name, value) = entry.split_at_checked(equals).unwrap_or_default();
        let Some((name, depth)) = behind(b':').and_then(|colon| name.split_at_checked(colon))
        else {
            return Ok(Some(Frame {
                name,
                depth: None,
                value,
            }));
        };
        // What stands behind the colon is a depth only as a whole number.
        let depth = depth.get(1..).and_then(number::whole);
        Ok(depth.map(|depth| Frame {
            name,
            depth: Some(depth),
            value,
        }))
    }

    /// The entry at this depth; `None` is the top.
    fn at<'a>(&self, depth: Option<u32>) -> Word<'a> {
        match depth.map(Decimal::new) {
            None => block::word([self.name, self.value].concat()),
            Some(depth) => block::word([self.name, b":", depth.as_bytes(), self.value].concat()),
        }
    }
}

/// Refuses a word that cannot name a variable.
pub fn valid_name(word: Word<'_>) -> Result<Word<'_>, Failure> {
    if word.is_empty() || word.to_bytes().contains(&b'=') {
        return Err(Failure::new(USAGE, &[b"invalid variable name"]));
    }
    Ok(word)
}

/// The value in `entry`, where its key is `key`.
fn value_of<'e>(entry: &'e CStr, key: &[u8]) -> Option<&'e [u8]> {
    let entry = entry.to_bytes();
    // Nearly all entries differ here already.
    if entry.get(key.len()) != Some(&b'=') || !entry.starts_with(key) {
        return None;
    }
    entry.get(key.len() + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::Cow;

    fn of(entries: &[&'static CStr]) -> Environment<'static> {
        Environment::new(entries.iter().map(|&entry| Cow::Borrowed(entry)).collect())
    }

    #[test]
    fn variable_set_again_goes_to_the_end_and_the_last_takes_its_place() {
        for (modification, expected) in [
            ("A=x", vec![c"C=3", c"B=2", c"A=x"]),
            ("C=x", vec![c"A=1", c"B=2", c"C=x"]),
            ("D=x", vec![c"A=1", c"B=2", c"C=3", c"D=x"]),
            ("A", vec![c"C=3", c"B=2"]),
            ("D", vec![c"A=1", c"B=2", c"C=3"]),
            ("", vec![c"A=1", c"B=2", c"C=3"]),
        ] {
            let mut environment = of(&[c"A=1", c"B=2", c"C=3"]);
            environment.modify(modification.as_bytes());
            let entries: Vec<&CStr> = environment.strings().collect();
            assert_eq!(entries, expected, "{modification}");
        }
    }

    #[test]
    fn programs_are_looked_up_in_the_path_of_before() {
        let mut environment = of(&[c"PATH=/old"]);
        environment.set(b"PATH", b"/new");
        environment.set(b"PATH", b"/newer");
        assert_eq!(environment.search_path(), b"/old");
        environment.hand_over();
        assert_eq!(environment.search_path(), b"/newer");
        environment.unset(b"PATH");
        assert_eq!(environment.search_path(), b"/newer");
        environment.hand_over();
        assert_eq!(environment.search_path(), DEFAULT_PATH);
        environment.set(b"PATH", b"/late");
        assert_eq!(environment.search_path(), DEFAULT_PATH);
    }
}
