"""Which tests execute which function: made once by running them over a tree that notes it, kept until they change.

Every function of a copy of the tree begins with a note of its name. A file of tests whose text changed is run again.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_NOTES = '''"""Written by the index of tests: notes each function at its first call in a test."""
import os
HERE = os.path.dirname(os.path.abspath(__file__))
class Seen(dict):
    test = None  # in the process of the tests: the one that runs
    shared = False
    def __missing__(self, name):
        self[name] = True
        test, shared = self.test, self.shared
        if test is None:  # another process, or the import of a module
            test, shared = open(os.path.join(HERE, "current")).read(), True
        os.write(self.out(), f"{int(shared)}\\t{test}\\t{name}\\n".encode())
        return True
    def out(self):
        if self.file is None:
            self.file = os.open(os.path.join(HERE, "seen"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return self.file
    file = None
seen = Seen()
'''
_PLUGIN = '''"""Written by the index of tests: says which test runs, and what each of them took."""
import os, resource, time
import pytest
from _seen_ import HERE, seen
def _now():
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + spent.ru_utime + spent.ru_stime
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    seen.clear()
    seen.test = item.nodeid.partition("[")[0]
    with open(os.path.join(HERE, "current"), "w") as file:
        file.write(seen.test)
    begun = _now()
    try:
        return (yield)
    finally:
        os.write(seen.out(), f"=\\t{seen.test}\\t{_now() - begun:.4f}\\n".encode())
@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    before, seen.shared = seen.shared, seen.shared or fixturedef.scope != "function"
    try:
        return (yield)
    finally:
        seen.shared = before
'''


@dataclass(slots=True)
class OfFile:
    """What one file of tests executes: each test with its processor time, and what they share."""

    text: str  # a hash of it
    seconds: dict[str, float] = field(default_factory=dict)
    executed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    shared: set[str] = field(default_factory=set)


class Index:
    """The index of a tree, by file of tests."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.files: dict[str, OfFile] = {}
        for name, row in self._kept().items():
            functions = row["functions"]
            executed = {test: {functions[n] for n in which} for test, which in row["executed"].items()}
            self.files[name] = OfFile(row["text"], row["seconds"], executed, {functions[n] for n in row["shared"]})

    def _kept(self) -> dict[str, Any]:
        return json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}

    def keep(self) -> None:
        """Write it down, beside what another run has found meanwhile."""
        rows = self._kept()
        for name, of in self.files.items():
            functions = sorted(of.shared.union(*of.executed.values()))
            number = {one: n for n, one in enumerate(functions)}
            rows[name] = {
                "text": of.text,
                "seconds": of.seconds,
                "functions": functions,
                "executed": {test: sorted(number[one] for one in which) for test, which in of.executed.items()},
                "shared": sorted(number[one] for one in of.shared),
            }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(rows), "utf-8")
        new.replace(self._path)

    def missing(self, root: Path, files: Sequence[str]) -> list[str]:
        """Those whose text is not the one that was run."""
        return [name for name in files if name not in self.files or self.files[name].text != _hash(root / name)]

    def make(self, folder: Path, files: Sequence[str]) -> None:
        """Run these files of tests in a copy of the tree that notes what they execute. What has ended is kept."""
        seen = folder / "seen"
        (folder / "current").write_text("import")
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-p", "_noting_", *files]
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # other processes read the same modules
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:  # fmt: skip
            ended = 0
            while ended < len(files):
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    pass
                else:
                    ended = len(files)
                if seen.exists():
                    self._read(folder, seen.read_text("utf-8"), process.returncode is not None)
                    self.keep()

    def _read(self, folder: Path, text: str, all_of_it: bool) -> None:
        """Take over the notes of the files that have ended: all but the last."""
        found: dict[str, OfFile] = {}
        for line in text.splitlines() if all_of_it else text.splitlines()[:-1]:
            sign, test, what = line.split("\t")
            name = test.partition("::")[0]
            if name in ("import", ""):  # of no test, or noted by another process while the name of one was written
                continue
            if name not in found:
                found[name] = OfFile(_hash(folder / name))
            of = found[name]
            if sign == "=":
                of.seconds[test] = of.seconds.get(test, 0.0) + float(what)
            elif sign == "1":
                of.shared.add(what)
            else:
                of.executed.setdefault(test, set()).add(what)
        if found and not all_of_it:
            found.pop(next(reversed(found)))
        self.files.update(found)

    def executing(self, function: str) -> tuple[list[str], list[str]]:
        """The tests that execute it themselves, and the files where something that they share does."""
        tests = [test for of in self.files.values() for test, which in of.executed.items() if function in which]
        return tests, [name for name, of in self.files.items() if function in of.shared]

    def seconds(self, test: str) -> float:
        """The processor time of a test, or of a file of tests."""
        of = self.files.get(test.partition("::")[0])
        if of is None:
            return 1.0
        return of.seconds.get(test, 1.0) if "::" in test else sum(of.seconds.values())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def noting(folder: Path, packages: Sequence[str]) -> None:
    """Make the copy of the tree in `folder` note what is executed."""
    (folder / "_seen_.py").write_text(_NOTES)
    (folder / "_noting_.py").write_text(_PLUGIN)
    for path in sorted(path for package in packages for path in (folder / package).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        _note(tree, path.relative_to(folder).as_posix(), "")
        head = next(
            (n for n, one in enumerate(tree.body) if not (_is_text(one) or _is_future(one))),
            len(tree.body),
        )
        tree.body.insert(head, ast.parse("from _seen_ import seen as _seen_").body[0])
        path.write_text(ast.unparse(ast.fix_missing_locations(tree)), "utf-8")


def _note(node: ast.AST, path: str, where: str) -> None:
    for child in ast.iter_child_nodes(node):
        here = where
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            here = f"{where}.{child.name}" if where else child.name
        _note(child, path, here)
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            note = ast.parse(f"_seen_[{f'{path} {here}'!r}]").body[0]
            child.body.insert(1 if _is_text(child.body[0]) else 0, note)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
