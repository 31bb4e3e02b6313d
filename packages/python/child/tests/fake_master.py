"""The arbiter's end of the channel, for tests: starts a real master and calls it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from typing import IO, Any, Dict, List, Optional

PROGRAM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "gunicorn_master.py")
APPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "apps")
LIMIT_SECONDS = 60.0


class CallFailed(Exception):
    """A call that was answered with a failure."""

    def __init__(self, value: Dict[str, Any]) -> None:
        super().__init__(value["message"])
        self.value = value


class Lines:
    """JSON objects, a line each."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(LIMIT_SECONDS)
        self.file: IO[bytes] = sock.makefile("rb")

    def say(self, value: Dict[str, Any]) -> None:
        self.sock.sendall(json.dumps(value).encode() + b"\n")

    def hear(self) -> Optional[Dict[str, Any]]:
        line = self.file.readline()
        return dict(json.loads(line)) if line else None

    def close(self) -> None:
        self.file.close()
        self.sock.close()


class FakeMaster:
    """A master, as the arbiter sees it."""

    def __init__(self, env: Optional[Dict[str, str]] = None) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "socket")
        ours, theirs = socket.socketpair()
        self.channel = Lines(ours)
        # Lines for the log.
        self.logged: List[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-X", "faulthandler", PROGRAM],
            env={**os.environ, **(env or {}), "GUNICORN_TS_MASTER": str(theirs.fileno())},
            pass_fds=[theirs.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        theirs.close()

    def call(self, name: str, **values: Any) -> Any:
        self.channel.say({"id": 1, "call": name, "with": values})
        while True:
            answer = self.channel.hear()
            assert answer is not None, "the master ended: " + self.output()
            if "log" in answer:
                self.logged.append(answer["log"])
            elif "error" in answer:
                raise CallFailed(answer["error"])
            elif "id" in answer:
                return answer["result"]

    def prepare(self, target: str, mode: str = "sync", **options: Any) -> Any:
        logs = ("logConfig", "logConfigJson", "logConfigDict", "loglevel")
        given = {name: options.pop(name) for name in logs if name in options}
        settings = {**given, "workers": 2, "timeout": 30, "maxRequests": 0, "workerTmpDir": None, "bind": []}
        return self.call(
            "prepare",
            **{
                "target": target,
                "mode": mode,
                "address": self.path,
                "pythonpath": [APPS],
                "settings": {**settings, **options.pop("settings", {})},
                **options,
            },
        )

    def hook(self, name: str, values: Optional[List[Any]] = None, **facts: Any) -> Any:
        return self.call("hook", hook=name, server=facts, values=values or [])

    def wait_for_log(self, text: str) -> str:
        """A line that has it."""
        while True:
            for line in self.logged:
                if text in line:
                    return line
            heard = self.channel.hear()
            assert heard is not None, "the master ended"
            if "log" in heard:
                self.logged.append(heard["log"])

    def connect(self, words: str) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(self.path)
        sock.sendall(words.encode() + b"\n")
        return sock

    def output(self) -> str:
        self.process.kill()
        out, err = self.process.communicate()
        return (out + err).decode()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.channel.close()
        self.folder.cleanup()


class ForkedProcess:
    """The process of a worker, of which the master tells."""

    def __init__(self, news: Lines, master: FakeMaster) -> None:
        self.news = news
        self.stdout = master.process.stdout
        self.first: Optional[Dict[str, Any]] = None
        self.end: Optional[int] = None

    @property
    def pid(self) -> int:
        if self.first is None:
            self.first = self.news.hear()
        assert self.first is not None
        return int(self.first["pid"])

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        try:
            self.send_signal(signal.SIGKILL)
        except ProcessLookupError:
            pass

    def wait(self, _: float = 0) -> int:
        """The exit code, or the number of the signal below zero."""
        if self.end is None:
            assert self.pid
            end = self.news.hear()
            assert end is not None
            name = end["signal"]
            self.end = int(end["code"]) if name is None else -int(signal.Signals[name])
        return self.end
