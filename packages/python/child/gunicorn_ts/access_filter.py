"""What the settings leave out of the access log, of requests that this process tells its loggers of by itself."""

from __future__ import annotations

import random
import re
from typing import Any, Dict, Optional, Tuple
from urllib.parse import unquote

LEAST_ERROR = 400
TRACE = re.compile(r"([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?")
# Of a trace id so many digits at the end are random.
RANDOM_DIGITS = 14


def trace_of(environ: Dict[str, Any]) -> Optional[Tuple[str, str]]:
    """Trace and parent of the header `traceparent`."""
    found = TRACE.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    if found is None or found[1] == "ff" or (found[1] == "00" and found[4]):
        return None
    return None if set(found[2]) == {"0"} or set(found[3]) == {"0"} else (found[2], found[3])


class AccessFilter:
    def __init__(self, cfg: Any) -> None:
        self.exclusions = cfg.access_log_exclude or []
        self.sample = cfg.access_log_sample
        self.slow = cfg.access_log_slow or float("inf")
        self.is_idle = not self.exclusions and self.sample >= 1

    def passes(self, status: Optional[int], environ: Dict[str, Any], seconds: float) -> bool:
        if self.is_idle or (status or 0) >= LEAST_ERROR or seconds >= self.slow:
            return True
        if any(is_excluded(one, environ) for one in self.exclusions):
            return False
        return self.sample >= 1 or portion_of(environ) >= 1 - self.sample


def portion_of(environ: Dict[str, Any]) -> float:
    trace = trace_of(environ)
    if trace is None:
        return random.random()
    return float(int(trace[0][-RANDOM_DIGITS:], 16) / 16**RANDOM_DIGITS)


def is_excluded(exclusion: Dict[str, str], environ: Dict[str, Any]) -> bool:
    method, path, agent = (exclusion.get(name) for name in ("method", "path", "userAgent"))
    if method is not None and method != environ.get("REQUEST_METHOD"):
        return False
    if path is not None and not fits(unquote(str(environ.get("RAW_URI", "")).partition("?")[0]), path):
        return False
    return agent is None or fits(str(environ.get("HTTP_USER_AGENT", "")).lower(), agent.lower())


def fits(text: str, pattern: str) -> bool:
    """Linear, whatever the client sends: `*` is any text."""
    first, *others = pattern.split("*")
    if not others:
        return text == first
    *inner, last = others
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    at = len(first)
    for part in inner:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at <= len(text) - len(last)
