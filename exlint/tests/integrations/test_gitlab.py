"""The template of GitLab: its script is run as a runner runs it, by sh and by bash, and the
report is what GitLab reads."""

import re
import tempfile
import unittest

from surroundings import *

TEXT = (ROOT / "templates/exlint.yml").read_text()
HEAD, JOBS = TEXT.split("\n---\n")
INPUTS = load(HEAD)["spec"]["inputs"]
REPORT = "gl-code-quality-report.json"
SEVERITIES = ["info", "minor", "major", "critical", "blocker"]


def job(**inputs):
    """The job with these inputs."""
    values = {key: value.get("default") for key, value in INPUTS.items()}
    values.update(inputs)
    text = re.sub(r"\$\[\[ inputs\.([a-z]+) \]\]", lambda found: values[found.group(1)], JOBS)
    assert "$[[" not in text, text
    return load(text)["exlint"]


def run_job(checkout, programs, shell, **inputs):
    """Runs the script of the job, and gives back how it ended, and the report."""
    each = job(repository="https://git.example.org/execline.git", **inputs)
    environment = {"PATH": str(programs), "HOME": str(checkout), "CI_PROJECT_DIR": str(checkout)}
    environment.update({key: str(value or "") for key, value in each["variables"].items()})
    # A runner gives all to one shell that ends where something fails.
    script = "\n".join(["set -e", *each["script"]])
    outcome = run([programs / shell, "-c", script], cwd=checkout, env=environment)
    report = checkout / each["artifacts"]["reports"]["codequality"]
    return outcome, json.loads(report.read_text()) if report.exists() else None


class Template(unittest.TestCase):
    def test_it_is_valid(self):
        with tempfile.TemporaryDirectory() as directory:
            for name, text in [("head.yml", HEAD), ("jobs.yml", JOBS)]:
                file = written(pathlib.Path(directory) / name, text)
                options = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
                self.assertEqual(schema_faults(file, *options), "", name)

    def test_examples_are_valid_and_name_inputs_there_are(self):
        page = (ROOT / "docs/ci.md").read_text()
        for key in INPUTS:
            self.assertIn(f"| `{key}` |", page)
        for example in examples("include:"):
            with tempfile.TemporaryDirectory() as directory:
                file = written(pathlib.Path(directory) / "ci.yml", example)
                options = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
                self.assertEqual(schema_faults(file, *options), "")
            for include in load(example)["include"]:
                given = set(include["inputs"])
                required = {key for key, value in INPUTS.items() if "default" not in value}
                self.assertTrue(required <= given <= set(INPUTS), example)

    def test_its_script_passes_shellcheck(self):
        script = "\n".join(["set -e", *job(repository="x")["script"]])
        self.assertEqual(shellcheck("sh", script), "")
        # An input in the text of a script would be run as a part of it.
        self.assertNotIn("$[[", "\n".join(load(JOBS.replace("$[[", "$((("))["exlint"]["script"]))
        raw = JOBS[JOBS.index("script:") : JOBS.index("artifacts:")]
        self.assertNotIn("$[[", raw)

    def test_findings_become_a_report(self):
        for shell in ["sh", "bash"]:
            with project() as (checkout, programs):
                (programs / "exlint").symlink_to(EXLINT)
                (checkout / "bad tree").rename(checkout / "bad")
                for paths, options, code, found in [
                    ("good", "", 0, 0),
                    ("bad", "", 1, 1),
                    ("good bad", "", 1, 1),
                    ("bad", "--fail-on never", 0, 1),
                    ("note", "", 0, 1),
                    ("note", "--fail-on note", 1, 1),
                ]:
                    inputs = {"paths": paths, "options": options}
                    outcome, report = run_job(checkout, programs, shell, **inputs)
                    self.assertEqual(outcome.returncode, code, (shell, inputs, outcome))
                    self.assertEqual(len(report), found, inputs)
                    for issue in report:
                        self.assertTrue((checkout / issue["location"]["path"]).is_file())
                        self.assertIn(issue["check_name"], outcome.stdout)

    def test_what_cannot_be_done_says_what_to_do_and_leaves_no_report(self):
        with project() as (checkout, programs):
            (programs / "exlint").symlink_to(EXLINT)
            for paths, options in [("no-such", ""), ("nothing", ""), ("good", "--root no-such")]:
                outcome, report = run_job(checkout, programs, "sh", paths=paths, options=options)
                self.assertEqual((outcome.returncode, report), (2, None))
                self.assertIn("do the inputs paths and options fit", outcome.stderr)

    def test_it_is_built_once_where_it_is_not_there(self):
        with project() as (checkout, programs):
            outcome, _ = run_job(checkout, programs, "sh", paths="good")
            self.assertEqual(outcome.returncode, 2)
            self.assertIn("set the input image", outcome.stderr)
            stub_cargo(programs, "exit 101")
            outcome, _ = run_job(checkout, programs, "sh", paths="good")
            self.assertEqual(outcome.returncode, 2)
            self.assertIn("do the inputs repository and version name it?", outcome.stderr)
            (programs / "cargo.log").unlink()
            stub_cargo(programs, INSTALLS)
            for _ in range(2):
                outcome, report = run_job(checkout, programs, "sh", paths="good", version="v7")
                self.assertEqual((outcome.returncode, report), (0, []), outcome.stderr)
            self.assertEqual(
                calls_of_cargo(programs),
                [
                    "install --locked --git https://git.example.org/execline.git --rev v7 "
                    f"--root {checkout}/.exlint exlint"
                ],
            )
            self.assertEqual(job(repository="x", version="v7")["cache"]["paths"], [".exlint/bin"])

    def test_cargo_finds_the_linter_by_tag_and_by_commit(self):
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            sources = directory / "sources"
            workspace_like_ours(sources)
            environment = {**cargo_environment(directory / "bin"), "HOME": str(directory)}

            def git(*arguments):
                user = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
                outcome = run(["git", *user, *arguments], cwd=sources, env=environment)
                self.assertEqual(outcome.returncode, 0, outcome)
                return outcome.stdout.strip()

            git("init", "-q")
            git("add", ".")
            git("commit", "-q", "-m", "sources")
            git("tag", "v0.1.0")
            for version in ["v0.1.0", git("rev-parse", "HEAD")]:
                checkout = directory / version
                checkout.mkdir()
                each = job(repository=f"file://{sources}", version=version, paths="rootfs")
                environment.update({key: value or "" for key, value in each["variables"].items()})
                environment["CI_PROJECT_DIR"] = str(checkout)
                script = "\n".join(["set -e", *each["script"]])
                outcome = run(["sh", "-c", script], cwd=checkout, env=environment)
                self.assertEqual(outcome.returncode, 1, outcome.stderr)
                self.assertIn("built from sources, given: --format human rootfs", outcome.stdout)

    def test_reports_have_what_gitlab_requires(self):
        trees = [tree for tree in sorted(BROKEN.iterdir()) if tree.is_dir()]
        outcome = run([EXLINT, "--format", "gitlab", *trees])
        self.assertEqual(outcome.returncode, 1, outcome.stderr)
        issues = json.loads(outcome.stdout)
        self.assertGreater(len(issues), 200)
        for issue in issues:
            for key in ["description", "check_name", "fingerprint"]:
                self.assertTrue(isinstance(issue[key], str) and issue[key], issue)
            self.assertIn(issue["severity"], SEVERITIES)
            location = issue["location"]
            self.assertTrue(location["path"])
            self.assertGreaterEqual(location["lines"]["begin"], 1)
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))


if __name__ == "__main__":
    unittest.main()
