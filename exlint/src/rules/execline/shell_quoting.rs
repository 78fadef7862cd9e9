//! `shell-quoting`: quotes, braces and backslashes written as a shell reads them.

use super::subject::execline_of;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};
use crate::script::items::flatten;
use crate::script::{Item, Word};
use execline::syntax::SyntaxErrorKind;

/// The rule.
pub const RULE: Rule = Rule::new(
    "shell-quoting",
    Group::Execline,
    Level::Warning,
    "quotes, braces or backslashes are written as a shell reads them",
)
.why(
    "In execline only double quotes quote; a single quote is a letter, and reaches the program. \
     A brace is one only where it stands alone. A backslash takes the special meaning of the \
     byte behind it and is gone afterwards, in quotes too, so that a backslash that a program is \
     to see is written twice.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\nserver --name 'web server'\n",
    "== run 0755\n#!/command/execlineb -P\nserver --name \"web server\"\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    quotes(script, &execline.items, findings);
    let mut errors = execline.syntax.errors.iter();
    let is_unbalanced = errors.any(|error| {
        matches!(
            error.kind,
            SyntaxErrorKind::UnmatchedOpen | SyntaxErrorKind::UnmatchedClose
        )
    });
    if is_unbalanced {
        braces(script, &execline.items, findings);
    }
    backslashes(script, findings);
}

/// Single quotes that were to quote.
fn quotes(script: &Script, items: &[Item], findings: &mut Findings<'_>) {
    let mut items = items.iter();
    while let Some(item) = items.next() {
        let word = match item {
            Item::Block(block) => {
                quotes(script, &block.items, findings);
                continue;
            }
            Item::Word(word) => word,
        };
        if !word.is_bare || !begins_quote(&word.value) {
            continue;
        }
        let mut end = word.span.end;
        if !ends_quote(&word.value) {
            // The quoted text goes on in the words behind, which braces may stand among.
            let Some(closing) = closing(items.as_slice()) else {
                continue;
            };
            end = closing.span.end;
            while items
                .as_slice()
                .first()
                .is_some_and(|item| item.span().start < end)
            {
                items.next();
            }
        }
        let text = String::from_utf8_lossy(script.slice(&(word.span.start..end))).into_owned();
        let shown = if text.len() > 40 || text.contains('\n') {
            word.shown()
        } else {
            text
        };
        findings
            .script(
                script,
                word.span.start..end,
                format!("single quotes quote nothing: `{shown}` is taken as it is written"),
            )
            .help("write double quotes; inside of them, \\\" and \\\\ stand for a quote and a backslash");
    }
}

/// The next word with a single quote in it.
fn closing(items: &[Item]) -> Option<&Word> {
    items.iter().find_map(|item| match item {
        Item::Word(word) => (word.is_bare && word.value.contains(&b'\'')).then_some(word),
        Item::Block(block) => closing(&block.items),
    })
}

/// `'x` and `a='x`, but not `it's`, `'` and `5'`.
fn begins_quote(word: &[u8]) -> bool {
    let place = word.iter().position(|&byte| byte == b'\'');
    place.is_some_and(|place| {
        let before = place.checked_sub(1).and_then(|place| word.get(place));
        word.len() > 1 && matches!(before, None | Some(b'=' | b'(' | b','))
    })
}

fn ends_quote(word: &[u8]) -> bool {
    word.iter().filter(|&&byte| byte == b'\'').count() >= 2
}

/// Braces that were to begin or end a block, where a block is not closed or not opened.
fn braces(script: &Script, items: &[Item], findings: &mut Findings<'_>) {
    let mut words = Vec::new();
    flatten(items, &mut words);
    for word in words {
        let value = &*word.value;
        let opens = value.starts_with(b"{") && value.len() > 1 && !value.contains(&b'}');
        let closes = value.ends_with(b"}") && value.len() > 1 && !value.contains(&b'{');
        if word.is_bare && (opens || closes) {
            let brace = if opens { "{" } else { "}" };
            findings
                .script(
                    script,
                    word.span.clone(),
                    format!("the brace in `{}` is part of the word", word.shown()),
                )
                .level(Level::Note)
                .help(format!("write a blank between `{brace}` and the rest"));
        }
    }
}

/// Backslashes that a regular expression was to see.
fn backslashes(script: &Script, findings: &mut Findings<'_>) {
    let Some(execline) = execline_of(script) else {
        return;
    };
    const EXPRESSIONS: &[&str] = &[
        "sed", "gsed", "s6-sed", "grep", "egrep", "s6-grep", "zgrep", "pgrep", "pkill", "expr",
    ];
    for visit in execline.visits() {
        let invocation = visit.invocation;
        if !invocation.is_one_of(EXPRESSIONS) {
            continue;
        }
        let options = invocation.options.iter();
        let mut words: Vec<&Word> = options.filter_map(|o| o.argument.as_ref()).collect();
        flatten(&invocation.arguments, &mut words);
        for word in words {
            let Some(lost) = lost_backslash(script.slice(&word.span), &word.value) else {
                continue;
            };
            let name = String::from_utf8_lossy(invocation.name());
            findings
                .script(
                    script,
                    word.span.clone(),
                    format!(
                        "the backslash of `{lost}` is gone before `{name}` sees `{}`",
                        word.shown()
                    ),
                )
                .help(format!("write `\\{lost}`"));
        }
    }
}

/// A backslash, with what follows, that execline takes away and an expression needs.
fn lost_backslash(raw: &[u8], value: &[u8]) -> Option<String> {
    // A word that is one sign was quoted for a shell, which is no loss.
    if value.len() < 2 {
        return None;
    }
    let mut bytes = raw.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'\\' {
            continue;
        }
        if let Some(
            &next @ (b'('
            | b')'
            | b'.'
            | b'['
            | b']'
            | b'+'
            | b'|'
            | b'<'
            | b'>'
            | b'1'..=b'9'
            | b'w'
            | b'W'
            | b'S'
            | b'd'),
        ) = bytes.next()
        {
            return Some(format!("\\{}", char::from(next)));
        }
    }
    None
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
    fn single_quotes_are_letters() {
        let found = ["run:2: warning: single quotes quote nothing"];
        check("echo 'a b c'", &found);
        check("sed 's/a/b/'", &found);
        check("foreground { echo 'a b' } app", &found);
        check("app --x='a b'", &found);
        check("awk '/x/ { print $1 }'", &found);
        check("awk '{ print $1 } END { print }'", &found);
        for script in [
            "echo it's",
            "echo \"'a'\"",
            "sh -c \"echo 'a b'\"",
            "echo '",
            "echo rock'n'roll",
            "echo 5' 6'",
            "echo \\'a b\\'",
            "# it's 'quoted'\napp",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn braces_stand_alone() {
        check(
            "foreground { echo a}\napp",
            &["run:2: note: the brace in `a}` is part of the word"],
        );
        check(
            "foreground {echo a }\napp",
            &["run:2: note: the brace in `{echo` is part of the word"],
        );
        for script in [
            "app a{b}c",
            "app x{}y",
            "app --opt={v}",
            "find . -exec a {} +",
        ] {
            check(script, &[]);
        }
    }

    #[test]
    fn expressions_need_their_backslashes() {
        let found = ["run:2: warning: the backslash of `\\(` is gone"];
        check("sed s/\\(a\\)/b/", &found);
        check("sed \"s/\\(a\\)/b/\"", &found);
        check(
            "grep a\\.b x",
            &["run:2: warning: the backslash of `\\.` is gone"],
        );
        for script in [
            "sed s/\\\\(a\\\\)/b/",
            "sed \"s/a\\nb/c/\"",
            "expr \\( 1 + 2 \\)",
            "find / -name \\*.txt",
            "echo a\\.b",
            "grep \\$",
        ] {
            check(script, &[]);
        }
    }
}
