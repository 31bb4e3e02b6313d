"""From the start of the master to the first request of a process that was forked from it."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import signal
import socket
import sys
import threading
from typing import Any, Callable, Dict, List, NoReturn, Tuple

from . import ending, forked
from .channel import Channel
from .control import Control
from .cradle import ExpectedLane, dead_end
from .families import Family, Socket
from .greenlets import hear_of_children
from .hooks import Hooks
from .lane import Lane, LaneClosed
from .load import LoadError
from .master import Birth, Master
from .output import flush_output

VARIABLE = "GUNICORN_TS_MASTER"
EXIT_IMPORT_ERROR = 3
EXIT_NO_APPLICATION = 4
FORWARDED = ("HUP", "TERM", "INT", "QUIT", "USR1", "USR2", "TTIN", "TTOU", "WINCH")


def main() -> None:
    text = os.environ.pop(VARIABLE, None)
    if text is None:
        sys.exit("This program is started by gunicorn; it cannot be run by itself.")
    os.set_inheritable(int(text), False)
    master = Master(Channel(socket.socket(fileno=int(text))))
    pass_signals_on(master)
    # Now, and not in each process: nothing of ours is to be imported once a worker was told that it is ready.
    import_serving()
    birth = master.run()
    if birth is not None:
        serve_worker(master, birth)


def pass_signals_on(master: Master) -> None:
    """For Gunicorn's people the parent of a worker's process is the arbiter: what is sent to it is sent on."""
    for name in FORWARDED:
        forked.set_handler(getattr(signal, f"SIG{name}"), lambda number, _: os.kill(master.server.pid, number))


def serve_worker(master: Master, birth: Birth) -> None:
    """A forked process becomes the one of its worker. It ends by itself, as any program does."""
    worker, hooks, surroundings = birth.worker, master.hooks, master.surroundings
    leave_signals_to_worker()
    if worker.slot:
        os.environ["GUNICORN_WORKER"] = str(worker.slot)
    missing = None
    mode = surroundings.mode
    try:
        if mode == "gevent":
            surroundings.patch()
            hear_of_children()
    except LoadError as error:
        missing, mode = error, "sync"
    control = make_control(birth, mode, bool(surroundings.options.get("reload")))
    try:
        if missing is not None:
            raise missing
        lead_log_to(control.lane)
        if not surroundings.is_check:
            hooks.post_fork(worker)
        surroundings.become_user()
        open_stacks(birth, hooks)
        worker.wsgi = worker.app.wsgi()
        meet_worker(birth, control, mode, hooks)
        if not surroundings.is_check:
            hooks.post_worker_init()
        serve, abandon = server_of(birth, hooks, surroundings.options, control)
    except LoadError as error:
        meet_worker(birth, control, mode, hooks)
        stop(control, error)
    watch_logs(master, control)
    try:
        control.say_ready(worker.wsgi)
    except LaneClosed:
        # The worker left while the application was loaded. What serves finds its lanes closed, and ends as ever.
        pass
    serve_until_closed(serve, abandon, control, hooks)


def make_control(birth: Birth, mode: str, watches_files: bool) -> Control:
    family = birth.family
    if birth.cradle is not None:
        forked.keep(birth.cradle)
        return Control(ExpectedLane(), [], watches_files)
    assert family.control is not None
    return Control(open_lane(family.control.detach(), mode), open_lanes(family, mode), watches_files)


def meet_worker(birth: Birth, control: Control, mode: str, hooks: Hooks) -> None:
    """Waits for what leads to the worker, unless it is there. One that will not come is one that has left."""
    cradle, birth.cradle = birth.cradle, None
    if cradle is None:
        return
    if forked.is_offspring():
        # The application forked while it was imported, or a hook did. The worker is not for the copy.
        forked.end_offspring()
    try:
        birth.family.options, numbers = cradle.receive()
    except (EOFError, OSError):
        numbers = [dead_end(), dead_end()]
    cradle.leave()
    if birth.family.options.get("stacks", cradle.stacks_path) != cradle.stacks_path:
        # The worker could not open that one.
        open_stacks(birth, hooks)
    number, *lanes = numbers
    birth.family.lanes = [Socket(fileno=one) for one in lanes]
    control.lanes = open_lanes(birth.family, mode)
    assert isinstance(control.lane, ExpectedLane)
    try:
        control.lane.connect(open_socket(number, mode))
    except LaneClosed:
        # What serves finds its lanes closed, and ends as ever.
        pass


def watch_logs(master: Master, control: Control) -> None:
    """Now that the application has said what it wants of them."""
    from .access_log import AccessLog

    uvicorn: Any = None
    if master.surroundings.mode == "asgi":
        from .asgi.uvicorn_logs import UvicornAccess

        uvicorn = UvicornAccess(master.log)
    control.access = AccessLog(master.log, lambda asked: control.send(b"G", {"asked": asked}), uvicorn)
    cfg = master.server.cfg
    # Opened by the arbiter for the master; this process does it as the user that it has become.
    output = cfg.errorlog if cfg.capture_output and cfg.errorlog != "-" else None
    control.reopen = lambda: master.reopen(output)
    control.set_level = master.set_level


def open_stacks(birth: Birth, hooks: Hooks) -> None:
    """By its path, and only now: the user that this process has become can open no more than the worker can."""
    path = birth.family.options.get("stacks")
    if birth.cradle is not None:
        hooks.stacks = birth.cradle.stacks
    elif path:
        # A server that is leaving has taken its folder away, and this process goes with it.
        with contextlib.suppress(FileNotFoundError):
            hooks.stacks = os.open(path, os.O_RDWR)
    if hooks.stacks is not None:
        faulthandler.register(signal.SIGUSR2, file=hooks.stacks, all_threads=True, chain=False)


def lead_log_to(lane: Lane) -> None:
    # Not above: in gevent mode its locks are made after the patch.
    from .server_log import lead_to

    lead_to(lane)


def server_of(
    birth: Birth, hooks: Hooks, options: Dict[str, Any], control: Control
) -> Tuple[Callable[[], None], Callable[[], None]]:
    """What serves until the worker closes what leads to it, and what puts that in order when it is interrupted. Raises a
    `LoadError` when that cannot begin."""
    application = birth.worker.wsgi
    mode = options["mode"]
    if mode == "asgi":
        from .asgi.service import Service

        service = Service(application, options.get("asgi", {}), control.lane, hooks)
        control.answers.update(service.answers(hooks.stacks))
        if not options.get("check"):
            service.start()
        return lambda: service.serve(birth.family.lanes[0]), service.leave_at_once
    if mode == "gevent":
        from .greenlets import answers, end_with_worker

        control.answers.update(answers(control.lane, hooks.stacks))
        end_with_worker(control.lane.sock.fileno())
    serve = import_serving()
    is_one_of_many = bool(options.get("multiprocess", True))
    return lambda: serve(mode, control.lanes, hooks.wrap(application), control, is_one_of_many), lambda: None


def serve_until_closed(
    serve: Callable[[], None], abandon: Callable[[], None], control: Control, hooks: Hooks
) -> None:
    # What was loaded stays: no collection has to look at it again.
    gc.collect()
    gc.freeze()
    try:
        # Here, since it may interrupt this thread before `start` has returned, when the worker is gone by then. A daemon:
        # the process ends with its lanes. In gevent mode it is a greenlet.
        threading.Thread(target=control.listen, args=(hooks,), name="control", daemon=True).start()
        serve()
        control.finish()
    except ending.WorkerLeaves:
        abandon()
        raise
    finally:
        ending.begin_end()
        hooks.worker_exit()


def import_serving() -> Callable[..., None]:
    """Not above: in gevent mode its locks are made after the patch."""
    from .serving import serve

    return serve


def leave_signals_to_worker() -> None:
    """A terminal and a service manager signal the whole group, and the worker decides what that means. Handlers
    that do nothing rather than SIG_IGN, which the programs that an application starts would inherit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
        forked.set_handler(number, ending.on_signal)


def open_lanes(family: Family, mode: str) -> List[Lane]:
    """ASGI has none: its bus is read by the loop."""
    return [] if mode == "asgi" else [Lane(open_socket(lane.detach(), mode)) for lane in family.lanes]


def open_lane(number: int, mode: str = "sync") -> Lane:
    return Lane(open_socket(number, mode))


def open_socket(number: int, mode: str) -> Any:
    os.set_inheritable(number, False)
    if mode == "gevent":
        from .greenlet_socket import GreenletSocket

        return GreenletSocket(number)
    return socket.socket(fileno=number)


def stop(control: Control, error: LoadError) -> NoReturn:
    try:
        control.send(b"F", {**error.to_json(), "files": sorted({*control.new_files(), *error.files})})
    except LaneClosed:
        # The worker is gone, for a reason of its own, and with it whoever wanted to know.
        pass
    flush_output()
    # Threads that the application started before it failed would keep the process.
    os._exit(EXIT_IMPORT_ERROR if error.kind == "import-error" else EXIT_NO_APPLICATION)
