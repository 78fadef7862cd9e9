//! Questions about a whole script. Judging the answers is the rules' business.

use super::script::{Command, Construct, Item, Kind, Place, Redirection, Script, Section};
use super::word::{Operator, Parameter, Word};
use std::collections::BTreeSet;

impl Script {
    /// Commands and constructs that stand in nothing else, in order.
    #[must_use]
    pub fn top_level(&self) -> Vec<Item<'_>> {
        self.items(None)
    }

    /// Commands and constructs that stand directly in a construct, in order.
    #[must_use]
    pub fn inside(&self, construct: usize) -> Vec<Item<'_>> {
        self.items(Some(construct))
    }

    fn items(&self, within: Option<usize>) -> Vec<Item<'_>> {
        let here = |place: Option<Place>| place.map(|place| place.construct) == within;
        let commands = self.commands.iter().filter(|it| here(it.place));
        let constructs = self.constructs.iter();
        let constructs = constructs.filter(|it| here(it.place) && !it.kind.is_substitution());
        let mut items: Vec<Item<'_>> = commands.map(Item::Command).collect();
        items.extend(constructs.map(Item::Construct));
        items.sort_by_key(|item| item.span().start);
        items
    }

    /// The construct of a place.
    #[must_use]
    pub fn construct(&self, place: Place) -> Option<&Construct> {
        self.constructs.get(place.construct)
    }

    /// The constructs around a place, the innermost first, each with the part of it.
    pub fn enclosing(&self, place: Option<Place>) -> impl Iterator<Item = (&Construct, Section)> {
        let step = |place: &Option<Place>| -> Option<Place> {
            self.constructs.get((*place)?.construct)?.place
        };
        let places = std::iter::successors(Some(place), move |place| {
            place.is_some().then(|| step(place))
        });
        places.map_while(|place| {
            let place = place?;
            Some((self.constructs.get(place.construct)?, place.section))
        })
    }

    /// The last simple command, if the script ends with one at the top level.
    #[must_use]
    pub fn last_command(&self) -> Option<&Command> {
        self.top_level().last()?.command()
    }

    /// What the script ends with: the last command and everything piped into it, in order.
    #[must_use]
    pub fn last_pipeline(&self) -> Vec<Item<'_>> {
        let mut items = self.top_level();
        let before = items.iter().rposition(|item| !item.piped_from());
        items.split_off(before.unwrap_or(0))
    }

    /// The names of the functions that it defines.
    pub fn functions(&self) -> impl Iterator<Item = &[u8]> {
        let constructs = self.constructs.iter();
        constructs
            .filter(|construct| construct.kind == Kind::Function)
            .map(|construct| construct.name.as_slice())
    }

    /// Every word, wherever it stands.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        let commands = self.commands.iter().flat_map(Command::all_words);
        let constructs = self.constructs.iter().flat_map(|construct| {
            let targets = construct.redirections.iter();
            construct.words.iter().chain(targets.map(|it| &it.target))
        });
        commands.chain(constructs)
    }

    /// Every redirection, wherever it stands.
    pub fn redirections(&self) -> impl Iterator<Item = &Redirection> {
        let commands = self.commands.iter().flat_map(|it| &it.redirections);
        commands.chain(self.constructs.iter().flat_map(|it| &it.redirections))
    }

    /// Every parameter that is read, in order of place. What single quotes protect for another
    /// shell or for `awk` is not read here.
    #[must_use]
    pub fn parameters(&self) -> Vec<&Parameter> {
        let bodies = self.here_documents.iter().flat_map(|it| &it.parameters);
        let mut all: Vec<&Parameter> = self
            .words()
            .flat_map(Word::parameters)
            .chain(bodies)
            .collect();
        all.sort_by_key(|parameter| parameter.span.start);
        all
    }

    /// Whether a parameter of that name is read from an offset on. This looks through the whole
    /// script: to ask for many names, go through `parameters` once.
    #[must_use]
    pub fn reads_after(&self, name: &str, offset: usize) -> bool {
        let mut parameters = self.parameters().into_iter();
        parameters.any(|it| it.name == name && it.span.start >= offset)
    }

    /// Whether a parameter of that name is read.
    #[must_use]
    pub fn reads(&self, name: &str) -> bool {
        self.reads_after(name, 0)
    }

    /// The variables that it gives a value to, anywhere.
    #[must_use]
    pub fn assigned(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> =
            self.commands.iter().flat_map(Command::assigned).collect();
        let loops = self.constructs.iter().filter(|it| it.kind.is_loop());
        names.extend(loops.map(|it| String::from_utf8_lossy(&it.name).into_owned()));
        let parameters = self.parameters().into_iter();
        let assigns = parameters.filter(|it| it.operator == Operator::Assign);
        names.extend(assigns.map(|it| it.name.clone()));
        names
    }

    /// The variables that it reads and never gives a value to, so that they have to come with the
    /// environment. Those that a shell sets itself are left out. A sourced file or an `eval` may
    /// set any of them: see `has_unseen_commands`.
    #[must_use]
    pub fn unassigned_reads(&self) -> Vec<&Parameter> {
        let assigned = self.assigned();
        let mut parameters = self.parameters();
        parameters.retain(|it| {
            it.is_variable() && !assigned.contains(&it.name) && !is_set_by_shells(&it.name)
        });
        parameters
    }

    /// Whether it runs commands in its own process that cannot be seen here: `.`, `source`, `eval`.
    #[must_use]
    pub fn has_unseen_commands(&self) -> bool {
        let unseen: &[&[u8]] = &[b".", b"source", b"eval"];
        self.commands.iter().any(|command| command.is_any(unseen))
    }

    /// Where it reads the arguments it was started with: outside of functions, which have their
    /// own, and before a `set` that gives others.
    #[must_use]
    pub fn positional_reads(&self) -> Vec<&Parameter> {
        let functions = self
            .constructs
            .iter()
            .filter(|it| it.kind == Kind::Function);
        let functions: Vec<_> = functions.filter(|it| it.place.is_none()).collect();
        let sets = |command: &&Command| {
            let gives = |word: &Word| {
                let prefix = word.prefix();
                prefix == b"--" || !matches!(prefix.first(), Some(b'-' | b'+'))
            };
            // `set -o name` has an operand that is no argument.
            let names_option = command
                .arguments()
                .first()
                .is_some_and(|word| word.prefix().ends_with(b"o") && !gives(word));
            command.is(b"set") && !names_option && command.arguments().iter().any(gives)
        };
        let given = self.commands.iter().find(sets);
        let until = given.map_or(usize::MAX, |command| command.span.end);
        let mut parameters = self.parameters();
        parameters.retain(|it| {
            let at = it.span.start;
            // The functions are in order, so the last that begins before is the only candidate.
            let following = functions.partition_point(|function| function.span.start <= at);
            let function = following
                .checked_sub(1)
                .and_then(|index| functions.get(index));
            it.is_positional() && at < until && function.is_none_or(|it| it.span.end <= at)
        });
        parameters
    }
}

/// Whether shells give the variable a value of their own.
fn is_set_by_shells(name: &str) -> bool {
    let own = [
        "PATH",
        "PWD",
        "OLDPWD",
        "IFS",
        "PPID",
        "OPTARG",
        "OPTIND",
        "LINENO",
        "REPLY",
        "RANDOM",
        "SECONDS",
        "UID",
        "EUID",
        "GROUPS",
        "FUNCNAME",
        "PIPESTATUS",
        "HOSTNAME",
        "HOSTTYPE",
        "OSTYPE",
        "MACHTYPE",
        "SHLVL",
        "SHELLOPTS",
        "DIRSTACK",
        "EPOCHSECONDS",
        "EPOCHREALTIME",
        "MAPFILE",
        "COPROC",
        "PS1",
        "PS2",
        "PS4",
        "_",
    ];
    own.contains(&name) || name.starts_with("BASH")
}
