"""What the parts of a visit are given and what becomes of a look for selectors: each argument and each answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds.app.jobs import failed_pages, following, repairs, run_keeper, visits
from feeds.app.jobs.forgetting import forget_article, hold
from feeds.app.jobs.jobs import Jobs
from feeds.app.jobs.queue.visit_queue import LocalQueue
from feeds.app.jobs.run_keeper import RunKeeper
from feeds.app.jobs.statistics import Statistics
from feeds.app.jobs.visits import Pulse, StoodStill, Visitor, VisitRequest
from feeds.app.workers.pool import WorkerBug
from feeds.errors import WrongName
from feeds.health.selectors import RepairRow
from feeds.pipe import Kept
from scrapers import (
    CopydeskError,
    Draft,
    Extract,
    Failure,
    File,
    Front,
    Page,
    Past,
    Record,
    Repair,
    Run,
    Sample,
    Seed,
    VisitLimits,
    to_record,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEED = Seed("courier", home="https://courier.example/")
RUN = Run("courier", NOW, NOW)
FAILED = Failure(SEED.home, "Gone", "gone")


def record(name: str = "the-old-quay") -> Record:
    draft = Draft(title="Old quay closed", text="The old quay is closed until spring, the harbour office said.")
    return to_record(draft, url=f"{SEED.home}2026/{name}", seed=SEED, first_seen=NOW)


def clock() -> datetime:
    return NOW


class Thread:
    """The thread of the store, at once and here."""

    def __init__(self, store: Any) -> None:
        self.store = store

    async def call(self, work: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return work(*args, **more)


class Door:
    """A fetcher whose visits ask nobody: whom they were for, and how long they had."""

    def __init__(self) -> None:
        self.opened: list[Any] = []

    @asynccontextmanager
    async def visit(self, seed: Seed, **how: Any) -> Any:
        self.opened.append((seed, how))
        yield "fetch"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, AsyncMock]:
    """The kinds of visits, none of which is made."""
    found = {
        name: AsyncMock(return_value=RUN) for name in ("scrape", "revisit", "backfill", "read_given", "scrape_page")
    }
    for name, step in found.items():
        monkeypatch.setattr(visits, name, step)
    return found


def test_each_kind_of_visit_is_given_what_it_needs(made: dict[str, AsyncMock]) -> None:
    door: Any = Door()
    visitor = Visitor(door, "read", clock)  # type: ignore[arg-type]
    past, limits, files = Past(last_visit=NOW), VisitLimits(), (File("https://courier.example/a.mp3", "audio/mpeg", 1),)
    early, progress = AsyncMock(), Mock()
    known = (record(),)
    for request in (
        VisitRequest(SEED, "revisit", records=known),
        VisitRequest(SEED, "backfill", past, since=NOW, limit=7),
        VisitRequest(SEED, "fetch", past, limits, files=files, since=NOW),
        VisitRequest(SEED, "backfill", past, limits, files=files),
    ):
        assert asyncio.run(visitor.make(request, early, progress)) is RUN
    made["revisit"].assert_awaited_once_with(SEED, list(known), "fetch", "read", clock=clock)
    made["backfill"].assert_awaited_once_with(
        SEED, past, "fetch", "read", since=NOW, limit=7, clock=clock, progress=progress
    )
    made["scrape"].assert_awaited_with(
        SEED, past, "fetch", "read", clock=clock, limits=limits, early=early, progress=progress, files=files
    )
    assert made["scrape"].await_count == 2
    assert door.opened == [(SEED, {"deadline": 600.0})] * 4


def test_one_page_and_imported_articles_make_a_run(made: dict[str, AsyncMock]) -> None:
    door: Any = Door()
    visitor = Visitor(door, "read", clock)  # type: ignore[arg-type]
    made["scrape_page"].return_value = one = record()
    assert asyncio.run(visitor.page(one.url, SEED)) == Run("courier", NOW, NOW, records=(one,))
    made["scrape_page"].assert_awaited_once_with(one.url, SEED, "fetch", "read", clock=clock)
    past = Past(last_visit=NOW)
    assert asyncio.run(visitor.given(VisitRequest(SEED, past=past), [])) is RUN
    made["read_given"].assert_awaited_once_with(SEED, past, [], "read", clock=clock)
    assert door.opened == [(SEED, {"deadline": 600.0})]


@pytest.mark.parametrize(
    ("seconds", "run", "fails"),
    [
        (6.5, Run("courier", NOW, NOW, failures=(FAILED,)), True),
        (6.0, Run("courier", NOW, NOW, failures=(FAILED,)), False),
        (6.5, RUN, False),
        (6.5, Run("courier", NOW, NOW, failures=(FAILED,), fronts=(Front(SEED.home),)), False),
        (6.5, Run("courier", NOW, NOW, failures=(FAILED,), unchanged=True), False),
    ],
)
def test_a_visit_that_failed_while_the_program_stood_still_is_no_fault_of_the_site(
    seconds: float, run: Run, fails: bool, made: dict[str, AsyncMock], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0

    async def scrape(*_: object, **__: object) -> Run:
        nonlocal now
        now += seconds
        return run

    monkeypatch.setattr(visits, "scrape", scrape)
    monkeypatch.setattr(visits, "Pulse", lambda: Pulse(lambda: now))
    door: Any = Door()
    visit = Visitor(door, Mock(), clock).make(VisitRequest(SEED))
    if not fails:
        assert asyncio.run(visit) is run
        return
    with pytest.raises(StoodStill, match=r"the program stood still for 6 s while the site was asked"):
        asyncio.run(visit)


def keeper(*, outcome: Kept | None = None) -> Any:
    config = SimpleNamespace(preferred=("herald",), store_folder=Path("/nowhere"))
    installation: Any = SimpleNamespace(config=config, engine="engine")
    shared = Mock(changed=Mock(return_value=["changed"]))
    one = RunKeeper(installation, Thread(Mock()), shared, shared, Statistics(), clock)  # type: ignore[arg-type]
    one.on_kept, one.on_part = Mock(), Mock()
    return one


def test_a_run_is_filed_with_all_that_is_known_of_it_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Kept(NOW, "ok", "why", fresh=("a",), revised=("b", "c"), copies=4)
    filed, told = Mock(return_value=outcome), Mock()
    monkeypatch.setattr(run_keeper.pipe, "keep", filed)
    monkeypatch.setattr(run_keeper, "log", told)
    one = keeper()
    run = Run("courier", NOW - timedelta(seconds=2.346), NOW, links=9, failures=(FAILED,))
    request, part = VisitRequest(SEED, "backfill", Past(last_visit=NOW)), Mock()
    assert asyncio.run(one.keep(run, request, part, visit="7", forget=["5"])) is outcome
    filed.assert_called_once_with(
        one.thread.store, run, SEED, request.past, "engine", now=NOW, kind="backfill", preferred=("herald",),
        paces=["changed"], files=["changed"], part=part, visit="7", forget=["5"],
    )  # fmt: skip
    one.thread.store.sketches.settle.assert_called_once_with(NOW)
    told.info.assert_called_once_with(
        "backfill", source="courier", state="ok", links=9, new=1, revised=2, copies=4, failed=1, seconds=2.35, why="why"
    )
    one.on_kept.assert_called_once_with("courier", outcome)
    assert one.statistics.counts == {("visit", "ok"): 1, ("failure", "Gone"): 1}
    filed.return_value = Kept(NOW, "ok", "")
    one.on_kept = None
    asyncio.run(one.keep(run, request))
    assert "why" not in told.info.call_args.kwargs
    assert (filed.call_args.kwargs["part"], filed.call_args.kwargs["visit"], filed.call_args.kwargs["forget"]) == (
        None, None, (),
    )  # fmt: skip


def test_failed_pages_of_a_run_are_kept_and_a_full_disk_fails_no_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_keeper.pipe, "keep", Mock(return_value=Kept(NOW, "ok", "")))
    kept, told = Mock(side_effect=OSError("full")), Mock()
    monkeypatch.setattr(run_keeper.failed_pages, "keep", kept)
    monkeypatch.setattr(run_keeper, "log", told)
    one = keeper()
    samples = (Sample(Page(SEED.home), "why"),)
    asyncio.run(one.keep(Run("courier", NOW, NOW, samples=samples), VisitRequest(SEED)))
    kept.assert_called_once_with(one.installation.config, "courier", samples, NOW)
    told.warning.assert_called_once_with("a failed page could not be kept", source="courier", why="full")


def test_a_part_is_filed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    filed = Mock()
    monkeypatch.setattr(run_keeper.pipe, "keep_part", filed)
    one, records, part = keeper(), [record()], Mock()
    asyncio.run(one.keep_part(records, VisitRequest(SEED), part))
    filed.assert_called_once_with(
        one.thread.store, "courier", records, "engine", part, now=NOW, preferred=("herald",)
    )  # fmt: skip
    one.on_part.assert_called_once_with()
    one.on_part = None
    asyncio.run(one.keep_part(records, VisitRequest(SEED), part))


def test_a_local_queue_makes_a_visit_and_keeps_it_with_its_parts() -> None:
    visitor, keeps, progress = Mock(), AsyncMock(), Mock()

    async def make(request: VisitRequest, early: Callable[[list[Any]], Awaitable[None]], told: object) -> Run:
        assert (request, told) == (VisitRequest(SEED), progress)
        await early(["first"])
        return RUN

    visitor.make = make
    queue = LocalQueue(visitor, keeps, 3)
    keeps.keep.return_value = "kept"
    assert asyncio.run(queue.visit(VisitRequest(SEED), progress)) == "kept"
    records, request, part = keeps.keep_part.await_args.args
    assert (records, request) == (["first"], VisitRequest(SEED))
    keeps.keep.assert_awaited_once_with(RUN, VisitRequest(SEED), part)

    async def go() -> list[int]:
        async with queue.place("visit"):
            inside = queue.places._value
        return [inside, queue.places._value]

    assert asyncio.run(go()) == [2, 3]


def jobs(*, elsewhere: bool = False, seed: Seed = SEED) -> Any:
    store = Mock()
    store.visits.past.return_value, store.visits.files.return_value = Past(last_visit=NOW), ("file",)
    installation: Any = SimpleNamespace(
        seeds={"courier": seed}, at_current_home=AsyncMock(return_value="at its home"),
        source_of=Mock(return_value=seed), config=SimpleNamespace(base_url="https://desk.example"),
    )  # fmt: skip
    queue: Any = SimpleNamespace(elsewhere=elsewhere, visit=AsyncMock(return_value="kept"))
    keeps, visitor = AsyncMock(), AsyncMock()
    keeps.keep.return_value = "kept"
    visitor.page.return_value = visitor.given.return_value = Run("courier", NOW, NOW, records=(record(),))
    one = Jobs(installation, Thread(store), visitor, keeps, queue, clock)  # type: ignore[arg-type]
    one.progress = Mock()
    return one


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_visit_is_asked_for_with_its_past_and_its_files_where_another_machine_makes_it(elsewhere: bool) -> None:
    one, limits = jobs(elsewhere=elsewhere), VisitLimits()
    assert asyncio.run(one.visit("courier", kind="fetch", limits=limits)) == "kept"
    files: Any = ("file",) if elsewhere else ()
    asked = VisitRequest("at its home", "fetch", Past(last_visit=NOW), limits, files=files)  # type: ignore[arg-type]
    one.queue.visit.assert_awaited_once_with(asked, one.progress)
    one.thread.store.visits.past.assert_called_once_with("courier", NOW)
    if elsewhere:
        one.thread.store.visits.files.assert_called_once_with("courier", NOW)


def test_revisits_and_backfills_are_asked_for_with_their_own() -> None:
    one, known = jobs(), [record()]
    asyncio.run(one.revisit("courier", known))
    one.queue.visit.assert_awaited_with(VisitRequest(SEED, "revisit", records=tuple(known)), one.progress)
    asyncio.run(one.revisit("gone", known))
    gone = Seed("gone", home=known[0].url)
    one.queue.visit.assert_awaited_with(VisitRequest(gone, "revisit", records=tuple(known)), one.progress)
    asyncio.run(one.backfill("courier", since=NOW, limit=9))
    asked = VisitRequest(SEED, "backfill", Past(last_visit=NOW), since=NOW, limit=9)
    one.queue.visit.assert_awaited_with(asked, one.progress)


@pytest.mark.parametrize("name", ["courier", "kept"])
def test_single_pages_and_imports_are_kept_under_their_source(name: str) -> None:
    seed = Seed(name, home=SEED.home)
    one = jobs(seed=seed)
    made, run = record(), one.visitor.page.return_value
    assert asyncio.run(one.fetch_url(made.url, keep=False)) == (made, None)
    one.keeper.keep.assert_not_awaited()
    assert asyncio.run(one.fetch_url(made.url, keep=True)) == (made, "kept")
    one.keeper.keep.assert_awaited_once_with(run, VisitRequest(seed, "fetch"))
    add_kept = one.thread.store.sources.add_kept
    assert [call.args for call in add_kept.call_args_list] == (
        [("kept", "https://desk.example", "Kept pages", NOW)] if name == "kept" else []
    )
    add_kept.reset_mock()
    assert asyncio.run(one.import_given(seed, ["given"])) == (run, "kept")
    asked = VisitRequest(seed, "backfill", Past(last_visit=NOW))
    one.visitor.given.assert_awaited_once_with(asked, ["given"])
    one.keeper.keep.assert_awaited_with(run, asked)
    assert add_kept.call_count == (name == "kept")
    assert asyncio.run(one.preview(made.url, seed)) == made
    one.visitor.page.assert_awaited_with(made.url, seed)


SELECTED = Seed("courier", home=SEED.home, extract=Extract(title="h1.old", body=".body"))


def row(field: str, *, used: bool = False, found: str | None = None) -> RepairRow:
    return RepairRow("courier", field, "h1.old", NOW, found=found, used=used, looked=NOW - timedelta(days=2))


def mender(
    monkeypatch: pytest.MonkeyPatch, seen: Any, *, rows: tuple[RepairRow, ...] = (), seed: Seed | None = SELECTED
) -> Any:
    """One whose look gives this. Of its selectors that of the title gives nothing."""
    store = Mock()
    store.transaction.return_value.__enter__ = store.transaction.return_value.__exit__ = Mock(return_value=False)
    store.repairs.all.return_value = list(rows)
    installation: Any = SimpleNamespace(file_seeds={"courier": seed} if seed else {}, seeds={})
    one = repairs.SelectorRepairs(installation, Thread(store), Mock(), Mock(), Mock(), clock)  # type: ignore[arg-type]
    monkeypatch.setattr(repairs, "silent", lambda *_: {"extract.title": NOW})
    monkeypatch.setattr(repairs, "log", Mock())
    monkeypatch.setattr(
        one, "look", AsyncMock(**({"side_effect": seen} if isinstance(seen, Exception) else {"return_value": seen}))
    )
    return one


def seen(*found: Repair, pages: tuple[str, ...] = ("page",)) -> Any:
    return SimpleNamespace(repairs=found, pages=pages)


TITLE = Repair("extract.title", "h1.old", "certain", new="h1.new", evidence="e")
BODY = Repair("extract.body", ".body", "certain", new=".text", evidence="e")
HOLDS = Repair("extract.title", "h1.old", "holds")


@pytest.mark.parametrize(
    ("found", "rows", "changed", "kept", "dropped"),
    [
        ((TITLE,), (), True, [TITLE], []),
        ((TITLE, BODY), (), True, [TITLE, BODY], []),  # what is certain is used though nobody missed it
        ((BODY,), (row("extract.body", used=True, found=".text"),), False, [], []),  # it is in use already
        ((BODY,), (row("extract.body", used=True, found=".other"),), True, [BODY], []),
        ((Repair("extract.title", "h1.old", "unsure", new="h2"),), (), False, ["it"], []),
        ((Repair("extract.body", ".body", "unsure", new="h2"),), (), False, [], []),
        ((HOLDS,), (row("extract.title", used=True, found="h2"),), True, [], ["extract.title"]),
        ((HOLDS,), (row("extract.title", found="h2"),), False, ["it"], []),
    ],
)  # fmt: skip
def test_what_a_look_found_is_kept_and_used_where_it_is_certain(
    found: tuple[Repair, ...],
    rows: tuple[RepairRow, ...],
    changed: bool,
    kept: list[Any],
    dropped: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = mender(monkeypatch, seen(*found), rows=rows)
    assert asyncio.run(one.mend("courier")) is changed
    store = one.thread.store
    kept = list(found) if kept == ["it"] else kept
    store.repairs.drop.assert_called_once_with("courier", dropped)
    store.repairs.keep.assert_called_once_with("courier", kept, {"extract.title": NOW}, NOW, use=True)
    assert [call.args for call in store.sources.set_due.call_args_list] == ([("courier", NOW)] if changed else [])
    assert one.installation.seeds["courier"].name == "courier"
    told = repairs.log.warning.call_args_list  # type: ignore[attr-defined]
    assert [call.args[0] for call in told] == [
        "selector replaced" if repair.state == "certain" else "selector gives nothing" for repair in kept
    ]


def test_a_bug_of_the_search_is_told_and_kept_as_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    error = WorkerBug("x")
    one = mender(monkeypatch, error)
    assert asyncio.run(one.mend("courier")) is False
    one.statistics.bug.assert_called_once_with(error, "courier")
    found = [Repair("extract.title", "h1.old", "unknown", evidence="a bug, see the log")]
    one.thread.store.repairs.keep.assert_called_once_with("courier", found, {"extract.title": NOW}, NOW, use=False)


@pytest.mark.parametrize(
    "seed", [None, SEED, Seed("courier", home=SEED.home, scraper="own", extract=Extract(title="h1"))]
)
def test_a_source_without_selectors_or_with_a_scraper_of_its_own_is_not_looked_at(
    seed: Seed | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = mender(monkeypatch, seen(TITLE), seed=seed)
    assert asyncio.run(one.mend("courier")) is False
    one.thread.store.repairs.all.assert_not_called()
    one.look.assert_not_awaited()


def test_a_site_that_could_not_be_asked_or_was_looked_at_today_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = mender(monkeypatch, seen(TITLE, pages=()))
    assert asyncio.run(one.mend("courier")) is False
    one.look.assert_awaited_once_with("courier")
    today = RepairRow("courier", "extract.title", "h1.old", NOW, looked=NOW)
    other = mender(monkeypatch, seen(TITLE), rows=(today,))
    assert asyncio.run(other.mend("courier")) is False
    other.look.assert_not_awaited()
    for each in (one, other):
        each.thread.store.repairs.keep.assert_not_called()


def test_an_examination_tells_which_selectors_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = SimpleNamespace(source="courier", repairs=(TITLE, BODY), pages=("p",), notes=("n",))
    rows = (row("extract.title", used=True, found="h1.new"), row("extract.body", found=".no"))
    one = mender(monkeypatch, looked, rows=rows)
    told = asyncio.run(one.examination("courier"))
    assert (told["source"], told["pages"], told["notes"]) == ("courier", ["p"], ["n"])
    assert [(one["field"], one["new"], one["in_use"]) for one in told["selectors"]] == [
        ("extract.title", "h1.new", "h1.new"),
        ("extract.body", ".text", None),
    ]
    with pytest.raises(CopydeskError, match="there is no source herald"):
        asyncio.run(one.examination("herald"))


def test_a_repair_that_nobody_needs_any_more_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repairs, "silent", lambda *_: {"extract.title": NOW})
    used, needed, over = row("extract.body", used=True), row("extract.title"), row("extract.image")
    listing = RepairRow("courier", "discover.links", "a", NOW, missed=1)
    store = Mock()
    store.transaction.return_value.__enter__ = store.transaction.return_value.__exit__ = Mock(return_value=False)
    store.repairs.all.return_value = [used, needed, over, listing]
    assert repairs._standing(store, SEED) == ([used, needed, listing], {"extract.title": NOW})
    store.repairs.drop.assert_called_once_with("courier", ["extract.image"])
    store.repairs.all.return_value = [used, RepairRow("courier", "discover.links", "a", NOW, missed=0)]
    assert repairs._standing(store, SEED)[0] == [used]


@pytest.mark.parametrize("broken", [{}, {"extract.title": NOW}])
def test_the_newest_records_are_looked_at_where_a_selector_gives_nothing(
    broken: dict[str, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repairs, "silent", lambda *_: broken)
    store = Mock()
    store.records.by_id.side_effect = lambda name: None if name == "gone" else SimpleNamespace(record=name)
    store.repairs.told_by_selectors.return_value = [SimpleNamespace(id=str(n)) for n in range(5)]
    store.repairs.records_by_selectors.return_value = ["8", "gone", "9"]
    found = repairs._records(store, SEED)
    assert found == (["8", "9"], ["0", "1", "2"] if broken else [], set(broken))
    store.repairs.records_by_selectors.assert_called_once_with("courier", 40)


@pytest.mark.parametrize(
    ("media_type", "end"),
    [
        ("text/html", ".html"),
        ("application/xhtml+xml", ".html"),
        ("application/atom+xml", ".xml"),
        ("text/xml", ".xml"),
        ("application/xml", ".xml"),
        ("application/json", ".json.txt"),
        ("text/plain", ".txt"),
        ("", ".html"),
    ],
)
def test_a_failed_page_has_the_end_of_its_kind_and_a_file_that_people_read(
    media_type: str, end: str, tmp_path: Path
) -> None:
    config: Any = SimpleNamespace(store_folder=tmp_path)
    page = Page("https://courier.example/a", b"<odd>", content_type=media_type, charset="utf-8")
    (path,) = failed_pages.keep(config, "courier", [Sample(page, "no title")], NOW)
    assert path.name.endswith(end) and path.read_bytes() == b"<odd>"
    (beside,) = path.parent.glob("*.json")
    told = {"url": page.url, "content_type": media_type, "charset": "utf-8", "taken": NOW.isoformat()}
    assert json.loads(beside.read_text("utf-8")) == {"page": told, "why": "no title"}
    assert beside.read_text("utf-8").startswith('{\n "page": {\n  "url"') and beside.read_text("utf-8").endswith("}\n")
    (one,) = failed_pages.of_page(config, "http://courier.example/a#top")
    assert failed_pages.as_json([one]) == [{"file": str(path), "url": page.url, "why": "no title", "taken": NOW}]
    assert failed_pages.of_page(config, "https://courier.example/b") == []
    failed_pages.rename(config, "courier", "herald")
    assert [found.file.parent.name for found in failed_pages.of_page(config, page.url)] == ["herald"]
    failed_pages.forget_page(config, page.url)
    assert list((tmp_path / "failed/herald").iterdir()) == []


def test_a_failed_page_is_written_again_after_a_day_or_with_another_reason_or_a_clock_that_was_set_back(
    tmp_path: Path,
) -> None:
    config: Any = SimpleNamespace(store_folder=tmp_path)

    def keep(why: str, now: datetime, most: int = 1) -> int:
        samples = [Sample(Page(f"https://courier.example/{n}", b"x"), why) for n in range(most)]
        return len(failed_pages.keep(config, "courier", samples, now))

    assert keep("a", NOW) == 1
    assert keep("a", NOW) == keep("a", NOW + timedelta(hours=23)) == 0
    assert keep("a", NOW + timedelta(hours=24)) == 1
    assert keep("a", NOW) == 1, "the time of the page lies in the future"
    assert keep("b", NOW) == 1
    assert keep("c", NOW, most=9) == 3
    assert failed_pages.keep(config, "nobody", [], NOW) == []
    assert not failed_pages.folder_of(config, "nobody").exists()


def test_a_survey_tells_each_page_it_asks_and_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"a": Page("a", b"x" * 1023), "b": Page("b", b"x" * 1024), "c": CopydeskError("gone")}

    @asynccontextmanager
    async def visit(seed: Seed) -> Any:
        assert seed == Seed(name="new", home="https://w.example/")

        async def fetch(request: Any) -> Page:
            found = pages[request.url]
            if isinstance(found, Exception):
                raise found
            return found

        yield fetch

    async def probe(url: str, fetch: Any, links: Any, *, taken: frozenset[str]) -> Any:
        assert (url, taken) == ("https://w.example/", frozenset({"x"}))
        for name in "ab":
            assert await fetch(SimpleNamespace(url=name)) is pages[name]
        with pytest.raises(CopydeskError):
            await fetch(SimpleNamespace(url="c"))
        return await links(pages["a"])

    monkeypatch.setattr(following.scrapers, "probe", probe)
    read, told = AsyncMock(), Mock()
    read.links.return_value = "links"
    fetcher: Any = SimpleNamespace(visit=visit)
    survey = following._survey(fetcher, read, "https://w.example/", frozenset({"x"}), NOW, told)
    assert asyncio.run(survey) == "links"  # type: ignore[comparison-overlap]
    said = [("a", ""), ("a", "1 KB"), ("b", ""), ("b", "2 KB"), ("c", ""), ("c", "gone")]
    assert [call.args for call in told.call_args_list] == said
    read.links.assert_awaited_once_with(pages["a"], Seed(name="new", home="https://w.example/"), Past(), NOW)


def test_an_article_is_forgotten_under_any_of_its_names_and_one_that_is_none_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config: Any = SimpleNamespace(store_folder=tmp_path)
    store = Mock()
    store.records.aliases.return_value = {"courier.example/a": 7}
    forget_article(store, config, "https://www.courier.example/a", NOW)
    store.retention.forget_record.assert_called_once_with(7, NOW)
    store.records.aliases.return_value = {}
    with pytest.raises(WrongName, match=r"^https://courier.example/a: is no record"):
        forget_article(store, config, "https://courier.example/a", NOW)
    store.retention.forget_record.assert_called_once()


@pytest.mark.parametrize(("held", "said"), [(True, "is kept out already"), (False, "is in the feeds already")])
def test_a_record_that_is_held_already_is_told(held: bool, said: str) -> None:
    config: Any = SimpleNamespace(preferred=("herald",))
    store = Mock()
    store.transaction.return_value.__enter__ = store.transaction.return_value.__exit__ = Mock(return_value=False)
    store.records.by_id.return_value = SimpleNamespace(n=7, record=SimpleNamespace(url="https://a.example/"))
    hold(store, config, "an id", held=held)
    store.records.hold.assert_called_once_with(7, held=held, preferred=("herald",))
    store.records.hold.return_value = False
    with pytest.raises(WrongName, match=f"https://a.example/: {said}"):
        hold(store, config, "an id", held=held)
    store.records.by_id.return_value = None
    with pytest.raises(WrongName, match="an id: is no record"):
        hold(store, config, "an id", held=held)
