"""Looks at sites that an owner may follow: each runs by itself, is watched while it runs, and is kept for a while."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import scrapers  # the readers are loaded on first use
from scrapers import CopydeskError, Link, Record

from ....messages.engine_words import said

MOST = 12  # looks that are kept; the oldest makes room
AT_ONCE = 3  # that run


@dataclass(slots=True)
class Look:
    """One look: what was asked so far, and at its end what was found or why nothing was."""

    id: str
    url: str
    steps: list[tuple[str, str]] = field(default_factory=list)  # address, what came of it ("" while it is asked)
    survey: scrapers.Survey | None = None
    error: str = ""
    task: asyncio.Task[None] | None = None
    entries: dict[str, Record | str] = field(default_factory=dict)  # address of a story → what it gave
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        return self.task is not None and not self.task.done()

    def told(self, url: str, outcome: str) -> None:
        """A step begins, or has come to something."""
        if self.steps and self.steps[-1] == (url, ""):
            self.steps.pop()
        self.steps.append((url, outcome))
        self.changed.set()

    def stories(self) -> list[Link]:
        """The stories of the ways that its seed takes, each once, in their order."""
        if self.survey is None:
            return []
        taken = self.survey.seed.discover
        wanted = {*taken.rss, *taken.sitemap, *taken.pages}
        ways = [way for way in self.survey.ways if way.url in wanted] or list(self.survey.ways[:1])
        found: dict[str, Link] = {}
        for link in (link for way in ways for link in way.samples):
            if link.url not in found or not found[link.url].hint.title:
                found[link.url] = link
        return list(found.values())

    async def lines(self, language: str) -> AsyncIterator[tuple[str, str]]:
        """Each step as an event, in a language, and `done` at the end."""
        sent = 0
        while True:
            self.changed.clear()
            for url, outcome in self.steps[sent:]:
                yield "step", f"{url} {said(outcome, language)}".strip()
            sent = len(self.steps)
            if not self.running:
                yield "done", ""
                return
            await self.changed.wait()


class Looks:
    """The looks of an installation. They belong to the loop, and end with the process."""

    def __init__(self) -> None:
        self._looks: OrderedDict[str, Look] = OrderedDict()

    def get(self, id: str) -> Look | None:
        """A look that is still kept."""
        return self._looks.get(id)

    def begin(self, url: str, work: Callable[[Look], Coroutine[Any, Any, scrapers.Survey]]) -> Look | None:
        """Begin a look; None while enough of them run."""
        if sum(look.running for look in self._looks.values()) >= AT_ONCE:
            return None
        look = Look(secrets.token_hex(8), url)
        self._looks[look.id] = look
        while len(self._looks) > MOST:
            _, old = self._looks.popitem(last=False)
            if old.task is not None:
                old.task.cancel()

        async def run() -> None:
            try:
                look.survey = await work(look)
            except CopydeskError as error:
                look.error = error.reason

        look.task = asyncio.create_task(run(), name=f"look at {url}")
        look.task.add_done_callback(lambda task: _ended(look, task))
        return look


def _ended(look: Look, task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        look.error = f"a bug: {error!r}"
    look.changed.set()
