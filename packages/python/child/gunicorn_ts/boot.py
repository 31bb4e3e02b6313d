"""From the start of the process to the first request."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import json
import os
import signal
import socket
import sys
import threading
import traceback
from typing import Any, Callable, Dict, NoReturn, Optional

from . import ending, forked
from .control import Control
from .hooks import Hooks
from .lane import Lane, LaneClosed
from .load import LoadError, load_application
from .nursery import Family, Nursery
from .output import complain, flush_output

VARIABLE = "GUNICORN_TS_CHILD"
PR_SET_PDEATHSIG = 1
EXIT_IMPORT_ERROR = 3
EXIT_NO_APPLICATION = 4


def main() -> None:
    text = os.environ.pop(VARIABLE, None)
    if text is None:
        sys.exit("This program is started by a worker of gunicorn; it cannot be run by itself.")
    run(json.loads(text))


def run(options: Dict[str, Any]) -> None:
    """Serves with what the worker passes: descriptors by number, and the settings that concern Python."""
    die_with_parent()
    leave_signals_to_worker()
    open_stacks(options)
    missing = patch_for_greenlets() if options["mode"] == "gevent" else None
    # Now: nothing of ours is to be imported once the worker was told that this process is ready.
    import_serving()
    mode = options["mode"] if missing is None else "sync"
    lanes = [open_lane(number, mode) for number in options.get("lanes", [])]
    # That of a nursery is watched by a call that knows no greenlets.
    control = Control(open_lane(options["control"], "sync" if "nursery" in options else mode), lanes)
    if missing is not None:
        stop(control, missing)
    try:
        hooks = prepare(options, control)
        if "nursery" not in options:
            hooks.post_fork()
        application = load_application(options["target"])
        if "nursery" in options:
            return run_nursery(options, application, control, hooks)
        hooks.post_worker_init()
    except LoadError as error:
        stop(control, error)
    control.say_ready(application)
    serve_until_closed(options, hooks.wrap(application), control, hooks)


def run_nursery(
    options: Dict[str, Any], application: Any, control: Control, hooks: Hooks
) -> None:
    """Holds the loaded application, for children to be forked from."""
    assert isinstance(control.lane.sock, socket.socket)
    nursery = Nursery(options["nursery"], control.lane.sock)
    # What the children do not touch stays shared; a collection would touch everything.
    gc.collect()
    gc.freeze()
    control.say_ready(application)

    def be_child(family: Family) -> NoReturn:
        try:
            adopt(options, family, application, hooks)
        except SystemExit:
            raise
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        sys.exit(0)

    nursery.run(be_child)
    nursery.close()


def adopt(options: Dict[str, Any], family: Family, application: Any, hooks: Hooks) -> None:
    """A forked child becomes the one of its worker."""
    assert family.control is not None
    mine = {**options, **family.options, "stacks": None}
    path = family.options.get("stacks")
    if path:
        mine["stacks"] = os.open(path, os.O_RDWR)
    if mine.get("slot"):
        os.environ["GUNICORN_WORKER"] = str(mine["slot"])
    leave_signals_to_worker()
    open_stacks(mine)
    mode = mine["mode"]
    control = Control(
        open_lane(family.control.detach(), mode), [open_lane(lane.detach(), mode) for lane in family.lanes]
    )
    control.known = set()
    hooks.adopt(mine, control.lane)
    try:
        configure_log(mine, control.lane, hooks)
        hooks.post_fork()
        hooks.post_worker_init()
    except LoadError as error:
        stop(control, error)
    control.say_ready(application)
    serve_until_closed(mine, hooks.wrap(application), control, hooks)


def open_stacks(options: Dict[str, Any]) -> None:
    if options.get("stacks") is not None:
        stacks = int(options["stacks"])
        os.set_inheritable(stacks, False)
        faulthandler.register(signal.SIGUSR2, file=stacks, all_threads=True, chain=False)


def prepare(options: Dict[str, Any], control: Control) -> Hooks:
    """What the application expects around it, and the hooks of gunicorn.conf.py. What fails here stops the start."""
    sys.argv = ["gunicorn"]
    if options.get("chdir"):
        os.chdir(options["chdir"])
    for folder in (os.getcwd(), *reversed(options.get("pythonpath") or [])):
        path = os.path.abspath(folder)
        if path in sys.path:
            sys.path.remove(path)
        sys.path.insert(0, path)
    hooks = Hooks(options, control.lane)
    configure_log(options, control.lane, hooks)
    return hooks


def configure_log(options: Dict[str, Any], lane: Lane, hooks: Hooks) -> None:
    # Not above: in gevent mode its locks are made after the patch.
    from .server_log import LogConfigError, configure_logging

    try:
        configure_logging({**options, **hooks.logging_options()}, lane)
    except LogConfigError as error:
        raise LoadError("import-error", str(error)) from error


def serve_until_closed(
    options: Dict[str, Any], application: Any, control: Control, hooks: Hooks
) -> None:
    serve = import_serving()
    # A daemon: the process ends with its lanes. In gevent mode it is a greenlet.
    arguments = (hooks, bool(options.get("reload")))
    threading.Thread(target=control.listen, args=arguments, name="control", daemon=True).start()
    # What was loaded stays: no collection has to look at it again.
    gc.collect()
    gc.freeze()
    try:
        serve(options["mode"], control.lanes, application, control, bool(options.get("multiprocess", True)))
    finally:
        ending.begin_end()
        hooks.worker_exit()


def import_serving() -> Callable[..., None]:
    """Not above: in gevent mode its locks are made after the patch."""
    from .serving import serve

    return serve


def die_with_parent() -> None:
    """Where the kernel can. Elsewhere, and for a parent that was gone before, the closed control lane says it."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        pass


def leave_signals_to_worker() -> None:
    """A terminal and a service manager signal the whole group, and the worker decides what that means. Handlers
    that do nothing rather than SIG_IGN, which the programs that an application starts would inherit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
        forked.set_handler(number, ending.on_signal)


def patch_for_greenlets() -> Optional[LoadError]:
    try:
        from gevent import monkey
    except ImportError as error:
        message = f"worker class gevent needs the Python package gevent ({error}); install it with pip install gevent"
        return LoadError("missing-package", message, "", list(sys.path))
    monkey.patch_all()
    ending.use_greenlets()
    return None


def open_lane(number: int, mode: str = "sync") -> Lane:
    os.set_inheritable(number, False)
    if mode == "gevent":
        from .greenlet_socket import GreenletSocket

        return Lane(GreenletSocket(number))
    return Lane(socket.socket(fileno=number))


def stop(control: Control, error: LoadError) -> NoReturn:
    try:
        control.send(b"F", {**error.to_json(), "files": sorted({*control.new_files(), *error.files})})
    except LaneClosed:
        complain(error.trace or error)
    flush_output()
    # Threads that the application started before it failed would keep the process.
    os._exit(EXIT_IMPORT_ERROR if error.kind == "import-error" else EXIT_NO_APPLICATION)
