//! What in a database leads to a name, told once for all names: rules that asked it for each
//! of many services would walk over everything again and again.

use crate::model::{Database, DefinitionKind, GraphNode};
use std::collections::{HashMap, HashSet};

/// The edges of a database, turned round.
pub struct Backwards<'d> {
    leading: HashMap<&'d [u8], Vec<&'d [u8]>>,
    /// Names of which not all is known: used, but defined nowhere here, or without a `type`
    /// here.
    unknown: Vec<&'d [u8]>,
}

fn turned<'d, E: Iterator<Item = &'d Vec<u8>>>(
    database: &'d Database,
    edges: impl Fn(&'d GraphNode) -> E,
) -> HashMap<&'d [u8], Vec<&'d [u8]>> {
    let mut leading: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for (name, node) in &database.nodes {
        for target in edges(node) {
            leading.entry(target).or_default().push(name);
        }
    }
    leading
}

impl<'d> Backwards<'d> {
    /// Turns the edges of a database round.
    pub fn new(database: &'d Database) -> Backwards<'d> {
        let leading = turned(database, |node| node.edges());
        let mut unknown: Vec<&[u8]> = leading
            .keys()
            .copied()
            .filter(|name| !database.nodes.contains_key(*name))
            .collect();
        let untyped = database
            .nodes
            .iter()
            .filter(|(_, node)| node.kind.is_none());
        unknown.extend(untyped.map(|(name, _)| &**name));
        Backwards { leading, unknown }
    }

    /// Turns round only what bundles contain.
    pub fn of_bundles(database: &'d Database) -> Backwards<'d> {
        let leading = turned(database, |node| {
            let is_bundle = node.kind == Some(DefinitionKind::Bundle);
            node.contents.iter().filter(move |_| is_bundle)
        });
        Backwards {
            leading,
            unknown: Vec::new(),
        }
    }

    /// All names from which there is a way to one of the targets, the targets included.
    pub fn to(&self, targets: impl IntoIterator<Item = &'d [u8]>) -> HashSet<&'d [u8]> {
        let mut seen = HashSet::new();
        let mut left: Vec<&[u8]> = targets.into_iter().collect();
        while let Some(name) = left.pop() {
            if seen.insert(name) {
                left.extend(self.leading.get(name).into_iter().flatten());
            }
        }
        seen
    }

    /// All names that lead to something of which not all is known.
    pub fn to_unknown(&self) -> HashSet<&'d [u8]> {
        self.to(self.unknown.iter().copied())
    }
}
