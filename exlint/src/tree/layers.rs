//! Layers: trees put over each other, each at its place in an image.

use super::entry::{Entry, Kind, Source};
use super::{Node, NodeId, Tree};
use std::collections::HashMap;
use std::sync::Arc;

/// A tree that is being put together from others.
#[derive(Debug)]
pub struct Layers {
    tree: Tree,
    /// What stands for directories that nobody described.
    nowhere: Arc<Source>,
}

impl Default for Layers {
    fn default() -> Self {
        Self::new()
    }
}

impl Layers {
    /// An image without anything in it.
    pub fn new() -> Layers {
        let nowhere = Arc::new(Source::said("/", "/"));
        let root = Entry::new(&nowhere, b"", Kind::Directory, 0o755);
        let mut tree = Tree::new(Arc::new(root));
        if let Some(root) = tree.nodes.first_mut() {
            root.is_given = false;
        }
        Layers { tree, nowhere }
    }

    /// Puts what `layer` has at `node` over what is there at `place`. It wins file by file.
    /// `is_given`: this is what people want to be looked at.
    pub fn put(&mut self, layer: &Tree, node: NodeId, place: &[u8], is_given: bool) {
        let mut at = self.tree.root();
        for name in place.split(|&byte| byte == b'/').filter(|n| !n.is_empty()) {
            at = match self.child(at, name) {
                Some(child) => child,
                None => {
                    let path = [&*self.tree.path(at), name].join(&b'/');
                    let entry = Entry::new(&self.nowhere, &path, Kind::Directory, 0o755);
                    self.tree.add(at, name, Arc::new(entry), false)
                }
            };
        }
        self.cover(layer, node, at, is_given);
    }

    fn cover(&mut self, layer: &Tree, from: NodeId, to: NodeId, is_given: bool) {
        let entry = Arc::clone(&layer.node(from).entry);
        if let Some(node) = self.tree.nodes.get_mut(to.0 as usize) {
            if entry.kind != Kind::Directory {
                node.children.clear();
            }
            node.entry = entry;
            node.is_given = is_given;
        }
        let known: HashMap<Box<[u8]>, NodeId> = self
            .tree
            .children(to)
            .iter()
            .map(|&child| (self.tree.name(child).into(), child))
            .collect();
        for &child in layer.children(from) {
            let name = layer.name(child);
            let target = known.get(name).copied().unwrap_or_else(|| {
                let entry = Arc::clone(&layer.node(child).entry);
                self.tree.add(to, name, entry, is_given)
            });
            self.cover(layer, child, target, is_given);
        }
    }

    /// Before `finish` nothing is sorted.
    fn child(&self, directory: NodeId, name: &[u8]) -> Option<NodeId> {
        let children = self.tree.children(directory);
        children
            .iter()
            .copied()
            .find(|&child| self.tree.name(child) == name)
    }

    /// A file that stands beside the image, with nothing around it.
    pub fn beside(&mut self, name: &[u8], entry: Arc<Entry>) -> NodeId {
        let id = NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        self.tree.nodes.push(Node {
            name: name.into(),
            parent: None,
            children: Vec::new(),
            entry,
            is_given: true,
        });
        id
    }

    /// The image.
    pub fn finish(mut self, is_complete: bool) -> Tree {
        self.tree.finish();
        self.tree.is_anchored = true;
        self.tree.is_complete = is_complete;
        self.tree
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lookup, sample};
    use super::*;

    #[test]
    fn a_later_layer_wins_file_by_file() {
        let base = sample::tree("== etc/a\nbase\n== etc/b\nbase\n== etc/d/e\nbase\n").unwrap();
        let above = sample::tree("== a\nabove\n== d\nabove\n").unwrap();
        let mut layers = Layers::new();
        layers.put(&base, base.root(), b"", false);
        layers.put(&above, above.root(), b"etc", true);
        let tree = layers.finish(true);
        for (path, content, is_given) in [
            ("/etc/a", "above\n", true),
            ("/etc/b", "base\n", false),
            ("/etc/d", "above\n", true),
        ] {
            let Lookup::Found(node) = tree.absolute(path.as_bytes()) else {
                panic!("{path}");
            };
            assert_eq!(&**tree.entry(node).bytes().unwrap(), content.as_bytes());
            assert_eq!(tree.is_given(node), is_given);
        }
        assert_eq!(tree.absolute(b"/etc/d/e"), Lookup::Missing);
    }
}
