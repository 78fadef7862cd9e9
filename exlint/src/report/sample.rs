//! A handful of findings, some of them hostile, that the formats' tests share.

use super::{Report, RuleDescription, Terminal};
use crate::finding::{Edit, Finding, Fix, Related};
use crate::level::Level;
use std::path::PathBuf;
use std::sync::Arc;

pub const RUN: &[u8] =
    "#!/command/execlineb -P\r\nfoo {\nimportas -i x caf\u{e9}\n  web $x\n}\n".as_bytes();
const HOSTILE_PATH: &[u8] = b"data/\xff\n\x1b[31m%,:run";
const HOSTILE_TEXT: &[u8] = b"one\n\t\x1b[2Jtwo \xff\n";

pub fn finding(rule: &'static str, path: &[u8]) -> Finding {
    Finding {
        rule,
        level: Level::Error,
        path: path.to_vec(),
        span: None,
        message: String::new(),
        help: String::new(),
        related: Vec::new(),
        fix: None,
    }
}

pub fn findings() -> Vec<Finding> {
    vec![
        Finding {
            message: "the hook is not executable".into(),
            help: "Make it executable: `chmod +x`.".into(),
            fix: Some(Fix {
                title: "make the file executable".into(),
                edits: vec![Edit::Mode {
                    file: PathBuf::from("cont-init.d/10-x"),
                    mode: 0o755,
                }],
            }),
            ..finding("hook-not-executable", b"cont-init.d/10-x")
        },
        Finding {
            level: Level::Note,
            span: Some(6..12),
            message: "the key \x1b]0;x\x07 is never used\nat all".into(),
            ..finding("unused-key", HOSTILE_PATH)
        },
        Finding {
            span: Some(23..24),
            message: "the first line ends with a carriage return".into(),
            help: "Save the file with Unix line ends.\nThe kernel looks for a program with \
                   that name."
                .into(),
            fix: Some(Fix {
                title: "remove the carriage return".into(),
                edits: vec![Edit::Replace {
                    file: PathBuf::from("services.d/web/run"),
                    span: 23..24,
                    text: Vec::new(),
                }],
            }),
            ..finding("carriage-return-in-shebang", b"services.d/web/run")
        },
        Finding {
            level: Level::Warning,
            span: Some(31..50),
            message: "nothing before binds the key caf\u{e9}".into(),
            related: vec![
                Related {
                    path: b"services.d/web/run".to_vec(),
                    span: Some(29..30),
                    message: "the block begins here".into(),
                },
                Related {
                    path: b"services.d/web".to_vec(),
                    span: None,
                    message: "the service".into(),
                },
                Related {
                    path: HOSTILE_PATH.to_vec(),
                    span: Some(0..3),
                    message: "it is bound \x1b here".into(),
                },
            ],
            ..finding("unbound-key", b"services.d/web/run")
        },
    ]
}

fn texts(path: &[u8]) -> Option<Arc<[u8]>> {
    match path {
        b"services.d/web/run" => Some(RUN.into()),
        HOSTILE_PATH => Some(HOSTILE_TEXT.into()),
        _ => None,
    }
}

const RULES: &[RuleDescription<'static>] = &[
    RuleDescription {
        name: "carriage-return-in-shebang",
        group: "shebang",
        level: Level::Error,
        summary: "the first line ends with a carriage return",
        why: "The kernel takes it for a part of the name.",
    },
    RuleDescription {
        name: "hook-not-executable",
        group: "permissions",
        level: Level::Error,
        summary: "a hook that is not executable",
        why: "It is skipped.",
    },
    RuleDescription {
        name: "unbound-key",
        group: "script",
        level: Level::Note,
        summary: "a key that nothing binds",
        why: "It stays as it is.",
    },
];

pub fn report(findings: &[Finding]) -> Report<'_> {
    Report {
        findings,
        files: 14,
        texts: &texts,
        rules: RULES,
        version: "0.1.0",
        information_uri: None,
    }
}

pub fn unicode_terminal() -> Terminal {
    Terminal {
        colours: false,
        unicode: true,
        width: Some(80),
    }
}
