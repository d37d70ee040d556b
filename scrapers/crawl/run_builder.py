"""A visit in progress: its inputs, and what it has gathered so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, cast

from .. import model
from ..discover import shape
from ..errors import CopydeskError, PageChanged, ReadFailed
from ..model import Failure
from ..page import dates
from ..seed.seed import Seed


class Read(Protocol):
    """Reads untrusted pages, perhaps in a process that can be killed. Raises CopydeskError."""

    async def links(self, page: model.Page, seed: Seed, past: model.Past, now: datetime) -> model.Links:
        """The stories that a front offers."""

    async def draft(self, page: model.Page, seed: Seed, now: datetime) -> model.Draft:
        """What an article's page seems to say."""

    async def record(self, article: model.Article, seed: Seed) -> model.Record:
        """The record that an article makes."""

    async def story(self, page: model.Page, article: model.Article, seed: Seed, *, telling: bool) -> model.Reading:
        """What the page of a story gives, in one step; `article.draft` is what its link told (`telling`: of it)."""


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """How much one visit may take (RELIABILITY P6, F1)."""

    candidates: int = 200
    articles: int = 50
    first: int = 30  # articles of a first visit
    again: int = 10  # known articles that a front calls changed
    parts: int = 10  # pages of one article
    samples: int = 3  # failed pages that are kept for inspection
    sample: int = 1_000_000  # bytes kept of each
    deadline: float = 600.0  # seconds


@dataclass(slots=True)
class RunBuilder:
    """The inputs of a visit, and what it has gathered so far."""

    seed: Seed
    past: model.Past
    fetch: model.Fetch
    read: Read
    clock: Callable[[], datetime]
    limits: VisitLimits
    started: datetime
    records: list[model.Record] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seen: list[model.Seen] = field(default_factory=list)
    fronts: dict[str, model.Front] = field(default_factory=dict)
    queued: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    progress: model.Progress | None = None
    known_files: dict[str, model.File] = field(default_factory=dict)  # what an earlier read of the same article gave
    files: int = 0  # video and audio files whose servers were asked for their length

    def tell(self, what: str, done: int = 0, of: int = 0) -> None:
        """Report progress to the `progress` callable, if there is one."""
        if self.progress is not None:
            self.progress(what, done, of)

    ways: dict[str, int] = field(default_factory=dict)
    fresh_for: float | None = None
    title: str | None = None
    language: str | None = None
    redirected: str | None = None
    unchanged: int = 0
    chosen: int | None = None
    passed: set[str] | None = None  # links of listings that are no stories; None: no listing was read
    front: model.Page | None = None  # the first front that was read, cut like a sample
    samples: list[model.Sample] = field(default_factory=list)
    pages: dict[int, model.Link] = field(default_factory=dict)
    """Places of records that were read from pages, and their links."""

    def late(self) -> bool:
        return (self.clock() - self.started).total_seconds() > self.limits.deadline

    def cut(self, page: model.Page) -> model.Page:
        """A page cut to the size of a kept sample."""
        return replace(page, body=page.body[: self.limits.sample])

    def keep_sample(self, page: model.Page | None, error: CopydeskError) -> None:
        """Keep a page that arrived but was not what it should be."""
        unlike = isinstance(error, PageChanged | ReadFailed)
        if page is not None and unlike and not page.not_modified and len(self.samples) < self.limits.samples:
            self.samples.append(model.Sample(self.cut(page), error.reason))

    def fail(self, url: str, error: CopydeskError) -> None:
        self.failures.append(
            Failure(
                url=error.url or url,
                kind=cast(model.FailureKind, type(error).__name__),  # a test holds the two together
                reason=error.reason,
                status=getattr(error, "status", None),
                retry_after=getattr(error, "retry_after", None),
                asked=url,
            )
        )


def run_of(visit: RunBuilder, links: int) -> model.Run:
    shapes = dict(visit.past.shapes)
    for record in visit.records:
        pattern = shape(record.url)
        shapes[pattern] = shapes.get(pattern, 0) + 1
    return model.Run(
        source=visit.seed.name,
        started=visit.started,
        finished=visit.clock(),
        records=tuple(visit.records),
        failures=tuple(visit.failures),
        seen=tuple(visit.seen),
        fronts=tuple(visit.fronts.values()),
        queued=tuple(visit.queued),
        fresh_for=visit.fresh_for,
        title=visit.title,
        language=visit.language,
        links=links,
        chosen=visit.chosen,
        passed=None if visit.passed is None else frozenset(visit.passed),
        unchanged=bool(visit.fronts) and visit.unchanged == len(visit.fronts),
        redirected=visit.redirected,
        ways=visit.ways,
        shapes=dict(sorted(shapes.items(), key=lambda item: (-item[1], item[0]))[:30]),
        notes=tuple(visit.notes[:20]),
        samples=tuple(visit.samples),
    )


def wanted(url: str, seed: Seed) -> bool:
    told = seed.discover
    if told.include and not any(part in url for part in told.include):
        return False
    return not any(part in url for part in told.exclude)


def told_date(link: model.Link, visit: RunBuilder) -> datetime | None:
    return moment_of(visit, link.hint.published)


def moment_of(visit: RunBuilder, text: str | None) -> datetime | None:
    if not text:
        return None
    moment = dates.read(text, language=visit.seed.language, timezone=visit.seed.timezone, now=visit.started)
    if moment is None:
        return None
    return moment.when if moment.when.tzinfo else moment.when.replace(tzinfo=visit.started.tzinfo)
