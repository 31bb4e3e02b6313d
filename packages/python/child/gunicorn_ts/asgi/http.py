"""One call of the application for an HTTP request: `receive` and `send`, and what becomes of how it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Dict, List, Optional

from .failure import describe_failure
from .frames import COUNT, EXPECTS_CONTINUE, HAS_BODY, PREFIX, WHOLE_PREFIX, WINDOW, ProtocolError
from .headers import encode_headers

if TYPE_CHECKING:
    from .service import Service

# How far the response is.
NOTHING = 0
# Its head waits for the first piece of the body.
HELD = 1
STREAMING = 2
# Only trailers are missing.
BODY_SENT = 3
COMPLETE = 4

EARLY_HINTS = 103
NO_BODY = frozenset((204, 304))
# Pieces of a request's body after which the worker hears that there is room.
HALF_WINDOW = WINDOW // 2


class HttpCall:
    """Written for the smallest request: nothing is made before somebody waits for it."""

    __slots__ = (
        "service",
        "bus",
        "stream",
        "scope",
        "task",
        "parts",
        "taken",
        "is_ended",
        "is_delivered",
        "wants_word",
        "gone",
        "is_leaving",
        "stage",
        "head",
        "left",
        "has_body",
        "trailers",
        "credit",
        "waiting",
        "timer",
        "told",
    )

    def __init__(self, service: Service, stream: int, flags: int, scope: Dict[str, Any]) -> None:
        self.service = service
        self.bus = service.bus
        self.stream = stream
        self.scope = scope
        self.task: Any = None
        # Of the request's body: what came and was not asked for, and what was since the last word to the worker.
        self.parts: List[bytes] = []
        self.taken = 0
        self.is_ended = not flags & HAS_BODY
        self.is_delivered = False
        self.wants_word = bool(flags & EXPECTS_CONTINUE)
        self.gone = False
        # The worker is about to leave: what waits for the client to go is told that it has.
        self.is_leaving = False
        self.stage = NOTHING
        self.head = b""
        # Bytes that Content-Length promises and that are still to come.
        self.left: Optional[int] = None
        self.has_body = True
        self.trailers = False
        self.credit = WINDOW
        self.waiting: Optional[List[asyncio.Future[None]]] = None
        self.timer: Optional[asyncio.TimerHandle] = None
        # The exception that the worker was told of.
        self.told: Optional[BaseException] = None

    async def run(self, application: Callable[..., Awaitable[Any]]) -> None:
        try:
            result = await application(self.scope, self.receive, self.send)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            self.fail(error)
        else:
            self.returned()
            if result is not None:
                self.service.log("w", f"The ASGI application returned {result!r:.100} for {self}; it should return None")
        finally:
            if self.timer is not None:
                self.timer.cancel()
            self.service.ended(self.stream)

    def returned(self) -> None:
        if self.stage != COMPLETE and not self.gone:
            self.fail(RuntimeError("the ASGI application returned before its response was complete"))

    async def receive(self) -> Dict[str, Any]:
        while True:
            if not self.is_delivered and self.stage != COMPLETE:
                if self.is_ended or (self.parts and not self.gone):
                    return self.next_part()
                if not self.gone and self.wants_word:
                    self.wants_word = False
                    if self.stage <= HELD:
                        self.bus.write(PREFIX.pack(b"C", self.stream, 0))
            if self.gone or self.is_leaving or self.stage == COMPLETE:
                return {"type": "http.disconnect"}
            await self.wait()

    def next_part(self) -> Dict[str, Any]:
        parts = self.parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        if parts:
            self.parts = []
        if self.is_ended:
            self.is_delivered = True
            return {"type": "http.request", "body": body, "more_body": False}
        self.taken += len(body)
        if self.taken >= HALF_WINDOW:
            self.bus.write(PREFIX.pack(b"G", self.stream, 4) + COUNT.pack(self.taken))
            self.taken = 0
        return {"type": "http.request", "body": body, "more_body": True}

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
        elif kind == "http.response.trailers" and self.stage in (HELD, STREAMING, BODY_SENT):
            self.take_trailers(message)
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
        encode_headers(message.get("headers", ()))
        if message.get("more_trailers", False):
            return
        if self.stage == HELD:
            self.write_head()
        self.bus.write(PREFIX.pack(b"E", self.stream, 0))
        self.complete()

    def flush_head(self) -> None:
        """The turn is over, and no body came: who waits for the head is to have it."""
        if self.stage == HELD and not self.gone:
            self.write_head()

    def write_head(self) -> None:
        self.bus.write(PREFIX.pack(b"H", self.stream, len(self.head)) + self.head)
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

    def complete(self) -> None:
        self.stage = COMPLETE
        if self.waiting is not None:
            self.wake()

    def fail(self, error: BaseException) -> None:
        """The first that goes wrong ends the stream; what comes later is only logged."""
        if isinstance(error, asyncio.CancelledError):
            if self.gone or self.stage == COMPLETE:
                return
            if self.is_leaving:
                error = TimeoutError("cut off, since the worker leaves")
        if error is self.told:
            return
        if self.stage == COMPLETE or self.gone:
            self.service.log("e", f"Error behind the end of {self}\n{describe_failure(error)}")
            return
        self.told = error
        payload = describe_failure(error).encode("utf-8", "backslashreplace")[:WINDOW]
        self.bus.write(PREFIX.pack(b"X", self.stream, len(payload)) + payload)
        self.complete()

    def take_message(self, is_text: bool, payload: bytes) -> None:
        raise ProtocolError("a message of a WebSocket where there is none")

    def take_close(self, code: int, reason: str) -> None:
        raise ProtocolError("the end of a WebSocket where there is none")

    def take_data(self, data: bytes) -> None:
        self.parts.append(data)
        self.wants_word = False
        if self.waiting is not None:
            self.wake()

    def take_end(self) -> None:
        self.is_ended = True
        if self.waiting is not None:
            self.wake()

    def take_credit(self, count: int) -> None:
        self.credit += count
        if self.waiting is not None:
            self.wake()

    def lose_client(self) -> None:
        if self.gone or self.stage == COMPLETE:
            return
        self.gone = True
        if self.waiting is not None:
            self.wake()
        self.timer = self.bus.loop.call_later(self.service.grace_seconds, self.task.cancel)

    def leave(self) -> None:
        if self.stage != COMPLETE:
            self.is_leaving = True
            if self.waiting is not None:
                self.wake()

    def cut(self) -> None:
        if self.stage != COMPLETE:
            self.task.cancel()

    async def wait(self) -> None:
        """Until something happens. Several tasks of the application may wait at the same time."""
        waiter = self.bus.loop.create_future()
        if self.waiting is None:
            self.waiting = []
        self.waiting.append(waiter)
        await waiter

    def wake(self) -> None:
        waiting, self.waiting = self.waiting, None
        for waiter in waiting or ():
            if not waiter.done():
                waiter.set_result(None)

    def describe_stage(self) -> str:
        if self.stage == NOTHING:
            return "'http.response.start' has to come first"
        return "the response is complete" if self.stage == COMPLETE else "the response has begun"

    def __str__(self) -> str:
        return f"{self.scope['method']} {self.scope['raw_path'].decode('latin-1')}"


def as_bytes(body: Any) -> bytes:
    """A copy: the application may use the memory again as soon as `send` returns."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise TypeError(f"the body of a response must be bytes, not {type(body).__name__}")
