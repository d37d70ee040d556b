import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.identity.dedupe import Decision, file_record, formulas_of, guid_key, look, parts_of
from feeds.identity.representative import representative
from feeds.identity.similarity import Candidate, MemoryIndex, alike
from scrapers import Record, fingerprint, record_id
from tests.support.cases import judged

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = (
    "The old ferry between the two piers of the harbour will run again from the first of April, the council said.\n"
    "It was taken out of service 14 months ago after Anna Lind, the harbour master, had found cracks in the hull.\n"
    "A ticket will cost 35 crowns; children and dogs travel free, and bicycles pay 10 crowns more on weekends.\n"
    "Erik Holm, who steered the boat for 22 years, will train two new captains before he retires in the summer.\n"
    "The shipyard in Norra Varvet repaired the hull for 2,400,000 crowns, a little less than had been planned."
)
OTHER = (
    "School children in the north of the town planted 300 oak trees along the river on Saturday morning.\n"
    "Maria Sand, who teaches biology, began the project when a storm had felled 120 poplars three winters ago.\n"
    "The town pays for the saplings, and a garden shop lends the spades; the soup came from the fire brigade.\n"
    "By the time the youngest leave school, the oaks will stand four metres high, the forester Olof Ek expects.\n"
    "Next year the pupils want to plant hedges around the sports ground, if enough parents come to help them."
)


def a_record(
    source: str = "harbour", slug: str = "ferry", *, title: str = "Ferry returns", text: str = TEXT, **more: object
) -> Record:
    key = f"{source}.example/{slug}"
    base = Record(
        id=record_id(key), key=key, url=f"https://{key}", source=source, title=title, text=text, html="",
        published=NOW, first_seen=NOW, aliases=(key,), fingerprint=fingerprint(title, text), publisher=source.title(),
    )  # fmt: skip
    return replace(base, **more)


@dataclass(frozen=True)
class Kept:
    n: int
    record: Record
    story: int


class Shelf:
    """The least store: applies decisions as the real one does."""

    def __init__(self) -> None:
        self.kept: dict[int, Kept] = {}
        self.names: dict[str, int] = {}
        self.index = MemoryIndex()

    def aliases(self, keys: Iterable[str]) -> dict[str, int]:
        return {key: self.names[key] for key in keys if key in self.names}

    def with_fingerprint(self, fingerprint: str) -> list[int]:
        return [n for n, kept in self.kept.items() if kept.record.fingerprint == fingerprint]

    def numbered(self, source: str) -> tuple[int, int]:
        return len([name for name in self.names if name.startswith(f"number:{source}:")]), 0

    def get(self, n: int) -> Kept | None:
        return self.kept.get(n)

    def file(self, record: Record) -> Decision:
        decision = file_record(self.index, self, record)
        if decision.kind in ("new", "copy"):
            n = len(self.kept)
            self.kept[n] = Kept(n, decision.record, n if decision.story is None else decision.story)
            self.names[record.key] = n
        else:
            assert decision.of is not None
            n = decision.of
            if decision.kind == "revised":
                self.kept[n] = replace(self.kept[n], record=decision.record)
        for key in (*record.aliases, *([guid_key(record.source, record.guid)] if record.guid else [])):
            self.names.setdefault(key, n)
        if decision.kind != "same":
            self.index.add(n, self.kept[n].story, decision.look)
        return decision

    def story_of(self, record: Record) -> int:
        return self.kept[self.names[record.key]].story

    def groups(self) -> set[frozenset[str]]:
        found: dict[int, set[str]] = {}
        for kept in self.kept.values():
            found.setdefault(kept.story, set()).add(kept.record.id)
        return {frozenset(ids) for ids in found.values()}


def test_the_first_is_new_and_comes_again_unchanged():
    shelf = Shelf()
    assert shelf.file(a_record()).kind == "new"
    again = shelf.file(a_record())
    assert again.kind == "same"
    assert again.of == 0


def test_another_address_of_the_same_article():
    shelf = Shelf()
    shelf.file(a_record(aliases=("harbour.example/ferry", "harbour.example/?p=7")))
    assert shelf.file(a_record(slug="?p=7")).kind == "same"


def test_a_guid_is_known_inside_its_source_only():
    shelf = Shelf()
    shelf.file(a_record(guid="7"))
    assert shelf.file(a_record(slug="moved-here", text=TEXT + "\nA word more.", guid="7")).of == 0
    assert shelf.file(a_record("museum", "x", title="Oaks", text=OTHER, guid="7")).kind == "new"


def test_one_canonical_for_all_pages_merges_nothing():
    shelf = Shelf()
    shared = "harbour.example/a-page-that-is-named-by-all"
    shelf.file(a_record(aliases=("harbour.example/ferry", shared)))
    other = a_record(slug="oaks", title="Pupils plant oaks", text=OTHER, aliases=("harbour.example/oaks", shared))
    assert shelf.file(other).kind == "new"


def test_a_canonical_of_another_article_does_not_swallow_it():
    """Page A claims to be B; when B itself comes, it is a record of its own, and so it stays."""
    shelf = Shelf()
    shelf.file(a_record(slug="a", aliases=("harbour.example/a", "harbour.example/b")))
    real = a_record(slug="b", title="Pupils plant oaks", text=OTHER)
    assert shelf.file(real).kind == "new"
    assert shelf.file(real).kind == "same"
    assert shelf.file(real).of == 1


def test_a_changed_text_at_the_same_address_is_a_revision():
    shelf = Shelf()
    shelf.file(a_record())
    revised = shelf.file(
        a_record(text=TEXT.replace("35", "38"), published=NOW + timedelta(days=3), first_seen=NOW + timedelta(days=3))
    )
    assert revised.kind == "revised"
    assert revised.change is not None and revised.change.public
    assert revised.record.published == NOW and revised.record.first_seen == NOW and revised.record.id == a_record().id
    typo = shelf.file(a_record(text=TEXT.replace("35", "38").replace("steered", "stered")))
    assert typo.kind == "revised" and typo.change is not None and not typo.change.public


def test_same_source_same_text_at_a_new_address_is_the_same_record():
    shelf = Shelf()
    shelf.file(a_record())
    assert shelf.file(a_record(slug="ferry-2")).kind == "same"


def test_a_copy_elsewhere_joins_the_story():
    shelf = Shelf()
    shelf.file(a_record())
    copy = shelf.file(a_record("museum", "wire-story", title="Ferry to run again"))
    assert copy.kind == "copy" and copy.story == 0
    assert "word for word" in copy.evidence
    cut = shelf.file(a_record("gazette", "cut", title="Ferry is back", text="\n".join(TEXT.split("\n")[:4])))
    assert cut.kind == "copy" and cut.story == 0
    assert "%" in cut.evidence
    assert shelf.file(a_record("gazette", "oaks", title="Oaks", text=OTHER)).kind == "new"


def test_short_texts_need_the_same_title_and_day():
    shelf = Shelf()
    short = "The office is closed today."
    shelf.file(a_record(text=short, title="Closed"))
    assert shelf.file(a_record("museum", "x", text=short, title="Closed today")).kind == "new"
    assert shelf.file(a_record("gazette", "x", text=short, title="Closed")).kind == "copy"
    late = a_record("library", "x", text=short, title="Closed", published=NOW + timedelta(days=9))
    assert shelf.file(late).kind == "new"


def test_a_digest_joins_no_story():
    shelf = Shelf()
    third = " ".join(f"word{n} follows word{n + 1} on its way" for n in range(60))
    for n, text in enumerate((TEXT, OTHER, third)):
        shelf.file(a_record(f"paper{n}", text=text, title=f"Story {n}"))
    parts = [" ".join(text.split()[:28]) for text in (TEXT, OTHER, third)]
    own = " ".join(f"elsewhere{n} happened" for n in range(20))
    digest = shelf.file(a_record("gazette", "morning", title="The morning in brief", text="\n".join([*parts, own])))
    assert digest.kind == "new"


COPIES = [a_record(f"paper{n}", f"p{n}", title=f"Ferry {n % 2}") for n in range(4)]
STRANGERS = [
    a_record("gazette", "oaks", title="Oaks", text=OTHER),
    a_record("paper1", "oaks", title="Trees", text=OTHER),
]


@settings(max_examples=60, deadline=None)
@given(st.permutations([*COPIES, *STRANGERS]))
def test_any_order_of_exact_copies_gives_the_same_stories(order):
    shelf = Shelf()
    for record in order:
        shelf.file(record)
    assert shelf.groups() == {frozenset(one.id for one in COPIES), frozenset(one.id for one in STRANGERS)}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*COPIES, *STRANGERS]), max_size=12), st.randoms(use_true_random=False))
def test_processing_again_changes_nothing(records, chance: random.Random):
    shelf = Shelf()
    for record in records:
        shelf.file(record)
    before, kept = shelf.groups(), dict(shelf.kept)
    again = list(records)
    chance.shuffle(again)
    assert all(shelf.file(record).kind == "same" for record in again)
    assert shelf.groups() == before
    assert shelf.kept == kept


# --- who stands for a story


def stands(*members: Record, preferred: tuple[str, ...] = ()) -> tuple[str, str]:
    place, reason = representative(members, preferred)
    return members[place].source, reason


def test_the_only_one():
    assert stands(a_record()) == ("harbour", "the only one")


def test_a_preferred_source_comes_first():
    assert stands(a_record("a"), a_record("b"), a_record("c"), preferred=("x", "c", "b"))[0] == "c"


BOND = (
    "{name} is issuing a {sum} mln crown bond due {month} 17, {year} paying {rate} pct and priced at {price} pct, lead"
    " manager {bank} said.\nThe non-callable bond is available in denominations of 10,000 crowns and will be listed in"
    " Tarn.\nThe selling concession is one and a quarter pct, while management and underwriting combined pays five"
    " eighths pct.\nThe payment date is {month} 28, and there will be a long first coupon."
)
BONDS = [
    dict(zip(("name", "sum", "month", "year", "rate", "price", "bank"), row.split("|"), strict=True))
    for row in (
        "Varvet Shipyard|75|April|1990|14-1/4|101-3/8|Lind and Co",
        "North River Power|40|May|1992|13-7/8|100-1/2|Holm Bank",
        "City of Grey|120|June|1991|15|99.65|Sand Brothers",
        "Skell Paper|60|August|1994|12-5/6|102|Bank of Wend",
        "Ferry Lines|85|July|1993|16-2/9|98.7|Nord and Ek",
    )
]


def test_a_template_with_other_facts_is_another_story_and_its_re_transmission_is_not():
    shelf = Shelf()
    bonds = [
        a_record(slug=str(n), title=f"{facts['name']} issues crown bond", text=BOND.format(**facts), published=NOW)
        for n, facts in enumerate(BONDS)
    ]
    assert [shelf.file(bond).kind for bond in bonds] == ["new"] * 5
    again = BOND.format(**BONDS[-1]).replace("said.", "announced today.").replace("a long first", "a short first")
    sent = shelf.file(a_record("herald", title="Ferry Lines issues bond", text=again, published=NOW))
    assert (sent.kind, sent.of) == ("copy", 4)


def test_what_several_stories_have_tells_none_apart():
    looks = [look(a_record(slug=str(n), text=BOND.format(**facts))) for n, facts in enumerate(BONDS)]
    parts = parts_of([Candidate(n, n, one) for n, one in enumerate(looks[:4])], looks[4])
    formulas = formulas_of(parts)
    assert formulas
    assert all(sum(run in one.shingles for one in looks[:4]) >= 3 for run in formulas)
    assert alike(looks[3], looks[4], formulas).probability < alike(looks[3], looks[4]).probability
    assert formulas_of({1: looks[0].shingles, 2: looks[1].shingles}) == frozenset()


@pytest.mark.parametrize(
    "changes",
    [
        {"canonical": "https://agency.example/story/1"},
        {"authors": ("Agency",)},
        {"authors": ("Eva Lund for Agency",)},
        {"text": "HARBOUR, March 1 (Agency) - " + TEXT},
        {"text": TEXT + "\nFirst published by Agency."},
        {"text": TEXT + "\nSource: Agency"},
    ],
)
def test_the_origin_that_a_copy_names(changes):
    copy = replace(a_record("gazette"), published=NOW - timedelta(hours=3), **changes)
    assert stands(copy, a_record("agency")) == ("agency", "gazette names it as the origin")


def test_the_earliest_then_the_fullest():
    assert stands(a_record("a"), a_record("b", published=NOW - timedelta(hours=1)))[0] == "b"
    assert stands(a_record("a"), a_record("b", text=TEXT + "\nMore."))[0] == "b"


def test_a_late_copy_cannot_claim_to_be_older():
    late = a_record("b", published=NOW - timedelta(days=300), first_seen=NOW + timedelta(days=1))
    assert stands(a_record("a"), late)[0] == "a"


def test_a_stub_does_not_stand_for_a_whole_text():
    stub = a_record("a", paywalled=True, text="Ferry returns …")
    assert stands(stub, a_record("b", published=NOW + timedelta(hours=1)))[0] == "b"
    assert stands(stub)[0] == "a"


def test_the_order_of_members_seen_at_once_does_not_matter():
    members = [a_record(name, published=NOW + timedelta(minutes=n)) for n, name in enumerate("abc")]
    assert {stands(*order)[0] for order in itertools.permutations(members)} == {"a"}


@judged(
    "first, again, first_stays",
    yes=[
        ("https://harbour.example/ferry", "https://harbour.example/ferry?mr=1"),
        ("https://harbour.example/a?id=5", "https://harbour.example/a?mr=1&id=5"),
    ],
    no=[
        ("https://harbour.example/ferry?mr=1", "https://harbour.example/ferry"),
        ("https://harbour.example/a?id=5", "https://harbour.example/a?id=6"),
        ("https://harbour.example/old", "https://harbour.example/new?x=1"),
    ],
)
def test_a_revision_keeps_the_plainer_address(first: str, again: str, first_stays: bool) -> None:
    shelf = Shelf()
    shelf.file(a_record(url=first))
    revised = shelf.file(a_record(url=again, text=TEXT.replace("35 crowns", "45 crowns")))
    assert (revised.kind, revised.record.url) == ("revised", first if first_stays else again)
