"""The sources: how each is doing, and what a person does with one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from html import escape
from typing import Any

import structlog

import scrapers
from scrapers import in_words, load_seed, selectors_of

from .....errors import StoreBusy, WrongName
from .....store import Store
from ....jobs import failed_pages, source_changes
from .. import charts
from ..files import replace_file
from ..values import Ask, Framed, Goto, Page, Refused, Reply

log = structlog.get_logger()
DAYS = 14
LONG = 30
VISITS, LINKS = 15, 15  # that are listed
PATIENCE = 3.0  # seconds that a form waits for a visit before it says that it goes on


async def show_all(ask: Ask) -> Page:
    """Every source with its state, rhythm, visits and stories a day."""
    status = await ask.tools.status()
    arrivals = await ask.store(lambda store: store.arrivals.by_day(ask.now, DAYS))
    rows = [
        {**row, "chart": charts.by_day(arrivals.get(row["name"], [0] * DAYS), ask.now.date())}
        for row in status["sources"]
    ]
    base = ask.app.installation.config.base_url
    return Page(
        "sources.html",
        {
            "sources": [row for row in rows if row["state"] != "removed"],
            "removed": [row for row in rows if row["state"] == "removed"],
            "mistakes": status["seed_mistakes"],
            "bookmarklet": f"javascript:location.href='{base}/desk/add?url='+encodeURIComponent(location.href)",
        },
    )


async def show(ask: Ask) -> Page:
    """One source."""
    name = ask.path["name"]
    row = await _row(ask, name)

    def read(store: Store) -> tuple[Any, ...]:
        return (
            store.arrivals.by_day(ask.now, LONG, name).get(name, [0] * LONG),
            store.visits.newest(name, VISITS),
            store.outcomes.recent(name, LINKS),
            store.records.of_source(name, 10),
        )

    counts, visits, links, records = await ask.store(read)
    config = ask.app.installation.config
    file = config.seeds_folder / f"{name}.toml"
    text = await asyncio.to_thread(_text, file)
    failed = await asyncio.to_thread(failed_pages.of_source, config, name)
    silent = row["silent_after"]
    return Page(
        "source.html",
        {
            "source": row,
            "chart": charts.by_day(counts, ask.now.date()),
            "visits": visits,
            "links": links,
            "records": records,
            "seed": text,
            "failed": failed,
            "silent_after": in_words(silent) if silent else None,
            "running": name in _running(ask),
        },
    )


async def change(ask: Ask) -> Reply:
    """What is done with a source: visit, pause, resume, rename, or take a repair into its seed."""
    name, what = ask.path["name"], ask.said("do")
    config = ask.app.installation.config
    try:
        if what == "visit":
            return await _visit(ask, name)
        if what in ("pause", "resume"):
            paused = what == "pause"
            await ask.store(lambda store: source_changes.set_paused(store, config, name, paused, ask.now))
            note = ask.words("The source is paused.") if paused else ask.words("The source is visited again.")
        elif what == "rename":
            to = ask.said("to", 64)
            await ask.store(lambda store: source_changes.rename(store, config, name, to, ask.now))
            name, note = to, ask.words("The source has its new name; its old address leads there.")
        elif what == "repair":
            note = await _repair(ask, name, ask.said("field", 64))
        else:
            raise Refused(400, ask.words("This is no form of ours."))
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: a source was changed", what=what, source=name, client=ask.session.client)
    await ask.tools.perform("reload", {})
    return Goto(f"/sources/{name}", note)


async def ask_removal(ask: Ask) -> Page:
    """The question before a source is removed."""
    return Page("remove.html", {"source": await _row(ask, ask.path["name"])})


async def remove(ask: Ask) -> Goto:
    """Remove a source, with its records where that was said."""
    name, records = ask.path["name"], ask.said("records") == "yes"
    if ask.said("sure") != "yes":
        raise Refused(400, ask.words("Nothing was removed: it was not confirmed."))
    config = ask.app.installation.config
    try:
        gone = await ask.store(lambda store: source_changes.remove(store, config, name, ask.now, records=records))
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: a source was removed", source=name, records=gone, client=ask.session.client)
    await ask.tools.perform("reload", {})
    if records:
        await ask.tools.perform("forget", {})
        return Goto("/sources", ask.words("%(name)s is removed with %(count)s records.", name=name, count=gone))
    return Goto("/sources", ask.words("%(name)s is removed; its records stay.", name=name))


async def failed_page(ask: Ask) -> Page:
    """A page that could not be read: what is known of it, and itself in a frame."""
    return Page("failed.html", {"name": ask.path["name"], "failed": await _failed(ask)})


async def failed_body(ask: Ask) -> Framed:
    """The page as it was kept, for the frame: without its scripts, and it may load nothing."""
    file = (await _failed(ask)).file
    body = await asyncio.to_thread(file.read_bytes)
    if file.suffix == ".html":
        return Framed(body)
    return Framed(b'<!doctype html><meta charset="utf-8"><pre>' + escape(body.decode("utf-8", "replace")).encode())


async def _failed(ask: Ask) -> failed_pages.FailedPage:
    config = ask.app.installation.config
    pages = await asyncio.to_thread(failed_pages.of_source, config, ask.path["name"])
    found = next((one for one in pages if one.file.name == ask.path["file"]), None)
    if found is None:
        raise Refused(404, ask.words("There is no such page any more."))
    return found


async def _visit(ask: Ask, name: str) -> Goto:
    if name not in ask.app.installation.seeds:
        raise Refused(409, ask.words("%(name)s has no seed, so it is not visited.", name=name))
    running = _running(ask)
    if name not in running:
        task = asyncio.create_task(ask.tools.perform("visit", {"names": [name]}))
        running[name] = task
        task.add_done_callback(lambda done: _ended(running, name, done))
        log.info("desk: a visit was asked for", source=name, client=ask.session.client)
    done, _ = await asyncio.wait([running[name]], timeout=PATIENCE)
    for task in done:
        answer = task.result()
        if "error" in answer:
            return Goto(f"/sources/{name}", str(answer["error"]), "wrong")
        return Goto(f"/sources/{name}", ask.words("The source was visited."))
    return Goto(f"/sources/{name}", ask.words("The visit is under way; look again in a moment."))


def _ended(running: dict[str, asyncio.Task[Any]], name: str, task: asyncio.Task[Any]) -> None:
    running.pop(name, None)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("bug", part="a visit asked for in the desk", exc_info=error)


def _running(ask: Ask) -> dict[str, asyncio.Task[Any]]:
    found: dict[str, asyncio.Task[Any]] = ask.tools.memory.setdefault("visits", {})
    return found


async def _repair(ask: Ask, name: str, field: str) -> str:
    """Write a selector that was found into the seed, in the place of the one that gives nothing."""
    row = await _row(ask, name)
    found = next((one for one in row["selectors"] if one["field"] == field and one["found"]), None)
    file = ask.app.installation.config.seeds_folder / f"{name}.toml"
    seed, _ = await asyncio.to_thread(load_seed, file)
    if found is None or seed is None or selectors_of(seed).get(field) != found["written"]:
        raise Refused(409, ask.words("The seed says something else by now; nothing was changed."))

    def write() -> None:
        text = file.read_text(encoding="utf-8")
        replace_file(file, scrapers.rewritten(text, {field: found["found"]}, f"repaired {ask.now:%Y-%m-%d}"))

    await asyncio.to_thread(write)

    def drop(store: Store) -> None:
        with store.transaction():
            store.repairs.drop(name, [field])

    try:
        await ask.store(drop)
    except StoreBusy:
        log.warning("a repair that was taken into its seed is still in the store", source=name, field=field)
    return ask.words("The selector is written into the seed.")


async def _row(ask: Ask, name: str) -> Mapping[str, Any]:
    status = await ask.tools.status()
    row: Mapping[str, Any] | None = next((one for one in status["sources"] if one["name"] == name), None)
    if row is None:
        raise Refused(404, ask.words("There is no source %(name)s.", name=name))
    return row


def _text(file: Any) -> str | None:
    try:
        return str(file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
