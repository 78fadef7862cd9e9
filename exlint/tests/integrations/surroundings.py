"""What the tests of the CI integrations share: the repository, the program, trees that are
sound and broken, and the examples of the page about CI. Tests nothing itself."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXLINT = pathlib.Path(os.environ["EXLINT"])
TOOLS = pathlib.Path(sys.prefix) / "bin"

CLEAN = ROOT / "corpus/trees/clean"
BROKEN = ROOT / "corpus/trees/broken"

# The programs that steps may use besides those of a test; nothing else is on their PATH.
PLAIN = ["bash", "sh", "env", "find", "sort", "xargs", "sha256sum", "head", "rm", "cp", "mkdir"]


def run(arguments, **options):
    """Runs a program; its output is text."""
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    return subprocess.run([str(it) for it in arguments], text=True, timeout=600, **options)


def written(path, text, mode=0o644):
    """Writes a file, and the directories it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


@contextlib.contextmanager
def project():
    """A directory of a project with a sound and a broken tree, one of them with a blank in its
    path, and `bin` beside it for what a test puts on the PATH."""
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        checkout = directory / "checkout"
        good = "#!/command/execlineb -P\nforeground { echo starting }\nserver\n"
        bad = "#!/command/execlineb -P\nforeground { echo starting }\nfdmove -c 2 1\n"
        note = "#!/command/execlineb -P\ndefine x y\nserver\n"
        written(checkout / "good/services.d/web/run", good, 0o755)
        written(checkout / "bad tree/services.d/web/run", bad, 0o755)
        written(checkout / "note/services.d/web/run", note, 0o755)
        written(checkout / "nothing/readme", "text\n")
        programs = directory / "bin"
        programs.mkdir()
        for name in PLAIN:
            (programs / name).symlink_to(shutil.which(name))
        yield checkout, programs


def stub_cargo(programs, body):
    """Puts a `cargo` on the PATH that writes its arguments to the file `cargo.log` there, a
    line for each call, and then runs `body`."""
    script = f'#!/bin/sh -e\nwords="$*"\necho "$words" >> "{programs}/cargo.log"\n{body}'
    written(programs / "cargo", script, 0o755)


# Of a stub's: lays the program down where `cargo install --root DIRECTORY` would.
INSTALLS = f"""
while [ $# -gt 0 ]; do [ "$1" != --root ] || root=$2; shift; done
mkdir -p "$root/bin"
cp "{EXLINT}" "$root/bin/exlint"
"""


def calls_of_cargo(programs):
    log = programs / "cargo.log"
    return log.read_text().splitlines() if log.exists() else []


def workspace_like_ours(directory):
    """Writes packages laid out as this repository's: `execline` at the root, and `exlint`, which
    here only says what it is given and ends with 1, below it. Building them takes no time."""
    package = '[package]\nname = "{}"\nversion = "0.1.0"\nedition = "2021"\n'
    manifest = package.format("execline") + '[workspace]\nmembers = [".", "exlint"]\n'
    written(directory / "Cargo.toml", manifest)
    written(directory / "Cargo.lock", 'version = 4\n' + "".join(
        f'\n[[package]]\nname = "{name}"\nversion = "0.1.0"\n' for name in ["execline", "exlint"]
    ))
    written(directory / "src/main.rs", "fn main() {}\n")
    written(directory / "exlint/Cargo.toml", package.format("exlint"))
    says = """fn main() {
        let words: Vec<String> = std::env::args().skip(1).collect();
        println!("built from sources, given: {}", words.join(" "));
        std::process::exit(1);
    }\n"""
    written(directory / "exlint/src/main.rs", says)


def cargo_environment(programs):
    """What cargo needs of the environment, where a test gives it another HOME, and a directory
    `programs` that is on the PATH. An exlint that is installed beside cargo is not."""
    home = pathlib.Path.home()
    programs.mkdir(exist_ok=True)
    for name in ["cargo", "rustc"]:
        (programs / name).symlink_to(shutil.which(name))
    return {
        "CARGO_HOME": os.environ.get("CARGO_HOME", str(home / ".cargo")),
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(home / ".rustup")),
        "PATH": f"{programs}:/usr/bin:/bin",
    }


def shellcheck(shell, text):
    """What shellcheck says of a text; empty where it is content."""
    outcome = run(["shellcheck", "-s", shell, "-"], input=text)
    return outcome.stdout + outcome.stderr


def schema_faults(path, *options):
    """What check-jsonschema says against a file; empty where it is valid."""
    outcome = run([TOOLS / "check-jsonschema", *options, path])
    return "" if outcome.returncode == 0 else outcome.stdout + outcome.stderr


def examples(beginning):
    """The blocks of YAML in docs/ci.md with this in them."""
    page = (ROOT / "docs/ci.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    found = [block for block in blocks if beginning in block]
    assert found, f"docs/ci.md has no example with {beginning}"
    return found


def load(text):
    return yaml.safe_load(text)
