//! Where the measurements are made: a directory with the programs, the toolkits, and the
//! scripts with their names filled in.

use super::cases::Work;
use super::contestant::Contestant;
use super::floor::Floor;
use super::toolkit::Toolkit;
use std::cell::Cell;
use std::path::PathBuf;

/// A toolkit that takes part.
pub struct Party {
    /// What the table calls it.
    pub label: String,
    /// Where its commands are.
    pub directory: PathBuf,
    /// False where each step is to be executed.
    pub is_fused: bool,
}

impl Party {
    /// Its environment.
    pub fn environment(&self) -> Vec<String> {
        let mut entries = vec![
            format!("PATH={}:/usr/bin:/bin", self.directory.display()),
            "HOME=/root".to_owned(),
            "LANG=C.UTF-8".to_owned(),
        ];
        if !self.is_fused {
            entries.push("EXECLINE_FUSION=0".to_owned());
        }
        entries
    }
}

/// A shell that takes part: the file, and the words before the script's name, `argv[0]` first.
pub struct Shell {
    /// What the table calls it.
    pub label: &'static str,
    /// The file.
    pub program: PathBuf,
    /// `argv[0]` and the words before the script.
    pub words: &'static [&'static str],
}

/// The directory and all that is in it.
pub struct Place {
    directory: tempfile::TempDir,
    /// How many files were made.
    files: Cell<usize>,
    /// The two bare programs.
    pub floor: Floor,
    lines: PathBuf,
    /// Our commands.
    pub ours: PathBuf,
}

impl Place {
    /// Makes everything.
    pub fn new() -> Place {
        let directory = tempfile::tempdir().expect("a directory for the programs");
        let lines = directory.path().join("lines");
        let text: String = (1..=100).map(|line| format!("line-{line}\n")).collect();
        std::fs::write(&lines, text).expect("the lines");
        Place {
            floor: Floor::assemble(directory.path()),
            lines,
            ours: Toolkit::ours(&directory.path().join("commands"), true).directory,
            directory,
            files: Cell::new(0),
        }
    }

    /// `text` with the names of this place.
    pub fn fill(&self, text: &str) -> String {
        let relay = format!("{} 0 -", self.floor.floor.display());
        text.replace("@NOTHING@", &self.floor.nothing.display().to_string())
            .replace("@RELAY@", &relay)
            .replace("@LINES@", &self.lines.display().to_string())
    }

    /// A new file of this text.
    pub fn file(&self, text: &str) -> String {
        let number = self.files.replace(self.files.get() + 1);
        let file = self.directory.path().join(format!("script-{number}"));
        std::fs::write(&file, self.fill(text)).expect("a script");
        file.to_str().expect("a path in UTF-8").to_owned()
    }

    /// The work, done by a toolkit.
    pub fn contestant(&self, party: &Party, work: &Work) -> Contestant {
        let words: Vec<String> = match work {
            Work::Script {
                options,
                text,
                arguments,
            } => [
                "execlineb".to_owned(),
                (*options).to_owned(),
                self.file(text),
            ]
            .into_iter()
            .chain(arguments.iter().map(|word| self.fill(word)))
            .collect(),
            Work::Command(words) => words.iter().map(|word| self.fill(word)).collect(),
        };
        let program = party.directory.join(&words[0]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Contestant::new(&program, &words, &party.environment())
    }
}
