//! `invalid-operand`: an operand or an option's argument that its command surely refuses.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::nearest::nearest;
use crate::programs::{OperandKind, Origin};
use crate::rule::{Group, Rule};
use crate::script::binding::references;
use crate::script::{Invocation, Item, Value, Visit, Word};
use execline::pattern::regex::{Options, Regex, Syntax};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "invalid-operand",
    Group::Execline,
    Level::Error,
    "a command is given a word that it refuses: no number, no name, no signal",
)
.why(
    "A command that wants a number, a file descriptor, the name of a variable, a signal or an \
     expression fails at a word that is none, with exit code 100 and before anything behind it \
     runs. Mostly a word was forgotten, and the next one has taken its place.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nfdmove -c stderr stdout\nserver\n",
    "== run 0755\n#!/command/execlineb -P\nfdmove -c 2 1\nserver\n",
)
.script(check);

const DIRECTIVES: [&str; 5] = [
    "define",
    "importas",
    "elglob",
    "elgetpositionals",
    "multidefine",
];

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    for visit in execline.visits() {
        let mut wrong = Vec::new();
        let invocation = visit.invocation;
        if is_directive(&visit) && !is_known_directive(invocation) {
            if !invocation.program.may_change() && !invocation.is("import") {
                unknown_directive(script, invocation, findings);
            }
            continue;
        }
        let origin = invocation
            .signature
            .as_ref()
            .map(|signature| signature.origin);
        match origin {
            Some(Origin::Execline) => {
                operands(invocation, &mut wrong);
                options(invocation, &mut wrong);
                values(invocation, &mut wrong);
                blocks(invocation, &mut wrong);
            }
            _ if invocation.is("s6-softlimit") => limits(invocation, &mut wrong),
            _ => {}
        }
        for Wrong {
            span,
            message,
            help,
        } in wrong
        {
            findings.script(script, span, message).help(help);
        }
    }
}

/// A word that is refused.
struct Wrong {
    span: Range<usize>,
    message: String,
    help: String,
}

fn wrong(list: &mut Vec<Wrong>, span: &Range<usize>, message: String, help: impl Into<String>) {
    list.push(Wrong {
        span: span.clone(),
        message,
        help: help.into(),
    });
}

fn name(invocation: &Invocation) -> String {
    String::from_utf8_lossy(invocation.name()).into_owned()
}

fn is_directive(visit: &Visit<'_>) -> bool {
    visit
        .block
        .is_some_and(|(by, _, _)| by.is("multisubstitute"))
}

fn is_known_directive(invocation: &Invocation) -> bool {
    // Directives are known by their very word, not by the end of a path.
    DIRECTIVES
        .iter()
        .any(|name| invocation.program.is(name.as_bytes()))
}

fn unknown_directive(script: &Script, invocation: &Invocation, findings: &mut Findings<'_>) {
    let word = invocation.program.shown();
    let help = match nearest(&word, DIRECTIVES) {
        Some(meant) => format!("write `{meant}`, if that is meant"),
        None => format!(
            "it takes {}; write others outside of it",
            DIRECTIVES.join(", ")
        ),
    };
    findings
        .script(
            script,
            invocation.program.span.clone(),
            format!("`multisubstitute` has no directive `{word}`"),
        )
        .help(help);
}

fn is_whole(word: &[u8]) -> bool {
    let text = std::str::from_utf8(word).ok();
    !word.is_empty()
        && word.iter().all(u8::is_ascii_digit)
        && text.is_some_and(|text| text.parse::<u32>().is_ok())
}

/// Words that stand where numbers and names are wanted.
fn operands(invocation: &Invocation, list: &mut Vec<Wrong>) {
    let command = name(invocation);
    for operand in &invocation.operands {
        let Value::Word(word) = &operand.value else {
            continue;
        };
        if word.may_change() {
            continue;
        }
        let shown = word.shown();
        match operand.kind {
            OperandKind::Number if matches!(&*command, "umask" | "execline-umask") => {
                let is_octal = matches!(word.value.first(), Some(b'0'..=b'7'));
                if is_octal {
                    continue;
                }
                wrong(
                    list,
                    &word.span,
                    format!("`{command}` takes an octal number, not `{shown}`"),
                    "write the mask as in `umask 022`; `posix-umask` takes letters too",
                );
            }
            OperandKind::Fd if !is_whole(&word.value) => {
                wrong(
                    list,
                    &word.span,
                    format!("`{command}` takes the number of a file descriptor, not `{shown}`"),
                    "write the number: 0 is standard input, 1 standard output, 2 standard error",
                );
            }
            OperandKind::Number if !is_whole(&word.value) => {
                wrong(
                    list,
                    &word.span,
                    format!("`{command}` takes a number, not `{shown}`"),
                    "write decimal digits",
                );
            }
            OperandKind::Variable => variable(&command, word, list),
            OperandKind::Key if word.value.is_empty() => wrong(
                list,
                &word.span,
                format!("`{command}` takes a key, which cannot be empty"),
                "write a name",
            ),
            _ => {}
        }
    }
}

fn variable(command: &str, word: &Word, list: &mut Vec<Wrong>) {
    // What is read of the environment may have any name; there is none with a `=`.
    if command == "importas" {
        return;
    }
    let empty_is_refused = matches!(
        command,
        "forx" | "forstdin" | "forbacktickx" | "backtick" | "getpid" | "getcwd" | "withstdinas"
    );
    // `export A=B` is an assignment of the shell, which is a finding of its own.
    if word.value.contains(&b'=') && command != "export" {
        wrong(
            list,
            &word.span,
            format!("`{}` cannot be the name of a variable", word.shown()),
            "write a name without `=`",
        );
    } else if word.value.is_empty() && empty_is_refused {
        wrong(
            list,
            &word.span,
            format!("`{command}` takes the name of a variable, which cannot be empty"),
            "write a name",
        );
    }
}

/// Arguments of options.
fn options(invocation: &Invocation, list: &mut Vec<Wrong>) {
    let command = name(invocation);
    for option in &invocation.options {
        let Some(word) = option.argument.as_ref().filter(|word| !word.may_change()) else {
            continue;
        };
        let starts = word.value.first().is_some_and(u8::is_ascii_digit);
        let (is_right, wanted) = match (&*command, option.letter) {
            ("forx" | "forstdin" | "forbacktickx" | "loopwhilex", b'o' | b'x') => {
                (starts, "a list of exit codes, as in `0,1`")
            }
            ("forx" | "forstdin" | "forbacktickx", b'P') | ("shift", _) => {
                (is_whole(&word.value), "a number")
            }
            // With -r, the time does not matter.
            ("wait", b't') if !invocation.has('r') => (is_whole(&word.value), "a number"),
            ("runblock", b'n') | ("execlineb", b'S' | b's') => (is_whole(&word.value), "a number"),
            ("if", b'x') => {
                let digits: Vec<u8> = word
                    .value
                    .iter()
                    .copied()
                    .take_while(u8::is_ascii_digit)
                    .collect();
                let code = std::str::from_utf8(&digits).ok();
                let code = code.and_then(|code| code.parse::<u32>().ok());
                // From 65536 on, digits at the end are left out.
                let is_code = code.is_some_and(|code| code <= 255 || code > 65535);
                (is_code, "an exit code from 0 to 255")
            }
            _ => continue,
        };
        if !is_right {
            let letter = option.letter.escape_ascii();
            wrong(
                list,
                &word.span,
                format!(
                    "`{command} -{letter}` takes {wanted}, not `{}`",
                    word.shown()
                ),
                format!("write {wanted} behind -{letter}"),
            );
        }
    }
    let says_how = invocation.options.iter().any(|option| {
        matches!(option.letter, b'r' | b'w' | b'u' | b'a' | b'x') || option.long.is_some()
    });
    let has_words = !invocation.operands.is_empty();
    if command == "redirfd" && !says_how && has_words {
        wrong(
            list,
            &invocation.program.span,
            "`redirfd` is not told whether to read or to write".to_owned(),
            "write -r, -w, -a, -u or -x behind it",
        );
    }
}

/// What only the command itself knows.
fn values(invocation: &Invocation, list: &mut Vec<Wrong>) {
    let command = name(invocation);
    if command == "piperw"
        && let (Some(read), Some(write)) = (invocation.operand(0), invocation.operand(1))
        && read.value == write.value
        && !read.may_change()
    {
        wrong(
            list,
            &write.span,
            "`piperw` takes two different file descriptors".to_owned(),
            "write another number for the end that is written to",
        );
    }
    for operand in &invocation.operands {
        if let Value::Cases(_, cases) = &operand.value {
            match &*command {
                "trap" => signals(cases.iter().map(|(word, _, _)| word), list),
                "case" if !is_shell_pattern(invocation) => {
                    let is_basic = last_of(invocation, b'e', b'E');
                    for (word, _, _) in cases {
                        expression(word, is_basic, list);
                    }
                }
                _ => {}
            }
        }
    }
}

/// True where the first of two options is given behind the second.
fn last_of(invocation: &Invocation, letter: u8, other: u8) -> bool {
    let mut options = invocation.options.iter().rev();
    let last = options.find(|option| option.letter == letter || option.letter == other);
    last.is_some_and(|option| option.letter == letter)
}

fn is_shell_pattern(invocation: &Invocation) -> bool {
    last_of(invocation, b's', b'S')
}

fn expression(word: &Word, is_basic: bool, list: &mut Vec<Wrong>) {
    // A `$` at the end is the expression's; any other may be a key's.
    if references(&word.value).next().is_some() {
        return;
    }
    let syntax = if is_basic {
        Syntax::Basic
    } else {
        Syntax::Extended
    };
    let whole = [b"^", &*word.value, b"$"].concat();
    if let Err(error) = Regex::new(&whole, syntax, Options::default()) {
        wrong(
            list,
            &word.span,
            format!(
                "`{}` is no regular expression: {}",
                word.shown(),
                error.message()
            ),
            "correct it; with `case -s` the patterns are those of a shell",
        );
    }
}

#[rustfmt::skip]
const SIGNALS: [&str; 35] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IOT", "KILL",
    "PIPE", "POLL", "IO", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP",
    "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "DEFAULT",
];

fn signals<'w>(words: impl Iterator<Item = &'w Word>, list: &mut Vec<Wrong>) {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        if word.may_change() {
            continue;
        }
        let shown = word.shown();
        let upper = shown.to_ascii_uppercase();
        let short = upper.strip_prefix("SIG").unwrap_or(&upper).to_owned();
        let number = short
            .parse::<u32>()
            .ok()
            .filter(|_| is_whole(short.as_bytes()));
        let is_known = SIGNALS.contains(&&*short) || number.is_some_and(|number| number < 65);
        if !is_known {
            let help = match nearest(&short, SIGNALS) {
                Some(meant) => format!("write `{meant}`, if that is meant"),
                None => "write the name of a signal, as in TERM".to_owned(),
            };
            wrong(
                list,
                &word.span,
                format!("there is no signal `{shown}`"),
                help,
            );
        } else if matches!(
            &*short,
            "KILL" | "STOP" | "9" | "19" | "CHLD" | "CLD" | "17"
        ) {
            wrong(
                list,
                &word.span,
                format!("the signal `{shown}` cannot be trapped"),
                "remove it",
            );
        } else if seen.contains(&short) {
            wrong(
                list,
                &word.span,
                format!("the signal `{shown}` has a block already"),
                "put both into one block",
            );
        }
        seen.push(short);
    }
}

/// Blocks that may not be empty, and what is in lists.
fn blocks(invocation: &Invocation, list: &mut Vec<Wrong>) {
    let command = name(invocation);
    for operand in &invocation.operands {
        let (braces, is_empty) = match &operand.value {
            Value::Program(braces, chain) => (braces, chain.invocations.is_empty()),
            Value::Cases(braces, cases) => (braces, cases.is_empty()),
            Value::Words(braces, items) => (braces, items.is_empty()),
            _ => continue,
        };
        let refuses = matches!(&*command, "backtick" | "forbacktickx")
            || command == "trap" && invocation.problems.is_empty();
        if refuses && is_empty && operand.kind != OperandKind::Words {
            wrong(
                list,
                &(braces.open.start..braces.close.end),
                format!("the block of `{command}` cannot be empty"),
                "write what it is to run",
            );
        }
        if let ("wait", Value::Words(_, items)) = (&*command, &operand.value) {
            for word in items.iter().filter_map(Item::word) {
                if !word.may_change() && !is_whole(&word.value) {
                    wrong(
                        list,
                        &word.span,
                        format!("`wait` takes process numbers, not `{}`", word.shown()),
                        "write `importas p !` behind the `background`, and `wait { $p }`",
                    );
                }
            }
        }
    }
}

/// The limits of s6-softlimit.
fn limits(invocation: &Invocation, list: &mut Vec<Wrong>) {
    for option in &invocation.options {
        let Some(word) = option.argument.as_ref().filter(|word| !word.may_change()) else {
            continue;
        };
        let is_word = word.value.first().is_some_and(u8::is_ascii_alphabetic);
        if is_word && !word.is(b"unlimited") && !word.is(b"infinity") {
            wrong(
                list,
                &word.span,
                format!(
                    "`s6-softlimit` takes a number or `=`, not `{}`",
                    word.shown()
                ),
                "write the limit in digits, or `=` for the hard limit",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn words_that_are_refused_are_found() {
        for (script, expected) in [
            (
                "fdclose x app",
                "run:2: error: `fdclose` takes the number of a file",
            ),
            (
                "redirfd -w /log\napp x",
                "run:2: error: `redirfd` takes the number",
            ),
            ("redirfd 1 /log app", "run:2: error: `redirfd` is not told"),
            ("exit failure", "run:2: error: `exit` takes a number"),
            (
                "umask u=rwx app",
                "run:2: error: `umask` takes an octal number",
            ),
            (
                "piperw 4 4 app",
                "run:2: error: `piperw` takes two different",
            ),
            ("forx a=b { } app", "run:2: error: `a=b` cannot be the name"),
            ("unexport A=B app", "run:2: error: `A=B` cannot be the name"),
            ("define \"\" x app", "run:2: error: `define` takes a key"),
            (
                "forx -x no i { } app",
                "run:2: error: `forx -x` takes a list",
            ),
            (
                "if -x 300 { true } app",
                "run:2: error: `if -x` takes an exit code",
            ),
            (
                "trap { KILL { a } } app",
                "run:2: error: the signal `KILL` cannot be trapped",
            ),
            (
                "trap { TREM { a } } app",
                "run:2: error: there is no signal `TREM`",
            ),
            (
                "trap { TERM { a } SIGTERM { b } } app",
                "run:2: error: the signal `SIGTERM` has",
            ),
            (
                "case a { \"(\" { a } } app",
                "run:2: error: `(` is no regular expression",
            ),
            (
                "backtick a { } app",
                "run:2: error: the block of `backtick` cannot be empty",
            ),
            (
                "wait { x } app",
                "run:2: error: `wait` takes process numbers",
            ),
            (
                "multisubstitute { export A b } app",
                "run:2: error: `multisubstitute` has no dir",
            ),
            (
                "multisubstitute { defin A b } app",
                "run:2: error: `multisubstitute` has no dir",
            ),
        ] {
            check(script, &[expected]);
        }
    }

    #[test]
    fn words_that_are_taken_are_fine() {
        for script in [
            "fdclose 3 app",
            "fdclose $fd app",
            "exit 300",
            "exit $?",
            "umask 022 app",
            "umask 22x app",
            "posix-umask u=rwx app",
            "redirfd -f -r fd /x app",
            "redirfd --read 3 /x app",
            "redirfd -nb -r 3 /x app",
            "importas a a=b app",
            "export \"\" x app",
            "forx -x 1,2 i { } app",
            "forx -o \"0 1\" i { } app",
            "trap { SIGTERM { } hup { a } 10 { a } default { a } } app",
            "trap { $s { a } } app",
            "case -s a { ( { a } } app",
            "case a { a|b$ { a } [0-9]+ { b } } app",
            "case a { $x { a } } app",
            "wait { 12 $p } app",
            "wait -t 3000 { } app",
            "multisubstitute { importas -uD x A A elgetpositionals } app",
            "foreground { } app",
            "if -x 99 { true } app",
        ] {
            check(script, &[]);
        }
    }
}
