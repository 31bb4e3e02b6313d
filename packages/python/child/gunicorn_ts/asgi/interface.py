"""Which interface a callable has, by how it can be called: ASGI 3, ASGI 2, WSGI, or none."""

from __future__ import annotations

import inspect
from typing import Any, Awaitable, Callable, Optional

from ..callable_kind import describe, is_asgi, is_asynchronous, required_names, unwrap

THREE = "asgi3"
TWO = "asgi2"
WSGI = "wsgi"
FACTORY = "factory"


def interface_of(found: Any) -> Optional[str]:
    """`None` where Python does not tell."""
    inner = unwrap(found)
    call = inner if inspect.isroutine(inner) or inspect.isclass(inner) else getattr(type(inner), "__call__", None)
    names = required_names(found)
    if names is None:
        return THREE if is_asgi(found) else None
    if names == [] and takes(found, 0) and not takes(found, 3):
        return FACTORY
    if takes(found, 3):
        return THREE
    if takes(found, 2):
        return WSGI
    if takes(found, 1):
        return TWO
    return THREE if call is not None and is_asynchronous(call) else None


def takes(found: Any, count: int) -> bool:
    try:
        inspect.signature(found).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True


def objection(found: Any, target: str) -> Optional[str]:
    """Why it is no ASGI application, and what to write instead; `None` when nothing speaks against it."""
    if interface_of(found) == WSGI:
        return (
            f"{target} is a WSGI application ({describe(found)}), and this worker class serves ASGI; "
            "write -k gthread, or leave -k away"
        )
    if interface_of(found) is None and required_names(found) is not None:
        names = ", ".join(required_names(found) or []) or "no arguments"
        return f"{target} takes {names}, and an ASGI application is called with scope, receive and send; name a callable that takes the three"
    return None


def as_version_three(found: Any) -> Callable[..., Awaitable[Any]]:
    """An application of ASGI 2 gives another callable for each scope."""
    if interface_of(found) != TWO:
        return found  # type: ignore[no-any-return]

    async def application(scope: Any, receive: Any, send: Any) -> Any:
        return await found(scope)(receive, send)

    return application
