//! Links the runtime program, and only that, without libc: one static file that starts in
//! `_start` and lies in memory as src/bin/execline/link.ld says.

use std::path::PathBuf;

/// What the libc crate asks the linker for, though the program takes only types and numbers
/// from it.
const UNUSED: [&str; 4] = ["c", "m", "rt", "pthread"];

/// An archive without members.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    // Found before the real ones: a shared library among the inputs, even one that nothing
    // is taken from, would give the file a dynamic section.
    let empty = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("empty");
    std::fs::create_dir_all(&empty)?;
    for name in UNUSED {
        std::fs::write(empty.join(format!("lib{name}.a")), EMPTY_ARCHIVE)?;
    }
    let search = format!("-L{}", empty.display());
    let script = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("src/bin/execline/link.ld");
    println!("cargo:rerun-if-changed={}", script.display());
    let script = format!("-Wl,-T,{}", script.display());
    // How much stands before the window that link.ld speaks of.
    let is_small = std::env::var("OPT_LEVEL").is_ok_and(|level| level != "0");
    let before = if is_small { 0x2000 } else { 0x80000 };
    let beginning = format!("-Wl,--defsym=beginning={:#x}", 0x200000 - before);
    for argument in [
        search.as_str(),
        script.as_str(),
        beginning.as_str(),
        "-nostartfiles",
        "-nostdlib",
        "-static",
        "-no-pie",
        "-Wl,--build-id=none",
        "-Wl,-z,norelro",
        "-Wl,--no-eh-frame-hdr",
    ] {
        println!("cargo:rustc-link-arg-bin=execline={argument}");
    }
    Ok(())
}
