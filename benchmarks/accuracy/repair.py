"""How well selectors are found again on real pages: `python -m benchmarks.repair`.

Listings (`../shared/listings`, or the folder in COPYDESK_SHARED): of the annotated stories of a page some are known, as
a store would know them; the selector in the seed gives nothing. What is found is compared with all annotated stories.

Articles (`../shared/corpus`): of a site with several pages two (--known) are known, each with the record that the
general reader makes of it; the selectors on which these agree are tried on the others, where they should give what the
general reader finds, or nothing where the page is of another year's design. Pages of one site are years apart here, and
the general reader may take a field from elsewhere: the figures are a lower bound.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import mean

from benchmarks.accuracy.listings import SHARED, Case, cases, norm
from scrapers import Discover, Extract, Known, Offered, Page, Record, Seed, canonical_key, read_draft, to_record
from scrapers.errors import CopydeskError
from scrapers.repair import article, listing
from scrapers.repair.examine import decide
from scrapers.repair.model import FIELDS, LINKS, Sight

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GONE = ".gone-since-the-redesign"
STILL_KNOWN = 0.6  # of the stories of a listing


@dataclass(frozen=True)
class Found:
    """What was found for one listing, or for one field of one site."""

    place: str
    state: str
    selector: str
    precision: float
    recall: float  # of a listing; else pages on which it gave anything
    seconds: float


def of_listing(case: Case) -> Found | None:
    """A selector for a page, found by some of its stories; None for a page with too few of them."""
    known = [url for url in case.articles if hashlib.blake2b(url.encode()).digest()[0] < 256 * STILL_KNOWN]
    if len(known) < listing.LEAST:
        return None
    page = Page(case.url, case.html)
    seed = Seed(name="x", home=case.url, discover=Discover(links=GONE))
    started = time.process_time()
    sights = listing.read(page, seed, Known(stories=tuple(Offered(canonical_key(url), "") for url in known)))
    took = time.process_time() - started
    repair = decide(LINKS, sights, GONE)
    if repair.new is None:
        return Found(case.id, repair.state, "", 0.0, 0.0, took)
    front = listing.open_front(page, seed, Known())
    caught = {norm(offer.url) for offer in front.caught(repair.new)}
    wanted, also = {norm(url) for url in case.articles}, {norm(url) for url in case.optional}
    right = len(caught & wanted)
    return Found(
        case.id,
        repair.state,
        repair.new,
        right / max(len(caught - also), 1) if right else 0.0,
        right / len(wanted),
        took,
    )


def sites(known: int) -> Iterator[tuple[str, list[tuple[Page, Record]]]]:
    """Sites with more than so many pages, each page with the record that is made of it."""
    folder = SHARED / "corpus"
    pages: dict[str, dict[str, str]] = defaultdict(dict)
    for line in (folder / "cases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["url"] and case["site"]:
            pages[case["site"]].setdefault(case["page"], case["url"])
    for site, found in sorted(pages.items()):
        if len(found) <= known:
            continue
        read = []
        for file, url in found.items():
            page = Page(url, gzip.decompress((folder / file).read_bytes()))
            seed = Seed(name="x", home=url)
            try:
                record = to_record(read_draft(page, seed, NOW), url=url, seed=seed, first_seen=NOW)
            except CopydeskError:
                continue
            told = dict.fromkeys((*FIELDS, "text"), "selectors")
            read.append((page, replace(record, witnesses=told)))
        if len(read) > known:
            yield site, read


def of_site(site: str, pages: Sequence[tuple[Page, Record]], known: int) -> Iterator[Found]:
    """The selectors of a site: found on its first pages, tried on the others."""
    seed = Seed(name="x", home=pages[0][0].url, extract=Extract(**dict.fromkeys(FIELDS, GONE)))  # type: ignore[arg-type]
    sights: list[Sight] = []
    started = time.process_time()
    for page, record in pages[:known]:
        sights += article.read(page, seed, Known(record=record), NOW)
    took = (time.process_time() - started) / known
    for field in FIELDS:
        repair = decide(f"extract.{field}", [sight for sight in sights if sight.field == f"extract.{field}"], GONE)
        if repair.state == "unknown":
            continue
        tried = [
            article.gives(page, seed, record, field, repair.new, NOW)
            for page, record in pages[known:]
            if repair.new and article.wanted_of(field, record)
        ]
        told = [one for one in tried if one is not None]  # a page of another design has no such element
        right = mean(told) if told else -1.0
        yield Found(f"{site}:{field}", repair.state, repair.new or "", right, len(told), took)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="every selector")
    parser.add_argument("--only", choices=("listings", "articles"))
    parser.add_argument("--known", type=int, default=2, help="pages of a site that are known")
    told = parser.parse_args()
    if told.only != "articles":
        fronts = [found for case in cases() if (found := of_listing(case)) is not None]
        print(f"{len(fronts)} listings, {mean(f.seconds for f in fronts) * 1000:.0f} ms a page, worst", end=" ")
        print(f"{max(f.seconds for f in fronts) * 1000:.0f} ms")
        for state in ("certain", "unsure", "lost", "unknown"):
            some = [found for found in fronts if found.state == state]
            if some:
                figures = f"precision {mean(f.precision for f in some):.3f}, recall {mean(f.recall for f in some):.3f}"
                worst = min(some, key=lambda f: f.precision)
                print(f"  {state:<8} {len(some):>3}  {figures}, least precise {worst.precision:.2f} ({worst.place})")
        for found in sorted(fronts, key=lambda f: f.precision) if told.show else ():
            print(
                f"    {found.state:<8} P {found.precision:.2f} R {found.recall:.2f} {found.place:<24} {found.selector}"
            )
    if told.only != "listings":
        fields: dict[str, list[Found]] = defaultdict(list)
        for site, pages in sites(told.known):
            for found in of_site(site, pages, told.known):
                fields[found.place.rpartition(":")[2]].append(found)
        print("field      sites  certain  right on others  unsure  lost")
        for field, some in fields.items():
            certain = [found for found in some if found.state == "certain"]
            held = [(found.precision, found.recall) for found in certain if found.precision >= 0]
            pages_held = sum(count for _, count in held)
            counts = [sum(found.state == state for found in some) for state in ("unsure", "lost")]
            right = f"{sum(p * n for p, n in held) / pages_held:.2f} of {pages_held:.0f}" if held else "–"
            print(f"{field:<10} {len(some):>5}  {len(certain):>7}  {right:>15}  {counts[0]:>6}  {counts[1]:>4}")
            for found in some if told.show else ():
                print(f"    {found.state:<8} {found.precision:>5.2f} {found.place:<30} {found.selector}")
        every = [found.seconds for some in fields.values() for found in some]
        print(f"all fields of a page: mean {mean(every) * 1000:.0f} ms, worst {max(every) * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
