//! `unknown-account`: a program is to run as a user that is not there, or that is named in a
//! way its loader does not take. Users that a script may make at boot are not missed.

use crate::bytes::{base_name, contains};
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Accounts, Model, Script, process};
use crate::rule::{Group, Rule};
use crate::script::Invocation;

/// The rule.
pub const RULE: Rule = Rule::new(
    "unknown-account",
    Group::Service,
    Level::Error,
    "a program is to run as a user that cannot be found",
)
.why(
    "s6-setuidgid looks a name up in /etc/passwd and exits 1 if it is not there: the program is \
     never started. With a colon in it, the word is not looked up at all: it must be two \
     numbers, uid:gid, and app:app is answered with a usage message and exit code 100. The \
     same is true of the numbers that s6-applyuidgid wants behind -u, -g and -G.",
)
.samples(
    "== run 0755\n#!/command/execlineb -P\ns6-setuidgid app:app\nweb\n",
    "== run 0755\n#!/command/execlineb -P\ns6-setuidgid app\nweb\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let is_named = |script: &&Script| {
        [&b"uidgid"[..], b"su-exec", b"gosu"]
            .iter()
            .any(|name| process::mentions(script, name))
    };
    let mut scripts = model.scripts.iter().filter(is_named).peekable();
    if scripts.peek().is_none() {
        return;
    }
    let accounts = model.accounts.as_ref().filter(|_| model.tree.is_complete);
    let accounts = accounts.filter(|_| !makes_users(model));
    for script in scripts {
        for line in process::command_lines(model, script) {
            for visit in line.chain.visits() {
                judge(script, visit.invocation, accounts, findings);
            }
        }
    }
}

/// True where some script may add users at boot, or what builds the image adds them.
fn makes_users(model: &Model<'_>) -> bool {
    const MAKERS: [&[u8]; 6] = [
        b"adduser",
        b"useradd",
        b"usermod",
        b"newusers",
        b"/etc/passwd",
        b"systemd-sysusers",
    ];
    // A script that is not read here may do it too, if one that is runs it.
    let is_built = model
        .containers
        .iter()
        .any(|file| MAKERS.iter().any(|maker| contains(&file.text, maker)));
    is_built
        || model
            .scripts
            .iter()
            .any(|script| MAKERS.iter().any(|maker| process::mentions(script, maker)))
}

fn judge(
    script: &Script,
    invocation: &Invocation,
    accounts: Option<&Accounts>,
    findings: &mut Findings<'_>,
) {
    let name = invocation.name();
    let words = process::words(script, invocation);
    if name == b"s6-applyuidgid" {
        let mut words = words.iter();
        while let Some((word, _)) = words.next() {
            if !matches!(&**word, b"-u" | b"-g" | b"-G") {
                if word.starts_with(b"-") {
                    continue;
                }
                return;
            }
            if let Some((value, span)) = words.next()
                && value.iter().any(u8::is_ascii_alphabetic)
                && !value.contains(&b'$')
            {
                let value = String::from_utf8_lossy(value).into_owned();
                let option = String::from_utf8_lossy(word).into_owned();
                findings
                    .script(
                        script,
                        span.clone(),
                        format!("`s6-applyuidgid {option}` takes numbers, not the name `{value}`"),
                    )
                    .help(format!(
                        "write the number, or `s6-envuidgid {value} s6-applyuidgid -U`"
                    ));
            }
        }
        return;
    }
    let takes_numbers = matches!(name, b"su-exec" | b"gosu");
    if !matches!(name, b"s6-setuidgid" | b"s6-envuidgid") && !takes_numbers {
        return;
    }
    let Some((account, span)) = words.first() else {
        return;
    };
    let is_plain = !account.is_empty() && !account.starts_with(b"-") && !account.contains(&b'$');
    if !is_plain {
        return;
    }
    let shown = String::from_utf8_lossy(account).into_owned();
    let mut parts = account.splitn(2, |&byte| byte == b':');
    let user = parts.next().unwrap_or_default();
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if let Some(group) = parts.next()
        && name == b"s6-setuidgid"
    {
        if !is_number(user) || !is_number(group) {
            findings
                .script(
                    script,
                    span.clone(),
                    format!("`s6-setuidgid` takes a name or two numbers, not `{shown}`"),
                )
                .help(format!(
                    "write `s6-setuidgid {}`, which sets the user's groups too",
                    String::from_utf8_lossy(user)
                ));
        }
        return;
    }
    let Some(accounts) = accounts else {
        return;
    };
    // A number is a name like any other to these, but not to su-exec and gosu.
    let is_known = accounts.users.contains_key(user) || takes_numbers && is_number(user);
    if is_known || user.is_empty() {
        return;
    }
    let program = String::from_utf8_lossy(base_name(name)).into_owned();
    let message = format!(
        "there is no user `{}` in the image",
        String::from_utf8_lossy(user)
    );
    let help = if is_number(user) && name == b"s6-setuidgid" {
        format!(
            "`{program}` looks the number up as a name; write `{shown}:{shown}` for uid and gid"
        )
    } else {
        "make the user when the image is built, or name one that is there".to_owned()
    };
    let found = findings.script(script, span.clone(), message).help(help);
    if let Some(passwd) = accounts.passwd {
        found.related(passwd, None, "these are the users");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn check(root: &str, chain: &str, expected: &[&str]) {
        let text =
            format!("== etc/services.d/web/run 0755\n#!/command/execlineb -P\n{chain}\n{root}");
        sampling::check(&RULE, &text, expected);
    }

    const ROOT: &str = "== etc/passwd\nroot:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n\
                        == bin/sh 0755\n";

    #[test]
    fn names_with_a_colon_never_work() {
        let found = "etc/services.d/web/run:2: error: `s6-setuidgid` takes a name or two numbers";
        check("", "s6-setuidgid app:app web", &[found]);
        check("", "s6-setuidgid 1000:app web", &[found]);
        check("", "s6-setuidgid 1000:1000 web", &[]);
        check("", "s6-setuidgid $user:app web", &[]);
        check("", "gosu app:app web", &[]);
        check("", "s6-envuidgid -B app:app web", &[]);
    }

    #[test]
    fn s6_applyuidgid_takes_numbers() {
        let found = "etc/services.d/web/run:2: error: `s6-applyuidgid -u` takes numbers";
        check("", "s6-applyuidgid -u app web", &[found]);
        check("", "s6-applyuidgid -u 1000 -g 1000 web", &[]);
        check("", "s6-applyuidgid -U web -u app", &[]);
        check("", "s6-applyuidgid -u $uid web", &[]);
    }

    #[test]
    fn users_are_missed_only_in_a_whole_image() {
        check("", "s6-setuidgid nobody web", &[]);
        check(ROOT, "s6-setuidgid app web", &[]);
        check(ROOT, "s6-setuidgid $user web", &[]);
        let found = "etc/services.d/web/run:2: error: there is no user `web` in the image";
        check(ROOT, "s6-setuidgid web web", &[found]);
        check(ROOT, "su-exec web web", &[found]);
        check(ROOT, "su-exec 1234 web", &[]);
        let number = "etc/services.d/web/run:2: error: there is no user `1234`";
        check(ROOT, "s6-setuidgid 1234 web", &[number]);
        let made = format!("{ROOT}== etc/cont-init.d/1 0755\n#!/bin/sh\nadduser -D web\n");
        check(&made, "s6-setuidgid web web", &[]);
    }
}
