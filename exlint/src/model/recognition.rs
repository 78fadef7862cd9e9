//! What a path holds: an image's root, s6-overlay's `etc`, s6-rc sources, scan directories,
//! service directories, scripts. Each is recognised by what it holds; where nothing is, the
//! directories below are looked at.

use super::definition::looks_like_definition;
use super::service::looks_like_service;
use crate::bytes::contains;
use crate::container;
use crate::script::{Language, Shebang};
use crate::tree::{NodeId, Tree};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Something that can be linted by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it is in the tree that was given.
    pub node: NodeId,
    /// Its path in an image, where that is known: `etc/services.d`; empty for a root.
    pub place: Option<Vec<u8>>,
}

/// What can be linted by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PieceKind {
    /// The root of an image, or of a layer of one.
    Root,
    /// A directory that belongs to an image, with other things in it: `etc`, `s6-overlay`.
    Part,
    /// A directory of scripts that are run at boot or at the end: `cont-init.d` and its like.
    Hooks,
    /// An s6-rc source directory.
    Source,
    /// An s6-rc service definition directory.
    Definition,
    /// A scan directory.
    Scan,
    /// A service directory.
    Service,
    /// A script.
    Script,
    /// What says how a container is built and started, without the root of its image: a
    /// Dockerfile, a compose file, an add-on's configuration, or the directory of some.
    Container,
}

/// The hook directories of s6-overlay.
pub const HOOKS: [&[u8]; 3] = [b"cont-init.d", b"cont-finish.d", b"fix-attrs.d"];

/// What there is to lint in a tree; `place` is where its root is in an image, as far as the
/// path by which people gave it says.
pub fn pieces(tree: &Tree, path: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let root = tree.root();
    if tree.is_directory(root) {
        Search {
            tree,
            path,
            pieces: &mut pieces,
        }
        .directory(root, 0);
    } else {
        let kind = if is_container_file(tree, root) {
            PieceKind::Container
        } else {
            PieceKind::Script
        };
        pieces.push(Piece {
            kind,
            node: root,
            place: place_in_image(path),
        });
    }
    pieces
}

/// True for a file that says how a container is built or started.
pub fn is_container_file(tree: &Tree, node: NodeId) -> bool {
    let entry = tree.entry(node);
    let name = std::path::Path::new(OsStr::from_bytes(&entry.below)).file_name();
    let name = name.map_or(&b""[..], OsStr::as_bytes);
    tree.is_file(node)
        && may_be_container_file(name)
        && entry
            .bytes()
            .is_ok_and(|text| container::recognise(name, text).is_some())
}

/// True for a name that such files have; whether one is, what it holds tells.
pub fn may_be_container_file(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    may_be_dockerfile(name)
        || lower.ends_with(b".yaml")
        || lower.ends_with(b".yml")
        || lower == b"config.json"
}

/// True for a name that Dockerfiles have.
pub fn may_be_dockerfile(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let has = |part: &[u8]| contains(&lower, part);
    has(b"dockerfile") || has(b"containerfile")
}

/// Directories that images have and that nothing is searched in.
const DEEPEST: usize = 24;

struct Search<'t, 'p> {
    tree: &'t Tree,
    path: &'t [u8],
    pieces: &'p mut Vec<Piece>,
}

impl Search<'_, '_> {
    fn directory(&mut self, node: NodeId, depth: usize) {
        if let Some(kind) = kind_of(self.tree, node, self.name(node)) {
            let place = match kind {
                PieceKind::Root => Some(Vec::new()),
                _ => self.place(node, kind),
            };
            self.pieces.push(Piece { kind, node, place });
            return;
        }
        if depth >= DEEPEST {
            return;
        }
        let before = self.pieces.len();
        let mut is_container = false;
        for &child in self.tree.children(node) {
            is_container = is_container || is_container_file(self.tree, child);
            if self.tree.is_directory(child) {
                self.directory(child, depth + 1);
            } else if self.tree.is_file(child)
                && !is_template(self.tree.name(child))
                && is_execline_script(self.tree, child)
            {
                let place = self.place(child, PieceKind::Script);
                self.pieces.push(Piece {
                    kind: PieceKind::Script,
                    node: child,
                    place,
                });
            }
        }
        // Where the root stands beside them, they are looked at with it.
        let has_root = self.pieces.iter().skip(before).any(|piece| {
            matches!(piece.kind, PieceKind::Root | PieceKind::Part)
                && self.tree.parent(piece.node) == Some(node)
        });
        if is_container && !has_root {
            self.pieces.push(Piece {
                kind: PieceKind::Container,
                node,
                place: None,
            });
        }
    }

    /// The name of the root is the last part of the path it was given by.
    fn name(&self, node: NodeId) -> &[u8] {
        if node == self.tree.root() {
            self.path.rsplit(|&byte| byte == b'/').next().unwrap_or(b"")
        } else {
            self.tree.name(node)
        }
    }

    fn place(&self, node: NodeId, kind: PieceKind) -> Option<Vec<u8>> {
        let full = [self.path, b"/", &*self.tree.path(node)].concat();
        place_in_image(&full).or_else(|| {
            let name = self.name(node);
            match (kind, name) {
                (PieceKind::Part, b"s6-overlay") | (PieceKind::Hooks, _) => {
                    Some([b"etc/", name].concat())
                }
                // What it holds tells what it is copied to, whatever it is called.
                (PieceKind::Part, _) => {
                    let has = |name: &[u8]| self.tree.child(node, name).is_some();
                    let is_overlay = has(b"s6-rc.d") || has(b"user-bundles.d");
                    Some(
                        if is_overlay {
                            &b"etc/s6-overlay"[..]
                        } else {
                            b"etc"
                        }
                        .to_vec(),
                    )
                }
                (PieceKind::Scan, b"services.d") => Some(b"etc/services.d".to_vec()),
                (PieceKind::Source, b"s6-rc.d" | b"user-bundles.d") => {
                    Some([b"etc/s6-overlay/", name].concat())
                }
                _ => None,
            }
        })
    }
}

/// What stands from `etc` on in a path: that is where it will be in an image.
fn place_in_image(path: &[u8]) -> Option<Vec<u8>> {
    let names: Vec<&[u8]> = path
        .split(|&byte| byte == b'/')
        .filter(|name| !name.is_empty())
        .collect();
    let etc = names.iter().rposition(|name| *name == b"etc")?;
    Some(names.get(etc..)?.join(&b'/'))
}

fn kind_of(tree: &Tree, node: NodeId, name: &[u8]) -> Option<PieceKind> {
    let has = |name: &[u8]| tree.child(node, name).is_some();
    let has_directory = |path: &str| {
        tree.within(node, path.as_bytes())
            .is_some_and(|node| tree.is_directory(node))
    };
    const OF_ETC: [&str; 12] = [
        "s6-overlay",
        "services.d",
        "cont-init.d",
        "cont-finish.d",
        "fix-attrs.d",
        "s6-rc",
        "s6-rc.d",
        "s6",
        "s6-linux-init",
        "passwd",
        "os-release",
        "init.d",
    ];
    let etc = tree
        .within(node, b"etc")
        .filter(|&etc| tree.is_directory(etc));
    let is_root = has_directory("package/admin")
        || etc.is_some_and(|etc| {
            OF_ETC
                .iter()
                .any(|name| tree.child(etc, name.as_bytes()).is_some())
                || has_directory("usr")
                || has_directory("bin")
        });
    if is_root {
        return Some(PieceKind::Root);
    }
    if name == b"etc" && OF_ETC.iter().any(|name| has(name.as_bytes())) {
        return Some(PieceKind::Part);
    }
    if has_directory("s6-rc.d") || has_directory("user-bundles.d") {
        return Some(PieceKind::Part);
    }
    if OF_ETC
        .get(1..5)
        .unwrap_or_default()
        .iter()
        .any(|name| has_directory(name))
    {
        return Some(PieceKind::Part);
    }
    if HOOKS.contains(&name) {
        return Some(PieceKind::Hooks);
    }
    let directories = || {
        tree.children(node)
            .iter()
            .copied()
            .filter(|&child| tree.is_directory(child))
    };
    if matches!(name, b"s6-rc.d" | b"user-bundles.d")
        || directories().any(|child| looks_like_definition(tree, child))
    {
        return Some(PieceKind::Source);
    }
    if looks_like_definition(tree, node) {
        return Some(PieceKind::Definition);
    }
    if looks_like_service(tree, node) {
        return Some(PieceKind::Service);
    }
    if has(b".s6-svscan") || name == b"services.d" {
        return Some(PieceKind::Scan);
    }
    directories()
        .any(|child| looks_like_service(tree, child))
        .then_some(PieceKind::Scan)
}

/// True for the name of a file from which another one is made, or of a text about scripts.
fn is_template(name: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 9] = [
        b".in",
        b".template",
        b".tmpl",
        b".tpl",
        b".j2",
        b".erb",
        b".md",
        b".txt",
        b".html",
    ];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// True for a file whose first line names execlineb.
pub fn is_execline_script(tree: &Tree, node: NodeId) -> bool {
    let beginning = tree.entry(node).beginning(256);
    Shebang::read(&beginning)
        .is_some_and(|shebang| Language::of(&beginning, Some(&shebang)).is_execline())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::sample;

    fn check(sample: &str, path: &str, expected: &[&str]) {
        let tree = sample::tree(sample).unwrap();
        let found: Vec<String> = pieces(&tree, path.as_bytes())
            .into_iter()
            .map(|piece| {
                let place = piece.place.map(|place| String::from_utf8(place).unwrap());
                let node = String::from_utf8(tree.path(piece.node)).unwrap();
                format!(
                    "{:?} {node} {}",
                    piece.kind,
                    place.as_deref().unwrap_or("?")
                )
            })
            .collect();
        assert_eq!(found, expected, "{sample}");
    }

    #[test]
    fn a_path_is_recognised_by_what_it_holds() {
        check("== etc/services.d/a/run\n", "/x", &["Root  "]);
        check("== services.d/a/run\n", "/x/etc", &["Part  etc"]);
        check(
            "== s6-rc.d/a/type\n",
            "/x/s6-overlay",
            &["Part  etc/s6-overlay"],
        );
        check("== services.d/a/run\n", "/x", &["Part  etc"]);
        check("== s6-rc.d/a/type\n", "/x", &["Part  etc/s6-overlay"]);
        check("== a/run 0755\n#!/bin/sh\n", "/x", &["Scan  ?"]);
        check(
            "== a/run 0755\n",
            "/r/etc/services.d",
            &["Scan  etc/services.d"],
        );
        check("== run 0755\n", "/r/a", &["Service  ?"]);
        check("== a/type\nlongrun\n== a/run\n", "/s", &["Source  ?"]);
        check("== type\nlongrun\n== run\n", "/s/a", &["Definition  ?"]);
        check(
            "== app/rootfs/etc/cont-init.d/1\n== other/s/run 0755\n== x\n#!/bin/execlineb -P\n",
            "/repository",
            &["Root app/rootfs ", "Scan other ?", "Script x ?"],
        );
        check(
            "== x\n#!/bin/execlineb -P\n== x.in\n#!/bin/execlineb -P\n\
             == x.txt\n#!/bin/execlineb -P\n",
            "/repository",
            &["Script x ?"],
        );
        check("== readme\ntext\n", "/x", &[]);
        check("== Dockerfile\nFROM alpine\n", "/x", &["Container  ?"]);
        check(
            "== Dockerfile\nFROM alpine\n== rootfs/etc/services.d/a/run\n",
            "/x",
            &["Root rootfs "],
        );
    }
}
