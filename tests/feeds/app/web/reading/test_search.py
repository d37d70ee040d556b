"""A search a piece at a time finds what the evaluator finds in the whole store, each story once, whatever is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from feeds.app.web.reading import search
from feeds.app.web.reading.scope import Scope
from feeds.errors import QueryError
from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.topics import compile, doc, subjects
from scrapers import Seed
from tests.support.topics_at_random import NOW, random_query, random_record

RECORDS = 60
SCOPES = (Scope("everything", ""), Scope("source", "s/herald", "herald"), Scope("topic", "t/third", "third"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of random records, every fifth a copy of the one before, every seventh kept out of the feeds."""
    chance = random.Random(5)
    store = open_store(tmp_path_factory.mktemp("search") / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "herald")], NOW)
    store.topics.sync([Topic("third", "A third")], NOW)
    with store.transaction():
        story = 0
        for number in range(1, RECORDS + 1):
            one = replace(random_record(chance, number), key=f"k{number}", first_seen=NOW, fingerprint=f"{number:016x}")
            if number % 5 or not story:
                story = store.stories.add(one, NOW)
            n = store.records.add(one, story, "", NOW)
            store.stories.set_representative(story, n, "")
            store.topics.file_record(n, {"third": ""} if number % 3 == 0 else {})
            if number % 7 == 0:
                store.records.quarantine(n, "it breaks the feed")
    yield store
    store.close()


@cache  # each limit is held against the same
def whole(store: Store, scope: Scope, query: str) -> set[int]:
    """The stories that fulfil a query, by the evaluator alone."""
    rule, found = compile(Topic("t", "T", query)), set()
    for n in range(1, RECORDS + 1):
        stored = store.records.get(n)
        assert stored is not None
        outlets, is_copy = store.stories.outlets(stored.story, n)
        held = {
            "everything": True,
            "source": stored.record.source == scope.name,
            "topic": scope.name in store.topics.of_record(n),
        }[scope.kind]
        if held and stored.quarantined is None and rule.holds(doc(stored.own, outlets=outlets, is_copy=is_copy), NOW):
            found.add(stored.story)
    return found


@pytest.mark.parametrize(
    "limits", [{}, {"PIECES": (7, 11)}, {"TEXT": 5000}, {"STORIES": 4}], ids=["whole", "rows", "text", "stories"]
)
def test_the_pieces_together_are_the_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch, limits: dict[str, object]
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(search, name, value)
    chance, asked, hits = random.Random(17), 0, 0
    while asked < 120:
        query, scope = random_query(chance), chance.choice(SCOPES)
        try:
            rule = search.affordable(query)
        except QueryError:
            continue
        asked += 1
        before, found, pages = None, list[int](), 0
        while True:
            piece = search.search(store, scope, rule, subjects(), NOW, before=before, most=search.STORIES)
            assert len(piece.stories) == len(piece.records) <= search.STORIES
            found += piece.stories
            if piece.more is None:
                break
            assert before is None or piece.more < before, "it goes on, and comes to an end"
            before, pages = piece.more, pages + 1
            assert pages <= RECORDS
        assert set(found) == whole(store, scope, query), (query, scope)
        hits += len(found)
    assert hits > 300


@pytest.mark.parametrize(
    ("query", "right"),
    [
        (" OR ".join(f'"the {word}"' for word in "abcdefgh"), True),
        (" OR ".join(f'"the {word}"' for word in "abcdefghi"), False),
        ("the* OR con* OR prop* OR perf*", True),
        ("the* OR con* OR pro*", False),
        (" OR ".join(f"word{n}" for n in range(150)), True),
        ("NEAR(a b, 3) NEAR(c d, 3) NEAR(e f, 3) NEAR(g h, 3) NEAR(i j, 3) NEAR(k l, 3)", False),
    ],
)
def test_what_would_have_the_whole_index_read_is_refused_with_its_place(query: str, right: bool) -> None:
    if right:
        search.affordable(query)
        return
    with pytest.raises(QueryError) as refused:
        search.affordable(query)
    assert 0 < refused.value.position < len(query)
