//! The files that stand beside an image's root and decide how it is started: Dockerfiles,
//! compose files, Home Assistant add-ons, apko images.
//!
//! Bytes in, facts with their places out. No file is opened here, nothing is fetched, and
//! nothing fails: what cannot be read is absent, with a [`Problem`] that says so.

mod apko;
mod compose;
mod dockerfile;
mod expansion;
mod home_assistant;
mod instructions;
mod overlay_release;
mod recognition;
mod yaml;
mod yaml_bounds;

pub use overlay_release::{Tarball, overlay_tarballs, overlay_version};
pub use recognition::recognise;

use std::ops::Range;

/// The longest text that is read; beyond it, a file was not written by people.
const LONGEST_TEXT: usize = 1 << 20;

/// A kind of file that decides how a container is started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A compose file; one container for each service.
    Compose,
    /// `config.yaml` or `config.json` of a Home Assistant add-on.
    HomeAssistant,
    /// An image description of apko.
    Apko,
}

/// Something a file says, and where: bytes of its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact<T> {
    /// What it says.
    pub value: T,
    /// Where, in bytes; always inside the text.
    pub span: Range<usize>,
}

/// Text that may depend on what is not in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// The file decides it.
    Known(Vec<u8>),
    /// What one gets unless the build is given other arguments: it rests on an ARG's default.
    Default(Vec<u8>),
    /// It depends on what is elsewhere; the references that could not be decided stand in the
    /// text as written (`/command:$PATH`).
    Unknown(Vec<u8>),
}

impl Value {
    /// The text where the file decides it, be it by a default.
    #[must_use]
    pub fn decided(&self) -> Option<&[u8]> {
        match self {
            Self::Known(text) | Self::Default(text) => Some(text),
            Self::Unknown(_) => None,
        }
    }

    /// The text, with undecided references as written.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        match self {
            Self::Known(text) | Self::Default(text) | Self::Unknown(text) => text,
        }
    }
}

/// A command line as a container gets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommandLine {
    /// These words, without a shell. No words: what was inherited is reset.
    Exec(Vec<Vec<u8>>),
    /// A text for `/bin/sh -c`.
    Shell(Vec<u8>),
    /// There is one, but it depends on what is not in the file; as written.
    Unknown(Vec<u8>),
}

/// What could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// A clause: what is wrong here.
    pub message: String,
    /// Where, in bytes.
    pub span: Range<usize>,
}

/// COPY or ADD.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copy {
    /// Whether it is ADD: archives are unpacked and addresses fetched.
    pub add: bool,
    /// What is copied; `<<NAME` for a here-document.
    pub sources: Vec<Value>,
    /// Where to.
    pub destination: Value,
    /// The stage or image it is taken from (`--from`).
    pub from: Option<Value>,
    /// `--chmod`.
    pub chmod: Option<Value>,
    /// `--chown`.
    pub chown: Option<Value>,
    /// Whether the instruction stands in the stage that becomes the image, or in one it is built from
    /// by FROM. Other stages only lend files.
    pub in_image: bool,
}

/// RUN.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The text as the shell gets it, here-documents included; continuations are joined.
    pub text: Vec<u8>,
    /// The text with the variables that the Dockerfile decides (and that the text does not
    /// assign) put in place.
    pub expanded: Vec<u8>,
    /// As in [`Copy::in_image`].
    pub in_image: bool,
}

/// Where a compose service's image is built.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Build {
    /// The directory, as written.
    pub context: Option<Fact<Value>>,
    /// The Dockerfile, relative to the context.
    pub dockerfile: Option<Fact<Value>>,
    /// The stage that becomes the image.
    pub target: Option<Fact<Value>>,
}

/// What apko alone has.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Apko {
    /// Whether `entrypoint.type` is `service-bundle`: apko writes a tree for s6.
    pub service_bundle: Option<Fact<bool>>,
    /// `entrypoint.services`: names and command lines.
    pub services: Vec<Fact<(Vec<u8>, CommandLine)>>,
    /// `contents.packages`, with their constraints as written.
    pub packages: Vec<Fact<Vec<u8>>>,
    /// `accounts.users`: names and, where given, uids.
    pub users: Vec<Fact<(Vec<u8>, Option<u32>)>>,
}

/// How a container is started, as far as one file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Container {
    /// What kind of file says it.
    pub kind: Kind,
    /// The service of a compose file, the slug of a Home Assistant add-on.
    pub name: Option<Fact<Vec<u8>>>,
    /// USER, `user`, `accounts.run-as`: `name`, `uid`, `name:group`...
    pub user: Option<Fact<Value>>,
    /// ENTRYPOINT. `None`: the image's or base image's.
    pub entrypoint: Option<Fact<CommandLine>>,
    /// CMD. `None`: the image's or base image's, unless an entrypoint is given.
    pub command: Option<Fact<CommandLine>>,
    /// ENV, `environment`: one entry for each name, the value that holds at the end. A name
    /// without a value in a compose file is `Unknown`: it comes from the caller.
    pub environment: Vec<Fact<(Vec<u8>, Value)>>,
    /// Files from which more environment comes (`env_file`).
    pub environment_files: Vec<Fact<Vec<u8>>>,
    /// ARGs of all stages with their defaults; `Unknown` where they have none.
    pub arguments: Vec<Fact<(Vec<u8>, Value)>>,
    /// HEALTHCHECK; `None` also where it is switched off.
    pub healthcheck: Option<Fact<CommandLine>>,
    /// STOPSIGNAL.
    pub stop_signal: Option<Fact<Value>>,
    /// WORKDIR, joined to the ones before it.
    pub workdir: Option<Fact<Value>>,
    /// The image that the last stage is built from, through stages that build on stages; or the
    /// image of a compose service.
    pub from: Option<Fact<Value>>,
    /// Where a compose service is built.
    pub build: Option<Fact<Build>>,
    /// `init`: whether another program is process 1.
    pub init: Option<Fact<bool>>,
    /// Where file systems in memory are mounted, without their options. Docker mounts one only
    /// when it runs the image, so only compose files say it.
    pub tmpfs: Vec<Fact<Vec<u8>>>,
    /// `read_only`: whether the root cannot be written.
    pub read_only: Option<Fact<bool>>,
    /// COPY and ADD of all stages.
    pub copies: Vec<Fact<Copy>>,
    /// RUN of all stages.
    pub runs: Vec<Fact<Run>>,
    /// Architectures that are built (`archs` of apko, `arch` of Home Assistant).
    pub architectures: Vec<Fact<Vec<u8>>>,
    /// What apko alone has.
    pub apko: Option<Apko>,
    /// What could not be read; where there is one, absence of a fact means nothing.
    pub problems: Vec<Problem>,
}

impl Container {
    /// A container of which nothing is said.
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            name: None,
            user: None,
            entrypoint: None,
            command: None,
            environment: Vec::new(),
            environment_files: Vec::new(),
            arguments: Vec::new(),
            healthcheck: None,
            stop_signal: None,
            workdir: None,
            from: None,
            build: None,
            init: None,
            tmpfs: Vec::new(),
            read_only: None,
            copies: Vec::new(),
            runs: Vec::new(),
            architectures: Vec::new(),
            apko: None,
            problems: Vec::new(),
        }
    }

    /// A container of a file that could not be read.
    fn unreadable(kind: Kind, problem: Problem) -> Self {
        Self {
            problems: vec![problem],
            ..Self::new(kind)
        }
    }

    /// A variable of the container's environment.
    #[must_use]
    pub fn variable(&self, name: &[u8]) -> Option<&Fact<(Vec<u8>, Value)>> {
        self.environment.iter().find(|fact| fact.value.0 == name)
    }
}

/// Reads a file: one container, or one for each service of a compose file (which may have none).
#[must_use]
pub fn read(kind: Kind, text: &[u8]) -> Vec<Container> {
    if text.len() > LONGEST_TEXT {
        let problem = Problem {
            message: "the file is too long to be read".into(),
            span: 0..0,
        };
        return vec![Container::unreadable(kind, problem)];
    }
    if kind == Kind::Dockerfile {
        return vec![dockerfile::read(text)];
    }
    match yaml::load(text) {
        Err(problem) => vec![Container::unreadable(kind, problem)],
        Ok(root) => match kind {
            Kind::Compose => compose::read(&root),
            Kind::HomeAssistant => vec![home_assistant::read(&root)],
            Kind::Apko | Kind::Dockerfile => vec![apko::read(&root)],
        },
    }
}

#[cfg(test)]
mod tests;
