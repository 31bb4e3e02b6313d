"""`logger_class`: a class that extends Gunicorn's logger, which then writes `gunicorn.error` and `gunicorn.access`."""

from __future__ import annotations

import importlib
import traceback
from typing import Any

from .glogging import Logger
from .load import LoadError
from .server_log import LogConfigError

USUAL = ("gunicorn.glogging.Logger", "egg:gunicorn#simple", "simple")


def make_logger(cfg: Any) -> Any:
    wanted = cfg.logger_class
    try:
        return find_class(wanted)(cfg)
    except (LoadError, LogConfigError) as error:
        raise error if isinstance(error, LoadError) else LoadError("import-error", str(error)) from error
    except Exception as error:
        name = wanted if isinstance(wanted, str) else getattr(wanted, "__qualname__", repr(wanted))
        message = f"logger_class {name} could not be made: {type(error).__name__}: {error}"
        raise LoadError("import-error", message, traceback.format_exc().rstrip("\n")) from error


def find_class(wanted: Any) -> Any:
    if wanted is None or wanted in USUAL or getattr(wanted, "__module__", "") == "gunicorn.glogging":
        return Logger
    if not isinstance(wanted, str):
        return wanted
    place, _, name = wanted.rpartition(".")
    if place == "gunicorn.instrument.statsd":
        raise LoadError("import-error", "logger_class is Statsd, and there are no statsd metrics; remove it")
    try:
        return getattr(importlib.import_module(place), name)
    except (ImportError, AttributeError, ValueError) as error:
        message = f'logger_class "{wanted}" cannot be imported ({error}); write the path of a class, pkg.mod.Class'
        raise LoadError("import-error", message) from error
