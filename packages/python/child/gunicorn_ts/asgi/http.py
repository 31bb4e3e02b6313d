"""One call of the application for an HTTP request: `receive` and `send`, and what becomes of how it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Dict, List, Optional

from .failure import describe_failure
from .frames import COUNT, EXPECTS_CONTINUE, HAS_BODY, PREFIX, WINDOW, ProtocolError
from .response import COMPLETE, HELD, NOTHING, Response

if TYPE_CHECKING:
    from .service import Service

# Pieces of a request's body after which the worker hears that there is room.
HALF_WINDOW = WINDOW // 2


class HttpCall(Response):
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
        "opened",
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
        # The worker opens a file that is the body.
        self.opened: Optional[asyncio.Future[bytes]] = None

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

    def take_file(self, failure: bytes) -> None:
        if self.opened is not None and not self.opened.done():
            self.opened.set_result(failure)

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
        self.take_file(b"")
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

    def __str__(self) -> str:
        return f"{self.scope['method']} {self.scope['raw_path'].decode('latin-1')}"
