//! What a script uses beyond the POSIX shell language, and which shells take it.
//! Verdicts come from running bash 5.2, busybox ash 1.35 and dash 0.5.12. Syntax that no shell
//! takes is not looked for.

use super::script::{Command, Kind, Script};
use super::word::{Operator, Parameter, Part, Word};
use crate::bytes::{base_name, contains};
use std::collections::BTreeSet;
use std::ops::Range;

/// The language that an interpreter reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// `bash`, and `bashio`, which is bash with a library.
    Bash,
    /// `ash` and `busybox sh`: the shell of busybox with its usual options.
    Ash,
    /// `dash`.
    Dash,
    /// `sh`: one of the others, and one cannot see which.
    Sh,
}

impl Dialect {
    /// The dialect of an interpreter, by the last component of its path.
    #[must_use]
    pub fn of(interpreter: &[u8]) -> Option<Dialect> {
        match base_name(interpreter) {
            b"bash" | b"bashio" => Some(Dialect::Bash),
            b"ash" | b"busybox" => Some(Dialect::Ash),
            b"dash" => Some(Dialect::Dash),
            b"sh" => Some(Dialect::Sh),
            _ => None,
        }
    }
}

/// A place where a script uses something beyond POSIX.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    /// The bytes it is about.
    pub span: Range<usize>,
    /// What it uses.
    pub feature: Feature,
}

/// Something beyond POSIX.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
#[allow(missing_docs, reason = "`description` says what each is")]
pub enum Feature {
    AnsiQuotes,
    AppendingAssignment,
    ArithmeticCommand,
    Array,
    BashCommand,
    BashVariable,
    BraceRange,
    CaseChange,
    CaseFallThrough,
    DoubleBrackets,
    DoubleEqual,
    ErrTrap,
    ExecOption,
    ExtendedPattern,
    ExportOption,
    FunctionKeyword,
    HereString,
    Indirection,
    Let,
    LocalOption,
    LocaleQuotes,
    NamedDescriptor,
    PipeBoth,
    Pipefail,
    PrintfOption,
    ProcessSubstitution,
    ReadArray,
    ReadOption,
    RedirectBoth,
    Replacement,
    Select,
    Slice,
    SourceCommand,
    TestVariable,
    Transformation,
    WaitOption,
}

impl Feature {
    /// What it is, as a noun: `the keyword [[`.
    #[must_use]
    pub fn description(self) -> &'static str {
        self.row().0
    }

    /// Whether a dialect takes it; `None` where that depends on which shell `sh` is.
    #[must_use]
    pub fn works_in(self, dialect: Dialect) -> Option<bool> {
        let (_, ash) = self.row();
        match dialect {
            Dialect::Bash => Some(true),
            Dialect::Ash => Some(ash),
            Dialect::Dash => Some(false),
            Dialect::Sh => None,
        }
    }

    /// The description, and whether busybox ash takes it. Bash takes each, dash none.
    fn row(self) -> (&'static str, bool) {
        match self {
            Feature::AnsiQuotes => ("the quotation $'...'", true),
            Feature::AppendingAssignment => ("the assignment +=", false),
            Feature::ArithmeticCommand => ("the arithmetic command ((...))", false),
            Feature::Array => ("an array", false),
            Feature::BashCommand => ("a builtin of bash", false),
            Feature::BashVariable => ("a variable of bash", false),
            Feature::BraceRange => ("the brace expansion {x..y}", false),
            Feature::CaseChange => ("the expansion ${x^} or ${x,}", false),
            Feature::CaseFallThrough => ("the case terminator ;& or ;;&", false),
            Feature::DoubleBrackets => ("the keyword [[", true),
            Feature::DoubleEqual => ("the operator == of [", true),
            Feature::ErrTrap => ("the trap ERR", true),
            Feature::ExecOption => ("the option -a of exec", true),
            Feature::ExtendedPattern => ("the pattern @(...) or its kin", false),
            Feature::ExportOption => ("an option of export or readonly", false),
            Feature::FunctionKeyword => ("the keyword function", true),
            Feature::HereString => ("the redirection <<<", false),
            Feature::Indirection => ("the expansion ${!x}", false),
            Feature::Let => ("the builtin let", true),
            Feature::LocalOption => ("an option of local", false),
            Feature::LocaleQuotes => ("the quotation $\"...\"", false),
            Feature::NamedDescriptor => ("the redirection {name}>", false),
            Feature::PipeBoth => ("the pipe |&", false),
            Feature::Pipefail => ("the option pipefail", true),
            Feature::PrintfOption => ("printf -v or the directive %q", false),
            Feature::ProcessSubstitution => ("the process substitution <(...) or >(...)", true),
            Feature::ReadArray => ("the option -a of read", false),
            Feature::ReadOption => ("an option of read", true),
            Feature::RedirectBoth => ("the redirection &> or >& to a file", true),
            Feature::Replacement => ("the expansion ${x/y/z}", true),
            Feature::Select => ("the keyword select", false),
            Feature::Slice => ("the expansion ${x:1:2}", true),
            Feature::SourceCommand => ("the builtin source", true),
            Feature::TestVariable => ("the test -v", false),
            Feature::Transformation => ("an expansion such as ${x@Q}", false),
            Feature::WaitOption => ("the option -n of wait", true),
        }
    }
}

/// Everything beyond POSIX that a script uses, in order of place.
///
/// A script that asks for `BASH_VERSION` knows that it may meet another shell: nothing is listed.
/// Neither is `pipefail` where the script tries it in a subshell first.
#[must_use]
pub fn extensions(script: &Script) -> Vec<Extension> {
    if script.reads("BASH_VERSION") || script.reads("BASH") {
        return Vec::new();
    }
    let mut found = script.extensions.clone();
    let functions: BTreeSet<&[u8]> = script.functions().collect();
    for command in &script.commands {
        let own = |name: &[u8]| functions.contains(name);
        if !command.name().is_some_and(|name| own(&name)) {
            of_command(command, &mut found);
        }
        braces(&command.words, &mut found);
    }
    let loops = script.constructs.iter().filter(|it| it.kind.is_loop());
    loops.for_each(|construct| braces(&construct.words, &mut found));
    let assigned = script.assigned();
    for parameter in script.parameters() {
        if let Some(feature) = of_parameter(parameter) {
            let span = parameter.span.clone();
            found.push(Extension { span, feature });
        }
        let name = parameter.name.as_str();
        let of_bash = name.starts_with("BASH_") || matches!(name, "FUNCNAME" | "PIPESTATUS");
        if of_bash && !parameter.has_default() && !assigned.contains(name) {
            found.push(Extension {
                span: parameter.span.clone(),
                feature: Feature::BashVariable,
            });
        }
    }
    let tried = |command: &Command| {
        let mut around = script.enclosing(command.place);
        is_pipefail(command) && around.any(|(construct, _)| construct.kind == Kind::Subshell)
    };
    if script.commands.iter().any(tried) {
        found.retain(|extension| extension.feature != Feature::Pipefail);
    }
    found.sort_by_key(|extension| extension.span.start);
    found
}

fn of_parameter(parameter: &Parameter) -> Option<Feature> {
    match parameter.operator {
        Operator::Replace => Some(Feature::Replacement),
        Operator::Slice => Some(Feature::Slice),
        Operator::Case => Some(Feature::CaseChange),
        Operator::Indirect => Some(Feature::Indirection),
        Operator::Other => Some(Feature::Transformation),
        _ => parameter.subscript.then_some(Feature::Array),
    }
}

fn is_pipefail(command: &Command) -> bool {
    let arguments = command.arguments();
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let asks = |word: &Word| {
        let prefix = word.prefix();
        prefix.starts_with(b"-") && prefix.ends_with(b"o")
    };
    command.is(b"set")
        && pairs
            .into_iter()
            .any(|(option, name)| asks(option) && name.is(b"pipefail"))
}

fn of_command(command: &Command, found: &mut Vec<Extension>) {
    let Some(name) = command.name() else {
        return;
    };
    let mut add = |span: &Range<usize>, feature| {
        let span = span.clone();
        found.push(Extension { span, feature });
    };
    let arguments = command.arguments();
    let options = || {
        let dashed = |word: &&Word| word.prefix().starts_with(b"-") && !word.is(b"--");
        arguments.iter().take_while(dashed)
    };
    let first = command
        .words
        .first()
        .map_or(&command.span, |word| &word.span);
    match name.as_slice() {
        b"source" => add(first, Feature::SourceCommand),
        b"let" => add(first, Feature::Let),
        b"declare" | b"typeset" | b"shopt" | b"pushd" | b"popd" | b"dirs" | b"mapfile"
        | b"readarray" | b"builtin" | b"coproc" | b"caller" | b"compgen" | b"complete"
        | b"disown" | b"enable" => add(first, Feature::BashCommand),
        b"local" => options().for_each(|word| add(&word.span, Feature::LocalOption)),
        b"export" | b"readonly" => options()
            .filter(|word| !word.is(b"-p"))
            .for_each(|word| add(&word.span, Feature::ExportOption)),
        b"set" if is_pipefail(command) => {
            let word = arguments.iter().find(|word| word.is(b"pipefail"));
            add(word.map_or(first, |word| &word.span), Feature::Pipefail);
        }
        b"exec" => options()
            .filter(|word| word.is(b"-a"))
            .for_each(|word| add(&word.span, Feature::ExecOption)),
        b"wait" => options()
            .filter(|word| word.is(b"-n"))
            .for_each(|word| add(&word.span, Feature::WaitOption)),
        b"printf" => {
            let format = arguments.first();
            let beyond = |word: &&Word| word.is(b"-v") || contains(&word.prefix(), b"%q");
            if let Some(word) = format.filter(beyond) {
                add(&word.span, Feature::PrintfOption);
            }
        }
        b"trap" => {
            let word = arguments.iter().skip(1).find(|word| word.is(b"ERR"));
            if let Some(word) = word {
                add(&word.span, Feature::ErrTrap);
            }
        }
        b"[" | b"test" => {
            // `==` is only an operator between two operands.
            for word in arguments.iter().skip(1).filter(|word| word.is(b"==")) {
                add(&word.span, Feature::DoubleEqual);
            }
            if let Some(word) = arguments.first().filter(|word| word.is(b"-v")) {
                add(&word.span, Feature::TestVariable);
            }
        }
        b"read" => {
            for word in options() {
                let letters = word.prefix();
                let mut letters = letters.iter().skip(1).copied();
                match letters.find(|letter| !b"rp".contains(letter)) {
                    Some(b'a') => add(&word.span, Feature::ReadArray),
                    Some(b'n' | b't' | b's' | b'd' | b'u') => {
                        add(&word.span, Feature::ReadOption);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// `{1..3}` and `{a..c}`; lists such as `{a,b}` may well be meant as they are written.
fn braces(words: &[Word], found: &mut Vec<Extension>) {
    for word in words {
        for part in &word.parts {
            let Part::Text {
                bytes,
                quoted: false,
                span,
            } = part
            else {
                continue;
            };
            if has_range(bytes) {
                found.push(Extension {
                    span: span.clone(),
                    feature: Feature::BraceRange,
                });
            }
        }
    }
}

fn has_range(bytes: &[u8]) -> bool {
    let mut groups = bytes.split(|byte| *byte == b'{').skip(1);
    groups.any(|group| {
        let mut ends = group.split(|byte| *byte == b'}');
        let inner = ends.next().unwrap_or_default();
        let mut sides = inner.split(|byte| *byte == b'.');
        let sides = [sides.next(), sides.next(), sides.next(), sides.next()];
        let plain = |side: &[u8]| !side.is_empty() && side.iter().all(u8::is_ascii_alphanumeric);
        ends.next().is_some()
            && matches!(sides, [Some(low), Some(b""), Some(high), None] if plain(low) && plain(high))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::read;

    #[test]
    fn extensions_are_found() {
        use Feature::*;
        let cases: &[(&str, &[Feature])] = &[
            ("[[ a == b ]] && c", &[DoubleBrackets]),
            (
                "[ a == b ]; test a == b; [ a = b ]",
                &[DoubleEqual, DoubleEqual],
            ),
            ("a=(1 2); b ${a[@]}", &[Array, Array]),
            ("declare -A m; m[k]=v", &[BashCommand, Array]),
            (
                "set -o pipefail; set -euo pipefail; set -eu",
                &[Pipefail, Pipefail],
            ),
            ("(set -o pipefail) && set -o pipefail", &[]),
            ("a <(b) > >(c)", &[ProcessSubstitution, ProcessSubstitution]),
            ("a &>b; a &>>b; a >&b; a >&2; a 2>&-", &[RedirectBoth; 3]),
            ("function f { a; }", &[FunctionKeyword]),
            ("f() { a; }", &[]),
            ("source /x; . /x", &[SourceCommand]),
            ("source() { . \"$1\"; }; source /x", &[]),
            ("a <<< b", &[HereString]),
            (
                "a ${x//b/c}${x^^}${x:1:2}${!x}${x@Q}",
                &[Replacement, CaseChange, Slice, Indirection, Transformation],
            ),
            ("a ${x:-1}${x%b}${#x}${10}${x+1}", &[]),
            ("x+=1; a x+=1", &[AppendingAssignment]),
            (
                "for i in {1..3}; do a {a..c} {a,b} '{1..3}' $x{1..2}; done",
                &[BraceRange, BraceRange, BraceRange],
            ),
            ("f() { local x=1; local -a y; }", &[LocalOption]),
            ("a $'b' $\"c\" '$'", &[AnsiQuotes, LocaleQuotes]),
            ("a |& b", &[PipeBoth]),
            (
                "((x++)); for ((;;)); do a; done",
                &[ArithmeticCommand, ArithmeticCommand],
            ),
            ("a $((x + 1)); ((a) || (b))", &[]),
            (
                "case x in a) b;;& c) d;& esac",
                &[CaseFallThrough, CaseFallThrough],
            ),
            (
                "read -r x; read -p a x; read -n 1 x; read -ra x; read -t5 x",
                &[ReadOption, ReadArray, ReadOption],
            ),
            ("trap a ERR; trap a EXIT TERM", &[ErrTrap]),
            ("exec -a x app; exec app -a", &[ExecOption]),
            (
                "printf -v x a; printf '%q' a; printf %s %q",
                &[PrintfOption, PrintfOption],
            ),
            ("export -f f; export A; readonly -p", &[ExportOption]),
            ("wait -n; wait $!", &[WaitOption]),
            ("exec {fd}>x", &[NamedDescriptor]),
            (
                "a ${BASH_SOURCE[0]} ${PIPESTATUS:-0}",
                &[Array, BashVariable],
            ),
            ("if [ -n \"$BASH_VERSION\" ]; then [[ a ]]; fi", &[]),
            ("a @(b|c) 'd@(e)'", &[ExtendedPattern]),
            ("a <<E\n[[ ${x^^} {1..3}\nE", &[CaseChange]),
            ("a <<'E'\n${x^^}\nE", &[]),
            ("echo '[[ a ]]' \"{1..3}\" # [[ b ]]", &[]),
            ("select x in a; do b; done", &[Select]),
            ("if ! [ -v x ]; then let x=1; fi", &[TestVariable, Let]),
        ];
        for (text, expected) in cases {
            let script = read(text.as_bytes());
            let found: Vec<Feature> = extensions(&script).iter().map(|it| it.feature).collect();
            assert_eq!(found, *expected, "{text}");
            assert_eq!(script.broken, None, "{text}");
        }
    }

    #[test]
    fn verdicts_depend_on_the_shell() {
        let of = |name: &str| Dialect::of(name.as_bytes());
        assert_eq!(of("/usr/bin/bashio"), Some(Dialect::Bash));
        assert_eq!(of("/bin/sh"), Some(Dialect::Sh));
        assert_eq!(of("python3"), None);
        let verdicts = [
            (Feature::Pipefail, Dialect::Bash, Some(true)),
            (Feature::Pipefail, Dialect::Ash, Some(true)),
            (Feature::Pipefail, Dialect::Dash, Some(false)),
            (Feature::Pipefail, Dialect::Sh, None),
            (Feature::Array, Dialect::Ash, Some(false)),
        ];
        for (feature, dialect, expected) in verdicts {
            assert_eq!(
                feature.works_in(dialect),
                expected,
                "{feature:?} {dialect:?}"
            );
        }
    }
}
