"""The decision among the dates of a page, step by step: what each date is of, which agree, in which zone they are."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapers.extract.claims import Claims
from scrapers.extract.fields import dates
from scrapers.extract.fields.dates import DATED, Locale, Said, decide, dialect, instead
from scrapers.extract.lexicon.date_labels import Dated, behind_name, dated, is_sentence, kind_before, kind_of

LOCALE = Locale("en", None, datetime(2026, 11, 24, 12, tzinfo=UTC))
BERLIN = {"place": "Europe/Berlin"}


def said(text: str, who: str = "meta", weight: float = 1.0, **more: Any) -> Said:
    moment = LOCALE.read(text)
    assert moment is not None, text
    return Said(who, moment, weight, **more)


def iso(one: Said | None) -> str | None:
    return None if one is None else one.moment.iso()


def test_the_language_with_its_region() -> None:
    for declared, language, host, found in (
        (["de-at"], "de", "x.example", "de-AT"),
        (["en_US", "en-GB"], "en", "x.example", "en-US"),
        (["EN-gb"], "en", "x.example", "en-GB"),
        (["fr-CA"], "en", "x.uk", "en-GB"),
        (["en-Latn"], "en", "a.in", "en-IN"),
        (["en-1A"], "en", "a.example", "en"),
        (["de-AT"], None, "x.de", "de"),
        ([], None, "x.example", None),
        ([], "en", "x.ie", "en-IE"),
        ([], "de", "x.uk", "de"),
        ([], "en-US", "x.uk", "en-US"),
    ):
        assert dialect(declared, language, host) == found, (declared, language, host)


def test_the_date_for_which_most_witnesses_speak() -> None:
    """Each is (date, who, weight)."""
    for found, more, best in (
        ([], {}, None),
        ([("2026-03-04", "a", 1), ("2026-03-05", "b", 1)], {}, "2026-03-04"),
        ([("2026-03-04", "a", 1), ("2026-03-05", "b", 0.6), ("2026-03-05", "c", 0.6)], {}, "2026-03-05"),
        ([("2026-03-04", "a", 1), ("2026-03-05", "b", 0.6), ("2026-03-05", "b", 0.6)], {}, "2026-03-04"),
        (
            [("2026-03-04T10:00Z", "a", 1), ("2026-03-08T10:00Z", "b", 0.6), ("2026-03-08", "c", 0.6)],
            {},
            "2026-03-04T10:00:00+00:00",
        ),
        (
            [("2026-03-04T10:00Z", "a", 1), ("2026-03-08T10:00Z", "b", 0.8), ("2026-03-08", "c", 0.6)],
            {},
            "2026-03-08T10:00:00+00:00",
        ),
        ([("2026-03-04", "a", 0.6), ("2026-03-05", "b", 1)], {"disabled": frozenset(["agreement"])}, "2026-03-04"),
        ([("2026-03-04", "a", 1), ("2026-03-04T10:00Z", "b", 0.1)], {}, "2026-03-04T10:00:00+00:00"),
        ([("2026-03-04", "a", 1), ("2026-03-05T10:00Z", "b", 0.1)], {}, "2026-03-04"),
        ([("2026-03-04T10:00", "a", 1)], {}, "2026-03-04T10:00:00"),
        ([("2026-03-04T10:00", "a", 1), ("2026-03-04T09:00Z", "b", 0.1)], {}, "2026-03-04T09:00:00+00:00"),
        ([("2026-03-04T10:00", "a", 1), ("2026-03-04T09:20Z", "b", 0.1)], {}, "2026-03-04T10:00:00"),
        ([("2026-03-04T10:00", "a", 1), ("2026-03-07T10:00+02:00", "b", 0.1)], {}, "2026-03-04T10:00:00+02:00"),
        (
            [("2026-03-04T10:00", "a", 1), ("2026-03-07T10:00+02:00", "b", 0.1)],
            {"disabled": frozenset(["offset"])},
            "2026-03-04T10:00:00",
        ),
        (
            [("2026-03-04T10:00", "a", 1), ("2026-03-07T10:00+02:00", "b", 0.1), ("2026-03-09T10:00+01:00", "b", 0.1)],
            {},
            "2026-03-04T10:00:00",
        ),
        ([("2026-03-04T10:00", "a", 1), ("2026-03-07T10:00Z", "b", 0.1)], {}, "2026-03-04T10:00:00"),
        ([("2026-03-04T10:00Z", "a", 1), ("2026-03-04T11:00", "b", 0.1)], {}, "2026-03-04T11:00:00+01:00"),
        ([("2026-03-04T10:00Z", "a", 1), ("2026-03-04T11:00+01:00", "b", 0.1)], {}, "2026-03-04T11:00:00+01:00"),
        ([("2026-03-04T10:00Z", "a", 1), ("2026-03-04T12:00+01:00", "b", 0.1)], {}, "2026-03-04T10:00:00+00:00"),
        ([("2026-03-04T23:30Z", "a", 1), ("2026-03-05", "b", 0.1)], {}, "2026-03-04T23:30:00+00:00"),
        ([("2026-03-04T23:30Z", "a", 1), ("2026-03-05", "b", 0.1)], BERLIN, "2026-03-05T00:30:00+01:00"),
        ([("2026-03-04T22:00Z", "a", 1), ("2026-03-05", "b", 0.1)], BERLIN, "2026-03-04T22:00:00+00:00"),
        ([("2026-03-04T23:30Z", "a", 1), ("2026-03-04", "b", 1)], BERLIN, "2026-03-04T23:30:00+00:00"),
        ([("2026-03-04T23:30Z", "a", 1)], BERLIN, "2026-03-04T23:30:00+00:00"),
        ([("2026-03-04T23:00Z", "a", 1)], BERLIN, "2026-03-05T00:00:00+01:00"),
        ([("2026-03-04T23:00Z", "a", 1)], {"place": "Nowhere/X"}, "2026-03-04T23:00:00+00:00"),
    ):
        assert iso(decide([said(*one) for one in found], **more)) == best, (found, more)  # type: ignore[arg-type]


def test_which_dates_can_be_the_same() -> None:
    noon = {
        "2026-03-04T10:00:00Z",
        "2026-03-04T10:00:40Z",
        "2026-03-04T11:00:00+01:00",
        "2026-03-04T11:00:00",
        "2026-03-04",
        "2026-03-05",
        "2026-03-03",
    }
    apart = {
        "2026-03-04T10:01:00Z",
        "2026-03-04T10:07:00",
        "2026-03-04T23:00:00Z",
        "2026-03-03T10:00:00Z",
        "2026-03-06",
        "2026-03-02",
    }
    day = {"2026-03-05", "2026-03-04T10:00:00Z", "2026-03-05T22:00:00+01:00", "2026-03-06T11:00:00Z"}
    other = {
        "2026-03-04",
        "2026-03-04T11:00:00",
        "2026-03-04T11:00:00+01:00",
        "2026-03-06T12:00:00Z",
        "2026-03-04T09:00:00Z",
    }
    for one, same, different in (("2026-03-04T10:00:00Z", noon, apart), ("2026-03-05", day, other)):
        for text in same | different:
            assert dates._agree(said(one), said(text)) is (text in same), (one, text)
            assert dates._agree(said(text), said(one)) is (text in same), (text, one)
    assert dates._agree(said("2026-03-04T11:00:00"), said("2026-03-04T11:00:00"))
    assert not dates._agree(said("2026-03-04T11:00:00"), said("2026-03-04T11:01:00"))


def test_the_zone_in_which_a_time_is_a_local_one() -> None:
    for local, minutes in (
        ("2026-03-04T11:00:00", 60), ("2026-03-04T11:15:30", 75), ("2026-03-04T11:16:00", None), ("2026-03-04T10:00:00", 0),
        ("2026-03-05T00:00:00", 840), ("2026-03-05T00:15:00", None), ("2026-03-03T22:00:00", -720), ("2026-03-03T21:45:00", None),
    ):  # fmt: skip
        assert dates._offset(said(local), said("2026-03-04T10:00:00Z")) == minutes, local
        assert dates._offset(said(local), said("2026-03-04T12:00:00+02:00")) == minutes, local


def told(found: list[Any]) -> list[tuple[str, str]]:
    return [(moment.iso(), kind) for moment, kind in found]


def test_an_attribute_and_the_text_beside_it() -> None:
    for text, shown, kind, found in (
        ("2026-03-04T10:00Z", "4 March 2026", "", [("2026-03-04T10:00:00+00:00", "")]),
        ("2026-03-04", "4 March 2026, 10:30", "", [("2026-03-04T10:30:00", ""), ("2026-03-04", "")]),
        ("2026-03-04T10:00Z", "4 March 2026, 11:00", "changed", [("2026-03-04T10:00:00+00:00", "changed")]),
        ("2026-03-04", "5 March 2026", "", [("2026-03-04", "")]),
        ("2026-03-04T10:00Z", "5 March 2026", "", [("2026-03-04T10:00:00+00:00", "")]),
        ("2026-03-04T10:00Z", "6 March 2026", "", [("2026-03-06", ""), ("2026-03-04T10:00:00+00:00", "other")]),
        ("2026-03-08", "4 March 2026", "", [("2026-03-04", ""), ("2026-03-08", "changed")]),
        ("2026-03-08", "4 March 2026", "changed", [("2026-03-04", ""), ("2026-03-08", "changed")]),
        ("2026-03-08", "Updated 4 March 2026", "changed", [("2026-03-04", "changed"), ("2026-03-08", "changed")]),
        ("2026-03-08", "8 months ago", "published", [("2026-03-08", "published")]),
        ("odd", "4 March 2026", "published", [("2026-03-04", "published")]),
        ("2026-03-04", "odd", "", [("2026-03-04", "")]),
        ("odd", "odd", "", []),
    ):
        assert told(dates._element(Dated(text, kind, shown=shown), LOCALE)) == found, (text, shown, kind)  # type: ignore[arg-type]


def test_the_dates_of_a_line() -> None:
    four, six = "2026-03-04", "2026-03-06"
    for text, label, found in (
        ("Published 4 March 2026, updated 6 March 2026", "", [(four, "published"), (six, "changed")]),
        ("4 March 2026, updated 6 March 2026", "", [(four, ""), (six, "changed")]),
        ("4 March 2026 – 6 March 2026", "", [(four, ""), (six, "other")]),
        ("Updated 6 March 2026, 4 March 2026", "", [(six, "changed"), (four, "other")]),
        ("Posted 4 March 2026, printed 6 March 2026", "", [(four, "published"), (six, "other")]),
        ("2026年3月4日公開、2026年3月6日更新", "", [(four, "published"), (six, "changed")]),
        ("4 March 2026", "update", [(four, "changed")]),
        ("printed 4 March 2026", "", [(four, "other")]),
        ("nothing", "", []),
    ):
        assert told(dates._line(dated(text, label), LOCALE)) == found, text
    for text, weights, turnable, changes in (
        ("4 March 2026", [0.6], False, []),
        ("Posted 4 March 2026", [0.9], False, []),
        ("04.03.2026", [0.6], True, []),
        ("It was on 4 March 2026 that all of the boats came home again.", [0.2], False, []),
        ("Updated 4 March 2026", [], False, [0.6]),
        ("printed 4 March 2026", [], False, []),
    ):
        first, later = dates._shown([dated(text, "")], LOCALE)
        assert ([one.weight for one in first], [one.weight for one in later]) == (weights, changes), text
        assert all(one.turnable is turnable for one in first)
    line = dates.of_line("body", "Posted 4 March 2026", LOCALE)
    assert line is not None and (line.who, iso(line)) == ("body", four)
    assert dates.of_line("body", "printed 4 March 2026", LOCALE) is None


def test_what_words_call_a_date() -> None:
    for text, label, kind in (
        ("Updated 4 March 2026", "", "changed"),
        ("4 March 2026, updated at noon", "", ""),
        ("Published and updated 4 March 2026", "", ""),
        ("4 March 2026", "updated", "changed"),
        ("4 March 2026", "published updated", "published"),
        ("Posted 4 March 2026", "updated", "published"),
        ("4 March 2026", "copyright", "other"),
        ("© 4 March 2026", "", "other"),
        ("4 March 2026 ©", "", ""),
        ("4 March 2026", f"{'x' * 60} printed", ""),
        ("4 March 2026", f"{'x' * 52} printed", "other"),
        ("printed", "", "other"),
        ("reprinted 4 March 2026", "", ""),
        ("2026年3月4日 更新", "", "changed"),
        ("4 March 2026 expires", "", ""),
        ("Updated", "", "changed"),
        ("", "published", "published"),
        ("4 March 2026", "", ""),
    ):
        assert kind_of(text, label) == kind, (text, label)
    for words, kind in (
        ("published on", "published"), ("updated on", "changed"), ("published, then updated", "changed"),
        ("updated, then published", "published"), ("printed", "other"), ("von", ""), ("mis à jour le", "changed"),
    ):  # fmt: skip
        assert kind_before(words) == kind, words
    for text, behind in (
        ("By Jane Doe, 3 January 2026", "3 January 2026"), ("Jane Doe | Harbour, 3 January 2026", "3 January 2026"),
        ("Jane Doe | 3 January, 2026", "3 January, 2026"), ("By Jane Doe 3 January", "By Jane Doe 3 January"),
    ):  # fmt: skip
        assert behind_name(text) == behind
    for text, sentence in (
        ("It was on Monday that all came.”", True), ("It was on Monday that all came", False),
        ("It was on Monday that all.", False), ("Updated: it was on Monday that all came.", False), ("It was on 4 3 2 1.", False),
    ):  # fmt: skip
        assert is_sentence(text) is sentence, text


def test_a_line_of_the_body_in_the_place_of_a_weaker_date() -> None:
    four, six = said("2026-03-04"), said("2026-03-06")
    change = said("2026-03-06", stand_in=True)
    weak = said("2026-03-06", weight=DATED)
    for first, line, found in (
        (None, four, four),
        (four, None, four),
        (six, four, six),
        (change, four, four),
        (change, late := said("2026-03-06T20:00:00"), late),
        (change, said("2026-03-07"), change),
        (weak, four, four),
        (weak, said("2026-03-06T10:00:00"), weak),
        (data := said("2026-03-06", "jsonld", DATED), four, data),
    ):
        assert instead(first, line) == found


def test_dates_beside_those_of_the_address_and_of_changes() -> None:
    for found, day, left in (
        (["2026-03-04", "2024-03-09"], "2024-03-04", ["2024-03-09"]),
        (["2026-03-04"], "2026-01-04", ["2026-03-04"]),
        (["2026-03-04"], "2026-01-03", []),
        (["2026-03-04", "2024-03-03"], "2024-03-04", ["2024-03-03"]),
        (["2026-03-04", "2024-03-02"], "2024-03-04", ["2026-03-04", "2024-03-02"]),
        (["2026-03-04", "2024-03-01"], "2024-03-04", ["2026-03-04", "2024-03-01"]),
    ):
        assert [iso(one) for one in dates._original([said(text) for text in found], [said(day, "url", 0.3)])] == [
            *left,
            day,
        ]
    assert dates._original([said("2026-03-04")], []) == [said("2026-03-04")]
    late = [said("2026-03-06T23:00:00", weight=0.6), said("2026-03-07", weight=0.6), said("2026-03-07", weight=0.9)]
    assert dates._before([said("2026-03-06")], late) == [late[0], late[2]]
    assert dates._before([said("2026-03-02"), said("2026-03-06")], late[:2]) == late[:1]
    assert dates._before([], late) == late


def test_what_the_publication_of_a_witness_is_worth_beside_its_change() -> None:
    for published, updated, shown, worth in (
        ("2026-03-04", "2026-03-06", None, 1.0),
        ("2026-03-06", "2026-03-04", None, 0.5),
        ("2026-03-05", "2026-03-04", None, 1.0),
        ("2026-03-04T10:00:10Z", "2026-03-04T10:00:00Z", None, 0.25),
        ("2026-03-04T10:01:00Z", "2026-03-04T10:00:00Z", None, 1.0),
        ("2026-03-04T10:00:00Z", "2026-03-04T10:00:00Z", None, 1.0),
        ("2026-03-06T10:00:00Z", "2026-03-06T10:00:00Z", "2026-03-04", 0.25),
        ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00Z", "2026-03-04", 1.0),
        ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00Z", "2026-03-04T10:00:00", 0.25),
        ("2026-03-05T00:00:00Z", "2026-03-05T00:00:00Z", "2026-03-04T10:00:00", 1.0),
        ("2026-03-04T10:00:00+02:00", "2026-03-04T09:00:00Z", None, 1.0),
        ("odd", "2026-03-04", None, 1.0),
        ("2026-03-04", "odd", None, 1.0),
        ("", "2026-03-04", None, 1.0),
    ):
        claims = Claims("jsonld", published=(published,) if published else (), updated=(updated,))
        assert dates._worth(claims, LOCALE, said(shown) if shown else None) == worth, (published, updated, shown)


def test_day_and_month_are_turned_where_another_date_says_so() -> None:
    for text, who, other, found in (
        ("2025-02-12", "markup", "2025-12-02", "2025-12-02"),
        ("2025-02-12", "markup", "2025-12-03", "2025-02-12"),
        ("2025-02-12", "meta", "2025-12-02", "2025-02-12"),
        ("2025-02-13", "markup", "2025-12-02", "2025-02-13"),
        ("2025-02-02", "markup", "2025-02-02", "2025-02-02"),
    ):
        assert iso(dates._turned(said(text, who), [said(other)])) == found
    turnable, fixed = said("2025-02-12", "markup", turnable=True), said("2025-02-12", "markup")
    for others, found in (
        (["2025-12-02"], "2025-12-02"),
        (["2025-12-02", "2025-02-12"], "2025-02-12"),
        ([], "2025-02-12"),
    ):
        one, other = dates._all_turned([turnable, fixed], [said(text) for text in others])
        assert (iso(one), iso(other)) == (found, "2025-02-12")
