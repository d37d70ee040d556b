# ruff: noqa: E501  (tables of queries read best in long lines)
import contextlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.errors import QueryError
from feeds.model import Topic
from feeds.topics import Doc, compile, doc, parse, why, why_not, written
from feeds.topics.query.tree import And, Near, Not, Or, Words
from scrapers import Record
from tests.support.timing import least

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
RECORD = Record(
    id="urn:uuid:1",
    key="www.courier.example/world/drones",
    url="https://www.courier.example/World/drones.html",
    source="courier",
    title="Kyiv counts the drones, says AT&T",
    subtitle="A long night",
    text="The C++ programmer O’Brien of the U.S. had covid-19 in Łódź.\nGas flows through the big pipeline; US economists agree.\n"
    "東京で会談が開かれた。",
    html="",
    published=NOW,
    first_seen=NOW,
    language="en-GB",
    authors=("Jane Doe", "John Roe"),
    tags=("Climate change", "War"),
    section="World News",
    publisher="The Example Courier",
)


def holds(query: str, record: Record = RECORD, **facts: object) -> bool:
    return compile(Topic("t", "T", query)).test(doc(record, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "kyiv", "KYIV", "kyiv drones", "kyiv AND drones", "kyiv OR paris", "kyiv -paris", "kyiv NOT paris", "kyiv !paris",
        '"counts the drones"', "“counts the drones”", "„counts the drones“", "«counts the drones»", '"long night"',
        "dron*", '"counts the dro"*', "(paris OR kyiv) drones", "paris OR (kyiv drones)", "paris london OR kyiv",
        "C++", "at&t", "AT&T", "O'Brien", "o’brien", "U.S.", "covid-19", "covid", "lodz", "ŁÓDŹ", "東京", "会談", '"東京で会談"', "東京*",
        "NEAR(gas pipeline, 4)", "gas NEAR/4 pipeline", "pipeline NEAR/4 gas", "gas AROUND(4) pipeline", 'NEAR("gas flows" pipe*, 3)',
        "NEAR(gas pipeline)", "text:NEAR(gas pipeline, 4)",
        "title:kyiv", "intitle:drones", "TITLE:kyiv", 'title:"the drones"', "title:(paris OR kyiv)", "text:gas", 'text:"long night"',
        "author:doe", 'author:"jane doe"', "tag:war", "#war", '#"climate change"', 'tag:"climate change"', "section:world", "category:news",
        "source:courier", "source:COURIER", "site:courier.example", "source:www.courier.example", 'source:"The Example Courier"',
        "source:(courier OR herald)", "lang:en", "lang:en-GB", "lang:(de OR en)", "url:/world/", 'url:"drones.html"', "inurl:courier",
        r"url:/world\/d\w+s/i", "before:2026-11-25", "after:2026-11-24", "after:2026", "before:2026-12", "after:2026-11-24T06:00",
        "copies:no", "outlets:1", "outlets:<3", "outlets:>=1", "/dro+nes/", "/^kyiv/i", "title:/Kyiv/", "kyiv -/paris/",
        "=Kyiv", "=US", '="US economists"', "=Łódź", "title:=Kyiv", "Kyiv & drones", "kyiv - drones",
    ],
)  # fmt: skip
def test_holds(query: str) -> None:
    rule = compile(Topic("t", "T", query))
    document = doc(RECORD)
    assert rule.test(document)
    assert why(rule.node, document)
    assert compile(Topic("t", "T", written(rule.node))).test(document)


@pytest.mark.parametrize(
    "query",
    [
        "paris", "kyiv paris", "kyiv -drones", "kyiv NOT (paris OR drones)", "not kyiv", '"drones the"', "c", "c#", '"at t"', "京東",
        "obrien", "text:kyiv", "title:gas", 'title:"long night"', '"at&t a long"', "NEAR(gas pipeline, 3)", "gas NEAR/3 pipeline",
        "NEAR(kyiv gas, 1000)", 'author:"doe john"', 'tag:"change war"', "author:kyiv", "world", "source:cour", "source:example",
        "source:herald", "source:The", "lang:de", "lang:en-US", "lang:enx", "url:paris", "before:2026-11-24",
        "after:2026-11-25", "copies:only", "outlets:>=2", "outlets:>1", "outlets:2", "/KYIV/", "=kyiv", "=Us", "=Lodz", "text:=Kyiv",
        '="us economists"', "=econ", "topic:politics",
    ],
)  # fmt: skip
def test_does_not_hold(query: str) -> None:
    rule = compile(Topic("t", "T", query))
    document = doc(RECORD)
    assert not rule.test(document)
    assert why_not(rule.node, document)
    assert not compile(Topic("t", "T", written(rule.node))).test(document)


def test_a_phrase_does_not_reach_from_one_paragraph_field_to_the_next() -> None:
    assert not holds('"night the c++"')
    assert holds('"big pipeline us"')  # paragraphs of one text are one text


def test_story_facts() -> None:
    assert holds("outlets:>=3", outlets=3)
    assert holds("outlets:3+", outlets=5)
    assert holds("copies:only", is_copy=True)
    assert not holds("copies:no", is_copy=True)


def test_media_topics_match_what_stands_below_them() -> None:
    facts = {"medtops": ["medtop:20000574"]}  # a concept below politics
    for query in ("topic:20000574", "topic:medtop:20000574", "topic:politics", 'topic:"Politics and Government"'):
        assert holds(query, **facts), query
    assert not holds("topic:sport", **facts)
    assert not holds("topic:20000575", **facts)


def test_precedence() -> None:
    def shape(query: str) -> str:
        return written(parse(query))

    assert shape("a b OR c d") == "(a AND b) OR (c AND d)"
    assert shape("a OR b OR c") == "a OR b OR c"
    assert shape("-a b") == "NOT a AND b"
    assert shape("a -(b OR c)") == "a AND NOT (b OR c)"
    assert shape("a NOT NOT b") == "a AND b"
    assert shape("a NEAR/3 b c") == "NEAR(a b, 3) AND c"
    assert shape("title:(a OR b) c") == "(title:a OR title:b) AND c"
    assert isinstance(parse("a b"), And) and isinstance(parse("a OR b"), Or)
    assert isinstance(parse("NEAR(a b)"), Near) and parse("NEAR(a b)").distance == 10
    assert parse("a-b") == Words(("a", "b"), span=(0, 3))
    assert isinstance(parse("a -b").parts[1], Not)


@pytest.mark.parametrize(
    ("query", "position", "reason"),
    [
        ("(", 0, "never closed"),
        ("a /x\udc80/", 4, "no character"),
        ("a (b", 2, "never closed"),
        ("a)", 1, "closes nothing"),
        ("()", 0, "nothing between"),
        ("a OR", 2, "must follow OR"),
        ("OR a", 0, 'write "or" in quotes'),
        ("a AND AND b", 2, "must follow AND"),
        ("a NOT", 2, "must follow NOT"),
        ('a "b', 2, "never closed"),
        ('a ""', 2, "no word"),
        ("&", 1, "no word"),
        ("foo:bar", 0, "no field 'foo'"),
        ("a titel:b", 2, "did you mean title:"),
        ("title: a", 0, "without a space"),
        ("title:", 0, "without a space"),
        ("title:-a", 6, "as in -title:"),
        ("title:(a source:b)", 9, "inside the parentheses"),
        ("-a", 0, "only excludes"),
        ("a OR -b", 5, "only excludes"),
        ("-a -b", 0, "only excludes"),
        ("ab*", 0, "at least 3 letters"),
        ("a*b", 1, "only at the end"),
        ("=abc*", 0, "choose one"),
        ("NEAR(a)", 0, "at least two"),
        ("NEAR(a b, 0)", 10, "from 1 to"),
        ("NEAR(a (b))", 7, "looks like this"),
        ("NEAR/3 b", 0, "must come before"),
        ("a NEAR/3 (b)", 2, "must follow"),
        ("lang:english", 5, "language code"),
        ("before:yesterday", 7, "looks like 2026-01-31"),
        ("after:2026-13-01", 6, "looks like"),
        ("copies:maybe", 7, "is no"),
        ("outlets:many", 8, "takes a number"),
        ("outlets:<1", 8, "at least one outlet"),
        ("topic:politcal", 6, "did you mean"),
        ("/(/", 0, "cannot be used"),
        (r"/(a)\1/", 0, "cannot be used"),
        ("/a*/", 0, "so everything"),
        ("source:(a b)", 10, "separated by OR"),
        ("a " * 201, 400, "more than 200 terms"),
        ("(" * 21 + "a" + ")" * 21, 20, "more than 20 levels"),
        ("a" * 4001, 4000, "at most 4,000"),
    ],
)
def test_mistakes_point_at_the_place_and_say_what_is_right(query: str, position: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert reason in caught.value.reason
    assert caught.value.position == position
    assert caught.value.query == query
    lines = caught.value.pointed().split("\n")
    assert lines[-2] == " " * position + "^"


PIECES = [
    "a", "word", "two words", '"a phrase"', "“", "”", '"', "«", "(", ")", " OR ", " AND ", " NOT ", "-", "!", "=", "*", "ab*", "econ*",
    "NEAR(", "NEAR/3", " AROUND(2) ", ",", ", 3)", "title:", "source:", "lang:en", "before:2026-01-01", "topic:", "medtop:20000344", "url:",
    "outlets:>=3", "copies:no", "tag:", "#", "/", "/x+/", "/(/", "\\", "日本", "é", "’", "&", "C++", ":", "foo:", " ", "  ", "\t", "\x00", "🎉",
]  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
@example("title:NEAR(a b")
@example("a NEAR/1 b NEAR/2 c")
@example("source:source:a")
@settings(max_examples=2000, deadline=None)
def test_any_string_is_a_tree_or_a_query_error(query: str) -> None:
    mistake = None
    try:
        node = parse(query)
    except QueryError as error:
        mistake = error
    if mistake is not None:
        assert 0 <= mistake.position <= len(query)
        assert mistake.reason
        return
    again = parse(written(node))
    assert written(again) == written(node)
    document: Doc = doc(RECORD)
    rule = compile(Topic("t", "T", query))
    assert rule.test(document) == compile(Topic("t", "T", written(node))).test(document)


WORST = [
    "(" * 4000,
    "-" * 4000,
    '"' * 3999,
    "a " * 2000,
    "a*" * 2000,
    "NEAR(" * 800,
    "title:(" * 500,
    "a NEAR/9 " * 400,
    "/" * 4000,
    "/a/ " * 1000,
    "/" + "(a|b)*" * 80 + "x/",
    "/(((a{1,99}){1,9}){1,9}){1,9}/",
    "=" * 4000,
    "topic:" + "x" * 3990,
    "x:" * 2000,
    "é" * 4000,
    "\\" * 4000,
    "/" + "\\/" * 1999,
    "#" * 4000,
    "source:(" + "a OR " * 700,
    " OR ".join(f"topic:politcs{n}" for n in range(200)),
]


@pytest.mark.parametrize("query", WORST, ids=range(len(WORST)))
def test_no_query_takes_more_than_50_ms(query: str) -> None:
    parse("topic:politics")  # the vocabulary is read once

    def work() -> None:
        with contextlib.suppress(QueryError):
            compile(Topic("t", "T", query))

    assert least(work, 0.05) < 0.05


def test_settings_of_the_topic_beside_its_query() -> None:
    document = doc(RECORD)

    def barred(**settings: object) -> str | None:
        rule = compile(replace(Topic("t", "T", "kyiv"), **settings))  # type: ignore[arg-type]
        assert rule.holds(document, NOW) == (rule.barred(document, NOW) is None)
        return rule.barred(document, NOW)

    assert barred() is None
    assert barred(sources=("courier",)) is None
    assert "not among" in str(barred(sources=("herald",)))
    assert "excluded" in str(barred(exclude=("courier",)))
    assert barred(language="en") is None
    assert "language" in str(barred(language="de"))
    assert barred(max_age=60.0) is None
    assert "older" in str(compile(Topic("t", "T", max_age=60.0)).barred(document, NOW.replace(hour=7)))
