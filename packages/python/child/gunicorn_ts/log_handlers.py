"""Handlers of the server's own logs, which Python's `logging` writes to."""

from __future__ import annotations

import logging
from typing import Any, Callable, Dict, Optional

from .error_stream import send_line


class Origin:
    """Of a record that is made for an entry of another process of the server: that process, and its moment."""

    # While the record goes through the loggers.
    current: Optional[Origin] = None

    def __init__(self, entry: Dict[str, Any]) -> None:
        # No arguments are given with it, so that a per cent sign stays one.
        self.message = str(entry["message"])
        self.pid = int(entry["pid"])
        self.time = float(entry["time"])
        self.fields: Dict[str, Any] = entry.get("fields") or {}
        self.is_for_own_log = False

    def mark(self, record: logging.LogRecord) -> None:
        values = vars(record)
        for name, value in self.fields.items():
            if name not in values and name not in ("message", "asctime"):
                values[name] = value
        values.update(process=self.pid, created=self.time, msecs=(self.time % 1) * 1000, gunicorn_server=True)


class WorkerLogHandler(logging.Handler):
    """Hands records to the server, whose error log they belong to: by the lane of this process."""

    lane: Any = None

    @property
    def is_plain(self) -> bool:
        return self.level == logging.NOTSET and not self.filters and self.formatter is None

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "gunicorn_server", False):
            # The process that it is of writes there itself.
            if Origin.current is not None:
                Origin.current.is_for_own_log = True
            return
        if self.lane is None:
            return
        try:
            send_line(self.lane, level_byte(record.levelno), self.format(record))
        except Exception:
            self.handleError(record)


def level_byte(level: int) -> bytes:
    if level >= logging.ERROR:
        return b"e"
    if level >= logging.WARNING:
        return b"w"
    return b"i" if level >= logging.INFO else b"d"


class Access:
    """Of a handler for `accesslog`: while nobody changed it, the server writes that log without Python."""

    # The formatter that the server gave it.
    own: Any = None

    @property
    def is_plain(self) -> bool:
        return getattr(self, "formatter") is self.own and not getattr(self, "filters")

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in ("formatter", "level", "filters"):
            tell()

    def addFilter(self, *args: Any) -> None:
        super().addFilter(*args)  # type: ignore[misc]
        tell()

    def removeFilter(self, *args: Any) -> None:
        super().removeFilter(*args)  # type: ignore[misc]
        tell()


class AccessStream(Access, logging.StreamHandler):  # type: ignore[type-arg]
    """`accesslog` on stdout."""


class AccessFile(Access, logging.FileHandler):
    """`accesslog` in a file. Opened by the first record: it may belong to a user that this process becomes later."""

    def __init__(self, path: str) -> None:
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)


class WatchedLogger(logging.Logger):
    """`gunicorn.access` and `gunicorn.error`: says when somebody attaches something, at whatever time."""

    def makeRecord(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = super().makeRecord(*args, **kwargs)
        if Origin.current is not None:
            Origin.current.mark(record)
        return record

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in ("handlers", "filters", "propagate", "disabled", "level"):
            tell()

    def addHandler(self, *args: Any) -> None:
        super().addHandler(*args)
        tell()

    def removeHandler(self, *args: Any) -> None:
        super().removeHandler(*args)
        tell()

    def addFilter(self, *args: Any) -> None:
        super().addFilter(*args)
        tell()

    def removeFilter(self, *args: Any) -> None:
        super().removeFilter(*args)
        tell()


class Watch:
    """Who wants to know of changes."""

    on_change: Optional[Callable[[], None]] = None


def tell() -> None:
    if Watch.on_change is not None:
        Watch.on_change()


def watch(name: str) -> logging.Logger:
    log = logging.getLogger(name)
    if type(log) is logging.Logger:
        log.__class__ = WatchedLogger
    return log


def reopen_all() -> None:
    """`USR1`: files that were renamed are opened anew by their path, whichever logger they belong to."""
    loggers = [logging.root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    seen = set()
    for log in loggers:
        for handler in log.handlers:
            if not isinstance(handler, logging.FileHandler) or id(handler) in seen:
                continue
            seen.add(id(handler))
            handler.acquire()
            try:
                if handler.stream:
                    handler.close()
                    handler.stream = handler._open()
            except OSError as error:
                logging.getLogger("gunicorn.error").error("%s cannot be opened anew: %s", handler.baseFilename, error)
            finally:
                handler.release()
