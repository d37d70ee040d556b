"""A visit's records are read and written together: few statements, and the same as if each had come alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from feeds import pipe
from feeds.store import Store, open_store
from feeds.store.tables.records.update_times import AHEAD, UpdateTimes
from feeds.topics import Engine, tokens
from scrapers import Past, Record, Run, Seen
from tests.feeds.pipe.test_keep_run import NOW, SEEDS, TEXT, TOPICS, record
from tests.support.stores import Opener, knowing

MOST = 46  # statements of one visit, however many records it brings


@pytest.fixture
def stores(opener: Opener) -> Iterator[Store]:
    with knowing(opener(), SEEDS.values(), NOW, TOPICS) as store:
        yield store


def prose(seed: int) -> str:
    chance = random.Random(seed)
    return "\n".join(
        " ".join("".join(chance.choices("abdeiklmnorst", k=chance.randrange(3, 9))) for _ in range(40))
        for _ in range(4)
    )


def keep(store: Store, source: str, records: Sequence[Record]) -> pipe.Kept:
    run = Run(
        source=source, started=NOW, finished=NOW, records=tuple(records), links=len(records),
        seen=tuple(Seen(one.url, "kept") for one in records),
    )  # fmt: skip
    return pipe.keep(store, run, SEEDS[source], Past(), Engine(TOPICS), now=NOW)


def counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that go to the database from now on; rows that are written together are one."""
    asked: list[str] = []
    execute, executemany, written = store.db.execute, store.db.executemany, store.db._write_all

    def one(sql: str, values: Sequence[object] = ()) -> Any:
        asked.append(sql)
        return execute(sql, values)

    def many(sql: str, rows: Any) -> None:
        asked.append(sql)
        executemany(sql, rows)

    def together(waiting: Any) -> None:
        if store.db.kind == "postgres":
            asked.append("all in one journey")
        written(waiting)

    monkeypatch.setattr(store.db, "execute", one)
    monkeypatch.setattr(store.db, "executemany", many)
    monkeypatch.setattr(store.db, "_write_all", together)
    return asked


@pytest.mark.parametrize("count", [1, 10, 40])
def test_a_visit_takes_few_statements(stores: Store, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    records = [record("courier", f"story-{n}", title=f"Story {prose(n)[:20]}", text=prose(n)) for n in range(count)]
    copies = [record("wire", f"copy-{n}", title=f"Story {prose(n)[:20]}", text=prose(n)) for n in range(count)]
    stores.sketches.settle(NOW)
    asked = counted(stores, monkeypatch)
    assert len(keep(stores, "courier", records).fresh) == count
    assert len(asked) <= MOST, asked
    assert not [sql for sql in asked if sql.startswith("UPDATE story")], "a story is written with who stands for it"
    asked.clear()
    assert keep(stores, "wire", copies).copies == count
    assert len(asked) <= MOST, asked
    asked.clear()
    assert keep(stores, "wire", copies).fresh == ()
    assert len(asked) <= MOST, asked


@pytest.mark.parametrize("count", [1, 30])
def test_a_text_is_cut_into_words_once(stores: Store, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """All records are taken up by the full-text index before the first is put to the topics."""
    asked: list[str] = []

    def counting(text: str) -> list[str]:
        asked.append(text)
        return tokens(text)

    monkeypatch.setattr("feeds.topics.match.document.tokens", counting)
    records = [record("courier", f"story-{n}", title=f"Story {prose(n)[:20]}", text=prose(n)) for n in range(count)]
    assert len(keep(stores, "courier", records).fresh) == count
    assert [asked.count(one.text) for one in records] == [1] * count
    keep(stores, "wire", [record("wire", "story", title="A story", text=records[0].text)])
    assert asked.count(records[0].text) == 2, "and it is not held for ever"


def seen(store: Store) -> list[Any]:
    """What is stored of each record, without numbers, and without the seconds in which two came apart."""
    found = []
    for n in sorted(store.records.numbers_of([row.record.id for row in store.arrivals.latest(1000)])):
        one = store.records.get(n)
        assert one is not None
        story = store.stories.get(one.story)
        assert story is not None and story.representative is not None
        stands = store.records.get(story.representative)
        assert stands is not None
        names = store.records.aliases([one.record.key, *one.record.aliases])
        told = (one.record, one.updated, one.evidence, story.id, story.updated, stands.record.id, story.reason)
        found.append((*told, store.topics.of_record(n), sorted(names), set(names.values()) == {n}))
    return found


def test_it_gives_what_one_after_the_other_gives(stores: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    brought = {
        "courier": [
            record("courier", "quay"),
            record("courier", "quay-again", title="Once more", text=prose(1)),
            record("courier", "quay-twice", title="The quay is repaired", text=TEXT),
            record("courier", "other", title="The harbour of others", text=prose(2)),
        ],
        "wire": [
            record("wire", "quay", title="Repairs at the quay", text=TEXT + "\nSo much for the quay of Tarn."),
            record("wire", "mine", title="A story of its own", text=prose(3)),
            record("wire", "mine-too", title="A story of its own", text=prose(3)),
            record("wire", "mine", title="A story of its own, told anew", text=prose(4)),
        ],
        "herald": [
            record("herald", "a", title="Repairs at last", text=TEXT),
            record("herald", "b", title="Repairs at last, once more", text=TEXT + "\nIt was Monday."),
            record("herald", "c", title="The harbour of others", text=prose(2)),
        ],
    }
    alone = open_store(tmp_path_factory.mktemp("alone") / "copydesk.db", daemon=True)
    alone.sources.sync(SEEDS.values(), NOW)
    alone.topics.sync(TOPICS, NOW)
    for source, records in brought.items():
        keep(stores, source, records)
        for one in records:
            keep(alone, source, [one])
    for together, single in zip(seen(stores), seen(alone), strict=True):
        assert together == single
    assert len(seen(alone)) > 6
    alone.close()


def test_what_was_put_off_is_gone_with_its_transaction(stores: Store) -> None:
    sql = "INSERT INTO meta VALUES(?,?)"
    with pytest.raises(ZeroDivisionError), stores.transaction():
        stores.db.later(sql, ("a", "1"))
        raise ZeroDivisionError
    with stores.transaction():
        stores.db.later(sql, ("b", "1"))
        assert stores.meta.get("b") == "1", "whoever reads sees it"
        stores.db.later(sql, ("c", "1"))
    stores.db.later(sql, ("d", "1"))
    assert [stores.meta.get(name) for name in "abcd"] == [None, "1", "1", "1"]


def test_what_others_refer_to_is_written_first(stores: Store) -> None:
    with stores.transaction():
        (story,), (n,) = stores.stories.new_numbers(1), stores.records.new_numbers(1)
        stores.records.read_ahead([record("courier")], NOW)
        assert stores.stories.read_ahead([record("courier")], NOW) == set()
        stores.records.add_numbered(n, record("courier"), story, "", NOW)
        stores.stories.add(record("courier"), NOW, story, is_free=True)
    assert stores.records.get(n) is not None


@pytest.mark.parametrize("apart", [0, 1, 5, 3600])
def test_free_seconds_are_looked_for_at_once(stores: Store, monkeypatch: pytest.MonkeyPatch, apart: int) -> None:
    first = 1_700_000_000
    wanted = [first + apart * (n % 20) for n in range(40)]
    random.Random(4).shuffle(wanted)
    asked = counted(stores, monkeypatch)
    times = UpdateTimes(stores.db)
    with stores.transaction():
        times.read_ahead("story", wanted)
        known = len(times._looked["story"])
        asked.clear()
        given = [times.free("story", one) for one in wanted]
    assert not [sql for sql in asked if "updated" in sql]
    assert known <= 40 * AHEAD
    assert len(set(given)) == 40
    assert all(now >= one for now, one in zip(given, wanted, strict=True))
