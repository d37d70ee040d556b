"""Draft → Record: clean text, absolute addresses, dates in UTC, and the identity that is kept for ever.

Raises PageChanged for a page that is no article: without a title, or without a paragraph (RELIABILITY P2, D7).
"""

from __future__ import annotations

import hashlib
import html as markup
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from . import dates
from .errors import PageChanged
from .ids import record_id
from .model import Draft, Image, Record
from .pictures import sharp
from .sanitise import sanitise, to_text
from .seed import Seed
from .text import AUTHOR, TITLE, clean, clean_paragraphs
from .urls import LONGEST, article_like, canonical_key, host, join, published_form, site

LEAST_TEXT = 40  # characters of a body; a sign of a script without spaces counts for three
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=15)  # clocks of publishers may be so far ahead of ours (D5)
STEP = timedelta(minutes=1)  # between two undated stories of a front, so that their order is kept

_SUBTITLE = 1000
_TAG = 100
_GUID = 500
_MANY = 50  # authors, tags, aliases
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_JOINED = re.compile(r" (?:and|und|et|y|e|og|och|en) ")
_HOUSE = re.compile(
    r"\b(?:agency|agence|agencia|agenzia|agentur|staff|press|newsroom|news service|redaktion|redacción)\b", re.I
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")


def normalise(
    draft: Draft,
    *,
    url: str,
    seed: Seed,
    first_seen: datetime,
    asked: str | None = None,
    position: int = 0,
    site_title: str | None = None,
) -> Record:
    """The record that a draft makes.

    `url` is the address after redirects, `asked` the one that was asked for. An undated story is dated `first_seen`,
    or `position` minutes earlier: pass its place on the front of a first visit, else 0. A body that is the summary of
    a feed (text and subtitle alike) may be short; any other needs a paragraph.
    """
    title = clean(draft.title or "", TITLE)
    if not title:
        raise PageChanged("no title was found", url=url, source=seed.name)
    if asked is not None and _is_home(url) and not _is_home(asked):
        raise PageChanged("the address leads to the home page", url=asked, source=seed.name)
    subtitle = clean(draft.subtitle or "", _SUBTITLE) or None
    text = clean_paragraphs(draft.text or (to_text(draft.html) if draft.html else ""))
    if not text or (_length(text) < LEAST_TEXT and not (subtitle and _same(text, subtitle))):
        raise PageChanged(f"no text was found (only {len(text)} characters)", url=url, source=seed.name)

    first_seen = first_seen.astimezone(UTC).replace(microsecond=0)
    language = _language(draft.language) or _language(seed.language)
    published = _date(draft.published, language, seed, first_seen)
    estimated = draft.published_estimated or published is None
    if published is None:
        published = first_seen - STEP * max(0, min(position, 1440))
    updated = _date(draft.updated, language, seed, first_seen)

    ours = {site(url), site(seed.home), *(site(f"https://{name}/") for name in seed.hosts)}
    canonical = join(url, draft.canonical) if draft.canonical else None
    believed = canonical is not None and site(canonical) in ours and article_like(canonical)
    address = canonical if canonical is not None and believed and _same_page(canonical, url) else url
    key = canonical_key(address)
    names = [key, canonical_key(url)]
    if asked is not None:
        names.append(canonical_key(asked))
    if canonical is not None and believed:
        names.append(canonical_key(canonical))
    for alias in draft.aliases:
        absolute = join(url, alias)
        if absolute is not None and site(absolute) in ours and article_like(absolute):
            names.append(canonical_key(absolute))
    elsewhere = canonical is not None and not _is_home(canonical) and site(canonical) not in ours
    link = published_form(address)
    html = sanitise(draft.html, url) if draft.html else ""
    return Record(
        id=record_id(key),
        key=key,
        url=link if len(link) <= LONGEST else address,
        source=seed.name,
        title=title,
        text=text,
        html=html or "".join(f"<p>{markup.escape(line, quote=False)}</p>" for line in text.split("\n")),
        published=published,
        first_seen=first_seen,
        published_estimated=estimated,
        updated=updated if updated is not None and updated >= published else None,
        subtitle=None if subtitle is None or _same(subtitle, title) else subtitle,
        authors=_distinct((name for line in draft.authors for name in _houses(line)), AUTHOR),
        section=clean(draft.section or "", AUTHOR) or None,
        tags=_distinct(draft.tags, _TAG),
        language=language,
        publisher=clean(draft.publisher or site_title or seed.title or "", AUTHOR) or None,
        image=_image(draft.image, url),
        paywalled=draft.paywalled,
        sponsored=draft.sponsored,
        aliases=tuple(dict.fromkeys(names))[:_MANY],
        canonical=published_form(canonical) if canonical is not None and elsewhere else None,
        guid=clean(draft.guid or "", _GUID) or None,
        fingerprint=fingerprint(title, text),
        witnesses=dict(draft.witnesses),
    )


_PARTING = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


def fingerprint(title: str, text: str) -> str:
    """A hash of title and text as a reader compares them: 128 bits in hexadecimal digits.

    Case, punctuation, spacing and the cut of paragraphs do not count, nor do lines of figures only (counters, clocks).
    """
    lines = [line for line in (_words(line) for line in text.split("\n")) if not line.replace(" ", "").isdigit()]
    content = _words(title) + "\n" + " ".join(line for line in lines if line)
    return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _words(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().translate(_PARTING).split())  # the same, in a third of the time
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _same(a: str, b: str) -> bool:
    return _words(a) == _words(b)


def _length(text: str) -> int:
    return len(text) + 2 * len(_DENSE.findall(text[:LEAST_TEXT]))


def _is_home(url: str) -> bool:
    key = canonical_key(url)
    return key.endswith("/") and key.count("/") == 1


def _same_page(canonical: str, url: str) -> bool:
    """Whether a canonical address names the page that we read, in nicer words.

    A site that gives one canonical to all of its pages must not merge them: so its last part has to be the same, and
    no number may be lost from the query.
    """
    a, b = canonical_key(canonical), canonical_key(url)
    if a == b:
        return True
    path_a, _, query_a = a.partition("?")
    path_b, _, query_b = b.partition("?")
    lost = set(query_b.split("&")) - set(query_a.split("&"))
    if any(char.isdigit() for pair in lost for char in pair):
        return False
    return path_a.rpartition("/")[2] == path_b.rpartition("/")[2]


def _date(text: str | None, language: str | None, seed: Seed, now: datetime) -> datetime | None:
    """A date of the page in UTC; None when it cannot be read or cannot be true."""
    if not text:
        return None
    moment = dates.read(text, language=language, timezone=seed.timezone, now=now)
    if moment is None:
        return None
    when = moment.when.astimezone(UTC).replace(microsecond=0)
    return when if EARLIEST <= when <= now + AHEAD else None


def _language(tag: str | None) -> str | None:
    tag = (tag or "").strip().lower().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _distinct(values: Iterable[str], limit: int) -> tuple[str, ...]:
    """Clean values, each once; the first spelling stays."""
    kept: dict[str, str] = {}
    for value in values:
        line = clean(value, limit)
        if line:
            kept.setdefault(line.casefold(), line)
    return tuple(kept.values())[:_MANY]


def _houses(line: str) -> list[str]:
    """The newsrooms that one line of a feed joins ("Halyard Press Agency and Courier Staff"); any other line whole."""
    houses = _JOINED.split(line[:_SUBTITLE])
    return houses if all(_HOUSE.search(house) and " " in house for house in houses) else [line]


def _image(image: Image | None, base: str) -> Image | None:
    url = join(base, sharp(image.url)) if image is not None else None
    if image is None or url is None or not host(url):
        return None
    return Image(
        url=url,
        caption=clean(image.caption or "", _SUBTITLE) or None,
        credit=clean(image.credit or "", AUTHOR) or None,
        alt=clean(image.alt or "", _SUBTITLE) or None,
        width=_pixels(image.width),
        height=_pixels(image.height),
    )


def _pixels(value: int | None) -> int | None:
    return value if value is not None and 0 < value <= 100_000 else None
