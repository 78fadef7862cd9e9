//! `command-without-environment`: the CMD of an image with s6-overlay 3 gets no variables.

use crate::bytes::base_name;
use crate::bytes::contains;
use crate::container::{Container, Fact};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::model::description::{dockerfiles, may_be_set, starts_init, words};
use crate::rule::{Group, Rule};
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "command-without-environment",
    Group::Image,
    Level::Note,
    "the CMD does not get the container's environment",
)
.why(
    "s6-overlay 3 starts the CMD as it starts services: with PATH and hardly anything else. What is \
     set by ENV, or when the container is run, does not reach it without with-contenv.",
)
.samples(
    "== Dockerfile\nFROM base\nENTRYPOINT [\"/init\"]\nCMD [\"server\", \"--verbose\"]\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n",
    "== Dockerfile\nFROM base\nENTRYPOINT [\"/init\"]\nCMD [\"with-contenv\", \"server\", \"--verbose\"]\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let is_kept = [&b"S6_KEEP_ENV"[..], b"S6_CMD_ARG0"]
        .iter()
        .any(|name| may_be_set(model, name));
    if model.overlay.generation != Some(3) || is_kept {
        return;
    }
    for (file, container) in dockerfiles(model).filter(|(_, it)| starts_init(it)) {
        let Some((command, span)) = command(container) else {
            continue;
        };
        let Some(first) = command.first() else {
            continue;
        };
        const WITHOUT: [&[u8]; 5] = [b"sleep", b"tail", b"true", b"cat", b"s6-pause"];
        let is_loaded = command.iter().any(|word| contains(word, b"with-contenv"));
        if is_loaded || WITHOUT.contains(&base_name(first)) || loads(model, first) {
            continue;
        }
        let name = String::from_utf8_lossy(first).into_owned();
        findings
            .span(
                file.node,
                span,
                format!("`{name}` does not get the variables of the container"),
            )
            .help("put with-contenv before it, unless it needs none of them");
    }
}

/// What `/init` runs in the end: the words behind it, and those of CMD.
fn command(container: &Container) -> Option<(Vec<Vec<u8>>, Range<usize>)> {
    let list = |fact: &Option<Fact<_>>| {
        let fact = fact.as_ref()?;
        Some((words(&fact.value)?.to_vec(), fact.span.clone()))
    };
    let (mut line, mut span) = list(&container.entrypoint)?;
    if let Some((command, place)) = list(&container.command) {
        if line.len() < 2 {
            span = place;
        }
        line.extend(command);
    } else if container.command.is_some() {
        // In the shell form it is a text of which little is known.
        return None;
    }
    Some((line.split_off(1.min(line.len())), span))
}

/// True for a script that loads the variables itself.
fn loads(model: &Model<'_>, program: &[u8]) -> bool {
    let path: [&[u8]; 6] = [
        b"/usr/local/sbin",
        b"/usr/local/bin",
        b"/usr/sbin",
        b"/usr/bin",
        b"/sbin",
        b"/bin",
    ];
    model.program(program, &path).found().is_some_and(|node| {
        let text = model.tree.entry(node).bytes();
        text.is_ok_and(|text| contains(text, b"with-contenv") || contains(text, b"s6-envdir"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn commands_that_get_it_are_left_alone() {
        let init = "ENTRYPOINT [\"/init\"]";
        for (lines, is_found) in [
            (format!("{init}\nCMD [\"app\"]"), true),
            ("ENTRYPOINT [\"/init\", \"app\"]".to_owned(), true),
            ("ENTRYPOINT []\nCMD [\"/init\"]".to_owned(), false),
            (init.to_owned(), false),
            (
                format!("{init}\nCMD [\"/command/with-contenv\", \"app\"]"),
                false,
            ),
            (format!("{init}\nCMD [\"sleep\", \"infinity\"]"), false),
            (format!("{init}\nCMD [\"/own\"]"), false),
            (format!("{init}\nENV S6_KEEP_ENV=1\nCMD [\"app\"]"), false),
            ("ENTRYPOINT [\"/other\"]\nCMD [\"app\"]".to_owned(), false),
            ("CMD [\"app\"]".to_owned(), false),
        ] {
            let text = format!(
                "== Dockerfile\nFROM base\n{lines}\n== rootfs/etc/cont-init.d/1 0755\n\
                 #!/command/with-contenv sh\n== rootfs/own 0755\n#!/command/with-contenv sh\n"
            );
            let found = sampling::found(&RULE, &text);
            assert_eq!(found.len(), usize::from(is_found), "{text}{found:#?}");
        }
    }
}
