//! The patterns of a configuration: which of them match a path, with bounds on what they take.
//! A stranger may have written them. What they are about is not known here.
//!
//! All of them are one automaton, as each by itself would have its own memory.

use globset::Glob;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternSet};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A longer pattern was not written by people; one that is nested deeply is as long.
const LONGEST: usize = 1000;

/// What all of them are long together, in bytes, where nobody means harm.
const LONGEST_TOGETHER: usize = 1 << 16;

/// What the automaton's states may take before anything is matched, in bytes.
const LARGEST: usize = 2 << 20;

/// What a thread may remember of matching, in bytes; then it forgets, and matches on.
const REMEMBERED: usize = 2 << 20;

/// Patterns, by their places.
#[derive(Clone, Default, Debug)]
pub struct Globs(Option<Regex>);

impl Globs {
    /// Reads patterns.
    ///
    /// # Errors
    ///
    /// Which of them is none or too long, or that they are too large together: for people.
    pub fn read(patterns: &[&str]) -> Result<Globs, String> {
        const TOO_LARGE: &str = "path: the globs are too large together";
        let mut expressions = Vec::new();
        let mut length = 0;
        for &pattern in patterns {
            let failed = |error: String| format!("path: glob `{pattern}`: {error}");
            if pattern.len() > LONGEST {
                return Err(failed(format!("it is longer than {LONGEST} bytes")));
            }
            length += pattern.len();
            if length > LONGEST_TOGETHER {
                return Err(TOO_LARGE.to_owned());
            }
            let glob = Glob::new(pattern).map_err(|error| failed(error.kind().to_string()))?;
            expressions.push(glob.regex().to_owned());
        }
        if expressions.is_empty() {
            return Ok(Globs::default());
        }
        // As globset has its expressions understood; of several all are to be found.
        let syntax = syntax::Config::new().utf8(false).dot_matches_new_line(true);
        let config = Regex::config()
            .match_kind(MatchKind::All)
            .utf8_empty(false)
            .nfa_size_limit(Some(LARGEST))
            .hybrid_cache_capacity(REMEMBERED);
        let built = Regex::builder()
            .syntax(syntax)
            .configure(config)
            .build_many(&expressions);
        built.map(|regex| Globs(Some(regex))).map_err(|error| {
            let place = error.pattern().and_then(|it| patterns.get(it.as_usize()));
            match place {
                Some(pattern) => format!("path: glob `{pattern}`: it is nested too deeply"),
                None => TOO_LARGE.to_owned(),
            }
        })
    }

    /// The places of those that match, in order.
    pub fn matching(&self, path: &Path) -> Vec<usize> {
        let Some(regex) = &self.0 else {
            return Vec::new();
        };
        let mut found = PatternSet::new(regex.pattern_len());
        let input = Input::new(path.as_os_str().as_bytes());
        regex.which_overlapping_matches(&input, &mut found);
        found.iter().map(|pattern| pattern.as_usize()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching(patterns: &[&str], path: &str) -> Vec<usize> {
        let globs = Globs::read(patterns).unwrap();
        globs.matching(Path::new(path))
    }

    #[test]
    fn all_that_match_are_found() {
        let patterns = ["old/**", "**/run", "*.d", "old/{new,next}/[r-t]un", "x"];
        for (path, expected) in [
            ("old/run", &[0, 1][..]),
            ("old/new/run", &[0, 1, 3]),
            ("old/next/tun", &[0, 3]),
            ("run", &[1]),
            ("services.d", &[2]),
            ("a/b.d", &[2]),
            ("y", &[]),
            ("xx", &[]),
            ("", &[]),
        ] {
            assert_eq!(matching(&patterns, path), expected, "{path}");
        }
        assert_eq!(matching(&[], "x"), [0; 0]);
    }

    /// The same as the crate finds that the patterns are from.
    #[test]
    fn a_pattern_matches_what_globset_says() {
        let patterns = [
            "**", "*", "?", "a", "**/a", "a/**", "*/a", "[!a]", "{a,b}/*", "a*b", r"\*",
        ];
        let paths = [
            "", "a", "b", "/a", "a/", "a/b", "b/a", "a/b/a", "a\nb", "é", "*", "ab", "a//b",
        ];
        for pattern in patterns {
            let theirs = Glob::new(pattern).unwrap().compile_matcher();
            for path in paths {
                let is_ours = !matching(&[pattern], path).is_empty();
                assert_eq!(is_ours, theirs.is_match(path), "{pattern} {path:?}");
            }
        }
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let deep = "{".repeat(499) + "a" + &"}".repeat(499);
        let alternatives = "{a,".repeat(250) + &"}".repeat(250);
        let choices = "{a,b}".repeat(200);
        let stars = "**/*a*".repeat(166);
        let classes = "[!a]".repeat(250);
        for pattern in [&alternatives, &choices, &stars, &classes, &deep] {
            let longer = pattern.clone() + "a" + pattern;
            let error = Globs::read(&[&longer]).unwrap_err();
            assert!(error.contains("longer than 1000 bytes"), "{error}");
            // What is just short enough does no harm, whatever it means.
            let _ = Globs::read(&[pattern]);
            let _ = Globs::read(&[&**pattern; 60]);
            let error = Globs::read(&[&**pattern; 1000]).unwrap_err();
            assert!(error.contains("too large together"), "{error}");
        }
        let error = Globs::read(&["x", &deep]).unwrap_err();
        assert!(error.ends_with("}`: it is nested too deeply"), "{error}");
    }
}
