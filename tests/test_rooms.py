"""The layout as tests: no ring of imports, few entries a level, short modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("scrapers", "feeds")
MOST_ENTRIES = 14
MOST_LINES = 400

# What is yet to go: nothing may be added here.
CROWDED: set[str] = set()
LONG: set[str] = set()


def modules(root: Path) -> dict[str, Path]:
    """All modules of the packages, by name; a package is its `__init__`."""
    found = {}
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: Set[str]) -> Iterator[str]:
    """The modules that a module imports anywhere: at its top, in functions, and under TYPE_CHECKING."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield whole if whole in known else module


def graph(root: Path) -> dict[str, set[str]]:
    """Who imports whom. What a door names for later (`_LATER`) is read by nobody inside, so it counts for nothing."""
    known = modules(root)
    return {
        name: {other for other in imported(name, path, known.keys()) if other in known and other != name}
        for name, path in known.items()
    }


def rings(edges: Mapping[str, Set[str]]) -> set[frozenset[str]]:
    """The strongly connected components of more than one module (Tarjan's algorithm, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: set[frozenset[str]] = set()
    for start in edges:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        work = [(start, iter(sorted(edges[start])))]
        while work:
            node, rest = work[-1]
            other = next(rest, None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    if len(stack) - at > 1:
                        found.add(frozenset(stack[at:]))
                    del stack[at:]
            elif other not in index:
                index[other] = low[other] = len(index)
                stack.append(other)
                work.append((other, iter(sorted(edges[other]))))
            elif other in stack:
                low[node] = min(low[node], index[other])
    return found


def test_no_ring_of_imports() -> None:
    assert [sorted(ring) for ring in rings(graph(ROOT))] == []


@pytest.mark.parametrize(
    "line",
    [
        "from .b import x",
        "from . import b",
        "import scrapers.b",
        "from scrapers import b",
        "if TYPE_CHECKING:\n    from .b import x",
        "def work():\n    from .b import x",
    ],
)
def test_a_ring_is_seen_however_it_is_imported(tmp_path: Path, line: str) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "scrapers" / "a.py").write_text(line)
    (tmp_path / "scrapers" / "b.py").write_text("from .a import y")
    (tmp_path / "feeds" / "c.py").write_text("from scrapers.a import y")
    assert rings(graph(tmp_path)) == {frozenset({"scrapers.a", "scrapers.b"})}


def test_every_level_has_few_entries() -> None:
    """`__init__.py` and `py.typed` stand in for their folder, and are not counted."""
    crowded = set()
    for package in PACKAGES:
        for folder in {path.parent for path in (ROOT / package).rglob("*.py")}:
            entries = {
                path.name
                for path in folder.iterdir()
                if not path.name.startswith(("__", ".")) and path.name != "py.typed"
            }
            if len(entries) > MOST_ENTRIES:
                crowded.add(str(folder.relative_to(ROOT)))
    assert crowded <= CROWDED


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(ROOT))
        for path in modules(ROOT).values()
        if path.read_text("utf-8").count("\n") > MOST_LINES
    }
    assert long <= LONG
