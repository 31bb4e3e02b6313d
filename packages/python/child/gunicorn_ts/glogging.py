"""`gunicorn.glogging` where Gunicorn itself is not installed: the logger that hooks see and that `logger_class` extends.

What the methods are called, what they take and what subclasses may replace is Gunicorn's.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
import sys
import threading
import time
import traceback
from typing import Any, Dict, Optional

from .json_access import EcsAccess, JsonAccess
from .log_handlers import AccessFile, AccessStream, WorkerLogHandler, reopen_all
from .syslog import AccessSyslog

CONTROL = re.compile(r'[\x00-\x1f\x7f-\x9f"]')


def escape(found: Any) -> str:
    character = found.group()
    return '\\"' if character == '"' else f"\\x{ord(character):02x}"


class SafeAtoms(Dict[str, Any]):
    """A quote or a line break of the client ends no field; what is not there is a dash."""

    def __init__(self, atoms: Dict[str, Any]) -> None:
        super().__init__()
        for name, value in atoms.items():
            self[name] = CONTROL.sub(escape, value) if isinstance(value, str) else value

    def __getitem__(self, name: str) -> Any:
        return self.get(name.lower() if name.startswith("{") else name, "-")


class Logger:
    """The two loggers of the server, and the lines that they get."""

    LOG_LEVELS = {
        "critical": logging.CRITICAL,
        "error": logging.ERROR,
        "warning": logging.WARNING,
        "info": logging.INFO,
        "debug": logging.DEBUG,
    }
    loglevel = logging.INFO
    error_fmt = r"%(asctime)s [%(process)d] [%(levelname)s] %(message)s"
    datefmt = r"[%Y-%m-%d %H:%M:%S %z]"
    access_fmt = "%(message)s"
    syslog_fmt = "[%(process)d] %(message)s"
    atoms_wrapper_class: Any = SafeAtoms

    def __init__(self, cfg: Any) -> None:
        self.error_log = logging.getLogger("gunicorn.error")
        self.error_log.propagate = False
        self.access_log = logging.getLogger("gunicorn.access")
        self.access_log.propagate = False
        self.error_handlers: Any = []
        self.access_handlers: Any = []
        self.logfile = None
        self.lock = threading.Lock()
        self.cfg = cfg
        self.setup(cfg)

    def setup(self, cfg: Any) -> None:
        from .server_log import configure_logging

        self.cfg = cfg
        self.loglevel = self.LOG_LEVELS.get(str(cfg.loglevel).lower(), logging.INFO)
        self.error_log.setLevel(self.loglevel)
        self.access_log.setLevel(logging.INFO)
        self._set_handler(self.error_log, cfg.errorlog, logging.Formatter(self.error_fmt, self.datefmt))
        if cfg.accesslog is not None:
            shape = logging.Formatter(self.access_fmt)
            if cfg.log_format != "text" and self.access_fmt == Logger.access_fmt:
                shape = EcsAccess(cfg) if cfg.log_format == "ecs" else JsonAccess(cfg)
            self._set_handler(self.access_log, cfg.accesslog, shape, stream=sys.stdout)
        if cfg.syslog and not cfg.disable_redirect_access_to_syslog:
            self._set_syslog_handler(self.access_log, cfg, self.syslog_fmt, "access")
        configure_logging(cfg)

    def critical(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.critical(msg, *args, **kwargs)

    def error(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.error(msg, *args, **kwargs)

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.warning(msg, *args, **kwargs)

    def info(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.info(msg, *args, **kwargs)

    def debug(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.debug(msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.exception(msg, *args, **kwargs)

    def log(self, lvl: Any, msg: Any, *args: Any, **kwargs: Any) -> None:
        level = self.LOG_LEVELS.get(lvl.lower(), logging.INFO) if isinstance(lvl, str) else lvl
        self.error_log.log(level, msg, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        # What else a logger of Python has, and hooks used: isEnabledFor, handlers, name.
        if name in ("error_log", "cfg"):
            raise AttributeError(name)
        return getattr(self.error_log, name)

    @property
    def access_log_enabled(self) -> bool:
        cfg = self.cfg
        is_in_syslog = cfg.syslog and not cfg.disable_redirect_access_to_syslog
        is_configured = cfg.logconfig or cfg.logconfig_dict or cfg.logconfig_json
        return bool(cfg.accesslog or is_configured or is_in_syslog)

    def access(self, resp: Any, req: Any, environ: Dict[str, Any], request_time: Any) -> None:
        """One line for `gunicorn.access`, in the format of the settings."""
        if not self.access_log_enabled:
            return
        atoms = self.atoms_wrapper_class(self.atoms(resp, req, environ, request_time))
        try:
            self.access_log.info(self.cfg.access_log_format, atoms)
        except Exception:
            self.error(traceback.format_exc())

    def atoms(self, resp: Any, req: Any, environ: Dict[str, Any], request_time: Any) -> Dict[str, Any]:
        status = resp.status
        sent = getattr(resp, "sent", None)
        seconds, micros = request_time.days * 86400 + request_time.seconds, request_time.microseconds
        protocol = environ.get("SERVER_PROTOCOL")
        atoms: Dict[str, Any] = {
            "h": environ.get("REMOTE_ADDR", "-"),
            "l": "-",
            "u": self._get_user(environ) or "-",
            "t": self.now(),
            "r": f"{environ.get('REQUEST_METHOD')} {environ.get('RAW_URI')} {protocol}",
            "s": status.split(None, 1)[0] if isinstance(status, str) else status,
            "m": environ.get("REQUEST_METHOD"),
            "U": environ.get("PATH_INFO"),
            "q": environ.get("QUERY_STRING"),
            "H": protocol,
            "b": "-" if sent is None else str(sent),
            "B": sent,
            "f": environ.get("HTTP_REFERER", "-"),
            "a": environ.get("HTTP_USER_AGENT", "-"),
            "T": seconds,
            "D": seconds * 1_000_000 + micros,
            "M": seconds * 1000 + micros // 1000,
            "L": "%d.%06d" % (seconds, micros),
            "p": f"<{os.getpid()}>",
        }
        sources: Any = ((getattr(req, "headers", req), "i"), (resp.headers, "o"), (environ, "e"))
        for source, letter in sources:
            pairs = source.items() if hasattr(source, "items") else source
            atoms.update({"{%s}%s" % (name.lower(), letter): value for name, value in pairs})
        return atoms

    def now(self) -> str:
        return time.strftime("[%d/%b/%Y:%H:%M:%S %z]")

    def reopen_files(self) -> None:
        reopen_all()

    def close_on_exec(self) -> None:
        """Files of Python are not inherited anyway."""

    def _get_gunicorn_handler(self, log: logging.Logger) -> Optional[logging.Handler]:
        return next((one for one in log.handlers if getattr(one, "_gunicorn", False)), None)

    def _set_handler(self, log: logging.Logger, output: Any, fmt: Any, stream: Any = None) -> None:
        old = self._get_gunicorn_handler(log)
        # The errorlog is the server's, and so is the shape of its entries; another one is a subclass's wish.
        is_servers = (self.error_fmt, self.datefmt) == (Logger.error_fmt, Logger.datefmt)
        if isinstance(old, WorkerLogHandler) and log is self.error_log and is_servers:
            return
        if old is not None:
            log.removeHandler(old)
        if output is None:
            return
        if log is self.access_log:
            access = AccessStream(stream) if output == "-" else AccessFile(output)
            access.own = fmt
            handler: logging.Handler = access
            handler.setFormatter(fmt)
        elif is_servers:
            handler = WorkerLogHandler()
        else:
            handler = logging.StreamHandler(stream) if output == "-" else logging.FileHandler(output)
            handler.setFormatter(fmt)
        handler._gunicorn = True  # type: ignore[attr-defined]
        log.addHandler(handler)

    def _set_syslog_handler(self, log: logging.Logger, cfg: Any, fmt: str, name: str) -> None:
        """Of the access log alone: entries of the error log the server sends there."""
        for old in [one for one in log.handlers if isinstance(one, AccessSyslog)]:
            log.removeHandler(old)
        prefix = cfg.syslog_prefix or str(cfg.proc_name).replace(":", ".")
        handler = AccessSyslog(cfg.syslog_addr, cfg.syslog_facility)
        handler.own = logging.Formatter(f"gunicorn.{prefix}.{name}: {fmt}")
        handler.setFormatter(handler.own)
        log.addHandler(handler)

    def _get_user(self, environ: Dict[str, Any]) -> Optional[str]:
        scheme, _, text = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            return base64.b64decode(text.strip()).split(b":", 1)[0].decode()
        except (binascii.Error, ValueError) as error:
            self.debug("Couldn't get username: %s", error)
            return None
