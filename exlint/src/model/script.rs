//! The scripts of an image: where they are, what starts them, and what they are written in.

use super::definition::DefinitionId;
use super::service::ServiceId;
use crate::programs::Programs;
use crate::script::{Execline, Language, Positional, Shebang};
use crate::shell;
use crate::tree::{NodeId, Tree};
use std::sync::Arc;

/// A script's place in `Model::scripts`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ScriptId(pub(super) usize);

/// What starts a script.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// It is a service's `run`.
    Run,
    /// It is a service's `finish`.
    Finish,
    /// It is a service's `data/check`.
    Check,
    /// It is a oneshot's `up`: a command line, compiled, not a file that is executed.
    Up,
    /// It is a oneshot's `down`: the same.
    Down,
    /// It stands in `cont-init.d`.
    InitHook,
    /// It stands in `cont-finish.d`.
    FinishHook,
    /// A oneshot's `up` or `down` names it.
    NamedByOneshot,
    /// It stands in a scan directory's `.s6-svscan`.
    Control,
    /// Nothing that is known.
    Other,
}

impl Role {
    /// True for a command line that is compiled, of which the file's mode and first line mean
    /// nothing.
    pub fn is_compiled(self) -> bool {
        matches!(self, Self::Up | Self::Down)
    }

    /// True for a file that is surely executed, so that its mode and its first line count.
    pub fn is_executed(self) -> bool {
        !matches!(self, Self::Up | Self::Down | Self::Other)
    }
}

/// Whose a script is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Owner {
    /// This service's; for an s6-rc longrun too.
    Service(ServiceId),
    /// This s6-rc oneshot's.
    Definition(DefinitionId),
    /// Nobody's that is known.
    Nobody,
}

/// A script.
#[derive(Debug)]
pub struct Script {
    /// The file; no link.
    pub node: NodeId,
    /// The name it is started by: `node`, or a link to it.
    pub entry: NodeId,
    /// What starts it.
    pub role: Role,
    /// Whose it is.
    pub owner: Owner,
    /// Its text; empty where it cannot be read.
    pub text: Arc<[u8]>,
    /// Its first line, where that names an interpreter.
    pub shebang: Option<Shebang>,
    /// What it is written in.
    pub language: Language,
    /// Where it is execline, what it says.
    pub execline: Option<Execline>,
    /// Where it is a shell script, what it says.
    pub shell: Option<shell::Script>,
}

/// A file that is a script, before it is read.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The name it is started by.
    pub entry: NodeId,
    /// What starts it.
    pub role: Role,
    /// Whose it is.
    pub owner: Owner,
}

impl Script {
    /// Reads a script; `None` where the file is not here, or is none.
    pub fn read(tree: &Tree, programs: &Programs, found: Found) -> Option<Script> {
        let node = tree.follow(found.entry).found()?;
        if !tree.is_file(node) {
            return None;
        }
        let text = tree.entry(node).bytes().cloned().unwrap_or_default();
        let shebang = Shebang::read(&text);
        let language = if found.role.is_compiled() {
            Language::Execline(Positional::Ignored)
        } else {
            Language::of(&text, shebang.as_ref())
        };
        let execline = match language {
            Language::Execline(positional) => Some(Execline::read(&text, positional, programs)),
            _ => None,
        };
        let shell = match language {
            Language::Shell(_) => Some(shell::read(&text)),
            _ => None,
        };
        Some(Script {
            node,
            entry: found.entry,
            role: found.role,
            owner: found.owner,
            text,
            shebang,
            language,
            execline,
            shell,
        })
    }

    /// Its first line, where the kernel reads that: what is compiled into a database is never
    /// executed.
    pub fn executed_shebang(&self) -> Option<&Shebang> {
        self.shebang.as_ref().filter(|_| !self.role.is_compiled())
    }

    /// The shell it is written for: `sh`, `bash`...
    pub fn shell_name(&self) -> Option<&[u8]> {
        match &self.language {
            Language::Shell(name) => Some(name),
            _ => None,
        }
    }

    /// A part of its text.
    pub fn slice(&self, span: &std::ops::Range<usize>) -> &[u8] {
        self.text.get(span.clone()).unwrap_or_default()
    }
}
