"""`server` and `worker`, as the hooks of `gunicorn.conf.py` see them."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from typing import IO, Any, Callable, Dict, List, Optional

from .config import Config


class Application:
    """`server.app` and `worker.app`."""

    def __init__(self, cfg: Config) -> None:
        self.cfg = cfg
        self.callable: Any = None
        self.load: Callable[[], Any] = lambda: None

    @property
    def app_uri(self) -> Any:
        return self.cfg.wsgi_app

    def wsgi(self) -> Any:
        """The application; loaded by the first call."""
        if self.callable is None:
            self.callable = self.load()
        return self.callable


class Listener:
    """One of `server.LISTENERS`. The socket itself is the arbiter's."""

    def __init__(self, url: str, address: Any) -> None:
        self.url = url
        self.cfg_addr = address

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"<Listener {self.url}>"

    def getsockname(self) -> Any:
        return self.cfg_addr


class Arbiter:
    """The arbiter, which is another process: what it told last."""

    def __init__(self, log: Any) -> None:
        self.log = log
        self.cfg = Config()
        self.app = Application(self.cfg)
        self.pid = os.getppid()
        self.WORKERS: Dict[int, Worker] = {}
        self.LISTENERS: List[Listener] = []
        self.worker_age = 0
        self.master_name = "Master"
        self.master_pid = 0
        self.reexec_pid = 0
        self.systemd = False
        self._num_workers: Optional[int] = None
        # Between two settings of `num_workers` by the arbiter it is the hooks' wish.
        self.is_starting = False

    def learn(self, facts: Dict[str, Any]) -> None:
        if "pid" in facts:
            self.pid = int(facts["pid"])
        if "numWorkers" in facts:
            self._num_workers = int(facts["numWorkers"])
        if "listeners" in facts:
            self.LISTENERS = [Listener(one["url"], address_of(one)) for one in facts["listeners"]]

    @property
    def address(self) -> List[Any]:
        return [one.cfg_addr for one in self.LISTENERS] or self.cfg.address

    @property
    def timeout(self) -> Any:
        return self.cfg.timeout

    @property
    def proc_name(self) -> Any:
        return self.cfg.proc_name

    @property
    def num_workers(self) -> Optional[int]:
        return self._num_workers

    @num_workers.setter
    def num_workers(self, value: int) -> None:
        before, self._num_workers = self._num_workers or 0, int(value)
        if self.is_starting:
            self.cfg.set("workers", int(value))
            return
        number = signal.SIGTTIN if value > before else signal.SIGTTOU
        for _ in range(abs(int(value) - before)):
            os.kill(self.pid, number)


def address_of(listener: Dict[str, Any]) -> Any:
    address = listener.get("address") or {}
    if "path" in address:
        return address["path"]
    return (address.get("host"), address.get("port"))


class WorkerTmp:
    """`worker.tmp`. The heartbeat that the arbiter watches is that of the worker in front."""

    def __init__(self, folder: Optional[str]) -> None:
        self.folder = folder
        self.file: Optional[IO[bytes]] = None

    def notify(self) -> None:
        now = time.monotonic()
        os.utime(self.fileno(), (now, now))

    def last_update(self) -> float:
        return os.fstat(self.fileno()).st_mtime

    def fileno(self) -> int:
        if self.file is None:
            self.file = tempfile.TemporaryFile(prefix="wgunicorn-", dir=self.folder)
        return self.file.fileno()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class Worker:
    """A worker: made before its process is forked, so that what hooks put there is on both sides."""

    def __init__(self, age: int, slot: int, server: Arbiter) -> None:
        cfg = server.cfg
        self.age = age
        # Which of the workers it is, from 1: its successor has the same.
        self.slot = slot
        self.pid: Any = "[booting]"
        self.ppid = server.pid
        self.sockets = server.LISTENERS
        self.app = server.app
        self.timeout = (cfg.timeout or 0) / 2.0
        self.cfg = cfg
        self.log = server.log
        self.booted = False
        self.aborted = False
        self.alive = True
        self.reloader = None
        self.nr = 0
        self.max_requests = cfg.max_requests or float("inf")
        self.tmp = WorkerTmp(cfg.worker_tmp_dir)
        self.wsgi: Any = None

    def __str__(self) -> str:
        return f"<Worker {self.pid}>"

    def notify(self) -> None:
        self.tmp.notify()
