"""`wsgi.errors`: lines for the worker's error log."""

from __future__ import annotations

from typing import Iterable, List

from .lane import BUFFER_SIZE, Lane, LaneClosed
from .output import complain


class ErrorStream:
    """A text stream that sends whole lines, so that those of several threads do not mix."""

    __slots__ = ("lane", "parts")

    encoding = "utf-8"
    errors = "backslashreplace"
    closed = False

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.parts: List[str] = []

    def write(self, text: str) -> int:
        self.parts.append(text)
        if "\n" in text:
            self.flush()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        text = "".join(self.parts).rstrip("\n")
        self.parts = []
        if text:
            send_line(self.lane, b"e", text)

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


def send_line(lane: Lane, level: bytes, text: str) -> None:
    """Level is e, w, i or d. A log line is never lost for want of a lane."""
    data = text.encode("utf-8", "backslashreplace")
    if len(data) >= BUFFER_SIZE:
        data = data[: BUFFER_SIZE - 8] + "…".encode()
    try:
        lane.send(b"L", level + data)
    except (LaneClosed, OSError):
        complain(text)
