"""A home that moved for good is asked for directly after a while; a moved home that comes back is none (F9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.app.desk import MOVED_AFTER
from feeds.store import Afterwards, open_store
from scrapers import Run, Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = "https://courier.example/news/"


def test_three_visits_on_two_days_make_a_move(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sync_sources([Seed(name="courier", home="https://courier.example/")], NOW)

    def visit(hours: float, redirected: str | None) -> bool:
        at = NOW + timedelta(hours=hours)
        run = Run(source="courier", started=at, finished=at, redirected=redirected)
        with store.writing():
            store.finish_visit(run, Afterwards(at, "ok", "", 0, None, success=True, fresh=0, revised=0))
        state = store.source("courier")
        assert state is not None
        assert state.home == "https://courier.example/", "what the seed says stays"
        return state.moved(at, MOVED_AFTER)

    assert not any(visit(hours, NEW) for hours in (0, 1, 2, 3)), "not within one day"
    assert visit(25, NEW)
    assert not visit(26, None), "it does not redirect any more"
    assert not visit(27, NEW)
    assert not visit(28, "https://elsewhere.example/"), "another target begins anew"
    store.close()
