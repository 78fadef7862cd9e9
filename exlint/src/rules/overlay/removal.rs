//! Whether the s6-overlay of an image still has what is out of use.

use crate::model::Model;
use crate::overlay::Version;
use crate::overlay::paths::Outdated;

/// Whether it is gone; `None` where that depends on a version that is not known. Where only the
/// generation is known, what left with 3.0.0.0 is gone.
pub fn is_gone(model: &Model<'_>, outdated: &Outdated) -> Option<bool> {
    match (model.overlay.version, model.overlay.generation) {
        (Some(version), _) => outdated.is_gone(Some(version)),
        (None, Some(3)) if outdated.gone <= Version::V3 => Some(true),
        (None, Some(2)) => Some(false),
        _ => None,
    }
}
