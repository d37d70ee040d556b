"""Pages read in the process that asks instead of in readers of its own, for tests that are not about readers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from feeds.app.workers.pool import Workers
from feeds.app.workers.worker import answer


async def once(_: Workers, head: bytes, body: bytes, source: str, *, fresh: bool) -> tuple[dict[str, Any], bytes]:
    """`Workers._once` in a thread: the same bytes in, the same bytes out, no process."""
    told, value = await asyncio.to_thread(answer, head, body)
    found: dict[str, Any] = json.loads(told)
    return found, value
