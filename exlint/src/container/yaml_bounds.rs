//! Whether a YAML text can be loaded without harm. A few lines can ask for nesting that breaks
//! the stack, or for aliases of aliases (also inside keys, which the loader's own limit does not
//! see) that fill the memory. Both are measured here, cheaply, before the text is loaded.

use saphyr::{AnnotatedMapping, AnnotatedNode, LoadableYamlNode, Tag, Yaml, YamlData};
use std::borrow::Cow;
use std::cell::Cell;
use std::hash::{Hash, Hasher};

/// The deepest indentation, and the most collections that one line opens. The loader recurses
/// once per collection; in brackets it stops at 255 by itself.
const DEEPEST: usize = 120;
/// Nodes that copies of anchored nodes may come to.
const MOST_COPIED: usize = 300_000;

/// Why a text is not loaded; `None` where it is harmless.
pub(super) fn harm(text: &str) -> Option<&'static str> {
    if text.split(['\n', '\r']).any(|line| nesting(line) > DEEPEST) {
        return Some("it is nested too deeply to be read");
    }
    // Without an ampersand there is no anchor, hence no alias.
    if !text.contains('&') {
        return None;
    }
    COPIED.set(0);
    // An error is for the loading proper to report.
    let _ = Weight::load_from_str(text);
    (COPIED.get() > MOST_COPIED).then_some("its aliases come to too much to be read")
}

/// How deep a line can bring the block collections that it stands in: those opened before it
/// start to the left of it, the others need an indicator of their own.
fn nesting(line: &str) -> usize {
    let indentation = line.len() - line.trim_start().len();
    let indicators = line
        .split_whitespace()
        .take_while(|word| matches!(*word, "-" | "?" | ":" | "---") || word.starts_with(['&', '!']))
        .count();
    indentation + indicators
}

thread_local! {
    static COPIED: Cell<usize> = const { Cell::new(0) };
    static SERIAL: Cell<usize> = const { Cell::new(0) };
}

/// A node of which nothing is kept but its shape. A copy of one is a mere number, but is counted
/// as the loader's copy would be.
struct Weight {
    shape: Shape,
    /// A sequence's.
    items: Vec<Weight>,
    /// A mapping's.
    pairs: AnnotatedMapping<'static, Weight>,
    /// No node equals another: what is measured is what would be copied, not what is said.
    serial: usize,
}

enum Shape {
    Nothing,
    Scalar,
    Sequence,
    Mapping,
    Copied(usize),
}

impl Weight {
    fn new(shape: Shape) -> Self {
        SERIAL.set(SERIAL.get().wrapping_add(1));
        let pairs = AnnotatedMapping::new();
        Self {
            shape,
            items: Vec::new(),
            pairs,
            serial: SERIAL.get(),
        }
    }

    fn nodes(&self) -> usize {
        if let Shape::Copied(nodes) = self.shape {
            return nodes;
        }
        let items = self.items.iter().map(Self::nodes);
        let pairs = self
            .pairs
            .iter()
            .map(|(key, value)| key.nodes().saturating_add(value.nodes()));
        items.chain(pairs).fold(1, usize::saturating_add)
    }
}

impl Clone for Weight {
    fn clone(&self) -> Self {
        // Beyond the limit the number does not matter any more, and counting is work.
        if COPIED.get() > MOST_COPIED {
            return Self::new(Shape::Scalar);
        }
        let nodes = self.nodes();
        COPIED.set(COPIED.get().saturating_add(nodes));
        Self::new(Shape::Copied(nodes))
    }
}

impl PartialEq for Weight {
    fn eq(&self, other: &Self) -> bool {
        self.serial == other.serial
    }
}

impl Eq for Weight {}

impl Hash for Weight {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.serial.hash(state);
    }
}

impl<'a> From<YamlData<'a, Weight>> for Weight {
    fn from(_: YamlData<'a, Weight>) -> Self {
        Self::new(Shape::Scalar)
    }
}

impl AnnotatedNode for Weight {
    type HashKey<'a> = Weight;

    fn parse_representation_recursive(&mut self) -> bool {
        true
    }
}

impl<'input> LoadableYamlNode<'input> for Weight {
    type HashKey = Weight;

    fn from_bare_yaml(yaml: Yaml<'input>) -> Self {
        Self::new(match yaml {
            Yaml::Sequence(_) => Shape::Sequence,
            Yaml::Mapping(_) => Shape::Mapping,
            Yaml::BadValue => Shape::Nothing,
            _ => Shape::Scalar,
        })
    }

    fn is_sequence(&self) -> bool {
        matches!(self.shape, Shape::Sequence)
    }

    fn is_mapping(&self) -> bool {
        matches!(self.shape, Shape::Mapping)
    }

    fn is_badvalue(&self) -> bool {
        matches!(self.shape, Shape::Nothing)
    }

    fn sequence_mut(&mut self) -> &mut Vec<Self> {
        &mut self.items
    }

    fn mapping_mut(&mut self) -> &mut AnnotatedMapping<'static, Weight> {
        &mut self.pairs
    }

    fn into_tagged(self, _: Cow<'input, Tag>) -> Self {
        self
    }

    fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(Shape::Nothing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_are_seen_before_they_go_off() {
        let mut values = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        let mut keys = String::from("a0: &a0 {x: y}\n");
        for level in 1..40 {
            let of = level - 1;
            let nine = vec![format!("*a{of}"); 9].join(", ");
            values.push_str(&format!("a{level}: &a{level} [{nine}]\n"));
            keys.push_str(&format!(
                "a{level}: &a{level}\n  ? [*a{of} , x]\n  : 1\n  ? [*a{of} , y]\n  : 1\n"
            ));
        }
        let anchors = format!(
            "{}{}{}",
            "[&a ".repeat(100),
            "0,".repeat(100_000),
            "]".repeat(100)
        );
        let cases = [
            ("values", values),
            ("keys", keys),
            ("anchors", anchors),
            (
                "indentation",
                (0..3000)
                    .map(|n| format!("{}a:\n", " ".repeat(n)))
                    .collect(),
            ),
            ("one line", "- ".repeat(100_000)),
            ("questions", "? ".repeat(100_000)),
        ];
        for (name, text) in cases {
            assert!(harm(&text).is_some(), "{name}");
        }
    }

    #[test]
    fn ordinary_files_do_no_harm() {
        let mut text =
            String::from("x-common: &common {restart: always, environment: {A: b}}\nservices:\n");
        for service in 0..500 {
            text.push_str(&format!(
                "  s{service}:\n    <<: *common\n    command: sh -c 'a && b & c'\n"
            ));
        }
        assert_eq!(harm(&text), None);
        assert_eq!(harm("a: |\n  - - - x\n  ---- - -\n"), None);
    }
}
