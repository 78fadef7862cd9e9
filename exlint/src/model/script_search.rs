//! Where the scripts of an image are: those of services, of oneshots, hooks, those that a
//! oneshot names, and execline scripts at no known place. They are read here, all at once.

use super::Model;
use super::definition::DefinitionId;
use super::readers::DefinitionKind;
use super::recognition::{self, PieceKind};
use super::script::{Found, Owner, Role, Script, ScriptId};
use super::service::ServiceId;
use crate::tree::{LARGEST, Lookup, NodeId};
use rayon::prelude::*;
use std::collections::HashSet;

/// As long all scripts of an image may be together. A hundred times more than any image has: what
/// is known of a script takes some hundred times its memory at worst.
pub const MOST_OF_SCRIPTS: u64 = 32 << 20;

impl Model<'_> {
    pub(super) fn read_scripts(&mut self, kind: PieceKind, given: NodeId) {
        let mut found = self.scripts_of_services();
        found.extend(self.scripts_of_definitions());
        found.extend(self.hook_scripts());
        found.extend(self.other_scripts(kind, given));
        self.add_scripts(found);
        // What oneshots name is known once they are read.
        let named = self.named_scripts();
        self.add_scripts(named);
    }

    fn add_scripts(&mut self, found: Vec<Found>) {
        let mut seen: HashSet<NodeId> = self.by_node.keys().copied().collect();
        let found: Vec<Found> = found
            .into_iter()
            .filter(|found| {
                let node = self.tree.follow(found.entry).found();
                node.is_some_and(|node| seen.insert(node))
            })
            .collect();
        // The same are read whoever comes first: that must not depend on how fast a thread is.
        let mut sum: u64 = self.scripts.iter().map(|it| it.text.len() as u64).sum();
        let is_read = |found: &Found| {
            let node = self.tree.follow(found.entry).found();
            let entry = node.map(|node| self.tree.entry(node));
            let size = entry.map_or(0, |entry| entry.size.min(LARGEST));
            sum += size;
            sum <= MOST_OF_SCRIPTS
        };
        let (found, unread): (Vec<Found>, Vec<Found>) = found.into_iter().partition(is_read);
        let unread = unread.into_iter();
        self.unread
            .extend(unread.filter_map(|found| self.tree.follow(found.entry).found()));
        let scripts: Vec<Script> = found
            .into_par_iter()
            .filter_map(|found| Script::read(self.tree, self.programs, found))
            .collect();
        for script in scripts {
            let id = ScriptId(self.scripts.len());
            self.by_node.insert(script.node, id);
            self.scripts.push(script);
        }
    }

    fn scripts_of_services(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (place, service) in self.services.iter().enumerate() {
            let owner = Owner::Service(ServiceId(place));
            for (name, role) in [("run", Role::Run), ("finish", Role::Finish)] {
                if let Some(entry) = self.tree.child(service.directory, name.as_bytes()) {
                    found.push(Found { entry, role, owner });
                }
            }
            if let Some(entry) = service.file(self.tree, "data/check") {
                let role = Role::Check;
                found.push(Found { entry, role, owner });
            }
        }
        for scan in &self.scan_directories {
            let control = self.tree.child(scan.directory, b".s6-svscan");
            let scripts = control.map_or(&[][..], |control| self.tree.children(control));
            let named = scripts
                .iter()
                .filter(|&&entry| !self.tree.name(entry).starts_with(b"."));
            found.extend(named.map(|&entry| Found {
                entry,
                role: Role::Control,
                owner: Owner::Nobody,
            }));
        }
        found
    }

    fn scripts_of_definitions(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (place, definition) in self.definitions.iter().enumerate() {
            // Where `type` says nothing that counts, the other files say what is meant.
            let files: &[(&str, Role)] = match definition.kind {
                Some(DefinitionKind::Oneshot) => &[("up", Role::Up), ("down", Role::Down)],
                // Of a layer, where the one below has `type`: a oneshot's `up` may name it.
                None if !self.tree.is_complete
                    && self.tree.child(definition.directory, b"type").is_none() =>
                {
                    &[("up", Role::Up), ("run", Role::Other)]
                }
                None => &[
                    ("up", Role::Up),
                    ("run", Role::Run),
                    ("finish", Role::Finish),
                ],
                Some(_) => continue,
            };
            let owner = Owner::Definition(DefinitionId(place));
            for &(name, role) in files {
                if let Some(entry) = self.tree.child(definition.directory, name.as_bytes()) {
                    found.push(Found { entry, role, owner });
                }
            }
        }
        found
    }

    fn hook_scripts(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for &directory in &self.hooks {
            let role = match self.tree.name(directory) {
                b"cont-init.d" => Role::InitHook,
                b"cont-finish.d" => Role::FinishHook,
                _ => continue,
            };
            for &entry in self.tree.children(directory) {
                if !self.tree.name(entry).starts_with(b".") {
                    found.push(Found {
                        entry,
                        role,
                        owner: Owner::Nobody,
                    });
                }
            }
        }
        found
    }

    /// The files that oneshots' command lines name.
    fn named_scripts(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for script in self
            .scripts
            .iter()
            .filter(|script| script.role.is_compiled())
        {
            let Some(execline) = &script.execline else {
                continue;
            };
            for visit in execline.visits() {
                let program = &visit.invocation.program.value;
                if program.starts_with(b"/")
                    && let Lookup::Found(entry) = self.tree.absolute(program)
                {
                    found.push(Found {
                        entry,
                        role: Role::NamedByOneshot,
                        owner: script.owner,
                    });
                }
            }
        }
        found
    }

    /// Execline scripts at no known place; of s6-overlay's own packages none.
    fn other_scripts(&self, kind: PieceKind, given: NodeId) -> Vec<Found> {
        let tree = self.tree;
        let other = |entry: NodeId| Found {
            entry,
            role: Role::Other,
            owner: Owner::Nobody,
        };
        if kind == PieceKind::Script {
            let role = match tree.name(given) {
                b"run" => Role::Run,
                b"finish" => Role::Finish,
                b"up" => Role::Up,
                b"down" => Role::Down,
                _ => Role::Other,
            };
            // A file `down` is a oneshot's only if it says something; and a first line shows
            // that a file is to be executed.
            let text = tree.entry(given).beginning(2);
            let role = if role.is_compiled() && text.is_empty() {
                Role::Other
            } else {
                role
            };
            return vec![Found {
                role,
                ..other(given)
            }];
        }
        if !matches!(kind, PieceKind::Root | PieceKind::Part) {
            return Vec::new();
        }
        let vendor: Vec<NodeId> = ["/package", "/command", "/usr/share", "/usr/lib/execline"]
            .iter()
            .filter_map(|place| tree.absolute(place.as_bytes()).found())
            .collect();
        let nodes: Vec<NodeId> = tree.all().filter(|&node| tree.is_given(node)).collect();
        nodes
            .into_par_iter()
            .filter(|&node| tree.is_file(node) && tree.entry(node).is_executable())
            .filter(|&node| !vendor.iter().any(|&vendor| tree.is_within(node, vendor)))
            .filter(|&node| recognition::is_execline_script(tree, node))
            .map(other)
            .collect()
    }
}
