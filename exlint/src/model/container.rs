//! The files beside an image's root that say how it is built and started.

use super::Model;
use crate::container::{self, Container};
use crate::overlay::Version;
use crate::tree::NodeId;
use std::sync::Arc;

/// A Dockerfile, a compose file, an add-on's configuration.
#[derive(Debug)]
pub struct ContainerFile {
    /// The file, in the tree it was found in: `Model::tree`.
    pub node: NodeId,
    /// Its text.
    pub text: Arc<[u8]>,
    /// What it says; more than one where it describes several containers.
    pub containers: Vec<Container>,
    /// The version of s6-overlay that it installs, where it says so.
    pub overlay_version: Option<Version>,
}

impl Model<'_> {
    /// All containers that the files beside the root describe, be these read whole or not.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().flat_map(|file| &file.containers)
    }
}

/// Files longer than this are not written by people.
const LONGEST: usize = 1 << 20;

impl ContainerFile {
    /// Reads a file; `None` where it is none of these.
    pub fn read(node: NodeId, name: &[u8], text: &Arc<[u8]>) -> Option<ContainerFile> {
        if text.len() > LONGEST {
            return None;
        }
        let kind = container::recognise(name, text)?;
        let containers = container::read(kind, text);
        let overlay_version = containers
            .iter()
            .find_map(container::overlay_version)
            .and_then(|fact| Version::parse(&fact.value));
        Some(ContainerFile {
            node,
            text: Arc::clone(text),
            containers,
            overlay_version,
        })
    }
    /// What a Dockerfile copies from its context, relative to that: files, directories.
    pub fn sources(&self) -> Vec<Vec<u8>> {
        let copies = self.containers.iter().flat_map(|it| &it.copies);
        let own = copies.filter(|copy| copy.value.from.is_none());
        own.flat_map(|copy| &copy.value.sources)
            .filter_map(|source| source.decided())
            .map(|source| {
                let source = source.strip_prefix(b"./").unwrap_or(source);
                let source = source.strip_prefix(b"/").unwrap_or(source);
                source.strip_suffix(b"/").unwrap_or(source).to_vec()
            })
            .filter(|source| !source.is_empty())
            .collect()
    }
}
