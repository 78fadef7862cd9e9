//! `unknown-service`: a script names a service that is not there. It is looked for only where
//! all services are known.

use super::service_names::{self, ServiceNames};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, PieceKind, Script, process};
use crate::nearest::nearest;
use crate::rule::{Group, Rule};
use crate::script::Invocation;
use std::ops::Range;

/// The rule.
pub const RULE: Rule = Rule::new(
    "unknown-service",
    Group::Service,
    Level::Error,
    "a script names a service that is not there",
)
.why(
    "s6-svc, s6-svstat and s6-svwait take the directory of a service that runs, s6-rc the name \
     of one in its database. If there is no such service, they fail, and s6-svwait with them: \
     what was to be stopped, restarted or waited for is not.",
)
.samples(
    "== etc/passwd\nroot:x:0:0::/:/bin/sh\n== bin/sh 0755 escapes\n\\x7fELF\n\
     == etc/services.d/database/run 0755\n#!/bin/sh\nexec database\n\
     == etc/services.d/web/run 0755\n#!/bin/sh\ns6-svwait -u /run/service/databse\nexec web\n",
    "== etc/passwd\nroot:x:0:0::/:/bin/sh\n== bin/sh 0755 escapes\n\\x7fELF\n\
     == etc/services.d/database/run 0755\n#!/bin/sh\nexec database\n\
     == etc/services.d/web/run 0755\n#!/bin/sh\ns6-svwait -u /run/service/database\nexec web\n",
)
.image(check);

const CONTROLS: [&str; 4] = ["s6-svwait", "s6-svc", "s6-svstat", "s6-svok"];

/// Services that s6-rc, s6-linux-init and s6-overlay start themselves.
const OWN: [&[u8]; 8] = [
    b"s6rc-oneshot-runner",
    b"s6rc-fdholder",
    b"s6-svscan-log",
    b"s6-linux-init-shutdownd",
    b"s6-linux-init-runleveld",
    b"s6-linux-init-early-getty",
    b"s6-linux-init-logouthookd",
    b"s6-fdholderd",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    // A scan directory that was given by itself is all there is beside its services.
    let is_scan = model.kind == PieceKind::Scan && !model.tree.is_anchored;
    if !model.tree.is_complete && !is_scan {
        return;
    }
    let mut names: Option<ServiceNames<'_>> = None;
    for script in &model.scripts {
        let is_about = CONTROLS
            .iter()
            .chain(&["s6-rc"])
            .any(|program| process::mentions(script, program.as_bytes()));
        if !is_about {
            continue;
        }
        if names.is_none() && makes_services(model) {
            return;
        }
        let names = names.get_or_insert_with(|| ServiceNames::of(model));
        for line in process::command_lines(model, script) {
            for visit in line.chain.visits() {
                let invocation = visit.invocation;
                if invocation.is_one_of(&CONTROLS) {
                    directories(model, script, invocation, names, findings);
                } else if invocation.is("s6-rc") {
                    selected(model, script, invocation, findings);
                }
            }
        }
    }
}

/// True where some script may make services at boot.
fn makes_services(model: &Model<'_>) -> bool {
    const PLACES: [&[u8]; 4] = [b"/run/service", b"services.d", b"s6-rc.d", b"scandir"];
    const MAKERS: [&[u8]; 6] = [b"ln -", b"s6-ln", b"cp ", b"mkdir", b"mv ", b"s6-hiercopy"];
    const LINKERS: [&[u8]; 3] = [b"s6-svlink", b"s6-instance", b"s6-rc-update"];
    model.scripts.iter().any(|script| {
        let has_one = |texts: &[&[u8]]| texts.iter().any(|text| process::mentions(script, text));
        has_one(&LINKERS) || has_one(&MAKERS) && has_one(&PLACES)
    })
}

/// The service directories that s6's programs are given.
fn directories(
    model: &Model<'_>,
    script: &Script,
    invocation: &Invocation,
    names: &ServiceNames<'_>,
    findings: &mut Findings<'_>,
) {
    for (word, span) in process::words(script, invocation) {
        let live = service_names::live(&word).filter(|_| model.tree.is_complete);
        let Some(name) = live.or_else(|| service_names::beside(model, script, &word)) else {
            continue;
        };
        let is_own = OWN.contains(&name)
            || OWN.iter().any(|own| name.starts_with(own))
            || model
                .databases
                .iter()
                .any(|it| it.nodes.get(name).is_some_and(|node| node.is_built_in));
        // A service directory that the image puts there itself.
        let is_there = model.tree.absolute(&word).found().is_some();
        // Instances are made of templates at run time.
        let is_instance = name.contains(&b'@');
        if names.service(name).is_none() && !is_own && !is_there && !is_instance {
            report(script, span, name, &mut names.names(), findings);
        }
    }
}

/// The names that `s6-rc change` and its like are given.
fn selected(
    model: &Model<'_>,
    script: &Script,
    invocation: &Invocation,
    findings: &mut Findings<'_>,
) {
    let [database] = &*model.databases else {
        return;
    };
    if !database.is_closed {
        return;
    }
    let words = process::words(script, invocation);
    let is_changed = |word: &[u8]| matches!(word, b"change" | b"start" | b"stop");
    let Some(place) = words.iter().position(|(word, _)| is_changed(word)) else {
        return;
    };
    // Another database than that of the image may be meant.
    let has_live = words
        .iter()
        .take(place)
        .any(|(word, _)| word.starts_with(b"-l") || word.starts_with(b"--livedir"));
    if has_live || process::may_change(&words) {
        return;
    }
    for (word, span) in words.iter().skip(place + 1) {
        if !word.starts_with(b"-") && !database.defines(word) {
            let mut names = database.nodes.keys().map(|name| &**name);
            report(script, span.clone(), word, &mut names, findings);
        }
    }
}

fn report(
    script: &Script,
    span: Range<usize>,
    name: &[u8],
    names: &mut dyn Iterator<Item = &[u8]>,
    findings: &mut Findings<'_>,
) {
    let shown = String::from_utf8_lossy(name).into_owned();
    let known: Vec<&str> = names
        .filter_map(|name| std::str::from_utf8(name).ok())
        .collect();
    let help = match nearest(&shown, known) {
        Some(meant) => format!("`{meant}` is there: is it meant?"),
        None => "write the name of a service of this image".to_owned(),
    };
    findings
        .script(script, span, format!("there is no service `{shown}`"))
        .help(help);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    const ROOT: &str = "== etc/passwd\nroot:x:0:0::/:/bin/sh\n== bin/sh 0755\n";

    fn check(root: &str, script: &str, expected: &[&str]) {
        let text = format!(
            "{root}== etc/services.d/a/run 0755\n#!/bin/sh\n{script}\nexec a\n\
             == etc/services.d/a/log/run 0755\n#!/bin/sh\nexec s6-log /x\n\
             == etc/s6-overlay/s6-rc.d/b/type\nlongrun\n\
             == etc/s6-overlay/s6-rc.d/b/run\n#!/bin/sh\nexec b\n\
             == etc/s6-overlay/s6-rc.d/b-log/type\nlongrun\n\
             == etc/s6-overlay/s6-rc.d/b-log/run\n#!/bin/sh\nexec s6-log /x\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn services_of_the_image_are_known() {
        for script in [
            "s6-svc -r /run/service/a",
            "s6-svc -r /run/service/a/log",
            "s6-svstat /run/service/b/",
            "s6-svwait -u /run/s6-rc/servicedirs/b-log",
            "s6-svc -t /run/service/s6rc-oneshot-runner",
            "s6-svc -r \"/run/service/$1\"",
            "s6-svc -r /run/service/worker@1",
            "s6-svc -r /srv/other/c",
            "s6-rc -u change b",
            "s6-rc -d change user",
            "s6-rc -l /run/other -u change c",
            "s6-rc -a list",
            "echo s6-svc -r /run/service/c",
        ] {
            check(ROOT, script, &[]);
        }
    }

    #[test]
    fn others_are_not() {
        let found = ["etc/services.d/a/run:2: error: there is no service `c`"];
        check(ROOT, "s6-svc -r /run/service/c", &found);
        check(ROOT, "s6-svwait -U /var/run/s6/services/c", &found);
        check(ROOT, "s6-rc -u change c", &found);
        check("", "s6-svc -r /run/service/c", &[]);
        check("", "s6-rc -u change c", &[]);
        check(ROOT, "s6-svc -r ../c", &found);
        check(
            ROOT,
            "cp -r /srv/c /run/service/; s6-svc -r /run/service/c",
            &[],
        );
        check(
            ROOT,
            "s6-svlink /run/service /srv/c; s6-svc -r /run/service/c",
            &[],
        );
        check(ROOT, "s6-svc -r ../a", &[]);
        check(ROOT, "cd /srv/x; s6-svc -r ../c", &[]);
        let scan = |name: &str| {
            format!(
                "== x/run 0755\n#!/bin/sh\nexec x\n== y/run 0755\n#!/bin/sh\ns6-svc -r {name}\nexec y\n"
            )
        };
        let unknown = "y/run:2: error: there is no service `z`";
        sampling::check(&RULE, &scan("../z"), &[unknown]);
        sampling::check(&RULE, &scan("../x"), &[]);
        sampling::check(&RULE, &scan("/run/service/z"), &[]);
    }
}
