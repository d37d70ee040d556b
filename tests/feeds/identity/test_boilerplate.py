"""Paragraphs that a site has on all its pages: published, but no reason to be in a topic, a search or a story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import pipe
from feeds.app.config.config import load
from feeds.app.inspect.explain import in_words, search, why
from feeds.identity.similarity import FLOOR, look, marked, page, recurring
from feeds.identity.similarity.repeated_paragraphs import DENSE, _is_long
from feeds.model import Topic
from feeds.rows import without
from feeds.store import Store, Stored, open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Record, Run, Seed, to_record
from tests.support.stores import knowing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOX = "Support our coverage of schools with a gift: every crown goes to reporters who sit in on board meetings."
TOPICS = (Topic("schools", "Schools", query="schools"), Topic("all", "All"))
SEEDS = {name: Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "herald")}
STORIES = {
    "Ferry returns to the harbour": (
        "The old ferry between the two piers will run again from April, the council said on a windy Monday.\n"
        "It was taken out of service 14 months ago after Anna Lind had found cracks in the hull below the line.\n"
        "A ticket costs 35 crowns, and Erik Holm will train two new captains before he retires in late summer."
    ),
    "Oaks planted along the river": (
        "Volunteers from Norra Varvet put 300 young trees into the ground on Saturday before the rain began.\n"
        "A storm had felled 120 poplars three winters ago, and nobody had found the money to replace them since.\n"
        "By the time they stand four metres high, the forester Olof Ek expects, the bank will hold any flood."
    ),
    "Museum opens a wing for clocks": (
        "Eleven hundred watches and three tower mechanisms went on show, most of them ticking, a few on time.\n"
        "The collector Maria Sand left them to the town with a note that they were to be wound each Sunday.\n"
        "Two guards were hired who know how; entry is free until Easter, and the cafe closes at half past five."
    ),
    "Bakery fined over its scales": (
        "Inspectors weighed 42 loaves on Tuesday and found every second one lighter than its label had promised.\n"
        "The owner, Karl Nord, blamed a spring that had worn out and paid the 9,000 crowns within the hour.\n"
        "Customers who kept a receipt may bring it back for a bun, and some of them had formed a line by noon."
    ),
}


def a_record(title: str, text: str, *, source: str = "courier", at: datetime = NOW, slug: str = "") -> Record:
    draft = Draft(title=title, text=text, html=f"<p>{text}</p>", published=at.isoformat())
    url = f"https://{source}.example/news/{slug or title.replace(' ', '-').lower()}"
    return to_record(draft, url=url, seed=SEEDS[source], first_seen=at)


def stories(count: int, box: str = BOX, source: str = "courier") -> list[Record]:
    return [
        a_record(title, f"{text}\n{box}", source=source, at=NOW + timedelta(minutes=at))
        for at, (title, text) in enumerate(list(STORIES.items())[:count])
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing(open_store(tmp_path / "copydesk.db", daemon=True), SEEDS.values(), NOW, TOPICS) as store:
        yield store


def keep(store: Store, records: Sequence[Record], at: datetime = NOW) -> pipe.Kept:
    source = records[0].source
    run = Run(source, at, at, records=tuple(records), fronts=(Front(f"https://{source}.example/"),), links=len(records))
    return pipe.keep(store, run, SEEDS[source], store.visits.past(source, at), Engine(TOPICS), now=at)


def kept(store: Store, record: Record) -> Stored:
    stored = store.records.by_id(record.id)
    assert stored is not None
    return stored


def titles_found(store: Store, query: str) -> set[str]:
    return {hit["title"] for hit in search(store, query, since=None, best=False, limit=99, now=NOW)}


# --- what is boilerplate


def test_three_stories_with_nothing_else_in_common_tell_boilerplate() -> None:
    pages = [page(title, title, f"{text}\n{BOX}") for title, text in STORIES.items()]
    assert recurring(pages[:2]) == frozenset()
    found = recurring(pages[:3])
    assert [marked(one, found) for one in pages[:3]] == [(3,), (3,), (3,)]
    assert without(f"{STORIES['Ferry returns to the harbour']}\n{BOX}", (3,)) == STORIES["Ferry returns to the harbour"]


@pytest.mark.parametrize(
    "titles",
    [
        ["Fire at the mill", "Mill: what the fire left", "After the fire, a wake at the mill", "Fire chief steps down"],
        ["Weather on Monday", "Weather on Tuesday", "Weather on Wednesday", "Weather on Thursday"],
        ["製粉所で火災", "火災の原因を調査", "火災から一週間", "火災の後片付け"],
    ],
)
def test_what_comes_back_in_a_series_is_no_boilerplate(titles: Sequence[str]) -> None:
    background = "The mill on the north bank burned down in the night of 3 May, and two workers were hurt."
    pages = [page(title, title, f"News number {n} of this day.\n{background}") for n, title in enumerate(titles)]
    assert recurring(pages) == frozenset()


def test_a_name_of_a_site_in_every_headline_makes_no_series() -> None:
    pages = [page(title, f"{title} | Courier Daily", f"{text}\n{BOX}") for title, text in STORIES.items()]
    fillers = [page(str(n), f"{word} | Courier Daily", f"Text {n}") for n, word in enumerate("abcdefghijkl")]
    assert len(recurring([*pages, *fillers])) == 1


def test_one_story_at_three_addresses_is_no_boilerplate() -> None:
    text = STORIES["Ferry returns to the harbour"]
    titles = ["Ferry returns", "Boats sail again", "Pier reopened"]
    assert recurring([page(title, title, text, story=7) for title in titles]) == frozenset()


@pytest.mark.parametrize(
    ("line", "long"),
    [
        ("a b c d e", True),
        ("a b c d", False),
        ("字" * DENSE, True),
        ("字" * (DENSE - 1), False),
        ("one-word-of-many-letters", True),
        ("two of-them-and-many-letters", False),
    ],
)
def test_how_long_a_line_has_to_be(line: str, long: bool) -> None:
    assert _is_long(line) is long


@pytest.mark.parametrize("line", ["Berlin (dpa)", "By Anna Lind", "What happens next", "", "读者来信"])
def test_a_short_line_is_never_boilerplate(line: str) -> None:
    assert recurring([page(title, title, f"{line}\n{text}") for title, text in STORIES.items()]) == frozenset()


@given(st.lists(st.text(alphabet="ab \n字", max_size=40), max_size=8), st.sets(st.integers(0, 6)))
def test_any_text_can_be_looked_at(texts: list[str], lines: set[int]) -> None:
    pages = [page(str(n), text, text) for n, text in enumerate(texts)]
    found = recurring(pages)
    for one, text in zip(pages, texts, strict=True):
        assert all(one.lines[number] in found for number in marked(one, found))
        assert set(without(text, lines).split("\n")) <= set(text.split("\n")) | {""}


def test_a_stub_is_known_by_its_whole_text_and_an_empty_page_by_nothing() -> None:
    boxes = " ".join(["Sign in to read on, or take out a subscription for a month that you can end at any time."] * 5)
    stub = "The old ferry between the two piers will run again from April, the council said."
    assert look("Ferry", f"{stub}\n{boxes}", NOW, stub).tokens >= FLOOR
    assert look("Ferry", boxes, NOW, "").tokens == 0


# --- what comes of it


def test_a_box_on_all_pages_puts_no_story_into_a_topic(store: Store) -> None:
    records = stories(3)
    keep(store, records)
    for record in records:
        stored = kept(store, record)
        assert set(store.topics.of_record(stored.n)) == {"all"}
        assert stored.record.text.endswith(BOX), "it is published as the site has it"
        assert BOX in stored.record.html
    about = a_record("School fees rise", f"The schools of the town will ask for more.\n{BOX}")
    keep(store, [about], NOW + timedelta(hours=1))
    assert set(store.topics.of_record(kept(store, about).n)) == {"all", "schools"}
    assert titles_found(store, "schools") == {"School fees rise"}
    assert titles_found(store, "ferry NOT schools") == {"Ferry returns to the harbour"}


def test_why_tells_what_was_left_out(store: Store, tmp_path: Path) -> None:
    records = stories(3)
    keep(store, records)
    (tmp_path / "config.toml").write_text('title = "Desk"\ncontact = "mailto:desk@example.org"\n', "utf-8")
    words = "\n".join(in_words(why(store, load(tmp_path / "config.toml"), records[0].url, NOW)))
    assert (
        "left out  of topics and search, since its site has it on many pages: “Support our coverage of schools" in words
    )


def test_the_first_two_leave_the_topic_when_the_third_tells(store: Store) -> None:
    records = stories(4)
    for at, record in enumerate(records[:2]):
        keep(store, [record], NOW + timedelta(hours=at))
        assert set(store.topics.of_record(kept(store, record).n)) == {"all", "schools"}, "nobody can know yet"
    before = [kept(store, record) for record in records[:2]]
    done = keep(store, [records[2]], NOW + timedelta(hours=3))
    assert "schools" in done.topics
    assert next(row for row in store.topics.all() if row.name == "schools").may_shrink
    after = [kept(store, record) for record in records[:2]]
    for record in records[:3]:
        assert set(store.topics.of_record(kept(store, record).n)) == {"all"}
    assert [one.updated for one in after] == [one.updated for one in before], "no reader is told of a change"
    assert titles_found(store, "schools") == set()
    keep(store, [records[3]], NOW + timedelta(hours=4))
    assert set(store.topics.of_record(kept(store, records[3]).n)) == {"all"}


def test_daily_work_a_new_topic_and_a_second_visit_agree(store: Store) -> None:
    for record in stories(4):
        keep(store, [record])
    was = {topic.name: [one.n for one in store.topics.newest_records(topic.name, limit=99)] for topic in TOPICS}
    rows = [tuple(row) for row in store.db.execute("SELECT n, furniture, updated FROM record ORDER BY n")]
    assert pipe.retopic(store, TOPICS, NOW) == {"schools": 0, "all": 4}
    keep(store, stories(4), NOW + timedelta(hours=1))
    assert {topic.name: [one.n for one in store.topics.newest_records(topic.name, limit=99)] for topic in TOPICS} == was
    assert [tuple(row) for row in store.db.execute("SELECT n, furniture, updated FROM record ORDER BY n")] == rows


def test_a_revision_keeps_what_was_known_of_it(store: Store) -> None:
    records = stories(3)
    keep(store, records)
    later = NOW + timedelta(hours=2)
    text = records[0].text.replace("35 crowns", "45 crowns").replace("The old ferry", "Photo: Lind\nThe old ferry")
    revised = replace(a_record(records[0].title, text, at=later), fingerprint="another")
    assert keep(store, [revised], later).revised == (records[0].id,)
    stored = kept(store, records[0])
    assert BOX not in stored.own.text
    assert "45 crowns" in stored.own.text
    assert titles_found(store, "schools") == set()
    assert titles_found(store, '"45 crowns"') == {records[0].title}


def test_a_removed_record_takes_its_words_and_its_voice_along(store: Store) -> None:
    records = stories(3)
    for record in records[:2]:
        keep(store, [record])
    with store.transaction():
        store.records.remove(kept(store, records[0]).n)
    keep(store, [records[2]], NOW + timedelta(hours=1))
    assert set(store.topics.of_record(kept(store, records[2]).n)) == {"all", "schools"}, "two pages are too few to tell"
    assert store.file.problems() == []


def test_two_stories_that_share_a_long_box_are_two(store: Store) -> None:
    box = "\n".join(
        f"{BOX} {line} {' '.join(STORIES.values())[at * 90 : at * 90 + 90]}" for at, line in enumerate("abc")
    )
    records = stories(4, box)
    keep(store, records)
    assert len({kept(store, record).story for record in records}) == 4
    copy = a_record(
        "Boats sail again",
        f"{STORIES['Ferry returns to the harbour']}\nMore news in our app for phones.",
        source="herald",
    )
    keep(store, [copy], NOW + timedelta(hours=1))
    stored = kept(store, copy)
    assert stored.story == kept(store, records[0]).story
    assert (stored.record.text, stored.evidence) != ("", "")


def test_a_wall_before_every_article_makes_no_story_of_them(store: Store) -> None:
    wall = (
        "This website stores data such as cookies to enable essential site functionality and to measure its audience.\n"
        "You may accept all of it, choose what you like, or read the notice on privacy; the choice is kept a year.\n"
        "With your consent we and our 812 partners use precise location and scan your device to tell you from others."
    )
    records = [a_record(title, wall) for title in STORIES]
    keep(store, records)
    assert len({kept(store, record).story for record in records}) == 4
