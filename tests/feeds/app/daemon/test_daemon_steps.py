"""What the daemon itself does at a signal, a changed file and a look at the clock, over parts that note it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds.app.daemon import daemon as module
from feeds.app.daemon.daemon import Daemon
from feeds.errors import StoreBusy, StoreUnusable
from tests.support.waiting import PATIENCE, done

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Clock:
    """A monotonic clock that is moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts of a daemon, which only note what they are told."""
    for name in ("Scheduler", "ControlQueue", "JumpDetector", "handlers", "LoopWatch", "log"):
        monkeypatch.setattr(module, name, Mock())
    monkeypatch.setattr(module, "_has_terminal", lambda: False)


def a_daemon(folder: Path, clock: Clock | None = None) -> Any:
    async def call(work: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return work(*args, **more)

    config = SimpleNamespace(seeds_folder=folder / "seeds", public=folder)
    app: Any = Mock(clock=lambda: NOW, thread=Mock(call=call, try_write=AsyncMock(), refused=None), paused=None)
    app.installation = Mock(config=config, reload=AsyncMock(return_value=True), seeds={"courier": 1})
    app.publisher = Mock(publish=AsyncMock(return_value=[]), unpublished=[])
    one: Any = Daemon(app, folder / "config.toml", monotonic=clock or Clock())
    one.scheduler = Mock(schedule_all=AsyncMock(), stuck=Mock(return_value=None), running={"a": 1, "b": 2})
    return one


def turns(one: Any, *steps: Callable[[], None]) -> list[float | None]:
    """Make its pauses pass at once, a step at each of them; at the last one it is told to stop. How long they were."""
    paused: list[float | None] = []
    left = list(steps)

    async def pause(seconds: float | None) -> None:
        paused.append(seconds)
        if left:
            left.pop(0)()
        if not left:
            one.stopping.set()

    one._pause = pause
    return paused


@pytest.mark.usefixtures("parts")
def test_a_signal_stops_it_and_a_second_one_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Mock()
    monkeypatch.setattr(module, "os", Mock(_exit=ended))
    one = a_daemon(tmp_path)
    one._stop(signal.SIGTERM)
    assert one.stopping.is_set()
    ended.assert_not_called()
    module.log.info.assert_called_once_with("stopping", signal="SIGTERM")  # type: ignore[attr-defined]
    one._stop(signal.SIGINT)
    ended.assert_called_once_with(143)


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(("had", "has", "stops"), [(False, False, False), (True, True, False), (True, False, True)])
def test_a_hang_up_asks_for_a_reload_unless_the_terminal_was_closed(
    had: bool, has: bool, stops: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = a_daemon(tmp_path)
    one.terminal = had
    monkeypatch.setattr(module, "_has_terminal", lambda: has)
    one._reload_soon()
    assert (one.stopping.is_set(), one.wake.is_set()) == (stops, not stops)


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("applied", [True, False])
def test_a_reload_schedules_anew_what_is_right_and_publishes_in_any_case(applied: bool, tmp_path: Path) -> None:
    one = a_daemon(tmp_path)
    one.app.installation.reload.return_value = applied
    assert done(one.reload) is applied
    one.app.installation.reload.assert_awaited_once_with(tmp_path / "config.toml")
    assert (one.scheduler.schedule_all.await_count, one.fresh.is_set()) == (applied, True)


@pytest.mark.usefixtures("parts")
def test_changed_files_are_read_anew_and_others_are_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").mkdir()
    config, seed = tmp_path / "config.toml", tmp_path / "seeds/courier.toml"
    config.write_text("a")
    one = a_daemon(tmp_path)
    one.reload = AsyncMock()
    assert [(name, size) for name, _, size in one._signature()] == [("", 1)]
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: seed.write_text("bc"),
        lambda: None,
        lambda: (tmp_path / "seeds/notes.txt").write_text("x"),
        lambda: config.write_text("longer"),
        one.wake.set,
        lambda: one.stopping.set(),
    ]
    reloads: list[int] = []
    waits: list[float] = []

    async def wait(event: asyncio.Event, seconds: float) -> None:
        assert event is one.wake
        waits.append(seconds)
        reloads.append(one.reload.await_count)
        steps.pop(0)()

    monkeypatch.setattr(module, "_wait", wait)
    done(one._watch_files)
    assert reloads == [0, 0, 1, 1, 1, 2, 3] and set(waits) == {1.0}
    assert not one.wake.is_set() and one.reload.await_count == 3
    assert [(name, size) for name, _, size in one._signature()] == [("", 6), ("courier.toml", 2)]
    config.unlink()
    seed.unlink()
    assert one._signature() == ()


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("error", "code", "tries", "told"),
    [
        (None, 0, 1, None),
        (StoreBusy("away"), 0, 2, None),
        (StoreUnusable("broken"), 0, 2, "the store is damaged; tried again"),
        (KeyError("bug"), 1, 1, "bug"),
    ],
)
def test_a_helper_goes_on_when_the_store_refuses_and_a_bug_in_it_ends_the_daemon(
    error: Exception | None, code: int, tries: int, told: str | None, tmp_path: Path
) -> None:
    one = a_daemon(tmp_path)
    one._pause = AsyncMock()
    work = AsyncMock(side_effect=[error, None])

    async def go() -> None:
        one._help(work, "a part")
        (task,) = one.helpers
        assert task.get_name() == "a part"
        await task

    done(go)
    assert (one.exit_code, one.stopping.is_set(), work.await_count) == (code, code == 1, tries)
    assert [call.args for call in one._pause.await_args_list] == [(module.RETRY,)] * (tries - 1)
    said = module.log.error.call_args  # type: ignore[attr-defined]
    assert (said and said.args[0], said and said.kwargs["part"]) == (told, told and "a part")


@pytest.mark.usefixtures("parts")
def test_what_is_fresh_is_published_and_told_then_it_rests_as_long_as_that_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    one = a_daemon(tmp_path, clock)
    rounds = [([], 0.5), (["a.atom"], 1.0), (["b.atom"], 9.0)]
    waits: list[float | None] = []

    async def publish() -> list[str]:
        assert not one.fresh.is_set()
        written, seconds = rounds.pop(0)
        clock.now += seconds
        one.app.publisher.unpublished = ["x"] if len(rounds) == 1 else []
        return written

    async def wait(event: asyncio.Event, seconds: float | None) -> None:
        assert event is one.fresh
        waits.append(seconds)
        one.fresh.set()

    def serves() -> None:
        one.serving = Mock(published=AsyncMock())

    one.app.publisher.publish = publish
    monkeypatch.setattr(module, "_wait", wait)
    paused = turns(one, lambda: None, serves, lambda: None)
    done(one._publish_when_fresh)
    assert (paused, waits, one.published.is_set()) == ([1.0, 2.0, 10.0], [None, None, module.RETRY], True)
    one.serving.published.assert_awaited_once_with(["b.atom"])


@pytest.mark.usefixtures("parts")
def test_the_watchdog_tells_who_stood_still_gives_memory_back_and_ends_what_is_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    one = a_daemon(tmp_path, clock)
    given, noted, told = Mock(), AsyncMock(), Mock()
    monkeypatch.setattr(module, "give_back", given)
    monkeypatch.setattr(module, "note_hang", noted)
    monkeypatch.setattr(module, "_notify", told)
    one.look_at_clock = AsyncMock()

    def later(seconds: float) -> Callable[[], None]:
        def move() -> None:
            clock.now += seconds

        return move

    def hang() -> None:
        one.scheduler.stuck.return_value = "it hangs"

    paused = turns(one, later(5.0), later(10.0), later(10.01), later(50.0), hang)
    done(one._watchdog)
    assert paused == [5.0] * 5
    stood = [round(call.args[0], 2) for call in one.scheduler.stood_still.call_args_list]
    assert stood == [5.01, 45.0]
    given.assert_called_once_with()
    assert one.look_at_clock.await_count == 5
    noted.assert_awaited_once_with(one.app, "it hangs")
    assert one.exit_code == 1
    assert [call.args for call in told.call_args_list] == [("WATCHDOG=1",)] * 5


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("drift", [0.0, -7200.0])
def test_after_a_jump_of_the_clock_visits_are_scheduled_anew(
    drift: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = a_daemon(tmp_path)
    one._clock_jumps.jump.return_value = drift
    capped = Mock()
    monkeypatch.setattr(module.pipe, "not_too_late", capped)
    assert done(one.look_at_clock) == drift
    jumped = int(bool(drift))
    assert capped.call_count == one.scheduler.schedule_all.await_count == jumped
    assert one.app.fetcher.paces.clock_set_back.call_count == jumped
    if jumped:
        capped.assert_called_once_with(one.app.thread.store, one.app.installation.seeds, NOW, jumped=True)
        one.app.fetcher.paces.clock_set_back.assert_called_once_with(NOW.timestamp())


@pytest.mark.usefixtures("parts")
def test_a_store_that_refused_is_tried_again_and_visits_go_on_when_it_takes_writes(tmp_path: Path) -> None:
    one = a_daemon(tmp_path)
    one.app.lock.lost.return_value = None
    one.app.paused, one.app.thread.refused = "full", "full"

    async def write(now: datetime) -> None:
        assert now == NOW
        if one.app.thread.try_write.await_count == 2:
            one.app.paused = one.app.thread.refused = None

    one.app.thread.try_write.side_effect = write
    turns(one, *[lambda: None] * 3)
    done(one._mind_store)
    assert one.app.thread.try_write.await_count == 2
    one.scheduler.schedule_all.assert_awaited_once_with()
    assert one.fresh.is_set() and one.exit_code == 0
    assert one.app.disk_space.check.call_count == one.app.disk_troubles.call_count == 3


@pytest.mark.usefixtures("parts")
def test_a_store_whose_files_were_removed_ends_the_daemon(tmp_path: Path) -> None:
    one = a_daemon(tmp_path)
    one.app.lock.lost.return_value = "store.db"
    one._pause = AsyncMock()
    done(one._mind_store)
    assert (one.store_lost, one.exit_code, one.stopping.is_set()) == ("store.db", 5, True)
    one.app.disk_space.check.assert_not_called()
    one.scheduler.stop.return_value = []
    done(one._wind_down)
    one.app.publisher.publish.assert_not_awaited()


@pytest.mark.usefixtures("parts")
def test_the_end_cancels_what_runs_stops_the_server_and_publishes_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Mock()
    monkeypatch.setattr(module, "_notify", told)
    one = a_daemon(tmp_path)
    one.serving = Mock(stop=AsyncMock())

    async def go() -> None:
        visit, helper = (asyncio.create_task(asyncio.Event().wait()) for _ in range(2))
        one.scheduler.stop.return_value = [visit]
        one.helpers = {helper}
        await one._wind_down()
        assert visit.cancelled() and helper.cancelled()

    done(go)
    told.assert_called_once_with("STOPPING=1")
    one.serving.stop.assert_awaited_once_with()
    one.app.publisher.publish.assert_awaited_once_with()
    one.app.publisher.publish.side_effect = StoreBusy("away")
    one.scheduler.stop.return_value, one.helpers = [], set()
    done(one._wind_down)


@pytest.mark.usefixtures("parts")
def test_requests_are_answered_beside_each_other_and_maintenance_tells_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = a_daemon(tmp_path)
    one.control = Mock(open_requests=AsyncMock(side_effect=[[SimpleNamespace(n=7)], []]))
    paused = turns(one, lambda: None, lambda: None)
    done(one._answer_requests)
    (request, pause), _ = one.control.answer.call_args
    assert request.n == 7 and pause is one._pause and paused == [0.25, 0.25]
    one.scheduler.begin.assert_called_once_with(f"{module.REQUEST}7", one.control.answer.return_value)
    one = a_daemon(tmp_path)
    made = Mock(return_value=Mock(round=AsyncMock()))
    monkeypatch.setattr(module, "Maintenance", made)
    paused = turns(one, lambda: None, lambda: None)
    done(one._maintain)
    app, published, fresh, monotonic = made.call_args.args
    assert (app, fresh, monotonic) == (one.app, one.fresh.set, one._monotonic) and paused == [module.PAUSE] * 2
    assert made.return_value.round.await_count == 2
    done(lambda: published(["a.atom"]))
    one.serving = Mock(published=AsyncMock())
    done(lambda: published(["a.atom"]))
    one.serving.published.assert_awaited_once_with(["a.atom"])


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("longest", [None, 2.5])
def test_the_facts_of_its_health(longest: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Mock()
    monkeypatch.setattr(module.status, "health", told)
    monkeypatch.setattr(module, "time", Mock(monotonic=lambda: 1007.0))
    one = a_daemon(tmp_path)
    one.last_turn = 1000.0
    one.records = Mock(now=AsyncMock(return_value=9), waits=3.0)
    one.loop_watch.longest = None if longest is None else SimpleNamespace(seconds=longest)
    one.app.installation.reload_mistakes, one.app.paused = ["wrong"], "full"
    one.scheduler.stuck.return_value = "it hangs"
    assert done(one.health) is told.return_value
    told.assert_called_once_with(
        module.status.Liveness(
            stuck="it hangs", since_turn=7.0, longest_hold=longest or 0.0, records=9, store_waits=3.0, sources=1,
            visits_running=2, configuration_valid=False, paused="full", unpublished=[],
        )
    )  # fmt: skip


def test_systemd_is_told_by_its_socket_where_it_asked_for_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    for address, bound in (("told", "told"), (f"@copydesk-{os.getpid()}", f"\0copydesk-{os.getpid()}")):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.settimeout(PATIENCE)
            heard.bind(bound)
            monkeypatch.setenv("NOTIFY_SOCKET", address)
            module._notify("READY=1")
            assert heard.recv(99) == b"READY=1"
    monkeypatch.setenv("NOTIFY_SOCKET", "nobody")
    module._notify("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    module._notify("READY=1")


def test_a_pause_ends_at_the_event_or_after_its_time() -> None:
    async def go() -> None:
        event = asyncio.Event()
        await module._wait(event, 0.001)
        event.set()
        await module._wait(event, None)
        await module._wait(event, 10 * PATIENCE)

    done(go)
