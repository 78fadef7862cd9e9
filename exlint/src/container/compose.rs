//! Compose files: each service is a container. References to the caller's environment are
//! decided only where the file decides them, which is hardly ever.

use super::expansion::{Lookup, Style, expand, split_words};
use super::yaml::{Data, Node};
use super::{Build, CommandLine, Container, Fact, Kind, Problem, Value};

/// Reads the services of a compose file.
pub(super) fn read(root: &Node) -> Vec<Container> {
    let services = root.get("services").map(Node::pairs).unwrap_or_default();
    services
        .into_iter()
        .map(|(name, service)| read_service(name, service))
        .collect()
}

fn read_service(name: &Node, service: &Node) -> Container {
    let mut container = Container::new(Kind::Compose);
    container.name = name.fact();
    container.from = service.get("image").and_then(value);
    container.build = service.get("build").map(|node| node.fact_of(build(node)));
    container.user = service.get("user").and_then(value);
    container.workdir = service.get("working_dir").and_then(value);
    container.stop_signal = service.get("stop_signal").and_then(value);
    container.entrypoint = service.get("entrypoint").and_then(command_line);
    container.command = service.get("command").and_then(command_line);
    container.init = service.get("init").and_then(Node::boolean);
    container.read_only = service.get("read_only").and_then(Node::boolean);
    container.healthcheck = service.get("healthcheck").and_then(healthcheck);
    container.environment = service
        .get("environment")
        .map(environment)
        .unwrap_or_default();
    if let Some(files) = service.get("env_file") {
        container.environment_files = files
            .items()
            .filter_map(|node| node.get("path").unwrap_or(node).fact())
            .collect();
    }
    if let Some(mounts) = service.get("tmpfs") {
        container.tmpfs = mounts.items().filter_map(mount).collect();
    }
    if let Some(volumes) = service.get("volumes") {
        container.tmpfs.extend(
            volumes
                .items()
                .filter(|node| node.get("type").and_then(Node::text) == Some(b"tmpfs"))
                .filter_map(|node| mount(node.get("target")?)),
        );
    }
    if let Some(key) = service.key("extends") {
        container.problems.push(Problem {
            message: "the service extends another one, which is not read".into(),
            span: key.span.clone(),
        });
    }
    container
}

/// A scalar with its references to the caller's environment.
fn value(node: &Node) -> Option<Fact<Value>> {
    let text = node.text()?;
    Some(node.fact_of(expand(text, Style::Compose, &|_| Lookup::Undecided)))
}

fn build(node: &Node) -> Build {
    match node.text() {
        Some(_) => Build {
            context: value(node),
            ..Build::default()
        },
        None => Build {
            context: node.get("context").and_then(value),
            dockerfile: node.get("dockerfile").and_then(value),
            target: node.get("target").and_then(value),
        },
    }
}

/// A command: words, or a text that is split into words without a shell.
fn command_line(node: &Node) -> Option<Fact<CommandLine>> {
    let line = match &node.data {
        Data::Null | Data::Mapping(_) => return None,
        Data::Scalar(text) => match value(node)?.value {
            Value::Known(line) => split_words(&line).map(CommandLine::Exec),
            Value::Default(_) | Value::Unknown(_) => None,
        }
        .unwrap_or_else(|| CommandLine::Unknown(text.clone())),
        Data::Sequence(items) => words(items),
    };
    Some(node.fact_of(line))
}

fn words(items: &[Node]) -> CommandLine {
    let values: Vec<Value> = items
        .iter()
        .filter_map(value)
        .map(|fact| fact.value)
        .collect();
    let whole = values.len() == items.len();
    match values
        .iter()
        .map(Value::decided)
        .collect::<Option<Vec<_>>>()
    {
        Some(words) if whole => CommandLine::Exec(words.iter().map(|w| w.to_vec()).collect()),
        _ => {
            let texts: Vec<&[u8]> = items.iter().filter_map(Node::text).collect();
            CommandLine::Unknown(texts.join(&b' '))
        }
    }
}

fn healthcheck(node: &Node) -> Option<Fact<CommandLine>> {
    if node
        .get("disable")
        .and_then(Node::boolean)
        .is_some_and(|fact| fact.value)
    {
        return None;
    }
    let test = node.get("test")?;
    let line = match &test.data {
        Data::Null | Data::Mapping(_) => return None,
        Data::Scalar(_) => shell(test),
        Data::Sequence(items) => match items.split_first() {
            Some((form, rest)) if form.text() == Some(b"CMD") => words(rest),
            Some((form, [text, ..])) if form.text() == Some(b"CMD-SHELL") => shell(text),
            _ => return None,
        },
    };
    Some(test.fact_of(line))
}

fn shell(node: &Node) -> CommandLine {
    match value(node).map(|fact| fact.value) {
        Some(Value::Known(text) | Value::Default(text)) => CommandLine::Shell(text),
        Some(Value::Unknown(text)) => CommandLine::Unknown(text),
        None => CommandLine::Unknown(Vec::new()),
    }
}

/// Both forms of `environment`: a mapping, and a list of `NAME=value`.
fn environment(node: &Node) -> Vec<Fact<(Vec<u8>, Value)>> {
    let Data::Mapping(_) = &node.data else {
        let mut facts: Vec<Fact<(Vec<u8>, Value)>> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for item in node.items() {
            let Some(text) = item.text() else { continue };
            let mut sides = text.splitn(2, |&b| b == b'=');
            let name = sides.next().unwrap_or_default().to_vec();
            let value = match sides.next() {
                Some(text) => expand(text, Style::Compose, &|_| Lookup::Undecided),
                None => Value::Unknown(Vec::new()),
            };
            let fact = item.fact_of((name.clone(), value));
            let at = *places.entry(name).or_insert(facts.len());
            match facts.get_mut(at) {
                Some(earlier) => *earlier = fact,
                None => facts.push(fact),
            }
        }
        return facts;
    };
    node.pairs()
        .into_iter()
        .filter_map(|(key, node)| {
            let value = match &node.data {
                Data::Null => Value::Unknown(Vec::new()),
                _ => value(node)?.value,
            };
            let start = key.span.start.min(node.span.start);
            // A value by alias or merge may stand before its key.
            let end = key.span.end.max(node.span.end);
            Some(Fact {
                value: (key.text()?.to_vec(), value),
                span: start..end,
            })
        })
        .collect()
}

/// A mount point without its options (`/run:exec,mode=755`).
fn mount(node: &Node) -> Option<Fact<Vec<u8>>> {
    let path = node.text()?.split(|&b| b == b':').next()?;
    Some(node.fact_of(path.to_vec()))
}
