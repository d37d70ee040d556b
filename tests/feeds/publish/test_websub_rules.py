"""The rules of the hub, and what the store keeps for it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.publish.websub_rules import (
    DAY,
    Intent,
    Refusal,
    confirmed,
    delivery_headers,
    denial_url,
    outcome,
    read_form,
    verification_url,
)
from feeds.rows import Delivery, Subscription
from feeds.store import open_store
from feeds.store.tables.websub import WebSubTable

TOPIC = "http://news.example/t/ukraine.atom"
FORM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://reader.example/cb?id=7"}


def test_a_subscription_as_it_should_be() -> None:
    assert read_form(FORM) == Intent("subscribe", TOPIC, "https://reader.example/cb?id=7", 10 * DAY, None)
    full = {**FORM, "hub.lease_seconds": "864000", "hub.secret": "s3cret", "hub.verify": "async", "more": "x"}
    assert read_form(full) == Intent("subscribe", TOPIC, "https://reader.example/cb?id=7", 864_000, "s3cret")


@pytest.mark.parametrize(
    ("text", "days"), [("1", 1), ("86400", 1), ("99999999999", 30), ("-5", 10), ("soon", 10), ("", 10), ("1e9", 10)]
)
def test_leases_are_between_a_day_and_a_month(text: str, days: int) -> None:
    intent = read_form({**FORM, "hub.lease_seconds": text})
    assert isinstance(intent, Intent)
    assert intent.lease == days * DAY


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "publish"},
        {"hub.mode": ""},
        {"hub.topic": ""},
        {"hub.topic": "x" * 3000},
        {"hub.callback": ""},
        {"hub.callback": "ftp://reader.example/"},
        {"hub.callback": "javascript:alert(1)"},
        {"hub.callback": "https://user:pass@reader.example/"},
        {"hub.callback": "https://reader.example/#part"},
        {"hub.callback": "https://reader.example/a b"},
        {"hub.callback": "https://reader.example/\r\nX: y"},
        {"hub.callback": "https://reader.example:99999/"},
        {"hub.callback": "http://[bad/"},
        {"hub.callback": "https://reader.example/" + "x" * 2000},
        {"hub.secret": "x" * 200},
        {"hub.secret": "é" * 100},
    ],
)
def test_what_cannot_be_followed_is_refused(change: dict[str, str]) -> None:
    refusal = read_form({**FORM, **change})
    assert isinstance(refusal, Refusal)
    assert refusal.status == 400


@given(st.dictionaries(st.sampled_from([*FORM, "hub.secret", "hub.lease_seconds"]), st.text(max_size=60)))
def test_no_form_breaks_the_reader(form: dict[str, str]) -> None:
    assert isinstance(read_form(form), Intent | Refusal)


def test_the_addresses_that_are_asked() -> None:
    intent = Intent("subscribe", TOPIC, "https://reader.example/cb?id=7", 864_000)
    assert verification_url(intent, "a&b=") == (
        "https://reader.example/cb?id=7&hub.mode=subscribe&hub.topic=http%3A%2F%2Fnews.example%2Ft%2Fukraine.atom"
        "&hub.challenge=a%26b%3D&hub.lease_seconds=864000"
    )
    leaving = verification_url(Intent("unsubscribe", TOPIC, "https://reader.example/cb"), "x")
    assert leaving.startswith("https://reader.example/cb?hub.mode=unsubscribe&")
    assert "lease" not in leaving
    assert "hub.mode=denied" in denial_url("https://reader.example/cb", TOPIC, "gone & over")
    assert denial_url("https://reader.example/cb", TOPIC, "gone & over").endswith("hub.reason=gone%20%26%20over")


def test_a_challenge_is_confirmed_by_itself_alone() -> None:
    assert confirmed(200, b"abc", "abc")
    assert confirmed(204, b"abc", "abc")
    assert not confirmed(200, b"abc\n", "abc")
    assert not confirmed(200, b"xabc", "abc")
    assert not confirmed(200, b"", "abc")
    assert not confirmed(302, b"abc", "abc")
    assert not confirmed(404, b"abc", "abc")


def test_the_signature_is_over_the_exact_body() -> None:
    headers = delivery_headers(TOPIC, "http://news.example/hub", "application/atom+xml", "s3crét", b"<feed/>")
    expected = hmac.new("s3crét".encode(), b"<feed/>", hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature"] == f"sha256={expected}"
    assert headers["Link"] == f'<http://news.example/hub>; rel="hub", <{TOPIC}>; rel="self"'
    assert "X-Hub-Signature" not in delivery_headers(TOPIC, "h", "t", None, b"")


def test_what_an_answer_means() -> None:
    first = Delivery("https://reader.example/cb", TOPIC, None, 1, since=1000.0, tries=0)
    for status in (200, 202, 204, 299):
        assert outcome(first, status, None, 1000.0).kind == "delivered"
    assert outcome(first, 410, None, 1000.0).kind == "ended"
    for bad in (None, 301, 404, 500, 503):
        assert outcome(first, bad, None, 1000.0).kind == "later"
    assert outcome(first, 503, 600.0, 1000.0).at == 1600.0
    now, gaps, tries = 1000.0, [], 0
    while (result := outcome(Delivery("c", TOPIC, None, 1, 1000.0, tries), 500, None, now)).kind == "later":
        gaps.append(result.at - now)
        now, tries = result.at, tries + 1
    assert result.kind == "given up"
    assert gaps == sorted(gaps)
    assert 5 <= len(gaps) <= 15
    assert now <= 1000.0 + DAY


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[WebSubTable]:
    store = open_store(tmp_path / "store.db")
    yield store.websub
    store.close()


def subscribed(kept: WebSubTable, *callbacks: str, until: float = 9e9) -> None:
    for callback in callbacks:
        kept.keep(Subscription(callback, TOPIC, until, "s"))


def test_subscriptions_are_renewed_ended_and_run_out(kept: WebSubTable) -> None:
    subscribed(kept, "a", "b", until=100.0)
    kept.keep(Subscription("a", TOPIC, 200.0, "new"))
    assert kept.count() == 2
    assert kept.subscriptions(150.0) == [Subscription("a", TOPIC, 200.0, "new")]
    assert kept.is_subscribed("a", TOPIC)
    assert kept.end("a", TOPIC)
    assert not kept.end("a", TOPIC)
    assert kept.count() == 0


def test_every_subscriber_is_owed_the_newest_once(kept: WebSubTable) -> None:
    subscribed(kept, "a", "b")
    kept.owe([TOPIC, "http://news.example/t/other.atom"], 10.0)
    kept.owe([TOPIC], 11.0)
    first, second = kept.due(11.0)
    assert (first.callback, first.version, first.since, second.callback) == ("a", 2, 10.0, "b")
    kept.delivered(first, 12.0)
    assert [d.callback for d in kept.due(12.0)] == ["b"]


def test_a_change_while_it_is_sent_is_owed_again(kept: WebSubTable) -> None:
    subscribed(kept, "a")
    kept.owe([TOPIC], 10.0)
    sending = kept.due(10.0)[0]
    kept.owe([TOPIC], 11.0)
    kept.delivered(sending, 12.0)
    again = kept.due(12.0)
    assert [(d.since, d.tries) for d in again] == [(12.0, 0)]


def test_a_dead_callback_is_not_asked_more_often_for_more_news(kept: WebSubTable) -> None:
    subscribed(kept, "a")
    kept.owe([TOPIC], 10.0)
    kept.try_later(kept.due(10.0)[0], 70.0)
    kept.owe([TOPIC], 20.0)
    assert kept.due(69.0) == []
    assert kept.next_due() == 70.0
    assert kept.due(70.0)[0].tries == 1
    kept.give_up(kept.due(70.0)[0])
    assert kept.next_due() is None
    assert kept.is_subscribed("a", TOPIC)


def test_who_leaves_is_owed_nothing(kept: WebSubTable) -> None:
    subscribed(kept, "a")
    kept.owe([TOPIC], 10.0)
    kept.end("a", TOPIC)
    assert kept.due(99.0) == []
    subscribed(kept, "b", until=50.0)
    kept.owe([TOPIC], 60.0)
    assert kept.next_due() is None


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"hub.callback": "https://reader.example/" + "a" * 1977}, True),
        ({"hub.callback": "https://reader.example/" + "a" * 1978}, False),
        ({"hub.topic": "x" * 2000}, True),
        ({"hub.topic": "x" * 2001}, False),
        ({"hub.secret": "é" * 99 + "a"}, True),
        ({"hub.secret": "é" * 100}, False),
        ({"hub.callback": "https://reader.example/~!"}, True),
        ({"hub.callback": "https://reader.example/\x7f"}, False),
        ({"hub.callback": "https://reader.example/é"}, False),
        ({"hub.callback": "https://reader.example:70000/"}, False),
        ({"hub.callback": "https://"}, False),
        ({"hub.callback": "http://reader.example"}, True),
        ({"hub.mode": "unsubscribe"}, True),
    ],
)
def test_each_part_of_a_form_has_its_limit(change: dict[str, str], fits: bool) -> None:
    assert isinstance(read_form({**FORM, **change}), Intent) is fits
