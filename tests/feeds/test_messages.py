"""Every text of ours that documents and pages show is there in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.dates import format_date, format_time
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from feeds.messages import LANGUAGES, catalogue, choose_language, engine_words, times, translate, translate_count
from tests.support.paths import ROOT

CATALOGUES = ROOT / "feeds" / "messages" / "locale"
TEMPLATES = ROOT / "feeds" / "render" / "templates"
NAMES = {"Atom", "RSS", "JSON", "TOML", "copydesk", "owner", "paper", "example", "robots", "txt"}  # in every language
SAME = {
    "Browser",
    "Feed",
    "Name",
    "Source",
    "Sources",
    "date",
    "dates",
    "image",
    "source",
}  # that another language has too

Id = str | tuple[str, str]


DESK = ROOT / "feeds" / "app" / "web" / "desk"


@cache
def texts(folder: Path = ROOT / "feeds") -> frozenset[Id]:
    """Every message that is marked in Python or in a template; (one, many) where it goes with a number."""
    found = extract_from_dir(
        str(folder),
        method_map=[("**.py", "python"), ("**.html", "jinja2")],
        options_map={"**.html": {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trimmed": "true"}},
        keywords={
            "translate": None,
            "words": None,
            "translate_count": (1, 2),
            "counted": (1, 2),
            "_": None,
            "gettext": None,
            "ngettext": (1, 2),
        },
    )
    messages: set[Id] = set()
    for _, _, message, _, _ in found:
        if isinstance(message, str):
            messages.add(message)
        else:
            one, many = (part for part in message if isinstance(part, str))
            messages.add((one, many))
    return frozenset(messages)


def told(language: str) -> Iterator[Message]:
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            yield from (one for one in read_po(file, locale=language) if one.id)


def holes(text: str) -> list[str]:
    """What a message leaves to be filled in."""
    return sorted(re.findall(r"{\w*}|%\(\w+\)[a-z]", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_without_translation(language: str) -> None:
    wanted = texts()
    assert len(wanted) >= 15
    found = list(told(language))
    ids = [one.id if isinstance(one.id, str) else tuple(one.id) for one in found]
    assert len(ids) == len(set(ids)) and set(ids) <= wanted  # each once, and none that nobody says
    assert wanted <= set(ids)
    for one in found:
        assert not one.fuzzy
        if isinstance(one.id, str):
            text = str(one.string)
            assert text.strip() and (text != one.id or one.id in SAME), one.id
            assert holes(text) == holes(one.id)
            assert translate(one.id, language) == text
        else:
            forms = [str(form) for form in one.string]
            assert len(forms) == (3 if language in ("pl", "uk") else 2)
            for form in forms:
                assert form.strip() and holes(form) == holes(one.id[1])
            assert {translate_count(*one.id, n, language) for n in range(30)} == set(forms)


def test_every_catalogue_is_a_language_and_the_rest_is_english() -> None:
    assert sorted(path.name for path in CATALOGUES.iterdir()) == sorted(LANGUAGES)
    message = "Also at: {outlets}"
    assert {translate(message, tongue) for tongue in (None, "", "en", "en-GB", "xx", "../../etc")} == {message}
    assert translate(message, "DE-at") == translate(message, "de") == "Auch bei: {outlets}"
    assert catalogue("de") is catalogue("de-CH")


def bare_texts(template: str) -> list[str]:
    """The words that a template shows without `_`, in its text and in attributes that people read."""
    shown, inside = [], False
    words = ""
    for _, kind, value in Environment(trim_blocks=True, lstrip_blocks=True).lex(template):
        if kind == "name" and value in ("trans", "endtrans"):
            inside = value == "trans"
        words += value if kind == "data" and not inside else "\x00" if kind == "variable_begin" else ""
    words = re.sub(
        r'<input type="(?:hidden|radio|checkbox)"[^>]*>|<button[^>]*>', "", words
    )  # their values are read by no person
    for attribute in re.findall(r'\b(?:aria-label|title|alt|placeholder|value)="([^"]*)"', words):
        shown += re.findall(r"[^\W\d_]{2,}", attribute)
    return shown + re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", words))


@pytest.mark.parametrize(
    "path", sorted([*TEMPLATES.glob("*.html"), *DESK.glob("templates/*.html")]), ids=lambda path: path.name
)
def test_no_template_says_a_word_that_is_not_marked(path: Path) -> None:
    assert set(bare_texts(path.read_text("utf-8"))) <= NAMES


def test_words_that_are_not_marked_are_found() -> None:
    marked = '<h1 class="big">{{ _("All") }}</h1>{% trans n=1 %}Some {{ n }}{% endtrans %}<img alt="">'
    assert bare_texts(marked) == []
    assert bare_texts(marked + "<p>Not marked</p>") == ["Not", "marked"]
    assert bare_texts(marked + '<a title="Hidden {{ x }}">{{ y }}</a>') == ["Hidden"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "fr"),
        ("", "fr"),
        ("de", "de"),
        ("de-AT, en;q=0.8", "de"),
        ("sv, uk;q=0.3, en;q=0.5", "en"),
        ("sv, *;q=0.5", "fr"),
        ("en;q=0, pl;q=0.1", "pl"),
        ("pt-BR;q=0.9,es;q=0.9", "pt"),
        ("de;q=high, it;q=0.2", "it"),
        ("DE", "de"),
        (";;;,,q=1,\x00", "fr"),
        ("sv," * 400 + "de", "fr"),
        ("sv," * 166 + "de", "de"),
        ("sv," * 166 + "  de", "fr"),
        ("de;q=.5,en;q=0.50,it;q=0.4", "de"),
        ("de;q=1.5,en", "de"),
        ("de;q=0", "fr"),
        ("de;q=0.0, sv", "fr"),
        ("de;level=1;q=0.2,en;q=0.3", "en"),
        ("de; Q = 0.2 , en;q=0.1", "de"),
        ("de;q=0.1;q=0.9,en;q=0.5", "en"),
        ("de;level=1,en;q=0.9", "de"),
        ("de;q=0.1234,en;q=0.123", "en"),
        ("de;q=0.9999,de;q=１,en;q=.1", "en"),
        ("de;q=,pl;q=1.1.1,en;q=.1", "en"),
    ],
)
def test_the_language_that_a_reader_likes_best(accept: str | None, chosen: str) -> None:
    assert choose_language(accept, "fr") == chosen


def test_days_and_times_in_words() -> None:
    when = datetime(2026, 11, 20, 23, 5, tzinfo=UTC)
    there = when.astimezone(times.zone("Europe/Kyiv"))
    assert times.weekday(when, "en") == "Friday, 20 November 2026"
    assert times.weekday(there, "de") == "Samstag, 21. November 2026"
    assert times.day(when, "uk").startswith("20 листопада 2026")
    assert [times.clock(one, "pl") for one in (when, there)] == ["23:05", "01:05"]
    assert times.zone_name("America/New_York") == "America/New York"


@pytest.mark.parametrize("language", [*LANGUAGES, "en-US", "xx"])
def test_times_that_are_remembered_are_those_of_their_moment(language: str) -> None:
    locale = times._locale(language)
    for zone in ("UTC", "Asia/Kolkata", "America/St_Johns"):
        for hour in (0, 5, 9, 12, 13, 21):
            when = datetime(2026, 7, 3, hour, 7, 30, 5, tzinfo=UTC).astimezone(times.zone(zone))
            for _ in range(2):
                assert times.clock(when, language) == format_time(when, "short", tzinfo=when.tzinfo, locale=locale)
                assert times.day(when, language) == format_date(when, "long", locale=locale)
                assert times.weekday(when.date(), language) == format_date(when, "full", locale=locale)


@pytest.mark.parametrize("name", ["", "Europe", "Mars/Phobos", "../../etc/passwd", "/etc/passwd", "Europe/Berlin\0"])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone is called"):
        times.zone(name)


@pytest.mark.parametrize(
    ("count", "language", "shown"),
    [
        (0, "en", "0 byte"),
        (999, "de", "999 Byte"),
        (1000, "en", "1.0 kB"),
        (1500, "de", "1,5 kB"),
        (1_000_000, "en", "1.0 MB"),
        (2_500_000_000, "de", "2,5 GB"),
        (7_000_000_000_000_000, "en", "7,000.0 TB"),
    ],
)
def test_a_size_has_a_digit_behind_its_point_but_in_bytes(count: int, language: str, shown: str) -> None:
    assert times.size(count, language).replace("\xa0", " ") == shown


@pytest.mark.parametrize("value", ["3 d", "1.5 h", "45 s", "soon", ""])
def test_a_length_of_time_is_said_in_a_language_and_stays_as_it_is_in_english(value: str) -> None:
    assert engine_words.length(value, "en") == value
    told = {"3 d": "3 Tg.", "1.5 h": "1,5 Std.", "45 s": "45 Sek."}
    assert engine_words.length(value, "de").replace("\xa0", " ") == told.get(value, value)


@pytest.mark.parametrize(
    ("language", "percent", "decimal", "days", "names"),
    [
        ("de", "12 %", "1.234,6", ["Montag", "Sonntag"], ["Deutsch", "Griechisch", None, None]),
        ("EN-us", "12%", "1,234.6", ["Monday", "Sunday"], ["German", "Greek", None, None]),
        ("uk-UA", "12%", "1 234,6", ["понеділок", "неділя"], ["німецька", "грецька", None, None]),
        ("sv", "12%", "1,234.6", ["Monday", "Sunday"], ["German", "Greek", None, None]),
    ],
)
def test_numbers_days_and_languages_are_told_in_a_language(
    language: str, percent: str, decimal: str, days: list[str], names: list[str | None]
) -> None:
    assert times.percent(12, language).replace("\xa0", " ") == percent
    assert times.decimal(1234.56, language).replace("\xa0", " ") == decimal
    assert [times.weekday_name(number, language) for number in (0, 6)] == days
    assert [times.language_name(tag, language) for tag in ("DE-at", "el", "zz", "")] == names


def test_a_length_of_time_is_short_in_each_unit() -> None:
    told = {"s": "2 Sek.", "min": "2 Min.", "h": "2 Std.", "d": "2 Tg."}
    assert {unit: times.length(2, unit, "de").replace("\xa0", " ") for unit in told} == told


def test_a_moment_in_digits_names_its_zone() -> None:
    when = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
    assert times.in_digits(when, "America/New_York") == "2026-11-19 22:05 America/New York"
    assert times.in_digits(when, "UTC") == "2026-11-20 03:05 UTC"
    assert times.zone("UTC") is UTC
