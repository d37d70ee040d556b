"""Draws the rooms of the program into docs/design.md: `python docs/rooms.py`. A test says when the drawing is old.

The layers are those of the import contracts in pyproject.toml. What a room is for is the first line of its docstring.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/design.md"
BEGIN, END = "<!-- rooms: made by `python docs/rooms.py` -->\n", "<!-- end of rooms -->\n"
WIDTH = 118


def contracts() -> Iterator[tuple[str, list[list[str]]]]:
    """Each package whose rooms are layers, with its layers from the top down."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for contract in table["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            for container in contract["containers"]:
                yield container, [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def purpose(room: str) -> str:
    """The first line of a room's docstring."""
    path = ROOT / room.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    told = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return told.partition("\n")[0]


def drawing() -> str:
    """All packages, a line a room and a rule between layers."""
    lines = []
    for package, layers in contracts():
        wide = max(len(room) for layer in layers for room in layer)
        lines.append(f"{package}: {purpose(package)}")
        for layer in layers:
            lines.append("  " + "─" * (wide + 2))
            for room in layer:
                line = f"  {room:<{wide}}  {purpose(f'{package}.{room}')}"
                lines.append(line if len(line) <= WIDTH else line[: WIDTH - 1].rpartition(" ")[0] + " …")
        lines.append("")
    return "```\n" + "\n".join(lines).rstrip() + "\n```\n"


def with_drawing(page: str) -> str:
    """The page with the drawing as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{drawing()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_drawing(PAGE.read_text("utf-8")), "utf-8")
