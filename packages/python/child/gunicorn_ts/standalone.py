"""`gunicorn.app.base` for files that define an application beside a program that starts Gunicorn by itself."""

from __future__ import annotations

from typing import Any, NoReturn, Optional

from .config import Config


class BaseApplication:
    """It can be extended and made. What it would start runs already: the server that imported the file."""

    def __init__(self, usage: Optional[str] = None, prog: Optional[str] = None) -> None:
        self.usage = usage
        self.prog = prog
        self.cfg = Config()
        self.callable: Any = None
        self.logger: Any = None

    def load_config(self) -> None:
        raise NotImplementedError

    def load(self) -> Any:
        raise NotImplementedError

    def wsgi(self) -> Any:
        if self.callable is None:
            self.callable = self.load()
        return self.callable

    def run(self) -> NoReturn:
        raise RuntimeError(
            f"{type(self).__name__}.run() starts a server while this one imports the file; call it behind "
            'if __name__ == "__main__": or take it out, and write its options in gunicorn.conf.py'
        )


class Application(BaseApplication):
    def load_config(self) -> None:
        """Its settings are those of the server."""


class WSGIApplication(Application):
    """`gunicorn.app.wsgiapp`."""
