//! A reader who does what a page says, in an empty directory: writes its files, runs its
//! scripts, types its commands into one shell. Judges only what the page shows.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use super::executable;
use super::fences::{Action, Step};

/// Far more than any step takes: only a step that hangs is stopped.
const DEADLINE: Duration = Duration::from_secs(300);

/// Where the pages say that the commands are.
const COMMANDS: &str = "/command/";

/// A directory, and a shell's memory.
pub struct Session {
    place: tempfile::TempDir,
    commands: PathBuf,
    path: String,
    variables: Vec<(&'static str, &'static str)>,
}

impl Session {
    /// With the commands in `commands`, and further directories of programs.
    pub fn new(
        commands: &Path,
        programs: &[&Path],
        variables: &[(&'static str, &'static str)],
    ) -> Session {
        let mut path = commands.display().to_string();
        for directory in programs {
            path = format!("{path}:{}", directory.display());
        }
        Session {
            place: tempfile::tempdir().expect("a directory"),
            commands: commands.to_owned(),
            path: format!("{path}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            variables: variables.to_vec(),
        }
    }

    /// The directory that the page is read in.
    fn directory(&self) -> PathBuf {
        let directory = self.place.path().join("tutorial");
        fs::create_dir_all(&directory).expect("a directory");
        directory
    }

    /// Takes a step; says what is not as the page shows it.
    pub fn take(&self, step: &Step) -> Result<(), String> {
        let text = step.text.replace(COMMANDS, &self.installed());
        let mut command = match &step.action {
            Action::Write(path) => {
                self.write(path, &text);
                return Ok(());
            }
            Action::Script => {
                self.write("script", &text);
                let mut command = Command::new(self.commands.join("execlineb"));
                command.args(["-P", "script"]).current_dir(self.directory());
                command
            }
            Action::Session => {
                let memory = self.place.path().join("memory");
                let mut command = Command::new("sh");
                command
                    .arg("-c")
                    .arg(
                        "[ ! -e \"$MEMORY\" ] || . \"$MEMORY\"\n\
                         eval \"$1\"\n\
                         code=$?\n\
                         { export -p; printf 'cd \"%s\"\\n' \"$PWD\"; } > \"$MEMORY\"\n\
                         exit $code\n",
                    )
                    .args(["sh", &text])
                    .env("MEMORY", memory)
                    .current_dir(self.directory());
                command
            }
        };
        let (status, output, error) = self.run(&mut command)?;
        let mut faults = String::new();
        let code = status.code();
        for (what, found, expected) in [
            (
                "exit code",
                &format!("{code:?}"),
                &format!("{:?}", Some(step.code)),
            ),
            ("standard output", &output, &step.output),
            ("standard error", &error, &step.error),
        ] {
            if found != expected {
                faults =
                    format!("{faults}{what}: found\n{found}\nbut the page shows\n{expected}\n");
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn installed(&self) -> String {
        format!("{}/", self.commands.display())
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.directory().join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        if text.starts_with("#!") {
            executable::write(&path, text);
        } else {
            fs::write(&path, text).expect("a file");
        }
    }

    /// What a command ends with and prints. It prints into files, as what it leaves behind may
    /// hold them open.
    fn run(&self, command: &mut Command) -> Result<(ExitStatus, String, String), String> {
        let files = ["output", "error"].map(|name| self.place.path().join(name));
        let [output, error] = files
            .each_ref()
            .map(|file| File::create(file).expect("a file"));
        let mut child = command
            .env_clear()
            .envs(self.variables.iter().copied())
            .env("PATH", &self.path)
            .env("HOME", self.place.path())
            .env("MEMORY", self.place.path().join("memory"))
            .stdin(std::process::Stdio::null())
            .stdout(output)
            .stderr(error)
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let end = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break status;
            }
            if Instant::now() > end {
                let group = format!("-{}", child.id());
                let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
                let _ = child.wait();
                return Err("it does not end".to_owned());
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let texts = files.map(|file| {
            let text = String::from_utf8_lossy(&fs::read(file).expect("a file")).into_owned();
            text.replace(&self.installed(), COMMANDS)
        });
        let [output, error] = texts;
        Ok((status, output, error))
    }
}
