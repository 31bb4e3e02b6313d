"""Processes that are forked before their worker has come."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import unittest
from typing import Any, Optional

from .fake_worker import MODES, FakeMaster, FakeWorker

# Says who it is, waits where it is told to, and logs.
APPLICATION = """
import logging, os, time
with open({folder!r} + "/loading.new", "w") as file: file.write(str(os.getpid()))
os.rename({folder!r} + "/loading.new", {folder!r} + "/loading")
logging.getLogger("gunicorn.error").warning("loading")
{rest}
def app(environ, start_response):
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
"""


class Ahead(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def expecting(self, rest: str = "", mode: str = "sync", **options: Any) -> FakeMaster:
        with open(os.path.join(self.folder, "ahead.py"), "w") as file:
            file.write(APPLICATION.format(folder=self.folder, rest=rest))
        master = FakeMaster()
        self.addCleanup(master.close)
        master.prepare("ahead:app", mode, pythonpath=[self.folder], **options)
        master.call("expect", age=4, slot=1)
        return master

    def worker(self, master: FakeMaster, lanes: int = 1) -> FakeWorker:
        worker = FakeWorker(master=master, lanes=lanes, age=4)
        self.addCleanup(worker.close)
        return worker

    def loading(self) -> int:
        path = os.path.join(self.folder, "loading")
        self.wait(lambda: os.path.exists(path))
        with open(path) as file:
            return int(file.read())

    def wait(self, is_so: Any) -> None:
        deadline = time.monotonic() + 60
        while not is_so():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def is_gone(self, pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    def test_the_application_is_loaded_before_the_worker_is_there(self) -> None:
        for mode in MODES:
            with self.subTest(mode):
                master = self.expecting(mode=mode)
                pid = self.loading()
                worker = self.worker(master)
                frame = worker.control.receive()
                self.assertEqual(frame, ("L", b"wloading"))
                self.assertEqual(worker.hello()["pid"], pid)
                self.assertEqual(worker.process.pid, pid)
                self.assertEqual(worker.request().body, str(pid).encode())
                self.assertEqual(worker.leave(), 0)
                os.unlink(os.path.join(self.folder, "loading"))

    def test_a_worker_may_have_more_lanes_than_the_kernel_hands_over_at_a_time(self) -> None:
        master = self.expecting(mode="threads")
        pid = self.loading()
        worker = self.worker(master, 300)
        worker.control.receive()
        worker.hello()
        for lane in (0, 299):
            worker.start(lane=lane)
            self.assertEqual(worker.response(lane).body, str(pid).encode())

    def test_what_fails_is_told_when_the_worker_is_there(self) -> None:
        master = self.expecting("raise ValueError('no')")
        self.loading()
        worker = self.worker(master)
        worker.control.receive()
        kind, value = worker.first_word()
        self.assertEqual((kind, value["kind"]), ("F", "import-error"))
        self.assertEqual(worker.process.wait(), 3)

    def test_a_hook_that_fails_is_told_when_the_worker_is_there(self) -> None:
        path = os.path.join(self.folder, "gunicorn.conf.py")
        with open(path, "w") as file:
            file.write("def pre_fork(server, worker):\n    open('ran', 'a').write('x')\n    raise ValueError('no')\n")
        master = self.expecting(conf=path, chdir=self.folder)
        news: Optional[Any] = self.worker(master).news.hear()
        assert news is not None
        self.assertIn("pre_fork", news["failed"]["message"])
        with open(os.path.join(self.folder, "ran")) as file:
            self.assertEqual(file.read(), "x")

    def test_one_whose_worker_does_not_come_ends_in_order(self) -> None:
        for say in ("forsake", "finish"):
            with self.subTest(say):
                master = self.expecting(
                    "import atexit; atexit.register(lambda: open({!r}, 'w'))".format(self.folder + "/end")
                )
                pid = self.loading()
                master.call(say, **({"age": 4} if say == "forsake" else {}))
                self.wait(lambda: self.is_gone(pid))
                self.assertTrue(os.path.exists(self.folder + "/end"))
                self.assertFalse(os.path.exists(os.path.join(os.path.dirname(master.path), "stacks-4")))
                os.unlink(self.folder + "/end")
                os.unlink(self.folder + "/loading")

    def test_one_whose_master_is_killed_ends(self) -> None:
        master = self.expecting()
        pid = self.loading()
        master.process.send_signal(signal.SIGKILL)
        self.wait(lambda: self.is_gone(pid))

    def test_another_one_is_forked_when_it_has_died(self) -> None:
        master = self.expecting()
        pid = self.loading()
        os.kill(pid, signal.SIGKILL)
        self.wait(lambda: self.is_gone(pid))
        worker = self.worker(master)
        worker.control.receive()
        self.assertNotEqual(worker.hello()["pid"], pid)
        self.assertNotEqual(worker.request().body, str(pid).encode())

    def test_one_that_writes_or_closes_what_it_did_not_open_is_replaced(self) -> None:
        marks = self.folder + "/once"
        once = f"once = os.path.exists({marks!r})\nopen({marks!r}, 'w').close()\n"
        write = """import stat
for fd in range(3, 50):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, b"x")
    except OSError:
        pass
"""
        for loud in (write, "os.closerange(3, 50)\n"):
            with self.subTest(loud):
                block = "".join(f"    {line}\n" for line in (loud + "time.sleep(600)").splitlines())
                master = self.expecting(f"{once}if not once:\n{block}")
                pid = self.loading()
                self.wait(lambda: self.is_gone(pid))
                worker = self.worker(master)
                worker.control.receive()
                self.assertNotEqual(worker.hello()["pid"], pid)
                os.unlink(marks)
                os.unlink(self.folder + "/loading")

    def test_a_copy_that_the_application_makes_meanwhile_is_no_worker(self) -> None:
        master = self.expecting("if os.fork() == 0: open({!r}, 'w')".format(self.folder + "/copy"))
        pid = self.loading()
        self.wait(lambda: os.path.exists(self.folder + "/copy"))
        worker = self.worker(master)
        worker.control.receive()
        self.assertEqual(worker.hello()["pid"], pid)
        self.assertEqual(worker.request().body, str(pid).encode())

    def test_it_says_where_it_hangs_before_its_worker_is_there(self) -> None:
        master = self.expecting("time.sleep(600)")
        pid = self.loading()
        with open(os.path.join(os.path.dirname(master.path), "stacks-4"), "rb") as stacks:
            os.kill(pid, signal.SIGUSR2)
            self.wait(lambda: b"ahead.py" in stacks.read() or stacks.seek(0) != 0)
        master.call("forsake", age=4)
        self.wait(lambda: self.is_gone(pid))
