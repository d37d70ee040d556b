"""Names are looked up once a minute at most, whatever the answer, and never for longer than their time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from scrapers.errors import Unreachable
from scrapers.fetch.http.stream import DEADLINE
from scrapers.fetch.http.transport import Resolver
from tests.support.waiting import PATIENCE


class Server:
    """A name server: what it says, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: list[str] | Exception = ["192.0.2.1"]
        self.slow = threading.Event()
        self.slow.set()

    def getaddrinfo(self, host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        self.slow.wait(PATIENCE)
        if isinstance(self.answer, Exception):
            raise self.answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in self.answer]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    monkeypatch.setattr("scrapers.fetch.http.transport.socket.getaddrinfo", server.getaddrinfo)
    yield server
    server.slow.set()


class Steady:
    """A monotonic clock that is moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def look_up(resolver: Resolver, host: str) -> tuple[str, ...] | str:
    """The addresses, or the reason for none."""

    async def go() -> tuple[str, ...] | str:
        DEADLINE.set(1e12)
        try:
            return await resolver.addresses(host)
        except Unreachable as error:
            return error.reason

    return asyncio.run(go())


def test_an_answer_is_kept_for_a_minute(names: Server) -> None:
    clock = Steady()
    resolver = Resolver(timeout=PATIENCE, monotonic=clock)
    names.answer = ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    for _ in range(3):
        assert look_up(resolver, "a.example") == ("192.0.2.1", "192.0.2.2")
    clock.now += 59
    look_up(resolver, "a.example")
    assert names.asked == ["a.example"]
    clock.now += 2
    names.answer = ["192.0.2.3"]
    assert look_up(resolver, "a.example") == ("192.0.2.3",)
    assert names.asked == ["a.example"] * 2
    resolver.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "the name a.example does not exist"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "the name server gave no answer for a.example"),
        (socket.gaierror(socket.EAI_FAIL, "x"), "the name server failed for a.example"),
        (socket.gaierror(12345, "x"), "the name a.example could not be looked up"),
        (UnicodeError("x"), "a.example is no possible name"),
    ],
)
def test_a_failure_is_told_in_words_and_kept_too(names: Server, error: Exception, words: str) -> None:
    names.answer = error
    resolver = Resolver(timeout=PATIENCE, monotonic=Steady())
    assert [look_up(resolver, "a.example") for _ in range(3)] == [words] * 3
    assert len(names.asked) == 1
    resolver.close()


def test_a_name_server_that_hangs_is_not_waited_for(names: Server) -> None:
    names.slow.clear()
    resolver = Resolver(timeout=0.1, monotonic=time.monotonic)
    started = time.monotonic()

    async def go() -> str:
        DEADLINE.set(1e12)
        with pytest.raises(Unreachable) as caught:
            await resolver.addresses("a.example")
        return caught.value.reason

    assert asyncio.run(go()) == "the name server gave no answer for a.example in time"
    assert time.monotonic() - started < PATIENCE / 2
    names.slow.set()
    resolver.close()


class Silent(Server):
    """A name server that answers for some sites and says nothing for others, until it is let go."""

    def getaddrinfo(self, host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        if "silent" in host:
            self.slow.wait(PATIENCE)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 0))]


def test_silent_name_servers_take_no_other_sites_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Silent()
    monkeypatch.setattr("scrapers.fetch.http.transport.socket.getaddrinfo", server.getaddrinfo)
    server.slow.clear()
    resolver = Resolver(timeout=0.4, monotonic=time.monotonic)

    async def ask(host: str) -> str:
        DEADLINE.set(1e12)
        try:
            return ", ".join(await resolver.addresses(host))
        except Unreachable as error:
            return error.reason

    async def work() -> None:
        silent = [asyncio.create_task(ask(f"h{n}.silent-{site}.example")) for site in range(3) for n in range(12)]
        await asyncio.sleep(0)
        resolver._timeout = PATIENCE
        assert await ask("www.courier.example") == "192.0.2.1", "it did not wait for those that hang"
        assert all("gave no answer" in told for told in await asyncio.gather(*silent))
        asked = sum("silent" in host for host in server.asked)
        assert asked == 3 * 2, "two threads for each site, which they still hold"
        begun = time.monotonic()
        assert "gave no answer" in await ask("another.silent-1.example")
        assert time.monotonic() - begun < PATIENCE / 2, "told at once while all its look-ups hang"
        server.slow.set()
        while resolver._shares:
            await asyncio.sleep(0.01)
        assert await ask("again.silent-1.example") == "192.0.2.1"

    asyncio.run(work())
    resolver.close()


def test_names_that_are_remembered_are_bounded(names: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.fetch.http.transport.REMEMBERED", 50)
    resolver = Resolver(timeout=PATIENCE, monotonic=time.monotonic)
    for n in range(120):
        look_up(resolver, f"h{n}.courier.example")
    assert list(resolver._known) == [f"h{n}.courier.example" for n in range(70, 120)], "the newest"
    assert not resolver._shares
    resolver.close()
