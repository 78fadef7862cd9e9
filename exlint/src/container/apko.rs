//! Image descriptions of apko. Its `service-bundle` entrypoint makes apko write a tree for s6 by
//! itself, so the services stand here and not in service directories.

use super::expansion::split_words;
use super::yaml::{Data, Node};
use super::{Apko, CommandLine, Container, Kind, Problem, Value};

/// Reads an image description.
pub(super) fn read(root: &Node) -> Container {
    let mut container = Container::new(Kind::Apko);
    let value = |node: &Node| Some(node.fact_of(Value::Known(node.text()?.to_vec())));
    let line = |node: &Node| Some(node.fact_of(words(node.text()?)));
    let facts = |node: Option<&Node>| -> Vec<_> {
        node.map(|node| node.items().filter_map(Node::fact).collect())
            .unwrap_or_default()
    };
    container.command = root.get("cmd").and_then(line);
    container.workdir = root.get("work-dir").and_then(value);
    container.stop_signal = root.get("stop-signal").and_then(value);
    container.architectures = facts(root.get("archs"));
    let mut apko = Apko {
        packages: facts(
            root.get("contents")
                .and_then(|contents| contents.get("packages")),
        ),
        ..Apko::default()
    };
    if let Some(accounts) = root.get("accounts") {
        container.user = accounts.get("run-as").and_then(value);
        for user in accounts.get("users").into_iter().flat_map(Node::items) {
            let Some(name) = user.get("username").and_then(Node::fact) else {
                continue;
            };
            let uid = user.get("uid").and_then(Node::text);
            let uid = uid.and_then(|text| std::str::from_utf8(text).ok()?.parse().ok());
            apko.users.push(super::Fact {
                value: (name.value, uid),
                span: name.span,
            });
        }
    }
    if let Some(entrypoint) = root.get("entrypoint") {
        let kind = entrypoint.get("type");
        apko.service_bundle = kind.map(|node| node.fact_of(node.text() == Some(b"service-bundle")));
        // A fragment comes before the command there too.
        container.entrypoint = match entrypoint.get("shell-fragment") {
            Some(node) => node
                .text()
                .map(|text| node.fact_of(CommandLine::Shell(text.to_vec()))),
            None => entrypoint.get("command").and_then(line),
        };
        let services = entrypoint
            .get("services")
            .map(Node::pairs)
            .unwrap_or_default();
        apko.services = services
            .into_iter()
            .filter_map(|(name, node)| {
                Some(name.fact_of((name.text()?.to_vec(), words(node.text()?))))
            })
            .collect();
    }
    if let Some(environment) = root.get("environment") {
        container.environment = environment
            .pairs()
            .into_iter()
            .filter_map(|(key, node)| {
                let text = match &node.data {
                    Data::Null => Vec::new(),
                    _ => node.text()?.to_vec(),
                };
                Some(key.fact_of((key.text()?.to_vec(), Value::Known(text))))
            })
            .collect();
    }
    if let Some(key) = root.key("include") {
        container.problems.push(Problem {
            message: "the file includes another one, which is not read".into(),
            span: key.span.clone(),
        });
    }
    container.apko = Some(apko);
    container
}

fn words(line: &[u8]) -> CommandLine {
    match split_words(line) {
        Some(words) => CommandLine::Exec(words),
        None => CommandLine::Unknown(line.to_vec()),
    }
}
