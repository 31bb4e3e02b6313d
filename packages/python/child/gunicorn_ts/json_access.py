"""`logFormat` `json` and `ecs` for an access log that is written through Python: the members that the server writes."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from typing import Any, Dict

from .access_filter import trace_of

GROUPS = {"i": "request_headers", "o": "response_headers", "e": "environ"}


class JsonAccess(logging.Formatter):
    """One object a line. Headers and variables that the format names come in objects of their own."""

    groups = GROUPS

    def __init__(self, cfg: Any) -> None:
        super().__init__()
        self.named = re.findall(r"%\(\{([^}]+)\}([ioe])\)", cfg.access_log_format)
        self.sample = cfg.access_log_sample
        self.id_atom = "{%s}i" % cfg.request_id_header.lower() if cfg.request_id_header else None
        self.service = cfg.proc_name

    def format(self, record: logging.LogRecord) -> str:
        atoms: Any = record.args
        if not isinstance(atoms, dict):
            return json.dumps({"time": iso_time(record.created), "message": record.getMessage(), "pid": os.getpid()})
        entry = self.entry(iso_time(record.created), atoms)
        for name, source in self.named:
            entry.setdefault(self.groups[source], {})[name] = known(atoms, "{%s}%s" % (name.lower(), source))
        return json.dumps(entry)

    def request_id(self, atoms: Any) -> Any:
        return known(atoms, self.id_atom) if self.id_atom else None

    def trace(self, atoms: Any) -> Any:
        return trace_of({"HTTP_TRACEPARENT": atoms.get("{traceparent}i") or ""}) or (None, None)

    def entry(self, at: str, atoms: Any) -> Dict[str, Any]:
        status = int(atoms.get("s") or 0)
        trace, parent = self.trace(atoms)
        entry: Dict[str, Any] = {
            "time": at,
            "severity": "ERROR" if status >= 500 else "WARNING" if status >= 400 else "INFO",
            "remote_address": known(atoms, "h"),
            "user": known(atoms, "u"),
            "method": known(atoms, "m"),
            "path": known(atoms, "U"),
            "query": atoms.get("q") or "",
            "protocol": known(atoms, "H"),
            "status": status,
            "bytes": atoms.get("B"),
            "duration_ms": (atoms.get("D") or 0) / 1000,
            "referer": known(atoms, "f"),
            "user_agent": known(atoms, "a"),
            "request_id": self.request_id(atoms),
            "trace_id": trace,
            "parent_id": parent,
            "pid": os.getpid(),
        }
        if self.sample < 1:
            entry["sample_rate"] = self.sample
        return entry


class EcsAccess(JsonAccess):
    """The same with the names of Elastic's Common Schema; what a request has no value for is left out."""

    groups = {"i": "gunicorn.request.headers", "o": "gunicorn.response.headers", "e": "gunicorn.environ"}

    def entry(self, at: str, atoms: Any) -> Dict[str, Any]:
        status = int(atoms.get("s") or 0)
        trace, parent = self.trace(atoms)
        method, path, address = known(atoms, "m"), known(atoms, "U"), known(atoms, "h")
        target = str(atoms.get("r") or "").split(" ")
        protocol = str(known(atoms, "H") or "")
        entry: Dict[str, Any] = {
            "@timestamp": at,
            "log.level": "info",
            "message": f"{method} {path} {status}",
            "ecs.version": "8.17.0",
            "event.dataset": "gunicorn.access",
            "event.kind": "event",
            "event.category": ["web"],
            "event.outcome": "failure" if status >= 500 else "success",
            "event.duration": (atoms.get("D") or 0) * 1000,
            "http.request.method": method,
            "http.request.id": self.request_id(atoms),
            "http.request.referrer": known(atoms, "f"),
            "http.response.status_code": status,
            "http.response.body.bytes": atoms.get("B"),
            "http.version": protocol[5:] if protocol.startswith("HTTP/") else None,
            "url.original": target[1] if len(target) == 3 else None,
            "url.path": path,
            "url.query": known(atoms, "q"),
            "client.ip": address,
            "source.ip": address,
            "user.name": known(atoms, "u"),
            "user_agent.original": known(atoms, "a"),
            "trace.id": trace,
            "span.id": parent,
            "process.pid": os.getpid(),
            "service.name": self.service,
        }
        if self.sample < 1:
            entry["gunicorn.sample_rate"] = self.sample
        return {name: value for name, value in entry.items() if value is not None}


def known(atoms: Dict[str, Any], name: str) -> Any:
    value = atoms.get(name)
    return None if value in ("-", "", None) else value


def iso_time(seconds: float) -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds * 1000) % 1000:03d}Z"
