//! The files of the repository. Judges nothing, and follows no link.

use std::path::{Path, PathBuf};

/// What is not ours to judge: products, and bytes that are strange on purpose.
const SKIPPED: [&str; 2] = ["target", "corpus"];

/// A text file of the repository.
pub struct File {
    /// Its path from the root of the repository, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl File {
    /// Its name without extension.
    pub fn stem(&self) -> &str {
        let name = self
            .path
            .rsplit_once('/')
            .map_or(&*self.path, |(_, name)| name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// The root of the repository.
pub fn root() -> &'static Path {
    // The packages' tests share this file; the lock file is where the workspace is.
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .ancestors()
        .find(|directory| directory.join("Cargo.lock").is_file())
        .unwrap_or(package)
}

/// What the file at this path holds.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below a directory whose names end so, by path.
pub fn files(below: &str, ending: &str) -> Vec<File> {
    let mut files = Vec::new();
    gather(&root().join(below), ending, &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!files.is_empty(), "no *{ending} below `{below}`");
    files
}

fn gather(directory: &Path, ending: &str, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(directory).expect("a directory of the repository") {
        let entry = entry.expect("an entry of a directory");
        let path: PathBuf = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().expect("the entry's type");
        if kind.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&&*name) {
                gather(&path, ending, files);
            }
        } else if kind.is_file() && name.ends_with(ending) {
            let text = std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let path = path
                .strip_prefix(root())
                .expect("a path below the root")
                .to_string_lossy()
                .into_owned();
            files.push(File { path, text });
        }
    }
}
