"""A module `gunicorn` for files that import it, where the package is not installed. The real one goes before it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, Optional, Sequence

VERSION = (27, 0, 1)
SERVER = "gunicorn"


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last of all finders."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[types.ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname not in ("gunicorn", "gunicorn.glogging"):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=fullname == "gunicorn")

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Optional[types.ModuleType]:
        if spec.name == "gunicorn":
            return None
        from . import glogging

        return glogging

    def exec_module(self, module: types.ModuleType) -> None:
        if module.__name__ != "gunicorn":
            return
        version = ".".join(map(str, VERSION))
        vars(module).update(
            version_info=VERSION,
            __version__=version,
            SERVER=SERVER,
            SERVER_SOFTWARE=f"{SERVER}/{version}",
        )


def install() -> None:
    if not any(isinstance(one, Finder) for one in sys.meta_path):
        sys.meta_path.append(Finder())


def changed_server() -> Optional[str]:
    """What somebody put into `gunicorn.SERVER`; an empty text is nothing, and so is `None`."""
    module: Any = sys.modules.get("gunicorn")
    server = getattr(module, "SERVER", SERVER)
    if server == SERVER:
        return None
    return "" if server is None else str(server)


def changed_software() -> Optional[str]:
    """What somebody put into `gunicorn.SERVER_SOFTWARE`, which environs show."""
    module: Any = sys.modules.get("gunicorn")
    software = getattr(module, "SERVER_SOFTWARE", None)
    if software is None or software == f"{SERVER}/{getattr(module, '__version__', '')}":
        return None
    return str(software)
