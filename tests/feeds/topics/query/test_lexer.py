"""The lexemes of a query: each with its kind, its value and its place."""

from __future__ import annotations

import pytest

from feeds.errors import QueryError
from feeds.topics.query.lexer import lex

Told = list[tuple[str, str, int, int]]

LEXEMES: dict[str, Told] = {
    "harbour  quay": [("word", "harbour", 0, 7), ("word", "quay", 9, 13)],
    "-quay": [("NOT", "NOT", 0, 1), ("word", "quay", 1, 5)],
    "–quay": [("NOT", "NOT", 0, 1), ("word", "quay", 1, 5)],
    "!quay": [("NOT", "NOT", 0, 1), ("word", "quay", 1, 5)],
    "- quay": [("word", "quay", 2, 6)],
    "quay-side": [("word", "quay-side", 0, 9)],
    "#sea": [("field", "tag", 0, 1), ("word", "sea", 1, 4)],
    "# sea": [("word", "sea", 2, 5)],
    "#(sea)": [("(", "(", 1, 2), ("word", "sea", 2, 5), (")", ")", 5, 6)],
    "(a OR b)": [("(", "(", 0, 1), ("word", "a", 1, 2), ("OR", "OR", 3, 5), ("word", "b", 6, 7), (")", ")", 7, 8)],
    "（a）": [("(", "(", 0, 1), ("word", "a", 1, 2), (")", ")", 2, 3)],
    "a AND NOT b": [("word", "a", 0, 1), ("AND", "AND", 2, 5), ("NOT", "NOT", 6, 9), ("word", "b", 10, 11)],
    "or and not": [("word", "or", 0, 2), ("word", "and", 3, 6), ("word", "not", 7, 10)],
    '"old quay"': [("phrase", "old quay", 0, 10)],
    "“old quay”": [("phrase", "old quay", 0, 10)],
    "「old quay」": [("phrase", "old quay", 0, 10)],
    '«old" quay»': [("phrase", 'old" quay', 0, 11)],
    '"old quay"*': [("phrase", "old quay*", 0, 11)],
    "=Quay": [("exact", "Quay", 0, 5)],
    '="Old Quay"': [("exact", "Old Quay", 0, 11)],
    "=": [],
    "= quay": [("exact", "", 0, 1), ("word", "quay", 2, 6)],
    "title:quay": [("field", "title", 0, 6), ("word", "quay", 6, 10)],
    "TITLE：quay": [("field", "title", 0, 6), ("word", "quay", 6, 10)],
    "title: quay": [("field", "title", 0, 6), ("word", "quay", 7, 11)],
    'title:"old quay"': [("field", "title", 0, 6), ("phrase", "old quay", 6, 16)],
    "title:-quay": [("field", "title", 0, 6), ("word", "-quay", 6, 11)],
    "url:/sport/": [("field", "url", 0, 4), ("word", "/sport/", 4, 11)],
    "url:/^https.*live/": [("field", "url", 0, 4), ("regex", "^https.*live", 4, 18)],
    "url:/a b$/": [("field", "url", 0, 4), ("word", "/a", 4, 6), ("word", "b$/", 7, 10)],
    "url:title:x": [("field", "url", 0, 4), ("word", "title:x", 4, 11)],
    "link:https://a.example/x": [("field", "link", 0, 5), ("word", "https://a.example/x", 5, 24)],
    "/qua[yi]/": [("regex", "qua[yi]", 0, 9)],
    "/qua[yi]/i": [("regex", "qua[yi]", 0, 10)],
    "/quay/x": [("word", "/quay/x", 0, 7)],
    "/quay": [("word", "/quay", 0, 5)],
    "a/b": [("word", "a/b", 0, 3)],
    "NEAR(a, b)": [
        ("NEAR(", "NEAR", 0, 5),
        ("word", "a", 5, 6),
        (",", ",", 6, 7),
        ("word", "b", 8, 9),
        (")", ")", 9, 10),
    ],
    "NEAR（a b）": [("NEAR(", "NEAR", 0, 5), ("word", "a", 5, 6), ("word", "b", 7, 8), (")", ")", 8, 9)],
    "a NEAR/5 b": [("word", "a", 0, 1), ("NEAR/", "5", 2, 8), ("word", "b", 9, 10)],
    "a AROUND(3) b": [("word", "a", 0, 1), ("NEAR/", "3", 2, 11), ("word", "b", 12, 13)],
    "a NEAR/5b": [("word", "a", 0, 1), ("word", "NEAR/5b", 2, 9)],
    "NEAR(a (b,c), d)": [
        ("NEAR(", "NEAR", 0, 5),
        ("word", "a", 5, 6),
        ("(", "(", 7, 8),
        ("word", "b,c", 8, 11),
        (")", ")", 11, 12),
        (",", ",", 12, 13),
        ("word", "d", 14, 15),
        (")", ")", 15, 16),
    ],
    "a, b": [("word", "a,", 0, 2), ("word", "b", 3, 4)],
    "Johnson & Johnson": [("word", "Johnson", 0, 7), ("word", "Johnson", 10, 17)],
    "title:&": [("field", "title", 0, 6), ("word", "&", 6, 7)],
    "\u200ba\ufeff": [("word", "a\ufeff", 1, 3)],
    "a(b": [("word", "a", 0, 1), ("(", "(", 1, 2), ("word", "b", 2, 3)],
    "averyveryverylongfieldname:x": [("word", "averyveryverylongfieldname:x", 0, 28)],
    "a:b:c": [("field", "a", 0, 2), ("field", "b", 2, 4), ("word", "c", 4, 5)],
}


@pytest.mark.parametrize(("query", "lexemes"), LEXEMES.items())
def test_the_lexemes_of_a_query(query: str, lexemes: Told) -> None:
    *found, end = lex(query)
    assert [(one.kind, one.value, one.start, one.end) for one in found] == lexemes
    assert (end.kind, end.value, end.start, end.end) == ("end", "", len(query), len(query))
    assert all(query[one.start : one.end].replace("（", "(") in (one.text, "）") for one in found)


@pytest.mark.parametrize(("query", "position"), [('"open', 0), ("=”open", 1), ('quay "open', 5), ('「open"', 0)])
def test_a_quotation_that_never_ends(query: str, position: int) -> None:
    with pytest.raises(QueryError, match="never closed") as raised:
        lex(query)
    assert raised.value.position == position
    assert raised.value.query == query
