"""Serves an ASGI application in the main thread: the loop, the calls that run, and how they come to their end."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import sys
from typing import Any, Callable, Dict, Optional

from .. import forked
from ..error_stream import send_line
from ..hooks import Hooks
from ..load import LoadError
from ..output import complain, flush_output
from .bus import Bus
from .frames import PING, PREFIX, REQUEST, TASKS
from .http import HttpCall
from .interface import TWO, as_version_three, interface_of
from .lifespan import Lifespan
from .request_hooks import hooked
from .scope import ScopeMaker
from .tasks import describe_tasks
from .websocket import WebSocketCall

# Objects made since the last collection. Python's few hundred are those of some requests: what runs at the same time
# is looked at again and again, and moved to where it costs most.
MOST_YOUNG = 10_000

# What is left of the time for an end that nobody waits for.
HASTY_SECONDS = 0.8


# Between the cancellation of what runs and the cut by the worker.
LAST_SECONDS = 0.5
# How long a cancelled call may take to clean up.
CANCEL_SECONDS = 0.2


class Service:
    """Made in the process of a worker: a loop does not outlive a fork."""

    def __init__(self, application: Any, options: Dict[str, Any], lane: Any, hooks: Hooks) -> None:
        self.lane = lane
        self.grace_seconds = float(options.get("disconnectGrace", 3))
        self.version = "2.0" if interface_of(application) == TWO else "3.0"
        self.application = hooked(as_version_three(application), hooks)
        self.loop = make_loop(str(options.get("loop", "auto")))
        self.lifespan = Lifespan(self.application, str(options.get("lifespan", "auto")), self.log)
        self.scopes = ScopeMaker(self.version, str(options.get("rootPath", "")).rstrip("/"), self.lifespan.state)
        self.bus = Bus(self.loop, self.begin, self.leave, self.closed, self.scopes.take_tls)
        self._idle: Optional[asyncio.Future[None]] = None
        self._is_late = False

    def log(self, level: str, text: str) -> None:
        send_line(self.lane, level.encode(), text)

    def start(self) -> None:
        """Raises a `LoadError` when the application cannot serve."""
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.lifespan.startup(self.version))

    def serve(self, sock: Any, application: Any = None) -> None:
        """Until the worker closes the bus, and the application has come to its end."""
        sock.setblocking(False)
        collect_less_often()
        self.loop.run_until_complete(self.bus.connect(sock))
        self.loop.run_forever()

    def begin(self, kind: int, stream: int, flags: int, payload: bytes) -> HttpCall:
        if kind == REQUEST:
            call = HttpCall(self, stream, flags, self.scopes.http(flags, payload))
        else:
            call = WebSocketCall(self, stream, flags, self.scopes.websocket(flags, payload))
        call.task = self.loop.create_task(call.run(self.application))
        return call

    def ended(self, stream: int) -> None:
        """The application has returned."""
        if forked.is_offspring():
            forked.end_offspring(sys.exc_info()[1])
        del self.bus.streams[stream]
        if self._idle is not None and not self.bus.streams and not self._idle.done():
            self._idle.set_result(None)

    def answers(self, stacks: Optional[int]) -> Dict[int, Callable[[], None]]:
        """What is done in the thread of the control lane."""

        def tell_tasks() -> None:
            if stacks is not None:
                os.write(stacks, describe_tasks(list(self.bus.streams.values())).encode("utf-8", "replace"))

        pong = PREFIX.pack(b"p", 0, 0)
        return {PING: lambda: self.call_from_thread(lambda: self.lane.write(pong)), TASKS: tell_tasks}

    def call_from_thread(self, function: Callable[[], None]) -> None:
        try:
            self.loop.call_soon_threadsafe(function)
        except RuntimeError:
            # The loop is closed: the process is at its end.
            pass

    def leave(self, farewell: float, cut: float) -> None:
        """When those who wait for the end of their client are told that it came, and when the worker cuts what runs."""
        rest = cut - farewell
        self.loop.call_later(farewell, self.tell, lambda stream: stream.leave())
        self.loop.call_later(cut - min(LAST_SECONDS, rest / 2), self.tell, lambda stream: stream.cut())
        self.loop.call_later(cut, self.cut_behind)

    def tell(self, say: Callable[[Any], None]) -> None:
        for stream in list(self.bus.streams.values()):
            say(stream)

    def cut_behind(self) -> None:
        """What still runs behind its response leaves the time that is left to the end of the application."""
        count = len(self.bus.streams)
        if count > 0:
            self.log("w", f"{count} {'call' if count == 1 else 'calls'} of the application cut off: gracefulTimeout is over")
        self.tell(lambda stream: stream.task.cancel())
        self.loop.call_later(CANCEL_SECONDS, self.stop_waiting)

    def stop_waiting(self) -> None:
        """Who caught the cancellation is not waited for."""
        self._is_late = True
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    def closed(self, error: Optional[Exception]) -> None:
        if error is not None and not isinstance(error, OSError):
            complain(f"The bus to the worker cannot be read: {error!r}; the process ends")
            flush_output()
            os._exit(1)
        self._end = self.loop.create_task(self.finish())

    async def finish(self) -> None:
        """What runs behind its response is waited for; the worker says until when, by its own end."""
        if self.bus.streams and not self._is_late:
            self._idle = self.loop.create_future()
            await self._idle
        await self.lifespan.shutdown()
        self.loop.stop()

    def leave_at_once(self) -> None:
        """Nobody waits for what runs; the application may still put its things in order."""
        self.bus.close()
        for task in asyncio.all_tasks(self.loop):
            if task is not self.lifespan.task:
                task.cancel()
        try:
            self.loop.run_until_complete(asyncio.wait_for(self.lifespan.shutdown(), HASTY_SECONDS))
        except (Exception, asyncio.CancelledError):
            pass


def collect_less_often() -> None:
    """An application that has chosen for itself is left alone."""
    young, *older = gc.get_threshold()
    if 0 < young < MOST_YOUNG:
        gc.set_threshold(MOST_YOUNG, *older)


def make_loop(name: str) -> asyncio.AbstractEventLoop:
    """uvloop where it is there, unless the settings say otherwise."""
    if name != "asyncio":
        try:
            uvloop: Any = importlib.import_module("uvloop")
            loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
            return loop
        except ImportError as error:
            if name == "uvloop":
                message = f"asgiLoop is uvloop, which needs the Python package uvloop ({error}); install it with pip install uvloop"
                raise LoadError("missing-package", message, "", list(sys.path)) from None
    return asyncio.new_event_loop()
