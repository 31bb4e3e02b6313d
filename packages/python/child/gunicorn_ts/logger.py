"""`server.log` and `worker.log`: Gunicorn's logger, whose lines go to the server's error log."""

from __future__ import annotations

import logging
import time
from typing import Any, Dict


class Logger:
    """The methods of `gunicorn.glogging.Logger` that hooks use."""

    def __init__(self) -> None:
        self.error_log = logging.getLogger("gunicorn.error")
        self.access_log = logging.getLogger("gunicorn.access")
        self.cfg: Any = None
        for name in ("critical", "error", "warning", "info", "debug", "exception", "log"):
            setattr(self, name, getattr(self.error_log, name))
        self.loglevel = logging.INFO

    def __getattr__(self, name: str) -> Any:
        # What else a logger of Python has: isEnabledFor, handlers, name.
        return getattr(self.__dict__["error_log"], name)

    def access(self, resp: Any, req: Any, environ: Dict[str, Any], request_time: Any) -> None:
        """One line for `gunicorn.access`, in the format of the settings."""
        self.access_log.info(self.cfg.access_log_format, self.atoms(resp, req, environ, request_time))

    def atoms(self, resp: Any, req: Any, environ: Dict[str, Any], request_time: Any) -> Atoms:
        status = str(getattr(resp, "status", "") or "").split(" ", 1)[0]
        protocol = environ.get("SERVER_PROTOCOL", "")
        seconds = request_time.total_seconds() if hasattr(request_time, "total_seconds") else float(request_time)
        atoms = Atoms(
            {
                "h": environ.get("REMOTE_ADDR", "-"),
                "l": "-",
                "u": environ.get("REMOTE_USER") or "-",
                "t": time.strftime("[%d/%b/%Y:%H:%M:%S %z]"),
                "r": f"{environ.get('REQUEST_METHOD')} {environ.get('RAW_URI')} {protocol}",
                "s": status,
                "m": environ.get("REQUEST_METHOD"),
                "U": environ.get("PATH_INFO"),
                "q": environ.get("QUERY_STRING"),
                "H": protocol,
                "b": getattr(resp, "sent", None) or "-",
                "B": getattr(resp, "sent", None),
                "f": environ.get("HTTP_REFERER", "-"),
                "a": environ.get("HTTP_USER_AGENT", "-"),
                "T": int(seconds),
                "D": int(seconds * 1_000_000),
                "M": int(seconds * 1000),
                "L": f"{seconds:.6f}",
                "p": "<%s>" % getattr(req, "pid", "-"),
            }
        )
        for name, value in getattr(req, "headers", []):
            atoms[f"{{{name.lower()}}}i"] = value
        for name, value in getattr(resp, "headers", []):
            atoms[f"{{{name.lower()}}}o"] = value
        for name, value in environ.items():
            atoms[f"{{{name.lower()}}}e"] = value
        return atoms


class Atoms(Dict[str, Any]):
    """What is not there is a dash."""

    def __missing__(self, name: str) -> Any:
        return self.get(name.lower(), "-") if name.startswith("{") and name != name.lower() else "-"
