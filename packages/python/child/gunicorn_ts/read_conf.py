"""What a gunicorn.conf.py sets, in words that another language understands."""

from __future__ import annotations

import inspect
import json
import os
import sys
import traceback
import types
from typing import Any, Dict, List, Optional, TextIO, Tuple

from .hooks import run_file

CONFIG_SHAPE = 1


def main(arguments: List[str]) -> None:
    """Prints one JSON object. Exit code 0 also when the file fails: the object tells."""
    output = take_stdout()
    sys.path.insert(0, os.getcwd())
    before = dict(os.environ)
    try:
        names = run_file(arguments[0])
    except BaseException as error:
        answer = describe_error(error)
    else:
        answer = {"version": CONFIG_SHAPE, **describe(names), "environment": changes_since(before)}
        answer["files"] = imported_files()
    json.dump(answer, output)
    output.flush()


def changes_since(before: Dict[str, str]) -> Dict[str, Optional[str]]:
    """Variables that the file has set, and those that it removed."""
    names = {*before, *os.environ}
    return {name: os.environ.get(name) for name in names if os.environ.get(name) != before.get(name)}


def take_stdout() -> TextIO:
    """For the answer alone; what the file prints goes to stderr."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return output


def describe(names: Dict[str, Any]) -> Dict[str, Any]:
    """Sorts names into values that JSON holds, functions, and whatever else there is."""
    values: Dict[str, Any] = {}
    functions: Dict[str, Any] = {}
    objects: Dict[str, str] = {}
    for name, value in names.items():
        if name.startswith("_") or isinstance(value, types.ModuleType):
            continue
        if inspect.isroutine(value):
            functions[name] = parameter_count(value)
        else:
            plain, is_plain = to_json(value)
            if is_plain:
                values[name] = plain
            else:
                objects[name] = name_of(value)
    return {"values": values, "functions": functions, "objects": objects}


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


def parameter_count(function: Any) -> Optional[int]:
    try:
        return len(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None


def imported_files() -> List[str]:
    """Files of the project that the configuration imported: a change in them is a change of it."""
    folder = os.getcwd() + os.sep
    paths = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    here = os.path.dirname(os.path.abspath(__file__))
    return sorted(
        {path for path in paths if path and path.startswith(folder) and os.path.dirname(path) != here}
    )


def describe_error(error: BaseException) -> Dict[str, Any]:
    start = error.__traceback__
    here = os.path.dirname(os.path.abspath(__file__))
    while start is not None and os.path.dirname(start.tb_frame.f_code.co_filename) == here:
        start = start.tb_next
    lines = traceback.format_exception(type(error), error, start)
    return {
        "version": CONFIG_SHAPE,
        "error": f"{type(error).__name__}: {error}",
        "traceback": "".join(lines).rstrip("\n"),
    }
