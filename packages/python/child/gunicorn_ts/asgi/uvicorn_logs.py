"""uvicorn's loggers: applications write to them and filter them, whoever serves them."""

from __future__ import annotations

import logging
from typing import Any, Dict

from ..log_handlers import WatchedLogger, watch

ERROR = "uvicorn.error"
ACCESS = "uvicorn.access"
FORMAT = '%s - "%s %s HTTP/%s" %d'


def lead_uvicorn_logs(logger: Any) -> None:
    """To where the server's own go, as uvicorn's worker for Gunicorn has it; unless a configuration has led them."""
    for name, to in ((ERROR, logger.error_log), (ACCESS, logger.access_log)):
        log = logging.getLogger(name)
        if not log.handlers:
            log.handlers = list(to.handlers)
            log.propagate = False
        if log.level == logging.NOTSET:
            log.setLevel(to.level)


class UvicornAccess:
    """`uvicorn.access`, of which nobody needs to know while it says no more than the server's own access log."""

    def __init__(self, logger: Any) -> None:
        self.log: WatchedLogger = watch(ACCESS)  # type: ignore[assignment]
        self.own = logger.access_log

    @property
    def is_changed(self) -> bool:
        """Somebody has filtered it, or listens."""
        log, own = self.log, self.own
        is_bare = not log.filters and not log.propagate and not log.disabled
        is_plain = is_bare and log.handlers == own.handlers and log.level == own.level
        # Else nobody is written to, and nobody silenced.
        return not is_plain and bool(log.handlers or log.propagate or own.handlers)

    def write(self, status: int, environ: Dict[str, Any]) -> None:
        """The arguments are uvicorn's: its own formatter and people's filters take them apart."""
        version = environ["SERVER_PROTOCOL"].partition("/")[2]
        self.log.info(FORMAT, environ["REMOTE_ADDR"], environ["REQUEST_METHOD"], environ["RAW_URI"], version, status)
