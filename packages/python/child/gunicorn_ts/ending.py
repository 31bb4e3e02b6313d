"""How the process comes to its end: as the interpreter ends, with `atexit`, whoever asks for it."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import time
from types import FrameType
from typing import NoReturn, Optional

from .output import flush_output

# The arbiter waits 2 seconds for a worker that is to leave at once, and the worker a bit less for its process.
LIMIT_SECONDS = 1.2

# The one that finalizes the interpreter. Under gevent the `threading` module will speak of greenlets.
_main_thread = threading.get_ident()
_has_greenlets = False
_is_leaving = False
_is_ending = False


class WorkerLeaves(SystemExit):
    """Raised by our own handlers of signals, in the middle of whatever the application does."""


def on_signal(number: int, frame: Optional[FrameType]) -> None:
    """The worker was told, too: it decides what that means."""
    global _is_leaving
    if _is_leaving and not _is_ending:
        _is_leaving = False
        raise WorkerLeaves(0)


def use_greenlets() -> None:
    """All is in one thread from now on."""
    global _has_greenlets
    _has_greenlets = True


def begin_end() -> None:
    """Nothing is served any more, and the interpreter is about to end: it is not interrupted in that."""
    global _is_ending
    _is_ending = True


def leave_at_once() -> NoReturn:
    """Ends the interpreter from another thread: what the main thread does is interrupted, as Gunicorn does it. What
    does not end then, such as a thread of the application, is ended with the process."""
    global _is_leaving
    if not _is_ending:
        # Needs neither this thread nor the interpreter: code that holds it cannot hold up the end.
        faulthandler.dump_traceback_later(LIMIT_SECONDS, exit=True, file=_stderr())
        if _has_greenlets:
            _interrupt_main_greenlet()
        else:
            _is_leaving = True
            signal.pthread_kill(_main_thread, signal.SIGUSR1)
    time.sleep(LIMIT_SECONDS)
    flush_output()
    os._exit(0)


def _interrupt_main_greenlet() -> None:
    from gevent import get_hub

    get_hub().handle_system_error(WorkerLeaves, WorkerLeaves(0))


def _stderr() -> int:
    try:
        return os.dup(2)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
