"""Draft → Record: clean text, absolute addresses, dates in UTC, and the identity that is kept for ever.

Raises PageChanged for a page that is no article: without a title, or without a paragraph (RELIABILITY P2, D7).
"""

from __future__ import annotations

import hashlib
import html as markup
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..errors import PageChanged
from ..model import PLAYER, Draft, File, Image, Record
from ..page import dates
from ..page.latin_text import LatinFolding
from ..page.pictures import sharp
from ..page.text import AUTHOR, TITLE, clean, clean_field, clean_paragraphs
from ..seed.ownership import pointer_key, speaks_for
from ..seed.seed import Seed
from ..urls.atom_ids import record_id
from ..urls.key import article_like, canonical_key
from ..urls.published_form import published_form, without_user
from ..urls.site import LONGEST, host, join, join_place, site
from .body_text import to_text
from .sanitise import sanitise_with_players

LEAST_TEXT = 40  # characters of a body; a character of a script without spaces counts for three
EARLIEST = datetime(dates.FIRST_YEAR, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=15)  # how far clocks of publishers may be ahead of ours (D5)
STEP = timedelta(minutes=1)  # apart are two undated stories of a front dated, so that their order is kept

_SUBTITLE = 1000
_NOTE = 90  # characters of a note without a headline that become its title
_SENTENCE = re.compile(r"[^\n]{15,90}?[.!?](?=\s|$)|[^\n]{6,45}?[。！？]")
_TAG = 100
_GUID = 500
_FILES = 10
_MANY = 50  # authors, tags, aliases
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_JOINED = re.compile(r" (?:and|und|et|y|e|og|och|en) ")
_HOUSE = re.compile(
    r"\b(?:agency|agence|agencia|agenzia|agentur|staff|press|newsroom|news service|redaktion|redacción)\b", re.I
)
_LEFTWARD = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ELSEWHERE = re.compile("[^\x00-\u058f\u2010-\u2bff]")  # where those stand, and little else that is common
_MARKUP = re.compile(r"<[^>]{0,4000}>|&\w{1,8};")
_LOOKED_AT = 20_000  # characters that tell the direction of a text
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

    `url` is the address after redirects, `asked` the one that was asked for. For an address of another site the record
    only points there: its key is prefixed with the source (see `seed.ownership`). An undated story is dated
    `first_seen`, or `position` minutes earlier: pass its place on the front of a first visit, else 0. A body that is
    the summary of a feed (text and subtitle alike) may be short; any other needs a paragraph.
    """
    title, subtitle, text = _texts(draft, url, asked, seed, site_title)
    first_seen = first_seen.astimezone(UTC).replace(microsecond=0)
    language = _language(draft.language) or _language(seed.language)
    published = _date(draft.published, language, seed, first_seen)
    estimated = draft.published_estimated or published is None
    if published is None:
        published = first_seen - STEP * max(0, min(position, 1440))
    updated = _date(draft.updated, language, seed, first_seen)
    names = _names(draft, url, asked, seed)
    html, players = sanitise_with_players(draft.html, draft.base or url) if draft.html else ("", {})
    return Record(
        id=record_id(names.key),
        key=names.key,
        url=names.url,
        source=seed.name,
        title=title,
        text=text,
        html=_directed(html or "".join(f"<p>{markup.escape(line, quote=False)}</p>" for line in text.split("\n"))),
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
        aliases=names.aliases,
        canonical=names.elsewhere,
        guid=clean(draft.guid or "", _GUID) or None,
        fingerprint=fingerprint(title, text),
        license=_license(draft.license, url),
        contributors=_distinct(draft.contributors, AUTHOR),
        comments=_address(draft.comments, url),
        comments_feed=_address(draft.comments_feed, url),
        files=_files(draft.files, players, url),
        witnesses=dict(draft.witnesses),
    )


def _texts(
    draft: Draft, url: str, asked: str | None, seed: Seed, site_title: str | None
) -> tuple[str, str | None, str]:
    """Title, subtitle and text, clean. Raises PageChanged for what is no article."""
    title = clean(draft.title or "", TITLE)
    text = clean_paragraphs(draft.text or (to_text(draft.html) if draft.html else ""))
    if draft.published and any(_same(title, name) for name in ("", site_title or "", seed.title or "")):
        title = _beginning(text) or title  # a note without a headline: the site's name says nothing
    if not title:
        raise PageChanged("no title was found", url=url, source=seed.name)
    if asked is not None and _is_home(url) and not _is_home(asked):
        raise PageChanged("the address leads to the home page", url=asked, source=seed.name)
    subtitle = clean(draft.subtitle or "", _SUBTITLE) or None
    if not text or (_length(text) < LEAST_TEXT and not (subtitle and _same(text, subtitle))):
        raise PageChanged(f"no text was found (only {len(text)} characters)", url=url, source=seed.name)
    return title, subtitle, text


@dataclass(frozen=True, slots=True)
class _Names:
    """The addresses of a record."""

    key: str
    url: str  # for people
    aliases: tuple[str, ...]  # keys of every address that names the article
    elsewhere: str | None  # its canonical address on another site


def _names(draft: Draft, url: str, asked: str | None, seed: Seed) -> _Names:
    """What a record is known by: its canonical address where that is believed, else the one that was read."""
    ours = {site(url), site(seed.home), *(site(f"https://{name}/") for name in seed.hosts)}
    canonical = join(url, draft.canonical) if draft.canonical else None
    believed = canonical if canonical is not None and site(canonical) in ours and article_like(canonical) else None
    address = believed if believed is not None and _same_page(believed, url) else url
    key = _name(seed, address)
    names = [key, _name(seed, url)]
    if asked is not None:
        names.append(_name(seed, asked))
    if believed is not None:
        names.append(_name(seed, believed))
    for alias in draft.aliases:
        absolute = join(url, alias)
        if absolute is not None and site(absolute) in ours and article_like(absolute):
            names.append(_name(seed, absolute))
    link = published_form(address)
    return _Names(
        key,
        link if len(link) <= LONGEST else without_user(address),
        tuple(dict.fromkeys(names))[:_MANY],
        published_form(canonical)
        if canonical is not None and not _is_home(canonical) and site(canonical) not in ours
        else None,
    )


def _name(seed: Seed, url: str) -> str:
    """The key under which a source knows an address: the address's own, if it speaks for it."""
    key = canonical_key(url)
    return key if speaks_for(seed, url) else pointer_key(seed.name, key)


_BETWEEN = re.compile(r"[^\w \n]+")


def _folded_each(text: str) -> str:
    # What stands between words is rarer than words.
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold())


_folded_latin = LatinFolding(_folded_each)


def fingerprint(title: str, text: str) -> str:
    """A hash of title and text as a reader compares them: 128 bits in hexadecimal digits.

    Case, punctuation, spacing and paragraph breaks do not count, nor do lines of digits only (counters, clocks).
    """
    found: list[str] = []
    for words in map(str.split, _folded(text).split("\n")):
        if words and not (words[0].isdigit() and all(map(str.isdigit, words))):
            found += words
    content = f"{_words(title)}\n{' '.join(found)}"
    return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _words(text: str) -> str:
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    """A text without case, with spaces for whatever is no letter, digit or "_"; its lines stay apart."""
    folded = _folded_latin(text)  # at once, in a tenth of the time
    return _folded_each(text) if folded is None else folded


def _same(a: str, b: str) -> bool:
    return _words(a) == _words(b)


def _beginning(text: str) -> str:
    """The first sentence of a text, or as much of it as a title holds."""
    line = text.partition("\n")[0].strip()
    if _length(line) < LEAST_TEXT and "\n" in text:
        line = " ".join(text.split("\n")[:2])
    sentence = _SENTENCE.match(line)
    if sentence is not None:
        return sentence[0].rstrip(". ")
    if len(line) <= _NOTE:
        return line
    return line[:_NOTE].rpartition(" ")[0].rstrip(" ,;:–—-") + "…" if " " in line[:_NOTE] else line[: _NOTE // 2] + "…"


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


def _directed(html: str) -> str:
    """A right-to-left body, marked with `dir`, since it leaves the page that declared it."""
    if html.startswith('<div dir="') or html.isascii():
        return html
    if not _ELSEWHERE.search(html, 0, _LOOKED_AT) or not _LEFTWARD.search(html, 0, _LOOKED_AT):
        return html
    strong = [unicodedata.bidirectional(char) for char in _MARKUP.sub("", html[:_LOOKED_AT])]
    leftward = sum(kind in ("R", "AL") for kind in strong)
    return f'<div dir="rtl">{html}</div>' if leftward > strong.count("L") else html


def _distinct(values: Iterable[str], limit: int) -> tuple[str, ...]:
    """Clean values, each once; the first spelling stays."""
    kept: dict[str, str] = {}
    for value in values:
        line = clean(value, limit)
        if line:
            kept.setdefault(line.casefold(), line)
    return tuple(kept.values())[:_MANY]


def _houses(line: str) -> list[str]:
    """The newsrooms in an author line of a feed ("Halyard Press Agency and Courier Staff"); any other line whole."""
    houses = _JOINED.split(line[:_SUBTITLE])
    return houses if all(_HOUSE.search(house) and " " in house for house in houses) else [line]


def _image(image: Image | None, base: str) -> Image | None:
    url = join(base, sharp(image.url)) if image is not None else None
    if image is None or url is None or not host(url):
        return None
    return Image(
        url=without_user(url),
        caption=clean_field(image.caption or "", _SUBTITLE) or None,
        credit=clean_field(image.credit or "", AUTHOR) or None,
        alt=clean_field(image.alt or "", _SUBTITLE) or None,
        width=_pixels(image.width),
        height=_pixels(image.height),
    )


def _files(told: Iterable[File], players: Mapping[str, tuple[int, int]], base: str) -> tuple[File, ...]:
    """Video and audio files with absolute addresses, each once; then the players whose size is known."""
    found: dict[str, File] = {}
    for file in told:
        address = _address(file.url, base)
        if address is not None:
            right = file.length is not None and 0 < file.length < 10**13
            kind = clean(file.type or "", _TAG).lower() or None
            found.setdefault(address, File(address, kind, file.length if right else None))
    for address, (width, height) in players.items():
        found.setdefault(address, File(address, PLAYER, None, width, height))
    return tuple(found.values())[:_FILES]


def _license(told: str | None, base: str) -> str | None:
    """A licence's address, or its name where it has no address."""
    if told is not None and "/" not in told:
        return clean(told, _TAG) or None
    return _address(told, base)


def _address(address: str | None, base: str) -> str | None:
    url = join_place(base, address) if address else None
    return without_user(url) if url is not None and host(url) and len(url) <= LONGEST else None


def _pixels(value: int | None) -> int | None:
    return value if value is not None and 0 < value <= 100_000 else None
