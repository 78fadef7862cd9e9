//! Dockerfiles, compose files, add-ons and apko's images are read, whatever they hold, and what
//! is said of them lies in their text. The input is such a file.

use exlint::container::{self, Container, Kind};

pub fn dockerfile_is_read(text: &[u8]) {
    for container in container::read(Kind::Dockerfile, text) {
        lies_inside(&container, text);
        let _ = container::overlay_tarballs(&container);
        let _ = container::overlay_version(&container);
    }
    let _ = container::recognise(b"x.Dockerfile", text);
}

pub fn yaml_is_read(text: &[u8]) {
    for kind in [Kind::Compose, Kind::HomeAssistant, Kind::Apko] {
        for container in container::read(kind, text) {
            lies_inside(&container, text);
        }
    }
    for name in ["compose.yaml", "config.yaml", "apko.yaml", "config.json"] {
        let _ = container::recognise(name.as_bytes(), text);
    }
}

fn lies_inside(container: &Container, text: &[u8]) {
    let spans = container.problems.iter().map(|it| &it.span);
    let spans = spans
        .chain(container.environment.iter().map(|it| &it.span))
        .chain(container.environment_files.iter().map(|it| &it.span))
        .chain(container.arguments.iter().map(|it| &it.span))
        .chain(container.tmpfs.iter().map(|it| &it.span))
        .chain(container.copies.iter().map(|it| &it.span))
        .chain(container.runs.iter().map(|it| &it.span))
        .chain(container.architectures.iter().map(|it| &it.span))
        .chain(container.name.iter().map(|it| &it.span))
        .chain(container.user.iter().map(|it| &it.span))
        .chain(container.entrypoint.iter().map(|it| &it.span))
        .chain(container.command.iter().map(|it| &it.span))
        .chain(container.healthcheck.iter().map(|it| &it.span))
        .chain(container.stop_signal.iter().map(|it| &it.span))
        .chain(container.workdir.iter().map(|it| &it.span))
        .chain(container.from.iter().map(|it| &it.span))
        .chain(container.build.iter().map(|it| &it.span))
        .chain(container.init.iter().map(|it| &it.span))
        .chain(container.read_only.iter().map(|it| &it.span));
    for span in spans {
        assert!(
            text.get(span.clone()).is_some(),
            "{span:?} of {}",
            text.len()
        );
    }
}
