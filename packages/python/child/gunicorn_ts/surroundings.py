"""What an application expects around it: environment, folders, logging, greenlets, and who it runs as."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Optional

from . import ending
from .conf_file import ConfFile
from .control import SourceFiles
from .load import LoadError, load_application


class Surroundings:
    """Made once in the master; the processes that are forked from it have them."""

    def __init__(self, log_lane: Any) -> None:
        self.log_lane = log_lane
        self.options: Dict[str, Any] = {}
        self.files = SourceFiles()
        self.is_patched = False

    @property
    def is_check(self) -> bool:
        """The application is loaded to see that it can be: no hook is called."""
        return bool(self.options.get("check"))

    @property
    def mode(self) -> str:
        return str(self.options["mode"])

    def enter(self, folder: str, pythonpath: Optional[List[str]] = None) -> None:
        """As Gunicorn has it: what is there already stays where it is."""
        os.chdir(folder)
        for path in (os.getcwd(), *(os.path.abspath(one) for one in reversed(pythonpath or []))):
            if path not in sys.path:
                sys.path.insert(0, path)

    def prepare(self, options: Dict[str, Any], conf: ConfFile) -> None:
        self.options = options
        change = options.get("environment", {})
        for name in change.get("unset", []):
            os.environ.pop(name, None)
        os.environ.update(change.get("set", {}))
        sys.argv = ["gunicorn"]
        self.enter(os.getcwd())
        self.enter(options.get("chdir") or os.getcwd(), options.get("pythonpath"))
        self.capture_output(options.get("output"))
        if options.get("preload") and self.mode == "gevent":
            self.patch()

    def patch(self) -> None:
        """For greenlets. In the process of a worker, unless the application is to be shared."""
        if self.is_patched:
            return
        try:
            from gevent import monkey
        except ImportError as error:
            message = f"worker class gevent needs the Python package gevent ({error}); install it with pip install gevent"
            raise LoadError("missing-package", message, "", list(sys.path)) from None
        monkey.patch_all()
        ending.use_greenlets()
        self.is_patched = True

    def make_logger(self, cfg: Any) -> Any:
        """The logger of the settings, which configures `logging`."""
        from .logger_class import make_logger

        logger = make_logger(cfg)
        if self.mode == "asgi":
            from .asgi.uvicorn_logs import lead_uvicorn_logs

            lead_uvicorn_logs(logger)
        return logger

    def load_application(self) -> Any:
        return load_application(self.options["target"], self.mode == "asgi")

    def new_files(self) -> List[str]:
        return self.files.new()

    def capture_output(self, path: Optional[str]) -> None:
        """`capture_output`: what is printed goes to the error log's file. Again after that was renamed."""
        if not path:
            return
        with open(path, "ab", buffering=0) as file:
            for number in (1, 2):
                os.dup2(file.fileno(), number)

    def become_user(self) -> None:
        """Groups before user: after that the right to change groups is gone."""
        identity = self.options.get("identity")
        if not identity or os.geteuid() != 0:
            return
        uid, gid, user = identity["uid"], identity["gid"], identity.get("initgroupsUser")
        try:
            if user:
                os.initgroups(user, gid)
            else:
                os.setgroups([gid])
            os.setgid(gid)
            os.setuid(uid)
        except OSError as error:
            message = f"the Python process cannot become uid {uid}, gid {gid}: {error}"
            raise LoadError("import-error", message) from error

    @contextmanager
    def stdout_to_stderr(self) -> Iterator[None]:
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(kept, 1)
            os.close(kept)
