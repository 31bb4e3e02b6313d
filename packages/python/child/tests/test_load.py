"""What a target may name, and what is said when it names nothing."""

from __future__ import annotations

import os
import unittest
from typing import Any, Dict, Tuple

from .fake_worker import APPS, FakeWorker


def failure(target: str, **options: Any) -> Tuple[Dict[str, Any], int]:
    with FakeWorker(target, **options) as worker:
        kind, value = worker.first_word()
        assert kind == "F", value
        return value, worker.process.wait(60)


class Targets(unittest.TestCase):
    def test_each_form_finds_its_application(self) -> None:
        for target, body in {
            "pkg.web": b"application",
            "pkg.web:application": b"application",
            "pkg.web:holder.inner": b"application",
            'pkg.web:create_app("x")': b"x False",
            "pkg.web:create_app('a:b', debug=True)": b"a:b True",
            "pkg/web.py": b"application",
            "web.py:create_app(1)": b"1 False",
        }.items():
            folder = os.path.join(APPS, "pkg") if target.startswith("web.py") else APPS
            with self.subTest(target), FakeWorker(target, chdir=folder, reload=True) as worker:
                hello = worker.hello()
                self.assertEqual(hello["version"], 1)
                self.assertEqual(hello["pid"], worker.process.pid)
                self.assertIn(os.path.join(APPS, "pkg", "web.py"), hello["files"])
                self.assertEqual(worker.request().body, body)

    def test_a_missing_module_names_where_it_was_searched(self) -> None:
        for target in ("nowhere:app", "pkg.nowhere:app", "pkg.web.nowhere:app"):
            with self.subTest(target):
                value, code = failure(target)
                self.assertEqual((value["kind"], code), ("missing-module", 4))
                self.assertIn(APPS, value["searched"])
        value, _ = failure("nowhere.py:app", chdir=APPS)
        self.assertEqual(value["searched"], [os.path.join(APPS, "nowhere.py")])

    def test_a_module_that_fails_gives_its_traceback_alone(self) -> None:
        for name, last in {
            "imports_missing": "ModuleNotFoundError: No module named 'no_such_package_anywhere'",
            "raises": "RuntimeError: import broken on purpose",
            "exits": "SystemExit: I leave",
        }.items():
            with self.subTest(name):
                value, code = failure(f"pkg.{name}:application")
                lines = value["traceback"].split("\n")
                self.assertEqual((value["kind"], code), ("import-error", 3))
                self.assertIn(f"pkg/{name}.py", lines[1])
                self.assertEqual(lines[-1], last)
        value, _ = failure("pkg.syntax:application")
        self.assertIn("SyntaxError", value["traceback"])

    def test_a_missing_attribute_says_what_is_near(self) -> None:
        value, code = failure("pkg.web:aplication")
        self.assertEqual((value["kind"], code), ("missing-attribute", 4))
        self.assertEqual(
            value["message"], "Failed to find attribute 'aplication' in 'pkg.web'; it has application"
        )
        value, _ = failure("pkg.web:zzz")
        self.assertEqual(
            value["message"],
            "Failed to find attribute 'zzz' in 'pkg.web'; it has application, create_app, needs_two",
        )

    def test_what_cannot_be_called_is_refused(self) -> None:
        for name, message in {
            "number": "pkg.web:number: number is 3, which cannot be called; name a WSGI application",
            "nothing": "pkg.web:nothing: nothing is None, and no WSGI application",
        }.items():
            with self.subTest(name):
                value, code = failure(f"pkg.web:{name}")
                self.assertEqual((value["kind"], value["message"], code), ("not-callable", message, 4))

    def test_asgi_is_refused_before_a_request_comes(self) -> None:
        value, code = failure("pkg.web:asynchronous")
        self.assertEqual((value["kind"], code), ("not-callable", 4))
        self.assertIn("pkg.web:asynchronous is an ASGI application", value["message"])

    def test_a_call_takes_literals_that_fit(self) -> None:
        for call, kind in {
            "create_app(open)": "missing-attribute",
            "create_app(**{})": "missing-attribute",
            "create_app(": "missing-attribute",
            "1 + 1": "missing-attribute",
            "needs_two(1)": "missing-attribute",
            "number()": "not-callable",
            "fails()": "import-error",
        }.items():
            with self.subTest(call):
                self.assertEqual(failure(f"pkg.web:{call}")[0]["kind"], kind)


if __name__ == "__main__":
    unittest.main()
