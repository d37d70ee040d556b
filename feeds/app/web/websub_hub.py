"""The hub: confirms subscriptions, sends changed documents to subscribers, pings outside hubs.

All requests go through the fetcher's guarded `send`, since anybody may choose a callback (FEEDS 36).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

import structlog

from scrapers import Answer, FetchError, redact

from ...publish import websub_rules as rules
from ...publish.websub_rules import Intent, Refusal
from ...rows import Delivery, Subscription
from ...store.tables.websub import WebSubTable

log = structlog.get_logger()
T = TypeVar("T")

SEND_SECONDS = 10.0
MAX_SUBSCRIPTIONS = 10_000
MAX_WAITING = 200  # confirmations under way; more are asked to come later
PER_CLIENT = 30  # requests of one client address in a minute
CLIENTS = 10_000  # that are remembered with their requests
AT_ONCE = 20  # sent at the same time
AT_ONE_HOST = 4
LONGEST_PAUSE = 60.0


class Send(Protocol):
    """The fetcher's `send`."""

    def __call__(
        self, method: str, url: str, *, body: bytes = ..., headers: Mapping[str, str] = ..., deadline: float = ...
    ) -> Awaitable[Answer]: ...


class InStore(Protocol):
    """Calls something with the store's subscriptions, in the store's thread and in one transaction."""

    def __call__(self, work: Callable[[WebSubTable], T]) -> Awaitable[T]: ...


Find = Callable[[str], tuple[Path, str] | None]
"""Address of a feed of ours → its file and media type; None for all else."""


@dataclass(slots=True)
class _Host:
    """A host of subscribers, with those who wait for a place there."""

    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONE_HOST))
    users: int = 0


@dataclass(eq=False)
class Hub:
    """Our own hub. `address` is where it is asked; `find` knows our feeds; `clock` gives seconds since 1970."""

    address: str
    _: KW_ONLY
    send: Send
    in_store: InStore
    find: Find
    clock: Callable[[], float]
    verify_gaps: Collection[float] = rules.VERIFY_GAPS

    def __post_init__(self) -> None:
        self._confirming: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._sending: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()  # the latest request last
        self._hosts: dict[str, _Host] = {}  # those to which something is being sent
        self._all = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()

    # Subscribing

    async def request(self, form: Mapping[str, str], client: str) -> tuple[int, str]:
        """The answer to a form sent to the hub: 202, and the callback is asked afterwards (§5)."""
        if not self._may_ask(client):
            return 429, "Too many requests; come back in a minute."
        intent = rules.read_form(form)
        if isinstance(intent, Refusal):
            return intent.status, intent.words
        if intent.mode == "subscribe" and self.find(intent.topic) is None:
            return 404, "hub.topic is no feed of this hub."
        key = (intent.callback, intent.topic)
        if key not in self._confirming and len(self._confirming) >= MAX_WAITING:
            return 503, "Too many subscriptions are being confirmed; come back later."
        if intent.mode == "subscribe" and await self.in_store(WebSubTable.count) >= MAX_SUBSCRIPTIONS:
            return 503, "This hub has no place for more subscriptions."
        former = self._confirming.pop(key, None)
        if former is not None:  # the last request counts
            former.cancel()
        task = asyncio.create_task(self._confirm(intent))
        self._confirming[key] = task
        task.add_done_callback(lambda done: self._confirmed(key, done))
        return 202, ""

    def _may_ask(self, client: str) -> bool:
        now = self.clock()
        times = self._asked.setdefault(client, deque())
        self._asked.move_to_end(client)
        while len(self._asked) > CLIENTS:  # the oldest entry is dropped
            self._asked.popitem(last=False)
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= PER_CLIENT:
            return False
        times.append(now)
        return True

    def _confirmed(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        if self._confirming.get(key) is task:
            del self._confirming[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("bug", part="hub", exc_info=error)

    async def _confirm(self, intent: Intent) -> None:
        """Asks the callback whether it means it; only then anything is kept or removed."""
        if intent.mode == "unsubscribe" and not await self.in_store(
            lambda kept: kept.is_subscribed(intent.callback, intent.topic)
        ):
            return
        challenge = secrets.token_urlsafe(32)
        answer = None
        for gap in (*self.verify_gaps, None):
            answer = await self._try("GET", rules.verification_url(intent, challenge))
            if answer is not None or gap is None:
                break
            await asyncio.sleep(gap)
        shown = redact(intent.callback)
        if answer is None or not rules.confirmed(answer.status, answer.body, challenge):
            log.info("subscription not confirmed", callback=shown, topic=redact(intent.topic), mode=intent.mode)
            return
        if intent.mode == "unsubscribe":
            await self.in_store(lambda kept: kept.end(intent.callback, intent.topic))
        else:
            until = self.clock() + intent.lease
            subscription = Subscription(intent.callback, intent.topic, until, intent.secret)
            await self.in_store(lambda kept: kept.keep(subscription))
        log.info(intent.mode, callback=shown, topic=redact(intent.topic))

    # Distribution

    async def published(self, topics: Iterable[str]) -> None:
        """These documents changed: their subscribers get them. Those of feeds that are gone are told so."""
        changed, now = list(topics), self.clock()

        def note(kept: WebSubTable) -> list[Subscription]:
            kept.owe(changed, now)
            return kept.subscriptions(now)

        for subscription in await self.in_store(note):
            if self.find(subscription.topic) is None:
                await self._deny(subscription)
        self._wake.set()

    async def _deny(self, subscription: Subscription) -> None:
        await self.in_store(lambda kept: kept.end(subscription.callback, subscription.topic))
        url = rules.denial_url(subscription.callback, subscription.topic, "This feed was removed.")
        await self._try("GET", url)

    async def run(self) -> None:
        """Sends what is due, until it is cancelled."""
        try:
            while True:
                self._wake.clear()
                now = self.clock()
                for delivery in await self.in_store(lambda kept, now=now: kept.due(now)):  # type: ignore[misc]
                    self._start(delivery)
                following = await self.in_store(WebSubTable.next_due)
                pause = LONGEST_PAUSE if following is None else min(LONGEST_PAUSE, max(0.05, following - self.clock()))
                if self._sending and pause < 1.0:
                    pause = 1.0  # deliveries in progress wake us when they are done
                # asyncio.timeout, for wait_for can swallow a cancellation that comes together with the event (3.11)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
        finally:
            tasks = [*self._sending.values(), *self._confirming.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, delivery: Delivery) -> None:
        key = (delivery.callback, delivery.topic)
        if key in self._sending:
            return
        task = asyncio.create_task(self._deliver(delivery))
        self._sending[key] = task
        task.add_done_callback(lambda done: self._sent(key, done))

    def _sent(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        self._sending.pop(key, None)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("bug", part="hub", exc_info=error)

    async def _deliver(self, delivery: Delivery) -> None:
        found = self.find(delivery.topic)
        body = await asyncio.to_thread(_read, found[0]) if found is not None else None
        if found is None or body is None:
            await self.in_store(lambda kept: kept.give_up(delivery))
            return
        headers = rules.delivery_headers(delivery.topic, self.address, found[1], delivery.secret, body)
        async with self._all, self._at(urlsplit(delivery.callback).netloc):
            answer = await self._try("POST", delivery.callback, body, headers)
        now = self.clock()
        status = None if answer is None else answer.status
        result = rules.outcome(delivery, status, None if answer is None else answer.retry_after, now)

        def note(kept: WebSubTable) -> None:
            if result.kind == "delivered":
                kept.delivered(delivery, now)
            elif result.kind == "ended":
                kept.end(delivery.callback, delivery.topic)
            elif result.kind == "later":
                kept.try_later(delivery, result.at)
            else:
                kept.give_up(delivery)

        await self.in_store(note)
        if result.kind != "delivered":
            log.info("push", callback=redact(delivery.callback), status=status, outcome=result.kind)

    @contextlib.asynccontextmanager
    async def _at(self, netloc: str) -> AsyncIterator[None]:
        """A slot for one delivery to a host of subscribers, which is remembered only while something is sent there."""
        host = self._hosts.setdefault(netloc, _Host())
        host.users += 1
        try:
            async with host.places:
                yield
        finally:
            host.users -= 1
            if not host.users:
                self._hosts.pop(netloc, None)

    async def _try(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer | None:
        """One request; None when no answer came."""
        try:
            return await self.send(method, url, body=body, headers=headers or {}, deadline=SEND_SECONDS)
        except FetchError as error:
            log.info("callback not reached", url=redact(url), why=error.reason)
            return None


class Pings:
    """Tells outside hubs which documents changed."""

    def __init__(self, hubs: Iterable[str], *, send: Send) -> None:
        self.hubs = tuple(hubs)
        self._send = send
        self._tasks: set[asyncio.Task[None]] = set()

    async def published(self, topics: Iterable[str]) -> None:
        """A ping for each hub, sent in the background: publishing never waits for a hub."""
        changed = list(topics)
        if changed:
            for hub in self.hubs:
                task = asyncio.create_task(self._ping(hub, changed))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _ping(self, hub: str, topics: list[str]) -> None:
        form = [("hub.mode", "publish")] + [("hub.url", topic) for topic in topics]
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for gap in (5.0, 60.0, None):
            try:
                answer = await self._send("POST", hub, body=urlencode(form).encode(), headers=headers)
            except FetchError as error:
                why = error.reason
            else:
                if answer.status < 400:
                    return
                why = f"it answered {answer.status}"
            if gap is None:
                log.warning("hub not told of changes", hub=redact(hub), why=why)
            else:
                await asyncio.sleep(gap)

    async def close(self) -> None:
        """End the pings in progress."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
