//! Which execline a rule looks at, and which of its words are text of another language. What
//! is wrong with either is for the rules.

use crate::bytes::base_name;
use crate::model::Script;
use crate::script::items::flatten;
use crate::script::{Execline, Invocation, Language, Word};

/// The execline of a script, where whoever wrote it meant execline. A oneshot's `up` that
/// begins as a shell script is wrong as a whole, which is a finding of its own.
pub fn execline_of(script: &Script) -> Option<&Execline> {
    let is_shell = script.role.is_compiled()
        && matches!(
            Language::of(&script.text, script.shebang.as_ref()),
            Language::Shell(_) | Language::Other(_)
        );
    script.execline.as_ref().filter(|_| !is_shell)
}

/// Programs to which a `$`, a quote or an operator in their words means something: shells,
/// other interpreters, and what hands its words to one.
#[rustfmt::skip]
const INNER: &[&str] = &[
    "sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "yash", "fish", "rc", "es", "csh", "tcsh",
    "execlineb", "su", "ssh", "rsh", "watch", "eval", "script", "parallel", "xargs", "find",
    "awk", "gawk", "mawk", "nawk", "sed", "gsed", "perl", "ruby", "python", "python2", "python3",
    "php", "node", "lua", "tclsh", "expect", "guile", "envsubst", "gomplate", "jq", "yq", "grep",
    "egrep", "fgrep", "zgrep", "rg", "pcregrep", "expr", "make", "ninja", "bc", "dc", "psql",
    "mysql", "mariadb", "sqlite3", "mongo", "mongosh", "redis-cli", "nginx", "tmux", "screen",
    "entr", "logger", "m4", "cpp", "docker", "podman", "kubectl", "bashio",
];

fn is_inner_program(word: &[u8]) -> bool {
    let name = base_name(word);
    INNER.iter().any(|inner| inner.as_bytes() == name)
        || name.starts_with(b"python3.")
        || name.starts_with(b"php-")
}

/// The place from which on the words of an invocation may be text of another language: behind
/// the name of an interpreter, be it the program or, of one that is not known, an argument.
pub fn inner_from(invocation: &Invocation) -> Option<usize> {
    if is_inner_program(&invocation.program.value) {
        return Some(invocation.program.span.end);
    }
    let mut words = Vec::new();
    flatten(&invocation.arguments, &mut words);
    words
        .into_iter()
        .find(|word| is_inner_program(&word.value))
        .map(|word| word.span.end)
}

/// The place from which on the words of an invocation may be another chain, which binds keys
/// and runs programs that are not seen: behind the name of a command that chains, in the
/// arguments of a program that is not known.
pub fn chain_from(invocation: &Invocation) -> Option<usize> {
    let mut words = Vec::new();
    flatten(&invocation.arguments, &mut words);
    words
        .into_iter()
        .find(|word| {
            let name = base_name(&word.value);
            execline::commands::COMMANDS
                .iter()
                .any(|command| command.name.as_bytes() == name && !command.usage.is_empty())
        })
        .map(|word| word.span.end)
}

/// Programs that do their work and end: what follows them are their arguments, never another
/// program.
#[rustfmt::skip]
const SHORT_LIVED: &[&str] = &[
    "addgroup", "adduser", "basename", "cat", "chgrp", "chmod", "chown", "cp", "curl", "cut",
    "date", "dd", "dirname", "echo", "false", "find", "getent", "grep", "groupadd", "groupmod",
    "hostname", "id", "install", "ip", "kill", "ln", "logger", "ls", "mkdir", "mkfifo", "mknod",
    "mktemp", "modprobe", "mount", "mountpoint", "mv", "openssl", "pkill", "printenv", "printf",
    "pwd", "rm", "rmdir", "sed", "sort", "ssh-keygen", "swapon", "sync", "sysctl", "tail", "tee",
    "test", "touch", "tr", "true", "umount", "uname", "useradd", "usermod", "wc", "wget",
    "eltest", "s6-basename", "s6-cat", "s6-chmod", "s6-chown", "s6-cut", "s6-dirname", "s6-echo",
    "s6-false", "s6-head", "s6-hiercopy", "s6-linkname", "s6-ln", "s6-ls", "s6-mkdir",
    "s6-mkfifo", "s6-mount", "s6-rename", "s6-rmrf", "s6-sort", "s6-svc", "s6-svscanctl",
    "s6-svwait", "s6-sync", "s6-tail", "s6-test", "s6-touch", "s6-true", "s6-umount",
];

/// True for a program that does its work and ends, and never runs another one.
pub fn is_short_lived(invocation: &Invocation) -> bool {
    invocation.is_one_of(SHORT_LIVED)
}

/// True where a word, by its name, is such a program or a command that chains.
pub fn is_known_program(programs: &crate::programs::Programs, word: &Word) -> bool {
    let name = base_name(&word.value);
    SHORT_LIVED.iter().any(|known| known.as_bytes() == name)
        || programs.signature(&word.value).is_some()
}

/// Programs whose further words may be code, a command line, or names of programs.
#[rustfmt::skip]
pub const SHELL_LINES: &[&str] = &[
    "apk", "apt-get", "apt", "dnf", "yum", "pip", "npm", "sudo", "time", "timeout", "nohup",
];
