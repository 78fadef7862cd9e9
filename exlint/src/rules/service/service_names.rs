//! The services of an image by name, and the names in the paths that scripts give to s6's and
//! s6-rc's programs. Which names are unknown is judged elsewhere.

use crate::model::{Model, Role, Script, Service, process};
use std::collections::HashMap;

/// The services that have a directory in `/run/service` once all are up.
#[derive(Debug)]
pub struct ServiceNames<'m> {
    live: HashMap<&'m [u8], &'m Service>,
}

impl<'m> ServiceNames<'m> {
    /// Those of an image.
    pub fn of(model: &'m Model<'_>) -> ServiceNames<'m> {
        let services = model.services.iter();
        ServiceNames {
            live: services.map(|service| (&*service.name, service)).collect(),
        }
    }

    /// The service of a name; a logger's is `NAME/log`.
    pub fn service(&self, name: &[u8]) -> Option<&'m Service> {
        self.live.get(name).copied()
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &'m [u8]> {
        self.live.keys().copied()
    }
}

/// Where services are while the container runs.
const LIVE: [&[u8]; 6] = [
    b"/run/service/",
    b"/run/s6/legacy-services/",
    b"/run/s6-rc/servicedirs/",
    b"/run/s6/services/",
    b"/var/run/s6/services/",
    b"/var/run/service/",
];

/// The name of a service in a path to its directory at run time: `web`, `web/log`.
pub fn live(path: &[u8]) -> Option<&[u8]> {
    let name = LIVE.iter().find_map(|place| path.strip_prefix(*place))?;
    let name = name.strip_suffix(b"/").unwrap_or(name);
    let is_name = !name.is_empty()
        && !name.starts_with(b".")
        && !name.iter().any(|byte| b"$*?[{".contains(byte))
        && (!name.contains(&b'/') || name.ends_with(b"/log"));
    is_name.then_some(name)
}

/// The name of a service beside the one that a script is of: `../web`. A script that goes to
/// other directories may mean anything.
pub fn beside<'w>(model: &Model<'_>, script: &Script, path: &'w [u8]) -> Option<&'w [u8]> {
    let is_of_service = matches!(script.role, Role::Run | Role::Finish | Role::Check);
    let service = model.service_of(script).filter(|_| is_of_service)?;
    let name = path.strip_prefix(b"../")?;
    let name = name.strip_suffix(b"/").unwrap_or(name);
    let is_name = !name.is_empty()
        && !name.starts_with(b".")
        && !name.iter().any(|byte| b"$*?[{/".contains(byte));
    (is_name && service.logged.is_none() && !process::mentions(script, b"cd ")).then_some(name)
}
