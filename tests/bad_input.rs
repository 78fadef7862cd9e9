//! Input that nobody means well with: what cannot be read, does not parse, is too long, never
//! ends, or comes in surroundings that are not there.
//!
//! Each claim is data: what is started, and what is said and returned. Upstream's words and
//! codes hold where upstream has any, and there the reference is run too; the lines that ours
//! adds for people begin with two spaces. Ours must never crash, hang or take memory without
//! bound; that is checked for every start.
//!
//! It deliberately does not generate input: that is fuzzing's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![allow(unsafe_code, reason = "see bad_input/start.rs")]

#[allow(dead_code, reason = "only the toolkits and the endings are used here")]
mod side_by_side;

#[path = "bad_input/start.rs"]
mod start;

use side_by_side::case::Ending;
use side_by_side::toolkit::{Kind, Toolkit, Version};
use start::{Content, STACK, Start};

/// The most memory in MiB where the input is small; a program that is linked with a C library
/// has to find room, too.
const SMALL: u64 = 64;

/// The most memory in MiB for 100 MB of input.
const LARGE: u64 = 600;

/// What is started and what comes of it.
struct Claim {
    name: String,
    start: Start,
    code: i32,
    stdout: Vec<u8>,
    /// All of it; the reference says it without the lines that begin with two spaces.
    stderr: String,
    /// Whether the reference does the same.
    is_upstreams: bool,
}

/// `execlineb -P script`, the script being this.
fn script(text: &[u8]) -> Start {
    content(Content::of(text))
}

/// As `script`, for long ones.
fn content(script: Content) -> Start {
    Start {
        files: vec![("script", script, 0o644)],
        ..words(&["execlineb", "-P", "script"])
    }
}

/// A command and its arguments.
fn words(argv: &[&'static str]) -> Start {
    Start {
        command: argv[0],
        argv: argv.iter().map(|word| Vec::from(*word)).collect(),
        files: Vec::new(),
        environment: vec![b"PATH=@PATH@".to_vec()],
        closed: Vec::new(),
        stdout: None,
        fed_by: None,
        is_restricted: false,
        memory: SMALL,
    }
}

impl Start {
    fn file(mut self, name: &'static str, text: &[u8], mode: u32) -> Start {
        self.files.push((name, Content::of(text), mode));
        self
    }

    fn arguments(mut self, argument: &[u8], times: usize) -> Start {
        self.argv
            .extend(std::iter::repeat_n(argument.to_vec(), times));
        self
    }

    fn environment(mut self, entries: &[&[u8]]) -> Start {
        self.environment = entries.iter().map(|entry| entry.to_vec()).collect();
        self
    }

    /// Ends with `code` and says this.
    fn ends(self, name: &str, code: i32, stderr: &str) -> Claim {
        Claim {
            name: name.to_owned(),
            start: self,
            code,
            stdout: Vec::new(),
            stderr: stderr.to_owned(),
            is_upstreams: true,
        }
    }
}

impl Claim {
    fn prints(mut self, text: impl Into<Vec<u8>>) -> Claim {
        self.stdout = text.into();
        self
    }

    /// The reference does otherwise: it has no such limit, or is another version.
    fn ours_only(mut self) -> Claim {
        self.is_upstreams = false;
        self
    }

    fn within(mut self, memory: u64) -> Claim {
        self.start.memory = memory;
        self
    }
}

/// Runs all claims and tells of all that do not hold.
fn check(claims: &[Claim]) {
    let directory = tempfile::tempdir().expect("a directory for the links");
    let toolkits = [
        Toolkit::ours(directory.path(), true),
        Toolkit::ours(directory.path(), false),
        Toolkit::reference(),
    ];
    let mut broken = String::new();
    for claim in claims {
        for toolkit in &toolkits {
            if toolkit.kind != Kind::Reference || claim.is_upstreams {
                broken += &difference(claim, toolkit);
            }
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
}

/// How a claim does not hold, for people.
fn difference(claim: &Claim, toolkit: &Toolkit) -> String {
    let result = start::run(&claim.start, toolkit);
    let stderr = match toolkit.kind {
        Kind::Fused | Kind::Unfused => claim.stderr.clone(),
        Kind::Reference => upstreams(&claim.stderr, &toolkit.version),
    };
    let mut faults = Vec::new();
    if result.ending != Some(Ending::Code(claim.code)) {
        faults.push(format!(
            "ends with {:?}, not code {}",
            result.ending, claim.code
        ));
    }
    if result.stdout != claim.stdout {
        faults.push(mismatch("prints", &result.stdout, &claim.stdout));
    }
    // Some bytes are no text; they are as good as others here.
    let said = String::from_utf8_lossy(&result.stderr);
    if said != stderr {
        faults.push(mismatch("says", said.as_bytes(), stderr.as_bytes()));
    }
    faults
        .iter()
        .map(|fault| format!("  {} [{:?}]\n    {fault}\n", claim.name, toolkit.kind))
        .collect()
}

/// What the reference says of `stderr`.
fn upstreams(stderr: &str, version: &Version) -> String {
    let said: String = stderr
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("  "))
        .collect();
    // Debian's version does not name the file yet.
    if *version < Version::parse("2.9.9.2") {
        said.replace(" in file script", "")
            .replace(" in file .", "")
    } else {
        said
    }
}

fn mismatch(what: &str, found: &[u8], expected: &[u8]) -> String {
    let (found, expected) = (readable(found), readable(expected));
    format!("{what} {found}\n        not {expected}")
}

/// The beginning of a text, on one line.
fn readable(text: &[u8]) -> String {
    let shown = &text[..text.len().min(600)];
    format!("{:?}", String::from_utf8_lossy(shown))
}

#[test]
fn script_that_cannot_be_read_is_named() {
    check(&[
        words(&["execlineb", "-P", "script"]).ends(
            "missing",
            111,
            "execlineb: fatal: unable to open script for reading: No such file or directory\n",
        ),
        words(&["execlineb", "-P", ""]).ends(
            "empty name",
            111,
            "execlineb: fatal: unable to open  for reading: No such file or directory\n",
        ),
        words(&["execlineb", "-P", "."]).ends(
            "directory",
            111,
            "execlineb: fatal: unable to parse script in file .: Is a directory\n",
        ),
        words(&["execlineb", "-P", "script/x"])
            .file("script", b"", 0o644)
            .ends(
                "file in a file",
                111,
                "execlineb: fatal: unable to open script/x for reading: Not a directory\n",
            ),
        Start {
            is_restricted: true,
            ..words(&["execlineb", "-P", "script"]).file("script", b"true", 0)
        }
        .ends(
            "no permission",
            111,
            "execlineb: fatal: unable to open script for reading: Permission denied\n",
        ),
        words(&["execlineb"])
            .ends("no script at all", 100, &usage("execlineb"))
            .ours_only(),
    ]);
}

/// What `command` of ours answers wrong usage with; the reference's options are fewer.
fn usage(command: &str) -> String {
    let known = execline::commands::COMMANDS
        .iter()
        .find(|known| known.name == command)
        .expect("a command");
    format!("{command}: usage: {}\n", known.usage)
}

#[test]
fn syntax_error_has_a_place() {
    let cases: [(&str, &[u8], &str, &str); 26] = [
        ("}", b"true }", "unmatched }", "1:6: this } closes no block"),
        (
            "} on line 3",
            b"true\n\n  }\n",
            "unmatched }",
            "3:3: this } closes no block",
        ),
        (
            "{",
            b"if { true\n",
            "unmatched {",
            "2:1: the script ends inside a block\n  script:1:4: it was opened here: if { true",
        ),
        (
            "{ in a block",
            b"if { if { true }\n",
            "unmatched {",
            "2:1: the script ends inside a block\n  script:1:4: it was opened here: if { if { true }",
        ),
        (
            "} too many",
            b"if { true } }\n",
            "unmatched }",
            "1:13: this } closes no block",
        ),
        (
            "{ at the end",
            b"if {",
            "syntax error",
            "1:4: the script ends right behind {",
        ),
        (
            "\" at the end",
            b"echo \"",
            "syntax error",
            "1:7: the script ends inside a quoted string\n  script:1:6: it was opened here: echo \"",
        ),
        (
            "\" over lines",
            b"echo \"a\nb\nc",
            "syntax error",
            "3:2: the script ends inside a quoted string\n  script:1:6: it was opened here: echo \"a",
        ),
        (
            "\" inside a word",
            b"echo a\"b",
            "syntax error",
            "1:9: the script ends inside a quoted string\n  script:1:7: it was opened here: echo a\"b",
        ),
        (
            "\" and backslash",
            b"echo \"a\\",
            "syntax error",
            "1:9: the script ends inside a quoted string\n  script:1:6: it was opened here: echo \"a\\",
        ),
        (
            "\" before NUL",
            b"echo \"a\0b\"",
            "syntax error",
            "1:8: the script ends inside a quoted string\n  script:1:6: it was opened here: echo \"a",
        ),
        (
            "backslash at the end",
            b"echo a\\",
            "syntax error",
            "1:6: the script ends behind a backslash",
        ),
        ("\\0", b"echo \"\\0\"", "syntax error", BAD_ESCAPE),
        ("\\08", b"echo \"\\08\"", "syntax error", BAD_ESCAPE),
        ("\\0x", b"echo \"\\0x\"", "syntax error", BAD_ESCAPE),
        ("\\0xg", b"echo \"\\0xg\"", "syntax error", BAD_ESCAPE),
        ("\\0X41", b"echo \"\\0X41\"", "syntax error", BAD_ESCAPE),
        (
            "\\0 before NUL",
            b"echo \"\\0\0\"",
            "syntax error",
            BAD_ESCAPE,
        ),
        ("\\00", b"echo \"\\00\"", "syntax error", OUT_OF_RANGE),
        ("\\000", b"echo \"\\000\"", "syntax error", OUT_OF_RANGE),
        ("\\0x0", b"echo \"\\0x0\"", "syntax error", OUT_OF_RANGE),
        ("\\0x00", b"echo \"\\0x00\"", "syntax error", OUT_OF_RANGE),
        ("\\0400", b"echo \"\\0400\"", "syntax error", OUT_OF_RANGE),
        ("\\256", b"echo \"\\256\"", "syntax error", OUT_OF_RANGE),
        ("\\999", b"echo \"\\999\"", "syntax error", OUT_OF_RANGE),
        (
            "escape on line 2",
            b"echo a\n\"\\256\"",
            "syntax error",
            "2:2: a numeric escape stands for a byte from 1 to 255",
        ),
    ];
    let mut claims = Vec::new();
    for (name, text, what, place) in cases {
        let stderr = format!("execlineb: fatal: {what} in file script\n  script:{place}\n");
        claims.push(script(text).ends(name, 100, &stderr));
        if !text.contains(&0) {
            let stderr = stderr
                .replace(" in file script", "")
                .replace("script:", "-c:");
            let mut start = words(&["execlineb", "-Pc"]);
            start.argv.push(text.to_vec());
            claims.push(start.ends(&format!("{name}, -c"), 100, &stderr));
        }
    }
    check(&claims);
}

const BAD_ESCAPE: &str =
    "1:7: \\0 is followed by neither an octal digit nor x and a hexadecimal digit";
const OUT_OF_RANGE: &str = "1:7: a numeric escape stands for a byte from 1 to 255";

#[test]
fn odd_script_that_is_one_runs() {
    check(&[
        script(b"").ends("empty", 0, ""),
        script(b"\0}}}").ends("NUL first", 0, ""),
        script(b"echo a\0 b }")
            .ends("NUL ends the script", 0, "")
            .prints("a\n"),
        script(b"echo \"\\0x1000\"")
            .ends("\\0x takes two digits", 0, "")
            .prints("\x1000\n"),
        script(b"echo \"\\2551\"")
            .ends("\\255", 0, "")
            .prints(b"\xff1\n"),
        script(b"# only\n#comments").ends("comments", 0, ""),
        script(b"\x01\x02\x1f \x7f").ends(
            "control characters are white space, DEL is a word",
            127,
            "execlineb: fatal: unable to exec \x7f: No such file or directory\n",
        ),
        script(b"\xff\xfe\n").ends(
            "bytes that are no text",
            127,
            "execlineb: fatal: unable to exec \u{fffd}\u{fffd}: No such file or directory\n",
        ),
    ]);
}

#[test]
fn depth_has_an_end_that_is_no_crash() {
    let nested = |depth: usize| Content {
        tail: [b"true ".to_vec(), b"} ".repeat(depth)].concat(),
        ..Content::repeated(b"if { ", depth, b"")
    };
    let opened = "{ ".repeat(15) + "{";
    check(&[
        content(nested(1000)).ends("1000 levels run", 0, ""),
        content(nested(3000)).ends("3000 levels", 126, &too_long("if")),
        content(nested(1_000_000))
            .ends("a million levels", 126, &too_long("if"))
            .ours_only()
            .within(LARGE),
        content(Content::repeated(b"{ ", 1_000_000, b""))
            .ends(
                "a million {",
                100,
                &format!(
                    "execlineb: fatal: unmatched {{ in file script\n  \
                     script:1:2000001: the script ends inside a block\n  \
                     script:1:1999999: it was opened here: {opened}\n"
                ),
            )
            .ours_only()
            .within(LARGE),
        content(Content::repeated(b"} ", 1_000_000, b"")).ends(
            "a million }",
            100,
            "execlineb: fatal: unmatched } in file script\n  script:1:1: this } closes no block\n",
        ),
    ]);
}

fn too_long(program: &str) -> String {
    format!("execlineb: fatal: unable to exec {program}: Argument list too long\n")
}

#[test]
fn length_has_an_end_that_is_no_crash() {
    const PIECES: usize = 100_000_000 / 1000;
    let piece = [b'a'; 1000];
    let comment = Content {
        head: b"#".to_vec(),
        ..Content::repeated(&piece, PIECES, b"\ntrue")
    };
    check(&[
        content(Content::repeated(&piece, PIECES, b"\n"))
            .ends("word of 100 MB", 126, &too_long(""))
            .ours_only()
            .within(LARGE),
        content(comment)
            .ends("comment of 100 MB", 0, "")
            .within(LARGE),
        content(Content::repeated(b"a\n", PIECES * 50, b""))
            .ends("10 MB of words", 126, &too_long("a"))
            .ours_only()
            .within(LARGE),
        content(Content::repeated(b"\n", PIECES * 100, b"true"))
            .ends("10 MB of empty lines", 0, "")
            .within(LARGE),
    ]);
}

#[test]
fn substitution_has_an_end_that_is_no_crash() {
    let values = "a ".repeat(200);
    let explosion = format!(
        "define -s a \"{values}\" define -s b \"{values}\" define -s c \"{values}\" \
         define -s d \"{values}\" echo $a$b$c$d"
    );
    let together = format!(
        "multisubstitute {{ define -s a \"{values}\" define -s b \"{values}\" \
         define -s c \"{values}\" define -s d \"{values}\" }} echo $a$b$c$d"
    );
    let too_few =
        "execlineb: warning: too few arguments: expecting at least 4000000000 but got 0\n";
    check(&[
        script(explosion.as_bytes())
            .ends(
                "one key after the other",
                126,
                "define: fatal: unable to exec define: Argument list too long\n",
            )
            .ours_only(),
        script(together.as_bytes())
            .ends(
                "all keys at once",
                126,
                "multisubstitute: fatal: unable to exec echo: Argument list too long\n",
            )
            .ours_only(),
        // The reference makes a key for each of them.
        words(&["execlineb", "-S4000000000", "-c", "true"])
            .ends("missing arguments by the billion", 0, too_few)
            .ours_only(),
        words(&["execlineb", "-S4294967296", "-c", "true"])
            .ends("-S out of range", 100, &usage("execlineb"))
            .ours_only(),
        words(&["execlineb", "-S-1", "-c", "true"])
            .ends("-S below zero", 100, &usage("execlineb"))
            .ours_only(),
        words(&["elgetpositionals", "-P", "4000000000", "true"]).ends(
            "elgetpositionals with a number for a program",
            111,
            "elgetpositionals: fatal: bad substitution key\n",
        ),
    ]);
}

#[test]
fn endless_script_has_an_end() {
    let fifo = |text| Start {
        fed_by: Some(text),
        ..words(&["execlineb", "-P", "fifo"])
    };
    let too_large = "execlineb: fatal: unable to parse script in file fifo: File too large\n";
    let endless = |text, name| {
        fifo(text)
            .ends(name, 111, too_large)
            .ours_only()
            .within(LARGE)
    };
    check(&[
        words(&["execlineb", "-P", "/dev/zero"]).ends("zeros", 0, ""),
        words(&["execlineb", "-P", "/dev/null"]).ends("nothing", 0, ""),
        endless("exec yes > fifo", "words"),
        endless("exec yes '#' > fifo", "comments"),
        endless("exec yes '{' > fifo", "braces"),
        fifo("echo echo a > fifo")
            .ends("an end", 0, "")
            .prints("a\n"),
    ]);
}

#[test]
fn path_may_be_anything() {
    let of = |text: &[u8], path: &[&[u8]]| script(text).environment(path);
    let fails = |error: &str| format!("execlineb: fatal: unable to exec true: {error}\n");
    let missing = fails("No such file or directory");
    let nowhere = fails("Success\n  PATH is empty: no directory was searched");
    let long = [
        b"PATH=".to_vec(),
        vec![b'x'; 100_000],
        b":/usr/bin".to_vec(),
    ]
    .concat();
    let many = [
        b"PATH=".to_vec(),
        b"/x:".repeat(20_000),
        b"/usr/bin".to_vec(),
    ]
    .concat();
    check(&[
        of(b"true", &[]).ends("none: the default is searched", 0, ""),
        of(b"true", &[b"PATH=/nowhere"]).ends("missing directory", 127, &missing),
        of(b"true", &[b"PATH="]).ends("empty", 126, &nowhere),
        of(b"true", &[b"PATH=:::::"]).ends("colons", 126, &nowhere),
        of(b"true", &[b"PATH=/dev/null:/nowhere:relative:."]).ends(
            "no directory in it",
            126,
            &fails("Not a directory"),
        ),
        of(b"true", &[b"PATH=/dev/null:/nowhere:/usr/bin"]).ends("junk and a directory", 0, ""),
        of(b"true", &[b"PATH=\xff\xfe:/usr/bin:\x01"]).ends("bytes", 0, ""),
        of(b"true", &[&long]).ends(
            "an element longer than a path",
            126,
            &fails("File name too long"),
        ),
        of(b"true", &[&many]).ends("20,000 elements", 0, ""),
        of(b"true", &[b"PATH=/nowhere", b"PATH=/usr/bin"]).ends(
            "twice: the first one counts",
            127,
            &missing,
        ),
    ]);
}

#[test]
fn closed_descriptors_are_no_matter() {
    let mut claims = Vec::new();
    for combination in 0..8 {
        let closed: Vec<i32> = (0..3).filter(|fd| combination & (1 << fd) != 0).collect();
        for (text, code) in [
            (&b"if { true } exit 3"[..], 3),
            (b"foreground { true } importas c ? exit $c", 0),
            (b"pipeline { true } exit 4", 4),
            (b"background { true } wait { } exit 5", 5),
            (b"backtick x { true } exit 6", 6),
            (b"}", 100),
        ] {
            let name = format!("{closed:?} {}", String::from_utf8_lossy(text));
            let stderr = if code == 100 && !closed.contains(&2) {
                "execlineb: fatal: unmatched } in file script\n  script:1:1: this } closes no block\n"
            } else {
                ""
            };
            let start = Start {
                closed: closed.clone(),
                ..script(text)
            };
            claims.push(start.ends(&name, code, stderr));
        }
    }
    check(&claims);
}

#[test]
fn full_device_is_told() {
    let full = |option| Start {
        stdout: Some("/dev/full"),
        ..words(&["execline", option])
    };
    let closed = Start {
        closed: vec![1],
        ..words(&["execline", "--list"])
    };
    let fails = |error: &str| format!("execline: fatal: unable to write to stdout: {error}\n");
    check(&[
        full("--list")
            .ends("list", 111, &fails("No space left on device"))
            .ours_only(),
        full("--version")
            .ends("version", 111, &fails("No space left on device"))
            .ours_only(),
        closed
            .ends("list, closed", 111, &fails("Bad file descriptor"))
            .ours_only(),
    ]);
}

#[test]
fn empty_argv_is_no_crash() {
    let nameless = |command| Start {
        command,
        argv: Vec::new(),
        ..words(&[""])
    };
    let unterminated = |command: &str| format!("{command}: fatal: unterminated block\n");
    check(&[
        nameless("exit").ends("exit", 0, ""),
        nameless("foreground").ends("foreground", 100, &unterminated("foreground")),
        nameless("if").ends("if", 100, &unterminated("if")),
        nameless("execlineb")
            .ends("execlineb", 100, &usage("execlineb"))
            .ours_only(),
        nameless("importas")
            .ends("importas", 100, &usage("importas"))
            .ours_only(),
    ]);
}

#[test]
fn arguments_up_to_the_limit_are_taken() {
    // What execve takes in one word, its NUL included.
    const WORD: usize = 128 * 1024;
    let third = usize::try_from(STACK).unwrap() / 4 / 3 / 1010;
    let longest =
        |options: &[&'static str], length| words(options).arguments(&vec![b'x'; length], 1);
    let too_long = |program: &str| too_long(program);
    check(&[
        words(&["execlineb", "-Pc", "true"])
            .arguments(b"x", 100_000)
            .ends("100,000, ignored", 0, ""),
        words(&["execlineb", "-S0", "-c", "echo $#"])
            .arguments(b"x", 100_000)
            .ends("100,000, counted", 0, "")
            .prints("100000\n"),
        words(&["execlineb", "-S0", "-c", "true $@"])
            .arguments(b"x", 100_000)
            .ends("100,000, passed on", 0, ""),
        words(&["execlineb", "-S0", "-c", "true $@ $@ $@"])
            .arguments(b"x", 100_000)
            .ends("100,000, three times", 126, &too_long("true")),
        words(&["execlineb", "-c", "true"])
            .arguments(b"x", 5_000)
            .ends("5,000, exported", 0, ""),
        longest(&["execlineb", "-Pc", "true"], WORD - 1).ends("longest word, ignored", 0, ""),
        longest(&["execlineb", "-S1", "-c", "true $1"], WORD - 1).ends(
            "longest word, passed on",
            0,
            "",
        ),
        longest(&["execlineb", "-S1", "-c", "true a$1"], WORD - 1).ends(
            "longest word, made longer",
            126,
            &too_long("true"),
        ),
        longest(
            &["execlineb", "-S1", "-c", "if { true $1 } exit 3"],
            WORD - 2,
        )
        .ends("longest word in a block", 3, ""),
        longest(
            &["execlineb", "-S1", "-c", "if { true $1 } exit 3"],
            WORD - 1,
        )
        .ends("longest word, quoted too long", 126, &too_long("if")),
        longest(&["execlineb", "-c", "true"], WORD - 1).ends(
            "longest word, exported",
            126,
            &too_long("true"),
        ),
        words(&["execlineb", "-S0", "-c", "true $@ $@"])
            .arguments(&[b'x'; 1000], third)
            .ends("two thirds of the limit", 0, ""),
        words(&["execlineb", "-S0", "-c", "true $@ $@ $@ $@"])
            .arguments(&[b'x'; 1000], third)
            .ends("four thirds of the limit", 126, &too_long("true")),
    ]);
}

#[test]
fn environment_may_hold_anything() {
    let of = |argv: &[&'static str], entries: &[&[u8]]| {
        let path: &[u8] = b"PATH=@PATH@";
        words(argv).environment(&[&[path], entries].concat())
    };
    let env = |entries: &[&[u8]]| of(&["execlineb", "-Pc", "unexport X env"], entries);
    check(&[
        env(&[b"JUNK"])
            .ends("entry without =", 0, "")
            .prints("PATH=@PATH@\nJUNK\n"),
        env(&[b"=value"])
            .ends("entry without a name", 0, "")
            .prints("PATH=@PATH@\n=value\n"),
        env(&[b""])
            .ends("empty entry", 0, "")
            .prints("PATH=@PATH@\n\n"),
        env(&[b"="])
            .ends("only =", 0, "")
            .prints("PATH=@PATH@\n=\n"),
        env(&[b"X", b"X=1", b"X=2"])
            .ends("one is removed, and what only looks like it stays", 0, "")
            .prints("PATH=@PATH@\nX\nX=2\n"),
        of(&["execlineb", "-c", "env"], &[b"1"]).ends(
            "positional parameter without =",
            111,
            "execlineb: fatal: unable to update environment: Invalid argument\n",
        ),
        of(
            &["execlineb", "-c", "true"],
            &[b"#:x=1", b"1:99999999999=2", b":=3"],
        )
        .ends("odd depths", 0, ""),
        of(&["execlineb", "-Pc", "true"], &[b"EXECLINE_STRICT=x"]).ends(
            "strictness that is no number",
            0,
            "execlineb: warning: invalid EXECLINE_STRICT value, unsetting it\n",
        ),
        of(&["execlineb", "-Pc", "true"], &[b"EXECLINE_FUSION="]).ends(
            "fusion that is empty",
            0,
            "",
        ),
        of(&["emptyenv", "-p", "env"], &[b"JUNK", b"=x"])
            .ends("only PATH is kept", 0, "")
            .prints("PATH=@PATH@\n"),
    ]);
}

#[test]
fn reason_why_a_program_cannot_be_executed_is_named() {
    let of = |line, text: &[u8]| words(&["execlineb", "-Pc", line]).file("program", text, 0o755);
    let mut claims: Vec<Claim> = Vec::new();
    let not_found = (127, "No such file or directory");
    let not_executable = (126, "Exec format error");
    for (name, program, (code, error), reason) in [
        (
            "missing interpreter",
            b"#!/no/such/interpreter -x\n".to_vec(),
            not_found,
            " exists, but its interpreter /no/such/interpreter does not",
        ),
        (
            "carriage return",
            b"#!/bin/sh\r\necho a\r\n".to_vec(),
            not_found,
            " exists, but its interpreter /bin/sh is named with a carriage return: \
             give the file Unix line ends",
        ),
        (
            "missing loader",
            elf("/no/such/loader"),
            not_found,
            " exists, but its program loader /no/such/loader does not",
        ),
        (
            "no shebang",
            b"echo a\n".to_vec(),
            not_executable,
            " does not begin with #! and the path of an interpreter",
        ),
        ("empty", Vec::new(), not_executable, " is empty"),
        (
            "empty shebang",
            b"#!\necho a\n".to_vec(),
            not_executable,
            " names no interpreter behind #!",
        ),
        (
            "byte order mark",
            b"\xef\xbb\xbf#!/bin/sh\n".to_vec(),
            not_executable,
            " begins with a byte order mark: #! must be its first two bytes",
        ),
        (
            "the beginning of a program",
            b"\x7fELF".to_vec(),
            not_executable,
            " is made for another kind of machine",
        ),
    ] {
        let reason = format!("./program: {error}\n  ./program{reason}\n");
        let chain = format!("execlineb: fatal: unable to exec {reason}");
        let child = format!("if: fatal: unable to spawn {reason}");
        claims.push(of("./program a", &program).ends(name, code, &chain));
        let start = of("if { ./program a } true", &program);
        claims.push(start.ends(&format!("{name}, child"), 111, &child));
    }
    let fails = |error: &str| format!("execlineb: fatal: unable to exec {error}\n");
    claims.extend([
        of("./program", b"#!./program\n").ends(
            "its own interpreter",
            126,
            &fails("./program: Too many levels of symbolic links"),
        ),
        of("./program", b"#!/bin/sh\n").ends("shebang and nothing else", 0, ""),
        words(&["execlineb", "-Pc", "./program"])
            .file("program", b"#!/bin/sh\n", 0o644)
            .ends(
                "not executable",
                126,
                &fails("./program: Permission denied"),
            ),
        words(&["execlineb", "-Pc", "/"]).ends("directory", 126, &fails("/: Permission denied")),
    ]);
    check(&claims);
}

/// A program for this machine whose loader is the one named.
fn elf(loader: &str) -> Vec<u8> {
    let mut program = std::fs::read("/proc/self/exe").expect("this program");
    // Only what the kernel looks at: the header and the list of segments.
    program.truncate(4096);
    let begin = program
        .windows(4)
        .position(|bytes| bytes == b"/lib")
        .expect("the loader of this program");
    let length = program[begin..].iter().position(|&byte| byte == 0).unwrap();
    assert!(loader.len() <= length, "there is room for {loader}");
    program[begin..begin + length].fill(0);
    program[begin..begin + loader.len()].copy_from_slice(loader.as_bytes());
    program
}
