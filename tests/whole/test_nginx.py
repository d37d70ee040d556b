"""nginx serves the published folder as it is, with the configuration of docs/deploy/."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from pathlib import Path

import pytest

from feeds.compose.compose import compose_archive
from feeds.publish.atomic_files import Folder
from feeds.publish.write import write_archive, write_documents, write_site
from feeds.render import atom, jsonfeed, rss
from feeds.render.pages import listed
from tests.support.playing import free_port
from tests.support.serving import TOKEN, WHEN, Running, make_folder, put, running
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, feed
from tests.support.waiting import PATIENCE, finished, until_of

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CONFIGURATION = Path(__file__).parents[2] / "docs" / "deploy" / "nginx.conf"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: nginx-light)"),
]


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web server of ours that knows private topics."""
    with running(make_folder(tmp_path_factory.mktemp("daemon") / "public")) as server:
        yield server.port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, daemon: int) -> Iterator[str]:
    """The address of an nginx over a published folder."""
    place = tmp_path_factory.mktemp("nginx")
    place.chmod(0o755)
    folder = Folder(place / "public")
    write_documents(folder, "t/harbour", feed(20))
    archive = compose_archive(
        TOPIC, [entry(n) for n in range(9)], number=1, archives=[1], followed=False, site=SITE, feed_id=FEED_ID
    )
    write_archive(folder, "t/harbour", archive)
    write_site(folder, SITE, [listed(feed(20), "t/harbour")], [])
    port = free_port()
    server = CONFIGURATION.read_text()
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};")
    server = server.replace("/var/lib/copydesk/public", str(folder.path)).replace(
        "127.0.0.1:8484", f"127.0.0.1:{daemon}"
    )
    with started(place, server, port) as address:
        yield address


def configured(place: Path, server: str) -> Path:
    """A whole configuration of nginx around a server, with everything that it writes in `place`."""
    scratch = "\n".join(
        f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # as root, nginx would hand the work to a user who may not see the folder of the test
    user = "user root;" if os.geteuid() == 0 else ""
    whole = place / "nginx.conf"
    whole.write_text(
        f"{user}\ndaemon off;\nmaster_process on;\nworker_processes 1;\npid {place}/pid;\nerror_log stderr;\n"
        # what the nginx.conf of a distribution sets before it includes ours
        f"events {{}}\nhttp {{\nsendfile on;\ntcp_nopush on;\ntypes_hash_max_size 2048;\ngzip on;\naccess_log off;\n"
        f"{scratch}\n{server}\n}}\n"
    )
    return whole


def listens(port: int) -> bool:
    """Whether somebody takes a connection."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except OSError:
        return False
    return True


@contextmanager
def started(place: Path, server: str, port: int) -> Iterator[str]:
    """The address of an nginx that listens at a port, until the block ends."""
    assert NGINX is not None
    log = place / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen([NGINX, "-c", str(configured(place, server)), "-p", str(place)], stderr=errors)
    try:
        until_of(process, lambda: listens(port), "nginx listens", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        finished(process, log)


def get(address: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/t/harbour.atom", "application/atom+xml; charset=utf-8"),
        ("/t/harbour.rss", "application/rss+xml; charset=utf-8"),
        ("/t/harbour.json", "application/feed+json"),
        ("/t/harbour/archive-000001.atom", "application/atom+xml; charset=utf-8"),
        ("/opml.xml", "text/x-opml; charset=utf-8"),
        ("/t/harbour", "text/html; charset=utf-8"),
        ("/t/harbour/", "text/html; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/icon.png", "image/png"),
        ("/favicon.ico", "image/vnd.microsoft.icon"),
    ],
)
def test_every_document_has_its_media_type_and_costs_nothing_twice(site: str, path: str, media_type: str) -> None:
    status, headers, body = get(site + path)
    assert (status, headers["Content-Type"]) == (200, media_type)
    assert body
    assert headers["X-Content-Type-Options"] == "nosniff"
    again, _, nothing = get(site + path, If_None_Match=headers["ETag"])
    assert (again, nothing) == (304, b"")
    assert get(site + path, If_Modified_Since=headers["Last-Modified"])[0] == 304
    assert get(site + path, method="HEAD")[0] == 200


def test_the_prepared_variant_is_sent_to_those_who_take_it(site: str) -> None:
    _, plain, body = get(f"{site}/t/harbour.atom")
    _, packed, compressed = get(f"{site}/t/harbour.atom", Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed) == body
    assert plain["Content-Encoding"] is None
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]


def test_how_long_a_copy_is_good(site: str) -> None:
    def seconds(path: str) -> int:
        found = re.search(r"max-age=(\d+)", get(site + path)[1]["Cache-Control"])
        assert found is not None
        return int(found[1])

    assert seconds("/t/harbour/archive-000001.atom") == 604_800
    assert 300 <= seconds("/t/harbour.atom") <= 3600


def test_private_topics_are_asked_of_copydesk_with_every_header_once(site: str) -> None:
    status, headers, body = get(f"{site}/t/{TOKEN}/mine.atom")
    assert status == 200
    assert TOKEN.encode() in body
    assert headers.get_all("Cache-Control") == ["private, no-store"]
    assert headers.get_all("Content-Security-Policy") == ["sandbox; default-src 'none'"]
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_all("Access-Control-Allow-Origin") is None
    assert get(f"{site}/t/{'x' * 32}/mine.atom")[0] == 404


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/search?q=quay", "GET"),
        ("/t/harbour/search?q=quay", "GET"),
        ("/story/00000000-0000-5000-9000-000000000000", "GET"),
        ("/s/courier/story/00000000-0000-5000-9000-000000000000", "GET"),
        ("/2026-01-31", "GET"),
        ("/t/harbour/2026-01-31", "GET"),
        (f"/t/{TOKEN}/mine/2026-01-31", "GET"),
        ("/api/v1/sources", "GET"),
        ("/api/v1/sources", "POST"),
        ("/feed?url=https%3A%2F%2Fpaper.example%2F", "GET"),
    ],
)
def test_what_is_made_when_it_is_asked_for_is_asked_of_copydesk(site: str, path: str, method: str) -> None:
    status, headers, body = get(site + path, method=method)  # the server of this test makes none of it
    assert (status, body) == (404, b"Not found.\n")
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]


def test_what_is_no_document_is_not_there(site: str) -> None:
    for path in (
        "/t/harbour.atom.gz",
        "/t/harbour/index.page",
        "/index.page",
        "/t/.harbour.atom.x.part",
        "/t/none.atom",
        "/t/../../etc/passwd",
        "/t/none",
    ):
        assert get(site + path)[0] in (400, 404)
    assert get(f"{site}/t/harbour.atom", method="POST")[0] in (403, 405)


def test_feeds_may_be_read_by_scripts_and_pages_run_none(site: str) -> None:
    _, of_feed, _ = get(f"{site}/t/harbour.atom")
    assert of_feed["Access-Control-Allow-Origin"] == "*"
    assert of_feed["Content-Security-Policy"].startswith("sandbox")
    _, of_page, _ = get(f"{site}/t/harbour")
    assert of_page["Access-Control-Allow-Origin"] is None
    assert "default-src 'none'; style-src 'self'" in of_page["Content-Security-Policy"]


def test_where_nginx_serves_the_folder_nobody_gets_a_part_of_a_feed(site: str) -> None:
    """RFC 3229 is for copydesk's own server: here a reader that asks for what is new gets the whole, as it may."""
    for path in ("/t/harbour.atom", "/t/harbour.rss", "/t/harbour.json"):
        _, headers, whole = get(site + path)
        status, told, body = get(site + path, A_IM="feed", If_None_Match='"another"')
        assert (status, body, told["IM"]) == (200, whole, None)
        assert get(site + path, A_IM="feed", If_None_Match=headers["ETag"])[0] == 304


CACHE = "proxy_cache all; proxy_cache_valid any 10m;"
HANDED_ON = "proxy_set_header If-None-Match $http_if_none_match;"  # nginx keeps it to itself where it has a cache


@contextmanager
def in_front(tmp_path: Path, settings: str) -> Iterator[tuple[str, Running]]:
    """The address of an nginx in front of our own server, with these settings, and that server."""
    tmp_path.chmod(0o755)
    port = free_port()
    with running(make_folder(tmp_path / "public")) as server:
        whole = f"""
        proxy_cache_path {tmp_path}/cache keys_zone=all:1m;
        server {{
            listen 127.0.0.1:{port};
            location / {{
                proxy_pass http://127.0.0.1:{server.port};
                proxy_set_header Host $host;
                add_header X-Cache $upstream_cache_status always;
                {settings}
            }}
        }}"""
        with started(tmp_path, whole, port) as address:
            yield address, server


@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
@pytest.mark.parametrize("settings", ["", CACHE, CACHE + HANDED_ON], ids=["proxy", "cache", "cache, asked each time"])
def test_nobody_gets_a_part_of_a_feed_who_did_not_ask(tmp_path: Path, suffix: str, settings: str) -> None:
    name = f"t/ukraine.{suffix}"
    render = {"atom": atom, "rss": rss, "json": jsonfeed}[suffix]
    new = feed(20)
    with in_front(tmp_path, settings) as (address, server):
        put(server.routes.folder, name, render(replace(new, entries=new.entries[1:])))
        first = server.get(f"/{name}", {"A-IM": "feed"})
        put(server.routes.folder, name, render(new), when=WHEN + 60)
        for document in server.routes._documents.values():
            document.looked = -1e9  # as if the second had passed for which a file is not looked at again
        asks = {"A_IM": "feed", "If_None_Match": first.headers["etag"]}
        if settings != CACHE:
            for _ in range(2):  # it comes through, and anew each time
                status, headers, part = get(f"{address}/{name}", **asks)
                assert (status, headers["IM"], headers["X-Cache"]) == (226, "feed", "MISS" if settings else None)
                assert len(part) < len(render(new)) / 4
        for kept in ("MISS", "HIT"):
            status, headers, whole = get(f"{address}/{name}")
            assert (status, headers["IM"], headers["X-Cache"]) == (200, None, kept if settings else None)
            assert whole == render(new)
        # a cache that has the whole gives it to everybody, which is right too
        assert get(f"{address}/{name}", **asks)[0] == (200 if settings else 226)
