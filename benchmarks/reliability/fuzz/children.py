"""Child processes that a case may kill: their parent goes on with the next case in another one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any


@contextmanager
def child_of(work: Callable[..., None], *words: Any) -> Iterator[tuple[Connection, BaseProcess]]:
    """A process that does `work(out, *words)`, and where it is heard; it has ended when this is left."""
    mine, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=work, args=(theirs, *words))
    child.start()
    theirs.close()
    try:
        yield mine, child
    finally:
        child.join()
