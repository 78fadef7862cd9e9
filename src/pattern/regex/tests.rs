//! Claims about regular expressions, most of them checked against glibc.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used
)]

use super::{Options, Regex, Syntax};
use crate::pattern::glibc;

struct Rng(u64);
impl Rng {
    fn next(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % n as u64) as usize
    }
}

fn flags(syntax: Syntax, options: Options) -> i32 {
    let mut flags = 0;
    if syntax == Syntax::Extended {
        flags |= libc::REG_EXTENDED;
    }
    if options.ignore_case {
        flags |= libc::REG_ICASE;
    }
    if options.newline {
        flags |= libc::REG_NEWLINE;
    }
    flags
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Hash, PartialOrd, Ord)]
enum Diff {
    Same,
    Error,
    Match,
    IsMatch,
    Whole,
    Sub,
    Exhausted,
}

fn compare(pattern: &[u8], text: &[u8], syntax: Syntax, options: Options) -> (Diff, String) {
    if std::env::var("TRACE").is_ok() {
        std::fs::write(
            "/tmp/trace-pattern",
            format!(
                "{} {}",
                String::from_utf8_lossy(pattern),
                String::from_utf8_lossy(text)
            ),
        )
        .unwrap();
    }
    let flags = flags(syntax, options);
    let expected = glibc::regex(pattern, text, flags);
    let regex = Regex::new(pattern, syntax, options);
    let show = |ours: String| {
        format!(
            "{:?} {:?} {syntax:?} {options:?}\n   glibc {:?}\n   ours  {ours}",
            String::from_utf8_lossy(pattern),
            String::from_utf8_lossy(text),
            expected.as_ref().map(|x| x.as_ref().map(|x| x
                .iter()
                .take(regex.as_ref().map_or(0, |r| r.groups()) + 1)
                .collect::<Vec<_>>()))
        )
    };
    match (&expected, &regex) {
        (Err(e), Err(o)) => {
            if e == o.message() {
                (Diff::Same, String::new())
            } else {
                (Diff::Error, show(o.message().into()))
            }
        }
        (Err(_), Ok(_)) => (Diff::Error, show("ok".into())),
        (Ok(_), Err(o)) => (Diff::Error, show(o.message().into())),
        (Ok(e), Ok(r)) => {
            let m = match r.is_match(text) {
                Ok(m) => m,
                Err(_) => return (Diff::Exhausted, show("exh".into())),
            };
            let c = match r.captures(text) {
                Ok(m) => m,
                Err(_) => return (Diff::Exhausted, show("exh cap".into())),
            };
            if Some(m) != glibc::is_match(pattern, text, flags) || m != c.is_some() {
                return (
                    Diff::IsMatch,
                    show(format!(
                        "{m} {c:?} glibc {:?}",
                        glibc::is_match(pattern, text, flags)
                    )),
                );
            }
            if e.is_some() != c.is_some() {
                return (Diff::Match, show(format!("{c:?}")));
            }
            if let (Some(e), Some(c)) = (e, c) {
                if e[0] != c[0] {
                    return (Diff::Whole, show(format!("{c:?}")));
                }
                if e[..c.len()] != c[..] {
                    return (Diff::Sub, show(format!("{c:?}")));
                }
            }
            (Diff::Same, String::new())
        }
    }
}

#[test]
fn explore() {
    let n: usize = std::env::var("N")
        .ok()
        .and_then(|x| x.parse().ok())
        .unwrap_or(20000);
    let show: usize = std::env::var("SHOW")
        .ok()
        .and_then(|x| x.parse().ok())
        .unwrap_or(6);
    let seed: u64 = std::env::var("SEED")
        .ok()
        .and_then(|x| x.parse().ok())
        .unwrap_or(0x1234567);
    let only = std::env::var("SET").ok();
    let sets: &[(&str, Syntax, &[&str], &[u8])] = &[
        (
            "ere",
            Syntax::Extended,
            &[
                "a", "b", "c", "(", ")", "(", ")", "|", "*", "+", "?", "{1,2}", "{0,1}", "{2}", ".",
            ],
            b"abc",
        ),
        (
            "ereanchor",
            Syntax::Extended,
            &[
                "a", "b", "(", ")", "(", ")", "|", "*", "+", "?", "{0,2}", "{2,3}", "^", "$",
                "\\b", "\\B", "\\<", "\\>", "\\`", "\\'", ".", " ",
            ],
            b"ab ",
        ),
        (
            "erebackref",
            Syntax::Extended,
            &[
                "a", "b", "(", ")", "(", ")", "|", "*", "+", "?", "{1,2}", "\\1", "\\2",
            ],
            b"ab",
        ),
        (
            "bre",
            Syntax::Basic,
            &[
                "a",
                "b",
                "\\(",
                "\\)",
                "\\(",
                "\\)",
                "\\|",
                "*",
                "\\+",
                "\\?",
                "\\{1,2\\}",
                "\\{2\\}",
                ".",
                "^",
                "$",
                "\\{",
                "\\}",
                "{",
                "}",
                "(",
                ")",
                "|",
                "+",
                "?",
            ],
            b"ab{(*",
        ),
        (
            "brebackref",
            Syntax::Basic,
            &[
                "a",
                "b",
                "\\(",
                "\\)",
                "\\(",
                "\\)",
                "\\|",
                "*",
                "\\{1,2\\}",
                "\\1",
                "\\2",
                ".*",
                "a*",
            ],
            b"ab",
        ),
        (
            "syntax",
            Syntax::Extended,
            &[
                "a", "b", "\\(", "\\)", "(", ")", "|", "*", "{", "}", "1", "2", "3", ",", "32767",
                "32768", "\\", "[", "]", "^", "$", ".", "-", "[:", "[.", "[=", ":]", ".]", "=]",
                "alpha", "\\w", "\\W", "\\s", "\\S",
            ],
            b"ab{(*-",
        ),
        (
            "syntaxbasic",
            Syntax::Basic,
            &[
                "a", "b", "\\(", "\\)", "(", ")", "|", "*", "\\{", "\\}", "1", "2", "3", ",",
                "32768", "\\", "[", "]", "^", "$", ".", "-", "[:", "[.", "[=", ":]", ".]", "=]",
                "alpha", "\\w", "\\W", "\\s", "\\S",
            ],
            b"ab{(*-",
        ),
        (
            "bracket",
            Syntax::Extended,
            &[
                "[a",
                "[",
                "]",
                "]",
                "]",
                "-",
                "-",
                "a",
                "b",
                "z",
                "_",
                "A",
                "^",
                "[^",
                "[:alpha:]",
                "[:upper:]",
                "[:lower:]",
                "[.-.]",
                "[=a=]",
                "[.a.]",
                "[:",
                "[.",
                "[=",
                ":]",
                ".]",
                "=]",
                "\\",
                "\n",
                "[:space:]",
                "%",
            ],
            b"abzA_]-^[:\n",
        ),
        (
            "icase",
            Syntax::Extended,
            &[
                "a",
                "B",
                "\\a",
                "\\B",
                "\\B",
                "\\w",
                "\\W",
                "(",
                ")",
                "*",
                "|",
                "[a-c]",
                "[B-b]",
                "[^a]",
                "\\1",
                "[[:upper:]]",
                "[[:lower:]b]",
                "\n",
                ".",
                "^",
                "$",
            ],
            b"aAbB\n",
        ),
    ];
    for (name, syntax, tokens, alphabet) in sets {
        if only.as_deref().is_some_and(|o| o != *name) {
            continue;
        }
        let mut rng = Rng(seed.wrapping_mul(0x9E3779B97F4A7C15) | 1);
        let mut counts = std::collections::BTreeMap::new();
        let mut valid = 0;
        for _ in 0..n {
            let mut pattern = Vec::new();
            for _ in 0..1 + rng.next(9) {
                pattern.extend_from_slice(tokens[rng.next(tokens.len())].as_bytes());
            }
            if name.contains("backref") {
                let p = String::from_utf8_lossy(&pattern).into_owned();
                // glibc overflows its stack.
                if p.contains("()")
                    || p.contains("(|")
                    || p.contains("|)")
                    || p.contains("||")
                    || ["\\1", "\\2"].iter().any(|b| {
                        ["*", "+", "{", "?"]
                            .iter()
                            .any(|r| p.contains(&format!("{b}{r}")))
                    })
                {
                    continue;
                }
            }
            let options = if *name == "icase" || *name == "bracket" {
                Options {
                    ignore_case: rng.next(2) == 0,
                    newline: rng.next(2) == 0,
                }
            } else {
                Options::default()
            };
            for _ in 0..3 {
                let text: Vec<u8> = (0..rng.next(7))
                    .map(|_| alphabet[rng.next(alphabet.len())])
                    .collect();
                let (diff, what) = compare(&pattern, &text, *syntax, options);
                if Regex::new(&pattern, *syntax, options).is_ok() {
                    valid += 1;
                }
                let count = counts.entry(diff).or_insert(0);
                *count += 1;
                if diff != Diff::Same && *count <= show {
                    println!("{name} {diff:?}: {what}");
                }
            }
        }
        println!("== {name}: {counts:?} valid {valid}");
    }
}

struct Gen<'a> {
    rng: &'a mut Rng,
    out: Vec<u8>,
    groups: usize,
    complete: usize,
    basic: bool,
    anchors: bool,
    repeat_refs: bool,
}
impl Gen<'_> {
    fn op(&mut self, s: &str) {
        if self.basic && s != "*" {
            self.out.push(b'\\');
        }
        self.out.extend_from_slice(s.as_bytes());
    }
    fn alt(&mut self, depth: usize) {
        let n = [1, 1, 1, 2, 2, 3][self.rng.next(6)];
        let before = self.complete;
        for i in 0..n {
            if i > 0 {
                self.op("|");
            }
            self.complete = before;
            self.cat(depth);
        }
        if n > 1 {
            self.complete = before;
        }
    }
    fn cat(&mut self, depth: usize) {
        for _ in 0..1 + self.rng.next(3) {
            self.piece(depth);
        }
    }
    fn piece(&mut self, depth: usize) {
        let mut repeatable = true;
        match self.rng.next(8) {
            0..=2 if depth > 0 && self.groups < 4 => {
                self.op("(");
                self.groups += 1;
                let g = self.groups;
                self.alt(depth - 1);
                self.op(")");
                if g == self.complete + 1 {
                    self.complete = g;
                }
            }
            3 | 4 if self.complete > 0 => {
                let r = 1 + self.rng.next(self.complete);
                self.out.extend_from_slice(format!("\\{r}").as_bytes());
                repeatable = self.repeat_refs;
            }
            5 if self.anchors => {
                let a = ["^", "$", "\\b", "\\<", "\\>", "\\B"];
                let i = self.rng.next(6);
                self.out.extend_from_slice(a[i].as_bytes());
                return;
            }
            6 => self.out.push(b'.'),
            _ => {
                let b = b"abc"[self.rng.next(2)];
                self.out.push(b)
            }
        }
        if repeatable {
            match self.rng.next(9) {
                0 | 1 => self.op("*"),
                2 => self.op("+"),
                3 => self.op("?"),
                4 => {
                    let (a, b) = (self.rng.next(3), self.rng.next(3));
                    self.op("{");
                    self.out
                        .extend_from_slice(format!("{a},{}", a + b).as_bytes());
                    self.op("}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn structured() {
    let n: usize = std::env::var("N")
        .ok()
        .and_then(|x| x.parse().ok())
        .unwrap_or(20000);
    let seed: u64 = std::env::var("SEED")
        .ok()
        .and_then(|x| x.parse().ok())
        .unwrap_or(0x1234567);
    let mut rng = Rng(seed.wrapping_mul(0x9E3779B97F4A7C15) | 1);
    for (refs, anchors, repeat_refs) in [
        (false, false, false),
        (false, true, false),
        (true, false, false),
        (true, false, true),
        (true, true, false),
    ] {
        let mut counts = std::collections::BTreeMap::new();
        let mut valid = 0;
        for _ in 0..n {
            let basic = rng.next(2) == 0;
            let mut g = Gen {
                rng: &mut rng,
                out: Vec::new(),
                groups: 0,
                complete: 0,
                basic,
                anchors,
                repeat_refs,
            };
            g.alt(3);
            let pattern = g.out;
            let has = [b"\\1", b"\\2", b"\\3", b"\\4"]
                .iter()
                .any(|r| pattern.windows(2).any(|w| w == &r[..]));
            if has != refs {
                continue;
            }
            let syntax = if basic {
                Syntax::Basic
            } else {
                Syntax::Extended
            };
            for _ in 0..4 {
                let text: Vec<u8> = (0..rng.next(9))
                    .map(|_| b"ab "[rng.next(if anchors { 3 } else { 2 })])
                    .collect();
                if let Ok(r) = Regex::new(&pattern, syntax, Options::default()) {
                    if r.groups() > 20 {
                        continue;
                    }
                    valid += 1;
                }
                use std::io::Write;
                std::io::stdout().flush().unwrap();
                let mut status = 0;
                #[allow(unsafe_code)]
                unsafe {
                    let pid = libc::fork();
                    if pid == 0 {
                        libc::alarm(2);
                        let rl = libc::rlimit {
                            rlim_cur: 1 << 30,
                            rlim_max: 1 << 30,
                        };
                        libc::setrlimit(libc::RLIMIT_AS, &rl);
                        let (diff, what) = compare(&pattern, &text, syntax, Options::default());
                        if diff != Diff::Same {
                            let _ = std::fs::OpenOptions::new()
                                .create(true)
                                .append(true)
                                .open("/tmp/diffs-pattern")
                                .unwrap()
                                .write_all(
                                    format!("{refs} {anchors} {repeat_refs} {diff:?}: {what}\n")
                                        .as_bytes(),
                                );
                        }
                        libc::_exit(diff as i32);
                    }
                    libc::waitpid(pid, &mut status, 0);
                }
                *counts.entry(status).or_insert(0) += 1;
                if status & 0xff != 0 {
                    println!(
                        "crash {status} {:?} {:?}",
                        String::from_utf8_lossy(&pattern),
                        String::from_utf8_lossy(&text)
                    );
                    break;
                }
            }
        }
        println!("== {refs} {anchors} {repeat_refs}: {counts:?} valid {valid}");
    }
}
