//! `invalid-type`: `type` says none of the three words.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, Model};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "invalid-type",
    Group::S6Rc,
    Level::Error,
    "the file `type` says neither longrun, oneshot nor bundle",
)
.why(
    "s6-rc-compile takes `longrun`, `oneshot` or `bundle`, with one newline behind it or none. \
     Anything else, be it a blank, a carriage return or a capital letter, makes it refuse the \
     whole database, and no service starts.",
)
.samples(
    "== web/type escapes\nlongrun\\r\\n\n== web/run\n#!/command/execlineb -P\nweb\n\
     == all/type\nbundle\n== all/contents.d/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n\
     == all/type\nbundle\n== all/contents.d/web\n",
)
.fix("the word stands there already, and without the bytes around it the file is valid")
.definition(check);

const WORDS: [&str; 3] = ["longrun", "oneshot", "bundle"];

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    if definition.kind.is_some() {
        return;
    }
    let tree = model.tree;
    let Some(node) = definition.file(tree, "type") else {
        return;
    };
    let Ok(text) = tree.entry(node).bytes() else {
        return;
    };
    if text.is_empty() {
        findings.at(node, "`type` is empty").help(
            "write the word `longrun`, `oneshot` or `bundle`; where it was not empty in the \
             source, the copy is damaged, as on a full disk",
        );
        return;
    }
    let meant = WORDS
        .into_iter()
        .find(|word| text.trim_ascii().eq_ignore_ascii_case(word.as_bytes()));
    let what = what(text, meant);
    let whole = 0..text.len();
    let found = findings.span(node, whole.clone(), what);
    match meant {
        Some(word) => {
            let text = format!("{word}\n");
            found
                .help(format!("write `{word}` and a newline, and nothing else"))
                .replace(format!("write `{word}`"), whole, text);
        }
        None => {
            found.help("write the word `longrun`, `oneshot` or `bundle`");
        }
    }
}

fn what(text: &[u8], meant: Option<&str>) -> String {
    let Some(word) = meant else {
        let line = text.split(|&byte| byte == b'\n').next().unwrap_or(text);
        let shown: String = line.escape_ascii().to_string().chars().take(40).collect();
        return format!("`type` says `{shown}`, which is none of longrun, oneshot and bundle");
    };
    let reason = if text.contains(&b'\r') {
        "a carriage return"
    } else if !text.trim_ascii().starts_with(word.as_bytes()) {
        "capital letters"
    } else if text.starts_with(word.as_bytes()) && text.ends_with(b"\n\n") {
        "more than one newline"
    } else {
        "blanks"
    };
    format!("`type` says `{word}` with {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn one_newline_is_all_that_may_follow() {
        for (text, expected) in [
            ("bundle\\n", None),
            ("longrun\\n\\n\\n", None),
            (
                "bundle\\n\\n",
                Some("`type` says `bundle` with more than one newline"),
            ),
            ("bundle \\n", Some("`type` says `bundle` with blanks")),
            ("\\nbundle", Some("`type` says `bundle` with blanks")),
            ("Bundle", Some("`type` says `bundle` with capital letters")),
            (
                "bundle\\r\\n",
                Some("`type` says `bundle` with a carriage return"),
            ),
            ("pack\\n", Some("`type` says `pack`, which is none")),
        ] {
            let sample = format!(
                "== a/type escapes\n{text}\n== a/contents.d/\n== b/type\nbundle\n\
                 == b/contents.d/\n"
            );
            let expected: Vec<String> = expected
                .into_iter()
                .map(|message| format!("a/type:1: error: {message}"))
                .collect();
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            sampling::check(&RULE, &sample, &expected);
        }
        sampling::check(
            &RULE,
            "== a/type\n== a/contents.d/\n== b/type\nbundle\n== b/contents.d/\n",
            &["a/type: error: `type` is empty"],
        );
    }
}
