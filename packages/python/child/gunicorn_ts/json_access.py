"""`logFormat: json` for an access log that is written through Python: the members that the server writes."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from typing import Any, Dict

GROUPS = {"i": "request_headers", "o": "response_headers", "e": "environ"}


class JsonAccess(logging.Formatter):
    """One object a line. Headers and variables that the format names come in objects of their own."""

    def __init__(self, access_log_format: str) -> None:
        super().__init__()
        self.named = re.findall(r"%\(\{([^}]+)\}([ioe])\)", access_log_format)

    def format(self, record: logging.LogRecord) -> str:
        atoms: Any = record.args
        if not isinstance(atoms, dict):
            return json.dumps({"time": iso_time(record.created), "message": record.getMessage(), "pid": os.getpid()})
        entry: Dict[str, Any] = {
            "time": iso_time(record.created),
            "remote_address": known(atoms, "h"),
            "user": known(atoms, "u"),
            "method": known(atoms, "m"),
            "path": known(atoms, "U"),
            "query": atoms.get("q") or "",
            "protocol": known(atoms, "H"),
            "status": int(atoms.get("s") or 0),
            "bytes": atoms.get("B"),
            "duration_ms": (atoms.get("D") or 0) / 1000,
            "referer": known(atoms, "f"),
            "user_agent": known(atoms, "a"),
            "pid": os.getpid(),
        }
        for name, source in self.named:
            entry.setdefault(GROUPS[source], {})[name] = known(atoms, "{%s}%s" % (name.lower(), source))
        return json.dumps(entry)


def known(atoms: Dict[str, Any], name: str) -> Any:
    value = atoms.get(name)
    return None if value in ("-", "", None) else value


def iso_time(seconds: float) -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds * 1000) % 1000:03d}Z"
