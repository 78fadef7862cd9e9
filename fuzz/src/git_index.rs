//! An index that is written down is read again, of any version and with any hashes, and below a
//! directory is what begins with its path. The input is a line with the version and the length of
//! hashes, and then a line for each file, `x ` or `- ` and its path; or it is an index.

use super::first_line;
use exlint::tree::git_index::{Index, read};

pub fn is_read(input: &[u8]) {
    if input.starts_with(b"DIRC") {
        if let Ok(all) = read(input, b"") {
            is_the_same_below(input, &all);
        }
        return;
    }
    let (head, lines) = first_line(input);
    let version = match head.first() {
        Some(b'3') => 3,
        Some(b'4') => 4,
        _ => 2,
    };
    let hash = if head.ends_with(b"32") { 32 } else { 20 };
    let files: Vec<(&[u8], bool)> = lines
        .split(|&byte| byte == b'\n')
        .filter(|line| line.len() > 2 && !line.contains(&0))
        .map(|line| (&line[2..], line[0] == b'x'))
        .collect();
    let index = index(version, hash, &files);
    let all = read(&index, b"").expect("an index");
    let expected: Index = files.iter().map(|&(path, is)| (path.into(), is)).collect();
    assert_eq!(all, expected);
    is_the_same_below(&index, &all);
}

/// Below each directory of the first files is what all files say of it.
fn is_the_same_below(index: &[u8], all: &Index) {
    for path in all.keys().take(3) {
        let Some(end) = path.iter().position(|&byte| byte == b'/') else {
            continue;
        };
        let prefix = &path[..=end];
        let expected: Index = all
            .iter()
            .filter_map(|(path, &is)| Some((path.strip_prefix(prefix)?.into(), is)))
            .collect();
        assert_eq!(read(index, prefix).as_ref(), Ok(&expected));
    }
}

fn index(version: u8, hash: usize, files: &[(&[u8], bool)]) -> Vec<u8> {
    let mut index = b"DIRC\0\0\0".to_vec();
    index.push(version);
    index.extend((files.len() as u32).to_be_bytes());
    let mut before: &[u8] = b"";
    for (number, &(path, is_executable)) in files.iter().enumerate() {
        let start = index.len();
        index.extend([1; 24]);
        let mode: u32 = if is_executable { 0o100_755 } else { 0o100_644 };
        index.extend(mode.to_be_bytes());
        index.extend(vec![2; 12 + hash]);
        let has_more = version > 2 && number % 2 == 1;
        let length = path.len().min(0xfff) as u16;
        index.extend((length | if has_more { 0x4000 } else { 0 }).to_be_bytes());
        if has_more {
            index.extend([0x40, 0]);
        }
        if version == 4 {
            let same = before.iter().zip(path).take_while(|(a, b)| a == b).count();
            varint(&mut index, before.len() - same);
            index.extend(&path[same..]);
            index.push(0);
        } else {
            index.extend(path);
            let length = index.len() - start;
            index.extend(vec![0; 8 - length % 8]);
        }
        before = path;
    }
    index.extend(vec![3; hash]);
    index
}

fn varint(index: &mut Vec<u8>, mut value: usize) {
    let mut bytes = vec![(value & 127) as u8];
    while value >= 128 {
        value = (value >> 7) - 1;
        bytes.push((value & 127) as u8 | 128);
    }
    index.extend(bytes.iter().rev());
}
