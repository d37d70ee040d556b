"""What a running daemon does for a command: one handler for each kind of request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from ... import pipe
from ..application import Application
from ..web import Serving
from .control import Handler
from .scheduler import Scheduler


def handlers(
    app: Application,
    scheduler: Scheduler,
    reload: Callable[[], Awaitable[bool]],
    serving: Callable[[], Serving | None],
) -> dict[str, Handler]:
    """The table of handlers. `serving` gives the web server, when there is one."""
    publisher = app.publisher

    async def visit(payload: Mapping[str, Any]) -> dict[str, Any]:
        if app.paused is not None:
            return {"error": app.paused}
        names = [name for name in payload["names"] if name in app.installation.seeds]
        await asyncio.gather(*(scheduler.visit_now(name) for name in names))
        await publisher.publish()
        return {"visited": names}

    async def fetch_url(payload: Mapping[str, Any]) -> dict[str, Any]:
        record, kept = await app.jobs.fetch_url(payload["url"], keep=True)
        await publisher.publish()
        return {"id": record.id, "title": record.title, "new": bool(kept and kept.fresh)}

    async def backfill(payload: Mapping[str, Any]) -> dict[str, Any]:
        since = datetime.fromisoformat(payload["since"])
        kept = await app.jobs.backfill(payload["name"], since=since, limit=payload["limit"])
        await publisher.publish()
        return {"new": len(kept.fresh)}

    async def repair(payload: Mapping[str, Any]) -> dict[str, Any]:
        if (running := scheduler.running.get(payload["name"])) is not None:
            await asyncio.wait([running])
        return await app.repairs.examination(payload["name"])

    async def retopic(_: Mapping[str, Any]) -> dict[str, Any]:
        thread, installation = app.thread, app.installation
        found = await thread.call(
            pipe.retopic, thread.store, installation.topics, app.clock(), installation.engine.subjects
        )
        await publisher.publish()
        return dict(found)

    async def reloaded(_: Mapping[str, Any]) -> dict[str, Any]:
        return {"applied": await reload()}

    async def forget(_: Mapping[str, Any]) -> dict[str, Any]:
        written = await publisher.publish()
        if (server := serving()) is not None:
            await server.published(written)
        return {"clean": await app.thread.scrub()}

    async def tokens(_: Mapping[str, Any]) -> dict[str, Any]:
        if (server := serving()) is not None:
            await server.refresh()
        return {}

    async def desk_link(payload: Mapping[str, Any]) -> dict[str, Any]:
        if (server := serving()) is None or server.desk is None:
            return {"error": "the desk is off: `desk = false` in [web], or the daemon serves nothing"}
        if why := await server.desk.closed():
            return {"error": why}
        server.desk.links.add(str(payload["digest"]))
        return {"address": server.desk.address}

    async def desk_password(_: Mapping[str, Any]) -> dict[str, Any]:
        if (server := serving()) is not None and server.desk is not None:
            await server.desk.password_changed()
        return {}

    async def publish(payload: Mapping[str, Any]) -> dict[str, Any]:
        written = await (publisher.publish_all() if payload.get("all") else publisher.publish())
        return {"files": len(written)}

    return {
        "visit": visit,
        "fetch_url": fetch_url,
        "backfill": backfill,
        "repair": repair,
        "retopic": retopic,
        "reload": reloaded,
        "forget": forget,
        "tokens": tokens,
        "publish": publish,
        "desk_link": desk_link,
        "desk_password": desk_password,
    }
