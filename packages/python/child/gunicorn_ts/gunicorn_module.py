"""A module `gunicorn` for files that import it, where the package is not installed. The real one goes before it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, Callable, Dict, Optional, Sequence

VERSION = (27, 0, 1)
SERVER = "gunicorn"


def names_of_gunicorn() -> Dict[str, Any]:
    version = ".".join(map(str, VERSION))
    return {
        "version_info": VERSION,
        "__version__": version,
        "SERVER": SERVER,
        "SERVER_SOFTWARE": f"{SERVER}/{version}",
    }


def names_of_arbiter() -> Dict[str, Any]:
    from .server_objects import Arbiter

    return {"Arbiter": Arbiter}


def names_of_config() -> Dict[str, Any]:
    from .config import Config

    return {"Config": Config}


def names_of_worker() -> Dict[str, Any]:
    from .server_objects import Worker

    return {"Worker": Worker}


def names_of_base() -> Dict[str, Any]:
    from .standalone import Application, BaseApplication

    return {"BaseApplication": BaseApplication, "Application": Application}


def names_of_wsgiapp() -> Dict[str, Any]:
    from .standalone import WSGIApplication

    return {"WSGIApplication": WSGIApplication}


# What files import to extend it, to annotate their hooks, or to look at it; `None` for a package around modules.
MODULES: Dict[str, Optional[Callable[[], Dict[str, Any]]]] = {
    "gunicorn": names_of_gunicorn,
    "gunicorn.app": None,
    "gunicorn.app.base": names_of_base,
    "gunicorn.app.wsgiapp": names_of_wsgiapp,
    "gunicorn.arbiter": names_of_arbiter,
    "gunicorn.config": names_of_config,
    "gunicorn.glogging": None,
    "gunicorn.workers": None,
    "gunicorn.workers.base": names_of_worker,
}
PACKAGES = ("gunicorn", "gunicorn.app", "gunicorn.workers")


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last of all finders."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[types.ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname not in MODULES:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=fullname in PACKAGES)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Optional[types.ModuleType]:
        if spec.name != "gunicorn.glogging":
            return None
        from . import glogging

        return glogging

    def exec_module(self, module: types.ModuleType) -> None:
        names = MODULES.get(module.__name__)
        if names is not None:
            vars(module).update(names())


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
