"""Ends a process whose parent has died while it runs somebody else's code, which may never come back."""

from __future__ import annotations

import faulthandler
import sys
from types import FrameType
from typing import Optional

from . import forked

PR_SET_PDEATHSIG = 1
# A call that is just ending ends.
GRACE_SECONDS = 5.0


class ParentWatch:
    """Where the kernel tells of a parent's death: on Linux. A process that is not busy hears of it by its channel."""

    def __init__(self) -> None:
        self.is_busy = False
        if not sys.platform.startswith("linux"):
            return
        from signal import SIGPWR

        forked.set_handler(SIGPWR, self._lost)
        try:
            import ctypes

            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(SIGPWR), 0, 0, 0)
        except (ImportError, OSError, AttributeError):
            pass

    def __enter__(self) -> None:
        self.is_busy = True

    def __exit__(self, *_: object) -> None:
        self.is_busy = False
        faulthandler.cancel_dump_traceback_later()

    def _lost(self, number: int, frame: Optional[FrameType]) -> None:
        if self.is_busy:
            faulthandler.dump_traceback_later(GRACE_SECONDS, exit=True)
