import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Topic
from feeds.topics import compile, doc, parse
from feeds.topics.imports import from_freshrss, from_miniflux
from tests.support.cases import each
from tests.support.topics_at_random import record

ANY_FIELD = ("title", "url", "author", "tag")  # where a rule of Miniflux looks that names no field


@each(
    "search, query",
    fields=[
        ("intitle:kyiv -sport", "title:kyiv -sport"),
        ("intitle:'a b' !author:doe", 'title:"a b" -author:doe'),
        ("#climate+change", 'tag:"climate change"'),
        ("inurl:world", 'url:"world"'),
        ("inurl:/world/", 'url:"world"'),
        ("inurl:/wor+ld/i", "url:/wor+ld/i"),
        ("intext:gas", "text:gas"),
        ("intitle:/^Live/", "title:/^Live/"),
    ],
    words_and_operators=[
        ("kyiv", "kyiv"),
        ("kyiv drone", "kyiv drone"),
        ('"big storm" OR flood', '"big storm" OR flood'),
        ("'big storm'", '"big storm"'),
        ("(a OR b) c", "(a OR b) c"),
        ("a (b c OR d)", "a ((b c) OR d)"),
        ("-(a OR b)", "after:1995 -(a OR b)"),
        ("-a", "after:1995 -a"),
        ("/dro+ne/i", "/dro+ne/i"),
        ("foo:bar", '"foo:bar"'),
        ("a AND b", 'a "AND" b'),
    ],
    dates=[
        ("date:2024-02-01/2024-02-29", "after:2024-02-01 before:2024-03-01"),
        ("pubdate:2024", "after:2024-01-01 before:2025-01-01"),
        ("date:2024-12/", "after:2024-12-01"),
    ],
)
def test_freshrss(search: str, query: str) -> None:
    found = from_freshrss(search)
    assert found.query == query
    parse(query)


@pytest.mark.parametrize(
    ("search", "query", "note"),
    [
        ("kyiv f:12", "kyiv", "feed's number"),
        ("(f:1 OR f:2) kyiv", "kyiv", "feed's number"),
        ("kyiv label:later", "kyiv", "a label of yours"),
        ("kyiv date:P30D", "kyiv", "max_age"),
        ("kyiv date:soon", "kyiv", "no date"),
        ("/(?=x)/ kyiv", "kyiv", "cannot be used"),
        ("f:12", None, "feed's number"),
        ("", None, "nothing in it"),
        ("kyiv)", "kyiv", "closes nothing"),
        ("kyiv", "kyiv", "whole words"),
    ],
)
def test_what_freshrss_means_and_we_do_not_is_named(search: str, query: str | None, note: str) -> None:
    found = from_freshrss(search)
    assert found.query == query
    assert any(note in one for one in found.notes)


@pytest.mark.parametrize(
    ("keep", "block", "query"),
    [
        (r"EntryTitle=(?i)\bkyiv\b", "", 'title:"kyiv"'),
        ("EntryTitle=(?i)(kyiv|lviv)", "", "title:/(?i)(kyiv|lviv)/"),
        ("EntryTitle=a\nEntryTag=b", "", "title:/a/ OR tag:/b/"),
        ("EntryURL=/world/", "", 'url:"/world/"'),
        ("EntryURL=^https.*/wor ld/", "", r"url:/^https.*\/wor\x20ld\//"),
        ("EntryContent=gas", "EntryAuthor=Doe", "text:/gas/ -author:/Doe/"),
        ("", "EntryTitle=(?i)sport", "after:1995 -title:/(?i)sport/"),
        ("", "(?i)sport", f"after:1995 -({' OR '.join(f'{field}:/(?i)sport/' for field in ANY_FIELD)})"),
        ("EntryDate=after:2024-01-31", "", "after:2024-02-01"),
        ("EntryDate=between:2024-01-01,2024-01-31", "", "after:2024-01-01 before:2024-02-01"),
    ],
)
def test_miniflux(keep: str, block: str, query: str) -> None:
    found = from_miniflux(keep, block)
    assert found.query in (query, f"({query})")
    parse(query)


@pytest.mark.parametrize(
    ("keep", "note"),
    [
        ("EntryCommentsURL=x", "there is no EntryCommentsURL"),
        ("EntryTitle=(?!x)", "cannot be used"),
        ("EntryDate=max-age:7d", "max_age"),
        ("EntryDate=future", "future"),
        ("EntryDate=before:x", "no date"),
    ],
)
def test_what_miniflux_means_and_we_do_not_is_named(keep: str, note: str) -> None:
    found = from_miniflux(keep)
    assert found.query is None
    assert any(note in one for one in found.notes)


def test_imported_queries_find_what_they_found() -> None:
    document = doc(record("gas in Kyiv", title="A storm", tags=("War and peace",)))
    for query in (
        from_freshrss("intitle:storm (gas OR oil) -sport #war+and+peace").query,
        from_miniflux("EntryTitle=(?i)STORM\nEntryTitle=x", "EntryContent=sport").query,
    ):
        assert compile(Topic("t", "T", query)).test(document)


PIECES = [
    "a",
    "-",
    "!",
    "(",
    ")",
    " OR ",
    '"',
    "'",
    "intitle:",
    "#x+y",
    "/a/i",
    "/(/",
    "f:1",
    "date:2024/",
    "date:",
    "\\",
    " ",
    "é",
    "NEAR(",
]


@given(st.one_of(st.text(max_size=100), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@settings(max_examples=500, deadline=None)
def test_whatever_is_imported_is_a_query_or_named(search: str) -> None:
    for found in (from_freshrss(search), from_miniflux(search), from_miniflux("EntryTitle=" + search, search)):
        if found.query is not None:
            parse(found.query)
        else:
            assert found.notes or not search.strip()
