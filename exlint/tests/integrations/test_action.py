"""The action of GitHub: its steps are run as a runner runs them, with files for what a runner
gives and takes. What `uses` another action is not run."""

import re
import tempfile
import unittest

from surroundings import *

ACTION = load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]


def step(name):
    return next(step for step in STEPS if step["name"] == name)


class Runner:
    """A runner in a checkout."""

    def __init__(self, checkout, programs):
        self.checkout = checkout
        self.programs = programs
        self.temporary = checkout.parent / "temporary"
        self.temporary.mkdir(exist_ok=True)
        self.action = ROOT

    def step(self, name, **inputs):
        """Runs a step with these inputs, and gives back how it ended, what it set, and its
        part of the summary."""
        values = {key: str(value.get("default", "")) for key, value in ACTION["inputs"].items()}
        values.update({key.replace("_", "-"): value for key, value in inputs.items()})
        output, summary = self.temporary / "output", self.temporary / "summary"
        written(output, "")
        written(summary, "")
        environment = {
            "PATH": str(self.programs),
            "HOME": str(self.temporary),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_ACTION_PATH": str(self.action),
            "RUNNER_TEMP": str(self.temporary),
        }
        for key, value in step(name).get("env", {}).items():
            given = re.fullmatch(r"\$\{\{ inputs\.([a-z0-9-]+) \}\}", value)
            environment[key] = values[given.group(1)]
        script = written(self.temporary / "step.sh", step(name)["run"])
        command = [self.programs / "bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        outcome = run(command, cwd=self.checkout, env=environment)
        set_by_it = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return outcome, set_by_it, summary.read_text()


class Action(unittest.TestCase):
    def test_it_is_valid(self):
        faults = schema_faults(ROOT / "action.yml", "--builtin-schema", "vendor.github-actions")
        self.assertEqual(faults, "")

    def test_scripts_pass_shellcheck_and_are_given_nothing_as_text(self):
        scripts = [step for step in STEPS if "run" in step]
        self.assertEqual(len(scripts), 3)
        for each in scripts:
            self.assertEqual(each["shell"], "bash")
            self.assertEqual(shellcheck("bash", each["run"]), "", each["name"])
            # An input in the text of a script would be run as a part of it.
            self.assertNotIn("${{", each["run"], each["name"])

    def test_inputs_and_outputs_are_used_and_documented(self):
        text = (ROOT / "action.yml").read_text()
        page = (ROOT / "docs/ci.md").read_text()
        for key in ACTION["inputs"]:
            self.assertIn(f"inputs.{key} ", text)
            self.assertIn(f"| `{key}` |", page)
        used = set(re.findall(r"inputs\.([a-z0-9-]+)", text))
        self.assertEqual(used, set(ACTION["inputs"]))
        for key, value in ACTION["outputs"].items():
            of_step = re.fullmatch(r"\$\{\{ steps\.([a-z]+)\.outputs\.([a-z-]+) \}\}", value["value"])
            self.assertEqual(of_step.groups(), ("lint", key))
            self.assertIn(f"{key}=", step("Lint")["run"])
            self.assertIn(f"`{key}`", page)

    def test_steps_refer_to_steps_before_them(self):
        known = set()
        for each in STEPS:
            text = " ".join(str(value) for key, value in each.items() if key != "run")
            for name, key in re.findall(r"steps\.([a-z]+)\.outputs\.([a-z-]+)", text):
                self.assertIn(name, known, each["name"])
                script = next(it for it in STEPS if it.get("id") == name).get("run")
                if script:
                    self.assertIn(f"{key}=", script)
            known.add(each.get("id"))

    def test_examples_are_valid_and_name_inputs_there_are(self):
        for example in examples("runs-on:"):
            with tempfile.TemporaryDirectory() as directory:
                file = written(pathlib.Path(directory) / "workflow.yml", example)
                faults = schema_faults(file, "--builtin-schema", "vendor.github-workflows")
            self.assertEqual(faults, "")
            steps = [it for job in load(example)["jobs"].values() for it in job["steps"]]
            ours = [it for it in steps if "/execline@" in it.get("uses", "")]
            self.assertTrue(ours, example)
            for each in ours:
                self.assertLessEqual(set(each.get("with", {})), set(ACTION["inputs"]))

    def test_an_exlint_of_the_job_is_used(self):
        with project() as (checkout, programs):
            (programs / "exlint").symlink_to(EXLINT)
            outcome, outputs, _ = Runner(checkout, programs).step("Look for exlint")
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            self.assertEqual(outputs, {"build": "false"})

    def test_the_cache_is_told_the_sources_apart(self):
        with project() as (checkout, programs):
            runner = Runner(checkout, programs)
            outcome, outputs, _ = runner.step("Look for exlint")
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            self.assertEqual(outputs["build"], "true")
            self.assertRegex(outputs["sources"], "^[0-9a-f]{64}$")
            runner.action = checkout.parent / "action"
            files = ["Cargo.toml", "Cargo.lock", "build.rs", "src/a", "exlint/Cargo.toml"]
            for file in [*files, "exlint/src/b"]:
                written(runner.action / file, file)
            keys = set()
            for text in ["one", "two", "one"]:
                written(runner.action / "exlint/src/b", text)
                keys.add(runner.step("Look for exlint")[1]["sources"])
            self.assertEqual(len(keys), 2)

    def test_it_is_built_where_the_lint_step_looks(self):
        with project() as (checkout, programs):
            runner = Runner(checkout, programs)
            stub_cargo(programs, INSTALLS)
            outcome, _, _ = runner.step("Build exlint")
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            root = runner.temporary / "exlint"
            expected = f"install --locked --path {ROOT}/exlint --root {root}"
            self.assertEqual(calls_of_cargo(programs), [expected])
            outcome, _, _ = runner.step("Lint", paths="good")
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            cached = step("Take exlint from the cache")["with"]["path"]
            self.assertEqual(cached, "${{ runner.temp }}/exlint")

    def test_a_build_that_fails_says_what_to_do(self):
        with project() as (checkout, programs):
            runner = Runner(checkout, programs)
            for body, advice in [(None, "install Rust"), ("exit 101", "rustup update")]:
                if body:
                    stub_cargo(programs, body)
                outcome, _, _ = runner.step("Build exlint")
                self.assertEqual(outcome.returncode, 2)
                self.assertRegex(outcome.stdout, f"^::error title=exlint::.*{advice}")

    def lint(self, **inputs):
        with project() as (checkout, programs):
            (programs / "exlint").symlink_to(EXLINT)
            outcome, outputs, summary = Runner(checkout, programs).step("Lint", **inputs)
            file = checkout / outputs.get("sarif-file", "there is none")
            sarif = json.loads(file.read_text()) if file.exists() else None
            return outcome, outputs, summary, sarif

    def test_findings_are_annotations_a_summary_and_sarif(self):
        outcome, outputs, summary, sarif = self.lint(paths="good\n\nbad tree\n")
        self.assertEqual(outcome.returncode, 1, outcome.stderr)
        self.assertEqual(outputs, {"exit-code": "1", "sarif-file": "exlint.sarif"})
        place = "::error file=bad tree/services.d/web/run,line=3,"
        self.assertTrue(outcome.stdout.startswith(place), outcome.stdout)
        self.assertIn("loader-without-program", summary)
        self.assertEqual(summary.count("~~~~~~~~"), 2)
        rules = [result["ruleId"] for result in sarif["runs"][0]["results"]]
        self.assertEqual(rules, ["loader-without-program"])

    def test_a_sound_tree_passes(self):
        outcome, outputs, summary, sarif = self.lint(paths="good", sarif_file="found.sarif")
        self.assertEqual((outcome.returncode, outcome.stdout), (0, ""), outcome.stderr)
        self.assertEqual(outputs, {"exit-code": "0", "sarif-file": "found.sarif"})
        self.assertIn("nothing found", summary)
        self.assertEqual(sarif["runs"][0]["results"], [])

    def test_inputs_reach_the_program(self):
        for inputs, code in [
            ({"paths": "note"}, 0),
            ({"paths": "note", "fail_on": "note"}, 1),
            ({"paths": "bad tree", "fail_on": "never"}, 0),
            ({"paths": "good", "root": "no such"}, 2),
            ({"paths": "good", "base": "good\nno such"}, 2),
            ({"paths": "good", "base": "good\nnote"}, 0),
            ({"paths": "good", "config": "no such.toml"}, 2),
            ({"paths": "good", "s6_overlay_version": "3.2.0.0"}, 0),
            ({"paths": "good", "s6_overlay_version": "new"}, 2),
            ({"paths": "$(touch here)"}, 2),
            ({"paths": "--list-rules"}, 2),
        ]:
            outcome, outputs, _, _ = self.lint(**inputs)
            self.assertEqual(outcome.returncode, code, (inputs, outcome))
            self.assertEqual(outputs["exit-code"], str(code), inputs)

    def test_what_cannot_be_done_says_what_to_do(self):
        for paths in ["no such", "nothing", ""]:
            outcome, outputs, _, sarif = self.lint(paths=paths)
            self.assertEqual(outcome.returncode, 2, paths)
            self.assertIn("::error title=exlint::", outcome.stdout)
            self.assertNotIn("sarif-file", outputs)
            self.assertNotEqual(outcome.stderr, "")

    def test_trees_of_the_corpus_are_judged_as_they_are(self):
        with project() as (checkout, programs):
            (programs / "exlint").symlink_to(EXLINT)
            runner = Runner(checkout, programs)
            clean = "\n".join(str(it) for it in sorted(CLEAN.iterdir())[:40] if it.is_dir())
            broken = "\n".join(str(it) for it in sorted(BROKEN.iterdir())[:60] if it.is_dir())
            for paths, code in [(clean, 0), (broken, 1)]:
                outcome, _, summary = runner.step("Lint", paths=paths)
                self.assertEqual(outcome.returncode, code, outcome.stdout)
                is_found = re.search(r"^::(error|warning) ", outcome.stdout, re.MULTILINE)
                self.assertEqual(bool(is_found), code == 1)
                self.assertTrue(summary)


if __name__ == "__main__":
    unittest.main()
