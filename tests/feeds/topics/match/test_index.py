import random
from datetime import timedelta

import pytest

from feeds.errors import QueryError
from feeds.model import Topic
from feeds.topics import Engine, doc
from feeds.topics.match import conditions
from scrapers import Record
from tests.support.topics_at_random import NOW, random_query, random_record, record


def topic(name: str, query: str | None = None, **settings: object) -> Topic:
    return Topic(name, name.title(), query, **settings)  # type: ignore[arg-type]


def names(engine: Engine, one: Record, **facts: object) -> list[str]:
    return [match.topic for match in engine.classify(one, **facts)]  # type: ignore[arg-type]


def test_a_record_gets_its_topics_with_the_clause_that_decided() -> None:
    engine = Engine([topic("ukraine", "kyiv OR ukrain*"), topic("sport", "sport -gas"), topic("all")])
    matches = engine.classify(record("Ukrainian gas and sport"))
    assert [(match.topic, match.clause) for match in matches] == [
        ("ukraine", "“ukrainian” in the text"),
        ("all", "everything is in this topic"),
    ]


def test_topics_come_in_the_order_in_which_they_were_added() -> None:
    engine = Engine([topic(name, "gas") for name in ["zebra", "apple", "mango"]])
    engine.add(topic("apple", "gas OR oil"))
    assert names(engine, record("gas")) == ["zebra", "apple", "mango"]


def test_a_changed_topic_is_changed_and_a_wrong_one_changes_nothing() -> None:
    engine = Engine([topic("a", "gas"), topic("b", "oil")])
    with pytest.raises(QueryError):
        engine.add(topic("a", "(oil"))
    assert names(engine, record("gas")) == ["a"]
    engine.add(topic("a", "wind*"))
    assert names(engine, record("gas")) == []
    assert names(engine, record("windy")) == ["a"]
    engine.remove("a")
    assert names(engine, record("windy oil")) == ["b"]
    assert "a" not in engine and len(engine) == 1
    with pytest.raises(KeyError):
        engine.remove("a")
    engine.add(topic("a", "wind*"))
    assert names(engine, record("windy oil")) == ["b", "a"]


def test_nothing_is_left_behind_by_topics_that_are_gone() -> None:
    engine = Engine()
    for _ in range(2):
        for number, query in enumerate(
            ["gas", "econ*", "source:x", "lang:de", "/x+y/", "author:doe*", "topic:politics", "a b OR c d"]
        ):
            engine.add(topic(f"t{number}", query))
    for number in range(8):
        engine.remove(f"t{number}")
    assert not engine._by_key and not engine._by_prefix and not engine._lengths
    assert not engine._always and not engine._needs


def test_settings_count() -> None:
    engine = Engine(
        [
            topic("only", None, sources=("courier",)),
            topic("not", "gas", exclude=("courier",)),
            topic("german", "gas", language="de"),
            topic("fresh", "gas", max_age=3600.0),
        ]
    )
    assert names(engine, record("gas")) == ["only", "german", "fresh"]
    assert names(engine, record("gas", source="herald", language="en")) == ["not", "fresh"]
    assert names(engine, record("gas", source="herald", language="de-AT"), now=NOW.replace(hour=8)) == ["not", "german"]


def test_story_facts_count() -> None:
    engine = Engine([topic("big", "outlets:>=3"), topic("copies", "copies:only"), topic("politics", "topic:politics")])
    assert names(engine, record("x")) == []
    assert names(engine, record("x"), outlets=3, is_copy=True, medtops=["medtop:20000574"]) == [
        "big",
        "copies",
        "politics",
    ]


def test_the_index_finds_what_asking_every_rule_finds() -> None:
    chance = random.Random(7)
    engine = Engine([topic(f"t{number}", random_query(chance)) for number in range(400)])
    for number in range(60):
        if number % 10 == 9:  # and while topics come, go and change
            engine.add(topic(f"t{chance.randrange(450)}", random_query(chance)))
            engine.remove(chance.choice(list(engine)).topic.name)
        document = doc(random_record(chance, number), outlets=chance.randrange(1, 4), is_copy=chance.random() < 0.3)
        slow = [rule.topic.name for rule in engine if rule.holds(document, NOW)]
        assert sorted(rule.topic.name for rule in engine.rules_of(document, NOW)) == sorted(slow)


def test_after_its_story_changed_a_record_is_put_to_the_rules_that_ask_for_it_alone() -> None:
    engine = Engine(
        [
            topic("harbour", "harbour"),
            topic("wide", "harbour AND outlets:>=2"),
            topic("first", "copies:no"),
            topic("new", "harbour", max_age=60.0),
            topic("not-wide", "closed NOT (outlets:>=2 OR quay)"),
        ]
    )
    one = record("It is closed.", title="The harbour")
    now = one.published
    before = {match.topic: match.clause for match in engine.classify(one, now=now)}
    assert set(before) == {"harbour", "first", "new", "not-wide"}
    for outlets, is_copy, at in ((2, True, now), (3, False, now + timedelta(hours=1)), (1, False, now)):
        again = engine.classify_again(one, before, outlets=outlets, is_copy=is_copy, now=at)
        assert again == {
            match.topic: match.clause for match in engine.classify(one, outlets=outlets, is_copy=is_copy, now=at)
        }
    assert engine.classify_again(one, {"harbour": "said before"}, outlets=1, is_copy=True, now=now)["harbour"] == (
        "said before"
    )


def test_rules_of_one_stop_word_are_still_right() -> None:
    engine = Engine([topic(f"t{number}", "the") for number in range(300)])
    assert len(engine.classify(record("the end"))) == 300
    assert engine.classify(record("an end")) == ()


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("quay -gas", "“quay” in the text, no “gas”"),
        ("quay -language:de", "“quay” in the text, not lang:de"),
    ],
)
def test_what_is_absent_is_said_in_words(query: str, clause: str) -> None:
    (match,) = Engine([topic("quay", query)]).classify(record("The old quay"))
    assert match.clause == clause


def test_a_pattern_minds_case_where_it_says_so_and_has_little_memory() -> None:
    minding, not_minding = conditions._options(ignore_case=False), conditions._options(ignore_case=True)
    assert (minding.case_sensitive, not_minding.case_sensitive) == (True, False)
    assert (minding.max_mem, minding.log_errors) == (2**20, False)
