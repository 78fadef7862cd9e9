//! What `undefined-dependency` and `undefined-content` have in common: a name that nothing in
//! the database defines.

use super::names::{at_entry, nearest, shown};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Database, Model, NameEntry, PieceKind};

/// Reports the names in a list that are defined nowhere. Where sources may be missing from the
/// picture, only such are reported that look like a slip.
pub fn report(
    model: &Model<'_>,
    database: &Database,
    entries: &[NameEntry],
    what: &str,
    findings: &mut Findings<'_>,
) {
    for entry in entries {
        if database.defines(&entry.name) {
            continue;
        }
        let name = shown(&entry.name);
        let trimmed = entry.name.trim_ascii_end();
        if trimmed.len() < entry.name.len() {
            let (message, help) = if entry.span.is_some() {
                (
                    format!(
                        "{what} `{name}` is defined nowhere: what follows a name on its line is part of it"
                    ),
                    "end the line behind the name, with a newline alone",
                )
            } else {
                (
                    format!("{what} `{name}` is defined nowhere: its name ends with a blank"),
                    "rename the file",
                )
            };
            at_entry(findings, entry, message).help(help);
            continue;
        }
        if database.is_closed {
            let near = nearest(&entry.name, &database.nodes, |_, _| true);
            let help = match near {
                Some(near) => format!("`{}` is defined: is it meant?", shown(near)),
                None => format!(
                    "define `{name}`, or remove it here: s6-rc-compile refuses the whole \
                     database, and no service starts"
                ),
            };
            at_entry(
                findings,
                entry,
                format!("{what} `{name}` is defined nowhere"),
            )
            .help(help);
        } else if let Some(near) = near_definition(database, &entry.name) {
            at_entry(
                findings,
                entry,
                format!(
                    "{what} `{name}` is not defined here, but `{}` is",
                    shown(near)
                ),
            )
            .level(if database.is_overlay {
                Level::Warning
            } else {
                Level::Note
            })
            .help(format!(
                "write `{}` if that is meant; otherwise {} must define `{name}`",
                shown(near),
                if database.is_overlay {
                    "a lower layer"
                } else {
                    "another source directory"
                }
            ));
        } else if database.is_overlay && is_all(model) {
            at_entry(
                findings,
                entry,
                format!("{what} `{name}` is defined neither here nor in s6-overlay"),
            )
            .level(Level::Warning)
            .help(format!("define `{name}`, or remove it here"));
        }
    }
}

/// True where the file beside the image installs s6-overlay, so that no lower layer can have
/// services of it, and copies no more than one directory to where services are.
fn is_all(model: &Model<'_>) -> bool {
    model.kind == PieceKind::Root
        && model.containers.iter().any(|file| {
            let copies = file.containers.iter().flat_map(|found| &found.copies);
            let to_services = copies.filter(|copy| {
                let target = copy.value.destination.text();
                let is_place = target == b"/" || target.starts_with(b"/etc");
                copy.value.in_image && !copy.value.add && is_place
            });
            file.overlay_version.is_some() && to_services.count() <= 1
        })
}

/// In a layer a name may be one of a lower layer, however near to another one it is; only what
/// nobody would name so beside the other is taken for a slip.
fn near_definition<'d>(database: &'d Database, name: &[u8]) -> Option<&'d [u8]> {
    nearest(name, &database.nodes, |known, node| {
        let is_own = !node.definitions.is_empty() && node.kind.is_some();
        is_own && !differ_by_number(known, name)
    })
}

/// `web-1` and `web-2`, `user` and `user2` are names beside each other.
fn differ_by_number(left: &[u8], right: &[u8]) -> bool {
    let letters = |name: &[u8]| -> Vec<u8> {
        let letters = name.iter().filter(|byte| !byte.is_ascii_digit());
        letters.copied().collect()
    };
    letters(left) == letters(right)
}
