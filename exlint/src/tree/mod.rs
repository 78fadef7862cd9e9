//! What is looked at: files, bytes, modes, owners and links, from a directory or from a
//! sample, one layer over another. It says nothing of what they mean: that is `model`.
//!
//! Links are never followed to where they lead on this machine: they are resolved inside the
//! tree, as in a changed root.

mod beneath;
mod budget;
mod disk;
mod entry;
mod git;
pub mod git_index;
mod layers;
mod lookup;
pub mod sample;

pub use beneath::read_found;
pub use budget::Budget;
pub use disk::{Modes, TEMPORARY, load};
pub use entry::{Entry, Kind, LARGEST, Source, join};
pub use layers::Layers;
pub use lookup::Lookup;

use std::sync::Arc;

/// A node of one tree; it means nothing in another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(u32);

/// A directory tree.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    /// True where the root of this tree is the `/` of an image: then absolute paths mean
    /// something.
    pub is_anchored: bool,
    /// True where what is not here is nowhere: then a missing file is a fact.
    pub is_complete: bool,
}

#[derive(Debug)]
struct Node {
    name: Box<[u8]>,
    parent: Option<NodeId>,
    /// Sorted by name once the tree is built.
    children: Vec<NodeId>,
    entry: Arc<Entry>,
    is_given: bool,
}

impl Tree {
    /// A tree that is only a root.
    pub fn new(root: Arc<Entry>) -> Tree {
        Tree {
            nodes: vec![Node {
                name: Box::default(),
                parent: None,
                children: Vec::new(),
                entry: root,
                is_given: true,
            }],
            is_anchored: false,
            is_complete: false,
        }
    }

    /// The root.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many files, directories and links there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// False: there is always a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, a directory before what it holds.
    pub fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// A child may be added as long as the tree is being built; `finish` ends that.
    fn add(&mut self, parent: NodeId, name: &[u8], entry: Arc<Entry>, is_given: bool) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node {
            name: name.into(),
            parent: Some(parent),
            children: Vec::new(),
            entry,
            is_given,
        });
        if let Some(node) = self.nodes.get_mut(parent.0 as usize) {
            node.children.push(id);
        }
        id
    }

    /// Sorts what was added, so that it can be found.
    fn finish(&mut self) {
        let mut lists: Vec<Vec<NodeId>> = self
            .nodes
            .iter_mut()
            .map(|node| std::mem::take(&mut node.children))
            .collect();
        for list in &mut lists {
            list.sort_by(|&left, &right| self.name(left).cmp(self.name(right)));
        }
        for (node, list) in self.nodes.iter_mut().zip(lists) {
            node.children = list;
        }
    }

    fn node(&self, id: NodeId) -> &Node {
        // An id comes from this tree, so the node is there; another tree's shows the root
        // rather than nothing.
        #[expect(clippy::indexing_slicing, reason = "there is always a root")]
        self.nodes.get(id.0 as usize).unwrap_or(&self.nodes[0])
    }

    /// What the node is, to be kept without the tree.
    pub fn shared(&self, id: NodeId) -> Arc<Entry> {
        Arc::clone(&self.node(id).entry)
    }

    /// What the node is.
    pub fn entry(&self, id: NodeId) -> &Entry {
        &self.node(id).entry
    }

    /// Its name in its directory; empty for the root.
    pub fn name(&self, id: NodeId) -> &[u8] {
        &self.node(id).name
    }

    /// The directory it stands in.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// What a directory holds, by name.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        &self.node(id).children
    }

    /// What a directory holds by this name. Links are not followed.
    pub fn child(&self, id: NodeId, name: &[u8]) -> Option<NodeId> {
        let children = self.children(id);
        let place = children
            .binary_search_by(|&child| self.name(child).cmp(name))
            .ok()?;
        children.get(place).copied()
    }

    /// True for what people gave, false for what only stands around it.
    pub fn is_given(&self, id: NodeId) -> bool {
        self.node(id).is_given
    }

    /// The path from the root of the tree, without a slash at its beginning.
    pub fn path(&self, id: NodeId) -> Vec<u8> {
        let mut names = vec![self.name(id)];
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            names.push(self.name(parent));
            at = parent;
        }
        names.reverse();
        names
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(&b'/')
    }

    /// True where the node is this directory or stands in it at any depth.
    pub fn is_within(&self, id: NodeId, directory: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(node) = at {
            if node == directory {
                return true;
            }
            at = self.parent(node);
        }
        false
    }

    /// True for a directory itself, not a link to one.
    pub fn is_directory(&self, id: NodeId) -> bool {
        self.entry(id).kind == Kind::Directory
    }

    /// True for a regular file itself, not a link to one.
    pub fn is_file(&self, id: NodeId) -> bool {
        self.entry(id).kind == Kind::File
    }
}
