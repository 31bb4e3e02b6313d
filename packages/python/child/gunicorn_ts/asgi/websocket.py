"""One call of the application for a WebSocket. Frames, pings and the limits of messages are the worker's."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Deque, Dict, List, Optional, Tuple

from .failure import describe_failure
from .frames import CODE, COUNT, MESSAGE_COST, MORE, PREFIX, WHOLE_PREFIX, WINDOW
from .headers import encode_headers
from .http import COMPLETE, HALF_WINDOW, NOTHING, HttpCall

if TYPE_CHECKING:
    from .service import Service

MAX_REASON = 123
NORMAL = 1000
ABNORMAL = 1006
INTERNAL_ERROR = 1011


class ClientDisconnected(OSError):
    """Thrown out of `send` when the client has left, as the specification has it from version 2.4 on."""


class WebSocketCall(HttpCall):
    """Until it is accepted, a request like any other: the response that refuses it is one of HTTP."""

    __slots__ = ("is_open", "is_connected", "messages", "pieces", "costs", "closed", "is_ours", "is_sending")

    def __init__(self, service: Service, stream: int, flags: int, scope: Dict[str, Any]) -> None:
        super().__init__(service, stream, flags, scope)
        self.is_open = False
        # Whether `websocket.connect` was given.
        self.is_connected = False
        self.messages: Deque[Tuple[Dict[str, Any], int]] = deque()
        self.pieces: List[bytes] = []
        self.closed: Optional[Dict[str, Any]] = None
        # The application has closed it, not the client.
        self.is_ours = False
        # A message that goes out in pieces: the others wait for its end.
        self.is_sending = False

    def returned(self) -> None:
        if self.is_open and self.closed is None:
            self.close(NORMAL, "")
        elif not self.is_open and self.stage == NOTHING and not self.gone:
            self.refuse()
        else:
            super().returned()

    async def receive(self) -> Dict[str, Any]:
        if not self.is_connected:
            self.is_connected = True
            return {"type": "websocket.connect"}
        while True:
            if self.messages:
                message, cost = self.messages.popleft()
                self.give_back(cost)
                return message
            if self.closed is not None:
                if self.timer is not None:
                    # It knows, and comes to its end by itself.
                    self.timer.cancel()
                return dict(self.closed)
            await self.wait()

    async def send(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        if self.closed is not None and not self.is_ours:
            raise ClientDisconnected(f"{kind!r}: the client has left")
        if kind == "websocket.send" and self.is_open and self.closed is None:
            await self.send_message(message)
        elif kind == "websocket.accept" and not self.is_open and self.stage == NOTHING:
            self.accept(message)
        elif kind == "websocket.close" and self.closed is None and self.stage == NOTHING:
            if self.is_open:
                self.close(message.get("code", NORMAL), message.get("reason") or "")
            else:
                self.refuse()
        elif kind.startswith("websocket.http.response.") and not self.is_open:
            await super().send({**message, "type": kind[len("websocket.") :]})
        else:
            raise RuntimeError(f"{kind!r} comes at the wrong time: {self.describe_stage()}")

    def accept(self, message: Dict[str, Any]) -> None:
        subprotocol = message.get("subprotocol")
        if subprotocol is not None and not isinstance(subprotocol, str):
            raise TypeError(f"the subprotocol must be a text, not {subprotocol!r:.100}")
        headers = list(message.get("headers", ()))
        if any(bytes(name).lower() == b"sec-websocket-protocol" for name, _ in headers):
            raise ValueError("the header sec-websocket-protocol is that of 'subprotocol', and must not be given")
        fields, _ = encode_headers(headers)
        payload = (subprotocol or "").encode("latin-1")
        if fields:
            payload += b"\0" + fields
        self.bus.write(PREFIX.pack(b"a", self.stream, len(payload)) + payload)
        self.is_open = True

    async def send_message(self, message: Dict[str, Any]) -> None:
        text, data = message.get("text"), message.get("bytes")
        if text is not None:
            kind, body = b"t", text.encode("utf-8")
        elif data is not None:
            kind, body = b"b", bytes(data)
        else:
            raise ValueError("'websocket.send' needs text or bytes")
        if len(body) <= WINDOW and self.credit > 0 and not self.is_sending and not self.bus.is_full:
            self.credit -= len(body) + MESSAGE_COST
            self.bus.write(PREFIX.pack(kind, self.stream, len(body) + 1) + b"\0" + body)
            return
        await self.send_pieces(kind, body)

    async def send_pieces(self, kind: bytes, body: bytes) -> None:
        while self.is_sending:
            await self.wait()
        self.is_sending = True
        try:
            for start in range(0, len(body) or 1, WINDOW):
                while self.closed is None and (self.credit <= 0 or self.bus.is_full):
                    await (self.bus.writable() if self.bus.is_full else self.wait())
                if self.closed is not None:
                    raise ClientDisconnected("'websocket.send': the client has left")
                piece = body[start : start + WINDOW]
                flags = MORE if start + WINDOW < len(body) else 0
                self.credit -= len(piece) + MESSAGE_COST
                self.bus.write(PREFIX.pack(kind, self.stream, len(piece) + 1) + bytes((flags,)) + piece)
        finally:
            self.is_sending = False
            self.wake()

    def close(self, code: Any, reason: str) -> None:
        if not isinstance(code, int) or not (1000 <= code <= 1014 and code not in (1004, 1005, 1006) or 3000 <= code <= 4999):
            raise ValueError(f"{code!r:.100} is no code that a WebSocket can be closed with")
        text = reason.encode("utf-8")
        if len(text) > MAX_REASON:
            raise ValueError(f"the reason of a close must not be longer than {MAX_REASON} bytes")
        self.bus.write(PREFIX.pack(b"c", self.stream, 2 + len(text)) + CODE.pack(code) + text)
        self.is_ours = True
        self.end(code, reason)

    def refuse(self) -> None:
        head = b"403\0content-length\x000"
        self.bus.write(WHOLE_PREFIX.pack(b"R", self.stream, 4 + len(head), len(head)) + head)
        self.complete()

    def complete(self) -> None:
        """It is refused, or has failed."""
        self.is_ours = True
        self.end(ABNORMAL, "")

    def end(self, code: int, reason: str) -> None:
        self.closed = {"type": "websocket.disconnect", "code": code, "reason": reason}
        self.stage = COMPLETE
        self.wake()

    def fail(self, error: BaseException) -> None:
        if self.closed is not None and (is_farewell(error) or isinstance(error, asyncio.CancelledError)):
            return
        if self.is_open and self.closed is None:
            self.service.log("e", f"Error in the WebSocket {self}\n{describe_failure(error)}")
            self.close(INTERNAL_ERROR, "")
        else:
            super().fail(error)

    def take_message(self, is_text: bool, payload: bytes) -> None:
        self.pieces.append(payload[1:])
        cost = len(payload) - 1 + MESSAGE_COST
        if payload[0] & MORE:
            # The rest is needed before anybody can take it: the worker knows how long it may become.
            self.give_back(cost)
            return
        body = self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)
        self.pieces = []
        message: Dict[str, Any] = {"type": "websocket.receive"}
        if is_text:
            message["text"] = body.decode("utf-8")
        else:
            message["bytes"] = body
            if not body:
                # Quart looks for the other one.
                message["text"] = None
        self.messages.append((message, cost))
        self.wake()

    def give_back(self, cost: int) -> None:
        self.taken += cost
        if self.taken >= HALF_WINDOW:
            self.bus.write(PREFIX.pack(b"G", self.stream, 4) + COUNT.pack(self.taken))
            self.taken = 0

    def take_close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.end(code, reason)
            self.timer = self.bus.loop.call_later(self.service.grace_seconds, self.task.cancel)

    def lose_client(self) -> None:
        """Before it was accepted, or with the bus."""
        if self.closed is None:
            self.gone = True
            self.take_close(ABNORMAL, "")

    def leave(self) -> None:
        """The worker has said it by a close frame."""

    def describe_stage(self) -> str:
        if self.closed is not None:
            return "the WebSocket is closed"
        return "the WebSocket is open" if self.is_open else "'websocket.accept' has to come first"

    def __str__(self) -> str:
        return f"GET {self.scope['raw_path'].decode('latin-1')}"


def is_farewell(error: BaseException) -> bool:
    """Whether an exception says nothing but that the client has left; task groups wrap it."""
    inner = getattr(error, "exceptions", None)
    if inner is not None:
        return all(is_farewell(one) for one in inner)
    # Starlette makes one of its own of ours, and of the message.
    return isinstance(error, ClientDisconnected) or type(error).__name__ == "WebSocketDisconnect"
