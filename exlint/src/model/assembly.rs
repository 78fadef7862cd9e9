//! The tree that a piece is looked at in: the piece itself, over the image's root and its base
//! layers.

use super::recognition::{Piece, PieceKind};
use crate::tree::{Entry, Layers, NodeId, Tree};
use std::sync::Arc;

/// What stands around a piece.
#[derive(Default, Debug)]
pub struct Around<'t> {
    /// Lower layers, the lowest first.
    pub bases: &'t [Tree],
    /// The image's root, where that is not the piece, and where the piece is in it.
    pub root: Option<(&'t Tree, Option<Vec<u8>>)>,
    /// Files beside the root: a Dockerfile and its like.
    pub beside: Vec<(Vec<u8>, Arc<Entry>)>,
}

/// The tree, where the piece is in it, and the files beside the root.
pub fn assemble(given: &Tree, piece: &Piece, around: Around<'_>) -> (Tree, NodeId, Vec<NodeId>) {
    let mut layers = Layers::new();
    for base in around.bases {
        layers.put(base, base.root(), b"", false);
    }
    let mut in_root = None;
    let has_root = around.root.is_some();
    if let Some((root, place)) = around.root {
        layers.put(root, root.root(), b"", false);
        in_root = place;
    }
    let known = in_root.or_else(|| piece.place.clone());
    let is_anchored = known.is_some() || has_root || !around.bases.is_empty();
    let name = match given.name(piece.node) {
        b"" => base_of(given, piece.node),
        name => name.to_vec(),
    };
    let place = known.unwrap_or_else(|| {
        if is_anchored && piece.kind != PieceKind::Root {
            [b"run/service/", &*name].concat()
        } else if piece.kind == PieceKind::Root {
            Vec::new()
        } else {
            name
        }
    });
    if piece.kind != PieceKind::Container {
        layers.put(given, piece.node, &place, true);
    }
    let beside = around
        .beside
        .into_iter()
        .map(|(name, entry)| layers.beside(&name, entry))
        .collect();
    let mut tree = layers.finish(false);
    tree.is_anchored = is_anchored;
    tree.is_complete = is_anchored
        && (piece.kind == PieceKind::Root || has_root || !around.bases.is_empty())
        && is_complete(&tree);
    let node = tree.lookup(tree.root(), &place).found();
    let node = node.unwrap_or(tree.root());
    (tree, node, beside)
}

/// The name of what was given, from its path on disk.
fn base_of(given: &Tree, node: NodeId) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    let disk = given.entry(node).disk();
    let disk = std::fs::canonicalize(&disk).unwrap_or(disk);
    let name = disk.file_name().map(|name| name.as_bytes().to_vec());
    name.unwrap_or_else(|| b"given".to_vec())
}

/// True for the root of a whole image, false for that of a layer: it has users and programs.
fn is_complete(tree: &Tree) -> bool {
    let has = |path: &str| tree.absolute(path.as_bytes()).found().is_some();
    // A layer may bring scripts of its own, and a file that keeps a directory in a repository.
    let is_program =
        |node| !tree.name(node).starts_with(b".") && tree.entry(node).beginning(2) != b"#!";
    let has_programs = |path: &str| {
        tree.absolute(path.as_bytes())
            .found()
            .is_some_and(|node| tree.children(node).iter().copied().any(is_program))
    };
    (has("/etc/passwd") || has("/etc/os-release") || has("/usr/lib/os-release"))
        && (has("/bin/sh") || has_programs("/usr/bin") || has_programs("/command"))
}
