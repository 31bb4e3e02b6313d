"""Finds the application that a target names: `pkg.mod:application`, `pkg.mod:create_app("x")`, `file.py`."""

from __future__ import annotations

import ast
import difflib
import importlib
import importlib.util
import inspect
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Dict, List, Optional, Tuple

from . import forked
from .callable_kind import objection

DEFAULT_NAME = "application"


class LoadError(Exception):
    """Why there is no application; `kind` is a word of the wire."""

    def __init__(
        self, kind: str, message: str, trace: str = "", searched: Optional[List[str]] = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.trace = trace
        self.searched = searched or []
        # Those in which it failed: Python forgets a module whose import fails.
        self.files: List[str] = []

    def to_json(self) -> Dict[str, Any]:
        return {
            "kind": self.kind,
            "message": str(self),
            "traceback": self.trace,
            "searched": self.searched,
        }


def load_application(target: str, is_asgi: bool = False) -> Any:
    """The callable. Raises a `LoadError` for anything else."""
    article, interface = ("an", "ASGI") if is_asgi else ("a", "WSGI")
    place, expression = split_target(target)
    module = import_module(place)
    name, args, kwargs, is_call = parse_expression(expression, target)
    found = find_attribute(module, name, place)
    if is_call:
        found = call_factory(found, name, args, kwargs)
    if found is None:
        raise LoadError("not-callable", f"{target}: {expression} is None, and no {interface} application")
    if not callable(found):
        raise LoadError(
            "not-callable",
            f"{target}: {expression} is {found!r:.100}, which cannot be called; name {article} {interface} application",
        )
    if is_asgi:
        from .asgi.interface import FACTORY, interface_of, objection as asgi_objection

        if not is_call and interface_of(found) == FACTORY:
            # uvicorn's worker calls what takes no arguments.
            found = call_factory(found, name, [], {})
        wrong = asgi_objection(found, target)
    else:
        wrong = objection(found, target)
    if wrong is not None:
        raise LoadError("not-callable", wrong)
    return found


def split_target(target: str) -> Tuple[str, str]:
    """Place of the module, and what to take from it."""
    # A colon in a folder's name, or a drive's, does not separate.
    at = target.find(":", target.find(".py") + 1 if is_path(target) else 0)
    if at < 0:
        return target, DEFAULT_NAME
    return target[:at], target[at + 1 :] or DEFAULT_NAME


def is_path(target: str) -> bool:
    place = target.split("(", 1)[0]
    return place.endswith(".py") or ".py:" in place or "/" in place


def import_module(place: str) -> ModuleType:
    if is_path(place):
        return import_file(place)
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        # Of the module itself or a package around it: any other name is missing inside of the application.
        if error.name is not None and (place == error.name or place.startswith(error.name + ".")):
            message = f"No module named {error.name!r}{interpreter_note()}"
            raise LoadError("missing-module", message, "", list(sys.path)) from None
        raise import_error(place, error) from None
    except (Exception, SystemExit) as error:
        raise import_error(place, error) from None


def import_file(place: str) -> ModuleType:
    path = os.path.abspath(place)
    if not os.path.isfile(path):
        raise LoadError("missing-module", f"There is no file {place}", "", [path])
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise LoadError("missing-module", f"{place} is not Python; a file must end in .py", "", [path])
    sys.path.insert(0, os.path.dirname(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise import_error(place, error) from None
    return module


def parse_expression(expression: str, target: str) -> Tuple[str, List[Any], Dict[str, Any], bool]:
    """Name, arguments, and whether it is called. Arguments are literals: a target is no place for a program."""
    problem = f"{target}: {expression!r} must be a name, or a call with literals"
    try:
        node = ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise LoadError("missing-attribute", problem) from None
    if not isinstance(node, ast.Call):
        return dotted_name(node, problem), [], {}, False
    try:
        args = [ast.literal_eval(arg) for arg in node.args]
        kwargs = {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg is not None}
    except ValueError:
        raise LoadError("missing-attribute", problem) from None
    if len(kwargs) != len(node.keywords):
        raise LoadError("missing-attribute", problem)
    return dotted_name(node.func, problem), args, kwargs, True


def dotted_name(node: ast.expr, problem: str) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted_name(node.value, problem)}.{node.attr}"
    raise LoadError("missing-attribute", problem)


def may_be_application(found: Any, module: ModuleType) -> bool:
    """An object that was made, or a function that is no other module's."""
    if inspect.isclass(found):
        return False
    return not inspect.isroutine(found) or getattr(found, "__module__", None) == module.__name__


def find_attribute(module: ModuleType, name: str, place: str) -> Any:
    found: Any = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            names = [one for one in vars(module) if not one.startswith("_")]
            callables = [one for one in names if callable(getattr(module, one))]
            near = difflib.get_close_matches(name, callables, 3, 0.4) or [
                one for one in callables if may_be_application(getattr(module, one), module)
            ][:3]
            hint = f"; it has {', '.join(near)}" if near else ""
            where = getattr(module, "__file__", None)
            message = f"Failed to find attribute {name!r} in {place!r}{hint}"
            raise LoadError("missing-attribute", message, "", [where] if where else []) from None
    return found


def call_factory(factory: Any, name: str, args: List[Any], kwargs: Dict[str, Any]) -> Any:
    if not callable(factory):
        raise LoadError("not-callable", f"{name} is {factory!r:.100}, which cannot be called")
    try:
        return factory(*args, **kwargs)
    except TypeError as error:
        # Without a frame of its own, the call itself did not fit.
        if error.__traceback__ is not None and error.__traceback__.tb_next is None:
            raise LoadError("missing-attribute", f"{name} cannot be called like this: {error}") from None
        raise import_error(name, error) from None
    except (Exception, SystemExit) as error:
        raise import_error(name, error) from None


def import_error(place: str, error: BaseException) -> LoadError:
    if forked.is_offspring():
        forked.end_offspring(error)
    start = error.__traceback__
    # From the file on that failed: how the import got there says nothing.
    while start is not None and is_machinery(start.tb_frame.f_code.co_filename):
        start = start.tb_next
    lines = traceback.format_exception(type(error), error, start)
    message = f"{place} could not be imported: {type(error).__name__}: {error}"
    if isinstance(error, ModuleNotFoundError):
        message += interpreter_note()
    failure = LoadError("import-error", message, "".join(lines).rstrip("\n"))
    failure.files = [frame.filename for frame in traceback.extract_tb(start)]
    if isinstance(error, SyntaxError) and error.filename:
        failure.files.append(error.filename)
    return failure


def interpreter_note() -> str:
    """A module that is missing may be there for another interpreter."""
    return " in Python {}.{}.{} ({})".format(*sys.version_info[:3], sys.executable)


def is_machinery(path: str) -> bool:
    return (
        path.startswith("<frozen importlib")
        or path == importlib.__file__
        or os.path.dirname(path) == os.path.dirname(__file__)
    )
