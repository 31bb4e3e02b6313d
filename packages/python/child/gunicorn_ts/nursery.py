"""--preload: one process imports the application, and the workers' children are forked from it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from typing import Any, Callable, Dict, List, NoReturn, Optional

from .output import complain, flush_output

# A connection that is not complete by then is no worker's.
LIMIT_SECONDS = 10.0
MAX_LINE = 1 << 16


class Family:
    """The connections of one worker, which come one by one."""

    def __init__(self) -> None:
        self.control: Optional[socket.socket] = None
        self.options: Dict[str, Any] = {}
        self.lanes: List[socket.socket] = []

    @property
    def is_complete(self) -> bool:
        return self.control is not None and len(self.lanes) == int(self.options.get("lanes", 1))


class Nursery:
    """Listens for workers until its own control lane ends. It has one thread, so that it can fork at any time."""

    def __init__(self, path: str, control: socket.socket) -> None:
        self.path = path
        self.control = control
        self.families: Dict[bytes, Family] = {}
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        self.listener.bind(path)
        self.listener.listen(512)

    def run(self, be_child: Callable[[Family], NoReturn]) -> None:
        """Forks a child for each worker that connects; returns when the arbiter is gone."""
        # Children that end are nobody's business here: their workers see it by the lanes.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            ready, _, _ = select.select([self.listener, self.control], [], [])
            if self.control in ready and not self.control.recv(4096):
                return
            if self.listener in ready:
                family = self._accept()
                if family is not None:
                    self._fork(family, be_child)

    def close(self) -> None:
        self.listener.close()
        try:
            os.unlink(self.path)
        except OSError:
            pass

    def _accept(self) -> Optional[Family]:
        """Takes one connection. Gives the family when that was the last of it."""
        connection, _ = self.listener.accept()
        connection.settimeout(LIMIT_SECONDS)
        try:
            token, _, kind = read_line(connection).partition(b" ")
            family = self.families.setdefault(token, Family())
            if kind == b"control":
                family.control = connection
                family.options = json.loads(read_line(connection))
            else:
                family.lanes.append(connection)
        except (OSError, ValueError) as error:
            complain(f"The preloaded application got a connection that no worker made: {error}")
            connection.close()
            return None
        connection.settimeout(None)
        if not family.is_complete:
            return None
        return self.families.pop(token)

    def _fork(self, family: Family, be_child: Callable[[Family], NoReturn]) -> None:
        flush_output()
        if os.fork() == 0:
            self.listener.close()
            self.control.close()
            for other in self.families.values():
                for connection in [*other.lanes, other.control]:
                    if connection is not None:
                        connection.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            be_child(family)
        for connection in [*family.lanes, family.control]:
            if connection is not None:
                connection.close()


def read_line(connection: socket.socket) -> bytes:
    """Byte by byte: what follows the line belongs to somebody else."""
    line = bytearray()
    while len(line) < MAX_LINE:
        byte = connection.recv(1)
        if not byte:
            raise ValueError("it ended early")
        if byte == b"\n":
            return bytes(line)
        line += byte
    raise ValueError("its first line is too long")
