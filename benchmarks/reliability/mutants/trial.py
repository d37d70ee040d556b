"""Trying one mutant: a copy of the tree, the tests that ought to see it first, then those of its package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.corpus import ROOT

from .make import Mutant

RED: set[str] = set()  # tests that fail without a bug
NEAR, WIDE = 240.0, 420.0  # seconds for the tests of the module, and for those of its package
COPIED = ("scrapers", "feeds", "tests", "benchmarks", "seeds", "docs", "pyproject.toml", "config.toml", "README.md")


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
    """The tree without what is made from it."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", ".hypothesis", "var")
            shutil.copytree(source, folder / name, ignore=left_out)
        else:
            shutil.copy2(source, folder / name)
    # Compiled once, and held against the text and not against its time: a mutant may be as long as what it replaces.
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash"]
    subprocess.run([*command, "scrapers", "feeds", "benchmarks", "tests"], cwd=folder, check=True)


def tests_for(root: Path, path: str) -> tuple[list[str], list[str]]:
    """The tests of a module and of those that name it; then the others of its package, the nearest first."""
    module = Path(path).with_suffix("")
    parts = module.parts[:-1] if module.name == "__init__" else module.parts
    dotted = ".".join(parts)
    files = sorted((root / "tests").rglob("test_*.py"))
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


def tried(folder: Path, mutant: Mutant) -> Outcome:
    """Put the mutant into the copy of the tree, run its tests, and take it out again."""
    path = folder / mutant.path
    before = path.read_bytes()
    begun = time.monotonic()
    try:
        path.write_bytes(before[: mutant.start] + mutant.after.encode() + before[mutant.end :])
        try:
            compile(path.read_bytes(), mutant.path, "exec")
        except SyntaxError:
            return Outcome(mutant, "(no Python)", 0.0)
        seen = None
        for tests, patience in zip(tests_for(folder, mutant.path), (NEAR, WIDE), strict=True):
            while tests and seen is None and (seen := tested(folder, tests, patience)) is not None:
                mutated = path.read_bytes()
                path.write_bytes(before)
                if seen.startswith("tests/") and tested(folder, [seen], NEAR) is not None:
                    RED.add(seen)  # it fails without a bug, or by chance: it says nothing
                    seen = None
                path.write_bytes(mutated)
        return Outcome(mutant, seen, time.monotonic() - begun)
    finally:
        path.write_bytes(before)


def crowded() -> float:
    """How many times as long everything takes as on a machine that does nothing else: 1 to 4."""
    return min(4.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


def tested(folder: Path, tests: Sequence[str], patience: float) -> str | None:
    """The first test that fails; None when all pass. Tests that do not end have noticed it too."""
    left_out = [option for red in sorted(RED - set(tests)) for option in ("--deselect", red)]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *left_out, *tests]
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_MAX_EXAMPLES": "20",
    }
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            output = process.communicate(timeout=patience * crowded())[0].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            return "(no end in time)"
    if process.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", output, re.MULTILINE)
    return failed[1] if failed else f"(pytest ended with {process.returncode})"
