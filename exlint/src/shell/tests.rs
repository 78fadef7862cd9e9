//! What is read of scripts, shown in short and compared. Not the judgement of dialects, which is
//! tested beside it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;

/// The commands of a script, one a line: depth, what leads to it, assignments, words, redirections
/// and what follows.
fn shown(text: &[u8]) -> String {
    let script = read(text);
    let mut lines = Vec::new();
    for command in &script.commands {
        let mut line = vec![command.depth.to_string()];
        line.extend(
            script
                .enclosing(command.place)
                .take(1)
                .map(|(it, section)| {
                    let mark = if section == Section::Condition {
                        "?"
                    } else {
                        ""
                    };
                    format!("{:?}{mark}", it.kind)
                }),
        );
        line.extend(command.piped_from.then(|| "|".into()));
        line.extend(command.negated.then(|| "!".into()));
        let raw = |word: &Word| String::from_utf8_lossy(word.raw(text)).replace('\n', "/");
        for it in &command.assignments {
            let sign = if it.append { "+=" } else { "=" };
            let elements = it.elements.iter().flatten().map(raw).collect::<Vec<_>>();
            let value = match it.elements {
                Some(_) => format!("({})", elements.join(" ")),
                None => raw(&it.value),
            };
            line.push(format!("{}{sign}{value}", it.name));
        }
        line.extend(command.words.iter().map(raw));
        line.extend(
            command
                .redirections
                .iter()
                .map(|it| format!("{:?}{}:{}", it.operator, it.descriptor(), raw(&it.target))),
        );
        line.push(match command.connector {
            Connector::End => ";".into(),
            Connector::And => "&&".into(),
            Connector::Or => "||".into(),
            Connector::Pipe => "|".into(),
            Connector::Background => "&".into(),
        });
        lines.push(line.join(" "));
    }
    if script.broken.is_some() {
        lines.push("broken".into());
    }
    lines.join("\n")
}

#[test]
fn commands_are_read_with_what_stands_around_them() {
    let cases: &[(&str, &str)] = &[
        (
            "#!/bin/sh\nexec app --serve # for ever\n",
            "0 exec app --serve ;",
        ),
        (
            "a; b && c || d | e &\n",
            "0 a ;\n0 b &&\n0 c ||\n0 d |\n0 | e &",
        ),
        ("a &&\n\n  b", "0 a &&\n0 b ;"),
        ("a \\\n  b\n", "0 a b ;"),
        ("A=1 B+=\"x y\" run C=2", "0 A=1 B+=\"x y\" run C=2 ;"),
        ("A=$B", "0 A=$B ;"),
        ("a[1]=x", "0 a=x ;"),
        ("a=(1 \"2 3\" # four\n $x)", "0 a=(1 \"2 3\" $x) ;"),
        ("declare -a a=(1 2) b", "0 a=(1 2) declare -a a=(1 2) b ;"),
        (
            "a >x 2>&1 <y >>z",
            "0 a Write1:x Duplicate2:1 Read0:y Append1:z ;",
        ),
        (
            "a &>x; b <<<w; 3<>f",
            "0 a WriteBoth1:x ;\n0 b HereString0:w ;\n0 ReadWrite3:f ;",
        ),
        (
            "if a; then b; elif c; then d; else e; fi",
            "1 If? a ;\n1 If b ;\n1 If? c ;\n1 If d ;\n1 If e ;",
        ),
        ("while a\ndo b\ndone\nc", "1 While? a ;\n1 While b ;\n0 c ;"),
        (
            "until ! nc -z db 1; do sleep 1; done",
            "1 Until? ! nc -z db 1 ;\n1 Until sleep 1 ;",
        ),
        ("for x in 1 2; do a $x; done", "1 For a $x ;"),
        (
            "for x\ndo a; done; for x do b; done",
            "1 For a ;\n1 For b ;",
        ),
        ("for ((i=0; i<3; i++)); do a; done", "1 For a ;"),
        (
            "case $x in (a|b) c;; d) ;; *) e; f\nesac; g",
            "1 Case c ;\n1 Case e ;\n1 Case f ;\n0 g ;",
        ),
        ("case x in if) a;; esac", "1 Case a ;"),
        (
            "case x in\n  a)\n    if b; then c; fi ;;\nesac",
            "2 If? b ;\n2 If c ;",
        ),
        ("f() { a; b; }\nc", "2 Group a ;\n2 Group b ;\n0 c ;"),
        (
            "f ()\n{\n a\n}\nfunction g { b; }\nfunction h() (c)",
            "2 Group a ;\n2 Group b ;\n2 Subshell c ;",
        ),
        ("f() if a; then b; fi; c", "2 If? a ;\n2 If b ;\n0 c ;"),
        (
            "(a; b) && { c; }",
            "1 Subshell a ;\n1 Subshell b ;\n1 Group c ;",
        ),
        (
            "( (a) )\n((a) || (b))",
            "2 Subshell a ;\n2 Subshell a ;\n2 Subshell b ;",
        ),
        ("(( x > 1 )) && a", "0 (( x > 1 )) &&\n0 a ;"),
        (
            "a $(b $(c)) `d e`",
            "0 a $(b $(c)) `d e` ;\n1 CommandSubstitution b $(c) ;\n2 CommandSubstitution c ;\n1 CommandSubstitution d e ;",
        ),
        (
            "a \"$(b \"$c\" ')')\" d",
            "0 a \"$(b \"$c\" ')')\" d ;\n1 CommandSubstitution b \"$c\" ')' ;",
        ),
        (
            "a=$(case x in y) b;; esac) c",
            "0 a=$(case x in y) b;; esac) c ;\n2 Case b ;",
        ),
        (
            "a \"`b \"c\"`\"",
            "0 a \"`b \"c\"`\" ;\n1 CommandSubstitution b \"c\" ;",
        ),
        (
            "a <(b) >(c)",
            "0 a <(b) >(c) ;\n1 ProcessSubstitution b ;\n1 ProcessSubstitution c ;",
        ),
        ("a $((1 << (2))) b", "0 a $((1 << (2))) b ;"),
        (
            "a $( (b); c)",
            "0 a $( (b); c) ;\n2 Subshell b ;\n1 CommandSubstitution c ;",
        ),
        (
            "[[ a < b && ( c || d ) ]] && e",
            "0 [[ a < b && ( c || d ) ]] &&\n0 e ;",
        ),
        (
            "[[ $x =~ ^(a|b)$ ]]\nc",
            "0 [[ $x =~ ^ ( a | b ) $ ]] ;\n0 c ;",
        ),
        ("[[ a &&\n b ]]", "0 [[ a && b ]] ;"),
        ("! a | b", "0 ! a |\n0 | b ;"),
        (
            "a | while read x; do b; done | c &",
            "0 a |\n1 While? read x ;\n1 While b ;\n0 | c &",
        ),
        (
            "a <<E; b\n$x if `\nE\nc",
            "0 a HereDocument0:E ;\n0 b ;\n0 c ;",
        ),
        (
            "a <<-'E' | b\n\tx\n\tE\nc",
            "0 a HereDocument0:'E' |\n0 | b ;\n0 c ;",
        ),
        (
            "a <<A <<B\n1\nA\n2\nB\nc",
            "0 a HereDocument0:A HereDocument0:B ;\n0 c ;",
        ),
        (
            "x=$(a <<E\n)\nE\n); b",
            "0 x=$(a <<E/)/E/) ;\n1 CommandSubstitution a HereDocument0:E ;\n0 b ;",
        ),
        ("if a\r\nthen\r\nb c\r\nfi\r\n", "1 If? a ;\n1 If b c ;"),
        ("a @(b|c) d", "0 a @(b|c) d ;"),
        ("echo if then } fi", "0 echo if then } fi ;"),
        ("a#b c # d", "0 a#b c ;"),
        ("a '#' \"#\" \\# #", "0 a '#' \"#\" \\# ;"),
        ("exec {fd}>x", "0 exec Write1:x ;"),
        (
            "a ${x:-$(b)} ${y%\"}\"} c",
            "0 a ${x:-$(b)} ${y%\"}\"} c ;\n1 CommandSubstitution b ;",
        ),
        ("a \"${x:-it's}\" b", "0 a \"${x:-it's}\" b ;"),
        (
            "if x; then f() { a; }; fi; b",
            "1 If? x ;\n3 Group a ;\n0 b ;",
        ),
        (
            "if x; then f() { a; } fi; b",
            "1 If? x ;\n3 Group a ;\n0 b ;",
        ),
        ("a;;b", "0 a ;\n0 b ;\nbroken"),
        ("if a; then b", "1 If? a ;\n1 If b ;\nbroken"),
        ("a 'b\nc", "0 a 'b/c ;\nbroken"),
        ("a \"b\nc", "0 a \"b/c ;\nbroken"),
        ("a ) b", "0 a b ;\nbroken"),
        ("fi; a", "0 a ;\nbroken"),
        ("a <<E\nb", "0 a HereDocument0:E ;\nbroken"),
        ("", ""),
        ("\n\n# nothing\n", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text.as_bytes()), *expected, "{text}");
    }
}

#[test]
fn words_give_their_text_and_parameters() {
    // The text of the second word's literal or prefix, and every parameter: name, operator, quoted.
    let cases: &[(&str, Option<&str>, &str, &str)] = &[
        ("a b'c d'\"e\"\\ f", Some("bc de f"), "bc de f", ""),
        ("a ''", Some(""), "", ""),
        ("a b\\\nc", Some("bc"), "bc", ""),
        ("a \"b\\\nc\\$\\d\"", Some("bc$\\d"), "bc$\\d", ""),
        ("a $'x\\ty\\''", Some("x\ty'"), "x\ty'", ""),
        ("a $ \"$\"", Some("$"), "$", ""),
        ("a /run/$x/\"$y\"", None, "/run/", "x:Plain y:Plain+"),
        ("a ${x}", None, "", "x:Plain"),
        ("a \"${x:-$y}\"", None, "", "x:Default+ y:Plain+"),
        ("a ${x:=1}${x=1}", None, "", "x:Assign x:Assign"),
        ("a ${x:+1}${x?e}", None, "", "x:Alternative x:Required"),
        ("a ${#x} ${x##*/}", None, "", "x:Length"),
        ("a ${x##*/}${x%.*}", None, "", "x:Trim x:Trim"),
        ("a ${x//a/b}${x/a}", None, "", "x:Replace x:Replace"),
        ("a ${x:1:2}${x^^}${x,}", None, "", "x:Slice x:Case x:Case"),
        ("a ${!x}${x@Q}", None, "", "x:Indirect x:Other"),
        (
            "a ${x[@]}\"${x[$i]}\"",
            None,
            "",
            "x:Plain x:Plain+ i:Plain+",
        ),
        ("a ${#x[@]}", None, "", "x:Length"),
        (
            "a $@$*$#$?$-$$$!$0$12",
            None,
            "",
            "@:Plain *:Plain #:Plain ?:Plain -:Plain $:Plain !:Plain 0:Plain 1:Plain",
        ),
        ("a ${10}${#}${@:2}", None, "", "10:Plain #:Plain @:Slice"),
        (
            "a $((x + y[1] + 0xff + $z))",
            None,
            "",
            "x:Plain+ y:Plain+ z:Plain+",
        ),
        ("a $((x = 1))", None, "", "x:Assign+"),
        ("a $(b $c)", None, "", ""),
        ("a '$x'\\$y", Some("$x$y"), "$x$y", ""),
    ];
    for (text, literal, prefix, parameters) in cases {
        let script = read(text.as_bytes());
        let word = &script.commands[0].words[1];
        assert_eq!(
            word.literal(),
            literal.map(|it| it.as_bytes().to_vec()),
            "{text}"
        );
        assert_eq!(word.prefix(), prefix.as_bytes(), "{text}");
        let shown: Vec<String> = word
            .parameters()
            .map(|it| {
                format!(
                    "{}:{:?}{}",
                    it.name,
                    it.operator,
                    if it.quoted { "+" } else { "" }
                )
            })
            .collect();
        assert_eq!(shown.join(" "), *parameters, "{text}");
        assert_eq!(script.broken, None, "{text}");
    }
}

#[test]
fn spans_cover_what_they_are_about() {
    let text: &[u8] = b"x=1 a \"${b:-${c}}\" 2>>f # d\nfor i in 1; do e; done >g\nh() { i; }\n";
    let script = read(text);
    let at = |span: std::ops::Range<usize>| std::str::from_utf8(&text[span]).unwrap();
    let a = &script.commands[0];
    assert_eq!(at(a.span.clone()), "x=1 a \"${b:-${c}}\" 2>>f");
    assert_eq!(at(a.assignments[0].span.clone()), "x=1");
    assert_eq!(at(a.assignments[0].value.span.clone()), "1");
    assert_eq!(at(a.redirections[0].span.clone()), "2>>f");
    let parameters: Vec<_> = script
        .parameters()
        .iter()
        .map(|it| at(it.span.clone()))
        .collect();
    assert_eq!(parameters, ["${b:-${c}}", "${c}"]);
    assert_eq!(at(script.comments[0].clone()), "# d");
    let constructs: Vec<_> = script
        .constructs
        .iter()
        .map(|it| at(it.span.clone()))
        .collect();
    assert_eq!(
        constructs,
        ["for i in 1; do e; done >g", "h() { i; }", "{ i; }"]
    );
    assert_eq!(script.constructs[0].name, b"i");
    assert_eq!(script.constructs[0].words.len(), 1);
    assert_eq!(script.functions().collect::<Vec<_>>(), [b"h"]);
}

#[test]
fn the_end_of_a_script_is_known() {
    let cases = [
        ("a\nexec b", "exec", 1),
        ("a; b | c", "c", 2),
        ("a | b; c", "c", 1),
        ("a && b", "b", 1),
        ("while a; do b; done", "", 1),
        ("a | while b; do c; done", "", 2),
        ("f() { a; }", "", 1),
        ("f() { a; }\nf \"$@\"", "f", 1),
        ("x=$(a | b)", "", 1),
        ("crond &", "crond", 1),
        ("", "", 0),
    ];
    for (text, name, length) in cases {
        let script = read(text.as_bytes());
        let last = script.last_command().and_then(Command::name);
        assert_eq!(last.unwrap_or_default(), name.as_bytes(), "{text}");
        assert_eq!(script.last_pipeline().len(), length, "{text}");
    }
}

#[test]
fn variables_from_outside_are_those_that_nothing_assigns() {
    let cases: &[(&str, &[&str])] = &[
        ("exec app --token \"$TOKEN\"", &["TOKEN"]),
        ("TOKEN=1; app $TOKEN", &[]),
        ("export TOKEN=1; app $TOKEN", &[]),
        ("export TOKEN; app $TOKEN", &["TOKEN"]),
        ("for x in 1; do app $x $y; done", &["y"]),
        ("read -r x y; app $x $y", &[]),
        ("while getopts ab o; do app $o $OPTARG; done", &[]),
        (": ${x:=1}; app $x", &[]),
        ("cat <<E\n$x ${y:-1} \\$z\nE", &["x", "y"]),
        ("cat <<'E'\n$x\nE", &[]),
        ("awk '{print $x}'", &[]),
        ("app $1 $@ $PATH $IFS", &[]),
        ("case $x in $y) a;; esac > $z", &["x", "y", "z"]),
        ("f() { local x; app $x; }", &[]),
        ("printf -v x %s 1; app $x", &[]),
        ("app $(( x = 3 )) $x", &[]),
        ("a=(1 $x); app ${a[@]}", &["x"]),
    ];
    for (text, expected) in cases {
        let script = read(text.as_bytes());
        let names: Vec<_> = script
            .unassigned_reads()
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(names, *expected, "{text}");
    }
}

#[test]
fn arguments_are_those_of_the_script() {
    let cases = [
        ("exec app \"$@\"", 1),
        ("if [ $# -eq 1 ]; then a $1 ${2:-x}; fi", 3),
        ("f() { a $1; }; b", 0),
        ("f() { a $1; }; f $2", 1),
        ("set -- a b; app \"$@\"", 0),
        ("set -e; app \"$@\"", 1),
        ("set -eo pipefail; app \"$@\"", 1),
        ("app $0 $? $$", 0),
        ("awk '{print $1}'", 0),
    ];
    for (text, expected) in cases {
        let script = read(text.as_bytes());
        assert_eq!(script.positional_reads().len(), expected, "{text}");
    }
}

#[test]
fn exec_is_seen_through() {
    let cases = [
        ("exec app x", Some("app")),
        ("exec -a name app", Some("app")),
        ("exec -c -- app", Some("app")),
        ("exec >log 2>&1", None),
        ("app", None),
        ("exec", None),
    ];
    for (text, expected) in cases {
        let script = read(text.as_bytes());
        let words = script.commands[0].executed();
        let first = words.and_then(|words| words.first()?.literal());
        assert_eq!(first, expected.map(|it| it.as_bytes().to_vec()), "{text}");
    }
}

#[test]
fn exports_and_sourced_files_are_listed() {
    let script = read(b"export A=1 B; export -n C; declare -x D=1; . /f; source $x; E=1 export\n");
    let exported: Vec<_> = script.commands.iter().flat_map(Command::exported).collect();
    let names: Vec<_> = exported.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["A", "B", "D"]);
    let sourced = script.commands.iter().filter_map(Command::sourced);
    assert_eq!(sourced.count(), 2);
    assert!(script.has_unseen_commands());
}

#[test]
fn carriage_returns_are_blanks_and_noted() {
    assert_eq!(read(b"a\r\nb").carriage_return, Some(1));
    assert_eq!(read(b"a \\\r\nb").carriage_return, Some(3));
    assert_eq!(read(b"a 'x\r\n'\nb").carriage_return, None);
    assert_eq!(
        read(b"a\rb").commands[0].words[0].literal().unwrap(),
        b"a\rb"
    );
}

/// Every span of a script.
fn spans(script: &Script) -> Vec<std::ops::Range<usize>> {
    let mut spans: Vec<_> = script.comments.clone();
    spans.extend(script.broken.map(|at| at..at));
    spans.extend(script.commands.iter().map(|it| it.span.clone()));
    spans.extend(script.constructs.iter().map(|it| it.span.clone()));
    spans.extend(script.here_documents.iter().map(|it| it.span.clone()));
    spans.extend(script.redirections().map(|it| it.span.clone()));
    spans.extend(script.parameters().into_iter().map(|it| it.span.clone()));
    spans.extend(extensions(script).into_iter().map(|it| it.span));
    for word in script.words() {
        spans.push(word.span.clone());
        spans.extend(word.parts.iter().map(|part| match part {
            Part::Text { span, .. }
            | Part::Commands { span, .. }
            | Part::Arithmetic { span, .. } => span.clone(),
            Part::Parameter(parameter) => parameter.span.clone(),
        }));
    }
    spans
}

fn is_sound(text: &[u8]) {
    let script = read(text);
    for span in spans(&script) {
        assert!(span.start <= span.end && span.end <= text.len(), "{span:?}");
    }
    let _ = (
        script.last_pipeline(),
        script.unassigned_reads(),
        script.positional_reads(),
    );
    for command in &script.commands {
        assert_eq!(script.enclosing(command.place).count(), command.depth);
        let _ = (command.executed(), command.exported(), command.sourced());
    }
}

#[test]
fn hostile_scripts_are_read_in_linear_time() {
    let units: &[&str] = &[
        "$(",
        "`",
        "${a:-",
        "$((",
        "((",
        "(",
        "{ ",
        "\"$(",
        "if ",
        "while ",
        "case x in ",
        "f() ",
        "function f ",
        "<(",
        "a=(",
        "a[",
        "${a[",
        "@(",
        "<<E ",
        "<<E\n",
        "'",
        "\"",
        "\\",
        "fi ",
        "if x; then fi ",
        "done;",
        ";;",
        ")",
        "}",
        "esac ",
        "[[ ",
        "\0",
        "\r\n",
        "for ",
        "x=$(a[",
        "! ",
        "f() { a; }; ",
        "export x; $x; ",
        "set --; $1 ",
        "a | ",
        "a ( ",
        "$'",
        "1>",
        "{a..",
        "#",
        "${x/",
        "$((a ",
        "a \\\n",
        "x@(",
        "a=",
        "\u{1}$",
    ];
    for unit in units {
        for tail in ["", "}", ")", "\nE\n"] {
            let text = [unit.repeat(10_000), tail.repeat(10_000)].concat();
            let start = std::time::Instant::now();
            is_sound(text.as_bytes());
            let elapsed = start.elapsed();
            assert!(elapsed.as_secs() < 20, "{unit:?} {tail:?}: {elapsed:?}");
        }
    }
}

#[test]
fn too_deep_a_nesting_ends_the_reading() {
    let text = "a $(".repeat(5_000);
    let script = read(text.as_bytes());
    assert!(script.broken.is_some());
    assert!(script.commands.iter().all(|command| command.depth < 1_000));
}

proptest! {
    #[test]
    fn any_bytes_are_read(text in proptest::collection::vec(any::<u8>(), 0..400)) {
        is_sound(&text);
    }

    #[test]
    fn anything_like_a_shell_script_is_read(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "if ", "then ", "fi ", "while ", "do ", "done ", "for ", "in ", "case ", "esac ", ";;",
            ";", "\n", "&", "&&", "|", "||", "(", ")", "{ ", "} ", "f()", "function ", "[[ ", "]] ",
            "$(", "`", "${", "}", "$((", "))", "((", "\"", "'", "\\", "$", "x", "x=", "a[", "]", "=",
            "<<", "<<-", "E", "\nE\n", "<", ">", ">>", "<<<", "2>&1", "<(", "#", "! ", " ", "\t",
            "\r\n", "$x", "${x:-", "@(", "\0", "é", "{1..2}", "+=(", "set -o pipefail", "$'", ":",
        ]), 0..60)
    ) {
        is_sound(pieces.concat().as_bytes());
    }
}
