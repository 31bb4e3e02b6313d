"""What a gunicorn.conf.py computes, in TypeScript."""

import ast
import unittest

from gunicorn_ts.translate import Translation


def translate(source: str) -> dict:
    return Translation(ast.parse(source)).to_json()


class Expressions(unittest.TestCase):
    def test_what_means_the_same_is_translated(self) -> None:
        table = {
            'os.environ.get("A", "b")': "process.env['A'] ?? 'b'",
            'os.getenv("A")': "process.env['A']",
            'os.environ["A"]': "process.env['A']",
            'int(os.getenv("A", "3"))': "Math.trunc(Number(process.env['A'] ?? '3'))",
            'float(os.getenv("A", 1))': "Number(process.env['A'] ?? 1)",
            "multiprocessing.cpu_count() * 2 + 1": "(availableParallelism() * 2) + 1",
            "os.cpu_count() // 2": "Math.floor(availableParallelism() / 2)",
            "max(2, os.cpu_count())": "Math.max(2, availableParallelism())",
            'f"0.0.0.0:{os.getenv(\'PORT\', 80)}"': "`0.0.0.0:${(process.env['PORT'] ?? 80)}`",
            '"unix:" + os.getenv("SOCK", "x")': "'unix:' + (process.env['SOCK'] ?? 'x')",
            'os.getenv("A") == "1"': "process.env['A'] === '1'",
            'os.getenv("A", "").lower() in ("1", "true")': "['1', 'true'].includes((process.env['A'] ?? '').toLowerCase() ?? '')",
            '"-" if os.getenv("A") else None': "process.env['A'] ? '-' : undefined",
            'os.getenv("A") or "it\'s"': "process.env['A'] || 'it\\'s'",
            'os.getenv("A", "x,y").split(",")': "(process.env['A'] ?? 'x,y').split(',')",
            "not True": "!true",
            '[os.getenv("A", "b"), "c"]': "[process.env['A'] ?? 'b', 'c']",
            '{"a": "b"}': "{ 'a': 'b' }",
        }
        for python, typescript in table.items():
            with self.subTest(python):
                said = translate(f"name = {python}")["expressions"]
                self.assertEqual(said["name"]["code"], typescript)

    def test_what_does_not_is_left_alone(self) -> None:
        for python in (
            "lookup(5)",
            'os.getenv("A") * 2',
            '"%s" % 1',
            "[x for x in y]",
            "lambda: 1",
            'f"{1:02}"',
            "other + 1",
            'int("7", base=8)',
        ):
            with self.subTest(python):
                self.assertEqual(translate(f"name = {python}")["expressions"], {})

    def test_a_name_that_is_set_twice_is_not_known(self) -> None:
        self.assertEqual(translate("if x:\n    a = 1\na = 2\nb = a")["expressions"], {})

    def test_names_that_are_used_are_named_and_only_what_is_needed_is_imported(self) -> None:
        said = translate("import os\ncores = os.cpu_count()\nworkers = cores * 2\nodd = bad(os.cpu_count())")
        self.assertEqual(said["expressions"]["workers"]["uses"], ["cores"])
        self.assertEqual(said["imports"], ["import { availableParallelism } from 'node:os';"])
        self.assertEqual(translate("odd = bad(os.cpu_count())")["imports"], [])


if __name__ == "__main__":
    unittest.main()
