"""Frames on a socket. A lane carries one request at a time: a type, the request's number, a length, that many bytes."""

from __future__ import annotations

import _socket
import os
import socket
import struct
import threading
from typing import TYPE_CHECKING, Tuple, Union

from . import forked

if TYPE_CHECKING:
    from .greenlet_socket import GreenletSocket

MAX_PAYLOAD = 1 << 20
BUFFER_SIZE = 1 << 16

PREFIX = struct.Struct(">cII")
WHOLE_PREFIX = struct.Struct(">cIII")
# What follows the type: the number of the request, and the length.
NUMBERS = struct.Struct(">II")

# Of frames that belong to no request.
NO_REQUEST = 0

REQUEST = ord("Q")
REQUEST_WITH_BODY = ord("B")
DATA = ord("D")
END = ord("E")
ABORT = ord("A")


class LaneClosed(Exception):
    """The worker closed its end, or a frame could not be finished: nothing more can be said on this lane."""


class ProtocolError(Exception):
    """Bytes came that are no frame, or a frame that does not belong where it came."""


class Lane:
    """Reads and writes frames. One thread reads; `lock` is held for a frame, since any thread may write a log line."""

    __slots__ = ("sock", "peek", "buffer", "view", "start", "end", "lock", "busy", "request")

    def __init__(self, sock: Union[socket.socket, GreenletSocket]) -> None:
        self.sock = sock
        self.look_at(sock.fileno())
        self.buffer = bytearray(BUFFER_SIZE)
        self.view = memoryview(self.buffer)
        self.start = 0
        self.end = 0
        # Reentrant: the handler of a signal may log while its thread is about to release it.
        self.lock = threading.RLock()
        self.busy = False
        # The number of the last one that came.
        self.request = NO_REQUEST
        forked.keep(self)

    def look_at(self, number: int) -> None:
        # The bare class looks at the queue without waiting, where gevent's would hand over to its hub.
        self.peek = _socket.socket(fileno=number) if number >= 0 else nowhere()

    def _fill(self) -> None:
        """Receives more behind what is buffered, which is less than a prefix."""
        if self.start:
            rest = self.end - self.start
            self.buffer[:rest] = self.buffer[self.start : self.end]
            self.start, self.end = 0, rest
        count = self.sock.recv_into(self.view[self.end :])
        if not count:
            raise LaneClosed
        self.end += count

    def receive_prefix(self) -> Tuple[int, int, int]:
        """Type, request and length of the next frame; its payload is next to be taken."""
        while self.end - self.start < PREFIX.size:
            self._fill()
        kind = self.buffer[self.start]
        request, length = NUMBERS.unpack_from(self.buffer, self.start + 1)
        self.start += PREFIX.size
        return kind, request, length

    def take(self, limit: int) -> bytes:
        """At least one byte and at most `limit` of the payload, as it arrives."""
        if self.start < self.end:
            stop = min(self.end, self.start + limit)
            data = bytes(self.view[self.start : stop])
            self.start = stop
            return data
        data = self.sock.recv(min(limit, BUFFER_SIZE))
        if not data:
            raise LaneClosed
        return data

    def take_all(self, length: int) -> bytes:
        """A whole payload."""
        parts = []
        while length:
            data = self.take(length)
            parts.append(data)
            length -= len(data)
        return b"".join(parts)

    def is_abort_next(self) -> bool:
        """Whether an abort has arrived, without waiting for it. True also when the worker is gone."""
        if self.start < self.end:
            return self.buffer[self.start] == ABORT
        try:
            data = self.peek.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError as error:
            raise LaneClosed from error
        return not data or data[0] == ABORT

    def send(self, kind: bytes, payload: bytes = b"", request: int = NO_REQUEST) -> None:
        """One frame; data in several when it is longer than a frame may be."""
        if len(payload) <= BUFFER_SIZE:
            self.write(PREFIX.pack(kind, request, len(payload)) + payload)
            return
        view = memoryview(payload)
        for start in range(0, len(payload), MAX_PAYLOAD):
            part = view[start : start + MAX_PAYLOAD]
            self.write(PREFIX.pack(kind, request, len(part)), part)

    def send_whole(self, head: bytes, body: bytes, request: int) -> None:
        """A response in one frame."""
        size = len(head)
        self.write(WHOLE_PREFIX.pack(b"R", request, 4 + size + len(body), size) + head + body)

    def write(self, data: bytes, more: Union[bytes, memoryview] = b"") -> None:
        """Whole frames, without those of another thread between."""
        try:
            with self.lock:
                self.sock.sendall(data)
                if more:
                    self.sock.sendall(more)
        except OSError as error:
            raise LaneClosed from error
        except BaseException:
            # The handler of a signal raised it: how much of the frame went out, nobody knows.
            self.close()
            raise

    def abandon(self, dead_end: int) -> None:
        """In a forked child. The number stays taken: greenlets that were copied wait on it, and the application's next
        file must not get it."""
        if self.peek.fileno() >= 0:
            os.dup2(dead_end, self.peek.fileno(), inheritable=False)
        # A thread that was not copied may have held it.
        self.lock = threading.RLock()

    def close(self) -> None:
        forked.forget(self)
        self.peek.detach()
        self.sock.close()


def nowhere() -> _socket.socket:
    closed = _socket.socket()
    closed.close()
    return closed
