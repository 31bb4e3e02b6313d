"""The process: modes, signals, and how it ends."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import tempfile
import time
import unittest

from .fake_worker import MODES, FakeWorker


class Modes(unittest.TestCase):
    def test_sync_runs_in_the_main_thread(self) -> None:
        with FakeWorker("modes:app") as worker:
            worker.hello()
            self.assertEqual(worker.request("/thread").body, b"main")

    def test_threads_serve_at_the_same_time(self) -> None:
        with FakeWorker("modes:app", mode="threads", lanes=2) as worker:
            worker.hello()
            worker.start("/meet", lane=0)
            worker.start("/meet", lane=1)
            self.assertEqual([worker.response(lane).body for lane in (0, 1)], [b"met True"] * 2)

    @unittest.skipUnless(importlib.util.find_spec("gevent"), "gevent is not installed")
    def test_greenlets_wait_at_the_same_time(self) -> None:
        with FakeWorker("modes:app", mode="gevent", lanes=50) as worker:
            worker.hello()
            begun = time.monotonic()
            for lane in range(50):
                worker.start("/meet_sleeping", lane=lane)
            bodies = {worker.response(lane).body for lane in range(50)}
            self.assertEqual(bodies, {b"slept gevent"})
            # One after the other they would sleep for 10 seconds.
            self.assertLess(time.monotonic() - begun, 9)
            self.assertEqual(worker.leave(), 0)

    @unittest.skipUnless(importlib.util.find_spec("gevent"), "gevent is not installed")
    def test_greenlets_send_large_files_and_read_bodies(self) -> None:
        with FakeWorker("pep:app", mode="gevent", lanes=1) as worker:
            worker.hello()
            self.assertEqual(len(worker.request("/file?10485760").body), 10485757)
            self.assertEqual(len(worker.request("/big").body), 3_000_000)
        with FakeWorker("bodies:app", mode="gevent", lanes=1) as worker:
            worker.hello()
            self.assertEqual(worker.request("/lines", body=[b"a\n", b"b"]).body, b"a\n|b")

    @unittest.skipIf(importlib.util.find_spec("gevent"), "gevent is installed")
    def test_a_missing_gevent_is_named(self) -> None:
        with FakeWorker("modes:app", mode="gevent") as worker:
            kind, value = worker.first_word()
            self.assertEqual((kind, value["kind"]), ("F", "missing-package"))
            self.assertIn("pip install gevent", value["message"])
            self.assertEqual(worker.process.wait(60), 4)


class Process(unittest.TestCase):
    def test_the_application_sees_a_process_of_its_own(self) -> None:
        with FakeWorker("modes:app", chdir="/") as worker:
            worker.hello()
            self.assertEqual(worker.request("/process").body, b"gunicorn False / 0")
            self.assertEqual(worker.request("/inherited").body, b"True")
            self.assertEqual(worker.request("/spawned").body, b"4")

    def test_it_leaves_when_its_lanes_are_closed(self) -> None:
        for mode in ("sync", "threads"):
            with self.subTest(mode), FakeWorker("modes:app", mode=mode, lanes=2) as worker:
                worker.hello()
                self.assertEqual(worker.leave(), 0)

    def test_it_leaves_when_told_to_after_the_request_it_has(self) -> None:
        with FakeWorker("modes:app") as worker:
            worker.hello()
            worker.start("/meet_sleeping")
            worker.control.send("T")
            self.assertEqual(worker.response().body[:5], b"slept")
            self.assertEqual(worker.process.wait(60), 0)
        with FakeWorker("modes:app", mode="threads", lanes=3) as worker:
            worker.hello()
            worker.control.send("T")
            self.assertEqual(worker.process.wait(60), 0)

    def test_it_does_not_outlive_its_worker(self) -> None:
        with FakeWorker("modes:app") as worker:
            worker.hello()
            worker.start("/hang")
            worker.control.sock.close()
            self.assertEqual(worker.process.wait(60), 0)

    def test_a_worker_that_left_while_the_application_was_loaded_is_no_failure(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            gate = os.path.join(folder, "gate")
            os.mkfifo(gate)
            for mode in MODES:
                with self.subTest(mode), FakeWorker("gated:app", mode=mode, env={"GATE": gate}) as worker:
                    opened = open(gate, "w")
                    for end in worker.ends:
                        end.sock.close()
                    opened.close()
                    self.assertEqual(worker.process.wait(60), 0)
                    self.assertEqual(worker.errors(), b"at exit\n")

    def test_every_end_is_that_of_the_interpreter(self) -> None:
        for mode in MODES:
            for how in ("lanes", "now", "control", "busy"):
                with self.subTest(mode, how=how), FakeWorker("endings:app", mode=mode, lanes=2) as worker:
                    worker.hello()
                    # A machine that is busy is none of the reasons to cut an end short.
                    worker.request("/without_limit")
                    if how == "busy":
                        worker.start("/hang")
                    if how == "lanes":
                        self.assertEqual(worker.leave(), 0)
                    elif how == "control":
                        worker.control.sock.close()
                    else:
                        worker.control.send("N")
                    self.assertEqual(worker.process.wait(60), 0)
                    self.assertEqual(worker.errors().count(b"at exit\n"), 1)

    def test_a_thread_of_the_application_cannot_hold_an_end_that_is_to_come_at_once(self) -> None:
        for mode in MODES:
            with self.subTest(mode), FakeWorker("endings:app", mode=mode) as worker:
                worker.hello()
                worker.request("/thread")
                begun = time.monotonic()
                worker.control.send("N")
                worker.process.wait(60)
                self.assertLess(time.monotonic() - begun, 30)

    def test_signals_of_the_terminal_are_the_workers(self) -> None:
        with FakeWorker("modes:app") as worker:
            worker.hello()
            worker.request("/thread")
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
                worker.process.send_signal(number)
            self.assertEqual(worker.request("/term_self").body, b"alive")

    def test_a_hung_child_writes_the_stack_of_every_thread(self) -> None:
        with FakeWorker("modes:app") as worker:
            worker.hello()
            worker.start("/hang")
            self.assertIn('modes.py", line', self.stacks_of(worker))

    def stacks_of(self, worker: FakeWorker) -> str:
        worker.stacks.truncate(0)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            worker.process.send_signal(signal.SIGUSR2)
            time.sleep(0.05)
            with open(worker.stacks.name) as file:
                text = file.read()
            if "in hang" in text and "in app" in text:
                return text
        return ""

    def test_modules_that_are_imported_later_are_told_for_the_reload(self) -> None:
        with FakeWorker("modes:app", reload=True) as worker:
            worker.hello()
            worker.request("/import_more")
            frame = worker.control.receive()
            assert frame is not None
            files = json.loads(frame[1])["files"]
            self.assertEqual(frame[0], "M")
            self.assertIn("imported_later.py", [os.path.basename(path) for path in files])

    def test_modules_are_looked_at_for_a_reload_alone(self) -> None:
        with FakeWorker("modes:app") as worker:
            self.assertEqual(worker.hello()["files"], [])

    def test_it_says_what_it_is_when_it_is_run_by_hand(self) -> None:
        import subprocess
        import sys

        from .fake_worker import PROGRAM

        ended = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("started by gunicorn", ended.stderr)


if __name__ == "__main__":
    unittest.main()
