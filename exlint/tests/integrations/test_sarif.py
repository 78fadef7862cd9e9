"""Reports in SARIF, held against the official schema. A package that exlint does not need for
anything else brings the schema, and cargo fetches it."""

import tempfile
import unittest

from surroundings import *

PACKAGE = "serde-sarif"


def schema():
    outcome = run(
        ["cargo", "metadata", "--format-version", "1", "--locked"], cwd=ROOT / "exlint"
    )
    assert outcome.returncode == 0, outcome.stderr
    packages = json.loads(outcome.stdout)["packages"]
    manifest = next(it["manifest_path"] for it in packages if it["name"] == PACKAGE)
    return pathlib.Path(manifest).parent / "src/schema.json"


class Sarif(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = schema()

    def faults(self, text):
        with tempfile.TemporaryDirectory() as directory:
            file = written(pathlib.Path(directory) / "report.sarif", text)
            # A pattern in the schema is none in the newest dialect.
            options = ["--regex-variant", "nonunicode", "--schemafile", self.schema]
            return schema_faults(file, *options)

    def test_reports_agree_with_the_official_schema(self):
        title = json.loads(self.schema.read_text())["title"]
        self.assertIn("(SARIF) Version 2.1.0", title)
        broken = [tree for tree in sorted(BROKEN.iterdir()) if tree.is_dir()]
        scripts = ROOT / "corpus/execline-broken"
        for paths, least in [(broken, 200), ([scripts], 100), ([ROOT / "examples"], 0)]:
            outcome = run([EXLINT, "--fail-on", "never", "--format", "sarif", *paths])
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            results = json.loads(outcome.stdout)["runs"][0]["results"]
            self.assertGreaterEqual(len(results), least)
            self.assertEqual(self.faults(outcome.stdout), "")

    def test_the_schema_refuses_what_is_wrong(self):
        outcome = run([EXLINT, "--format", "sarif", BROKEN / "overlay-3.1.6.2-shop-names"])
        report = json.loads(outcome.stdout)
        for change in [
            lambda: report["runs"][0]["results"][0].pop("message"),
            lambda: report.update(version="2.0"),
            lambda: report["runs"][0].update(more=1),
        ]:
            report = json.loads(outcome.stdout)
            change()
            self.assertNotEqual(self.faults(json.dumps(report)), "")


if __name__ == "__main__":
    unittest.main()
