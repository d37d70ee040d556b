"""Private topics over HTTP (RELIABILITY W6): readers with a token get them, everybody else learns nothing."""

from __future__ import annotations

import gzip
import ipaddress
import itertools
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from feeds.app.web.document_routes import Place
from feeds.app.web.token_gate import FAILURES, TOO_MANY, Access, PrivateTopic, TokenGate, client_of, who
from feeds.store.tables.tokens import make_token, token_digest
from tests.support.serving import PRIVATE_TOPICS, TOKEN, Got, Running, make_folder, put, running
from tests.support.timing import least, spent

FEED = f"/t/{TOKEN}/mine.atom"
PLACE = PRIVATE_TOPICS["mine"].place
WRONG = "an-old-token-that-is-no-good-now"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(make_folder(tmp_path / "public")) as server:
        yield server


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"anyone:{token}".encode()).decode()}


def test_a_token_is_192_bits_of_chance_and_kept_as_its_hash() -> None:
    made = {make_token() for _ in range(100)}
    assert len(made) == 100
    assert {len(token) for token in made} == {32}
    assert all(token not in repr(token_digest(token)) and len(token_digest(token)) == 32 for token in made)


@pytest.mark.parametrize("path", [FEED, f"/t/{TOKEN}/mine", f"/t/{TOKEN}/mine/archive-000001.atom"])
def test_a_reader_with_a_token_gets_every_document_with_his_own_address_in_it(server: Running, path: str) -> None:
    for _ in range(2):
        got = server.get(path)
        assert got.status == 200
        assert f"http://news.example/t/{TOKEN}/mine".encode() in got.body
        assert PLACE.encode() not in got.body
        assert got.headers["cache-control"] == "private, no-store"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in got.headers["x-robots-tag"]
        assert "access-control-allow-origin" not in got.headers
        assert PLACE not in str(got.headers)
        assert "hub" not in got.headers.get("link", "")
    packed = server.get(path, {"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.body) == got.body
    packed = server.get(path, {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == got.body
    assert server.get(path, {"If-None-Match": got.headers["etag"]}).status == 304
    assert server.get(path, {"Range": "bytes=0-9"}).body == got.body[:10]
    assert server.get(path, method="HEAD").headers["content-length"] == str(len(got.body))
    assert server.get(path, method="PUT").status == 405


@pytest.mark.parametrize(
    "headers", [{"Authorization": f"Bearer {TOKEN}"}, {"Authorization": f"bearer {TOKEN}"}, basic(TOKEN)]
)
def test_a_reader_may_send_the_token_as_a_header(server: Running, headers: dict[str, str]) -> None:
    got = server.get("/t/mine.atom", headers)
    assert got.status == 200
    assert b"http://news.example/t/mine.atom" in got.body
    assert got.headers["link"] == '<http://news.example/t/mine.atom>; rel="self"'
    assert server.get("/t/mine/archive-000001.atom", headers).status == 200
    assert server.get("/t/mine.atom").status == 404, "nothing is remembered of a reader"


def test_a_click_leads_to_the_page_under_the_same_token(server: Running) -> None:
    click = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert server.get(FEED, click).headers["location"] == f"/t/{TOKEN}/mine"
    assert server.get(f"/t/{TOKEN}/mine/").headers["location"] == f"/t/{TOKEN}/mine"


def test_without_a_token_a_private_topic_is_as_one_that_does_not_exist(server: Running) -> None:
    def plainly(got: Got) -> tuple[int, bytes, dict[str, str]]:
        return got.status, got.body, {k: v for k, v in got.headers.items() if k != "date"}

    nothing = plainly(server.get("/t/nothing.atom"))
    assert nothing[0] == 404
    for path, headers in [
        ("/t/mine.atom", {}),
        ("/t/mine", {}),
        ("/t/mine/archive-000001.atom", {}),
        (f"/t/{PLACE}/mine.atom", {}),  # where it lies opens nothing
        (f"/t/{WRONG}/mine.atom", {}),
        (f"/t/{WRONG}/nothing.atom", {}),
        (f"/t/{TOKEN}/nothing.atom", {}),
        (f"/t/{TOKEN}/mine/archive-000009.atom", {}),
        (f"/t/{TOKEN}/mine/config.toml", {}),
        (f"/t/{TOKEN}/..%2fmine.atom", {}),
        ("/t/mine.atom", basic(WRONG)),
        ("/t/nothing.atom", {"Authorization": f"Bearer {WRONG}"}),
        ("/t/mine.atom", {"Authorization": "Basic no base64"}),
    ]:
        assert plainly(server.get(path, headers)) == nothing, path
    assert plainly(server.get("/t/mine.atom", method="PUT")) == plainly(server.get("/t/nothing.atom", method="PUT"))


def test_a_revoked_token_is_refused_at_once_and_the_others_stay(server: Running) -> None:
    other = PRIVATE_TOPICS["mine"].digests[0]
    assert server.get(FEED).status == 200
    assert server.get("/t/another-token-that-is-good-too/mine.atom").status == 200
    server.routes.set_private_topics({"mine": PrivateTopic(PLACE, (other,))})
    assert server.get(FEED).status == 404
    assert server.get("/t/another-token-that-is-good-too/mine.atom").status == 200


def test_a_changed_document_is_seen_and_memory_is_given_back(server: Running) -> None:
    before = server.get(FEED)
    put(server.routes.private, f"t/{PLACE}/mine.atom", b"<feed>new</feed>" * 100, when=1_800_000_000, variants=False)
    for document in server.routes._of_readers.values():
        document.looked = -10.0
    assert server.get(FEED).body != before.body
    assert server.routes._answers._memory == len(server.get(FEED).body)
    server.routes.set_private_topics({})
    assert server.routes._answers._memory == 0


def test_topics_that_went_or_moved_are_told_to_readers_alone(server: Running) -> None:
    right = (token_digest(TOKEN),)
    server.routes.set_private_topics(
        {"mine": PrivateTopic(PLACE, right, gone=True), "new": PrivateTopic("ab" * 8, right)}, {"old": "new"}
    )
    assert server.get(FEED).status == 410
    assert server.get(f"/t/{WRONG}/mine.atom").status == 404
    assert server.get(f"/t/{TOKEN}/old.atom").headers["location"] == f"/t/{TOKEN}/new.atom"
    assert server.get("/t/old.rss", basic(TOKEN)).headers["location"] == "/t/new.rss"
    assert server.get(f"/t/{WRONG}/old.atom").status == 404


def test_a_private_topic_beside_a_public_one_shows_nothing_of_it(server: Running) -> None:
    """The public topic is found first, whatever a request brings along."""
    server.routes.set_places({"t/mine": Place()})
    assert server.get("/t/mine.atom", basic(TOKEN)).status == 404, "its document is not there"


def test_ten_failed_tries_in_a_minute_close_the_door_for_that_address(server: Running) -> None:
    for number in range(FAILURES):
        assert server.get(f"/t/{WRONG}{number}/mine.atom").status == 404
    for path in (FEED, f"/t/{WRONG}/nothing.atom"):
        got = server.get(path)
        assert (got.status, got.headers["retry-after"]) == (429, "60")
    assert server.get("/t/ukraine.atom").status == 200, "what is public stays open"
    assert server.get("/t/nothing.atom").status == 404


class Clock:
    """A clock that is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_failures_are_counted_by_address_and_forgotten_after_a_minute() -> None:
    clock = Clock()
    gate = TokenGate(clock)
    gate.set_private_topics({"mine": PrivateTopic(PLACE, (token_digest(TOKEN),))})
    good, bad = f"t/{TOKEN}/mine.atom", f"t/{WRONG}/mine.atom"
    for _ in range(FAILURES):
        assert gate.enter(bad, None, "192.0.2.7") is None
    assert gate.enter(good, None, "192.0.2.7") == TOO_MANY
    assert isinstance(gate.enter(good, None, "192.0.2.8"), Access)
    clock.now += 59
    assert gate.enter(good, None, "192.0.2.7") == TOO_MANY
    clock.now += 2
    assert isinstance(gate.enter(good, None, "192.0.2.7"), Access)
    for number in range(20_000):  # an attacker with many addresses takes no more memory than the table has
        gate.enter(bad, None, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(gate._failures) <= 10_000


def test_a_full_table_of_failures_costs_no_more_than_an_empty_one() -> None:
    gate = TokenGate(Clock())
    gate.set_private_topics({"mine": PrivateTopic(PLACE, (token_digest(TOKEN),))})

    numbers = itertools.count()

    def fail(count: int) -> None:
        """Failures, each from another address."""
        for n in itertools.islice(numbers, count):
            gate.enter(f"t/{WRONG}/mine.atom", None, f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")

    empty = min(spent(lambda: fail(300)) for _ in range(5))
    fail(12_000)
    assert len(gate._failures) == 10_000
    assert least(lambda: fail(300), 5 * empty) < 5 * empty


def test_an_ipv6_network_is_one_client() -> None:
    counted = {
        "192.0.2.7": "192.0.2.7",
        "::ffff:192.0.2.7": "192.0.2.7",
        "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
        "fe80::1%eth0": "fe80::/64",
        "": "",
    }
    assert {client: who(client) for client in counted} == counted


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", b"203.0.113.9", "192.0.2.7"),  # anyone may send the header
        ("127.0.0.1", b"203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", b"6.6.6.6, 203.0.113.9", "203.0.113.9"),  # what a client adds stands before
        ("127.0.0.1", b"203.0.113.9, 10.0.0.4", "203.0.113.9"),
        ("127.0.0.1", b"unknown", "127.0.0.1"),
        ("127.0.0.1", b"", "127.0.0.1"),
        ("127.0.0.1", b"10.0.0.4", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("testclient", b"203.0.113.9", "testclient"),
    ],
)
def test_a_proxy_of_ours_tells_who_the_client_is(peer: str, forwarded: bytes | None, client: str) -> None:
    ours = [ipaddress.ip_network("127.0.0.1"), ipaddress.ip_network("10.0.0.0/8")]
    assert client_of(peer, forwarded, ours) == client
