"""What `benchmarks.soak` notes down of a long run: what readers were told, and what was measured after each day."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import linear_regression, median

from benchmarks.reliability.soak.sites import DAY, HOUR, Item, Pages
from feeds.errors import PublishError
from feeds.recovery import read_published as published
from feeds.render.formats import validate as check_document

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
SEEN_WITHIN = 3.5 * HOUR  # a story is in the feeds: the longest interval of a source, its spread, and two ticks
AGAIN_WITHIN = 8 * HOUR  # … after a site was down: the longest back-off
EVERYTHING = "everything"
MEMORY_A_DAY = 0.25  # MB, over the second half: half a kilobyte a visit is too much
WARM = 20  # days until every cache that has a limit has reached it
DESCRIPTORS = 3
GROWTH = 1.25  # of files and bytes, from when as much leaves as comes


@dataclass(frozen=True, slots=True)
class Day:
    """What was measured at the end of one day."""

    visits: int
    most_visits: int  # of one source
    requests: int
    fresh: int
    revised: int
    records: int
    stories: int
    files: int
    published_mb: float
    store_mb: float
    memory_mb: float
    descriptors: int
    troubles: int
    seconds: float


@dataclass(slots=True)
class Report:
    """A whole run."""

    days: list[Day] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    copies: int = 0  # records that joined the story of another site
    troubles: list[str] = field(default_factory=list)  # all there were, with when they began and ended

    def fault(self, now: float, text: str) -> None:
        self.faults.append(f"day {(now - BEGIN.timestamp()) / DAY:.1f}: {text}")

    def totals(self) -> str:
        """The whole run in a sentence."""
        days = self.days
        fresh = sum(day.fresh for day in days)
        return (
            f"{len(days)} days: {sum(day.visits for day in days)} visits, {sum(day.requests for day in days)} requests,"
            f" {fresh} records ({self.copies} of them copies), {sum(day.revised for day in days)} revisions,"
            f" {fresh - days[-1].records if days else 0} have left, memory {self.slope():+.3f} MB a day at the end"
        )

    def slope(self) -> float:
        """MB a day: the straight line through the memory of the second half."""
        half = self.days[max(len(self.days) // 2, WARM) :]
        if len(half) < 2:
            return 0.0
        return linear_regression(range(len(half)), [day.memory_mb for day in half]).slope

    def growth(self, kept: int) -> list[str]:
        """What grows although it has to stay as it is; only a run that is long enough can tell."""
        settled = self.days[kept + 4 :]
        if len(settled) < 8:
            return []
        found = []
        if self.slope() > MEMORY_A_DAY:
            found.append(f"memory grows by {self.slope():.2f} MB a day, {MEMORY_A_DAY} are allowed")
        third = max(2, len(settled) // 3)
        for name, values, least in (
            ("descriptors", [float(day.descriptors) for day in settled], DESCRIPTORS),
            ("published files", [float(day.files) for day in settled], 8),
            ("MB of the published folder", [day.published_mb for day in settled], 1),
            ("MB of the store", [day.store_mb for day in settled], 2),
            ("records", [float(day.records) for day in settled], 50),
        ):
            before, after = median(values[:third]), median(values[-third:])
            limit = before + least if name == "descriptors" else before * GROWTH + least
            if after > limit:
                found.append(f"{name}: {before:.1f} when the first stories had left, {after:.1f} at the end")
        return found


class Ledger:
    """What readers were told so far, and what must never change of it."""

    def __init__(self, pages: Pages, keep: float, report: Report) -> None:
        self.pages, self.keep, self.report = pages, keep, report
        self.items = {pages.url(item): item for site in pages.sites for item in site.items}
        self.told: dict[tuple[bool, int], tuple[str, int]] = {}  # (in a topic, text or item) → id, published
        self.gone: set[tuple[str, int]] = set()  # (feed, text or item) that left it
        self.held: dict[str, set[int]] = {}  # feed → texts or items
        self.frozen: dict[str, tuple[int, int]] = {}  # archive file → when and how large it was when it was looked at
        self.inside: dict[str, dict[int, tuple[str, int]]] = {}  # archive file → what it holds

    def look(self, folder: Path, now: float) -> None:
        """Every published document: whole, in order, complete, and true to what it said before."""
        found: dict[str, dict[int, tuple[str, int]]] = {}
        there = set()
        for path in sorted(folder.glob("[st]/**/*")):
            if path.suffix not in (".atom", ".rss", ".json") or path.name.startswith((".", "_health")):
                continue
            name = str(path.relative_to(folder))
            feed = "/".join(path.relative_to(folder).with_suffix("").parts[:2])
            there.add(name)
            holds = self._document(path, name, now)
            if path.suffix == ".atom":
                mine = found.setdefault(feed, {})
                mine.update(holds)
        for name in self.frozen.keys() - there:
            del self.frozen[name], self.inside[name]
        for feed, holds in found.items():
            self._compare(feed, holds, now)
        for feed in self.held.keys() - found.keys():
            self.report.fault(now, f"{feed} is there no more")
        self._complete(found, now)

    def _document(self, path: Path, name: str, now: float) -> dict[int, tuple[str, int]]:
        stat = path.stat()
        seen = stat.st_mtime_ns, stat.st_size
        if self.frozen.get(name) == seen:
            return self.inside[name]
        self.frozen[name] = seen
        data = path.read_bytes()
        form: check_document.Format = "atom" if path.suffix == ".atom" else "rss" if path.suffix == ".rss" else "json"
        holds: dict[int, tuple[str, int]] = {}
        self.inside[name] = holds
        try:
            check_document.check(data, form)
            document = published.read(data) if form == "atom" else None
        except PublishError as error:
            self.report.fault(now, f"{name}: {error.reason}")
            return holds
        if document is None:
            return holds
        moments = [told.published for told in document.entries]
        if moments != sorted(moments, reverse=True):
            self.report.fault(now, f"{name} is not in order")
        for told in document.entries:
            item = self.items.get(told.url)
            if item is None:
                self.report.fault(now, f"{name}: {told.url} is no story")
                continue
            key = item.text if name.startswith("t/") else item.n
            if key in holds:
                self.report.fault(now, f"{name}: {told.url} stands twice")
            holds[key] = sys.intern(told.id), int(told.published.timestamp())
        return holds

    def _compare(self, feed: str, holds: dict[int, tuple[str, int]], now: float) -> None:
        for key, told in holds.items():
            before = self.told.setdefault((feed.startswith("t/"), key), told)
            if before != told:
                self.report.fault(now, f"{feed}: story {key} was {before}, now {told}")
            if (feed, key) in self.gone:
                self.report.fault(now, f"{feed}: story {key} came back")
                self.gone.discard((feed, key))
        for key in self.held.get(feed, set()) - holds.keys():
            self.gone.add((feed, key))
            item = self._by_number(key)
            if now - item.at < self.keep:
                self.report.fault(
                    now, f"{feed}: {self.pages.url(item)} went away after {(now - item.at) / DAY:.1f} days"
                )
        self.held[feed] = set(holds)

    def _complete(self, found: dict[str, dict[int, tuple[str, int]]], now: float) -> None:
        everything = found.get(f"t/{EVERYTHING}", {})
        for item in self.items.values():
            if not (self._is_due(item, now) and now - item.at < self.keep):
                continue
            if item.n not in found.get(f"s/{self.pages.sites[item.site].name}", {}):
                self.report.fault(now, f"{self.pages.url(item)} is not in its source's feed")
            if item.text not in everything:
                self.report.fault(now, f"{self.pages.url(item)} is not in the topic that holds everything")

    def _is_due(self, item: Item, now: float) -> bool:
        """Whether a visit must have found it by now."""
        site = self.pages.sites[item.site]
        if item.at < BEGIN.timestamp():
            return False  # of what there was before, a first visit takes the newest alone
        by = item.at + SEEN_WITHIN
        if site.down is not None and site.down[0] - SEEN_WITHIN < item.at < site.down[1]:
            by = site.down[1] + AGAIN_WITHIN
        return by <= now and (item.removed is None or item.removed > by)

    def _by_number(self, n: int) -> Item:
        if not hasattr(self, "_numbers"):
            self._numbers = {item.n: item for item in self.items.values()}
        return self._numbers[n]
