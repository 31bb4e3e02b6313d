"""The control lane: how a child says that it is ready or why not, and how it is told to leave."""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from typing import Any, Callable, Dict, List, Optional, Set

from . import ending, forked
from .lane import MAX_PAYLOAD, Lane, LaneClosed

LEAVE = ord("T")
INTERRUPT = ord("I")
REOPEN = ord("O")
LEVEL = ord("V")
ACCESS = ord("G")
LEAVE_AT_ONCE = ord("N")


# How long the end waits for what was told before it.
FINISH_SECONDS = 1.0

STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep
OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep + "gunicorn_"


def may_change(path: str) -> bool:
    """Whether somebody may edit the file while the server runs."""
    if not path.endswith((".py", ".so")) or path.startswith(OURS):
        return False
    return not path.startswith(STANDARD_LIBRARY) or "-packages" + os.sep in path


class SourceFiles:
    """Files that modules were imported from."""

    def __init__(self) -> None:
        self.known: Set[str] = set()
        self.module_count = 0

    def new(self) -> List[str]:
        """Those of modules that were not there at the last call."""
        self.module_count = len(sys.modules)
        found = set()
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and path not in self.known and may_change(path):
                found.add(path)
        self.known |= found
        return sorted(found)


class Control:
    """Owns the control lane. Loss of it means that the worker is gone, and ends the process."""

    def __init__(self, lane: Lane, lanes: List[Lane], watches_files: bool = True) -> None:
        self.lane = lane
        # To look at all modules writes to them: what was shared with the master is copied, some megabytes.
        self.watches_files = watches_files
        self.lanes = lanes
        self.leaving = False
        self.is_obeying = False
        self.access: Any = None
        self.reopen: Callable[[], None] = lambda: None
        self.set_level: Callable[[str], None] = lambda level: None
        # What else the worker may ask for, by its letter.
        self.answers: Dict[int, Callable[[], None]] = {}
        self.files = SourceFiles()

    def send(self, kind: bytes, value: Dict[str, Any]) -> None:
        self.lane.send(kind, json.dumps(value).encode())

    def say_ready(self, application: object) -> None:
        if forked.is_offspring():
            # The application forked while it was imported, or a hook did.
            forked.end_offspring()
        files = self.new_files() if self.watches_files else []
        text = json.dumps(files)
        hello: Dict[str, Any] = {
            "version": 1,
            "pid": os.getpid(),
            "python": "{}.{}.{}".format(*sys.version_info[:3]),
            "application": f"{application!r:.200}",
            "files": files if len(text) < MAX_PAYLOAD // 2 else [],
            "access": {"enabled": self.access.is_enabled, "asked": self.access.is_asked},
        }
        self.send(b"K", hello)
        if not hello["files"]:
            self._send_files(files)

    def new_files(self) -> List[str]:
        return self.files.new()

    def listen(self, hooks: Any) -> None:
        """Until the worker closes the lane, which ends the process."""
        timeout = 1.0 if self.watches_files else None
        while True:
            try:
                if not self._wait(timeout):
                    if len(sys.modules) != self.files.module_count:
                        self._send_files(self.new_files())
                    continue
                kind, _, length = self.lane.receive_prefix()
                self.is_obeying = True
                payload = self.lane.take_all(length)
            except (LaneClosed, OSError):
                if forked.is_offspring():
                    rest_for_ever()
                # With the worker gone nobody waits for what the application still does.
                ending.leave_at_once()
            self._obey(kind, payload, hooks)
            self.is_obeying = False

    def finish(self) -> None:
        """What the server told before the end is still written: by the thread that reads it, which ends with us."""
        end = time.monotonic() + FINISH_SECONDS
        while time.monotonic() < end and (self.is_obeying or self._wait(0)):
            time.sleep(0.005)

    def _obey(self, kind: int, payload: bytes, hooks: Any) -> None:
        if kind == LEAVE:
            self.leave()
        elif kind == LEAVE_AT_ONCE:
            ending.leave_at_once()
        elif kind == INTERRUPT:
            hooks.worker_int()
        elif kind == ACCESS:
            self.access.take(json.loads(payload))
        elif kind == REOPEN:
            self.reopen()
        elif kind == LEVEL:
            self.set_level(json.loads(payload)["level"])
        elif kind in self.answers:
            self.answers[kind]()

    def leave(self) -> None:
        """Lets lanes end that wait for a request; the others end after theirs."""
        self.leaving = True
        for lane in self.lanes:
            if not lane.busy:
                try:
                    lane.sock.shutdown(socket.SHUT_RD)
                except OSError:
                    pass

    def _wait(self, timeout: Optional[float]) -> bool:
        if timeout is None or self.lane.start < self.lane.end:
            return True
        return bool(select.select([self.lane.sock], [], [], timeout)[0])

    def _send_files(self, files: List[str]) -> None:
        for start in range(0, len(files), 2000):
            self.send(b"M", {"files": files[start : start + 2000]})


def rest_for_ever() -> None:
    """For a greenlet that was copied into a forked child: there `threading` does not know it, and fails when it ends."""
    from gevent import get_hub

    get_hub().switch()
