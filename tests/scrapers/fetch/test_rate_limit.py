"""We are guests: one request at a time, a gap after each, and a site that says "later" is left alone until then."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from scrapers import Fetcher, HostPace, Limits, Paces, Request
from scrapers.errors import CopydeskError, Refused, Unreachable
from scrapers.fetch.rate_limit import RateLimiter
from tests.support.cases import each
from tests.support.misbehaving import Asked, Out, Web, answer
from tests.support.visiting import Clock, Names, run


def test_one_request_at_a_time_for_each_host(web: Web) -> None:
    async def slow(asked: Asked, out: Out) -> bool:
        await asyncio.sleep(0.01)
        await out.send(answer(b"<p>x"))
        return True

    web.on("/a", slow)

    async def work(fetcher: Fetcher) -> None:
        async def one() -> None:
            async with fetcher.visit() as fetch:
                await asyncio.gather(*(fetch(Request(web.url("/a"))) for _ in range(3)))

        await asyncio.gather(*(one() for _ in range(6)))

    run(work)
    assert len(web.asked) == 19
    assert web.peak == 1


def test_the_gap_between_two_requests(web: Web) -> None:
    """The names are no loopback numbers, so no setting relaxes their pace."""
    clock, times = Clock(), list[tuple[str, float]]()

    async def note(asked: Asked, out: Out) -> bool:
        times.append((asked.headers["host"], clock.now))
        await out.send(answer(b"<p>x"))
        return True

    web.on("/a", note)
    names = Names({"www.courier.example": ("127.0.0.1",), "news.courier.example": ("127.0.0.1",)})

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit(deadline=1e9) as fetch:
            for _ in range(20):
                for name in names.table:
                    await fetch(Request(f"http://{name}:{web.port}/a"))

    run(work, clock=clock, sleep=clock.sleep, resolver=names, local_gap=0.0)
    assert len(times) == 40
    gaps = [b[1] - a[1] for a, b in itertools.pairwise(times)]  # both are one host: courier.example
    assert min(gaps) >= 2.0
    assert max(gaps) <= 2 * 1.6 + 2 * 1.6  # robots.txt of the second name in between
    assert len({round(gap, 3) for gap in gaps}) > 10  # spread


def test_the_gap_is_kept_over_a_restart(web: Web) -> None:
    web.page("/a", b"<p>a")
    clock, paces = Clock(), Paces()
    url = web.url("/a").replace("127.0.0.1", "localhost")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            await fetch(Request(url))

    run(work, clock=clock, sleep=clock.sleep, paces=paces)
    slept = len(clock.slept)
    run(work, clock=clock, sleep=clock.sleep, paces=Paces(paces.changed()))
    assert len(clock.slept) == slept + 1
    assert clock.slept[-1] >= 2.0


def test_only_loopback_numbers_in_opened_ranges_are_asked_faster(web: Web) -> None:
    web.page("/a", b"<p>a")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            await fetch(Request(web.url("/a")))
            await fetch(Request(web.url("/a")))

    clock = Clock()
    run(work, clock=clock, sleep=clock.sleep, local_gap=None)
    assert len(clock.slept) == 2
    assert min(clock.slept) >= 2.0
    clock = Clock()
    run(work, clock=clock, sleep=clock.sleep, local_gap=0.0)
    assert clock.slept == []


NO_TIME = (None, "-5", "soon", "Sat, 15 Jan 2000 00:00:00 GMT", "1e3", "\u0661\u0662")  # a header that tells no wait


@each(
    "status, header, wait",
    as_it_says=[
        ("429 Slowly", "120", 120),
        ("503 Later", "120", 120),
        ("429 Slowly", "Fri, 15 Jan 2027 08:30:00 GMT", 1800),
    ],
    within_bounds=[("429 Slowly", "1", 60), ("429 Slowly", "999999999", 86_400)],
    as_usual=[("429 Slowly", header, 900) for header in NO_TIME],
)
def test_a_host_that_says_later_is_left_alone(web: Web, status: str, header: str | None, wait: float) -> None:
    clock, paces = Clock(1_800_000_000.0), Paces()  # Fri, 15 Jan 2027 08:00:00 GMT
    headers = {} if header is None else {"Retry-After": header.encode().decode("latin-1")}
    web.page("/busy", status=status, headers=headers)
    web.page("/a", b"<p>a")

    async def busy(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            with pytest.raises(Refused if status.startswith("429") else Unreachable) as caught:
                await fetch(Request(web.url("/busy")))
            assert caught.value.retry_after == pytest.approx(wait)
            assert caught.value.status == int(status[:3])
            with pytest.raises(Refused) as again:
                await fetch(Request(web.url("/a")))
            assert again.value.retry_after == pytest.approx(wait)

    async def later(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            await fetch(Request(web.url("/a")))

    run(busy, clock=clock, sleep=clock.sleep, paces=paces)
    assert web.paths() == ["/robots.txt", "/busy"]
    saved = paces.changed()
    clock.now += wait - 1
    with pytest.raises(Refused):
        run(later, clock=clock, sleep=clock.sleep, paces=Paces(saved))
    clock.now += 2
    run(later, clock=clock, sleep=clock.sleep, paces=Paces(saved))
    assert web.paths()[-1] == "/a"


def test_refusals_in_a_row_double_the_wait_up_to_a_day() -> None:
    clock = Clock()
    pacer = RateLimiter(Paces(), clock=clock, sleep=clock.sleep)
    waits = [pacer.refused("a.example", None) for _ in range(12)]
    assert waits[:4] == [900, 1800, 3600, 7200]
    assert waits[-1] == 86_400
    pacer.answered("a.example")
    assert pacer.refused("a.example", None) == 900


def test_a_clock_that_was_set_back_stalls_nobody() -> None:
    clock = Clock()
    far = HostPace("a.example", next_allowed=clock.now + 1e6, retry_until=clock.now + 1e9)
    pacer = RateLimiter(Paces([far]), clock=clock, sleep=clock.sleep)
    assert pacer.ask_to_wait("a.example") == 86_400

    async def go() -> None:
        async with RateLimiter(Paces([HostPace("a.example", clock.now + 1e6)]), clock=clock, sleep=clock.sleep).turn(
            "a.example", 2.0, patience=60.0
        ):
            pass

    asyncio.run(go())
    assert clock.slept == [pytest.approx(3.2)]


def test_twenty_a_second_over_all_hosts() -> None:
    clock = Clock()
    pacer = RateLimiter(Paces(), clock=clock, sleep=clock.sleep, per_second=20.0)
    times: list[float] = []

    async def go() -> None:
        for i in range(60):
            async with pacer.turn(f"{i}.example", 2.0, patience=60.0):
                times.append(clock.now)

    asyncio.run(go())
    assert all(sum(t <= u < t + 1.0 for u in times) <= 21 for t in times)
    assert times[-1] - times[0] == pytest.approx(59 / 20, abs=0.1)


def test_a_turn_that_comes_too_late_is_given_up() -> None:
    async def go() -> None:
        clock = Clock()
        pacer = RateLimiter(Paces(), clock=clock, sleep=clock.sleep)
        async with pacer.turn("a.example", 2.0, patience=1.0):
            with pytest.raises(Unreachable, match="no turn"):
                async with pacer.turn("a.example", 2.0, patience=0.01):
                    pass
        with pytest.raises(Unreachable, match="no turn"):  # the gap is longer than the patience
            async with pacer.turn("a.example", 2.0, patience=0.5):
                pass
        async with pacer.turn("a.example", 2.0, patience=5.0):
            pass

    asyncio.run(go())


def test_every_change_is_given_once() -> None:
    paces = Paces([HostPace("a", 1.0)])
    assert paces.changed() == ()
    paces.put(HostPace("a", 1.0))
    assert paces.changed() == ()
    paces.put(HostPace("b", 2.0))
    paces.put(HostPace("a", 3.0))
    assert paces.changed() == (HostPace("a", 3.0), HostPace("b", 2.0))
    assert paces.changed() == ()


def test_our_name_and_address_are_told(web: Web) -> None:
    web.page("/a", b"<p>a")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            await fetch(Request(web.url("/a")))
        await fetcher.send("POST", web.url("/a"), networks=["127.0.0.1"])

    run(work, version="1.2.3", contact="https://desk.example/about")
    agents = {asked.headers["user-agent"] for asked in web.asked}
    assert agents == {"copydesk/1.2.3 (+https://desk.example/about)"}


def test_a_failed_request_has_a_gap_too(web: Web) -> None:
    clock = Clock()

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for _ in range(3):
                with pytest.raises(CopydeskError):
                    await fetch(Request(web.url("/fault/reset").replace("127.0.0.1", "localhost")))

    run(work, clock=clock, sleep=clock.sleep, limits=Limits(retries=0))
    assert len(clock.slept) == 3
    assert min(clock.slept) >= 2.0


def test_hosts_and_their_copies_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.fetch.rate_limit.HOSTS", 100)
    monkeypatch.setattr("scrapers.fetch.rate_limit.COPIES", 50_000)
    paces = Paces()
    paces.put(HostPace("courier.example", retry_until=9e9, refusals=3))
    paces.put(HostPace("https://www.courier.example", robots="x" * 900, robots_fetched=1.0))
    for n in range(500):  # names that a stranger makes up, each with a large robots.txt
        paces.put(HostPace(f"https://h{n}.storm.example", robots="y" * 4000, robots_fetched=100.0 + n))
        paces.put(HostPace(f"h{n}.other-{n}.example", next_allowed=200.0 + n))
        assert len(paces._hosts) <= 100
        assert paces._copies == sum(len(pace.robots or "") for pace in paces._hosts.values()) <= 50_000
    assert paces.get("courier.example").refusals == 3, "who asked to be left alone is not forgotten for that"
    gone = [pace for pace in paces.changed() if pace == HostPace(pace.host)]
    assert len(gone) > 800, "the store hears of what was forgotten"


def test_a_storm_of_one_site_takes_no_copy_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.fetch.rate_limit.COPIES", 50_000)
    paces = Paces([HostPace("https://www.courier.example", robots="x" * 4000, robots_fetched=1.0)])
    for n in range(100):
        paces.put(HostPace(f"https://h{n}.storm.example", robots="y" * 3000, robots_fetched=100.0 + n))
    assert paces.get("https://www.courier.example").robots
    assert not paces.get("https://h0.storm.example").robots
    assert paces.get("https://h99.storm.example").robots


def test_a_host_is_forgotten_when_nothing_of_it_counts() -> None:
    day = 86_400.0
    rows = [
        HostPace("old.example", next_allowed=1 * day, refusals=2),
        HostPace("https://old.example", robots="User-agent: *", robots_fetched=1 * day),
        HostPace("waiting.example", retry_until=9 * day),
        HostPace("https://new.example", robots="", robots_fetched=3.5 * day),
    ]
    paces = Paces(rows)
    assert paces.forget_old(4 * day) == 2
    assert paces.changed() == (HostPace("https://old.example"), HostPace("old.example"))
    assert paces.forget_old(4 * day) == 0
