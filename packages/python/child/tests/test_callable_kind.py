"""Which callables are taken for WSGI applications, and what is said of the others."""

from __future__ import annotations

import functools
import unittest
from typing import Any

from gunicorn_ts.callable_kind import objection


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    pass


def hidden_asgi(scope: Any, receive: Any, send: Any) -> Any:
    return asgi(scope, receive, send)


class Starlette:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        pass


class DjangoHandler(Starlette):
    pass


DjangoHandler.__module__ = "django.core.handlers.asgi"


class Endpoint:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        pass

    def __await__(self) -> Any:
        return iter(())


class DoubleCallable:
    def __init__(self, scope: Any) -> None:
        pass

    async def __call__(self, receive: Any, send: Any) -> None:
        pass


def wsgi(environ: Any, start_response: Any) -> Any:
    return []


class WsgiClass:
    """As PEP 3333 has it."""

    def __init__(self, environ: Any, start_response: Any) -> None:
        pass

    def __iter__(self) -> Any:
        return iter(())


class Framework:
    def __call__(self, environ: Any, start_response: Any) -> Any:
        return []

    def method(self, environ: Any, start_response: Any) -> Any:
        return []


class Callables(unittest.TestCase):
    def test_asgi_is_named_with_its_cure(self) -> None:
        for found in (
            asgi,
            hidden_asgi,
            functools.partial(asgi),
            Starlette(),
            Starlette().__call__,
            Starlette,
            Endpoint,
            DoubleCallable,
        ):
            with self.subTest(found):
                text = objection(found, "api.main:app")
                assert text is not None
                self.assertRegex(text, r"^api\.main:app is an ASGI application \(.*\), .* serves WSGI; write -k asgi$")

    def test_that_of_django_has_a_sibling(self) -> None:
        text = objection(DjangoHandler(), "mysite.asgi:application")
        assert text is not None
        self.assertRegex(text, "write -k asgi, or name .*mysite.wsgi:application")

    def test_wsgi_is_taken_in_every_form(self) -> None:
        def optional(environ: Any, start_response: Any, more: Any = None) -> Any:
            return []

        def anything(*args: Any, **kwargs: Any) -> Any:
            return []

        decorated = functools.wraps(wsgi)(anything)
        for found in (
            wsgi,
            functools.partial(lambda one, environ, start_response: [], 1),
            lambda environ, start_response: [],
            WsgiClass,
            Framework(),
            Framework().method,
            optional,
            anything,
            decorated,
            dict.get,
        ):
            with self.subTest(found):
                self.assertIsNone(objection(found, "a:b"))

    def test_a_factory_without_its_parentheses_is_named(self) -> None:
        self.assertEqual(
            objection(lambda: wsgi, "pkg:create_app"),
            "pkg:create_app takes no arguments, and a WSGI application is called with environ and start_response; "
            "write pkg:create_app() when it makes one",
        )

    def test_other_arguments_are_named(self) -> None:
        text = objection(lambda one, two, three: wsgi, "pkg:app")
        assert text is not None
        self.assertTrue(text.startswith("pkg:app takes one, two, three, and a WSGI application is called with"))


if __name__ == "__main__":
    unittest.main()
