//! What a tree means: services, definitions, scripts, s6-overlay, and how they belong together.
//! It judges nothing: that is for `rules`.

mod accounts;
mod assembly;
mod build_steps;
pub mod commands;
mod container;
mod definition;
pub mod description;
mod graph;
pub mod leftover;
mod overlay;
pub mod process;
mod readers;
pub mod recognition;
mod script;
mod script_search;
mod search_path;
mod service;

pub use accounts::Accounts;
pub use assembly::{Around, assemble};
pub use container::ContainerFile;
pub use definition::{Definition, DefinitionId, NameEntry, SourceDirectory, SourceId, SourceKind};
pub use graph::{Database, GraphNode};
pub use overlay::Overlay;
pub use readers::{DefinitionKind, definition_kind, names, number, signal, timeout};
pub use recognition::{Piece, PieceKind};
pub use script::{Owner, Role, Script, ScriptId};
pub use script_search::MOST_OF_SCRIPTS;
pub use search_path::{FilesByName, SearchPath, Whereabouts};
pub use service::{SERVICE_FILES, ScanDirectory, Service, ServiceId, ServiceKind};

use crate::overlay::Version;
use crate::programs::Programs;
use crate::tree::{NodeId, Tree};
use std::collections::HashMap;

/// All that is known of what is linted.
#[derive(Debug)]
pub struct Model<'t> {
    /// The files.
    pub tree: &'t Tree,
    /// What people gave.
    pub kind: PieceKind,
    /// The programs that are known.
    pub programs: &'t Programs,
    /// s6-overlay.
    pub overlay: Overlay,
    /// The scan directories.
    pub scan_directories: Vec<ScanDirectory>,
    /// The service directories, and the definitions of s6-rc longruns.
    pub services: Vec<Service>,
    /// The s6-rc source directories.
    pub sources: Vec<SourceDirectory>,
    /// The s6-rc service definition directories.
    pub definitions: Vec<Definition>,
    /// What is compiled together.
    pub databases: Vec<Database>,
    /// The directories `cont-init.d`, `cont-finish.d`, `fix-attrs.d`.
    pub hooks: Vec<NodeId>,
    /// The scripts.
    pub scripts: Vec<Script>,
    /// Those that are not read, as the others are so long already.
    pub unread: Vec<NodeId>,
    /// The files beside the root.
    pub containers: Vec<ContainerFile>,
    /// The image's users; `None` where that is not known.
    pub accounts: Option<Accounts>,
    by_node: HashMap<NodeId, ScriptId>,
    by_source: HashMap<SourceId, usize>,
    files_by_name: FilesByName,
}

/// What decides how a tree is understood, besides the tree.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// The version of s6-overlay, where people say it.
    pub overlay_version: Option<Version>,
    /// Where the files beside the root are in the tree.
    pub beside: Vec<NodeId>,
    /// True where further s6-rc source directories were found, which may be compiled together
    /// with this one.
    pub has_further_sources: bool,
}

impl<'t> Model<'t> {
    /// What `tree` means, of which people gave `piece` at `given`.
    pub fn build(
        tree: &'t Tree,
        kind: PieceKind,
        given: NodeId,
        programs: &'t Programs,
        settings: &Settings,
    ) -> Model<'t> {
        let mut model = Model {
            tree,
            kind,
            programs,
            overlay: Overlay::default(),
            scan_directories: Vec::new(),
            services: Vec::new(),
            sources: Vec::new(),
            definitions: Vec::new(),
            databases: Vec::new(),
            hooks: Vec::new(),
            scripts: Vec::new(),
            unread: Vec::new(),
            containers: Vec::new(),
            accounts: Accounts::read(tree),
            by_node: HashMap::new(),
            by_source: HashMap::new(),
            files_by_name: FilesByName::default(),
        };
        for &node in &settings.beside {
            if let Ok(text) = tree.entry(node).bytes() {
                model
                    .containers
                    .extend(ContainerFile::read(node, tree.name(node), text));
            }
        }
        model.find(kind, given);
        if settings.has_further_sources {
            for source in &mut model.sources {
                source.is_closed &= tree.is_complete;
            }
        }
        model.read_scripts(kind, given);
        model.overlay = overlay::overlay(&model, settings.overlay_version);
        model.databases = graph::databases(&model);
        for (place, database) in model.databases.iter().enumerate() {
            let sources = database.sources.iter().map(|&source| (source, place));
            model.by_source.extend(sources);
        }
        model
    }

    /// Finds what is there by its place.
    fn find(&mut self, kind: PieceKind, given: NodeId) {
        let tree = self.tree;
        match kind {
            PieceKind::Source => self.add_source(given, true),
            PieceKind::Scan => self.add_scan(given),
            PieceKind::Service => {
                self.add_service(given, tree.name(given).to_vec(), ServiceKind::Alone);
            }
            PieceKind::Definition => self.add_lone_definition(given),
            PieceKind::Hooks => self.hooks.push(given),
            PieceKind::Root | PieceKind::Part | PieceKind::Script | PieceKind::Container => {}
        }
        if matches!(kind, PieceKind::Script | PieceKind::Container) {
            return;
        }
        // What stands around what was given is part of the picture; it is not judged.
        for (place, directory) in [
            ("/etc/s6-overlay/s6-rc.d", true),
            ("/etc/s6-overlay/user-bundles.d", true),
            ("/etc/services.d", false),
        ] {
            if let Some(node) = self.directory_at(place) {
                if directory {
                    self.add_source(node, false);
                } else {
                    self.add_scan(node);
                }
            }
        }
        for name in recognition::HOOKS {
            let place = [b"/etc/", name].concat();
            let known = tree
                .absolute(&place)
                .found()
                .filter(|&n| tree.is_directory(n));
            if let Some(node) = known
                && !self.hooks.contains(&node)
            {
                self.hooks.push(node);
            }
        }
        if matches!(kind, PieceKind::Root | PieceKind::Part) {
            self.find_others();
        }
    }

    fn directory_at(&self, place: &str) -> Option<NodeId> {
        let node = self.tree.absolute(place.as_bytes()).found()?;
        self.tree.is_directory(node).then_some(node)
    }

    /// Source and scan directories at no known place, below those where they are customary.
    fn find_others(&mut self) {
        const CUSTOMARY: [&str; 8] = [
            "/etc/s6",
            "/etc/s6-rc",
            "/etc/s6-overlay",
            "/etc/service",
            "/service",
            "/services",
            "/var/service",
            "/opt/s6",
        ];
        for place in CUSTOMARY {
            if let Some(node) = self.directory_at(place) {
                self.find_below(node, 0);
            }
        }
    }

    fn find_below(&mut self, node: NodeId, depth: usize) {
        let tree = self.tree;
        let is_known = self.sources.iter().any(|source| source.directory == node)
            || self
                .scan_directories
                .iter()
                .any(|scan| scan.directory == node);
        if is_known || depth > 4 {
            return;
        }
        let children = || {
            tree.children(node)
                .iter()
                .copied()
                .filter(|&child| tree.is_directory(child))
        };
        if children().any(|child| definition::looks_like_definition(tree, child)) {
            self.add_source(node, false);
        } else if children().any(|child| service::looks_like_service(tree, child)) {
            self.add_scan(node);
        } else {
            for child in children() {
                self.find_below(child, depth + 1);
            }
        }
    }

    fn add_service(&mut self, directory: NodeId, name: Vec<u8>, kind: ServiceKind) -> ServiceId {
        let tree = self.tree;
        let id = ServiceId(self.services.len());
        self.services.push(Service {
            directory,
            name: name.clone(),
            kind,
            logger: None,
            logged: None,
        });
        let log = tree.within(directory, b"log");
        let has_logger = !matches!(kind, ServiceKind::Logger | ServiceKind::Longrun(_));
        if let Some(log) = log.filter(|&log| has_logger && tree.is_directory(log)) {
            let name = [&*name, b"/log"].concat();
            let logger = self.add_service(log, name, ServiceKind::Logger);
            if let Some(service) = self.services.get_mut(id.0) {
                service.logger = Some(logger);
            }
            if let Some(service) = self.services.get_mut(logger.0) {
                service.logged = Some(id);
            }
        }
        id
    }

    fn add_scan(&mut self, directory: NodeId) {
        let tree = self.tree;
        if self
            .scan_directories
            .iter()
            .any(|scan| scan.directory == directory)
            || service::is_of_another_supervisor(tree, directory)
        {
            return;
        }
        let is_legacy = self.directory_at("/etc/services.d") == Some(directory);
        let kind = if is_legacy {
            ServiceKind::Legacy
        } else {
            ServiceKind::Scanned
        };
        let mut services = Vec::new();
        for &child in tree.children(directory) {
            if tree.name(child).starts_with(b".") {
                continue;
            }
            if let Some(node) = tree.follow(child).found()
                && tree.is_directory(node)
            {
                services.push(self.add_service(node, tree.name(child).to_vec(), kind));
            }
        }
        self.scan_directories.push(ScanDirectory {
            directory,
            is_legacy,
            services,
        });
    }

    fn add_source(&mut self, directory: NodeId, is_all: bool) {
        if self
            .sources
            .iter()
            .any(|source| source.directory == directory)
        {
            return;
        }
        let tree = self.tree;
        let kind = if self.directory_at("/etc/s6-overlay/s6-rc.d") == Some(directory) {
            SourceKind::Overlay
        } else if self.directory_at("/etc/s6-overlay/user-bundles.d") == Some(directory) {
            SourceKind::OverlayBundles
        } else {
            SourceKind::Plain
        };
        let id = SourceId(self.sources.len());
        let definitions = tree
            .children(directory)
            .iter()
            .copied()
            .filter(|&child| !tree.name(child).starts_with(b"."))
            .filter_map(|child| tree.follow(child).found().map(|node| (child, node)))
            .filter(|&(_, node)| tree.is_directory(node))
            .map(|(child, node)| self.add_definition(node, tree.name(child), id))
            .collect();
        let definitions: Vec<DefinitionId> = definitions;
        // Without a bundle it is most likely an addition to the sources of a distribution.
        let has_bundle = definitions
            .iter()
            .any(|&id| self.definition(id).is(DefinitionKind::Bundle));
        self.sources.push(SourceDirectory {
            directory,
            kind,
            definitions,
            is_closed: tree.is_complete || is_all && has_bundle && kind == SourceKind::Plain,
        });
    }

    fn add_definition(&mut self, directory: NodeId, name: &[u8], source: SourceId) -> DefinitionId {
        let id = DefinitionId(self.definitions.len());
        let mut definition = Definition::read(self.tree, directory, source);
        definition.name = name.to_vec();
        let is_longrun = definition.is(DefinitionKind::Longrun);
        self.definitions.push(definition);
        if is_longrun {
            self.add_service(directory, name.to_vec(), ServiceKind::Longrun(id));
        }
        id
    }

    /// A definition that was given without its source directory.
    fn add_lone_definition(&mut self, directory: NodeId) {
        let tree = self.tree;
        let id = SourceId(self.sources.len());
        let parent = tree.parent(directory).unwrap_or(directory);
        let definition = self.add_definition(directory, tree.name(directory), id);
        self.sources.push(SourceDirectory {
            directory: parent,
            kind: SourceKind::Plain,
            definitions: vec![definition],
            is_closed: false,
        });
    }

    /// A service.
    pub fn service(&self, id: ServiceId) -> &Service {
        #[expect(clippy::indexing_slicing, reason = "the id comes from this list")]
        &self.services[id.0]
    }

    /// A definition.
    pub fn definition(&self, id: DefinitionId) -> &Definition {
        #[expect(clippy::indexing_slicing, reason = "the id comes from this list")]
        &self.definitions[id.0]
    }

    /// A source directory.
    pub fn source(&self, id: SourceId) -> &SourceDirectory {
        #[expect(clippy::indexing_slicing, reason = "the id comes from this list")]
        &self.sources[id.0]
    }

    /// The script that a file is; the file may be a link to it.
    pub fn script_at(&self, node: NodeId) -> Option<&Script> {
        let node = self.tree.follow(node).found()?;
        self.scripts.get(self.by_node.get(&node)?.0)
    }

    /// A service's script: `run`, `finish`, `data/check`.
    pub fn script_of(&self, service: &Service, name: &str) -> Option<&Script> {
        self.script_at(service.file(self.tree, name)?)
    }

    /// A definition's script: `up`, `down`, `run`, `finish`.
    pub fn script_in(&self, definition: &Definition, name: &str) -> Option<&Script> {
        self.script_at(definition.file(self.tree, name)?)
    }

    /// The service whose script this is.
    pub fn service_of(&self, script: &Script) -> Option<&Service> {
        match script.owner {
            Owner::Service(id) => Some(self.service(id)),
            _ => None,
        }
    }

    /// The definition whose script this is: a oneshot's, or a longrun's.
    pub fn definition_of(&self, script: &Script) -> Option<&Definition> {
        match script.owner {
            Owner::Definition(id) => Some(self.definition(id)),
            Owner::Service(id) => match self.service(id).kind {
                ServiceKind::Longrun(id) => Some(self.definition(id)),
                _ => None,
            },
            Owner::Nobody => None,
        }
    }

    /// The database that a definition is compiled into.
    pub fn database_of(&self, definition: &Definition) -> Option<&Database> {
        self.databases.get(*self.by_source.get(&definition.source)?)
    }

    /// How many files were looked at: for the summary.
    pub fn files(&self) -> usize {
        self.tree
            .all()
            .filter(|&node| self.tree.is_given(node) && !self.tree.is_directory(node))
            .count()
    }
}
