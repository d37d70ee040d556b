"""When a selector of a seed counts as silent, when another one is looked for, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.health.assess import Facts, assess
from feeds.health.selectors import LINKS, RepairRow, Told, as_used, by_source, in_words, is_time, silent
from scrapers import Discover, Extract, Seed

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEED = Seed(
    name="lantern",
    home="https://lantern.example/",
    discover=Discover(links="h2 a"),
    extract=Extract(title="h1.a", body=".text"),
)


def told(*fields: str, hours: float) -> Told:
    return Told(NOW - timedelta(hours=hours), frozenset(fields))


def records(latest: Sequence[Told], earlier: int = 10) -> list[Told]:
    return [*latest, *(told("title", "text", hours=24 + n) for n in range(earlier))]


def test_three_records_of_two_visits_without_it_make_a_field_silent() -> None:
    found = silent(SEED, records([told("text", hours=1), told("text", hours=1), told("text", hours=3)]), [])
    assert found == {"extract.title": NOW - timedelta(hours=3)}


def test_the_body_is_the_text_of_a_record() -> None:
    assert set(silent(SEED, records([told("title", hours=n) for n in range(3)]), [])) == {"extract.body"}


@pytest.mark.parametrize(
    "latest",
    [
        [told(hours=1), told(hours=2)],  # too few
        [told(hours=1)] * 5,  # one visit
        [told(hours=1), told("title", "text", hours=2), told(hours=3)],  # it still gives
    ],
)
def test_less_is_no_silence(latest: list[Told]) -> None:
    assert silent(SEED, records(latest), []) == {}


def test_what_never_gave_or_seldom_is_no_habit() -> None:
    latest = [told(hours=n) for n in range(4)]
    assert silent(SEED, records(latest, earlier=4), []) == {}
    assert silent(SEED, [*latest, *(told(*(["title"] if n % 2 else []), hours=9 + n) for n in range(10))], []) == {}


def test_the_links_are_silent_after_two_visits() -> None:
    row = RepairRow("lantern", LINKS, "h2 a", NOW, missed=1)
    assert silent(SEED, [], [row]) == {}
    assert silent(SEED, [], [RepairRow("lantern", LINKS, "h2 a", NOW, missed=2)]) == {LINKS: NOW}


def test_another_one_is_looked_for_once_a_day() -> None:
    row = RepairRow("lantern", LINKS, "h2 a", NOW, looked=NOW)
    assert not is_time([], [], NOW)
    assert is_time([LINKS], [], NOW)
    assert not is_time([LINKS], [row], NOW + timedelta(hours=23))
    assert is_time([LINKS], [row], NOW + timedelta(hours=24))
    assert is_time([LINKS, "extract.title"], [row], NOW + timedelta(hours=1)), "the title was not looked for yet"


def test_a_seed_is_used_with_what_was_repaired_as_long_as_its_file_says_the_same() -> None:
    row = RepairRow("lantern", LINKS, "h2 a", NOW, found="h3 a", used=True)
    assert as_used(SEED, [row]).discover.links == "h3 a"
    assert as_used(SEED, [row]).extract == SEED.extract
    for other in (
        RepairRow("lantern", LINKS, "h4 a", NOW, found="h3 a", used=True),  # the file says something else now
        RepairRow("lantern", LINKS, "h2 a", NOW, found="h3 a"),  # only proposed
        RepairRow("lantern", "extract.authors", ".by", NOW, found=".b", used=True),  # the file has it no more
    ):
        assert as_used(SEED, [other]) is SEED


def facts(state: str, *rows: RepairRow) -> Facts:
    good = NOW if state == "ok" else NOW - timedelta(days=2)
    return Facts(state, "", NOW, NOW, 0 if state == "ok" else 3, NOW, good, NOW, selectors=rows)


def test_a_repair_is_told_and_is_no_trouble() -> None:
    row = RepairRow("lantern", "extract.title", "h1.a", NOW, looked=NOW, found="h1.b", used=True)
    other = RepairRow("lantern", "extract.body", ".text", NOW, looked=NOW, found=".copy", used=True)
    assert len(assess(facts("ok", row, other), NOW).troubles) == 1, "what is repaired at once is told at once"
    health = assess(facts("ok", row), NOW)
    assert health.state == "ok"
    (trouble,) = health.troubles
    assert trouble.kind == "repaired:2026-03-10T12:00"
    assert trouble.cause == "repaired: extract.title (“h1.a” → “h1.b”)"
    assert health.cause == "repaired: extract.title"


def test_a_selector_that_nothing_replaces_is_a_trouble() -> None:
    row = RepairRow("lantern", LINKS, "h2 a", NOW, looked=NOW, state="unsure", found="h3 a")
    health = assess(facts("ok", row), NOW)
    assert health.state == "degraded"
    assert health.troubles[0].kind == "selector:discover.links"
    assert "“h3 a” may do" in health.troubles[0].cause
    # it is judged while visits fail too, and what is not looked for yet is not told
    failing = assess(facts("failing", row), NOW)
    assert [trouble.kind for trouble in failing.troubles] == ["visits", "selector:discover.links"]
    assert failing.judged("selector:discover.links") and not failing.judged("silent")
    assert assess(facts("ok", RepairRow("lantern", LINKS, "h2 a", NOW, missed=1)), NOW).troubles == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"used": True, "found": "h1.b"}, "extract.title is “h1.b”, for “h1.a” gives nothing since Monday"),
        (
            {"found": "h1.b"},
            "extract.title (“h1.a”) gives nothing since Monday; “h1.b” may do, but is not certain",
        ),
        (
            {"state": "holds"},
            "extract.title (“h1.a”) gives nothing on new pages since Monday, though it is right on older ones",
        ),
        (
            {"state": "lost", "evidence": "no page could be had"},
            "extract.title (“h1.a”) gives nothing since Monday, and nothing else was found: no page could be had",
        ),
        ({"state": "lost"}, "extract.title (“h1.a”) gives nothing since Monday, and nothing else was found"),
    ],
)
def test_a_silent_selector_in_words(row: dict[str, Any], said: str) -> None:
    assert in_words(RepairRow("lantern", "extract.title", "h1.a", NOW, **row), "Monday") == said


def test_rows_by_source_keep_their_order() -> None:
    rows = [RepairRow(name, field, "a", NOW) for name, field in (("a", "x"), ("b", "x"), ("a", "y"))]
    assert by_source(rows) == {"a": [rows[0], rows[2]], "b": [rows[1]]}
