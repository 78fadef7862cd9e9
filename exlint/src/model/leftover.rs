//! Names of files that nobody means to be executed: notes, and what editors and package
//! managers leave behind. Whether such a file is in the way is for the rules to say.

/// True for such a name.
pub fn is_leftover(name: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 12] = [
        b"~",
        b".bak",
        b".orig",
        b".rej",
        b".md",
        b".txt",
        b".rst",
        b".swp",
        b".example",
        b".disabled",
        b".rpmnew",
        b".dpkg-dist",
    ];
    const BEGINNINGS: [&[u8]; 3] = [b"README", b"LICENSE", b"Readme"];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}
