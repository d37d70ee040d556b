"""A store made of a few documents: what comes back, in which story, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from feeds.model import Topic
from feeds.recovery import rebuild as rebuilding
from feeds.recovery.read_published import Told
from feeds.recovery.rebuild import Rebuilt, rebuild
from feeds.store import Store, open_store
from scrapers import Seed, canonical_key, feed_id, record_id, story_id

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEEDS = [Seed("wire", "https://wire.example/")]
TOPICS = [Topic("harbour", "Harbour", query="harbour")]


def address(source: str, slug: str) -> str:
    return f"https://{source}.example/{slug}"


def the_id(source: str, slug: str) -> str:
    return record_id(canonical_key(address(source, slug)))


def entry(identity: str, source: str, slug: str, title: str, *, hours: int = 0, others: tuple[str, ...] = (), more: str = "") -> str:  # fmt: skip  # noqa: E501
    """An entry about the harbour, published at noon and updated so many hours later."""
    related = "".join(f'<link rel="related" href="{one}"/>' for one in others)
    when = (NOW - timedelta(days=2) + timedelta(hours=hours)).isoformat()
    return (
        f"<entry><id>{identity}</id><title>{title}</title><published>2026-03-08T12:00:00Z</published>"
        f'<updated>{when}</updated><link rel="alternate" href="{address(source, slug)}"/>{related}'
        f"<content>&lt;p&gt;{title} by the harbour.&lt;/p&gt;</content>{more}"
        f'<source><title>{source.title()}</title><link rel="self" href="https://d.example/s/{source}.atom"/>'
        f'<link rel="alternate" href="https://{source}.example/"/></source></entry>'
    )


def document(identity: str, *entries: str, rels: tuple[str, ...] = ()) -> str:
    links = "".join(f'<link rel="{rel}" href="x"/>' for rel in rels)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{identity}</id><title>F</title>{links}{"".join(entries)}</feed>'
    )


QUAY, OAKS, OLD = (the_id("wire", slug) for slug in ("quay", "oaks", "old"))
STORY = story_id(canonical_key(address("wire", "quay")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What was published: a source with an archive, a topic with a story of two outlets, a private topic."""
    mended = address("courier", "mended")
    files = {
        "public/s/wire.atom": document(
            "urn:wire", entry(QUAY, "wire", "quay", "Quay", hours=2), entry(OAKS, "wire", "oaks", "Oaks"),
        ),
        "public/s/wire/archive-000001.atom": document(
            "urn:wire", entry(QUAY, "wire", "quay", "Quay before"), entry(OLD, "wire", "old", "Old"),
            rels=("current", "next-archive"),
        ),
        "public/t/harbour.atom": document(
            "urn:harbour", entry(STORY, "wire", "quay", "Quay", hours=3, others=(mended,)),
            entry("urn:alone", "herald", "alone", "Alone"),
        ),
        "public/t/_health.atom": document("urn:health"),
        "public/t/a/b/deep.atom": document("urn:deep"),
        "public/t/.hidden.atom": document("urn:hidden"),
        "public/t/broken.atom": "<feed",
        "private/t/TOKEN/letters.atom": document(
            "urn:letters", entry(the_id("courier", "mended"), "courier", "mended", "Mended"),
        ),
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    yield store
    store.close()


def test_all_that_comes_back(store: Store, folder: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    done = rebuild(
        store, folder / "public", folder / "private", SEEDS, TOPICS, now=NOW,
        progress=lambda *told: steps.append(told),
    )  # fmt: skip
    assert done == Rebuilt(documents=5, records=5, renewed=0, stories=4, archives=1, unreadable=done.unreadable)
    assert [one.partition(": ")[0] for one in done.unreadable] == [str(folder / "public/t/broken.atom")]
    assert steps == [("reading the published feeds", 0, 0), ("records", 0, 5), ("topic harbour", 0, 1)]
    rows = {one.record.url: one for n in range(1, 6) if (one := store.records.get(n)) is not None}
    told = {
        url.removeprefix("https://"): (one.record.id, one.record.title, one.record.source) for url, one in rows.items()
    }
    alone, mended = the_id("herald", "alone"), the_id("courier", "mended")
    assert told == {
        "wire.example/quay": (QUAY, "Quay", "wire"),
        "wire.example/oaks": (OAKS, "Oaks", "wire"),
        "wire.example/old": (OLD, "Old", "wire"),
        "herald.example/alone": (alone, "Alone", "herald"),
        "courier.example/mended": (mended, "Mended", "courier"),
    }
    quay = rows[address("wire", "quay")]
    assert (quay.record.way, quay.record.text, quay.updated) == (
        "published", "Quay by the harbour.", NOW - timedelta(days=2) + timedelta(hours=2),
    )  # fmt: skip
    story = store.stories.get(quay.story)
    assert story is not None
    assert (story.id, story.representative, story.reason) == (
        STORY,
        quay.n,
        "stood for its story in the published feeds",
    )
    assert story.updated == NOW - timedelta(days=2) + timedelta(hours=3)
    assert rows[address("courier", "mended")].story == quay.story
    assert len({one.story for one in rows.values()}) == 4
    for slug in ("oaks", "old"):  # in no topic: each in the story that is its own
        url = address("wire", slug)
        assert store.stories.numbers_of([story_id(canonical_key(url))]) == [rows[url].story]
    sources = {one.name: one.feed_id for one in store.sources.all(NOW)}
    assert sources == {
        "wire": "urn:wire", "courier": feed_id("source:courier"), "herald": feed_id("source:herald"),
    }  # fmt: skip
    assert set(store.topics.of_record(quay.n)) == {"harbour"}
    assert store.publishing.dirty() != []


def test_the_folder_of_a_private_topic_is_that_of_its_private_documents(store: Store, folder: Path) -> None:
    topics = [*TOPICS, Topic("letters", "Letters", private=True), Topic("notes", "Notes", private=True)]
    for where, name in (
        ("public/t/FOREIGN", "letters"),
        ("public/t/FOREIGN", "notes"),
        ("public/t/FOREIGN", "harbour"),
    ):
        (folder / where).mkdir(parents=True, exist_ok=True)
        (folder / where / f"{name}.atom").write_text(document(f"urn:{name}-abroad"))
    rebuild(store, folder / "public", folder / "private", SEEDS, topics, now=NOW)
    letters, notes, harbour = (store.topics.get(name) for name in ("letters", "notes", "harbour"))
    assert letters is not None and notes is not None and harbour is not None
    assert (letters.place, letters.feed_id) == ("TOKEN", "urn:letters")
    assert notes.place not in (None, "FOREIGN")
    assert harbour.place is None


def test_what_is_there_stays_and_what_was_published_later_is_renewed(store: Store, folder: Path) -> None:
    rebuild(store, folder / "public", folder / "private", SEEDS, TOPICS, now=NOW)
    again = rebuild(store, folder / "public", folder / "private", SEEDS, TOPICS, now=NOW)
    assert (again.documents, again.records, again.renewed, again.stories, again.archives) == (5, 0, 0, 0, 0)
    later = document("urn:wire", entry(QUAY, "wire", "quay", "Quay anew", hours=9))
    (folder / "public/s/wire.atom").write_text(later)
    again = rebuild(store, folder / "public", folder / "private", SEEDS, TOPICS, now=NOW)
    assert (again.records, again.renewed) == (0, 1)
    stored = store.records.by_id(QUAY)
    assert stored is not None
    assert (stored.record.title, stored.record.text, stored.updated) == (
        "Quay anew", "Quay anew by the harbour.", NOW - timedelta(days=2) + timedelta(hours=9),
    )  # fmt: skip


def test_a_story_that_is_there_is_not_counted_as_a_new_one() -> None:
    store, done = Mock(), Rebuilt()
    store.stories.numbers_of.side_effect = [[], [7]]
    store.restore.put_story.return_value = 7
    told = Told("i", "https://wire.example/quay", "Quay", "", "", "", NOW, NOW, "s", "", "")
    for _ in range(2):
        assert rebuilding._story_of(store, STORY, told, None, done) == 7
    assert done.stories == 1
    store.restore.put_story.assert_called_with(STORY, NOW, NOW, NOW)
    store.restore.known_stories.return_value = [3, 5]
    assert rebuilding._story_of(store, STORY, told, told, done) == 3
    store.records.aliases.assert_called_once_with(["wire.example/quay"])
    assert done.stories == 1


@pytest.mark.parametrize(
    ("text", "summary", "title", "subtitle"),
    [
        ("First line.\nSecond.", "First line. Sec…", "T", None),
        ("First line.", "Something else…", "T", "Something else…"),
        ("First line.", "", "T", None),
        ("First line.", "T", "T", None),
        ("First line.", "…", "T", None),
    ],
)
def test_a_summary_that_was_a_subtitle(text: str, summary: str, title: str, subtitle: str | None) -> None:
    told = Told("i", "u", title, "", text, summary, NOW, NOW, "s", "", "")
    assert rebuilding._subtitle(told) == subtitle
