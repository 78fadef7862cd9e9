//! How command lines are taken apart, shown as text.

use super::*;
use crate::programs::Programs;
use crate::script::Positional;

/// A chain as text: options behind `-`, operands behind `:`, blocks in braces, arguments in
/// brackets, how it ends behind `=`, what is wrong behind `!`.
fn shown(chain: &Chain) -> String {
    let invocations: Vec<String> = chain.invocations.iter().map(shown_invocation).collect();
    format!("{} ={:?}", invocations.join(" > "), chain.end)
}

fn shown_invocation(invocation: &Invocation) -> String {
    let mut text = invocation.program.shown();
    for option in &invocation.options {
        text += &format!(" -{}", char::from(option.letter));
        if let Some(argument) = &option.argument {
            text += &format!("({})", argument.shown());
        }
    }
    for operand in &invocation.operands {
        text += &match &operand.value {
            Value::Word(word) => format!(" :{}", word.shown()),
            Value::Program(_, chain) => format!(" {{{}}}", shown(chain)),
            Value::Words(_, items) => format!(" {{{} words}}", items.len()),
            Value::Cases(_, cases) => format!(" {{{} cases}}", cases.len()),
            Value::Directives(_, list) => {
                let list: Vec<String> = list.iter().map(shown_invocation).collect();
                format!(" {{{}}}", list.join("; "))
            }
        };
    }
    if !invocation.arguments.is_empty() {
        text += &format!(" [{}]", invocation.arguments.len());
    }
    for problem in &invocation.problems {
        let name = format!("{problem:?}");
        text += &format!(" !{}", name.split([' ', '{']).next().unwrap());
    }
    text
}

fn check(text: &str, expected: &str) {
    let programs = Programs::known();
    let read = crate::script::Execline::read(text.as_bytes(), Positional::Ignored, &programs);
    assert_eq!(shown(&read.chain), expected, "{text}");
}

#[test]
fn a_chain_is_taken_apart_by_signatures() {
    for (text, expected) in [
        ("", " =Empty"),
        ("echo a b", "echo [2] =Program"),
        ("cd / echo a", "cd :/ > echo [1] =Program"),
        (
            "foreground { echo a } if -n { test } exec -c -a x server -v",
            "foreground {echo [1] =Program} > if -n {test =Program} > exec -c -a(x) > server [1] =Unknown",
        ),
        (
            "foreground { export A 1 }",
            "foreground {export :A :1 !NoProgram =Missing} =Optional",
        ),
        ("redirfd -w 1 /x", "redirfd -w :1 :/x !NoProgram =Missing"),
        (
            "redirfd -wnb 1 /x prog",
            "redirfd -w -n -b :1 :/x > prog =Unknown",
        ),
        (
            "redirfd -z 1 /x prog",
            "redirfd :1 :/x !UnknownOption > prog =Unknown",
        ),
        ("importas -D", "importas !MissingArgument =Unknown"),
        (
            "importas -Dx -u a B echo",
            "importas -D(x) -u :a :B > echo =Program",
        ),
        ("importas a", "importas :a !MissingOperand =Unknown"),
        ("if [ -d x ]", "if [4] !MissingBlock =Unknown"),
        (
            "foreground { a } { b }",
            "foreground {a =Unknown} !SuperfluousBlock =Unknown",
        ),
        ("homeof a b", "homeof :a [1] !DeadWords =Program"),
        (
            "multisubstitute { define a b importas -u c C } echo",
            "multisubstitute {define :a :b; importas -u :c :C} > echo =Program",
        ),
        (
            "case $x { a { b } c { d } } e",
            "case :$x {2 cases} > e =Unknown",
        ),
        (
            "forx -E i { a b } echo",
            "forx -E :i {2 words} > echo =Program",
        ),
        ("$@ x", "$@ [1] =Unknown"),
        ("s6-setuidgid $@", "s6-setuidgid [1] =Unknown"),
        (
            "importas -s x X nice -n $x p",
            "importas -s :x :X > nice [2] =Unknown",
        ),
        ("env A=1 B=2 prog", "env [2] > prog =Unknown"),
        (
            "export A=1 if { t } exec x",
            "export :A=1 > if {t =Unknown} > exec > x =Unknown",
        ),
        ("taskset -p 1234", "taskset -p [1] =Program"),
        (
            "ifthenelse -s { t } { exec -c } { exec -a x } app",
            "ifthenelse -s {t =Unknown} {exec -c =Optional} {exec -a(x) =Optional} > app =Unknown",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_key_that_spreads_may_name_the_program() {
    check(
        "importas -is GET GET importas -i url URL $GET -o x $url",
        "importas -i -s :GET :GET > importas -i :url :URL > $GET [3] =Unknown",
    );
}
