//! `broken-pipeline`: a producer and a consumer that do not name each other, or are not what
//! a pipeline is made of.

use super::names::{at_entry, shown};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Database, Definition, DefinitionKind, Model, NameEntry, names};
use crate::rule::{Group, Rule};

/// The rule.
pub const RULE: Rule = Rule::new(
    "broken-pipeline",
    Group::S6Rc,
    Level::Error,
    "a producer and a consumer do not name each other",
)
.why(
    "A pipeline is made of longruns. The one that writes names the one that reads in its \
     `producer-for`, which holds exactly one name; the one that reads names all that write to \
     it in its `consumer-for`. Where one side is missing, or a name is no longrun's, \
     s6-rc-compile refuses the whole database. `pipeline-name` is read in the last consumer \
     only, and ignored with a warning in all others.",
)
.samples(
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/producer-for\nweb-log\n\
     == web-log/type\nlongrun\n== web-log/run\n#!/command/execlineb -P\ns6-log t /var/log/web\n",
    "== web/type\nlongrun\n== web/run\n#!/command/execlineb -P\nweb\n== web/producer-for\nweb-log\n\
     == web-log/type\nlongrun\n== web-log/run\n#!/command/execlineb -P\ns6-log t /var/log/web\n\
     == web-log/consumer-for\nweb\n",
)
.definition(check);

fn check(model: &Model<'_>, definition: &Definition, findings: &mut Findings<'_>) {
    if !definition.is(DefinitionKind::Longrun) {
        return;
    }
    let Some(database) = model.database_of(definition) else {
        return;
    };
    let pipeline = Pipeline {
        model,
        database,
        definition,
    };
    pipeline.check_producer(findings);
    pipeline.check_consumer(findings);
    pipeline.check_name(findings);
}

struct Pipeline<'m> {
    model: &'m Model<'m>,
    database: &'m Database,
    definition: &'m Definition,
}

/// What stands at the other end.
enum Other<'m> {
    Longrun(&'m Definition),
    Not(&'static str),
    Undefined,
    Unknown,
}

impl<'m> Pipeline<'m> {
    fn other(&self, name: &[u8]) -> Other<'m> {
        let Some(node) = self.database.nodes.get(name) else {
            return if self.database.is_closed {
                Other::Undefined
            } else {
                Other::Unknown
            };
        };
        match (node.kind, node.definitions.first()) {
            _ if node.is_pipeline => Other::Not("the name of a pipeline"),
            (Some(DefinitionKind::Longrun), Some(&id)) => Other::Longrun(self.model.definition(id)),
            (Some(DefinitionKind::Oneshot), _) => Other::Not("a oneshot"),
            (Some(DefinitionKind::Bundle), _) => Other::Not("a bundle"),
            _ => Other::Unknown,
        }
    }

    fn check_producer(&self, findings: &mut Findings<'_>) {
        let Some(file) = self.definition.file(self.model.tree, "producer-for") else {
            return;
        };
        if !self.model.tree.is_file(file) {
            return;
        }
        let own = shown(&self.definition.name);
        let entry = match &*self.definition.producer_for {
            [entry] => entry,
            [] => {
                findings
                    .at(file, "`producer-for` names no service")
                    .help("write the name of the service that reads the output, or remove it");
                return;
            }
            [first, others @ ..] if others.iter().all(|other| other.name == first.name) => first,
            [_, second, ..] => {
                at_entry(
                    findings,
                    second,
                    "`producer-for` names more than one service",
                )
                .help(
                    "one service reads the output; several that read the same need a program \
                     between them",
                );
                return;
            }
        };
        let name = shown(&entry.name);
        match self.other(&entry.name) {
            Other::Unknown => {}
            Other::Undefined => undefined(entry, findings),
            Other::Not(what) => not_longrun(entry, what, findings),
            Other::Longrun(consumer) => {
                let is_mutual = consumer
                    .consumer_for
                    .iter()
                    .any(|producer| producer.name == self.definition.name);
                if !is_mutual {
                    at_entry(
                        findings,
                        entry,
                        format!("`{name}` does not say that it reads from `{own}`"),
                    )
                    .related(
                        consumer.directory,
                        None,
                        format!("the definition of `{name}`"),
                    )
                    .help(format!("write a line `{own}` into `{name}/consumer-for`"));
                }
            }
        }
    }

    fn check_consumer(&self, findings: &mut Findings<'_>) {
        let own = shown(&self.definition.name);
        for entry in &self.definition.consumer_for {
            let name = shown(&entry.name);
            match self.other(&entry.name) {
                Other::Unknown => {}
                Other::Undefined => undefined(entry, findings),
                Other::Not(what) => not_longrun(entry, what, findings),
                Other::Longrun(producer) => {
                    let is_mutual = producer
                        .producer_for
                        .iter()
                        .any(|consumer| consumer.name == self.definition.name);
                    if !is_mutual {
                        at_entry(
                            findings,
                            entry,
                            format!("`{name}` does not say that it writes to `{own}`"),
                        )
                        .related(
                            producer.directory,
                            None,
                            format!("the definition of `{name}`"),
                        )
                        .help(format!("write `{own}` into `{name}/producer-for`"));
                    }
                }
            }
        }
    }

    fn check_name(&self, findings: &mut Findings<'_>) {
        let tree = self.model.tree;
        let Some(file) = self.definition.file(tree, "pipeline-name") else {
            return;
        };
        let produces = self.definition.file(tree, "producer-for").is_some();
        if produces || self.definition.consumer_for.is_empty() {
            findings
                .at(
                    file,
                    "`pipeline-name` is ignored, as this is not the last consumer",
                )
                .level(Level::Warning)
                .help("move it to the service at the end of the pipeline, which only reads");
            return;
        }
        let Ok(text) = tree.entry(file).bytes() else {
            return;
        };
        let mut names: Vec<Vec<u8>> = names(text).into_iter().map(|(name, _)| name).collect();
        names.dedup();
        if names.len() != 1 {
            let message = if names.is_empty() {
                "`pipeline-name` holds no name"
            } else {
                "`pipeline-name` holds more than one name"
            };
            findings
                .at(file, message)
                .help("write the one name by which the pipeline is started, or remove it");
        }
    }
}

fn undefined(entry: &NameEntry, findings: &mut Findings<'_>) {
    let name = shown(&entry.name);
    let found = at_entry(findings, entry, format!("`{name}` is defined nowhere"));
    if entry.name.trim_ascii_end().len() < entry.name.len() {
        found.help("end the line behind the name: what follows it is part of it");
    } else {
        found.help(format!(
            "define a longrun `{name}`, or name the one that is meant"
        ));
    }
}

fn not_longrun(entry: &NameEntry, what: &str, findings: &mut Findings<'_>) {
    let name = shown(&entry.name);
    at_entry(
        findings,
        entry,
        format!("`{name}` is {what}, and cannot be in a pipeline"),
    )
    .help("pipelines are made of longruns: name one of them");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(files: &str, expected: &[&str]) {
        let sample = format!(
            "== a/type\nlongrun\n== a/run\nx\n== b/type\nlongrun\n== b/run\nx\n\
             == o/type\noneshot\n== o/up\n== all/type\nbundle\n== all/contents.d/a\n{files}"
        );
        sampling::check(&RULE, &sample, expected);
    }

    #[test]
    fn both_ends_name_each_other() {
        for (files, expected) in [
            (
                "== a/producer-for\nb\n== b/consumer-for\n# all\n  a\n",
                &[][..],
            ),
            ("== o/producer-for\nb\n", &[]),
            (
                "== a/producer-for\nb\n",
                &["a/producer-for:1: error: `b` does not say that it reads from `a`"],
            ),
            (
                "== b/consumer-for\na\n",
                &["b/consumer-for:1: error: `a` does not say that it writes to `b`"],
            ),
            (
                "== a/producer-for\no\n",
                &["a/producer-for:1: error: `o` is a oneshot"],
            ),
            (
                "== a/producer-for\nc\n",
                &["a/producer-for:1: error: `c` is defined nowhere"],
            ),
            (
                "== a/producer-for\n",
                &["a/producer-for: error: `producer-for` names no service"],
            ),
            (
                "== a/producer-for\nb\no\n== b/consumer-for\na\n",
                &["a/producer-for:2: error: `producer-for` names more than one"],
            ),
        ] {
            check(files, expected);
        }
    }

    #[test]
    fn the_last_consumer_has_the_name() {
        let pipe = "== a/producer-for\nb\n== b/consumer-for\na\n";
        for (files, expected) in [
            ("== b/pipeline-name\np\n", &[][..]),
            (
                "== a/pipeline-name\np\n",
                &["a/pipeline-name: warning: `pipeline-name` is ignored"],
            ),
            (
                "== b/pipeline-name\np\nq\n",
                &["b/pipeline-name: error: `pipeline-name` holds more than one name"],
            ),
        ] {
            check(&format!("{pipe}{files}"), expected);
        }
    }
}
