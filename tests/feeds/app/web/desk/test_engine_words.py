"""What engines say is recognised in the forms in which they say it, and said in the language of the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from feeds.messages import LANGUAGES, translate
from feeds.messages.engine_words import FORMS, _said, about, said
from feeds.model import Topic
from feeds.topics import doc, trial
from tests.support import timing
from tests.support.stories import record

SAME = {("fr", "dates"), ("fr", "sections")}  # that another language has too
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "query",
    [
        "lighthouse",
        "title:lighthouse AND NOT ferry",
        "(quay OR ferry) AND outlets:>=2",
        "author:quay",
        "lighthous",
        '"keeper lighthouse"',
        "title:ferr*",
    ],
)
def test_every_clause_of_a_trial_is_recognised(query: str) -> None:
    docs = [doc(record(n)) for n in range(30)]
    found = trial(Topic("t", "t", query=query), docs, now=NOW, most=12)
    told = [one.clause for one in (*found.hits, *found.near_misses)]
    told += [one.advice for one in found.near_misses if one.advice]
    assert told
    for text in told:
        assert said(text, "es") != text, text
        assert said(text, "en") == text


FILLED = {
    "what": "“quay”",
    "field": "title",
    "other": "text",
    "clause": "“x” in the title",
    "reason": "the earliest",
    "kind": "a login",
    "pages": "2 of 3 pages",
    "rhythm": "9 stories a day",
    "hours": "on Mondays, 06–18 h UTC",
    "fields": "dates",
    "place": "store",
    "day": "Monday, 2026-11-16",
    "time": "3 d",
    **dict.fromkeys(("share", "before"), "12%"),
    **dict.fromkeys(("count", "number", "all", "most", "least", "rest", "size", "minutes", "running", "year"), "12"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_is_said_in_each_language(language: str) -> None:
    for form in FORMS:
        for text in (form,) if isinstance(form, str) else form:
            made = re.sub(r"%\((\w+)\)s", lambda hole: FILLED.get(hole[1], "«xy»"), text).replace("%%", "%")
            told = said(made, language)
            assert told != made or (language, made) in SAME, made
            assert "%(" not in told
            assert made not in told or (language, made) in SAME


def test_what_fills_a_form_is_said_in_the_language_too() -> None:
    assert said("needs a person: the page is a login", "de") == "braucht einen Menschen: die Seite ist: eine Anmeldung"
    assert said("dates 12% since Monday, 2026-11-16, before 93%", "de").startswith("Datumsangaben: 12\xa0%")
    assert "Montag, 16. November 2026" in said("dates 12% since Monday, 2026-11-16, before 93%", "de")
    assert said("every 2 h until its rhythm is known", "pl") == "co 2 godz., aż będzie znany rytm"
    told = said("every 30 min now (9 stories a day, mostly on Mondays, 06–18 h UTC)", "uk")
    assert told == "тепер кожні 30 хв (9 новин на день, зазвичай понеділок, 06–18 h UTC)"


@pytest.mark.parametrize(
    ("count", "told"),
    [("1", "1 wiadomość dziennie"), ("3", "3 wiadomości dziennie"), ("1,200", "1,200 wiadomości dziennie")],
)
def test_a_form_agrees_with_its_number(count: str, told: str) -> None:
    assert said(f"{count} stories a day", "pl") == told


def test_several_explanations_in_a_row() -> None:
    late = "the time of a visit is over; call it again for the rest"
    rows = f"https://x.example/a: no data in time; {late}; ¿?; no title was found"
    told = said(rows, "de").split("; ")
    assert told[0] == "https://x.example/a: keine Daten in der gegebenen Zeit"
    assert told[1].startswith("die Zeit eines Besuchs ist um") and told[3:] == ["¿?", "kein Titel gefunden"]
    assert said("a; b", "de") == "a; b"


@pytest.mark.parametrize(
    "piece",
    [
        "; ",
        ", ",
        " of ",
        " (https://x.example/",
        "no data in time; ",
        " is kept out of the feeds: ",
        "needs a person: ",
        " leads to ",
    ],
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    text = (piece * 600)[:600]
    assert timing.least(lambda: _said.__wrapped__(text, "de"), enough=0.5) < 0.5


def test_what_no_form_fits_stays_as_it_is() -> None:
    for text in ("", "<b>503 Service Unavailable</b>", "in the title", "x" * 5000, "no such thing", "%(what)s %s %"):
        assert said(text, "es") == text
    assert said("“100 %(x)s” in the title", "es").startswith("“100 %(x)s”")
    both = said("“quay” in the title, no “sport”", "es")
    assert "quay" in both and translate("title", "es") in both


@pytest.mark.parametrize(
    ("subject", "english", "german"),
    [
        ("source:courier", "courier", "courier"),
        ("topic:all", "topic all", "Thema all"),
        ("disk", "disk", "Festplatte"),
        ("topic:", "topic", None),
    ],
)
def test_what_a_trouble_is_about(subject: str, english: str, german: str | None) -> None:
    assert about(subject, "en") == english
    assert german is None or about(subject, "de") == german
