//! Where a path leads in a tree: links are resolved as in a changed root, never by the machine.

use super::{Kind, NodeId, Tree};

/// Where a path leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookup {
    /// To this node, which is no link.
    Found(NodeId),
    /// To nothing: what is not here is nowhere.
    Missing,
    /// That cannot be known: it may be in a layer below, or outside of what was given.
    Unknown,
}

impl Lookup {
    /// The node, where there is one.
    pub fn found(self) -> Option<NodeId> {
        match self {
            Self::Found(node) => Some(node),
            Self::Missing | Self::Unknown => None,
        }
    }
}

/// As many links as the kernel follows.
const MOST_LINKS: usize = 40;

impl Tree {
    /// Where `path` leads, seen from the directory `from`.
    pub fn lookup(&self, from: NodeId, path: &[u8]) -> Lookup {
        let nothing = if self.is_complete {
            Lookup::Missing
        } else {
            Lookup::Unknown
        };
        let mut links = 0;
        let mut at = from;
        // What is left to walk, the next name last.
        let mut left: Vec<Vec<u8>> = Vec::new();
        let mut next = Some(path.to_vec());
        loop {
            if let Some(path) = next.take() {
                if path.starts_with(b"/") {
                    if !self.is_anchored {
                        return Lookup::Unknown;
                    }
                    at = self.root();
                }
                left.extend(
                    path.split(|&byte| byte == b'/')
                        .rev()
                        .filter(|name| !name.is_empty())
                        .map(<[u8]>::to_vec),
                );
            }
            let Some(name) = left.pop() else {
                return Lookup::Found(at);
            };
            match &*name {
                b"." => continue,
                b".." => {
                    match self.parent(at) {
                        Some(parent) => at = parent,
                        None if self.is_anchored => {}
                        None => return Lookup::Unknown,
                    }
                    continue;
                }
                _ => {}
            }
            let Some(child) = self.child(at, &name) else {
                // Where something is in the way, nothing below it can be.
                return if self.is_directory(at) {
                    nothing
                } else {
                    Lookup::Missing
                };
            };
            if let Kind::Link(target) = &self.entry(child).kind {
                links += 1;
                if links > MOST_LINKS {
                    return Lookup::Missing;
                }
                next = Some(target.to_vec());
            } else {
                at = child;
            }
        }
    }

    /// Where an absolute path leads.
    pub fn absolute(&self, path: &[u8]) -> Lookup {
        if self.is_anchored {
            self.lookup(self.root(), path)
        } else {
            Lookup::Unknown
        }
    }

    /// The node itself, or what it leads to where it is a link.
    pub fn follow(&self, node: NodeId) -> Lookup {
        match (&self.entry(node).kind, self.parent(node)) {
            (Kind::Link(target), Some(parent)) => self.lookup(parent, target),
            _ => Lookup::Found(node),
        }
    }

    /// What a directory holds by this name, links followed.
    pub fn within(&self, directory: NodeId, path: &[u8]) -> Option<NodeId> {
        self.lookup(directory, path).found()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn check(is_complete: bool, path: &str, expected: &str) {
        let mut tree = sample::tree(
            "== etc/a\n== etc/up -> ../../../etc/a\n== bin -> usr/bin\n== usr/bin/sh -> /bin/dash\n\
             == usr/bin/dash\n== loop -> loop\n== gone -> /nowhere\n",
        )
        .unwrap();
        tree.is_anchored = true;
        tree.is_complete = is_complete;
        let found = match tree.absolute(path.as_bytes()) {
            Lookup::Found(node) => String::from_utf8_lossy(&tree.path(node)).into_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn links_stay_inside() {
        for (path, expected) in [
            ("/etc/a", "etc/a"),
            ("/etc/up", "etc/a"),
            ("/bin/sh", "usr/bin/dash"),
            ("/etc/../../etc//./a", "etc/a"),
            ("/", ""),
            ("/loop", "Missing"),
            ("/etc/a/b", "Missing"),
        ] {
            check(true, path, expected);
            check(false, path, expected);
        }
    }

    #[test]
    fn what_is_not_here_may_be_in_a_layer_below() {
        for path in ["/gone", "/usr/bin/bash"] {
            check(true, path, "Missing");
            check(false, path, "Unknown");
        }
    }
}
