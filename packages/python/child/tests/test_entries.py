"""Entries of the server's error log, led to the handlers of Python's loggers."""

from __future__ import annotations

import json
import os
import time
from typing import Any, Dict, List

from .fake_master import FakeMaster, Lines
from .test_master import MasterTest

FORMAT = "%(name)s %(process)d %(levelname)s %(created).1f %(message)s"


class Entries(MasterTest):
    def config(self, **logger: Any) -> Dict[str, Any]:
        self.path = os.path.join(self.folder, "server.txt")
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": {"format": FORMAT}},
            "handlers": {
                "file": {"class": "logging.FileHandler", "filename": self.path, "formatter": "plain"}
            },
            "root": {"level": "INFO", "handlers": []},
            "loggers": {"gunicorn.error": {"handlers": ["file"], "propagate": False, **logger}},
        }

    def connect(self, master: FakeMaster) -> Lines:
        lines = Lines(master.connect("token entries"))
        self.addCleanup(lines.close)
        self.level = (lines.hear() or {}).get("level", "nothing was said")
        return lines

    def written(self) -> List[str]:
        with open(self.path) as file:
            return file.read().splitlines()

    def test_nobody_asks_without_a_configuration(self) -> None:
        master = self.prepared()
        self.assertIsNone(self.hello["entries"])
        self.connect(master)
        self.assertIsNone(self.level)

    def test_level_process_and_moment_are_those_of_the_entry(self) -> None:
        master = self.prepared(logConfigDict=self.config(level="WARNING"))
        self.assertEqual(self.hello["entries"], "warning")
        lines = self.connect(master)
        self.assertEqual(self.level, "warning")
        for number, level in enumerate(("info", "warning", "error", "critical"), 1):
            lines.say({"number": number, "level": level, "message": "100%s", "pid": 4711, "time": 1.5})
            self.assertEqual(lines.hear(), {"written": number, "own": []})
        found = [f"gunicorn.error 4711 {level} 1.5 100%s" for level in ("WARNING", "ERROR", "CRITICAL")]
        self.assertEqual(self.written(), found)

    def test_what_arrives_together_is_written_in_the_order_of_its_moments(self) -> None:
        master = self.prepared(logConfigDict=self.config(level="INFO"))
        arbiter, worker = self.connect(master), self.connect(master)
        os.kill(master.process.pid, 19)
        entry = {"number": 1, "level": "info", "pid": 1}
        arbiter.say({**entry, "message": "later", "time": 2.0})
        worker.say({**entry, "message": "sooner", "time": 1.0})
        os.kill(master.process.pid, 18)
        self.assertEqual([arbiter.hear(), worker.hear()], [{"written": 1, "own": []}] * 2)
        self.assertEqual([line.split()[-1] for line in self.written()], ["sooner", "later"])

    def test_a_filter_decides_what_the_own_log_writes(self) -> None:
        path = self.write(
            "import logging\n"
            "logging.getLogger('gunicorn.error').addFilter(lambda one: 'secret' not in one.getMessage())\n"
        )
        master = self.master()
        self.assertEqual(master.call("read", path=path)["entries"], "info")
        self.assertEqual(master.prepare("modes:app")["entries"], "info")
        lines = self.connect(master)
        entry = {"level": "info", "pid": 1, "time": time.time()}
        lines.say({**entry, "number": 1, "message": "plain"})
        self.assertEqual(lines.hear(), {"written": 1, "own": [1]})
        lines.say({**entry, "number": 2, "message": "secret"})
        self.assertEqual(lines.hear(), {"written": 2, "own": []})

    def test_a_hook_that_adds_a_handler_is_heard_of(self) -> None:
        path = self.write(
            "import logging\n"
            "def when_ready(server):\n"
            "    logging.getLogger('gunicorn.error').addHandler(logging.NullHandler())\n"
        )
        master = self.master()
        master.call("read", path=path)
        master.prepare("modes:app")
        lines = self.connect(master)
        self.assertIsNone(self.level)
        master.hook("when_ready")
        self.assertEqual(lines.hear(), {"level": "info"})

    def test_the_master_stays_until_the_last_has_said_its_last_word(self) -> None:
        master = self.prepared(logConfigDict=self.config(level="INFO"))
        lines = self.connect(master)
        master.call("finish")
        lines.say({"number": 1, "level": "info", "message": "goodbye", "pid": 1, "time": 1.0})
        self.assertEqual(lines.hear(), {"written": 1, "own": []})
        self.assertIsNone(master.process.poll())
        lines.close()
        master.process.wait(10)

    def test_what_is_no_entry_costs_nobody_else_the_master(self) -> None:
        master = self.prepared(logConfigDict=self.config(level="INFO"))
        for garbage in (b"nope\n", b"{}\n", json.dumps({"number": "x"}).encode() + b"\n"):
            lines = self.connect(master)
            lines.sock.sendall(garbage)
            self.assertIsNone(lines.hear())
        self.assertEqual(self.worker(master).hello()["version"], 1)
