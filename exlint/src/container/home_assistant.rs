//! The `config.yaml` or `config.json` of a Home Assistant add-on. Only what the supervisor does
//! with the container's start is read, not options, ports or the store's texts.

use super::yaml::Node;
use super::{Container, Fact, Kind, Value};

/// Reads an add-on's configuration. `init` absent means that the supervisor puts its own
/// process 1 before the image's.
pub(super) fn read(root: &Node) -> Container {
    let mut container = Container::new(Kind::HomeAssistant);
    let value = |node: &Node| Some(node.fact_of(Value::Known(node.text()?.to_vec())));
    container.name = root.get("slug").and_then(Node::fact);
    container.from = root.get("image").and_then(value);
    container.init = root.get("init").and_then(Node::boolean);
    if let Some(node) = root.get("arch") {
        container.architectures = node.items().filter_map(Node::fact).collect();
    }
    // `true` mounts one on /tmp; the value could also be a list of options.
    if let Some(fact) = root
        .get("tmpfs")
        .and_then(Node::boolean)
        .filter(|fact| fact.value)
    {
        container.tmpfs.push(Fact {
            value: b"/tmp".to_vec(),
            span: fact.span,
        });
    }
    if let Some(node) = root.get("environment") {
        container.environment = node
            .pairs()
            .into_iter()
            .filter_map(|(key, node)| {
                let value = Value::Known(node.text()?.to_vec());
                Some(key.fact_of((key.text()?.to_vec(), value)))
            })
            .collect();
    }
    container
}
