//! From a tree that was loaded to findings: what is in it is recognised, understood and
//! linted, piece by piece.

use crate::config::{Config, Setting};
use crate::finding::Finding;
use crate::lint;
use crate::model::recognition::{may_be_container_file, may_be_dockerfile};
use crate::model::{
    Around, ContainerFile, Model, Piece, PieceKind, Settings, assemble, recognition,
};
use crate::programs::Programs;
use crate::rule::Rule;
use crate::suppression;
use crate::tree::{Entry, NodeId, Tree, join};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A tree that more images than this are built from is no one image's.
const MOST_COPYING: usize = 16;

/// What is to be linted, and by what.
#[derive(Debug)]
pub struct Inspection<'i> {
    /// The tree that was loaded.
    pub tree: &'i Tree,
    /// Its absolute path, by which its place in an image is told.
    pub path: &'i [u8],
    /// The image's root, where one was given, with its absolute path.
    pub root: Option<(&'i Tree, &'i [u8])>,
    /// Lower layers, the lowest first.
    pub bases: &'i [Tree],
    /// Files beside the tree, by name: a Dockerfile and its like.
    pub beside: &'i [(Vec<u8>, Arc<Entry>)],
    /// The configuration, and the directory whose paths it means.
    pub config: &'i Config,
    /// The absolute path of the configuration's directory.
    pub config_directory: &'i Path,
    /// The programs that are known, those of the configuration included.
    pub programs: &'i Programs,
    /// The rules.
    pub rules: &'i [&'static Rule],
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, by path and place.
    pub findings: Vec<Finding>,
    /// How many files were looked at.
    pub files: usize,
    /// How many pieces there were; none means that nothing was recognised.
    pub pieces: usize,
}

/// A Dockerfile, and what it copies from its context.
struct Build {
    node: NodeId,
    directory: NodeId,
    sources: Vec<Vec<u8>>,
}

impl Build {
    /// True where it copies what is at `path`, or something below: its context may be any
    /// directory above the Dockerfile.
    fn may_copy(&self, tree: &Tree, path: &[u8]) -> bool {
        let mut above = Some(self.directory);
        while let Some(context) = above {
            let context_path = tree.path(context);
            let is_it = self.sources.iter().any(|source| {
                let full = join(&context_path, source);
                let rest = full.strip_prefix(path);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
            });
            if is_it {
                return true;
            }
            above = tree.parent(context);
        }
        false
    }
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// So many steps more are to be taken.
    Steps(usize),
    /// One was taken.
    Step,
}

impl<'i> Inspection<'i> {
    /// A sample, which is in no directory, with nothing around it.
    pub fn of_sample(
        tree: &'i Tree,
        config: &'i Config,
        programs: &'i Programs,
        rules: &'i [&'static Rule],
    ) -> Inspection<'i> {
        Inspection {
            tree,
            path: b"/sample",
            root: None,
            bases: &[],
            beside: &[],
            config,
            config_directory: Path::new("/sample"),
            programs,
            rules,
        }
    }

    /// Lints every piece.
    pub fn run(&self, progress: &(dyn Fn(Progress) + Sync)) -> Outcome {
        let mut outcome = Outcome::default();
        let builds = self.builds();
        let pieces = recognition::pieces(self.tree, self.path);
        let sources = pieces
            .iter()
            .filter(|piece| piece.kind == PieceKind::Source)
            .count();
        for piece in pieces {
            self.piece(&piece, sources > 1, &builds, progress, &mut outcome);
            outcome.pieces += 1;
        }
        lint::sort(&mut outcome.findings);
        outcome
    }

    fn piece(
        &self,
        piece: &Piece,
        has_further_sources: bool,
        builds: &[Build],
        progress: &(dyn Fn(Progress) + Sync),
        outcome: &mut Outcome,
    ) {
        let in_root = self
            .root
            .map(|(root, path)| (root, self.place_in(piece, path)));
        let around = Around {
            bases: self.bases,
            root: in_root.filter(|_| piece.kind != PieceKind::Root),
            beside: self.beside(piece, builds),
        };
        let (tree, node, beside) = assemble(self.tree, piece, around);
        let settings = Settings {
            overlay_version: self.config.overlay_version,
            beside,
            has_further_sources,
        };
        let model = Model::build(&tree, piece.kind, node, self.programs, &settings);
        outcome.files += model.files();
        progress(Progress::Steps(lint::steps(&model)));
        let findings = suppression::apply(
            &model,
            lint::lint(&model, self.rules, &|| progress(Progress::Step)),
        );
        let findings = findings.into_iter().filter_map(|finding| self.set(finding));
        outcome.findings.extend(findings);
    }

    /// Where a piece is in the root, when it lies below it.
    fn place_in(&self, piece: &Piece, root: &[u8]) -> Option<Vec<u8>> {
        let own = self.tree.path(piece.node);
        let full = crate::tree::join(self.path, &own);
        let place = full.strip_prefix(root)?;
        Some(place.strip_prefix(b"/").unwrap_or(place).to_vec())
    }

    /// The files beside a root: in its parent, or in it where it is only a layer.
    fn beside(&self, piece: &Piece, builds: &[Build]) -> Vec<(Vec<u8>, Arc<Entry>)> {
        let in_directory = |node: NodeId| {
            let children = self.tree.children(node).iter();
            children
                .filter(|&&child| {
                    self.tree.is_file(child) && may_be_container_file(self.tree.name(child))
                })
                .map(|&child| (self.tree.name(child).to_vec(), self.tree.shared(child)))
                .collect::<Vec<_>>()
        };
        let around = || match self.tree.parent(piece.node) {
            Some(parent) => in_directory(parent),
            None => self.beside.to_vec(),
        };
        match piece.kind {
            PieceKind::Root => [
                around(),
                in_directory(piece.node),
                self.copying(piece, builds),
            ]
            .concat(),
            PieceKind::Part => [around(), self.copying(piece, builds)].concat(),
            PieceKind::Container if self.tree.is_directory(piece.node) => in_directory(piece.node),
            PieceKind::Container => {
                let name = self.path.rsplit(|&byte| byte == b'/').next();
                vec![(
                    name.unwrap_or_default().to_vec(),
                    self.tree.shared(piece.node),
                )]
            }
            _ => Vec::new(),
        }
    }

    /// Every Dockerfile in the tree that copies something of its context, wherever it stands.
    fn builds(&self) -> Vec<Build> {
        let tree = self.tree;
        let builds = tree.all().filter_map(|node| {
            let name = tree.name(node);
            if !tree.is_file(node) || !may_be_dockerfile(name) {
                return None;
            }
            let text = tree.entry(node).bytes().ok()?;
            let sources = ContainerFile::read(node, name, text)?.sources();
            let directory = tree.parent(node)?;
            (!sources.is_empty()).then_some(Build {
                node,
                directory,
                sources,
            })
        });
        builds.collect()
    }

    /// Dockerfiles that stand elsewhere in the tree and copy the piece into an image.
    fn copying(&self, piece: &Piece, builds: &[Build]) -> Vec<(Vec<u8>, Arc<Entry>)> {
        let tree = self.tree;
        let path = tree.path(piece.node);
        let parent = tree.parent(piece.node);
        let elsewhere = builds.iter().filter(|build| {
            Some(build.directory) != parent
                && build.directory != piece.node
                && build.may_copy(tree, &path)
        });
        elsewhere
            .map(|build| (tree.name(build.node).to_vec(), tree.shared(build.node)))
            .take(MOST_COPYING)
            .collect()
    }

    /// The finding with the level that the configuration gives it.
    fn set(&self, mut finding: Finding) -> Option<Finding> {
        let path = PathBuf::from(OsStr::from_bytes(&finding.path));
        let absolute = self.absolute(&path);
        let below = absolute.strip_prefix(self.config_directory);
        let setting = self
            .config
            .setting(finding.rule, below.unwrap_or(&absolute));
        match setting.map(Setting::level) {
            None => Some(finding),
            Some(None) => None,
            Some(Some(level)) => {
                finding.level = level;
                Some(finding)
            }
        }
    }

    /// The absolute path of what is shown by `path`.
    fn absolute(&self, path: &Path) -> PathBuf {
        let shown = self.tree.entry(self.tree.root()).shown();
        let own = Path::new(OsStr::from_bytes(self.path));
        let shown = Path::new(OsStr::from_bytes(&shown));
        match path.strip_prefix(shown) {
            Ok(below) if below.as_os_str().is_empty() => own.to_path_buf(),
            Ok(below) => own.join(below),
            Err(_) => own.join(path),
        }
    }
}
