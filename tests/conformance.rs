//! The same words in, the same bytes out: every command against facts recorded
//! from version 2.9.9.2 of the reference, and against the reference installed.
//!
//! The facts are in `conformance/`, one file per command or matter, in the
//! format `side_by_side/case.rs` describes. This file only names them, one test
//! each. It deliberately knows nothing of a command.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod side_by_side;

use std::path::{Path, PathBuf};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

fn check(area: &str) {
    let file = directory().join(format!("{area}.toml"));
    side_by_side::check(area, &side_by_side::case::read_cases(&file));
}

/// A file nobody names would be a file nobody runs.
#[test]
fn every_file_of_cases_has_a_test() {
    let mut files = 0;
    for entry in std::fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        let area = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let call = format!("check(\"{area}\");");
        assert!(
            include_str!("conformance.rs").contains(&call),
            "{} has no test that says `{call}`",
            path.display()
        );
        files += 1;
    }
    assert!(files > 0, "there are no files of cases");
}

#[test]
fn background() {
    check("background");
}

#[test]
fn backtick() {
    check("backtick");
}

#[test]
fn case() {
    check("case");
}

#[test]
fn cd() {
    check("cd");
}

#[test]
fn define() {
    check("define");
}

#[test]
fn dollarat() {
    check("dollarat");
}

#[test]
fn elgetopt() {
    check("elgetopt");
}

#[test]
fn elgetpositionals() {
    check("elgetpositionals");
}

#[test]
fn elglob() {
    check("elglob");
}

#[test]
fn eltest() {
    check("eltest");
}

#[test]
fn emptyenv() {
    check("emptyenv");
}

#[test]
fn envfile() {
    check("envfile");
}

#[test]
fn exec() {
    check("exec");
}

#[test]
fn execline() {
    check("execline");
}

#[test]
fn execline_cd() {
    check("execline-cd");
}

#[test]
fn execline_umask() {
    check("execline-umask");
}

#[test]
fn execlineb() {
    check("execlineb");
}

#[test]
fn exit() {
    check("exit");
}

#[test]
fn export() {
    check("export");
}

#[test]
fn export_array() {
    check("export-array");
}

#[test]
fn fdblock() {
    check("fdblock");
}

#[test]
fn fdclose() {
    check("fdclose");
}

#[test]
fn fdmove() {
    check("fdmove");
}

#[test]
fn fdreserve() {
    check("fdreserve");
}

#[test]
fn fdswap() {
    check("fdswap");
}

#[test]
fn forbacktickx() {
    check("forbacktickx");
}

#[test]
fn foreground() {
    check("foreground");
}

#[test]
fn forstdin() {
    check("forstdin");
}

#[test]
fn forx() {
    check("forx");
}

#[test]
fn getcwd() {
    check("getcwd");
}

#[test]
fn getpid() {
    check("getpid");
}

#[test]
fn heredoc() {
    check("heredoc");
}

#[test]
fn homeof() {
    check("homeof");
}

#[test]
fn r#if() {
    check("if");
}

#[test]
fn ifelse() {
    check("ifelse");
}

#[test]
fn ifte() {
    check("ifte");
}

#[test]
fn ifthenelse() {
    check("ifthenelse");
}

#[test]
fn importas() {
    check("importas");
}

#[test]
fn language() {
    check("language");
}

#[test]
fn loopwhilex() {
    check("loopwhilex");
}

#[test]
fn multidefine() {
    check("multidefine");
}

#[test]
fn multisubstitute() {
    check("multisubstitute");
}

#[test]
fn nesting() {
    check("nesting");
}

#[test]
fn path() {
    check("path");
}

#[test]
fn pipeline() {
    check("pipeline");
}

#[test]
fn piperw() {
    check("piperw");
}

#[test]
fn posix_cd() {
    check("posix-cd");
}

#[test]
fn posix_umask() {
    check("posix-umask");
}

#[test]
fn process() {
    check("process");
}

#[test]
fn redirfd() {
    check("redirfd");
}

#[test]
fn runblock() {
    check("runblock");
}

#[test]
fn shift() {
    check("shift");
}

#[test]
fn substitution() {
    check("substitution");
}

#[test]
fn trap() {
    check("trap");
}

#[test]
fn tryexec() {
    check("tryexec");
}

#[test]
fn umask() {
    check("umask");
}

#[test]
fn unexport() {
    check("unexport");
}

#[test]
fn wait() {
    check("wait");
}

#[test]
fn withstdinas() {
    check("withstdinas");
}
