//! `--fix` that is killed at some time, or may not write: files are as they were or as they are to
//! be. At which system call, and which of them fails, is in `killed`.

use crate::plant::{Planted, Thing, link, program};
use crate::run::{self, exlint};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

/// A hook of which every line is to be fixed.
pub fn hook(lines: usize) -> String {
    let line = "echo UTC > /run/s6/container_environment/TZ\n";
    format!("#!/command/with-contenv sh\n{}", line.repeat(lines))
}

pub fn fixed(text: &str) -> String {
    text.replace("echo UTC", "echo -n UTC")
}

/// All may write here: the program runs without privileges.
pub fn open_to_all(directory: &Path) {
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777)).unwrap();
}

/// All is the program's user's, as it is where people run it.
pub fn hand_over(at: &Path) {
    let Some(user) = run::program_user() else {
        return;
    };
    std::os::unix::fs::lchown(at, Some(user), Some(user)).unwrap();
    if at.is_dir() && !at.is_symlink() {
        for entry in fs::read_dir(at).unwrap() {
            hand_over(&entry.unwrap().path());
        }
    }
}

#[test]
fn a_fix_that_is_killed_leaves_old_or_new() {
    let old = hook(400);
    let new = fixed(&old);
    let names = ["1", "2", "3"];
    let things: Vec<_> = names
        .iter()
        .map(|name| {
            (
                format!("etc/cont-init.d/{name}").into_bytes(),
                program(&old),
            )
        })
        .collect();
    let planted = Planted::new(&things);
    let directory = planted.given().join("etc/cont-init.d");
    hand_over(&directory);
    let begin = std::time::Instant::now();
    exlint(planted.around(), &["given", "--fix", "--format", "short"]);
    let usual = begin.elapsed();
    for name in names {
        assert_eq!(fs::read_to_string(directory.join(name)).unwrap(), new);
    }
    let rounds = crate::cases(12);
    for round in 0..rounds {
        for name in names {
            fs::write(directory.join(name), &old).unwrap();
        }
        let _shared = run::among_others();
        let mut child = run::program()
            .args(["given", "--fix"])
            .current_dir(planted.around())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(usual.mul_f64(f64::from(round + 1) / f64::from(rounds)));
        let _ = child.kill();
        child.wait().unwrap();
        for name in names {
            let text = fs::read_to_string(directory.join(name)).unwrap();
            assert!(
                text == old || text == new,
                "{name} in round {round} is neither"
            );
        }
    }
    // What a killed one leaves is in nobody's way.
    for name in names {
        fs::write(directory.join(name), &old).unwrap();
    }
    exlint(planted.around(), &["given", "--fix"]);
    for name in names {
        assert_eq!(fs::read_to_string(directory.join(name)).unwrap(), new);
    }
}

#[test]
fn what_may_not_be_written_is_told_and_stays() {
    if run::is_privileged() {
        return;
    }
    let old = hook(2);
    let planted = Planted::new(&[
        (b"etc/cont-init.d/1".to_vec(), program(&old)),
        (b"etc/cont-init.d".to_vec(), Thing::Directory(0o555)),
    ]);
    let directory = planted.given().join("etc/cont-init.d");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = exlint(planted.around(), &["given", "--fix", "--format", "short"]);
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(
        outcome
            .stderr
            .contains("not fixed: given/etc/cont-init.d/1"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.code, 2);
    assert_eq!(fs::read_to_string(directory.join("1")).unwrap(), old);
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
}

#[test]
fn what_a_link_leads_to_elsewhere_is_not_fixed() {
    let old = hook(2);
    let planted = Planted::new(&[
        (b"etc/cont-init.d/1".to_vec(), link("../../../outside")),
        (b"etc/cont-init.d/2".to_vec(), program(&old)),
        (b"etc/cont-init.d/3".to_vec(), link("2")),
    ]);
    let outside = planted.around().join("outside");
    fs::write(&outside, &old).unwrap();
    let directory = planted.given().join("etc/cont-init.d");
    hand_over(&directory);
    open_to_all(planted.around());
    exlint(planted.around(), &["given", "--fix"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), old);
    assert_eq!(
        fs::read_to_string(directory.join("2")).unwrap(),
        fixed(&old)
    );
    assert!(directory.join("3").is_symlink());
}
