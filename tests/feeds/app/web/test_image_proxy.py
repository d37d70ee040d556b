"""Pictures through our own server (RELIABILITY V): signed, guarded, bounded, checked, in a sandbox."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.app.web.image_proxy import LARGEST, Pictures, media_type_of
from feeds.compose.image_links import link
from scrapers import Fetcher
from tests.support.misbehaving import Web, answer
from tests.support.serving import Running, make_folder, running
from tests.support.waiting import PATIENCE, until

KEY = b"k" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 300


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        web.page("/a.png", PNG, content_type="image/png")
        yield web


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(make_folder(tmp_path / "public")) as server:
        fetcher = Fetcher(contact="mailto:desk@example.org", version="1", allow_networks=("127.0.0.0/8",))
        server.site.pictures = Pictures(KEY, fetcher.picture, time.monotonic)
        yield server


def path(web: Web, name: str = "/a.png", *, home: str | None = None) -> str:
    return link("", KEY, web.url(name), web.url() if home is None else home)


def test_a_picture_is_brought_once_and_shut_in_a_sandbox(server: Running, web: Web) -> None:
    for _ in range(3):
        got = server.get(path(web))
        assert (got.status, got.body) == (200, PNG)
        assert got.headers["content-type"] == "image/png"
        assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["cache-control"] == "public, max-age=86400, immutable"
        assert "access-control-allow-origin" not in got.headers
    assert server.get(path(web), {"If-None-Match": got.headers["etag"]}).status == 304
    head = server.get(path(web), method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert web.paths() == ["/a.png"]
    assert "copydesk/1" in web.asked[0].headers["user-agent"]
    assert "cookie" not in web.asked[0].headers and "referer" not in web.asked[0].headers


def test_only_what_we_signed_is_fetched(server: Running, web: Web) -> None:
    signed = path(web)
    for wrong in (
        signed[:-1],
        link("", b"x" * 32, web.url("/a.png"), web.url()),
        "/i/" + web.url("/a.png"),
        f"/i/x/{web.url('/a.png')}",
        "/i/",
        signed + "/x",
    ):
        assert server.get(wrong).status == 404, wrong
    assert server.get(signed, method="POST").status in (404, 405)
    assert web.connections == 0


def test_it_is_off_unless_a_topic_wants_it(server: Running, web: Web) -> None:
    on = False
    fetcher = Fetcher(contact="mailto:desk@example.org", version="1", allow_networks=("127.0.0.0/8",))
    server.site.pictures = Pictures(KEY, fetcher.picture, time.monotonic, lambda: on)
    assert server.get(path(web)).status == 404
    assert web.connections == 0
    on = True
    assert server.get(path(web)).status == 200


@pytest.mark.parametrize(
    ("name", "body", "content_type"),
    [
        ("/page.png", b"<html><script>alert(1)</script>", "image/png"),
        ("/drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "image/svg+xml"),
        ("/nothing.gif", b"", "image/gif"),
        ("/large.png", PNG + bytes(LARGEST), "image/png"),
    ],
)
def test_what_is_no_picture_or_too_large_is_not_passed_on(
    server: Running, web: Web, name: str, body: bytes, content_type: str
) -> None:
    web.page(name, body, content_type=content_type)
    got = server.get(path(web, name))
    assert (got.status, got.body) == (404, b"Not found.\n")
    assert server.get(path(web, name)).status == 404
    assert web.paths() == [name], "it is not asked for again at once"


def test_the_type_is_what_the_picture_is_not_what_its_site_says(server: Running, web: Web) -> None:
    web.page("/odd", PNG, content_type="text/html")
    assert server.get(path(web, "/odd")).headers["content-type"] == "image/png"


def test_a_bomb_is_not_unpacked_beyond_the_limit(server: Running, web: Web) -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(PNG + bytes(200_000_000)) + packer.flush()
    web.page("/bomb.png", bomb, content_type="image/png", headers={"Content-Encoding": "gzip"})
    assert server.get(path(web, "/bomb.png")).status == 404


def test_a_picture_of_another_host_reaches_no_private_address(server: Running, web: Web) -> None:
    """The owner opened the network for a source, not for what its articles show."""
    assert server.get(path(web, home="https://courier.example/")).status == 404
    assert web.connections == 0
    with Web("127.0.0.2") as private:
        private.page("/a.png", PNG, content_type="image/png")
        assert server.get(link("", KEY, private.url("/a.png"), web.url())).status == 404
        web.redirect("/away", private.url("/a.png"))
        assert server.get(path(web, "/away")).status == 404, "not by a redirect either"
        assert private.connections == 0


def test_redirects_are_followed_to_an_end(server: Running, web: Web) -> None:
    web.redirect("/moved", web.url("/a.png"))
    web.redirect("/round", web.url("/round"))
    assert server.get(path(web, "/moved")).body == PNG
    assert server.get(path(web, "/round")).status == 404
    assert web.paths().count("/round") <= 6


def test_a_host_that_wants_nothing_now_is_left_alone(server: Running, web: Web) -> None:
    web.page("/busy.png", b"", status="429 Too Many Requests", headers={"Retry-After": "120"})
    assert server.get(path(web, "/busy.png")).status == 404
    assert server.get(path(web)).status == 404
    assert web.paths() == ["/busy.png"]


def test_many_readers_of_one_picture_are_one_request(server: Running, web: Web) -> None:
    go = threading.Event()
    from tests.support.misbehaving import Asked, Out

    async def slowly(asked: Asked, out: Out) -> bool:
        import asyncio

        while not go.is_set():
            await asyncio.sleep(0.01)
        await out.send(answer(PNG, content_type="image/png"))
        return True

    web.on("/slow.png", slowly)
    found: list[int] = []
    readers = [
        threading.Thread(target=lambda: found.append(server.get(path(web, "/slow.png")).status)) for _ in range(8)
    ]
    for reader in readers:
        reader.start()
    until(web.paths, "the site is asked")
    go.set()
    for reader in readers:
        reader.join(PATIENCE)
    assert found == [200] * 8
    assert web.paths() == ["/slow.png"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0 ftypavif", "image/avif"),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"\0\0\0 ftypmp42", None),
        (b"<svg", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_how_it_begins(body: bytes, kind: str | None) -> None:
    assert media_type_of(body) == kind
