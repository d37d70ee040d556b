"""The decision among the witnesses, field by field: agreement first, then what the reader sees, then rank."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from scrapers.model import Image
from scrapers.page.pictures import is_generic
from scrapers.urls.site import join

from ..claims import Claims, tidy
from ..readers.visible import Shown
from ..rules import NONE_DISABLED, Disabled
from . import authors as names
from .authors import fold
from .lead_image import split_credit

_SHOWN = ("markup", "byline")  # witnesses of what the page shows
_CREDIT = re.compile(
    r"(?:photo|foto|photograph|bild|image|video|illustration|credit)s?\b.{0,40}(?::|by|von|via|/|courtesy)", re.I
)
_MACHINE = re.compile(
    r"^https?:|^\{|^\d+$|^[0-9a-f]{8}-[0-9a-f]{4}-|^\S*_\S*$|^[\w ]{2,30}: |^[\w-]{1,20}:\w"
)  # addresses, numbers, ids, keys
_TIME = re.compile(r"\d(?:\s{0,2}min\b|\d?:\d\d)", re.I)
_READING_TIME = ("lesedauer", "lesezeit", "reading time", "min read", "min de lecture")
_SENTENCE = re.compile(r"[.!?…。！？»”“\"']$")
_HOME = frozenset(
    ("home", "homepage", "startseite", "news", "accueil", "inicio", "início", "hjem", "forside", "главная")
)


# --- authors ----------------------------------------------------------------------------------------------------------


def authors(claims: list[Claims], sites: frozenset[str], title: str) -> tuple[tuple[str, ...], str]:
    """Names of people and agencies, and the witness. The first witness with a person counts; agreement completes it.

    Where two others agree on other people, one of them what the page shows, those count: the account of a publishing
    system wrote nothing.
    """
    said = _said(claims, sites, title)
    if not said:
        return _house(claims, sites)
    who, best = _agreed(said)
    if all(_is_handle(name) for name in best):
        who, best = next(((w, b) for w, b in said[1:] if not any(_is_handle(n) for n in b)), (who, best))
    return tuple(_without_parts(best)), who


def settled_authors(claims: list[Claims], sites: frozenset[str], title: str) -> tuple[tuple[str, ...], str] | None:
    """What `authors` gives by the claims of seed and head alone; None where what the page shows may change it."""
    said = _said(claims, sites, title)
    if not said or all(_is_handle(name) for name in said[0][1]):
        return None
    who, best = said[0]
    own = {fold(name) for name in best}
    if any(other != who and own.isdisjoint(map(fold, names_there)) for other, names_there in said[1:]):
        return None
    return tuple(_without_parts(best)), who


def _said(claims: list[Claims], sites: frozenset[str], title: str) -> list[tuple[str, list[str]]]:
    """The names of each witness that has any."""
    said: list[tuple[str, list[str]]] = []
    heading = fold(title)
    for claim in claims:
        found: dict[str, str] = {}
        for raw in claim.authors[:20]:
            loose = claim.who == "byline"
            if loose and not found and _names_house(raw, sites):
                break  # the article is the publication's own: what follows are other stories' names
            for name in names.clean(raw, sites=sites, loose=loose):
                if (folded := fold(name)) != heading:
                    found.setdefault(folded, name)
        people = list(found.values())
        if claim.who == "byline" and not people:
            people = next((one for raw in claim.authors[:20] if (one := names.set_apart(raw, sites=sites))), [])
        if people:
            said.append((claim.who, people))
    return said


def _agreed(said: list[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    """The names of the first witness, or those that the head or the markup gives and the page shows, where the first
    one knows none of them."""
    who, best = said[0]
    own = {fold(name) for name in best}
    others = [(w, b, frozenset(fold(n) for n in b)) for w, b in said[1:] if w != who]
    for other, names_there, folded in others:
        shown = any(folded == more for w, _, more in others if w in _SHOWN)
        if other not in _SHOWN and shown and own.isdisjoint(folded):
            return other, names_there
    return who, best


def _names_house(raw: str, sites: frozenset[str]) -> bool:
    """Whether a byline in parts ("Author | The Courier") names the publication itself."""
    pieces = [fold(piece) for piece in raw.split("|")]
    return 1 <= len(pieces) <= 3 and any(piece in sites for piece in pieces)


def _is_handle(name: str) -> bool:
    """Whether a name is the login of a publishing system."""
    return " " not in name and name.isascii() and name == name.lower()


def _house(claims: Iterable[Claims], sites: frozenset[str]) -> tuple[tuple[str, ...], str]:
    """The publication itself, where its head names it as the only author."""
    for claim in claims:
        if claim.who in ("jsonld", "meta", "microdata"):
            for raw in claim.authors[:2]:
                if fold(raw) in sites and len(raw) <= 60 and "/" not in raw:
                    return (raw,), claim.who
    return (), ""


def _without_parts(found: list[str]) -> list[str]:
    """Names without those that are only a part of another one."""
    folded = [fold(name) for name in found]
    return [
        name
        for name, mine in zip(found, folded, strict=True)
        if not any(mine != other and f" {mine} " in f" {other} " for other in folded)
    ]


# --- the rest ---------------------------------------------------------------------------------------------------------


def subtitle(
    candidates: list[tuple[str, str]], shown: Shown, title: str, disabled: Disabled = NONE_DISABLED
) -> tuple[str | None, str]:
    """The standfirst and its witness: as the page shows it, where the page shows what its head describes.

    `candidates` are (witness, text), best first: the seed's, then those of the head.
    """
    heading = fold(title)
    told = [(who, text) for who, text in candidates if _can_be_standfirst(text, heading)]
    if told and told[0][0] == "selectors":
        return told[0][1], "selectors"
    marked = [text for text in shown.claims.subtitles if _can_be_standfirst(text, heading)]
    introductions = [text for text in shown.introductions if _can_be_standfirst(text, heading)]
    if marked:
        return marked[0], "markup"
    for text in (*introductions, *shown.lines):
        if any(_is_same_text(fold(text), fold(other)) for _, other in told) and _can_be_standfirst(text, heading):
            return text, "markup"
    if introductions:
        return introductions[0], "markup"
    below = shown.below if "below" not in disabled else ""
    if _SENTENCE.search(below) and _can_be_standfirst(below, heading):
        return below, "markup"
    return _uncut(told) if told else (None, "")


def _uncut(told: list[tuple[str, str]]) -> tuple[str, str]:
    """The first text, or the longer one of which it is a beginning that was cut off."""
    who, text = told[0]
    start = text.rstrip(" .…")
    if text.endswith(("...", "…")) or not _SENTENCE.search(text):
        for other_who, other in told[1:]:
            if len(other) > len(text) and other.startswith(start) and not other.endswith(("...", "…")):
                return other, other_who
    return text.strip(" |"), who


def agrees(shown: str, told: str | None) -> bool:
    """Whether a text above the body is the standfirst: what the head tells, or, where it tells nothing, a sentence."""
    return _is_same_text(fold(shown), fold(told)) if told else bool(_SENTENCE.search(shown))


def is_excerpt(text: str, body: str) -> bool:
    """Whether a long description is nothing but the beginning of the body, as systems fill it in."""
    return len(text) > 420 and fold(body[:600]).startswith(fold(text[:120]))


def _can_be_standfirst(text: str, heading: str) -> bool:
    folded = fold(text)
    if len(folded) < 12 or folded in heading or _CREDIT.match(text) or _tells_time(text):
        return False
    return not (len(heading) > 15 and heading in folded)


def _tells_time(text: str) -> bool:
    """Whether a text tells a time of day, or how long it takes to read the article."""
    lower = text.lower()
    return any(words in lower for words in _READING_TIME) or _TIME.search(text) is not None


def _is_same_text(shown: str, told: str) -> bool:
    """Whether a shown text is the one that the head tells, perhaps cut or a little shorter there."""
    first, second = set(shown.split()), set(told.split())
    return len(first & second) >= 0.6 * len(second) and len(second) >= 4 and len(first) <= 3 * len(second)


def tags(claims: Iterable[Claims], sites: frozenset[str]) -> tuple[tuple[str, ...], str]:
    """Tags of the first witness that has any, without the site's names and without what only machines read."""
    for claim in claims:
        found: dict[str, str] = {}
        for raw in claim.tags:
            text = raw.strip(" ,;#\"'")
            folded = fold(text)
            if folded and folded not in sites and len(text) <= 100 and not _MACHINE.search(text):
                found.setdefault(folded, text)
        if found:
            return tuple(found.values()), claim.who
    return (), ""


def image(claims: Iterable[Claims], base: str) -> tuple[Image | None, str]:
    """The lead image that the seed or the head names, its address absolute, and the witness."""
    for claim in claims:
        for candidate in claim.images:
            url = join(base, candidate.url) or candidate.url if candidate.url else ""
            if url and (claim.who == "selectors" or not is_generic(url)):
                caption, credit = split_credit(candidate.caption, candidate.credit)
                return replace(candidate, url=url, caption=caption, credit=credit), claim.who
    return None, ""


def publisher(claims: Iterable[Claims]) -> tuple[str | None, str]:
    """The name of the publication."""
    for claim in claims:
        for name in claim.publishers:
            if 1 < len(name) <= 80 and "@" not in name and "http" not in name:
                return name, claim.who
    return None, ""


def _parted(sections: str) -> list[str]:
    """The sections of a list that a program joined; a comma with a space is part of a name ("Food, Drink & Travel")."""
    return sections.split(",") if "," in sections and ", " not in sections else [sections]


def section(claims: Iterable[Claims], sites: frozenset[str], title: str) -> tuple[str | None, str]:
    """The section under which the article stands; of a list without spaces ("Top,Local") the first that is one."""
    for claim in claims:
        for name in (one for told in claim.sections for one in _parted(told)):
            folded = fold(name)
            if not folded or folded in sites or folded in _HOME or folded == fold(title):
                continue
            if len(name) <= 60 and not name.startswith("http"):
                return tidy(name), claim.who
    return None, ""
