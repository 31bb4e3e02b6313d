"""The configuration of Python's `logging` that the operator names."""

from __future__ import annotations

import json
import logging
import logging.config
import os
from typing import Any, Dict

from .log_handlers import WorkerLogHandler

# Gunicorn's, which files written for it count on.
CONFIG_DEFAULTS: Dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": True},
        "gunicorn.access": {"level": "INFO", "handlers": ["console"], "propagate": True},
    },
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


def lead_to(lane: Any) -> None:
    """Where `gunicorn.error` goes in this process: to the arbiter, or to a worker."""
    WorkerLogHandler.lane = lane


def configure_logging(cfg: Any) -> None:
    """`logconfig_dict`, else `logconfig_json`, else `logconfig`, as in Gunicorn."""
    try:
        if cfg.logconfig_dict:
            logging.config.dictConfig(add_defaults(cfg.logconfig_dict))
        elif cfg.logconfig_json:
            with open(cfg.logconfig_json, encoding="utf-8") as file:
                logging.config.dictConfig(add_defaults(json.load(file)))
        elif cfg.logconfig:
            configure_from_ini(str(cfg.logconfig))
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
