"""What an application sends for a request, in the order that is allowed, as frames."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from .frames import PREFIX, WHOLE_PREFIX, WINDOW
from .headers import encode_headers, encode_trailers

# How far the response is.
NOTHING = 0
# Its head waits for the first piece of the body.
HELD = 1
STREAMING = 2
# Only trailers are missing.
BODY_SENT = 3
# The worker opens the file that is the body.
FILE_SENT = 4
COMPLETE = 5

EARLY_HINTS = 103
NO_BODY = frozenset((204, 304))


class Response:
    """The half of a call that `send` belongs to. Its state is that of the call: one object a request."""

    __slots__ = ()

    if TYPE_CHECKING:
        bus: Any
        stream: int
        scope: Dict[str, Any]
        gone: bool
        stage: int
        head: bytes
        left: Optional[int]
        has_body: bool
        trailers: bool
        credit: int
        waiting: Optional[List[asyncio.Future[None]]]
        opened: Optional[asyncio.Future[bytes]]

        async def wait(self) -> None: ...
        def complete(self) -> None: ...
        def fail(self, error: BaseException) -> None: ...

    async def send(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        if self.gone:
            # As the specification has it up to version 2.3. One that only sends gives the loop to the others, and to
            # the timer that ends it.
            await asyncio.sleep(0)
            return
        if kind == "http.response.body":
            body = message.get("body", b"")
            if type(body) is not bytes:
                body = as_bytes(body)
            more = message.get("more_body", False)
            if self.stage == HELD and not more and not self.trailers and len(body) <= WINDOW:
                self.send_whole(body)
            else:
                await self.send_part(body, more)
        elif kind == "http.response.start":
            self.start(message)
        elif kind == "http.response.early_hint" and self.stage <= HELD:
            self.hint([(b"link", link) for link in message["links"]])
        elif kind == "http.response.informational" and self.stage <= HELD:
            # Gunicorn's own. Of other numbers than 103 no client knows what to make.
            if message["status"] == EARLY_HINTS:
                self.hint(message.get("headers", ()))
        elif kind == "http.response.trailers" and self.trailers and self.stage == BODY_SENT:
            self.take_trailers(message)
        elif kind == "http.response.pathsend" and self.stage in (HELD, STREAMING):
            await self.send_file(message["path"])
        elif kind.startswith("http.response."):
            raise RuntimeError(f"{kind!r} is not understood here, or comes at the wrong time: {self.describe_stage()}")
        else:
            raise RuntimeError(f"{kind!r} is no message of a response")

    def hint(self, headers: Any) -> None:
        fields, _ = encode_headers(headers)
        if fields:
            self.bus.write(PREFIX.pack(b"I", self.stream, len(fields)) + fields)

    def start(self, message: Dict[str, Any]) -> None:
        if self.stage != NOTHING:
            raise RuntimeError(f"'http.response.start' was sent again: {self.describe_stage()}")
        status = message["status"]
        if not isinstance(status, int) or not 200 <= status <= 999:
            raise ValueError(f"the status of a response must be a number from 200 to 999, not {status!r:.100}")
        fields, length = encode_headers(message.get("headers", ()))
        self.head = b"%d\0%b" % (status, fields) if fields else b"%d" % status
        if status in NO_BODY or self.scope.get("method") == "HEAD":
            self.has_body = False
            if length is not None or status in NO_BODY:
                self.left = length
        else:
            self.left = length
        self.trailers = bool(message.get("trailers", False))
        self.stage = HELD
        self.bus.hold(self)

    def send_whole(self, body: bytes) -> None:
        """A response in one frame. The worker adds the length."""
        if self.has_body:
            if self.left is not None and self.left != len(body):
                self.refuse_length(len(body))
        elif self.left is None and self.may_tell_length():
            self.head += b"\0content-length\0%d" % len(body)
        if not self.has_body:
            body = b""
        head = self.head
        size = len(head)
        self.bus.write(WHOLE_PREFIX.pack(b"R", self.stream, 4 + size + len(body), size) + head + body)
        self.complete()

    async def send_part(self, body: bytes, more: bool) -> None:
        if self.stage not in (HELD, STREAMING):
            raise RuntimeError(f"'http.response.body' comes at the wrong time: {self.describe_stage()}")
        if self.has_body and self.left is not None:
            if len(body) > self.left or (not more and len(body) < self.left):
                self.refuse_length(len(body))
            self.left -= len(body)
        if self.stage == HELD:
            if not more and self.left is None and not self.trailers and self.may_tell_length():
                self.head += b"\0content-length\0%d" % len(body)
            self.write_head()
        if body and self.has_body:
            await self.write_body(body)
        if more or self.gone or self.stage == COMPLETE:
            return
        if self.trailers:
            self.stage = BODY_SENT
            return
        self.bus.write(PREFIX.pack(b"E", self.stream, 0))
        self.complete()

    async def write_body(self, body: bytes) -> None:
        """Waits only when the client, or the worker, is slower."""
        view = memoryview(body)
        while view and not self.gone:
            if self.credit <= 0:
                await self.wait()
                continue
            if self.bus.is_full:
                await self.bus.writable()
                continue
            piece = view[: self.credit]
            self.credit -= len(piece)
            self.bus.write(PREFIX.pack(b"D", self.stream, len(piece)))
            self.bus.write(piece)
            view = view[len(piece) :]

    def take_trailers(self, message: Dict[str, Any]) -> None:
        """All of them go out with the last: a body has one end."""
        fields = encode_trailers(message.get("headers", ()))
        if fields:
            self.head = self.head + b"\0" + fields if self.head else fields
        if message.get("more_trailers", False):
            return
        self.bus.write(PREFIX.pack(b"E", self.stream, len(self.head)) + self.head)
        self.complete()

    async def send_file(self, path: Any) -> None:
        """Waits until the worker has it open: what runs behind the response may remove it."""
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"the path of 'http.response.pathsend' must be a text, not {path!r:.100}")
        head = self.head if self.stage == HELD else b""
        # The specification has it absolute; Starlette sends on what it was given. The worker may be in another folder.
        name = os.fsencode(os.path.abspath(path))
        if b"\0" in name:
            raise ValueError(f"{path!r:.100} is no path")
        before, self.stage = self.stage, FILE_SENT
        self.opened = self.bus.loop.create_future()
        self.bus.write(WHOLE_PREFIX.pack(b"F", self.stream, 4 + len(head) + len(name), len(head)) + head + name)
        failure = await self.opened
        if failure:
            # Nothing of it has left.
            self.stage = before
            if before == HELD:
                self.bus.hold(self)
            raise OSError(f"{path} cannot be sent: {failure.decode('utf-8', 'replace')}")
        if not self.gone:
            self.complete()

    def flush_head(self) -> None:
        """The turn is over, and no body came: who waits for the head is to have it."""
        if self.stage == HELD and not self.gone:
            self.write_head()

    def write_head(self) -> None:
        self.bus.write(PREFIX.pack(b"H", self.stream, len(self.head)) + self.head)
        # From now on it holds trailers.
        self.head = b""
        self.stage = STREAMING

    def may_tell_length(self) -> bool:
        return int(self.head[:3]) not in NO_BODY

    def refuse_length(self, size: int) -> None:
        """Sends nothing of it, so that the application's own error response is still possible before the head."""
        if self.left is None:
            return
        kind = "longer" if size > self.left else "shorter"
        error = RuntimeError(f"the body of the response is {kind} than its Content-Length, by {abs(size - self.left)} bytes")
        if kind == "shorter":
            self.fail(error)
        raise error

    def describe_stage(self) -> str:
        if self.stage == NOTHING:
            return "'http.response.start' has to come first"
        return "the response is complete" if self.stage == COMPLETE else "the response has begun"


def as_bytes(body: Any) -> bytes:
    """A copy: the application may use the memory again as soon as `send` returns."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise TypeError(f"the body of a response must be bytes, not {type(body).__name__}")
