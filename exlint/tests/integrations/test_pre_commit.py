"""The hooks of pre-commit, run by pre-commit itself in repositories of a test's own."""

import tempfile
import unittest

from surroundings import *

HOOKS = load((ROOT / ".pre-commit-hooks.yaml").read_text())
GOOD = "#!/command/execlineb -P\nforeground { echo starting }\nserver\n"
BAD = "#!/command/execlineb -P\nforeground { echo starting }\nfdmove -c 2 1\n"


class Repository:
    """A repository that uses the hooks of another one."""

    def __init__(self, directory):
        self.directory = directory
        self.programs = directory / "bin"
        self.programs.mkdir()
        self.hooks = directory / "hooks"
        self.project = directory / "project"
        self.environment = {
            "PATH": f"{self.programs}:{TOOLS}:/usr/bin:/bin",
            "HOME": str(directory),
            "PRE_COMMIT_HOME": str(directory / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
        }
        for repository in [self.hooks, self.project]:
            repository.mkdir()
            self.git(repository, "init", "-q")
            self.git(repository, "config", "user.name", "test")
            self.git(repository, "config", "user.email", "test@example.org")
        text = (ROOT / ".pre-commit-hooks.yaml").read_text()
        written(self.hooks / ".pre-commit-hooks.yaml", text)
        self.git(self.hooks, "add", ".")
        self.git(self.hooks, "commit", "-q", "-m", "hooks")

    def git(self, repository, *arguments):
        outcome = run(["git", *arguments], cwd=repository, env=self.environment)
        assert outcome.returncode == 0, outcome
        return outcome.stdout.strip()

    def use(self, hook, paths):
        version = self.git(self.hooks, "rev-parse", "HEAD")
        hooks = [{"id": hook, "args": paths}]
        config = {"repos": [{"repo": str(self.hooks), "rev": version, "hooks": hooks}]}
        written(self.project / ".pre-commit-config.yaml", json.dumps(config))

    def run(self, *arguments):
        return run([TOOLS / "pre-commit", *arguments], cwd=self.project, env=self.environment)


class Hooks(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.repository = Repository(pathlib.Path(directory.name))
        self.script = self.repository.project / "rootfs/etc/services.d/web/run"

    def test_the_manifest_is_valid(self):
        outcome = run([TOOLS / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"])
        self.assertEqual(outcome.returncode, 0, outcome.stdout)
        self.assertEqual([hook["id"] for hook in HOOKS], ["exlint", "exlint-system"])

    def test_examples_are_valid_and_name_hooks_there_are(self):
        for example in examples("hooks:"):
            file = written(self.repository.directory / "config.yaml", example)
            outcome = run([TOOLS / "pre-commit", "validate-config", file])
            self.assertEqual((outcome.returncode, outcome.stdout), (0, ""))
            hooks = [hook["id"] for each in load(example)["repos"] for hook in each["hooks"]]
            self.assertLessEqual(set(hooks), {hook["id"] for hook in HOOKS})

    def test_a_commit_with_findings_is_refused(self):
        repository = self.repository
        (repository.programs / "exlint").symlink_to(EXLINT)
        repository.use("exlint-system", ["rootfs"])
        self.assertEqual(repository.run("install").returncode, 0)
        written(self.script, BAD, 0o755)
        repository.git(repository.project, "add", ".")
        commit = ["git", "commit", "-m", "a service"]
        options = {"cwd": repository.project, "env": repository.environment}
        refused = run(commit, **options)
        self.assertEqual(refused.returncode, 1, refused)
        self.assertIn("rootfs/etc/services.d/web/run:3:1", refused.stderr)
        self.assertIn("error[loader-without-program]", refused.stderr)
        written(self.script, GOOD, 0o755)
        repository.git(repository.project, "add", ".")
        accepted = run(commit, **options)
        self.assertEqual(accepted.returncode, 0, accepted)
        self.assertEqual(repository.git(repository.project, "log", "--format=%s"), "a service")

    def test_modes_are_those_that_are_committed(self):
        repository = self.repository
        (repository.programs / "exlint").symlink_to(EXLINT)
        repository.use("exlint-system", ["rootfs"])
        written(self.script, GOOD, 0o755)
        repository.git(repository.project, "add", ".")
        self.assertEqual(repository.run("run").returncode, 0)
        repository.git(repository.project, "update-index", "--chmod=-x", self.script)
        outcome = repository.run("run")
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("run-not-executable", outcome.stdout)

    def test_what_cannot_be_done_fails(self):
        repository = self.repository
        repository.use("exlint-system", ["rootfs"])
        written(repository.project / "readme", "text\n")
        repository.git(repository.project, "add", ".")
        # First without the program, then with it.
        without = repository.run("run", "--all-files")
        (repository.programs / "exlint").symlink_to(EXLINT)
        with_it = repository.run("run", "--all-files")
        for outcome, says in [(without, "`exlint`"), (with_it, "rootfs: No such file")]:
            self.assertEqual(outcome.returncode, 1, outcome)
            self.assertIn(says, outcome.stdout)

    def test_pre_commit_builds_the_linter_and_not_only_the_runtime(self):
        repository = self.repository
        workspace_like_ours(repository.hooks)
        repository.git(repository.hooks, "add", ".")
        repository.git(repository.hooks, "commit", "-q", "-m", "sources")
        cargo = cargo_environment(repository.programs)
        repository.environment.update(cargo, PATH=f"{TOOLS}:{cargo['PATH']}")
        repository.use("exlint", ["rootfs"])
        written(self.script, BAD, 0o755)
        repository.git(repository.project, "add", ".")
        outcome = repository.run("run")
        self.assertEqual(outcome.returncode, 1, outcome)
        self.assertIn("built from sources, given: --modes git rootfs", outcome.stdout)


class Identification(unittest.TestCase):
    """What the page about CI says of files' types."""

    def test_pre_commit_knows_no_type_for_execline(self):
        outcome = run([TOOLS / "identify-cli", ROOT / "examples/services.d/greeter/run"])
        self.assertEqual(json.loads(outcome.stdout), ["executable", "file", "text"])

    def test_file_knows_execline(self):
        for script in ["examples/hello", "corpus/scripts/run-daemon"]:
            outcome = run(["file", "--brief", ROOT / script])
            self.assertTrue(outcome.stdout.startswith("execline script"), outcome.stdout)


if __name__ == "__main__":
    unittest.main()
