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

import scrapers  # imported by full name, so that the readers are loaded on first use
from scrapers import (
    Article,
    CopydeskError,
    Draft,
    Fetcher,
    Link,
    Links,
    Page,
    Past,
    Record,
    Request,
    Seed,
    load_seeds,
)

from ...compose.content import content
from ...render.article_page import article_page
from ..config.config import Config
from ..jobs.fetcher import open_fetcher
from ..system.clock import utc_now
from ..system.output import Output
from ..workers.pool import Workers

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
# files that people save by mistake
_OTHER_FILES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # the byte order marks of UTF-16, whose text is full of zeros


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
        """The JSON form of a record (docs/reference/commands.md); a list of links for a listing."""
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
    """The valid seeds of a configuration."""
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
    made: Record | CopydeskError | None = None
    if draft is not None:
        try:
            made = scrapers.to_record(draft, url=page.url, asked=None, seed=seed, first_seen=now)
        except CopydeskError as error:
            made = error
    return _sight(url, kind, draft, made, links)


def _told(file: Path) -> dict[str, str]:
    """Address, type and charset stored beside a page that copydesk kept itself; empty for any other file."""
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
    fetcher = open_fetcher(config)
    try:
        async with Workers(1) as read:
            return await look(fetcher, read, url, seed, kind, utc_now(), home=what in seeds)
    finally:
        await fetcher.aclose()


async def look(
    fetcher: Fetcher, read: Workers, url: str, seed: Seed | None, kind: Kind, now: datetime, *, home: bool = False
) -> Sight:
    """A page on the web, asked for and read as on a visit. Raises CopydeskError.

    `home` says that it is that of a source. Uses an open fetcher, within the rate limit of its visits.
    """
    seed = seed or Seed(name="", home=url)
    async with fetcher.visit(seed) as fetch:
        wanted: Literal["feed", "page"] = "feed" if kind == "listing" else "page"
        page = await fetch(Request(url, kind=wanted, ca_file=seed.ca_file, render=seed.render))
        if page.content_type not in ("text/html", "application/xhtml+xml", "text/plain"):
            return Sight(page.url, links=await read.links(page, seed, Past(), now))
        draft = await read.draft(page, seed, now) if kind != "listing" else None
        links = await read.links(page, seed, Past(), now) if kind != "article" else None
        if home and kind == "auto":
            draft = None
        record: Record | CopydeskError | None = None
        if draft is not None:
            try:
                record = await read.record(Article(draft, page.url, now), seed)
            except CopydeskError as error:
                record = error
        return _sight(page.url, kind, draft, record, links)


def _sight(
    url: str | None, kind: Kind, draft: Draft | None, made: Record | CopydeskError | None, links: Links | None
) -> Sight:
    """The preview of a page; `made` is the record of its draft, or why it makes none."""
    if kind == "article" and isinstance(made, CopydeskError):
        raise made
    record, why = (None, made.reason) if isinstance(made, CopydeskError) else (made, None)
    stories = len(links.items) if links else 0
    if kind == "auto" and draft is not None and record is None and not (links and (links.items or links.feeds)):
        raise CopydeskError(f"neither an article nor a list of stories was found ({why})", url=url)
    if (
        links is not None
        and kind != "article"
        and (record is None or (draft and scrapers.is_listing(url, draft, links)))
    ):
        return Sight(url, links=links, why_not=why, stories=stories)
    return Sight(url, record=record, draft=draft, links=links, why_not=why, stories=stories)


def document(record: Record) -> bytes:
    """The article as an entry will show it, as an HTML document that stands alone."""
    return article_page(record, content(record, images="keep"))


def print_sight(output: Output, sight: Sight, *, explain: bool) -> None:
    """Print a preview for a person."""
    if sight.record is not None:
        print_record(output, record_table(sight.record, known_address=sight.url is not None), explain=explain)
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


def print_record(output: Output, table: Mapping[str, Any], *, explain: bool = False) -> None:
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
    for paragraph in table["text"].splitlines():
        output.print(paragraph)
        output.print()
    if explain:
        output.markup(f"[dim]{len(table['text'].split())} words in {len(table['text'].splitlines())} paragraphs[/]")
        for field, name in sorted(who.items()):
            output.markup(f"  [cyan]{escape(field):<18}[/] {escape(name)}")
