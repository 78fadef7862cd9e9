//! YAML (and JSON, which is written the same way) with the place of each node. What the nodes
//! mean is the formats' matter; only what all of them share is here: merged mappings, booleans.

use super::{Fact, Problem, yaml_bounds};
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use std::ops::Range;

/// A node with its place.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Node {
    pub(super) data: Data,
    pub(super) span: Range<usize>,
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Data {
    Null,
    /// A scalar of whatever type, as it was written: `1.10` stays `1.10`.
    Scalar(Vec<u8>),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// Mappings that are merged into mappings that are merged..., at most.
const DEEPEST_MERGE: usize = 16;

impl Node {
    /// The value of a key; of a merged mapping (`<<`) where the mapping itself has none.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.pair(key, 0).map(|(_, value)| value)
    }

    /// The key's own node.
    pub(super) fn key(&self, key: &str) -> Option<&Node> {
        self.pair(key, 0).map(|(key, _)| key)
    }

    fn pair(&self, key: &str, depth: usize) -> Option<(&Node, &Node)> {
        let Data::Mapping(pairs) = &self.data else {
            return None;
        };
        let named = |name: &str| {
            pairs
                .iter()
                .find(move |(key, _)| key.is(name))
                .map(|(key, value)| (key, value))
        };
        named(key).or_else(|| {
            let (_, merged) = named("<<").filter(|_| depth < DEEPEST_MERGE)?;
            merged.items().find_map(|node| node.pair(key, depth + 1))
        })
    }

    fn is(&self, name: &str) -> bool {
        matches!(&self.data, Data::Scalar(text) if text == name.as_bytes())
    }

    /// The keys and values of a mapping, merged ones included; the mapping's own come first.
    pub(super) fn pairs(&self) -> Vec<(&Node, &Node)> {
        let mut found = Vec::new();
        let mut names = std::collections::HashSet::new();
        self.collect_pairs(&mut found, &mut names, 0);
        found
    }

    fn collect_pairs<'a>(
        &'a self,
        found: &mut Vec<(&'a Node, &'a Node)>,
        names: &mut std::collections::HashSet<&'a [u8]>,
        depth: usize,
    ) {
        let Data::Mapping(pairs) = &self.data else {
            return;
        };
        for (key, value) in pairs.iter().filter(|(key, _)| !key.is("<<")) {
            if let Data::Scalar(name) = &key.data
                && names.insert(name)
            {
                found.push((key, value));
            }
        }
        if depth < DEEPEST_MERGE
            && let Some((_, merged)) = pairs.iter().find(|(key, _)| key.is("<<"))
        {
            merged
                .items()
                .for_each(|node| node.collect_pairs(found, names, depth + 1));
        }
    }

    /// The items of a sequence, or the node itself where it is none: formats often take both.
    pub(super) fn items(&self) -> impl Iterator<Item = &Node> {
        match &self.data {
            Data::Sequence(items) => items.iter(),
            Data::Null => [].iter(),
            _ => std::slice::from_ref(self).iter(),
        }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&[u8]> {
        match &self.data {
            Data::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar, with its place.
    pub(super) fn fact(&self) -> Option<Fact<Vec<u8>>> {
        self.text().map(|text| self.fact_of(text.to_vec()))
    }

    /// Something that this node says.
    pub(super) fn fact_of<T>(&self, value: T) -> Fact<T> {
        Fact {
            value,
            span: self.span.clone(),
        }
    }

    /// A boolean; both YAML 1.1's words and quoted ones are taken, as the formats' readers do.
    pub(super) fn boolean(&self) -> Option<Fact<bool>> {
        let text = self.text()?.to_ascii_lowercase();
        let value = match text.as_slice() {
            b"true" | b"yes" | b"on" => true,
            b"false" | b"no" | b"off" => false,
            _ => return None,
        };
        Some(self.fact_of(value))
    }
}

/// Reads the first document of a text.
pub(super) fn load(text: &[u8]) -> Result<Node, Problem> {
    let whole = 0..text.len();
    let problem = |message: String, span| Problem { message, span };
    let (text, mark) = match text.strip_prefix(b"\xef\xbb\xbf") {
        Some(text) => (text, 3),
        None => (text, 0),
    };
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => {
            let at = (mark + error.valid_up_to()).min(whole.end);
            return Err(problem(
                "the file is not UTF-8".into(),
                at..whole.end.min(at + 1),
            ));
        }
    };
    // JSON may be indented by tabs, YAML may not; inside a JSON string they are not allowed.
    let json = text.trim_ascii_start().starts_with('{');
    let spaced = if json {
        text.replace('\t', " ")
    } else {
        text.to_owned()
    };
    if let Some(reason) = yaml_bounds::harm(&spaced) {
        return Err(problem(format!("the file is not read: {reason}"), whole));
    }
    let places = Places::new(text, mark);
    match MarkedYaml::load_from_str(&spaced) {
        Ok(documents) => match documents.first() {
            Some(document) => Ok(places.node(document, text)),
            None => Ok(Node {
                data: Data::Null,
                span: whole,
            }),
        },
        Err(error) => {
            // JSON has escapes that YAML lacks; then it is read without places.
            if json && let Ok(value) = serde_json::from_str(text) {
                return Ok(unplaced(&value, &whole));
            }
            let at = places.byte(error.marker().index());
            Err(problem(
                format!("the file is not valid YAML: {}", error.info()),
                at..at,
            ))
        }
    }
}

/// Byte offsets by characters: the parser counts characters.
struct Places {
    /// Empty where characters are bytes.
    offsets: Vec<usize>,
    /// Where the text starts: behind a byte order mark, if there is one.
    mark: usize,
    end: usize,
}

impl Places {
    fn new(text: &str, mark: usize) -> Self {
        let offsets = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().map(|(at, _)| at + mark).collect(),
        };
        Self {
            offsets,
            mark,
            end: text.len() + mark,
        }
    }

    fn byte(&self, character: usize) -> usize {
        match self.offsets.is_empty() {
            true => (character + self.mark).min(self.end),
            false => self.offsets.get(character).copied().unwrap_or(self.end),
        }
    }

    fn node(&self, node: &MarkedYaml<'_>, text: &str) -> Node {
        let start = self.byte(node.span.start.index());
        let end = self.byte(node.span.end.index()).max(start);
        Node {
            data: self.data(&node.data, text, start..end),
            span: start..end,
        }
    }

    fn data<'a>(
        &self,
        data: &YamlData<'a, MarkedYaml<'a>>,
        text: &str,
        span: Range<usize>,
    ) -> Data {
        match data {
            YamlData::Sequence(items) => {
                Data::Sequence(items.iter().map(|item| self.node(item, text)).collect())
            }
            YamlData::Mapping(pairs) => Data::Mapping(
                pairs
                    .iter()
                    .map(|(k, v)| (self.node(k, text), self.node(v, text)))
                    .collect(),
            ),
            YamlData::Tagged(_, node) => self.data(&node.data, text, span),
            YamlData::Value(Scalar::String(value)) | YamlData::Representation(value, ..) => {
                Data::Scalar(value.as_bytes().to_vec())
            }
            YamlData::Value(scalar) => {
                // An alias stands where the value is not.
                let written = span
                    .start
                    .checked_sub(self.mark)
                    .zip(span.end.checked_sub(self.mark));
                let written = written
                    .and_then(|(start, end)| text.get(start..end))
                    .map(str::trim)
                    .filter(|written| !written.is_empty() && !written.starts_with('*'));
                match (scalar, written) {
                    (Scalar::Null, _) => Data::Null,
                    (_, Some(written)) => Data::Scalar(written.into()),
                    (Scalar::Boolean(value), None) => Data::Scalar(value.to_string().into()),
                    (Scalar::Integer(value), None) => Data::Scalar(value.to_string().into()),
                    (Scalar::FloatingPoint(value), None) => Data::Scalar(value.to_string().into()),
                    (Scalar::String(value), None) => Data::Scalar(value.as_bytes().to_vec()),
                }
            }
            YamlData::Alias(_) | YamlData::BadValue => Data::Null,
        }
    }
}

/// A JSON value, each part of which stands somewhere in the whole.
fn unplaced(value: &serde_json::Value, whole: &Range<usize>) -> Node {
    let scalar = |text: String| Data::Scalar(text.into_bytes());
    let data = match value {
        serde_json::Value::Null => Data::Null,
        serde_json::Value::Bool(value) => scalar(value.to_string()),
        serde_json::Value::Number(value) => scalar(value.to_string()),
        serde_json::Value::String(value) => scalar(value.clone()),
        serde_json::Value::Array(items) => {
            Data::Sequence(items.iter().map(|item| unplaced(item, whole)).collect())
        }
        serde_json::Value::Object(pairs) => Data::Mapping(
            pairs
                .iter()
                .map(|(key, value)| {
                    let key = Node {
                        data: scalar(key.clone()),
                        span: whole.clone(),
                    };
                    (key, unplaced(value, whole))
                })
                .collect(),
        ),
    };
    Node {
        data,
        span: whole.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_stay_as_written_and_in_their_places() {
        let text = "# é\nversion: 1.10\nuser: 0123\nname: 'ü b'\nport: 8080\non: yes\n";
        let root = load(text.as_bytes()).unwrap();
        for (key, value, written) in [
            ("version", "1.10", "1.10"),
            ("user", "0123", "0123"),
            ("name", "ü b", "'ü b'"),
            ("port", "8080", "8080"),
            ("on", "yes", "yes"),
        ] {
            let node = root.get(key).unwrap();
            assert_eq!(node.text(), Some(value.as_bytes()), "{key}");
            assert_eq!(&text[node.span.clone()], written, "{key}");
        }
    }

    #[test]
    fn mark_of_byte_order_moves_places() {
        for text in ["\u{feff}a: 1\nb: x\n", "\u{feff}a: ü\nb: x\n"] {
            let root = load(text.as_bytes()).unwrap();
            assert_eq!(&text[root.get("b").unwrap().span.clone()], "x");
        }
    }

    #[test]
    fn merged_mappings_give_what_is_missing() {
        let text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc:\n  <<: [*a, {z: 4}]\n";
        let root = load(text.as_bytes()).unwrap();
        let text_of = |path: [&str; 2]| root.get(path[0])?.get(path[1])?.text().map(<[u8]>::to_vec);
        assert_eq!(text_of(["b", "x"]), Some(b"1".to_vec()));
        assert_eq!(text_of(["b", "y"]), Some(b"3".to_vec()));
        assert_eq!(text_of(["c", "z"]), Some(b"4".to_vec()));
        assert_eq!(root.get("b").unwrap().pairs().len(), 2);
    }

    #[test]
    fn json_may_have_tabs_and_its_own_escapes() {
        let text = "{\n\t\"a\": \"x\\/y\",\n\t\"b\": [1, true]\n}";
        let root = load(text.as_bytes()).unwrap();
        assert_eq!(root.get("a").unwrap().text(), Some(&b"x/y"[..]));
        assert_eq!(&text[root.get("b").unwrap().span.start..][..1], "[");
        let pair = r#"{"a": "\ud83d\ude00", "b": false}"#;
        let root = load(pair.as_bytes()).unwrap();
        assert_eq!(
            root.get("b").unwrap().boolean().map(|fact| fact.value),
            Some(false)
        );
    }

    #[test]
    fn what_is_no_yaml_is_a_problem() {
        for text in [&b"a: [1"[..], b"\xff", b"a: 1\na: 2\n", b"\ta: b\n\t- c"] {
            assert!(load(text).is_err(), "{:?}", String::from_utf8_lossy(text));
        }
        assert_eq!(load(b"").map(|node| node.data), Ok(Data::Null));
    }
}
