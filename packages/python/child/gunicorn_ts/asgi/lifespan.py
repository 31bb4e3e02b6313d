"""The application's own start and end: the `lifespan` of ASGI."""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Dict, Optional

from ..load import LoadError
from .failure import describe_failure


class Lifespan:
    """Runs in a task of its own for as long as the application serves."""

    def __init__(
        self, application: Callable[..., Awaitable[Any]], mode: str, log: Callable[[str, str], None]
    ) -> None:
        self.application = application
        self.mode = mode
        self.log = log
        # What the application puts there is copied for each request.
        self.state: Dict[str, Any] = {}
        self.task: Optional[asyncio.Task[None]] = None
        self.is_supported = False
        self._is_ending = False
        self._inbox: Optional[asyncio.Queue[Dict[str, Any]]] = None
        self._started: Optional[asyncio.Future[Optional[str]]] = None
        self._stopped: Optional[asyncio.Future[Optional[str]]] = None
        self._failure: Optional[BaseException] = None

    async def startup(self, version: str) -> None:
        """Raises a `LoadError` when the application says that it cannot serve."""
        if self.mode == "off":
            return
        loop = asyncio.get_running_loop()
        self._inbox = asyncio.Queue()
        self._started, self._stopped = loop.create_future(), loop.create_future()
        self._inbox.put_nowait({"type": "lifespan.startup"})
        scope = {
            "type": "lifespan",
            "asgi": {"version": version, "spec_version": "2.0"},
            "state": self.state,
        }
        self.task = loop.create_task(self._run(scope))
        await first_of(self._started, self.task)
        if self._started.done():
            message = self._started.result()
            if message is None:
                self.is_supported = True
                return
            # What Starlette says is its traceback, which it raises once more.
            raise LoadError("import-error", "The application's lifespan startup failed", message.rstrip())
        if self.mode == "on":
            raise LoadError("import-error", "The application's lifespan startup failed, and asgiLifespan is on", self._why())
        self.log("d", f"The application is served without its lifespan: {self._why().splitlines()[-1]}")

    async def shutdown(self) -> None:
        """Once, after the last request. An application that returned by itself is not asked."""
        if not self.is_supported or self.task is None or self.task.done():
            return
        assert self._inbox is not None and self._stopped is not None
        if not self._is_ending:
            self._is_ending = True
            self._inbox.put_nowait({"type": "lifespan.shutdown"})
        await first_of(self._stopped, self.task)
        message = self._stopped.result() if self._stopped.done() else (self._why() if self._failure else None)
        if message is not None:
            self.log("e", f"The application's lifespan shutdown failed\n{message}".rstrip())

    async def _run(self, scope: Dict[str, Any]) -> None:
        try:
            await self.application(scope, self._receive, self._send)
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except BaseException as error:
            self._failure = error
            if self.is_supported and not self._is_ending:
                self.log("e", f"The application's lifespan ended\n{describe_failure(error)}")

    async def _receive(self) -> Dict[str, Any]:
        assert self._inbox is not None
        return await self._inbox.get()

    async def _send(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        assert self._started is not None and self._stopped is not None
        if kind in ("lifespan.startup.complete", "lifespan.startup.failed"):
            answer = self._started
            if self._stopped.done() or answer.done():
                raise RuntimeError(f"{kind!r} comes at the wrong time")
        elif kind in ("lifespan.shutdown.complete", "lifespan.shutdown.failed"):
            answer = self._stopped
            if not self._started.done() or answer.done():
                raise RuntimeError(f"{kind!r} comes at the wrong time")
        else:
            raise RuntimeError(f"{kind!r} is no message of lifespan")
        answer.set_result(str(message.get("message", "")) if kind.endswith("failed") else None)

    def _why(self) -> str:
        if self._failure is None:
            return "the application returned without an answer"
        return describe_failure(self._failure)


async def first_of(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
