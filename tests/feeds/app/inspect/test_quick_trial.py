"""A query tried while it is typed: what is counted by the index alone, what is near, and what is warned of."""

from __future__ import annotations

from feeds.app.inspect import quick_trial
from feeds.model import Topic
from feeds.topics import compile
from feeds.topics.query.tree import WORD_FIELDS, Words


def warned(query: str, caught: int, total: int) -> list[str]:
    topic = Topic("quay", "Quay", query=query)
    return list(quick_trial._warnings(topic, compile(topic), caught, total))


def test_a_query_that_catches_nothing_or_most_is_warned_of() -> None:
    for caught, total, words in (
        (0, 0, []),
        (0, 1, ["this catches none of 1 records"]),
        (0, 1234, ["this catches none of 1,234 records"]),
        (10, 20, []),
        (11, 20, ["this catches 55 % of 20 records; is it meant so broadly?"]),
        (19, 19, []),
        (1999, 2000, ["this catches 99 % of 2,000 records; is it meant so broadly?"]),
    ):
        assert warned("harbour", caught, total) == words, (caught, total)
    assert warned("", 20, 20) == [], "who asks for everything gets it"


def test_what_the_index_alone_decides() -> None:
    for query, settled in (
        ("harbour", True), ("harbour quay", True), ("harbour OR quay", True), ('"old quay"', True),
        ("harbour -quay", True),
        ("harbour NEAR/3 quay", True), ("harbour source:courier", False), ("harbour OR source:courier", False),
        ("/qu.y/", False), ("harbour -source:courier", False), ("", True),
    ):  # fmt: skip
        rule = compile(Topic("quay", "Quay", query=query))
        assert quick_trial._is_settled(rule.node) is settled, query


def test_a_word_with_any_ending_is_near() -> None:
    for word, stem, prefix in (
        ("quay", "quay", False), ("quays", "quay", True), ("harbor", "harb", True), ("harbour", "harbo", True),
    ):  # fmt: skip
        loose = quick_trial._loose(Words((word,), fields=frozenset({"title"})))
        assert (loose.tokens, loose.prefix, loose.fields) == ((stem,), prefix, WORD_FIELDS)
