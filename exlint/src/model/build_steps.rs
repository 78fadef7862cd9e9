//! What the steps of a build change in files after they were copied from the tree that is
//! looked at, as far as the files beside the root say.

use super::Model;
use crate::bytes::contains;
use crate::container::{Container, Kind, Tarball, overlay_tarballs};

impl Model<'_> {
    /// True where modes are set when the image is built or when it starts, so that those of
    /// the tree need not be the ones that count.
    pub fn sets_modes(&self) -> bool {
        let mut containers = self.all_containers();
        let in_build = containers.any(|container| {
            let copies = container.copies.iter().any(|copy| {
                copy.value.in_image && copy.value.chmod.is_some() && copy.value.from.is_none()
            });
            let runs = container.runs.iter().any(|run| {
                run.value.in_image
                    && contains(&run.value.expanded, b"chmod")
                    && [
                        &b"/etc"[..],
                        b" etc",
                        b"s6",
                        b"services.d",
                        b"cont-",
                        b"find",
                    ]
                    .iter()
                    .any(|place| contains(&run.value.expanded, place))
            });
            copies || runs || is_put_on_other(container)
        });
        in_build || self.hooks.iter().any(|&hooks| self.repairs_modes(hooks))
    }

    /// True where the image is built with s6-overlay's links in `/usr/bin`: from their archives,
    /// or with links of its own.
    pub fn unpacks_links(&self) -> bool {
        let mut containers = self.all_containers();
        containers.any(|container| {
            let tarballs = overlay_tarballs(container);
            let mut runs = container.runs.iter().map(|run| &run.value.expanded);
            tarballs
                .iter()
                .any(|fact| matches!(fact.value, Tarball::SymlinksNoarch | Tarball::SymlinksArch))
                || runs.any(|text| {
                    contains(text, b"symlinks")
                        || contains(text, b"ln -s") && contains(text, b"/command")
                })
        })
    }

    /// True for a directory `fix-attrs.d` whose files are about `/etc`.
    fn repairs_modes(&self, hooks: crate::tree::NodeId) -> bool {
        self.tree.name(hooks) == b"fix-attrs.d"
            && self.tree.children(hooks).iter().any(|&file| {
                let text = self.tree.entry(file).bytes();
                text.is_ok_and(|text| contains(text, b"/etc"))
            })
    }
}

/// True where the tree goes onto an image that this file does not show, or onto one whose
/// start makes hooks and services executable.
fn is_put_on_other(container: &Container) -> bool {
    let from = container.from.as_ref().map(|from| from.value.text());
    let runs = || container.runs.iter().any(|run| run.value.in_image);
    container.kind == Kind::Dockerfile
        && from.is_some_and(|from| from == b"scratch" && !runs() || contains(from, b"linuxserver/"))
}
