//! Processes that are left when all is over. Not what is done about them.

use std::time::{Duration, Instant};

/// What is left of the processes whose environment holds `mark`; and of our own children, where
/// no other test has any. What ends a moment after its parent is waited for.
pub fn processes(mark: &str, is_alone: bool) -> Vec<String> {
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let left = now(mark, is_alone);
        if left.is_empty() || Instant::now() > deadline {
            return left;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn now(mark: &str, is_alone: bool) -> Vec<String> {
    let own = std::process::id().to_string();
    let mut left = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("the processes") {
        let name = entry
            .expect("a process")
            .file_name()
            .to_string_lossy()
            .into_owned();
        // What ends while it is looked at is not left.
        let read = |what: &str| std::fs::read(format!("/proc/{name}/{what}")).unwrap_or_default();
        if !name.bytes().all(|byte| byte.is_ascii_digit()) || name == own {
            continue;
        }
        let stat = String::from_utf8_lossy(&read("stat")).into_owned();
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1));
        let environment = String::from_utf8_lossy(&read("environ")).into_owned();
        if is_alone && parent == Some(&*own) || environment.contains(mark) {
            left.push(stat);
        }
    }
    left
}
