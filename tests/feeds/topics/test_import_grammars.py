"""Searches of FreshRSS and rules of Miniflux, each part of their grammars, as queries of ours."""

from __future__ import annotations

import pytest

from feeds.topics.imports import from_freshrss, from_miniflux

WORDS = "FreshRSS finds parts of words, here whole words count: write word* for any ending"
ONLY = "it only excludes: after:1995 stands for everything else"

FRESHRSS: list[tuple[str, str | None, list[str]]] = [
    ("quay", "quay", [WORDS]),
    ("quay boat", "quay boat", [WORDS]),
    ("quay OR boat", "quay OR boat", [WORDS]),
    ("(quay OR boat) ice", "(quay OR boat) ice", [WORDS]),
    ("-quay", "after:1995 -quay", [WORDS, ONLY]),
    ("!quay ice", "-quay ice", [WORDS]),
    ("-(quay ice)", "after:1995 -(quay ice)", [WORDS, ONLY]),
    ('"old quay"', '"old quay"', [WORDS]),
    ("'old quay'", '"old quay"', [WORDS]),
    ("intitle:quay", "title:quay", [WORDS]),
    ('intext:"old quay"', 'text:"old quay"', [WORDS]),
    ("author:Ada", "author:Ada", [WORDS]),
    ("inurl:sport", 'url:"sport"', []),
    ("inurl:/sport/", 'url:"sport"', []),
    ("inurl:/spo.t x/i", 'url:"spo.t x"', []),
    ("#sea+ice", 'tag:"sea ice"', [WORDS]),
    ('#"sea"', 'tag:"sea"', [WORDS]),
    ("/qua[yi]/i", "/qua[yi]/i", []),
    ("/^quay/m", "/(?m)^quay/", []),
    ("intitle:/qua./", "title:/qua./", []),
    ("f:12 quay", "quay", ["f:12: names a feed's number, which does not exist here; left out", WORDS]),
    ("label:x", None, ["label:x: names a label of yours, which does not exist here; left out"]),
    ("search:y OR quay", "quay", ["search:y: names a saved search, which does not exist here; left out", WORDS]),
    ("pubdate:2026", "after:2026-01-01 before:2027-01-01", []),
    ("date:2026-03/2026-04", "after:2026-03-01 before:2026-05-01", []),
    ("date:2026-03-01/", "after:2026-03-01", []),
    ("date:/2026-12", "before:2027-01-01", []),
    ("date:2026-12-31", "after:2026-12-31 before:2027-01-01", []),
    ("date:P1D", None, ["date:P1D: is counted from now; use the topic's max_age instead; left out"]),
    ("date:soon", None, ["date:soon: is no date that is understood here; left out"]),
    ("date:/", None, ["there is nothing in it"]),
    ("foo:bar", '"foo:bar"', [WORDS]),
    ("AND", '"AND"', [WORDS]),
    ("NOT", '"NOT"', [WORDS]),
    ("co-op", '"co-op"', [WORDS]),
    ("quay)", "quay", ["a ')' that closes nothing was left out", WORDS]),
    ("(quay", "quay", [WORDS]),
    ("quay OR", "quay", [WORDS]),
    ("", None, ["there is nothing in it"]),
    ('"open', None, ["'\"open': cannot be read"]),
    ("(quay) OR (boat)", "quay OR boat", [WORDS]),
    ("-quay OR ice", "(after:1995 -quay) OR ice", [WORDS]),
    (
        "userdate:2026",
        None,
        ["userdate:2026: names when you changed the article's state, which does not exist here; left out"],
    ),
]
MINIFLUX: list[tuple[str, str, str | None, list[str]]] = [
    ("EntryTitle=(?i)\\bquay\\b", "", 'title:"quay"', []),
    ("EntryTitle=quay", "", "title:/quay/", []),
    (
        "(?i)\\bold quay\\b",
        "",
        (
            "(title:/(?i)\\bold quay\\b/ OR url:/(?i)\\bold\\x20quay\\b/"
            " OR author:/(?i)\\bold quay\\b/ OR tag:/(?i)\\bold quay\\b/)"
        ),
        [],
    ),
    ("EntryURL=sport/ice", "", 'url:"sport/ice"', []),
    ("EntryURL=^https.*/x y", "", "url:/^https.*\\/x\\x20y/", []),
    ("EntryDate=before:2026-03", "", "before:2026-03-01", []),
    ("EntryDate=after:2026", "", "after:2027-01-01", []),
    ("EntryDate=between:2026-01-01,2026-12-31", "", "after:2026-01-01 before:2027-01-01", []),
    (
        "EntryDate=max-age:7d",
        "",
        None,
        ["EntryDate=max-age:7d: is counted from now; use the topic's max_age instead; left out"],
    ),
    ("EntryDate=future", "", None, ["EntryDate=future: no story is dated in the future here; left out"]),
    ("EntryDate=x", "", None, ["EntryDate=x: is not understood; left out"]),
    ("EntryDate=before:soon", "", None, ["EntryDate=before:soon: is no date that is understood here; left out"]),
    ("EntryFoo=x", "", None, ["EntryFoo=x: there is no EntryFoo here; left out"]),
    ("", "EntryTag=ad", "after:1995 -tag:/ad/", [ONLY]),
    (
        "EntryFoo=x",
        "EntryTag=ad",
        "after:1995 -tag:/ad/",
        [
            "EntryFoo=x: there is no EntryFoo here; left out",
            "no keep line could be carried over: the query keeps everything",
            ONLY,
        ],
    ),
    ("EntryTitle=a1\nEntryAuthor=b2", "EntryContent=c3", "(title:/a1/ OR author:/b2/) -text:/c3/", []),
    ("", "", None, []),
    ("a/b", "", '(title:/a\\/b/ OR url:"a/b" OR author:/a\\/b/ OR tag:/a\\/b/)', []),
    ("x=y", "", '(title:/x=y/ OR url:"x=y" OR author:/x=y/ OR tag:/x=y/)', []),
    ("EntryDate=before:2026-12", "", "before:2026-12-01", []),
    ("EntryDate=after:2026-12", "", "after:2027-01-01", []),
    ("EntryDate=after:2026-11", "", "after:2026-12-01", []),
    ("EntryDate=after:2026-02-28", "", "after:2026-03-01", []),
]


@pytest.mark.parametrize(("search", "query", "notes"), FRESHRSS)
def test_a_search_of_freshrss(search: str, query: str | None, notes: list[str]) -> None:
    found = from_freshrss(search)
    assert (found.query, list(found.notes)) == (query, notes)


@pytest.mark.parametrize(("keep", "block", "query", "notes"), MINIFLUX)
def test_rules_of_miniflux(keep: str, block: str, query: str | None, notes: list[str]) -> None:
    found = from_miniflux(keep, block)
    assert (found.query, list(found.notes)) == (query, notes)


def test_a_pattern_that_cannot_be_used_is_left_out_with_its_reason() -> None:
    found = from_freshrss("/a(b/ OR quay")
    assert found.query == "quay"
    assert "/a(b/: this pattern cannot be used" in found.notes[0]
    alone = from_miniflux("EntryTitle=(")
    assert alone.query is None
    assert "left out" in alone.notes[0]


def test_what_is_too_long_or_too_deep() -> None:
    assert from_freshrss("a" * 4001).notes == ("the search has 4,001 characters; at most 4,000 are read",)
    assert from_freshrss("(" * 20 + "quay" + ")" * 20).query == "quay"
    deep = from_freshrss("(" * 21 + "quay" + ")" * 21)
    assert deep.query is None
    assert deep.notes == ("more than 20 levels of parentheses",)
