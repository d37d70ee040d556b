"""The examination of a source whose selectors may have stopped working: its listings, and articles with stored records.

The pages are fetched like those of a visit, and read by the same workers. What comes out is decided
here from all pages together: a selector is certain only if it is right on every comparable page, and on two at least.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from ..errors import CopydeskError, PageChanged
from ..model import Article, Draft, Fetch, Links, Page, Past, Record, Request
from ..seed.seed import Seed
from . import article, listing
from .article import shortened
from .model import LINKS, Candidate, Examination, Known, Offered, Repair, Sample, Sight, selectors_of, with_selectors

ARTICLES = 3  # pages of articles that are compared
ASKED = 5  # … and that are asked for, should some be gone
FRONTS = 3
ENOUGH = 2  # pages that make a selector certain
ENOUGH_STORIES = 4  # known stories that make the selector of a listing certain
MOST_STORIES = 0.7  # … and the share of those on the page
MOST_NEW = 0.5  # share of its matches that may be new
SHOWN = 3  # stories of a listing that are shown


class ReadRepair(Protocol):
    """Reads untrusted pages, as for a visit, with one task more. Each raises CopydeskError."""

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        """The stories that a front offers."""

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        """What an article's page seems to say."""

    async def record(self, article: Article, seed: Seed) -> Record:
        """The record that an article makes."""

    async def sights(self, page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
        """The seed's selectors on a page of which something is known."""


def sights(page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
    """The selectors of a seed on one page with known content: whether they still work, and which would.

    Raises ReadFailed for a page over the parser's limits.
    """
    return article.read(page, seed, known, now) if known.record is not None else listing.read(page, seed, known)


async def examine(
    seed: Seed,
    records: Sequence[Record],
    stories: Sequence[Offered],
    fetch: Fetch,
    read: ReadRepair,
    *,
    clock: Callable[[], datetime],
    silent: Collection[str] = (),
    newest: Sequence[Record] = (),
) -> Examination:
    """Compare the selectors of a seed with what is stored, and look for better ones.

    `records` are those that the selectors once gave; `stories` what the listings offered. At most three listings and
    five articles are asked for. A page that cannot be had is a note; only bugs are raised. For fields in `silent` whose
    selectors are still right on those articles, up to three of the `newest` are looked at: a site may have kept its old
    design for what was old.
    """
    look = _Look(seed, fetch, read, clock)
    present = selectors_of(seed)
    if LINKS in present and stories:
        for url in (seed.discover.pages or (seed.home,))[:FRONTS]:
            await look.at(url, Known(stories=tuple(stories)))
    fields = [field.removeprefix("extract.") for field in present if field != LINKS]
    if fields:
        for record in varied(records, fields):
            if sum(known.record is not None for _, known in look.pages) < ARTICLES:
                await look.at(record.url, Known(record=record))
    repairs = [decide(field, [s for s in look.found if s.field == field], old) for field, old in present.items()]
    if not look.pages:
        repairs = [Repair(field, old, "unknown", evidence="no page could be had") for field, old in present.items()]
    repairs = await look.proved(repairs)
    held = {one.field: one.old for one in repairs if one.state == "holds" and one.field in silent}
    if held and newest:
        again = _Look(seed, fetch, read, clock)
        mended = await _of_newest_records(again, held, newest)
        repairs = [mended.get(one.field, one) for one in repairs]
        look.pages += again.pages
        look.notes += again.notes
    return Examination(seed.name, tuple(repairs), tuple(p.url for p, _ in look.pages), tuple(look.notes))


async def _of_newest_records(again: _Look, held: dict[str, str], newest: Sequence[Record]) -> dict[str, Repair]:
    """By field, a replacement for a selector that is right on older records but not on the newest."""
    told = {"text" if field == "extract.body" else field.removeprefix("extract."): "selectors" for field in held}
    for record in newest[:ARTICLES]:
        await again.at(record.url, Known(record=replace(record, witnesses=told)))
    other = {
        field: _of_newest(decide(field, [s for s in again.found if s.field == field], old))
        for field, old in held.items()
    }
    return {one.field: one for one in await again.proved(list(other.values())) if one.new}


def _of_newest(one: Repair) -> Repair:
    """A replacement judged by records read without selectors: the general reader may be wrong, so a person decides."""
    if one.new is None:
        return one
    pages = _of(one.pages, one.of)
    evidence = f"gives what is found without selectors on {pages} that are new; the present one is right on older ones"
    return replace(one, state="unsure", evidence=evidence)


def varied(records: Sequence[Record], fields: Sequence[str]) -> list[Record]:
    """The records to look at: those of which selectors told most, and that differ most in what they say.

    A selector right on all of them is not right by accident.
    """
    left, chosen = list(records), list[Record]()
    while left and len(chosen) < ASKED:
        best = max(left, key=lambda one: sum(_says(field, one, chosen) for field in fields))
        left.remove(best)
        chosen.append(best)
    return chosen


def _says(field: str, one: Record, chosen: Sequence[Record]) -> float:
    wanted = article.wanted_of(field, one)
    if not wanted or not article.told_by_selector(field, one):
        return 0.0
    return 1.5 if all(article.wanted_of(field, other) != wanted for other in chosen) else 1.0


class _Look:
    """The pages of one examination, and what was seen on them."""

    def __init__(self, seed: Seed, fetch: Fetch, read: ReadRepair, clock: Callable[[], datetime]) -> None:
        self.seed, self.fetch, self.read, self.clock = seed, fetch, read, clock
        self.pages: list[tuple[Page, Known]] = []
        self.found: list[Sight] = []
        self.notes: list[str] = []

    async def at(self, url: str, known: Known) -> None:
        """Look at one page."""
        try:
            page = await self.fetch(Request(url, ca_file=self.seed.ca_file, render=self.seed.render))
            self.found += await self.read.sights(page, self.seed, known, self.clock())
        except CopydeskError as error:
            self.notes.append(f"{url}: {error.reason}")
            return
        self.pages.append((page, known))

    async def proved(self, repairs: Sequence[Repair]) -> list[Repair]:
        """The repairs, each tried as a visit would use it, with samples; what a visit reads otherwise is unsure."""
        changes = [(one.field, one.new) for one in repairs if one.new]
        if not changes:
            return list(repairs)
        mended = with_selectors(self.seed, changes)
        samples: dict[str, list[Sample]] = {field: [] for field, _ in changes}
        wrong: dict[str, str] = {}
        for page, known in self.pages:
            try:
                if known.record is not None:
                    await self._prove_article(page, known.record, mended, samples, wrong)
                elif LINKS in samples:
                    samples[LINKS].append(await self._prove_listing(page, mended))
            except CopydeskError as error:
                wrong |= dict.fromkeys(samples, f"{page.url}: {error.reason}")
        return [_proved(one, samples.get(one.field, []), wrong.get(one.field)) for one in repairs]

    async def _prove_article(
        self, page: Page, record: Record, mended: Seed, samples: dict[str, list[Sample]], wrong: dict[str, str]
    ) -> None:
        before, after = await self._record(page, self.seed), await self._record(page, mended)
        for field in samples:
            name = field.removeprefix("extract.")
            if field == LINKS or not (wanted := article.wanted_of(name, record)):
                continue
            now = article.wanted_of(name, after) if after else ""
            old = article.wanted_of(name, before) if before else ""
            samples[field].append(Sample(page.url, shortened(old), shortened(now), shortened(wanted)))
            if after is None or not article.same(name, record, after):
                wrong[field] = f"with it, a visit would read “{shortened(now)}” from {page.url}"

    async def _prove_listing(self, page: Page, mended: Seed) -> Sample:
        now = self.clock()
        before = await self.read.links(page, self.seed, Past(), now)
        after = await self.read.links(page, mended, Past(), now)
        titles = [link.hint.title or link.url for link in after.items]
        shown = "; ".join(titles[:SHOWN]) + ("; …" if len(titles) > SHOWN else "")
        return Sample(page.url, f"{len(before.items)} stories", f"{len(titles)} stories: {shown}", "")

    async def _record(self, page: Page, seed: Seed) -> Record | None:
        now = self.clock()
        draft = await self.read.draft(page, seed, now)
        try:
            return await self.read.record(Article(draft, page.url, now), seed)
        except PageChanged:
            return None  # read with these selectors the page is no article, which is a finding


def _proved(one: Repair, samples: Sequence[Sample], wrong: str | None) -> Repair:
    one = replace(one, samples=tuple(samples))
    if wrong is None or one.state != "certain":
        return one
    return replace(one, state="unsure", evidence=f"{one.evidence}; {wrong}")


# --- deciding, from all pages together


def decide(field: str, seen: Sequence[Sight], old: str) -> Repair:
    """What is to be done about one selector by what was seen of it on all pages, before it is tried."""
    if field == LINKS:
        return _decide_listing([sight for sight in seen if sight.known >= listing.LEAST], old)
    if not seen:
        return Repair(field, old, "unknown", evidence="no stored record of the pages that were looked at has it")
    right = sum(sight.right for sight in seen)
    if right:  # the article may have changed since: not the selector's fault
        return Repair(field, old, "holds", pages=right, of=len(seen), evidence=f"right on {_of(right, len(seen))}")
    counted: dict[str, list[float]] = {}
    for sight in seen:
        for candidate in sight.candidates:
            counted.setdefault(candidate.selector, []).append(candidate.cost)
    if not counted:
        return Repair(field, old, "lost", of=len(seen), evidence=f"nothing on {_of(0, len(seen))} gives what is stored")
    new = min(counted, key=lambda one: (-len(counted[one]), max(counted[one]), one))
    pages, of = len(counted[new]), len(seen)
    evidence = f"gives what is stored on {_of(pages, of)}"
    if pages < of or pages < ENOUGH:
        return Repair(field, old, "unsure", new, pages, of, evidence)
    if len({sight.wanted for sight in seen}) < ENOUGH:
        return Repair(field, old, "unsure", new, pages, of, f"{evidence}, which say all the same")
    return Repair(field, old, "certain", new, pages, of, evidence)


def _decide_listing(seen: Sequence[Sight], old: str) -> Repair:
    if not seen:
        return Repair(LINKS, old, "unknown", evidence=f"fewer than {listing.LEAST} stored stories are on the page")
    right = sum(sight.right for sight in seen)
    if right == len(seen):
        return Repair(LINKS, old, "holds", pages=right, of=right, evidence=f"finds the stories of {_of(right, right)}")
    broken = [sight for sight in seen if not sight.right]
    by_page = [{candidate.selector: candidate for candidate in sight.candidates} for sight in broken]
    common = set(by_page[0]).intersection(*by_page[1:]) or set(by_page[0])
    if not common:
        return Repair(
            LINKS, old, "lost", of=len(seen), evidence="no selector names the stored stories that are on the page"
        )

    def value(selector: str) -> float:
        pairs = zip(by_page, broken, strict=True)
        return sum(listing.worth(page[selector], sight.known) for page, sight in pairs if selector in page)

    new = max(sorted(common), key=value)
    pairs = [(page[new], sight.known) for page, sight in zip(by_page, broken, strict=True) if new in page]
    told = "; ".join(_catch(one, known) for one, known in pairs)
    certain = len(pairs) == len(broken) == len(seen) and all(_sure(one, known) for one, known in pairs)
    return Repair(LINKS, old, "certain" if certain else "unsure", new, len(pairs), len(seen), told)


def _sure(one: Candidate, known: int) -> bool:
    fresh = one.caught - one.right - one.odd
    enough = one.right >= ENOUGH_STORIES and one.right >= MOST_STORIES * known
    return enough and one.odd == 0 and fresh <= MOST_NEW * one.caught


def _catch(one: Candidate, known: int) -> str:
    fresh = one.caught - one.right - one.odd
    odd = f" and {one.odd} links that look like none" if one.odd else ""
    return f"finds {one.right} of {known} known stories on the page, {fresh} new ones{odd}"


def _of(pages: int, of: int) -> str:
    return f"{pages} of {of} page{'' if of == 1 else 's'}"
