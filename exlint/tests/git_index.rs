//! Git's index, as git writes it: what is read of it is what `git ls-files` lists.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use exlint::tree::git_index::{self, Index};
use std::fs;
use std::path::Path;
use std::process::Command;

const SPLIT: &str = "it is split, which is not read; `git update-index --no-split-index` joins it";

/// What is done in a new repository with some files, a command of git's in each line; which version
/// and extensions the index has then; and what is said of an index that is not read.
const CASES: &[(&str, &str, u8, &str, &str)] = &[
    (
        "nothing is committed",
        "init -q\nread-tree --empty",
        2,
        "",
        "",
    ),
    ("version 2", "init -q\nadd .", 2, "", ""),
    (
        "modes",
        "init -q\nadd .\nupdate-index --chmod=+x a/run b\nupdate-index --chmod=-x a/b/finish",
        2,
        "",
        "",
    ),
    (
        "version 3",
        "init -q\nadd a\nadd -N b\nupdate-index --skip-worktree a/run",
        3,
        "",
        "",
    ),
    (
        "a path that is longer than its length can say",
        "init -q\nadd .\n\
         update-index --add --cacheinfo 100755,e69de29bb2d1d6434b8b29ae775ad8c2e48c5391,LONG",
        2,
        "",
        "",
    ),
    (
        "version 4",
        "init -q\nadd .\nupdate-index --index-version 4",
        4,
        "",
        "",
    ),
    (
        "version 4 with further flags",
        "init -q\nadd a\nadd -N b\nupdate-index --index-version 4",
        4,
        "",
        "",
    ),
    ("sha256", "init -q --object-format=sha256\nadd .", 2, "", ""),
    (
        "sha256, version 4",
        "init -q --object-format=sha256\nadd .\nupdate-index --index-version 4",
        4,
        "",
        "",
    ),
    (
        "caches behind the entries",
        "init -q\nadd .\ncommit -qm x\nupdate-index --force-untracked-cache\nstatus\n\
         -c index.threads=2 -c index.recordOffsetTable=true -c index.recordEndOfIndexEntries=true \
         update-index --force-write-index",
        2,
        "TREE UNTR EOIE IEOT",
        "",
    ),
    (
        "directories among the entries",
        "init -q\nadd .\ncommit -qm x\nsparse-checkout set --cone --sparse-index c\n",
        3,
        "sdir",
        "",
    ),
    (
        "a merge that is not done",
        "init -q\nadd .\ncommit -qm x\ncheckout -qb other\nrm -qf b\ncommit -qm y\n\
         checkout -q -\nupdate-index --chmod=+x b\ncommit -qm z\n!merge other",
        2,
        "",
        "",
    ),
    (
        "two halves",
        "init -q\nadd .\nupdate-index --split-index",
        2,
        "link",
        SPLIT,
    ),
    (
        "two halves, sha256",
        "init -q --object-format=sha256\nadd .\nupdate-index --split-index",
        2,
        "link",
        SPLIT,
    ),
];

fn git(repository: &Path, arguments: &str) -> Vec<u8> {
    let (is_to_fail, arguments) = match arguments.strip_prefix('!') {
        Some(arguments) => (true, arguments),
        None => (false, arguments),
    };
    let mut git = Command::new("git");
    for name in ["user.name", "user.email"] {
        git.args(["-c", &format!("{name}=nobody")]);
    }
    let output = git
        .args(arguments.split_whitespace())
        .current_dir(repository)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert_ne!(
        output.status.success(),
        is_to_fail,
        "{arguments}: {output:?}"
    );
    output.stdout
}

/// What `git ls-files --stage` lists.
fn listed(repository: &Path, prefix: &str) -> Index {
    let listed = git(repository, "ls-files --stage --sparse -z");
    let lines = listed.split(|&byte| byte == 0);
    let mut modes = Index::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let tab = line.iter().position(|&byte| byte == b'\t').unwrap();
        let executable = match &line[..6] {
            b"100755" => true,
            b"100644" => false,
            _ => continue,
        };
        if let Some(below) = line[tab + 1..].strip_prefix(prefix.as_bytes()) {
            modes.insert(below.into(), executable);
        }
    }
    modes
}

#[test]
fn what_git_lists_is_read() {
    for (name, commands, version, extensions, error) in CASES {
        let directory = tempfile::tempdir().unwrap();
        let repository = directory.path();
        for path in ["a/run", "a/b/finish", "b", "c/d/e", "c/de", "c/\u{e9}\n"] {
            let path = repository.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        std::os::unix::fs::symlink("a", repository.join("link")).unwrap();
        let long = ["l"; 3000].join("/");
        for command in commands.replace("LONG", &long).lines() {
            git(repository, command);
        }
        let index = fs::read(repository.join(".git/index")).unwrap();
        assert_eq!(index[7], *version, "{name}");
        for extension in extensions.split_whitespace() {
            let is_there = index.windows(4).any(|it| it == extension.as_bytes());
            assert!(is_there, "{name}: {extension}");
        }
        for prefix in ["", "a/", "c/d/", "no/"] {
            match git_index::read(&index, prefix.as_bytes()) {
                Ok(modes) => {
                    assert_eq!(*error, "", "{name}");
                    assert_eq!(modes, listed(repository, prefix), "{name}: {prefix}");
                }
                Err(said) => assert_eq!(said, *error, "{name}"),
            }
        }
    }
}
