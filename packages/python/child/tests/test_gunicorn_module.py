"""Files that import gunicorn, where it is not installed."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(program: str) -> "subprocess.CompletedProcess[str]":
    """Without site-packages: Gunicorn itself may be there."""
    start = "from gunicorn_ts.gunicorn_module import install; install()\n"
    return subprocess.run(
        [sys.executable, "-S", "-c", start + program], cwd=HERE, text=True, capture_output=True, check=False
    )


class GunicornModule(unittest.TestCase):
    def test_what_files_import_is_there(self) -> None:
        done = run(
            "import gunicorn, gunicorn.app.base\n"
            "from gunicorn.app.wsgiapp import WSGIApplication\n"
            "from gunicorn.arbiter import Arbiter\n"
            "from gunicorn.config import Config\n"
            "from gunicorn.glogging import Logger\n"
            "from gunicorn.workers.base import Worker\n"
            "print(gunicorn.version_info >= (20,), issubclass(WSGIApplication, gunicorn.app.base.BaseApplication))\n"
        )
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout, "True True\n")

    def test_hooks_get_what_is_annotated(self) -> None:
        done = run(
            "from gunicorn.arbiter import Arbiter\n"
            "from gunicorn.workers.base import Worker\n"
            "from gunicorn_ts import server_objects\n"
            "print(Arbiter is server_objects.Arbiter, Worker is server_objects.Worker)\n"
        )
        self.assertEqual(done.stdout, "True True\n")

    def test_a_file_with_a_program_of_its_own_can_be_imported_and_not_started(self) -> None:
        done = run(
            "from gunicorn.app.base import BaseApplication\n"
            "class Standalone(BaseApplication):\n"
            "    def __init__(self, app, options=None):\n"
            "        self.application = app\n"
            "        super().__init__()\n"
            "    def load(self):\n"
            "        return self.application\n"
            "one = Standalone(len)\n"
            "print(one.wsgi() is len)\n"
            "one.run()\n"
        )
        self.assertEqual(done.stdout, "True\n")
        self.assertRegex(done.stderr, r"RuntimeError: Standalone\.run\(\) starts a server while .*gunicorn\.conf\.py")

    def test_the_rest_of_gunicorn_is_not_there(self) -> None:
        self.assertIn("No module named 'gunicorn.util'", run("import gunicorn.util\n").stderr)
