"""The access log in syslog, for records that go through Python's loggers; all others the server sends there."""

from __future__ import annotations

import logging
import logging.handlers
import socket
import threading
import time
from typing import Any, Optional, Tuple

from .log_handlers import Access

RETRY_SECONDS = 1.0
# For a daemon that reads slowly: no request waits for longer.
PATIENCE_SECONDS = 0.1


class AccessSyslog(Access, logging.Handler):
    """Opened by the first record, and in a thread of its own: a name may take long to resolve. What comes before is lost,
    and what nobody takes."""

    def __init__(self, address: str, facility: str) -> None:
        super().__init__()
        self.address = address
        self.facility = facility
        self.inner: Optional[logging.handlers.SysLogHandler] = None
        self.retry_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        inner = self.inner
        if inner is None:
            if time.monotonic() < self.retry_at:
                return
            self.retry_at = time.monotonic() + RETRY_SECONDS
            opening = threading.Thread(target=self._open, daemon=True)
            opening.start()
            # A socket of this machine is there at once: not even the first record is lost.
            opening.join(PATIENCE_SECONDS)
            inner = self.inner
            if inner is None:
                return
        inner.emit(record)

    def _open(self) -> None:
        place, kind = where(self.address)
        try:
            inner = Inner(self, place, self.facility, kind)
        except OSError:
            return
        if inner.socket is not None:
            inner.socket.settimeout(PATIENCE_SECONDS)
            self.inner = inner

    def lost(self) -> None:
        self.inner = None


class Inner(logging.handlers.SysLogHandler):
    def __init__(self, owner: AccessSyslog, place: Any, facility: str, kind: Any) -> None:
        self.owner = owner
        super().__init__(place, self.facility_names[facility.lower()], kind)
        self.formatter = owner.formatter

    def handleError(self, record: logging.LogRecord) -> None:
        self.owner.lost()


def where(address: str) -> Tuple[Any, Any]:
    """As the server reads `syslog_addr`, which it has checked."""
    scheme, _, rest = address.partition("://")
    if scheme == "unix":
        path, _, kind = rest.partition("#")
        return path, {"dgram": socket.SOCK_DGRAM, "stream": socket.SOCK_STREAM}.get(kind)
    host, port = rest, "514"
    if rest.startswith("["):
        host, _, port = rest[1:].partition("]")
        port = port[1:]
    elif ":" in rest:
        host, port = rest.rsplit(":", 1)
    return (host or "localhost", int(port or 514)), (
        socket.SOCK_STREAM if scheme == "tcp" else socket.SOCK_DGRAM
    )
