"""What an application may do to give its response, and what it may not."""

from __future__ import annotations

import os
import tempfile
import unittest

from .fake_worker import MODES, FakeWorker


class Responses(unittest.TestCase):
    worker: FakeWorker

    @classmethod
    def setUpClass(cls) -> None:
        cls.worker = FakeWorker("pep:app")
        cls.worker.hello()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.worker.close()

    def test_a_small_response_is_one_frame(self) -> None:
        response = self.worker.request("/hello")
        self.assertEqual(response.status, "200 OK")
        self.assertEqual(response.headers, [("Content-Type", "text/plain"), ("Content-Length", "6")])
        self.assertEqual((response.body, response.frames), (b"hello\n", "R"))

    def test_the_environ_has_the_types_of_the_pep(self) -> None:
        lines = self.worker.request("/dump?a=1").body.decode().split("\n")
        for line in (
            "PATH_INFO=str:'/dump'",
            "QUERY_STRING=str:'a=1'",
            "wsgi.version=tuple:(1, 0)",
            "wsgi.url_scheme=str:'http'",
            "wsgi.multithread=bool:False",
            "wsgi.multiprocess=bool:True",
            "wsgi.run_once=bool:False",
            "wsgi.input_terminated=bool:True",
            "SERVER_SOFTWARE=str:'gunicorn-ts'",
        ):
            self.assertIn(line, lines)
        self.assertFalse([line for line in lines if line.startswith("gunicorn.socket")])

    def test_a_generator_starts_with_its_first_part_that_is_not_empty(self) -> None:
        response = self.worker.request("/generator")
        self.assertEqual((response.body, response.frames), (b"ab", "HDDE"))
        self.assertEqual(self.worker.request("/was_closed").body, b"generator")

    def test_a_part_is_sent_before_the_next_is_asked_for(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            flag = os.path.join(folder, "flag")
            self.worker.start("/late", HTTP_X_FLAG=flag)
            end = self.worker.lanes[0]
            self.assertEqual([end.receive(), end.receive()][1], ("D", b"first"))
            with open(flag, "w"):
                pass
            self.assertEqual(self.worker.response().body, b"second")

    def test_a_part_of_the_whole_announced_length_is_one_frame(self) -> None:
        response = self.worker.request("/sized")
        self.assertEqual((response.body, response.frames), (b"abc", "R"))

    def test_a_list_is_one_frame(self) -> None:
        response = self.worker.request("/listed")
        self.assertEqual((response.body, response.frames), (b"abc", "R"))

    def test_a_response_without_body_is_one_frame(self) -> None:
        response = self.worker.request("/empty")
        self.assertEqual((response.status, response.body), ("204 No Content", b""))

    def test_write_sends_before_what_is_returned(self) -> None:
        response = self.worker.request("/write")
        self.assertEqual((response.body, response.frames), (b"onetwothree", "HDDDE"))

    def test_exc_info_replaces_a_head_that_was_not_sent(self) -> None:
        response = self.worker.request("/replaced")
        self.assertEqual((response.status, response.body), ("500 Oh", b"replaced"))

    def test_exc_info_is_raised_again_after_the_head_was_sent(self) -> None:
        response = self.worker.request("/replaced_too_late")
        self.assertEqual(response.frames, "HDX")
        self.assertIn("KeyError: 'lost'", response.traceback or "")

    def test_a_large_response_is_cut_into_frames(self) -> None:
        response = self.worker.request("/big")
        self.assertEqual(response.body, b"x" * 3_000_000)
        self.assertEqual(response.frames, "HDDDE")

    def test_text_is_latin_1_both_ways(self) -> None:
        path = "/snowman/\u2603".encode().decode("latin-1")
        with FakeWorker("pep:any_path") as worker:
            worker.hello()
            response = worker.request(path, HTTP_X_NAME="caf\xe9")
        self.assertEqual(response.status, "200 Tr\xe8s bien")
        self.assertEqual(response.headers[1], ("X-Name", "caf\xe9"))
        self.assertEqual(response.body.decode(), "/snowman/\u2603")

    def test_early_hints_come_before_the_response(self) -> None:
        response = self.worker.request("/hints")
        self.assertEqual(response.frames, "IIR")
        self.assertEqual(response.hints[1], [("Link", "</b.js>; rel=preload"), ("X-A", "1")])

    def test_lines_for_wsgi_errors_arrive_whole(self) -> None:
        response = self.worker.request("/errors")
        self.assertEqual(response.lines, ["ehalf a line", "eone", "etwo", "eflushed"])


class Failures(unittest.TestCase):
    worker: FakeWorker

    @classmethod
    def setUpClass(cls) -> None:
        cls.worker = FakeWorker("pep:app")
        cls.worker.hello()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.worker.close()

    def test_a_traceback_begins_in_the_application(self) -> None:
        response = self.worker.request("/fails")
        trace = (response.traceback or "").split("\n")
        self.assertEqual(response.frames, "X")
        self.assertEqual(trace[0], "Traceback (most recent call last):")
        self.assertIn("apps/pep.py", trace[1])
        self.assertEqual(trace[-1], "RuntimeError: broken on purpose")

    def test_what_fails_in_the_middle_is_closed_and_cut(self) -> None:
        response = self.worker.request("/fails_while_iterating")
        self.assertEqual((response.frames, response.body), ("HDX", b"begun"))
        self.assertEqual(self.worker.request("/was_closed").body, b"failed")

    def test_a_failing_close_is_logged_after_the_response(self) -> None:
        self.assertEqual(self.worker.request("/fails_in_close").body, b"whole")
        following = self.worker.request("/hello")
        self.assertEqual(following.body, b"hello\n")
        self.assertIn("RuntimeError: broken close", following.lines[0])

    def test_mistakes_of_the_application_are_named(self) -> None:
        for path, message in {
            "/twice": "AssertionError: start_response() was called a second time without exc_info",
            "/no_start": "AssertionError: the application gave its response without a call of start_response()",
            "/text_body": "TypeError: a part of the body must be bytes, not 'text'",
            "/split_header": "ValueError: a header field cannot hold a line break or NUL: 'a\\r\\nSet-Cookie: b'",
            "/unencodable": "UnicodeEncodeError: 'latin-1' codec can't encode character '\\u20ac'",
        }.items():
            with self.subTest(path):
                self.assertIn(message, self.worker.request(path).traceback or "")
        self.assertEqual(self.worker.request("/hello").frames, "R")

    def test_whatever_is_raised_costs_one_request(self) -> None:
        for mode in MODES:
            for path, name in {"/leaves": "SystemExit: 7", "/interrupted": "KeyboardInterrupt", "/odd": "Odd"}.items():
                with self.subTest(mode, path=path), FakeWorker("pep:app", mode=mode) as worker:
                    worker.hello()
                    for _ in range(2):
                        self.assertIn(name, worker.request(path).traceback or "")
                        self.assertEqual(worker.request("/hello").frames, "R")

    def test_a_child_that_dies_closes_its_lane(self) -> None:
        with FakeWorker("pep:app") as worker:
            worker.hello()
            worker.start("/dies")
            self.assertIsNone(worker.lanes[0].receive())
            self.assertEqual(worker.process.wait(60), 9)

    def test_an_endless_response_stops_when_the_client_goes_away(self) -> None:
        self.worker.start("/endless")
        end = self.worker.lanes[0]
        for _ in range(3):
            end.receive()
        end.send("A")
        self.assertEqual(self.worker.response().frames[-1], "E")
        self.assertEqual(self.worker.request("/was_closed").body, b"endless")


class Files(unittest.TestCase):
    worker: FakeWorker

    @classmethod
    def setUpClass(cls) -> None:
        cls.worker = FakeWorker("pep:app")
        cls.worker.hello()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.worker.close()

    def test_a_file_is_sent_from_where_it_was_read_to(self) -> None:
        for size, frames in ((1024, "R"), (1 << 20, "HDE"), (10 << 20, "HDDDE")):
            with self.subTest(size):
                response = self.worker.request(f"/file?{size}")
                self.assertEqual(response.frames, frames)
                self.assertEqual(response.body, (bytes(range(256)) * (size // 256))[3:])

    def test_the_announced_length_cuts_a_file(self) -> None:
        self.assertEqual(len(self.worker.request("/part_of_file").body), 100_000)

    def test_a_file_without_descriptor_is_read(self) -> None:
        self.assertEqual(self.worker.request("/memory_file").body, b"abc" * 5)

    def test_a_file_that_decompresses_is_read(self) -> None:
        self.assertEqual(self.worker.request("/gzip_file").body, b"unpacked" * 3)


if __name__ == "__main__":
    unittest.main()
