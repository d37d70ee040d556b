"""After a redesign, a freeze and a full disk the state that is shown is the true one, in every place that shows it."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.misbehaving import Asked, Out, Web
from tests.support.playing import Play
from tests.support.redesigns import new_front, old_article, old_front, stories
from tests.support.shown import Looker, Shown
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("state-shown")  # its tests share one daemon

MENU = '<html lang=en><title>The Lantern</title><body><a href="/town/">Town</a><a href="/harbour/">Harbour</a></html>'


@pytest.fixture(scope="module")
def lantern() -> Iterator[Web]:
    with Web() as web:
        for one in stories(12):
            web.page(one.path, old_article(one).encode())
        web.page("/", old_front(stories(8)).encode())
        yield web


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, lantern: Web) -> Iterator[Play]:
    with Play(tmp_path_factory.mktemp("shown"), every="2s", sites={"wendale-post": ""}) as play:
        (play.folder / "seeds/lantern.toml").write_text(f'home = "{lantern.url()}"\nevery = "1s"\ntimezone = "UTC"\n')
        play.start()
        until(lambda: len(play.feed("s/lantern.atom")) == 8 and not play.missing(), "the first round is in the feeds")
        yield play


@pytest.fixture(scope="module")
def looker(play: Play) -> Looker:
    return Looker(play)


def awaited(looker: Looker, states: dict[str, str], troubles: set[str], *, disk: bool = False) -> Shown:
    """The look by which every place shows just that."""
    last: list[Shown] = []

    def there() -> bool:
        last.append(looker.look())
        now = last[-1]
        return now.agreed() and (now.states["status"], now.troubles["status"], now.disk["health"]) == (
            states,
            frozenset(troubles),
            disk,
        )

    try:
        until(there, f"everywhere: {states}, {troubles}")
    except TimeoutError as error:
        raise AssertionError(f"{error}; last: {last[-1]}") from None
    assert all(last[-1].working.values())
    return last[-1]


WELL = {"wendale-post": "ok", "lantern": "ok"}


def test_a_redesign_without_shape_is_shown_until_it_is_over(play: Play, lantern: Web, looker: Looker) -> None:
    awaited(looker, WELL, set())
    lantern.page("/", MENU.encode())
    awaited(looker, {**WELL, "lantern": "failing"}, {"lantern: failing"})
    until(lambda: len(looker.told()) == 1, "the health feed tells it")
    (told,) = looker.told()
    state = told.removeprefix("lantern: ").partition(",")[0]
    assert state in ("degraded", "failing"), "as it was when it was noticed"
    assert told == f"lantern: {state}, no story was found where there used to be some"
    assert len(play.feed("s/lantern.atom")) == 8, "what is published stays"

    lantern.page("/", new_front(stories(4, first=8) + stories(8)).encode())
    until(lambda: len(play.feed("s/lantern.atom")) == 12, "its next stories are there")
    awaited(looker, WELL, set())
    until(lambda: len(looker.told()) == 2, "the health feed tells that it is over")
    assert looker.told()[1] == f"lantern: no longer {state} (no story was found where there used to be some)"


def test_a_freeze_is_shown_and_nobody_is_blamed_for_it(play: Play, lantern: Web, looker: Looker) -> None:
    assert play.process is not None
    arrived, over = threading.Event(), threading.Event()

    async def hangs(asked: Asked, out: Out) -> None:
        arrived.set()
        while not over.is_set():
            await asyncio.sleep(0.05)
        out.reset()

    before = looker.told()
    lantern.on("/", hangs)
    until(arrived.is_set, "a visit of the lantern waits for its front")
    os.kill(play.process.pid, signal.SIGSTOP)
    stopped = time.monotonic()
    try:
        command = json.loads(play.copydesk("status", "--json").stdout)
        assert command["daemon"] == play.process.pid
        assert command["health"]["ok"] is False
        assert "did not answer" in command["health"]["why"]
        said = play.copydesk("status").stdout
        assert "does not work: it did not answer" in " ".join(said.split())
        over.set()  # from now on it ends every connection
        until(lambda: time.monotonic() - stopped > 8, "so long a freeze that no visit can be judged by it")
    finally:
        os.kill(play.process.pid, signal.SIGCONT)
    until(lambda: "a visit is made again" in play.log.read_text(), "the visit was given up")
    lantern.page("/", old_front(stories(12)).encode())
    awaited(looker, WELL, set())
    assert json.loads(play.get("health")[1])["loop_held_ms"] < 5000, "it was no work of ours that held the loop"
    asked = len(lantern.asked)
    assert play.copydesk("fetch", "lantern").returncode == 0
    assert len(lantern.asked) > asked
    awaited(looker, WELL, set())
    assert looker.told() == before
    row = next(one for one in json.loads(play.get("status.json")[1])["sources"] if one["name"] == "lantern")
    assert row["failures"] == 0


def test_a_full_disk_is_shown_while_it_lasts_and_told_when_it_is_over(play: Play, looker: Looker) -> None:
    assert play.process is not None
    before = looker.told()
    hard = resource.prlimit(play.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(play.process.pid, resource.RLIMIT_FSIZE, (1, hard))
    play.newsroom.advance(play.newsroom.length)
    awaited(looker, WELL, {"disk: failing"}, disk=True)
    assert "All is well" not in looker.browser.get("/desk").text
    assert "cannot be written" in " ".join(play.copydesk("status").stderr.split())

    resource.prlimit(play.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
    until(lambda: not play.missing(), "what came meanwhile is in the feeds")

    def told() -> list[str]:
        return [line for line in looker.told()[len(before) :] if line.startswith("disk:")]

    until(lambda: len(told()) == 2, "its begin and its end are told")
    begin, end = told()
    assert begin.startswith("disk: failing, visits pause: the store cannot be written")
    assert end == f"disk: no longer failing ({begin.removeprefix('disk: failing, ')})"
    awaited(looker, WELL, set())


def test_the_place_that_says_something_else_is_noticed(looker: Looker) -> None:
    now = looker.look()
    assert now.agreed()
    assert not Shown({**now.states, "desk": {"lantern": "gone"}}, now.troubles, now.disk, now.working).agreed()
    assert not Shown(now.states, {**now.troubles, "desk": frozenset(["disk"])}, now.disk, now.working).agreed()
