"""What the feed of troubles says: each entry whole, and the order of what happened at one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.health.feed import SHOWN, headline, health_feed
from feeds.model import Entry, Publisher
from feeds.rows import TroubleRow

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
BEGUN = NOW - timedelta(days=9)
SITE = Publisher("The copy desk", "https://desk.example")


def row(n: int = 1, kind: str = "silent", cause: str = "404 <not found>", closed: datetime | None = None) -> TroubleRow:
    return TroubleRow(n, "source:courier", kind, "degraded", cause, NOW - timedelta(days=1), NOW, closed)


def entries(*rows: TroubleRow) -> list[Entry]:
    return list(health_feed(rows, SITE, BEGUN).entries)


def test_an_entry_of_a_trouble_whole() -> None:
    feed = health_feed([row()], replace(SITE, pages=True), BEGUN)
    assert (feed.title, feed.self_url) == ("Health of The copy desk", "https://desk.example/t/_health")
    assert (feed.language, feed.pages, feed.ttl) == ("en", False, 10)
    assert feed.subtitle == "Troubles of sources and topics, and their end"
    begun, first = feed.entries
    record = begun.record
    assert (record.source, record.publisher, record.language) == ("_health", SITE.title, "en")
    assert record.key == "health:source:courier/silent/20260311T120000/begin"
    assert record.url == f"https://desk.example/t/_health#{begun.id.rpartition(':')[2]}"
    assert record.title == "courier: degraded, 404 <not found>"
    assert record.text.split("\n")[0] == record.title
    assert record.html.startswith("<p>courier: degraded, 404 &lt;not found&gt;</p><p>Since Tuesday, ")
    assert record.published == record.first_seen == begun.published == begun.updated == NOW
    assert begun.origin is not None
    assert (begun.origin.title, begun.origin.url, begun.origin.updated) == (SITE.title, "https://desk.example/", NOW)
    assert begun.origin.feed_url == "https://desk.example/t/_health"
    assert begun.origin.id == feed.id
    assert (first.record.key, first.record.title, first.published) == ("health:first", feed.title, BEGUN)
    assert first.record.text == "When a source or a topic is in trouble, it is told here, and when it is well again."
    assert begun.id != begun.record.key and begun.id.startswith("urn:")


@pytest.mark.parametrize(
    ("kind", "advised"), [("repaired:2026", True), ("selector:extract.title", True), ("silent", False), ("few", False)]
)
def test_what_a_command_shows_is_told_at_the_beginning_alone(kind: str, advised: bool) -> None:
    over, begun, _ = entries(row(kind=kind, closed=NOW + timedelta(hours=5)))
    assert over.record.text.split("\n")[0] == begun.record.title
    assert ("`copydesk repair courier` shows it, and writes it into the seed." in begun.record.text) is advised
    assert "`copydesk" not in over.record.text
    assert "Over since" in over.record.text and "Over since" not in begun.record.text


@pytest.mark.parametrize(
    ("kind", "what", "said"),
    [
        ("silent", "begin", "courier: degraded, 404 <not found>"),
        ("silent", "end", "courier: no longer degraded (404 <not found>)"),
        ("repaired:2026", "begin", "courier: 404 <not found>"),
        ("repaired:2026", "end", "courier: all its selectors are those of its seed again"),
    ],
)
def test_a_trouble_in_one_line(kind: str, what: str, said: str) -> None:
    assert headline(what, row(kind=kind)) == said
    assert headline(what, replace(row(kind=kind), subject="topic:courier")) == said
    assert headline(what, replace(row(kind=kind), subject="disk")) == said.replace("courier", "disk")
    assert headline("begin", replace(row(), subject="disk"), "de").startswith("Festplatte: ")


def test_what_happens_at_one_moment_has_an_order_and_seconds_of_its_own() -> None:
    two, one = row(2, closed=NOW), row(1, "few", closed=NOW)
    told = sorted(health_feed([two, one], SITE, NOW).entries, key=lambda entry: entry.updated)
    assert [entry.record.key.split("/", 1)[-1] for entry in told] == [
        "health:first", "few/20260311T120000/begin", "few/20260311T120000/end",
        "silent/20260311T120000/begin", "silent/20260311T120000/end",
    ]  # fmt: skip
    assert [entry.updated - NOW for entry in told] == [timedelta(seconds=n) for n in range(5)]
    assert {entry.published for entry in told} == {NOW}


def test_a_long_cause_is_cut_in_the_title_and_the_newest_are_shown() -> None:
    assert len(entries(row(cause="x" * 400))[0].record.title) == 300
    many = [row(n, f"kind-{n}") for n in range(SHOWN + 5)]
    assert len(entries(*many)) == SHOWN
    assert not any("health:first" in entry.record.key for entry in entries(*many))
