//! Commands inside blocks of commands inside loops: whatever is nested in whatever, each
//! program sees the same. A shell at the leaves shows what a process has: variables, umask,
//! directory, descriptors, ignored and blocked signals, and whose child it is.
//!
//! Nothing here runs beside something else that writes, so that there is one outcome.

use std::path::Path;

use proptest::prelude::*;

use super::agreement::{Input, Sides, cases, holds};

/// Shows the state of its process. The masks are shown without the two signals that glibc
/// keeps for itself: what becomes of them depends on how a process was started by it.
const PROBE: &str = r#"
echo "-- $* A=${A-unset} B=${B-unset} RC=${RC-unset} code=$(printenv '?' || :)"
case ${P-} in
    '') ;;
    "$$") echo "P is this process" ;;
    "$PPID") echo "P is its parent" ;;
    *) echo "P is another" ;;
esac
umask
pwd -P
echo /proc/self/fd/*
while read -r name value; do
    case $name in
        SigBlk:|SigIgn:) echo "$name $(( 0x$value & 0x7ffffffe7fffffff ))" ;;
    esac
done < /proc/self/status
exit ${RC:-0}
"#;

/// Commands that end by themselves.
fn leaf() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        4 => prop::sample::select(vec!["p", "q", "r"]).prop_map(|tag| format!("sh @PROBE@ {tag}")),
        3 => prop::sample::select(vec![
            "exit 0",
            "exit 7",
            "exit 200",
            "exit",
            "true",
            "eltest 1 -eq 1",
            "eltest",
            "sh -c \"exit 9\"",
            "sh -c \"kill -9 $$\"",
            "no-such-program",
            "echo said",
        ])
        .prop_map(str::to_owned),
    ]
}

/// A condition is as likely to hold as not.
fn condition() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec![
        "eltest a = a",
        "eltest a = b",
        "exit 0",
        "exit 3",
        "true",
        "eltest -e /",
        "export V x eltest -v V",
        "importas -D d k NOT eltest $k = d",
        "redirfd -r 3 /dev/null sh @PROBE@ c",
        "umask 070 cd / sh @PROBE@ c",
    ])
    .prop_map(str::to_owned)
}

/// The commands that take no block but go on: what they change must be seen behind them.
fn step(newest: bool) -> impl Strategy<Value = String> + Clone {
    let mut steps = vec![
        "export A 1",
        "export B \"two words\"",
        "export A \"\"",
        "export RC 5",
        "unexport A",
        "unexport ?",
        "define x v",
        "define -s x \"a b\"",
        "importas k A",
        "importas -u -D e k B",
        "importas -D d k NOT",
        "cd /",
        "execline-cd /usr",
        "umask 077",
        "redirfd -r 3 /dev/null",
        "redirfd -w 4 /dev/null",
        "redirfd -a 7 /dev/null",
        "redirfd -r 0 /etc/hostname",
        "redirfd -r 3 /no/such",
        "fdmove 5 0",
        "fdmove -c 6 0",
        "fdmove 3 9",
        "fdclose 3",
        "fdclose 4",
        "fdswap 0 3",
        "fdblock -n 0",
        "fdreserve 2",
        "piperw 8 9",
        "getpid P",
        "getpid -E P",
        "getcwd -E A",
        "exec",
        "exec -a name",
        "emptyenv -p",
        "multisubstitute { define x y importas k A }",
        "multidefine \"a b\" { x y }",
        "heredoc 0 text",
        "elglob g /usr/b*",
        "case a { a { exit 8 } }",
        "case b { a { exit 8 } }",
        "trap { USR1 { exit 1 } }",
        "if { eltest -e / }",
        "background { true } wait { }",
        "background { sh -c \"exit 3\" } wait { }",
    ];
    if newest {
        steps.push("export-array A { a b }");
        steps.push("importas -S A");
    }
    prop::sample::select(steps).prop_map(str::to_owned)
}

fn choice(options: &'static [&'static str]) -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(options)
}

/// A command line, blocks and all.
fn program(newest: bool) -> impl Strategy<Value = String> {
    leaf().prop_recursive(6, 24, 3, move |inner| {
        let p = || inner.clone();
        let backtick: &[&str] = if newest {
            &["", "-E", "-I", "-D def", "-x", "-I -E"]
        } else {
            // Older ones name another command where `-E` cannot go on.
            &["-i", "-N -i"]
        };
        prop_oneof![
            6 => (step(newest), p()).prop_map(|(step, p)| format!("{step} {p}")),
            3 => (step(newest), step(newest), p()).prop_map(|(a, b, p)| format!("{a} {b} {p}")),
            2 => (p(), p()).prop_map(|(a, b)| format!("foreground {{ {a} }} {b}")),
            1 => (choice(&["", "-n", "-t", "-X", "-x 8"]), condition(), p())
                .prop_map(|(o, a, b)| format!("if {o} {{ {a} }} {b}")),
            1 => (choice(&["", "-n", "-t", "-X", "-x 8"]), p(), p())
                .prop_map(|(o, a, b)| format!("if {o} {{ {a} }} {b}")),
            1 => (choice(&["", "-n", "-X"]), condition(), p(), p())
                .prop_map(|(o, a, b, c)| format!("ifelse {o} {{ {a} }} {{ {b} }} {c}")),
            1 => (choice(&["", "-n"]), p(), p(), condition())
                .prop_map(|(o, a, b, c)| format!("ifte {o} {{ {a} }} {{ {b} }} {c}")),
            1 => (condition(), p(), p(), p())
                .prop_map(|(a, b, c, d)| format!("ifthenelse {{ {a} }} {{ {b} }} {{ {c} }} {d}")),
            1 => (choice(backtick), choice(&["A", "B"]), p(), p())
                .prop_map(|(o, v, a, b)| format!("backtick {o} {v} {{ {a} }} {b}")),
            1 => (choice(&["", "-E", "-x 3", "-o 0"]), choice(&["", "1", "1 2"]), p())
                .prop_map(|(o, words, a)| format!("forx {o} A {{ {words} }} {a}")),
            1 => (choice(&["a", "a\\nb", ""]), p())
                .prop_map(|(lines, a)| format!("forbacktickx B {{ printf {lines} }} {a}")),
            // No body ends with 250, so each loop ends.
            1 => p().prop_map(|a| format!("loopwhilex -o 250 {a}")),
            1 => (choice(&["", "-n"]), p(), p())
                .prop_map(|(o, a, b)| format!("tryexec {o} {{ {a} }} {b}")),
            1 => p().prop_map(|a| format!("pipeline {{ {a} }} foreground {{ cat }} exit 0")),
            1 => p().prop_map(|a| {
                let quoted = a.replace('\\', "\\\\").replace('"', "\\\"");
                format!("execlineb -Pc \"{quoted}\"")
            }),
        ]
    })
}

fn input(script: &str, probe: &Path) -> Input {
    let script = script.replace("@PROBE@", probe.to_str().unwrap());
    Input {
        env: vec![("RC".into(), "2".into())],
        ..Input::new(["execlineb", "-Pc", &script])
    }
}

#[test]
fn nested_commands_agree_with_the_reference() {
    let sides = Sides::new();
    let probe = sides.directory().join("probe");
    std::fs::write(&probe, PROBE).unwrap();
    holds(cases(256), &program(sides.is_newest()), |script| {
        sides.agree(&input(&script, &probe))
    });
}
