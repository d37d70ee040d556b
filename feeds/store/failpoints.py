"""Kill points: where a test ends this process as a power cut would, to see that the next start puts all right.

`COPYDESK_CRASH_AT=NAME` ends it at the first pass of that point, `NAME:3` at the third. Read once, at the start;
without it a point costs one comparison. The points are named `crash_at("…")` in the code and listed nowhere else.
"""

from __future__ import annotations

import os
import signal

_NAME, _, _PASS = os.environ.get("COPYDESK_CRASH_AT", "").partition(":")
_left = int(_PASS) if _PASS.isdigit() else 1


def crash_at(name: str) -> None:
    """End this process at once, with nothing flushed or tidied, when the environment asks for this point."""
    if name == _NAME:
        _count_down()


def _count_down() -> None:
    global _left
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
