"""Following a site: its address → what it offers → the stories it would bring → its seed."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import structlog

import scrapers  # the readers are loaded on first use
from scrapers import CopydeskError, Link, Record, load_seeds

from .....compose.content import content
from .....errors import WrongName
from .....messages import translate_count
from .....render.article_page import article_page, article_style
from ....jobs import following
from ....jobs.source_changes import bad_name
from ..looks import Look, Looks
from ..values import Ask, Events, Framed, Goto, Page, Refused, Reply

log = structlog.get_logger()


async def form(ask: Ask) -> Page:
    """The form for an address; a bookmark fills it in."""
    return Page("add.html", {"url": ask.said("url"), "why": ""})


async def begin(ask: Ask) -> Reply:
    """Begin to look at an address."""
    typed = ask.said("url")
    address = following.address_of(typed)
    if address is None:
        why = ask.words("That is no address: it should be one such as https://paper.example/")
        return Page("add.html", {"url": typed, "why": why}, 422)
    seeds, _ = await asyncio.to_thread(load_seeds, ask.app.installation.config.seeds_folder)
    if (seed := following.followed_by(seeds, address)) is not None:
        return Goto(f"/sources/{seed.name}", ask.words("This site is followed already."))
    taken = frozenset(seed.name for seed in seeds)

    async def work(look: Look) -> scrapers.Survey:
        app = ask.app
        return await following.survey_of(
            app.fetcher,
            app.workers,
            address,
            taken,
            app.clock(),
            typed=following.names_a_scheme(typed),
            told=look.told,
        )

    look = _looks(ask).begin(address, work)
    if look is None:
        raise Refused(429, ask.words("Several sites are being looked at already; wait for one of them."))
    log.info("desk: looking at a site", url=address, client=ask.session.client)
    return Goto(f"/add/{look.id}")


async def show(ask: Ask) -> Page:
    """How far a look is; at its end what was found."""
    look = _look(ask)
    survey = look.survey
    if survey is None:
        return Page("looking.html", {"look": look})
    used = survey.seed.discover
    stories = [_story(look, n, link) for n, link in enumerate(look.stories())]
    return Page(
        "found.html",
        {
            "look": look,
            "survey": survey,
            "used": {*used.rss, *used.sitemap, *used.pages},
            "fields": list(survey.ways[0].coverage) if survey.ways else [],
            "stories": stories,
            "name": survey.seed.name,
            "seed": following.seed_text(survey),
            "robots": _robots(ask, survey.home),
        },
    )


async def watch(ask: Ask) -> Events:
    """The steps of a look as they come."""
    return Events(_look(ask).lines(ask.locale.language))


async def write(ask: Ask) -> Goto:
    """Write the seed that was proposed: the site is followed from now on."""
    look = _look(ask)
    if look.survey is None or not look.survey.ways:
        raise Refused(409, ask.words("Nothing was found there that could be followed."))
    name = ask.said("name", 64)
    if mistake := bad_name(name):
        raise Refused(422, mistake)
    try:
        await asyncio.to_thread(
            following.write_seed, ask.app.installation.config, name, following.seed_text(look.survey)
        )
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: a site is followed", source=name, home=look.survey.home, client=ask.session.client)
    await ask.tools.perform("reload", {})
    return Goto(f"/sources/{name}", ask.words("The site is followed: its first visit begins now."))


async def story(ask: Ask) -> Page:
    """One of the stories as the entry that it would become, each field with its witness."""
    look, link = _chosen(ask)
    record = await _record(ask, look, link)
    if isinstance(record, str):
        return Page("entry.html", {"look": look, "link": link, "why": record, "fields": [], "number": ask.path["n"]})
    fields = [(name, value, record.witnesses.get(name, "")) for name, value in _fields(record, ask.locale.language)]
    return Page("entry.html", {"look": look, "link": link, "why": "", "fields": fields, "number": ask.path["n"]})


async def entry(ask: Ask) -> Framed:
    """The entry itself, for the frame of its page."""
    look, link = _chosen(ask)
    record = await _record(ask, look, link)
    if isinstance(record, str):
        raise Refused(422, record)
    return Framed(article_page(record, content(record, images="keep")), (article_style(),), pictures=True)


async def _record(ask: Ask, look: Look, link: Link) -> Record | str:
    """The record of a story, or why there is none; read once."""
    if link.url not in look.entries:
        if look.survey is None:
            raise Refused(409, ask.words("The look at this site is not over yet."))
        try:
            look.entries[link.url] = await ask.app.jobs.preview(link.url, look.survey.seed)
        except CopydeskError as error:
            look.entries[link.url] = error.reason
    return look.entries[link.url]


def _fields(record: Record, language: str) -> list[tuple[str, str]]:
    image = record.image
    table: list[tuple[str, Any]] = [
        ("title", record.title),
        ("subtitle", record.subtitle),
        ("authors", ", ".join(record.authors)),
        ("published", f"{record.published:%Y-%m-%d %H:%M} UTC"),
        ("updated", f"{record.updated:%Y-%m-%d %H:%M} UTC" if record.updated else None),
        ("section", record.section),
        ("tags", ", ".join(record.tags)),
        ("language", record.language),
        ("publisher", record.publisher),
        ("image", image.url if image else None),
        ("text", _words(record.text, language) if record.text else None),
    ]
    return [(name, str(value)) for name, value in table if value]


def _words(text: str, language: str) -> str:
    count = len(text.split())
    return translate_count("{n} word", "{n} words", count, language).format(n=count)


def _story(look: Look, n: int, link: Link) -> dict[str, Any]:
    hint = link.hint
    return {
        "number": n,
        "title": hint.title or link.url,
        "day": (hint.published or "")[:10],
        "summary": hint.subtitle,
        "picture": hint.image is not None,
        "url": link.url,
        "read": isinstance(look.entries.get(link.url), Record),
    }


def _robots(ask: Ask, home: str) -> str | None:
    """What the robots.txt of a site says to us, as it was read on the look; None where it has none."""
    parts = urlsplit(home)
    text: str | None = ask.app.fetcher.paces.get(f"{parts.scheme}://{parts.netloc}").robots
    return text or None


def _look(ask: Ask) -> Look:
    look = _looks(ask).get(ask.path["id"])
    if look is None:
        raise Refused(404, ask.words("This look is over and forgotten: give the address once more."))
    return look


def _chosen(ask: Ask) -> tuple[Look, Link]:
    look = _look(ask)
    stories, n = look.stories(), ask.path["n"]
    if not n.isdecimal() or len(n) > 4 or int(n) >= len(stories):
        raise Refused(404, ask.words("There is no such story."))
    return look, stories[int(n)]


def _looks(ask: Ask) -> Looks:
    found: Looks = ask.tools.memory.setdefault("looks", Looks())
    return found
