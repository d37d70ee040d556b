"""nginx serves the published folder as it is, with the configuration of docs/deploy/."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from serving import TOKEN, make_folder, running
from stories import FEED_ID, SITE, TOPIC, entry, feed

from feeds.compose import compose_archive
from feeds.folder import Folder
from feeds.pages import listed
from feeds.publish import publish_archive, publish_feed, publish_site

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
    publish_feed(folder, "t/harbour", feed(20))
    archive = compose_archive(
        TOPIC, [entry(n) for n in range(9)], number=1, archives=[1], followed=False, site=SITE, feed_id=FEED_ID
    )
    publish_archive(folder, "t/harbour", archive)
    publish_site(folder, SITE, [listed(feed(20), "t/harbour")], [])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = CONFIGURATION.read_text()
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};")
    server = server.replace("/var/lib/copydesk/public", str(folder.path)).replace(
        "127.0.0.1:8484", f"127.0.0.1:{daemon}"
    )
    scratch = "\n".join(
        f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # as root, nginx would hand the work to a user who may not see the folder of the test
    user = "user root;" if os.geteuid() == 0 else ""
    whole = place / "nginx.conf"
    whole.write_text(
        f"{user}\ndaemon off;\nmaster_process on;\nworker_processes 1;\npid {place}/pid;\nerror_log stderr;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{scratch}\n{server}\n}}\n"
    )
    assert NGINX is not None
    log = place / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen([NGINX, "-c", str(whole), "-p", str(place)], stderr=errors)
    try:
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def get(address: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
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

    assert seconds("/t/harbour/archive-000001.atom") == 31_536_000
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


def test_what_is_no_document_is_not_there(site: str) -> None:
    for path in ("/t/harbour.atom.gz", "/t/.harbour.atom.x.part", "/t/none.atom", "/t/../../etc/passwd", "/t/none"):
        assert get(site + path)[0] in (400, 404)
    assert get(f"{site}/t/harbour.atom", method="POST")[0] in (403, 405)


def test_feeds_may_be_read_by_scripts_and_pages_run_none(site: str) -> None:
    _, of_feed, _ = get(f"{site}/t/harbour.atom")
    assert of_feed["Access-Control-Allow-Origin"] == "*"
    assert of_feed["Content-Security-Policy"].startswith("sandbox")
    _, of_page, _ = get(f"{site}/t/harbour")
    assert of_page["Access-Control-Allow-Origin"] is None
    assert "default-src 'none'; style-src 'self'" in of_page["Content-Security-Policy"]
