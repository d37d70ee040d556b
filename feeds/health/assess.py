"""How a source is doing, from stored facts: its rhythm, field coverage, state, cause, since when. Pure.

A site that answers 200 without stories fails unnoticed, so silence is measured against the source's own rhythm: the
longest gap between arrivals in four weeks, nights and weekends among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from scrapers import in_words

from ..rows import State
from .selectors import RepairRow
from .selectors import in_words as repair_in_words

LEARN = timedelta(days=28)  # the span that is learnt from
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ENOUGH_HOURS = 8  # hours with arrivals needed for a rhythm
ENOUGH_DAYS = 7  # days after which weekends are known
SILENCE = 2.0  # times the longest known gap
SILENCE_LEAST = timedelta(hours=12)
SILENCE_UNSURE = timedelta(hours=72)  # while no weekend is known
LATEST = 10  # records that are compared with those before
LATEST_SPAN = timedelta(hours=20)  # ... over which they came ...
LATEST_VISITS = 3  # ... by so many visits at least
EARLIER = 30  # earlier records needed for a comparison
USUAL = 0.9  # share of earlier records that had a field
LOST = 0.2  # share of the latest records below which it is lost
AGAIN = 2.0  # times the longest spell without a field or way so far, in records and in time: what is longer is a loss
COMPARED = 10 * EARLIER + LATEST  # records that are looked at
MAIN_WAY = 0.5  # share of earlier stories found by a way
SLOW_SECONDS = 60.0
SLOW_TIMES = 3.0
PATIENCE = 86400.0  # seconds without a good visit before it is reported
RANK = {"new": 0, "ok": 0, "slow": 1, "degraded": 2, "failing": 3, "gone": 4}
NAMES = {"date": "dates", "author": "authors", "picture": "pictures", "text": "whole texts", "section": "sections"}
_REPAIRED = "repaired:"
_SELECTORS = ("selector:", _REPAIRED)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One of the newest records: when it arrived, which fields it has, and by which way its link was found."""

    at: datetime
    fields: frozenset[str]
    way: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored of one source."""

    state: State  # after the last visit
    cause: str
    added: datetime
    since: datetime
    failures: int
    last_visit: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    hours: tuple[tuple[int, int], ...] = ()  # (hour since 1970, records that came in it) of LEARN, in order
    newest: tuple[Arrival, ...] = ()  # the newest first
    seconds: tuple[float, ...] = ()  # that the latest visits took, the newest first
    ways: tuple[tuple[str, datetime], ...] = ()  # (way, when) of the newest links that were new, the newest first
    records_per_day: float | None = None  # seed.expect
    selectors: tuple[RepairRow, ...] = ()  # selectors of its seed that stopped working
    worsened: bool = False  # its state before was milder: a changed page is degraded first


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong. `kind` is stable; a trouble that is not `ripe` is shown but not reported yet."""

    kind: str
    state: State
    cause: str
    since: datetime
    ripe: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """In which share of a source's records a field is: the latest ones, and those before."""

    field: str
    latest: float
    earlier: float | None  # None: too few to know
    since: datetime | None  # from when on it is missing, where it is lost


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a source's health. `judged` are the kinds of trouble that could be assessed this time."""

    state: State
    cause: str
    since: datetime
    troubles: tuple[Trouble, ...]
    coverage: tuple[Coverage, ...]
    per_day: int  # records of the last day
    usual: float | None  # records of a usual day
    rhythm: float | None  # seconds of silence that are normal
    judged: Callable[[str], bool]


def assess(facts: Facts, now: datetime, *, patience: float = PATIENCE) -> Health:
    """The health of a source. While its visits fail, silence and coverage are not judged."""
    troubles = list(_visits(facts, now, patience))
    days = _days(facts.hours, now)
    usual = float(median(days[1:])) if len(days) > 3 else None
    rhythm = silence(facts.hours)
    coverage = tuple(_coverage(facts.newest))
    good = not troubles
    if good and facts.state == "degraded":  # its fronts are right, its pages are not
        troubles.append(Trouble("pages", "degraded", facts.cause, facts.since))
    if good:
        troubles += _silent(facts, rhythm)
        if not troubles:
            troubles += _few(facts, days, now)
        troubles += _lost_fields(coverage)
        troubles += _lost_ways(facts.ways)
        troubles += _slow(facts, now)
    troubles += _selectors(facts.selectors)
    state = max((trouble.state for trouble in troubles), key=RANK.__getitem__, default=facts.state)
    worst = next((trouble for trouble in troubles if trouble.state == state), None)
    return Health(
        state=state,
        cause=_in_short(troubles, facts.selectors),
        since=worst.since if worst else facts.since,
        troubles=tuple(troubles),
        coverage=coverage,
        per_day=days[0] if days else 0,
        usual=usual,
        rhythm=None if rhythm is None else rhythm.total_seconds(),
        judged=(lambda kind: True) if good else (lambda kind: kind == "visits" or kind.startswith(_SELECTORS)),
    )


def _in_short(troubles: Sequence[Trouble], rows: Iterable[RepairRow]) -> str:
    """All causes in one line; what is repaired already is only named."""
    causes = [trouble.cause for trouble in troubles if not trouble.kind.startswith(_REPAIRED)]
    repaired = [row.field for row in rows if row.used]
    return "; ".join([*causes, *([f"repaired: {', '.join(repaired)}"] if repaired else [])])


def silence(hours: Sequence[tuple[int, int]]) -> timedelta | None:
    """How long a silence is normal, from the gaps between hours with arrivals; None: unknown."""
    if len(hours) < ENOUGH_HOURS:
        return None
    gap = max(later[0] - earlier[0] for earlier, later in pairwise(hours))
    known = HOUR * (hours[-1][0] - hours[0][0])
    least = SILENCE_LEAST if known >= DAY * ENOUGH_DAYS else SILENCE_UNSURE
    return max(HOUR * gap * SILENCE, least)


def assess_topic(hours: Sequence[tuple[int, int]], last_success: datetime | None) -> tuple[Trouble, ...]:
    """Whether a topic is silent longer than its own rhythm predicts, though its sources are visited successfully."""
    rhythm = silence(hours)
    if rhythm is None or last_success is None:
        return ()
    newest = datetime.fromtimestamp(hours[-1][0] * 3600, UTC)
    quiet = last_success - newest - HOUR
    if quiet <= rhythm:
        return ()
    longest = in_words(rhythm.total_seconds() / SILENCE)
    cause = f"no story for {in_words(quiet.total_seconds())}, while {longest} was the longest pause so far"
    return (Trouble("silent", "degraded", cause, newest),)


def _visits(facts: Facts, now: datetime, patience: float) -> Iterable[Trouble]:
    """The trouble of failing visits: reported when it lasts, at once when a person must look."""
    if facts.state not in ("degraded", "failing", "gone") or not facts.failures:
        return
    good = facts.last_success or facts.added
    lasting = (now - good).total_seconds() >= patience
    twice = facts.failures >= 2 and (facts.state in ("degraded", "gone") or facts.worsened)
    yield Trouble("visits", facts.state, facts.cause, good, ripe=lasting or twice)


def _silent(facts: Facts, rhythm: timedelta | None) -> Iterable[Trouble]:
    """The trouble of successful visits without new records. Time without visits does not count as silence."""
    if rhythm is None or facts.last_new is None or facts.last_success is None:
        return
    quiet = facts.last_success - facts.last_new
    if quiet > rhythm:
        yield Trouble(
            "silent",
            "degraded",
            f"nothing new for {in_words(quiet.total_seconds())}, while {in_words(rhythm.total_seconds() / SILENCE)}"
            " was the longest pause so far",
            facts.last_new,
        )


def _few(facts: Facts, days: Sequence[int], now: datetime) -> Iterable[Trouble]:
    """Fewer records than the seed expects; without that, two days that have
    less than half of the poorest one before."""
    if facts.last_success is None or now - facts.last_success > DAY:
        return
    expected = facts.records_per_day
    if expected is not None and expected > 0:
        window = max(DAY, DAY / expected)
        if now - facts.added < window:
            return
        hour = int((now - window).timestamp()) // 3600
        came = sum(count for at, count in facts.hours if at >= hour)
        if window <= LEARN and came < expected * (window / DAY):
            span = "a day" if window == DAY else in_words(window.total_seconds())
            yield Trouble(
                "few", "degraded", f"{came} records in {span} where the seed expects {expected:g} a day", now - window
            )
        return
    known = days[2:]
    if len(known) >= ENOUGH_DAYS and min(known) >= 4 and max(days[:2]) * 2 < min(known):
        yield Trouble(
            "few",
            "degraded",
            f"{days[1]} and {days[0]} records in the last two days where there were {min(known)} to {max(known)} a day",
            now - 2 * DAY,
        )


def _days(hours: Sequence[tuple[int, int]], now: datetime) -> list[int]:
    """Records of each whole day before now, the latest first; the first day of a source, when all is new, is out."""
    if not hours:
        return []
    last = int(now.timestamp()) // 3600
    counts: list[int] = [0] * ((last - hours[0][0]) // 24 + 1)
    for at, count in hours:
        counts[max(0, last - at) // 24] += count
    return counts[:-1] or counts


def _coverage(newest: Sequence[Arrival]) -> Iterable[Coverage]:
    """The share of each field; where it is lost, what was before is counted from the loss back, however old that is.

    When no records from before are left to compare with, the loss counts as normal.
    """
    count = _window([arrival.at for arrival in newest])
    latest = newest[:count]
    if not latest:
        return
    for field in ("title", *NAMES):
        share = _share(field, latest)
        place = _lost_from(field, newest, count) if share <= LOST else count
        earlier = newest[place:]
        before = _share(field, earlier) if len(earlier) >= EARLIER else None
        lost = share <= LOST and before is not None and before >= USUAL
        lost = lost and _is_longest([(field in one.fields, one.at) for one in newest], place)
        yield Coverage(field, share, before, newest[place - 1].at if lost else None)


def _share(field: str, arrivals: Sequence[Arrival]) -> float:
    return sum(field in arrival.fields for arrival in arrivals) / len(arrivals)


def _window(times: Sequence[datetime]) -> int:
    """How many of the newest are judged: LATEST at least, that came by several visits over most of a day; 0: too few.

    One visit, or one part of a front, tells little of a source.
    """
    for count in range(LATEST, len(times) + 1):
        if times[0] - times[count - 1] >= LATEST_SPAN and len(set(times[:count])) >= LATEST_VISITS:
            return count
    return 0


def _lost_from(field: str, newest: Sequence[Arrival], latest: int) -> int:
    """The place behind the oldest record of those that lack a field at the top of the list."""
    place = latest
    while place < len(newest) and field not in newest[place].fields:
        place += 1
    while place > 1 and field in newest[place - 1].fields:
        place -= 1
    return place


def _is_longest(had: Sequence[tuple[bool, datetime]], place: int) -> bool:
    """Whether the spell of the records before `place` is much longer than every earlier one without it.

    An agency's reports of each weekend have no author, and the ticker of each morning no picture.
    """
    began = had[place - 1][1]
    count, span = place, had[0][1] - began
    run: list[datetime] = []
    for there, at in (*had[place:], (True, began)):
        if not there:
            run.append(at)
            continue
        if run and (count < AGAIN * len(run) or span < AGAIN * (run[0] - run[-1])):
            return False
        run = []
    return True


def _lost_fields(coverage: Iterable[Coverage]) -> Iterable[Trouble]:
    for one in coverage:
        if one.since is not None and one.earlier is not None:
            yield Trouble(
                f"field:{one.field}",
                "degraded",
                f"{NAMES.get(one.field, one.field)} {one.latest:.0%} since {day(one.since)}, before {one.earlier:.0%}",
                one.since,
            )


def _lost_ways(ways: Sequence[tuple[str, datetime]]) -> Iterable[Trouble]:
    """The trouble of a way that used to find most stories and finds none any more, while another one still does."""
    told = {way for way, _ in ways[: _window([when for _, when in ways])]}
    if not told:
        return
    for way in sorted({way for way, _ in ways} - told):
        place = next(place for place, (one, _) in enumerate(ways) if one == way)
        earlier = ways[place:]
        usual = len(earlier) >= EARLIER and sum(one == way for one, _ in earlier) >= MAIN_WAY * len(earlier)
        if way and usual and _is_longest([(one == way, when) for one, when in ways], place):
            last, still = ways[place][1], ", ".join(sorted(told))
            yield Trouble(
                f"way:{way}", "degraded", f"{way} has told of nothing new since {day(last)}, {still} still does", last
            )


def _selectors(rows: Sequence[RepairRow]) -> Iterable[Trouble]:
    """Selectors of the seed that stopped working. Repaired ones are only noted, those of one look together."""
    for moment in sorted({row.looked for row in rows if row.used and row.looked is not None}):
        mended = [row for row in rows if row.used and row.looked == moment]
        words = ", ".join(f"{row.field} (“{row.written}” → “{row.found}”)" for row in mended)
        yield Trouble(f"{_REPAIRED}{moment:%Y-%m-%dT%H:%M}", "ok", f"repaired: {words}", min(r.since for r in mended))
    for row in rows:
        if row.looked is not None and not row.used:  # one that was not looked at yet soon will be
            yield Trouble(f"selector:{row.field}", "degraded", repair_in_words(row, day(row.since)), row.since)


def _slow(facts: Facts, now: datetime) -> Iterable[Trouble]:
    latest, earlier = facts.seconds[:5], facts.seconds[5:]
    if len(latest) == 5 and len(earlier) >= 10:
        takes, took = median(latest), median(earlier)
        if takes >= SLOW_SECONDS and takes >= SLOW_TIMES * took:
            yield Trouble(
                "slow",
                "slow",
                f"a visit takes {in_words(takes)}, it used to take {in_words(max(1.0, took))}",
                facts.last_visit or now,
                ripe=False,
            )


def day(when: datetime) -> str:
    """A day in words that are right when they are read later: its name and date in UTC."""
    return f"{_DAYS[when.weekday()]}, {when:%Y-%m-%d}"
