//! Dockerfiles: what the image of the last stage says of its start. Stages that the last one
//! builds on lend it everything, other stages only files. Nothing is built.

use super::expansion::{Lookup, Style, expand};
use super::instructions::{Instruction, instructions};
use super::{CommandLine, Container, Copy, Fact, Kind, Problem, Run, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Stages that are told apart, at most: each keeps an environment of its own.
const MOST_STAGES: usize = 64;
/// Bytes that values may come to by expansion in a whole file: doubling a variable line by line
/// would otherwise fill the memory.
const MOST_EXPANDED: usize = 8 << 20;

/// Arguments that a builder sets without being asked.
const PREDEFINED: [&[u8]; 8] = [
    b"TARGETPLATFORM",
    b"TARGETOS",
    b"TARGETARCH",
    b"TARGETVARIANT",
    b"BUILDPLATFORM",
    b"BUILDOS",
    b"BUILDARCH",
    b"BUILDVARIANT",
];

type Variables = BTreeMap<Vec<u8>, Fact<Value>>;

/// What a stage has come to.
#[derive(Clone, Default)]
struct Stage {
    name: Vec<u8>,
    parent: Option<usize>,
    from: Option<Fact<Value>>,
    environment: Variables,
    arguments: Variables,
    user: Option<Fact<Value>>,
    entrypoint: Option<Fact<CommandLine>>,
    command: Option<Fact<CommandLine>>,
    /// Whether the command was given in this very stage: an entrypoint resets an inherited one.
    own_command: bool,
    healthcheck: Option<Fact<CommandLine>>,
    stop_signal: Option<Fact<Value>>,
    workdir: Option<Fact<Value>>,
}

impl Stage {
    fn variable(&self, name: &[u8]) -> Lookup {
        match self
            .environment
            .get(name)
            .or_else(|| self.arguments.get(name))
        {
            Some(fact) => Lookup::Set(fact.value.clone()),
            None if PREDEFINED.contains(&name) => Lookup::Undecided,
            None if self
                .from
                .as_ref()
                .is_some_and(|f| f.value.decided() == Some(b"scratch")) =>
            {
                Lookup::Unset
            }
            // The base image may have set it.
            None => Lookup::Undecided,
        }
    }
}

struct Reader<'a> {
    text: &'a [u8],
    style: Style,
    escape: u8,
    container: Container,
    /// ARGs before the first FROM.
    global: Variables,
    finished: Vec<Stage>,
    stage: Option<Stage>,
    expanded: usize,
    /// The stage of each entry of the container's copies and runs.
    copy_stages: Vec<usize>,
    run_stages: Vec<usize>,
}

/// Reads a Dockerfile.
pub(super) fn read(text: &[u8]) -> Container {
    let parts = instructions(text);
    let mut reader = Reader {
        text,
        style: Style::Dockerfile {
            escape: parts.escape,
        },
        escape: parts.escape,
        container: Container::new(Kind::Dockerfile),
        global: Variables::new(),
        finished: Vec::new(),
        stage: None,
        expanded: 0,
        copy_stages: Vec::new(),
        run_stages: Vec::new(),
    };
    reader.container.problems = parts.problems;
    for instruction in &parts.all {
        reader.take(instruction);
    }
    reader.finish()
}

impl Reader<'_> {
    fn problem(&mut self, message: &str, span: Range<usize>) {
        self.container.problems.push(Problem {
            message: message.into(),
            span,
        });
    }

    /// Expands by the stage's variables, or before the first stage by the global arguments.
    fn expand(&mut self, word: &[u8], style: Style) -> Value {
        if self.expanded > MOST_EXPANDED {
            return Value::Unknown(word.to_vec());
        }
        let value = match &self.stage {
            Some(stage) => expand(word, style, &|name| stage.variable(name)),
            None => self.expand_global(word),
        };
        self.expanded += value.text().len();
        value
    }

    fn expand_global(&self, word: &[u8]) -> Value {
        expand(word, self.style, &|name| match self.global.get(name) {
            Some(fact) => Lookup::Set(fact.value.clone()),
            None if PREDEFINED.contains(&name) => Lookup::Undecided,
            None => Lookup::Unset,
        })
    }

    fn take(&mut self, instruction: &Instruction) {
        match instruction.keyword.as_slice() {
            b"FROM" => return self.take_from(instruction),
            b"ARG" => return self.take_arguments(instruction),
            _ => (),
        }
        if self.stage.is_none() {
            // A fragment to be included, or a mistake: either way its instructions say something.
            self.problem(
                "an instruction stands before the first FROM",
                instruction.whole(),
            );
            self.stage = Some(Stage::default());
        }
        let everything = 0..instruction.arguments.len();
        match instruction.keyword.as_slice() {
            b"ENV" => self.take_environment(instruction),
            b"COPY" | b"ADD" => self.take_copy(instruction),
            b"RUN" => self.take_run(instruction),
            b"USER" | b"STOPSIGNAL" | b"WORKDIR" => {
                let value = self.expand(&instruction.arguments, self.style);
                let fact = Fact {
                    value,
                    span: instruction.span(&everything),
                };
                let Some(stage) = &mut self.stage else { return };
                match instruction.keyword.as_slice() {
                    b"USER" => stage.user = Some(fact),
                    b"STOPSIGNAL" => stage.stop_signal = Some(fact),
                    _ => stage.workdir = Some(joined(stage.workdir.as_ref(), fact)),
                }
            }
            b"ENTRYPOINT" | b"CMD" => {
                let fact = command_line(instruction, everything);
                let Some(stage) = &mut self.stage else { return };
                if instruction.keyword == b"CMD" {
                    stage.command = Some(fact);
                    stage.own_command = true;
                } else {
                    stage.entrypoint = Some(fact);
                    if !stage.own_command {
                        stage.command = None;
                    }
                }
            }
            b"HEALTHCHECK" => {
                let (_, rest) = instruction.options();
                let text = instruction.text(&rest);
                let length = text.iter().take_while(|b| !b.is_ascii_whitespace()).count();
                let word = text.get(..length).unwrap_or_default().to_ascii_uppercase();
                let gap = text
                    .iter()
                    .skip(length)
                    .take_while(|b| b.is_ascii_whitespace())
                    .count();
                let fact = (word == b"CMD")
                    .then(|| command_line(instruction, rest.start + length + gap..rest.end));
                let Some(stage) = &mut self.stage else { return };
                stage.healthcheck = fact;
            }
            _ => (),
        }
    }

    fn take_from(&mut self, instruction: &Instruction) {
        self.finished.extend(self.stage.take());
        let (_, rest) = instruction.options();
        let words: Vec<_> = instruction
            .words(self.escape)
            .into_iter()
            .filter(|word| word.start >= rest.start)
            .collect();
        let Some(image) = words.first() else {
            self.problem("FROM names no image", instruction.whole());
            self.stage = Some(Stage::default());
            return;
        };
        let value = self.expand(instruction.text(image), self.style);
        let name = match words.get(1..3) {
            Some([word, name]) if instruction.text(word).eq_ignore_ascii_case(b"as") => {
                instruction.text(name).to_ascii_lowercase()
            }
            _ => Vec::new(),
        };
        let parent = value
            .decided()
            .map(<[u8]>::to_ascii_lowercase)
            .and_then(|image| {
                self.finished
                    .iter()
                    .rposition(|s| !s.name.is_empty() && s.name == image)
            });
        let from = Fact {
            value,
            span: instruction.span(image),
        };
        let too_many = self.finished.len() >= MOST_STAGES;
        let mut stage = match parent.and_then(|at| self.finished.get(at)) {
            Some(earlier) if !too_many => Stage {
                own_command: false,
                ..earlier.clone()
            },
            _ => Stage {
                from: Some(from.clone()),
                ..Stage::default()
            },
        };
        if too_many {
            self.problem("there are too many stages to follow", from.span);
            // Only the newest is kept; what it builds on is no longer known.
            self.finished.truncate(MOST_STAGES);
        }
        stage.parent = parent;
        stage.name = name;
        self.stage = Some(stage);
    }

    fn take_arguments(&mut self, instruction: &Instruction) {
        for word in instruction.words(self.escape) {
            let text = instruction.text(&word);
            let mut sides = text.splitn(2, |&b| b == b'=');
            let name = sides.next().unwrap_or_default().to_vec();
            let value = match sides.next() {
                Some(default) => match self.expand(default, self.style) {
                    Value::Known(value) => Value::Default(value),
                    value => value,
                },
                // Asked for without a default: the one before the first FROM holds.
                None => match self.global.get(&name) {
                    Some(fact) if self.stage.is_some() => fact.value.clone(),
                    _ => Value::Unknown(Vec::new()),
                },
            };
            self.expanded += value.text().len();
            let fact = Fact {
                value,
                span: instruction.span(&word),
            };
            let value = (name.clone(), fact.value.clone());
            self.container.arguments.push(Fact {
                value,
                span: fact.span.clone(),
            });
            match &mut self.stage {
                Some(stage) => stage.arguments.insert(name, fact),
                None => self.global.insert(name, fact),
            };
        }
    }

    fn take_environment(&mut self, instruction: &Instruction) {
        let words = instruction.words(self.escape);
        let mut pairs: Vec<(Vec<u8>, Range<usize>, Range<usize>)> = Vec::new();
        let Some(first) = words.first() else { return };
        if instruction.text(first).contains(&b'=') {
            for word in words {
                let name: Vec<u8> = instruction
                    .text(&word)
                    .iter()
                    .copied()
                    .take_while(|&b| b != b'=')
                    .collect();
                let value = (word.start + name.len() + 1).min(word.end)..word.end;
                pairs.push((name, value, word));
            }
        } else {
            // The old form: one name, and everything behind it.
            let end = instruction.arguments.len();
            let value = words.get(1).map_or(end, |word| word.start)..end;
            pairs.push((instruction.text(first).to_vec(), value, 0..end));
        }
        // Values see the variables as they were before the instruction.
        let facts: Vec<_> = pairs
            .into_iter()
            .map(|(name, value, whole)| {
                let value = self.expand(instruction.text(&value), self.style);
                (
                    name,
                    Fact {
                        value,
                        span: instruction.span(&whole),
                    },
                )
            })
            .collect();
        let Some(stage) = &mut self.stage else { return };
        stage.environment.extend(facts);
    }

    fn take_copy(&mut self, instruction: &Instruction) {
        let (options, rest) = instruction.options();
        let mut copy = Copy {
            add: instruction.keyword == b"ADD",
            sources: Vec::new(),
            destination: Value::Known(Vec::new()),
            from: None,
            chmod: None,
            chown: None,
            in_image: false,
        };
        for option in options {
            let text = instruction.text(&option);
            for (name, field) in [
                (&b"--from="[..], &mut copy.from),
                (b"--chmod=", &mut copy.chmod),
                (b"--chown=", &mut copy.chown),
            ] {
                if let Some(value) = text.strip_prefix(name) {
                    *field = Some(self.expand(value, self.style));
                }
            }
        }
        let words = match exec_form(instruction.text(&rest)) {
            Some(words) => words,
            None => instruction
                .words(self.escape)
                .iter()
                .filter(|word| word.start >= rest.start)
                .map(|word| instruction.text(word).to_vec())
                .collect(),
        };
        copy.sources = words
            .iter()
            .map(|word| self.expand(word, self.style))
            .collect();
        let Some(destination) = copy.sources.pop() else {
            return self.problem("nothing is said to be copied", instruction.whole());
        };
        copy.destination = destination;
        self.container.copies.push(Fact {
            value: copy,
            span: instruction.whole(),
        });
        self.copy_stages.push(self.finished.len());
    }

    fn take_run(&mut self, instruction: &Instruction) {
        let (_, rest) = instruction.options();
        let mut text = match exec_form(instruction.text(&rest)) {
            Some(words) => words.join(&b' '),
            None => instruction.text(&rest).to_vec(),
        };
        for document in &instruction.documents {
            text.push(b'\n');
            text.extend_from_slice(self.text.get(document.clone()).unwrap_or_default());
        }
        let assigned = assigned_names(&text);
        let expanded = match &self.stage {
            Some(stage) if self.expanded <= MOST_EXPANDED => {
                let lookup = |name: &[u8]| match assigned.contains(name) {
                    true => Lookup::Undecided,
                    false => stage.variable(name),
                };
                expand(&text, Style::Verbatim, &lookup).text().to_vec()
            }
            _ => text.clone(),
        };
        self.expanded += expanded.len();
        let end = instruction
            .documents
            .last()
            .map_or(0, |document| document.end);
        let whole = instruction.whole();
        self.container.runs.push(Fact {
            value: Run {
                text,
                expanded,
                in_image: false,
            },
            span: whole.start..whole.end.max(end),
        });
        self.run_stages.push(self.finished.len());
    }

    fn finish(mut self) -> Container {
        let last = self.finished.len();
        let Some(stage) = self.stage.take() else {
            let end = self.text.len();
            self.problem("the file has no stage", end..end);
            return self.container;
        };
        let mut lineage = BTreeSet::from([last]);
        let mut parent = stage.parent;
        while let Some(at) = parent {
            lineage.insert(at);
            parent = self.finished.get(at).and_then(|stage| stage.parent);
        }
        let mut container = self.container;
        for (copy, at) in container.copies.iter_mut().zip(&self.copy_stages) {
            copy.value.in_image = lineage.contains(at);
        }
        for (run, at) in container.runs.iter_mut().zip(&self.run_stages) {
            run.value.in_image = lineage.contains(at);
        }
        container.environment = stage
            .environment
            .into_iter()
            .map(|(name, fact)| Fact {
                value: (name, fact.value),
                span: fact.span,
            })
            .collect();
        container.environment.sort_by_key(|fact| fact.span.start);
        Container {
            from: stage.from,
            user: stage.user,
            entrypoint: stage.entrypoint,
            command: stage.command,
            healthcheck: stage.healthcheck,
            stop_signal: stage.stop_signal,
            workdir: stage.workdir,
            ..container
        }
    }
}

/// A working directory after the one before it.
fn joined(before: Option<&Fact<Value>>, next: Fact<Value>) -> Fact<Value> {
    const LONGEST_PATH: usize = 4096;
    let text = next.value.text();
    if text.starts_with(b"/") {
        return next;
    }
    let Some(before) = before.filter(|b| b.value.text().len() + text.len() < LONGEST_PATH) else {
        return Fact {
            value: Value::Unknown(text.to_vec()),
            span: next.span,
        };
    };
    let mut path = before.value.text().to_vec();
    if !path.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(text);
    let value = match (&before.value, &next.value) {
        (Value::Known(_), Value::Known(_)) => Value::Known(path),
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => Value::Unknown(path),
        _ => Value::Default(path),
    };
    Fact {
        value,
        span: next.span,
    }
}

/// The words of an exec form, which is a JSON array of strings and nothing else.
fn exec_form(text: &[u8]) -> Option<Vec<Vec<u8>>> {
    if !text.starts_with(b"[") {
        return None;
    }
    let words: Vec<String> = serde_json::from_slice(text).ok()?;
    Some(words.into_iter().map(String::into_bytes).collect())
}

fn command_line(instruction: &Instruction, part: Range<usize>) -> Fact<CommandLine> {
    let text = instruction.text(&part);
    let value = match exec_form(text) {
        Some(words) => CommandLine::Exec(words),
        None => CommandLine::Shell(text.to_vec()),
    };
    Fact {
        value,
        span: instruction.span(&part),
    }
}

/// The names that a shell's text gives values to: `NAME=`, `for NAME`, `read NAME`.
fn assigned_names(text: &[u8]) -> BTreeSet<Vec<u8>> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let mut names = BTreeSet::new();
    for (at, _) in text.iter().enumerate().filter(|(_, b)| **b == b'=') {
        let before = text.get(..at).unwrap_or_default();
        let length = before.iter().rev().take_while(|b| part(b)).count();
        names.extend(before.get(at - length..).map(<[u8]>::to_vec));
    }
    let mut binding = false;
    for word in text.split(|b| !part(b)).filter(|word| !word.is_empty()) {
        if binding {
            names.insert(word.to_vec());
        }
        binding = matches!(word, b"for" | b"read");
    }
    names
}
