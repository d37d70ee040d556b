"""What `fetch` and `backfill` say of each result."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds.app.cli import fetch as module
from feeds.app.cli.command import DONE, FAILED
from feeds.app.cli.fetch import _fetch_source, _fetch_url, _print_backfilled, _print_fetched
from feeds.app.system.output import Output
from feeds.rows import Visit
from feeds.store import StoreBusy
from scrapers import WAITING, CopydeskError
from tests.support.stores import call_at_once

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
VISIT = Visit("courier", "fetch", NOW, 2.0, 40, 3, 2, 1, "ok", "", ("7 links are left", f"9 stories wait {WAITING}"))


OK = SimpleNamespace(state="ok", last_new=NOW)


def an_app(visit: Visit | None = VISIT, state: Any = OK) -> Any:
    store = Mock()
    store.sources.get.return_value = state
    store.visits.newest.return_value = [visit] if visit else []
    store.outcomes.recent.return_value = [{"url": f"https://courier.example/{n}"} for n in range(4)]
    return SimpleNamespace(thread=SimpleNamespace(call=call_at_once, store=store), jobs=SimpleNamespace())


@pytest.fixture(autouse=True)
def visited(monkeypatch: pytest.MonkeyPatch) -> AsyncMock:
    """What makes the visits."""
    made = AsyncMock()
    monkeypatch.setattr(module, "visit_and_repair", made)
    monkeypatch.setattr(module, "filed_elsewhere", lambda store, name, keys: {"herald": len(keys)})
    return made


def test_the_result_of_a_source_is_its_last_visit(visited: AsyncMock) -> None:
    app = an_app()
    assert asyncio.run(_fetch_source(app, "courier", daemon=False)) == {
        "source": "courier", "state": "ok", "why": "", "links": 40, "new": 3, "revised": 2, "failed": 1,
        "waiting": f"9 stories wait {WAITING}",
    }  # fmt: skip
    visited.assert_awaited_once_with(app, "courier", "fetch")
    app.thread.store.visits.newest.assert_called_once_with("courier", 1)
    failed = an_app(replace(VISIT, outcome="failed", why="no answer", notes=()))
    told = asyncio.run(_fetch_source(failed, "courier", daemon=False))
    assert (told["why"], told["waiting"]) == ("no answer", "")
    new = asyncio.run(_fetch_source(an_app(None, None), "courier", daemon=False))
    assert new == {"source": "courier", "state": "new", "why": ""}


def test_a_source_that_gave_nothing_yet_says_who_has_its_stories() -> None:
    for state, fresh, covered in (
        (SimpleNamespace(state="ok", last_new=None), 0, "4 stories, all filed under herald already"),
        (None, 0, "4 stories, all filed under herald already"),
        (SimpleNamespace(state="ok", last_new=NOW), 0, "none"),
        (SimpleNamespace(state="ok", last_new=None), 1, "none"),
    ):
        app = an_app(replace(VISIT, fresh=fresh), state)
        told = asyncio.run(_fetch_source(app, "courier", daemon=False))
        assert told.get("covered", "none") == covered


def test_a_daemon_that_runs_makes_the_visit(visited: AsyncMock, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = AsyncMock(return_value={"error": "it is busy"})
    monkeypatch.setattr(module, "ask", ask)
    app = an_app()
    assert asyncio.run(_fetch_source(app, "courier", daemon=True)) == {
        "source": "courier",
        "state": "ok",
        "why": "it is busy",
    }
    ask.assert_awaited_once_with(app, "visit", {"names": ["courier"]})
    visited.assert_not_awaited()
    ask.return_value = {}
    assert asyncio.run(_fetch_source(app, "courier", daemon=True))["links"] == 40


def test_an_article_is_made_here_or_filed_by_the_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.preview, "record_table", lambda record: {"record": record})
    app, url = an_app(), "https://courier.example/a"
    app.jobs.fetch_url = AsyncMock(return_value=("r", SimpleNamespace(fresh=("1",))))
    for keep in (True, False):
        found = asyncio.run(_fetch_url(app, url, keep, daemon=False))
        assert found == {"record": "r", "kept": keep, "new": keep}
        app.jobs.fetch_url.assert_awaited_with(url, keep=keep)
    app.jobs.fetch_url.return_value = ("r", SimpleNamespace(fresh=()))
    assert asyncio.run(_fetch_url(app, url, True, daemon=False))["new"] is False
    app.jobs.fetch_url.side_effect = CopydeskError("no article")
    assert asyncio.run(_fetch_url(app, url, False, daemon=True)) == {"url": url, "error": "no article"}
    app.jobs.fetch_url.side_effect = StoreBusy("busy")
    with pytest.raises(StoreBusy):
        asyncio.run(_fetch_url(app, url, False, daemon=False))
    ask = AsyncMock(return_value={"id": "urn:1", "new": 1})
    monkeypatch.setattr(module, "ask", ask)
    app.thread.store.records.by_id.return_value = SimpleNamespace(record="kept")
    assert asyncio.run(_fetch_url(app, url, True, daemon=True)) == {"record": "kept", "kept": True, "new": True}
    ask.assert_awaited_once_with(app, "fetch_url", {"url": url})
    app.thread.store.records.by_id.assert_called_once_with("urn:1")
    app.thread.store.records.by_id.return_value = None
    assert asyncio.run(_fetch_url(app, url, True, daemon=True))["error"] == "it was kept and is already gone again"
    ask.return_value = {"error": "no such page"}
    assert asyncio.run(_fetch_url(app, url, True, daemon=True)) == {"url": url, "error": "no such page"}


def test_what_is_said_of_each_result(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.preview, "print_record", lambda output, line: output.print(line["text"]))
    ctx: Any = SimpleNamespace(output=Output())
    line = {"source": "courier", "state": "ok", "links": 40, "new": 3, "revised": 2, "failed": 1, "why": "slow"}
    article = {"url": "u", "text": "Text.", "source": "courier", "kept": True, "new": True}
    results = [
        {**line, "waiting": "9 wait", "covered": "all filed"}, {"source": "herald", "state": "ok", "why": "it is busy"},
        {"url": "v", "error": "no article"}, article, {**article, "new": False}, {**article, "kept": False},
    ]  # fmt: skip
    _print_fetched(ctx, results, False)
    told = capsys.readouterr()
    rows = [row.split() for row in told.out.splitlines()]
    assert rows == [[*line], ["courier", "ok", "40", "3", "2", "1", "slow"], ["Text."], ["Text."], ["Text."]]
    assert told.err.splitlines() == [
        "courier: 9 wait", "courier: all filed", "herald: it is busy", "v: no article", "kept under courier, and published",
        "known already, under courier",
    ]  # fmt: skip
    _print_fetched(ctx, [line], True)
    assert capsys.readouterr().out.startswith('[\n  {\n    "source": "courier"')


@pytest.mark.parametrize(
    ("visit", "limit", "out", "err", "code"),
    [
        (VISIT, 40, "courier: 3 older stories kept of 40 found, 1 could not be read\n", list(VISIT.notes), DONE),
        (replace(VISIT, failed=0, fresh=1, notes=()), 39, "courier: 1 older story kept of 40 found\n",
         ["--limit 39 was reached; say it again for the next ones"], DONE),
        (replace(VISIT, outcome="failed", why="no answer"), 9, "", ["courier: no answer"], FAILED),
    ],
)  # fmt: skip
def test_what_a_backfill_came_to(
    visit: Visit, limit: int, out: str, err: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ctx: Any = SimpleNamespace(output=Output())
    assert _print_backfilled(ctx, "courier", visit, limit) == code
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()) == (out, err)
