//! `incomplete-overlay`: one of the two archives of s6-overlay is missing, or is for another
//! processor.

use crate::bytes::contains;
use crate::container::{Container, Tarball, overlay_tarballs};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::description::dockerfiles;
use crate::model::{ContainerFile, Model};
use crate::overlay::Version;
use crate::overlay::architecture::{ElfHeader, of_platform, of_tarball};
use crate::rule::{Group, Rule};
use crate::tree::{Lookup, NodeId};

/// The rule.
pub const RULE: Rule = Rule::new(
    "incomplete-overlay",
    Group::Image,
    Level::Error,
    "s6-overlay is installed in part, or for another processor",
)
.why(
    "s6-overlay 3 comes in two archives: the scripts, with /init, and the programs for one \
     processor. Without the first there is nothing to start; without the second, or with that of \
     another processor, /init finds no program or an `Exec format error`.",
)
.samples(
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     RUN tar -C / -Jxpf /tmp/s6-overlay-noarch.tar.xz\nENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
    "== Dockerfile\nFROM alpine\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp/\n\
     ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp/\n\
     RUN tar -C / -Jxpf /tmp/s6-overlay-noarch.tar.xz && tar -C / -Jxpf /tmp/s6-overlay-x86_64.tar.xz\n\
     ENTRYPOINT [\"/init\"]\n\
     == rootfs/etc/services.d/web/run 0755\n#!/command/with-contenv sh\nexec web\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    check_root(model, findings);
    for (file, container) in dockerfiles(model) {
        check_archives(file, container, findings);
    }
}

fn check_root(model: &Model<'_>, findings: &mut Findings<'_>) {
    let tree = model.tree;
    if !tree.is_complete {
        return;
    }
    let admin = tree.absolute(b"/package/admin").found();
    let overlay = admin.and_then(|admin| {
        let children = tree.children(admin).iter().copied();
        children.into_iter().find(|&child| {
            let name = tree.name(child).strip_prefix(b"s6-overlay-");
            name.is_some_and(|version| Version::parse(version).is_some())
        })
    });
    let has_programs = tree.absolute(b"/command/s6-svscan");
    match overlay {
        Some(node) if has_programs == Lookup::Missing => {
            findings
                .at(
                    node,
                    "the scripts of s6-overlay are here, and its programs are not",
                )
                .help("unpack s6-overlay-ARCH.tar.xz too, with the processor for ARCH");
        }
        Some(node) if tree.absolute(b"/init") == Lookup::Missing => {
            findings
                .at(node, "s6-overlay is here, and /init is not")
                .help("unpack s6-overlay-noarch.tar.xz into the root directory");
        }
        None if model
            .overlay
            .version
            .is_some_and(|version| version >= Version::V3) =>
        {
            if let (Lookup::Found(node), Lookup::Missing) = (has_programs, tree.absolute(b"/init"))
            {
                findings
                    .at(
                        node,
                        "the programs of s6-overlay are here, and its scripts are not",
                    )
                    .help("unpack s6-overlay-noarch.tar.xz too");
            }
        }
        _ => {}
    }
    let programs = ["/command/execlineb", "/command/s6-svscan"];
    let program = programs
        .iter()
        .find_map(|place| tree.absolute(place.as_bytes()).found());
    if let Some(program) = program {
        check_processor(model, program, findings);
    }
}

/// The programs are to be of the processor that the image's shell is of.
fn check_processor(model: &Model<'_>, program: NodeId, findings: &mut Findings<'_>) {
    let tree = model.tree;
    let header = |node: NodeId| ElfHeader::read(&tree.entry(node).beginning(20));
    let Some(shell) = tree.absolute(b"/bin/sh").found() else {
        return;
    };
    let (Some(of_overlay), Some(of_image)) = (header(program), header(shell)) else {
        return;
    };
    let names = of_image.tarballs();
    let architectures = names.iter().filter_map(|name| of_tarball(name.as_bytes()));
    let mut architectures = architectures.peekable();
    if architectures.peek().is_none() || architectures.any(|it| of_overlay.runs_on(it)) {
        return;
    }
    let found = of_overlay.tarballs();
    // A kernel may run both, as for 32-bit systems on 64-bit processors.
    if found.is_empty()
        || found.iter().any(|name| {
            of_tarball(name.as_bytes()).is_some_and(|architecture| of_image.runs_on(architecture))
        })
    {
        return;
    }
    findings
        .at(
            program,
            format!(
                "it is for {}, and /bin/sh for {}",
                found.join(" or "),
                names.join(" or ")
            ),
        )
        .help(format!(
            "unpack s6-overlay-{}.tar.xz",
            names.first().copied().unwrap_or("ARCH")
        ))
        .related(shell, None, "the image is for this processor");
}

fn check_archives(file: &ContainerFile, container: &Container, findings: &mut Findings<'_>) {
    let archives = overlay_tarballs(container);
    // What a shell composes may be any of them.
    let is_decided = !archives
        .iter()
        .any(|it| matches!(it.value, Tarball::Undecided(_)))
        && !composes_names(container);
    let noarch = archives.iter().find(|it| it.value == Tarball::Noarch);
    let programs = archives
        .iter()
        .find(|it| matches!(it.value, Tarball::Arch(_)));
    if let (Some(noarch), None, true) = (noarch, programs, is_decided) {
        findings
            .span(
                file.node,
                noarch.span.clone(),
                "s6-overlay's scripts are unpacked, and its programs are not",
            )
            .help(
                "unpack s6-overlay-ARCH.tar.xz too, with the processor for ARCH: x86_64, aarch64",
            );
    }
    let is_v3 = file
        .overlay_version
        .is_some_and(|version| version >= Version::V3);
    if let (None, Some(programs), true, true) = (noarch, programs, is_decided, is_v3) {
        findings
            .span(
                file.node,
                programs.span.clone(),
                "s6-overlay's programs are unpacked, and its scripts are not",
            )
            .help("unpack s6-overlay-noarch.tar.xz too");
    }
    for archive in archives.iter().filter(|_| is_v3 || noarch.is_some()) {
        let Tarball::Arch(name) = &archive.value else {
            continue;
        };
        if let (None, Some(meant)) = (of_tarball(name), of_platform(name)) {
            let name = String::from_utf8_lossy(name).into_owned();
            findings
                .span(
                    file.node,
                    archive.span.clone(),
                    format!("there is no archive of s6-overlay 3 for `{name}`"),
                )
                .help(format!("it is called s6-overlay-{}.tar.xz", meant.tarball));
        }
    }
}

/// True where something is fetched or unpacked whose name is not written out.
fn composes_names(container: &Container) -> bool {
    let sources = container.copies.iter().flat_map(|copy| &copy.value.sources);
    let sources = sources.map(|source| source.text());
    let runs = container
        .runs
        .iter()
        .map(|run| run.value.expanded.as_slice());
    sources.chain(runs).any(|text| {
        let words = text.split(|byte| byte.is_ascii_whitespace() || b";|&\"'".contains(byte));
        let mut words = words.into_iter();
        words.any(|word| {
            let is_ours =
                contains(word, b"s6") || contains(word, b".tar") || contains(word, b"releases");
            is_ours && word.iter().any(|byte| b"$*?{`(".contains(byte))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const BASE: &str = "https://github.com/just-containers/s6-overlay/releases/download";

    fn check(lines: &str, expected: &[&str]) {
        let lines = lines.replace("BASE", BASE);
        let text = format!(
            "== Dockerfile\nFROM alpine\n{lines}\n== rootfs/etc/services.d/a/run 0755\n#!/bin/sh\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn archives_of_dockerfiles() {
        let noarch = "ADD BASE/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp";
        for (lines, expected) in [
            (
                noarch.to_owned(),
                vec!["Dockerfile:2: error: s6-overlay's scripts"],
            ),
            (
                "ADD BASE/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp".to_owned(),
                vec!["Dockerfile:2: error: s6-overlay's programs"],
            ),
            (
                "ADD BASE/v2.2.0.3/s6-overlay-amd64.tar.gz /tmp".to_owned(),
                vec![],
            ),
            (
                format!("{noarch}\nADD BASE/v3.2.0.0/s6-overlay-x86_64.tar.xz /tmp"),
                vec![],
            ),
            (
                format!("ARG ARCH\n{noarch}\nADD BASE/v3.2.0.0/s6-overlay-$ARCH.tar.xz /tmp"),
                vec![],
            ),
            (
                format!("{noarch}\nRUN wget BASE/v3.2.0.0/$(name).tar.xz"),
                vec![],
            ),
            (
                format!("ARG F\n{noarch}\nADD BASE/v3.2.0.0/$F /tmp"),
                vec![],
            ),
            (
                format!("{noarch}\nADD BASE/v3.2.0.0/s6-overlay-arm64.tar.xz /tmp"),
                vec!["Dockerfile:3: error: there is no archive of s6-overlay 3 for `arm64`"],
            ),
        ] {
            check(&lines, &expected);
        }
    }

    fn check_root(files: &str, expected: &[&str]) {
        let text = format!("== etc/passwd\nroot:x:0:0::/:\n== bin/sh 0755\n{files}\n");
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn parts_of_a_root() {
        let scripts = "== package/admin/s6-overlay-3.2.0.0/x\n== init 0755\n#!/bin/sh -e";
        check_root(
            scripts,
            &["package/admin/s6-overlay-3.2.0.0: error: the scripts"],
        );
        check_root(&format!("{scripts}\n== command/s6-svscan 0755"), &[]);
        check_root(
            "== package/admin/s6-overlay-3.2.0.0/x\n== command/s6-svscan 0755",
            &["package/admin/s6-overlay-3.2.0.0: error: s6-overlay is here"],
        );
        check_root("== etc/services.d/a/run 0755\n#!/bin/sh", &[]);
    }

    #[test]
    fn processors() {
        let elf = |machine: &str| {
            format!("\\x7fELF\\x02\\x01\\x01\\0\\0\\0\\0\\0\\0\\0\\0\\0\\x02\\0{machine}\\0")
        };
        let (intel, arm) = (elf("\\x3e"), elf("\\xb7"));
        for (shell, program, expected) in [
            (
                &intel,
                &arm,
                &["command/s6-svscan: error: it is for aarch64, and /bin/sh for x86_64"][..],
            ),
            (&intel, &intel, &[]),
        ] {
            let text = format!(
                "== etc/passwd\nroot:x:0:0::/:\n== bin/sh 0755 escapes\n{shell}\n\
                 == package/admin/s6-overlay-3.2.0.0/x\n== init 0755\n#!/bin/sh -e\n\
                 == command/s6-svscan 0755 escapes\n{program}\n"
            );
            sampling::check(&RULE, &text, expected);
        }
    }
}
