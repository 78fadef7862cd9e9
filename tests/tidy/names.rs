//! Names are the domain's nouns. Looks at what is declared, not at what is used.

use super::{source, tree, verdict};

/// Words that say nothing about what a thing is.
const EMPTY: [&str; 6] = ["util", "helper", "common", "misc", "manager", "handler"];

/// What stands before the name of what is declared.
const DECLARES: [&str; 7] = ["mod", "struct", "enum", "union", "trait", "type", "fn"];

#[test]
fn names_mean_something() {
    let mut faults = Vec::new();
    for file in tree::files("", ".rs") {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if says_nothing(part) {
                faults.push(format!("{}: the file", file.path));
            }
        }
        let code = source::blank(&file.text);
        for pair in source::tokens(&code).windows(2) {
            if DECLARES.contains(&pair[0]) && says_nothing(pair[1]) {
                faults.push(format!("{}: {} {}", file.path, pair[0], pair[1]));
            }
        }
    }
    verdict("a name says what the thing is", &faults);
}

fn says_nothing(name: &str) -> bool {
    words(name).iter().any(|word| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        EMPTY.contains(&&**word) || EMPTY.contains(&singular)
    })
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in name.chars() {
        if character.is_uppercase() || !character.is_alphanumeric() {
            words.push(String::new());
        }
        let last = words.len() - 1;
        words[last].extend(character.to_lowercase().filter(|c| c.is_alphanumeric()));
    }
    words
}

#[test]
fn a_word_is_found_in_every_kind_of_name() {
    for name in ["util", "path_utils", "PathHelper", "misc-things", "common"] {
        assert!(says_nothing(name), "{name}");
    }
    for name in ["utility", "Commoner", "command", "mischief"] {
        assert!(!says_nothing(name), "{name}");
    }
}
