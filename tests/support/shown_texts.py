"""Finds, by the syntax trees of the program, every text that says why something failed or what is wrong.

Those are what is given to our errors, and to the values that carry such a text to people: what became of a link, a
trouble, the standing of a source, the notes of a visit. A hole of an f-string of which nothing is known is a `HOLE`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from pathlib import Path

from .paths import ROOT

# callables whose argument is shown: its place among the positional ones, and its name
CARRIERS: Mapping[str, tuple[int, str]] = {
    **dict.fromkeys(
        ("PageChanged", "Refused", "Unreachable", "Gone", "Forbidden", "ReadFailed", "Unread"), (0, "reason")
    ),
    **dict.fromkeys(("TooBig", "Corrupt", "WrongName", "QueryError", "StoreBusy", "VisitFailed"), (0, "reason")),
    **dict.fromkeys(("StoodStill", "PublishError", "wrong", "wrong_date"), (0, "reason")),
    "_Ended": (0, "why"),
    "Seen": (2, "why"),
    "Failure": (2, "reason"),
    "Trouble": (2, "cause"),
    "Standing": (2, "cause"),
    "Interval": (1, "words"),
    "Repair": (6, "evidence"),
}
LISTS = ("notes", "failures")  # lists of texts, or of (address, text)
KEYWORDS = ("cause", "why", "pace", "evidence")  # of `replace`
HANDED_ON = ("reason", "cause", "why", "shortage", "refused", "words", "evidence")  # what another place has said
OWN_REFUSALS = ("feeds/app/web/desk/", "feeds/app/web/api/")  # a class of the same name; its texts are marked
HOLE = "\0"
FILLINGS = ("12", "x-y.example", "https://x-y.example/", "3 d", "12%", "Monday, 2026-11-16")
MOST = 400  # ways to fill a text, or to join its parts


@dataclass(frozen=True, slots=True)
class Shown:
    """A place in the program that gives a text, and the texts that it may give; None where they cannot be told."""

    path: str
    line: int
    source: str  # the expression as it is written
    texts: tuple[str, ...] | None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.source}"


@dataclass(slots=True)
class Module:
    """A module with what a name in it may mean."""

    path: Path
    tree: ast.Module
    constants: dict[str, list[ast.expr]] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)  # name → the module's last name, the name there


@lru_cache(1)
def modules() -> tuple[Module, ...]:
    """Every module of the two packages."""
    paths = [path for package in ("scrapers", "feeds") for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(read(path, ast.parse(path.read_text("utf-8"))) for path in paths)


def read(path: Path, tree: ast.Module) -> Module:
    """A module by its syntax tree."""
    module = Module(path, tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions.setdefault(node.name, node)
        elif isinstance(node, ast.ImportFrom):
            of = (node.module or "").rpartition(".")[2]
            module.imports |= {one.asname or one.name: (of, one.name) for one in node.names}
    for statement in tree.body:
        _note(module.constants, statement)
    return module


def _note(names: dict[str, list[ast.expr]], node: ast.AST) -> None:
    """What an assignment gives to names."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                names.setdefault(target.id, []).append(node.value)
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(one, ast.Name):
                        names.setdefault(one.id, []).append(value)
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                names.setdefault(target.value.id, []).append(node.value)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        if isinstance(node.target, ast.Name) and node.value is not None:
            names.setdefault(node.target.id, []).append(node.value)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        names[node.target.id] = [ast.BinOp(one, ast.Add(), node.value) for one in names.get(node.target.id, [])] + [
            *names.get(node.target.id, [])
        ]
    elif isinstance(node, ast.For | ast.comprehension):
        match node.target, node.iter:
            case ast.Tuple(elts=[_, ast.Name(id=name)]), ast.Call(
                func=ast.Attribute(value=ast.Name() as of, attr="items")
            ):
                names.setdefault(name, []).append(of)


class Reader:
    """Reads expressions inside one function of a module."""

    def __init__(self, module: Module, scope: ast.AST, depth: int = 0) -> None:
        self.module, self.scope, self.depth = module, scope, depth
        self.names: dict[str, list[ast.expr]] = {}
        if not isinstance(scope, ast.Module):
            for node in ast.walk(scope):
                _note(self.names, node)

    def texts(self, node: ast.expr) -> list[str] | None:
        """The texts that an expression may give; None where that cannot be told."""
        if self.depth > 6:
            return None
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.Constant(value=None):
                return []
            case ast.JoinedStr(values=parts):
                return _joined([self._part(part) for part in parts])
            case ast.FormattedValue():
                return self._part(node)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = self.texts(left), self.texts(right)
                return None if None in sides else _joined([side or [""] for side in sides])
            case ast.IfExp(body=one, orelse=other):
                return self._any([one, other])
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._any(values)
            case ast.Name(id=name):
                return self._named(name)
            case ast.Subscript(value=value):
                return self.texts(value)
            case ast.Attribute(attr=name) if name in HANDED_ON:
                return []
            case ast.GeneratorExp(elt=text) | ast.ListComp(elt=text):
                return self.texts(text)
            case ast.Call():
                return self._called(node)
            case ast.Dict(values=values):
                return self._any(values)
            case ast.Tuple(elts=[_, text]):  # (address, text)
                return self.texts(text)
        return None

    def _any(self, nodes: Iterable[ast.expr]) -> list[str] | None:
        found: list[str] = []
        for node in nodes:
            texts = self.texts(node)
            if texts is None:
                return None
            found += texts
        return found

    def _named(self, name: str) -> list[str] | None:
        if name in self.names:
            inner = Reader(self.module, self.scope, self.depth + 1)
            return inner._any(self.names[name])
        for module in (self.module, *modules()):
            if name in module.constants:
                return Reader(module, module.tree, self.depth + 1)._any(module.constants[name])
        return None

    def _called(self, node: ast.Call) -> list[str] | None:
        match node.func:
            case ast.Attribute(value=value, attr="format"):
                texts = self.texts(value)
                return None if texts is None else [text.replace("{}", HOLE) for text in texts]
            case ast.Attribute(value=value, attr="get"):
                return self._any([value, *node.args[1:]])
            case ast.Attribute(value=ast.Constant(value=str() as joint), attr="join"):
                return None if not joint else self._joined_list(node.args[0])
            case ast.Name(id="words" | "str", ctx=_) if node.args and isinstance(node.args[0], ast.Constant):
                return self.texts(node.args[0])
            case ast.Name(id=name) if name in CARRIERS:
                return []  # looked at where it is called
            case ast.Name(id="day"):
                return [HOLE]  # of health: a day in words
            case ast.Name(id=name) | ast.Attribute(attr=name):
                of, name = self.module.imports.get(name, ("", name))
                owners = [module for module in modules() if name in module.functions]
                there = [module for module in owners if module.path.stem == of]
                for module in [self.module] if name in self.module.functions else there or owners:
                    return self._returned(module, module.functions[name])
        return None

    def _joined_list(self, node: ast.expr) -> list[str] | None:
        """Each text that is put into a list, alone: what joins them is known to the translation."""
        if not isinstance(node, ast.Name):
            return self.texts(node)
        found = self._any(
            one for value in self.names.get(node.id, []) if isinstance(value, ast.List) for one in value.elts
        )
        for call in ast.walk(self.scope):
            match call:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=node.id), attr="append" | "insert"), args=[*_, text]
                ):
                    texts = self.texts(text)
                    if texts is None or found is None:
                        return None
                    found += texts
        return found

    def _returned(self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str] | None:
        inner = Reader(module, function, self.depth + 1)
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
        return inner._any(returned) if returned else None

    def _part(self, part: ast.expr) -> list[str]:
        """A piece of an f-string."""
        if isinstance(part, ast.Constant):
            return [str(part.value)]
        assert isinstance(part, ast.FormattedValue)
        if part.format_spec is not None or part.conversion != -1:
            return [HOLE]
        return self.texts(part.value) or [HOLE]


def _joined(parts: Sequence[list[str]]) -> list[str]:
    return ["".join(row) for row in islice(product(*parts), MOST)]


def shown() -> Iterator[Shown]:
    """Every place that gives such a text."""
    for module in modules():
        path = module.path.relative_to(ROOT).as_posix()
        for scope in _scopes(module.tree):
            reader = Reader(module, scope)
            for node in _own(scope):
                for text in _carried(node, path):
                    found = reader.texts(text)
                    yield Shown(path, text.lineno, ast.unparse(text), None if found is None else tuple(found))


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """The module and its outermost functions, those of classes too; what is defined inside belongs to them."""
    yield tree
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from (one for one in statement.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(scope, ast.Module):
        yield from ast.walk(scope)
        return
    for statement in scope.body:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from ast.walk(statement)


def _carried(node: ast.AST, path: str) -> Iterator[ast.expr]:
    """What a call hands on as a text to be shown."""
    match node:
        case ast.Call(func=ast.Name(id="Refused")) if path.startswith(OWN_REFUSALS):
            return
        case ast.Call(func=ast.Name(id=name)) if name in CARRIERS:
            place, key = CARRIERS[name]
            named = {one.arg: one.value for one in node.keywords}
            if key in named:
                yield named[key]
            elif len(node.args) > place and not isinstance(node.args[place], ast.Starred):
                yield node.args[place]
            if name == "Standing":
                yield named["pace"]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr="error"), args=[text, *_]):
            yield text  # of the parser of queries
        case ast.Call(func=ast.Attribute(value=held, attr="append" | "insert"), args=[*_, text]):
            of = held.id if isinstance(held, ast.Name) else held.attr if isinstance(held, ast.Attribute) else ""
            if of in LISTS:
                yield text
        case ast.Call(func=ast.Name(id="replace")):
            yield from (one.value for one in node.keywords if one.arg in KEYWORDS)


def filled(text: str) -> Iterator[str]:
    """A text with its holes filled in all the ways that are tried."""
    first, *pieces = text.split(HOLE)
    for row in islice(product(FILLINGS, repeat=len(pieces)), MOST):
        yield first + "".join(filling + piece for filling, piece in zip(row, pieces, strict=True))
