"""Between the master and a process that it forked before its worker came: what leads to the worker is handed over here."""

from __future__ import annotations

import _socket
import json
import os
import struct
from array import array
from socket import SCM_RIGHTS, SOL_SOCKET
from typing import Any, Dict, List, Optional, Tuple

from . import forked
from .families import Family
from .lane import Lane, LaneClosed

SIZE = struct.Struct(">I")
# The kernel takes 253 at a time.
BATCH = 100
CLOSE_ON_EXEC = getattr(_socket, "MSG_CMSG_CLOEXEC", 0)
# What may be said before there is anybody to hear it, in bytes.
MOST_HELD = 1 << 20


class Cradle:
    """A pair of sockets; `ours` is the master's. Nothing of the `socket` module, which gevent may have replaced."""

    def __init__(self, address: str, age: int, identity: Optional[Dict[str, Any]]) -> None:
        self.ours, self.theirs = _socket.socketpair()
        # Beside the socket of the master. The worker opens it by its path, the process has it already.
        self.stacks_path = stacks_path(address, age)
        self.stacks: Optional[int] = make_stacks(self.stacks_path, identity)

    def close(self) -> None:
        """In the master. The process hears that nobody will come, unless its worker has."""
        self.ours.close()
        self.let_go()

    def let_go(self) -> None:
        """In the master: of what is the process's."""
        self.theirs.close()
        if self.stacks is not None:
            os.close(self.stacks)
            self.stacks = None

    def hand_over(self, family: Family) -> bool:
        """In the master. False when the process is gone."""
        assert family.control is not None
        text = json.dumps(family.options).encode()
        numbers = [one.fileno() for one in (family.control, *family.lanes)]
        try:
            self.ours.sendall(SIZE.pack(len(text)) + text)
            for start in range(0, len(numbers), BATCH):
                rights = array("i", numbers[start : start + BATCH])
                self.ours.sendmsg([b"."], [(SOL_SOCKET, SCM_RIGHTS, rights)])
        except OSError:
            return False
        return True

    def receive(self) -> Tuple[Dict[str, Any], List[int]]:
        """In the process: waits for its worker. Raises an EOFError when none will come."""
        (length,) = SIZE.unpack(self._exactly(SIZE.size))
        options = json.loads(self._exactly(length))
        numbers = array("i")
        while len(numbers) < 1 + int(options.get("lanes", 1)):
            data, rights, _, _ = self.theirs.recvmsg(1, _socket.CMSG_SPACE(BATCH * numbers.itemsize), CLOSE_ON_EXEC)
            if not data:
                raise EOFError
            for level, kind, given in rights:
                if (level, kind) == (SOL_SOCKET, SCM_RIGHTS):
                    numbers.frombytes(given[: len(given) - len(given) % numbers.itemsize])
        for number in numbers:
            os.set_inheritable(number, False)
        return options, list(numbers)

    def leave(self) -> None:
        """In the process, which has its worker."""
        forked.forget(self)
        self.theirs.close()

    def abandon(self, dead_end: int) -> None:
        """In a process that the application forked meanwhile: the worker is not for that one."""
        self.theirs.close()

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = self.theirs.recv(length - len(data))
            if not part:
                raise EOFError
            data += part
        return data


class Held:
    """In place of a socket: keeps what is said until there is somebody to hear it."""

    def __init__(self) -> None:
        self.said: Optional[List[bytes]] = []
        self.size = 0

    def sendall(self, data: bytes) -> None:
        if self.said is None or self.size + len(data) > MOST_HELD:
            raise OSError("nobody is there to hear it")
        self.said.append(bytes(data))
        self.size += len(data)

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        self.said = None


class ExpectedLane(Lane):
    """The control lane of a process whose worker is on its way."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Held())  # type: ignore[arg-type]

    def connect(self, sock: Any) -> None:
        """The worker has come. It hears first what was said before."""
        with self.lock:
            held, self.sock = self.sock, sock
            self.look_at(sock.fileno())
            assert isinstance(held, Held)
            for data in held.said or ():
                try:
                    sock.sendall(data)
                except OSError as error:
                    raise LaneClosed from error

    def abandon(self, dead_end: int) -> None:
        if isinstance(self.sock, Held):
            self.sock.close()
        super().abandon(dead_end)


def dead_end() -> int:
    """In place of a connection to a worker that will not come: it has ended."""
    one, other = _socket.socketpair()
    other.close()
    return one.detach()


def stacks_path(address: str, age: int) -> str:
    return os.path.join(os.path.dirname(address), f"stacks-{age}")


def make_stacks(path: str, identity: Optional[Dict[str, Any]]) -> Optional[int]:
    """In a folder where this user alone makes files: the worker's may only open them."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    if identity and os.geteuid() == 0:
        os.fchown(number, identity["uid"], identity["gid"])
    return number
