//! What a finding is recognized by in the next run, though lines above it came or went.
//! Nothing secret hangs on it; it only has to differ.

use super::Places;
use crate::finding::Finding;
use std::collections::HashMap;

/// Gives fingerprints to the findings of one report, in its order.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u128, usize>,
}

/// FNV-1a with 128 bits.
struct Hash(u128);

impl Hash {
    fn new() -> Hash {
        Hash(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds a part; its length keeps parts apart.
    fn add(&mut self, part: &[u8]) {
        let length = (part.len() as u64).to_le_bytes();
        for &byte in length.iter().chain(part) {
            self.0 ^= u128::from(byte);
            self.0 = self
                .0
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

impl Fingerprints {
    /// The rule, the path, the message and the text of the line; the second of two alike is
    /// told from the first by being the second.
    pub(super) fn of(&mut self, finding: &Finding, places: &mut Places) -> String {
        let mut hash = Hash::new();
        hash.add(finding.rule.as_bytes());
        hash.add(&finding.path);
        hash.add(finding.message.as_bytes());
        let lines = finding.span.as_ref().zip(places.lines(&finding.path));
        if let Some((span, lines)) = lines {
            let line = lines.line(lines.line_of(span.start));
            let text = lines.text().get(line).unwrap_or_default();
            hash.add(text.trim_ascii());
        }
        let times = self.seen.entry(hash.0).or_default();
        *times += 1;
        if *times > 1 {
            hash.add(&(*times as u64).to_le_bytes());
        }
        format!("{:032x}", hash.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use std::sync::Arc;

    fn prints(text: &str, starts: &[usize]) -> Vec<String> {
        let text: Arc<[u8]> = Arc::from(text.as_bytes());
        let texts = |_: &[u8]| Some(text.clone());
        let mut places = Places::new(&texts);
        let mut fingerprints = Fingerprints::default();
        (starts.iter())
            .map(|&start| {
                let mut finding = sample::finding("unbound-key", b"run");
                finding.span = Some(start..start + 1);
                fingerprints.of(&finding, &mut places)
            })
            .collect()
    }

    #[test]
    fn fingerprints_survive_shifted_lines_and_indentation() {
        let before = prints("a\nb\nb\n", &[0, 2, 4]);
        assert_eq!(before, prints("# new\n\na\n  b\nb\n", &[7, 11, 13]));
        assert_ne!(before[1], before[2]);
        assert_ne!(before[0], before[1]);
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        let mut hash = Hash::new();
        hash.add(b"");
        // Eight bytes of length, all zero: eight multiplications.
        let prime: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let expected = (0..8).fold(Hash::new().0, |hash, _| hash.wrapping_mul(prime));
        assert_eq!(hash.0, expected);
    }
}
