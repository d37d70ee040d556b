"""Who may ask the interface for what, how a request is read, and how a refusal looks."""

from __future__ import annotations

import inspect
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.config.schema import comments
from feeds.app.web.api import api, openapi, values
from feeds.app.web.api.calls import Endpoint, Parameter, Refused
from feeds.errors import StoreBusy
from scrapers import CopydeskError
from tests.support.interface import BEHIND, Interface, interface


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Interface]:
    with interface(tmp_path) as made:
        yield made


def test_a_token_is_needed_that_is_known_and_may_do_it(desk: Interface) -> None:
    challenge = 'Bearer realm="copydesk"'
    for number, (token, headers, status, words) in enumerate((
        ("reads", {}, 200, None),
        (None, {"authorization": f"bearer reads{BEHIND}"}, 200, None),
        (None, {}, 401, "the interface needs a token: `copydesk token api add` makes one"),
        ("wrong", {}, 401, "this token is not known"),
        (None, {"authorization": "Digest x"}, 401, "the interface needs a token: `copydesk token api add` makes one"),
        ("asks", {}, 403, "the token asks has not the scope read"),
    )):  # fmt: skip
        got = desk("GET", "/sources", token=token, client=f"192.0.2.{number}", **headers)  # type: ignore[arg-type]
        assert got.status == status, (token, headers)
        assert got.headers.get("www-authenticate") == (challenge if status == 401 else None)
        if words is not None:
            assert got.headers["content-type"] == "application/problem+json"
            assert got.headers["cache-control"] == "no-store"
            assert got.data["detail"] == words and got.data["status"] == status and got.data["type"] == "about:blank"
            assert got.data["title"] == {401: "Unauthorized", 403: "Forbidden"}[status]
    assert desk("POST", "/topics", {"name": "a"}, token="reads").data["detail"] == (
        "the token reads has not the scope write"
    )
    desk.api.set_tokens(())
    assert desk("GET", "/sources").status == 401, "a token that was revoked"


def test_who_fails_too_often_waits(tmp_path: Path) -> None:
    with interface(tmp_path, networks=(ipaddress.ip_network("192.0.2.0/24"),)) as desk:
        statuses = [desk("GET", "/sources", token="wrong").status for _ in range(40)]
        assert statuses == sorted(statuses) and set(statuses) == {401, 429}
        refused = desk("GET", "/sources", token="reads")
        assert (refused.status, refused.headers["retry-after"]) == (429, "60")
        assert desk("GET", "/sources", token="reads", client="192.0.2.8").status == 200
        assert desk("GET", "/sources", token="reads", x_forwarded_for="203.0.113.9").status == 200
        nobody = [desk("GET", "/sources", token=None, client="192.0.2.9").status for _ in range(40)]
        assert set(nobody) == {401}, "who shows nothing tries nothing"
        strange = [
            desk("GET", "/a", token=None, client="192.0.2.10", authorization="Digest x").status for _ in range(40)
        ]
        assert strange[-1] == 429
        request: Any = SimpleNamespace(client=SimpleNamespace(host="192.0.2.11"), headers={})
        for _ in range(statuses.count(401)):
            desk.api.failed(request)
        with pytest.raises(Refused) as refusal:
            desk.api.failed(request)
        assert (refusal.value.status, refusal.value.headers) == (429, {"retry-after": "60"})


def test_the_address_is_looked_for_below_both_roots(desk: Interface) -> None:
    for root in ("/api/v1", "/desk/api/v1"):
        assert desk("GET", "/sources", root=root).status == 200
        told = desk("GET", "/openapi.json", root=root, token=None)
        assert (told.status, told.headers["cache-control"]) == (200, "max-age=300")
        assert told.data["servers"] == [{"url": "https://news.example/desk/api/v1"}] and "\n" in told.body.decode()
    assert desk("POST", "/openapi.json").status == 404
    assert desk("HEAD", "/openapi.json", token=None).status == 200
    for method, path, status, words in (
        ("GET", "/none", 404, "there is nothing at /api/v1/none; /api/v1/openapi.json tells what there is"),
        ("GET", "/sources/A", 404, "there is nothing at /api/v1/sources/A; /api/v1/openapi.json tells what there is"),
        ("DELETE", "/topics", 405, "here is GET, POST alone"),
        ("PUT", "/sources/courier", 405, "here is DELETE, GET, PATCH alone"),
    ):
        got = desk(method, path)
        assert (got.status, got.data["detail"]) == (status, words)
        assert got.headers.get("allow") == (words[8:-6] if status == 405 else None)
    assert desk("HEAD", "/sources").status == 200
    assert desk("GET", "/sources").headers["cache-control"] == "private, no-store"


def test_parameters_are_read_and_checked(desk: Interface) -> None:
    for query, words in (
        ("limit=101", "limit: should be a number from 1 to 100"),
        ("limit=0", "limit: should be a number from 1 to 100"),
        ("limit=-1", "limit: should be a number from 1 to 100"),
        ("limit=1e1", "limit: should be a number from 1 to 100"),
        ("content=yes", "content: should be true or false"),
        (f"q={'a' * 4001}", "q: should have 4,000 characters at most"),
        ("x=1", "x: is no parameter here; there are: q, topic, source, limit, cursor, content"),
        ("&".join(f"q={n}" for n in range(21)), "more than 20 parameters"),
    ):
        got = desk("GET", f"/stories?{query}")
        assert (got.status, got.data["detail"]) == (400, words), query
    assert desk("GET", "/sources?x=1").data["detail"] == "x: is no parameter here; there are: none"
    for query in ("limit=100&content=true&q=", "limit=1&content=false", "&".join("q=" for _ in range(20))):
        assert desk("GET", f"/stories?{query}").status == 200, query
    endpoint = Endpoint("GET", "/a", "read", "", None, str, {"n": Parameter("", default=3, least=1, most=9), "t": Parameter("")})  # type: ignore[arg-type]  # fmt: skip  # noqa: E501
    assert api._query(endpoint, "") == {"n": 3, "t": None}
    assert api._query(endpoint, "n=9&t=a&t=b") == {"n": 9, "t": "b"}
    assert Parameter("", default=3, least=1, most=9).schema == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "default": 3,
    }
    assert Parameter("", default=False).schema == {"type": "boolean", "default": False}
    assert Parameter("", most=9).schema == {"type": "string", "maxLength": 9}


def test_a_body_is_read_and_checked(desk: Interface) -> None:
    for body, kind, status, words in (
        (b"{}", "text/plain", 415, "the body should be application/json"),
        (b"{", "application/json", 400, "the body is no JSON: "),
        (b"[" * 100_000, "application/json", 400, "the body is no JSON: "),
        (b"[]", "application/json", 422, "the body is wrong: "),
        (b'{"url": 5}', "Application/JSON; charset=utf-8", 422, "the body is wrong: url: "),
        (b'{"url": "a", "more": 1}', "application/json", 422, "the body is wrong: more: "),
        (b"{}", "application/json", 422, "the body is wrong: url: "),
    ):
        got = desk("POST", "/try", body, content_type=kind)
        assert got.status == status and got.data["detail"].startswith(words), (body[:50], got.data)
        assert len(got.data["detail"]) <= 300
        assert ("errors" in got.data) is (status == 422)
    assert desk("POST", "/try", b"{}").data["errors"][0].startswith("url: ")


def test_what_goes_wrong_behind_it_is_told_too(desk: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, status in ((StoreBusy("it is busy"), 503), (CopydeskError("it is so"), 409), (Refused(418, "no"), 418)):

        async def handler(call: Any, error: Exception = error) -> None:
            raise error

        wrong = Endpoint("GET", "/wrong", "read", "", handler, str)
        monkeypatch.setattr(api, "ENDPOINTS", (wrong,))
        got = desk("GET", "/wrong")
        assert (got.status, got.data["detail"]) == (status, str(error))
        assert got.headers.get("retry-after") == ("5" if status == 503 else None)
    assert desk.api._under_way == {"writes": 0}
    desk.api._under_way["writes"] = api.AT_ONCE
    got = desk("GET", "/wrong")
    assert (got.status, got.headers["retry-after"]) == (503, "5")
    desk.api._under_way["writes"] = api.AT_ONCE - 1
    assert desk("GET", "/wrong").status == 418


def test_the_document_tells_every_answer(desk: Interface) -> None:
    told = desk("GET", "/openapi.json").data
    assert told["openapi"] == "3.1.0" and told["security"] == [{"token": []}]
    stories = told["paths"]["/stories"]["get"]
    assert stories["operationId"] == "stories.by_query" and stories["description"] == "Needs the scope `read`."
    assert stories["responses"].keys() == {"200", "400", "401", "403", "404", "429", "503"}
    assert {one["name"]: (one["in"], one["required"]) for one in stories["parameters"]}["limit"] == ("query", False)
    change = told["paths"]["/topics/{name}"]["patch"]
    assert change["responses"].keys() == {"200", "400", "401", "403", "404", "409", "415", "422", "429", "503"}
    assert change["parameters"] == [
        {"name": "name", "in": "path", "required": True, "description": "Its key.", "schema": {"type": "string"}}
    ]
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/TopicSettings"}}}
    assert change["requestBody"] == {"required": True, "content": body}
    assert "requestBody" not in stories and told["paths"]["/topics"]["post"]["responses"].keys() >= {"201", "409"}
    assert "404" not in told["paths"]["/topics"]["get"]["responses"]
    answer = stories["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/Stories"}
    problem = stories["responses"]["400"]
    assert problem["description"] == "The request is wrong."
    assert problem["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    schemas = told["components"]["schemas"]
    assert schemas["Story"]["description"].startswith("A story: the article") and "AlsoAt" in schemas
    assert schemas["Source"]["properties"]["pace"]["description"] == "why it is due then, in words"


def test_the_document_is_of_the_program_that_runs_and_made_when_it_is_asked_for(
    desk: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be asked for when an upgrade has put other sources on the disk: it reads none of them then."""
    assert {name: comments(getattr(values, name), source) for name, source in openapi._sources().items()} == {
        name: comments(getattr(values, name)) for name in openapi._sources()
    }
    first = desk("GET", "/openapi.json").data
    openapi._sources.cache_clear()
    desk.api._document = b""
    monkeypatch.setattr(inspect, "getsource", lambda _: pytest.fail("a source is read from the disk"))
    assert desk("GET", "/openapi.json").data == first
    assert desk.api._document
