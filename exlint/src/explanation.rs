//! What `--explain` and `--list-rules` print, from the rules' constants.

use crate::nearest::nearest;
use crate::rule::Rule;
use crate::rules;
use std::fmt::Write;

/// What a rule finds, why, and how it looks.
///
/// # Errors
///
/// Where there is no such rule: says which was probably meant.
pub fn explain(name: &str) -> Result<String, String> {
    let all = rules::all();
    let Some(rule) = all.iter().find(|rule| rule.name == name) else {
        let near = nearest(name, all.iter().map(|rule| rule.name));
        return Err(match near {
            Some(near) => format!("there is no rule `{name}`; did you mean `{near}`?"),
            None => format!("there is no rule `{name}`; `exlint --list-rules` lists them"),
        });
    };
    Ok(page(rule))
}

fn page(rule: &Rule) -> String {
    let mut page = String::new();
    let _ = writeln!(
        page,
        "{} ({}, {}): {}\n\n{}",
        rule.name,
        rule.group.name(),
        rule.level.name(),
        rule.summary,
        rule.why
    );
    if let Some(fix) = rule.fix {
        let _ = writeln!(page, "\n--fix changes it: {fix}");
    }
    let _ = writeln!(page, "\nBad:\n\n{}", indented(rule.bad));
    let _ = writeln!(page, "Good:\n\n{}", indented(rule.good));
    let _ = write!(
        page,
        "To allow it in a script: # exlint: allow {name} reason\n\
         To turn it off: in exlint.toml, [rules] {name} = \"off\"\n",
        name = rule.name
    );
    page
}

fn indented(sample: &str) -> String {
    sample.lines().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "    {line}");
        text
    })
}

/// A line for each rule.
pub fn list() -> String {
    let all = rules::all();
    let width = all.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    all.iter().fold(String::new(), |mut text, rule| {
        let _ = writeln!(
            text,
            "{:width$}  {:7}  {:8}  {}",
            rule.name,
            rule.level.name(),
            rule.group.name(),
            rule.summary
        );
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained() {
        for rule in rules::all() {
            let page = explain(rule.name).unwrap();
            assert!(page.contains(rule.why) && page.contains("Good:"), "{page}");
        }
        let error = explain("sytnax-error").unwrap_err();
        assert!(error.contains("did you mean `syntax-error`"), "{error}");
    }
}
