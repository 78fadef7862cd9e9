//! Trees of four times the size take about four times as long. What grows with the square would
//! take sixteen times as long; the measure is processors' time, as others use them too.

use crate::plant::{Planted, Thing, file, program};
use crate::run::{exlint, seconds};
use std::fmt::Write;

/// A script's text of some size.
type Body = fn(usize) -> String;

type Things = Vec<(Vec<u8>, Thing)>;

/// A text with a piece for each number.
fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

fn script(body: String) -> Things {
    let text = format!("#!/command/execlineb -P\n{body}echo\n");
    vec![(b"run".to_vec(), program(&text))]
}

/// A database of oneshots and bundles: the kind of each, and the names in its list.
fn database(definitions: impl Iterator<Item = (String, &'static str, Vec<String>)>) -> Things {
    let mut things = vec![(
        b"exlint.toml".to_vec(),
        file("s6-overlay-version = \"3.2.0.0\"\n"),
    )];
    let mut add = |path: String, text: &str| things.push((path.into_bytes(), file(text)));
    let source = "etc/s6-overlay/s6-rc.d";
    for (name, kind, names) in definitions {
        add(format!("{source}/{name}/type"), kind);
        let mut list = String::new();
        for name in names {
            let _ = writeln!(list, "{name}");
        }
        if kind == "bundle\n" {
            add(format!("{source}/{name}/contents"), &list);
        } else {
            add(format!("{source}/{name}/up"), "true\n");
            add(format!("{source}/{name}/dependencies"), &list);
        }
    }
    things
}

fn container(name: &str, text: String) -> Things {
    vec![
        (name.into(), file(&text)),
        (
            b"rootfs/etc/services.d/a/run".to_vec(),
            program("#!/bin/sh\nexec a\n"),
        ),
    ]
}

/// How long it takes, at the least of a few times.
fn time(things: &Things, times: usize) -> f64 {
    let planted = Planted::new(things);
    let runs = (0..times).map(|_| seconds(planted.around(), &["given", "--format", "json"]));
    runs.fold(f64::INFINITY, f64::min)
}

fn check(name: &str, count: usize, things: impl Fn(usize) -> Things) {
    let (small, large) = (time(&things(count), 2), time(&things(4 * count), 1));
    // What takes no time at all is not measured well.
    let ratio = large / small.max(0.05);
    assert!(
        ratio < 9.0,
        "{name}: {small:.2} s, and four times as much {large:.2} s"
    );
}

#[test]
fn scripts_take_time_by_their_length() {
    let kinds: [(&str, Body); 11] = [
        ("in one word", |n| "$x".repeat(n)),
        ("in one another", |n| "${".repeat(n) + &"}".repeat(n)),
        ("bound and used", |n| {
            each(n, |i| format!("define k{i} v\n"))
                + &each(n, |i| format!("foreground {{ a ${{k{i}}} }}\n"))
        }),
        ("bound and not used", |n| {
            each(n, |i| format!("define k{i} v\n"))
        }),
        ("out of scope", |n| {
            each(n, |i| {
                format!("foreground {{ define k{i} v a }} foreground {{ a ${{k{i}}} }}\n")
            })
        }),
        ("in one multisubstitute each", |n| {
            each(n, |i| {
                format!("multisubstitute {{ define k{i} \"${{j{i}}}\" define j{i} 1 }}\n")
            })
        }),
        ("put into a shell's text", |n| {
            let bound = each(n, |i| format!("importas k{i} K{i}\n"));
            bound + "foreground { sh -c \"" + &each(n, |i| format!("${{k{i}}} ")) + "\" }\n"
        }),
        ("of any number of words", |n| {
            each(n, |i| format!("elglob k{i} /x*\n"))
                + &each(n, |i| format!("if {{ a ${{k{i}}} }}\n"))
        }),
        ("options", |n| {
            format!("if -{} {{ a }}\n", "n".repeat(20 * n))
        }),
        ("options by words", |n| {
            format!("if {} {{ a }}\n", "-n ".repeat(20 * n))
        }),
        ("allowed", |n| {
            each(n, |i| {
                format!("# exlint: allow unused-key x\ndefine k{i} v\n")
            })
        }),
    ];
    for (name, text) in kinds {
        check(name, 700, |count| script(text(count)));
    }
}

#[test]
fn databases_take_time_by_their_size() {
    let chain = |count: usize| {
        database((0..count).map(|i| (format!("s{i}"), "oneshot\n", vec![format!("s{}", i + 1)])))
    };
    check("a chain", 200, chain);
    check("a circle", 200, |count| {
        database((0..count).map(move |i| {
            (
                format!("s{i}"),
                "oneshot\n",
                vec![format!("s{}", (i + 1) % count)],
            )
        }))
    });
    check("bundles in bundles", 200, |count| {
        let bundles =
            (0..count).map(|i| (format!("b{i}"), "bundle\n", vec![format!("b{}", i + 1)]));
        let all = (0..count).map(|i| format!("b{i}")).collect();
        database(bundles.chain([("user2".to_owned(), "bundle\n", all)]))
    });
    check("names of nothing", 200, |count| {
        database((0..count).map(|i| (format!("srv{i}"), "oneshot\n", vec![format!("sev{i}x")])))
    });
    check("the same dependency", 200, |count| {
        database((0..count).map(|i| (format!("s{i}"), "oneshot\n", vec!["base".to_owned()])))
    });
}

#[test]
fn all_depend_on_all() {
    let things = database((0..500).map(|i| {
        let others = (0..500).filter(|&other| other != i);
        let kind = if i % 2 == 0 { "oneshot\n" } else { "bundle\n" };
        (
            format!("s{i}"),
            kind,
            others.map(|other| format!("s{other}")).collect(),
        )
    }));
    time(&things, 1);
}

#[test]
fn directories_take_time_by_their_length() {
    check("files in one directory", 5000, |count| {
        let files = (0..count).map(|i| (format!("etc/services.d/a/data/{i}").into(), file("")));
        let run = (
            b"etc/services.d/a/run".to_vec(),
            program("#!/bin/sh\nexec a\n"),
        );
        files.chain([run]).collect()
    });
    let things: Things = (0..5000)
        .map(|i| (format!("etc/services.d/a/data/{i}").into(), file("")))
        .chain([(
            b"etc/services.d/a/run".to_vec(),
            program("#!/bin/sh\nexec a\n"),
        )])
        .collect();
    let planted = Planted::new(&things);
    let arguments = ["given/etc/services.d", "--root", "given", "--base", "given"];
    exlint(planted.around(), &arguments);
}

#[test]
fn container_files_take_time_by_their_length() {
    check("a Dockerfile", 2500, |count| {
        container(
            "Dockerfile",
            "FROM a\n".to_owned() + &each(count, |i| format!("ENV S6_V{i}=$A{i}\nRUN a\n")),
        )
    });
    check("a compose file", 500, |count| {
        let service = |i| format!("  s{i}:\n    build: .\n    environment:\n      S6_A: 1\n");
        container(
            "compose.yaml",
            "services:\n".to_owned() + &each(count, service),
        )
    });
}

#[test]
fn a_long_text_is_read() {
    let line = "define a b foreground { echo ${a} $c > x }\n";
    let text = format!("#!/bin/sh\n{}", line.repeat(20_000));
    time(&vec![(b"run".to_vec(), program(&text))], 1);
}
