"""How the process comes to its end."""

from __future__ import annotations


class WorkerLeaves(SystemExit):
    """Raised by our own handlers of signals, in the middle of whatever the application does."""
