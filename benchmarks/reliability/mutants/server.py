"""A process that has imported the program and its tests: each mutant is tried in a fork of it, in milliseconds.

Run in a copy of the tree: `python -m benchmarks.reliability.mutants.server FILE…`. It reads one JSON line a trial and
answers with one. The fork puts the mutant's code into the functions that are there; processes that a test starts read
the file, which has the mutant, too. Where a function can't take the code the answer says so.
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

PROCESSOR = 90  # seconds of processor time after which the tests of one mutant are taken not to end
OPTIONS = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "--no-header")


def main(files: list[str]) -> None:
    """Import everything, then serve."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = io.StringIO()
    code = pytest.main([*OPTIONS, "--collect-only", *files])
    print(json.dumps({"ready": int(code)}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_served(json.loads(line))), file=answers, flush=True)


def _served(asked: dict[str, Any]) -> dict[str, Any]:
    output = Path(asked["output"])
    child = os.fork()
    if child == 0:
        os.setsid()
        used = int(time.process_time())  # a fork counts anew on some systems and goes on on others
        resource.setrlimit(resource.RLIMIT_CPU, (used + PROCESSOR, used + PROCESSOR + 5))
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for number in (1, 2):
            os.dup2(file, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdout = os.fdopen(os.dup(1), "w")
        if asked["path"] and not patched(asked["path"], asked["before"], Path(asked["path"]).read_text("utf-8")):
            os._exit(99)
        code = pytest.main([*OPTIONS, *asked["tests"]])
        sys.stdout.flush()
        os._exit(int(code))
    end = time.monotonic() + asked["seconds"]
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return {"code": -1, "failed": None}
        time.sleep(0.02)  # between two looks: waitpid has no time limit
    found = re.search(r"^(?:FAILED|ERROR) (\S+?::[^\s\[]+|\S+)", output.read_text("utf-8", "replace"), re.MULTILINE)
    return {"code": os.waitstatus_to_exitcode(status), "failed": found and found[1]}


def patched(path: str, before: str, after: str) -> bool:
    """Put the code of `after` into the functions of this process whose text is `before`; False where it doesn't fit."""
    name = next(
        (n for n, m in list(sys.modules.items()) if (getattr(m, "__file__", None) or "").endswith("/" + path)), None
    )
    if name is None:
        return False
    filename = str(sys.modules[name].__file__)
    new = {}
    for old, changed in _pairs(*(compile(text, filename, "exec", dont_inherit=True) for text in (before, after))):
        if old is None:
            return False
        if old != changed:
            new[old] = changed
    if not new:
        return False
    gc.unfreeze()  # nothing tells of objects that are frozen
    functions = [one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__code__ in new]
    try:
        for function in functions:
            function.__code__ = new[function.__code__]
    except ValueError:  # it closes over other names now
        return False
    return bool(functions)


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType | None, CodeType]]:
    """Each code object of a module with the one that takes its place."""
    mine = [one for one in old.co_consts if isinstance(one, CodeType)]
    others = [one for one in new.co_consts if isinstance(one, CodeType)]
    if [one.co_qualname for one in mine] != [one.co_qualname for one in others]:
        yield None, new
        return
    for first, second in zip(mine, others, strict=True):
        yield first, second
        yield from _pairs(first, second)


if __name__ == "__main__":
    main(sys.argv[1:])
