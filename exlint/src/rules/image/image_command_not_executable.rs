//! `image-command-not-executable`: ENTRYPOINT, CMD or HEALTHCHECK name a file that nobody may
//! execute.

use crate::bytes::contains;
use crate::container::{CommandLine, Container};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::Model;
use crate::model::description::{dockerfiles, words};
use crate::rule::{Group, Rule};
use crate::shell;

/// The rule.
pub const RULE: Rule = Rule::new(
    "image-command-not-executable",
    Group::Image,
    Level::Error,
    "the image is to run a file that is not executable",
)
.why(
    "What ENTRYPOINT, CMD and HEALTHCHECK name is executed. COPY keeps modes as they are, so a file \
     without an x there has none in the image: `permission denied`.",
)
.samples(
    "== Dockerfile\nFROM base\nCOPY rootfs /\nHEALTHCHECK CMD [\"/usr/bin/healthy\"]\n\
     == rootfs/usr/bin/healthy\n#!/bin/sh\nexec curl -f http://localhost/\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n",
    "== Dockerfile\nFROM base\nCOPY rootfs /\nHEALTHCHECK CMD [\"/usr/bin/healthy\"]\n\
     == rootfs/usr/bin/healthy 0755\n#!/bin/sh\nexec curl -f http://localhost/\n\
     == rootfs/etc/cont-init.d/10-start 0755\n#!/command/with-contenv sh\ntrue\n",
)
.fix("a file that the image is to run is meant to be executable")
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for (file, container) in dockerfiles(model) {
        let mut copies = container.copies.iter();
        let mut runs = container.runs.iter();
        let is_changed = copies.any(|copy| copy.value.chmod.is_some())
            || runs.any(|run| contains(&run.value.text, b"chmod"));
        if is_changed {
            continue;
        }
        for (instruction, fact) in [
            ("ENTRYPOINT", &container.entrypoint),
            ("CMD", &container.command),
            ("HEALTHCHECK", &container.healthcheck),
        ] {
            let Some(fact) = fact else { continue };
            // Behind an entrypoint, CMD may be no program at all.
            let is_argument = instruction == "CMD" && !runs_command(container);
            let Some(program) = program(&fact.value).filter(|_| !is_argument) else {
                continue;
            };
            let found = model.tree.absolute(&program).found();
            let Some(node) = found.filter(|&node| model.tree.is_file(node)) else {
                continue;
            };
            if model.tree.entry(node).is_executable() {
                continue;
            }
            findings
                .at(
                    node,
                    format!("{instruction} runs this file, and nobody may execute it"),
                )
                .help("make it executable")
                .related(file.node, Some(fact.span.clone()), "it is named here")
                .make_executable("make the file executable");
        }
    }
}

/// True where CMD is a command line.
fn runs_command(container: &Container) -> bool {
    match container.entrypoint.as_ref().map(|fact| &fact.value) {
        None => false,
        Some(line) => {
            words(line).is_some_and(|words| words.is_empty() || words == [b"/init".to_vec()])
        }
    }
}

/// The absolute path of the program that a command line begins with.
fn program(line: &CommandLine) -> Option<Vec<u8>> {
    let word = match line {
        CommandLine::Exec(words) => words.first()?.clone(),
        CommandLine::Shell(text) => shell::read(text).commands.first()?.name()?,
        CommandLine::Unknown(_) => return None,
    };
    word.starts_with(b"/").then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    #[test]
    fn modes_that_the_image_may_change_say_nothing() {
        let found = ["rootfs/a: error: "];
        for (lines, expected) in [
            ("ENTRYPOINT [\"/a\"]", &found[..]),
            ("ENTRYPOINT /a", &found),
            ("HEALTHCHECK CMD /a || exit 1", &found),
            ("ENTRYPOINT [\"/init\"]\nCMD [\"/a\"]", &found),
            ("ENTRYPOINT [\"/bin/sh\", \"/a\"]", &[]),
            ("ENTRYPOINT [\"cat\"]\nCMD [\"/a\"]", &[]),
            ("RUN chmod +x /a\nENTRYPOINT [\"/a\"]", &[]),
            ("COPY --chmod=755 rootfs /\nENTRYPOINT [\"/a\"]", &[]),
            ("ENTRYPOINT [\"/b\"]", &[]),
        ] {
            let text = format!(
                "== Dockerfile\nFROM base\n{lines}\n== rootfs/a\n#!/bin/sh\n== rootfs/b 0755\n\
                 == rootfs/etc/cont-init.d/1 0755\n#!/bin/sh\n"
            );
            sampling::check(&RULE, &text, expected);
        }
    }
}
