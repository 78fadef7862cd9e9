//! The dependency graph of an s6-rc database: what is defined under which name, and what
//! leads where. It reports nothing: cycles and unknown names are for rules.

use super::Model;
use super::definition::{Definition, DefinitionId, SourceId, SourceKind};
use super::readers::DefinitionKind;
use crate::overlay::builtin;
use std::collections::{BTreeMap, HashSet};

/// All that is compiled into one database.
#[derive(Clone, Default, Debug)]
pub struct Database {
    /// What is defined, by name.
    pub nodes: BTreeMap<Vec<u8>, GraphNode>,
    /// The source directories that are compiled into it.
    pub sources: HashSet<SourceId>,
    /// True for the database of s6-overlay.
    pub is_overlay: bool,
    /// True where all sources are known: a name that is not here is defined nowhere.
    pub is_closed: bool,
}

/// Something with a name in a database.
#[derive(Clone, Debug)]
pub struct GraphNode {
    /// What it is; `None` where its `type` does not say.
    pub kind: Option<DefinitionKind>,
    /// Where it is defined; more than once is an error. Empty for what s6-overlay brings and
    /// for pipelines.
    pub definitions: Vec<DefinitionId>,
    /// What it depends on: for atomic services.
    pub dependencies: Vec<Vec<u8>>,
    /// What it contains: for bundles.
    pub contents: Vec<Vec<u8>>,
    /// True for a bundle that a `pipeline-name` makes.
    pub is_pipeline: bool,
    /// True for what s6-overlay brings.
    pub is_built_in: bool,
}

impl GraphNode {
    /// Where it leads: what must be up for it to be up.
    pub fn edges(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.dependencies.iter().chain(&self.contents)
    }
}

impl Database {
    /// True where the name is defined.
    pub fn defines(&self, name: &[u8]) -> bool {
        self.nodes.contains_key(name)
    }

    /// All that must be up for `name` to be up, itself included; bundles stand for what they
    /// contain.
    pub fn closure(&self, name: &[u8]) -> HashSet<Vec<u8>> {
        let mut seen = HashSet::new();
        let mut left = vec![name.to_vec()];
        while let Some(name) = left.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(node) = self.nodes.get(&name) {
                left.extend(node.edges().cloned());
            }
        }
        seen
    }

    /// True where `target` must be up for `name` to be up. What a bundle contains counts as
    /// the bundle: a service that depends on everything in it reaches it too.
    pub fn reaches(&self, name: &[u8], target: &[u8]) -> bool {
        self.closure(name).contains(target)
    }

    /// The atomic services in a bundle, in bundles of it, and in its pipelines.
    pub fn members(&self, bundle: &[u8]) -> HashSet<Vec<u8>> {
        let mut members = HashSet::new();
        let mut seen = HashSet::new();
        let mut left = vec![bundle.to_vec()];
        while let Some(name) = left.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            match self.nodes.get(&name) {
                Some(node) if node.kind == Some(DefinitionKind::Bundle) => {
                    left.extend(node.contents.iter().cloned());
                }
                _ => {
                    members.insert(name);
                }
            }
        }
        members
    }

    fn add(&mut self, id: DefinitionId, definition: &Definition) {
        let names = |entries: &[super::NameEntry]| -> Vec<Vec<u8>> {
            entries.iter().map(|entry| entry.name.clone()).collect()
        };
        let is_bundle = definition.is(DefinitionKind::Bundle);
        let mut dependencies = Vec::new();
        if !is_bundle {
            dependencies = names(&definition.dependencies);
            if definition.is(DefinitionKind::Longrun) {
                // A producer needs its consumer.
                dependencies.extend(names(&definition.producer_for));
            }
        }
        // A layer's part of a bundle has no `type`: a lower layer has it.
        let contents = if is_bundle || definition.kind.is_none() {
            names(&definition.contents)
        } else {
            Vec::new()
        };
        let known = self.nodes.entry(definition.name.clone());
        let node = known.or_insert_with(|| GraphNode {
            kind: definition.kind,
            definitions: Vec::new(),
            dependencies: Vec::new(),
            contents: Vec::new(),
            is_pipeline: false,
            is_built_in: false,
        });
        node.kind = definition.kind.or(node.kind);
        node.definitions.push(id);
        node.dependencies.extend(dependencies);
        node.contents.extend(contents);
    }

    /// What s6-overlay brings itself. Where the image does not show its version, or is a layer,
    /// what it may bring counts as there.
    fn add_built_in(&mut self, model: &Model<'_>) {
        for built_in in builtin::definitions(model.overlay.version) {
            if !built_in.certain && model.tree.is_complete && model.overlay.version.is_some() {
                continue;
            }
            let names =
                |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
            let mut dependencies: Vec<Vec<u8>> = names(built_in.dependencies);
            dependencies.extend(built_in.producer_for.map(|name| name.as_bytes().to_vec()));
            let contents: Vec<Vec<u8>> = names(built_in.contents);
            let known = self.nodes.entry(built_in.name.as_bytes().to_vec());
            let node = known.or_insert_with(|| GraphNode {
                kind: None,
                definitions: Vec::new(),
                dependencies: Vec::new(),
                contents: Vec::new(),
                is_pipeline: false,
                is_built_in: true,
            });
            node.is_built_in = true;
            node.kind = node.kind.or(Some(match built_in.kind {
                builtin::Kind::Longrun => DefinitionKind::Longrun,
                builtin::Kind::Oneshot => DefinitionKind::Oneshot,
                builtin::Kind::Bundle => DefinitionKind::Bundle,
            }));
            node.dependencies.extend(dependencies);
            node.contents.extend(contents);
        }
    }

    /// The bundles that pipelines get: the last consumer names one, and all that leads to it
    /// through `producer-for` is in it.
    fn add_pipelines(&mut self, definitions: &[&Definition]) {
        let mut producers: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
        for definition in definitions {
            // s6-rc reads one name, so that what leads to different ends has nothing in common.
            for consumer in definition.producer_for.iter().take(1) {
                let list = producers.entry(&consumer.name).or_default();
                list.push(&definition.name);
            }
        }
        for last in definitions {
            let Some(entry) = &last.pipeline_name else {
                continue;
            };
            let is_last = last.producer_for.is_empty() && !last.consumer_for.is_empty();
            if !is_last || !last.is(DefinitionKind::Longrun) {
                continue;
            }
            let mut contents: Vec<Vec<u8>> = Vec::new();
            let mut seen = HashSet::new();
            let mut left = vec![&*last.name];
            while let Some(name) = left.pop() {
                if !seen.insert(name) {
                    continue;
                }
                contents.push(name.to_vec());
                left.extend(producers.get(name).into_iter().flatten());
            }
            let node = GraphNode {
                kind: Some(DefinitionKind::Bundle),
                definitions: Vec::new(),
                dependencies: Vec::new(),
                contents,
                is_pipeline: true,
                is_built_in: false,
            };
            self.nodes.entry(entry.name.clone()).or_insert(node);
        }
    }
}

/// The databases of an image: that of s6-overlay, and one for all other source directories
/// that stand together.
pub fn databases(model: &Model<'_>) -> Vec<Database> {
    let mut databases = Vec::new();
    for is_overlay in [true, false] {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (place, source) in model.sources.iter().enumerate() {
            if (source.kind != SourceKind::Plain) == is_overlay {
                // Sources beside each other are compiled together.
                let group = if is_overlay {
                    None
                } else {
                    model.tree.parent(source.directory)
                };
                groups
                    .entry(group)
                    .or_default()
                    .push((SourceId(place), source));
            }
        }
        for sources in groups.into_values() {
            let mut database = Database {
                is_overlay,
                sources: sources.iter().map(|(id, _)| *id).collect(),
                is_closed: sources.iter().all(|(_, source)| source.is_closed),
                ..Database::default()
            };
            let ids: Vec<DefinitionId> = sources
                .iter()
                .flat_map(|(_, source)| source.definitions.iter().copied())
                .collect();
            for &id in &ids {
                database.add(id, model.definition(id));
            }
            let definitions: Vec<&Definition> =
                ids.iter().map(|&id| model.definition(id)).collect();
            database.add_pipelines(&definitions);
            if is_overlay {
                database.add_built_in(model);
            }
            databases.push(database);
        }
    }
    databases
}
