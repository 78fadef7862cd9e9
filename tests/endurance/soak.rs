//! Soak: a service script again and again, and a supervisor whose services crash and are
//! started again, for as long as one likes. No descriptor, no process and no memory is left
//! that was not there in the beginning.
//!
//! | variable | meaning | without it |
//! | --- | --- | --- |
//! | `EXECLINE_ITERATIONS` | how often the service script is run | 300 |
//! | `EXECLINE_SERVICES` | how many services crash | 10 |
//! | `EXECLINE_SECONDS` | for how long they do | 5 |
//!
//! It deliberately measures no speed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::place::{Ours, Place};

/// How much more memory in kB may be resident later on: pages that are touched by chance.
const CHANCE: u64 = 64;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |value| {
        value
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {value}"))
    })
}

/// Writes a file that execlineb runs.
fn script(place: &Place, name: &str, text: &str) {
    let path = place.directory().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = format!("#!{}/execlineb -P\n{text}\n", place.commands().display());
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
}

/// What a run script does before its program, with processes of every kind.
const SERVICE: &str = "fdmove -c 2 1
cd /
umask 027
export HOME /root
foreground { exit 3 }
if { /bin/true }
backtick -E where { execlineb -c dollarat a }
pipeline { if { exit 0 } exit 0 }
background { exit 0 }
wait { }
heredoc 0 $where
redirfd -r 3 /dev/null
exec -a daemon /bin/true $where";

/// What the loop has: resident memory in kB, descriptors, children. The first child of a body
/// asks, which is one of the loop's.
const LOOK: &str = "sh -c \"grep VmRSS /proc/$PPID/status ; \
    ls /proc/$PPID/fd | wc -l ; wc -w < /proc/$PPID/task/$PPID/children\"";

#[test]
fn a_service_script_leaves_nothing_behind() {
    let last = number("EXECLINE_ITERATIONS", 300);
    let early = 100.min(last / 2);
    let place = Place::new();
    script(&place, "service", SERVICE);
    let lines: String = (1..=last).map(|number| format!("{number}\n")).collect();
    let text = format!(
        "forstdin -E line
         foreground {{ ./service }}
         importas -i code ?
         foreground {{ ifelse {{ eltest $code -ne 0 }} {{ echo failed }} true }}
         ifelse {{ eltest $line -eq {early} }} {{ {LOOK} }}
         ifelse {{ eltest $line -eq {last} }} {{ {LOOK} }}
         exit 0"
    );
    let child = place.start(Ours::Fused, &text, lines.as_bytes());
    // A hundred milliseconds for each, where a few are usual.
    let patience = Duration::from_secs(60) + Duration::from_millis(100 * last);
    let run = place.finish_within(child, patience);
    println!("{last} iterations: {}", run.stdout.replace('\n', " "));
    let looks: Vec<Vec<u64>> = run
        .stdout
        .split("VmRSS:")
        .skip(1)
        .map(|look| {
            let numbers = look.split_whitespace().filter(|word| *word != "kB");
            numbers.map(|word| word.parse().unwrap()).collect()
        })
        .collect();
    assert!(
        run.code == Some(0) && run.stderr.is_empty() && looks.len() == 2,
        "{:?}: {} {}",
        run.code,
        run.stdout,
        run.stderr
    );
    assert_eq!(looks[0][1..], looks[1][1..], "descriptors and children");
    assert!(looks[1][0] <= looks[0][0] + CHANCE, "{looks:?} kB");
}

/// A process of the supervision tree.
struct Process {
    pid: u32,
    parent: u32,
    is_zombie: bool,
    /// When it began, in the kernel's clock: numbers are given again.
    started: u64,
}

fn processes() -> BTreeMap<u32, Process> {
    let read = |entry: fs::DirEntry| -> Option<Process> {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        let stat = String::from_utf8_lossy(&stat).into_owned();
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        Some(Process {
            pid,
            parent: fields[1].parse().ok()?,
            is_zombie: fields[0] == "Z",
            started: fields[19].parse().ok()?,
        })
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| read(entry.ok()?))
        .map(|process| (process.pid, process))
        .collect()
}

/// All that descends from `ancestor`.
fn descendants(ancestor: u32) -> Vec<Process> {
    let mut rest = processes();
    let mut found = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        let children: Vec<u32> = rest
            .values()
            .filter(|process| process.parent == parent)
            .map(|process| process.pid)
            .collect();
        for pid in children {
            found.extend(rest.remove(&pid));
            parents.push(pid);
        }
    }
    found
}

/// The resident memory of a process in kB.
fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let size = line.unwrap().split_whitespace().nth(1);
    size.unwrap().parse().unwrap()
}

/// The open descriptors of a process: the fewest of several looks, as a pipe may be open at
/// one of them.
fn descriptors(pid: u32) -> usize {
    let looks = (0..50).map(|_| {
        sleep(Duration::from_millis(3));
        fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
    });
    looks.min().unwrap()
}

/// How a service crashes.
const CRASHES: [&str; 4] = [
    "/bin/sh -c \"kill -9 $$\"",
    "if { /bin/false } /bin/true",
    "trap { USR1 { /bin/true } } /bin/sh -c \"exit 4\"",
    "pipeline -w { /bin/cat } forx -p i { a b c } if { /bin/true } exit 111",
];

/// What services do that stay.
const STAYING: [&str; 3] = [
    "loopwhilex foreground { /bin/sleep 0.02 } if { exit 0 } exit 0",
    "loopwhilex backtick x { /bin/sleep 0.02 } background { exit 0 } wait { } exit 0",
    "trap -x { USR1 { if { /bin/true } exit 0 } } loopwhilex pipeline { exit 0 } /bin/sleep 0.02",
];

/// The services in their directories. Crashing ones write a line for each start, staying ones
/// their number.
fn make_services(place: &Place, crashing: u64) {
    for (number, end) in (0..crashing).zip(CRASHES.iter().cycle()) {
        let service = format!("scan/crashing-{number}");
        let text = format!(
            "fdmove -c 2 1 redirfd -w 1 /dev/null
             foreground {{ redirfd -a 1 starts execlineb -c dollarat a }}\n{end}"
        );
        script(place, &format!("{service}/run"), &text);
        let finish = "foreground { if { exit 0 } exit 1 } exit 0";
        script(place, &format!("{service}/finish"), finish);
    }
    for (number, text) in STAYING.iter().enumerate() {
        let text = format!(
            "getpid -E p foreground {{ redirfd -w 1 pid execlineb -c dollarat $p }}\n{text}"
        );
        script(place, &format!("scan/staying-{number}/run"), &text);
    }
}

#[test]
fn crashing_services_leave_nothing_behind() {
    let crashing = number("EXECLINE_SERVICES", 10);
    let seconds = number("EXECLINE_SECONDS", 5);
    let place = Place::new();
    make_services(&place, crashing);
    let svscan = ["/usr/bin/s6-svscan", "/bin/s6-svscan"]
        .into_iter()
        .map(Path::new)
        .find(|path| path.exists())
        .expect("Debian's package s6");
    let path = format!("{}:/usr/bin:/bin", place.commands().display());
    let mut supervisor = Command::new(svscan)
        .args(["-c", "1000", "scan"])
        .env_clear()
        .env("PATH", path)
        .current_dir(place.directory())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let read = |file: String| fs::read_to_string(place.directory().join(file));
    let starts = || -> usize {
        (0..crashing)
            .filter_map(|service| read(format!("scan/crashing-{service}/starts")).ok())
            .map(|starts| starts.lines().count())
            .sum()
    };
    let staying = || -> Vec<u32> {
        (0..STAYING.len())
            .filter_map(|number| {
                let pid = read(format!("scan/staying-{number}/pid")).ok()?;
                pid.trim().parse().ok()
            })
            .collect()
    };
    let patience = Instant::now() + Duration::from_secs(120);
    while staying().len() < STAYING.len() || starts() < usize::try_from(crashing).unwrap() {
        assert!(Instant::now() < patience, "the services do not start");
        sleep(Duration::from_millis(50));
    }
    sleep(Duration::from_secs(1));
    let look = |pids: &[u32]| -> Vec<(u64, usize)> {
        pids.iter()
            .map(|&pid| (memory(pid), descriptors(pid)))
            .collect()
    };
    let pids = staying();
    let before = look(&pids);
    let begin = starts();
    let end = Instant::now() + Duration::from_secs(seconds);
    // Whoever is a zombie at three looks was not waited for.
    let mut zombies: BTreeMap<(u32, u64), u32> = BTreeMap::new();
    while Instant::now() < end {
        sleep(Duration::from_secs(1));
        zombies = descendants(supervisor.id())
            .into_iter()
            .filter(|process| process.is_zombie)
            .map(|process| (process.pid, process.started))
            .map(|process| (process, zombies.get(&process).map_or(1, |looks| looks + 1)))
            .collect();
        assert!(zombies.values().all(|looks| *looks < 3), "{zombies:?}");
    }
    assert_eq!(staying(), pids, "a service that stays has ended");
    let after = look(&pids);
    println!(
        "{} starts of {crashing} services in {seconds} s; memory in kB and descriptors of those \
         that stay: {before:?}, then {after:?}",
        starts() - begin
    );
    assert!(starts() > begin, "nothing was started again");
    for (before, after) in before.iter().zip(&after) {
        assert!(after.0 <= before.0 + CHANCE && after.1 == before.1);
    }
    let stopped = Command::new(svscan.with_file_name("s6-svscanctl"))
        .args(["-t", "scan"])
        .current_dir(place.directory())
        .status();
    assert!(stopped.unwrap().success());
    assert!(supervisor.wait().unwrap().success());
    // That no process is left, the place looks for.
}
