//! s6-rc service definition directories and the source directories they stand in.

use super::readers::{self, DefinitionKind};
use crate::tree::{NodeId, Tree};
use std::ops::Range;

/// A definition's place in `Model::definitions`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DefinitionId(pub(super) usize);

/// A source directory's place in `Model::sources`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SourceId(pub(super) usize);

/// What a source directory is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SourceKind {
    /// `/etc/s6-overlay/s6-rc.d`.
    Overlay,
    /// `/etc/s6-overlay/user-bundles.d`.
    OverlayBundles,
    /// One of an s6-rc without s6-overlay.
    Plain,
}

/// An s6-rc source directory.
#[derive(Clone, Debug)]
pub struct SourceDirectory {
    /// The directory.
    pub directory: NodeId,
    /// What it is for.
    pub kind: SourceKind,
    /// What it defines.
    pub definitions: Vec<DefinitionId>,
    /// True where the sources that are compiled with it are all known, so that a name that is
    /// defined nowhere is an error.
    pub is_closed: bool,
}

/// A service definition directory.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The directory.
    pub directory: NodeId,
    /// Its name, which is the service's.
    pub name: Vec<u8>,
    /// The source directory.
    pub source: SourceId,
    /// What `type` says; `None` where it is missing or says nothing.
    pub kind: Option<DefinitionKind>,
    /// What it depends on, as written; s6-rc looks at it in atomic services only.
    pub dependencies: Vec<NameEntry>,
    /// What it contains, as written; s6-rc looks at it in bundles only.
    pub contents: Vec<NameEntry>,
    /// The consumer, as written; s6-rc looks at it in longruns only.
    pub producer_for: Vec<NameEntry>,
    /// The producers, as written; s6-rc looks at it in longruns only.
    pub consumer_for: Vec<NameEntry>,
    /// The bundle's name that its pipeline gets, as written.
    pub pipeline_name: Option<NameEntry>,
}

/// A name of another service, and where it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameEntry {
    /// The name.
    pub name: Vec<u8>,
    /// The file that is the name, or that holds it.
    pub node: NodeId,
    /// Where in that file; `None` where the file's own name is meant.
    pub span: Option<Range<usize>>,
}

impl Definition {
    /// Reads what stands in `directory`.
    pub fn read(tree: &Tree, directory: NodeId, source: SourceId) -> Definition {
        let text = |name: &str| {
            let node = tree.within(directory, name.as_bytes())?;
            let bytes = tree.entry(node).bytes().ok()?;
            Some((node, &**bytes))
        };
        let listed = |name: &str| -> Vec<NameEntry> {
            let names = text(name).map(|(node, bytes)| (node, readers::names(bytes)));
            names
                .into_iter()
                .flat_map(|(node, names)| {
                    names.into_iter().map(move |(name, span)| NameEntry {
                        name,
                        node,
                        span: Some(span),
                    })
                })
                .collect()
        };
        // The directory goes before the list.
        let named = |name: &str| -> Vec<NameEntry> {
            match tree.within(directory, format!("{name}.d").as_bytes()) {
                Some(list) if tree.is_directory(list) => tree
                    .children(list)
                    .iter()
                    .map(|&node| (node, tree.name(node)))
                    .filter(|(_, name)| !name.starts_with(b"."))
                    .map(|(node, name)| NameEntry {
                        name: name.to_vec(),
                        node,
                        span: None,
                    })
                    .collect(),
                _ => listed(name),
            }
        };
        Definition {
            directory,
            name: tree.name(directory).to_vec(),
            source,
            kind: text("type").and_then(|(_, bytes)| readers::definition_kind(bytes)),
            dependencies: named("dependencies"),
            contents: named("contents"),
            producer_for: listed("producer-for"),
            consumer_for: listed("consumer-for"),
            pipeline_name: listed("pipeline-name").into_iter().next(),
        }
    }

    /// True where `type` says so.
    pub fn is(&self, kind: DefinitionKind) -> bool {
        self.kind == Some(kind)
    }

    /// A file or directory in it, links followed.
    pub fn file(&self, tree: &Tree, path: &str) -> Option<NodeId> {
        tree.within(self.directory, path.as_bytes())
    }
}

/// True where a directory looks like a service definition directory.
pub fn looks_like_definition(tree: &Tree, directory: NodeId) -> bool {
    const BESIDES: [&[u8]; 9] = [
        b"run",
        b"up",
        b"down",
        b"contents.d",
        b"contents",
        b"dependencies.d",
        b"dependencies",
        b"producer-for",
        b"consumer-for",
    ];
    let has = |name: &[u8]| tree.child(directory, name).is_some();
    tree.is_directory(directory)
        && (has(b"type") && (BESIDES.iter().any(|name| has(name)) || says_kind(tree, directory))
            || has(b"contents.d")
            || has(b"dependencies.d"))
}

fn says_kind(tree: &Tree, directory: NodeId) -> bool {
    tree.within(directory, b"type").is_some_and(|node| {
        let beginning = tree.entry(node).beginning(8);
        readers::definition_kind(&beginning).is_some()
    })
}
