//! What realistic and hostile files come to.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn one(kind: Kind, text: &str) -> Container {
    let mut all = read(kind, text.as_bytes());
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn exec(words: &[&str]) -> CommandLine {
    CommandLine::Exec(words.iter().map(|w| w.as_bytes().to_vec()).collect())
}

fn shell(text: &str) -> CommandLine {
    CommandLine::Shell(text.into())
}

fn known(text: &str) -> Value {
    Value::Known(text.into())
}

fn value<T: Clone>(fact: &Option<Fact<T>>) -> Option<T> {
    fact.as_ref().map(|fact| fact.value.clone())
}

const IMAGE: &str = r#"# syntax=docker/dockerfile:1
ARG BASE=alpine
ARG S6_OVERLAY_VERSION=3.1.6.2

FROM golang:1 AS build
WORKDIR /src
COPY . .
RUN go build -o /web

FROM ${BASE}:3.19 AS base
ARG S6_OVERLAY_VERSION
ARG TARGETARCH
ENV PATH=/command:$PATH \
    # how long to wait
    S6_CMD_WAIT_FOR_SERVICES_MAXTIME=0
ADD https://github.com/just-containers/s6-overlay/releases/download/v${S6_OVERLAY_VERSION}/s6-overlay-noarch.tar.xz /tmp
ADD --chmod=644 https://github.com/just-containers/s6-overlay/releases/download/v${S6_OVERLAY_VERSION}/s6-overlay-x86_64.tar.xz /tmp
RUN tar -C / -Jxpf /tmp/s6-overlay-noarch.tar.xz && \
    tar -C / -Jxpf /tmp/s6-overlay-x86_64.tar.xz
CMD ["sh"]

FROM base
COPY --from=build --chown=1000:1000 /web /usr/bin/web
COPY rootfs/ /
WORKDIR /srv
WORKDIR data
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s CMD /usr/bin/check --quiet
ENTRYPOINT ["/init"]
"#;

#[test]
fn last_stage_and_what_it_is_built_from_count() {
    let container = one(Kind::Dockerfile, IMAGE);
    assert_eq!(container.problems, []);
    assert_eq!(
        value(&container.from),
        Some(Value::Default(b"alpine:3.19".to_vec()))
    );
    assert_eq!(value(&container.user), Some(known("1000:1000")));
    assert_eq!(value(&container.entrypoint), Some(exec(&["/init"])));
    assert_eq!(
        value(&container.command),
        None,
        "an entrypoint resets an inherited command"
    );
    assert_eq!(
        value(&container.healthcheck),
        Some(shell("/usr/bin/check --quiet"))
    );
    assert_eq!(value(&container.stop_signal), Some(known("SIGTERM")));
    assert_eq!(value(&container.workdir), Some(known("/srv/data")));
    let path = container.variable(b"PATH").unwrap();
    assert_eq!(path.value.1, Value::Unknown(b"/command:$PATH".to_vec()));
    assert_eq!(&IMAGE[path.span.clone()], "PATH=/command:$PATH");
    let limit = container
        .variable(b"S6_CMD_WAIT_FOR_SERVICES_MAXTIME")
        .unwrap();
    assert_eq!(limit.value.1, known("0"));
    let in_image: Vec<bool> = container.copies.iter().map(|c| c.value.in_image).collect();
    assert_eq!(in_image, [false, true, true, true, true]);
    assert_eq!(container.copies[3].value.from, Some(known("build")));
    assert_eq!(container.copies[3].value.chown, Some(known("1000:1000")));
    assert!(container.copies[1].value.add);
    assert!(!container.runs[0].value.in_image);
}

#[test]
fn overlay_is_named_by_addresses_and_variables() {
    let release = "https://github.com/just-containers/s6-overlay/releases/download";
    let cases: [(String, Option<&str>, &[Tarball]); 9] = [
        (
            IMAGE.into(),
            Some("3.1.6.2"),
            &[Tarball::Noarch, Tarball::Arch(b"x86_64".to_vec())],
        ),
        (
            format!("FROM a\nADD {release}/v2.2.0.3/s6-overlay-amd64.tar.gz /tmp/\n"),
            Some("2.2.0.3"),
            &[Tarball::Arch(b"amd64".to_vec())],
        ),
        (
            "FROM a\nENV S6_OVERLAY_VERSION v3.2.0.0\n".into(),
            Some("3.2.0.0"),
            &[],
        ),
        (
            format!(
                "FROM a\nARG V=3.2.0.0\nRUN for p in noarch x86_64; do \\\n curl -L {release}/v$V/s6-overlay-$p.tar.xz | tar -xJ; done\n"
            ),
            Some("3.2.0.0"),
            &[Tarball::Undecided(b"s6-overlay-$p".to_vec())],
        ),
        (
            format!(
                "FROM a\nARG V=3.2.0.0\nRUN V=9.9 && curl -L {release}/v$V/s6-overlay-noarch.tar.xz\n"
            ),
            None,
            &[Tarball::Noarch],
        ),
        (
            format!(
                "FROM a\nADD {release}/v3.2.0.0/s6-overlay-symlinks-noarch.tar.xz {release}/v3.2.0.0/s6-overlay-symlinks-arch.tar.xz {release}/v3.2.0.0/syslogd-overlay-noarch.tar.xz /tmp\n"
            ),
            Some("3.2.0.0"),
            &[
                Tarball::SymlinksNoarch,
                Tarball::SymlinksArch,
                Tarball::Syslogd,
            ],
        ),
        (
            format!(
                "FROM a\nADD {release}/v3.2.0.0/x.tar.xz /\nADD {release}/v3.1.0.0/y.tar.xz /\n"
            ),
            None,
            &[],
        ),
        (
            "FROM a\nARG S6_OVERLAY_VERSION\nRUN s6-overlay-install\n".into(),
            None,
            &[],
        ),
        (String::new(), None, &[]),
    ];
    for (text, version, tarballs) in cases {
        let container = one(Kind::Dockerfile, &text);
        let found = overlay_version(&container).map(|fact| fact.value);
        assert_eq!(found.as_deref(), version.map(str::as_bytes), "{text}");
        let found: Vec<_> = overlay_tarballs(&container)
            .into_iter()
            .map(|f| f.value)
            .collect();
        assert_eq!(found, tarballs, "{text}");
    }
}

#[test]
fn start_of_a_dockerfile_is_read_in_all_its_forms() {
    let entrypoint = |text: &str| value(&one(Kind::Dockerfile, text).entrypoint);
    let command = |text: &str| value(&one(Kind::Dockerfile, text).command);
    let check = |text: &str| value(&one(Kind::Dockerfile, text).healthcheck);
    let user = |text: &str| value(&one(Kind::Dockerfile, text).user);
    assert_eq!(
        entrypoint("FROM a\nENTRYPOINT /init\n"),
        Some(shell("/init"))
    );
    assert_eq!(
        entrypoint("FROM a\nentrypoint [ \"/init\" , \\\n \"x\" ]\n"),
        Some(exec(&["/init", "x"]))
    );
    assert_eq!(
        entrypoint("FROM a\nENTRYPOINT ['/init']\n"),
        Some(shell("['/init']"))
    );
    assert_eq!(entrypoint("FROM a\nENTRYPOINT []\n"), Some(exec(&[])));
    assert_eq!(
        entrypoint("FROM a AS x\nENTRYPOINT [\"/i\"]\nFROM b\n"),
        None
    );
    assert_eq!(
        command("FROM a\nCMD [\"a\"]\nENTRYPOINT [\"/init\"]\n"),
        Some(exec(&["a"]))
    );
    assert_eq!(command("FROM a\nCMD a\nCMD b\n"), Some(shell("b")));
    assert_eq!(
        check("FROM a\nHEALTHCHECK CMD [\"/health\"]\n"),
        Some(exec(&["/health"]))
    );
    assert_eq!(check("FROM a\nHEALTHCHECK CMD x\nHEALTHCHECK NONE\n"), None);
    assert_eq!(
        user("FROM a\nARG UID=7\nUSER ${UID}\n"),
        Some(Value::Default(b"7".to_vec()))
    );
    assert_eq!(
        user("FROM a\nUSER $WHO\n"),
        Some(Value::Unknown(b"$WHO".to_vec()))
    );
    assert_eq!(
        user("FROM a\nENV W=\"x y\" U=u\nUSER \"$U\"\n"),
        Some(known("u"))
    );
    assert_eq!(user("FROM scratch\nUSER a$NOTHING\n"), Some(known("a")));
    assert_eq!(
        user("ARG U=1\nFROM a\nUSER $U\n"),
        Some(Value::Unknown(b"$U".to_vec()))
    );
    assert_eq!(user("FROM a\nRUN <<EOF\nUSER no\nEOF\n"), None);
    assert_eq!(user("FROM a\nUSER b\nUSER c\n"), Some(known("c")));
    assert!(!one(Kind::Dockerfile, "USER a\n").problems.is_empty());
    assert!(!one(Kind::Dockerfile, "").problems.is_empty());
}

#[test]
fn compose_gives_a_container_for_each_service() {
    let text = r#"
x-common: &common
  init: true
  user: "1000:1000"
services:
  web:
    <<: *common
    build:
      context: .
      dockerfile: web.Dockerfile
      target: final
    entrypoint: /init
    command: ["serve", "--port", "80"]
    environment:
      S6_KEEP_ENV: 1
      TOKEN:
      PRICE: "$$5"
      HOST: ${HOST:-x}
    tmpfs:
      - /run:exec,mode=755
      - /tmp
    read_only: true
    healthcheck:
      test: ["CMD-SHELL", "/health || exit 1"]
  job:
    image: example/job:1.10
    init: false
    user: 1000
    environment:
      - A=b=c
      - B
    env_file: job.env
    command: sh -c "sleep 1"
    volumes:
      - type: tmpfs
        target: /run
      - ./x:/y
    healthcheck: {disable: true, test: x}
  other:
    extends: {service: job}
    command: $START
    tmpfs: /run
"#;
    let all = read(Kind::Compose, text.as_bytes());
    let names: Vec<_> = all
        .iter()
        .map(|c| String::from_utf8(value(&c.name).unwrap()).unwrap())
        .collect();
    assert_eq!(names, ["web", "job", "other"]);
    let [web, job, other] = all.as_slice() else {
        panic!("three services")
    };
    assert_eq!(value(&web.init), Some(true));
    assert_eq!(value(&web.user), Some(known("1000:1000")));
    assert_eq!(value(&web.entrypoint), Some(exec(&["/init"])));
    assert_eq!(value(&web.command), Some(exec(&["serve", "--port", "80"])));
    let build = value(&web.build).unwrap();
    assert_eq!(value(&build.dockerfile), Some(known("web.Dockerfile")));
    assert_eq!(value(&build.target), Some(known("final")));
    let environment: Vec<_> = web.environment.iter().map(|f| f.value.1.clone()).collect();
    let unknown = |text: &str| Value::Unknown(text.into());
    assert_eq!(
        environment,
        [known("1"), unknown(""), known("$5"), unknown("${HOST:-x}")]
    );
    assert_eq!(
        web.tmpfs
            .iter()
            .map(|f| f.value.as_slice())
            .collect::<Vec<_>>(),
        [&b"/run"[..], b"/tmp"]
    );
    assert_eq!(value(&web.read_only), Some(true));
    assert_eq!(value(&web.healthcheck), Some(shell("/health || exit 1")));
    assert_eq!(value(&job.from), Some(known("example/job:1.10")));
    assert_eq!(value(&job.init), Some(false));
    assert_eq!(value(&job.user), Some(known("1000")));
    assert_eq!(job.variable(b"A").unwrap().value.1, known("b=c"));
    assert_eq!(job.environment_files[0].value, b"job.env");
    assert_eq!(value(&job.command), Some(exec(&["sh", "-c", "sleep 1"])));
    assert_eq!(job.tmpfs[0].value, b"/run");
    assert_eq!(value(&job.healthcheck), None);
    assert_eq!(
        value(&other.command),
        Some(CommandLine::Unknown(b"$START".to_vec()))
    );
    assert_eq!(other.problems.len(), 1);
    let place = job.init.clone().unwrap().span;
    assert_eq!(&text[place], "false");
}

#[test]
fn addon_says_whether_another_init_is_put_before_it() {
    let head = "name: Web\nversion: 1.10\nslug: web\narch: [amd64, aarch64]\n";
    for (line, expected) in [
        ("init: false\n", Some(false)),
        ("init: true\n", Some(true)),
        ("init: no\n", Some(false)),
        ("init: 'false'\n", Some(false)),
        ("", None),
        ("init:\n", None),
    ] {
        let text = format!("{head}{line}");
        assert_eq!(
            recognise(b"web/config.yaml", text.as_bytes()),
            Some(Kind::HomeAssistant)
        );
        let container = one(Kind::HomeAssistant, &text);
        assert_eq!(value(&container.init), expected, "{line}");
        assert_eq!(value(&container.name).as_deref(), Some(&b"web"[..]));
        assert_eq!(container.architectures.len(), 2);
    }
    let json = "{\n\t\"name\": \"W\",\n\t\"init\": false,\n\t\"environment\": {\"A\": \"b\"}\n}";
    let container = one(Kind::HomeAssistant, json);
    let init = container.init.clone().unwrap();
    assert_eq!((init.value, &json[init.span]), (false, "false"));
    assert_eq!(container.variable(b"A").unwrap().value.1, known("b"));
}

#[test]
fn apko_services_are_read() {
    let text = "contents:\n  packages:\n    - s6\n    - web=~1.2\naccounts:\n  run-as: 65532\n  users:\n    - username: web\n      uid: 65532\nentrypoint:\n  type: service-bundle\n  services:\n    web: /usr/bin/web --config '/etc/a b'\n    log: sh -c \"exec log\ncmd: serve --fast\nenvironment:\n  PATH: /usr/bin\narchs: [x86_64]\n";
    let text = text.replace("\"exec log", "'exec log'");
    let container = one(Kind::Apko, &text);
    let apko = container.apko.clone().unwrap();
    assert_eq!(value(&apko.service_bundle), Some(true));
    assert_eq!(
        apko.services[0].value,
        (
            b"web".to_vec(),
            exec(&["/usr/bin/web", "--config", "/etc/a b"])
        )
    );
    assert_eq!(apko.services.len(), 2);
    assert_eq!(apko.packages[1].value, b"web=~1.2");
    assert_eq!(apko.users[0].value, (b"web".to_vec(), Some(65532)));
    assert_eq!(value(&container.user), Some(known("65532")));
    assert_eq!(value(&container.command), Some(exec(&["serve", "--fast"])));
    assert_eq!(container.architectures[0].value, b"x86_64");
}

#[test]
fn hostile_texts_stay_bounded() {
    let mut bomb = String::from("services:\n  a0: &a0 {x: y}\n");
    for level in 1..60 {
        let of = level - 1;
        bomb.push_str(&format!(
            "  a{level}: &a{level} {{a: *a{of} , b: *a{of} }}\n"
        ));
    }
    let doubling: String = (0..60)
        .map(|n| format!("ENV V{}=\"$V{n}$V{n}\"\n", n + 1))
        .collect();
    let stages: String = (0..5000)
        .map(|n| format!("FROM s{n} AS s{}\nENV E{n}=1\n", n + 1))
        .collect();
    let repeated: String = format!("FROM a\nENV V={}\n", "x".repeat(60_000))
        + &"ENV W=$V$V$V$V$V$V$V\n".repeat(30_000);
    // The deepest that is let through must fit the stack.
    let deepest: String = (0..120)
        .map(|n| format!("{0}a:\n{0}-\n", " ".repeat(n)))
        .collect::<String>();
    let flow = format!(
        "{deepest}{}{}{}",
        " ".repeat(120),
        "[".repeat(254),
        "]".repeat(254)
    );
    let cases = [
        (Kind::Compose, bomb),
        (
            Kind::Dockerfile,
            format!("FROM a\nENV V0=xxxxxxxx\n{doubling}"),
        ),
        (Kind::Dockerfile, stages),
        (Kind::Dockerfile, repeated),
        (
            Kind::Dockerfile,
            format!("FROM a\nUSER {}", "${A:-".repeat(100_000)),
        ),
        (
            Kind::Dockerfile,
            format!("FROM a\nRUN {}", "<<A ".repeat(100_000)),
        ),
        (
            Kind::Dockerfile,
            format!("FROM a\nRUN {}", "s6-overlay-".repeat(40_000)),
        ),
        (Kind::Dockerfile, "a\\\n".repeat(200_000)),
        (Kind::Apko, "[".repeat(500_000)),
        (Kind::Apko, "{".repeat(500_000)),
        (Kind::Apko, "a: ".repeat(100_000)),
        (Kind::Apko, "- ".repeat(100_000)),
        (Kind::Compose, deepest),
        (Kind::Compose, flow),
        (Kind::HomeAssistant, "\"".repeat(100_001)),
        (Kind::HomeAssistant, "x\n".repeat(600_000)),
        (
            Kind::Compose,
            format!("services: {{{}}}", "a: &a [],".repeat(50_000)),
        ),
    ];
    for (index, (kind, text)) in cases.iter().enumerate() {
        let start = Instant::now();
        let _ = recognise(b"config.yaml", text.as_bytes());
        for container in read(*kind, text.as_bytes()) {
            let _ = (overlay_version(&container), overlay_tarballs(&container));
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "case {index} took {:?}",
            start.elapsed()
        );
    }
}

/// Every span of a container, with something to name it by.
fn spans(container: &Container) -> Vec<Range<usize>> {
    let debug = format!("{container:?}");
    debug
        .split("span: ")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let (start, end) = rest[..end].split_once("..")?;
            Some(start.parse().ok()?..end.parse().ok()?)
        })
        .collect()
}

fn check_bounds(text: &[u8]) {
    for kind in [
        Kind::Dockerfile,
        Kind::Compose,
        Kind::HomeAssistant,
        Kind::Apko,
    ] {
        for container in read(kind, text) {
            for span in spans(&container) {
                assert!(
                    span.start <= span.end && span.end <= text.len(),
                    "{span:?} of {}",
                    text.len()
                );
            }
            for fact in overlay_tarballs(&container) {
                assert!(fact.span.end <= text.len());
            }
        }
    }
    for name in ["config.json", "x.yaml"] {
        let _ = recognise(name.as_bytes(), text);
    }
}

/// Texts of pieces that mean something, so that they get past the first line.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "FROM ",
        "a",
        " AS b",
        "\n",
        "\\\n",
        "\r\n",
        "ENV ",
        "A=",
        "$A",
        "${A:-",
        "}",
        "\"",
        "'",
        "ARG ",
        "RUN ",
        "<<EOF",
        "EOF",
        "COPY ",
        "--from=",
        "[\"",
        "\"]",
        "USER ",
        "WORKDIR ",
        "CMD ",
        "# ",
        "escape=`",
        "é",
        "\t",
        "services:\n",
        "  a:\n",
        "    init: true",
        "environment:",
        " ",
        "- ",
        ": ",
        "? ",
        "&a ",
        "*a",
        "<<: ",
        "{",
        "[",
        "]",
        ",",
        "|\n",
        ">-\n",
        "!!int ",
        "!x ",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "\u{feff}",
        "\0",
        "~",
        "1.0",
        "\u{85}",
        "tmpfs: ",
        "user: ",
        "entrypoint: ",
        "contents: ",
        "healthcheck: {test: ",
        "\\ud800",
        "\\x",
        "%TAG ! x\n",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..40)
        .prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_bytes_are_read_inside_their_bounds(text in proptest::collection::vec(any::<u8>(), 0..300)) {
        check_bounds(&text);
    }

    #[test]
    fn arbitrary_pieces_are_read_inside_their_bounds(text in pieces()) {
        check_bounds(text.as_bytes());
    }
}
