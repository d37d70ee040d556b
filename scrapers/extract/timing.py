"""When an article was published and changed: the decision among the dates that the witnesses give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers import dates

from .claims import tidy
from .markup import changed, elsewhere
from .rules import DISABLED

MAX_SAID = 24

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_DAY_FIRST = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_](0[1-9]|1[0-2])[-_]((?:19|20)\d\d)(?!\d)")
_URL_WORDS = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}/(\d\d?)(?:/|$)", re.I
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MARKED = (
    "abbr[title], [class*=date i], [class*=datum i], [class*=publi i], [class*=fecha i], [class*=posted i], "
    "[class*=time i], [class*=meta i], [class*=info i], [id*=date i], [class*=stamp i]"
)
_IN_SCRIPT = re.compile(
    r"[\"']?(?:date_?published|published_?(?:at|date|time|on)|publi(?:sh|cation)_?(?:date|time)|pub_?date|pubDateTime|"
    r"article_?publish(?:ed)?_?(?:time|date)|first_?publish(?:ed)?_?(?:date|at|time)?|cms_?publishing_?date|created_?at|"
    r"publish_?hour_?of_?day|display_?date)[\"']?\s{0,3}[:=]\s{0,3}[\"']([^\"'\n]{8,40})[\"']",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)|\d\d?[./]\d\d?[./]\d\d(?!\d)|[۰-۹]{4}")


@dataclass(frozen=True, slots=True)
class Said:
    """A date that a witness gave, as a moment."""

    who: str
    moment: dates.Moment


def of_address(url: str) -> str | None:
    """The day in an address such as /2024/03/18/ or /20240318-…"""
    path = urlsplit(url).path[:400] if url else ""
    if match := _URL_DATE.search(path):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := _URL_WORDS.search(path):
        return f"{match[1]}-{_MONTHS.index(match[2].lower()) + 1:02d}-{int(match[3]):02d}"
    if match := _URL_DAY_FIRST.search(path):
        return f"{match[3]}-{match[2]}-{match[1]}"
    return None


def read(
    said: Iterable[tuple[str, str]], *, language: str | None, zone: str | None, now: datetime | None
) -> list[Said]:
    """The (witness, text) pairs that are dates, in order."""
    found: list[Said] = []
    for who, text in list(said)[:MAX_SAID]:
        moment = dates.read(text, language=language, timezone=zone, now=now)
        if moment is not None:
            found.append(Said(who, moment))
    return found


def decide(found: list[Said]) -> Said | None:
    """The first witness's date, made as exact as the others allow: its time of day, its zone."""
    if not found:
        return None
    best = found[0]
    if not best.moment.exact:  # the same day, told with its time
        best = next((s for s in found if s.moment.exact and _day(s) == _day(best)), best)
    if not best.moment.exact:
        return best
    if not best.moment.zoned:
        for other in found:
            if other.moment.exact and other.moment.zoned and _offset(best, other) is not None:
                return other
        zones = {s.moment.when.utcoffset() for s in found if s.moment.zoned and s.moment.when.utcoffset()}
        if len(zones) == 1 and "offset" not in DISABLED:  # the other dates of the page tell its zone
            zone = timezone(zones.pop() or timedelta())
            return Said(best.who, replace(best.moment, when=best.moment.when.replace(tzinfo=zone), zoned=True))
        return best
    if not best.moment.when.utcoffset():  # told in UTC: the local time that the page shows tells its zone
        for other in found:
            if other is best or not other.moment.exact:
                continue
            if other.moment.zoned and other.moment.when == best.moment.when and other.moment.when.utcoffset():
                return Said(best.who, other.moment)
            minutes = None if other.moment.zoned else _offset(other, best)
            if minutes:
                zone = timezone(timedelta(minutes=minutes))
                return Said(best.who, replace(best.moment, when=best.moment.when.astimezone(zone)))
    return best


def _day(said: Said) -> tuple[int, int, int]:
    when = said.moment.when
    return when.year, when.month, when.day


def _offset(local: Said, zoned: Said) -> int | None:
    """The zone, in minutes east, in which a zoned time is a local one; None when there is no such zone."""
    apart = local.moment.when.replace(tzinfo=None) - zoned.moment.when.astimezone(UTC).replace(tzinfo=None)
    minutes = apart / timedelta(minutes=1)
    nearest = round(minutes / 15) * 15
    return nearest if -12 * 60 <= minutes <= 14 * 60 and abs(minutes - nearest) < 1 else None


def search(tree: LexborHTMLParser, after: LexborNode | None) -> Iterator[tuple[str, bool]]:
    """Dates in marked elements and in short lines of the whole page, nearest after the headline first.

    For pages whose head, headline and `<time>` say nothing: it looks at many nodes.
    """
    seen: set[str] = set()
    for node in tree.css(_MARKED)[:300]:
        attributes = node.attributes
        title = attributes.get("title") or ""
        text = title if len(title) >= 8 and _YEAR.search(title) else tidy(node.text(separator=" "), 200)
        if not 6 <= len(text) <= 120 or text in seen or not _YEAR.search(text) or elsewhere(node):
            continue
        seen.add(text)
        yield text, changed((attributes.get("class") or "") + " " + text)
    if tree.body is None:
        return
    for node in tree.body.css(
        "p, span, div, li, td, small, em, strong, b, i, h2, h3, h4, h5, h6, dd, a, address, nobr, font"
    ):
        text = node.text(deep=False)
        if 6 <= len(text) <= 160 and _YEAR.search(text):
            text = tidy(text, 128)
            if text not in seen and 6 <= len(text) <= 90 and not elsewhere(node):
                seen.add(text)
                yield text, changed(text)


def in_scripts(texts: Iterable[str]) -> Iterator[str]:
    """Dates of publication in the data of inline scripts."""
    for text in texts:
        for match in list(_IN_SCRIPT.finditer(text[:400_000]))[:3]:
            yield match[1]
