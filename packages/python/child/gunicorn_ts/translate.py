"""Expressions of a gunicorn.conf.py in TypeScript: what it computes stays computed when it is migrated.

Only what means the same in both languages is translated; for anything else the value as it is now has to do.
"""

from __future__ import annotations

import ast
import json
import sys
from typing import Any, Dict, List, NamedTuple, Optional, Set, Union

NUMBER, TEXT, OTHER = "number", "text", "other"


class Expression(NamedTuple):
    """Code with its kind: a number is not to be made from it again, and a text is not to be calculated with."""

    code: str
    kind: str
    optional: bool = False


class Untranslatable(Exception):
    """The expression means something that TypeScript says otherwise, or not at all."""


OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.Pow: "**"}
COMPARISONS = {
    ast.Eq: "===",
    ast.NotEq: "!==",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
METHODS = {"lower": "toLowerCase", "upper": "toUpperCase", "strip": "trim"}
CPU_COUNTS = {"multiprocessing.cpu_count", "os.cpu_count", "cpu_count", "psutil.cpu_count"}
ENVIRONMENTS = {"os.environ.get", "os.getenv", "environ.get", "getenv"}
ENVIRONMENT_TABLES = {"os.environ", "environ"}


def main(arguments: List[str]) -> None:
    with open(arguments[0], encoding="utf-8") as file:
        json.dump(Translation(ast.parse(file.read())).to_json(), sys.stdout)


class Translation:
    """Every name that the file sets once, at its outermost level, and that can be said in TypeScript."""

    def __init__(self, module: ast.Module) -> None:
        self.imports: Set[str] = set()
        self.expressions: Dict[str, Expression] = {}
        self.used: Dict[str, Set[str]] = {}
        self.current = ""
        counts: Dict[str, int] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
                counts[node.id] = counts.get(node.id, 0) + 1
        for statement in module.body:
            name, value = assignment(statement)
            if name is not None and value is not None and counts.get(name) == 1:
                self._add(name, value)

    def to_json(self) -> Dict[str, Any]:
        return {
            "imports": sorted(self.imports),
            "expressions": {
                name: {**one._asdict(), "uses": sorted(self.used[name])} for name, one in self.expressions.items()
            },
        }

    def _add(self, name: str, value: ast.expr) -> None:
        self.current = name
        self.used[name] = set()
        before = set(self.imports)
        try:
            said = self.say(value)
            self.expressions[name] = said._replace(code=bare(said.code))
        except Untranslatable:
            self.imports = before

    def say(self, node: ast.expr) -> Expression:
        method = getattr(self, f"say_{type(node).__name__.lower()}", None)
        if method is None:
            raise Untranslatable(ast.dump(node))
        said: Expression = method(node)
        return said

    def say_constant(self, node: ast.Constant) -> Expression:
        value = node.value
        if value is None:
            return Expression("undefined", OTHER, True)
        if isinstance(value, bool):
            return Expression("true" if value else "false", OTHER)
        if isinstance(value, (int, float)):
            return Expression(repr(value), NUMBER)
        if isinstance(value, str):
            return Expression(text(value), TEXT)
        raise Untranslatable(repr(value))

    def say_name(self, node: ast.Name) -> Expression:
        known = self.expressions.get(node.id)
        if known is None:
            raise Untranslatable(node.id)
        self.used[self.current].add(node.id)
        return known._replace(code=node.id)

    def say_list(self, node: Union[ast.List, ast.Tuple]) -> Expression:
        return Expression(f"[{', '.join(bare(self.say(one).code) for one in node.elts)}]", OTHER)

    say_tuple = say_list

    def say_dict(self, node: ast.Dict) -> Expression:
        members = []
        for key, value in zip(node.keys, node.values):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise Untranslatable("a key that is no text")
            members.append(f"{text(key.value)}: {self.say(value).code}")
        return Expression(f"{{ {', '.join(members)} }}", OTHER)

    def say_binop(self, node: ast.BinOp) -> Expression:
        left, right = self.say(node.left), self.say(node.right)
        if isinstance(node.op, ast.Add) and left.kind == right.kind == TEXT:
            return Expression(f"({left.code} + {right.code})", TEXT)
        if left.kind != NUMBER or right.kind != NUMBER:
            raise Untranslatable("arithmetic with something else than numbers")
        if isinstance(node.op, ast.FloorDiv):
            return Expression(f"Math.floor({left.code} / {right.code})", NUMBER)
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            raise Untranslatable("operator")
        return Expression(f"({left.code} {operator} {right.code})", NUMBER)

    def say_boolop(self, node: ast.BoolOp) -> Expression:
        parts = [self.say(one) for one in node.values]
        operator = " && " if isinstance(node.op, ast.And) else " || "
        kind = parts[0].kind if all(part.kind == parts[0].kind for part in parts) else OTHER
        return Expression(f"({operator.join(part.code for part in parts)})", kind, parts[-1].optional)

    def say_unaryop(self, node: ast.UnaryOp) -> Expression:
        operand = self.say(node.operand)
        if isinstance(node.op, ast.Not):
            return Expression(f"!{operand.code}", OTHER)
        if isinstance(node.op, ast.USub) and operand.kind == NUMBER:
            return Expression(f"-{operand.code}", NUMBER)
        raise Untranslatable("operator")

    def say_compare(self, node: ast.Compare) -> Expression:
        operator = COMPARISONS.get(type(node.ops[0]))
        if len(node.ops) != 1 or operator is None:
            return self._say_membership(node)
        return Expression(f"({self.say(node.left).code} {operator} {self.say(node.comparators[0]).code})", OTHER)

    def _say_membership(self, node: ast.Compare) -> Expression:
        items = node.comparators[0]
        if len(node.ops) == 1 and isinstance(items, (ast.List, ast.Tuple, ast.Set)):
            found = f"[{', '.join(self.say(one).code for one in items.elts)}].includes({self.say(node.left).code} ?? '')"
            if isinstance(node.ops[0], ast.In):
                return Expression(found, OTHER)
            if isinstance(node.ops[0], ast.NotIn):
                return Expression(f"!{found}", OTHER)
        raise Untranslatable("comparison")

    def say_ifexp(self, node: ast.IfExp) -> Expression:
        test, yes, no = self.say(node.test), self.say(node.body), self.say(node.orelse)
        kind = yes.kind if yes.kind == no.kind else OTHER
        return Expression(f"({test.code} ? {yes.code} : {no.code})", kind, yes.optional or no.optional)

    def say_joinedstr(self, node: ast.JoinedStr) -> Expression:
        parts = []
        for one in node.values:
            if isinstance(one, ast.Constant):
                parts.append(str(one.value).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${"))
            elif isinstance(one, ast.FormattedValue) and one.format_spec is None and one.conversion == -1:
                parts.append(f"${{{self.say(one.value).code}}}")
            else:
                raise Untranslatable("format")
        return Expression(f"`{''.join(parts)}`", TEXT)

    def say_subscript(self, node: ast.Subscript) -> Expression:
        if dotted(node.value) in ENVIRONMENT_TABLES:
            return Expression(f"process.env[{self.say(node.slice).code}]", TEXT, True)
        raise Untranslatable("subscript")

    def say_call(self, node: ast.Call) -> Expression:
        if node.keywords:
            raise Untranslatable("a call with keywords")
        name = dotted(node.func)
        if name in CPU_COUNTS and not node.args:
            self.imports.add("import { availableParallelism } from 'node:os';")
            return Expression("availableParallelism()", NUMBER)
        if name in ENVIRONMENTS:
            return self._say_environment(node)
        if name in ("int", "float", "str") and len(node.args) == 1:
            part = self.say(node.args[0])
            wanted, code = (TEXT, "String") if name == "str" else (NUMBER, "Number")
            if name == "int":
                inner = bare(part.code) if part.kind == NUMBER else f"Number({bare(part.code)})"
                return Expression(inner if inner.isdigit() else f"Math.trunc({inner})", NUMBER)
            return Expression(f"{code}({bare(part.code)})", wanted)
        if name in ("min", "max"):
            parts = [self.say(one) for one in node.args]
            if len(parts) < 2 or any(part.kind != NUMBER for part in parts):
                raise Untranslatable(name)
            return Expression(f"Math.{name}({', '.join(bare(part.code) for part in parts)})", NUMBER)
        if isinstance(node.func, ast.Attribute):
            return self._say_method(node.func, node.args)
        raise Untranslatable(name or "call")

    def _say_environment(self, node: ast.Call) -> Expression:
        variable = f"process.env[{self.say(node.args[0]).code}]"
        if len(node.args) == 1:
            return Expression(variable, TEXT, True)
        default = self.say(node.args[1])
        # A number as the default makes it one or the other, which only int() settles.
        kind = TEXT if default.kind == TEXT else OTHER
        return Expression(f"({variable} ?? {default.code})", kind, default.optional)

    def _say_method(self, function: ast.Attribute, arguments: List[ast.expr]) -> Expression:
        subject = self.say(function.value)
        if subject.kind != TEXT or subject.optional:
            raise Untranslatable(function.attr)
        if function.attr in METHODS and not arguments:
            return Expression(f"{subject.code}.{METHODS[function.attr]}()", TEXT)
        if function.attr == "split" and len(arguments) == 1:
            return Expression(f"{subject.code}.split({self.say(arguments[0]).code})", OTHER)
        raise Untranslatable(function.attr)


def bare(code: str) -> str:
    """Without the brackets around all of it."""
    if not code.startswith("("):
        return code
    depth = 0
    for at, character in enumerate(code):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return code[1:-1] if at == len(code) - 1 else code
    return code


def assignment(statement: ast.stmt) -> "tuple[Optional[str], Optional[ast.expr]]":
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    return None, None


def dotted(node: ast.expr) -> Optional[str]:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return None if base is None else f"{base}.{node.attr}"
    return None


def text(value: str) -> str:
    body = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{body}'"
