//! `sourced-with-contenv`: a shell reads with-contenv as if it were a shell script.

use crate::bytes::base_name;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "sourced-with-contenv",
    Group::Start,
    Level::Error,
    "a shell sources with-contenv, which is no shell script",
)
.why(
    "with-contenv is an execline script that loads the container's environment and then runs \
     the program it is given. A shell that sources it reads execline text as shell commands: \
     it fails, and loads nothing.",
)
.samples(
    "== run 0755\n#!/bin/bash\n. /command/with-contenv\nexec web --token \"$TOKEN\"\n",
    "== run 0755\n#!/command/with-contenv bash\nexec web --token \"$TOKEN\"\n",
)
.script(check);

fn check(_: &Model<'_>, script: &Script, findings: &mut Findings<'_>) {
    let Some(shell) = &script.shell else {
        return;
    };
    for command in &shell.commands {
        let Some(word) = command.sourced() else {
            continue;
        };
        let Some(path) = word
            .literal()
            .filter(|path| base_name(path) == b"with-contenv")
        else {
            continue;
        };
        let name = script.shell_name().unwrap_or(b"sh");
        let name = String::from_utf8_lossy(name);
        findings
            .script(
                script,
                command.span.clone(),
                format!("`{}` is no shell script", String::from_utf8_lossy(&path)),
            )
            .help(format!(
                "remove this line, and let the script begin with #!/command/with-contenv {name}"
            ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn running_it_is_fine() {
        for (line, expected) in [
            ("source /usr/bin/with-contenv", true),
            ("exec with-contenv web", false),
            (". /usr/lib/bashio/bashio.sh", false),
            (". \"$file\"", false),
        ] {
            let text =
                format!("== notification-fd\n3\n== run 0755\n#!/bin/bash\n{line}\nexec web\n");
            let expected: &[&str] = if expected { &["run:2: error: `"] } else { &[] };
            sampling::check(&RULE, &text, expected);
        }
    }
}
