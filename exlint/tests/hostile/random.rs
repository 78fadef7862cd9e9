//! Trees made up at random, of names that mean something in one place or another.

use crate::plant::{Planted, Thing};
use crate::run::exlint;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = Vec<u8>> {
    let meaningful = prop::sample::select(vec![
        "etc",
        "services.d",
        "s6-overlay",
        "s6-rc.d",
        "user",
        "user2",
        "cont-init.d",
        "contents.d",
        "cont-finish.d",
        "dependencies.d",
        "type",
        "run",
        "up",
        "down",
        "finish",
        "data",
        "check",
        "log",
        "notification-fd",
        "producer-for",
        "consumer-for",
        "pipeline-name",
        "dependencies",
        "contents",
        "base",
        "a",
        "b",
        "web",
        ".s6-svscan",
        "fix-attrs.d",
        "Dockerfile",
        "rootfs",
        "compose.yaml",
        "config.yaml",
        "exlint.toml",
        "bin",
        "usr",
        "sh",
        "passwd",
        "env",
        "init",
        "timeout-kill",
        "user-bundles.d",
        "command",
        "execlineb",
        ".git",
        "...",
    ]);
    let bytes = prop::collection::vec(1u8..=255, 1..12).prop_map(|bytes| {
        let kept = |byte: u8| if byte == b'/' { b'_' } else { byte };
        bytes.into_iter().map(kept).collect::<Vec<u8>>()
    });
    let bytes = bytes.prop_filter("a name of its own", |name| name != b"." && name != b"..");
    prop_oneof![
        12 => meaningful.prop_map(|name| name.as_bytes().to_vec()),
        1 => bytes,
    ]
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    let beginning = prop::sample::select(vec![
        "",
        "etc/services.d/",
        "etc/s6-overlay/s6-rc.d/",
        "services.d/",
        "rootfs/etc/",
        "etc/",
        "etc/s6-overlay/s6-rc.d/a/",
        "etc/s6-overlay/s6-rc.d/user/contents.d/",
        "etc/cont-init.d/",
    ]);
    (beginning, prop::collection::vec(name(), 1..4))
        .prop_map(|(beginning, names)| [beginning.as_bytes(), &names.join(&b'/')].concat())
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "#!/command/execlineb -P\n",
        "#!/bin/sh\n",
        "#!/command/with-contenv bash\n",
        "longrun\n",
        "oneshot\n",
        "bundle\n",
        "foreground",
        "{",
        "}",
        "{",
        "}",
        "if",
        "define",
        "importas -i",
        "backtick",
        "redirfd -w 1",
        "s6-setuidgid",
        "$a",
        "${a}",
        "a",
        "b",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "3",
        "base",
        "exec",
        "&&",
        "|",
        ">",
        "<<E",
        "$(",
        ")",
        "then",
        "fi",
        "echo",
        "sh -c",
        "s6-svc -r /run/service/a",
        "# exlint: allow unused-key x\n",
        "multisubstitute",
        "elglob",
        "FROM a\n",
        "ENV S6_X=1\n",
        "services:\n",
        "  a:\n",
        "    image: b\n",
        "/etc/x",
        "-",
        "s6-rc -u change a",
        "trap",
        "case",
        "in",
        ";;",
        "esac",
        "ifthenelse -s",
        "export",
        "\0",
    ]);
    let words = prop::collection::vec(word, 0..40).prop_map(|words| words.join(" ").into_bytes());
    prop_oneof![
        8 => words,
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ]
}

fn thing() -> impl Strategy<Value = Thing> {
    let target = prop_oneof![
        path(),
        path().prop_map(|path| [b"/", &*path].concat()),
        path().prop_map(|path| [b"../../", &*path].concat()),
        Just(b".".to_vec()),
    ];
    let mode = prop_oneof![3 => Just(0o755), 1 => Just(0o644), 1 => 0u32..=0o7777];
    prop_oneof![
        20 => (text(), mode.clone()).prop_map(|(text, mode)| Thing::File(text, mode)),
        2 => mode.prop_map(Thing::Directory),
        3 => target.prop_map(Thing::Link),
        1 => Just(Thing::Pipe),
        1 => Just(Thing::Socket),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(48), ..ProptestConfig::default() })]

    #[test]
    fn any_tree_is_survived(
        things in prop::collection::vec((path(), thing()), 1..25),
        format in prop::sample::select(vec!["human", "short", "github", "json", "sarif", "gitlab"]),
    ) {
        let planted = Planted::new(&things);
        exlint(planted.around(), &["given", "--format", format]);
        exlint(planted.around(), &["given", "--diff"]);
        exlint(planted.around(), &["given/etc", "--root", "given", "--base", "given"]);
    }
}
