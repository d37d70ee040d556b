"""`run --once`: one round over all that is due, for installations that are woken by a timer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from .. import pipe
from .desk import VISIT_SECONDS, Desk
from .tending import Tending


async def once(desk: Desk, on_done: Callable[[str, pipe.Kept | None], Awaitable[None]] | None = None) -> int:
    """Visit all that is due, publish, and say whether a source failed: 0 or 6. Nothing is visited on a full disk."""
    now = desk.clock()
    dues = await desk.in_store(desk.store.dues)
    slots = asyncio.Semaphore(desk.config.fetch.parallel)
    failed = 0 if desk.room.look() is None else 1

    async def one(name: str) -> None:
        nonlocal failed
        kept: pipe.Kept | None = None
        try:
            async with slots, asyncio.timeout(VISIT_SECONDS + 2):
                kept = await desk.visit(name)
        except Exception as error:  # noqa: BLE001 one source's bug must not stop the others; it is logged and counted
            desk.bug(error, name)
            await desk.in_store(pipe.bug, desk.store, name, repr(error)[:200], desk.clock())
        if kept is None or kept.state in ("failing", "gone", "degraded"):
            failed += 1
        if on_done is not None:
            await on_done(name, kept)

    if not failed:
        await asyncio.gather(*(one(name) for name, due in dues.items() if due <= now and name in desk.seeds))
    await desk.press.publish()
    await Tending(desk, _nobody).once()
    return 6 if failed else 0


async def _nobody(_: list[str]) -> None:
    """Without a web server nobody is told of written files."""
