//! `behaviour-changed`: what a command does depends on the version of execline.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::overlay::{Version, components};
use crate::rule::{Group, Rule};
use crate::script::{Invocation, Value};

/// The rule.
pub const RULE: Rule = Rule::new(
    "behaviour-changed",
    Group::Execline,
    Level::Warning,
    "a command does something else since a certain version of execline",
)
.why(
    "Since execline 2.7.0.0, which s6-overlay has from 2.2.0.0 on, backtick exits where its block \
     fails, unless an option says what to do then; before, the variable was set to what the \
     block had printed. In execline 2.9.9.0 and later, foreground, if, ifelse and ifthenelse \
     crash at an empty block.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nbacktick PORT { grep -c ^port= /etc/server.conf }\n\
     importas -i port PORT\nserver --port ${port}\n",
    "== run 0755\n#!/command/execlineb -P\nbacktick -D 0 PORT { grep -c ^port= /etc/server.conf \
     }\nimportas -i port PORT\nserver --port ${port}\n",
)
.script(check);

/// The first execline that crashes at an empty block.
const CRASHES: Version = Version::new(2, 9, 9, 0);
/// The first execline whose backtick insists.
const INSISTS: Version = Version::new(2, 7, 0, 0);

fn check(model: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    let release = model.overlay.version.and_then(components::release);
    let version = release.map(|release| release.execline);
    for visit in execline.visits() {
        empty_block(script, visit.invocation, version, findings);
        if version.is_none_or(|version| version >= INSISTS) {
            failing_block(script, visit.invocation, findings);
        }
    }
}

fn empty_block(
    script: &Script,
    invocation: &Invocation,
    version: Option<Version>,
    findings: &mut Findings<'_>,
) {
    const COMMANDS: &[&str] = &["foreground", "if", "ifelse", "ifthenelse"];
    if !invocation.is_one_of(COMMANDS) || version.is_some_and(|version| version < CRASHES) {
        return;
    }
    // The blocks of `ifthenelse -s` behind its condition are no processes.
    let joins = invocation.is("ifthenelse") && invocation.has('s');
    let name = String::from_utf8_lossy(invocation.name());
    for (place, operand) in invocation.operands.iter().enumerate() {
        let Value::Program(braces, chain) = &operand.value else {
            continue;
        };
        // The second block of `ifelse` is what it becomes.
        let is_child = place == 0 || invocation.is("ifthenelse") && !joins;
        let inside = script.slice(&(braces.open.end..braces.close.start));
        let is_empty = chain.invocations.is_empty() && inside.iter().all(u8::is_ascii_whitespace);
        if !is_child || !is_empty {
            continue;
        }
        let level = match version {
            Some(_) => Level::Warning,
            None => Level::Note,
        };
        findings
            .script(
                script,
                braces.open.start..braces.close.end,
                format!("`{name}` of execline 2.9.9 crashes at an empty block"),
            )
            .level(level)
            .help("write `{ true }`");
    }
}

/// `backtick` around a program that fails where it finds nothing, and no option for that case.
fn failing_block(script: &Script, invocation: &Invocation, findings: &mut Findings<'_>) {
    if !invocation.is("backtick") {
        return;
    }
    let says = ['i', 'I', 'x', 'D']
        .iter()
        .any(|&letter| invocation.has(letter));
    let Some(last) = invocation.chains().first().and_then(|chain| chain.last()) else {
        return;
    };
    let finds = [
        "grep", "egrep", "fgrep", "s6-grep", "pgrep", "pidof", "which",
    ];
    // Lines are left out of a list, which is rarely empty.
    let leaves_out = last.argument_words().any(|word| {
        word.value.starts_with(b"-") && !word.value.starts_with(b"--") && word.value.contains(&b'v')
    });
    if says || leaves_out || !last.is_one_of(&finds) {
        return;
    }
    let name = String::from_utf8_lossy(last.name());
    findings
        .script(
            script,
            invocation.program.span.clone(),
            format!("`backtick` ends the script where `{name}` finds nothing"),
        )
        .help(
            "write `backtick -D default`, `-x` for no variable or `-I` for what was printed; or \
             `-i`, where the script is to end",
        );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(version: &str, script: &str, expected: &[&str]) {
        let mut text = format!("== run 0755\n#!/command/execlineb -P\n{script}\n");
        if !version.is_empty() {
            text.push_str(&format!(
                "== exlint.toml\ns6-overlay-version = \"{version}\"\n"
            ));
        }
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn empty_blocks_crash_in_some_versions() {
        let crashes =
            |level: &str| format!("run:2: {level}: `foreground` of execline 2.9.9 crashes");
        check("3.2.3.0", "foreground { } app", &[&crashes("warning")]);
        check("", "foreground { } app", &[&crashes("note")]);
        check("3.2.2.0", "foreground { } app", &[]);
        check("3.2.3.2", "ifelse { true } { } app", &[]);
        check("3.2.3.2", "wait { } app", &[]);
        check("3.2.3.2", "multisubstitute { } app", &[]);
        check("3.2.3.2", "ifthenelse -s { true } { } { } app", &[]);
    }

    #[test]
    fn backtick_ends_where_its_block_fails() {
        let found = ["run:2: warning: `backtick` ends the script where `grep` finds nothing"];
        check("", "backtick a { grep x y } app", &found);
        check(
            "3.2.0.0",
            "backtick -E a { pipeline { b } grep x } app",
            &found,
        );
        check("2.1.0.2", "backtick a { grep x y } app", &[]);
        check("", "backtick -D 0 a { grep x y } app", &[]);
        check("", "backtick -i a { grep x y } app", &[]);
        check("", "backtick a { hostname } app", &[]);
        check("", "backtick a { pipeline { ls } grep -Fv x } app", &[]);
    }
}
