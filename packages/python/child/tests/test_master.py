"""The master: it runs the configuration once, calls the hooks of the arbiter's side, and forks."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from typing import Any, List

from .fake_worker import APPS, CallFailed, FakeMaster, FakeWorker


class MasterTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def master(self) -> FakeMaster:
        master = FakeMaster()
        self.addCleanup(master.close)
        return master

    def prepared(self, target: str = "modes:app", mode: str = "sync", **options: Any) -> FakeMaster:
        master = self.master()
        self.hello = master.prepare(target, mode, **options)
        return master

    def worker(self, master: FakeMaster, lanes: int = 1, age: int = 1) -> FakeWorker:
        worker = FakeWorker(master=master, lanes=lanes, age=age)
        self.addCleanup(worker.close)
        return worker

    def write(self, text: str) -> str:
        path = os.path.join(self.folder, "gunicorn.conf.py")
        with open(path, "w") as file:
            file.write(text)
        return path


class Preload(MasterTest):
    def test_children_serve_what_was_loaded_once(self) -> None:
        master = self.prepared("preloaded:app", preload=True)
        children = [self.worker(master) for _ in range(3)]
        hellos = [child.hello() for child in children]
        bodies = {child.request().body for child in children}
        self.assertEqual(len({hello["pid"] for hello in hellos}), 3)
        self.assertEqual(bodies, {f"loaded by {self.hello['pid']}".encode()})
        self.assertTrue(any(path.endswith("preloaded.py") for path in self.hello["files"]))

    @unittest.skipUnless(importlib.util.find_spec("gevent"), "gevent is not installed")
    def test_greenlets_can_be_forked(self) -> None:
        for preload in (True, False):
            master = self.prepared(mode="gevent", preload=preload)
            for _ in range(2):
                child = self.worker(master, 40)
                child.hello()
                begun = time.monotonic()
                for lane in range(40):
                    child.start("/meet_sleeping", lane=lane)
                self.assertEqual({child.response(lane).body for lane in range(40)}, {b"slept gevent"})
                # One after the other they would sleep for 8 seconds.
                self.assertLess(time.monotonic() - begun, 7)
                self.assertEqual(child.leave(), 0)

    def test_what_fails_to_load_is_told_with_the_files_so_far(self) -> None:
        with self.assertRaises(CallFailed) as failed:
            self.prepared("pkg.raises:app", preload=True)
        value = failed.exception.value
        self.assertEqual(value["kind"], "import-error")
        self.assertIn(os.path.join(APPS, "pkg", "raises.py"), value["files"])


class Forks(MasterTest):
    def test_a_child_has_as_many_lanes_as_its_worker_made(self) -> None:
        child = self.worker(self.prepared(mode="threads"), 2)
        child.hello()
        child.start("/meet", lane=0)
        child.start("/meet", lane=1)
        self.assertEqual([child.response(lane).body for lane in (0, 1)], [b"met True"] * 2)

    def test_a_child_goes_on_without_the_arbiter_and_the_master_waits_for_it(self) -> None:
        master = self.prepared()
        child = self.worker(master)
        child.hello()
        master.channel.close()
        self.assertEqual(child.request("/thread").body, b"main")
        self.assertIsNone(master.process.poll())
        self.assertEqual(child.leave(), 0)
        self.assertEqual(master.process.wait(60), 0)
        self.assertFalse(os.path.exists(master.path))

    def test_the_end_of_a_child_is_known(self) -> None:
        child = self.worker(self.prepared("modes:app"))
        child.hello()
        child.process.send_signal(signal.SIGKILL)
        self.assertEqual(child.process.wait(), -signal.SIGKILL)

    def test_a_child_that_hangs_and_has_lost_its_worker_is_ended(self) -> None:
        master = self.prepared()
        child = self.worker(master)
        pid = child.hello()["pid"]
        os.kill(pid, signal.SIGSTOP)
        child.close()
        self.assertTrue(self.is_gone(pid))

    def test_a_connection_that_nobody_understands_harms_nothing(self) -> None:
        master = self.prepared()
        master.connect("x worker no json").close()
        master.connect("x").close()
        silent = socket.socket(socket.AF_UNIX)
        silent.connect(master.path)
        child = self.worker(master)
        child.hello()
        self.assertEqual(child.request("/thread").body, b"main")
        silent.close()

    def test_what_is_sent_to_the_parent_of_a_worker_goes_to_the_arbiter(self) -> None:
        master = self.master()
        heard: List[int] = []
        before = signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
        self.addCleanup(signal.signal, signal.SIGHUP, before)
        master.prepare("modes:app", server={"pid": os.getpid()})
        master.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while not heard and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(heard, [signal.SIGHUP])

    def is_gone(self, pid: int) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.02)
        return False


class Configuration(MasterTest):
    def test_a_file_runs_once_and_what_it_does_reaches_the_application(self) -> None:
        ran = os.path.join(self.folder, "ran")
        path = self.write(
            f"import os\nos.environ['SEEN'] = 'yes'\nopen({ran!r}, 'a').write('x')\ndef post_fork(s, w): pass\n"
        )
        master = self.master()
        names = master.call("read", path=path)
        self.assertEqual(names["functions"], {"post_fork": 2})
        master.prepare("pep:app", conf=path)
        for _ in range(2):
            child = self.worker(master)
            child.hello()
            self.assertEqual(child.request("/hello").body, b"hello\n")
        with open(ran) as file:
            self.assertEqual(file.read(), "x")

    def test_hooks_are_called_in_the_child_with_what_pre_fork_left_there(self) -> None:
        path = self.write(
            "def on_starting(server): server.shared = [1]\n"
            "def pre_fork(server, worker): worker.mark = worker.age + server.shared[0]\n"
            "def post_fork(server, worker): worker.log.info('mark %s %s', worker.mark, worker.pid > 0)\n"
            "def child_exit(server, worker): server.log.info('gone %s', worker.mark)\n"
        )
        master = self.prepared("pep:app", conf=path)
        master.hook("on_starting")
        child = self.worker(master, age=7)
        frame = child.control.receive()
        self.assertEqual(frame, ("L", b"imark 8 True"))
        child.hello()
        self.assertEqual(child.leave(), 0)
        self.assertEqual(master.wait_for_log("gone"), "igone 8")

    def test_each_master_hears_the_number_of_workers_before_it_forks_and_no_number_twice(self) -> None:
        path = self.write(
            "told = []\n"
            "def nworkers_changed(server, new_value, old_value): told.append((new_value, old_value))\n"
            "def on_starting(server): server.log.info('starting %s', told)\n"
            "def when_ready(server): server.log.info('ready %s', told)\n"
        )
        master = self.prepared("pep:app", conf=path)
        master.hook("on_starting", numWorkers=3)
        self.assertEqual(master.wait_for_log("starting"), "istarting [(3, None)]")
        master.hook("nworkers_changed", [3, None])
        master.hook("nworkers_changed", [4, 3])
        master.hook("when_ready")
        self.assertEqual(master.wait_for_log("ready"), "iready [(3, None), (4, 3)]")

    def test_a_setting_that_on_starting_changes_is_told(self) -> None:
        path = self.write(
            "def on_starting(server):\n"
            "    server.cfg.set('bind', ['127.0.0.1:1'])\n"
            "    server.cfg.settings['certfile'].set('x.pem')\n"
            "    server.num_workers = 5\n"
        )
        master = self.prepared("pep:app", conf=path, settings={"certfile": None})
        self.assertEqual(
            master.hook("on_starting", numWorkers=2),
            {"bind": ["127.0.0.1:1"], "certfile": "x.pem", "workers": 5},
        )

    def test_what_ssl_context_does_becomes_settings_and_what_cannot_is_refused(self) -> None:
        pem = make_certificate(self.folder)
        for lines, expected in (
            ("context = default(); context.set_ciphers('ECDHE+AESGCM')", {"ciphers": "ECDHE+AESGCM", "keyfile": pem}),
            ("context = default(); context.minimum_version = ssl.TLSVersion.TLSv1_2", {"keyfile": pem}),
            ("context = default(); context.set_alpn_protocols(['h2', 'http/1.1'])", {"keyfile": pem}),
            ("context = default(); context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE", {"keyfile": pem}),
            (
                "context = default(); context.minimum_version = ssl.TLSVersion.TLSv1_3",
                {"keyfile": pem, "tls_min_version": "TLSv1.3", "tls_max_version": "TLSv1.3"},
            ),
            (
                "context = default(); context.options |= ssl.OP_NO_TLSv1_3",
                {"keyfile": pem, "tls_min_version": "TLSv1.2", "tls_max_version": "TLSv1.2"},
            ),
            ("context = default(); context.sni_callback = print", "sni_callback = "),
            ("context = default(); context.set_alpn_protocols(['h2'])", "the protocols h2 alone"),
            ("context = default(); context.set_ecdh_curve('prime256v1')", "a curve"),
            ("context = default(); context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF", "verify_flags = "),
            ("context = default(); context.maximum_version = ssl.TLSVersion.TLSv1_1", "no version of TLS"),
            ("context = ssl.create_default_context()", "a context of its own"),
        ):
            with self.subTest(lines):
                path = self.write(f"import ssl\ndef ssl_context(config, default):\n    {lines}\n    return context\n")
                tls = {"certfile": pem, "keyfile": None, "caCerts": None, "certReqs": 0, "ciphers": None}
                master = self.prepared("pep:app", conf=path, settings=tls)
                if isinstance(expected, str):
                    with self.assertRaisesRegex(CallFailed, expected):
                        master.call("tls")
                else:
                    self.assertEqual(master.call("tls"), expected)

    def test_pre_fork_that_fails_stops_the_worker_and_not_the_master(self) -> None:
        path = self.write("def pre_fork(server, worker):\n    if worker.age == 1: raise OSError('no')\n")
        master = self.prepared("pep:app", conf=path)
        news = self.worker(master, age=1).news.hear()
        assert news is not None
        self.assertEqual(news["failed"]["message"], "hook pre_fork failed: OSError('no')")
        self.worker(master, age=2).hello()

    def test_a_hook_with_a_wrong_number_of_parameters_is_found_when_it_is_read(self) -> None:
        for line, wanted in (
            ("def post_fork(worker): pass", "write def post_fork(server, worker)"),
            ("def on_starting(): pass", "it gets 1 value; write def on_starting(server)"),
            ("post_request = lambda worker: None", "write def post_request(worker, req, environ, resp)"),
        ):
            with self.subTest(line), self.assertRaises(CallFailed) as failed:
                self.master().call("read", path=self.write(line + "\n"))
            self.assertIn(wanted, str(failed.exception))
        for line in ("def post_request(worker, req): pass", "def post_fork(*values): pass"):
            with self.subTest(line):
                self.master().call("read", path=self.write(line + "\n"))

    def test_a_check_calls_no_hook(self) -> None:
        path = self.write(
            "def pre_fork(server, worker): print('called')\n"
            "def post_fork(server, worker): print('called')\n"
            "def post_worker_init(worker): print('called')\n"
            "def worker_exit(server, worker): print('called')\n"
            "def child_exit(server, worker): print('called')\n"
        )
        master = self.prepared("pep:app", conf=path, check=True)
        child = self.worker(master)
        child.hello()
        self.assertEqual(child.leave(), 0)
        master.channel.close()
        assert master.process.stdout is not None
        self.assertEqual(master.process.stdout.read(), b"")


def make_certificate(folder: str) -> str:
    path = os.path.join(folder, "server.pem")
    subject = ["-subj", "/CN=localhost", "-days", "1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path, "-out", path + ".crt", *subject]
    subprocess.run(command, check=True, capture_output=True)
    with open(path + ".crt") as certificate, open(path, "a") as file:
        file.write(certificate.read())
    return path


if __name__ == "__main__":
    unittest.main()
