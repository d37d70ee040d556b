"""Every decision about a record whole, and the names and bounds by which it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from feeds.identity import dedupe, one_article
from feeds.identity.dedupe import Decision, Fronts, file_record, look
from feeds.identity.representative import representative
from feeds.identity.revisions import Change
from feeds.identity.similarity import Candidate
from scrapers import Image, Record, pointer_key
from tests.feeds.identity.test_dedupe import NOW, OTHER, TEXT, Kept, Shelf, a_record

HOUR = timedelta(hours=1)
POINTED = pointer_key("museum", "harbour.example/ferry")


def filed(*records: Record) -> Shelf:
    """A store with these records, each a story of its own: number → record, from 0."""
    shelf = Shelf()
    for n, record in enumerate(records):
        shelf.kept[n] = Kept(n, record, 100 + n)
        for name in dedupe.names_of(record):
            shelf.names.setdefault(name, n)
        shelf.index.add(n, 100 + n, look(record))
    return shelf


def decided(shelf: Shelf, record: Record, fronts: Fronts | None = None) -> Decision:
    return file_record(shelf.index, shelf, record, None, fronts)


def shown(*records: int, at: Sequence[int] = ()) -> Fronts:
    return Fronts(records, lambda source, when: [n for n in at if source == "harbour"])


def test_what_is_new_and_what_is_the_same() -> None:
    fresh = a_record("gazette", "oaks", title="Oaks", text=OTHER)
    assert decided(filed(a_record()), fresh) == Decision("new", fresh, look(fresh))
    again = a_record(first_seen=NOW + HOUR, published=NOW + HOUR, published_estimated=True, url="https://harbour.example/ferry?x=1")  # fmt: skip  # noqa: E501
    assert decided(filed(a_record()), again) == Decision(
        "same", a_record(), look(again), 0, 100, "the same address, nothing changed"
    )
    other_place = a_record(slug="ferry-2")
    assert decided(filed(a_record()), other_place) == Decision(
        "same", other_place, look(other_place), 0, 100, "the same title and text at another address"
    )


def test_what_is_a_copy_and_why() -> None:
    elsewhere = a_record("gazette", "wire")
    assert decided(filed(a_record()), elsewhere) == Decision(
        "copy", elsewhere, look(elsewhere), 0, 100, "the same title and text as https://harbour.example/ferry"
    )
    titled = a_record("gazette", "wire", title="It sails")
    assert decided(filed(a_record()), titled) == Decision(
        "copy", titled, look(titled), 0, 100, "the same text word for word"
    )
    cut = a_record("gazette", "wire", title="Ferry is back", text="\n".join(TEXT.split("\n")[:4]))
    found = decided(filed(a_record()), cut)
    assert found == Decision("copy", cut, look(cut), 0, 100, found.evidence)
    assert found.evidence.startswith("100% of the shorter text is in the longer one (p = ")
    points = a_record("museum", title="Ferry", text="The ferry is back, they say.", key=POINTED, aliases=(POINTED,))
    assert decided(filed(a_record()), points) == Decision(
        "copy", points, look(points), 0, 100, "it tells of the same address as harbour"
    )
    far = replace(points, title="Lottery", text="Nothing of it.", fingerprint="x")
    assert decided(filed(a_record()), far).kind == "new"
    assert decided(filed(points), a_record()).evidence == "it tells of the same address as museum"
    gazette = pointer_key("gazette", "harbour.example/ferry")
    second = replace(points, source="gazette", key=gazette, aliases=(gazette,), fingerprint="y")
    assert decided(filed(points), second).evidence == "it tells of the same address as museum"


def test_what_is_revised() -> None:
    text = TEXT.replace("35 crowns", "38 crowns")
    later = a_record(text=text, published=NOW + HOUR, first_seen=NOW + HOUR, published_estimated=True, id="other", section="Sea")  # fmt: skip  # noqa: E501
    old = a_record()
    kept = replace(old, text=text, fingerprint=later.fingerprint, section="Sea")
    assert decided(filed(old), later) == Decision(
        "revised", kept, look(later), 0, 100, "the same address", Change(public=True, note="“35” is now “38”.")
    )


def test_a_renamed_article() -> None:
    old = a_record(published=NOW + timedelta(minutes=7))
    renamed = replace(a_record(slug="ferry-again", title="Ferry sails"), published=old.published, first_seen=NOW + HOUR)
    kept = replace(renamed, id=old.id, key=old.key, first_seen=NOW)
    found = decided(filed(old), renamed, shown(at=[0]))
    assert found == Decision("revised", kept, look(renamed), 0, 100, dedupe.RENAMED, found.change)
    for fronts in (None, shown(0, at=[0]), shown(at=[]), shown(at=[7])):
        assert decided(filed(old), renamed, fronts).evidence != dedupe.RENAMED
    for guess in (replace(renamed, published_estimated=True), replace(renamed, first_seen=NOW - HOUR)):
        assert decided(filed(old), guess, shown(at=[0])).evidence != dedupe.RENAMED
    assert decided(filed(replace(old, published_estimated=True)), renamed, shown(at=[0])).evidence != dedupe.RENAMED
    one, two = shown(at=[0, 1]), a_record(slug="oaks", title="Oaks", text=OTHER, published=old.published)
    assert decided(filed(two, old), renamed, one).of == 1


def test_of_several_records_that_are_one_article_the_oldest_stays() -> None:
    """By a shared address that a page tells of both: joined where the texts are alike, else only the named one."""
    both = ("harbour.example/a", "harbour.example/b")
    first, second = a_record(slug="a", published=NOW), a_record(slug="b", text=TEXT + "\nMore of it.")
    came = a_record(slug="b", aliases=both)
    found = decided(filed(first, second), came)
    assert (found.kind, found.of, found.also) == ("same", 0, (1,))
    found = decided(filed(second, first), came)
    assert (found.kind, found.of, found.also) == ("revised", 0, (1,))
    far = a_record(slug="a", title="Ferry returns", text=OTHER)
    found = decided(filed(far, second), came)
    assert (found.of, found.also) == (1, ())
    strange = replace(first, source="museum")
    found = decided(filed(strange, second), came)
    assert (found.of, found.also) == (1, ())


@pytest.mark.parametrize(
    ("alone", "numbers", "records", "fronts", "hours", "of"),
    [
        (False, 20, 25, None, 1, 0),
        (False, 19, 19, None, 1, None),
        (False, 20, 26, None, 1, None),
        (False, 20, 25, shown(0), 1, None),  # both are shown beside each other
        (False, 20, 25, shown(), 1, 0),
        (False, 20, 25, None, 24, 0),
        (False, 20, 25, None, 24.1, None),
        (True, 20, 25, None, 1, None),  # another site's number
    ],
)
def test_the_number_of_an_article(
    alone: bool, numbers: int, records: int, fronts: Fronts | None, hours: float, of: int | None
) -> None:
    old = a_record(slug="ferry-4711220")
    new = a_record("harbour", "oaks-4711220", title="Oaks", text=OTHER, published=NOW + timedelta(hours=hours), first_seen=NOW + HOUR)  # fmt: skip  # noqa: E501
    if alone:
        new = replace(new, key="museum.example/oaks-4711220", aliases=())
    shelf = filed(old)
    shelf.numbered = lambda source: (numbers, records) if source == "harbour" else (0, 0)  # type: ignore[method-assign]
    assert decided(shelf, new, fronts).of == of


# --- names


def test_the_names_of_a_record() -> None:
    record = a_record(
        slug="ferry-4711220", guid="g7", aliases=("harbour.example/ferry-4711220", "harbour.example/?p=7")
    )
    number = "number:harbour:harbour.example:4711220"
    assert dedupe.names_of(record) == [*record.aliases, "guid:harbour:g7", number]
    assert dedupe.looked_up(record) == {
        *record.aliases, "guid:harbour:g7", number, "at:harbour.example/?p=7", "at:harbour.example/ferry-4711220",
        "via:harbour:harbour.example/?p=7", "via:harbour:harbour.example/ferry-4711220",
    }  # fmt: skip
    assert dedupe.addresses_of(dedupe.names_of(record)) == list(record.aliases)
    via = pointer_key("harbour", "other.example/story-4711221")
    points = replace(a_record(aliases=("harbour.example/y",)), key=via)
    assert dedupe.names_of(points) == [
        via, "harbour.example/y", "number:harbour:other.example:4711221", "at:other.example/story-4711221",
    ]  # fmt: skip
    assert dedupe.looked_up(points) == {
        *dedupe.names_of(points), "other.example/story-4711221", f"at:{via}", "via:harbour:harbour.example/y",
        "at:harbour.example/y",
    }  # fmt: skip
    assert dedupe.addresses_of(dedupe.names_of(points)) == ["other.example/story-4711221", "harbour.example/y"]
    assert dedupe.number_keys("s", ["a.example/ferry-4711220", "a.example/oaks-4711220", "b"]) == [
        "number:s:a.example:4711220"
    ]
    assert dedupe.found_under("k") == ["k", "at:k"]
    assert dedupe.text_key(replace(record, fingerprint="f")) == "text:f"


@pytest.mark.parametrize(
    ("name", "folded", "number"),
    [
        ("guid:A:B", "guid:A:B", None),
        ("number:a:b.example:1", "number:a:b.example:1", "number::b.example:1"),
        ("at:HTTP://www.A.example/x", "at:a.example/x", None),
        ("http://www.A.example/x", "a.example/x", None),
        ("via:s:http://www.A.example/x", "via:s:a.example/x", None),
    ],
)
def test_an_alias_in_todays_form(name: str, folded: str, number: str | None) -> None:
    assert dedupe.folded_key(name) == folded
    assert dedupe.number_of(name) == number


PLAINER = {  # old and new address → whether the old one stays
    ("a?x=1", "a?x=1&y=2"): True, ("a", "a?y=2"): True, ("a?x=1", "a?x=1"): False, ("a?x=1", "a?y=1"): False,
    ("a?x=1&y=2", "a?y=2"): False, ("a?x=1", "b?x=1&y=2"): False, ("a?", "a?&x=1"): True,
}  # fmt: skip


@pytest.mark.parametrize("addresses", PLAINER)
def test_the_plainer_of_two_addresses(addresses: tuple[str, str]) -> None:
    assert dedupe._plainer(*addresses) == addresses[0 if PLAINER[addresses] else 1]


# --- bounds


@pytest.mark.parametrize(("hours", "kind"), [(48, "copy"), (48.1, "new"), (-48, "copy"), (-48.1, "new")])
def test_a_short_text_is_a_copy_for_two_days(hours: float, kind: str) -> None:
    short = "The office is closed today."
    old = a_record(text=short, title="Closed")
    new = a_record("museum", text=short, title="Closed", published=NOW + timedelta(hours=hours))
    assert decided(filed(old), new).kind == kind


def test_runs_of_words_that_stories_share() -> None:
    seen = look(a_record())
    runs = list(seen.run)

    def story(n: int, *which: int) -> Candidate:
        shared = replace(seen, run=type(seen.run)("Q", [runs[place] for place in which]))
        return Candidate(n, n // 10, shared)

    found = dedupe.parts_of([story(10, 0, 1), story(11, 1, 2), story(20, 0), story(30, 0, 5)], seen)
    assert found == {
        1: frozenset(runs[n] for n in (0, 1, 2)), 2: frozenset([runs[0]]), 3: frozenset([runs[0], runs[5]]),
    }  # fmt: skip
    assert dedupe.formulas_of(found) == frozenset([runs[0]])
    del found[3]
    assert dedupe.formulas_of(found) == frozenset()


@pytest.mark.parametrize(
    ("parts", "digest"),
    [
        ([60, 5, 5], True),
        ([61, 5, 5], False),  # most of it is one story
        ([60, 5, 4], False),
        ([30, 20], False),
        ([30, 20, 10, 5], True),
    ],
)
def test_a_digest_quotes_three_stories(parts: list[int], digest: bool) -> None:
    seen = replace(look(a_record()), run=type(look(a_record()).run)("Q", range(100)))
    held, start = {}, 0
    for n, size in enumerate(parts):
        held[n] = frozenset(range(start, start + size))
        start += size
    assert dedupe._digest(held, seen) is digest
    assert not dedupe._digest({n: frozenset(range(40)) for n in range(3)}, seen), "they have the same part"


def test_whether_a_changed_text_still_belongs_to_a_story() -> None:
    changed = a_record(text=TEXT + "\nMore.")
    assert dedupe.belongs(changed, [])
    far = a_record("museum", title="Lottery", text=OTHER)
    assert dedupe.belongs(changed, [far, a_record()])
    assert not dedupe.belongs(changed, [far])


@pytest.mark.parametrize(
    ("when", "changes", "same"),
    [
        (timedelta(minutes=7), {}, True),
        (timedelta(minutes=15), {}, False),
        (timedelta(minutes=15, seconds=1), {}, True),
        (timedelta(minutes=7), {"source": "museum"}, False),
        (timedelta(minutes=7), {"published_estimated": True}, False),
        (timedelta(minutes=7), {"published": NOW}, False),
    ],
)
def test_one_moment_of_publication(when: timedelta, changes: dict[str, Any], same: bool) -> None:
    a = a_record(published=NOW + when)
    for one, other in ((a, replace(a, **changes)), (replace(a, **changes), a)):
        assert one_article.same_moment(one, other) is same


PICTURE = Image("https://harbour.example/1.jpg")
HALF = "\n".join(TEXT.split("\n")[:2] + OTHER.split("\n")[:3])


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"text": OTHER, "title": "Oaks"}, False),
        ({"text": OTHER}, False),  # a headline alone
        ({"text": HALF}, True),
        ({"text": HALF, "title": "Quite another headline"}, False),
        ({"text": OTHER, "title": "Oaks", "image": PICTURE}, True),
        ({"text": OTHER, "title": "Oaks", "image": Image("https://harbour.example/2.jpg")}, False),
        ({"text": OTHER, "title": "Oaks", "image": PICTURE, "published": NOW}, False),
    ],
)
def test_what_continues_an_article(changes: dict[str, Any], found: bool) -> None:
    old = a_record(published=NOW + timedelta(minutes=7), image=PICTURE)
    new = replace(old, image=None, **{"text": TEXT, **changes} if "image" not in changes else {"text": TEXT})
    new = replace(new, **changes)
    assert one_article.continues(old, new, look(new)) is found
    assert one_article.continues(replace(old, image=None), replace(new, image=None), look(new)) is (found and "image" not in changes)  # fmt: skip  # noqa: E501


def test_a_number_counts_for_a_day_after_the_last_change() -> None:
    old = a_record(updated=NOW + HOUR)
    for hours, shown_both, counts in ((25, False, True), (25.1, False, False), (1, True, False)):
        new = a_record(published=NOW + timedelta(hours=hours))
        assert one_article.number_counts(old, new, shown=shown_both) is counts
    assert one_article.number_counts(replace(old, updated=NOW - HOUR), a_record(published=NOW + 24 * HOUR), shown=False)


# --- who stands for a story


def late(source: str, hours: float, **more: object) -> Record:
    return a_record(source, published=NOW + timedelta(hours=hours), **more)


@pytest.mark.parametrize(
    ("members", "preferred", "stands"),
    [
        ([a_record("a")], (), (0, "the only one")),
        ([a_record("a")], ("a",), (0, "a preferred source")),
        ([a_record("a"), a_record("b"), a_record("c")], ("x", "c", "b"), (2, "a preferred source")),
        ([late("a", 0), late("b", -1)], (), (1, "the earliest")),
        ([late("a", 0, way="hint"), late("b", 1)], (), (1, "the earliest")),
        ([late("a", 0, paywalled=True), late("b", 1)], (), (1, "the earliest")),
        ([late("a", 1, paywalled=True), late("b", 0, way="hint")], (), (1, "the earliest")),
        ([late("a", 0), late("b", 0, text=TEXT + "\nMore.")], (), (1, "the earliest")),
        ([late("a", 0), late("b", 0)], (), (0, "the earliest")),
        # of those first seen two minutes apart dates decide; two hours, where the first was that old already
        ([late("a", 0), late("b", -1, first_seen=NOW + timedelta(minutes=2))], (), (1, "the earliest")),
        ([late("a", 0), late("b", -1, first_seen=NOW + timedelta(minutes=2.1))], (), (0, "the earliest")),
        ([late("a", -2.1), late("b", -3, first_seen=NOW + 2 * HOUR)], (), (1, "the earliest")),
        ([late("a", -2.1), late("b", -3, first_seen=NOW + 2.1 * HOUR)], (), (0, "the earliest")),
        ([late("a", -2), late("b", -3, first_seen=NOW + 2 * HOUR)], (), (0, "the earliest")),
        # whoever points at the owner's page never stands while the owner is there
        ([late("museum", 0, key=POINTED), late("harbour", 1)], (), (1, "the earliest")),
        ([late("museum", 0, key=POINTED), late("harbour", 1)], ("museum",), (1, "the earliest")),
        ([late("museum", 0, key=POINTED), late("a", 1)], (), (1, "the earliest")),
        ([late("museum", 0, key=POINTED), late("a", 1)], ("museum",), (0, "a preferred source")),
        # the one that most name, then the first; a name of one letter is none
        ([late("aa", 0), late("bb", 1), late("c", 2, authors=("Bb",)), late("d", 3, authors=("Bb",)),
          late("e", 4, authors=("Aa",))], (), (1, "c names it as the origin")),
        ([late("aa", 0, authors=("Bb",)), late("bb", 1, authors=("Aa",))], (), (0, "bb names it as the origin")),
        ([late("b", 1), late("aa", 0, authors=("B",))], (), (1, "the earliest")),
    ],
)  # fmt: skip
def test_who_stands_for_a_story(members: list[Record], preferred: tuple[str, ...], stands: tuple[int, str]) -> None:
    assert representative(members, preferred) == stands


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ("Agency",)}, {"authors": ("Eva / Agency",)}, {"authors": ("Eva with Agency",)},
        {"authors": ("Eva via Agency",)}, {"authors": ("Eva | Agency",)}, {"text": f"Quelle: Agency\n{TEXT[:60]}"},
        {"text": f"{TEXT} Originally appeared on Agency."}, {"text": f"{TEXT} courtesy of Agency"},
        {"text": f"Norra [Agency] {TEXT}"}, {"canonical": "https://agency.example/x"},
    ],
)  # fmt: skip
def test_a_copy_that_names_its_origin(changes: dict[str, Any]) -> None:
    copy = replace(a_record("gazette"), published=NOW - 3 * HOUR, **changes)
    assert representative([copy, a_record("agency")]) == (1, "gazette names it as the origin")
    named = a_record("wires", publisher="Agency")  # by the name of its publisher, which its address does not tell
    assert (representative([copy, named]) == (1, "gazette names it as the origin")) is ("canonical" not in changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ("Agencies",)}, {"text": f"Source: Agency\n{TEXT}"}, {"text": f"{TEXT}\n(Agency)"},
        {"canonical": "https://other.example/x"},
    ],
)  # fmt: skip
def test_a_copy_that_names_nobody(changes: dict[str, Any]) -> None:
    copy = replace(a_record("gazette"), published=NOW - 3 * HOUR, **changes)
    assert representative([copy, a_record("agency")]) == (0, "the earliest")
