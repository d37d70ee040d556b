"""What every process of the suite would make for itself in a fresh checkout, made once before any of them starts.

Processes that start together load the same modules at the same time, and none finds what the others are about to
write. Only files are made: in which order a process loads its modules, and what it loads, stays its own business.
"""

from __future__ import annotations

import compileall
import contextlib
import importlib.abc
import importlib.util
import multiprocessing
import os
import sys
import types
from collections.abc import Iterable
from pathlib import Path

import hypothesis.strategies
import pytest
from hypothesis.internal.constants_ast import constants_from_module

from tests.support.paths import ROOT

TESTS = ROOT / "tests"
PACKAGES = (ROOT / "feeds", ROOT / "scrapers")
_PROCESSES = 2


def make_once(config: pytest.Config) -> None:
    """Make the files that are kept of the modules' sources, before other processes are started.

    Not for a part of the suite, which needs few of them.
    """
    if [Path(arg).resolve() for arg in config.args] not in ([TESTS], [ROOT]):
        return
    context = multiprocessing.get_context("fork")  # rewriting is set up in this one
    processes = [context.Process(target=_make, args=(config, n)) for n in range(_PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0, f"what is made once: a process ended with {process.exitcode}"


def _make(config: pytest.Config, number: int) -> None:
    """Make one share of the files: what may not be kept is not made."""
    tests = sorted(TESTS.rglob("*.py"))
    program = [path for folder in PACKAGES for path in sorted(folder.rglob("*.py"))]
    rewritten = [path for path in tests if path.name.startswith("test_") or path.name == "conftest.py"]
    if not sys.dont_write_bytecode and os.access(TESTS, os.W_OK):
        rewrite(config, rewritten[number::_PROCESSES])
        for path in sorted({*tests, *program} - set(rewritten))[number::_PROCESSES]:
            compileall.compile_file(path, quiet=2)
    find_constants(program[number::_PROCESSES])
    if number == 0:
        hypothesis.strategies.text().validate()  # looks through all characters


def rewrite(config: pytest.Config, paths: Iterable[Path]) -> None:
    """Have pytest rewrite the assertions of these modules and keep what it made of them, without running any."""
    hook = config.pluginmanager.rewrite_hook
    if not isinstance(hook, importlib.abc.MetaPathFinder):
        return  # assertions are left as they are
    for path in paths:
        spec = hook.find_spec(path.stem, [str(path.parent)])
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        module.__dict__["__builtins__"] = {}  # so that it ends at its first import
        with contextlib.suppress(ImportError, SyntaxError):  # a wrong one is told of when it is collected
            spec.loader.exec_module(module)


def find_constants(paths: Iterable[Path]) -> None:
    """Have Hypothesis look for constants in these modules, and keep what it found."""
    for path in paths:
        module = types.ModuleType(path.stem)
        module.__file__ = str(path)
        constants_from_module(module)
