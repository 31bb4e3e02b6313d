"""Processes that the application forks. They have this one's memory, and nothing of the server: no lane, no signal
handler, and no request that they could answer."""

from __future__ import annotations

import _socket
import atexit
import faulthandler
import os
import signal
import threading
import traceback
from types import FrameType
from typing import Callable, Dict, List, NoReturn, Optional, Protocol, Set

from .output import complain, flush_output


class Connection(Protocol):
    """What leads to the worker."""

    def abandon(self, dead_end: int) -> None: ...


_connections: List[Connection] = []
_handlers: Dict[int, Callable[[int, Optional[FrameType]], object]] = {}
_masks: Dict[int, Set[int]] = {}
_is_offspring = False
_forker = 0


def keep(connection: Connection) -> None:
    """Until `forget`. Whoever opens one serves, also when it was forked for that."""
    global _is_offspring
    _is_offspring = False
    _connections.append(connection)


def forget(connection: Connection) -> None:
    if connection in _connections:
        _connections.remove(connection)


def set_handler(number: int, handler: Callable[[int, Optional[FrameType]], object]) -> None:
    """A handler that is this process's alone."""
    signal.signal(number, handler)
    _handlers[number] = handler


def is_offspring() -> bool:
    """Whether this process was forked by the application."""
    return _is_offspring


def is_forker() -> bool:
    """Whether what runs here called fork. Other greenlets of that process are copied with it."""
    return threading.get_ident() == _forker


def end_offspring(error: Optional[BaseException] = None) -> NoReturn:
    """For an offspring whose work is over. It ends as a program does, in whichever thread it was forked."""
    status = 0
    if isinstance(error, SystemExit):
        status = exit_status(error)
    elif error is not None:
        complain("".join(traceback.format_exception(type(error), error, error.__traceback__)))
        status = 1
    try:
        # Its first thread is the one that forked, and not the one in which the interpreter would end.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException:
        complain(traceback.format_exc())
    flush_output()
    os._exit(status)


def exit_status(error: SystemExit) -> int:
    """As the interpreter has it: a number, nothing, or a last word."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    complain(error.code)
    return 1


def _hold_signals() -> None:
    """What comes to a child before its handlers are put back waits in the kernel: Python would forget it."""
    _masks[threading.get_ident()] = signal.pthread_sigmask(signal.SIG_BLOCK, _handlers)


def _let_signals_in() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _masks.pop(threading.get_ident(), ()))


def _become_offspring() -> None:
    global _is_offspring, _forker
    _is_offspring = True
    _forker = threading.get_ident()
    # Reading there gives the end of the stream, and writing fails.
    dead_end, other = _socket.socketpair()
    other.close()
    for connection in _connections:
        connection.abandon(dead_end.fileno())
    dead_end.close()
    _connections.clear()
    for number, handler in _handlers.items():
        # What the application put in its place is the application's.
        if signal.getsignal(number) is handler:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, default)
    _handlers.clear()
    faulthandler.unregister(signal.SIGUSR2)
    _let_signals_in()


os.register_at_fork(
    before=_hold_signals, after_in_parent=_let_signals_in, after_in_child=_become_offspring
)
