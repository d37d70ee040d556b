"""One round over all that is due: what it counts, what it says of a source that failed, and what it does anyway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds import pipe
from feeds.app.daemon import once as module
from feeds.app.daemon.once import Round, once
from feeds.app.jobs.visits import StoodStill, VisitFailed
from feeds.errors import StoreBusy, StoreUnusable
from feeds.pipe import Kept
from tests.support.stores import call_at_once

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@contextlib.asynccontextmanager
async def place(kind: str) -> AsyncIterator[None]:
    assert kind == "visit"
    yield


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An application whose sources are those that `given` names, with what their visits give or raise."""
    given: dict[str, Kept | Exception] = {}
    made = SimpleNamespace(
        thread=SimpleNamespace(call=call_at_once, store=Mock()), clock=lambda: NOW, given=given,
        queue=SimpleNamespace(place=place),
        disk_space=Mock(), publisher=SimpleNamespace(publish=AsyncMock(), unpublished=False), statistics=Mock(),
        installation=SimpleNamespace(seeds=given),
    )  # fmt: skip
    made.disk_space.check.return_value = None
    made.thread.store.sources.dues.side_effect = lambda: dict.fromkeys(given, NOW)
    made.thread.store.sources.never_visited.return_value = []
    made.maintained = AsyncMock()
    monkeypatch.setattr(module, "Maintenance", lambda app, changed: SimpleNamespace(once=made.maintained))
    monkeypatch.setattr(module, "visit_and_repair", AsyncMock(side_effect=lambda _, name: _given(given[name])))
    return made


def _given(what: Kept | Exception) -> Kept:
    if isinstance(what, Exception):
        raise what
    return what


def test_what_visits_gave_is_counted_and_published(app: Any) -> None:
    app.given |= {
        "a": Kept(NOW, "ok", "", fresh=("1", "2"), revised=("3",)),
        "b": Kept(NOW, "slow", "it is slow", revised=("4", "5")),
        "c": Kept(NOW, "failing", "no answer"),
        "d": Kept(NOW, "gone", ""),
        "e": Kept(NOW, "degraded", "dates 0%"),
    }
    seen: list[str] = []

    async def on_done(name: str) -> None:
        seen.append(name)

    done = asyncio.run(once(app, on_done))
    assert done == Round(5, 2, 3, {"c": "no answer", "d": "gone", "e": "dates 0%"})
    assert sorted(seen) == list("abcde")
    app.publisher.publish.assert_awaited_once_with()
    app.maintained.assert_awaited_once_with()


@pytest.mark.parametrize("kept", [True, False])
def test_one_source_that_fails_does_not_stop_the_others(app: Any, kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    bug = Mock(side_effect=None if kept else StoreBusy("busy"))
    monkeypatch.setattr(pipe, "bug", bug)
    wrong = ValueError("x" * 300)
    app.given |= {
        "a": wrong, "b": StoreBusy("the store is busy"), "c": StoreUnusable("it is damaged"), "d": StoodStill("asleep"),
        "e": VisitFailed("no run"), "f": Kept(NOW, "ok", "", fresh=("1",)),
    }  # fmt: skip
    app.publisher.unpublished = True
    assert asyncio.run(once(app)) == Round(
        6, 1, 0,
        {"a": "a bug in copydesk; the log has it", "b": "the store is busy", "c": "it is damaged", "d": "asleep",
         "e": "no run"},
        unpublished=True,
    )  # fmt: skip
    app.statistics.bug.assert_called_once_with(wrong, "a")
    bug.assert_called_once_with(app.thread.store, "a", repr(wrong)[:200], NOW)


def test_nothing_is_visited_on_a_full_disk_or_without_a_store(app: Any) -> None:
    app.given["a"] = Kept(NOW, "ok", "")
    app.disk_space.check.return_value = "the disk is full"
    assert asyncio.run(once(app)) == Round(refused="the disk is full")
    app.disk_space.check.return_value = None
    app.thread.store.sources.dues.side_effect = StoreBusy("it is busy")
    assert asyncio.run(once(app)) == Round(refused="it is busy")
    assert app.publisher.publish.await_count == app.maintained.await_count == 2, "what is there already is published"
