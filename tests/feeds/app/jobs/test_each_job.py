"""Jobs step by step: addresses that people type, seeds, copies of the store, counts, tokens of readers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock, call

import pytest

from feeds.app.daemon import scheduler
from feeds.app.jobs import backups, following, reader_tokens
from feeds.app.jobs.queue import scraper
from feeds.app.jobs.statistics import Statistics
from feeds.app.jobs.visits import Pulse
from feeds.app.workers.pool import WorkerBug
from feeds.errors import WrongName
from feeds.pipe import Kept
from scrapers import Discover, Failure, FetchError, Run, Seed
from tests.support.held_bytes import rings

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("paper.example", "https://paper.example/"),
        (" Paper.EXAMPLE/Arts ", "https://paper.example/Arts"),
        ("http://paper.example", "http://paper.example/"),
        ("HTTPS://Paper.example:8080/a?b=C", "https://paper.example:8080/a?b=C"),
        ("https://Ada:Secret@paper.example/", "https://Ada:Secret@paper.example/"),
        ("paper", None),
        ("/paper.example", None),
        ("./paper.example", None),
        ("-paper.example", None),
        ("ada@paper.example", None),
        ("paper/arts.html", None),
        ("ftp://paper.example/", None),
        ("https://paper .example/", None),
        ("https://", None),
        ("https://[::1/", None),
        ("", None),
    ],
)
def test_what_a_person_typed_as_an_address(typed: str, address: str | None) -> None:
    assert following.address_of(typed) == address
    assert following.names_a_scheme(typed) is ("://" in typed)


def test_the_seed_that_has_an_address_already() -> None:
    wire = Seed("wire", "https://wire.example/", discover=Discover(rss=("https://wire.example/feed",)))
    post = Seed("post", "https://post.example/", discover=Discover(pages=("https://post.example/news",)))
    for url, seed in (
        ("http://www.wire.example", wire), ("https://wire.example/feed", wire), ("https://post.example/news", post),
        ("https://post.example/", post), ("https://post.example/other", None),
    ):  # fmt: skip
        assert following.followed_by([wire, post], url) is seed


def surveyed(
    error: Any, *, typed: bool, url: str = "https://w.example/a", home: str = ""
) -> tuple[Any, list[Any], Any]:
    found = following.scrapers.Survey(home, None, None, None, (), (), 1, Seed("w", "https://w.example/"), {"x": "y"})
    step, told = AsyncMock(side_effect=[error, found]), []
    following._survey = step  # type: ignore[assignment]
    work = following.survey_of("f", "r", url, frozenset(), NOW, typed=typed, told=lambda *one: told.append(one))  # type: ignore[arg-type]
    return asyncio.run(work), told, step


def test_http_is_asked_where_nobody_answers_to_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_survey", None)
    plain = "http://w.example/a"
    error = FetchError("refused", url="https://w.example/a", unconnected=True)
    found, told, step = surveyed(error, typed=False, home=plain)
    assert told == [("https://w.example/a", f"refused; asking {plain}")]
    assert [one.args[2] for one in step.mock_calls] == ["https://w.example/a", plain]
    assert found.reasons == {"x": "y", "home": "what was asked for; https is not answered there"}
    found, _, _ = surveyed(error, typed=False, home="https://elsewhere.example/")
    assert found.reasons == {"x": "y"}
    for wrong, typed in (
        (error, True),
        (FetchError("refused", url="https://w.example/a"), False),
        (FetchError("refused", url="https://other.example/a", unconnected=True), False),
        (FetchError("refused", url="http://w.example/a", unconnected=True), False),
    ):
        with pytest.raises(FetchError):
            surveyed(wrong, typed=typed)


def test_a_new_seed_never_replaces_another(tmp_path: Path) -> None:
    config: Any = SimpleNamespace(seeds_folder=tmp_path / "seeds")
    assert following.write_seed(config, "wire", "ä").read_text("utf-8") == "ä"
    with pytest.raises(WrongName, match=r"wire.toml: is there already"):
        following.write_seed(config, "wire", "other")
    assert [path.name for path in (tmp_path / "seeds").iterdir()] == ["wire.toml"]


def test_copies_of_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Mock()
    opened.file.backup.side_effect = lambda target: target.write_text("copy")
    opened.file.problems.return_value = ["one"]
    opens = Mock(return_value=opened)
    monkeypatch.setattr(backups, "open_store", opens)
    store, folder = tmp_path / "desk.db", tmp_path / "backups"
    made = [backups.daily_copy(store, 2, NOW + timedelta(days=n)) for n in range(3)]
    assert made == [folder / f"desk-2026-03-{day}.db" for day in (10, 11, 12)]
    assert backups.daily_copy(store, 2, NOW + timedelta(days=2)) is None
    assert backups.daily_copies(store) == made[1:]
    assert (opened.close.call_count, folder.stat().st_mode & 0o777) == (3, 0o700)
    for name in ("desk.db.before-7", "desk.db.replaced-20260310T120000", "desk.db.other", "other.db.before-7"):
        (tmp_path / name).write_text("x")
    assert backups.copies_of(store) == [
        *made[1:], tmp_path / "desk.db.before-7", tmp_path / "desk.db.replaced-20260310T120000",
    ]  # fmt: skip
    assert backups.replaced_name(store, NOW) == tmp_path / "desk.db.replaced-20260310T120000"
    assert backups.damage_of(store) == ["one"] and opened.close.call_count == 4
    server: Any = SimpleNamespace(folder=tmp_path / "var")
    assert backups.daily_copy(server, 1, NOW) == tmp_path / "var/backups/copydesk-2026-03-10.dump"
    assert backups.replaced_name(server, NOW) == tmp_path / "var/copydesk.replaced-20260310T120000.dump"
    assert opens.mock_calls[-1].args == (server,) or call(server) in opens.mock_calls


def test_what_happened_is_counted() -> None:
    told = Statistics()
    run = Run(
        "wire", NOW, NOW, failures=(Failure("a", "Gone", "x"), Failure("b", "Gone", "y"), Failure("c", "bug", "z"))
    )
    told.kept(run, Kept(NOW, "ok", ""))
    told.kept(run, Kept(NOW, "failing", ""))
    told.bug(ValueError("x"), "wire")
    assert told.counts == {
        ("visit", "ok"): 1, ("visit", "failing"): 1, ("failure", "Gone"): 4, ("failure", "bug"): 3,
    }  # fmt: skip
    for n in range(501):
        told.bug(ValueError(n), "wire")
    assert len(told._places) == 500 and "ValueError('x')" not in told._places
    told.bug(WorkerBug("a" * 10 + "b" * 400), "wire")
    assert "b" * 400 in told._places


def test_tokens_of_readers() -> None:
    topics = [SimpleNamespace(name="open", private=False), SimpleNamespace(name="mine", private=True), SimpleNamespace(name="new", private=True)]  # fmt: skip  # noqa: E501
    config: Any = SimpleNamespace(all_topics=lambda: topics, base_url="https://d.example")
    store = Mock()
    store.transaction = lambda: __import__("contextlib").nullcontext()
    store.topics.all.return_value = [SimpleNamespace(name="open"), SimpleNamespace(name="mine")]
    address = reader_tokens.give(store, config, "mine", "phone", NOW)
    assert address.startswith("https://d.example/t/") and address.endswith("/mine.atom")
    token = address.split("/")[4]
    digest = reader_tokens.token_digest(token)
    assert store.tokens.mock_calls == [call.add("mine", "phone", digest, NOW)]
    store.tokens.add.return_value = False
    for topic, reader, why in (
        ("mine", "phone", "mine: phone has a token already"),
        ("mine", "a b", "1 to 64 letters"),
        ("mine", "x" * 65, "1 to 64 letters"),
        ("open", "phone", "there is no private topic open; known: mine, new"),
        ("new", "phone", "new: is not in the store yet"),
    ):
        with pytest.raises(WrongName, match=why):
            reader_tokens.give(store, config, topic, reader, NOW)
    store.tokens.revoke.return_value = 2
    assert reader_tokens.take(store, "mine", None) == 2
    assert store.tokens.mock_calls[-1] == call.revoke("mine", None)
    store.tokens.revoke.return_value = 0
    for reader, why in ((None, "mine: has no tokens$"), ("phone", r"mine: has no token of that name \(phone\)")):
        with pytest.raises(WrongName, match=why):
            reader_tokens.take(store, "mine", reader)


@pytest.mark.parametrize(("took", "mended", "asked", "moved"), [(1, True, True, True), (1, False, True, False), (10_000, True, False, False)])  # fmt: skip  # noqa: E501
def test_a_visit_looks_for_better_selectors_while_there_is_time(
    took: int, mended: bool, asked: bool, moved: bool
) -> None:
    clock = [NOW, NOW + timedelta(seconds=took), NOW + timedelta(seconds=took + 1)]
    kept = Kept(NOW + timedelta(days=1), "ok", "")
    app: Any = SimpleNamespace(
        clock=lambda: clock.pop(0) if len(clock) > 1 else clock[0],
        jobs=SimpleNamespace(visit=AsyncMock(return_value=kept)),
        repairs=SimpleNamespace(mend=AsyncMock(return_value=mended)),
    )
    found = asyncio.run(scheduler.visit_and_repair(app, "wire", "fetch"))
    assert app.jobs.visit.mock_calls == [call("wire", kind="fetch")]
    assert app.repairs.mend.mock_calls == ([call("wire")] if asked else [])
    assert found.due == (NOW + timedelta(seconds=took + 1) if moved else kept.due)


@pytest.mark.parametrize(
    ("package", "programs", "there"),
    [(True, ["google-chrome"], True), (True, [], False), (False, ["chromium"], False), (True, ["chromium"], True)],
)
def test_whether_a_browser_is_here(
    package: bool, programs: list[str], there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scraper.importlib.util, "find_spec", lambda name: (package and name == "playwright") or None)
    monkeypatch.setattr(scraper.shutil, "which", lambda name: name if name in programs else None)
    assert scraper.has_browser() is there


def test_a_visit_that_is_over_leaves_nothing_to_the_garbage_collector() -> None:
    async def visit() -> None:
        async with Pulse():
            await asyncio.sleep(0)
        for _ in range(3):  # turns in which the task that measured ends
            await asyncio.sleep(0)

    with asyncio.Runner() as runner:
        assert rings(lambda: runner.run(visit())) == {}
