"""Frames on a socket. A lane carries one request at a time: a type byte, a length, and that many bytes."""

from __future__ import annotations

import _socket
import socket
import struct
import threading
from typing import TYPE_CHECKING, Tuple, Union

if TYPE_CHECKING:
    from .greenlet_socket import GreenletSocket

MAX_PAYLOAD = 1 << 20
BUFFER_SIZE = 1 << 16

PREFIX = struct.Struct(">cI")
WHOLE_PREFIX = struct.Struct(">cII")
LENGTH = struct.Struct(">I")

REQUEST = ord("Q")
REQUEST_WITH_BODY = ord("B")
DATA = ord("D")
END = ord("E")
ABORT = ord("A")


class LaneClosed(Exception):
    """The worker closed its end, or a frame could not be finished: nothing more can be said on this lane."""


class Lane:
    """Reads and writes frames. One thread reads; `lock` is held for a frame, since any thread may write a log line."""

    __slots__ = ("sock", "peek", "buffer", "view", "start", "end", "lock", "busy")

    def __init__(self, sock: Union[socket.socket, GreenletSocket]) -> None:
        self.sock = sock
        # The bare class looks at the queue without waiting, where gevent's would hand over to its hub.
        self.peek = _socket.socket(fileno=sock.fileno())
        self.buffer = bytearray(BUFFER_SIZE)
        self.view = memoryview(self.buffer)
        self.start = 0
        self.end = 0
        # Reentrant: the handler of a signal may log while its thread is about to release it.
        self.lock = threading.RLock()
        self.busy = False

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

    def receive_prefix(self) -> Tuple[int, int]:
        """Type and length of the next frame; its payload is next to be taken."""
        while self.end - self.start < PREFIX.size:
            self._fill()
        kind = self.buffer[self.start]
        (length,) = LENGTH.unpack_from(self.buffer, self.start + 1)
        self.start += PREFIX.size
        return kind, length

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
        return not data or data[0] == ABORT

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """One frame, in several when the payload is longer than a frame may be."""
        try:
            if len(payload) <= BUFFER_SIZE:
                with self.lock:
                    self.sock.sendall(PREFIX.pack(kind, len(payload)) + payload)
                return
            view = memoryview(payload)
            for start in range(0, len(payload), MAX_PAYLOAD):
                part = view[start : start + MAX_PAYLOAD]
                with self.lock:
                    self.sock.sendall(PREFIX.pack(kind, len(part)))
                    self.sock.sendall(part)
        except OSError as error:
            raise LaneClosed from error

    def send_whole(self, head: bytes, body: bytes) -> None:
        """A response in one frame."""
        size = len(head)
        prefix = WHOLE_PREFIX.pack(b"R", 4 + size + len(body), size)
        try:
            with self.lock:
                self.sock.sendall(prefix + head + body)
        except OSError as error:
            raise LaneClosed from error

    def close(self) -> None:
        self.peek.detach()
        self.sock.close()
