"""A worker process: reads pages from its standard input, answers on its standard output, and may be killed.

A page may use 5 s of CPU: then the kernel ends the process by SIGPROF, whatever C code it is in (RELIABILITY P1).
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from datetime import datetime
from typing import BinaryIO

from scrapers import CopydeskError, read_draft, read_links

from .frames import DRAFT, KNOWN, LENGTHS, LINKS, PAGE, PAST, READY, SEED, SIGHTS, dumped

CPU_SECONDS = 5.0
MEMORY = 1 << 30


def answer(head: bytes, body: bytes) -> bytes:
    """The answer to one frame, as JSON."""
    asked = json.loads(head)
    asked["page"]["body"] = ""
    page = PAGE.validate_python(asked["page"])
    object.__setattr__(page, "body", body)
    seed = SEED.validate_python(asked["seed"])
    now = datetime.fromisoformat(asked["now"])
    try:
        if asked["task"] == "links":
            value = dumped(LINKS, read_links(page, seed, PAST.validate_python(asked["past"]), now))
        elif asked["task"] == "sights":
            from scrapers import sights  # hardly ever asked for

            value = dumped(SIGHTS, sights(page, seed, KNOWN.validate_python(asked["known"]), now))
        else:
            value = dumped(DRAFT, read_draft(page, seed, now))
    except CopydeskError as error:
        return json.dumps({"error": type(error).__name__, "reason": error.reason}).encode()
    except (RecursionError, MemoryError) as error:
        return json.dumps({"error": "ReadFailed", "reason": f"the page is too deep or too large: {error}"}).encode()
    except Exception as error:  # noqa: BLE001 reported whole to the parent, which logs it as the bug that it is
        import traceback

        trace = "".join(traceback.format_exception(error))
        return json.dumps({"error": "bug", "reason": repr(error), "trace": trace[-6000:]}).encode()
    return b'{"value":' + value + b"}"


def _exactly(stream: BinaryIO, count: int) -> bytes | None:
    data = stream.read(count)
    return data if len(data) == count else None


def main() -> None:
    """Serve frames until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's to handle
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    target.write(READY)
    target.flush()
    while (lengths := _exactly(source, LENGTHS.size)) is not None:
        head_length, body_length = LENGTHS.unpack(lengths)
        head, body = _exactly(source, head_length), _exactly(source, body_length)
        if head is None or body is None:
            return
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        try:
            data = answer(head, body)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        target.write(LENGTHS.pack(len(data), 0) + data)
        target.flush()


if __name__ == "__main__":
    main()
