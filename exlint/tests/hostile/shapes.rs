//! Trees of shapes that nobody makes by accident, each written down.

use crate::plant::{Planted, Thing, file, link, program};
use crate::run::exlint;

const EXECLINE: &str = "#!/command/execlineb -P\n";
const SOURCE: &str = "etc/s6-overlay/s6-rc.d";

/// Runs a format for people and one for machines over a tree.
fn check(things: &[(&str, Thing)]) {
    check_formats(things, &["human", "json"]);
}

fn check_formats(things: &[(&str, Thing)], formats: &[&str]) {
    let things: Vec<_> = things
        .iter()
        .map(|(path, thing)| (path.as_bytes().to_vec(), thing.clone()))
        .collect();
    let planted = Planted::new(&things);
    for format in formats {
        exlint(planted.around(), &["given", "--format", format]);
    }
}

/// A script of a service directory.
fn check_script(text: Vec<u8>) {
    check(&[
        ("services.d/a/run", Thing::File(text.clone(), 0o755)),
        ("services.d/a/notification-fd", Thing::File(text, 0o644)),
    ]);
}

#[test]
fn files_stand_where_directories_are_expected() {
    for path in [
        "etc",
        "etc/services.d",
        "etc/cont-init.d",
        "etc/s6-overlay",
        SOURCE,
    ] {
        check(&[(path, file("x\n")), ("etc/services.d/a/run", file("x\n"))]);
    }
    let service = |name: &str| format!("{SOURCE}/a/{name}");
    for name in ["dependencies.d", "contents.d", "data", "env", "log"] {
        check(&[
            (&service("type"), file("longrun\n")),
            (&service("run"), program(EXECLINE)),
            (&service(name), file("b\n")),
            (&format!("{SOURCE}/user/{name}"), file("a\n")),
        ]);
    }
}

#[test]
fn directories_stand_where_files_are_expected() {
    let names = [
        "type",
        "run",
        "finish",
        "up",
        "down",
        "notification-fd",
        "timeout-up",
        "dependencies",
        "producer-for",
        "consumer-for",
        "pipeline-name",
        "data/check",
        "flag-essential",
    ];
    for name in names {
        for kind in ["longrun\n", "oneshot\n", "bundle\n"] {
            check(&[
                (&format!("{SOURCE}/a/{name}"), Thing::Directory(0o755)),
                (&format!("{SOURCE}/a/type"), file(kind)),
                (&format!("{SOURCE}/a/run"), program(EXECLINE)),
                (&format!("etc/services.d/a/{name}"), Thing::Directory(0o755)),
                (&format!("etc/services.d/a/{name}/x"), program(EXECLINE)),
            ]);
        }
    }
}

#[test]
fn links_lead_nowhere_and_round() {
    for target in [
        "x",
        ".",
        "..",
        "/",
        "../..",
        "/proc/self/fd/0",
        "/dev/zero",
        "/dev/tty",
        "run/run",
        "../../../../../../../../etc/passwd",
        "/etc/../etc/../",
        "",
    ] {
        check(&[
            ("etc/services.d/x/run", link("run")),
            ("etc/services.d/a/run", link(target)),
            ("etc/services.d/b", link(target)),
            (&format!("{SOURCE}/a/contents.d"), link("contents.d")),
            (&format!("{SOURCE}/b/dependencies.d"), link(target)),
            (&format!("{SOURCE}/b/type"), link(target)),
            (&format!("{SOURCE}/c"), link(target)),
            ("etc/cont-init.d", link(target)),
            ("etc/passwd", link(target)),
            ("bin/sh", link("../bin/sh")),
            ("usr/bin", link("../usr/bin")),
        ]);
    }
}

#[test]
fn what_is_neither_file_nor_directory_is_not_opened() {
    for thing in [Thing::Pipe, Thing::Socket] {
        check(&[
            ("etc/services.d/a/run", thing.clone()),
            ("etc/services.d/b/run", program(EXECLINE)),
            ("etc/services.d/b/notification-fd", thing.clone()),
            ("etc/services.d/b/finish", link("../a/run")),
            (&format!("{SOURCE}/a/type"), thing.clone()),
            (&format!("{SOURCE}/b/type"), file("oneshot\n")),
            (&format!("{SOURCE}/b/up"), thing.clone()),
            ("etc/cont-init.d/a", thing.clone()),
            ("etc/passwd", thing.clone()),
            ("Dockerfile", thing.clone()),
            ("compose.yaml", thing),
        ]);
    }
}

#[test]
fn what_may_not_be_read_is_told() {
    let planted = Planted::new(&[
        (
            b"etc/services.d/a/run".to_vec(),
            Thing::File(EXECLINE.into(), 0),
        ),
        (b"etc/services.d/b/run".to_vec(), program(EXECLINE)),
        (b"etc/services.d/c".to_vec(), Thing::Directory(0)),
        (b"etc/cont-init.d".to_vec(), Thing::Directory(0o111)),
        (b"Dockerfile".to_vec(), Thing::File(b"FROM a\n".to_vec(), 0)),
    ]);
    let outcome = exlint(planted.around(), &["given", "--format", "short"]);
    assert!(
        outcome.stdout.contains("etc/services.d/a/run: "),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("etc/services.d/c: "),
        "{}",
        outcome.stdout
    );
    // A configuration that cannot be read is no absent one.
    let planted = Planted::new(&[
        (b"services.d/b/run".to_vec(), program(EXECLINE)),
        (b"exlint.toml".to_vec(), Thing::File(b"".to_vec(), 0)),
    ]);
    assert_eq!(exlint(planted.around(), &["given"]).code, 2);
}

#[test]
fn directories_are_hundreds_deep() {
    let deep = "d/".repeat(300);
    check(&[
        (&format!("{deep}services.d/a/run"), program(EXECLINE)),
        (&format!("etc/s6/{deep}a/run"), program(EXECLINE)),
        ("etc/services.d/a/run", program(EXECLINE)),
    ]);
}

#[test]
fn names_are_anything() {
    let long = "n".repeat(255);
    for name in [
        "\x1b[31mred",
        "a\nb",
        "a\rb",
        "\x07",
        "...",
        "..a",
        " ",
        "-rf",
        "a\\",
        "\u{202e}abc",
        "\u{9b}31m",
        "`id`",
        "$(id)",
        "${x}",
        "%s%n",
        "'\"",
        "\x7f",
        "::error::x",
        &long,
    ] {
        let scripts = [
            format!("{EXECLINE}define {name} {name}\n${{{name}}} -{name}\n"),
            format!("{EXECLINE}foreground {{ \"{name} }} import {name}\n"),
            format!("{EXECLINE}# exlint: allow {name} {name}\nx\n"),
            format!("#!/bin/{name} {name} {name}\n{name}\n"),
            "#!/bin/sh\r\n$x".to_owned(),
        ];
        let paths: Vec<String> = (0..scripts.len())
            .map(|i| format!("etc/services.d/{i}{name}/run"))
            .collect();
        let mut things: Vec<(&str, Thing)> = Vec::new();
        for (path, script) in paths.iter().zip(&scripts) {
            things.push((path, program(script)));
        }
        let [kind, entry, hook] = [
            format!("{SOURCE}/{name}/type"),
            format!("{SOURCE}/a/contents.d/{name}"),
            format!("etc/cont-init.d/{name}"),
        ];
        let rest = [
            (&*kind, file("longrn\n")),
            (&*entry, file("")),
            (&*hook, file(name)),
            ("etc/s6-overlay/s6-rc.d/a/type", file("bundle\n")),
            ("etc/s6-overlay/s6-rc.d/b/type", file("oneshot\n")),
            ("etc/s6-overlay/s6-rc.d/b/up", program("/etc/gone\n")),
            ("etc/s6-overlay/s6-rc.d/b/dependencies", file(name)),
        ];
        things.extend(rest);
        let formats = ["human", "short", "github", "json", "sarif", "gitlab"];
        check_formats(&things, &formats);
    }
}

#[test]
fn a_configuration_shows_no_file_from_elsewhere() {
    let secret = "se\x1bcret is this";
    for (text, thing) in [
        ("a link", link("../secret")),
        ("key with no value", file("\x1b]0;x\x07 = \n")),
        ("pipe", Thing::Pipe),
    ] {
        let planted = Planted::new(&[
            (b"run".to_vec(), program(EXECLINE)),
            (b"exlint.toml".to_vec(), thing),
        ]);
        std::fs::write(planted.around().join("secret"), secret).unwrap();
        let outcome = exlint(planted.around(), &["given"]);
        assert!(!outcome.stderr.contains("secret is this"), "{text}");
    }
}

#[test]
fn scripts_are_anything() {
    let texts: Vec<Vec<u8>> = vec![
        vec![],
        vec![0; 100_000],
        vec![b'a'; 200_000],
        vec![0xff; 100_000],
        b"#!".to_vec(),
        b"#!\0".to_vec(),
        b"#!/command/execlineb -P\r\nfoo\r\n".to_vec(),
        b"\xef\xbb\xbf#!/command/execlineb\nfoo\n".to_vec(),
    ];
    for text in texts {
        check_script(text);
    }
    for part in [
        "{",
        "{ ",
        "} ",
        "foreground { ",
        "if { if { ",
        "\"",
        "\\",
        "${",
        "$x",
        "\n",
        "# ",
        "-",
        "case -- a { ",
        "multisubstitute { define a ",
        "backtick a { ",
        "heredoc 0 ",
        "eltest ( ",
        "ifthenelse -s { } { } { ",
        "elglob a ${a} ",
        "forx a { ",
        "\u{1b}",
        "é",
        "/",
        "$a${",
    ] {
        check_script(format!("{EXECLINE}{}", part.repeat(1000)).into());
    }
    for part in [
        "$(",
        "`",
        "\"",
        "'",
        "<<E\n",
        "<<-\"",
        "((",
        "$((",
        "${a:-",
        "case a in ",
        "if ",
        "\\\n",
        "\"$(",
        "{ ",
        "f() {",
        "&&",
        "| ",
        "<(",
        "[[ ",
        "for a in ",
        "a=(",
        "\\",
        "!",
        "$",
        "{{",
    ] {
        check_script(format!("#!/bin/sh\n{}", part.repeat(1000)).into());
    }
}

#[test]
fn hundreds_of_thousands_of_braces_are_read() {
    let text = format!(
        "{EXECLINE}{}{}",
        "a { ".repeat(200_000),
        "} ".repeat(200_000)
    );
    let planted = Planted::new(&[(b"run".to_vec(), program(&text))]);
    exlint(planted.around(), &["given", "--format", "short"]);
    exlint(planted.around(), &["given/run", "--format", "short"]);
}

#[test]
fn container_files_are_anything() {
    let laughs = (1..40).fold("a0: &a0 [lol, lol]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)
    });
    let merges = (1..40).fold("a0: &a0 {x: y}\n".to_owned(), |text, n| {
        format!(
            "{text}a{n}: &a{n}\n  <<: [*a{0}, *a{0}]\n  k{n}: v\n",
            n - 1
        )
    });
    let doubled = (1..60).fold("FROM a\nENV A0=aaaaaaaa\n".to_owned(), |text, n| {
        format!("{text}ENV A{n}=${{A{0}}}${{A{0}}}\n", n - 1)
    });
    let texts = [
        format!("{laughs}services:\n  a: *a39\n"),
        format!("{merges}services:\n  a: *a39\n"),
        format!("services:\n  a: {}\n", "[".repeat(100_000)),
        format!("services:\n  {}a\n", "- ".repeat(100_000)),
        format!("services:\n  {}a\n", "? ".repeat(100_000)),
        format!("services: {}\n", "{a: ".repeat(100_000)),
        "services: &a *a\n".to_owned(),
        "services: &a\n  b: *a\n".to_owned(),
        "%YAML 9.9\n--- !!binary\nservices: !<x> |99\n".to_owned(),
        "services:\n\ta: b\n".to_owned(),
        "\0\u{feff}services: \u{1b}[31m\n".to_owned(),
        doubled,
        format!("FROM a\nRUN {}\n", "\\\n".repeat(100_000)),
        format!("FROM a\n{}", "RUN <<E\n".repeat(50_000)),
        "FROM a\nCMD [\"\\ud800\", \n".to_owned(),
        format!("FROM a\nCMD {}\n", "[".repeat(100_000)),
        "FROM a\nENV S6_X=\u{1b}[31m S6_\u{7}=1\n".to_owned(),
    ];
    for text in texts {
        let names = [
            "Dockerfile",
            "compose.yaml",
            "config.yaml",
            "config.json",
            "apko.yaml",
        ];
        let mut things: Vec<_> = names.iter().map(|name| (*name, file(&text))).collect();
        things.push(("rootfs/etc/services.d/a/run", program(EXECLINE)));
        check(&things);
    }
}
