//! `multisubstitute`: several substitutions at once, so that none sees another's values.
//!
//! Reference: <https://skarnet.org/software/execline/multisubstitute.html>

use super::{define, elgetpositionals, elglob, importas, multidefine};
use crate::command::{Command, Example, Operand, Rest};
use crate::process::directive::{Directive, Refusal, Substitution};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::{Blocks, Call, Engine, Failure, Outcome, Reach, Stop};

/// The command.
pub const COMMAND: Command = Command::new(
    "multisubstitute",
    "makes several substitutions at once",
    run,
)
.usage("see http://skarnet.org/software/execline/multisubstitute.html")
.operands(&[
    Operand::Words("directives: define, importas, elglob, elgetpositionals, multidefine"),
    Operand::Rest(Rest::Required),
])
.reach(Reach::Files)
.examples(&[
    Example::new(
        "export B \\$a  multisubstitute { define a 1  importas b B }  echo $a $b",
        "1 $a\n",
    ),
    Example::new(
        "multisubstitute { multidefine \"x y\" { first second }  define third z }  \
             echo $third $second $first",
        "z y x\n",
    ),
    Example::new("multisubstitute { import A }  echo", "")
        .complains("multisubstitute: fatal: syntax error: unrecognized directive import\n")
        .code(100),
]);

/// The directives by name.
const DIRECTIVES: [(&str, Directive); 5] = [
    ("define", define::directive),
    ("importas", importas::directive),
    ("elglob", elglob::directive),
    ("elgetpositionals", elgetpositionals::directive),
    ("multidefine", multidefine::directive),
];

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, environment) = (call.argv, call.environment);
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    let mut blocks = Blocks::new(&environment);
    let mut directives = blocks.need(engine, &mut argv, b"unterminated block")?;
    if argv.is_empty() {
        return Err(Failure::Usage.into());
    }
    let mut substitution = Substitution::default();
    while let Some(name) = directives.take() {
        let name = name.to_bytes();
        let directive = DIRECTIVES
            .iter()
            .find(|(known, _)| known.as_bytes() == name)
            .map(|(_, directive)| directive)
            .ok_or_else(|| {
                Failure::new(USAGE, &[b"syntax error: unrecognized directive ", name])
            })?;
        directive(
            engine,
            &mut directives,
            &mut blocks,
            &environment,
            &mut substitution,
        )
        .map_err(|refusal| -> Stop {
            match refusal {
                Refusal::Syntax => {
                    Failure::new(USAGE, &[b"syntax error at directive ", name]).into()
                }
                Refusal::Key => Failure::new(USAGE, &[b"wrong key for directive ", name]).into(),
                Refusal::EmptyBlock => {
                    Failure::new(SYSTEM, &[b"unknown error with directive ", name]).into()
                }
                Refusal::Value(errno) => {
                    Failure::system(SYSTEM, &[b"unable to run directive ", name], errno).into()
                }
                Refusal::Stopped(stop) => stop,
            }
        })?;
    }
    substitution.apply(argv, environment)
}
