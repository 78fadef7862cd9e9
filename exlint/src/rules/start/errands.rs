//! Commands that soon end, or that a shell carries out itself: none of them is a daemon. It is
//! no rule.

/// True for such a command.
pub fn is_errand(name: &[u8]) -> bool {
    const BUILTINS: [&[u8]; 40] = [
        b":",
        b".",
        b"[",
        b"[[",
        b"alias",
        b"bg",
        b"break",
        b"builtin",
        b"cd",
        b"command",
        b"continue",
        b"declare",
        b"echo",
        b"eval",
        b"exec",
        b"exit",
        b"export",
        b"false",
        b"fg",
        b"getopts",
        b"hash",
        b"jobs",
        b"kill",
        b"local",
        b"logout",
        b"popd",
        b"printf",
        b"pushd",
        b"pwd",
        b"read",
        b"readonly",
        b"return",
        b"set",
        b"shift",
        b"source",
        b"test",
        b"true",
        b"unset",
        b"wait",
        b"umask",
    ];
    const SHORT: [&[u8]; 34] = [
        b"awk", b"cat", b"chgrp", b"chmod", b"chown", b"cp", b"curl", b"cut", b"date", b"env",
        b"find", b"grep", b"head", b"id", b"install", b"ln", b"ls", b"mkdir", b"mkfifo", b"mv",
        b"ps", b"rm", b"rmdir", b"sed", b"sleep", b"sort", b"tee", b"touch", b"tr", b"wget",
        b"yes", b"logger", b"halt", b"seq",
    ];
    let name = crate::bytes::base_name(name);
    BUILTINS.contains(&name)
        || SHORT.contains(&name)
        || name.starts_with(b"s6-svc")
        || name.starts_with(b"s6-rc")
        || name.starts_with(b"((")
}
