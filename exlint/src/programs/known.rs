//! The foreign programs that are known: usage lines in `known/`, a file for each package.
//!
//! What the programs do is not there, only which words they take.

use super::signature::{Origin, Rest, Signature};
use super::usage;

/// The usage lines, by package or group.
const LISTS: [(&str, &str); 13] = [
    ("base", include_str!("known/base.txt")),
    ("daemons", include_str!("known/daemons.txt")),
    ("loaders", include_str!("known/loaders.txt")),
    ("runit", include_str!("known/runit.txt")),
    ("s6", include_str!("known/s6.txt")),
    ("s6-dns", include_str!("known/s6-dns.txt")),
    ("s6-linux-init", include_str!("known/s6-linux-init.txt")),
    ("s6-linux-utils", include_str!("known/s6-linux-utils.txt")),
    ("s6-networking", include_str!("known/s6-networking.txt")),
    ("s6-overlay", include_str!("known/overlay.txt")),
    (
        "s6-portable-utils",
        include_str!("known/s6-portable-utils.txt"),
    ),
    ("s6-rc", include_str!("known/s6-rc.txt")),
    ("skarnet", include_str!("known/skarnet.txt")),
];

/// The signatures of all foreign programs that are known.
pub(super) fn signatures() -> impl Iterator<Item = Signature> {
    let listed = LISTS.iter().flat_map(|&(package, text)| {
        // Each line parses: a test says so.
        usage_lines(text).filter_map(move |line| usage::parse(&line, Origin::Known(package)).ok())
    });
    listed.chain([bracket()])
}

/// The program `[`, whose name no usage line can have.
fn bracket() -> Signature {
    Signature {
        unknown_options: true,
        rest: Rest::Words,
        ..Signature::new("[", Origin::Known("base"))
    }
}

/// The usage lines of a list: a line that begins with a blank goes on with the one before,
/// and one that begins with `#` is a comment.
fn usage_lines(text: &str) -> impl Iterator<Item = String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match lines.last_mut() {
            Some(before) if line.starts_with(' ') => before.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_line_parses() {
        for (package, text) in LISTS {
            for line in usage_lines(text) {
                if let Err(error) = usage::parse(&line, Origin::Known(package)) {
                    panic!("{package}: {line}: {error}");
                }
            }
        }
    }

    #[test]
    fn names_are_sorted_in_each_list() {
        for (package, text) in LISTS {
            let names: Vec<String> = usage_lines(text)
                .filter_map(|line| line.split(' ').next().map(str::to_owned))
                .collect();
            assert!(names.is_sorted(), "{package}: {names:?}");
        }
    }

    #[test]
    fn no_name_is_twice_or_a_command_of_execline() {
        let mut packages = HashMap::new();
        for signature in signatures() {
            let name = signature.name;
            assert!(
                !crate::programs::is_execline_command(name.as_bytes()),
                "{name}"
            );
            let before = packages.insert(name.clone(), signature.origin);
            assert_eq!(before, None, "{name}");
        }
    }

    #[test]
    fn no_option_is_twice() {
        for signature in signatures() {
            let mut seen = Vec::new();
            for option in &signature.options {
                let option = (option.letter.map(char::from), option.long.clone());
                assert!(!seen.contains(&option), "{}: {option:?}", signature.name);
                seen.push(option);
            }
        }
    }

    #[test]
    fn arguments_of_unknown_options_are_no_dead_words() {
        for signature in signatures() {
            let is_sound = !signature.unknown_options || signature.rest != Rest::Nothing;
            assert!(is_sound, "{}", signature.name);
        }
    }

    #[test]
    fn loaders_of_skarnet_take_only_known_options() {
        for signature in signatures() {
            let is_loose = signature.unknown_options && signature.rest.chains();
            let is_foreign = matches!(
                signature.origin,
                Origin::Known("loaders" | "runit" | "skarnet")
            );
            assert!(!is_loose || is_foreign, "{}", signature.name);
        }
    }
}
