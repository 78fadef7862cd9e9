//! Rust text as the rules look at it: without comments and literals, and without tests.
//!
//! It is deliberately no parser. It knows how comments and literals begin and end, how
//! braces match, and how paths are written; that suffices for sources that compile.

use std::collections::BTreeSet;

use super::tree::{self, File};

/// A Rust file of a package.
pub struct Source {
    /// Its path from the root of the repository.
    pub path: String,
    /// All of its text.
    pub text: String,
    /// What is compiled into the library or the program: no comment, no literal, no test.
    pub code: String,
}

/// The files of the runtime that are not tests as a whole.
pub fn sources() -> Vec<Source> {
    below("src")
}

/// The files of the linter that are not tests as a whole.
pub fn sources_of_the_linter() -> Vec<Source> {
    below("exlint/src")
}

fn below(directory: &str) -> Vec<Source> {
    let files = tree::files(directory, ".rs");
    let tests: BTreeSet<String> = files.iter().flat_map(test_files).collect();
    files
        .into_iter()
        .filter(|file| !tests.contains(&file.path))
        .map(|file| Source {
            code: without_tests(&blank(&file.text)).0,
            path: file.path,
            text: file.text,
        })
        .collect()
}

/// The files that `file` declares as modules for tests only.
fn test_files(file: &File) -> Vec<String> {
    let directory = match file.path.rsplit_once('/') {
        Some((directory, "mod.rs" | "lib.rs" | "main.rs")) => directory.to_owned(),
        _ => file.path.trim_end_matches(".rs").to_owned(),
    };
    without_tests(&blank(&file.text))
        .1
        .iter()
        .map(|module| format!("{directory}/{module}.rs"))
        .collect()
}

/// The text with comments and literals made spaces; lines and columns stay.
pub fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = if rest.starts_with(b"//") {
            rest.iter()
                .position(|&byte| byte == b'\n')
                .unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            comment_length(rest)
        } else if rest[0] == b'"' {
            string_length(rest)
        } else if rest[0] == b'\'' {
            character_length(&text[at..])
        } else if at == 0 || !is_word(bytes[at - 1]) {
            raw_string_length(rest)
        } else {
            0
        };
        if length == 0 {
            code.push(bytes[at]);
            at += 1;
        } else {
            let gone = &bytes[at..at + length];
            code.extend(
                gone.iter()
                    .map(|&byte| if byte == b'\n' { b'\n' } else { b' ' }),
            );
            at += length;
        }
    }
    String::from_utf8(code).expect("whole characters were blanked")
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn comment_length(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn string_length(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character's length with its quotes; 0 where the quote begins a lifetime.
fn character_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    if bytes.get(1) == Some(&b'\\') {
        let end = bytes.iter().skip(3).position(|&byte| byte == b'\'');
        return end.map_or(0, |end| end + 4);
    }
    let character = rest[1..].chars().next().map_or(0, char::len_utf8);
    if bytes.get(1 + character) == Some(&b'\'') {
        character + 2
    } else {
        0
    }
}

/// A raw string's length with its prefix; 0 where none begins here.
fn raw_string_length(rest: &[u8]) -> usize {
    let prefix = [b"r".as_slice(), b"br", b"cr"]
        .into_iter()
        .find(|prefix| rest.starts_with(prefix));
    let Some(prefix) = prefix else { return 0 };
    let marks = rest[prefix.len()..]
        .iter()
        .take_while(|&&byte| byte == b'#')
        .count();
    let start = prefix.len() + marks;
    if rest.get(start) != Some(&b'"') {
        return 0;
    }
    let end: Vec<u8> = [b"\"".as_slice(), &b"#".repeat(marks)].concat();
    rest[start + 1..]
        .windows(end.len())
        .position(|window| window == end)
        .map_or(rest.len(), |place| start + 1 + place + end.len())
}

/// Blanked code without the items marked `#[cfg(test)]`, and the names of the modules among
/// them that are files of their own.
pub fn without_tests(code: &str) -> (String, Vec<String>) {
    const MARK: &str = "#[cfg(test)]";
    let mut own = String::new();
    let mut modules = Vec::new();
    let mut rest = code;
    while let Some(place) = rest.find(MARK) {
        own.push_str(&rest[..place]);
        let item = &rest[place + MARK.len()..];
        let length = item_length(item);
        let words = tokens(&item[..length]);
        if let Some(at) = words.iter().position(|word| *word == "mod")
            && words.get(at + 2) == Some(&";")
        {
            modules.push(words[at + 1].to_owned());
        }
        let lines = item[..length].matches('\n').count();
        own.push_str(&"\n".repeat(lines));
        rest = &item[length..];
    }
    own.push_str(rest);
    (own, modules)
}

/// To the end of the item's last brace, or to its semicolon.
fn item_length(item: &str) -> usize {
    let mut depth = 0_usize;
    for (place, byte) in item.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
            b';' if depth == 0 => return place + 1,
            _ => {}
        }
    }
    item.len()
}

/// Words, `::`, and every other character that is no space for itself, of blanked code.
pub fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let raw = if rest.starts_with("r#") { 2 } else { 0 };
        let word = rest[raw..]
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(rest.len(), |end| end + raw);
        let length = if word > raw {
            word
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Every path of two or more words in blanked code, the groups of `use` taken apart.
pub fn paths(code: &str) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let mut paths = Vec::new();
    for at in 0..tokens.len() {
        let starts = is_name(tokens[at])
            && tokens.get(at + 1) == Some(&"::")
            && (at == 0 || tokens[at - 1] != "::" && !in_group(&tokens[..at]));
        if starts {
            read_path(&tokens, at, &[], &mut paths);
        }
    }
    paths
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// True inside the braces of a `use`, whose paths were read with their beginning.
fn in_group(before: &[&str]) -> bool {
    let mut depth = 0_usize;
    for at in (0..before.len()).rev() {
        match before[at] {
            "}" => depth += 1,
            "{" if depth > 0 => depth -= 1,
            "{" => return at > 0 && before[at - 1] == "::",
            ";" => return false,
            _ => {}
        }
    }
    false
}

/// Reads the path, or group of paths, that begins at `at` behind `stem`. Returns what follows.
fn read_path(
    tokens: &[&str],
    mut at: usize,
    stem: &[String],
    paths: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = stem.to_vec();
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at = if tokens[at] == "," {
                        at + 1
                    } else {
                        read_path(tokens, at, &path, paths)
                    };
                }
                return at + 1;
            }
            Some(token) if is_name(token) || *token == "*" => {
                path.push((*token).trim_start_matches("r#").to_owned());
                at += 1;
            }
            // Generic arguments, or the like: the path so far is what matters.
            _ => {
                paths.push(path);
                return at + 1;
            }
        }
        if tokens.get(at) == Some(&"::") {
            at += 1;
            continue;
        }
        if tokens.get(at) == Some(&"as") {
            at += 2;
        }
        paths.push(path);
        return at;
    }
}

#[test]
fn comments_and_literals_are_blanked() {
    for (text, code) in [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (r#"a("b\"c", d)"#, "a(      , d)"),
        (r##"r#"a"b"# c"##, "         c"),
        ("br\"a\\\" b", "       b"),
        (r"'a' '\'' 'b x", "         'b x"),
        ("'\\u{20}'x r#if", "        x r#if"),
    ] {
        assert_eq!(blank(text), code, "{text}");
    }
}

#[test]
fn tests_are_left_out_and_their_files_named() {
    let (code, modules) = without_tests("a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\nmod c { {} }\nd;");
    assert_eq!(
        code.split_whitespace().collect::<Vec<&str>>(),
        ["a;", "d;"],
        "{code}"
    );
    assert_eq!(modules, ["b"]);
}

#[test]
fn groups_of_paths_are_taken_apart() {
    let found: Vec<String> =
        paths("use super::{a, b::{c, d as e}, r#if::f}; g(crate::h::I::<J>(k))")
            .iter()
            .map(|path| path.join("::"))
            .collect();
    assert_eq!(
        found,
        [
            "super::a",
            "super::b::c",
            "super::b::d",
            "super::if::f",
            "crate::h::I"
        ]
    );
}
