//! Service directories: what s6-supervise runs, and what an s6-rc longrun becomes.

use super::definition::DefinitionId;
use crate::tree::{NodeId, Tree};

/// A service's place in `Model::services`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ServiceId(pub(super) usize);

/// Where a service directory stands, which decides what its files mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ServiceKind {
    /// In `/etc/services.d` of s6-overlay.
    Legacy,
    /// In another scan directory.
    Scanned,
    /// It was given by itself.
    Alone,
    /// The directory `log` of a service directory.
    Logger,
    /// The definition of an s6-rc longrun.
    Longrun(DefinitionId),
}

/// A service directory.
#[derive(Clone, Debug)]
pub struct Service {
    /// The directory.
    pub directory: NodeId,
    /// Its name; for a logger `NAME/log`.
    pub name: Vec<u8>,
    /// Where it stands.
    pub kind: ServiceKind,
    /// Its logger's directory `log`, as far as s6 sees it.
    pub logger: Option<ServiceId>,
    /// For a logger, the service whose output it reads.
    pub logged: Option<ServiceId>,
}

impl Service {
    /// A file or directory in it, links followed.
    pub fn file(&self, tree: &Tree, path: &str) -> Option<NodeId> {
        tree.within(self.directory, path.as_bytes())
    }

    /// True where s6-rc-compile makes the service directory out of this one.
    pub fn is_longrun(&self) -> bool {
        matches!(self.kind, ServiceKind::Longrun(_))
    }
}

/// A scan directory.
#[derive(Clone, Debug)]
pub struct ScanDirectory {
    /// The directory.
    pub directory: NodeId,
    /// True for `/etc/services.d` of s6-overlay, which is copied to a scan directory at boot.
    pub is_legacy: bool,
    /// The services in it.
    pub services: Vec<ServiceId>,
}

/// The files and directories that s6-supervise reads in a service directory, in any version
/// of s6. A logger's directory `log` is s6-svscan's.
pub const SERVICE_FILES: [&str; 14] = [
    "run",
    "finish",
    "down",
    "notification-fd",
    "lock-fd",
    "timeout-kill",
    "timeout-finish",
    "max-death-tally",
    "down-signal",
    "reload-signal",
    "flag-newpidns",
    "flag-timeout-killpg",
    "data",
    "env",
];

/// True for a directory `services.d` of cinit, whose services have other files: what they depend
/// on is in files `NAME.dep`, and whether they are started again in a file.
pub fn is_of_another_supervisor(tree: &Tree, directory: NodeId) -> bool {
    const OF_CINIT: [&[u8]; 6] = [
        b"respawn",
        b"min_running_time",
        b"shutdown_on_terminate",
        b"ready_timeout",
        b"params",
        b"is_ready",
    ];
    tree.children(directory).iter().any(|&service| {
        let mut files = tree.children(service).iter().map(|&file| tree.name(file));
        files.any(|name| OF_CINIT.contains(&name) || name.len() > 4 && name.ends_with(b".dep"))
    })
}

/// True where a directory looks like a service directory.
pub fn looks_like_service(tree: &Tree, directory: NodeId) -> bool {
    if !tree.is_directory(directory) {
        return false;
    }
    let Some(run) = tree.child(directory, b"run") else {
        return false;
    };
    if tree.is_directory(run) {
        return false;
    }
    let besides = SERVICE_FILES.iter().filter(|name| **name != "run");
    besides
        .chain(&["log", "type"])
        .any(|name| tree.child(directory, name.as_bytes()).is_some())
        || tree.follow(run).found().is_some_and(|run| {
            let entry = tree.entry(run);
            entry.is_executable() || entry.beginning(2) == b"#!"
        })
}
