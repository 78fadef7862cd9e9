//! The users and groups of an image.

use crate::tree::{NodeId, Tree};
use std::collections::HashMap;

/// The users and groups that `/etc/passwd` and `/etc/group` have.
#[derive(Clone, Default, Debug)]
pub struct Accounts {
    /// Users by name: their number and that of their group.
    pub users: HashMap<Vec<u8>, (u32, u32)>,
    /// Groups by name: their number. `None` where there is no file.
    pub groups: Option<HashMap<Vec<u8>, u32>>,
    /// The file `passwd`.
    pub passwd: Option<NodeId>,
}

fn fields(line: &[u8]) -> Vec<&[u8]> {
    line.split(|&byte| byte == b':').collect()
}

fn number(field: Option<&&[u8]>) -> Option<u32> {
    std::str::from_utf8(field?).ok()?.parse().ok()
}

impl Accounts {
    /// Those of a tree; `None` where it has no `/etc/passwd`.
    pub fn read(tree: &Tree) -> Option<Accounts> {
        let passwd = tree.absolute(b"/etc/passwd").found()?;
        let text = tree.entry(passwd).bytes().ok()?;
        let users = text
            .split(|&byte| byte == b'\n')
            .map(fields)
            .filter_map(|fields| {
                let numbers = (number(fields.get(2))?, number(fields.get(3))?);
                Some((fields.first()?.to_vec(), numbers))
            })
            .collect();
        let groups = tree.absolute(b"/etc/group").found().and_then(|node| {
            let text = tree.entry(node).bytes().ok()?;
            let lines = text.split(|&byte| byte == b'\n').map(fields);
            let groups =
                lines.filter_map(|fields| Some((fields.first()?.to_vec(), number(fields.get(2))?)));
            Some(groups.collect())
        });
        Some(Accounts {
            users,
            groups,
            passwd: Some(passwd),
        })
    }
}
