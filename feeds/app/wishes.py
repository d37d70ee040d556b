"""What a running daemon does for a command, and how a command asks for it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .. import pipe
from ..store import Wish
from . import repairing
from .desk import Desk, utc_now

if TYPE_CHECKING:
    from .daemon import Daemon

PATIENCE = 660.0  # seconds that a command waits for a visit
PAUSE = 0.1


async def grant(daemon: Daemon, wish: Wish) -> dict[str, Any]:
    """Do what a command asked for; the answer for it. Raises CopydeskError."""
    desk = daemon.desk
    if wish.kind == "visit":
        if desk.paused is not None:
            return {"error": desk.paused}
        names = [name for name in wish.payload["names"] if name in desk.seeds]
        await asyncio.gather(*(daemon.visits.visit_now(name) for name in names))
        await desk.press.publish()
        return {"visited": names}
    if wish.kind == "fetch_url":
        record, kept = await desk.fetch_url(wish.payload["url"], keep=True)
        await desk.press.publish()
        return {"id": record.id, "title": record.title, "new": bool(kept and kept.fresh)}
    if wish.kind == "backfill":
        since = datetime.fromisoformat(wish.payload["since"])
        kept = await desk.backfill(wish.payload["name"], since=since, limit=wish.payload["limit"])
        await desk.press.publish()
        return {"new": len(kept.fresh)}
    if wish.kind == "repair":
        if (visit := daemon.visits.running.get(wish.payload["name"])) is not None:
            await asyncio.wait([visit])
        return await repairing.examination(desk, wish.payload["name"])
    if wish.kind == "retopic":
        found = await desk.in_store(pipe.retopic, desk.store, desk.topics, desk.clock(), desk.engine.subjects)
        await desk.press.publish()
        return dict(found)
    if wish.kind == "reload":
        return {"applied": await daemon.reload()}
    if wish.kind == "forget":
        written = await desk.press.publish()
        if daemon.serving is not None:
            await daemon.serving.published(written)
        return {"clean": await desk.scrub()}
    if wish.kind == "tokens":
        if daemon.serving is not None:
            await daemon.serving.refresh()
        return {}
    if wish.kind == "publish":
        written = await (desk.press.publish_all() if wish.payload.get("all") else desk.press.publish())
        return {"files": len(written)}
    return {"error": f"this daemon does not know the wish {wish.kind!r}; is it of another version?"}


async def ask(desk: Desk, kind: str, payload: dict[str, Any], patience: float = PATIENCE) -> dict[str, Any]:
    """Leave a wish and wait for its answer; {"error": …} when none comes in time."""
    n = await desk.in_store(desk.store.wish, kind, payload, utc_now())
    end = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < end:
        answer = await desk.in_store(desk.store.answer, n)
        if answer is None:
            return {"error": "the wish was lost"}
        if answer.done is not None:
            return answer.result or {}
        if desk.lock.holder() is None:
            return {"error": "the daemon ended before it answered"}
        await asyncio.sleep(PAUSE)  # another process answers through the file; there is nothing else to wait on
    return {"error": f"the daemon did not answer within {patience:.0f} s"}
