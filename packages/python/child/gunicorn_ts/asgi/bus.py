"""The socket to the worker that carries all requests at the same time, each on a stream of its own."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Callable, Dict, List, Optional, Protocol, Union

from .. import forked
from .frames import (
    BINARY,
    CLOSE,
    CODE,
    COUNT,
    CREDIT,
    DATA,
    END,
    FILE,
    GONE,
    LEAVE,
    MAX_PAYLOAD,
    NUMBERS,
    PREFIX_SIZE,
    REQUEST,
    SECURITY,
    TEXT,
    WEBSOCKET,
    ProtocolError,
)

BUFFER_SIZE = 1 << 18
# What waits for the worker to read before nothing more is taken from applications.
HIGH_WATER = 1 << 20


class Stream(Protocol):
    """One request, as the bus sees it."""

    def take_data(self, data: bytes) -> None: ...
    def take_end(self) -> None: ...
    def take_credit(self, count: int) -> None: ...
    def take_file(self, failure: bytes) -> None: ...
    def take_message(self, is_text: bool, payload: bytes) -> None: ...
    def take_close(self, code: int, reason: str) -> None: ...
    def lose_client(self) -> None: ...
    def flush_head(self) -> None: ...
    def leave(self) -> None: ...
    def cut(self) -> None: ...


class Bus(asyncio.BufferedProtocol):
    """Reads frames, and writes those of a turn of the loop at once. All of it is in the loop's thread."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        begin: Callable[[int, int, int, bytes], Stream],
        on_leave: Callable[[float, float], None],
        on_closed: Callable[[Optional[Exception]], None],
        on_tls: Callable[[bytes], None],
    ) -> None:
        self.loop = loop
        self.begin = begin
        self.on_leave = on_leave
        self.on_closed = on_closed
        self.on_tls = on_tls
        # Those whose application has not returned.
        self.streams: Dict[int, Stream] = {}
        # Those whose head waits for the end of the turn.
        self.held: List[Stream] = []
        self.is_closed = False
        self.is_full = False
        self._transport: Any = None
        self._fd = -1
        self._buffer = bytearray(BUFFER_SIZE)
        self._view = memoryview(self._buffer)
        self._end = 0
        self._out: List[Union[bytes, memoryview]] = []
        self._is_scheduled = False
        self._waiting: List[asyncio.Future[None]] = []

    async def connect(self, sock: Any) -> None:
        self._fd = sock.fileno()
        forked.keep(self)
        await self.loop.create_unix_connection(lambda: self, sock=sock)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.set_write_buffer_limits(HIGH_WATER)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view[self._end :]

    def buffer_updated(self, nbytes: int) -> None:
        buffer, view = self._buffer, self._view
        end = self._end + nbytes
        at = 0
        unpack_numbers = NUMBERS.unpack_from
        while end - at >= PREFIX_SIZE:
            number, length = unpack_numbers(buffer, at + 1)
            start = at + PREFIX_SIZE
            stop = start + length
            if stop > end:
                if length > MAX_PAYLOAD:
                    raise ProtocolError(f"frame {chr(buffer[at])!r} of {length} bytes")
                break
            if buffer[at] == REQUEST or buffer[at] == WEBSOCKET:
                payload = bytes(view[start + 1 : stop])
                self.streams[number] = self.begin(buffer[at], number, buffer[start], payload)
            else:
                self._take(buffer[at], number, bytes(view[start:stop]))
            at = stop
        self._keep(at, end)
        # Behind the first step of each task that was made just now: what they answer leaves together.
        if not self._is_scheduled:
            self._is_scheduled = True
            self.loop.call_soon(self.flush)

    def write(self, data: Union[bytes, memoryview]) -> None:
        """A frame, or a part of one that the rest follows at once. It leaves at the end of the turn."""
        self._out.append(data)
        if not self._is_scheduled:
            self._is_scheduled = True
            self.loop.call_soon(self.flush)

    def hold(self, stream: Stream) -> None:
        """Its head waits: with the body it will be one frame."""
        self.held.append(stream)
        if not self._is_scheduled:
            self._is_scheduled = True
            self.loop.call_soon(self.flush)

    def flush(self) -> None:
        # Still true while heads are added, so that they do not ask for another turn.
        if self.held:
            held, self.held = self.held, []
            for stream in held:
                stream.flush_head()
        self._is_scheduled = False
        out = self._out
        if out:
            self._out = []
            if not self.is_closed:
                self._transport.write(out[0] if len(out) == 1 else b"".join(out))

    async def writable(self) -> None:
        """Until the worker has read."""
        while self.is_full and not self.is_closed:
            waiter = self.loop.create_future()
            self._waiting.append(waiter)
            await waiter

    def pause_writing(self) -> None:
        self.is_full = True

    def resume_writing(self) -> None:
        self.is_full = False
        self._wake()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self.is_closed = True
        forked.forget(self)
        self._wake()
        for stream in list(self.streams.values()):
            stream.lose_client()
        self.on_closed(exc)

    def abandon(self, dead_end: int) -> None:
        """In a forked child: nothing can be sent or stolen there."""
        os.dup2(dead_end, self._fd, inheritable=False)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _take(self, kind: int, number: int, payload: bytes) -> None:
        stream = self.streams.get(number)
        if kind == LEAVE:
            farewell, cut = NUMBERS.unpack(payload)
            self.on_leave(farewell / 1000, cut / 1000)
        elif kind == SECURITY:
            self.on_tls(payload)
        elif stream is None:
            # It has ended while this was on its way.
            if kind not in (DATA, END, GONE, CREDIT, FILE, TEXT, BINARY, CLOSE):
                raise ProtocolError(f"frame {chr(kind)!r} of stream {number}")
        elif kind == DATA:
            stream.take_data(payload)
        elif kind == END:
            stream.take_end()
        elif kind == CREDIT:
            stream.take_credit(COUNT.unpack(payload)[0])
        elif kind == GONE:
            stream.lose_client()
        elif kind == FILE:
            stream.take_file(payload)
        elif kind == TEXT or kind == BINARY:
            stream.take_message(kind == TEXT, payload)
        elif kind == CLOSE:
            stream.take_close(CODE.unpack_from(payload)[0], payload[CODE.size :].decode("utf-8", "replace"))
        else:
            raise ProtocolError(f"frame {chr(kind)!r} of stream {number}")

    def _keep(self, at: int, end: int) -> None:
        """What has not arrived whole waits at the beginning of the buffer, which has room for the rest of it."""
        rest = end - at
        if rest == 0:
            self._end = 0
            return
        needed = rest + 1
        if rest >= PREFIX_SIZE:
            needed = max(needed, PREFIX_SIZE + NUMBERS.unpack_from(self._buffer, at + 1)[1])
        if at > 0 or needed > len(self._buffer):
            kept = bytes(self._view[at:end])
            if needed > len(self._buffer):
                # Anew, since the transport may hold a view of the old one.
                self._buffer = bytearray(max(needed, BUFFER_SIZE))
                self._view = memoryview(self._buffer)
            self._view[:rest] = kept
        self._end = rest

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)
