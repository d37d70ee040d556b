"""What one witness says of a page: plain candidates, best first, before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.model import File, Image
from scrapers.page.text import single_spaced, unescape

MAX_TITLE = 500  # characters of a headline that are looked at; `normalise` cuts finer
MAX_SUBTITLE = 2000
MAX_NAME = 200
MAX_ITEMS = 60  # tags or authors of one witness


@dataclass(frozen=True, slots=True)
class Claims:
    """The candidates of one witness. Texts are tidy, dates and addresses as found."""

    who: str
    titles: tuple[str, ...] = ()
    subtitles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # names as found, not yet cleaned
    published: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()  # dates that may not be of the publication
    updated: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()  # what the page says its own address is
    amp: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    bodies: tuple[str, ...] = ()  # whole texts or HTML of the article
    licenses: tuple[str, ...] = ()  # addresses or names
    contributors: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()  # addresses of pages of readers' comments
    files: tuple[File, ...] = ()  # sounds that are the article's: a podcast's episode, the article read aloud
    feeds: tuple[str, ...] = ()  # addresses of feeds that the page offers
    free: bool | None = None  # schema.org isAccessibleForFree and its like
    kind: str | None = None  # og:type or the schema.org type


def tidy(text: object, limit: int = MAX_TITLE) -> str:
    """`text` as one line: entities resolved, white space folded, cut to `limit`; empty for anything that is no text."""
    if not isinstance(text, str) or not text:
        return ""
    text = text[: limit * 2]
    if "&" in text:
        text = unescape(text)
    return single_spaced(text)[:limit].strip()


def distinct(items: list[str], limit: int = MAX_ITEMS) -> tuple[str, ...]:
    """The items without the empty ones and without repetitions, in order."""
    return tuple(dict.fromkeys(item for item in items if item))[:limit]


def words(text: str) -> tuple[str, ...]:
    """The words of a table that is written as running text."""
    return tuple(text.split())
