"""A lane's socket in gevent mode. gevent's own asks the kernel once in vain for each request; this one waits first."""

from __future__ import annotations

import _socket
from typing import Any, Optional

from gevent import get_hub

READ = 1
WRITE = 2


class GreenletSocket:
    """What a lane needs of a socket. Its greenlet waits while others run."""

    __slots__ = ("raw", "readable", "writable", "wait")

    def __init__(self, number: int) -> None:
        self.raw = _socket.socket(fileno=number)
        self.raw.setblocking(False)
        hub = get_hub()
        self.readable: Any = hub.loop.io(number, READ)
        self.writable: Any = hub.loop.io(number, WRITE)
        self.wait: Any = hub.wait

    def recv_into(self, buffer: Any) -> int:
        while True:
            self.wait(self.readable)
            try:
                return self.raw.recv_into(buffer)
            except BlockingIOError:
                pass

    def recv(self, size: int) -> bytes:
        while True:
            try:
                return self.raw.recv(size)
            except BlockingIOError:
                self.wait(self.readable)

    def sendall(self, data: Any) -> None:
        rest = memoryview(data)
        interrupt: Optional[BaseException] = None
        while rest:
            try:
                rest = rest[self.raw.send(rest) :]
            except BlockingIOError:
                try:
                    self.wait(self.writable)
                except BaseException as error:
                    # A timeout, or a kill: not in the middle of a frame.
                    interrupt = interrupt or error
        if interrupt is not None:
            raise interrupt

    def shutdown(self, how: int) -> None:
        self.raw.shutdown(how)

    def fileno(self) -> int:
        return self.raw.fileno()

    def close(self) -> None:
        self.readable.close()
        self.writable.close()
        self.raw.close()
