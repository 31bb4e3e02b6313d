"""What the calls of an application wait for, in words: for the log, when the loop does not turn."""

from __future__ import annotations

from typing import Any, List

MOST_TASKS = 40
MOST_FRAMES = 12


def describe_tasks(streams: List[Any]) -> str:
    """Called by another thread while the loop hangs: what it reads may change, and nothing of it is to be trusted."""
    lines = [f"Requests of which the application has not returned: {len(streams)}"]
    for stream in streams[:MOST_TASKS]:
        try:
            lines.append(f"  {stream}")
            lines += [f"    {frame}" for frame in frames_of(stream.task.get_coro())]
        except Exception as error:
            lines.append(f"    {error!r}")
    return "\n".join(lines) + "\n"


def frames_of(awaited: Any) -> List[str]:
    """From the server's own coroutine, which is left out, to what is awaited in the end."""
    found: List[str] = []
    while awaited is not None and len(found) < MOST_FRAMES:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is not None:
            found.append(f'File "{frame.f_code.co_filename}", line {frame.f_lineno} in {frame.f_code.co_name}')
        awaited = (
            getattr(awaited, "cr_await", None)
            or getattr(awaited, "ag_await", None)
            or getattr(awaited, "gi_yieldfrom", None)
        )
    return found[1:]
