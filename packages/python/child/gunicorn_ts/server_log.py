"""Python's `logging` in a child: Gunicorn's own loggers, and the configuration that the operator names."""

from __future__ import annotations

import json
import logging
import logging.config
import os
from typing import Any, Dict

from .error_stream import send_line
from .lane import Lane

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}

# Gunicorn's, which files written for it count on.
CONFIG_DEFAULTS: Dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "INFO", "handlers": ["console"]},
    "formatters": {
        "generic": {
            "format": "%(asctime)s [%(process)d] [%(levelname)s] %(message)s",
            "datefmt": "[%Y-%m-%d %H:%M:%S %z]",
            "class": "logging.Formatter",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "generic",
            "stream": "ext://sys.stdout",
        },
        "error_console": {
            "class": "logging.StreamHandler",
            "formatter": "generic",
            "stream": "ext://sys.stderr",
        },
    },
}


class LogConfigError(Exception):
    """A configuration of `logging` that cannot be used."""


class WorkerLogHandler(logging.Handler):
    """Hands records to the worker, whose error log they belong to."""

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self.lane = lane

    def emit(self, record: logging.LogRecord) -> None:
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


def lead_to(lane: Lane) -> None:
    """In a forked process the handler of the one that it comes from is still there, or none where that was replaced."""
    error_log = logging.getLogger("gunicorn.error")
    handlers = [one for one in error_log.handlers if isinstance(one, WorkerLogHandler)]
    for handler in handlers:
        handler.lane = lane
    if not handlers and not error_log.handlers:
        error_log.addHandler(WorkerLogHandler(lane))


def configure_logging(options: Dict[str, Any], lane: Lane) -> None:
    """`logConfigDict`, else `logConfigJson`, else `logConfig`, as in Gunicorn; without one, its loggers lead to us."""
    error_log = logging.getLogger("gunicorn.error")
    error_log.propagate = False
    error_log.setLevel(LEVELS.get(str(options.get("logLevel", "info")), logging.INFO))
    lead_to(lane)
    logging.getLogger("gunicorn.access").propagate = False
    try:
        if options.get("logConfigDict"):
            logging.config.dictConfig(add_defaults(options["logConfigDict"]))
        elif options.get("logConfigJson"):
            with open(options["logConfigJson"], encoding="utf-8") as file:
                logging.config.dictConfig(add_defaults(json.load(file)))
        elif options.get("logConfig"):
            configure_from_ini(str(options["logConfig"]))
    except LogConfigError:
        raise
    except Exception as error:
        # logging hides the reason for what it could not make in the cause.
        reason = f" ({error.__cause__})" if error.__cause__ else ""
        raise LogConfigError(f"logging could not be configured: {error}{reason}") from error


def add_defaults(given: Dict[str, Any]) -> Dict[str, Any]:
    """The operator's handlers beside the default ones, which the default root logger needs."""
    merged = {**CONFIG_DEFAULTS, **given}
    for key in ("formatters", "handlers"):
        merged[key] = {**CONFIG_DEFAULTS[key], **given.get(key, {})}
    return merged


def configure_from_ini(path: str) -> None:
    if not os.path.exists(path):
        raise LogConfigError(f"log config file {path} does not exist")
    defaults = {**CONFIG_DEFAULTS, "__file__": path, "here": os.path.dirname(path)}
    logging.config.fileConfig(
        path,
        defaults={key: str(value) for key, value in defaults.items()},
        disable_existing_loggers=False,
    )
