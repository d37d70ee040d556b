"""Mutants by syntax tree: every place of a module where a bug can be put, and the text that it becomes."""

from __future__ import annotations

import ast
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("scrapers", "feeds")
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
_COUNTED: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.FloorDiv: "*"}
_TOLD = ("log", "say", "warn", "print", "crash_at", "debug", "info")  # what only people read, and test hooks


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug: the bytes from `start` to `end` of a file become `after`."""

    path: str
    line: int
    start: int
    end: int
    kind: str
    where: str  # the function or class, dotted
    before: str
    after: str
    once: bool = False  # its function remembers what it gave: of the tests of a file the first one alone executes it

    @property
    def name(self) -> str:
        """What it is, whatever line it stands on."""
        return f"{self.path} {self.where}: {_one_line(self.before)} → {_one_line(self.after) or 'nothing'}"

    @property
    def package(self) -> str:
        """`scrapers.extract`, `feeds.app.web`; modules that stand beside packages are one: `feeds`, `feeds.app`."""
        folders = Path(self.path).parent.parts
        return ".".join(folders[: 3 if folders[:2] == ("feeds", "app") else 2])


def _one_line(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 100 else f"{shown[:97]}…"


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Every mutant of a module."""
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[Mutant] = []
    for where, node, kind, after, once in _places(ast.parse(text)):
        start = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        before = data[start:end].decode()
        if before != after:
            found.append(Mutant(path, node.lineno, start, end, kind, where, before, after, once))  # type: ignore[attr-defined]
    return found


Place = tuple[str, ast.AST, str, str, bool]


def _places(tree: ast.Module) -> Iterator[Place]:
    def visit(node: ast.AST, where: str, inside: bool, once: bool) -> Iterator[Place]:
        """The places of a node and of all in it; `inside` a function, as the body of a class is none."""
        if _is_left_alone(node):
            return
        if inside:
            for kind, after in _changes(node):
                yield where, node, kind, after, once
        parts: Iterable[ast.AST] = ast.iter_child_nodes(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}" if where else node.name
            inside = inside or not isinstance(node, ast.ClassDef)
            once = once or any("cache" in ast.unparse(decorator) for decorator in node.decorator_list)
            parts = node.body  # not its decorators and defaults
        for part in parts:
            yield from visit(part, where, inside, once)

    for node in tree.body:
        yield from visit(node, "", False, False)


def _is_left_alone(node: ast.AST) -> bool:
    """Annotations, docstrings, imports, assertions, and what is only told to people or to a test."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.arguments | ast.Assert | ast.Global | ast.Nonlocal):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":  # of zip: an assertion, too
        return True
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Yield):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        named = ast.unparse(node.value.func).split(".")
        return named[0] in _TOLD or named[-1] in _TOLD
    return isinstance(node, ast.Raise | ast.JoinedStr)  # the words of an error; that it is raised is another mutant


def _changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Kind and new text of every mutant of one node."""
    match node:
        case ast.Compare(ops=[one], left=left, comparators=[right]):
            yield "comparison", f"{ast.unparse(left)} {_COMPARED[type(one)]} {ast.unparse(right)}"
        case ast.BoolOp(op=op, values=values):
            word = " or " if isinstance(op, ast.And) else " and "
            yield "and-or", "(" + word.join(f"({ast.unparse(value)})" for value in values) + ")"
            yield "condition-dropped", f"({ast.unparse(values[-1])})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not-dropped", f"({ast.unparse(operand)})"
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _COUNTED:
            if not any(isinstance(side, ast.Constant | ast.JoinedStr) and isinstance(getattr(side, "value", ""), str | bytes) for side in (left, right)):  # fmt: skip  # noqa: E501
                yield "arithmetic", f"({ast.unparse(left)} {_COUNTED[type(op)]} {ast.unparse(right)})"
        case ast.Constant(value=bool() as value):
            yield "constant", str(not value)
        case ast.Constant(value=int() as value):
            yield "constant", str(value + 1 if abs(value) < 10 else value * 2)
        case ast.Constant(value=float() as value):
            yield "constant", str(value * 3 + 1)
        case ast.Constant(value=str() as value) if value.strip():
            yield "constant", '""'
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "branch", f"({ast.unparse(orelse)} if {ast.unparse(test)} else {ast.unparse(body)})"
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield "early-return", "return None"
        case ast.Call(func=func, args=args, keywords=keywords):
            yield from _calls(func, args, keywords)
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Delete():
            yield "deleted", "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "deleted", "pass"


def _calls(func: ast.expr, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Iterator[tuple[str, str]]:
    def call(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> str:
        return ast.unparse(ast.Call(func, list(args), list(keywords)))

    alike = isinstance(func, ast.Name) and func.id in ("max", "min")  # whatever the order of their arguments
    differ = len(args) >= 2 and ast.dump(args[0]) != ast.dump(args[1])
    if differ and not alike and not any(isinstance(arg, ast.Starred) for arg in args):
        yield "arguments-swapped", call([args[1], args[0], *args[2:]], keywords)
    if keywords and keywords[-1].arg not in (None, "strict"):
        yield "argument-dropped", call(args, keywords[:-1])
    if len(args) == 1 and not keywords and isinstance(func, ast.Name | ast.Attribute) and not isinstance(args[0], ast.GeneratorExp | ast.Starred):  # fmt: skip  # noqa: E501
        yield "call-dropped", ast.unparse(args[0])


def sample(root: Path, count: int, seed: int, each: int | None = None, only: Sequence[str] = ("",)) -> list[Mutant]:
    """So many mutants, of each package as many as it has lines, of each kind about as many; the same for a seed.

    With `each` so many of every package instead, of the paths that begin as `only` says. All come in an order of
    chance, so a part of it is a sample, too. A place keeps its rank as long as its own text stays, so most of a sample
    stays when the program changes.
    """
    by_package: dict[str, dict[str, list[Mutant]]] = defaultdict(lambda: defaultdict(list))
    lines: dict[str, int] = defaultdict(int)
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if each and not name.startswith(tuple(only)):
            continue
        for mutant in mutants_of(name, path.read_text("utf-8")):
            by_package[mutant.package][mutant.kind].append(mutant)
            lines[mutant.package] += 1
    whole = sum(lines.values())
    chosen: list[Mutant] = []
    for package, kinds in sorted(by_package.items()):
        wanted = each or max(2, round(count * lines[package] / whole))
        rows = [sorted(of_kind, key=lambda one: _rank(one, seed)) for of_kind in kinds.values()]
        rows.sort(key=lambda row: _rank(row[0], seed))
        turn = 0
        taken: list[Mutant] = []
        while len(taken) < wanted and any(len(row) > turn for row in rows):
            taken += [row[turn] for row in rows if len(row) > turn]
            turn += 1
        chosen += taken[:wanted]
    return sorted(chosen, key=lambda one: _rank(one, seed))


def _rank(mutant: Mutant, seed: int) -> str:
    return hashlib.sha256(f"{seed} {mutant.kind} {mutant.name}".encode()).hexdigest()
