//! The PATH that services start with, by version. What a script does to it is not seen here.
//!
//! Read in `layout/rootfs-overlay/init` at v3.0.0.2, v3.0.0.2-1, v3.1.0.0 and v3.2.3.2, in
//! `config/global_path` at v3.0.0.2, and in `builder/overlay-rootfs/etc/s6/init/env/PATH` from
//! v1.9.1.0 to v2.2.0.3.

use super::version::Version;

/// The file that set the PATH in 3.0.x, from the root of the image.
pub const GLOBAL_PATH: &str = "etc/s6-overlay/config/global_path";

/// What Docker sets where the image sets no PATH.
pub const DOCKER_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What the directories are taken from, so far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The PATH of the image (`ENV PATH=...`).
    pub image_path: Option<&'a [u8]>,
    /// The content of [`GLOBAL_PATH`], where the image has its own.
    pub global_path: Option<&'a [u8]>,
    /// Whether the container's environment was loaded by `with-contenv` or kept by
    /// `S6_KEEP_ENV`. It matters before 3.0.0.0 only: the PATH of the image comes with it.
    pub container_environment: bool,
}

/// Directories that programs are looked for in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePath {
    /// In the order of the search; an empty one is the working directory.
    pub directories: Vec<Vec<u8>>,
    /// Whether these are all. If not, that a program is in none of them means nothing.
    pub complete: bool,
}

/// The PATH of services under a version. Without a version it is the one of 3.1 and later,
/// and never complete.
pub fn service_path(version: Option<Version>, origin: Origin<'_>) -> ServicePath {
    match version {
        Some(version) if version < Version::V3 => match origin {
            Origin {
                container_environment: true,
                image_path,
                ..
            } => ServicePath {
                directories: split(image_path.unwrap_or(DOCKER_PATH.as_bytes())),
                complete: image_path.is_some(),
            },
            _ => ServicePath {
                directories: split(b"/usr/bin:/usr/sbin:/bin:/sbin"),
                complete: true,
            },
        },
        Some(version) if version < Version::INHERITED_PATH => {
            let content = origin.global_path.unwrap_or(b"/command:/usr/bin:/bin");
            let line = content.split(|&byte| byte == b'\n').next();
            ServicePath {
                directories: completed(line.unwrap_or_default().trim_ascii()),
                complete: true,
            }
        }
        _ => ServicePath {
            directories: completed(origin.image_path.unwrap_or(DOCKER_PATH.as_bytes())),
            complete: version.is_some() && origin.image_path.is_some(),
        },
    }
}

/// What `/init` of v3 does: it puts each of its directories that is missing in front.
fn completed(path: &[u8]) -> Vec<Vec<u8>> {
    let mut directories = split(if path.is_empty() { b"/bin" } else { path });
    for needed in [b"/bin".as_slice(), b"/usr/bin", b"/command"] {
        if !directories.iter().any(|directory| directory == needed) {
            directories.insert(0, needed.to_vec());
        }
    }
    directories
}

fn split(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|&byte| byte == b':')
        .map(<[u8]>::to_vec)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: Option<Version>, origin: Origin<'_>, expected: &str, complete: bool) {
        let path = service_path(version, origin);
        let joined = path.directories.join(b":".as_slice());
        assert_eq!(String::from_utf8_lossy(&joined), expected);
        assert_eq!(path.complete, complete);
    }

    #[test]
    fn version_2_knows_no_image_path_without_its_environment() {
        let mut origin = Origin {
            image_path: Some(b"/opt/bin:/bin"),
            ..Origin::default()
        };
        let version = Some(Version::new(2, 2, 0, 3));
        check(version, origin, "/usr/bin:/usr/sbin:/bin:/sbin", true);
        origin.container_environment = true;
        check(version, origin, "/opt/bin:/bin", true);
    }

    #[test]
    fn version_3_0_reads_its_file() {
        let version = Some(Version::new(3, 0, 0, 2));
        let image = Origin {
            image_path: Some(b"/opt/bin"),
            ..Origin::default()
        };
        check(version, image, "/command:/usr/bin:/bin", true);
        let file = Origin {
            global_path: Some(b"/opt/bin:/bin\nignored"),
            ..image
        };
        check(version, file, "/command:/usr/bin:/opt/bin:/bin", true);
    }

    #[test]
    fn later_versions_complete_the_path_of_the_image() {
        for version in [Some(Version::INHERITED_PATH), Some(Version::USER_BUNDLES)] {
            for (image_path, expected) in [
                ("/opt/bin", "/command:/usr/bin:/bin:/opt/bin"),
                ("/bin:/command", "/usr/bin:/bin:/command"),
                ("", "/command:/usr/bin:/bin"),
            ] {
                let origin = Origin {
                    image_path: Some(image_path.as_bytes()),
                    global_path: Some(b"/ignored"),
                    ..Origin::default()
                };
                check(version, origin, expected, true);
            }
        }
    }

    #[test]
    fn unknown_image_or_version_is_never_complete() {
        let docker = format!("/command:{DOCKER_PATH}");
        check(None, Origin::default(), &docker, false);
        check(Some(Version::USER2), Origin::default(), &docker, false);
    }
}
