//! Which files decide how a container is started: by their names, and by a glance at the text
//! where a name is used for much else. A glance is not a parse: it sees keys at a line's start.

use super::Kind;
use crate::bytes::base_name;

/// What kind of file this is; `None` where it is none of them.
#[must_use]
pub fn recognise(file_name: &[u8], text: &[u8]) -> Option<Kind> {
    let name = base_name(file_name).to_ascii_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end.as_bytes()));
    for word in [&b"dockerfile"[..], b"containerfile"] {
        let suffix = name
            .strip_suffix(word)
            .is_some_and(|head| head.is_empty() || head.ends_with(b"."));
        let prefix = name
            .strip_prefix(word)
            .is_some_and(|tail| tail.starts_with(b"."));
        // `Dockerfile.dockerignore` says what is not sent to the builder.
        if suffix || (prefix && !ends(&[".dockerignore", ".containerignore", "~", ".orig", ".rej"]))
        {
            return Some(Kind::Dockerfile);
        }
    }
    if !ends(&[".yaml", ".yml", ".json"]) {
        return None;
    }
    let yaml = !ends(&[".json"]);
    if yaml
        && ["docker-compose", "compose"].iter().any(|head| {
            name.strip_prefix(head.as_bytes())
                .is_some_and(|tail| matches!(tail.first(), Some(b'.' | b'-' | b'_')))
        })
    {
        return Some(Kind::Compose);
    }
    let keys = if yaml {
        keys_of_yaml(text)
    } else {
        keys_of_json(text)
    };
    let has = |key: &str| keys.iter().any(|found| found == key.as_bytes());
    if ends(&["config.yaml", "config.yml", "config.json"]) && name.starts_with(b"config.") {
        let all = ["name", "version", "slug", "arch"]
            .iter()
            .all(|key| has(key));
        return all.then_some(Kind::HomeAssistant);
    }
    // A `package` makes it melange's, whose pipelines also have contents.
    let starts = ["entrypoint", "accounts", "archs", "cmd", "environment"];
    let apko = yaml && has("contents") && !has("package") && starts.iter().any(|key| has(key));
    apko.then_some(Kind::Apko)
}

fn keys_of_yaml(text: &[u8]) -> Vec<Vec<u8>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.trim_ascii_start().starts_with(b"{") {
        return keys_of_json(text);
    }
    text.split(|&b| b == b'\n')
        .filter_map(|line| {
            let length = line.iter().position(|&b| b == b':')?;
            let (key, rest) = line.split_at_checked(length)?;
            let ends = rest.get(1).is_none_or(u8::is_ascii_whitespace);
            let key = match key {
                [b'"', key @ .., b'"'] | [b'\'', key @ .., b'\''] => key,
                _ => key,
            };
            let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
            (ends && !key.is_empty() && key.iter().all(word)).then(|| key.to_vec())
        })
        .collect()
}

fn keys_of_json(text: &[u8]) -> Vec<Vec<u8>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(text) {
        Ok(object) => object
            .into_iter()
            .map(|(key, _)| key.into_bytes())
            .collect(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognised_by_name_and_where_needed_by_text() {
        let addon = "name: Web\nversion: \"1\"\nslug: web\narch:\n  - amd64\n";
        let json = r#"{"name": "Web", "version": "1", "slug": "web", "arch": ["amd64"]}"#;
        let apko = "contents:\n  packages: [s6]\nentrypoint:\n  type: service-bundle\n";
        let cases = [
            ("Dockerfile", "", Some(Kind::Dockerfile)),
            ("a/b/Dockerfile.alpine", "", Some(Kind::Dockerfile)),
            ("web.Dockerfile", "", Some(Kind::Dockerfile)),
            ("Containerfile", "", Some(Kind::Dockerfile)),
            ("Dockerfile.dockerignore", "", None),
            ("dockerfile-notes.md", "", None),
            ("MyDockerfile", "", None),
            ("docker-compose.yml", "", Some(Kind::Compose)),
            ("compose.override.yaml", "", Some(Kind::Compose)),
            ("docker-compose-dev.yml", "", Some(Kind::Compose)),
            ("composer.json", "{}", None),
            ("config.yaml", addon, Some(Kind::HomeAssistant)),
            ("config.json", json, Some(Kind::HomeAssistant)),
            ("config.json", "{\"name\": 1}", None),
            ("config.yaml", "name: x\n", None),
            ("config.json", "{", None),
            ("image.yaml", apko, Some(Kind::Apko)),
            (".apko.yaml", apko, Some(Kind::Apko)),
            (
                "melange.yaml",
                "package:\n  name: x\nenvironment:\n  contents:\n",
                None,
            ),
            ("values.yaml", "environment: x\n", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(
                recognise(name.as_bytes(), text.as_bytes()),
                expected,
                "{name}"
            );
        }
    }
}
