//! What editors show of a script is what the runtime's lexer reads: the TextMate grammar in the
//! tokeniser of VS Code, and the syntax file in Vim, on the whole corpus and on drawn texts. The
//! commands' names in both are derived; that is tested with the house rules.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// Comparing, or rewriting, what is derived.
#[path = "../../tests/tidy/bless.rs"]
mod bless;
/// What is to be shown.
#[path = "editors/expected.rs"]
mod expected;
/// Where the tokeniser is.
#[path = "tools/mod.rs"]
mod tools;
/// The files of the repository.
#[path = "../../tests/tidy/tree.rs"]
#[expect(dead_code, reason = "the house rules look at more of them")]
mod tree;

use exlint::script::Shebang;
use expected::{Expected, Shown};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const EXTENSION: &str = "editors/vscode";
const GRAMMAR: &str = "syntaxes/execline.tmLanguage.json";

/// Fails with all faults at once.
fn verdict(claim: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{claim}:\n  {}", faults.join("\n  "));
}

/// The scripts of the corpus, broken ones included, and of the examples.
fn scripts() -> Vec<(String, Vec<u8>)> {
    let folders = [
        "corpus/execline",
        "corpus/execline-broken",
        "corpus/scripts",
    ];
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(tree::root().join(folder)).expect(folder);
        paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    paths.push(tree::root().join("examples/services.d/greeter/run"));
    paths.retain(|path| path.extension().is_none_or(|it| it != "expected"));
    paths.sort();
    let scripts = paths.into_iter().map(|path| {
        let text = std::fs::read(&path).expect("a script");
        let name = path
            .strip_prefix(tree::root())
            .expect("a path below the root");
        (name.to_string_lossy().into_owned(), text)
    });
    let scripts: Vec<_> = scripts.collect();
    assert!(
        scripts.len() > 250,
        "{} scripts are no corpus",
        scripts.len()
    );
    scripts
}

/// A number generator that draws the same on every machine.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Texts of pieces that mean something to the lexer.
fn drawn_texts() -> Vec<(String, Vec<u8>)> {
    const PIECES: [&[u8]; 39] = [
        b" ",
        b" ",
        b" ",
        b"\n",
        b"\n",
        b"\t",
        b"\r\n",
        b"\x01",
        b"{",
        b"}",
        b"{ ",
        b" }",
        b"\"",
        b"\"",
        b"\\",
        b"\\",
        b"\\\n",
        b"#",
        b"$",
        b"$x",
        b"${x}",
        b"$x_1 ",
        b"0",
        b"0x6",
        b"1",
        b"56",
        b"if",
        b"exit",
        b"/bin/if ",
        b"-n",
        b"--",
        b"n",
        b"\xc3\xa9",
        b"\x7f",
        b"\\0377",
        b"\\0400",
        b"\\255",
        b"\\256",
        b"\\0x00",
    ];
    let mut drawn = Drawn(7);
    let texts = (0..4000).map(|number| {
        let mut text = Vec::new();
        for _ in 0..drawn.below(24) {
            text.extend_from_slice(PIECES[drawn.below(PIECES.len())]);
        }
        if drawn.below(20) == 0 {
            text.insert(drawn.below(text.len() + 1), 0);
        }
        (format!("drawn text {number}"), text)
    });
    texts.collect()
}

/// A token: where it stands, and its scopes.
type Token = (usize, usize, Vec<String>);

/// What VS Code makes of texts. A byte is given as a character, so that places are the same.
fn tokenised(texts: &[(String, Vec<u8>)]) -> Vec<Vec<Token>> {
    let texts: Vec<String> = texts
        .iter()
        .map(|(_, text)| text.iter().copied().map(char::from).collect())
        .collect();
    let mut node = Command::new("node")
        .arg(tree::root().join("exlint/tests/editors/tokenise.mjs"))
        .arg(tree::root().join(EXTENSION).join(GRAMMAR))
        .arg(tools::directory().join("node"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node: {error}: {}", tools::REMEDY));
    let mut input = node.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let texts = serde_json::to_vec(&texts).unwrap();
        input.write_all(&texts).expect("node reads");
    });
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "see above; {}", tools::REMEDY);
    writer.join().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What the scopes of a grammar say.
fn shown(scopes: &[String]) -> Shown {
    let has = |beginning: &str| scopes.iter().any(|scope| scope.starts_with(beginning));
    Shown {
        comment: has("comment.line."),
        word: has("meta.word."),
        quoted: has("string.quoted."),
        open: has("punctuation.section.block.begin."),
        close: has("punctuation.section.block.end."),
        command: has("keyword."),
        substitution: has("variable.other.substitution."),
        invalid: has("invalid.illegal."),
        ignored: has("comment.block.ignored."),
    }
}

/// The first place where a text is shown otherwise than expected.
fn difference(name: &str, text: &[u8], expected: &Expected, found: &[Shown]) -> Option<String> {
    let at = (0..text.len()).find(|&at| {
        let mut found = found[at];
        if expected.undecided[at] {
            found.substitution = expected.bytes[at].substitution;
        }
        found != expected.bytes[at]
    })?;
    let until = text.len().min(at + 12);
    Some(format!(
        "{name}: byte {at}, `{}` before `{}`:\n    found    {:?}\n    expected {:?}",
        text[at.saturating_sub(30)..at].escape_ascii(),
        text[at..until].escape_ascii(),
        found[at],
        expected.bytes[at]
    ))
}

#[test]
fn the_grammar_agrees_with_the_lexer() {
    let corpus = scripts();
    for (name, text) in &corpus {
        let expected = expected::read(text);
        assert!(
            !expected.undecided.contains(&true),
            "{name}: something is not compared"
        );
    }
    let mut texts = corpus;
    texts.extend(drawn_texts());
    let tokens = tokenised(&texts);
    assert_eq!(tokens.len(), texts.len());
    let mut faults = Vec::new();
    let mut seen = Shown::default();
    for ((name, text), tokens) in texts.iter().zip(&tokens) {
        let mut found = vec![Shown::default(); text.len()];
        for (start, end, scopes) in tokens {
            found[*start..*end.max(start)].fill(shown(scopes));
        }
        // A newline belongs to no token, but where it stands in a string.
        let expected = expected::read(text);
        for (at, _) in text.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            found[at] = expected.bytes[at];
        }
        for it in &found {
            seen.substitution |= it.substitution;
            seen.invalid |= it.invalid;
            seen.ignored |= it.ignored;
            seen.command |= it.command;
        }
        faults.extend(difference(name, text, &expected, &found));
    }
    assert!(
        seen.substitution && seen.invalid && seen.ignored && seen.command,
        "{seen:?}"
    );
    faults.truncate(20);
    verdict("an editor shows what the lexer reads", &faults);
}

/// Scripts whose scopes are written down, to be judged by a person.
const WRITTEN_DOWN: [&str; 4] = [
    "corpus/execline/hook-backslashes",
    "corpus/execline/arguments-as-blocks-with-options",
    "corpus/execline-broken/brace-closed-twice",
    "examples/services.d/greeter/run",
];

#[test]
fn scopes_are_as_written_down() {
    const FOLDER: &str = "exlint/tests/editors/scopes";
    let scripts: Vec<_> = scripts()
        .into_iter()
        .filter(|(name, _)| WRITTEN_DOWN.contains(&&**name))
        .collect();
    assert_eq!(scripts.len(), WRITTEN_DOWN.len());
    let tokens = tokenised(&scripts);
    let mut pages = BTreeMap::new();
    for ((name, text), tokens) in scripts.iter().zip(&tokens) {
        let mut page = format!("# {name}: a token, and its scopes without `.execline`\n");
        for (start, end, scopes) in tokens.iter().filter(|(start, end, _)| start < end) {
            let token = text[*start..*end].escape_ascii();
            let scopes = scopes.join(" ").replace(".execline", "");
            let _ = writeln!(page, "{}", format!("[{token}] {scopes}").trim_end());
        }
        pages.insert(format!("{FOLDER}/{}.txt", name.replace('/', "-")), page);
    }
    bless::settle(&pages, Some(FOLDER));
}

fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&tree::read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_extension_names_files_that_are_there() {
    let package = json(&format!("{EXTENSION}/package.json"));
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let language = &package["contributes"]["languages"][0];
    let grammar = &package["contributes"]["grammars"][0];
    assert_eq!(language["id"], grammar["language"]);
    for path in [&language["configuration"], &grammar["path"]] {
        let path = path
            .as_str()
            .expect("a path")
            .strip_prefix("./")
            .expect("./");
        json(&format!("{EXTENSION}/{path}"));
    }
    let rules = json(&format!("{EXTENSION}/{GRAMMAR}"));
    assert_eq!(rules["scopeName"], grammar["scopeName"]);
    assert_eq!(rules["firstLineMatch"], language["firstLine"]);
    let license = tree::read("Cargo.toml").contains(&format!("license = {}", package["license"]));
    assert!(license, "{}", package["license"]);
}

#[test]
fn the_first_line_tells_execline_from_others() {
    let package = json(&format!("{EXTENSION}/package.json"));
    let pattern = package["contributes"]["languages"][0]["firstLine"].to_string();
    let mut lines: BTreeMap<String, bool> = BTreeMap::new();
    for (_, text) in scripts() {
        if let Some(shebang) = Shebang::read(&text) {
            let line = String::from_utf8_lossy(&text[shebang.span.clone()]).into_owned();
            let is_execline = line.contains("execlineb");
            lines.insert(line, is_execline);
        }
    }
    for line in [
        "#!/bin/sh",
        "#!/usr/bin/env bash",
        "# execlineb",
        "#!/bin/execlinebb",
    ] {
        lines.insert(line.to_owned(), false);
    }
    assert!(lines.len() > 8, "{lines:?}");
    let program = format!(
        "const pattern = new RegExp({pattern}); \
         console.log(JSON.stringify({}.map((line) => pattern.test(line))))",
        serde_json::to_string(&lines.keys().collect::<Vec<_>>()).unwrap()
    );
    let output = Command::new("node")
        .args(["-e", &program])
        .output()
        .unwrap_or_else(|error| panic!("node: {error}: {}", tools::REMEDY));
    let found: Vec<bool> = serde_json::from_slice(&output.stdout).expect("a list");
    let expected: Vec<bool> = lines.values().copied().collect();
    assert_eq!(found, expected, "{lines:?}");
}

/// What Vim calls each byte of a text; empty where it calls it nothing.
fn in_vim(texts: &[(String, Vec<u8>)], directory: &Path) -> Vec<Vec<String>> {
    for (number, (_, text)) in texts.iter().enumerate() {
        std::fs::write(directory.join(format!("{number}.execline")), text).unwrap();
    }
    let output = Command::new("vim")
        .args(["-u", "NONE", "-i", "NONE", "-n", "-es", "--cmd"])
        .arg(format!(
            "set runtimepath^={}",
            tree::root().join("editors/vim").display()
        ))
        .arg("--cmd")
        .arg(format!("let g:count = {}", texts.len()))
        .arg("-S")
        .arg(tree::root().join("exlint/tests/editors/groups.vim"))
        .current_dir(directory)
        .output()
        .unwrap_or_else(|error| panic!("vim: {error}: {}", tools::REMEDY));
    let found = std::fs::read_to_string(directory.join("groups"))
        .unwrap_or_else(|error| panic!("{error}: {output:?}: {}", tools::REMEDY));
    let found: Vec<Vec<String>> = found
        .lines()
        .map(|line| serde_json::from_str(line).expect("a list of names"))
        .collect();
    assert_eq!(found.len(), texts.len(), "{output:?}");
    found
}

#[test]
fn vim_agrees_with_the_lexer() {
    let directory = tempfile::tempdir().unwrap();
    let texts = scripts();
    let mut faults = Vec::new();
    for ((name, text), groups) in texts.iter().zip(in_vim(&texts, directory.path())) {
        let mut expected = expected::read(text);
        // Vim takes a script line by line, and has no group for words and for what is invalid.
        let mut found = expected.bytes.clone();
        let mut at = 0;
        for group in groups {
            if group == "\n" {
                at += 1;
                continue;
            }
            let is = |name: &str| group == format!("execline{name}");
            let shown = &mut found[at];
            shown.comment = is("Comment") || is("Todo");
            shown.open = is("Brace") && text[at] == b'{';
            shown.close = is("Brace") && text[at] == b'}';
            shown.command = is("BlockCommand") || is("Command");
            shown.quoted = match &*group {
                "execlineString" | "execlineQuotedEscape" => true,
                "execlineSubstitution" => shown.quoted,
                _ => false,
            };
            if expected.bytes[at].invalid && text[at] == b'}' {
                shown.close = false;
            }
            at += 1;
        }
        expected.undecided.fill(true);
        faults.extend(difference(name, text, &expected, &found));
    }
    faults.truncate(20);
    verdict("vim shows what the lexer reads", &faults);
}
