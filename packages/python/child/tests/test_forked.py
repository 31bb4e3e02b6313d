"""What the application forks is no part of the server: it answers nobody, and ends by itself."""

from __future__ import annotations

import unittest

from .fake_worker import MODES, FakeWorker


class Forked(unittest.TestCase):
    def test_a_child_answers_nobody_however_it_ends(self) -> None:
        for mode in MODES:
            for path, end in {
                "/returns": "exited 0",
                "/returns?parts": "exited 0",
                "/exits": "exited 3",
                "/exits_silently": "exited 0",
                "/dies_first": "exited 5",
                "/last_word": "exited 1",
                "/raises": "exited 1",
                "/reads": "exited 0",
                "/twice": "exited 4",
                "/executes": "exited 0",
                "/in_a_thread": "killed 15",
            }.items():
                with self.subTest(mode, path=path), FakeWorker("forking:app", mode=mode, lanes=2) as worker:
                    worker.hello()
                    self.assertEqual(worker.request(path).body.rstrip(b"."), b"parent")
                    self.assertEqual(worker.request("/status").body.decode(), end)
                    for number in range(3):
                        for lane in (0, 1):
                            answer = worker.request(f"/hello?{number}{lane}", lane=lane)
                            self.assertEqual(answer.body.decode(), f"{number}{lane}")
                    self.assertEqual(worker.leave(), 0)

    def test_a_child_ends_as_a_program_does(self) -> None:
        for mode in MODES:
            with self.subTest(mode), FakeWorker("forking:app", mode=mode) as worker:
                worker.hello()
                worker.request("/reads")
                worker.request("/status")
                worker.request("/last_word")
                worker.request("/status")
                output = worker.output()
                self.assertEqual(output.count("at exit of a child"), 2)
                self.assertIn("the last word", output)
                self.assertIn("a line of the child", output)

    def test_a_child_that_comes_back_is_silent(self) -> None:
        for mode in MODES:
            with self.subTest(mode), FakeWorker("forking:app", mode=mode, lanes=2) as worker:
                worker.hello()
                for path in ("/returns", "/exits", "/returns?parts"):
                    worker.request(path)
                    worker.request("/status")
                self.assertEqual(worker.output().replace("at exit of a child\n", ""), "")

    def test_an_idle_lane_ends_in_no_child(self) -> None:
        """The worker sees the end of the process by its lanes: a child that lives on must not hold them."""
        for mode in MODES:
            with self.subTest(mode), FakeWorker("forking:app", mode=mode) as worker:
                worker.hello()
                worker.request("/twice")
                worker.process.kill()
                self.assertIsNone(worker.lanes[0].receive())
                self.assertIsNone(worker.control.receive())

    def test_a_child_has_none_of_the_servers_signal_handlers(self) -> None:
        for mode in MODES:
            with self.subTest(mode), FakeWorker("forking:app", mode=mode) as worker:
                worker.hello()
                self.assertEqual(worker.request("/dispositions").body, b"True 0 -1")
                self.assertEqual(worker.request("/status").body, b"killed 12")
                self.assertEqual(worker.request("/terminates").body, b"-15")
                self.assertEqual(worker.request("/works").body, b"True 0")
                self.assertEqual(worker.request("/prepared").body, b"True")

    def test_what_is_no_frame_of_the_worker_ends_the_process(self) -> None:
        for mode in MODES:
            for kind, payload, number in [("D", b"x", 1), ("Q", b"PATH_INFO\0/hello", 0), ("\0", b"", 7)]:
                with self.subTest(mode, kind=kind), FakeWorker("forking:app", mode=mode) as worker:
                    worker.hello()
                    worker.lanes[0].send(kind, payload, number)
                    self.assertIn("A lane to the worker cannot be read", end_of(worker))

    def test_a_child_that_is_forked_while_the_application_loads_ends(self) -> None:
        for target in ("forks_early:app", "forks_early:make()"):
            with self.subTest(target), FakeWorker(target) as worker:
                worker.hello()
                self.assertEqual(worker.request("/").body, b"exited 0")
                self.assertEqual(worker.leave(), 0)


def end_of(worker: FakeWorker) -> str:
    assert worker.lanes[0].receive() is None
    assert worker.process.wait(60) == 1
    return worker.errors().decode()


if __name__ == "__main__":
    unittest.main()
