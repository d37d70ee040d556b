"""A home that moved for good is asked for directly after a while; a moved home that comes back is none (F9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from feeds import pipe
from feeds.app.installation import MOVED_AFTER, Installation
from feeds.store import Afterwards, open_store
from feeds.topics import Engine
from scrapers import Failure, Front, Past, Run, Seed, moved_to

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = "https://courier.example/news/"


def test_three_visits_on_two_days_make_a_move(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOW)

    def visit(hours: float, redirected: str | None) -> bool:
        at = NOW + timedelta(hours=hours)
        run = Run(source="courier", started=at, finished=at, redirected=redirected)
        with store.transaction():
            store.visits.finish(run, Afterwards(at, "ok", "", 0, None, success=True, fresh=0, revised=0))
        state = store.sources.get("courier")
        assert state is not None
        assert state.home == "https://courier.example/", "what the seed says stays"
        return state.moved(at, MOVED_AFTER)

    assert not any(visit(hours, NEW) for hours in (0, 1, 2, 3)), "not within one day"
    assert visit(25, NEW)
    assert not visit(26, None), "it does not redirect any more"
    assert not visit(27, NEW)
    assert not visit(28, "https://elsewhere.example/"), "another target begins anew"
    store.close()


def test_a_moved_home_that_answers_at_its_new_address_stays_moved(tmp_path: Path) -> None:
    """Asked directly it does not redirect any more, and that does not lead back to the old address."""
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    seed = Seed(name="courier", home="https://courier.example/")
    store.sources.sync([seed], NOW)
    asked: list[str] = []
    for hours in (0, 13, 26, 39, 52, 65):
        at = NOW + timedelta(hours=hours)
        state = store.sources.get("courier")
        assert state is not None
        home = state.redirected if state.moved(at, MOVED_AFTER) and state.redirected else seed.home
        asked.append(home)
        redirected = NEW if home == seed.home else None
        run = Run("courier", at, at, fronts=(Front(home),), redirected=redirected, links=5)
        pipe.keep(store, run, moved_to(seed, home), Past(), Engine(()), now=at)
    assert asked == [seed.home] * 3 + [NEW] * 3
    gone = Run("courier", at, at, failures=(Failure(NEW, "Gone", "404", 404),))
    pipe.keep(store, gone, moved_to(seed, NEW), Past(), Engine(()), now=at)
    state = store.sources.get("courier")
    assert state is not None
    assert not state.moved(at, MOVED_AFTER), "a new address that is gone is none"
    store.close()


def test_a_replaced_set_of_seeds_is_not_due_at_one_instant(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name=f"a{n}", home=f"https://a{n}.example/") for n in range(60)], NOW)
    for seeds in (
        [Seed(name=f"b{n}", home=f"https://b{n}.example/") for n in range(60)],
        [Seed(name=f"a{n}", home=f"https://c{n}.example/") for n in range(60)],
    ):
        store.sources.sync(seeds, NOW)
        names = {seed.name for seed in seeds}
        dues = [due for name, due in store.sources.dues().items() if name in names]
        assert len(set(dues)) > 50
        assert max(dues) - min(dues) > timedelta(seconds=10)
    store.close()


def test_an_address_belongs_to_the_seed_that_names_its_host() -> None:
    seeds = {
        "paper": Seed(name="paper", home="https://paper.example/", hosts=("letters.example",)),
        "letters": Seed(name="letters", home="https://letters.example/"),
    }
    of = Installation.source_of
    holder = SimpleNamespace(seeds={"paper": seeds["paper"]})
    assert of(holder, "https://www.letters.example/a").name == "paper"  # type: ignore[arg-type]
    holder = SimpleNamespace(seeds=seeds)
    assert of(holder, "https://letters.example/a").name == "letters"  # type: ignore[arg-type]
    assert of(holder, "https://elsewhere.example/a").name == "kept"  # type: ignore[arg-type]
