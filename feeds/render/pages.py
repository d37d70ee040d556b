"""Pages for people: the index of an installation and the page of one feed (FEEDS 44, 46). Pure.

Every text of a page of the web is escaped by the templates; every address was checked by `compose`. Pages bring one
script of ours and no inline style, so the strictest Content-Security-Policy fits them; pictures come from the sources.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import TemplateError

from ..messages import PageLocale, translate
from ..model import Entry, Feed, Publisher
from .beside import Beside
from .subscribe_links import subscribing
from .templating import ListedStory, as_json, direction, template
from .xml_text import language, one_line, uri

Values = dict[str, Any]
TEMPLATES = Path(__file__).parent / "templates"
ASSETS = ("style.css", "article.css", "page.js", "icon.svg", "icon.png", "logo.png", "favicon.ico")
STORIES = 100  # on one page
HEADLINES = 3  # of a topic on the index
COPIES = 8  # outlets that are named for a story
_NOTABLE = timedelta(minutes=5)  # a change this soon after publication is not shown
_FORMATS = (
    ("Atom", ".atom", "application/atom+xml"),
    ("RSS", ".rss", "application/rss+xml"),
    ("JSON", ".json", "application/feed+json"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One feed on the index page. Private topics are never listed."""

    title: str
    path: str  # `t/NAME` or `s/NAME`
    subtitle: str | None = None
    language: str | None = None
    newest: datetime | None = None  # when its newest story was published; None: it has none yet
    headlines: tuple[tuple[str, str], ...] = ()  # (title, address) of its newest stories


def listed(feed: Feed, path: str) -> Listed:
    """How the index shows a feed that was composed."""
    return Listed(
        title=feed.title,
        path=path,
        subtitle=feed.subtitle,
        language=feed.language,
        newest=max((entry.published for entry in feed.entries), default=None),
        headlines=tuple((entry.record.title, entry.record.url) for entry in feed.entries[:HEADLINES]),
    )


def index_page(
    site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed], locale: PageLocale | None = None
) -> bytes:
    """The page that lists all feeds, with autodiscovery of each topic, Atom first.

    In the language of the installation unless another `locale` is given.
    """
    return _render(_index(site, topics, sources), locale or site.page_locale)


def feed_page(feed: Feed, locale: PageLocale | None = None) -> bytes:
    """The page of one composed feed: its stories by day, the addresses to copy, autodiscovery.

    In the language of the installation unless another `locale` is given.
    """
    return _render(_feed(feed), locale or feed.page_locale)


def feed_values_and_page(feed: Feed) -> tuple[bytes, bytes]:
    """What `feed_values` and `feed_page` give, in the language of the installation."""
    values = _feed(feed)
    return _json(values), _render(values, feed.page_locale)


def page(kind: str, feed: Feed, values: Values, locale: PageLocale) -> bytes:
    """A page about a feed by the template `kind`: with its autodiscovery, and the search in it where there is one."""
    return _render({**_frame(kind, feed), **values}, locale)


def index_values(site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed]) -> bytes:
    """The values of the index page, without text of ours: JSON, from which `page_of` makes it in any language."""
    return _json(_index(site, topics, sources))


def feed_values(feed: Feed) -> bytes:
    """The values of a feed's page, without text of ours: JSON, from which `page_of` makes it in any language."""
    return _json(_feed(feed))


def page_of(values: bytes, locale: PageLocale) -> bytes:
    """The page of what `index_values` or `feed_values` gave. Raises ValueError for anything else."""
    try:
        return _render(json.loads(values), locale)
    except (KeyError, TypeError, TemplateError) as error:
        raise ValueError(f"no values of a page: {error}") from error


def _index(site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed]) -> Values:
    rows = [_row(feed, site) for feed in topics]
    newest = max((feed.newest for feed in (*topics, *sources) if feed.newest), default=None)
    return {
        "kind": "index",
        "base_url": site.base_url,
        "site_title": one_line(site.title),
        "heading": one_line(site.title),
        "description": None,
        "private": False,
        "search": f"{site.base_url}/search" if site.pages else None,
        "alternates": [
            {"type": media_type, "title": f"{row['title']} ({name})", "href": f"{row['href']}{suffix}"}
            for name, suffix, media_type in _FORMATS
            for row in rows
        ],
        "by_day": f"{site.base_url}/{newest.date().isoformat()}" if site.pages and newest else None,
        "topics": rows,
        "sources": [_row(feed, site) for feed in sources],
        "rights": site.rights,
    }


def _feed(feed: Feed) -> Values:
    return {
        **_frame("feed", feed),
        "subtitle": feed.subtitle,
        "formats": _formats(feed),
        "subscribing": subscribing(feed),
        "stories": [story(entry, feed) for entry in feed.entries[:STORIES]],
        "day_pages": feed.self_url if feed.pages else None,
    }


def _frame(kind: str, feed: Feed) -> Values:
    """What all pages about a feed show. One that is about no single feed has no autodiscovery."""
    home = feed.home_url.rstrip("/")
    formats = _formats(feed) if feed.self_url != home else []
    return {
        "kind": kind,
        "base_url": home,
        "site_title": one_line(feed.publisher),
        "heading": feed.title,
        "description": feed.subtitle,
        "private": feed.private,
        "search": f"{feed.self_url}/search" if feed.pages else None,
        "alternates": [{**one, "title": f"{feed.title} ({one['name']})"} for one in formats],
        "language": language(feed.language),
        "direction": direction(feed.language),
        "rights": feed.rights,
    }


def _formats(feed: Feed) -> list[Values]:
    return [
        {"name": name, "href": f"{feed.self_url}{suffix}", "type": media_type} for name, suffix, media_type in _FORMATS
    ]


def asset(name: str) -> bytes:
    """One of the files that pages refer to."""
    return (TEMPLATES / name).read_bytes()


def _row(feed: Listed, site: Publisher) -> Values:
    return {
        "title": one_line(feed.title),
        "href": f"{site.base_url}/{feed.path}",
        "subtitle": one_line(feed.subtitle) if feed.subtitle else None,
        "language": language(feed.language),
        "direction": direction(feed.language),
        "newest": feed.newest.isoformat() if feed.newest else None,
        "headlines": [
            {"title": one_line(title), "url": address} for title, url in feed.headlines if (address := uri(url))
        ],
    }


def story(entry: Entry, feed: Feed) -> ListedStory:
    """What a list of stories shows of one; made once for all feeds that the same entry stands in."""
    made, kind = _stories.of(entry), (feed.language, feed.pages)
    if kind not in made:
        made[kind] = ListedStory(_story(entry, feed))
    if not feed.pages:
        return made[kind]
    return made[kind].with_page(f"{feed.self_url}/story/{entry.id.removeprefix('urn:uuid:')}")


_stories: Beside[Entry, dict[tuple[str | None, bool], ListedStory]] = Beside(lambda _: {})


def _story(entry: Entry, feed: Feed) -> Values:
    record, image = entry.record, entry.image
    revised = entry.updated - entry.published > _NOTABLE and record.updated is not None
    return {
        "title": record.title,
        "url": record.url,
        "page": "of each feed" if feed.pages else None,
        "publisher": record.publisher or entry.origin.title,
        "published": entry.published.isoformat(),
        "timed": not record.published_estimated,  # no time for a source that gives only the day
        "revised": entry.updated.isoformat() if revised else None,
        "summary": entry.summary,
        "image": {"url": image.url, "width": image.width, "height": image.height} if image else None,
        "language": record.language if record.language != feed.language else None,
        "direction": direction(record.language) if record.language else direction(feed.language),
        "copies": [
            {"url": copy.url, "title": copy.title, "publisher": copy.publisher} for copy in entry.copies[:COPIES]
        ],
    }


def _render(values: Values, locale: PageLocale) -> bytes:
    kind, tongue, told = values["kind"], locale.language, ""
    if kind == "index":
        told = translate("Feeds of {site}: one entry for each story", tongue).format(site=values["heading"])
    elif kind == "feed":
        told = translate("{feed}: the newest stories, and the feed to subscribe to", tongue)
        told = told.format(feed=values["heading"])
    made = template(TEMPLATES, f"{kind}.html", locale).render(
        {
            "hidden": False,
            "canonical": None,
            "query": "",
            **values,
            "description": values["description"] or told,
            # addresses of our own files begin at the host's root: a page is served with and without a last slash
            "root": urlsplit(values["base_url"]).path.rstrip("/"),
        }
    )
    return made.encode()


def _json(values: Values) -> bytes:
    if not values.get("stories"):
        return as_json(values).encode() + b"\n"
    before, name, after = as_json({**values, "stories": []}).partition('"stories":[]')
    return f"{before}{name[:-1]}{','.join(story.json for story in values['stories'])}]{after}\n".encode()
