//! A tree written down as text, as rules show what they find:
//!
//! ```text
//! == services.d/web/run 0755
//! #!/command/execlineb -P
//! web
//! == services.d/web/type no-newline
//! longrun
//! == etc/mtab -> ../proc/mounts
//! == var/empty/ 0700 0:0
//! ```
//!
//! A header names a path; behind it may stand a mode in octal, an owner and group,
//! `no-newline` (the content's last newline is dropped), `escapes` (`\r \n \t \\ \0 \xHH` are
//! decoded), `unreadable` (nobody may read it) or, for a link, an arrow and its target. A path that ends in `/` is a directory.

use super::entry::{Entry, Kind, Source};
use super::{NodeId, Tree};
use std::sync::Arc;

/// The tree that a sample describes.
///
/// # Errors
///
/// Says which header cannot be read.
pub fn tree(text: &str) -> Result<Tree, String> {
    let source = Arc::new(Source::said("/sample", "."));
    let root = Entry::new(&source, b"", Kind::Directory, 0o755);
    let mut tree = Tree::new(Arc::new(root));
    for file in text.split("\n== ").enumerate().map(|(place, file)| {
        if place == 0 {
            file.strip_prefix("== ").unwrap_or(file)
        } else {
            file
        }
    }) {
        if file.trim().is_empty() {
            continue;
        }
        let (header, content) = file.split_once('\n').unwrap_or((file, ""));
        let described = Described::read(header)?;
        let content = described.content(content, text);
        place(&mut tree, &source, &described, content);
    }
    tree.finish();
    Ok(tree)
}

struct Described<'t> {
    path: &'t str,
    is_directory: bool,
    mode: Option<u32>,
    owner: (u32, u32),
    drops_newline: bool,
    has_escapes: bool,
    is_unreadable: bool,
    target: Option<&'t str>,
}

impl<'t> Described<'t> {
    fn read(header: &'t str) -> Result<Described<'t>, String> {
        let wrong = || format!("sample: cannot read the header `{header}`");
        let (header, target) = match header.split_once(" -> ") {
            Some((header, target)) => (header, Some(target)),
            None => (header, None),
        };
        let mut words = header.split(' ');
        let path = words.next().ok_or_else(wrong)?;
        let mut described = Described {
            path: path.trim_end_matches('/'),
            is_directory: path.ends_with('/'),
            mode: None,
            owner: (0, 0),
            drops_newline: false,
            has_escapes: false,
            is_unreadable: false,
            target,
        };
        for word in words {
            match word {
                "no-newline" => described.drops_newline = true,
                "unreadable" => described.is_unreadable = true,
                "escapes" => described.has_escapes = true,
                _ => match word.split_once(':') {
                    Some((owner, group)) => {
                        let owner = owner.parse().map_err(|_| wrong())?;
                        described.owner = (owner, group.parse().map_err(|_| wrong())?);
                    }
                    None => {
                        described.mode = Some(u32::from_str_radix(word, 8).map_err(|_| wrong())?);
                    }
                },
            }
        }
        Ok(described)
    }

    fn content(&self, content: &str, all: &str) -> Vec<u8> {
        // The newline before the next header was taken by the split.
        let is_last = all.ends_with(content) && all.ends_with('\n');
        let mut bytes = if self.has_escapes {
            unescape(content)
        } else {
            content.as_bytes().to_vec()
        };
        if !bytes.is_empty() && !bytes.ends_with(b"\n") && !is_last {
            bytes.push(b'\n');
        }
        if self.drops_newline && bytes.ends_with(b"\n") {
            bytes.pop();
        }
        bytes
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut characters = text.bytes();
    while let Some(byte) = characters.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match characters.next() {
            Some(b'r') => bytes.push(b'\r'),
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'0') => bytes.push(0),
            Some(b'x') => {
                let mut digit = || characters.next().and_then(|d| char::from(d).to_digit(16));
                let value = digit().unwrap_or(0) * 16 + digit().unwrap_or(0);
                bytes.push(u8::try_from(value).unwrap_or(0));
            }
            Some(other) => bytes.push(other),
            None => bytes.push(b'\\'),
        }
    }
    bytes
}

fn place(tree: &mut Tree, source: &Arc<Source>, described: &Described<'_>, content: Vec<u8>) {
    let mut at = tree.root();
    let mut below = String::new();
    let names: Vec<&str> = described.path.split('/').collect();
    for (depth, name) in names.iter().enumerate() {
        if depth > 0 {
            below.push('/');
        }
        below.push_str(name);
        let is_last = depth + 1 == names.len();
        let known = find(tree, at, name.as_bytes());
        if let (Some(child), false) = (known, is_last) {
            at = child;
            continue;
        }
        let (kind, default) = match described.target {
            _ if !is_last => (Kind::Directory, 0o755),
            Some(target) => (Kind::Link(target.as_bytes().into()), 0o777),
            None if described.is_directory => (Kind::Directory, 0o755),
            None => (Kind::File, 0o644),
        };
        let mut entry = Entry::new(source, below.as_bytes(), kind, default);
        if is_last {
            entry.mode = described.mode.unwrap_or(default);
            (entry.owner, entry.group) = described.owner;
            entry.size = content.len() as u64;
            if entry.kind == Kind::File {
                let _ = entry.content.set(if described.is_unreadable {
                    Err("Permission denied".to_owned())
                } else {
                    Ok(Arc::from(content.as_slice()))
                });
            }
        }
        at = tree.add(at, name.as_bytes(), Arc::new(entry), true);
    }
}

fn find(tree: &Tree, directory: NodeId, name: &[u8]) -> Option<NodeId> {
    let children = tree.children(directory);
    children
        .iter()
        .copied()
        .find(|&child| tree.name(child) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, path: &str, mode: u32, content: &str) {
        let tree = tree(text).unwrap();
        let node = tree.lookup(tree.root(), path.as_bytes()).found().unwrap();
        assert_eq!(tree.entry(node).mode, mode, "{path}");
        let bytes = tree.entry(node).bytes().unwrap();
        assert_eq!(bytes.escape_ascii().to_string(), content, "{path}");
    }

    #[test]
    fn headers_say_what_files_are() {
        let text = "== a/run 0755\nx\ny\n== a/type no-newline\nlongrun\n== b escapes\na\\r\\n\\x01\n== c\n";
        check(text, "a/run", 0o755, r"x\ny\n");
        check(text, "a/type", 0o644, "longrun");
        check(text, "b", 0o644, r"a\r\n\x01\n");
        check(text, "c", 0o644, "");
        assert!(super::tree("== a what\n").is_err());
    }
}
