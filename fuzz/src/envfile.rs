//! What `envfile` reads out of a file it reads again when that is written down, in each of the
//! ways in which a value can be; twice the same file is twice the same. What it does not read
//! is wrong at a place in the file. The input is a file.

use super::before_nul;
use execline::commands::envfile::assignments;

pub fn survives(input: &[u8]) {
    let text = before_nul(input);
    let found = match assignments(text) {
        Ok(found) => found,
        Err(wrong) => {
            let lines = text.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
            assert!(wrong.at <= text.len() && (1..=lines).contains(&wrong.line));
            return;
        }
    };
    assert!(
        found.is_empty() || found.ends_with(b"\0"),
        "the last one is ended"
    );
    let twice = assignments(&[text, b"\n", text].concat());
    assert_eq!(twice, Ok(found.repeat(2)), "{}", text.escape_ascii());
    let mut read: Vec<(&[u8], &[u8])> = Vec::new();
    for assignment in found.split(|&byte| byte == 0) {
        let Some(equals) = assignment.iter().position(|&byte| byte == b'=') else {
            continue;
        };
        let (name, value) = (&assignment[..equals], &assignment[equals + 1..]);
        // A NUL in a value begins another assignment, of any name.
        let is_special = |byte: &u8| b" \t\x0c\r\n\\\"'?".contains(byte);
        if !name.is_empty() && !name.starts_with(b"#") && !name.iter().any(is_special) {
            read.push((name, value));
        }
    }
    let expected: Vec<u8> = read
        .iter()
        .flat_map(|(name, value)| [name, &b"="[..], value, b"\0"].concat())
        .collect();
    for style in 0..4 {
        let mut written = Vec::new();
        for (name, value) in &read {
            write(name, value, style, &mut written);
        }
        let again = assignments(&written);
        assert_eq!(again.as_ref(), Ok(&expected), "{}", written.escape_ascii());
    }
}

fn write(name: &[u8], value: &[u8], style: usize, text: &mut Vec<u8>) {
    let is_blank = |byte: u8| b" \t\x0c\r".contains(&byte);
    text.extend_from_slice(name);
    text.extend_from_slice([&b"="[..], b" = ", b"=", b"\t=\r"][style]);
    // Outside of quotes there is no way to write a newline.
    let is_quoted = style < 3 || value.contains(&b'\n');
    if is_quoted {
        text.push(b'"');
    }
    for &byte in value {
        match style {
            1 => text.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
            2 => text.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
            _ if byte == b'\n' => text.extend_from_slice(b"\\n"),
            _ if byte == b'\\' || byte == b'"' => text.extend_from_slice(&[b'\\', byte]),
            3 if is_blank(byte) && !is_quoted => text.extend_from_slice(&[b'\\', byte]),
            _ => text.push(byte),
        }
    }
    if is_quoted {
        text.push(b'"');
    }
    text.extend_from_slice([&b"\n"[..], b"\n# a comment\n", b"\n\n", b"\n# {\n"][style]);
}
