"""A source is examined: what holds, what is certain, what is not, and what a visit would read with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scrapers import (
    Article,
    Draft,
    Examination,
    Known,
    Links,
    Offered,
    Page,
    Past,
    Record,
    Repair,
    Request,
    Seed,
    Sight,
    examine,
    read_draft,
    read_links,
    read_record,
    sights,
    with_selectors,
)
from scrapers.crawl.scrape import pages_of
from scrapers.repair.examine import varied
from tests.support.redesigns import (
    HOME,
    NOW,
    OLD,
    Told,
    known,
    new_article,
    new_front,
    old_article,
    old_front,
    page,
    record,
    seed,
)
from tests.support.redesigns import stories as told_stories


class Direct:
    """The workers' tasks, called as they are."""

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        return read_links(page, seed, past, now)

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        return read_draft(page, seed, now)

    async def record(self, article: Article, seed: Seed) -> Record:
        return read_record(article, seed)

    async def sights(self, page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
        return sights(page, seed, known, now)


def look(
    pages: Sequence[Page], source: Seed, records: Sequence[Record] = (), known_stories: Sequence[Offered] = ()
) -> Examination:
    return asyncio.run(examine(source, records, known_stories, pages_of(pages), Direct(), clock=lambda: NOW))


def by_field(found: Examination) -> dict[str, Repair]:
    return {one.field: one for one in found.repairs}


TOLD = told_stories(8)
RECORDS = [record(one) for one in TOLD]


def test_what_still_gives_is_left_alone() -> None:
    pages = [page(old_front(TOLD)), *(page(old_article(one), one.path) for one in TOLD)]
    found = look(pages, seed(**OLD), RECORDS, known(TOLD))
    assert {one.state for one in found.repairs} == {"holds"}
    assert found.certain() == {}
    assert len(found.pages) == 4, "the front and three articles, no more"


def test_after_a_redesign_every_selector_is_found_again() -> None:
    fresh = told_stories(2, first=8)
    pages = [page(new_front([*fresh, *TOLD])), *(page(new_article(one, decoy=Told(11)), one.path) for one in TOLD)]
    source = seed(**OLD)
    found = look(pages, source, RECORDS, known(TOLD))
    repairs = by_field(found)
    assert {one.state for one in found.repairs} == {"certain"}, found
    assert repairs["discover.links"].new == "h3.teaser-headline a"
    assert repairs["discover.links"].evidence == "finds 8 of 8 known stories on the page, 2 new ones"
    assert repairs["discover.links"].samples[0].before == "0 stories"
    assert repairs["discover.links"].samples[0].after.startswith("10 stories: ")
    assert repairs["extract.title"].new == "h1.headline"
    assert (repairs["extract.title"].pages, repairs["extract.title"].of) == (3, 3)
    assert all(one.after == one.wanted for one in repairs["extract.authors"].samples)
    # and a visit with them reads what the old design gave
    mended = with_selectors(source, found.certain().items())
    draft = read_draft(page(new_article(TOLD[6], decoy=Told(11)), TOLD[6].path), mended, NOW)
    assert (draft.title, draft.authors) == (TOLD[6].title, (TOLD[6].author,))
    assert draft.text == "\n".join(TOLD[6].paragraphs())
    assert draft.witnesses["text"] == "selectors"


def test_one_page_alone_makes_nothing_certain() -> None:
    found = look([page(new_article(TOLD[0]), TOLD[0].path)], seed(links=None, **OLD), RECORDS)
    assert by_field(found)["extract.title"].state == "unsure"
    assert by_field(found)["extract.title"].evidence == "gives what is stored on 1 of 1 page"
    assert len(found.notes) == 4, "four more were asked for, and were gone"


def test_a_page_that_speaks_against_it_makes_it_unsure() -> None:
    odd = new_article(TOLD[1], title="Quite another headline than the stored one")
    pages = [page(new_article(one) if one is not TOLD[1] else odd, one.path) for one in TOLD[:3]]
    title = by_field(look(pages, seed(links=None, **OLD), RECORDS[:3]))["extract.title"]
    assert (title.state, title.new, title.pages, title.of) == ("unsure", "h1.headline", 2, 3)


def test_a_value_that_is_the_same_everywhere_proves_nothing() -> None:
    same = [Told(0), Told(12), Told(24)]  # one section and one author
    pages = [page(new_article(one), one.path) for one in same]
    repairs = by_field(look(pages, seed(links=None, **OLD), [record(one) for one in same]))
    assert repairs["extract.section"].state == "unsure"
    assert repairs["extract.section"].evidence.endswith("which say all the same")
    assert repairs["extract.title"].state == "certain"


def test_few_known_stories_are_proposed_and_not_certain() -> None:
    found = by_field(look([page(new_front(TOLD))], seed(), [], known(TOLD[:3])))["discover.links"]
    assert found.state == "unsure"
    assert found.new is not None
    assert found.evidence == "finds 3 of 3 known stories on the page, 5 new ones"


def test_a_front_without_known_stories_tells_nothing() -> None:
    found = by_field(look([page(new_front(told_stories(8, first=100)))], seed(), [], known(TOLD)))["discover.links"]
    assert (found.state, found.new) == ("unknown", None)


def test_a_wall_gives_nothing_and_breaks_nothing() -> None:
    wall = "<html><title>Just a moment</title><body><h1>Just a moment</h1></body></html>"
    pages = [page(wall), *(page(wall, one.path) for one in TOLD)]
    found = look(pages, seed(**OLD), RECORDS, known(TOLD))
    assert {one.state for one in found.repairs} == {"lost", "unknown"}
    assert found.certain() == {}


def test_at_most_three_articles_are_compared_and_five_asked_for() -> None:
    asked: list[str] = []

    async def fetch(request: Request) -> Page:
        asked.append(request.url)
        return await pages_of([page(old_article(one), one.path) for one in TOLD[5:]])(request)

    asyncio.run(examine(seed(links=None, **OLD), RECORDS, [], fetch, Direct(), clock=lambda: NOW))
    assert len(asked) <= 5
    assert all(url.startswith(HOME) for url in asked)


def test_records_that_differ_are_looked_at_first() -> None:
    alike = [record(Told(n)) for n in (0, 12, 24, 36)]
    other = record(Told(1))
    assert other in varied([*alike, other], ["authors", "section"])[:2]


def test_new_pages_of_another_design_than_the_old_ones_give_a_proposal() -> None:
    old, new = TOLD[:4], told_stories(3, first=8)
    pages = [*(page(old_article(one), one.path) for one in old), *(page(new_article(one), one.path) for one in new)]
    source = seed(links=None, **OLD)
    newest = [replace(record(one), witnesses={"title": "meta"}) for one in new]

    async def work() -> Examination:
        fetch = pages_of(pages)
        return await examine(
            source,
            RECORDS[:4],
            [],
            fetch,
            Direct(),
            clock=lambda: NOW,
            silent={"extract.title"},
            newest=newest,
        )

    found = by_field(asyncio.run(work()))
    title = found["extract.title"]
    assert (title.state, title.new) == ("unsure", "h1.headline")
    assert title.evidence == (
        "gives what is found without selectors on 3 of 3 pages that are new; the present one is right on older ones"
    )
    assert found["extract.authors"].state == "holds", "nobody said that it is silent"


def test_new_pages_are_asked_for_only_where_a_field_is_silent() -> None:
    newest = [record(one) for one in TOLD[4:7]]
    answer = pages_of([page(old_article(one), one.path) for one in TOLD])
    asked: list[str] = []

    async def fetch(request: Request) -> Page:
        asked.append(request.url)
        return await answer(request)

    def examined(*silent: str) -> None:
        source = seed(links=None, **OLD)
        asyncio.run(examine(source, RECORDS[:3], [], fetch, Direct(), clock=lambda: NOW, silent=silent, newest=newest))

    examined()
    assert not set(asked) & {one.url for one in newest}
    examined("extract.title")
    assert set(asked) >= {one.url for one in newest}
