//! The classes of bytes the grammar tells apart.

/// True for white space: blanks, and every other control character but NUL.
/// (The reference page lists four of them.)
pub fn is_white_space(byte: u8) -> bool {
    matches!(byte, 1..=b' ')
}

/// The control character that a letter behind a backslash stands for, inside quotes; of
/// scripts, and of the files that `envfile` reads.
pub fn letter_escape(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        _ => return None,
    })
}
