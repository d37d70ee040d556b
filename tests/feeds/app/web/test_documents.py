"""What our own web server says over HTTP: every rule of FEEDS 23–32 and 46, and of RELIABILITY W1–W8."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from feeds.app.web.document_routes import Place
from tests.support.serving import PLACES, Running, make_folder, running

FEED = "/t/ukraine.atom"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/t/ukraine.atom", "application/atom+xml; charset=utf-8"),
        ("/t/ukraine.rss", "application/rss+xml; charset=utf-8"),
        ("/t/ukraine.json", "application/feed+json"),
        ("/t/ukraine", "text/html; charset=utf-8"),
        ("/t/ukraine/archive-000001.atom", "application/atom+xml; charset=utf-8"),
        ("/s/courier.atom", "application/atom+xml; charset=utf-8"),
        ("/s/courier", "text/html; charset=utf-8"),
        ("/t/Hq3_-token-of-the-kitchen-radio0/mine.atom", "application/atom+xml; charset=utf-8"),
        ("/opml.xml", "text/x-opml; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/icon.png", "image/png"),
        ("/favicon.ico", "image/vnd.microsoft.icon"),
    ],
)
def test_everything_published_is_served_with_its_type(shared: Running, path: str, media_type: str) -> None:
    for _ in range(2):  # the second time by the short way
        got = shared.get(path)
        assert got.status == 200
        assert got.headers["content-type"] == media_type
        assert got.headers["content-length"] == str(len(got.body))
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "date" in got.headers
        assert "server" not in got.headers
        assert "set-cookie" not in got.headers
        head = shared.get(path, method="HEAD")
        assert (head.status, head.body) == (200, b"")
        without_date = {k: v for k, v in got.headers.items() if k != "date"}
        assert {k: v for k, v in head.headers.items() if k != "date"} == without_date


@pytest.mark.parametrize(
    "path",
    [
        "/t/unknown.atom",  # a file is there, but the table has no such topic
        "/t/empty.atom",  # the table has it, but no file is there
        "/secret.txt",
        "/.hidden",
        "/copydesk.db",
        "/config.toml",
        "/../config.toml",
        "/t/../../config.toml",
        "/t/%2e%2e/%2e%2e/config.toml",
        "/t/..%2f..%2fconfig.toml",
        "/t/%252e%252e/config.toml",
        "/t/ukraine%00.atom",
        "/t/ukraine.atom%00",
        "/t\\ukraine.atom",
        "/t/ukraine.atom/",
        "/t//ukraine.atom",
        "//t/ukraine.atom",
        "/t/ukraine.atom.gz",
        "/t/ukraine/index.html",
        "/t/.ukraine.atom.x.part",
        "/t/ukraine/archive-1.atom",
        "/t/ukraine/archive-000002.atom",
        "/t/ukraine/archive-000001.rss",
        "/t/ukraine/archive-00000\u0661.atom".encode().decode("latin-1"),
        "/t/s3cr3t",
        "/t/s3cr3t/",
        "/t/mine.atom",
        "/t/UKRAINE.atom",
        "/index.html",
        "/t/",
        "/t",
        "/" + "a" * 3000,
    ],
)
def test_nothing_else_is_served(shared: Running, path: str) -> None:
    answer = shared.raw(b"GET " + path.encode("latin-1") + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    status = int(answer.split(b" ")[1])
    assert status in (404, 400)
    assert b"must not be seen" not in answer
    assert path.encode("latin-1") not in answer  # nothing is echoed


def test_a_path_is_decoded_once(shared: Running) -> None:
    assert shared.get("/t/ukr%61ine.atom").status == 200
    assert shared.get("/t/ukr%2561ine.atom").status == 404


def test_other_methods(shared: Running) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        got = shared.get(FEED, method=method)
        assert got.status == 405
        assert got.headers["allow"] == "GET, HEAD"
    assert shared.get("/health", method="POST").status == 405
    assert shared.get("/hub").status == 405
    assert shared.get("/hub").headers["allow"] == "POST"


def test_other_sites_may_read_feeds(shared: Running) -> None:
    assert shared.get(FEED, {"Origin": "https://reader.example"}).headers["access-control-allow-origin"] == "*"
    before = shared.get(FEED, {"Origin": "https://reader.example"}, method="OPTIONS")
    assert before.status == 204
    assert "if-none-match" in before.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in shared.get("/t/ukraine").headers
    assert "access-control-allow-origin" not in shared.get("/status.json").headers


NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def test_a_person_who_opens_a_feed_is_sent_to_its_page(shared: Running) -> None:
    for _ in range(2):
        got = shared.get(FEED, NAVIGATION)
        assert (got.status, got.headers["location"]) == (302, "/t/ukraine")
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["vary"] == "Sec-Fetch-Dest, Accept-Encoding"
    assert shared.get(FEED).headers["vary"] == "Sec-Fetch-Dest, Accept-Encoding"
    assert shared.get(FEED + "?raw", NAVIGATION).status == 200
    assert shared.get("/t/ukraine/archive-000001.atom", NAVIGATION).headers["location"] == "/t/ukraine"
    # Readers never are: none of these is a navigation.
    for headers in (
        {"Accept": "text/html,application/xhtml+xml"},
        {"User-Agent": "Mozilla/5.0 (Android) AppleWebKit like Gecko"},
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ):
        assert shared.get(FEED, headers).status == 200
    assert shared.get("/t/quick.atom", NAVIGATION).status == 200  # it has no page
    assert shared.get("/t/ukraine", NAVIGATION).status == 200


def test_what_moved_and_what_was_removed(shared: Running) -> None:
    for suffix in (".atom", ".rss", ".json", "", "/archive-000001.atom"):
        got = shared.get(f"/t/old-name{suffix}")
        assert (got.status, got.headers["location"]) == (301, f"/t/ukraine{suffix}")
    for suffix in (".atom", ".rss", ".json", ""):
        got = shared.get(f"/t/removed{suffix}")
        assert got.status == 410
        assert b"must not be seen" not in got.body
    assert shared.get("/t/ukraine/").headers["location"] == "/t/ukraine"


def test_a_new_table_counts_at_once(own: Running) -> None:
    assert own.get(FEED).status == 200
    own.routes.set_places({**PLACES, "t/ukraine": Place("gone"), "t/unknown": Place()})
    assert own.get(FEED).status == 410
    assert own.get("/t/unknown.atom").status == 200


def test_the_hub_is_announced_with_every_public_feed(shared: Running) -> None:
    for method in ("GET", "HEAD"):
        assert shared.get(FEED, method=method).headers["link"] == (
            '<http://news.example/hub>; rel="hub", <http://news.example/t/ukraine.atom>; rel="self"'
        )


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8484", 200),
        ("127.8.9.1", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8484", 200),
        ("news.example", 200),
        ("NEWS.example:443", 200),
        ("news.example.", 200),
        ("other.example", 200),
        ("evil.example", 421),
        ("news.example.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("user@evil.example", 421),
        ("127.evil", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_only_our_own_names_are_answered_to(shared: Running, host: str, status: int) -> None:
    for path in (FEED, "/status.json", "/health"):
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert int(shared.raw(request.encode()).split(b" ")[1]) == status


def test_a_request_names_one_host(shared: Running) -> None:
    for lines in (b"", b"Host: 127.0.0.1\r\nHost: evil.example\r\n"):
        answer = shared.raw(b"GET " + FEED.encode() + b" HTTP/1.1\r\n" + lines + b"Connection: close\r\n\r\n")
        assert answer.split(b" ")[1] == b"400"


def test_absolute_addresses_come_from_the_configuration(shared: Running) -> None:
    link = shared.get(FEED, {"Host": "other.example", "X-Forwarded-Host": "evil.example"}).headers["link"]
    assert "other.example" not in link
    assert "evil.example" not in link


def test_safe_headers_are_on_every_answer(shared: Running) -> None:
    pages = ["/", "/t/ukraine", "/s/courier"]
    for path in [*pages, FEED, "/opml.xml", "/health", "/status.json", "/nothing", "/t/removed.atom"]:
        headers = shared.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        ours = "script-src 'self' http://news.example;"  # in pages, and in nothing else
        assert ("script" in headers["content-security-policy"]) == (path in pages)
        assert (ours in headers["content-security-policy"]) == (path in pages)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    for path in (FEED, "/opml.xml"):
        assert headers_of(shared, path, "content-security-policy").startswith("sandbox")
    for path in pages:
        policy = headers_of(shared, path, "content-security-policy")
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers_of(shared, path, "cross-origin-opener-policy") == "same-origin"


def headers_of(server: Running, path: str, name: str) -> str:
    return server.get(path).headers[name]


def test_health_and_status(shared: Running) -> None:
    got = shared.get("/health")
    assert got.status == 200
    assert json.loads(got.body) == {"ok": True}
    assert json.loads(shared.get("/status.json").body)["sources"][0]["state"] == "ok"
    assert shared.get("/status.json").headers["cache-control"] == "no-store"
    assert shared.get("/metrics").status == 404


def test_unhealthy_is_503_and_a_form_reaches_the_hub(own: Running) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(3):
        got = own.get("/hub", form, method="POST", body=b"hub.mode=subscribe&hub.topic=x%20y&hub.mode=second")
        assert (got.status, got.body) == (202, b"accepted\n")
    assert own.hub_forms[0] == ({"hub.mode": "subscribe", "hub.topic": "x y"}, "127.0.0.1")
    assert own.get("/health").status == 503
    assert own.get("/hub", {"Content-Type": "text/plain"}, method="POST", body=b"x").status == 415
    assert own.get("/hub", form, method="POST", body=b"&".join([b"a=1"] * 60)).status == 202
    assert own.hub_forms[-1][0] == {}


def test_a_base_url_with_a_path(tmp_path: Path) -> None:
    with running(make_folder(tmp_path / "public"), base_url="https://news.example/desk") as server:
        assert server.get("/desk/t/ukraine.atom").status == 200
        assert server.get("/t/ukraine.atom").status == 200
        assert server.get("/desk/t/old-name.rss").headers["location"] == "/desk/t/ukraine.rss"
        assert server.get("/desk/t/ukraine.atom", NAVIGATION).headers["location"] == "/desk/t/ukraine"
        link = server.get("/desk/t/ukraine.atom").headers["link"]
        assert '<https://news.example/desk/t/ukraine.atom>; rel="self"' in link


def test_memory_for_bodies_is_bounded(own: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.app.web.documents._MEMORY", 25_000)
    for _ in range(3):
        for path in ("/t/ukraine.atom", "/t/ukraine.rss", "/t/ukraine.json", "/s/courier.atom", "/t/quick.atom"):
            assert own.get(path).status == 200
            assert own.routes._answers._memory <= 25_000
    held = sum(len(m.body) for d in own.routes._documents.values() for m in d.made.values())
    assert held == own.routes._answers._memory


def test_a_document_is_held_once_however_its_address_is_spelled(own: Running) -> None:
    own.get("/t/ukraine.atom")
    held, memory = len(own.routes._documents), own.routes._answers._memory
    body = own.get("/t/ukraine.atom").body
    for n in range(200):
        spelled = "".join(f"%{ord(c):02x}" if n >> place & 1 else c for place, c in enumerate("t/ukraine.atom"))
        assert own.get(f"/{spelled}").body == body
    assert len(own.routes._documents) == held
    assert own.routes._answers._memory == memory


def test_a_client_that_leaves_in_the_middle_of_its_form_is_no_bug(shared: Running) -> None:
    import asyncio

    from feeds.app.web import build

    sent: list[dict[str, object]] = []
    messages = [{"type": "http.request", "body": b"hub.mode=", "more_body": True}, {"type": "http.disconnect"}]
    headers = {"host": "127.0.0.1", "content-type": "application/x-www-form-urlencoded"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/hub",
        "raw_path": b"/hub",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "scheme": "http",
        "root_path": "",
    }

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(build(shared.site)(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 400


def test_the_same_answers_in_any_asgi_server(shared: Running) -> None:
    """The application alone gives what our server gives by its short way."""
    import asyncio

    from feeds.app.web import build

    app = build(shared.site)

    async def ask(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        sent: list[dict[str, object]] = []
        raw = [(k.lower().encode(), v.encode()) for k, v in {"Host": "127.0.0.1", **headers}.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": raw,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
            "scheme": "http",
            "root_path": "",
        }

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        await app(scope, receive, send)  # type: ignore[arg-type]
        names = {k.decode(): v.decode() for k, v in sent[0]["headers"]}  # type: ignore[attr-defined]
        return int(str(sent[0]["status"])), names, b"".join(m.get("body", b"") for m in sent[1:])  # type: ignore[misc]

    etag = shared.get(FEED).headers["etag"]
    for path, headers in [
        (FEED, {}),
        (FEED, {"Accept-Encoding": "gzip"}),
        (FEED, {"If-None-Match": etag}),
        (FEED, {"Range": "bytes=0-9"}),
        (FEED, NAVIGATION),
        ("/t/removed.atom", {}),
        ("/nothing", {}),
        ("/", {}),
    ]:
        status, names, body = asyncio.run(ask(path, dict(headers)))
        for _ in range(2):
            got = shared.get(path, headers)
            assert (got.status, got.body) == (status, body)
            assert {k: v for k, v in got.headers.items() if k != "date"} == names


def test_files_are_read_from_where_they_are(shared: Running) -> None:
    assert shared.get(FEED).status == 200
    assert os.path.samefile(shared.routes.folder / "t/ukraine.atom", shared.routes._documents[FEED.encode()].path)
