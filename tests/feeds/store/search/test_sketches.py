import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.identity.similarity import alike, look
from feeds.store.search import looks_in_memory, sketches
from feeds.store.search.sketches import Sketches
from scrapers import Record, fingerprint
from tests.support.held_bytes import held_bytes
from tests.support.stores import Opener
from tests.support.stories import record_at

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def text_of(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(f"w{chance.randrange(5000)}" for _ in range(120))


def a_record(n: int, *, first_seen: datetime = NOW) -> Record:
    key, title, text = f"paper.example/{n}", f"Title {n}", text_of(n)
    return record_at(key, title, text, first_seen, html="", aliases=(key,), fingerprint=fingerprint(title, text))


def seen(record: Record):
    return look(record.title, record.text, record.published)


@pytest.fixture
def store(opener: Opener):
    opened = opener()
    yield opened
    opened.close()


def add(store, index, record) -> int:
    with store.transaction():
        story = store.stories.add(record, NOW)
        n = store.records.add(record, story, "", NOW)
        store.stories.set_representative(story, n, "the only one")
        index.add(n, story, seen(record))
    return n


def test_what_is_added_is_found_with_its_story(store):
    index = Sketches(store.db)
    numbers = [add(store, index, a_record(n)) for n in range(20)]
    best = index.candidates(seen(a_record(7)))[0]
    assert best.record == numbers[7]
    assert best.story == store.records.get(numbers[7]).story
    assert best.look == seen(a_record(7))
    assert index.equals(seen(a_record(7))).record == numbers[7]
    assert index.representative(best.story) == seen(a_record(7))
    assert not index.candidates(seen(a_record(99)))
    assert index.equals(seen(a_record(99))) is None


def test_another_connection_finds_it_too(store):
    index = Sketches(store.db)
    other = Sketches(store.db)
    assert not other.candidates(seen(a_record(1)))
    n = add(store, index, a_record(1))
    assert other.candidates(seen(a_record(1)))[0].record == n


def test_a_record_that_is_removed_takes_its_row_along(store):
    index = Sketches(store.db)
    n = add(store, index, a_record(1))
    with store.transaction():
        store.records.remove(n)
    assert store.db.execute("SELECT count(*) FROM sketch").fetchone()[0] == 0
    assert not index.candidates(seen(a_record(1)))


def test_a_rollback_leaves_nothing_and_hides_nothing(store):
    index = Sketches(store.db)
    add(store, index, a_record(0))
    with pytest.raises(RuntimeError), store.transaction():
        story = store.stories.add(a_record(1), NOW)
        n = store.records.add(a_record(1), story, "", NOW)
        index.add(n, story, seen(a_record(1)))
        assert index.candidates(seen(a_record(1)))
        raise RuntimeError
    m = add(store, index, a_record(2))  # takes the numbers of what was rolled back
    assert [one.record for one in index.candidates(seen(a_record(2)))] == [m]
    assert not index.candidates(seen(a_record(1)))


def test_a_revision_is_found_by_its_new_text(store):
    index = Sketches(store.db)
    n = add(store, index, a_record(1))
    new = a_record(2)
    with store.transaction():
        old = store.records.get(n)
        store.records.revise(old, new, why="", public=True, now=NOW)
        index.add(n, old.story, seen(new))
    assert index.candidates(seen(new))[0].record == n
    assert index.candidates(seen(new))[0].look.content == seen(new).content


def test_segments_are_cut_merged_and_loaded(store, monkeypatch):
    monkeypatch.setattr(sketches, "SMALL", 5)
    monkeypatch.setattr(sketches, "LARGE", 3)
    index = Sketches(store.db)
    numbers = []
    for n in range(48):
        numbers.append(add(store, index, a_record(n)))
        if n % 7 == 0:
            index.settle(NOW)
    index.settle(NOW)
    rows = store.db.execute("SELECT first, last FROM sketch_segment ORDER BY first").fetchall()
    assert 1 < len(rows) < 9
    assert all(a[1] < b[0] for a, b in itertools.pairwise(rows))
    for again in (index, Sketches(store.db)):
        for n in range(48):
            assert again.candidates(seen(a_record(n)))[0].record == numbers[n]


def test_one_settling_takes_up_all_that_waits(store, monkeypatch):
    monkeypatch.setattr(sketches, "SMALL", 5)
    index = Sketches(store.db)
    for n in range(23):
        add(store, index, a_record(n))
    index.settle(NOW)
    covered = store.db.execute("SELECT max(last) FROM sketch_segment").fetchone()[0]
    assert covered == 20
    assert index.candidates(seen(a_record(3))) and index.candidates(seen(a_record(22)))


def test_what_left_the_window_is_not_found(store, monkeypatch):
    monkeypatch.setattr(sketches, "SMALL", 4)
    index = Sketches(store.db)
    old = NOW - timedelta(days=200)
    for n in range(4):
        add(store, index, a_record(n, first_seen=old))
    for n in range(4, 10):
        add(store, index, a_record(n))
    index.settle(NOW)
    assert not index.candidates(seen(a_record(1)))
    assert index.candidates(seen(a_record(5)))
    assert store.db.execute("SELECT count(*) FROM sketch").fetchone()[0] == 6
    assert store.records.count() == 10  # the records themselves stay


def test_a_hash_that_everybody_has_nominates_nobody(store, monkeypatch):
    monkeypatch.setattr(sketches, "CAP", 5)
    index = Sketches(store.db)
    for n in range(6):
        record = a_record(n)
        with store.transaction():
            story = store.stories.add(record, NOW)
            number = store.records.add(record, story, "", NOW)
            index.add(number, story, seen(a_record(0)))
    assert not index.candidates(seen(a_record(0)))


def test_looks_in_memory_are_bounded(store, monkeypatch):
    monkeypatch.setattr(looks_in_memory, "LOOKS", 40_000)
    index = Sketches(store.db)
    numbers = [add(store, index, a_record(n)) for n in range(30)]
    for n in (0, 29, 0):  # the first was let go, and is read again
        assert index.candidates(seen(a_record(n)))[0].record == numbers[n]
    kept = sum(one.size for _, one in index._looks._known.values())
    assert 30_000 < kept <= 40_000
    assert kept == index._looks.size


@pytest.mark.parametrize("words", [10, 100, 1000])
@pytest.mark.parametrize("letters", ["harbour", "гавань"])
def test_a_look_takes_as_many_bytes_as_it_says(words, letters):
    def text(n):
        return " ".join(f"{letters}{n}x{at}" for at in range(words))

    some = range(50 if words < 1000 else 10)  # of long ones few weigh enough
    kept = [look(f"Title {n}", text(n), NOW) for n in some]
    held = held_bytes(lambda: [look(f"Title {n}", text(n), NOW) for n in some])
    assert 0.6 * held < sum(one.size for one in kept) < 1.7 * held

    def computed():
        made = [look(f"Title {n}", text(n), NOW) for n in some]
        for one in made:
            assert alike(one, one).probability == 1.0
            assert one.shingles and one.lead and one.names is not None and one.count(["harbour"]) == 0 and one.title
        return made

    assert held_bytes(computed) - held < 1.2 * sum(one.computed_most + one.size for one in kept)


def test_few_looks_keep_what_was_computed_for_a_comparison(store, monkeypatch):
    monkeypatch.setattr(looks_in_memory, "COMPARED", 3)
    index = Sketches(store.db)
    numbers = [add(store, index, a_record(n)) for n in range(10)]
    for n in (0, 5, 9):
        (best, *_) = index.candidates(seen(a_record(n)))
        assert best.record == numbers[n]
        assert alike(best.look, seen(a_record(n))).probability == 1.0
    wide = [one for _, one in index._looks._known.values() if "shingles" in vars(one)]
    assert 0 < len(wide) <= 3
    assert index._looks.computed == sum(one.computed_most for one in index._looks._compared.values())


def test_long_looks_keep_less_of_what_was_computed(store, monkeypatch):
    index = Sketches(store.db)
    numbers = [add(store, index, a_record(n)) for n in range(10)]
    monkeypatch.setattr(looks_in_memory, "COMPUTED", 4 * seen(a_record(0)).computed_most)
    for n in range(10):
        assert index.candidates(seen(a_record(n)))[0].record == numbers[n]
        assert index._looks.computed <= looks_in_memory.COMPUTED
    assert 2 < len(index._looks._compared) < 7


def test_what_was_ranked_is_ranked_anew_after_each_change(store):
    """A visit asks before its transaction, in it, and after each record: an index without memory says the same."""
    index = Sketches(store.db)
    words = text_of(1).split()

    def like(n: int) -> Record:
        text = " ".join(words[: 120 - 7 * n])
        return replace(a_record(1000 + n), title=f"Title {n}", text=text, fingerprint=fingerprint(f"Title {n}", text))

    looks = [seen(like(n)) for n in range(6)]

    def told(of: Sketches) -> list[list[int]]:
        return [[one.record for one in of.candidates(each)] for each in looks]

    for n in range(6):
        index.read_ahead(looks)
        assert told(index) == told(Sketches(store.db))
        with store.transaction():
            index.read_ahead(looks)
            before = told(index)
            record = like(n)
            story = store.stories.add(record, NOW)
            number = store.records.add(record, story, "", NOW)
            index.add(number, story, seen(record), record.fingerprint)
            assert told(index) == told(Sketches(store.db)) != before
            if n % 3 == 2:
                store.records.remove(number)
                index.remove(number)
                assert told(index) == told(Sketches(store.db))
        assert told(index) == told(Sketches(store.db))
