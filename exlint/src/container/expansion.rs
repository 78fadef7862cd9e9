//! References to variables in a word of a Dockerfile or a compose file, put in place as far as
//! the file decides them. It runs nothing and knows no variable itself: it asks.

use super::Value;

/// What the asked one knows of a variable.
pub(super) enum Lookup {
    /// It has this value.
    Set(Value),
    /// It surely has none.
    Unset,
    /// The file does not say.
    Undecided,
}

/// How the text around the references is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Quotes go, and what follows the escape character is literal.
    Dockerfile {
        /// The escape character.
        escape: u8,
    },
    /// `$$` is a dollar sign; quotes are ordinary characters.
    Compose,
    /// A shell's text: nothing goes, and what is undecided stays as written.
    Verbatim,
}

/// The longest value that is followed; what grows beyond it is not worth deciding.
const LONGEST: usize = 64 * 1024;
/// References in the defaults of references, at most.
const DEEPEST: usize = 8;

/// Certainty in the order in which it is lost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Known,
    Default,
    Unknown,
}

/// Puts values in place of references.
pub(super) fn expand(word: &[u8], style: Style, lookup: &dyn Fn(&[u8]) -> Lookup) -> Value {
    expand_nested(word, style, lookup, 0)
}

fn expand_nested(
    word: &[u8],
    style: Style,
    lookup: &dyn Fn(&[u8]) -> Lookup,
    depth: usize,
) -> Value {
    let mut out = Vec::with_capacity(word.len());
    let mut certainty = Certainty::Known;
    let mut rest = word;
    let mut double = false;
    while let Some((&byte, after)) = rest.split_first() {
        if out.len() > LONGEST.max(word.len()) {
            return Value::Unknown(word.to_vec());
        }
        match (style, byte) {
            (Style::Dockerfile { .. }, b'\'') if !double => {
                let length = after
                    .iter()
                    .position(|&b| b == b'\'')
                    .unwrap_or(after.len());
                let (quoted, tail) = after.split_at_checked(length).unwrap_or((after, &[]));
                out.extend_from_slice(quoted);
                rest = tail.get(1..).unwrap_or_default();
            }
            (Style::Dockerfile { .. }, b'"') => {
                double = !double;
                rest = after;
            }
            (Style::Dockerfile { escape }, _) if byte == escape => {
                if let Some((&next, tail)) = after.split_first() {
                    if double && next != b'"' && next != b'$' && next != escape {
                        out.push(byte);
                    }
                    out.push(next);
                    rest = tail;
                } else {
                    out.push(byte);
                    rest = after;
                }
            }
            (Style::Verbatim, b'\\') => {
                let (pair, tail) = rest.split_at_checked(2).unwrap_or((rest, &[]));
                out.extend_from_slice(pair);
                rest = tail;
            }
            (Style::Compose, b'$') if after.first() == Some(&b'$') => {
                out.push(b'$');
                rest = after.get(1..).unwrap_or_default();
            }
            (_, b'$') => match reference(after) {
                Found::Literal => {
                    out.push(b'$');
                    rest = after;
                }
                Found::Unclosed => {
                    out.extend_from_slice(rest);
                    certainty = Certainty::Unknown;
                    rest = &[];
                }
                Found::Reference {
                    name,
                    operator,
                    length,
                } => {
                    let (written, tail) = rest.split_at_checked(length + 1).unwrap_or((rest, &[]));
                    match resolve(name, operator, style, lookup, depth) {
                        Some(Value::Known(value)) => out.extend_from_slice(&value),
                        Some(Value::Default(value)) => {
                            out.extend_from_slice(&value);
                            certainty = certainty.max(Certainty::Default);
                        }
                        Some(Value::Unknown(_)) | None => {
                            out.extend_from_slice(written);
                            certainty = Certainty::Unknown;
                        }
                    }
                    rest = tail;
                }
            },
            _ => {
                out.push(byte);
                rest = after;
            }
        }
    }
    match certainty {
        Certainty::Known => Value::Known(out),
        Certainty::Default => Value::Default(out),
        Certainty::Unknown => Value::Unknown(out),
    }
}

/// What stands behind a dollar sign.
enum Found<'a> {
    /// Nothing: the sign means itself.
    Literal,
    /// A brace without its partner.
    Unclosed,
    /// A reference of this many bytes.
    Reference {
        name: &'a [u8],
        operator: Operator<'a>,
        length: usize,
    },
}

/// What a reference in braces asks for.
enum Operator<'a> {
    /// The value.
    Plain,
    /// The value, or a word where there is none.
    Otherwise { or_empty: bool, word: &'a [u8] },
    /// A word where there is a value.
    Instead { or_empty: bool, word: &'a [u8] },
    /// The value, or a failure.
    Required,
    /// Something else: patterns, replacements.
    Other,
}

fn reference(after: &[u8]) -> Found<'_> {
    let name_length = |text: &[u8]| {
        text.iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count()
    };
    if after.first() != Some(&b'{') {
        let length = match after.first() {
            Some(b) if b.is_ascii_digit() => 1,
            _ => name_length(after),
        };
        return match after.get(..length) {
            Some(name) if !name.is_empty() => Found::Reference {
                name,
                operator: Operator::Plain,
                length,
            },
            _ => Found::Literal,
        };
    }
    let inside = after.get(1..).unwrap_or_default();
    let mut open = 1_usize;
    let closing = inside.iter().position(|b| {
        match b {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => (),
        }
        open == 0
    });
    let Some(inside) = closing.and_then(|end| inside.get(..end)) else {
        return Found::Unclosed;
    };
    let (name, tail) = inside
        .split_at_checked(name_length(inside))
        .unwrap_or((inside, &[]));
    let operator = match tail {
        [] => Operator::Plain,
        [b':', b'-', word @ ..] => Operator::Otherwise {
            or_empty: true,
            word,
        },
        [b'-', word @ ..] => Operator::Otherwise {
            or_empty: false,
            word,
        },
        [b':', b'+', word @ ..] => Operator::Instead {
            or_empty: true,
            word,
        },
        [b'+', word @ ..] => Operator::Instead {
            or_empty: false,
            word,
        },
        [b':', b'?', ..] | [b'?', ..] => Operator::Required,
        _ => Operator::Other,
    };
    let operator = if name.is_empty() {
        Operator::Other
    } else {
        operator
    };
    Found::Reference {
        name,
        operator,
        length: inside.len() + 2,
    }
}

/// The value of a reference, where it is decided.
fn resolve(
    name: &[u8],
    operator: Operator<'_>,
    style: Style,
    lookup: &dyn Fn(&[u8]) -> Lookup,
    depth: usize,
) -> Option<Value> {
    let operand =
        |word: &[u8]| (depth < DEEPEST).then(|| expand_nested(word, style, lookup, depth + 1));
    let empty = || Some(Value::Known(Vec::new()));
    let counts = |value: &Value, or_empty: bool| !or_empty || !value.text().is_empty();
    match (lookup(name), operator) {
        (Lookup::Undecided, _)
        | (Lookup::Set(Value::Unknown(_)), _)
        | (_, Operator::Other)
        | (Lookup::Unset, Operator::Required) => None,
        (Lookup::Unset, Operator::Plain | Operator::Instead { .. }) => empty(),
        (Lookup::Unset, Operator::Otherwise { word, .. }) => operand(word),
        (Lookup::Set(value), Operator::Plain | Operator::Required) => Some(value),
        (Lookup::Set(value), Operator::Otherwise { or_empty, word }) => {
            if counts(&value, or_empty) {
                Some(value)
            } else {
                operand(word)
            }
        }
        (Lookup::Set(value), Operator::Instead { or_empty, word }) => {
            if counts(&value, or_empty) {
                operand(word)
            } else {
                empty()
            }
        }
    }
}

/// The words of a command line as compose and apko split one: quotes and backslashes are
/// understood, nothing is expanded. `None` for a quote that is never closed.
pub(super) fn split_words(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (Some(q), _) if q == byte => quote = None,
            (Some(b'"'), b'\\') => {
                let next = bytes.next_if(|b| matches!(b, b'"' | b'\\' | b'$' | b'`'));
                word.get_or_insert_default().push(next.unwrap_or(b'\\'));
            }
            (Some(_), _) => word.get_or_insert_default().push(byte),
            (None, b'"' | b'\'') => {
                word.get_or_insert_default();
                quote = Some(byte);
            }
            (None, b'\\') => word.get_or_insert_default().extend(bytes.next()),
            (None, _) if byte.is_ascii_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &[u8]) -> Lookup {
        match name {
            b"A" => Lookup::Set(Value::Known(b"one".to_vec())),
            b"D" => Lookup::Set(Value::Default(b"3.1".to_vec())),
            b"E" => Lookup::Set(Value::Known(Vec::new())),
            b"U" => Lookup::Undecided,
            _ => Lookup::Unset,
        }
    }

    #[test]
    fn references_are_put_in_place_as_far_as_decided() {
        let known = |s: &str| Value::Known(s.into());
        let default = |s: &str| Value::Default(s.into());
        let unknown = |s: &str| Value::Unknown(s.into());
        let cases = [
            ("$A-${A}", known("one-one")),
            ("v${D}/x", default("v3.1/x")),
            ("/command:$U", unknown("/command:$U")),
            ("${U:-x}", unknown("${U:-x}")),
            ("${N:-x}${E:-y}${E-z}", known("xy")),
            ("${A:+yes}${N+no}${E:+no}", known("yes")),
            ("${N:-${A}}", known("one")),
            ("${A#o}", unknown("${A#o}")),
            ("${A", unknown("${A")),
            ("cost $ 5", known("cost $ 5")),
            ("\\$A '$A' \"$A\"", known("$A $A one")),
            ("\"a\\nb\\\"\"", known("a\\nb\"")),
            ("$N", known("")),
            ("${}", unknown("${}")),
        ];
        for (word, expected) in cases {
            let style = Style::Dockerfile { escape: b'\\' };
            assert_eq!(expand(word.as_bytes(), style, &lookup), expected, "{word}");
        }
        assert_eq!(
            expand(b"$$A '$A'", Style::Compose, &lookup),
            known("$A 'one'")
        );
        assert_eq!(
            expand(b"\\$A '$A' $U", Style::Verbatim, &lookup),
            unknown("\\$A 'one' $U")
        );
    }

    #[test]
    fn nested_defaults_are_followed_only_so_far() {
        let deep = format!("{}x{}", "${N:-".repeat(50_000), "}".repeat(50_000));
        let style = Style::Dockerfile { escape: b'\\' };
        assert!(matches!(
            expand(deep.as_bytes(), style, &lookup),
            Value::Unknown(_)
        ));
        let open = "${N:-".repeat(100_000);
        assert!(matches!(
            expand(open.as_bytes(), style, &lookup),
            Value::Unknown(_)
        ));
    }

    #[test]
    fn command_lines_are_split_as_a_shell_would() {
        let cases: [(&str, Option<&[&str]>); 5] = [
            ("", Some(&[])),
            ("a  b\tc", Some(&["a", "b", "c"])),
            (
                "sh -c 'a b' \"\" x\\ y",
                Some(&["sh", "-c", "a b", "", "x y"]),
            ),
            ("\"a\\\"b\\n\"", Some(&["a\"b\\n"])),
            ("'open", None),
        ];
        for (line, expected) in cases {
            let expected =
                expected.map(|w| w.iter().map(|w| w.as_bytes().to_vec()).collect::<Vec<_>>());
            assert_eq!(split_words(line.as_bytes()), expected, "{line}");
        }
    }
}
