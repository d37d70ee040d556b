"""`python -m benchmarks`: each run with what it measures, by folder."""

from __future__ import annotations

import ast
from pathlib import Path

from benchmarks import FOLDERS

HERE = Path(__file__).parent


def main() -> None:
    """Print the first line of each run's docstring. A module with a `main` is a run; the others serve them."""
    for folder in FOLDERS:
        package = ast.parse((HERE / folder / "__init__.py").read_text("utf-8"))
        print(f"{folder}: {ast.get_docstring(package)}")
        for file in sorted([*(HERE / folder).glob("[a-z]*.py"), *(HERE / folder).glob("[a-z]*/__main__.py")]):
            tree = ast.parse(file.read_text("utf-8"))
            if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
                name = file.parent.name if file.stem == "__main__" else file.stem
                name = "speed" if folder == "speed" and name == "reading" else name
                print(f"  python -m benchmarks.{name:<16} {(ast.get_docstring(tree) or '').partition(chr(10))[0]}")
        print()


if __name__ == "__main__":
    main()
