"""The web application by itself, without a server: who is taken for the client, which path is looked for, what a form
brings, and the headers of every answer."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.web.documents import Answer, answer
from feeds.app.web.reading.answers import moved, page_answer, refusal
from feeds.app.web.server import CHUNK
from feeds.app.web.site import Site, build

HOST = (b"host", b"news.example")
FORM = (b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")
Headers = Iterable[tuple[bytes, bytes]]


class Desk:
    """What stands behind the application: it notes what it was asked, and answers as it is told to."""

    def __init__(self, **more: Any) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.found: Answer | None = answer(200, [("content-type", "text/plain")], b"the feed")
        self.page: Answer | None = None
        self.fine = True
        routes = SimpleNamespace(prefix=b"/news", find=self._find, host_allowed=lambda host: host == b"news.example")
        self.app = build(
            Site(
                routes=routes,  # type: ignore[arg-type]  # as much of it as is asked
                health=self._health,
                status=self._status,
                proxies=(ipaddress.ip_network("192.0.2.0/24"),),
                **{name: getattr(self, f"_{name}") if value is True else value for name, value in more.items()},
            )
        )

    def _find(self, *asked: Any) -> Answer | None:
        self.asked.append(asked)
        return self.found

    async def _health(self) -> tuple[bool, Mapping[str, Any]]:
        return self.fine, {"since": datetime(2026, 3, 1, 12, tzinfo=UTC)}

    async def _status(self) -> Mapping[str, Any]:
        return {"title": "Nachrichten für Tarn"}

    async def _metrics(self) -> tuple[str, bytes]:
        return "text/plain", b"records 3\n"

    async def _hub(self, form: Mapping[str, str], client: str) -> tuple[int, str]:
        self.asked.append((dict(form), client))
        return (202, "") if form.get("hub.mode") else (400, "No mode.")

    def get(self, path: str = "/t/all.atom", headers: Headers = (HOST,), **more: Any) -> SimpleNamespace:
        """The answer to a request."""
        said: list[dict[str, Any]] = []
        body = more.pop("body", b"")

        async def receive() -> dict[str, Any]:
            if body is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "headers": list(headers),
            "client": ("192.0.2.1", 5), "root_path": "", "http_version": "1.1", "scheme": "http", **more,
        }  # fmt: skip
        asyncio.run(self.app(scope, receive, send))
        return SimpleNamespace(
            status=said[0]["status"],
            headers={name.decode(): value.decode() for name, value in said[0]["headers"]},
            parts=[one["body"] for one in said[1:]],
            body=b"".join(one["body"] for one in said[1:]),
        )


def test_who_asks_for_what() -> None:
    desk = Desk()
    forwarded = (b"x-forwarded-for", b"203.0.113.9")
    told = {b"host": b"news.example", b"x-forwarded-for": b"203.0.113.9"}
    for more, headers, path, client in (
        ({}, (HOST, forwarded), b"/t/all.atom", "203.0.113.9"),
        ({}, (HOST, forwarded, (b"x-forwarded-for", b"198.51.100.1")), b"/t/all.atom", "203.0.113.9"),  # the first
        ({"client": ("198.51.100.1", 5)}, (HOST, forwarded), b"/t/all.atom", "198.51.100.1"),
        ({"client": None}, (HOST, forwarded), b"/t/all.atom", ""),
        ({"raw_path": b"/t/a%6cl.atom"}, (HOST, forwarded), b"/t/a%6cl.atom", "203.0.113.9"),
        ({"raw_path": b""}, (HOST, forwarded), b"/t/all.atom", "203.0.113.9"),
    ):
        assert desk.get(headers=headers, query_string=b"a=1", **more).body == b"the feed"
        assert desk.asked.pop() == ("GET", path, b"a=1", told, client), more
    desk.found = None
    missing = desk.get("/t/none.atom")
    assert (missing.status, missing.body) == (404, b"Not found.\n")
    assert desk.asked.pop()[4] == "192.0.2.1"


def test_a_page_comes_before_a_document_and_a_picture_before_both() -> None:
    shown: list[tuple[Any, ...]] = []

    class Pages:
        async def answer(self, *asked: Any) -> Answer | None:
            shown.append(asked)
            return answer(200, [], b"a page") if asked[1].endswith(b"search") else None

    class Pictures:
        async def answer(self, path: str, tag: str | None) -> Any:
            shown.append((path, tag))
            return None

    desk = Desk(pages=Pages(), pictures=Pictures())
    assert desk.get("/t/all/search").body == b"a page"
    assert shown.pop() == ("GET", b"/t/all/search", b"", {b"host": b"news.example"}, "192.0.2.1")
    assert desk.asked == []
    assert desk.get("/t/all.atom").body == b"the feed"
    shown.clear()
    for path, method, to_pictures in (
        ("/i/4711", "GET", True),
        ("/news/i/4711", "HEAD", True),
        ("/i/4711", "POST", False),
        ("/t/i/4711", "GET", False),
    ):
        found = desk.get(path, [HOST, (b"if-none-match", b'"1"')], method=method)
        assert (found.status, shown[0] == ("/i/4711", '"1"')) == ((404, True) if to_pictures else (200, False)), path
        shown.clear()
    assert Desk().get("/i/4711").body == b"the feed"


def test_a_form_reaches_the_hub() -> None:
    desk = Desk(hub=True)
    for body, status, words, form in (
        (b"hub.mode=subscribe&hub.mode=other&hub.topic=", 202, b"", {"hub.mode": "subscribe", "hub.topic": ""}),
        (b"hub.topic=%C3%BC&a=\xff", 400, b"No mode.\n", {"hub.topic": "ü", "a": "\ufffd"}),
        (b"&".join([b"a=1"] * 51), 400, b"No mode.\n", {}),
    ):
        found = desk.get("/hub", [HOST, FORM, (b"x-forwarded-for", b"203.0.113.9")], method="POST", body=body)
        assert (found.status, found.body) == (status, words)
        assert desk.asked.pop() == (form, "203.0.113.9")
    assert desk.get("/hub", [HOST, FORM], method="POST", body=b"hub.mode=x").status == 202
    assert desk.asked.pop() == ({"hub.mode": "x"}, "192.0.2.1")
    for headers, sent, status in (
        ([HOST], b"hub.mode=x", 415),
        ([HOST, (b"content-type", b"text/plain")], b"hub.mode=x", 415),
        ([HOST, FORM], None, 400),
    ):
        assert desk.get("/hub", headers, method="POST", body=sent).status == status
    assert desk.asked == []
    assert Desk().get("/hub", [HOST, FORM], method="POST", body=b"hub.mode=x").status == 404


def test_facts_are_told_as_json() -> None:
    desk = Desk(metrics=True)
    fine = desk.get("/health")
    assert (fine.status, json.loads(fine.body)) == (200, {"since": "2026-03-01T12:00:00+00:00"})
    desk.fine = False
    assert desk.get("/health").status == 503
    told = desk.get("/status.json")
    assert (told.status, told.headers["content-type"]) == (200, "application/json")
    assert told.body.decode() == '{\n "title": "Nachrichten für Tarn"\n}'
    assert desk.get("/metrics").body == b"records 3\n"
    assert Desk().get("/metrics").status == 404


def test_a_request_names_one_host_that_is_ours() -> None:
    desk = Desk()
    assert [desk.get(headers=hosts).status for hosts in ((HOST,), (), (HOST, HOST), ((b"host", b"evil.example"),))] == [
        200, 400, 400, 421,
    ]  # fmt: skip
    assert len(desk.asked) == 1
    with pytest.raises(RuntimeError, match="websocket"):
        desk.get(type="websocket")


def test_an_answer_without_a_policy_gets_the_closed_one() -> None:
    desk = Desk()
    added = {
        "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    }  # fmt: skip
    own = {"cache-control": "max-age=5"}
    for status, headers, wanted in (
        (200, own, added | own),
        (200, own | {"Content-Security-Policy": "sandbox"}, own | {"Content-Security-Policy": "sandbox"}),
        (226, own, own),
        (304, own, own),
    ):
        desk.found = answer(status, headers.items())
        found = desk.get().headers
        found.pop("content-length", None)
        assert found == wanted, (status, headers)
    assert desk.get(headers=()).headers.items() >= added.items()  # those of a refusal, too


def test_a_long_document_goes_out_in_pieces() -> None:
    desk = Desk()
    for length, pieces in ((CHUNK, [CHUNK]), (CHUNK + 1, [CHUNK, 1]), (2 * CHUNK, [CHUNK, CHUNK]), (0, [0])):
        desk.found = answer(200, [], b"x" * length)
        assert [len(part) for part in desk.get().parts] == pieces


def test_a_page_is_conditional_packed_and_as_open_as_its_feed() -> None:
    def page(body: bytes = b"<p>" * 400, asked: Mapping[bytes, bytes] | None = None, **more: Any) -> dict[str, str]:
        made = page_answer(body, asked or {}, origin="https://news.example", language="de", lifetime=60, **more)
        told = {name.decode(): value.decode() for name, value in made.headers}
        return told | {"status": str(made.status), "body": str(len(made.body))}

    plain = page()
    assert plain.items() >= {
        "status": "200", "body": "1200", "content-length": "1200", "content-type": "text/html; charset=utf-8",
        "content-language": "de", "cache-control": "public, max-age=60", "vary": "Accept-Encoding, Accept-Language",
        "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    }.items()  # fmt: skip
    assert {"x-robots-tag", "content-encoding"} & plain.keys() == set()
    assert (
        "https://news.example" in plain["content-security-policy"] and "media-src" in plain["content-security-policy"]
    )
    assert page(indexed=False)["x-robots-tag"] == "noindex"
    private = page(private=True)
    assert (private["x-robots-tag"], private["cache-control"]) == ("noindex, nofollow", "private, no-store")
    packs = {b"accept-encoding": b"gzip"}
    packed = page(asked=packs)
    assert packed["content-encoding"] == "gzip" and packed["etag"] == f'{plain["etag"][:-1]}-gz"'
    assert int(packed["body"]) < 100
    assert "content-encoding" not in page(b"x" * 999, packs)
    assert page(b"x" * 1000, packs)["content-encoding"] == "gzip"
    same = page(asked={b"if-none-match": plain["etag"].encode()})
    assert (same["status"], same["body"], "content-type" in same) == ("304", "0", False)
    assert page(asked={b"if-none-match": b'"other"'})["status"] == "200"
    assert page(status=404, asked={b"if-none-match": plain["etag"].encode()})["status"] == "404"
    assert page(head=True).items() >= {"body": "0", "content-length": "1200"}.items()


def test_a_refusal_and_a_new_address() -> None:
    later = refusal(503, "The store is busy.", retry=5)
    assert (later.status, later.body) == (503, b"The store is busy.\n")
    assert {(b"retry-after", b"5"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")} <= {
        *later.headers
    }
    assert b"retry-after" not in dict(refusal(410, "Gone.").headers)
    there = moved("/t/harbour")
    assert there.status == 301
    assert {(b"location", b"/t/harbour"), (b"cache-control", b"max-age=86400")} <= {*there.headers}
