"""`wsgi.input`: each way to read it, and what is left when nobody does."""

from __future__ import annotations

import hashlib
import unittest
from typing import List

from .fake_worker import FakeWorker


def split(data: bytes, size: int) -> List[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


class Bodies(unittest.TestCase):
    worker: FakeWorker
    bare: FakeWorker

    @classmethod
    def setUpClass(cls) -> None:
        cls.worker = FakeWorker("bodies:app")
        cls.bare = FakeWorker("bodies:bare")
        cls.worker.hello()
        cls.bare.hello()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.worker.close()
        cls.bare.close()

    def test_every_way_of_reading_gives_the_same_however_it_arrives(self) -> None:
        body = b"one\ntwo two\n\nlast"
        for name, expected in {
            "whole": body,
            "blocks": b"one\n|two |two\n|\nlas|t",
            "lines": b"one\n|two two\n|\n|last",
            "all_lines": b"one\n|two two\n|\n|last",
            "iterated": b"one\n|two two\n|\n|last",
            "mixed": b"one\n|tw|o two\n|\n|last",
        }.items():
            for size in (1, 3, 100):
                with self.subTest(name, size=size):
                    response = self.worker.request(f"/{name}", body=split(body, size))
                    self.assertEqual(response.body, expected)

    def test_sizes_may_be_left_out_and_lines_limited(self) -> None:
        body = [b"abcde\nfg\n"]
        self.assertEqual(self.bare.request("/read", body=body).body, body[0])
        self.assertEqual(self.bare.request("/limited", body=body).body, b"abc|de\n|fg\n")
        self.assertEqual(self.bare.request("/some-lines", body=body).body, b"abcde\n")

    def test_without_a_body_there_is_nothing_to_read(self) -> None:
        self.assertEqual(self.worker.request("/whole").body, b"")
        self.assertEqual(self.worker.request("/lines", body=[]).body, b"")

    def test_a_body_that_nobody_reads_does_not_reach_the_next_request(self) -> None:
        response = self.worker.request("/untouched", body=[b"x" * 50_000] * 2)
        self.assertEqual(response.body, b"nothing read")
        self.assertEqual(self.worker.request("/whole", body=[b"mine"]).body, b"mine")

    def test_a_large_body_arrives_whole(self) -> None:
        block = bytes(range(256)) * 4096
        sha = hashlib.sha256()
        for _ in range(32):
            sha.update(block)
        response = self.worker.request("/digest", body=(block for _ in range(32)))
        self.assertEqual(response.body.decode(), sha.hexdigest())

    def test_reading_fails_when_the_client_goes_away(self) -> None:
        for path, frames, trace in (("/caught", "R", None), ("/unread", "X", "")):
            with self.subTest(path):
                end = self.bare.lanes[0]
                end.send("B", f"PATH_INFO\0{path}".encode())
                end.send("D", b"part")
                end.send("A")
                response = self.bare.response()
                self.assertEqual((response.frames, response.traceback), (frames, trace))
        self.assertEqual(self.bare.request("/read", body=[b"next"]).body, b"next")


if __name__ == "__main__":
    unittest.main()
