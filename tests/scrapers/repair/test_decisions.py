"""What is to be done about each selector: every request, every verdict, and all of an Examination."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scrapers import Discover, Examination, Extract, Known, Offered, Repair, Seed, Sight, examine, with_selectors
from scrapers.errors import CopydeskError, Gone, PageChanged, Unreachable
from scrapers.model import Article, Draft, Link, Links, Page, Past, Record, Request
from scrapers.repair import examine as examining
from scrapers.repair.examine import decide
from scrapers.repair.model import LINKS, Candidate, Sample, selectors_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "https://gazette.example/"
SEED = Seed("gazette", HOME, ca_file="/ca.pem", render=True, discover=Discover(links=".old a"), extract=Extract(title=".old", section=".sec"))  # fmt: skip  # noqa: E501
STORIES = (Offered("gazette.example/a", "Story A"),)


def record(slug: str, **more: object) -> Record:
    made = Record(
        id=slug, key=slug, url=HOME + slug, source="gazette", title=f"Title of {slug}", text="Text.", html="",
        published=NOW, first_seen=NOW, section="Town", witnesses={"title": "selectors", "section": "selectors"},
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def sight(field: str, wanted: str, right: bool = False, *candidates: Candidate, known: int = 1) -> Sight:
    return Sight(field, "", "", "", wanted, right, known, candidates)


class Shown:
    """Pages with the sights that they give: address → sights, or the error of asking for it."""

    def __init__(self, sights: Mapping[str, tuple[Sight, ...] | CopydeskError]) -> None:
        self.there = sights
        self.asked: list[Request] = []
        self.read: list[tuple[object, ...]] = []
        self.no_article: set[str] = set()

    async def fetch(self, request: Request) -> Page:
        self.asked.append(request)
        answer = self.there.get(request.url, Gone("404", url=request.url))
        if isinstance(answer, CopydeskError):
            raise answer
        return Page(request.url)

    async def sights(self, page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
        self.read.append(("sights", page.url, seed, known, now))
        found = self.there[page.url]
        assert isinstance(found, tuple)
        return found

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        self.read.append(("links", page.url, seed.discover.links, past, now))
        count = 0 if seed.discover.links == ".old a" else 4
        return Links(
            items=tuple(Link(f"{HOME}{n}", hint=Draft(title=f"Story {n}" if n else None)) for n in range(count))
        )

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        self.read.append(("draft", page.url, seed.extract.title, now))
        return Draft(title=f"Title of {page.url.removeprefix(HOME)}" if seed.extract.title != ".old" else "Menu")

    async def record(self, article: Article, seed: Seed) -> Record:
        self.read.append(("record", article, seed.extract.title))
        if seed.extract.title in self.no_article:
            raise PageChanged("no article")
        return record(article.url, title=article.draft.title or "", section="Town")

    def examined(self, seed: Seed, records: list[Record], **more: object) -> Examination:
        work = examine(seed, records, STORIES, self.fetch, self, clock=lambda: NOW, **more)  # type: ignore[arg-type]
        return asyncio.run(work)


def title(slug: str, right: bool = False, *selectors: str) -> Sight:
    return sight("extract.title", f"Title of {slug}", right, *[Candidate(one, 1.0) for one in selectors])


def section(right: bool = True) -> Sight:
    return sight("extract.section", "Town", right)


FRONT = sight(LINKS, "4 known", False, Candidate("h2 a", 0.5, 4, 5), known=4)


def test_an_examination() -> None:
    """A front and articles are asked for and compared; what would mend the seed is tried as a visit would use it."""
    records = [record(slug) for slug in "abcde"]
    web = Shown(
        {
            HOME: (FRONT,),
            f"{HOME}a": (title("a", False, "h1", ".x"), section()),
            f"{HOME}b": (title("b", False, "h1"), section()),
            f"{HOME}c": Unreachable("no answer"),
            f"{HOME}d": (title("d", False, "h1"), section(right=False)),
            f"{HOME}e": (title("e"), section()),
        }
    )
    found = web.examined(SEED, records)
    assert web.asked == [Request(HOME + slug, ca_file="/ca.pem", render=True) for slug in ("", "a", "b", "c", "d")]
    mended = with_selectors(SEED, [(LINKS, "h2 a"), ("extract.title", "h1")])
    assert web.read == [
        ("sights", HOME, SEED, Known(stories=STORIES), NOW),
        *[("sights", HOME + one.key, SEED, Known(record=one), NOW) for one in records if one.key in "abd"],
        ("links", HOME, ".old a", Past(), NOW),
        ("links", HOME, "h2 a", Past(), NOW),
        *[
            call
            for slug in "abd"
            for selector, told in ((".old", "Menu"), ("h1", f"Title of {slug}"))
            for call in (
                ("draft", HOME + slug, selector, NOW),
                ("record", Article(Draft(title=told), HOME + slug, NOW), selector),
            )
        ],
    ]
    assert mended.discover.links == "h2 a"
    samples = tuple(Sample(HOME + slug, "Menu", f"Title of {slug}", f"Title of {slug}") for slug in "abd")
    four = Sample(HOME, "0 stories", f"4 stories: {HOME}0; Story 1; Story 2; …", "")
    assert found == Examination(
        "gazette",
        (
            Repair(
                LINKS, ".old a", "certain", "h2 a", 1, 1, "finds 4 of 4 known stories on the page, 1 new ones", (four,)
            ),
            Repair("extract.title", ".old", "certain", "h1", 3, 3, "gives what is stored on 3 of 3 pages", samples),
            Repair("extract.section", ".sec", "holds", None, 2, 3, "right on 2 of 3 pages"),
        ),
        tuple(HOME + slug for slug in ("", "a", "b", "d")),
        (f"{HOME}c: no answer",),
    )


def test_what_a_visit_would_read_otherwise_is_unsure() -> None:
    records = [record("a"), record("b", title="Quite another title")]
    web = Shown({f"{HOME}{slug}": (title(slug, False, "h1"), section()) for slug in "ab"})
    seed = replace(SEED, discover=Discover())
    found = web.examined(seed, records).repairs[0]
    assert (found.state, found.new, found.pages, found.of) == ("unsure", "h1", 2, 2)
    assert found.evidence == (
        f"gives what is stored on 2 of 2 pages; with it, a visit would read “Title of b” from {HOME}b"
    )
    assert found.samples[1] == Sample(f"{HOME}b", "Menu", "Title of b", "Quite another title")
    web.no_article = {"h1"}
    found = web.examined(seed, records).repairs[0]
    assert found.samples == tuple(Sample(HOME + one.key, "Menu", "", one.title) for one in records)
    assert found.evidence.endswith(f"with it, a visit would read “” from {HOME}b")
    web.no_article = {".old"}
    assert web.examined(seed, [record("a"), record("b")]).repairs[0].samples[0].before == ""


def test_fronts_and_articles_that_are_asked_for() -> None:
    pages = tuple(f"{HOME}list/{n}" for n in range(4))
    web = Shown({})
    seed = replace(SEED, discover=Discover(links=".old a", pages=pages))
    found = web.examined(seed, [record(str(n)) for n in range(7)])
    assert [one.url for one in web.asked] == [*pages[:3], *[f"{HOME}{n}" for n in range(5)]]
    assert found == Examination(
        "gazette",
        tuple(
            Repair(field, old, "unknown", evidence="no page could be had") for field, old in selectors_of(seed).items()
        ),
        (),
        tuple(f"{one.url}: 404" for one in web.asked),
    )
    bare = Shown({})
    assert bare.examined(Seed("gazette", HOME), [record("a")]) == Examination("gazette", ())
    assert bare.asked == []
    only = Shown({HOME: (FRONT,)})
    only.examined(replace(SEED, extract=Extract()), [record("a")])
    assert [one.url for one in only.asked] == [HOME]


def test_a_selector_that_is_right_on_old_pages_and_not_on_new_ones() -> None:
    """The newest records are looked at for fields that have been silent; a person decides."""
    old, new = [record("a"), record("b")], [record(slug, witnesses={}) for slug in "cdef"]
    web = Shown(
        {
            **{HOME + one.key: (title(one.key, True), section()) for one in old},
            **{HOME + one.key: (title(one.key, False, "h1"), section(right=False)) for one in new},
        }
    )
    seed = replace(SEED, discover=Discover())
    found = web.examined(seed, old, silent={"extract.title"}, newest=new)
    assert [one.url for one in web.asked] == [HOME + slug for slug in "abcde"]
    of_title = {"title": "selectors"}
    assert web.read[2] == ("sights", f"{HOME}c", seed, Known(record=replace(new[0], witnesses=of_title)), NOW)
    why = "gives what is found without selectors on 3 of 3 pages that are new; the present one is right on older ones"
    assert found.repairs[0] == replace(found.repairs[0], state="unsure", new="h1", pages=3, of=3, evidence=why)
    assert found.repairs[1] == Repair("extract.section", ".sec", "holds", None, 2, 2, "right on 2 of 2 pages")
    assert found.pages == tuple(HOME + slug for slug in "abcde")
    body = replace(seed, extract=Extract(body=".b"))
    right = sight("extract.body", "Text.", True)
    web = Shown({HOME + one.key: (right,) for one in (*old, *new)})
    told = [replace(one, witnesses={"text": "selectors"}) for one in old]
    found = web.examined(body, told, silent={"extract.body"}, newest=new)
    assert found.repairs == (Repair("extract.body", ".b", "holds", None, 2, 2, "right on 2 of 2 pages"),)
    known = web.read[2][3]
    assert isinstance(known, Known) and known.record is not None and known.record.witnesses == {"text": "selectors"}


@pytest.mark.parametrize(
    ("seen", "repair"),
    [
        ([], Repair("f", "o", "unknown", evidence="no stored record of the pages that were looked at has it")),
        ([sight("f", "a", True)], Repair("f", "o", "holds", None, 1, 1, "right on 1 of 1 page")),
        (
            [sight("f", "a", True), sight("f", "b", False, Candidate("h1", 1.0))],
            Repair("f", "o", "holds", None, 1, 2, "right on 1 of 2 pages"),
        ),
        ([sight("f", "a")], Repair("f", "o", "lost", of=1, evidence="nothing on 0 of 1 page gives what is stored")),
        (
            [sight("f", "a", False, Candidate("h1", 1.0))],
            Repair("f", "o", "unsure", "h1", 1, 1, "gives what is stored on 1 of 1 page"),
        ),
        (  # on more pages before cheaper, the dearest page counts, then the alphabet
            [
                sight(
                    "f", "a", False, Candidate("h1", 3.0), Candidate("b", 1.0), Candidate("c", 1.0), Candidate("d", 1.0)
                ),
                sight("f", "b", False, Candidate("h1", 1.0), Candidate("c", 2.0), Candidate("d", 2.0)),
            ],
            Repair("f", "o", "certain", "c", 2, 2, "gives what is stored on 2 of 2 pages"),
        ),
        (
            [
                sight("f", "a", False, Candidate("h1", 1.0)),
                sight("f", "b", False, Candidate("h1", 1.0)),
                sight("f", "c"),
            ],
            Repair("f", "o", "unsure", "h1", 2, 3, "gives what is stored on 2 of 3 pages"),
        ),
        (
            [sight("f", "a", False, Candidate("h1", 1.0))] * 2,
            Repair("f", "o", "unsure", "h1", 2, 2, "gives what is stored on 2 of 2 pages, which say all the same"),
        ),
    ],
)
def test_what_is_done_about_a_field(seen: list[Sight], repair: Repair) -> None:
    assert decide("f", seen, "o") == repair


def front(known: int, *candidates: Candidate, right: bool = False) -> Sight:
    return sight(LINKS, "", right, *candidates, known=known)


NOTHING = "no selector names the stored stories that are on the page"


@pytest.mark.parametrize(
    ("seen", "repair"),
    [
        ([], Repair(LINKS, "o", "unknown", evidence="fewer than 3 stored stories are on the page")),
        ([front(2, right=True)], Repair(LINKS, "o", "unknown", evidence="fewer than 3 stored stories are on the page")),
        ([front(3, right=True)], Repair(LINKS, "o", "holds", None, 1, 1, "finds the stories of 1 of 1 page")),
        ([front(3)], Repair(LINKS, "o", "lost", of=1, evidence=NOTHING)),
        (
            [front(4, Candidate("a", 1.0, 4, 8))],
            Repair(LINKS, "o", "certain", "a", 1, 1, "finds 4 of 4 known stories on the page, 4 new ones"),
        ),
        (
            [front(4, Candidate("a", 1.0, 4, 9))],
            Repair(LINKS, "o", "unsure", "a", 1, 1, "finds 4 of 4 known stories on the page, 5 new ones"),
        ),
        (
            [front(10, Candidate("a", 1.0, 7, 7), Candidate("b", 9.0, 7, 7))],
            Repair(LINKS, "o", "certain", "a", 1, 1, "finds 7 of 10 known stories on the page, 0 new ones"),
        ),
        (
            [front(10, Candidate("a", 1.0, 6, 6))],
            Repair(LINKS, "o", "unsure", "a", 1, 1, "finds 6 of 10 known stories on the page, 0 new ones"),
        ),
        (
            [front(3, Candidate("a", 1.0, 3, 3))],
            Repair(LINKS, "o", "unsure", "a", 1, 1, "finds 3 of 3 known stories on the page, 0 new ones"),
        ),
        (
            [front(5, Candidate("a", 1.0, 5, 6, 1))],
            Repair(LINKS, "o", "unsure", "a", 1, 1,
                   "finds 5 of 5 known stories on the page, 0 new ones and 1 links that look like none"),
        ),
        (  # one front of two still works
            [front(4, right=True), front(4, Candidate("a", 1.0, 4, 4))],
            Repair(LINKS, "o", "unsure", "a", 1, 2, "finds 4 of 4 known stories on the page, 0 new ones"),
        ),
        (  # what two fronts have in common goes before what is better on the first
            [front(4, Candidate("a", 0.1, 4, 4), Candidate("b", 1.0, 4, 4)), front(5, Candidate("b", 1.0, 5, 5))],
            Repair(LINKS, "o", "certain", "b", 2, 2, "finds 4 of 4 known stories on the page, 0 new ones; "
                   "finds 5 of 5 known stories on the page, 0 new ones"),
        ),
        (
            [front(4, Candidate("a", 1.0, 4, 4)), front(5, Candidate("b", 1.0, 5, 5))],
            Repair(LINKS, "o", "unsure", "a", 1, 2, "finds 4 of 4 known stories on the page, 0 new ones"),
        ),
    ],
)  # fmt: skip
def test_what_is_done_about_the_links_of_a_listing(seen: list[Sight], repair: Repair) -> None:
    assert decide(LINKS, seen, "o") == repair


def test_records_that_tell_most_and_differ_most_are_looked_at_first() -> None:
    plain = {"title": "selectors", "section": "selectors"}
    records = [
        record("a", witnesses={"title": "selectors"}),
        record("b"),
        record("c", section="Town"),
        record("d", section="Sport"),
        record("e", witnesses={}),
        record("f", witnesses=plain, section=None),
        record("g", section="Sport"),
    ]
    chosen = examining.varied(records, ["title", "section"])
    assert [one.key for one in chosen] == ["b", "d", "c", "g", "a"]
    assert examining.varied([], ["title"]) == []
    for one, others, said in ((records[1], [], 1.5), (records[1], [records[2]], 1.0), (records[4], [], 0.0)):
        assert examining._says("section", one, others) == said
