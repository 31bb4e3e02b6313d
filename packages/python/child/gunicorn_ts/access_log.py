"""`gunicorn.access`: records that Python's `logging` gets, where a configuration, a filter or a handler asks for them.

While nobody does, the server writes the access log without Python, which costs a request nothing here.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from datetime import timedelta
from time import perf_counter
from typing import Any, Callable, Dict, List, Tuple
from urllib.parse import unquote_to_bytes

from . import forked
from .access_filter import AccessFilter
from .glogging import Logger
from .hooks import describe_request
from .log_handlers import Access, Watch, watch

clock = perf_counter
# An answer comes that much later than the server's own at most.
MOST_TOLD = 10_000


class Response:
    """What a logger looks at of a response."""

    def __init__(self, status: str, headers: List[Tuple[str, str]], sent: int) -> None:
        self.status = status
        self.status_code = int(status[:3]) if status[:3].isdigit() else None
        self.headers = headers
        self.sent = sent
        self.response_length = sent
        self.headers_sent = True


class AccessLog:
    """One a process."""

    def __init__(self, logger: Any, tell: Callable[[bool], None], uvicorn: Any = None) -> None:
        self.logger = logger
        # Where an ASGI application may look for what it is told of requests.
        self.uvicorn = uvicorn
        self.tell = tell
        self.log = watch("gunicorn.access")
        self.lock = threading.Lock()
        # Numbers of requests, the oldest first.
        self.told: OrderedDict[int, None] = OrderedDict()
        # Of the settings: without one of them Gunicorn writes no access log, whoever listens.
        self.is_enabled = bool(getattr(logger, "access_log_enabled", True))
        self.filter = AccessFilter(logger.cfg)
        self.is_asked = self._look()
        Watch.on_change = self._changed

    def _look(self) -> bool:
        if self.uvicorn is not None and self.uvicorn.is_changed:
            return True
        if not self.is_enabled:
            return False
        log = self.log
        if type(self.logger) is not Logger or log.filters or log.disabled or log.propagate:
            return True
        if log.level != logging.INFO:
            return True
        cfg = self.logger.cfg
        made = (cfg.accesslog is not None) + bool(cfg.syslog and not cfg.disable_redirect_access_to_syslog)
        is_as_made = all(isinstance(one, Access) and one.is_plain for one in log.handlers)
        return not (len(log.handlers) == made and is_as_made)

    def _changed(self) -> None:
        is_asked = self._look()
        if is_asked != self.is_asked and not forked.is_offspring():
            self.is_asked = is_asked
            self.tell(is_asked)

    def note(self, environ: Dict[str, Any], exchange: Any, began: float) -> None:
        """The response has gone out, whole or not. One that the server answered in our place, the server tells of."""
        head = exchange.head
        if head is None or not exchange.started or exchange.was_unwanted:
            return
        status, *fields = head.decode("latin-1").split("\0")
        is_bodiless = environ.get("REQUEST_METHOD") == "HEAD" or status[:3] in ("204", "304")
        sent = exchange.sent if exchange.length < 0 else min(exchange.sent, exchange.length)
        response = Response(status, list(zip(fields[::2], fields[1::2])), 0 if is_bodiless else sent)
        if self._is_first(exchange.request):
            self._write(response, describe_request(environ), environ, clock() - began)

    def _is_first(self, number: int) -> bool:
        """Of those who tell of a request: the application, and the server that has answered in its place."""
        if number == 0:
            return True
        with self.lock:
            if number in self.told:
                return False
            self.told[number] = None
            if len(self.told) > MOST_TOLD:
                self.told.popitem(last=False)
        return True

    def take(self, told: Dict[str, Any]) -> None:
        """A request that no application saw the end of: refused, timed out, failed."""
        headers = [(str(name), str(value)) for name, value in told["requestHeaders"].items()]
        path, _, query = told["target"].partition("?")
        environ = {
            "REQUEST_METHOD": told["method"],
            "RAW_URI": told["target"],
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_PROTOCOL": told["protocol"],
            "REMOTE_ADDR": told["remoteAddress"],
            **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers},
        }
        if not self._is_first(int(told.get("number", 0))):
            return
        response = Response(str(told["status"]), list(told["responseHeaders"].items()), told["bytes"])
        self._write(response, describe_request(environ), environ, told["durationMs"] / 1000)

    def _write(self, response: Response, request: Any, environ: Dict[str, Any], seconds: float) -> None:
        if not self.filter.passes(response.status_code, environ, seconds):
            return
        try:
            if self.uvicorn is not None and self.uvicorn.is_changed:
                self.uvicorn.write(response.status_code or 0, environ)
                return
            self.logger.access(response, request, environ, timedelta(seconds=seconds))
        except Exception:
            logging.getLogger("gunicorn.error").exception("the access log could not be written")
