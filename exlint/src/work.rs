//! The program's work: paths from the command line to trees, configuration, findings, report
//! and exit code. All that touches the world besides reading a tree and `fix` is here.

use crate::bar::Bar;
use crate::cli::Arguments;
use crate::completions;
use crate::config::{self, Config, Threshold};
use crate::explanation;
use crate::finding::Finding;
use crate::fix;
use crate::inspection::Inspection;
use crate::model::recognition::may_be_container_file;
use crate::overlay::Version;
use crate::programs::Programs;
use crate::report::{self, Format, Report, RuleDescription, Terminal};
use crate::rules;
use crate::tree::{self, Budget, Entry, Kind, Modes, Source, Tree};
use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings.
    Findings,
    /// It could not do all of its work, and has said what.
    Failed,
}

/// Does what the command line asks for.
///
/// # Errors
///
/// Where it could not do its work: says why, for people.
pub fn run(arguments: &Arguments) -> Result<Verdict, String> {
    if let Some(name) = &arguments.explain {
        print(&explanation::explain(name)?)?;
        return Ok(Verdict::Clean);
    }
    if arguments.list_rules {
        print(&explanation::list())?;
        return Ok(Verdict::Clean);
    }
    if let Some(shell) = arguments.completions {
        print(&completions::script(shell))?;
        return Ok(Verdict::Clean);
    }
    let work = Work::inspected(arguments)?;
    if arguments.fix {
        return work.fixed(arguments)?.finish(arguments);
    }
    work.finish(arguments)
}

fn print(text: &str) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

#[derive(Default)]
struct Work {
    findings: Vec<Finding>,
    files: usize,
    threshold: Option<Threshold>,
    /// What findings are about, by the name they have for people, and by the path on disk.
    texts: HashMap<Vec<u8>, Arc<[u8]>>,
    given: Vec<PathBuf>,
    /// The fixes that could not be made.
    left: Vec<fix::Left>,
}

impl Work {
    /// What is found in the paths of the command line.
    fn inspected(arguments: &Arguments) -> Result<Work, String> {
        let mut work = Work::default();
        let bar = Bar::new();
        for path in &arguments.paths {
            let threshold = work.path(path, arguments, &bar)?;
            work.threshold = work.threshold.or(threshold);
        }
        bar.finish();
        crate::lint::sort(&mut work.findings);
        Ok(work)
    }

    fn path(
        &mut self,
        path: &Path,
        arguments: &Arguments,
        bar: &Bar,
    ) -> Result<Option<Threshold>, String> {
        let failed = |error: io::Error| format!("{}: {error}", path.display());
        let absolute = std::fs::canonicalize(path).map_err(failed)?;
        let (config, directory) = configuration(&absolute, arguments)?;
        let modes: Modes = arguments.modes.into();
        let budget = Arc::default();
        let load = |path: &Path| load(path, modes, &budget);
        let tree = load(path)?;
        let root = root(&config, &directory, arguments)?;
        let root_tree = root.as_deref().map(load).transpose()?;
        let root_path = match &root {
            Some(root) => Some(std::fs::canonicalize(root).map_err(|error| error.to_string())?),
            None => None,
        };
        let mut bases = Vec::new();
        for base in bases_of(&config, &directory, arguments)? {
            bases.push(load(&base)?);
        }
        let programs = Programs::known()
            .with_configured(config.programs.iter().map(String::as_str))
            .map_err(|errors| programs_error(&config, &errors))?;
        let beside = beside(path, &absolute, &budget);
        let outcome = Inspection {
            tree: &tree,
            path: absolute.as_os_str().as_bytes(),
            root: root_tree
                .as_ref()
                .zip(root_path.as_ref().map(|path| path.as_os_str().as_bytes())),
            bases: &bases,
            beside: &beside,
            config: &config,
            config_directory: &directory,
            programs: &programs,
            rules: &rules::all(),
        }
        .run(&|progress| bar.show(progress));
        budget
            .suffices()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        if outcome.pieces == 0 {
            return Err(format!(
                "{}: there is nothing to lint: no script of execline, no service directory, no \
                 s6-rc source and no root file system",
                path.display()
            ));
        }
        self.keep_texts(&outcome.findings, &tree, &beside);
        self.findings.extend(outcome.findings);
        self.files += outcome.files;
        self.given.push(path.to_path_buf());
        Ok(config.fail_on)
    }

    /// Keeps the texts that findings are about; trees can be large and go.
    fn keep_texts(&mut self, findings: &[Finding], tree: &Tree, beside: &[(Vec<u8>, Arc<Entry>)]) {
        let mut wanted: HashMap<&[u8], ()> = HashMap::new();
        for finding in findings {
            wanted.insert(&finding.path, ());
            for related in &finding.related {
                wanted.insert(&related.path, ());
            }
        }
        let in_tree = tree.all().map(|node| tree.entry(node));
        for entry in in_tree.chain(beside.iter().map(|(_, entry)| &**entry)) {
            if entry.kind != Kind::File {
                continue;
            }
            let shown = entry.shown();
            if wanted.contains_key(&*shown)
                && let Ok(text) = entry.bytes()
            {
                let disk = entry.disk().as_os_str().as_bytes().to_vec();
                self.texts.insert(disk, Arc::clone(text));
                self.texts.insert(shown, Arc::clone(text));
            }
        }
    }

    fn plan(&self) -> fix::Plan {
        let originals = |path: &Path| self.texts.get(path.as_os_str().as_bytes()).cloned();
        fix::plan(&self.findings, &originals).within(self.given.clone())
    }

    /// Makes the fixes, looks again, and makes those that can be made then. What is returned
    /// is what was found at last.
    fn fixed(mut self, arguments: &Arguments) -> Result<Work, String> {
        let mut made = 0;
        let mut earlier = fix::Earlier::default();
        for _ in 0..fix::MOST_PASSES {
            let plan = self.plan().without(&earlier);
            earlier.plan(&plan);
            let outcome = plan.apply();
            earlier.outcome(&outcome);
            made += outcome.made;
            self.left.retain(|left| !left.reason.is_passing());
            self.left.extend(outcome.left);
            if outcome.made == 0 {
                break;
            }
            let again = Work::inspected(arguments).inspect_err(|_| self.tell_fixes(made))?;
            self = Work {
                left: self.left,
                ..again
            };
        }
        self.tell_fixes(made);
        Ok(self)
    }

    fn tell_fixes(&self, made: usize) {
        let _ = writeln!(io::stderr(), "exlint: {made} fixed");
        for left in &self.left {
            let _ = writeln!(
                io::stderr(),
                "exlint: not fixed: {}: {}: {}",
                report::visible(left.file.as_os_str().as_bytes()),
                report::visible(left.title.as_bytes()),
                left.reason
            );
        }
    }

    fn finish(self, arguments: &Arguments) -> Result<Verdict, String> {
        if arguments.diff {
            let is_terminal = io::stdout().is_terminal();
            self.plan()
                .diff(&mut io::stdout().lock(), is_terminal)
                .or_else(|error| match error.kind() {
                    io::ErrorKind::BrokenPipe => Ok(()),
                    _ => Err(error.to_string()),
                })?;
            return Ok(self.verdict(arguments));
        }
        let texts = |path: &[u8]| self.texts.get(path).cloned();
        let format = arguments.format.unwrap_or(if io::stdout().is_terminal() {
            Format::Human
        } else {
            Format::Short
        });
        let rules: Vec<RuleDescription<'_>> = rules::all().into_iter().map(described).collect();
        let report = Report {
            findings: &self.findings,
            files: self.files,
            texts: &texts,
            rules: &rules,
            version: env!("CARGO_PKG_VERSION"),
            information_uri: None,
        };
        report::write(
            format,
            &report,
            &Terminal::of_stdout(),
            &mut io::BufWriter::new(io::stdout().lock()),
        )
        .map_err(|error| format!("the report: {error}"))?;
        if matches!(format, Format::Short | Format::Github) {
            let _ = writeln!(io::stderr(), "exlint: {}", report.summary());
        }
        Ok(self.verdict(arguments))
    }

    fn verdict(&self, arguments: &Arguments) -> Verdict {
        if self.left.iter().any(|left| left.reason.is_failure()) {
            return Verdict::Failed;
        }
        let threshold = arguments
            .fail_on
            .map(Threshold::from)
            .or(self.threshold)
            .unwrap_or(Threshold::Warning);
        if self
            .findings
            .iter()
            .any(|finding| threshold.is_reached(finding.level))
        {
            Verdict::Findings
        } else {
            Verdict::Clean
        }
    }
}

fn described(rule: &'static crate::rule::Rule) -> RuleDescription<'static> {
    RuleDescription {
        name: rule.name,
        group: rule.group.name(),
        level: rule.level,
        summary: rule.summary,
        why: rule.why,
    }
}

fn load(path: &Path, modes: Modes, budget: &Arc<Budget>) -> Result<Tree, String> {
    tree::load(path, path.as_os_str().as_bytes(), modes, budget)
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// The configuration for a path, and the directory that its paths mean.
fn configuration(absolute: &Path, arguments: &Arguments) -> Result<(Config, PathBuf), String> {
    let found = match &arguments.config {
        Some(file) => Some(file.clone()),
        None => {
            let above = absolute.ancestors().map(|above| above.join(config::FILE));
            // Whatever it is: one that cannot be read is no absent one.
            above
                .into_iter()
                .find(|file| file.symlink_metadata().is_ok())
        }
    };
    let (mut config, directory) = match found {
        Some(file) => {
            let failed = |error: String| format!("{}: {error}", file.display());
            let text = match &arguments.config {
                Some(_) => config::text(&file),
                None => config::found_text(&file),
            };
            let text = text.map_err(|error| failed(error.to_string()))?;
            let directory = file.parent().unwrap_or(Path::new("."));
            let directory = if directory.as_os_str().is_empty() {
                Path::new(".")
            } else {
                directory
            };
            let directory = std::fs::canonicalize(directory).map_err(|e| failed(e.to_string()))?;
            (Config::read(&text).map_err(failed)?, directory)
        }
        None => (Config::default(), PathBuf::from("/")),
    };
    if let Some(version) = &arguments.s6_overlay_version {
        let known = Version::parse(version.as_bytes());
        config.overlay_version = Some(known.ok_or_else(|| {
            format!("--s6-overlay-version: `{version}` is no version such as 3.2.0.0")
        })?);
    }
    Ok((config, directory))
}

fn root(
    config: &Config,
    directory: &Path,
    arguments: &Arguments,
) -> Result<Option<PathBuf>, String> {
    let root = match (&arguments.root, &config.root) {
        (Some(root), _) => root.clone(),
        (None, Some(root)) => named(directory, root, arguments)?,
        (None, None) => return Ok(None),
    };
    if root.is_dir() {
        Ok(Some(root))
    } else {
        Err(format!("{}: it is no directory", root.display()))
    }
}

/// A directory that the configuration names.
fn named(directory: &Path, name: &Path, arguments: &Arguments) -> Result<PathBuf, String> {
    match arguments.config {
        Some(_) => Ok(directory.join(name)),
        None => config::inside(directory, name),
    }
}

fn bases_of(
    config: &Config,
    directory: &Path,
    arguments: &Arguments,
) -> Result<Vec<PathBuf>, String> {
    if !arguments.base.is_empty() {
        return Ok(arguments.base.clone());
    }
    let bases = config.bases.iter();
    bases
        .map(|base| named(directory, base, arguments))
        .collect()
}

fn programs_error(config: &Config, errors: &[(usize, crate::programs::UsageError)]) -> String {
    let lines = errors.iter().map(|(place, error)| {
        let line = config.programs.get(*place).map_or("", String::as_str);
        format!("exlint.toml: programs: `{line}`: {error}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// More files than this beside a root are not people's.
const MOST_BESIDE: usize = 64;

/// The files in the directory above `path` that may say how the image is started.
fn beside(path: &Path, absolute: &Path, budget: &Arc<Budget>) -> Vec<(Vec<u8>, Arc<Entry>)> {
    let Some(disk) = absolute.parent() else {
        return Vec::new();
    };
    let shown = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) if path.file_name().is_some() => parent.to_path_buf(),
        _ => path.join(".."),
    };
    let (Ok(entries), Ok(directory)) = (std::fs::read_dir(disk), std::fs::File::open(disk)) else {
        return Vec::new();
    };
    let shown = shown.as_os_str().as_bytes().to_vec();
    let source = Arc::new(Source::opened(
        disk.to_path_buf(),
        shown,
        directory.into(),
        budget,
    ));
    entries
        .filter_map(Result::ok)
        .filter(|entry| may_be_container_file(entry.file_name().as_bytes()))
        .filter_map(|entry| Some((entry.file_name(), entry.metadata().ok()?)))
        .filter(|(_, metadata)| metadata.is_file())
        .take(MOST_BESIDE)
        .map(|(name, metadata)| {
            let name = name.as_bytes().to_vec();
            let mut entry = Entry::new(&source, &name, Kind::File, metadata.mode());
            entry.size = metadata.size();
            (name, Arc::new(entry))
        })
        .collect()
}
