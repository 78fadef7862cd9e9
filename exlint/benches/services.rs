//! How long the linter takes, and how much memory, as a tree grows: whole runs of the program
//! over generated service directories, half of a scan directory, half s6-rc definitions.
//!
//! `cargo bench -p exlint --bench services -- [rounds]`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on is none"
)]

use nix::sys::resource::{UsageWho, getrusage};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many services the trees have.
const SIZES: [usize; 5] = [1_000, 2_000, 5_000, 10_000, 50_000];

fn file(path: &Path, mode: u32, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A service directory with a logger, as people write them.
fn scanned(root: &Path, number: usize) {
    let directory = root.join(format!("etc/services.d/service-{number}"));
    file(
        &directory.join("run"),
        0o755,
        &format!(
            "#!/command/execlineb -P\nwith-contenv\nfdmove -c 2 1\n\
             importas -D 80{number} port PORT\nforeground {{ echo starting on ${{port}} }}\n\
             s6-notifyoncheck -d -n 10\nif {{ eltest -d /srv/service-{number} }}\n\
             server-{number} --port ${{port}} --name service-{number}\n"
        ),
    );
    file(
        &directory.join("finish"),
        0o755,
        "#!/command/execlineb -S2\nforeground { echo ended with ${1} ${2} }\n\
         ifelse { eltest ${1} -eq 256 } { exit 0 }\nexit 0\n",
    );
    file(&directory.join("notification-fd"), 0o644, "3\n");
    file(
        &directory.join("data/check"),
        0o755,
        "#!/command/execlineb -P\neltest -e /run/ready\n",
    );
    file(
        &directory.join("log/run"),
        0o755,
        &format!("#!/command/execlineb -P\nlogutil-service /var/log/service-{number}\n"),
    );
}

/// An s6-rc longrun that depends on a oneshot, both in the bundle.
fn defined(root: &Path, number: usize) {
    let sources = root.join("etc/s6-overlay/s6-rc.d");
    let longrun = sources.join(format!("daemon-{number}"));
    file(&longrun.join("type"), 0o644, "longrun\n");
    file(
        &longrun.join("run"),
        0o644,
        &format!(
            "#!/command/execlineb -P\nwith-contenv\nfdmove -c 2 1\ns6-setuidgid daemon\n\
             daemon-{number} -F\n"
        ),
    );
    file(&longrun.join("dependencies.d/base"), 0o644, "");
    file(
        &longrun.join(format!("dependencies.d/init-{number}")),
        0o644,
        "",
    );
    let oneshot = sources.join(format!("init-{number}"));
    file(&oneshot.join("type"), 0o644, "oneshot\n");
    file(
        &oneshot.join("up"),
        0o644,
        &format!(
            "foreground {{ mkdir -p /run/daemon-{number} }} chown daemon /run/daemon-{number}\n"
        ),
    );
    file(&oneshot.join("dependencies.d/base"), 0o644, "");
    let bundle = sources.join("user/contents.d");
    file(&bundle.join(format!("daemon-{number}")), 0o644, "");
    file(&bundle.join(format!("init-{number}")), 0o644, "");
}

fn tree(root: &Path, services: usize) {
    file(
        &root.join("etc/s6-overlay/s6-rc.d/user/type"),
        0o644,
        "bundle\n",
    );
    for number in 0..services {
        if number % 2 == 0 {
            scanned(root, number);
        } else {
            defined(root, number);
        }
    }
}

fn run(root: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_exlint"))
        .args(["--format", "json", "--fail-on", "never"])
        .arg(root)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let took = start.elapsed();
    assert!(status.success());
    took
}

fn main() {
    let rounds = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(5);
    println!("| services | files | median s | ms per 1,000 files | peak memory MB |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for services in SIZES {
        let directory = tempfile::tempdir().unwrap();
        tree(directory.path(), services);
        let mut times: Vec<Duration> = (0..rounds).map(|_| run(directory.path())).collect();
        times.sort();
        let median = times[times.len() / 2].as_secs_f64();
        // The largest of all children so far; the trees grow.
        let memory = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() / 1024;
        let files = services * 11 / 2 + 1;
        println!(
            "| {services} | {files} | {median:.3} | {:.1} | {memory} |",
            median * 1e6 / files as f64
        );
    }
}
