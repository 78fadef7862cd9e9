//! The services of an image by name, and the names in the paths that scripts give to s6's and
//! s6-rc's programs. Which names are unknown is judged elsewhere.

use crate::model::{Model, Service};
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
