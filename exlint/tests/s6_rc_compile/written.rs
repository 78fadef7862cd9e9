//! Source directories, and whether s6-rc-compile refuses them: a definition `anchor` stands
//! beside each.

/// What it is about, whether it is refused, and the files.
pub const CASES: &[(&str, bool, &str)] = &[
    // `type`
    (
        "a bundle",
        false,
        "== a/type\nbundle\n== a/contents.d/.keep\n",
    ),
    (
        "no newline",
        false,
        "== a/type no-newline\nbundle\n== a/contents.d/.keep\n",
    ),
    (
        "eight bytes are read",
        false,
        "== a/type escapes\nlongrun\\n\\n\\n\n== a/run\n",
    ),
    (
        "two newlines behind six letters",
        true,
        "== a/type escapes\nbundle\\n\\n\n== a/contents\n",
    ),
    ("an empty type", true, "== a/type\n== a/run\n"),
    (
        "a carriage return",
        true,
        "== a/type escapes\nlongrun\\r\\n\n== a/run\n",
    ),
    ("a blank", true, "== a/type\noneshot \n== a/up\n"),
    (
        "a capital letter",
        true,
        "== a/type\nBundle\n== a/contents\n",
    ),
    ("another word", true, "== a/type\nservice\n== a/run\n"),
    ("no type", true, "== a/run\n"),
    ("an empty directory", true, "== a/\n"),
    (
        "a directory in place of the type",
        true,
        "== a/type/x\n== a/run\n",
    ),
    (
        "a null byte ends the word",
        false,
        "== a/type escapes no-newline\nbundle\\0\n== a/contents\n",
    ),
    // Files of each type
    ("no up", true, "== a/type\noneshot\n== a/run\n"),
    ("an empty up", false, "== a/type\noneshot\n== a/up\n"),
    (
        "an up that leads nowhere",
        true,
        "== a/type\noneshot\n== a/up -> x\n",
    ),
    (
        "a down that leads nowhere",
        false,
        "== a/type\noneshot\n== a/up\n== a/down -> x\n",
    ),
    (
        "a brace too few in up",
        true,
        "== a/type\noneshot\n== a/up\nif { true\n",
    ),
    (
        "a brace too many in down",
        true,
        "== a/type\noneshot\n== a/up\n== a/down\ntrue }\n",
    ),
    (
        "an open quote in up",
        true,
        "== a/type\noneshot\n== a/up\necho \"a\n",
    ),
    (
        "a backslash at the end of up",
        false,
        "== a/type\noneshot\n== a/up no-newline\necho \\\n",
    ),
    (
        "a shell script as up",
        false,
        "== a/type\noneshot\n== a/up\n#!/bin/sh\nmkdir /a; rm b\n",
    ),
    (
        "carriage returns in up",
        false,
        "== a/type\noneshot\n== a/up escapes\nif { true }\\r\\nb\\r\\n\n",
    ),
    ("no run", true, "== a/type\nlongrun\n== a/up\n"),
    (
        "a directory as run",
        true,
        "== a/type\nlongrun\n== a/run/\n",
    ),
    (
        "a link as run",
        false,
        "== a/type\nlongrun\n== a/run -> ../b\n== b\n",
    ),
    (
        "a run that leads nowhere",
        true,
        "== a/type\nlongrun\n== a/run -> ../b\n",
    ),
    (
        "a run that nobody may execute",
        false,
        "== a/type\nlongrun\n== a/run 0644\n",
    ),
    (
        "a brace too many in run",
        false,
        "== a/type\nlongrun\n== a/run\n#!/bin/execlineb\n}\n",
    ),
    ("no contents", true, "== a/type\nbundle\n"),
    (
        "empty contents",
        false,
        "== a/type\nbundle\n== a/contents\n",
    ),
    (
        "contents that lead nowhere",
        true,
        "== a/type\nbundle\n== a/contents.d -> x\n",
    ),
    // Files that are not read
    (
        "run and finish in a oneshot",
        false,
        "== a/type\noneshot\n== a/up\n== a/run\n== a/finish\n",
    ),
    (
        "a number in a oneshot",
        false,
        "== a/type\noneshot\n== a/up\n== a/notification-fd\nx\n",
    ),
    (
        "a pipeline in a oneshot",
        false,
        "== a/type\noneshot\n== a/up\n== a/producer-for\nx\n",
    ),
    (
        "up in a longrun",
        false,
        "== a/type\nlongrun\n== a/run\n== a/up\n}\n",
    ),
    (
        "down in a longrun",
        false,
        "== a/type\nlongrun\n== a/run\n== a/down\n",
    ),
    (
        "log in a longrun",
        false,
        "== a/type\nlongrun\n== a/run\n== a/log/run\n",
    ),
    (
        "dependencies of a bundle",
        false,
        "== a/type\nbundle\n== a/contents\n== a/dependencies.d/x\n",
    ),
    (
        "contents of a oneshot",
        false,
        "== a/type\noneshot\n== a/up\n== a/contents.d/x\n",
    ),
    (
        "a timeout of a bundle",
        false,
        "== a/type\nbundle\n== a/contents\n== a/timeout-up\nx\n",
    ),
    (
        "a list beside a directory",
        false,
        "== a/type\noneshot\n== a/up\n== a/dependencies\nx\n== a/dependencies.d/.keep\n",
    ),
    (
        "a misspelt directory",
        false,
        "== a/type\noneshot\n== a/up\n== a/dependency.d/x\n",
    ),
    // Files and directories
    (
        "dependencies.d as a file",
        true,
        "== a/type\noneshot\n== a/up\n== a/dependencies.d\n",
    ),
    (
        "dependencies as a directory",
        true,
        "== a/type\noneshot\n== a/up\n== a/dependencies/x\n",
    ),
    (
        "contents.d as a file",
        true,
        "== a/type\nbundle\n== a/contents.d\n",
    ),
    ("up as a directory", true, "== a/type\noneshot\n== a/up/\n"),
    (
        "down as a directory",
        true,
        "== a/type\noneshot\n== a/up\n== a/down/\n",
    ),
    (
        "data as a file",
        true,
        "== a/type\nlongrun\n== a/run\n== a/data\n",
    ),
    (
        "env as a file",
        true,
        "== a/type\nlongrun\n== a/run\n== a/env\n",
    ),
    (
        "data as a file of a oneshot",
        false,
        "== a/type\noneshot\n== a/up\n== a/data\n",
    ),
    (
        "a timeout as a directory",
        true,
        "== a/type\noneshot\n== a/up\n== a/timeout-up/\n",
    ),
    (
        "a number as a directory",
        true,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd/\n",
    ),
    (
        "finish as a directory",
        true,
        "== a/type\nlongrun\n== a/run\n== a/finish/\n",
    ),
    (
        "producer-for as a directory",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for/\n",
    ),
    (
        "data that leads nowhere",
        false,
        "== a/type\nlongrun\n== a/run\n== a/data -> x\n",
    ),
    // Numbers
    (
        "a descriptor",
        false,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd\n3\n",
    ),
    (
        "a second line",
        false,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd\n3\nx\n",
    ),
    (
        "an empty number",
        true,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd\n",
    ),
    (
        "a number with a carriage return",
        true,
        "== a/type\nlongrun\n== a/run\n== a/timeout-kill escapes\n3\\r\\n\n",
    ),
    (
        "a number with a unit",
        true,
        "== a/type\nlongrun\n== a/run\n== a/timeout-finish\n5s\n",
    ),
    (
        "a large number",
        true,
        "== a/type\nlongrun\n== a/run\n== a/lock-fd\n4294967296\n",
    ),
    (
        "a low descriptor",
        false,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd\n1\n",
    ),
    (
        "the same descriptor twice",
        true,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd\n3\n== a/lock-fd\n3\n",
    ),
    (
        "the same low descriptor twice",
        false,
        "== a/type\nlongrun\n== a/run\n== a/notification-fd\n1\n== a/lock-fd\n1\n",
    ),
    (
        "a timeout",
        false,
        "== a/type\noneshot\n== a/up\n== a/timeout-up\n0\n",
    ),
    (
        "a timeout with a second line",
        true,
        "== a/type\noneshot\n== a/up\n== a/timeout-up\n3\nx\n",
    ),
    (
        "an empty timeout",
        true,
        "== a/type\noneshot\n== a/up\n== a/timeout-down\n",
    ),
    (
        "an unknown signal",
        false,
        "== a/type\nlongrun\n== a/run\n== a/down-signal\nSIGX\n",
    ),
    // Names
    (
        "a dependency",
        false,
        "== a/type\noneshot\n== a/up\n== a/dependencies.d/anchor\n",
    ),
    (
        "an undefined dependency",
        true,
        "== a/type\noneshot\n== a/up\n== a/dependencies.d/b\n",
    ),
    (
        "an undefined member",
        true,
        "== a/type\nbundle\n== a/contents.d/b\n",
    ),
    (
        "blanks before a name",
        false,
        "== a/type\noneshot\n== a/up\n== a/dependencies escapes\n# x\\n\\n \\tanchor\\nanchor\n",
    ),
    (
        "a blank behind a name",
        true,
        "== a/type\nbundle\n== a/contents\nanchor \n",
    ),
    (
        "a carriage return behind a name",
        true,
        "== a/type\nbundle\n== a/contents escapes\nanchor\\r\\n\n",
    ),
    (
        "a reserved name",
        true,
        "== s6rc-a/type\nbundle\n== s6rc-a/contents\n",
    ),
    (
        "a plain file of a reserved name",
        true,
        "== s6-rc-notes.txt\n",
    ),
    (
        "a hidden file of a reserved name",
        false,
        "== .s6-rc-notes.txt\n",
    ),
    ("a plain file", false, "== notes.txt\n"),
    (
        "a dependency on s6-rc's own",
        true,
        "== a/type\noneshot\n== a/up\n== a/dependencies.d/s6rc-oneshot-runner\n",
    ),
    ("a link to a definition", false, "== a -> anchor\n"),
    ("a link to nothing", true, "== a -> x\n"),
    // Circles
    (
        "a service that depends on itself",
        true,
        "== a/type\noneshot\n== a/up\n== a/dependencies.d/a\n",
    ),
    (
        "a bundle of itself",
        true,
        "== a/type\nbundle\n== a/contents.d/a\n",
    ),
    (
        "a service that depends on its bundle",
        true,
        "== a/type\noneshot\n== a/up\n== a/dependencies.d/b\n== b/type\nbundle\n== b/contents.d/a\n",
    ),
    (
        "a bundle in two bundles",
        false,
        "== a/type\nbundle\n== a/contents.d/b\n== a/contents.d/anchor\n\
         == b/type\nbundle\n== b/contents.d/anchor\n",
    ),
    // Pipelines
    (
        "a pipeline",
        false,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n\
         == b/type\nlongrun\n== b/run\n== b/consumer-for\na\n== b/pipeline-name\np\n\
         == c/type\nbundle\n== c/contents.d/p\n",
    ),
    (
        "a producer whose consumer does not know",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n== b/type\nlongrun\n== b/run\n",
    ),
    (
        "a consumer whose producer does not know",
        true,
        "== a/type\nlongrun\n== a/run\n== b/type\nlongrun\n== b/run\n== b/consumer-for\na\n",
    ),
    (
        "a oneshot in a pipeline",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n\
         == b/type\noneshot\n== b/up\n== b/consumer-for\na\n",
    ),
    (
        "an undefined consumer",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n",
    ),
    (
        "an empty producer-for",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\n",
    ),
    (
        "an empty consumer-for",
        false,
        "== a/type\nlongrun\n== a/run\n== a/consumer-for\n",
    ),
    (
        "a name of a pipeline that is taken",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n\
         == b/type\nlongrun\n== b/run\n== b/consumer-for\na\n== b/pipeline-name\nanchor\n",
    ),
    (
        "a name in the producer",
        false,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n== a/pipeline-name\np\nq\n\
         == b/type\nlongrun\n== b/run\n== b/consumer-for\na\n",
    ),
    (
        "two names of a pipeline",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n\
         == b/type\nlongrun\n== b/run\n== b/consumer-for\na\n== b/pipeline-name\np\nq\n",
    ),
    (
        "a pipeline in a circle",
        true,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nb\n== a/consumer-for\nb\n\
         == b/type\nlongrun\n== b/run\n== b/consumer-for\na\n== b/producer-for\na\n",
    ),
    (
        "a funnel",
        false,
        "== a/type\nlongrun\n== a/run\n== a/producer-for\nc\n\
         == b/type\nlongrun\n== b/run\n== b/producer-for\nc\n\
         == c/type\nlongrun\n== c/run\n== c/consumer-for\na\nb\n",
    ),
];
