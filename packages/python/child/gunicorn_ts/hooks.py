"""Server hooks of `gunicorn.conf.py` that belong to a worker. They are called here, since they are Python."""

from __future__ import annotations

import faulthandler
import importlib
import inspect
import os
import signal
import sys
import traceback
import types
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, Optional

from . import forked
from .ending import WorkerLeaves
from .lane import Lane
from .load import LoadError


class Hooks:
    """Functions of the file by name; a hook that is not there costs nothing."""

    def __init__(self, options: Dict[str, Any], lane: Lane) -> None:
        self.stacks: Optional[int] = options.get("stacks")
        self.settings: Dict[str, Any] = {}
        path = options.get("conf")
        if path:
            self.settings = read_settings(path)
        self.exited = False
        self.server: Any = None
        self.worker: Any = None
        if any(name in self.settings for name in HOOKS):
            self._make_worker(options, lane)

    def adopt(self, options: Dict[str, Any], lane: Lane) -> None:
        """In a forked child: the settings are those of the file as it was loaded, the worker is its own."""
        self.stacks = options.get("stacks")
        if self.worker is not None:
            self._make_worker(options, lane)

    def logging_options(self) -> Dict[str, Any]:
        """`logconfig_dict` may hold objects that no JSON could carry here."""
        value = self.settings.get("logconfig_dict")
        return {"logConfigDict": value} if value else {}

    def post_fork(self) -> None:
        if "worker_abort" in self.settings:
            forked.set_handler(signal.SIGABRT, self._abort)
        self._call("post_fork", self.server, self.worker)

    def post_worker_init(self) -> None:
        self._call("post_worker_init", self.worker)

    def worker_int(self) -> None:
        self._call("worker_int", self.worker)

    def worker_exit(self) -> None:
        """Called by whichever thread sees the end first, and once."""
        if not self.exited and not forked.is_offspring():
            self.exited = True
            self._call("worker_exit", self.server, self.worker)

    def dump_stacks(self) -> None:
        if self.stacks is not None:
            faulthandler.dump_traceback(self.stacks, all_threads=True)

    def wrap(self, application: Any) -> Any:
        """The application with `pre_request` and `post_request` around it."""
        before = self.settings.get("pre_request")
        after = self.settings.get("post_request")
        if before is None and after is None:
            return application
        return HookedApplication(application, self.worker, before, after)

    def _abort(self, *_: object) -> None:
        self.worker.alive = False
        self._call("worker_abort", self.worker)
        raise WorkerLeaves(1)

    def _call(self, name: str, *args: Any) -> None:
        hook = self.settings.get(name)
        if hook is None:
            return
        try:
            hook(*args)
        except Exception as error:
            if name in ("post_fork", "post_worker_init"):
                trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
                raise LoadError("import-error", f"hook {name} failed: {error!r}", trace) from error
            self.worker.log.exception("hook %s failed", name)

    def _make_worker(self, options: Dict[str, Any], lane: Lane) -> None:
        import logging

        settings = SimpleNamespace(**{**options.get("settings", {}), **self.settings})
        log = logging.getLogger("gunicorn.error")
        parent = os.getppid()
        self.server = SimpleNamespace(log=log, cfg=settings, pid=parent, address=[])
        self.worker = SimpleNamespace(
            log=log,
            cfg=settings,
            pid=os.getpid(),
            ppid=parent,
            age=int(options.get("age", 0)),
            slot=int(options.get("slot", 0)),
            alive=True,
            nr=0,
            booted=False,
        )


HOOKS = (
    "post_fork",
    "post_worker_init",
    "worker_int",
    "worker_abort",
    "worker_exit",
    "pre_request",
    "post_request",
)


class HookedApplication:
    """Calls the hooks of a request; `post_request` comes after the response was closed, as in Gunicorn."""

    def __init__(
        self,
        application: Any,
        worker: Any,
        before: Optional[Callable[..., object]],
        after: Optional[Callable[..., object]],
    ) -> None:
        self.application = application
        self.worker = worker
        self.before = before
        self.after = after
        self.after_count = count_parameters(after) if after else 0

    def __repr__(self) -> str:
        return repr(self.application)

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Any:
        request = describe_request(environ)
        response = SimpleNamespace(status=None, status_code=None, headers=[])
        self.worker.nr += 1
        if self.before is not None:
            self.before(self.worker, request)

        def start(status: str, headers: List[Any], exc_info: Any = None) -> Any:
            response.status = status
            response.status_code = int(status[:3]) if status[:3].isdigit() else None
            response.headers = headers
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        try:
            result = self.application(environ, start)
        except BaseException:
            self._finish(request, environ, response)
            raise
        if self.after is None:
            return result
        return HookedResult(result, lambda: self._finish(request, environ, response))

    def _finish(self, request: Any, environ: Dict[str, Any], response: Any) -> None:
        if self.after is None:
            return
        try:
            self.after(*(self.worker, request, environ, response)[: self.after_count])
        except Exception:
            self.worker.log.exception("hook post_request failed")


class HookedResult:
    """A response that says when it is closed."""

    def __init__(self, result: Any, finish: Callable[[], None]) -> None:
        self.result = result
        self.finish = finish

    def __iter__(self) -> Any:
        return iter(self.result)

    def close(self) -> None:
        try:
            if hasattr(self.result, "close"):
                self.result.close()
        finally:
            self.finish()


def count_parameters(hook: Callable[..., object]) -> int:
    """Gunicorn passes 2, 3 or 4 values to `post_request`, as the function takes."""
    try:
        parameters = inspect.signature(hook).parameters.values()
    except (TypeError, ValueError):
        return 4
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return 4
    return len(parameters)


def describe_request(environ: Dict[str, Any]) -> SimpleNamespace:
    """The fields of Gunicorn's request that hooks use."""
    headers = [
        (key[5:].replace("_", "-"), value) for key, value in environ.items() if key.startswith("HTTP_")
    ]
    version = environ.get("SERVER_PROTOCOL", "HTTP/1.1").partition("/")[2].split(".")
    return SimpleNamespace(
        method=environ.get("REQUEST_METHOD"),
        uri=environ.get("RAW_URI"),
        path=environ.get("PATH_INFO"),
        query=environ.get("QUERY_STRING"),
        fragment="",
        scheme=environ.get("wsgi.url_scheme"),
        version=tuple(int(part) for part in version if part.isdigit()),
        headers=headers,
        remote_addr=(environ.get("REMOTE_ADDR", ""), int(environ.get("REMOTE_PORT") or 0)),
    )


def read_settings(path: str) -> Dict[str, Any]:
    """What the configuration file says, for a child that is to call its hooks."""
    try:
        return run_file(path)
    except Exception as error:
        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        raise LoadError("import-error", f"{path} could not be run: {error!r}", trace) from error


def run_file(path: str) -> Dict[str, Any]:
    """The names that a configuration file leaves, or those of the module behind `python:`."""
    if path.startswith("python:"):
        return dict(vars(importlib.import_module(path[len("python:") :])))
    absolute = os.path.abspath(path)
    namespace: Dict[str, Any] = {
        "__builtins__": __builtins__,
        "__name__": "__config__",
        "__file__": absolute,
        "__doc__": None,
        "__package__": None,
    }
    with open(absolute, "rb") as file:
        code = compile(file.read(), absolute, "exec")
    # As a module: pickling and dataclasses look their classes up by it.
    module = types.ModuleType("__config__")
    sys.modules["__config__"] = module
    module.__dict__.update(namespace)
    exec(code, module.__dict__)
    return dict(module.__dict__)
