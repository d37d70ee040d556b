"""A cache without a bound remembers only what the program itself is made of, never what strangers choose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = ("bool", "type", "type[Any]")  # a type or a switch: as many as there are in the code
OF_OURS = {"scrapers/page/embed_services.py": "_compiled"}  # its argument is one of our patterns


def unbounded(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                told = ast.unparse(decorator)
                if told in ("cache", "functools.cache") or (
                    "lru_cache" in told and (told.endswith("(None)") or "maxsize=None" in told)
                ):
                    yield node


def strange(path: Path, text: str) -> list[str]:
    """Arguments of such functions that strangers may choose."""
    if "cache" not in text:  # as every name of such a decorator has it
        return []
    found = []
    name = path.as_posix()
    for function in unbounded(ast.parse(text)):
        for one in (*function.args.args, *function.args.kwonlyargs):
            kind = ast.unparse(one.annotation) if one.annotation else "?"
            if kind not in OURS and OF_OURS.get(name) != function.name:
                found.append(f"{name}: {function.name}({one.arg}: {kind})")
    return found


def test_no_cache_without_a_bound_holds_what_strangers_choose() -> None:
    paths = [path for folder in ("feeds", "scrapers") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(paths) > 300
    assert [one for path in paths for one in strange(path.relative_to(ROOT), path.read_text("utf-8"))] == []


def test_such_a_cache_is_noticed() -> None:
    path = Path("feeds/one.py")
    assert strange(path, "@cache\ndef f(text: str) -> str: ...") == ["feeds/one.py: f(text: str)"]
    assert strange(path, "@lru_cache(None)\ndef f(*, text: str) -> str: ...")
    assert strange(path, "@functools.lru_cache(maxsize=None)\ndef f(text: str) -> str: ...")
    assert not strange(path, "@lru_cache(5)\ndef f(text: str) -> str: ...")
    assert not strange(path, "@cache\ndef f(kind: type[Any]) -> str: ...")
