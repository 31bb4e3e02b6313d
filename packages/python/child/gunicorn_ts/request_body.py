"""`wsgi.input`: the body of a request, read from its lane as it arrives."""

from __future__ import annotations

from typing import Iterator, List

from .lane import ABORT, BUFFER_SIZE, DATA, END, Lane, ProtocolError


class ClientDisconnected(ConnectionResetError):
    """The client went away before its request was complete. Frameworks expect an `OSError` for it."""


class RequestBody:
    """The file of PEP 3333. Holds no more than one read, and what a line left over."""

    __slots__ = ("lane", "left", "rest", "at", "ended", "aborted")

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.left = 0
        self.rest = b""
        self.at = 0
        self.ended = False
        self.aborted = False

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            size = 1 << 62
        parts: List[bytes] = []
        while size:
            data = self._some(size)
            if not data:
                break
            parts.append(data)
            size -= len(data)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            size = 1 << 62
        parts: List[bytes] = []
        while size:
            if self.at == len(self.rest):
                self.rest = self._arriving(BUFFER_SIZE)
                self.at = 0
                if not self.rest:
                    break
            stop = self.rest.find(b"\n", self.at) + 1 or len(self.rest)
            line = self.rest[self.at : min(stop, self.at + size)]
            self.at += len(line)
            parts.append(line)
            size -= len(line)
            if line.endswith(b"\n"):
                break
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readlines(self, hint: int = -1) -> List[bytes]:
        lines: List[bytes] = []
        size = 0
        for line in self:
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def skip(self) -> None:
        """Leaves the lane at the next request, whatever the application did not read."""
        while self.left or not self.ended:
            if self.left:
                self.left -= len(self.lane.take(self.left))
            else:
                self._next_frame()

    def _some(self, limit: int) -> bytes:
        """At most `limit` bytes, from what a line left over or as they arrive; none at the end."""
        if self.at < len(self.rest):
            data = self.rest[self.at : self.at + limit]
            self.at += len(data)
            return data
        return self._arriving(limit)

    def _arriving(self, limit: int) -> bytes:
        while not self.left:
            if self.aborted:
                raise ClientDisconnected("the client went away before its request was complete")
            if self.ended:
                return b""
            self._next_frame()
        data = self.lane.take(min(limit, self.left))
        self.left -= len(data)
        return data

    def _next_frame(self) -> None:
        kind, request, length = self.lane.receive_prefix()
        if request != self.lane.request:
            raise ProtocolError(f"frame {chr(kind)!r} of request {request} inside of request {self.lane.request}")
        if kind == DATA:
            self.left = length
        elif kind == END:
            self.ended = True
        elif kind == ABORT:
            self.ended = self.aborted = True
        else:
            raise ProtocolError(f"frame {chr(kind)!r} inside of a request body")
