//! Options and operands of each command against the reference: in any order, repeated,
//! joined, wrong, missing. Which of them exist is not taken from our constants, as those
//! could be wrong in the same way as the command.
//!
//! Drawn only for the newest reference is what older ones do differently: `Pool::newer`.

use proptest::prelude::*;
use proptest::strategy::Union;

use super::agreement::{Input, Sides, cases, holds};

type Words = Vec<String>;
type Drawn<T> = BoxedStrategy<T>;

/// How many commands share the cases of this property.
const COMMANDS: u32 = 19;

/// A word of these.
fn word(words: &'static [&'static str]) -> Drawn<Words> {
    prop::sample::select(words)
        .prop_map(|word| vec![word.to_owned()])
        .boxed()
}

/// Exactly these words.
fn fixed(words: &'static [&'static str]) -> Drawn<Words> {
    Just(
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Words>(),
    )
    .boxed()
}

/// Any of these phrases: words apart by `|`.
fn phrase(phrases: &'static [&'static str]) -> Drawn<Words> {
    prop::sample::select(phrases)
        .prop_map(|phrase| phrase.split('|').map(str::to_owned).collect())
        .boxed()
}

/// So many at most, one behind the other.
fn some(words: Drawn<Words>, most: usize) -> Drawn<Words> {
    prop::collection::vec(words, 0..=most)
        .prop_map(|words| words.concat())
        .boxed()
}

/// Characters of these, as one word.
fn characters(characters: &'static str, most: usize) -> Drawn<Words> {
    let characters = prop::sample::select(characters.chars().collect::<Vec<char>>());
    prop::collection::vec(characters, 0..=most)
        .prop_map(|characters| vec![characters.into_iter().collect()])
        .boxed()
}

/// The words as a block.
fn block(words: Drawn<Words>) -> Drawn<Words> {
    words
        .prop_map(|words| {
            let quoted = words.into_iter().map(|word| format!(" {word}"));
            quoted.chain([String::new()]).collect()
        })
        .boxed()
}

/// One after the other.
fn row<const N: usize>(parts: [Drawn<Words>; N]) -> Drawn<Words> {
    Vec::from(parts).prop_map(|parts| parts.concat()).boxed()
}

/// Options: those every reference has, and those of the newest; now and then none of them.
struct Pool {
    all: &'static [&'static str],
    newer: &'static [&'static str],
}

impl Pool {
    fn draw(&self, is_newest: bool) -> Drawn<Words> {
        let newer = if is_newest { self.newer } else { &[] };
        let known: Vec<&str> = [self.all, newer].concat();
        let known = prop::sample::select(known)
            .prop_map(|phrase| phrase.split('|').map(str::to_owned).collect::<Words>());
        let odd = word(&["-q", "--", "-", "-?", "--long", "-:"]);
        some(prop_oneof![16 => known, 1 => odd].boxed(), 4)
    }
}

/// What is goes on with: it shows its words, or the environment.
fn shown(words: &'static [&'static str]) -> Drawn<Words> {
    let words = some(word(words), 3);
    prop_oneof![
        4 => row([fixed(&["printf", "[%s]", "-"]), words]),
        2 => fixed(&["env"]),
        1 => fixed(&["/no/such/program"]),
    ]
    .boxed()
}

/// A block that succeeds, fails, is killed, or is not there.
fn body() -> Drawn<Words> {
    block(phrase(&[
        "true",
        "exit|0",
        "exit|3",
        "exit|255",
        "eltest|a",
        "eltest",
        "echo|said",
        "sh|-c|exit 9",
        "sh|-c|kill -9 $$",
        "/no/such/program",
        "if|-n|  true||exit|5",
        "importas|-D|unset|v|A|echo|$v",
    ]))
}

/// What may follow a block: it shows `?`.
fn afterwards() -> Drawn<Words> {
    phrase(&[
        "importas|-D|unset|v|?|echo|$v",
        "echo|on",
        "exit|4",
        "sh|-c|kill -9 $$",
        "env",
    ])
}

const DELIMITING: [&str; 10] = [
    "-s", "-n", "-N", "-C", "-c", "-sC", "-ns", "-d|:", "-d| ", "-d|",
];

/// The operands of a command whose variables are drawn too.
fn drawn(
    name: &str,
    newest: bool,
) -> (
    Drawn<Words>,
    &'static [(&'static str, &'static [&'static str])],
) {
    let pool = |all, newer| Pool { all, newer }.draw(newest);
    let keys = &["x", "x", "y", "", "a=b", "long-er", "$x"];
    let uses = &[
        "$x", "-${x}-", "\\$x", "\\\\${x}", "$y", "${x}${x}", "$x$y", "${a=b}", "$",
    ];
    let none: &[_] = &[];
    match name {
        "define" => (
            row([
                pool(&DELIMITING, &[]),
                word(keys),
                characters("ab: \n1,2$x", 8),
                shown(uses),
            ]),
            none,
        ),
        "importas" => {
            let own = pool(&["-i", "-u", "-D|dd", "-D|", "-D|a b", "-iu"], &["-S"]);
            (
                row([
                    own,
                    pool(&DELIMITING, &[]),
                    word(keys),
                    word(&["A", "A", "B", "x", "", "a=b"]),
                    shown(uses),
                ]),
                &[
                    ("A", &["", "v", "a:b", "a b  c ", "1:a,2:bc,", "$x", "\n"]),
                    ("x", &["own"]),
                ],
            )
        }
        "multidefine" => {
            // The reference crashes at `-r` without a key that has a name.
            let keys = block(row([
                word(&["x", "y"]),
                some(word(&["x", "y", "z", "", "w"]), 3),
            ]));
            let options = pool(
                &["-0", "-r", "-n", "-N", "-C", "-c", "-d|:", "-d| ", "-rC"],
                &[],
            );
            (
                row([options, characters("ab: 1,", 10), keys, shown(uses)]),
                none,
            )
        }
        "multisubstitute" => {
            let directive = block(some(
                phrase(&[
                    "define|x|X",
                    "define|-s|x|1 2",
                    "define|-s|y|",
                    "define|y|$x",
                    "importas|x|A",
                    "importas|-i|y|NOT",
                    "importas|-D|d|y|NOT",
                    "importas|-u|y|A",
                    "elgetpositionals",
                    "multidefine|a b| x| y|",
                    "nonsense",
                    "define|x",
                ]),
                3,
            ));
            (row([directive, shown(uses)]), &[("A", &["v", "$x", ""])])
        }
        "elgetopt" => (
            row([
                pool(&["-D|given", "-D|"], &[]),
                word(&[
                    "ab:c", "a:", "abc", ":a:b", "a::b", "", "-a", "ab:", "a?", "a?:",
                ]),
                fixed(&["env"]),
            ]),
            &[
                ("#", &["0", "1", "3", "x", "4"]),
                ("0", &["zero"]),
                ("1", &["-a", "-ab", "--", "x", "-ax", "-", "-?", "-?x"]),
                ("2", &["-b", "val", "-cb", "--long", "-:"]),
                ("3", &["-c", "", "-ba", "v w"]),
                ("ELGETOPT_a", &["old"]),
                ("ELGETOPT_a:1", &["older"]),
            ],
        ),
        "elgetpositionals" => (
            row([
                pool(&["-P|3", "-P|1", "-P0", "-P|x"], &[]),
                shown(&["$#", "$0", "$1", "x${2}x", "$3", "$@", "-$@-", "$4"]),
            ]),
            &[
                ("#", &["0", "1", "2", "x", ""]),
                ("0", &["zero"]),
                ("1", &["one", ""]),
                ("2", &["$1", "two"]),
            ],
        ),
        "emptyenv" => (
            row([
                // Older ones answer wrong options otherwise.
                if newest {
                    pool(
                        &["-p", "-P", "-o", "-Po"],
                        &[
                            "-c",
                            "-l",
                            "--keep-path",
                            "--cleanup",
                            "--pop-execline",
                            "--pop-elgetopt",
                            "--keep-ld-library-path",
                        ],
                    )
                } else {
                    some(word(&["-p", "-P", "-o", "-Po"]), 3)
                },
                fixed(&["/usr/bin/env"]),
            ]),
            &[
                ("#", &["1", "0"]),
                ("#:1", &["2"]),
                ("0", &["zero"]),
                ("1:1", &["one"]),
                ("1", &["a", "b=c"]),
                ("10", &["ten"]),
                ("ELGETOPT_a", &[""]),
                ("ELGETOPT_a:1", &["1"]),
                ("?", &["3"]),
                ("!", &["77"]),
                ("FD3", &["x"]),
                ("EXECLINE_STRICT", &["0", "1"]),
                ("LD_LIBRARY_PATH", &["/lib"]),
                ("01", &["x"]),
                ("1:x", &["x"]),
            ],
        ),
        "execlineb" => {
            let script = prop_oneof![
                word(&[
                    "printf [%s] $# x${0} $1 -${2}- $3 $@",
                    "printf [%s] $@ ${1}",
                    "env",
                    "",
                    "$1",
                    "if { true } echo {",
                    "foreground { echo [$@] } env",
                ]),
                characters("a {}\"\\\n#$@1", 12),
            ];
            let scripts = script.prop_map(|words| vec!["-c".to_owned(), words.concat()]);
            (
                row([
                    pool(
                        &["-S|0", "-S|2", "-s|1", "-s2", "-P", "-p", "-q", "-w", "-W"],
                        &["-e"],
                    ),
                    prop_oneof![8 => scripts.boxed(), 1 => word(&["/no/such/script", "", "-c"])]
                        .boxed(),
                    some(word(&["a", "", "b c", "$1", "-x", "--"]), 3),
                ]),
                &[
                    ("EXECLINE_STRICT", &["0", "1", "2", "x"]),
                    ("#", &["1"]),
                    ("1", &["before"]),
                    ("#:1", &["0"]),
                ],
            )
        }
        "export" => (
            row([
                pool(&["-a"], &[]),
                word(&["A", "NEW", "a=b", "=", "", "PATH"]),
                word(&["", "v", "a=b", "a b"]),
                shown(&["a"]),
            ]),
            &[("A", &["v"]), ("B", &["w"])],
        ),
        "unexport" => (
            row([
                pool(&["-a"], &[]),
                word(&["A", "B", "NOT", "A=", "", "PATH"]),
                shown(&["a"]),
            ]),
            &[("A", &["v"]), ("B", &["w"]), ("C", &["x"])],
        ),
        "exec" => (
            row([
                pool(&["-c", "-l", "-a|name", "-a|", "-cl", "-lc", "-ax"], &[]),
                // A shell says what it is called by where it cannot open its script.
                phrase(&[
                    "sh|/no/such/script",
                    "/usr/bin/env",
                    "printf|[%s]|a",
                    "/no/such/program",
                ]),
            ]),
            &[("A", &["v"])],
        ),
        "if" => (
            row([
                pool(&["-n", "-t", "-X", "-x|3", "-nt", "-x|255", "-x|x"], &[]),
                body(),
                afterwards(),
            ]),
            &[("A", &["v"]), ("?", &["old"])],
        ),
        "ifelse" => (
            row([
                pool(&["-n", "-X", "-nX"], &[]),
                body(),
                body(),
                afterwards(),
            ]),
            &[("A", &["v"]), ("?", &["old"])],
        ),
        "ifte" => (
            row([
                pool(&["-n", "-X", "-Xn"], &[]),
                body(),
                body(),
                afterwards(),
            ]),
            &[("A", &["v"])],
        ),
        "ifthenelse" => (
            row([
                pool(&["-X", "-s"], &[]),
                body(),
                body(),
                body(),
                afterwards(),
            ]),
            &[("A", &["v"]), ("?", &["old"])],
        ),
        "foreground" => (
            row([pool(&["-d"], &[]), body(), afterwards()]),
            &[("A", &["v"]), ("?", &["old"])],
        ),
        "backtick" => {
            // Older ones name another command where `-E` cannot go on.
            let rest = if newest {
                shown(uses)
            } else {
                row([fixed(&["printf", "[%s]", "-"]), some(word(uses), 3)])
            };
            let said = block(phrase(if newest {
                &[
                    "printf|a\\n",
                    "printf|a\\n\\nb\\n\\n",
                    "true",
                    "exit|3",
                    "printf|a\\000b",
                    "sh|-c|echo x; kill -9 $$",
                    "/no/such/program",
                ]
            } else {
                &["printf|a\\n", "printf|a\\n\\nb\\n\\n", "true", "echo|$x"]
            }));
            (
                row([
                    pool(
                        &["-i", "-n", "-N", "-E", "-e", "-in"],
                        &["-I", "-x", "-D|dd", "-D|"],
                    ),
                    word(&["x", "x", "A", "", "a=b"]),
                    said,
                    rest,
                ]),
                &[("A", &["v"]), ("x", &["old"])],
            )
        }
        "forx" => {
            let newer: &[&str] = &["-P1", "-P0"];
            (
                row([
                    pool(
                        &["-e", "-E", "-o|0", "-x|2", "-o|1,2", "-x|0,3", "-x|x"],
                        newer,
                    ),
                    word(&["x", "x", "A", "", "a=b"]),
                    block(some(word(&["1", "2", "3", "", "a b", "0", "$x"]), 4)),
                    phrase(&[
                        "importas|-i|v|x|foreground| echo| $v||exit|$v",
                        "foreground| echo| -${x}-||exit|$x",
                        "echo|$x",
                        "env",
                        "/no/such/program",
                        "exit|2",
                        "importas|-D|unset|v|?|echo|$v",
                    ]),
                ]),
                &[("A", &["v"]), ("x", &["old"]), ("?", &["9"])],
            )
        }
        "loopwhilex" => (
            // The body reads its exit code; at the end of the codes it kills the loop.
            row([
                pool(
                    &["-n", "-o|3", "-x|3", "-o|0,1", "-x|1,2", "-x|", "-x|x"],
                    &[],
                ),
                fixed(&[
                    "sh",
                    "-c",
                    "read x || kill -9 $PPID; echo \"$x\"; exit \"$x\"",
                ]),
            ]),
            none,
        ),
        name => panic!("nothing is drawn for {name}"),
    }
}

/// Each variable, or not, with one of its values.
fn variables(
    pools: &'static [(&'static str, &'static [&'static str])],
) -> Drawn<Vec<(String, String)>> {
    let each: Vec<_> = pools
        .iter()
        .map(|(name, values)| {
            let value = prop::sample::select(*values);
            prop::option::weighted(0.7, value)
                .prop_map(move |value| Some(((*name).to_owned(), value?.to_owned())))
        })
        .collect();
    each.prop_map(|each| each.into_iter().flatten().collect())
        .boxed()
}

fn input(name: &'static str, newest: bool) -> impl Strategy<Value = Input> {
    let (words, pools) = drawn(name, newest);
    // Now and then the last words are missing.
    let kept = Union::new_weighted(vec![
        (11, Just(usize::MAX).boxed()),
        (1, (0..7_usize).boxed()),
    ]);
    let codes = prop::collection::vec(
        prop::sample::select(vec!["0", "0", "1", "2", "3", "255"]),
        0..5,
    );
    (words, variables(pools), kept, codes).prop_map(move |(mut words, env, kept, codes)| {
        // A loop whose body does not read its codes would not end, and older references
        // let `backtick` end without a program.
        if name != "loopwhilex" && (newest || name != "backtick") {
            words.truncate(kept);
        }
        let mut input = Input::new(std::iter::once(name.to_owned()).chain(words));
        input.env = env;
        if name == "loopwhilex" {
            input.stdin = codes
                .iter()
                .flat_map(|code| format!("{code}\n").into_bytes())
                .collect();
        }
        input
    })
}

#[test]
fn options_mean_what_they_mean_to_the_reference() {
    let names = [
        "define",
        "importas",
        "multidefine",
        "multisubstitute",
        "elgetopt",
        "elgetpositionals",
        "emptyenv",
        "execlineb",
        "export",
        "unexport",
        "exec",
        "if",
        "ifelse",
        "ifte",
        "ifthenelse",
        "foreground",
        "backtick",
        "forx",
        "loopwhilex",
    ];
    let sides = Sides::new();
    let share = cases(32 * COMMANDS).div_ceil(COMMANDS);
    for name in names {
        holds(share, &input(name, sides.is_newest()), |input| {
            sides.agree(&input)
        });
    }
}
