"""Workers that ask for a process: each connects several times, and is a family when all connections are there."""

from __future__ import annotations

import json
import os
import socket
from socket import AF_UNIX, MSG_DONTWAIT, MSG_PEEK, SOCK_STREAM
from typing import Any, Dict, List, Optional

MAX_LINE = 1 << 16

# Bound now: in gevent mode the module's own name means another class later.
Socket = socket.socket


class Family:
    """The connections of one worker, which come one by one."""

    def __init__(self) -> None:
        # Where the master tells of the process.
        self.worker: Optional[Socket] = None
        self.control: Optional[Socket] = None
        self.lanes: List[Socket] = []
        self.options: Dict[str, Any] = {}

    @property
    def is_complete(self) -> bool:
        wanted = int(self.options.get("lanes", 1))
        return self.worker is not None and self.control is not None and len(self.lanes) == wanted

    @property
    def age(self) -> int:
        return int(self.options.get("age", 0))

    @property
    def is_one_of_many(self) -> bool:
        """Several processes of one worker, which all come with its age."""
        return bool(self.options.get("many"))

    @property
    def slot(self) -> int:
        return int(self.options.get("slot", 0))

    def close_lanes(self) -> None:
        for one in (self.control, *self.lanes):
            if one is not None:
                one.close()

    def close(self) -> None:
        for one in self.connections():
            one.close()

    def connections(self) -> List[Socket]:
        return [one for one in (self.worker, self.control, *self.lanes) if one is not None]


class Families:
    """Connections that have come, until they are whole. Never waits for one of them."""

    def __init__(self, path: str, identity: Optional[Dict[str, Any]] = None) -> None:
        self.path = path
        self.strangers: Dict[int, Socket] = {}
        self.growing: Dict[str, Family] = {}
        # What does not come for a process: see `entries`.
        self.writers: List[Socket] = []
        self.listener = Socket(AF_UNIX, SOCK_STREAM)
        remove_file(path)
        # With its permissions from the first moment on. The folder is this user's own, so the name stays the socket's.
        before = os.umask(0o177)
        try:
            self.listener.bind(path)
        finally:
            os.umask(before)
        if identity and os.geteuid() == 0:
            os.chown(path, identity["uid"], identity["gid"], follow_symlinks=False)
        self.listener.listen(512)

    def accept(self) -> Socket:
        connection, _ = self.listener.accept()
        self.strangers[connection.fileno()] = connection
        return connection

    def hear(self, fd: int) -> Optional[Family]:
        """The first line of a connection, when it is there. Gives the family that it was the last of."""
        connection = self.strangers[fd]
        line = take_line(connection)
        if line is None:
            return None
        del self.strangers[fd]
        try:
            token, kind, text = (line.decode() + "  ").split(" ", 2)
            if kind == "entries":
                self.writers.append(connection)
                return None
            family = self.growing.setdefault(token, Family())
            if kind == "lane":
                family.lanes.append(connection)
            elif kind == "control":
                family.control = connection
            else:
                family.options = dict(json.loads(text))
                family.worker = connection
        except ValueError:
            connection.close()
            return None
        return self.growing.pop(token) if family.is_complete else None

    def forget(self, fd: int) -> None:
        """A connection that ended before it said who it is."""
        connection = self.strangers.pop(fd, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """In the master, and in each process that is forked from it."""
        self.listener.close()
        for connection in self.strangers.values():
            connection.close()
        for family in self.growing.values():
            family.close()
        self.strangers.clear()
        self.growing.clear()


def take_line(connection: Socket) -> Optional[bytes]:
    """The first line, and nothing of what is behind it, which belongs to somebody else. Raises EOFError."""
    try:
        seen = connection.recv(MAX_LINE, MSG_PEEK | MSG_DONTWAIT)
    except BlockingIOError:
        return None
    end = seen.find(b"\n")
    if end < 0:
        if not seen or len(seen) >= MAX_LINE:
            raise EOFError
        return None
    return connection.recv(end + 1)[:-1]


def remove_file(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
