"""Server hooks of `gunicorn.conf.py`: those of the arbiter are called in the master, those of a worker in its process."""

from __future__ import annotations

import signal
import traceback
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import forked
from .conf_file import accepted_values
from .ending import WorkerLeaves
from .load import LoadError
from .server_objects import Arbiter, Worker

# Those that see a worker after it was forked.
OF_WORKERS = (
    "post_fork",
    "post_worker_init",
    "worker_int",
    "worker_abort",
    "worker_exit",
    "pre_request",
    "post_request",
)


class Hooks:
    """Calls the functions of the file by name; one that is not there costs nothing."""

    def __init__(self, functions: Dict[str, Callable[..., Any]], server: Arbiter) -> None:
        self.functions = functions
        self.server = server
        self.worker: Any = None
        self.stacks: Optional[int] = None
        self.exited = False

    def call(self, name: str, *args: Any) -> None:
        """What the hook throws is the caller's."""
        hook = self.functions.get(name)
        if hook is not None:
            hook(*args)

    def attempt(self, name: str, *args: Any) -> None:
        """What the hook throws is logged."""
        try:
            self.call(name, *args)
        except Exception:
            self.server.log.exception("hook %s failed", name)

    def post_fork(self, worker: Worker) -> None:
        self.worker = worker
        if "worker_abort" in self.functions:
            forked.set_handler(signal.SIGABRT, self._abort)
        self._at_boot("post_fork", self.server, worker)

    def post_worker_init(self) -> None:
        self.worker.booted = True
        self._at_boot("post_worker_init", self.worker)

    def worker_int(self) -> None:
        if self.worker is not None:
            self.attempt("worker_int", self.worker)

    def worker_exit(self) -> None:
        """Called by whichever thread sees the end first, and once."""
        if not self.exited and self.worker is not None and not forked.is_offspring():
            self.exited = True
            self.worker.tmp.close()
            self.attempt("worker_exit", self.server, self.worker)

    def wrap(self, application: Any) -> Any:
        """The application with `pre_request` and `post_request` around it, and with what counts for `worker.nr`."""
        if not any(name in self.functions for name in OF_WORKERS):
            return application
        before = self.functions.get("pre_request")
        after = self.functions.get("post_request")
        return HookedApplication(application, self.worker, before, after)

    def _abort(self, *_: object) -> None:
        self.worker.alive = False
        self.worker.aborted = True
        self.attempt("worker_abort", self.worker)
        raise WorkerLeaves(1)

    def _at_boot(self, name: str, *args: Any) -> None:
        try:
            self.call(name, *args)
        except Exception as error:
            raise hook_failed(name, error) from error


def hook_failed(name: str, error: BaseException) -> LoadError:
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return LoadError("import-error", f"hook {name} failed: {error!r}", trace.rstrip("\n"))


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
        self.after_count = accepted_values(after) if after else 0

    def __repr__(self) -> str:
        return repr(self.application)

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.worker.nr += 1
        if self.before is None and self.after is None:
            return self.application(environ, start_response)
        request = describe_request(environ)
        if self.before is not None:
            self.before(self.worker, request)
        if self.after is None:
            return self.application(environ, start_response)
        response = Response(request)
        try:
            result = self.application(environ, response.starter(start_response))
        except BaseException:
            self._finish(request, environ, response)
            raise
        return HookedResult(result, response, lambda: self._finish(request, environ, response))

    def _finish(self, request: Any, environ: Dict[str, Any], response: Any) -> None:
        if self.after is None:
            return
        try:
            self.after(*(self.worker, request, environ, response)[: self.after_count])
        except Exception:
            self.worker.log.exception("hook post_request failed")


class Response:
    """The fields of Gunicorn's response that hooks use."""

    def __init__(self, request: Any) -> None:
        self.req = request
        self.status: Optional[str] = None
        self.status_code: Optional[int] = None
        self.headers: List[Tuple[str, str]] = []
        self.headers_sent = False
        # Bytes of the body: announced, and sent so far.
        self.response_length: Optional[int] = None
        self.sent = 0
        self.chunked = False
        self.must_close = False
        self.upgrade = False

    def starter(self, start_response: Callable[..., Any]) -> Callable[..., Any]:
        def start(status: str, headers: List[Any], exc_info: Any = None) -> Any:
            self.status = status
            self.status_code = int(status[:3]) if status[:3].isdigit() else None
            self.headers = headers
            lengths = [value for name, value in headers if name.lower() == "content-length" and value.isdigit()]
            self.response_length = int(lengths[-1]) if lengths else None
            write = start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

            def count(data: bytes) -> None:
                self.note(data)
                write(data)

            return count

        return start

    def note(self, data: bytes) -> None:
        self.headers_sent = True
        self.sent += len(data)


class HookedResult:
    """A response that counts its bytes, and says when it is closed."""

    def __init__(self, result: Any, response: Response, finish: Callable[[], None]) -> None:
        self.result = result
        self.response = response
        self.finish = finish

    def __iter__(self) -> Any:
        note = self.response.note
        for part in self.result:
            note(part)
            yield part

    def close(self) -> None:
        self.response.headers_sent = self.response.status is not None
        try:
            if hasattr(self.result, "close"):
                self.result.close()
        finally:
            self.finish()


def describe_request(environ: Dict[str, Any]) -> SimpleNamespace:
    """The fields of Gunicorn's request that hooks use."""
    headers = [
        (key[5:].replace("_", "-"), value) for key, value in environ.items() if key.startswith("HTTP_")
    ]
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            headers.append((key.replace("_", "-"), environ[key]))
    version = environ.get("SERVER_PROTOCOL", "HTTP/1.1").partition("/")[2].split(".")
    peer = (environ.get("REMOTE_ADDR", ""), int(environ.get("REMOTE_PORT") or 0))
    return SimpleNamespace(
        method=environ.get("REQUEST_METHOD"),
        uri=environ.get("RAW_URI"),
        path=environ.get("PATH_INFO"),
        query=environ.get("QUERY_STRING"),
        fragment="",
        scheme=environ.get("wsgi.url_scheme"),
        version=tuple(int(part) for part in version if part.isdigit()),
        headers=headers,
        trailers=[],
        body=environ.get("wsgi.input"),
        peer_addr=peer,
        remote_addr=peer,
        proxy_protocol_info=None,
    )
