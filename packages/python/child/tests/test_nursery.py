"""--preload: children are forked from a process that has loaded the application."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import tempfile
import time
import unittest
from typing import Any, List

from .fake_worker import APPS, End, FakeWorker


class Child(FakeWorker):
    """A child that a nursery forked, as its worker sees it."""

    def __init__(self, path: str, token: str, lanes: int = 1, **options: Any) -> None:
        self.lanes = [self.connect(path, f"{token} lane\n") for _ in range(lanes)]
        line = json.dumps({"lanes": lanes, **options})
        self.control = self.connect(path, f"{token} control\n{line}\n")

    def connect(self, path: str, text: str) -> End:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
        sock.sendall(text.encode())
        return End(sock)

    def output(self) -> str:
        return ""

    def close(self) -> None:
        for end in [self.control, *self.lanes]:
            end.sock.close()


class Preload(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "nursery.sock")

    def nursery(self, target: str = "modes:app", mode: str = "sync", **options: Any) -> FakeWorker:
        nursery = FakeWorker(target, mode, 0, nursery=self.path, **options)
        self.addCleanup(nursery.close)
        self.hello = nursery.hello()
        return nursery

    def child(self, token: str, lanes: int = 1, **options: Any) -> Child:
        child = Child(self.path, token, lanes, **options)
        self.addCleanup(child.close)
        return child

    def test_children_serve_what_was_loaded_once(self) -> None:
        self.nursery("preloaded:app")
        children = [self.child(str(index)) for index in range(3)]
        hellos = [child.hello() for child in children]
        bodies = {child.request().body for child in children}
        pids = {hello["pid"] for hello in hellos}
        self.assertEqual(len(pids), 3)
        self.assertEqual(bodies, {f"loaded by {self.hello['pid']}".encode()})
        self.assertTrue(any(path.endswith("preloaded.py") for path in hellos[0]["files"]))

    def test_a_child_has_as_many_lanes_as_its_worker_made(self) -> None:
        self.nursery(mode="threads")
        child = self.child("t", 2)
        child.hello()
        child.start("/meet", lane=0)
        child.start("/meet", lane=1)
        self.assertEqual([child.response(lane).body for lane in (0, 1)], [b"met True"] * 2)

    @unittest.skipUnless(importlib.util.find_spec("gevent"), "gevent is not installed")
    def test_greenlets_can_be_forked(self) -> None:
        self.nursery(mode="gevent")
        for token in ("a", "b"):
            child = self.child(token, 40)
            child.hello()
            begun = time.monotonic()
            for lane in range(40):
                child.start("/meet_sleeping", lane=lane)
            self.assertEqual({child.response(lane).body for lane in range(40)}, {b"slept gevent"})
            # One after the other they would sleep for 8 seconds.
            self.assertLess(time.monotonic() - begun, 7)

    def test_a_child_goes_on_without_its_nursery_and_ends_with_its_worker(self) -> None:
        nursery = self.nursery()
        child = self.child("c")
        pid = child.hello()["pid"]
        nursery.control.sock.close()
        self.assertEqual(nursery.process.wait(60), 0)
        self.assertFalse(os.path.exists(self.path))
        self.assertEqual(child.request("/thread").body, b"main")
        child.close()
        self.assertTrue(self.is_gone(pid))

    def test_a_hung_child_shows_its_stack_in_the_file_of_its_worker(self) -> None:
        self.nursery()
        stacks = os.path.join(self.folder, "stacks")
        with open(stacks, "w"):
            pass
        child = self.child("s", stacks=stacks)
        pid = child.hello()["pid"]
        child.start("/hang")
        deadline = time.monotonic() + 60
        text = ""
        while "in hang" not in text and time.monotonic() < deadline:
            os.kill(pid, signal.SIGUSR2)
            time.sleep(0.05)
            with open(stacks) as file:
                text = file.read()
        self.assertIn("in hang", text)

    def test_hooks_are_called_in_the_child(self) -> None:
        self.nursery("pep:app", conf=os.path.join(APPS, "conf_hooks.py"))
        child = self.child("h", age=7)
        lines: List[str] = []
        frame = child.control.receive()
        while frame is not None and frame[0] == "L":
            lines.append(frame[1].decode())
            frame = child.control.receive()
        self.assertEqual(lines, ["ihook post_fork from the file True", "ihook post_worker_init"])
        self.assertEqual(frame and frame[0], "K")
        self.assertEqual(child.request("/hello").body, b"hello\n")

    def test_what_fails_to_load_is_told_with_the_files_so_far(self) -> None:
        nursery = FakeWorker("pkg.raises:app", "sync", 0, nursery=self.path)
        self.addCleanup(nursery.close)
        kind, value = nursery.first_word()
        self.assertEqual((kind, value["kind"]), ("F", "import-error"))
        self.assertIn(os.path.join(APPS, "pkg", "raises.py"), value["files"])

    def test_a_connection_that_nobody_understands_harms_nothing(self) -> None:
        self.nursery()
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(self.path)
        sock.sendall(b"x control\nno json\n")
        sock.close()
        child = self.child("after")
        child.hello()
        self.assertEqual(child.request("/thread").body, b"main")

    def is_gone(self, pid: int) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.02)
        return False


if __name__ == "__main__":
    unittest.main()
