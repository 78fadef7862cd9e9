//! The processors that s6-overlay is built for: names of tarballs, platforms of images, the
//! marks in an ELF header. Nothing is unpacked or executed.
//!
//! Read in `conf/toolchains` and `Makefile` from v3.0.0.0 to v3.2.3.2 (s390x from 3.0.0.1,
//! powerpc64 from 3.1.4.0), in the README's table of platforms at v3.2.3.2, and for 2.x in
//! `builder/build-latest` at v2.2.0.3. Machine numbers are those of the ELF specification.

use super::version::{Lifetime, Version};

/// A processor architecture with binaries of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Architecture {
    /// Its name in `s6-overlay-NAME.tar.xz` of v3.
    pub tarball: &'static str,
    /// Its name in `s6-overlay-NAME.tar.gz` of v2, where there was one.
    pub legacy_tarball: Option<&'static str>,
    /// The platform of Docker that it is for, without `linux/`.
    pub platform: &'static str,
    /// `e_machine` of its binaries.
    pub machine: u16,
    /// Whether its binaries are of the 64-bit class.
    pub wide: bool,
    /// Whether its binaries have the most significant byte first.
    pub big_endian: bool,
    /// The versions of v3 that have a tarball for it.
    pub lifetime: Lifetime,
}

/// Every architecture of v3. `i486` comes after `i686`, which the README prefers.
pub const ARCHITECTURES: &[Architecture] = &[
    little("x86_64", Some("amd64"), "amd64", 62, true),
    little("aarch64", Some("aarch64"), "arm64", 183, true),
    little("arm", Some("arm"), "arm/v7", 40, false),
    little("armhf", Some("armhf"), "arm/v6", 40, false),
    little("i686", None, "386", 3, false),
    little("i486", Some("x86"), "386", 3, false),
    little("riscv64", None, "riscv64", 243, true),
    Architecture {
        big_endian: true,
        lifetime: Lifetime::since(Version::new(3, 0, 0, 1)),
        ..little("s390x", None, "s390x", 22, true)
    },
    Architecture {
        big_endian: true,
        lifetime: Lifetime::since(Version::new(3, 1, 4, 0)),
        ..little("powerpc64", None, "ppc64", 21, true)
    },
    Architecture {
        lifetime: Lifetime::since(Version::new(3, 1, 4, 0)),
        ..little("powerpc64le", Some("ppc64le"), "ppc64le", 21, true)
    },
];

/// Other names that people give to platforms and that the tarballs do not have.
const ALIASES: &[(&str, &str)] = &[
    ("x86-64", "x86_64"),
    ("amd64", "x86_64"),
    ("x64", "x86_64"),
    ("arm64", "aarch64"),
    ("arm64/v8", "aarch64"),
    ("arm/v8", "arm"),
    ("armv7l", "arm"),
    ("armv7", "arm"),
    ("arm/v5", "armhf"),
    ("armv6l", "armhf"),
    ("armv6", "armhf"),
    ("i386", "i686"),
    ("386", "i686"),
    ("x86", "i686"),
    ("ppc64le", "powerpc64le"),
    ("ppc64", "powerpc64"),
];

/// The architecture of a tarball's name in v3.
pub fn of_tarball(name: &[u8]) -> Option<&'static Architecture> {
    ARCHITECTURES
        .iter()
        .find(|architecture| architecture.tarball.as_bytes() == name)
}

/// The architecture for a platform, as Docker or `uname -m` call it, or with a tarball's name.
/// A leading `linux/` is passed over.
pub fn of_platform(platform: &[u8]) -> Option<&'static Architecture> {
    let platform = platform.strip_prefix(b"linux/").unwrap_or(platform);
    let alias = ALIASES
        .iter()
        .find(|(name, _)| name.as_bytes() == platform)
        .map_or(platform, |(_, tarball)| tarball.as_bytes());
    of_tarball(alias).or_else(|| {
        ARCHITECTURES
            .iter()
            .find(|architecture| architecture.platform.as_bytes() == platform)
    })
}

/// What the head of an ELF file says about its processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElfHeader {
    /// `e_machine`.
    pub machine: u16,
    /// Whether the file is of the 64-bit class.
    pub wide: bool,
    /// Whether the most significant byte comes first.
    pub big_endian: bool,
}

impl ElfHeader {
    /// Reads the first 20 bytes of a file; nothing if it is no ELF file.
    pub fn read(content: &[u8]) -> Option<ElfHeader> {
        let rest = content.strip_prefix(b"\x7fELF")?;
        let (wide, big_endian) = match rest {
            [class @ 1..=2, data @ 1..=2, ..] => (*class == 2, *data == 2),
            _ => return None,
        };
        let machine: [u8; 2] = content.get(18..20)?.try_into().ok()?;
        Some(ElfHeader {
            machine: if big_endian {
                u16::from_be_bytes(machine)
            } else {
                u16::from_le_bytes(machine)
            },
            wide,
            big_endian,
        })
    }

    /// Whether the file is of `architecture`. The two kinds of `arm` do not differ here.
    pub fn is_of(self, architecture: &Architecture) -> bool {
        (self.machine, self.wide, self.big_endian)
            == (
                architecture.machine,
                architecture.wide,
                architecture.big_endian,
            )
    }

    /// Whether the file can run on a machine of `architecture`: it is of it, or of the 32-bit
    /// architecture that such machines usually run too.
    pub fn runs_on(self, architecture: &Architecture) -> bool {
        let older = match architecture.tarball {
            "x86_64" => of_tarball(b"i686"),
            "aarch64" => of_tarball(b"arm"),
            _ => None,
        };
        self.is_of(architecture) || older.is_some_and(|older| self.is_of(older))
    }

    /// The names of the tarballs that have such binaries.
    pub fn tarballs(self) -> Vec<&'static str> {
        ARCHITECTURES
            .iter()
            .filter(|architecture| self.is_of(architecture))
            .map(|architecture| architecture.tarball)
            .collect()
    }
}

const fn little(
    tarball: &'static str,
    legacy_tarball: Option<&'static str>,
    platform: &'static str,
    machine: u16,
    wide: bool,
) -> Architecture {
    Architecture {
        tarball,
        legacy_tarball,
        platform,
        machine,
        wide,
        big_endian: false,
        lifetime: Lifetime::since(Version::V3),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn platforms_find_their_tarball() {
        for (platform, expected) in [
            ("linux/amd64", Some("x86_64")),
            ("amd64", Some("x86_64")),
            ("linux/arm64/v8", Some("aarch64")),
            ("linux/arm/v7", Some("arm")),
            ("linux/arm/v6", Some("armhf")),
            ("386", Some("i686")),
            ("i486", Some("i486")),
            ("linux/ppc64le", Some("powerpc64le")),
            ("s390x", Some("s390x")),
            ("armv7l", Some("arm")),
            ("wasm", None),
            ("${TARGETARCH}", None),
        ] {
            let found = of_platform(platform.as_bytes()).map(|found| found.tarball);
            assert_eq!(found, expected, "{platform}");
        }
    }

    #[test]
    fn aliases_name_tarballs() {
        for (alias, tarball) in ALIASES {
            assert!(of_tarball(tarball.as_bytes()).is_some(), "{alias}");
            assert!(of_tarball(alias.as_bytes()).is_none(), "{alias}");
        }
    }

    fn header(class: u8, data: u8, machine: [u8; 2]) -> Vec<u8> {
        let mut bytes = b"\x7fELF".to_vec();
        bytes.extend([class, data, 1]);
        bytes.resize(18, 0);
        bytes.extend(machine);
        bytes
    }

    #[test]
    fn header_tells_the_tarballs() {
        for (class, data, machine, expected) in [
            (2, 1, [62, 0], vec!["x86_64"]),
            (1, 1, [3, 0], vec!["i686", "i486"]),
            (1, 1, [40, 0], vec!["arm", "armhf"]),
            (2, 2, [0, 22], vec!["s390x"]),
            (2, 2, [0, 21], vec!["powerpc64"]),
            (2, 1, [21, 0], vec!["powerpc64le"]),
            (2, 1, [8, 0], vec![]),
        ] {
            let header = ElfHeader::read(&header(class, data, machine));
            assert_eq!(header.map(ElfHeader::tarballs), Some(expected));
        }
    }

    #[test]
    fn other_files_have_no_header() {
        for content in [
            b"#!/bin/sh\n".as_slice(),
            b"",
            b"\x7fELF",
            b"\x7fELF\x02\x01\x01",
            b"\x7fELF\x09\x01\x01\0\0\0\0\0\0\0\0\0\0\0\x3e\0",
        ] {
            assert_eq!(ElfHeader::read(content), None);
        }
    }

    #[test]
    fn narrow_binaries_run_on_the_wide_processor() {
        let x86 = ElfHeader::read(&header(1, 1, [3, 0])).expect("an ELF header");
        for (tarball, expected) in [("x86_64", true), ("i686", true), ("aarch64", false)] {
            let architecture = of_tarball(tarball.as_bytes()).expect("a tarball");
            assert_eq!(x86.runs_on(architecture), expected, "{tarball}");
        }
    }
}
