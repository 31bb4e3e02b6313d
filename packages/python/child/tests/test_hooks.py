"""gunicorn.conf.py in the child: hooks and logging."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import unittest
from typing import List

from .fake_worker import APPS, FakeWorker


class Hooks(unittest.TestCase):
    def lines(self, worker: FakeWorker, count: int) -> List[str]:
        found: List[str] = []
        while len(found) < count:
            frame = worker.control.receive()
            if frame is None:
                break
            if frame[0] == "L":
                found.append(frame[1].decode())
        return found

    def test_those_of_a_worker_are_called_with_what_gunicorn_passes(self) -> None:
        with FakeWorker("pep:app", conf=os.path.join(APPS, "conf_hooks.py")) as worker:
            self.assertEqual(
                self.lines(worker, 2), ["ihook post_fork from the file True", "ihook post_worker_init"]
            )
            self.assertEqual(worker.request("/hello").body, b"hello\n")
            self.assertEqual(
                self.lines(worker, 2),
                ["ihook pre_request GET /hello 127.0.0.1:8000", "ihook post_request /hello 200 OK 1"],
            )
            worker.control.send("I")
            self.assertEqual(self.lines(worker, 1), ["ihook worker_int"])
            self.assertEqual(worker.leave(), 0)
            self.assertEqual(self.lines(worker, 1), ["ihook worker_exit"])

    def test_an_abort_calls_its_hook_and_ends(self) -> None:
        with FakeWorker("modes:app", conf=os.path.join(APPS, "conf_hooks.py")) as worker:
            self.lines(worker, 2)
            worker.hello()
            worker.process.send_signal(signal.SIGABRT)
            self.assertEqual(self.lines(worker, 1), ["ihook worker_abort"])
            self.assertEqual(worker.process.wait(60), 1)

    def test_post_request_gets_as_many_values_as_it_takes(self) -> None:
        for parameters in ("worker, req", "worker, req, environ", "*values"):
            with self.subTest(parameters), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "gunicorn.conf.py")
                with open(path, "w") as file:
                    file.write(f"def post_request({parameters}):\n    print('called', flush=True)\n")
                with FakeWorker("pep:app", conf=path) as worker:
                    worker.hello()
                    worker.request("/hello")
                    self.assertEqual(worker.leave(), 0)
                    assert worker.process.stdout is not None
                    self.assertEqual(worker.process.stdout.readline(), b"called\n")

    def test_a_hook_that_fails_before_the_first_request_stops_the_start(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "gunicorn.conf.py")
            with open(path, "w") as file:
                file.write("def post_fork(server, worker):\n    raise OSError('no')\n")
            with FakeWorker("pep:app", conf=path) as worker:
                kind, value = worker.first_word()
                self.assertEqual((kind, value["message"]), ("F", "hook post_fork failed: OSError('no')"))
                self.assertIn("gunicorn.conf.py", value["traceback"])


INI = """
[loggers]
keys=root, myapp
[handlers]
keys=file
[formatters]
keys=plain
[logger_root]
level=INFO
handlers=
[logger_myapp]
level=INFO
handlers=file
propagate=0
qualname=myapp
[handler_file]
class=FileHandler
formatter=plain
args=('{path}',)
[formatter_plain]
format=INI %(message)s
"""


class Logging(unittest.TestCase):
    def test_gunicorns_logger_leads_to_the_error_log(self) -> None:
        with FakeWorker("logs:app") as worker:
            worker.hello()
            worker.request()
            frame = worker.control.receive()
            self.assertEqual(frame, ("L", b"wto the server 1"))

    def test_a_configuration_is_obeyed_in_each_form(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "app.log")
            values = {
                "version": 1,
                "formatters": {"plain": {"format": "JSON %(message)s"}},
                "handlers": {"file": {"class": "logging.FileHandler", "filename": path, "formatter": "plain"}},
                "loggers": {"myapp": {"handlers": ["file"], "level": "INFO", "propagate": False}},
            }
            ini = os.path.join(folder, "logging.cfg")
            with open(ini, "w") as file:
                file.write(INI.replace("{path}", path))
            as_json = os.path.join(folder, "logging.json")
            with open(as_json, "w") as file:
                json.dump(values, file)
            conf = os.path.join(folder, "gunicorn.conf.py")
            with open(conf, "w") as file:
                file.write(f"logconfig_dict = {values!r}\n")
            for options, expected in (
                ({"logConfig": ini}, "INI to my own\n"),
                ({"logConfigJson": as_json}, "JSON to my own\n"),
                ({"logConfigDict": values}, "JSON to my own\n"),
                ({"conf": conf}, "JSON to my own\n"),
            ):
                with self.subTest(options):
                    with FakeWorker("logs:app", **options) as worker:
                        worker.hello()
                        worker.request()
                    with open(path) as file:
                        self.assertEqual(file.read(), expected)
                    os.unlink(path)

    def test_a_configuration_that_cannot_be_used_stops_the_start(self) -> None:
        for options, message in (
            ({"logConfig": "/nowhere/logging.cfg"}, "log config file /nowhere/logging.cfg does not exist"),
            ({"logConfigDict": {"handlers": {"a": {"class": "No"}}}}, "Unable to configure handler 'a'"),
        ):
            with self.subTest(message), FakeWorker("logs:app", **options) as worker:
                kind, value = worker.first_word()
                self.assertEqual(kind, "F")
                self.assertIn(message, value["message"])


if __name__ == "__main__":
    unittest.main()
