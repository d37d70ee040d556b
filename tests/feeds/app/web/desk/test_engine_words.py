"""What engines say is recognised in the forms in which they say it, and said in the language of the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.messages import LANGUAGES, translate
from feeds.messages.engine_words import FORMS, said
from feeds.model import Topic
from feeds.topics import doc, trial
from tests.support.stories import record

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


QUERIES = (
    "lighthouse",
    "title:lighthouse AND NOT ferry",
    "(quay OR ferry) AND outlets:>=2",
    "author:quay",
    "lighthous",
    '"keeper lighthouse"',
    "title:ferr*",
)


@pytest.mark.parametrize("query", QUERIES)
def test_every_clause_of_a_trial_is_recognised(query: str) -> None:
    docs = [doc(record(n)) for n in range(30)]
    found = trial(Topic("t", "t", query=query), docs, now=NOW, most=12)
    told = [one.clause for one in (*found.hits, *found.near_misses)]
    told += [one.advice for one in found.near_misses if one.advice]
    assert told
    for text in told:
        assert said(text, "es") != text, text
        assert said(text, "en") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_is_said_in_each_language(language: str) -> None:
    for form in FORMS:
        fill = {
            "what": "“quay”",
            "field": "title",
            "other": "text",
            "clause": "“x” in the title",
            "reason": "the earliest",
        }
        text = form % {
            **dict.fromkeys(("count", "share"), "12"),
            **dict.fromkeys(("names", "name", "query", "time", "longest", "url", "bug", "kind"), "«x y»"),
            **fill,
        }
        assert said(text, language) != text, text
        assert text not in said(text, language)


def test_what_no_form_fits_stays_as_it_is() -> None:
    for text in ("", "<b>503 Service Unavailable</b>", "in the title", "x" * 5000, "no such thing", "%(what)s %s %"):
        assert said(text, "es") == text
    assert said("“100 %(x)s” in the title", "es").startswith("“100 %(x)s”")
    both = said("“quay” in the title, no “sport”", "es")
    assert "quay" in both and translate("title", "es") in both
