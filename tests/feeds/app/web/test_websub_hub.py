"""The hub at work, against subscribers of all kinds: over the real web server, with the real guarded fetcher."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from feeds.app.web.document_routes import DocumentRoutes, Place
from feeds.app.web.websub_hub import PER_CLIENT, Hub, Pings
from feeds.rows import Delivery
from feeds.store import open_store
from feeds.store.tables.websub import WebSubTable
from scrapers import Fetcher
from tests.support.misbehaving import Asked, Out, Web, answer
from tests.support.serving import ATOM, PLACES, make_folder
from tests.support.waiting import PATIENCE, until_in_loop

T = TypeVar("T")
TOPIC = "http://news.example/t/ukraine.atom"


@pytest.fixture
def web() -> Iterator[Web]:
    """The subscriber: it confirms what it is asked at /cb, and takes what is pushed there."""
    with Web() as server:

        async def callback(asked: Asked, out: Out) -> bool:
            query = parse_qs(urlsplit(asked.target).query)
            challenge = query.get("hub.challenge", [""])[0]
            await out.send(answer(challenge.encode()))
            return True

        server.on("/cb", callback)
        server.page("/no", b"who are you?")
        yield server


@dataclass
class Desk:
    """A hub with its store and its feeds."""

    hub: Hub
    routes: DocumentRoutes
    kept: WebSubTable
    fetcher: Fetcher

    async def subscribe(self, callback: str, *, mode: str = "subscribe", **more: str) -> tuple[int, str]:
        """Sends the form and waits until it was dealt with."""
        form = {"hub.mode": mode, "hub.topic": TOPIC, "hub.callback": callback}
        got = await self.hub.request(form | {f"hub.{k}": v for k, v in more.items()}, "127.0.0.1")
        await until(lambda: not self.hub._confirming)
        return got

    def callbacks(self) -> list[str]:
        """Who is subscribed."""
        return [s.callback for s in self.kept.subscriptions(time.time())]


async def until(condition: Callable[[], object]) -> None:
    """Waits for something to become true."""
    await until_in_loop(condition, "what is waited for here")


def at_work(
    tmp_path: Path, work: Callable[[Desk], Coroutine[Any, Any, None]], *, networks: tuple[str, ...] = ("127.0.0.1/32",)
) -> None:
    """Runs `work` with a hub that sends."""
    store = open_store(tmp_path / "store.db")
    routes = DocumentRoutes(make_folder(tmp_path / "public"), "http://news.example", places=PLACES)

    async def in_store(job: Callable[[WebSubTable], T]) -> T:
        with store.transaction():
            return job(store.websub)

    async def go() -> None:
        # what is opened for fetching opens nothing to strangers who subscribe
        fetcher = Fetcher(contact="mailto:desk@example.org", version="0", allow_networks=("127.0.0.0/8", "10.0.0.0/8"))
        hub = Hub(
            "http://news.example/hub",
            send=partial(fetcher.send, networks=networks),
            in_store=in_store,
            find=routes.feed,
            clock=time.time,
            verify_gaps=(),
        )
        running = asyncio.create_task(hub.run())
        try:
            await work(Desk(hub, routes, store.websub, fetcher))
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await fetcher.aclose()

    try:
        asyncio.run(go())
    finally:
        store.close()


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says nothing is waited for so long that a busy machine takes less."""
    monkeypatch.setattr("feeds.app.web.websub_hub.SEND_SECONDS", PATIENCE)


@pytest.mark.usefixtures("_patient")
def test_subscribe_push_and_leave(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        assert await desk.subscribe(web.url("/cb?me=1"), secret="s3cret") == (202, "")
        asked = parse_qs(urlsplit(web.asked[-1].target).query)
        assert asked["hub.mode"] == ["subscribe"]
        assert asked["hub.topic"] == [TOPIC]
        assert asked["hub.lease_seconds"] == ["864000"]
        assert asked["me"] == ["1"]
        assert desk.callbacks() == [web.url("/cb?me=1")]

        started = time.monotonic()
        await desk.hub.published([TOPIC])
        await until(lambda: web.asked[-1].method == "POST")
        assert time.monotonic() - started < PATIENCE / 2, "less than one that says nothing may take"
        push = web.asked[-1]
        assert push.body == ATOM + b"t/ukraine.atom"
        assert push.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert push.headers["link"] == f'<http://news.example/hub>; rel="hub", <{TOPIC}>; rel="self"'
        digest = hmac.new(b"s3cret", push.body, hashlib.sha256).hexdigest()
        assert push.headers["x-hub-signature"] == f"sha256={digest}"
        await until(lambda: desk.kept.next_due() is None)

        assert await desk.subscribe(web.url("/cb?me=1"), mode="unsubscribe") == (202, "")
        assert desk.callbacks() == []
        before = len(web.asked)
        await desk.hub.published([TOPIC])
        await asyncio.sleep(0.1)
        assert len(web.asked) == before

    at_work(tmp_path, work)


def test_who_does_not_confirm_gets_nothing(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        for path in ("/no", "/status/404", "/status/500", "/fault/garbage", "/fault/close-at-once"):
            assert (await desk.subscribe(web.url(path)))[0] == 202
        assert desk.callbacks() == []
        # Nobody can end somebody else's subscription either.
        await desk.subscribe(web.url("/cb"))
        web.page("/cb", b"I do not want that")
        await desk.subscribe(web.url("/cb"), mode="unsubscribe")
        assert desk.callbacks() == [web.url("/cb")]

    at_work(tmp_path, work)


def test_the_hub_is_no_weapon(tmp_path: Path) -> None:
    """Callbacks in private ranges, in any spelling, and behind redirects: not one request is sent (FEEDS 36)."""
    with Web("127.0.0.2") as private, Web() as public:
        public.redirect("/cb", private.url("/"))

        async def work(desk: Desk) -> None:
            for callback in (
                private.url("/"),
                private.url("/").replace("127.0.0.2", "2130706434"),
                private.url("/").replace("127.0.0.2", "[::ffff:127.0.0.2]"),
                "http://10.0.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://reader.invalid/",
                public.url("/cb"),
                "http://127.0.0.1:22/",
            ):
                assert (await desk.subscribe(callback))[0] == 202
            assert desk.callbacks() == []

        at_work(tmp_path, work)
        assert private.connections == 0


def test_unknown_feeds_are_refused(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        for topic in (
            "http://news.example/t/unknown.atom",
            "http://news.example/t/removed.atom",
            "http://news.example/t/old-name.atom",
            "http://news.example/t/s3cr3t/mine.atom",
            "http://news.example/t/ukraine",
            "http://news.example/t/ukraine/archive-000001.atom",
            "http://news.example/../config.toml",
            "http://evil.example/t/ukraine.atom",
            "t/ukraine.atom",
        ):
            form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": web.url("/cb")}
            assert (await desk.hub.request(form, "x"))[0] == 404, topic
        assert web.asked == []

    at_work(tmp_path, work)


def test_410_ends_a_subscription_and_5xx_is_tried_later(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        await desk.subscribe(web.url("/cb"))
        web.page("/cb", status="503 Later", headers={"Retry-After": "120"})
        await desk.hub.published([TOPIC])
        await until(lambda: web.asked[-1].method == "POST")
        await until(lambda: (desk.kept.next_due() or 0) > time.time() + 60)
        assert desk.callbacks() == [web.url("/cb")]
        desk.kept.db.execute("UPDATE delivery SET due=0")
        web.page("/cb", status="410 Gone")
        await desk.hub.published([TOPIC])
        await until(lambda: not desk.callbacks())

    at_work(tmp_path, work)


@pytest.mark.usefixtures("_patient")
def test_one_slow_subscriber_does_not_hold_up_the_others(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        await desk.subscribe(web.url("/cb"))
        with Web() as slow:

            async def later(asked: Asked, out: Out) -> None:
                if asked.method == "POST":
                    await asyncio.sleep(PATIENCE)
                await out.send(answer(parse_qs(urlsplit(asked.target).query)["hub.challenge"][0].encode()))

            slow.on("/cb", later)
            for i in range(6):
                await desk.subscribe(slow.url(f"/cb?{i}"))
            assert len(desk.callbacks()) == 7
            started = time.monotonic()
            await desk.hub.published([TOPIC])
            await until(lambda: web.asked[-1].method == "POST")
            assert time.monotonic() - started < PATIENCE / 2, "less than one that says nothing may take"
            await asyncio.sleep(0.2)
            assert slow.peak <= 4

    at_work(tmp_path, work)


def test_what_changes_while_it_is_sent_is_sent_again(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        await desk.subscribe(web.url("/cb"))
        path = desk.routes.folder / "t/ukraine.atom"

        async def changing(asked: Asked, out: Out) -> bool:
            await asyncio.sleep(0.1)
            await out.send(answer())
            return True

        web.on("/cb", changing)
        await desk.hub.published([TOPIC])
        await until(lambda: web.asked[-1].method == "POST")
        path.write_bytes(b"<feed>newer</feed>")
        await desk.hub.published([TOPIC])
        await until(lambda: web.asked[-1].body == b"<feed>newer</feed>")
        await until(lambda: desk.kept.next_due() is None)

    at_work(tmp_path, work)


def test_subscribers_of_a_removed_feed_are_told(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        await desk.subscribe(web.url("/cb"))
        desk.routes.set_places({**PLACES, "t/ukraine": Place("gone")})
        await desk.hub.published([])
        await until(lambda: not desk.callbacks())
        await until(lambda: "hub.mode=denied" in web.asked[-1].target)

    at_work(tmp_path, work)


def test_a_client_asks_only_so_often(tmp_path: Path, web: Web) -> None:
    async def work(desk: Desk) -> None:
        codes = [(await desk.hub.request({}, "192.0.2.1"))[0] for _ in range(PER_CLIENT + 5)]
        assert codes == [400] * PER_CLIENT + [429] * 5
        assert (await desk.hub.request({}, "192.0.2.2"))[0] == 400

    at_work(tmp_path, work)


def test_what_is_remembered_of_clients_and_hosts_is_bounded(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.app.web.websub_hub.CLIENTS", 50)

    async def work(desk: Desk) -> None:
        for n in range(300):
            await desk.hub.request({"hub.mode": "nonsense"}, f"192.0.2.{n}")
        assert len(desk.hub._asked) == 50
        web.page("/cb", b"thank you")
        for n in range(20):
            delivery = Delivery(web.url(f"/cb?{n}"), TOPIC, None, 1, time.time(), 0)
            await desk.hub._deliver(delivery)
        assert desk.hub._hosts == {}

    at_work(tmp_path, work)


def test_outside_hubs_are_told_what_changed(web: Web) -> None:
    web.page("/hub", status="204 No Content")

    async def go() -> None:
        fetcher = Fetcher(contact="mailto:desk@example.org", version="0", allow_networks=["127.0.0.0/8"])
        pings = Pings([web.url("/hub")], send=partial(fetcher.send, networks=("127.0.0.1/32",)))
        await pings.published([])
        await pings.published([TOPIC, TOPIC.replace(".atom", ".rss")])
        await until(lambda: web.asked)
        await pings.close()
        await fetcher.aclose()

    asyncio.run(go())
    assert parse_qs(web.asked[0].body.decode()) == {
        "hub.mode": ["publish"],
        "hub.url": [TOPIC, TOPIC.replace(".atom", ".rss")],
    }
    assert len(web.asked) == 1


@pytest.mark.parametrize("status", [204, 302, 399, 400, 503])
def test_a_hub_that_refuses_is_told_again(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    asked: list[tuple[str, str]] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def send(method: str, url: str, *, body: bytes, headers: dict[str, str]) -> SimpleNamespace:
        assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
        assert parse_qs(body.decode()) == {"hub.mode": ["publish"], "hub.url": [TOPIC]}
        asked.append((method, url))
        return SimpleNamespace(status=status)

    monkeypatch.setattr("feeds.app.web.websub_hub.asyncio.sleep", sleep)
    asyncio.run(Pings(["https://hub.example/"], send=cast(Any, send))._ping("https://hub.example/", [TOPIC]))
    refused = status >= 400
    assert waited == [5.0, 60.0] * refused
    assert asked == [("POST", "https://hub.example/")] * (3 if refused else 1)
