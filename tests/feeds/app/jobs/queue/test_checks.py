"""What a Run and a request of another machine may be: each rule at its bound and beyond it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from feeds.app.jobs.queue import checks
from feeds.app.jobs.queue.checks import check_request, checked_run, fitting
from feeds.app.jobs.visits import VisitRequest
from scrapers import Discover, Draft, Failure, Front, Hop, Page, Past, Record, Run, Seed, Seen, to_record
from scrapers.model import File, Image, Sample

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
ASKED = VisitRequest(SEED)
RUN = Run("courier", NOW - timedelta(minutes=1), NOW)
HOME = "https://courier.example/"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def record(name: str = "the-old-quay-is-closed", **changes: Any) -> Record:
    draft = Draft(title="Old quay closed", text="The old quay is closed until spring, the harbour office said.")
    made = to_record(draft, url=f"{HOME}2026/{name}", seed=SEED, first_seen=NOW)
    return replace(made, **changes)


def refusal(run: Run, request: VisitRequest = ASKED) -> str | None:
    try:
        checked_run(run, request, NOW)
    except ValueError as error:
        return str(error)
    return None


RIGHT: list[dict[str, Any]] = [
    {},
    {"finished": NOW + 5 * MINUTE},
    {"started": NOW - 2 * 60 * MINUTE},
    {"started": NOW, "finished": NOW},
    {"records": (record(), record("the-ferry-sails-again"))},
    {"records": (record(first_seen=NOW + 5 * MINUTE),)},
    {"records": (record(etag="e" * 2000, language="en"),)},
    {"records": (record(image=Image(f"{HOME}i.jpg", width=0, length=10**13 - 1)),)},
    {"failures": (Failure(HOME, "Refused", "r" * 4000, status=999, retry_after=366 * 86400.0),)},
    {"failures": (Failure(HOME, "Refused", "", status=0, retry_after=0.0),)},
    {"seen": (Seen("u" * 4000, "kept"),)},
    {"queued": (HOME,)},
    {"fronts": (Front(HOME, unchanged=10**9, links=10**9, whole=NOW),)},
    {"links": 10**9, "chosen": 0, "ways": {"rss": 1}, "shapes": {"a": 10**9}},
    {"fresh_for": 366 * 86400.0},
    {"redirected": "https://herald.example/"},
    {"samples": (Sample(Page(HOME, b"x" * 1_500_000, fetched=NOW), "why"),) * 10},
    {"notes": ("n",) * 100, "passed": frozenset({"p" * 4000}), "title": "t" * 2000},
]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"source": "herald"}, "it is of 'herald'"),
    ({"finished": NOW + 5 * MINUTE + timedelta(seconds=1)}, "it was not made when it says"),
    ({"started": NOW - 121 * MINUTE}, "it was not made when it says"),
    ({"started": NOW + timedelta(seconds=1)}, "it was not made when it says"),
    ({"started": NOW.replace(tzinfo=None)}, "a date has no zone"),
    ({"finished": NOW.replace(year=9999)}, "a date is none"),
    ({"started": NOW.replace(year=1900)}, "a date is none"),
    ({"records": (record(), record())}, "a record stands twice"),
    ({"records": (record(first_seen=NOW + 6 * MINUTE),)}, "a record was not seen when it says"),
    ({"records": (record(etag="e" * 2001),)}, "a record: a text is longer than 2,000 characters"),
    ({"records": (record(witnesses={"title": "w" * 2001}),)}, "a record: a text is longer than 2,000 characters"),
    ({"records": (record(robots=("noarchive",) * 101),)}, "a record's robots: are more than 100"),
    ({"records": (record(updated=NOW.replace(tzinfo=None)),)}, "a date has no zone"),
    ({"records": (record(image=Image(f"{HOME}i.jpg", length=10**13)),)}, "a number of a record is none"),
    ({"records": (record(files=(File(f"{HOME}a.mp3", "audio/mpeg", -1),)),)}, "a number of a record is none"),
    ({"records": (record(key="herald.example/a"),)}, "it is no record of this source"),
    ({"records": (record(aliases=("herald.example/a",)),)}, "herald.example/a is no address of courier"),
    ({"records": (record(url="quay"),)}, "a field is missing"),
    ({"records": (record(comments="javascript:x"),)}, "'javascript:x' is no address"),
    ({"records": (record(comments_feed="ftp://x/"),)}, "'ftp://x/' is no address"),
    ({"records": (record(files=(File("data:x", "audio/mpeg", 1),)),)}, "'data:x' is no address"),
    ({"records": (record(image=Image("data:x")),)}, "'data:x' is no address"),
    ({"records": (record(html="<p onclick=x>a</p>"),)}, "its body is not clean markup"),
    ({"failures": (Failure("u" * 4001, "Gone", ""),)}, "failures: a text is longer than 4,000 characters"),
    ({"failures": (Failure(HOME, "Gone", "r" * 4001),)}, "failures: a text is longer than 4,000 characters"),
    ({"failures": (Failure(HOME, "Gone", "", status=1000),)}, "failures: a status is none"),
    ({"failures": (Failure(HOME, "Gone", "", status=-1),)}, "failures: a status is none"),
    ({"failures": (Failure(HOME, "Gone", "", retry_after=366 * 86400.0 + 1),)}, "failures: a time to wait is none"),
    ({"failures": (Failure(HOME, "Gone", "", retry_after=-1.0),)}, "failures: a time to wait is none"),
    ({"seen": (Seen("u" * 4001, "kept"),)}, "seen: a text is longer than 4,000 characters"),
    ({"seen": (Seen("u", "kept", "w" * 4001),)}, "seen: a text is longer than 4,000 characters"),
    ({"queued": ("quay",)}, "queued: 'quay' is no address"),
    ({"fronts": (Front("quay"),)}, "fronts: 'quay' is no address"),
    ({"fronts": (Front(HOME, etag="e" * 4001),)}, "fronts: a text is longer than 4,000 characters"),
    ({"fronts": (Front(HOME, unchanged=-1),)}, "fronts: a count is none"),
    ({"fronts": (Front(HOME, links=10**9 + 1),)}, "fronts: a count is none"),
    ({"fronts": (Front(HOME, whole=NOW.replace(tzinfo=None)),)}, "a date has no zone"),
    ({"fronts": (Front(HOME),) * 1001}, "fronts: are more than 1,000"),
    ({"links": -1}, "a count is none"),
    ({"chosen": 10**9 + 1}, "a count is none"),
    ({"ways": {"rss": -1}}, "a count is none"),
    ({"shapes": {"a": 10**9 + 1}}, "a count is none"),
    ({"shapes": {"a" * 4001: 1}}, "ways and shapes: a text is longer than 4,000 characters"),
    ({"ways": {str(n): 1 for n in range(101)}}, "ways: are more than 100"),
    ({"notes": ("n",) * 101}, "notes: are more than 100"),
    ({"notes": ("n" * 4001,)}, "notes: a text is longer than 4,000 characters"),
    ({"passed": frozenset({"p" * 4001})}, "passed: a text is longer than 4,000 characters"),
    ({"title": "t" * 2001}, "title and language: a text is longer than 2,000 characters"),
    ({"fresh_for": -1.0}, "fresh_for: is no time to wait"),
    ({"fresh_for": 366 * 86400.0 + 1}, "fresh_for: is no time to wait"),
    ({"redirected": "herald"}, "redirected: should be an address"),
    ({"samples": (Sample(Page(HOME), "why"),) * 11}, "samples: are more than 10"),
    ({"samples": (Sample(Page(HOME, b"x" * 1_500_001), "why"),)}, "a sample is too large"),
    ({"samples": (Sample(Page("quay"), "why"),)}, "a sample: 'quay' is no address"),
    ({"samples": (Sample(Page(HOME), "w" * 2001),)}, "a sample: a text is longer than 2,000 characters"),
    ({"samples": (Sample(Page(HOME, etag="e" * 4001), "w"),)}, "a sample: a text is longer than 4,000 characters"),
    (
        {"samples": (Sample(Page(HOME, links=(("next", "u" * 4001),)), "w"),)},
        "a sample: a text is longer than 4,000 characters",
    ),
    ({"samples": (Sample(Page(HOME, fetched=NOW.replace(tzinfo=None)), "w"),)}, "a date has no zone"),
    (
        {"samples": (Sample(Page(HOME, links=(("next", HOME),) * 20_001), "w"),)},
        "a sample's links: are more than 20,000",
    ),
    ({"samples": (Sample(Page(HOME, robots=("noindex",) * 20_001), "w"),)}, "a sample's robots: are more than 20,000"),
    ({"samples": (Sample(Page(HOME, hops=(Hop(301, HOME),) * 101), "w"),)}, "a sample's hops: are more than 100"),
    (
        {"samples": (Sample(Page(HOME, hops=(Hop(301, "u" * 4001),)), "w"),)},
        "a sample: a text is longer than 4,000 characters",
    ),
    ({"seen": (Seen("u", "kept"),) * 20_001}, "seen: are more than 20,000"),
    ({"failures": (Failure(HOME, "Gone", ""),) * 20_001}, "failures: are more than 20,000"),
    ({"queued": (HOME,) * 20_001}, "queued: are more than 20,000"),
    ({"passed": frozenset(map(str, range(20_001)))}, "passed: are more than 20,000"),
    ({"shapes": {str(n): 1 for n in range(20_001)}}, "shapes: are more than 20,000"),
]


@pytest.mark.parametrize("changes", RIGHT)
def test_a_run_that_is_taken(changes: dict[str, Any]) -> None:
    assert refusal(replace(RUN, **changes)) is None


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_a_run_that_is_refused(changes: dict[str, Any], words: str) -> None:
    assert words in (refusal(replace(RUN, **changes)) or "it was taken")


def test_as_many_records_as_a_visit_gives_or_a_back_fill_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "RECORDS", 2)
    three = replace(RUN, records=tuple(record(f"the-old-quay-{n}-is-closed") for n in range(3)))
    assert refusal(three) == "records: are more than 2"
    assert refusal(three, replace(ASKED, kind="backfill", limit=1)) == "records: are more than 2"
    assert refusal(three, replace(ASKED, kind="backfill", limit=2)) is None


def test_articles_that_are_looked_at_again_may_lead_to_one() -> None:
    twice = replace(RUN, records=(record(), record()))
    assert refusal(twice, replace(ASKED, kind="revisit")) is None


def test_a_run_is_kept_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    there = NOW.astimezone(zone)
    told = record(first_seen=there, published=there, updated=there)
    found = checked_run(Run("courier", there, there, records=(told,)), ASKED, NOW)
    (kept,) = found.records
    assert {one.utcoffset() for one in (found.started, found.finished, kept.first_seen, kept.published)} == {
        timedelta(0)
    }
    assert kept.updated is not None
    assert kept.updated.utcoffset() == timedelta(0)
    assert (found.started, kept.published) == (NOW, NOW)


def test_a_run_of_our_own_is_given_without_what_would_be_refused() -> None:
    good, twice, foul = record(), record(), record("the-ferry-sails-again", html="<script>x</script>")
    assert fitting(replace(RUN, records=(good,)), ASKED) == replace(RUN, records=(good,))
    earlier = Failure(HOME, "Gone", "gone")
    found = fitting(replace(RUN, records=(good, foul, twice), failures=(earlier,)), ASKED)
    assert found.records == (good,)
    assert found.failures[0] == earlier
    assert [(one.url, one.kind) for one in found.failures[1:]] == [(foul.url, "ReadFailed"), (twice.url, "ReadFailed")]
    assert "its body is not clean markup" in found.failures[1].reason
    assert found.failures[2].reason == "the page gave a record that is none: it stands twice"
    assert refusal(found) is None
    again = fitting(replace(RUN, records=(good, twice)), replace(ASKED, kind="revisit"))
    assert again.records == (good, twice)
    large = fitting(replace(RUN, records=(record(etag="e" * 2001),)), ASKED)
    assert large.records == ()
    assert "longer than 2,000" in large.failures[0].reason


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (ASKED, None),
        (replace(ASKED, limit=1_000_000, since=NOW, records=(record(),)), None),
        (replace(ASKED, seed=Seed(name="courier", home="quay")), "home: 'quay' is no address"),
        *(
            (
                replace(ASKED, seed=replace(SEED, discover=Discover(**{way: ("quay",)}))),
                "discover: 'quay' is no address",
            )
            for way in ("rss", "sitemap", "pages")
        ),
        (replace(ASKED, records=(record(url="quay"),)), "'quay' is no address"),
        (replace(ASKED, limit=-1), "limit: is none"),
        (replace(ASKED, limit=1_000_001), "limit: is none"),
        (replace(ASKED, since=NOW.replace(tzinfo=None)), "a date has no zone"),
        (replace(ASKED, past=Past(fronts=(Front("quay"),))), "fronts: 'quay' is no address"),
        (replace(ASKED, files=(File(f"{HOME}a.mp3", "audio/mpeg", 1),) * 500), None),
        (replace(ASKED, files=(File(f"{HOME}a.mp3", "audio/mpeg", 1),) * 501), "files: are more than 500"),
        (replace(ASKED, files=(File("a.mp3", "audio/mpeg", 1),)), "files: 'a.mp3' is no address"),
        *(
            (replace(ASKED, past=Past(**{name: NOW.replace(tzinfo=None)})), "a date has no zone")
            for name in ("last_visit", "last_success", "due", "began")
        ),
    ],
)
def test_a_visit_that_is_asked_of_us(request_: VisitRequest, words: str | None) -> None:
    if words is None:
        check_request(request_)
        return
    with pytest.raises(ValueError, match=words):
        check_request(request_)


def test_each_part_of_a_past_has_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "KNOWN", 1)
    two: dict[str, Any] = {
        **dict.fromkeys(("known", "navigation", "passed", "closed", "left_out", "dead", "titles"), frozenset("ab")),
        "looked": {"a": NOW, "b": NOW},
        "shapes": {"a": 1, "b": 2},
        "queued": ("a", "b"),
        "arrivals": (NOW, NOW),
    }
    for name, value in two.items():
        with pytest.raises(ValueError, match=f"^{name}: are more than 1$"):
            check_request(replace(ASKED, past=replace(Past(), **{name: value})))
    with pytest.raises(ValueError, match="a date has no zone"):
        check_request(replace(ASKED, past=Past(looked={"a": NOW.replace(tzinfo=None)})))


def test_a_source_may_speak_for_an_address_whose_key_alone_tells_no_site() -> None:
    home = "https://www.gov.uk/"  # the rest of its name is a public suffix
    draft = Draft(title="Old quay closed", text="The old quay is closed until spring, the harbour office said.")
    seed = Seed(name="courier", home=home)
    made = to_record(draft, url=f"{home}the-old-quay-is-closed", seed=seed, first_seen=NOW)
    assert checks.wrong_record(made, seed) is None
    elsewhere = replace(made, aliases=("gov.uk/another",))
    assert checks.wrong_record(elsewhere, seed) == f"{made.url}: gov.uk/another is no address of courier"


def test_a_past_has_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "KNOWN", 1)
    check_request(replace(ASKED, past=Past(known=frozenset({"a"}), queued=("a",))))
    with pytest.raises(ValueError, match="known: are more than 1"):
        check_request(replace(ASKED, past=Past(known=frozenset({"a", "b"}))))
    with pytest.raises(ValueError, match="queued: are more than 1"):
        check_request(replace(ASKED, past=Past(queued=("a", "b"))))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"url": "quay", "key": record().key}, "'quay' is no address"),
        ({"key": "herald.example/a"}, f"{record().url}: herald.example/a is no address of courier"),
        ({"aliases": ("via:courier:herald.example/a", "sha256:abc")}, None),
        ({"aliases": ("via:herald:courier.example/a",)}, f"{record().url}: via:herald:courier.example/a is no"),
        ({"comments": "https://any.example/"}, None),
        ({"comments": "mailto:a@b.example"}, f"{record().url}: 'mailto:a@b.example' is no address"),
        ({"image": Image("//i.example/a.jpg")}, f"{record().url}: '//i.example/a.jpg' is no address"),
        ({"html": "<p>a</p><br onclick=x>"}, f"{record().url}: its body is not clean markup"),
    ],
)
def test_why_a_record_is_none_of_its_source(changes: dict[str, Any], words: str | None) -> None:
    told = checks.wrong_record(record(**changes), SEED)
    assert told is None if words is None else (told or "").startswith(words)
