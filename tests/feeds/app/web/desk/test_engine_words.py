"""What engines say is recognised in the forms in which they say it, and said in the language of the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from feeds.messages import LANGUAGES, translate
from feeds.messages.engine_words import FORMS, _fitting, _said, about, field, is_known, length, said
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
        ("topic:", "topic", "topic"),
        ("odd", "odd", "odd"),
        ("source:", "source", "Quelle"),
        ("a:b:c", "b:c", "b:c"),
    ],
)
def test_what_a_trouble_is_about(subject: str, english: str, german: str) -> None:
    assert about(subject, "en") == english
    assert about(subject, "de") == german


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("no data in time, ¿?", "keine Daten in der gegebenen Zeit, ¿?"),
        ("¿?, no data in time", "¿?, keine Daten in der gegebenen Zeit"),
        ("¿?; no data in time", "¿?; keine Daten in der gegebenen Zeit"),
        ("https://x.example/a: ¿?", "https://x.example/a: ¿?"),
        ("https://x.example/a: sections", "https://x.example/a: Ressorts"),
        ("“a”, “b” in the title", "“a”, “b” (in: Titel)"),
        ("=a in the text", "=a (in: Text)"),
        ("it is in the title, not in the text", "es steht in: Titel, nicht in: Text"),
        ("12 stories a day, mostly on Mondays, 8–10 h, on Sundays",
         "12 Meldungen pro Tag, meist Montag, 8–10 h, Sonntag"),
        ("1 story a week", "1 Meldung pro Woche"),
        ("¿? 5% since Friday, 2026-11-20, before 98.5", "¿?: 5 % seit Freitag, 20. November 2026, vorher 98.5"),
        ("dates 5 since Friday, 2026-11-20, before 98%",
         "Datumsangaben: 5 seit Freitag, 20. November 2026, vorher 98 %"),
        ("a visit takes 1.5 min, it used to take 3 s", "ein Besuch dauert 1,5 Min., früher dauerte er 3 Sek."),
    ],
)  # fmt: skip
def test_the_parts_of_an_explanation_are_said_each_by_its_kind(text: str, german: str) -> None:
    assert said(text, "de").replace("\xa0", " ") == german


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("dates 5% since Monday, 2026-99-99, before 5%", "Datumsangaben: 5 % seit Monday, 2026-99-99, vorher 5 %"),
        ("dates {many}% since Monday, 2026-09-07, before 5%",
         "Datumsangaben: {many}% seit Montag, 7. September 2026, vorher 5 %"),
        ("a visit takes 1.2.3 d, it used to take {many} h", "ein Besuch dauert 1.2.3 d, früher dauerte er {many} h"),
        ("... stories a day", "... Meldungen pro Tag"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_day_or_a_number_stays_as_it_is(text: str, german: str) -> None:
    many = "9" * 400
    assert said(text.format(many=many), "de").replace("\xa0", " ") == german.format(many=many)


def test_of_the_forms_that_fit_the_one_with_most_words_of_its_own_is_taken() -> None:
    several = 0
    for form in FORMS:
        for text in (form,) if isinstance(form, str) else form:
            made = re.sub(r"%\((\w+)\)s", lambda hole: FILLED.get(hole[1], "«xy»"), text).replace("%%", "%")
            fitting = [one if isinstance(one, str) else one[1] for one, _ in _fitting(made)]
            own = [len(re.sub(r"%\(\w+\)s", "", one)) for one in fitting]
            assert own == sorted(own, reverse=True), made
            several += len(fitting) > 1
    assert several > 10


def test_explanations_are_said_to_a_depth_and_a_length() -> None:
    nested = "needs a person: " * 7 + "no data in time"
    assert said(nested, "de") == "braucht einen Menschen: " * 5 + "needs a person: needs a person: no data in time"
    text = "needs a person: "
    assert said(text + "x" * (600 - len(text)), "de").startswith("braucht")
    assert said(text + "x" * (601 - len(text)), "de").startswith(text)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("no data in time", True),
        ("1 story a day", True),
        ("https://x.example/a: no data in time", True),
        ("no data in time; no data in time", False),
        ("https://x.example/a: ¿?", False),
        ("x no data in time", False),
        ("¿?", False),
    ],
)
def test_which_explanations_have_a_form(text: str, known: bool) -> None:
    assert is_known(text) == known


def test_names_of_fields_and_lengths_of_time_are_said_and_others_stay() -> None:
    assert [field(name, "de") for name in ("title", "disk", "¿?")] == ["Titel", "disk", "¿?"]
    for value, told in (
        ("12 d", "12 Tg."),
        ("1 min", "1 Min."),
        ("5 h", "5 Std."),
        ("5 days", "5 days"),
        ("a 5 d", "a 5 d"),
    ):
        assert length(value, "de").replace("\xa0", " ") == told
