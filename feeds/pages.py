"""Pages for people: the index of an installation and the page of one feed (FEEDS 44, 46). Pure.

Every text of a page of the web is escaped by the templates; every address was checked by `compose`. Pages bring no
script and no inline style, so the strictest Content-Security-Policy fits them; pictures come from the sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from .model import Entry, Feed, Publisher
from .wording import language, one_line, uri

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = ("style.css", "icon.svg", "icon.png", "logo.png", "favicon.ico")
STORIES = 100  # on one page
HEADLINES = 3  # of a topic on the index
COPIES = 8  # outlets that are named for a story
# our own names: those of `calendar` and `strftime` follow the process's locale
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"])
_NOTABLE = timedelta(minutes=5)  # a change within it is no news to a person
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


def index_page(site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed]) -> bytes:
    """The page that lists all feeds, with autodiscovery of each topic, Atom first."""
    rows = [_row(feed, site) for feed in topics]
    return _render(
        "index.html",
        site.base_url,
        site.title,
        heading=one_line(site.title),
        description=f"Feeds of {one_line(site.title)}: one entry for each story",
        private=False,
        alternates=[
            {"type": media_type, "title": f"{row['title']} ({name})", "href": f"{row['href']}{suffix}"}
            for name, suffix, media_type in _FORMATS
            for row in rows
            if row["newest"]  # the others have no document yet
        ],
        topics=rows,
        sources=[_row(feed, site) for feed in sources],
        rights=site.rights,
    )


def feed_page(feed: Feed) -> bytes:
    """The page of one composed feed: its stories by day, the addresses to copy, autodiscovery."""
    return _render(
        "feed.html",
        feed.home_url.rstrip("/"),
        feed.publisher,
        heading=feed.title,
        description=feed.subtitle or f"{feed.title}: the newest stories, and the feed to subscribe to",
        private=feed.private,
        alternates=[
            {"type": media_type, "title": f"{feed.title} ({name})", "href": f"{feed.self_url}{suffix}"}
            for name, suffix, media_type in _FORMATS
        ],
        feed=feed,
        language=_foreign(feed.language),
        direction=_direction(feed.language),
        formats=[
            {"name": name, "href": f"{feed.self_url}{suffix}", "type": media_type}
            for name, suffix, media_type in _FORMATS
        ],
        days=list(_days(feed)),
    )


def asset(name: str) -> bytes:
    """One of the files that pages refer to."""
    return (TEMPLATES / name).read_bytes()


def _row(feed: Listed, site: Publisher) -> Mapping[str, Any]:
    return {
        "title": one_line(feed.title),
        "href": f"{site.base_url}/{feed.path}",
        "subtitle": one_line(feed.subtitle) if feed.subtitle else None,
        "language": _foreign(feed.language),
        "direction": _direction(feed.language),
        "newest": f"{_day(feed.newest)}, {feed.newest:%H:%M}" if feed.newest else None,
        "newest_at": feed.newest.isoformat() if feed.newest else None,
        "headlines": [
            {"title": one_line(title), "url": address} for title, url in feed.headlines if (address := uri(url))
        ],
    }


def _days(feed: Feed) -> Iterator[Mapping[str, Any]]:
    """The stories by the day on which they were published. A feed in the order of arrival keeps that order."""
    for day, entries in groupby(feed.entries[:STORIES], key=lambda entry: entry.published.date()):
        yield {
            "date": day.isoformat(),
            "name": f"{_DAYS[day.weekday()]}, {_day(day)}",
            "stories": [_story(entry, feed) for entry in entries],
        }


def _story(entry: Entry, feed: Feed) -> Mapping[str, Any]:
    record = entry.record
    revised = entry.updated - entry.published > _NOTABLE and record.updated is not None
    same_day = entry.updated.date() == entry.published.date()
    return {
        "title": record.title,
        "url": record.url,
        "publisher": record.publisher or entry.origin.title,
        "published": entry.published.isoformat(),
        # of a source that tells the day alone, the time says nothing
        "time": None if record.published_estimated else f"{entry.published:%H:%M}",
        "revised": (f"{entry.updated:%H:%M}" if same_day else _day(entry.updated)) if revised else None,
        "revised_at": entry.updated.isoformat(),
        "summary": entry.summary,
        "image": entry.image,
        "language": record.language if record.language != feed.language else None,
        "direction": _direction(record.language) if record.language else _direction(feed.language),
        "copies": entry.copies[:COPIES],
    }


def _day(when: date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def _direction(tag: str | None) -> str:
    return "rtl" if tag and tag.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _foreign(tag: str | None) -> str | None:
    tag = language(tag)
    return None if tag is None or tag.lower().split("-")[0] == "en" else tag


def _render(template: str, base_url: str, site_title: str, **values: Any) -> bytes:
    # addresses of our own files begin at the host's root: the same page is served with and without a last slash
    root = urlsplit(base_url).path.rstrip("/")
    return _template(template).render(root=root, site_title=one_line(site_title), **values).encode()


def _template(name: str) -> Template:
    return _ENVIRONMENT.get_template(name)


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
