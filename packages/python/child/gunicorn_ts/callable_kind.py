"""Whether a server can call what a target names with `(environ, start_response)`: said at load, not at each request."""

from __future__ import annotations

import functools
import inspect
from typing import Any, List, Optional

ASGI_NAMES = ["scope", "receive", "send"]


def objection(found: Any, target: str) -> Optional[str]:
    """Why it is no WSGI application, and what to write instead; `None` when nothing speaks against it."""
    if is_asgi(found):
        return (
            f"{target} is an ASGI application ({describe(found)}), and this worker class serves WSGI; "
            f"{asgi_cure(found)}"
        )
    names = required_names(found)
    if names is None or can_be_called(found):
        return None
    takes = f"takes {', '.join(names)}" if names else "takes no arguments"
    cure = f"write {target}() when it makes one" if not names else "name a callable that takes both"
    return f"{target} {takes}, and a WSGI application is called with environ and start_response; {cure}"


def is_asgi(found: Any) -> bool:
    inner = unwrap(found)
    if inspect.isclass(inner):
        # Of ASGI 2 (an instance for each scope), or an endpoint that is awaited.
        return (
            hasattr(inner, "__await__")
            or inspect.iscoroutinefunction(getattr(inner, "__call__", None))
            or required_names(inner) == ASGI_NAMES
        )
    if inspect.isroutine(inner):
        # A decorator may have hidden that it is asynchronous.
        return is_asynchronous(inner) or required_names(inner) == ASGI_NAMES
    call = getattr(type(inner), "__call__", None)
    return call is not None and (is_asynchronous(call) or required_names(inner) == ASGI_NAMES)


def is_asynchronous(function: Any) -> bool:
    inner = unwrap(function)
    return inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)


def unwrap(found: Any) -> Any:
    while isinstance(found, functools.partial):
        found = found.func
    return found


def required_names(found: Any) -> Optional[List[str]]:
    """Of the arguments that must be given; `None` where Python does not tell."""
    try:
        parameters = inspect.signature(found).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one.name for one in parameters if one.kind in positional and one.default is one.empty]


def can_be_called(found: Any) -> bool:
    try:
        inspect.signature(found).bind("environ", "start_response")
    except TypeError:
        return False
    return True


def describe(found: Any) -> str:
    inner = unwrap(found)
    if inspect.isclass(inner):
        return f"the class {inner.__qualname__}"
    if inspect.isroutine(inner):
        return f"the function {inner.__qualname__}"
    return type(inner).__name__


def asgi_cure(found: Any) -> str:
    module = type(unwrap(found)).__module__
    if module.startswith("django."):
        return "write -k asgi, or name the WSGI application of the project, as in mysite.wsgi:application"
    return "write -k asgi"
