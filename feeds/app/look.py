"""What would be read from a page: for `copydesk try`, which stores nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from rich.markup import escape

import scrapers  # the readers of pages by their full names: they are loaded when they are first needed
from scrapers import (
    CopydeskError,
    Draft,
    Link,
    Links,
    Page,
    Past,
    Record,
    Request,
    Seed,
    load_seeds,
    to_record,
)

from .cli.output import Output
from .config import Config
from .desk import utc_now
from .fetching import open_door
from .workers import Workers

Kind = Literal["auto", "article", "listing"]
Form = Literal["atom", "rss", "json"]
CONFIG_FOR_FILES = Config(contact="mailto:nobody@localhost")  # saved pages are read without a configuration
NOWHERE = "http://localhost/"  # a saved page whose address is not known

TYPES = {
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/json",
}
# what people save by mistake
_OTHER_FILES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # the byte order marks of UTF-16, whose text is full of zeros
_LISTING_TEXT = 600  # a page with less text than this and some stories is a listing
_THEIRS = 0.3  # of its text that is the stories' own titles and summaries
_TITLE = 15  # characters from which a title says whose it is


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it would be read: an article, or a listing."""

    url: str | None
    record: Record | None = None
    draft: Draft | None = None
    links: Links | None = None
    why_not: str | None = None  # why it would not become a record
    stories: int = 0

    def as_json(self) -> dict[str, Any]:
        """The form that DECISIONS fixes for a record; a list of links for a listing."""
        if self.record is not None:
            return record_table(self.record, known_address=self.url is not None)
        links = self.links or Links()
        found: dict[str, Any] = {
            "url": self.url,
            "title": links.title,
            "language": links.language,
            "feeds": list(links.feeds),
            "sitemaps": list(links.sitemaps),
            "links": [
                {
                    "url": link.url,
                    "way": link.way,
                    "title": link.hint.title,
                    "published": link.hint.published,
                    "summary": link.hint.subtitle,
                    "image": link.hint.image.url if link.hint.image else None,
                    "authors": list(link.hint.authors),
                }
                for link in links.items
            ],
        }
        if self.why_not:
            found["why_not_an_article"] = self.why_not
        return found


def record_table(record: Record, *, known_address: bool = True) -> dict[str, Any]:
    """A record as JSON: the keys are the same wherever `--json` shows one."""
    image = record.image
    return {
        "id": record.id if known_address else None,
        "url": record.url if known_address else None,
        "source": record.source or None,
        "title": record.title,
        "subtitle": record.subtitle,
        "authors": list(record.authors),
        "published": record.published.isoformat(),
        "published_estimated": record.published_estimated,
        "updated": record.updated.isoformat() if record.updated else None,
        "section": record.section,
        "tags": list(record.tags),
        "language": record.language,
        "publisher": record.publisher,
        "image": None
        if image is None
        else {"url": image.url or None, "caption": image.caption, "credit": image.credit},
        "text": record.text,
        "html": record.html,
        "paywalled": record.paywalled,
        "sponsored": record.sponsored,
        "witnesses": dict(record.witnesses),
    }


def seeds_of(config: Config) -> dict[str, Seed]:
    """The seeds of a configuration, those that are right."""
    seeds, _ = load_seeds(config.seeds_folder)
    return {seed.name: seed for seed in seeds}


def at_file(file: Path, url: str | None, seed: Seed | None, kind: Kind, now: datetime) -> Sight:
    """A saved page. Raises CopydeskError when nothing can be read from it."""
    body = file.read_bytes()
    name = file.name
    if name.endswith(".gz"):
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError) as error:
            raise CopydeskError(f"{file}: is not a gzip file: {error}") from error
        name = name.removesuffix(".gz")
    if not body.strip():
        raise CopydeskError(f"{file}: is empty")
    if body.startswith(_OTHER_FILES) or (b"\0" in body[:1024] and not body.startswith(_WIDE)):
        raise CopydeskError(f"{file}: is no web page")
    told = _told(file)
    url = url or told.get("url")
    page = Page(
        url=url or NOWHERE,
        body=body,
        content_type=told.get("content_type") or TYPES.get(Path(name).suffix.lower(), "text/html"),
        charset=told.get("charset"),
    )
    seed = seed or Seed(name="", home=url or NOWHERE)
    if page.content_type not in ("text/html", "text/plain"):
        return Sight(url, links=scrapers.read_links(page, seed, Past(), now))
    draft = scrapers.read_draft(page, seed, now) if kind != "listing" else None
    may_list = kind != "article" and page.content_type != "text/plain"
    links = scrapers.read_links(page, seed, Past(), now) if may_list else None
    return _sight(page, url, seed, kind, draft, links, now)


def _told(file: Path) -> dict[str, str]:
    """What stands beside a page that copydesk kept itself: its address, type and charset; nothing beside another."""
    beside = file.with_name(file.name.partition(".")[0] + ".json")
    try:
        page = json.loads(beside.read_text(encoding="utf-8"))["page"]
        return {key: page[key] for key in ("url", "content_type", "charset") if isinstance(page[key], str)}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


async def at_address(config: Config, what: str, seeds: Mapping[str, Seed], name: str | None, kind: Kind) -> Sight:
    """A page on the web, or the home of a source. Raises CopydeskError, as for a page that robots.txt forbids."""
    seed = seeds.get(name or what) or Seed(name="", home=what)
    url = seed.home if what in seeds else what
    fetcher = open_door(config)
    now = utc_now()
    try:
        async with Workers(1) as read, fetcher.visit(seed) as fetch:
            wanted: Literal["feed", "page"] = "feed" if kind == "listing" else "page"
            page = await fetch(Request(url, kind=wanted, ca_file=seed.ca_file, render=seed.render))
            if page.content_type not in ("text/html", "application/xhtml+xml", "text/plain"):
                return Sight(page.url, links=await read.links(page, seed, Past(), now))
            draft = await read.draft(page, seed, now) if kind != "listing" else None
            links = await read.links(page, seed, Past(), now) if kind != "article" else None
            if what in seeds and kind == "auto":
                draft = None
            return _sight(page, page.url, seed, kind, draft, links, now)
    finally:
        await fetcher.aclose()


def _sight(
    page: Page, url: str | None, seed: Seed, kind: Kind, draft: Draft | None, links: Links | None, now: datetime
) -> Sight:
    record, why = None, None
    if draft is not None:
        try:
            record = to_record(draft, url=page.url, asked=None, seed=seed, first_seen=now)
        except CopydeskError as error:
            if kind == "article":
                raise
            why = error.reason
    stories = len(links.items) if links else 0
    if kind == "auto" and draft is not None and record is None and not (links and (links.items or links.feeds)):
        raise CopydeskError(f"neither an article nor a list of stories was found ({why})", url=url)
    if links is not None and kind != "article" and (record is None or (draft and _is_listing(draft, links))):
        return Sight(url, links=links, why_not=why, stories=stories)
    return Sight(url, record=record, draft=draft, links=links, why_not=why, stories=stories)


def _is_listing(draft: Draft, links: Links) -> bool:
    """A front has stories, nobody calls it an article, and what text it has is theirs: their titles and summaries."""
    if len(links.items) < 2 or draft.witnesses.get("published") in ("jsonld", "meta"):
        return False
    text = draft.text or ""
    if len(text) < _LISTING_TEXT:
        return True
    told = {part.casefold() for link in links.items for part in (link.hint.title, link.hint.subtitle) if part}
    told = {part for part in told if len(part) >= _TITLE}
    lines = [line.casefold() for line in text.splitlines()]
    theirs = sum(len(line) for line in lines if any(part in line or line in part for part in told))
    return theirs >= len(text) * _THEIRS or (len(links.items) >= 10 and len(text) < _LISTING_TEXT * 2)


def print_sight(output: Output, sight: Sight, *, html: bool, explain: bool) -> None:
    """A page as a person wants to see it."""
    if sight.record is not None:
        print_record(
            output, record_table(sight.record, known_address=sight.url is not None), html=html, explain=explain
        )
        if sight.stories and sight.draft and not sight.record.text:
            output.say(f"{sight.stories} links on this page look like stories; --as listing shows them")
        if sight.draft and sight.draft.next_page:
            output.say(f"this is its first page; a visit joins those from {sight.draft.next_page} on")
        return
    links = sight.links or Links()
    output.markup(f"[bold]{escape(links.title or sight.url or 'A listing')}[/]  {len(links.items)} stories")
    for feed in links.feeds:
        output.markup(f"  [dim]feed[/]     {escape(feed)}")
    for sitemap in links.sitemaps[:5]:
        output.markup(f"  [dim]sitemap[/]  {escape(sitemap)}")
    for link in links.items:
        output.markup(_line(link))
    for note in links.notes:
        output.warn(note)


def _line(link: Link) -> str:
    when = (link.hint.published or "")[:16].replace("T", " ")
    return f"  [cyan]{when:<16}[/] {escape(link.hint.title or '(no title)')}\n  {'':<16} [dim]{escape(link.url)}[/]"


_FIELDS = (
    "subtitle",
    "authors",
    "published",
    "updated",
    "section",
    "tags",
    "language",
    "publisher",
    "source",
    "url",
    "id",
)


def print_record(output: Output, table: Mapping[str, Any], *, html: bool = False, explain: bool = False) -> None:
    """A record as it will appear, each field with its witness."""
    who = table["witnesses"]
    output.markup(f"[bold]{escape(table['title'])}[/]  [dim]{escape(who.get('title', ''))}[/]")
    for key in _FIELDS:
        value = table[key]
        if not value:
            continue
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        if key == "published" and table["published_estimated"]:
            shown += " (estimated)"
        output.markup(f"  [cyan]{key:<10}[/] {escape(shown)}  [dim]{escape(who.get(key, ''))}[/]")
    image = table["image"]
    if image:
        for key in ("url", "caption", "credit"):
            if image[key]:
                label = "image" if key == "url" else key
                output.markup(f"  [cyan]{label:<10}[/] {escape(image[key])}  [dim]{escape(who.get('image', ''))}[/]")
    for flag in ("paywalled", "sponsored"):
        if table[flag]:
            output.markup(f"  [yellow]{flag}[/]")
    output.print()
    if html:
        output.print(table["html"])
    else:
        for paragraph in table["text"].splitlines():
            output.print(paragraph)
            output.print()
    if explain:
        output.markup(f"[dim]{len(table['text'].split())} words in {len(table['text'].splitlines())} paragraphs[/]")
        for field, name in sorted(who.items()):
            output.markup(f"  [cyan]{escape(field):<18}[/] {escape(name)}")
