"""stdout and stderr of the application, which may be anything by now."""

from __future__ import annotations

import sys


def flush_output() -> None:
    """A full disk, a terminal that is gone or a stream of the application's own costs what was printed, no more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def complain(text: object) -> None:
    """For what can be told in no other way."""
    try:
        print(text, file=sys.stderr)
    except Exception:
        pass
