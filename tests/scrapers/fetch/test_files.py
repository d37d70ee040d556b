"""The head of a film or sound: by HEAD, under the host's pace and rules, once."""

from __future__ import annotations

import asyncio

import pytest

from scrapers import Fetcher, FileHead, Limits, Page, Request
from scrapers.errors import CopydeskError, Refused
from tests.support.misbehaving import Asked, Out, Web
from tests.support.visiting import Clock, failure, get, run


def sound(web: Web, path: str = "/horn.mp3", head: str = "Content-Type: audio/mpeg\r\nContent-Length: 4711") -> str:
    """The address of a file whose server answers HEAD alone."""

    async def handler(asked: Asked, out: Out) -> bool:
        assert asked.method == "HEAD"
        await out.send(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        return True

    web.on(path, handler)
    return web.url(path)


def heads(web: Web) -> list[str]:
    return [asked.path for asked in web.asked if asked.method == "HEAD"]


def test_type_and_length_come_without_the_file(web: Web) -> None:
    page = get(Request(sound(web), kind="file"))
    assert (page.content_type, page.length, page.body) == ("audio/mpeg", 4711, b"")
    (asked,) = [asked for asked in web.asked if asked.path == "/horn.mp3"]
    assert (asked.method, asked.headers["accept-encoding"]) == ("HEAD", "identity")
    assert web.asked[0].path == "/robots.txt"  # whose rules hold for files too


@pytest.mark.parametrize(
    ("head", "kind", "length"),
    [
        ("Content-Type: audio/mpeg", "audio/mpeg", None),
        ("Content-Length: 5000000000", "", 5_000_000_000),
        ("Content-Type: text/html; charset=utf-8\r\nContent-Length: 99", "text/html", 99),
        ("Content-Type: video/mp4\r\nContent-Length: 0", "video/mp4", None),
    ],
)
def test_what_is_told_is_given(web: Web, head: str, kind: str, length: int | None) -> None:
    page = get(Request(sound(web, head=head), kind="file"))
    assert (page.content_type, page.length or None) == (kind, length)


def test_a_file_is_asked_for_once_whatever_came(web: Web) -> None:
    good, gone = sound(web), web.url("/none.mp3")

    async def work(fetcher: Fetcher) -> None:
        for _ in range(3):
            async with fetcher.visit() as fetch:
                assert (await fetch(Request(good, kind="file"))).length == 4711
                with pytest.raises(CopydeskError):
                    await fetch(Request(gone, kind="file"))

    run(work)
    assert sorted(heads(web)) == ["/horn.mp3", "/none.mp3"]


def test_what_was_told_before_a_restart_is_not_asked_again(web: Web) -> None:
    good, gone, barred = sound(web), web.url("/none.mp3"), web.url("/sounds/horn.mp3")
    web.page("/robots.txt", b"User-agent: *\nDisallow: /sounds/", content_type="text/plain")
    kept: list[FileHead] = []

    async def first(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            await fetch(Request(good, kind="file"))
            for wrong in (gone, barred):
                with pytest.raises(CopydeskError):
                    await fetch(Request(wrong, kind="file"))
        kept.extend(fetcher.shared.files.changed())
        assert fetcher.shared.files.changed() == []

    async def again(fetcher: Fetcher) -> None:
        fetcher.shared.files.remember(kept)
        async with fetcher.visit() as fetch:
            page = await fetch(Request(good, kind="file"))
            assert (page.content_type, page.length) == ("audio/mpeg", 4711)
            page = await fetch(Request(gone, kind="file"))
            assert (page.content_type, page.length) == ("", None)
            with pytest.raises(CopydeskError):  # its server was never asked: what robots.txt says may change
                await fetch(Request(barred, kind="file"))

    run(first)
    assert len(kept) == 2 and not any("http" in head.key for head in kept)
    run(again)
    assert sorted(heads(web)) == ["/horn.mp3", "/none.mp3"]


def test_robots_and_refusals_hold(web: Web) -> None:
    web.page("/robots.txt", b"User-agent: *\nDisallow: /sounds/", content_type="text/plain")
    assert isinstance(failure(Request(sound(web, "/sounds/horn.mp3"), kind="file")), Refused)
    assert heads(web) == []


def test_files_wait_for_their_turn_but_not_for_long(web: Web) -> None:
    clock = Clock()
    addresses = [sound(web, f"/{n}.mp3") for n in range(3)]

    async def work(fetcher: Fetcher) -> list[Page]:
        async with fetcher.visit() as fetch:
            return [await fetch(Request(address, kind="file")) for address in addresses]

    assert len(run(work, gap=5.0, local_gap=None, clock=clock, sleep=clock.sleep)) == 3
    assert len([pause for pause in clock.slept if pause >= 4.9]) >= 2  # the host's own gap

    async def impatient(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            with pytest.raises(CopydeskError):  # robots.txt was asked for just now
                await fetch(Request(addresses[0], kind="file"))

    run(impatient, limits=Limits(), gap=60.0, local_gap=None, clock=clock, sleep=clock.sleep)


def test_what_is_remembered_is_bounded(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from scrapers.fetch import files_asked

    monkeypatch.setattr(files_asked, "MOST", 2)
    asked = files_asked.FilesAsked()
    for n in range(5):
        asked.put(str(n), Page(str(n)))
    assert [asked.get(str(n)) is not None for n in range(5)] == [False, False, False, True, True]


def test_two_visits_at_once_leave_one_request_to_the_pace(web: Web) -> None:
    address = sound(web)

    async def work(fetcher: Fetcher) -> None:
        async def one() -> Page:
            async with fetcher.visit() as fetch:
                return await fetch(Request(address, kind="file"))

        pages = await asyncio.gather(one(), one())
        assert {page.length for page in pages} == {4711}

    run(work)
    assert 1 <= len(heads(web)) <= 2
