"""What a hub that is blocked cannot do by itself: end with its worker, and say what its greenlets wait for."""

from __future__ import annotations

import faulthandler
import os
import traceback
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import ending

PING = ord("P")
TASKS = ord("S")
HERE = os.path.dirname(os.path.abspath(__file__))
MOST_FRAMES = 20
MOST_LINES = 200

# What serves each lane.
serving: List[Tuple[Any, Any]] = []


def hear_of_children() -> None:
    """gevent takes SIGCHLD behind its first fork. A child that has ended by then it would never hear of, and who waits
    for it would wait for ever."""
    from gevent import get_hub

    # Of this thread: another one that forks has a hub that nobody runs.
    loop = get_hub().loop
    os.register_at_fork(before=loop.install_sigchld)


def answers(lane: Any, stacks: Optional[int]) -> Dict[int, Callable[[], None]]:
    """To the worker, from a greenlet: a hub that is blocked gives none."""

    def tell_greenlets() -> None:
        if stacks is not None:
            os.write(stacks, describe_greenlets().encode("utf-8", "replace"))

    return {PING: lambda: lane.send(b"p", b""), TASKS: tell_greenlets}


def describe_greenlets() -> str:
    """Where the application waits in each of them, the innermost frame first, as `faulthandler` shows threads."""
    lines: List[str] = []
    for lane, greenlet in serving:
        frame = greenlet.gr_frame if lane.busy else None
        if frame is None or len(lines) > MOST_LINES:
            continue
        lines.append("Greenlet of a request (most recent call first):")
        frames = reversed(traceback.extract_stack(frame))
        shown = [one for one in frames if os.path.dirname(one.filename) != HERE]
        lines += [f'  File "{one.filename}", line {one.lineno} in {one.name}' for one in shown[:MOST_FRAMES]]
    return "\n".join(lines) + "\n"


def end_with_worker(control: int) -> None:
    """A greenlet that does not wait keeps the one away that reads the control lane. This thread is no greenlet: when
    the worker is gone, and the hub has not ended the process in time, the process ends all the same."""
    from gevent.monkey import get_original

    poll = get_original("select", "poll")

    def wait_for_end() -> None:
        watched = poll()
        # The end alone is watched, which is always told.
        watched.register(control, 0)
        watched.poll()
        faulthandler.dump_traceback_later(ending.LIMIT_SECONDS, exit=True)

    get_original("_thread", "start_new_thread")(wait_for_end, ())
