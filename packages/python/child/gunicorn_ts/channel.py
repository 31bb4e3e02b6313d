"""Between the master and the arbiter: a JSON object a line, both ways. See PROTOCOL.md."""

from __future__ import annotations

import json
import socket
from typing import Any, Dict, Iterator

from . import forked

CHUNK = 1 << 16


class Channel:
    """Calls come from the arbiter; answers, news and lines for its log go there."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.rest = b""
        forked.keep(self)

    def fileno(self) -> int:
        return self.sock.fileno()

    def receive(self) -> Iterator[Dict[str, Any]]:
        """What has arrived. Raises EOFError when the arbiter is gone."""
        data = self.sock.recv(CHUNK)
        if not data:
            raise EOFError
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            yield json.loads(line)

    def say(self, value: Dict[str, Any]) -> None:
        try:
            self.sock.sendall(json.dumps(value).encode() + b"\n")
        except OSError:
            # The arbiter is gone, which is seen when it is read from.
            pass

    def send(self, kind: bytes, payload: bytes) -> None:
        """A line for the log, as a lane takes it: a letter for the level, and text."""
        self.say({"log": payload.decode("utf-8", "replace")})

    def abandon(self, dead_end: int) -> None:
        """In a forked process: the arbiter's words are for the master."""
        self.sock.close()

    def close(self) -> None:
        forked.forget(self)
        self.sock.close()
