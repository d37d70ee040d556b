"""The seed of a source: edited as TOML and checked while it is typed, or by pointing at the page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import structlog
import tomlkit

from scrapers import CopydeskError, Links, Past, Pointed, Request, Seed, read_seed
from scrapers import Page as WebPage

from ..files import replace_file, version
from ..pointing_view import document, style
from ..values import Ask, Framed, Goto, Page, Refused, Reply

log = structlog.get_logger()
LISTED = 15  # stories of a preview
PICKS = 40  # parts that may be pointed at
LINKS = "discover.links"
_PICKED = re.compile(r"(?:[0-9]{1,5}(?:,[0-9]{1,5})*)?")  # numbers of parts of a page
FIELDS = (LINKS, "title", "subtitle", "authors", "published", "section", "image", "body", "drop")
HELD = 4  # pages that are held ready to be pointed at


async def edit(ask: Ask) -> Page:
    """The seed as it stands in its file."""
    text = await asyncio.to_thread(_text, ask)
    return _editor(ask, text, version(text), await _checked(ask, text))


async def change(ask: Ask) -> Reply:
    """Check a seed, show what it would give, or save it."""
    text, what = ask.said("text", 60_000), ask.said("do", 20)
    if what not in ("check", "preview", "save"):
        raise Refused(400, ask.words("This is no form of ours."))
    text = f"{text}\n" if text else ""
    seed, mistakes = read_seed(_file(ask), text)
    checked: dict[str, Any] = {"mistakes": [str(one) for one in mistakes], "links": None, "why": ""}
    if what == "check":
        if ask.part:
            return Page("checked.html", checked)
        return _editor(ask, text, ask.said("version"), checked)
    if seed is None:
        return _editor(ask, text, ask.said("version"), checked, 422)
    if what == "preview":
        return _editor(ask, text, ask.said("version"), {**checked, **await _effect(ask, seed)})
    before = await asyncio.to_thread(_text, ask)
    if ask.said("version") != version(before):
        why = ask.words(
            "The seed was changed since this page was made. What you typed is kept below; save once more to put it"
            " over what the file says now."
        )
        return _editor(ask, text, version(before), {**checked, "why": why}, 409)
    await _save(ask, text)
    return Goto(f"/sources/{ask.path['name']}", ask.words("The seed is saved."))


async def point(ask: Ask) -> Page:
    """A page of the source to be pointed at, with the selector of what was pointed at so far."""
    field, url, yes, no = _told(ask)
    found: Pointed | None = None
    try:
        found = await _pointed(ask, field, url, yes, no)
        why = found.why
    except CopydeskError as error:
        why = error.reason
    frame = urlencode({"field": field, "url": url, "yes": _list(yes), "no": _list(no)})
    return Page(
        "point.html",
        {
            "name": ask.path["name"],
            "field": field,
            "fields": FIELDS,
            "url": url,
            "yes": _list(yes),
            "no": _list(no),
            "found": found,
            "why": why,
            "frame": f"{ask.root}/desk/sources/{ask.path['name']}/pointed?{frame}",
            "articles": await _articles(ask),
            "version": version(await asyncio.to_thread(_text, ask)),
        },
    )


async def pointed(ask: Ask) -> Framed:
    """The page itself, for the frame: texts and links of ours, nothing of the page that acts or loads."""
    field, url, yes, no = _told(ask)
    found = await _pointed(ask, field, url, yes, no)
    return Framed(document(found.html), (style(),))


async def take(ask: Ask) -> Goto:
    """Write the selector that was found into the seed."""
    nothing = Refused(422, ask.words("Nothing was pointed at that a selector names."))
    picks = ask.said("yes", 400), ask.said("no", 400)
    if not (ask.said("field") and ask.said("url") and all(map(_PICKED.fullmatch, picks))):
        raise nothing  # what an address may leave out, the form of our page has
    field, url, yes, no = _told(ask)
    found = await _pointed(ask, field, url, yes, no)
    if found.selector is None:
        raise nothing
    text = await asyncio.to_thread(_text, ask)
    if ask.said("version") != version(text):
        raise Refused(409, ask.words("The seed says something else by now; nothing was changed."))
    changed = with_selector(text, field, found.selector)
    _, mistakes = read_seed(_file(ask), changed)
    if mistakes:
        raise Refused(422, "\n".join(mistakes))
    await _save(ask, changed)
    note = ask.words("%(field)s is written into the seed: %(selector)s", field=field, selector=found.selector)
    return Goto(f"/sources/{ask.path['name']}/seed", note)


def with_selector(text: str, field: str, selector: str) -> str:
    """A seed file with a selector for a field: in the place of the old one, or new; `drop` gets one more."""
    document = tomlkit.parse(text)
    part, key = ("discover", "links") if field == LINKS else ("extract", field)
    if part not in document:
        document.add(tomlkit.nl())
        document.add(part, tomlkit.table())
    table: Any = document[part]
    if field == "drop":
        table[key] = [*dict.fromkeys([*table.get(key, []), selector])]
    else:
        table[key] = tomlkit.string(selector, literal='"' in selector and "'" not in selector)
    return tomlkit.dumps(document)


def _editor(ask: Ask, text: str, told: str, checked: dict[str, Any], status: int = 200) -> Page:
    values = {"name": ask.path["name"], "text": text, "version": told, **checked}
    return Page("seed.html", values, status)


async def _checked(ask: Ask, text: str) -> dict[str, Any]:
    _, mistakes = await asyncio.to_thread(read_seed, _file(ask), text)
    return {"mistakes": [str(one) for one in mistakes], "links": None, "why": ""}


async def _effect(ask: Ask, seed: Seed) -> dict[str, Any]:
    """The stories that the front gives with a seed."""
    try:
        page = await _fetched(ask, seed, seed.home)
        links: Links = await ask.app.workers.links(page, seed, Past(), ask.now)
    except CopydeskError as error:
        return {"why": error.reason}
    return {"links": links.items[:LISTED], "count": len(links.items)}


async def _fetched(ask: Ask, seed: Seed, url: str) -> WebPage:
    async with ask.app.fetcher.visit(seed) as fetch:
        return await fetch(Request(url, ca_file=seed.ca_file, render=seed.render))


async def _pointed(ask: Ask, field: str, url: str, yes: Sequence[int], no: Sequence[int]) -> Pointed:
    """What pointing at a page comes to. The page is asked for once and then held: a click must not ask a site again."""
    seed = _seed(ask)
    held: dict[str, WebPage] = ask.tools.memory.setdefault("pointed", {})
    if url not in held:
        if url != seed.home and url not in [address for _, address in await _articles(ask)]:
            raise Refused(404, ask.words("This page is none of the source's."))
        held[url] = await _fetched(ask, seed, url)
        while len(held) > HELD:
            del held[next(iter(held))]
    query = urlencode({"field": field, "url": url, "yes": _list(yes), "no": _list(no)})
    address = f"{ask.root}/desk/sources/{seed.name}/point?{query}&pick={{N}}"
    return await ask.app.workers.point(held[url], seed, ask.now, field=field, yes=yes, no=no, address=address)


def _told(ask: Ask) -> tuple[str, str, list[int], list[int]]:
    """Field, address, and the parts pointed at: those that belong, and those that do not. A second click turns one."""
    seed = _seed(ask)
    field = ask.said("field", 40) or LINKS
    if field not in FIELDS:
        raise Refused(404, ask.words("There is no such field."))
    url = ask.said("url") or seed.home
    yes, no = _numbers(ask.said("yes", 400)), _numbers(ask.said("no", 400))
    pick = ask.said("pick", 6)
    if pick.isdecimal():
        number = int(pick)
        if number in yes:
            yes.remove(number)
            no.append(number)
        elif number in no:
            no.remove(number)
        elif ask.said("as") == "no":
            no.append(number)
        else:
            yes.append(number)
    return field, url, yes[:PICKS], no[:PICKS]


async def _articles(ask: Ask) -> list[tuple[str, str]]:
    """(title, address) of some articles of the source, to be pointed at."""
    name = ask.path["name"]
    found = await ask.store(lambda store: store.records.of_source(name, 8))
    return [(one.record.title, one.record.url) for one in found]


async def _save(ask: Ask, text: str) -> None:
    await asyncio.to_thread(replace_file, _file(ask), text)
    log.info("desk: a seed was saved", source=ask.path["name"], client=ask.session.client)
    await ask.tools.perform("reload", {})


def _seed(ask: Ask) -> Seed:
    seed = ask.app.installation.file_seeds.get(ask.path["name"])
    if seed is None:
        raise Refused(404, ask.words("There is no source %(name)s.", name=ask.path["name"]))
    return seed


def _file(ask: Ask) -> Path:
    name = ask.path["name"]
    folder = ask.app.installation.config.seeds_folder
    if name not in {path.stem for path in folder.glob("*.toml")}:
        raise Refused(404, ask.words("There is no source %(name)s.", name=name))
    return folder / f"{name}.toml"


def _text(ask: Ask) -> str:
    return _file(ask).read_text(encoding="utf-8-sig", errors="replace")


def _numbers(told: str) -> list[int]:
    return [int(one) for one in told.split(",") if one.isdecimal() and len(one) < 6]


def _list(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
