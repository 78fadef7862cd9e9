//! `svwait-without-readiness`: a script waits for the readiness of a service that never
//! notifies.

use super::service_names::{self, ServiceNames};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Model, Script, process};
use crate::rule::{Group, Rule};
use crate::script::Invocation;

/// The rule.
pub const RULE: Rule = Rule::new(
    "svwait-without-readiness",
    Group::Service,
    Level::Warning,
    "a script waits for the readiness of a service without `notification-fd`",
)
.why(
    "s6-svwait -U and -R wait until a service has notified that it is ready. A service without \
     a file `notification-fd` has no way to notify: the wait never ends, or ends with its \
     timeout.",
)
.samples(
    "== etc/services.d/database/run 0755\n#!/command/execlineb -P\ndatabase\n\
     == etc/services.d/web/run 0755\n#!/command/execlineb -P\n\
     if { s6-svwait -U /run/service/database }\nweb\n",
    "== etc/services.d/database/run 0755\n#!/command/execlineb -P\ndatabase --ready-fd 3\n\
     == etc/services.d/database/notification-fd\n3\n\
     == etc/services.d/web/run 0755\n#!/command/execlineb -P\n\
     if { s6-svwait -U /run/service/database }\nweb\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut names: Option<ServiceNames<'_>> = None;
    for script in &model.scripts {
        if !process::mentions(script, b"s6-svwait") {
            continue;
        }
        let names = names.get_or_insert_with(|| ServiceNames::of(model));
        for line in process::command_lines(model, script) {
            for visit in line.chain.visits() {
                if visit.invocation.is("s6-svwait") {
                    judge(model, script, visit.invocation, names, findings);
                }
            }
        }
    }
}

fn judge(
    model: &Model<'_>,
    script: &Script,
    invocation: &Invocation,
    names: &ServiceNames<'_>,
    findings: &mut Findings<'_>,
) {
    let words = process::words(script, invocation);
    // An option's argument is at most the number of milliseconds.
    let options = words.iter().map(|(word, _)| &**word);
    let options = options.take_while(|word| word.starts_with(b"-") || is_number(word));
    let waits = options
        .filter(|word| word.starts_with(b"-"))
        .filter_map(|word| word.iter().rfind(|it| b"uUdDrR".contains(it)))
        .last();
    if !matches!(waits, Some(b'U' | b'R')) {
        return;
    }
    for (word, span) in &words {
        let name = service_names::live(word).or_else(|| service_names::beside(model, script, word));
        let Some(service) = name.and_then(|name| names.service(name)) else {
            continue;
        };
        let has = |name: &[u8]| model.tree.child(service.directory, name).is_some();
        if !has(b"run") || has(b"notification-fd") {
            continue;
        }
        let name = String::from_utf8_lossy(&service.name).into_owned();
        findings
            .script(
                script,
                span.clone(),
                format!("`{name}` has no `notification-fd`, so it is never ready"),
            )
            .related(service.directory, None, "the service is here")
            .help(format!(
                "wait with `-u` until it is up, or make `{name}` notify of its readiness"
            ));
    }
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(script: &str, expected: &[&str]) {
        let text = format!(
            "== etc/services.d/a/run 0755\n#!/bin/sh\nexec a\n== etc/services.d/b/run 0755\n\
             #!/bin/sh\nexec b\n== etc/services.d/b/notification-fd\n3\n\
             == etc/services.d/z/run 0755\n#!/bin/sh\n{script}\nexec z\n"
        );
        sampling::check(&RULE, &text, expected);
    }

    #[test]
    fn only_readiness_of_services_without_it_is_found() {
        let found = ["etc/services.d/z/run:2: warning: `a` has no `notification-fd`"];
        check("s6-svwait -U /run/service/a", &found);
        check("s6-svwait -t 5000 -U /run/service/a /run/service/b", &found);
        check("s6-svwait -aU /var/run/s6/services/a/", &found);
        check("s6-svwait -U ../a", &found);
        for script in [
            "s6-svwait -u /run/service/a",
            "s6-svwait -U /run/service/b",
            "s6-svwait -U /run/service/c",
            "s6-svwait /run/service/a",
            "s6-svwait -U -u /run/service/a",
            "s6-svc -wU -u /run/service/a",
            "s6-svwait -U \"$service\"",
        ] {
            check(script, &[]);
        }
    }
}
