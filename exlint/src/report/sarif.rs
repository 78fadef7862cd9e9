//! SARIF 2.1.0, the form of code scanning services.
//! https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
//! Fixes are there only where the standard can say all of them: texts in place of texts.

use super::fingerprint::Fingerprints;
use super::json::write_document;
use super::{Place, Places, Report, RuleDescription};
use crate::finding::{Edit, Finding, Fix};
use crate::level::Level;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::os::unix::ffi::OsStrExt;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes it.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report.texts);
    let mut fingerprints = Fingerprints::default();
    let named = report.rules.iter().enumerate();
    let indexes: HashMap<&str, usize> = named.map(|(index, it)| (it.name, index)).collect();
    let results: Vec<Value> = (report.findings.iter())
        .map(|finding| {
            let fingerprint = fingerprints.of(finding, &mut places);
            let index = indexes.get(finding.rule).copied();
            result(finding, index, fingerprint, &mut places)
        })
        .collect();
    let mut driver = object(json!({
        "name": "exlint",
        "version": report.version,
        "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
    }));
    if let Some(uri) = report.information_uri {
        driver.insert("informationUri".into(), uri.into());
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true}],
            "results": results,
        }],
    });
    write_document(&document, out)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn rule(rule: &RuleDescription) -> Value {
    let severity = match rule.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    };
    json!({
        "id": rule.name,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": format!("{}\n\nexlint --explain {} shows examples.", rule.why, rule.name)},
        "defaultConfiguration": {"level": rule.level.name()},
        "properties": {"tags": [rule.group], "problem.severity": severity},
    })
}

fn result(
    finding: &Finding,
    index: Option<usize>,
    fingerprint: String,
    places: &mut Places,
) -> Value {
    let text = match finding.help.as_str() {
        "" => finding.message.clone(),
        help => format!("{}\n{help}", finding.message),
    };
    let place = places.of(&finding.path, finding.span.as_ref());
    let mut result = object(json!({
        "ruleId": finding.rule,
        "level": finding.level.name(),
        "message": {"text": text},
        "locations": [{"physicalLocation": physical(&finding.path, place)}],
        "partialFingerprints": {"exlint/v1": fingerprint},
    }));
    if let Some(index) = index {
        result.insert("ruleIndex".into(), index.into());
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, related)| {
            let place = places.of(&related.path, related.span.as_ref());
            json!({
                "id": id,
                "physicalLocation": physical(&related.path, place),
                "message": {"text": related.message},
            })
        });
        result.insert("relatedLocations".into(), related.collect());
    }
    if let Some(fix) = finding.fix.as_ref().and_then(|it| fix(it, places)) {
        result.insert("fixes".into(), json!([fix]));
    }
    Value::Object(result)
}

fn physical(path: &[u8], place: Option<Place>) -> Value {
    let mut physical = object(json!({"artifactLocation": {"uri": uri(path)}}));
    if let Some(place) = place {
        physical.insert("region".into(), region(place));
    }
    Value::Object(physical)
}

fn region(place: Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

/// A fix, or nothing where a part of it cannot be said.
fn fix(fix: &Fix, places: &mut Places) -> Option<Value> {
    let mut changes: BTreeMap<&[u8], Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let Edit::Replace { file, span, text } = edit else {
            return None;
        };
        let path = file.as_os_str().as_bytes();
        let place = places.of(path, Some(span))?;
        let text = std::str::from_utf8(text).ok()?;
        changes.entry(path).or_default().push(json!({
            "deletedRegion": region(place),
            "insertedContent": {"text": text},
        }));
    }
    let changes: Vec<Value> = (changes.into_iter())
        .map(|(path, replacements)| {
            json!({"artifactLocation": {"uri": uri(path)}, "replacements": replacements})
        })
        .collect();
    // The schema wants one at least.
    (!changes.is_empty())
        .then(|| json!({"description": {"text": fix.title}, "artifactChanges": changes}))
}

/// A path as a relative reference, or a file URI where it is absolute. All bytes outside of
/// RFC 3986's unreserved ones are encoded, so that a first segment has no colon.
fn uri(path: &[u8]) -> String {
    let mut uri = String::new();
    let mut path = path;
    if path.starts_with(b"/") {
        uri.push_str("file://");
    } else {
        while let Some(rest) = path.strip_prefix(b"./") {
            path = rest;
        }
        if path.is_empty() {
            return "./".to_owned();
        }
    }
    for &byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// What the schema requires of the objects written here: name, type, required or not.
    /// Types: s string, i non-negative integer, p positive integer, b boolean; `{x` an object
    /// checked by `x`, `[x` an array of those.
    const SCHEMA_PARTS: &[(&str, &str)] = &[
        ("log", "version!s $schema=s runs![run"),
        (
            "run",
            "tool!{tool columnKind=s invocations=[invocation results=[result",
        ),
        ("invocation", "executionSuccessful!b"),
        ("tool", "driver!{driver"),
        ("driver", "name!s version=s informationUri=s rules=[rule"),
        (
            "rule",
            "id!s name=s shortDescription={text fullDescription={text help={text \
             defaultConfiguration={configuration properties={bag",
        ),
        ("text", "text!s"),
        ("configuration", "level=s"),
        ("bag", "tags=[s problem.severity=s"),
        (
            "result",
            "message!{text ruleId=s ruleIndex=i level=s locations=[location \
             relatedLocations=[location fixes=[fix partialFingerprints={prints",
        ),
        ("prints", "exlint/v1!s"),
        ("location", "id=i physicalLocation={physical message={text"),
        ("physical", "artifactLocation!{artifact region={region"),
        ("artifact", "uri!s"),
        ("region", "startLine!p startColumn=p endLine=p endColumn=p"),
        ("fix", "description={text artifactChanges![change"),
        (
            "change",
            "artifactLocation!{artifact replacements![replacement",
        ),
        ("replacement", "deletedRegion!{region insertedContent={text"),
    ];

    fn check(value: &Value, kind: &str) {
        if let Some(kind) = kind.strip_prefix('[') {
            let items = value
                .as_array()
                .unwrap_or_else(|| panic!("{value}: no array"));
            return items.iter().for_each(|item| check(item, kind));
        }
        let good = match kind {
            "s" => value.is_string(),
            "b" => value.is_boolean(),
            "i" => value.is_u64(),
            "p" => value.as_u64().is_some_and(|it| it > 0),
            _ => value.is_object(),
        };
        assert!(good, "{value}: not {kind}");
        let Some(object) = value.as_object() else {
            return;
        };
        let kind = kind.trim_start_matches('{');
        let (_, parts) = SCHEMA_PARTS.iter().find(|it| it.0 == kind).unwrap();
        let mut known = Vec::new();
        for part in parts.split_whitespace() {
            let (name, kind) = part.split_once(['!', '=']).unwrap();
            known.push(name);
            match object.get(name) {
                Some(value) => check(value, kind),
                None => assert!(part.contains('='), "{kind} lacks {name}: {value}"),
            }
        }
        for name in object.keys() {
            assert!(known.contains(&name.as_str()), "{kind} has {name}");
        }
    }

    fn log(report: &Report) -> Value {
        let mut out = Vec::new();
        write(report, &mut out).unwrap();
        let log: Value = serde_json::from_slice(&out).unwrap();
        check(&log, "{log");
        log
    }

    #[test]
    fn the_log_has_what_the_schema_requires() {
        let findings = sample::findings();
        let mut report = sample::report(&findings);
        report.information_uri = Some("https://example.org/");
        let log = log(&report);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(
            run["tool"]["driver"]["informationUri"],
            "https://example.org/"
        );
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for result in run["results"].as_array().unwrap() {
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
            let Some(index) = result.get("ruleIndex") else {
                assert_eq!(result["ruleId"], "unused-key");
                continue;
            };
            let index = usize::try_from(index.as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
    }

    #[test]
    fn results_are_as_expected() {
        let findings = sample::findings();
        let log = log(&sample::report(&findings));
        let results = log["runs"][0]["results"].as_array().unwrap();
        let place = |result: &Value| result["locations"][0]["physicalLocation"].clone();
        assert_eq!(
            place(&results[0]),
            json!({"artifactLocation": {"uri": "cont-init.d/10-x"}})
        );
        assert_eq!(results[0].get("fixes"), None);
        assert_eq!(
            place(&results[1]),
            json!({
                "artifactLocation": {"uri": "data/%FF%0A%1B%5B31m%25%2C%3Arun"},
                "region": {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 9},
            })
        );
        assert_eq!(
            results[2]["fixes"],
            json!([{
                "description": {"text": "remove the carriage return"},
                "artifactChanges": [{
                    "artifactLocation": {"uri": "services.d/web/run"},
                    "replacements": [{
                        "deletedRegion":
                            {"startLine": 1, "startColumn": 24, "endLine": 1, "endColumn": 25},
                        "insertedContent": {"text": ""},
                    }],
                }],
            }])
        );
        let related = results[3]["relatedLocations"].as_array().unwrap();
        assert_eq!(related.len(), 3);
        assert_eq!(related[0]["message"]["text"], "the block begins here");
        assert_eq!(related[0]["physicalLocation"]["region"]["startColumn"], 5);
    }

    #[test]
    fn nothing_found_is_a_log_with_an_empty_list() {
        let log = log(&sample::report(&[]));
        assert_eq!(log["runs"][0]["results"], json!([]));
    }

    #[test]
    fn paths_are_references() {
        for (path, expected) in [
            (&b"a b/run"[..], "a%20b/run"),
            (b"./run", "run"),
            (b"", "./"),
            (b".", "."),
            (b"../x", "../x"),
            (b"/etc/x", "file:///etc/x"),
            (b"c:x", "c%3Ax"),
            (b"\xc3\xa9\xff#?", "%C3%A9%FF%23%3F"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
