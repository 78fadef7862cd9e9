//! Whether an image has s6-overlay, and which version.

use super::Model;
use crate::overlay::Version;
use crate::script::Language;
use crate::tree::{NodeId, Tree};

/// s6-overlay in an image.
#[derive(Clone, Default, Debug)]
pub struct Overlay {
    /// True where something shows that the image has, or will have, s6-overlay.
    pub is_present: bool,
    /// Its version, where that is known.
    pub version: Option<Version>,
    /// Its major version, where that is known, or told by what the image uses.
    pub generation: Option<u32>,
    /// The file or directory that tells the version.
    pub told_by: Option<NodeId>,
}

impl Overlay {
    /// True where the version is known and at least this.
    pub fn is_at_least(&self, version: Version) -> bool {
        self.version.is_some_and(|known| known >= version)
    }

    /// True where the version is known and below this.
    pub fn is_before(&self, version: Version) -> bool {
        self.version.is_some_and(|known| known < version)
    }

    /// True unless it is known to be a version before 3.
    pub fn may_be_v3(&self) -> bool {
        self.generation.is_none_or(|generation| generation >= 3)
    }
}

/// The version that is unpacked below `/package/admin`.
fn unpacked(tree: &Tree) -> Option<(NodeId, Version)> {
    let admin = tree.absolute(b"/package/admin").found()?;
    tree.children(admin).iter().find_map(|&child| {
        let version = tree.name(child).strip_prefix(b"s6-overlay-")?;
        Some((child, Version::parse(version)?))
    })
}

/// What is known of s6-overlay; `configured` goes before everything.
pub fn overlay(model: &Model<'_>, configured: Option<Version>) -> Overlay {
    let tree = model.tree;
    let unpacked = unpacked(tree);
    let in_container = model
        .containers
        .iter()
        .find_map(|file| file.overlay_version);
    let version = configured
        .or(unpacked.map(|(_, version)| version))
        .or(in_container);
    let exists = |path: &str| tree.absolute(path.as_bytes()).found().is_some();
    let is_v3 = exists("/etc/s6-overlay")
        || exists("/package/admin/s6-overlay")
        || exists("/command/with-contenv");
    let interpreters = |names: &[&[u8]]| {
        model.scripts.iter().any(|script| {
            let shebang = script.shebang.as_ref();
            shebang.is_some_and(|shebang| names.contains(&&*shebang.interpreter))
                && script.language != Language::Binary
        })
    };
    let generation = version.map(|version| version.major()).or_else(|| {
        if is_v3 || interpreters(&[b"/command/with-contenv", b"/command/execlineb"]) {
            Some(3)
        } else if interpreters(&[b"/usr/bin/with-contenv"])
            || exists("/etc/services.d")
                && interpreters(&[b"/usr/bin/execlineb", b"/bin/execlineb"])
        {
            Some(2)
        } else {
            None
        }
    });
    Overlay {
        is_present: version.is_some()
            || is_v3
            || generation.is_some() && exists("/etc/services.d")
            || exists("/etc/cont-init.d")
            || exists("/etc/cont-finish.d")
            || model.scan_directories.iter().any(|scan| scan.is_legacy),
        version,
        generation,
        told_by: unpacked.map(|(node, _)| node),
    }
}
