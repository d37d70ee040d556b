from datetime import timedelta

import pytest

from feeds.errors import QueryError
from feeds.model import Topic
from feeds.topics import doc
from feeds.topics.trials import Trial, hints, near_miss, trial
from scrapers import Record
from tests.support.topics_at_random import NOW, record


def tried(query: str | None, *records: Record, **settings: object) -> Trial:
    topic = Topic("t", "T", query, **settings)  # type: ignore[arg-type]
    return trial(topic, [doc(one) for one in records], now=NOW)


def test_hits_come_with_the_clause_and_counts_per_source() -> None:
    found = tried(
        "kyiv drone*",
        record("Drones over Kyiv", id="1"),
        record("Kyiv at night", id="2", source="herald"),
        record("Football", id="3", source="herald"),
    )
    assert [(hit.id, hit.clause) for hit in found.hits] == [("1", "“kyiv” in the text, “drones” in the text")]
    assert (found.caught, found.looked_at) == (1, 3)
    assert found.sources == {"courier": (1, 1), "herald": (0, 2)}
    assert [(miss.id, miss.clause) for miss in found.near_misses] == [("2", "no “drone*” in title or text")]
    assert found.warnings == ()
    assert found.read_as == "kyiv AND drone*"


@pytest.mark.parametrize(
    ("query", "text", "clause", "advice"),
    [
        (
            "drone",
            "Drones over the city",
            "no “drone” in title or text",
            "“drones” is in the text: write drone* for any",
        ),
        (
            "drones",
            "A drone over the city",
            "no “drones” in title or text",
            "“drone” is in the text: write drone* for any",
        ),
        ("title:kyiv", "in Kyiv", "no “kyiv” in the title", "it is in the text, not in the title"),
        ('"big storm"', "a storm so big", "no “big storm” in title or text", "not in a row"),
        ("NEAR(gas pipeline, 1)", "gas a b c pipeline", "no NEAR(gas pipeline, 1)", "not within 1"),
        ("=US", "us alone", "no “US” in title or text", "another spelling"),
        ("war", "x", "no “war” in title or text", "it is in the tag: write tag:war"),
        ("kyiv -sport", "sport in kyiv", "excluded by “sport” in the text", ""),
        ("kyiv lang:de", "kyiv", "the language is en, wanted is lang:de", ""),
        ("kyiv outlets:>=3", "kyiv", "one outlet carries it, wanted is outlets:>=3", ""),
        ("(paris OR kyiv) (rain OR snow)", "rain in london", "none of “paris”, “kyiv”", ""),
    ],
)
def test_near_misses_say_what_failed_and_what_would_help(query: str, text: str, clause: str, advice: str) -> None:
    (miss,) = tried(query, record(text, tags=("War",), language="en")).near_misses
    assert miss.clause == clause
    assert advice in miss.advice and bool(advice) == bool(miss.advice)


def test_other_stories_are_no_near_misses() -> None:
    for query in (
        "kyiv",
        "kyiv drone",
        "kyiv -sport",
        "kyiv OR paris",
        '"big storm"',
        "NEAR(gas oil)",
        "lang:de kyiv rain",
    ):
        assert tried(query, record("nothing of the kind", language="en")).near_misses == ()


def test_settings_of_the_topic_make_near_misses_too() -> None:
    found = tried("kyiv", record("kyiv", source="herald"), record("sport", source="herald"), sources=("courier",))
    assert [miss.clause for miss in found.near_misses] == ["its source herald is not among the topic's sources"]
    old = tried("kyiv", record("kyiv", published=NOW - timedelta(days=9)), max_age=86400.0)
    assert "older" in old.near_misses[0].clause


def test_warnings_of_everything_and_nothing() -> None:
    many = [record("kyiv and more", id=str(n)) for n in range(30)]
    assert "catches every one of 30" in tried("kyiv", *many).warnings[0]
    assert "catches none of 30" in tried("paris", *many).warnings[0]
    assert "catches 93 % of 30" in tried("kyiv", *many[:28], record("a"), record("b")).warnings[0]
    assert tried(None, *many).warnings == ()
    assert "no record" in tried("kyiv").warnings[0]


def test_lists_are_bounded_and_counts_are_not() -> None:
    many = [record("kyiv" if n % 2 else "kyivan", id=str(n)) for n in range(300)]
    found = trial(Topic("t", "T", "kyiv"), [doc(one) for one in many], now=NOW, most=10)
    assert (len(found.hits), len(found.near_misses), found.caught) == (10, 10, 150)


def test_hints() -> None:
    assert hints(Topic("t", "T", "cats or dogs")) == ["“or” is searched as a word; the operator is written OR"]
    assert hints(Topic("t", "T", '"or" cats')) == []
    assert "read as (a AND b) OR c" in hints(Topic("t", "T", "a b OR c"))[0]
    assert hints(Topic("t", "T", "(a b) OR c")) == []
    with pytest.raises(QueryError):
        hints(Topic("t", "T", "("))


def missed(query: str, text: str) -> tuple[str, str, bool] | None:
    found = near_miss(Topic(name="t", title="t", query=query), doc(record(text)), now=NOW)
    return found and (found.clause, found.advice, found.near)


def test_why_one_record_is_not_in_a_topic() -> None:
    assert missed("school", "a school") is None
    clause, advice, near = missed("school", "a schoolboy") or ("", "", False)
    assert (clause, near) == ("no “school” in title or text", True)
    assert advice == "“schoolboy” is in the text: write school* for any ending"
    assert missed("school", "the quay") == ("no “school” in title or text", "", False)


def test_of_alternatives_the_nearest_is_told() -> None:
    assert missed("ferry OR school OR quay", "a schoolboy") == (
        "no “school” in title or text",
        "“schoolboy” is in the text: write school* for any ending",
        True,
    )
    words = " OR ".join(f"w{n}" for n in range(20))
    clause, _, near = missed(words, "nothing") or ("", "", True)
    assert clause.endswith("“w7” and 12 more") and not near
