"""When an article was published and changed: the decision among the dates that the witnesses give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.page import dates

from ..claims import Claims
from ..lexicon.date_labels import Dated, Kind, dated, kind_before, kind_of, kinds_behind
from ..lexicon.places import language_of_place, zone_of_place
from ..rules import NONE_DISABLED, Disabled
from . import date_search

MAX_SAID = 32
WEIGHTS = {"jsonld": 1.0, "meta": 0.9, "microdata": 0.8}
_ENGLISH = {"uk": "GB"} | {c: c.upper() for c in "au nz ie in za sg my ng ke gh pk lk bd hk us ph".split()}  # noqa: SIM905
LABELLED, SHOWN, SENTENCE = 0.9, 0.6, 0.2  # weights of what the page shows
RELEASED = timedelta(minutes=1)  # in which a system writes a change and releases it
DATED = 0.29  # of a date in the head that may be any: less than a day that the page shows
ANY_ZONE = timedelta(hours=14)  # between the same time in two zones
MOVED = timedelta(days=60)  # between the day in an address and a publication that is another one
_IN_DIGITS = re.compile(r"(?<!\d)\d\d?([./-])\d\d?\1(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Said:
    """A date that a witness gave, as a moment."""

    who: str
    moment: dates.Moment
    weight: float = 1.0
    turnable: bool = False  # in digits, of which day and month may be in the other order
    stand_in: bool = False  # of a change: it stands for a publication of which nobody tells


@dataclass(frozen=True, slots=True)
class Locale:
    """How the page writes dates: its language, its zone, and the present moment where distances may be read."""

    language: str | None
    zone: str | None
    now: datetime | None

    def read(self, text: str) -> dates.Moment | None:
        return dates.read(text, language=self.language, timezone=self.zone, now=self.now)

    def read_all(self, text: str) -> list[dates.Reading]:
        return dates.read_all(text, language=self.language, timezone=self.zone, now=self.now)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page says of its dates, by witness."""

    locale: Locale
    own: Sequence[Claims] = ()  # of the article itself, best first
    others: Sequence[Claims] = ()  # of the page and the site
    chosen: Claims | None = None  # the seed's selectors
    shown: Sequence[Dated] = ()  # around the headline and marked, nearest first
    beside: Sequence[str] = ()  # dates of the page's other <time> elements, as their attributes tell them
    address: str = ""
    host: str = ""
    scripts: Callable[[], Iterable[str]] = tuple  # texts of the page's scripts
    tree: LexborHTMLParser | None = None  # for the search of last resort
    heading: LexborNode | None = None
    title: str = ""
    disabled: Disabled = field(default=NONE_DISABLED)


def dialect(declared: Iterable[str], language: str | None, host: str) -> str | None:
    """The page's language with its region, where one of its declarations or its address tells it: it orders digits.

    Of a page that neither declares nor speaks one for certain, the language of its country.
    """
    if language is None or "-" in language:
        return language or language_of_place(host)
    for tag in declared:
        own, sign, region = tag.replace("_", "-").partition("-")
        if sign and own.lower() == language.lower() and len(region) == 2 and region.isalpha():
            return f"{language}-{region.upper()}"
    country = host.rpartition(".")[2].lower()
    return f"{language}-{_ENGLISH[country]}" if language.lower() == "en" and country in _ENGLISH else language


def of_page(evidence: Evidence) -> tuple[Said | None, Said | None]:
    """First publication and last change."""
    locale, disabled = evidence.locale, evidence.disabled
    published, changed = _shown(evidence.shown, locale)
    published = _before(changed, published)
    told = read(_told(evidence, published[0] if published else None), locale)
    first = [*told[: MAX_SAID - len(published)], *published]
    day = None if "url" in disabled else date_search.of_address(evidence.address)
    if evidence.beside and any(said.turnable for said in first):
        first = _all_turned(first, read([("beside", text, 0.0) for text in evidence.beside], locale))
    if not first and "search" not in disabled:
        first = _before(changed, _searched(evidence, day))
    elif not any(said.moment.exact for said in first):
        first += [s for s in _scripts(evidence) if any(_day(s) == _day(other) for other in first)]
    if day is not None:
        told_by_address = read([("url", day, 0.3)], locale)
        first = [_turned(said, told_by_address) for said in first]
        first = _original(first, told_by_address) if "moved" not in disabled else first + told_by_address
    changes = read([(c.who, t, 1.0) for c in evidence.own for t in c.updated[:2]], locale) + changed
    if not first:
        first = [replace(s, stand_in=True) for s in changes]
    place = None if locale.zone else zone_of_place(evidence.host, locale.language)
    return decide(first, disabled, place), decide(changes, disabled, place)


def _turned(said: Said, others: list[Said]) -> Said:
    """A date in digits, with day and month swapped where that gives the day in the page's address."""
    when = said.moment.when
    if said.who != "markup" or when.day > 12 or when.day == when.month:
        return said
    turned = when.replace(month=when.day, day=when.month)
    fits = any(_day(other) == (turned.year, turned.month, turned.day) for other in others)
    return replace(said, moment=replace(said.moment, when=turned)) if fits else said


def _before(changed: list[Said], found: list[Said]) -> list[Said]:
    """The dates that are labelled, or not later than the last change that is shown: nothing is published after it."""
    last = max((_naive(said) for said in changed), default=None)
    if last is None:
        return found
    return [said for said in found if said.weight >= LABELLED or _naive(said) - last < timedelta(days=1)]


def _all_turned(first: list[Said], others: list[Said]) -> list[Said]:
    """Dates in digits, turned where other dates of the page give the turned day and none gives the plain one."""
    days = {_day(other) for other in others}
    return [_turned(said, others) if said.turnable and _day(said) not in days else said for said in first]


def _original(first: list[Said], by_address: list[Said]) -> list[Said]:
    """The dates of publication with that of the address, without those that are much later than it.

    An article that is moved to another system, or published anew, keeps its address. What is earlier than the address
    tells that this is no address of a publication.
    """
    apart = [_naive(said) - _naive(by_address[0]) for said in first] if by_address else []
    if apart and min(apart) > timedelta(days=-2):
        first = [said for said, later in zip(first, apart, strict=True) if later < MOVED]
    return first + by_address


def _naive(said: Said) -> datetime:
    return said.moment.when.replace(tzinfo=None)


def _told(evidence: Evidence, shown: Said | None) -> list[tuple[str, str, float]]:
    """The dates of publication in the head and in the data: (witness, text, weight)."""
    first: list[tuple[str, str, float]] = []
    if evidence.chosen is not None:
        first += [("selectors", t, 10.0) for t in evidence.chosen.published]
    for claims in evidence.own:
        weight = WEIGHTS.get(claims.who, 0.6) * _worth(claims, evidence.locale, shown)
        first += [(claims.who, t, weight if i == 0 else weight * 0.5) for i, t in enumerate(claims.published[:8])]
        first += [(claims.who, t, DATED) for t in claims.dated[:4]]
    return first + [(c.who, t, 0.4) for c in evidence.others for t in c.published]


def _worth(claims: Claims, locale: Locale, shown: Said | None) -> float:
    """What the publication that a witness tells is worth.

    Little where it dates the last change before: then its field means something else, such as the site's last release.
    The same where it gives both the same second, and the page (`shown`) an earlier day: it knows of the change alone.
    """
    if not (claims.published and claims.updated):
        return 1.0
    published, changed = locale.read(claims.published[0]), locale.read(claims.updated[0])
    if published is None or changed is None:
        return 1.0
    later = published.when.replace(tzinfo=None) - changed.when.replace(tzinfo=None)
    if published.zoned and changed.zoned:
        later = published.when - changed.when
    if later > timedelta(days=1):
        return 0.5
    if later < timedelta() or not (published.exact and changed.exact):
        return 1.0
    alone = shown is not None and published.when.replace(tzinfo=None) - _naive(shown) > (
        ANY_ZONE if shown.moment.exact else ANY_ZONE + timedelta(days=1)
    )
    return 0.25 if (alone if not later else later < RELEASED) else 1.0


def _shown(shown: Sequence[Dated], locale: Locale) -> tuple[list[Said], list[Said]]:
    """What the page shows: dates of publication and of changes."""
    first: list[Said] = []
    changes: list[Said] = []
    for line in shown[:MAX_SAID]:
        for moment, kind in _line(line, locale):
            if kind == "changed":
                changes.append(Said("markup", moment, SHOWN))
            elif kind != "other":
                weight = SENTENCE if line.sentence else LABELLED if kind else SHOWN
                first.append(Said("markup", moment, weight, turnable=_IN_DIGITS.search(line.text) is not None))
    return first, changes


def _line(line: Dated, locale: Locale) -> list[tuple[dates.Moment, Kind]]:
    """The dates of one shown line with what they are called: of several, each by the words before it."""
    if line.shown:
        return _element(line, locale)
    found = locale.read_all(line.text)
    if len(found) > 1:
        behind = kinds_behind(line.text)
        kinds = behind if len(behind) == len(found) else [kind_before(reading.before) for reading in found]
        unnamed: Kind = "other" if "published" in kinds else "" if "changed" in kinds else line.kind
        return [
            (r.moment, kind or ("other" if n else unnamed))
            for n, (r, kind) in enumerate(zip(found, kinds, strict=True))
        ]
    moment = locale.read(line.text)
    return [(moment, line.kind)] if moment is not None else []


def _element(line: Dated, locale: Locale) -> list[tuple[dates.Moment, Kind]]:
    """The date of an element with an attribute. Where its text shows another day, the attribute is another date."""
    told, seen = locale.read(line.text), locale.read(line.shown)
    if told is None or seen is None:
        only = told or seen
        return [(only, line.kind)] if only is not None else []
    if told.zoned and seen.zoned and _same_minute(told, seen):
        return [(seen, line.kind)]  # the same minute in the paper's own zone
    apart = abs((told.when.replace(tzinfo=None) - seen.when.replace(tzinfo=None)).total_seconds())
    if apart > 36 * 3600:
        if not locale.read_all(line.shown):
            return [(told, line.kind)]  # "8 months ago" is not as exact
        shown = line.kind if line.kind != "changed" else kind_of(line.shown, "")  # a class may mean the attribute
        return [(seen, shown), (told, "changed" if told.when > seen.when else "other")]
    if seen.exact and not told.exact:
        return [(seen, line.kind), (told, line.kind)]
    return [(told, line.kind)] if told.exact or not seen.exact else [(seen, line.kind)]


def _searched(evidence: Evidence, day: str | None) -> list[Said]:
    """Dates of the whole page, for pages whose head, headline and `<time>` say nothing."""
    if evidence.tree is None:
        return _scripts(evidence)
    shown = date_search.search(evidence.tree, evidence.heading, evidence.title)
    first, _ = _shown([line for line in shown if line.kind not in ("changed", "other")][:MAX_SAID], evidence.locale)
    scripts = _scripts(evidence)
    if not first:
        if scripts or day is not None:
            return scripts[:1]
        plain = (s.text for s in shown if s.kind != "other")
        moments = (evidence.locale.read(text) for text in plain)
        return [Said("markup", m, 0.3) for m in moments if m is not None][:1]
    return [replace(first[0], weight=0.5), *(s for s in scripts if _day(s) == _day(first[0]))]


def _scripts(evidence: Evidence) -> list[Said]:
    return read([("state", t, 0.4) for t in date_search.in_scripts(evidence.scripts())], evidence.locale)


def of_line(who: str, text: str, locale: Locale) -> Said | None:
    """The date of a line by itself, unless it calls it another one."""
    first, _ = _shown([dated(text, "")], locale)
    return replace(first[0], who=who) if first else None


def instead(first: Said | None, line: Said | None) -> Said | None:
    """The date of a line of the body in the place of none, of a change (what is published is not later), or of any."""
    if first is None or line is None:
        return first or line
    if first.stand_in:
        return line if _naive(line) - _naive(first) < timedelta(days=1) else first
    return line if first.who == "meta" and first.weight == DATED and _day(line) != _day(first) else first


def read(said: Iterable[tuple[str, str, float]], locale: Locale) -> list[Said]:
    """The (witness, text, weight) that are dates, in order."""
    found: list[Said] = []
    for who, text, weight in list(said)[:MAX_SAID]:
        moment = locale.read(text)
        if moment is not None:
            found.append(Said(who, moment, weight))
    return found


def decide(found: list[Said], disabled: Disabled = NONE_DISABLED, place: str | None = None) -> Said | None:
    """The date for which most witnesses speak, made as exact as they allow: its time of day, its zone.

    `place` is the zone of the paper's country, for a time in UTC that falls on another day there.
    """
    if not found:
        return None
    best = found[0]
    if "agreement" not in disabled:
        best = max(found, key=lambda said: _support(said, found))
    if not best.moment.exact:  # the same day, told with its time
        best = next((s for s in found if s.moment.exact and _day(s) == _day(best)), best)
    if not best.moment.exact:
        return best
    if not best.moment.zoned:
        return _with_zone(best, found, disabled)
    return best if best.moment.when.utcoffset() else _in_local_time(best, found, place)


def _with_zone(best: Said, found: list[Said], disabled: Disabled) -> Said:
    """A local time with the zone that the other dates of the page tell."""
    for other in found:
        if other.moment.exact and other.moment.zoned and _offset(best, other) is not None:
            return other
    zones = {s.moment.when.utcoffset() for s in found if s.moment.zoned and s.moment.when.utcoffset()}
    if len(zones) != 1 or "offset" in disabled:
        return best
    zone = timezone(zones.pop() or timedelta())
    return replace(best, moment=replace(best.moment, when=best.moment.when.replace(tzinfo=zone), zoned=True))


def _in_local_time(best: Said, found: list[Said], place: str | None) -> Said:
    """A time told in UTC, in the zone in which the page shows the same minute, or the day that it names."""
    for other in found:
        if other is best or not other.moment.exact:
            continue
        if other.moment.zoned and other.moment.when.utcoffset() and _same_minute(other.moment, best.moment):
            return replace(best, moment=other.moment)
        minutes = None if other.moment.zoned else _offset(other, best)
        if minutes:
            zone = timezone(timedelta(minutes=minutes))
            return replace(best, moment=replace(best.moment, when=best.moment.when.astimezone(zone)))
    there = dates.zone_of(place)
    if there is None:
        return best
    local = replace(best, moment=replace(best.moment, when=best.moment.when.astimezone(there)))
    named = any(not s.moment.exact and _day(s) == _day(local) for s in found)
    midnight = local.moment.when.hour == local.moment.when.minute == 0  # a local day, told in UTC
    return local if _day(local) != _day(best) and (named or midnight) else best


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
            return _same_minute(a.moment, b.moment)
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


def _same_minute(a: dates.Moment, b: dates.Moment) -> bool:
    return abs(a.when - b.when) < timedelta(minutes=1)


def _day(said: Said) -> tuple[int, int, int]:
    when = said.moment.when
    return when.year, when.month, when.day


def _offset(local: Said, zoned: Said) -> int | None:
    """The zone, in minutes east, in which a zoned time is a local one; None when there is no such zone."""
    apart = local.moment.when.replace(tzinfo=None) - zoned.moment.when.astimezone(UTC).replace(tzinfo=None)
    minutes = apart / timedelta(minutes=1)
    nearest = round(minutes / 15) * 15
    return nearest if -12 * 60 <= minutes <= 14 * 60 and abs(minutes - nearest) < 1 else None
