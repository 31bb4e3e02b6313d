"""`pre_request` and `post_request` around the calls of an ASGI application."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple

from ..conf_file import accepted_values
from ..hooks import OF_WORKERS, Hooks, describe_request


class Response:
    """The fields of a response that hooks look at."""

    def __init__(self) -> None:
        self.status: Optional[int] = None
        self.status_code: Optional[int] = None
        self.headers: List[Tuple[str, str]] = []
        self.sent = 0

    def note(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self.status = self.status_code = message["status"]
            self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers_of(message)]
        elif kind == "http.response.body":
            self.sent += len(message.get("body", b""))

    def headers_of(self, message: Dict[str, Any]) -> Any:
        """What can be read but once is read once."""
        message["headers"] = list(message.get("headers", ()))
        return message["headers"]


class HookedApplication:
    """Calls the hooks of a request, in the loop; `post_request` when the call has returned, as in Gunicorn."""

    def __init__(self, application: Callable[..., Awaitable[Any]], hooks: Hooks) -> None:
        self.application = application
        self.hooks = hooks
        self.worker = hooks.worker
        self.before = hooks.functions.get("pre_request")
        self.after = hooks.functions.get("post_request")
        self.after_count = accepted_values(self.after) if self.after else 0

    async def __call__(self, scope: Dict[str, Any], receive: Any, send: Any) -> Any:
        if scope["type"] == "lifespan":
            return await self.application(scope, receive, send)
        self.worker.nr += 1
        if scope["type"] != "http" or (self.before is None and self.after is None):
            return await self.application(scope, receive, send)
        environ = environ_of(scope)
        request = describe_request(environ)
        if self.before is not None:
            self.before(self.worker, request)
        if self.after is None:
            return await self.application(scope, receive, send)
        response = Response()

        async def noting(message: Dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = dict(message)
            response.note(message)
            await send(message)

        try:
            return await self.application(scope, receive, noting)
        finally:
            told = response if response.status is not None else None
            self.hooks.attempt("post_request", *(self.worker, request, environ, told)[: self.after_count])


def hooked(application: Callable[..., Awaitable[Any]], hooks: Hooks) -> Callable[..., Awaitable[Any]]:
    """The application itself where nobody would see the difference."""
    if not any(name in hooks.functions for name in OF_WORKERS):
        return application
    return HookedApplication(application, hooks)


def environ_of(scope: Dict[str, Any]) -> Dict[str, Any]:
    """What a hook that was written for WSGI looks at."""
    query = scope["query_string"].decode("latin-1")
    raw_path = scope["raw_path"].decode("latin-1")
    client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
    environ: Dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "RAW_URI": f"{raw_path}?{query}" if query else raw_path,
        "SCRIPT_NAME": scope["root_path"],
        "PATH_INFO": scope["path"],
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        "wsgi.url_scheme": scope["scheme"],
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
