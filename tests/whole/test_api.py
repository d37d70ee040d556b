"""The interface for programs at the real daemon: every answer is held against the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from feeds.app.web.api.endpoints import ENDPOINTS
from tests.support.playing import EVERYTHING, Play
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.xdist_group("api")  # its tests share one daemon, in their order

PROBLEM = "application/problem+json"


@dataclass
class Got:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    data: Any
    raw: bytes


@dataclass
class Client:
    """A program with a token, or without one. Each answer is checked as it comes."""

    play: Play
    token: str | None
    document: Mapping[str, Any]

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Got:
        connection = HTTPConnection("127.0.0.1", self.play.port, timeout=PATIENCE)
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if data is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, f"/api/v1{path}", data, headers)
            response = connection.getresponse()
            told = response.read()
        finally:
            connection.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        got = Got(response.status, names, json.loads(told) if told else None, told)
        self._check(method, path.partition("?")[0], got)
        return got

    def _check(self, method: str, path: str, got: Got) -> None:
        assert got.headers["cache-control"] in ("private, no-store", "no-store")
        assert got.headers["x-content-type-options"] == "nosniff"
        endpoint = next((one for one in ENDPOINTS if one.match(path) is not None and one.method == method), None)
        if got.status >= 400:
            assert got.headers["content-type"] == PROBLEM
            self._valid({"$ref": "#/components/schemas/Problem"}, got.data)
            assert got.data["status"] == got.status and got.data["detail"]
            if endpoint is None:
                return
        assert endpoint is not None
        told = self.document["paths"][endpoint.path][method.lower()]["responses"][str(got.status)]["content"]
        (kind,) = told
        assert got.headers["content-type"] == kind
        self._valid(told[kind]["schema"], got.data)

    def _valid(self, schema: Mapping[str, Any], data: Any) -> None:
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(data)


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with Play(tmp_path_factory.mktemp("api"), inside=True) as play:
        private = '\n[[topics]]\nname = "mine"\ntitle = "Mine"\nquery = "the"\nprivate = true\n'
        play.config.write_text(play.config.read_text("utf-8") + private, "utf-8")
        play.start()
        until(lambda: play.get(f"t/{EVERYTHING}")[1].count(b"<article") > 6, "some stories are published")
        yield play


@pytest.fixture(scope="module")
def document(play: Play) -> Mapping[str, Any]:
    status, body = play.get("api/v1/openapi.json")
    assert status == 200
    return json.loads(body)  # type: ignore[no-any-return]


def made(play: Play, name: str, *more: str) -> str:
    done = play.copydesk("token", "api", "add", name, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def reads(play: Play, document: Mapping[str, Any]) -> Client:
    return Client(play, made(play, "reads"), document)


@pytest.fixture(scope="module")
def writes(play: Play, document: Mapping[str, Any]) -> Client:
    return Client(play, made(play, "writes", "--write"), document)


def test_the_document_is_whole(document: Mapping[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    told = {(method.upper(), path) for path, one in document["paths"].items() for method in one}
    assert told == {(one.method, one.path) for one in ENDPOINTS}
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(set(names)) == len(names)
    text = json.dumps(document)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]


def test_sources_and_topics_are_listed(reads: Client, play: Play) -> None:
    sources = reads("GET", "/sources").data["sources"]
    assert {one["name"] for one in sources} == set(play.newsroom.homes)
    assert reads("GET", f"/sources/{sources[0]['name']}").data["home"] == sources[0]["home"]
    assert reads("GET", "/sources/nobody").status == 404
    topics = {one["name"]: one for one in reads("GET", "/topics").data["topics"]}
    assert topics[EVERYTHING]["stories"] > 6
    assert topics["mine"]["private"] and topics["mine"]["feed"] is None
    assert reads("GET", "/topics/mine").data["query"] == "the"
    assert reads("GET", "/topics/nothing").status == 404


def test_stories_come_a_piece_at_a_time(reads: Client, play: Play) -> None:
    whole = reads("GET", "/stories?limit=100").data
    assert whole["next"] is None
    ids = [one["id"] for one in whole["stories"]]
    assert len(set(ids)) == len(ids) > 6
    seen, cursor = [], ""
    while True:
        piece = reads("GET", f"/stories?limit=4&cursor={cursor}" if cursor else "/stories?limit=4").data
        seen += [one["id"] for one in piece["stories"]]
        if piece["next"] is None:
            break
        cursor = piece["next"]
    assert seen[: len(ids)] == ids or set(ids) <= set(seen)  # more may have come in meanwhile
    story = whole["stories"][0]
    assert story["content"] is None
    one = reads("GET", f"/stories/{story['id'].removeprefix('urn:uuid:')}").data
    assert one["story"]["content"] and one["text"]
    assert play.get(story["page"].split("/", 3)[3])[0] == 200
    query = f'title:"{story["title"]}"'
    title = reads("GET", f"/stories?q={quote(query)}&content=true").data["stories"]
    assert [found["id"] for found in title] == [story["id"]]
    assert title[0]["content"]
    assert reads("GET", "/stories?topic=mine").data["stories"]  # the token is the owner's
    name = story["source"]
    assert {found["source"] for found in reads("GET", f"/stories?source={name}").data["stories"]} >= {name}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stories?q=titel%3Aquay", 400),
        ("/stories?q=%28", 400),
        ("/stories?limit=0", 400),
        ("/stories?limit=101", 400),
        ("/stories?limit=-1", 400),
        ("/stories?limit=%D9%A1", 400),
        ("/stories?content=yes", 400),
        ("/stories?cursor=AAAA", 400),
        ("/stories?cursor=" + "x" * 3000, 400),
        ("/stories?wrong=1", 400),
        ("/stories?topic=mine&source=x", 400),
        ("/stories?topic=nothing", 404),
        ("/stories?source=nothing", 404),
        ("/stories?" + "&".join(f"q={n}" for n in range(99)), 400),
        ("/stories/" + "0" * 36, 404),
        ("/stories/none", 404),
        ("/why?url=", 400),
        ("/why?url=ftp%3A%2F%2Fx", 400),
        ("/nothing", 404),
        ("/../../etc/passwd", 404),
        ("/", 404),
    ],
)
def test_wrong_requests_are_told_what_is_wrong(reads: Client, path: str, status: int) -> None:
    got = reads("GET", path)
    assert got.status == status
    if "titel" in path:
        assert got.data["position"] == 0 and "title:" in got.data["detail"]


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"url": 5}', "application/json", 422),
        (b'{"url": "https://paper.example/", "more": 1}', "application/json", 422),
        (b'{"url": "not an address"}', "application/json", 422),
        (b'{"url": "https://paper.example/", "kind": "pdf"}', "application/json", 422),
        (b'{"url": "https://paper.example/", "source": "nobody"}', "application/json", 422),
        (b"url=https://paper.example/", "application/x-www-form-urlencoded", 415),
    ],
)
def test_wrong_bodies_are_told_what_is_wrong(reads: Client, raw: bytes, kind: str, status: int) -> None:
    assert reads("POST", "/try", raw=raw, **{"Content-Type": kind}).status == status


def test_a_page_is_tried_and_private_networks_are_refused(reads: Client, play: Play) -> None:
    article = next(iter(play.newsroom.truth().sites.values()))[0]
    got = reads("POST", "/try", {"url": article.url})
    assert got.status == 200, got.data
    assert got.data["record"]["title"] == article.title
    home = next(iter(play.newsroom.homes.values()))
    assert reads("POST", "/try", {"url": home, "kind": "listing"}).data["listing"]["links"]
    for address in (
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
    ):
        refused = reads("POST", "/try", {"url": address})
        assert refused.status == 422, address
    known = reads("GET", f"/why?url={quote(article.url, safe='')}").data
    assert known["known"] and known["record"]["title"] == article.title
    assert reads("GET", "/why?url=https%3A%2F%2Fnobody.example%2Fx").data["known"] is False


def test_health_is_told(reads: Client) -> None:
    assert reads("GET", "/health").data["ok"] is True


def test_who_may_only_read_changes_nothing(reads: Client, play: Play) -> None:
    name = next(iter(play.newsroom.homes))
    for method, path, body in (
        ("POST", "/sources", {"url": "https://paper.example/"}),
        ("PATCH", f"/sources/{name}", {"paused": True}),
        ("DELETE", f"/sources/{name}", None),
        ("POST", f"/sources/{name}/visit", None),
    ):
        assert reads(method, path, body).status == 403
    assert reads("GET", f"/sources/{name}").data["state"] != "paused"
    for method, path in (("PUT", "/sources"), ("DELETE", "/stories"), ("POST", "/health")):
        got = reads(method, path)
        assert got.status == 405 and got.headers["allow"]


def test_a_source_is_paused_renamed_removed_and_followed_again(writes: Client, play: Play) -> None:
    name = "kelsby-herald"
    home = writes("GET", f"/sources/{name}").data["home"]
    assert writes("PATCH", f"/sources/{name}", {"paused": True}).data["state"] == "paused"
    assert writes("PATCH", f"/sources/{name}", {"paused": False}).data["state"] != "paused"
    assert writes("PATCH", f"/sources/{name}", {"name": "Not A Name"}).status == 409
    assert writes("PATCH", f"/sources/{name}", {"name": "herald"}).data["name"] == "herald"
    assert writes("POST", "/sources", {"url": home}).status == 409
    assert writes("POST", "/sources/herald/visit").data["visited"] is True
    gone = writes("DELETE", "/sources/herald")
    assert gone.data == {"name": "herald", "records": 0}
    assert writes("GET", "/sources/herald").data["state"] == "removed"
    assert writes("POST", "/sources", {"url": home, "name": "all"}).status == 422
    back = writes("POST", "/sources", {"url": home, "name": "herald-again"})
    assert (back.status, back.headers["location"]) == (201, "/api/v1/sources/herald-again")
    assert (play.folder / "seeds" / "herald-again.toml").is_file()
    assert writes("POST", "/sources", {"url": "http://127.0.0.1:1/"}).status == 422


def test_a_topic_is_made_changed_renamed_and_removed(writes: Client, reads: Client, play: Play) -> None:
    told = play.config.read_text("utf-8")
    assert reads("POST", "/topics", {"name": "fish"}).status == 403
    new = writes("POST", "/topics", {"name": "fish", "title": "Fish & ships", "query": "herring OR harbour"})
    assert (new.status, new.headers["location"]) == (201, "/api/v1/topics/fish")
    assert new.data["title"] == "Fish & ships" and new.data["stories"] > 0
    assert play.config.read_text("utf-8").startswith(told.rstrip())  # what a person wrote stays
    assert (play.folder / "config.toml.before").read_text("utf-8") == told
    assert writes("POST", "/topics", {"name": "fish"}).status == 409
    assert writes("POST", "/topics", {"query": "x"}).status == 422
    wrong = writes("PATCH", "/topics/fish", {"query": "titel:herring"})
    assert wrong.status == 422 and "did you mean title:" in wrong.data["detail"] and wrong.data["errors"]
    assert writes("PATCH", "/topics/fish", {"name": "Not A Name"}).status == 422
    assert writes("PATCH", "/topics/nothing", {"title": "x"}).status == 404
    changed = writes("PATCH", "/topics/fish", {"copies": "all", "max_age": "36h", "sources": ["halyard-press"]}).data
    assert (changed["copies"], changed["query"]) == ("all", "herring OR harbour")
    assert writes("PATCH", "/topics/fish", {"copies": None, "query": None}).data["query"] is None
    assert 'max_age = "36h"' in play.config.read_text("utf-8")
    assert writes("PATCH", "/topics/fish", {"name": "sea"}).data["name"] == "sea"
    until(lambda: play.get("t/sea.atom")[0] == 200, "the topic is published under its new name")
    assert play.get("t/fish.atom")[0] == 200  # by way of 301
    assert writes("DELETE", "/topics/sea").data == {"name": "sea", "records": 0}
    until(lambda: play.get("t/sea.atom")[0] == 410, "the feed says that it is gone")
    assert reads("GET", "/topics/sea").status == 404


def test_an_article_is_kept_out_of_the_feeds_and_let_back(writes: Client, reads: Client, play: Play) -> None:
    story = writes("GET", "/stories?limit=1").data["stories"][0]
    path = f"/stories/{story['id'].removeprefix('urn:uuid:')}"
    assert reads("PATCH", path, {"held": True}).status == 403
    for wrong in ({}, {"held": "maybe"}, {"held": None}, {"held": True, "more": 1}):
        assert writes("PATCH", path, wrong).status == 422
    held = writes("PATCH", path, {"held": True})
    assert held.status == 200 and held.data["held"] is True

    def stands() -> bool:
        return story["id"] in {entry.id for entry in play.feed(f"t/{EVERYTHING}.atom")}

    until(lambda: not stands() or story["also_at"], "it has left the feed, or another stands for it")
    record = held.data["id"].removeprefix("urn:uuid:")
    assert writes("PATCH", f"/stories/{record}", {"held": True}).status == 409
    assert writes("PATCH", f"/stories/{record}", {"held": False}).data == {"id": held.data["id"], "held": False}
    until(stands, "it is in the feed again")
    assert writes("PATCH", "/stories/00000000-0000-0000-0000-000000000000", {"held": True}).status == 404


def test_tokens_are_kept_as_hashes_and_revoked_at_once(play: Play, document: Mapping[str, Any]) -> None:
    token = made(play, "short-lived")
    client = Client(play, token, document)
    assert client("GET", "/topics").status == 200
    files = list(play.folder.glob("*.db*"))
    assert files
    for file in files:
        assert token.encode() not in file.read_bytes()
    told = json.loads(play.copydesk("token", "api", "list", "--json").stdout)
    assert {"name": "short-lived", "scopes": ["read"]}.items() <= next(
        one for one in told if one["name"] == "short-lived"
    ).items()
    assert play.copydesk("token", "api", "add", "short-lived").returncode == 2
    assert play.copydesk("token", "api", "add", "no blanks").returncode == 2
    assert play.copydesk("token", "api", "revoke", "short-lived").returncode == 0
    assert play.copydesk("token", "api", "revoke", "short-lived").returncode == 2
    assert client("GET", "/topics").status == 401


def test_without_a_right_token_there_is_nothing_and_tries_are_limited(play: Play, document: Mapping[str, Any]) -> None:
    """The last test: who failed so often is not looked at for a minute."""
    nobody = Client(play, None, document)
    got = nobody("GET", "/sources")
    assert got.status == 401 and got.headers["www-authenticate"].startswith("Bearer")
    right = made(play, "right")
    statuses = [Client(play, "x" * 32, document)("GET", "/sources").status for _ in range(12)]
    assert statuses[0] == 401 and statuses[-1] == 429
    late = Client(play, right, document)("GET", "/sources")
    assert late.status == 429 and late.headers["retry-after"] == "60"
    assert play.get(f"t/{EVERYTHING}")[0] == 200
