//! What Dockerfiles and compose files beside an image say of it, as several rules ask. A file
//! that could not be read whole is passed over: what it does not say means nothing.

use super::{ContainerFile, Model};
use crate::container::{self, CommandLine, Container, Kind, Value};
use std::ops::Range;

/// The Dockerfiles that could be read whole.
pub fn dockerfiles<'m>(
    model: &'m Model<'_>,
) -> impl Iterator<Item = (&'m ContainerFile, &'m Container)> {
    described(model).filter(|(_, container)| container.kind == Kind::Dockerfile)
}

/// All containers of files that could be read whole.
pub fn described<'m>(
    model: &'m Model<'_>,
) -> impl Iterator<Item = (&'m ContainerFile, &'m Container)> {
    let all = model.containers.iter().flat_map(|file| {
        let containers = file.containers.iter();
        containers.map(move |container| (file, container))
    });
    all.filter(|(_, container)| container.problems.is_empty())
}

/// The services of compose files that run the image beside which they stand.
pub fn own_services<'m>(
    model: &'m Model<'_>,
) -> impl Iterator<Item = (&'m ContainerFile, &'m Container)> {
    described(model).filter(|(_, container)| {
        let context = container.build.as_ref().map(|build| &build.value.context);
        container.kind == Kind::Compose
            && context.is_some_and(|context| match context {
                None => true,
                Some(context) => matches!(context.value.decided(), Some(b"." | b"./")),
            })
    })
}

/// True where the Dockerfile unpacks s6-overlay itself: then the image that it builds on has none,
/// and none of its settings.
pub fn installs_overlay(container: &Container) -> bool {
    !container::overlay_tarballs(container).is_empty()
}

/// True where any container's environment says something of this variable, or may do so.
pub fn may_be_set(model: &Model<'_>, name: &[u8]) -> bool {
    let mut all = model.all_containers();
    all.any(|container| {
        container.variable(name).is_some() || !container.environment_files.is_empty()
    })
}

/// A variable as the Dockerfile or a compose file sets it, where that is decided.
pub fn setting<'m>(model: &'m Model<'_>, name: &[u8]) -> Option<&'m [u8]> {
    let mut all = model.all_containers();
    all.find_map(|container| container.variable(name)?.value.1.decided())
}

/// A user other than root.
#[derive(Clone, Debug)]
pub struct User {
    /// As written, without the group.
    pub name: Vec<u8>,
    /// Its number, where that is known.
    pub uid: Option<u32>,
    /// Its group's number, where that is known.
    pub gid: Option<u32>,
    /// Where the file says it.
    pub span: Range<usize>,
}

/// The user that the image runs as, where a Dockerfile says it, and it is not root; `None` also
/// where a compose file runs it as root.
pub fn user(model: &Model<'_>, container: &Container) -> Option<User> {
    let is_root = |value: &Value| {
        let name = value.text().split(|&byte| byte == b':').next();
        matches!(name, Some(b"root" | b"0" | b""))
    };
    let overridden = own_services(model).any(|(_, service)| {
        let user = service.user.as_ref();
        user.is_some_and(|user| is_root(&user.value))
    });
    let fact = container.user.as_ref().filter(|_| !overridden)?;
    let text = fact.value.decided()?;
    let mut parts = text.splitn(2, |&byte| byte == b':');
    let name = parts.next().unwrap_or_default().to_vec();
    let group = parts.next();
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u32>().ok();
    let account = model.accounts.as_ref();
    let named = account.and_then(|accounts| accounts.users.get(&name).copied());
    let uid = number(&name).or(named.map(|(uid, _)| uid));
    let gid = match group {
        Some(group) => number(group).or_else(|| {
            let groups = account?.groups.as_ref()?;
            groups.get(group).copied()
        }),
        // A number without an account has the group 0.
        None => named.map(|(_, gid)| gid).or(number(&name).map(|_| 0)),
    };
    if is_root(&fact.value) || uid == Some(0) {
        return None;
    }
    Some(User {
        name,
        uid,
        gid,
        span: fact.span.clone(),
    })
}

/// The words of a command line that is one of words.
pub fn words(line: &CommandLine) -> Option<&[Vec<u8>]> {
    match line {
        CommandLine::Exec(words) => Some(words),
        CommandLine::Shell(_) | CommandLine::Unknown(_) => None,
    }
}

/// True where the image runs s6-overlay's `/init` and nothing before it, as far as this says.
pub fn starts_init(container: &Container) -> bool {
    let words = |fact: &Option<crate::container::Fact<CommandLine>>| {
        let fact = fact.as_ref()?;
        words(&fact.value).map(<[Vec<u8>]>::to_vec)
    };
    match words(&container.entrypoint) {
        Some(words) if !words.is_empty() => words.first().is_some_and(|word| word == b"/init"),
        Some(_) => words(&container.command)
            .is_some_and(|words| words.first().is_some_and(|w| w == b"/init")),
        None => false,
    }
}
