"""Runs a `gunicorn.conf.py`, and says what it sets in words that another language understands."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import traceback
import types
from typing import Any, Callable, Dict, List, Optional, Tuple

from .gunicorn_module import changed_server

# How many values each hook is given, as in Gunicorn.
PARAMETERS: Dict[str, Tuple[str, ...]] = {
    "on_starting": ("server",),
    "on_reload": ("server",),
    "when_ready": ("server",),
    "pre_fork": ("server", "worker"),
    "post_fork": ("server", "worker"),
    "post_worker_init": ("worker",),
    "worker_int": ("worker",),
    "worker_abort": ("worker",),
    "pre_exec": ("server",),
    "pre_request": ("worker", "req"),
    "post_request": ("worker", "req", "environ", "resp"),
    "child_exit": ("server", "worker"),
    "worker_exit": ("server", "worker"),
    "nworkers_changed": ("server", "new_value", "old_value"),
    "on_exit": ("server",),
    "ssl_context": ("config", "default_ssl_context_factory"),
}
# Gunicorn calls it with fewer values when it takes fewer.
FEWEST_OF_POST_REQUEST = 2


class HookError(Exception):
    """A hook that cannot be called as it will be."""


class ConfFile:
    """What one run of the file left behind."""

    def __init__(self, names: Optional[Dict[str, Any]] = None) -> None:
        self.names = names or {}
        self.hooks = find_hooks(self.names)

    def describe(self) -> Dict[str, Any]:
        """Sorts names into values that JSON holds, functions, and whatever else there is."""
        values: Dict[str, Any] = {}
        functions: Dict[str, Any] = {name: len(PARAMETERS[name]) for name in self.hooks}
        objects: Dict[str, str] = {}
        for name, value in self.names.items():
            if name.startswith("_") or name in functions or isinstance(value, types.ModuleType):
                continue
            if inspect.isroutine(value):
                functions[name] = None
                continue
            plain, is_plain = to_json(value)
            if is_plain:
                values[name] = plain
            else:
                objects[name] = name_of(value)
        server = changed_server()
        if server is not None:
            values.setdefault("server_header", server)
        return {"values": values, "functions": functions, "objects": objects, "files": imported_files()}


def run_file(path: str) -> Dict[str, Any]:
    """The names that a configuration file leaves, or those of the module behind `python:`."""
    if path.startswith("python:"):
        return dict(vars(importlib.import_module(path[len("python:") :])))
    absolute = os.path.abspath(path)
    # As a module: pickling and dataclasses look their classes up by it.
    module = types.ModuleType("__config__")
    sys.modules["__config__"] = module
    module.__dict__.update(
        {"__builtins__": __builtins__, "__file__": absolute, "__doc__": None, "__package__": None}
    )
    with open(absolute, "rb") as file:
        code = compile(file.read(), absolute, "exec")
    exec(code, module.__dict__)
    return module.__dict__


def find_hooks(names: Dict[str, Any]) -> Dict[str, Callable[..., Any]]:
    """Functions of the file that stand where a hook does. As in Gunicorn also by their import path."""
    hooks: Dict[str, Callable[..., Any]] = {}
    for name in PARAMETERS:
        value = names.get(name)
        if isinstance(value, str):
            value = import_path(name, value)
        if callable(value):
            check_parameters(name, value)
            hooks[name] = value
    return hooks


def import_path(name: str, path: str) -> Any:
    module, _, attribute = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise HookError(
            f'{name} is "{path}", which cannot be imported ({error}); write a function, or the path of one'
        ) from error


def check_parameters(name: str, hook: Callable[..., Any]) -> None:
    wanted = PARAMETERS[name]
    fewest = FEWEST_OF_POST_REQUEST if name == "post_request" else len(wanted)
    try:
        signature = inspect.signature(hook)
    except (TypeError, ValueError):
        return
    for count in range(fewest, len(wanted) + 1):
        try:
            signature.bind(*wanted[:count])
            return
        except TypeError:
            continue
    place = ""
    code = getattr(hook, "__code__", None)
    if code is not None:
        place = f" ({os.path.basename(code.co_filename)}:{code.co_firstlineno})"
    raise HookError(
        f"{name}{signature} is not called like that{place}: it gets {len(wanted)} "
        f"value{'' if len(wanted) == 1 else 's'}; write def {name}({', '.join(wanted)})"
    )


def accepted_values(hook: Callable[..., Any]) -> int:
    """How many of its values `post_request` takes: 2, 3 or 4."""
    wanted = PARAMETERS["post_request"]
    try:
        signature = inspect.signature(hook)
    except (TypeError, ValueError):
        return len(wanted)
    for count in range(len(wanted), FEWEST_OF_POST_REQUEST - 1, -1):
        try:
            signature.bind(*wanted[:count])
            return count
        except TypeError:
            continue
    return len(wanted)


def to_json(value: Any) -> Tuple[Any, bool]:
    """The value as JSON has it; tuples and sets become lists, as Gunicorn takes them."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value, True
    if isinstance(value, os.PathLike):
        return os.fspath(value), True
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [to_json(one) for one in value]
        return [part for part, _ in parts], all(is_plain for _, is_plain in parts)
    if isinstance(value, dict):
        pairs = {str(key): to_json(one) for key, one in value.items()}
        return {key: part for key, (part, _) in pairs.items()}, all(one for _, one in pairs.values())
    return None, False


def name_of(value: Any) -> str:
    """For messages: the import path of a class, the text of anything else."""
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    return f"{value!r:.200}"


def imported_files() -> List[str]:
    """Files of the project that the configuration imported: a change in them is a change of it."""
    folder = os.getcwd() + os.sep
    paths = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    here = os.path.dirname(os.path.abspath(__file__))
    return sorted(
        {path for path in paths if path and path.startswith(folder) and os.path.dirname(path) != here}
    )


def describe_error(error: BaseException) -> Dict[str, Any]:
    """Message and traceback, from the first frame on that is not ours."""
    if isinstance(error, HookError):
        return {"message": str(error), "traceback": ""}
    start = error.__traceback__
    here = os.path.dirname(os.path.abspath(__file__))
    while start is not None and os.path.dirname(start.tb_frame.f_code.co_filename) == here:
        start = start.tb_next
    lines = traceback.format_exception(type(error), error, start)
    return {"message": f"{type(error).__name__}: {error}", "traceback": "".join(lines).rstrip("\n")}
