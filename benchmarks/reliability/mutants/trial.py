"""Trying one mutant: a copy of the tree, then the tests that execute it, the nearest and quickest first."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.accuracy.corpus import ROOT

from .index import Index
from .make import Mutant

RED: set[str] = set()  # tests that fail without a bug
BUDGET = 45.0  # seconds of processor time for the tests of one mutant, as the index knows them
SLOW = 12.0  # a test that takes longer is left out where others execute the function
PATIENCE = 240.0  # seconds for them to end, on a machine that does nothing else
COPIED = ("scrapers", "feeds", "tests", "benchmarks", "seeds", "docs", "pyproject.toml", "config.toml", "README.md")
UNFIT = 99  # the server's word that a mutant has to be tried in a process of its own


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant: the test that saw it, None when none did."""

    mutant: Mutant
    seen_by: str | None
    seconds: float

    @property
    def unsure(self) -> bool:
        """Whether its tests did not end: it may hang them, or the machine was busy."""
        return self.seen_by is not None and self.seen_by.startswith("(no end")


def copied(folder: Path) -> None:
    """The tree, with what Python has compiled of it: an original has the time of its text, a mutant never has."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(".hypothesis", "var"))
        else:
            shutil.copy2(source, folder / name)


def tests_for(root: Path, path: str) -> tuple[list[str], list[str]]:
    """The files of tests of a module and those that name it; then the others of its package, the nearest first.

    Tests of the whole program are none of them: what only they would see is not noticed.
    """
    module = Path(path).with_suffix("")
    parts = module.parts[:-1] if module.name == "__init__" else module.parts
    dotted = ".".join(parts)
    files = [one for one in sorted((root / "tests").rglob("test_*.py")) if one.parent.name not in ("tests", "whole")]
    folder = root / "tests" / Path(*parts[:-1])
    mirror = folder / f"test_{parts[-1]}.py"
    naming = re.compile(
        rf"\b{re.escape(dotted)}\b|from {re.escape('.'.join(parts[:-1]))} import [^\n]*\b{re.escape(parts[-1])}\b"
    )
    near = [file for file in files if file == mirror]
    near += [file for file in files if file not in near and naming.search(file.read_text("utf-8"))]
    package = root / "tests" / Path(*parts[: 3 if parts[:2] == ("feeds", "app") else 2])
    folders = [package, folder]
    if parts[:2] == ("feeds", "app"):  # what it does is seen through the command
        folders.append(root / "tests/feeds/app/cli")
    wide = [file for file in files if any(file.is_relative_to(one) for one in folders)]
    names = set(re.findall(r"\w+", parts[-1]))
    wide.sort(key=lambda file: (not file.is_relative_to(folder), not names & set(file.stem.split("_")), str(file)))
    return _relative(root, near), _relative(root, [file for file in wide if file not in near])


def _relative(root: Path, files: Iterable[Path]) -> list[str]:
    return [file.relative_to(root).as_posix() for file in files]


def chosen_tests(
    index: Index, near: Sequence[str], wide: Sequence[str], mutant: Mutant, budget: float = BUDGET
) -> list[list[str]]:
    """The tests of a mutant in two groups: those of its module that execute it; then the others, within `budget`
    seconds of processor time.

    A test counts as one of the module when its file does. The quickest come first. Where something that several tests
    share executes the function, or its module's import does, the whole file is run; so it is where the function
    remembers what it gave, and was executed for the first of the tests that ask for it.
    """
    tests, shared = index.executing(f"{mutant.path} {mutant.where}")
    if mutant.once:
        tests, shared = [], [*shared, *(test.partition("::")[0] for test in tests)]
    order = {name: n for n, name in enumerate([*near, *wide])}
    groups: list[list[str]] = []
    left = budget
    for files in (near, wide):
        here = [test for test in tests if test.partition("::")[0] in files]
        # By nearness in steps of a second: a test of the package that takes a moment comes before a long one beside it.
        here.sort(key=lambda test: (index.seconds(test) // 1, order[test.partition("::")[0]], index.seconds(test)))
        here += [name for name in files if name in shared and index.seconds(name) < left]
        group: list[str] = []
        for one in here:
            if (spent := index.seconds(one)) <= min(left, SLOW if groups or group else left):
                group.append(one)
                left -= spent
        groups.append(group)
    if not any(groups):  # executed by the import of its module, or by nobody
        groups[0] = [name for name in near if index.seconds(name) < budget]
    return groups


class Trier:
    """A copy of the tree in which one mutant after the other is tried."""

    def __init__(self, folder: Path, index: Index, budget: float = BUDGET) -> None:
        self._folder = folder
        self._index = index
        self._budget = budget
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Trier:
        copied(self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def serve(self, files: Sequence[str]) -> None:
        """Start the process that has everything imported."""
        command = [sys.executable, "-m", "benchmarks.reliability.mutants.server", *files]
        self._server = subprocess.Popen(
            command, cwd=self._folder, env=self._environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ready = json.loads(_line(self._server.stdout))
        if ready["ready"] != 0:
            raise SystemExit(f"the tests are not collected: pytest ended with {ready['ready']}")

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self._folder), "PYTHONDONTWRITEBYTECODE": "1"}

    def tried(self, mutant: Mutant) -> Outcome:
        """Put the mutant into the copy of the tree, run its tests, and take it out again."""
        path = self._folder / mutant.path
        before, times = path.read_bytes(), path.stat()
        mutated = before[: mutant.start] + mutant.after.encode() + before[mutant.end :]
        begun = time.monotonic()
        try:
            compile(mutated, mutant.path, "exec")
        except SyntaxError:
            return Outcome(mutant, "(no Python)", 0.0)
        seen = None
        # What only the import of a module executes has been executed in the process that has everything imported.
        alone = not any(self._index.executing(f"{mutant.path} {mutant.where}"))
        try:
            for tests in chosen_tests(self._index, *tests_for(self._folder, mutant.path), mutant, self._budget):
                left = [test for test in tests if test not in RED]
                while left and seen is None:
                    path.write_bytes(mutated)
                    seen = self._tested(left, mutant.path, before.decode(), alone=alone)
                    _put_back(path, before, times)
                    if seen is None:
                        break
                    if seen.startswith("tests/") and self._tested([seen], "", "") is not None:
                        RED.add(seen)  # it fails without a bug, or by chance: it says nothing
                        left = [test for test in left if test not in (seen, seen.partition("::")[0])]
                        seen = None
            return Outcome(mutant, seen, time.monotonic() - begun)
        finally:
            _put_back(path, before, times)

    def _tested(self, tests: Sequence[str], path: str, before: str, *, alone: bool = False) -> str | None:
        """The first test that fails; None when all pass. Tests that do not end have noticed it too."""
        patience = PATIENCE * crowded()
        if not alone and self._server is not None and self._server.stdin is not None:
            output = self._folder / "output"
            asked: dict[str, Any] = {"path": path, "before": before, "tests": tests, "seconds": patience}
            self._server.stdin.write(json.dumps({**asked, "output": str(output)}).encode() + b"\n")
            self._server.stdin.flush()
            answer = json.loads(_line(self._server.stdout))
            if answer["code"] == -1:
                return "(no end in time)"
            if answer["code"] in (-signal.SIGXCPU, -signal.SIGKILL):
                return "(does not end: it used its processor time up)"
            if answer["code"] != UNFIT:
                return None if answer["code"] == 0 else answer["failed"] or f"(pytest ended with {answer['code']})"
        return self._tested_alone(tests, patience)

    def _tested_alone(self, tests: Sequence[str], patience: float) -> str | None:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
        with subprocess.Popen(
            command, cwd=self._folder, env=self._environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:  # fmt: skip
            try:
                output = process.communicate(timeout=patience)[0].decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                return "(no end in time)"
        if process.returncode == 0:
            return None
        failed = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", output, re.MULTILINE)
        return failed[1] if failed else f"(pytest ended with {process.returncode})"


def _put_back(path: Path, text: bytes, times: os.stat_result) -> None:
    path.write_bytes(text)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _line(stream: IO[bytes] | None) -> bytes:
    line = stream.readline() if stream is not None else b""
    if not line:
        raise SystemExit("the process that tries mutants has ended")
    return line


def crowded() -> float:
    """How many times as long everything takes as on a machine that does nothing else: 1 to 4."""
    return min(4.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
