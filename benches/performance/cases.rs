//! What is measured: scripts in the manner of services, the same for a shell where a shell can
//! do it, and the processes and executions that such work needs from the kernel.
//!
//! `@NOTHING@` is a program that ends at once, `@RELAY@` one that becomes the program behind
//! it, as `s6-envdir DIR` does, and `@LINES@` a file of 100 lines.

/// A thing to measure.
pub struct Case {
    /// What it is called in the table.
    pub name: &'static str,
    /// How the toolkits do it.
    pub work: Work,
    /// How a shell does it; empty where it cannot.
    pub shell: String,
    /// How many processes the work needs, the first one included.
    pub processes: usize,
    /// How many other programs the first process becomes, one after the other.
    pub becomes: usize,
}

/// What a toolkit is given.
pub enum Work {
    /// A script, and execlineb's words around it: options before, arguments behind.
    Script {
        options: &'static str,
        text: String,
        arguments: &'static [&'static str],
    },
    /// A command alone, with its words.
    Command(&'static [&'static str]),
}

/// How many values the loops have.
const VALUES: usize = 100;

/// How many words the long command line has.
const WORDS: usize = 4000;

/// How many bytes of comments the long script has.
const COMMENTS: usize = 100_000;

fn script(text: &str) -> Work {
    Work::Script {
        options: "-P",
        text: text.to_owned(),
        arguments: &[],
    }
}

fn values() -> String {
    (1..=VALUES).map(|value| format!("v{value} ")).collect()
}

/// All of them, in the order of the table.
pub fn all() -> Vec<Case> {
    let exports: String = (1..=30)
        .map(|number| format!("export NAME_{number} value-{number}\n"))
        .collect();
    let shell_exports: String = (1..=30)
        .map(|number| format!("export NAME_{number}=value-{number}\n"))
        .collect();
    let values = values();
    let comment = "# What a packager has to say about this service, in a line of its own.\n";
    let comments = comment.repeat(COMMENTS / comment.len());
    vec![
        Case {
            name: "service script, six lines",
            work: script(
                "foreground { @NOTHING@ }\n\
                 importas -i ? ?\n\
                 if { eltest ${?} = 0 }\n\
                 export GREETING hello\n\
                 cd /\n\
                 @NOTHING@\n",
            ),
            shell: "@NOTHING@\n[ $? = 0 ] || exit 1\nexport GREETING=hello\ncd /\nexec @NOTHING@\n"
                .to_owned(),
            processes: 2,
            becomes: 1,
        },
        Case {
            name: "finish script, -S1",
            work: Work::Script {
                options: "-S1",
                text: "if { eltest ${1} -ne 0 -a ${1} -ne 256 }\n@NOTHING@ ${1}\n".to_owned(),
                arguments: &["111", "0"],
            },
            shell: "if [ $1 -ne 0 ] && [ $1 -ne 256 ]; then exec @NOTHING@ $1; fi\n".to_owned(),
            processes: 1,
            becomes: 1,
        },
        Case {
            name: "with-contenv",
            work: Work::Script {
                options: "-S0",
                text: "ifelse\n{\n  importas -D 0 KEEP KEEP\n  eltest 0${KEEP} -eq 0\n}\n\
                       {\n  emptyenv -p\n  exec\n  @RELAY@\n  $@\n}\n$@\n"
                    .to_owned(),
                arguments: &["@NOTHING@"],
            },
            shell: String::new(),
            processes: 1,
            becomes: 2,
        },
        Case {
            name: "30 chained exports",
            work: script(&format!("{exports}@NOTHING@\n")),
            shell: format!("{shell_exports}exec @NOTHING@\n"),
            processes: 1,
            becomes: 1,
        },
        Case {
            name: "nested ifelse",
            work: script(
                "ifelse { eltest a = b } { exit 1 }\n\
                 ifelse { ifelse { eltest 1 -eq 2 } { exit 1 } eltest -n x }\n\
                 {\n  ifelse -n { eltest -z \"\" } { exit 2 }\n  exit 0\n}\nexit 3\n",
            ),
            shell: "if [ a = b ]; then exit 1\n\
                    elif if [ 1 -eq 2 ]; then exit 1; else [ -n x ]; fi\n\
                    then if [ -z '' ]; then exit 0; else exit 2; fi\n\
                    else exit 3; fi\n"
                .to_owned(),
            processes: 1,
            becomes: 0,
        },
        Case {
            name: "forx, 100 values, eltest",
            work: script(&format!(
                "forx v {{ {values} }} importas v v eltest -n ${{v}}\n"
            )),
            shell: format!("for v in {values}; do [ -n $v ]; done\n"),
            processes: 1,
            becomes: 0,
        },
        Case {
            name: "forx, 100 values, a program",
            work: script(&format!(
                "forx v {{ {values} }} importas v v @NOTHING@ ${{v}}\n"
            )),
            shell: format!("for v in {values}; do @NOTHING@ $v; done\n"),
            processes: VALUES + 1,
            becomes: 0,
        },
        Case {
            name: "forstdin, 100 lines, a program",
            work: script("redirfd -r 0 @LINES@ forstdin v importas v v @NOTHING@ ${v}\n"),
            shell: "while read -r v; do @NOTHING@ $v; done <@LINES@\n".to_owned(),
            processes: VALUES + 1,
            becomes: 0,
        },
        Case {
            name: "pipeline of two",
            work: script("pipeline { @NOTHING@ } @NOTHING@\n"),
            shell: "@NOTHING@ | exec @NOTHING@\n".to_owned(),
            processes: 2,
            becomes: 1,
        },
        Case {
            name: "two backticks",
            work: script("backtick A { @NOTHING@ }\nbacktick B { @NOTHING@ }\n@NOTHING@\n"),
            shell: "A=$(@NOTHING@)\nB=$(@NOTHING@)\nexport A B\nexec @NOTHING@\n".to_owned(),
            processes: 3,
            becomes: 1,
        },
        Case {
            name: "100 kB of comments",
            work: script(&format!("{comments}@NOTHING@\n")),
            shell: format!("{comments}exec @NOTHING@\n"),
            processes: 1,
            becomes: 1,
        },
        Case {
            name: "4,000 words, substituted",
            work: script(&format!(
                "define A value\n@NOTHING@ {}\n",
                "${A} ".repeat(WORDS)
            )),
            shell: format!("A=value\nexec @NOTHING@ {}\n", "${A} ".repeat(WORDS)),
            processes: 1,
            becomes: 1,
        },
        Case {
            name: "eltest alone",
            work: Work::Command(&["eltest", "a", "=", "a"]),
            shell: String::new(),
            processes: 1,
            becomes: 0,
        },
        Case {
            name: "importas alone",
            work: Work::Command(&["importas", "-i", "P", "PATH", "@NOTHING@"]),
            shell: String::new(),
            processes: 1,
            becomes: 1,
        },
        Case {
            name: "cd alone",
            work: Work::Command(&["cd", "/", "@NOTHING@"]),
            shell: String::new(),
            processes: 1,
            becomes: 1,
        },
        Case {
            name: "execlineb -c",
            work: Work::Command(&["execlineb", "-Pc", "@NOTHING@"]),
            shell: "exec @NOTHING@\n".to_owned(),
            processes: 1,
            becomes: 1,
        },
    ]
}
