"""Health is learnt from what a source gave: silence, lost fields, lost ways, expectations; and who is told when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest

from feeds.health.assess import COMPARED, Arrival, Facts, Health, assess, assess_topic, silence
from feeds.health.feed import health_feed
from feeds.messages import PageLocale, translate
from feeds.messages.engine_words import said
from feeds.model import Publisher
from feeds.render import atom
from feeds.render.pages import feed_page
from feeds.store import TroubleRow
from tests.support.feed_rules import broken

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)  # a Wednesday
HOUR = int(NOW.timestamp()) // 3600
ALL = frozenset({"title", "date", "author", "picture", "text", "section"})
SITE = Publisher("The copy desk", "https://desk.example")


def workdays(weeks: int = 3, per_hour: int = 2) -> tuple[tuple[int, int], ...]:
    """Hours of a paper that writes on weekdays from 8 to 18, up to now."""
    found = []
    for back in range(weeks * 7 * 24, -1, -1):
        at = NOW - timedelta(hours=back)
        if at.weekday() < 5 and 8 <= at.hour < 18:
            found.append((HOUR - back, per_hour))
    return tuple(found)


def facts(**changes: Any) -> Facts:
    made = Facts(
        state="ok",
        cause="",
        added=NOW - timedelta(days=60),
        since=NOW - timedelta(days=60),
        failures=0,
        last_visit=NOW,
        last_success=NOW,
        last_new=NOW,
        hours=workdays(),
        newest=tuple(Arrival(NOW - timedelta(hours=n), ALL) for n in range(130)),
        seconds=(3.0,) * 30,
        ways=tuple(("rss", NOW - timedelta(hours=n)) for n in range(130)),
    )
    return replace(made, **changes)


def kinds(health: Health) -> list[str]:
    return [trouble.kind for trouble in health.troubles]


def test_a_good_source_has_its_numbers() -> None:
    health = assess(facts(), NOW)
    assert (health.state, health.cause, health.troubles) == ("ok", "", ())
    assert health.per_day == 20
    assert health.usual == 20
    assert {one.field: one.latest for one in health.coverage} == dict.fromkeys(ALL, 1.0)


def test_a_weekend_is_no_silence_but_two_are() -> None:
    # from Friday evening to Monday morning nothing came in any week
    assert silence(workdays()) == timedelta(hours=2 * (2 * 24 + 15))
    quiet = timedelta(hours=100)
    assert kinds(assess(facts(last_new=NOW - quiet), NOW)) == []
    health = assess(facts(last_new=NOW - timedelta(hours=130)), NOW)
    assert kinds(health) == ["silent"]
    assert health.state == "degraded"
    assert "nothing new for 5.4 d" in health.cause
    assert health.since == NOW - timedelta(hours=130)


def test_silence_counts_only_what_was_asked_for() -> None:
    # the machine was off for a week, and the first visit is not made yet
    week = NOW - timedelta(days=7)
    assert kinds(assess(facts(last_new=week, last_success=week, last_visit=week), NOW)) == []


def test_a_young_source_has_no_rhythm_yet() -> None:
    few = facts(hours=workdays()[-4:], last_new=NOW - timedelta(days=6))
    assert kinds(assess(few, NOW)) == []
    # two days are known, no weekend: three quiet days are nothing yet
    young = facts(hours=workdays()[-20:], last_new=NOW - timedelta(hours=70))
    assert kinds(assess(young, NOW)) == []


def test_less_than_the_seed_expects_is_told() -> None:
    assert kinds(assess(facts(records_per_day=20), NOW)) == []
    health = assess(facts(records_per_day=25), NOW)
    assert kinds(health) == ["few"]
    assert "22 records in a day where the seed expects 25 a day" in health.cause
    # one story in four days is looked for over four days
    rare = facts(hours=((HOUR - 80, 1),), records_per_day=0.25)
    assert kinds(assess(rare, NOW)) == []
    assert kinds(assess(replace(rare, hours=((HOUR - 100, 1),)), NOW)) == ["few"]
    assert kinds(assess(replace(rare, hours=(), added=NOW - timedelta(days=3)), NOW)) == []


def test_less_than_half_of_the_poorest_day_is_told() -> None:
    steady = tuple((HOUR - back, 2) for back in range(14 * 24, 0, -1))
    assert kinds(assess(facts(hours=steady), NOW)) == []
    # one thin day may be a holiday, two are strange
    for days, found in ((1, []), (2, ["few"])):
        thin = (
            *(one for one in steady if one[0] < HOUR - 24 * days),
            *((HOUR - 20 * n, 5) for n in range(2 * days, 0, -1)),
        )
        health = assess(facts(hours=tuple(sorted(thin))), NOW)
        assert kinds(health) == found
    assert "records in the last two days where there were" in health.cause


def test_a_lost_field_is_told_with_its_day() -> None:
    lost = ALL - {"date"}
    newest = tuple(Arrival(NOW - timedelta(hours=n), lost if n < 24 else ALL) for n in range(130))
    health = assess(facts(newest=newest), NOW)
    assert kinds(health) == ["field:date"]
    assert health.cause == "dates 0% since Tuesday, 2026-03-10, before 100%"
    assert health.since == NOW - timedelta(hours=23)
    # it stays a trouble while there is anything from before to compare with
    for gone in (60, 100):
        newest = tuple(Arrival(NOW - timedelta(hours=n), lost if n < gone else ALL) for n in range(130))
        assert kinds(assess(facts(newest=newest), NOW)) == ["field:date"], gone
    # a field that was never there is no loss, nor is one record without it
    never = tuple(Arrival(at.at, lost) for at in newest)
    assert kinds(assess(facts(newest=never), NOW)) == []
    one = (Arrival(NOW, lost), *(Arrival(at.at, ALL) for at in newest[1:]))
    assert kinds(assess(facts(newest=one), NOW)) == []


def test_a_way_that_fell_silent_while_another_moves_is_told() -> None:
    ways = tuple(("listing" if n < 24 else "rss", NOW - timedelta(hours=n)) for n in range(130))
    health = assess(facts(ways=ways), NOW)
    assert kinds(health) == ["way:rss"]
    assert "rss has told of nothing new since" in health.cause
    assert "listing still does" in health.cause
    mixed = tuple((("listing", "rss")[n % 2], at) for n, (_, at) in enumerate(ways))
    assert kinds(assess(facts(ways=mixed), NOW)) == []


def test_slow_visits_are_shown_but_nobody_is_told() -> None:
    health = assess(facts(seconds=(200.0,) * 5 + (10.0,) * 20), NOW)
    assert health.state == "slow"
    assert [trouble.ripe for trouble in health.troubles] == [False]


def test_failing_visits_are_told_after_a_day_and_a_changed_page_the_second_time() -> None:
    def ripe(state: str, failures: int, hours: float, worsened: bool = False) -> bool:
        good = NOW - timedelta(hours=hours)
        health = assess(facts(state=state, cause="why", failures=failures, last_success=good, worsened=worsened), NOW)
        assert kinds(health) == ["visits"]
        assert health.state == state
        assert health.judged("visits") and not health.judged("silent")
        return health.troubles[0].ripe

    assert not ripe("failing", 3, 23)
    assert ripe("failing", 9, 25)
    assert not ripe("degraded", 1, 1)
    assert ripe("degraded", 2, 1)
    assert ripe("gone", 2, 1)
    assert ripe("failing", 3, 1, worsened=True), "nobody looked while it was degraded"


def test_a_topic_older_than_its_rhythm() -> None:
    hours = workdays()
    assert assess_topic(hours, NOW) == ()
    (trouble,) = assess_topic(hours, NOW + timedelta(days=6))
    assert (trouble.kind, trouble.state) == ("silent", "degraded")
    assert assess_topic(hours, None) == ()
    assert assess_topic(hours[:3], NOW + timedelta(days=60)) == ()


def trouble(n: int = 1, *, closed: datetime | None = None, **changes: Any) -> TroubleRow:
    made = TroubleRow(n, "source:courier", "silent", "degraded", "nothing <new> & old", NOW, NOW, closed)
    return replace(made, **changes)


def test_the_health_feed_has_an_entry_for_a_trouble_and_one_for_its_end() -> None:
    begun = NOW - timedelta(days=1)
    assert health_feed([], SITE, begun).ttl == 10, "readers ask for it every ten minutes"
    first = feedparser.parse(atom(health_feed([], SITE, begun)))
    assert len(first.entries) == 1
    before = atom(health_feed([trouble()], SITE, begun))
    after = atom(health_feed([trouble(closed=NOW + timedelta(hours=5))], SITE, begun))
    assert broken(before, "atom") == []
    ids = [entry.id for entry in feedparser.parse(before).entries]
    entries = feedparser.parse(after).entries
    assert [entry.id for entry in entries][1:] == ids, "what was told stays as it was"
    assert entries[0].title == "courier: no longer degraded (nothing <new> & old)"
    assert b"courier: degraded, nothing &lt;new&gt; &amp; old" in after
    assert len({entry.updated for entry in entries}) == 3
    # many at one moment: no two share a second, and the newest hundred are shown
    many = [trouble(n, subject=f"source:s{n:03}") for n in range(300)]
    crowd = feedparser.parse(atom(health_feed(many, SITE, begun))).entries
    assert len(crowd) == 100
    assert len({entry.updated for entry in crowd}) == 100


def test_what_happened_is_no_story_that_has_a_page() -> None:
    page = feed_page(health_feed([trouble()], replace(SITE, pages=True), NOW)).decode()
    assert "courier: degraded" in page
    assert "/story/" not in page and "/search" not in page


@pytest.mark.parametrize("order", [1, -1])
def test_the_health_feed_does_not_hang_on_the_order_of_its_rows(order: int) -> None:
    rows = [trouble(n, subject=f"source:s{n}") for n in range(5)]
    assert health_feed(rows[::order], SITE, NOW) == health_feed(rows, SITE, NOW)


def test_one_visit_or_one_part_of_a_front_is_no_lost_field() -> None:
    """A ticker brought twenty lines without a name and a picture at once, as it does every morning."""
    ticker = tuple(Arrival(NOW, frozenset({"title", "date", "text"})) for _ in range(20))
    usual = tuple(Arrival(NOW - timedelta(hours=n), ALL) for n in range(1, 130))
    assert kinds(assess(facts(newest=(*ticker, *usual)), NOW)) == []
    told = tuple(("sitemap", NOW) for _ in range(20)) + tuple(("rss", NOW - timedelta(hours=n)) for n in range(1, 110))
    assert kinds(assess(facts(ways=told), NOW)) == []


def weeks(names_on_sunday: Callable[[datetime], bool], now: datetime) -> tuple[Arrival, ...]:
    """The newest records of a paper: two an hour by its own people, on Sundays one an hour by an agency."""
    found = []
    for back in range(21 * 48):
        at = now - timedelta(minutes=30 * back)
        sunday = at.weekday() == 6
        if at.minute and (sunday or at.hour < 4):
            continue
        if sunday or at.hour >= 4:
            found.append(Arrival(at, ALL if not sunday or names_on_sunday(at) else ALL - {"author"}))
    return tuple(found[:COMPARED])


def test_what_comes_back_each_weekend_is_no_lost_field() -> None:
    sunday = datetime(2026, 3, 15, 22, tzinfo=UTC)
    told = facts(newest=weeks(lambda at: False, sunday), last_visit=sunday, last_success=sunday, last_new=sunday)
    assert kinds(assess(told, sunday)) == []
    first = replace(told, newest=weeks(lambda at: at.date() != sunday.date(), sunday))  # it never was so before
    assert kinds(assess(first, sunday)) == ["field:author"]


def test_a_field_that_is_missing_for_much_longer_than_ever_is_lost() -> None:
    agency = ALL - {"author"}
    night = tuple(Arrival(NOW - timedelta(hours=n), agency if n < 30 or 100 <= n < 106 else ALL) for n in range(300))
    assert kinds(assess(facts(newest=night), NOW)) == ["field:author"]
    longer = tuple(Arrival(NOW - timedelta(hours=n), agency if n < 30 or 100 <= n < 118 else ALL) for n in range(300))
    assert kinds(assess(facts(newest=longer), NOW)) == []


@pytest.mark.parametrize("hours", [6, 12, 15])
def test_the_newest_records_of_less_than_a_day_are_not_judged(hours: int) -> None:
    """Ten records of three visits within hours may be one part of a front."""
    agency = ALL - {"picture"}
    newest = tuple(Arrival(NOW - timedelta(hours=n / 2), agency if n / 2 < hours else ALL) for n in range(200))
    assert kinds(assess(facts(newest=newest), NOW)) == []


def test_a_way_that_rests_each_night_is_not_silent() -> None:
    ways = tuple(("listing" if n % 40 < 12 else "rss", NOW - timedelta(hours=2 * n)) for n in range(300))
    assert kinds(assess(facts(ways=ways), NOW)) == []


def test_the_health_feed_speaks_the_language_of_the_installation_in_its_zone() -> None:
    site = replace(SITE, page_locale=PageLocale("de", "Europe/Berlin"))
    cause = "nothing new for 3 d, while 8 h was the longest pause so far"
    row = trouble(cause=cause, closed=NOW + timedelta(hours=5))
    feed = health_feed([row], site, NOW - timedelta(days=1))
    assert (feed.language, feed.title) == ("de", f"Zustand von {site.title}")
    assert broken(atom(feed), "atom") == []
    over, begun, first = (entry.record for entry in feed.entries)
    assert begun.title == f"courier: {translate('degraded', 'de')}, {said(cause, 'de')}"
    assert "degraded" not in begun.title and "nothing new" not in begun.title
    assert over.title == f"courier: nicht mehr {translate('degraded', 'de')} ({said(cause, 'de')})"
    here = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{here:%H:%M} (Europe/Berlin)." in begun.text and f"{here.day}. " in begun.text
    assert f"Vorbei seit {here.day}. " in over.text
    assert first.language == "de" and "told here" not in first.text
    english = health_feed([row], SITE, NOW - timedelta(days=1))
    assert [entry.id for entry in english.entries] == [entry.id for entry in feed.entries], "ids have no language"
