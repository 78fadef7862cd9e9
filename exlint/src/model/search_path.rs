//! Where the programs of services are looked for, and where a name stands in the image at all.
//! What a script does to its PATH is not seen here.

use super::{Model, Script};
use crate::overlay::service_path::{GLOBAL_PATH, Origin, service_path};
use crate::tree::{Lookup, NodeId, Tree};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Directories that programs are looked for in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchPath {
    /// In the order of the search.
    pub directories: Vec<Vec<u8>>,
    /// True where these are surely all.
    pub is_complete: bool,
}

/// Where a program is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whereabouts {
    /// Where it is looked for.
    Found(NodeId),
    /// Not there, but a file of this name is here.
    Elsewhere(NodeId),
    /// No file of the image has this name.
    Nowhere,
    /// That cannot be known.
    Unknown,
}

/// The files of a tree by name; of several with one name, the one most like a program.
#[derive(Default, Debug)]
pub struct FilesByName(OnceLock<HashMap<Box<[u8]>, NodeId>>);

impl FilesByName {
    fn get(&self, tree: &Tree, name: &[u8]) -> Option<NodeId> {
        let files = self.0.get_or_init(|| {
            let mut files: HashMap<Box<[u8]>, NodeId> = HashMap::new();
            for node in tree.all().filter(|&node| !tree.is_directory(node)) {
                files
                    .entry(tree.name(node).into())
                    .and_modify(|known| {
                        if !is_program(tree, *known) && is_program(tree, node) {
                            *known = node;
                        }
                    })
                    .or_insert(node);
            }
            files
        });
        files.get(name).copied()
    }
}

fn is_program(tree: &Tree, node: NodeId) -> bool {
    let directory = tree.parent(node).map(|directory| tree.name(directory));
    matches!(directory, Some(b"bin" | b"sbin" | b"command")) && tree.entry(node).is_executable()
}

impl Model<'_> {
    /// Where the programs that a script names are looked for.
    pub fn search_path(&self, script: &Script) -> SearchPath {
        if !self.overlay.is_present {
            let usual = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
            return SearchPath {
                directories: usual.map(|place| place.as_bytes().to_vec()).to_vec(),
                is_complete: false,
            };
        }
        let mut paths = self.all_containers();
        let image_path = paths.find_map(|container| container.variable(b"PATH"));
        let global_path = self.tree.absolute(GLOBAL_PATH.as_bytes()).found();
        let global_path = global_path.and_then(|node| self.tree.entry(node).bytes().ok());
        let loads = script
            .shebang
            .as_ref()
            .is_some_and(|shebang| shebang.name().starts_with(b"with-contenv"));
        let origin = Origin {
            image_path: image_path.and_then(|fact| fact.value.1.decided()),
            global_path: global_path.map(|text| &text[..]),
            container_environment: loads,
        };
        let found = service_path(self.overlay.version, origin);
        SearchPath {
            directories: found.directories,
            is_complete: found.complete,
        }
    }

    /// The file that a program's name leads to in the image: an absolute path as it is, a name
    /// by the directories of `path`.
    pub fn program(&self, name: &[u8], path: &[&[u8]]) -> Lookup {
        if name.contains(&b'/') {
            return if name.starts_with(b"/") {
                self.tree.absolute(name)
            } else {
                Lookup::Unknown
            };
        }
        let mut outcome = Lookup::Missing;
        for directory in path {
            match self.tree.absolute(&[*directory, b"/", name].concat()) {
                Lookup::Found(node) => return Lookup::Found(node),
                Lookup::Unknown => outcome = Lookup::Unknown,
                Lookup::Missing => {}
            }
        }
        outcome
    }

    /// Where the program is that a script names: by an absolute path, or by a name that is
    /// looked for.
    pub fn whereabouts(&self, name: &[u8], script: &Script) -> Whereabouts {
        let search = self.search_path(script);
        let directories: Vec<&[u8]> = search.directories.iter().map(Vec::as_slice).collect();
        let lookup = self.program(name, &directories);
        let is_path = name.contains(&b'/');
        match lookup {
            Lookup::Found(node) => return Whereabouts::Found(node),
            Lookup::Unknown => return Whereabouts::Unknown,
            Lookup::Missing => {}
        }
        let base = crate::bytes::base_name(name);
        match self.files_by_name.get(self.tree, base) {
            None => Whereabouts::Nowhere,
            Some(node) if is_path || search.is_complete => Whereabouts::Elsewhere(node),
            Some(_) => Whereabouts::Unknown,
        }
    }
}
