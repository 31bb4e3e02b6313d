"""The worker's end of the lanes, for tests: starts a real child and speaks frames to it."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import struct
import tempfile
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Tuple

from .fake_master import APPS, PROGRAM, CallFailed, FakeMaster, ForkedProcess, Lines

__all__ = ["APPS", "PROGRAM", "CallFailed", "FakeMaster", "FakeWorker"]

LIMIT_SECONDS = 60.0

# What can be had here.
MODES = ("sync", "threads", "gevent") if importlib.util.find_spec("gevent") else ("sync", "threads")

Frame = Tuple[str, bytes]


class Response(NamedTuple):
    """What came back for one request."""

    status: str
    headers: List[Tuple[str, str]]
    body: bytes
    # Types of the frames in their order.
    frames: str
    lines: List[str]
    hints: List[List[Tuple[str, str]]]
    # Of the application's failure.
    traceback: Optional[str]


class End:
    """One end of a socketpair."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        # Of the request that the lane carries.
        self.request = 0
        sock.settimeout(LIMIT_SECONDS)

    def send(self, kind: str, payload: bytes = b"", request: Optional[int] = None) -> None:
        if kind in "QB":
            self.request += 1
        number = self.request if request is None else request
        self.sock.sendall(struct.pack(">cII", kind.encode(), number, len(payload)) + payload)

    def receive(self) -> Optional[Frame]:
        prefix = self._exactly(9)
        if prefix is None:
            return None
        kind, request, length = struct.unpack(">cII", prefix)
        assert kind == b"L" or request == self.request, f"{kind!r} of request {request}, not {self.request}"
        payload = self._exactly(length)
        assert payload is not None, "the lane ended inside of a frame"
        return kind.decode(), payload

    def _exactly(self, length: int) -> Optional[bytes]:
        data = b""
        while len(data) < length:
            part = self.sock.recv(min(length - len(data), 1 << 20))
            if not part:
                return None
            data += part
        return data


class FakeWorker:
    """A forked process and the lanes to it; with a master of its own, unless one is given."""

    def __init__(
        self,
        target: str = "",
        mode: str = "sync",
        lanes: int = 1,
        *,
        master: Optional[FakeMaster] = None,
        age: int = 1,
        **options: Any,
    ) -> None:
        self.own = FakeMaster(options.pop("env", None)) if master is None else None
        self.master = self.own or master
        assert self.master is not None
        self.failure: Optional[Dict[str, Any]] = None
        self.stacks = tempfile.NamedTemporaryFile()
        self.ends: List[End] = []
        if self.own is not None:
            try:
                self.own.prepare(target, mode, **options)
            except CallFailed as error:
                self.failure = error.value
                return
        token = os.urandom(8).hex()
        words = {"lanes": lanes, "age": age, "stacks": self.stacks.name}
        self.news = Lines(self.master.connect(f"{token} worker {json.dumps(words)}"))
        self.control = End(self.master.connect(f"{token} control"))
        self.lanes = [End(self.master.connect(f"{token} lane")) for _ in range(lanes)]
        self.process = ForkedProcess(self.news, self.master)
        self.ends = [self.control, *self.lanes]

    def hello(self) -> Dict[str, Any]:
        kind, value = self.first_word()
        assert kind == "K", value
        return value

    def first_word(self) -> Tuple[str, Dict[str, Any]]:
        """K or F, and what it says."""
        if self.failure is not None:
            return "F", self.failure
        frame = self.control.receive()
        assert frame is not None, self.output()
        value: Dict[str, Any] = json.loads(frame[1])
        return frame[0], value

    def request(
        self,
        path: str = "/",
        *,
        body: Optional[Iterable[bytes]] = None,
        lane: int = 0,
        **environ: str,
    ) -> Response:
        self.start(path, body=body, lane=lane, **environ)
        return self.response(lane)

    def start(
        self, path: str = "/", *, body: Optional[Iterable[bytes]] = None, lane: int = 0, **environ: str
    ) -> None:
        values = make_environ(path, **environ)
        fields = "\0".join(part for pair in values.items() for part in pair)
        end = self.lanes[lane]
        end.send("Q" if body is None else "B", fields.encode("latin-1"))
        if body is not None:
            for part in body:
                end.send("D", part)
            end.send("E")

    def response(self, lane: int = 0) -> Response:
        status, body, frames = "", b"", ""
        headers: List[Tuple[str, str]] = []
        lines: List[str] = []
        hints: List[List[Tuple[str, str]]] = []
        while True:
            frame = self.lanes[lane].receive()
            assert frame is not None, "the child closed the lane: " + self.output()
            kind, payload = frame
            frames += kind
            if kind == "L":
                lines.append(payload.decode())
            elif kind == "I":
                hints.append(pairs_of(payload.split(b"\0")))
            elif kind == "H":
                status, headers = head_of(payload)
            elif kind == "D":
                body += payload
            elif kind == "R":
                (size,) = struct.unpack_from(">I", payload)
                status, headers = head_of(payload[4 : 4 + size])
                return Response(status, headers, payload[4 + size :], frames, lines, hints, None)
            elif kind == "E":
                return Response(status, headers, body, frames, lines, hints, None)
            elif kind == "X":
                return Response(status, headers, body, frames, lines, hints, payload.decode())
            else:
                raise AssertionError(f"unknown frame {kind}")

    def leave(self) -> int:
        """Closes the lanes, as a worker does that ends, and gives the exit code."""
        for end in self.lanes:
            end.sock.close()
        return self.process.wait(LIMIT_SECONDS)

    def errors(self) -> bytes:
        """All that went to stderr, once the processes have ended."""
        assert self.own is not None and self.own.process.stderr is not None
        self.own.channel.close()
        return self.own.process.stderr.read()

    def output(self) -> str:
        """All that was written until now."""
        assert self.master is not None
        # It holds the pipes of its master, and outlives it while it has lanes.
        self.process.kill()
        return self.master.output()

    def close(self) -> None:
        for end in self.ends:
            end.sock.close()
        if self.failure is None:
            self.news.close()
        if self.own is not None:
            self.own.close()
        self.stacks.close()

    def __enter__(self) -> FakeWorker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def make_environ(path: str, **more: str) -> Dict[str, str]:
    path, _, query = path.partition("?")
    environ = {
        "wsgi.url_scheme": "http",
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "51000",
        "HTTP_HOST": "127.0.0.1:8000",
    }
    environ.update(more)
    return environ


def head_of(data: bytes) -> Tuple[str, List[Tuple[str, str]]]:
    status, *rest = data.split(b"\0")
    return status.decode("latin-1"), pairs_of(rest)


def pairs_of(fields: List[bytes]) -> List[Tuple[str, str]]:
    texts = [field.decode("latin-1") for field in fields]
    return list(zip(texts[::2], texts[1::2]))
