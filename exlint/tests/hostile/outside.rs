//! Nothing is opened but what was given: the kernel is asked which files of the directories
//! around were opened while the program ran.

use crate::plant::{Planted, Thing, file, link, program};
use crate::run::exlint;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use std::fs;
use std::path::Path;

/// What is opened in these directories while `work` is done, by name.
fn opened(directories: &[&Path], work: impl FnOnce()) -> Vec<String> {
    let watch = Inotify::init(InitFlags::IN_NONBLOCK).unwrap();
    for directory in directories {
        let flags = AddWatchFlags::IN_OPEN | AddWatchFlags::IN_ACCESS;
        watch.add_watch(*directory, flags).unwrap();
    }
    work();
    let mut names = Vec::new();
    while let Ok(events) = watch.read_events() {
        for event in events {
            let name = event.name.unwrap_or_default();
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    names.dedup();
    names
}

const SCRIPT: &str = "#!/command/execlineb -P\n/secret/program\n";

/// A tree whose links all lead out of it.
fn leading_out(outside: &str) -> Vec<(Vec<u8>, Thing)> {
    let to = |name: &str| link(&format!("{outside}/{name}"));
    let things = [
        ("etc/services.d/a/run", to("run")),
        ("etc/services.d/a/finish", to("run")),
        ("etc/services.d/b", to("service")),
        ("etc/services.d/c/run", program(SCRIPT)),
        ("etc/services.d/c/data", to("service")),
        ("etc/services.d/c/notification-fd", to("run")),
        ("etc/s6-overlay/s6-rc.d/a/type", to("type")),
        ("etc/s6-overlay/s6-rc.d/a/dependencies.d", to("service")),
        ("etc/s6-overlay/s6-rc.d/b/type", file("oneshot\n")),
        ("etc/s6-overlay/s6-rc.d/b/up", to("run")),
        ("etc/s6-overlay/s6-rc.d/c", to("service")),
        ("etc/s6-overlay/user-bundles.d", to("")),
        ("etc/cont-init.d", to("")),
        ("etc/passwd", to("run")),
        ("bin", to("")),
        ("usr/bin", to("")),
        ("Dockerfile", to("Dockerfile")),
        ("compose.yaml", to("Dockerfile")),
        ("package/admin", to("")),
    ];
    let things = things.into_iter();
    things.map(|(path, thing)| (path.into(), thing)).collect()
}

#[test]
fn no_link_leads_out_of_what_was_given() {
    let outside = tempfile::tempdir().unwrap();
    let absolute = outside.path().to_str().unwrap().to_owned();
    let name = outside
        .path()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let service = outside.path().join("service");
    fs::create_dir(&service).unwrap();
    for (name, text) in [
        ("run", SCRIPT),
        ("type", "longrun\n"),
        ("Dockerfile", "FROM a\n"),
    ] {
        fs::write(outside.path().join(name), text).unwrap();
        fs::write(service.join(name), text).unwrap();
    }
    fs::set_permissions(
        outside.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let up = "../".repeat(20);
    let temporary = absolute.trim_start_matches('/');
    for target in [
        absolute.clone(),
        format!("{up}{temporary}"),
        format!("/proc/self/root{absolute}"),
    ] {
        let planted = Planted::new(&leading_out(&target));
        for arguments in [
            &["given", "--format", "short"][..],
            &["given/etc", "--root", "given"],
            &["given/etc/services.d/c", "--base", "given"],
            &["given/etc/s6-overlay/s6-rc.d", "--modes", "git"],
            &["given", "--diff"],
            &["given", "--fix"],
        ] {
            let names = opened(&[outside.path(), &service], || {
                exlint(planted.around(), arguments);
            });
            assert!(names.is_empty(), "{name}: {arguments:?} opens {names:?}");
        }
    }
}

#[test]
fn beside_what_was_given_only_container_files_are_opened() {
    let planted = Planted::new(&[
        (b"etc/services.d/a/run".to_vec(), program(SCRIPT)),
        (
            b"etc/services.d/a/finish".to_vec(),
            link("../../../../private"),
        ),
    ]);
    let around = planted.around();
    for name in [
        "private",
        "Dockerfile",
        "compose.yaml",
        "run",
        "exlint.toml.old",
        "id_rsa",
    ] {
        fs::write(around.join(name), "services: {}\n").unwrap();
    }
    fs::create_dir(around.join("other")).unwrap();
    fs::write(around.join("other/Dockerfile"), "FROM a\n").unwrap();
    let other = around.join("other");
    let names = opened(&[around, &other], || {
        exlint(around, &["given"]);
    });
    // Empty names and `given` are the directories themselves, which are listed.
    let others: Vec<_> = names
        .iter()
        .filter(|name| !["", "given", "Dockerfile", "compose.yaml"].contains(&name.as_str()))
        .collect();
    assert!(others.is_empty(), "{others:?} of {names:?}");
    assert!(names.iter().any(|name| name == "Dockerfile"), "{names:?}");
}
