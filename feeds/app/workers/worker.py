"""A worker process: reads pages from its standard input, answers on its standard output, and may be killed.

A page may use 5 s of CPU: then the kernel ends the process by SIGPROF, whatever C code it is in (RELIABILITY P1).
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from scrapers import CopydeskError, Page, Seed, read_draft, read_links, read_record, read_robots, read_story_page

from . import protocol
from .protocol import bounded_draft, bounded_links, dumped

CPU_SECONDS = 5.0
MEMORY = 1 << 30
SELDOM = 10_000  # new objects before a garbage collection: a page makes many objects and few cycles
PIPE = 1 << 20  # bytes that a pipe holds, the most that Linux gives to anybody
NICE = 5  # niceness: the daemon goes first when processors are few
_NO_ERROR = b"{}"


def memory_limit() -> int:
    """Bytes of address space that a worker may have: a gigabyte, or less where a hard limit of ours says so."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    return MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)


def answer(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Head and value of the answer to one frame, as JSON."""
    try:
        value = _value(json.loads(head), body)
    except CopydeskError as error:
        return json.dumps({"error": type(error).__name__, "reason": error.reason[:2000]}).encode(), b""
    except RecursionError as error:
        return json.dumps({"error": "ReadFailed", "reason": f"the page is too deep: {error}"}).encode(), b""
    except MemoryError:
        limit = memory_limit()
        why = f"the page needs more memory than its reader may have ({limit >> 20} MB"
        why += ", by a hard limit of address space, see `ulimit -Hv`)" if limit < MEMORY else ")"
        return json.dumps({"error": "ReadFailed", "reason": why}).encode(), b""
    except Exception as error:  # noqa: BLE001 reported whole to the parent, which logs it as the bug that it is
        import traceback

        trace = "".join(traceback.format_exception(error))
        return json.dumps({"error": "bug", "reason": repr(error)[:2000], "trace": trace[-6000:]}).encode(), b""
    if len(value) > protocol.ANSWER_LIMIT:
        return json.dumps({"error": "ReadFailed", "reason": "the page says more than can be taken in"}).encode(), b""
    return _NO_ERROR, value


def _value(asked: dict[str, Any], body: bytes) -> bytes:
    task = asked["task"]
    if task == "robots":
        return dumped(protocol.ROBOTS, read_robots(body, asked["origin"]))
    seed = _seed(asked["seed"])
    if task == "record":
        return dumped(protocol.RECORD, read_record(protocol.ARTICLE.validate_json(body), seed))
    asked["page"]["body"] = ""
    page: Page = protocol.PAGE.validate_python(asked["page"])
    object.__setattr__(page, "body", body)
    if task == "story":
        article = protocol.ARTICLE.validate_json(asked["article"])
        found = read_story_page(page, article, seed, telling=asked["telling"])
        return dumped(protocol.READING, replace(found, draft=bounded_draft(found.draft)))
    now = datetime.fromisoformat(asked["now"])
    if task == "links":
        return dumped(
            protocol.LINKS, bounded_links(read_links(page, seed, protocol.PAST.validate_python(asked["past"]), now))
        )
    if task == "sights":
        from scrapers import sights  # hardly ever asked for

        return dumped(protocol.SIGHTS, sights(page, seed, protocol.KNOWN.validate_python(asked["known"]), now))
    if task == "point":
        from scrapers import point

        return dumped(protocol.POINTED, point(page, asked["field"], asked["yes"], asked["no"], asked["address"]))
    return dumped(protocol.DRAFT, bounded_draft(read_draft(page, seed, now)))


@lru_cache(64)  # the same for every page of a visit
def _seed(text: str) -> Seed:
    return protocol.SEED.validate_json(text)


def _exactly(stream: BinaryIO, count: int) -> bytes | None:
    data = stream.read(count)
    return data if len(data) == count else None


def _step_back() -> None:
    """Give the daemon priority: for the processor, and when the kernel kills a process for lack of memory."""
    with contextlib.suppress(OSError):
        os.nice(NICE)
    with contextlib.suppress(OSError):  # no such file: not Linux
        Path("/proc/self/oom_score_adj").write_text("900")


def _widen(pipes: Iterable[int]) -> None:
    """Make pipes take a whole page at once, where the system lets them: neither side waits for the other in between."""
    if sys.platform == "linux":
        for pipe in pipes:
            with contextlib.suppress(OSError):  # no pipe, or the user's share of their memory is used up
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


def main() -> None:
    """Serve frames until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's to handle
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    limit = memory_limit()
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _step_back()
    _widen((0, 1))
    gc.freeze()  # what was loaded stays, and is not looked at again
    gc.set_threshold(SELDOM)
    with open(0, "rb", closefd=False) as source, open(1, "wb", closefd=False) as target:
        _serve(source, target)


def _serve(source: BinaryIO, target: BinaryIO) -> None:
    target.write(protocol.STARTED)
    target.flush()
    while (lengths := _exactly(source, protocol.LENGTHS.size)) is not None:
        head_length, body_length = protocol.LENGTHS.unpack(lengths)
        head, body = _exactly(source, head_length), _exactly(source, body_length)
        if head is None or body is None:
            return
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        try:
            told, value = answer(head, body)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        target.write(b"".join((protocol.LENGTHS.pack(len(told), len(value)), told, value)))  # the daemon is woken once
        target.flush()


if __name__ == "__main__":
    main()
