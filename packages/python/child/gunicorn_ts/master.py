"""The process that runs `gunicorn.conf.py`, calls the hooks of the arbiter's side, and forks those of the workers."""

from __future__ import annotations

import gc
import importlib.util
import json
import logging
import os
import signal
import sys
import time
from os import waitpid
from select import POLLERR, POLLHUP, POLLIN, POLLNVAL, poll
from signal import SIGCHLD
from signal import set_wakeup_fd as set_wakeup
from types import FrameType
from typing import Any, Callable, Dict, List, Optional

from . import forked
from .channel import Channel
from .cradle import Cradle, stacks_path
from .entries import Entries
from .conf_file import ConfFile, describe_error, run_file, to_json
from .families import Families, Family, Socket, remove_file
from .hooks import Hooks, hook_failed
from .load import LoadError
from .glogging import Logger
from .gunicorn_module import install
from .log_handlers import Watch, watch
from .lost_parent import ParentWatch
from .server_log import lead_to
from .output import flush_output
from .server_objects import Arbiter, Worker
from .surroundings import Surroundings

# A process whose worker is gone gets this long for its own end.
ORPHAN_SECONDS = 5.0
# How long `on_exit` waits for the last processes.
LAST_SECONDS = 3.0
# SIGCHLD wakes the loop; where a library has taken the signal, this does.
LOOK_SECONDS = 1.0


class Child:
    """A process that was forked for a worker."""

    def __init__(
        self, worker: Worker, connection: Optional[Socket], of_worker: int, cradle: Optional[Cradle] = None
    ) -> None:
        self.worker = worker
        # Until its worker has come.
        self.cradle = cradle
        # The age of the worker in front of it.
        self.of_worker = of_worker
        self.connection = connection
        self.kill_at: Optional[float] = None

    def tell(self, value: Dict[str, Any]) -> None:
        if self.connection is not None:
            tell(self.connection, value)

    def leave_cradle(self) -> None:
        if self.cradle is not None:
            self.cradle.close()
            self.cradle = None

    def lose_worker(self) -> None:
        self.leave_cradle()
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        self.kill_at = time.monotonic() + ORPHAN_SECONDS


class Birth:
    """What a forked process is to become."""

    def __init__(self, family: Family, worker: Worker, cradle: Optional[Cradle] = None) -> None:
        self.family = family
        self.worker = worker
        # What leads to the worker comes from here.
        self.cradle = cradle


class Master:
    """One thread and one loop, so that it can fork at any time."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.surroundings = Surroundings(channel)
        install()
        lead_to(channel)
        self.server = Arbiter(None)
        self.log: Any = Logger(self.server.cfg)
        self.server.log = self.log
        self.entries = Entries()
        watch("gunicorn.error")
        Watch.on_change = self.look_at_logs
        self.hooks = Hooks({}, self.server)
        self.conf = ConfFile()
        self.families: Optional[Families] = None
        self.children: Dict[int, Child] = {}
        # What `nworkers_changed` has heard last.
        self.number_told: Optional[int] = None
        self.is_finishing = False
        self.last_age = 0
        self.is_frozen = False
        # The call of on_exit, and until when it waits.
        self.last_call: Optional[Dict[str, Any]] = None
        self.last_call_at = 0.0
        self.birth: Optional[Birth] = None
        # Workers that are on their way, and why no process could be forked for them.
        self.expected: List[Family] = []
        self.refused: Dict[int, Dict[str, Any]] = {}
        self.arbiter = ParentWatch()
        self.wake, self.waker = os.pipe()
        for fd in (self.wake, self.waker):
            os.set_blocking(fd, False)
        self.calls: Dict[str, Callable[..., Any]] = {
            "read": self.read,
            "find": self.find,
            "prepare": self.prepare,
            "hook": self.hook,
            "tls": self.tls,
            "expect": self.expect,
            "forsake": self.forsake,
            "abort": self.abort,
            "finish": self.finish,
            "reopen": self.reopen,
            "level": self.set_level,
        }

    def run(self) -> Optional[Birth]:
        """Returns in each process that it forks, with what that is to become, and at the end, with nothing."""
        forked.set_handler(SIGCHLD, wake_up)
        set_wakeup(self.waker)
        while not (self.is_finishing and not self.children and not self.entries.writers):
            for fd in self.entries.hear(self.wait(), self.log):
                self.turn(fd)
                if self.birth is not None:
                    return self.birth
            while self.expected:
                # Not in the call: what comes back from it in the new process has nobody to answer.
                self.fork_ahead(self.expected.pop(0))
                if self.birth is not None:
                    return self.birth
            self.look_after_children()
            self.entries.flush()
            self.answer_last_call()
        if self.families is not None:
            remove_file(self.families.path)
        return None

    def wait(self) -> List[int]:
        watched = poll()
        for fd in self.descriptors():
            watched.register(fd, POLLIN)
        timeout = LOOK_SECONDS * 1000 if self.children or self.last_call else None
        return [fd for fd, event in watched.poll(timeout) if event & (POLLIN | POLLHUP | POLLERR | POLLNVAL)]

    def descriptors(self) -> List[int]:
        found = [self.wake, *self.entries.writers]
        if self.channel.fileno() >= 0:
            found.append(self.channel.fileno())
        if self.families is not None and self.families.listener.fileno() >= 0:
            found += [self.families.listener.fileno(), *self.families.strangers]
        for child in self.children.values():
            if child.connection is not None:
                found.append(child.connection.fileno())
            if child.cradle is not None:
                found.append(child.cradle.ours.fileno())
        return found

    def turn(self, fd: int) -> None:
        """One descriptor that has something. What goes wrong there takes nothing else with it."""
        try:
            if fd == self.wake:
                drain(self.wake)
            elif fd == self.channel.fileno():
                self.obey()
            elif self.families is not None and fd == self.families.listener.fileno():
                self.families.accept()
            elif self.families is not None and fd in self.families.strangers:
                self.meet(fd)
            else:
                self.lose(fd)
        except Exception:
            self.log.exception("The Python master could not do what it was asked for")

    def obey(self) -> None:
        try:
            for message in self.channel.receive():
                self.answer(message)
        except (EOFError, OSError):
            # Without an arbiter there is nobody to start workers. Those that live may end their requests.
            self.channel.close()
            self.finish()

    def answer(self, message: Dict[str, Any]) -> None:
        name = message.get("call")
        if name == "ping":
            return self.channel.say({"pong": message.get("id")})
        if name == "hook" and message["with"]["hook"] == "on_exit" and self.children:
            self.last_call, self.last_call_at = message, time.monotonic() + LAST_SECONDS
            return None
        answer: Dict[str, Any] = {"id": message.get("id")}
        failure: Optional[BaseException] = None
        try:
            with self.arbiter:
                answer["result"] = self.calls[str(name)](**message.get("with", {}))
        except LoadError as error:
            failure = error
            answer["error"] = {**error.to_json(), "files": sorted(error.files)}
        except (Exception, SystemExit) as error:
            failure = error
            answer["error"] = {"kind": "import-error", "searched": [], **describe_error(error)}
        if forked.is_offspring():
            # The file forked, or a hook did, and this is the copy.
            forked.end_offspring(failure)
        self.channel.say(answer)
        return None

    def read(self, path: str) -> Dict[str, Any]:
        """Runs the file, once. What it prints goes to stderr: stdout may be the answer to somebody's question."""
        before = dict(os.environ)
        self.surroundings.enter(os.getcwd())
        with self.surroundings.stdout_to_stderr():
            self.conf = ConfFile(run_file(path))
        self.hooks.functions = self.conf.hooks
        self.look_at_logs()
        return {**self.conf.describe(), "environment": changes_since(before), "entries": self.entries.level}

    def find(self, name: str) -> bool:
        """Whether there is such a module for this process."""
        try:
            return importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            return False

    def prepare(self, **options: Any) -> Dict[str, Any]:
        """The application's surroundings, the application itself when it is to be shared, and a door for workers."""
        conf = options.get("conf")
        if conf and not self.conf.names:
            self.read(conf)
        settings = options.get("settings", {})
        self.server.cfg.adopt(settings, self.conf)
        self.server.learn(options.get("server", {}))
        self.surroundings.prepare(options, self.conf)
        self.log = self.server.log = self.surroundings.make_logger(self.server.cfg)
        self.look_at_logs()
        self.server.app.load = self.surroundings.load_application
        if options.get("preload"):
            self.server.app.wsgi()
        self.families = Families(options["address"], options.get("identity"))
        return {
            "pid": os.getpid(),
            "python": "{}.{}.{}".format(*sys.version_info[:3]),
            "executable": sys.executable,
            "files": self.surroundings.new_files(),
            "hooks": sorted(self.hooks.functions),
            "entries": self.entries.level,
        }

    def hook(self, hook: str, server: Dict[str, Any], values: Optional[List[Any]] = None, **more: Any) -> Any:
        """Calls a hook of the arbiter's side. Answers with the settings that it changed."""
        if "settings" in more:
            self.server.cfg.adopt(more["settings"], self.conf)
        self.server.learn(server)
        before = self.server.cfg.snapshot()
        self.server.is_starting = hook == "on_starting"
        try:
            if hook == "on_starting":
                # Gunicorn says it before, and what hooks number the workers by has to be there in each master.
                self.tell_number(self.server.num_workers)
            if hook == "nworkers_changed":
                self.tell_number((values or [None])[0])
            else:
                self.hooks.call(hook, self.server, *(values or []))
        finally:
            self.server.is_starting = False
        changes = self.server.cfg.changes_since(before)
        return {name: to_json(value)[0] for name, value in changes.items()}

    def tell_number(self, now: Optional[int]) -> None:
        """To `nworkers_changed`, where this master has not told it yet."""
        before, self.number_told = self.number_told, now
        if now != before:
            self.hooks.attempt("nworkers_changed", self.server, now, before)

    def tls(self) -> Dict[str, Any]:
        """The settings that `ssl_context` asks for, where there is TLS."""
        hook = self.hooks.functions.get("ssl_context")
        if hook is None or not self.server.cfg.is_ssl:
            return {}
        from .tls import settings_of

        before = self.server.cfg.snapshot()
        return {name: value for name, value in settings_of(hook, self.server.cfg).items() if value != before.get(name)}

    def expect(self, age: int, slot: int) -> None:
        """A worker is on its way: its process loads the application meanwhile."""
        family = Family()
        family.options = {"age": age, "slot": slot}
        self.expected.append(family)

    def forsake(self, age: int) -> None:
        """That worker will not come."""
        self.refused.pop(age, None)
        self.abandon([child for child in self.children.values() if child.of_worker == age])
        if self.families is not None:
            remove_file(stacks_path(self.families.path, age))

    def abandon(self, children: List[Child]) -> None:
        """Those of them whose worker has not come."""
        for child in children:
            if child.cradle is not None:
                remove_file(child.cradle.stacks_path)
                child.lose_worker()

    def abort(self, age: int) -> None:
        """The worker hung, and is about to be ended."""
        for pid, child in self.children.items():
            if child.of_worker == age:
                os.kill(pid, signal.SIGABRT)

    def reopen(self, output: Optional[str] = None) -> None:
        """`USR1`: files were renamed. In the master, and in each process that is forked from it."""
        self.surroundings.capture_output(output)
        self.log.reopen_files()

    def set_level(self, level: str) -> None:
        """An operator has asked for it. In the master, and in each process that is forked from it."""
        number = self.log.LOG_LEVELS[level]
        self.log.loglevel = number
        logging.getLogger("gunicorn.error").setLevel(number)
        self.look_at_logs()

    def look_at_logs(self) -> None:
        self.entries.look(self.log)

    def finish(self) -> None:
        """Forks no more; ends when the last child has."""
        self.is_finishing = True
        self.abandon(list(self.children.values()))
        if self.families is not None:
            self.families.close()
            remove_file(self.families.path)

    def meet(self, fd: int) -> None:
        assert self.families is not None
        try:
            family = self.families.hear(fd)
        except (EOFError, OSError):
            return self.families.forget(fd)
        while self.families.writers:
            self.entries.add(self.families.writers.pop())
        if family is not None and not self.adopt(family):
            self.fork(family)
        return None

    def adopt(self, family: Family) -> bool:
        """To the process that was forked when this worker was on its way, if there is one."""
        assert family.worker is not None
        refusal = None if family.is_one_of_many else self.refused.pop(family.age, None)
        if refusal is not None:
            tell(family.worker, {"failed": refusal})
            family.close()
            return True
        for pid, child in self.children.items():
            if child.of_worker != family.age or child.cradle is None or family.is_one_of_many:
                continue
            if not child.cradle.hand_over(family):
                child.leave_cradle()
                return False
            # The worker has opened it.
            remove_file(child.cradle.stacks_path)
            child.connection = family.worker
            child.leave_cradle()
            child.tell({"pid": pid})
            family.close_lanes()
            return True
        return False

    def lose(self, fd: int) -> None:
        """A worker is gone, or says something, which none does."""
        for pid, child in self.children.items():
            if child.cradle is not None and child.cradle.ours.fileno() == fd:
                # Code that writes to descriptors it did not open, or closed them all. The worker gets another one.
                child.leave_cradle()
                os.kill(pid, signal.SIGKILL)
            if child.connection is not None and child.connection.fileno() == fd:
                try:
                    gone = not child.connection.recv(1)
                except OSError:
                    gone = True
                if gone:
                    child.lose_worker()

    def fork_ahead(self, family: Family) -> None:
        if self.families is not None and not self.is_finishing:
            self.fork(family, Cradle(self.families.path, family.age, self.surroundings.options.get("identity")))

    def fork(self, family: Family, cradle: Optional[Cradle] = None) -> None:
        worker = Worker(self.age_for(family), family.slot, self.server)
        child = Child(worker, family.worker, family.age, cradle)
        try:
            if not self.surroundings.is_check:
                self.server.worker_age = worker.age
                self.hooks.call("pre_fork", self.server, worker)
            if not self.is_frozen:
                # What the children do not touch stays shared; a collection would touch everything.
                self.is_frozen = True
                gc.collect()
                gc.freeze()
            flush_output()
            pid = os.fork()
        except Exception as error:
            refusal = hook_failed("pre_fork", error).to_json()
            if cradle is not None:
                cradle.close()
                self.refused[family.age] = refusal
            child.tell({"failed": refusal})
            family.close()
            return
        if pid == 0:
            self.become_child(family, worker, cradle)
            return
        if cradle is not None:
            cradle.let_go()
        worker.pid = pid
        self.server.WORKERS[pid] = worker
        self.children[pid] = child
        child.tell({"pid": pid})
        family.close_lanes()

    def age_for(self, family: Family) -> int:
        """Hooks tell processes apart by it: where a worker has several, each gets a number of its own."""
        if not family.is_one_of_many:
            return family.age
        self.last_age = max(self.last_age + 1, family.age)
        return self.last_age

    def become_child(self, family: Family, worker: Worker, cradle: Optional[Cradle]) -> None:
        set_wakeup(-1)
        self.channel.close()
        os.close(self.wake)
        os.close(self.waker)
        assert self.families is not None
        Watch.on_change = None
        self.entries.close()
        self.families.close()
        if family.worker is not None:
            family.worker.close()
        if cradle is not None:
            cradle.ours.close()
        for child in self.children.values():
            child.worker.tmp.close()
            child.leave_cradle()
            if child.connection is not None:
                child.connection.close()
        worker.pid = os.getpid()
        self.birth = Birth(family, worker, cradle)

    def look_after_children(self) -> None:
        now = time.monotonic()
        for pid, child in list(self.children.items()):
            if child.kill_at is not None and now >= child.kill_at:
                child.kill_at = None
                os.kill(pid, signal.SIGKILL)
            try:
                ended, status = waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                # Somebody else has asked for it.
                ended, status = pid, 0
            if ended:
                self.bury(pid, child, status)

    def bury(self, pid: int, child: Child, status: int) -> None:
        del self.children[pid]
        self.server.WORKERS.pop(pid, None)
        code, number = (None, -status_code(status)) if os.WIFSIGNALED(status) else (status_code(status), None)
        child.tell({"code": code, "signal": signal_name(number)})
        if child.connection is not None:
            child.connection.close()
        child.leave_cradle()
        child.worker.tmp.close()
        if not self.surroundings.is_check:
            self.hooks.attempt("child_exit", self.server, child.worker)

    def answer_last_call(self) -> None:
        if self.last_call is not None and (not self.children or time.monotonic() >= self.last_call_at):
            message, self.last_call = self.last_call, None
            children, self.children = self.children, {}
            try:
                self.answer(message)
            finally:
                self.children = children


def tell(connection: Socket, value: Dict[str, Any]) -> None:
    try:
        connection.sendall(json.dumps(value).encode() + b"\n")
    except OSError:
        pass


def changes_since(before: Dict[str, str]) -> Dict[str, Optional[str]]:
    """Variables that the file has set, and those that it removed."""
    names = {*before, *os.environ}
    return {name: os.environ.get(name) for name in names if os.environ.get(name) != before.get(name)}


def wake_up(number: int, frame: Optional[FrameType]) -> None:
    """The descriptor that the interpreter writes to does it."""


def status_code(status: int) -> int:
    """Of `waitpid`: the exit code, or a signal's number below zero."""
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def signal_name(number: Optional[int]) -> Optional[str]:
    if number is None:
        return None
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def drain(fd: int) -> None:
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        pass
