//! The same of trees that are made up of names and texts that mean something in one place or
//! another. The input is what chooses them, byte by byte. With `FUZZ_SHOW` in the environment
//! what it chose is printed, which is an input of `trees`.

use super::{samples, trees};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

const PLACES: [&str; 12] = [
    "",
    "etc/",
    "etc/services.d/",
    "etc/services.d/a/",
    "etc/s6-overlay/s6-rc.d/",
    "etc/s6-overlay/s6-rc.d/a/",
    "etc/s6-overlay/s6-rc.d/user/contents.d/",
    "etc/s6-overlay/",
    "etc/cont-init.d/",
    "rootfs/etc/s6-overlay/s6-rc.d/b/",
    "run/service/",
    "a/",
];

const NAMES: [&str; 48] = [
    "run",
    "finish",
    "type",
    "up",
    "down",
    "check",
    "data",
    "env",
    "log",
    "down-signal",
    "notification-fd",
    "producer-for",
    "consumer-for",
    "pipeline-name",
    "dependencies",
    "dependencies.d",
    "contents",
    "contents.d",
    "timeout-kill",
    "max-death-tally",
    "flag-essential",
    "a",
    "b",
    "base",
    "user",
    "user2",
    "web",
    "services.d",
    "s6-rc.d",
    "cont-init.d",
    "fix-attrs.d",
    "cont-finish.d",
    "user-bundles.d",
    "etc",
    "bin",
    "usr",
    "sh",
    "passwd",
    "Dockerfile",
    "compose.yaml",
    "config.yaml",
    "apko.yaml",
    "exlint.toml",
    "rootfs",
    ".s6-svscan",
    "init",
    "command",
    "...",
];

const WORDS: [&str; 92] = [
    "#!/command/execlineb -P\n",
    "#!/command/execlineb -S1\n",
    "#!/bin/execlineb\n",
    "#!/bin/sh\n",
    "#!/command/with-contenv bash\n",
    "#!/usr/bin/with-contenv sh\n",
    "longrun\n",
    "oneshot\n",
    "bundle\n",
    "foreground",
    "background",
    "if",
    "ifelse",
    "ifthenelse",
    "define",
    "importas",
    "-i",
    "-u",
    "-n",
    "backtick",
    "multisubstitute",
    "elglob",
    "forx",
    "forstdin",
    "redirfd -w 1",
    "fdmove -c 2 1",
    "heredoc",
    "trap",
    "case",
    "export",
    "unexport",
    "emptyenv",
    "cd",
    "umask",
    "eltest",
    "s6-setuidgid",
    "s6-notifyoncheck",
    "s6-svc",
    "s6-rc",
    "s6-log",
    "s6-envdir",
    "{",
    "}",
    "{",
    "}",
    "$a",
    "${a}",
    "$1",
    "$@",
    "a",
    "b",
    "=",
    "\"",
    "\\",
    "\n",
    "\n",
    "\r\n",
    "3",
    "0",
    "base",
    "exec",
    "&&",
    "||",
    "|",
    ">",
    ">&2",
    "<<E",
    "$(",
    "`",
    ")",
    "then",
    "fi",
    "do",
    "done",
    "esac",
    ";;",
    ";",
    "&",
    "echo",
    "sh -c",
    "/run/service/a",
    "/etc/x",
    "-",
    "--",
    "# exlint: allow unused-key x\n",
    "FROM a\n",
    "COPY . /\n",
    "ENV S6_X=1\n",
    "services:\n",
    "  a:\n",
    "    image: b\n",
    "[rules]\n",
];

const MODES: [u32; 5] = [0o755, 0o644, 0o755, 0o600, 0o4755];

pub fn are_survived(input: &[u8]) {
    let Ok(text) = text(&mut Unstructured::new(input)) else {
        return;
    };
    if std::env::var_os("FUZZ_SHOW").is_some() {
        eprintln!("{text}");
    }
    if let Some(tree) = samples::tree(text.as_bytes()) {
        trees::is_survived(&tree);
    }
}

fn text(choice: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..choice.int_in_range(1..=20)? {
        let mut path = (*choice.choose(&PLACES)?).to_owned();
        for place in 0..choice.int_in_range(1..=3)? {
            if place > 0 {
                path.push('/');
            }
            path.push_str(choice.choose(&NAMES)?);
        }
        match choice.int_in_range(0..=9)? {
            0 => {
                let up = ["", "/", "../", "../../"];
                let to = [
                    *choice.choose(&up)?,
                    choice.choose(&PLACES)?,
                    choice.choose(&NAMES)?,
                ];
                let _ = writeln!(text, "== {path} -> {}", to.concat());
            }
            1 => {
                let _ = writeln!(text, "== {path}/");
            }
            _ => {
                let mode = choice.choose(&MODES)?;
                let _ = writeln!(text, "== {path} {mode:04o} escapes");
                let _ = writeln!(text, "{}", samples::escaped(&content(choice)?));
            }
        }
    }
    Ok(text)
}

fn content(choice: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    if choice.ratio(1, 12)? {
        let length = choice.int_in_range(0..=60)?;
        return Ok(choice.bytes(length.min(choice.len()))?.to_vec());
    }
    let mut content = Vec::new();
    for _ in 0..choice.int_in_range(0..=24)? {
        content.extend_from_slice(choice.choose(&WORDS)?.as_bytes());
        content.push(b' ');
    }
    Ok(content)
}
