//! What a page shows, as steps to be taken: files to write, scripts and shell sessions to run,
//! and what they print. Runs nothing itself.
//!
//! The first word behind a fence says what it is, further ones what is to be known of it:
//!
//! | Fence | What it is |
//! | --- | --- |
//! | `execline`, `execline exit=3` | a script; it is run, and prints nothing but what is shown |
//! | any with `file=PATH` | a file; it is written, executable where it begins with `#!` |
//! | `sh`, `sh exit=1` | what is typed into one shell, from the page's beginning to its end |
//! | `sh files` | the same, where only files are made and removed |
//! | `text output`, `text error` | what the script or the session before it prints |
//! | `console` | what needs a machine that a test has not, such as a container engine |
//! | others | shown only |

/// Something to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Write this file.
    Write(String),
    /// Run this script.
    Script,
    /// Type this into the shell.
    Session,
}

/// A block of a page, and what is expected of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Where it stands.
    pub line: usize,
    /// What to do.
    pub action: Action,
    /// True where it changes files and runs nothing.
    pub is_of_files: bool,
    /// The text of the block.
    pub text: String,
    /// The exit code.
    pub code: i32,
    /// What is printed on standard output.
    pub output: String,
    /// What is printed on standard error.
    pub error: String,
}

impl Step {
    /// True where the linter is called.
    pub fn is_linted(&self) -> bool {
        let calls = |line: &str| line.split(' ').next() == Some("exlint");
        self.action == Action::Session && self.text.lines().any(calls)
    }
}

/// A fenced block: the line of its text, what stands behind the fence, the text.
pub fn fences(page: &str) -> Vec<(usize, String, String)> {
    let mut fences = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let fence: String = line.chars().take_while(|&c| c == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let inside = lines.by_ref().take_while(|(line, _)| *line != fence);
        let text: String = inside.map(|(line, _)| format!("{line}\n")).collect();
        fences.push((number + 1, line[fence.len()..].to_owned(), text));
    }
    fences
}

/// The steps of a page.
pub fn steps(path: &str, page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (line, info, text) in fences(page) {
        let words: Vec<&str> = info.split(' ').collect();
        let value = |name: &str| {
            let found = words.iter().find_map(|word| word.strip_prefix(name));
            found.map(str::to_owned)
        };
        let code = value("exit=").map_or(0, |code| code.parse().expect("an exit code"));
        let is_of_files = words.contains(&"files");
        let action = match (words[0], value("file=")) {
            (_, Some(file)) => Action::Write(file),
            ("execline", None) => Action::Script,
            ("sh", None) => Action::Session,
            ("text", None) if words.len() > 1 => {
                let last = steps.last_mut();
                let step = last.unwrap_or_else(|| panic!("{path}:{line}: of nothing"));
                match words[1] {
                    "output" => step.output = text,
                    "error" => step.error = text,
                    other => panic!("{path}:{line}: `{other}` is nothing printed"),
                }
                continue;
            }
            _ => continue,
        };
        steps.push(Step {
            line,
            is_of_files: is_of_files || matches!(action, Action::Write(_)),
            action,
            text,
            code,
            output: String::new(),
            error: String::new(),
        });
    }
    steps
}

#[test]
fn fences_are_steps() {
    let page = "```sh exit=2\na\n```\n\n```text output\nb\n```\n````execline file=c/d\n```\n````\n```toml\n```\n";
    let steps = steps("page", page);
    let shown: Vec<(usize, &Action, &str, i32, &str)> = steps
        .iter()
        .map(|step| {
            let Step {
                line,
                action,
                text,
                code,
                output,
                ..
            } = step;
            (*line, action, text.as_str(), *code, output.as_str())
        })
        .collect();
    assert_eq!(
        shown,
        [
            (2, &Action::Session, "a\n", 2, "b\n"),
            (9, &Action::Write("c/d".to_owned()), "```\n", 0, ""),
        ]
    );
}
