"""When an article was published and changed: the decision among the dates that the witnesses give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers import dates

from .addresses import path
from .claims import tidy
from .markup import elsewhere, line_of, of_others
from .rules import DISABLED
from .signs import Dated, dated

MAX_SAID = 24
MAX_NODES = 12_000  # of the whole page, in the search of last resort
MAX_CANDIDATES = 1500

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_DAY_FIRST = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_](0[1-9]|1[0-2])[-_]((?:19|20)\d\d)(?!\d)")
_URL_WORDS = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}/(\d\d?)(?:/|$)", re.I
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MARKED = re.compile(
    r"(?<![a-z])(?:date|datum|publi|fecha|posted|time(?!line)|stamp|meta|info|byline|dateline)|(?<=[a-z])(?:Date|Datum|Time)\b",
    re.I,
)
_CANDIDATES = (
    "[class*=date i], [class*=datum i], [class*=publi i], [class*=fecha i], [class*=posted i], [class*=time i], "
    "[class*=stamp i], [class*=meta i], [class*=info i], [class*=byline i], [id*=date i], [id*=meta i], [id*=info i], "
    'abbr[title], [title*="20"], [title*="19"], '
    ':lexbor-contains("20"), :lexbor-contains("19"), :lexbor-contains("۱"), :lexbor-contains("25")'
)
_NOT_DATED = re.compile(
    r"©|copyright|aktuelle zeit|current time|today is|heute ist|registriert|joined|member since|mitglied seit", re.I
)
_OPENS_WITH_DATE = re.compile(r"[(\[]?(?:[^\W\d_]{2,12}[.,]{0,2}\s{1,2}){0,3}[\d٠-٩۰-۹]")
_WRITTEN = re.compile(
    r"\b(?:geschrieben|veröffentlicht|gepostet|eingestellt|erstellt|verfasst|published|posted|written|publié|publicado|pubblicato|"
    r"gepubliceerd|geplaatst|publicerad|publisert|opublikowano|опубликовано)\b",
    re.I,
)
_IN_SCRIPT = re.compile(
    r"[\"']?(?:date_?published|published_?(?:at|date|time|on)|publi(?:sh|cation)_?(?:date|time)|pub_?date|pubDateTime|"
    r"article_?publish(?:ed)?_?(?:time|date)|first_?publish(?:ed)?_?(?:date|at|time)?|cms_?publishing_?date|created_?at|"
    r"publish_?hour_?of_?day|display_?date)[\"']?\s{0,3}[:=]\s{0,3}[\"']([^\"'\n]{8,40})[\"']",
    re.I,
)
_SCRIPT_WORDS = ("publish", "publication", "pubdate", "pub_date", "created")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)|\d\d?[./]\d\d?[./]\d\d(?!\d)|[۰-۹]{4}")


@dataclass(frozen=True, slots=True)
class Said:
    """A date that a witness gave, as a moment."""

    who: str
    moment: dates.Moment
    weight: float = 1.0


def of_address(url: str) -> str | None:
    """The day in an address such as /2024/03/18/ or /20240318-…"""
    where = path(url)
    if match := _URL_DATE.search(where):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := _URL_WORDS.search(where):
        return f"{match[1]}-{_MONTHS.index(match[2].lower()) + 1:02d}-{int(match[3]):02d}"
    if match := _URL_DAY_FIRST.search(where):
        return f"{match[3]}-{match[2]}-{match[1]}"
    return None


def read(
    said: Iterable[tuple[str, str, float]], *, language: str | None, zone: str | None, now: datetime | None
) -> list[Said]:
    """The (witness, text, weight) that are dates, in order."""
    found: list[Said] = []
    for who, text, weight in list(said)[:MAX_SAID]:
        moment = dates.read(text, language=language, timezone=zone, now=now)
        if moment is not None:
            found.append(Said(who, moment, weight))
    return found


def decide(found: list[Said]) -> Said | None:
    """The date for which most witnesses speak, made as exact as they allow: its time of day, its zone."""
    if not found:
        return None
    best = found[0]
    if "agreement" not in DISABLED:
        best = max(found, key=lambda said: _support(said, found))
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
            return replace(best, moment=replace(best.moment, when=best.moment.when.replace(tzinfo=zone), zoned=True))
        return best
    if not best.moment.when.utcoffset():  # told in UTC: the local time that the page shows tells its zone
        for other in found:
            if other is best or not other.moment.exact:
                continue
            if other.moment.zoned and other.moment.when == best.moment.when and other.moment.when.utcoffset():
                return replace(best, moment=other.moment)
            minutes = None if other.moment.zoned else _offset(other, best)
            if minutes:
                zone = timezone(timedelta(minutes=minutes))
                return replace(best, moment=replace(best.moment, when=best.moment.when.astimezone(zone)))
    return best


def _support(said: Said, found: list[Said]) -> float:
    """The weight of the witnesses whose dates agree with this one, each witness counted once."""
    voices: dict[str, float] = {}
    for other in found:
        if other is said or _agree(said, other):
            weight = other.weight if other.moment.exact else other.weight * 0.5
            voices[other.who] = max(voices.get(other.who, 0.0), weight)
    return sum(voices.values()) + said.weight * 0.01


def _agree(a: Said, b: Said) -> bool:
    """Whether two dates can be the same: the same instant, the same local time, or the same day."""
    if a.moment.exact and b.moment.exact:
        if a.moment.zoned and b.moment.zoned:
            return abs(a.moment.when - b.moment.when) < timedelta(minutes=1)
        if a.moment.zoned != b.moment.zoned:
            return _offset(b, a) is not None if a.moment.zoned else _offset(a, b) is not None
        return a.moment.when == b.moment.when
    if _day(a) == _day(b):
        return True
    exact, day = (a, b) if a.moment.exact else (b, a)
    if not exact.moment.exact or not exact.moment.zoned or exact.moment.when.utcoffset():
        return False
    apart = exact.moment.when.replace(tzinfo=None) - day.moment.when.replace(tzinfo=None)
    return timedelta(hours=-14) <= apart < timedelta(hours=36)  # told in UTC: the day may be another zone's


def _day(said: Said) -> tuple[int, int, int]:
    when = said.moment.when
    return when.year, when.month, when.day


def _offset(local: Said, zoned: Said) -> int | None:
    """The zone, in minutes east, in which a zoned time is a local one; None when there is no such zone."""
    apart = local.moment.when.replace(tzinfo=None) - zoned.moment.when.astimezone(UTC).replace(tzinfo=None)
    minutes = apart / timedelta(minutes=1)
    nearest = round(minutes / 15) * 15
    return nearest if -12 * 60 <= minutes <= 14 * 60 and abs(minutes - nearest) < 1 else None


def search(tree: LexborHTMLParser, heading: LexborNode | None, title: str) -> list[Dated]:
    """Dates in marked elements and short lines of the whole page, the nearest after the headline first.

    For pages whose head, headline and `<time>` say nothing: it takes as long as all other witnesses together.
    """
    if tree.body is None:
        return []
    order = {node.mem_id: i for i, node in enumerate(tree.body.css("*")[:MAX_NODES])}
    line = line_of(heading)
    place = order.get(heading.mem_id, -1) if heading is not None else -1
    if heading is None and (where := _place_of_title(tree.body, title)) is not None:
        place, line = order.get(where.mem_id, -1), line_of(where)
    reach: list[tuple[float, Dated]] = []
    for node in tree.body.css(_CANDIDATES)[:MAX_CANDIDATES]:
        tag = node.tag
        if tag in ("script", "style", "noscript", "option", "template", "textarea"):
            continue
        attributes = node.attributes
        name = (attributes.get("class") or "") + " " + (attributes.get("id") or "")
        marked = bool(_MARKED.search(name)) and _is_small(node)
        told = attributes.get("title") or "" if tag in ("abbr", "span", "a") else ""
        if told and _YEAR.search(told) and len(told) < 60 and (marked or tag == "abbr"):
            text = told
        else:
            text = tidy(node.text(separator=" ") if marked else node.text(deep=False), 400)
        text = _excerpt(text)
        if text and node.mem_id in order and not of_others(node, line):
            away = 400.0 if elsewhere(node, line) else 0.0
            reach.append((_distance(order[node.mem_id], place, marked) + away, dated(text, name)))
    reach.sort(key=lambda item: item[0])
    return list(dict.fromkeys(shown for _, shown in reach))


def _is_small(node: LexborNode) -> bool:
    """Whether an element holds fewer than thirty others. No query: junk may nest thousands of them."""
    return sum(1 for _ in islice(node.traverse(include_text=False), 30)) < 30


def _place_of_title(body: LexborNode, title: str) -> LexborNode | None:
    """Where the page shows a title that stands in no heading of the first two levels."""
    start = title[:40].split('"')[0].split("\\")[0].strip()
    if len(start) < 8:
        return None
    for node in body.css(f':lexbor-contains("{start}")')[:20]:
        if tidy(node.text(deep=False), 400) == title:
            return node
    return None


def _distance(place: int, heading: int, marked: bool) -> float:
    """How far a date is from the headline, as a reader would look for it: below it, in a marked place."""
    if heading < 0:
        return place * (0.3 if marked else 1.0)
    apart = place - heading
    return (apart if apart >= 0 else 40.0 - 2.0 * apart) * (0.3 if marked else 1.0)


def _excerpt(text: str) -> str:
    """What of a line may be its date: a short line whole, a long one where it opens with a date or tells of writing."""
    match = _YEAR.search(text)
    if match is None or len(text) < 6 or _NOT_DATED.search(text[:60]):
        return ""
    if len(text) <= 90:
        return text
    if match.start() <= 24 and _OPENS_WITH_DATE.match(text):
        return text[: match.end() + 16]
    start = max(0, match.start() - 40)
    around = text[start : match.end() + 40]
    return around if _WRITTEN.search(around) else ""


def in_scripts(texts: Iterable[str]) -> Iterator[str]:
    """Dates of publication in the data of inline scripts."""
    for text in texts:
        text = text[:400_000]
        lowered = text.lower()
        for word in _SCRIPT_WORDS:  # plain finds, as a search for the whole pattern takes ten times as long
            place = -1
            for _ in range(40):
                place = lowered.find(word, place + 1)
                if place < 0:
                    break
                match = _IN_SCRIPT.search(text, max(0, place - 12), place + 90)
                if match is not None:
                    yield match[1]
                    break
