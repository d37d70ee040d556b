"""The decision among the witnesses, field by field: agreement first, then what the reader sees, then rank."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from scrapers import dates
from scrapers.model import Image
from scrapers.urls import join

from . import names
from .claims import Claims, distinct, tidy
from .names import fold

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_WORDS = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}/(\d\d?)(?:/|$)", re.I
)
_HOME = frozenset(
    ("home", "homepage", "startseite", "news", "accueil", "inicio", "início", "hjem", "forside", "главная")
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Said:
    """A date that a witness gave, as text and as a moment."""

    who: str
    text: str
    moment: dates.Moment
    weight: float


# --- authors ----------------------------------------------------------------------------------------------------------


def authors(claims: Iterable[Claims], sites: frozenset[str], title: str) -> tuple[tuple[str, ...], str]:
    """Names of people and agencies, and the witness. The first witness with a person counts; agreement completes it."""
    said: list[tuple[str, list[str]]] = []
    heading = fold(title)
    for claim in claims:
        found: list[str] = []
        for raw in claim.authors[:20]:
            loose = claim.who in ("markup", "body")
            for name in names.clean(raw, sites=sites, loose=loose):
                if fold(name) not in {fold(n) for n in found} and fold(name) != heading:
                    found.append(name)
        if found:
            said.append((claim.who, found))
    if not said:
        return (), ""
    who, best = said[0]
    return tuple(_without_parts(best)), who


def _without_parts(found: list[str]) -> list[str]:
    """Names without those that are only a part of another one."""
    folded = [fold(name) for name in found]
    return [
        name
        for name, mine in zip(found, folded, strict=True)
        if not any(mine != other and f" {mine} " in f" {other} " for other in folded)
    ]


# --- dates ------------------------------------------------------------------------------------------------------------


def url_date(url: str) -> str | None:
    """The day in an address such as /2024/03/18/ or /20240318-…"""
    path = urlsplit(url).path[:400] if url else ""
    if match := _URL_DATE.search(path):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := _URL_WORDS.search(path):
        return f"{match[1]}-{_MONTHS.index(match[2].lower()) + 1:02d}-{int(match[3]):02d}"
    return None


def published(
    said: list[tuple[str, str]], *, language: str | None, timezone: str | None, now: datetime | None
) -> tuple[Said | None, list[Said]]:
    """The first publication among (witness, text) pairs, best witness first; and all that could be read."""
    moments: list[Said] = []
    for rank, (who, text) in enumerate(said[:24]):
        moment = dates.read(text, language=language, timezone=timezone, now=now)
        if moment is not None:
            moments.append(Said(who, text, moment, 1.0 / (rank + 1)))
    if not moments:
        return None, []
    best = moments[0]
    for other in moments[1:]:  # the same day, told more exactly
        if not best.moment.exact and other.moment.exact and _same_day(best.moment, other.moment):
            best = other
            break
    if best.moment.exact and not best.moment.zoned:
        for other in moments:
            if other.moment.zoned and other.moment.exact and _same_wall_clock(best.moment, other.moment):
                return other, moments
    return best, moments


def _same_day(a: dates.Moment, b: dates.Moment) -> bool:
    return a.when.date() == b.when.date()


def _same_wall_clock(local: dates.Moment, zoned: dates.Moment) -> bool:
    """Whether a zoned time can be a local one: the same minute in some zone of the earth."""
    apart = local.when.replace(tzinfo=None) - zoned.when.astimezone(UTC).replace(tzinfo=None)
    minutes = apart / timedelta(minutes=1)
    return -12 * 60 <= minutes <= 14 * 60 and abs(minutes - round(minutes / 15) * 15) < 1.5


# --- the rest ---------------------------------------------------------------------------------------------------------


def subtitle(candidates: list[tuple[str, str]], title: str, opening: str) -> tuple[str | None, str]:
    """The standfirst and its witness."""
    heading = fold(title)
    for who, text in candidates:
        folded = fold(text)
        if not folded or folded == heading or len(folded) < 12:
            continue
        return text, who
    return None, ""


def tags(
    claims: Iterable[Claims], sections: Iterable[str], sites: frozenset[str], title: str
) -> tuple[tuple[str, ...], str]:
    """Tags of the first witness that has any, without sections and the site's names."""
    for claim in claims:
        found = []
        for raw in claim.tags:
            text = raw.strip(" ,;#\"'")
            folded = fold(text)
            if (
                folded
                and folded not in sites
                and len(text) <= 100
                and not text.startswith(("http", "{"))
                and ":" not in text[:30].split(" ")[0]
            ):
                found.append(text)
        if found:
            unique = {fold(t): t for t in reversed(found)}
            return tuple(t for t in dict.fromkeys(found) if unique[fold(t)] == t), claim.who
    return (), ""


def image(claims: Iterable[Claims], own: Image | None, base: str) -> tuple[Image | None, str]:
    """The lead image."""
    for claim in claims:
        for candidate in claim.images:
            url = join(base, candidate.url) if base else candidate.url
            if url:
                caption = candidate.caption or (own.caption if own else None)
                credit = candidate.credit or (own.credit if own else None)
                return Image(
                    url, caption, credit, candidate.alt or (own.alt if own else None), candidate.width, candidate.height
                ), claim.who
    return own, "body" if own else ""


def publisher(claims: Iterable[Claims]) -> tuple[str | None, str]:
    """The name of the publication."""
    for claim in claims:
        for name in claim.publishers:
            if 1 < len(name) <= 80 and "@" not in name and "http" not in name:
                return name, claim.who
    return None, ""


def section(claims: Iterable[Claims], sites: frozenset[str], title: str) -> tuple[str | None, str]:
    """The section under which the article stands."""
    for claim in claims:
        for name in claim.sections:
            folded = fold(name)
            if not folded or folded in sites or folded in _HOME or folded == fold(title):
                continue
            if len(name) <= 60 and not name.startswith("http"):
                return tidy(name), claim.who
    return None, ""


def addresses(claims: Iterable[Claims], base: str) -> tuple[str | None, tuple[str, ...]]:
    """The canonical address and the article's further addresses, absolute."""
    canonical: str | None = None
    others: list[str] = []
    for claim in claims:
        for url in (*claim.urls, *claim.amp):
            absolute = join(base, url) if base or "://" in url else None
            if absolute is None or urlsplit(absolute).path in ("", "/"):
                continue
            if canonical is None and claim.who == "meta" and url not in claim.amp:
                canonical = absolute
            others.append(absolute)
    return canonical, distinct(others, 8)
