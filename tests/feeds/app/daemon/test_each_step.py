"""What each helper of the daemon does, step by step, over an application that notes what it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY, AsyncMock, Mock, call

import pytest

from feeds import pipe
from feeds.app.config.tables import AlarmConfig
from feeds.app.daemon import alarms, expiry, health_checks, loop_watch, maintenance, once
from feeds.app.daemon.control import ControlQueue, ask
from feeds.app.daemon.handlers import handlers
from feeds.app.daemon.maintenance import Maintenance
from feeds.errors import StoreBusy
from feeds.health.assess import Trouble
from feeds.messages import PageLocale
from feeds.rows import TroubleRow
from scrapers import CopydeskError

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def an_app(**more: Any) -> Any:
    """An application whose store's thread is this one."""

    async def do(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return work(*arguments, **named)

    store = Mock()
    store.transaction.side_effect = contextlib.nullcontext
    thread = SimpleNamespace(call=do, store=store, scrub=AsyncMock(return_value=True))
    return SimpleNamespace(**{"thread": thread, "clock": lambda: NOW, "publisher": AsyncMock(), **more})


# --- what commands ask for


def test_requests_that_go_to_the_web_server_and_to_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    server = SimpleNamespace(
        published=AsyncMock(), refresh=AsyncMock(),
        desk=SimpleNamespace(
            closed=AsyncMock(return_value=None), links=Mock(), address="http://desk", password_changed=AsyncMock(),
        ),
    )  # fmt: skip
    retopic = Mock(return_value={"harbour": 2})
    monkeypatch.setattr(pipe, "retopic", retopic)
    installation = SimpleNamespace(topics=["t"], engine=SimpleNamespace(subjects="s"), seeds={})
    app = an_app(installation=installation, repairs=SimpleNamespace(examination=AsyncMock(return_value={"a": 1})))
    app.publisher.publish.return_value = ["x.atom"]
    scheduler: Any = SimpleNamespace(running={})
    table = handlers(app, scheduler, AsyncMock(return_value=False), lambda: server)  # type: ignore[arg-type,return-value]
    done = {name: asyncio.run(table[name]({"digest": 7})) for name in ("retopic", "forget", "tokens", "desk_link", "desk_password", "reload")}  # fmt: skip  # noqa: E501
    assert done == {
        "retopic": {"harbour": 2}, "forget": {"clean": True}, "tokens": {}, "desk_link": {"address": "http://desk"},
        "desk_password": {}, "reload": {"applied": False},
    }  # fmt: skip
    assert retopic.mock_calls == [call(app.thread.store, ["t"], NOW, "s")]
    assert app.publisher.mock_calls == [call.publish(), call.publish()]
    assert server.published.mock_calls == [call(["x.atom"])]
    assert server.desk.links.mock_calls == [call.add("7")]
    assert (server.refresh.await_count, server.desk.password_changed.await_count) == (1, 1)
    server.desk.closed.return_value = "it needs a password"
    assert asyncio.run(table["desk_link"]({"digest": 7})) == {"error": "it needs a password"}
    server.desk = None
    assert "error" in asyncio.run(table["desk_link"]({}))
    assert asyncio.run(table["desk_password"]({})) == {}


def test_a_repair_waits_for_the_visit_of_its_source() -> None:
    async def work() -> list[str]:
        order: list[str] = []

        async def visit() -> None:
            await asyncio.sleep(0)
            order.append("visit")

        async def examination(name: str) -> dict[str, Any]:
            order.append(name)
            return {}

        app = an_app(repairs=SimpleNamespace(examination=examination), installation=None)
        scheduler: Any = SimpleNamespace(running={"wire": asyncio.create_task(visit())})
        await handlers(app, scheduler, AsyncMock(), lambda: None)["repair"]({"name": "wire"})
        return order

    assert asyncio.run(work()) == ["visit", "wire"]


def test_an_article_that_was_known_is_not_new() -> None:
    record = SimpleNamespace(id="i", title="T")
    for kept, new in ((None, False), (SimpleNamespace(fresh=()), False), (SimpleNamespace(fresh=("i",)), True)):
        app = an_app(jobs=SimpleNamespace(fetch_url=AsyncMock(return_value=(record, kept))), installation=None)
        table = handlers(app, Mock(), AsyncMock(), lambda: None)
        assert asyncio.run(table["fetch_url"]({"url": "u"})) == {"id": "i", "title": "T", "new": new}


def answered(row: Any, *, held: bool = True, patience: float = 5.0) -> tuple[dict[str, Any], Any]:
    app = an_app(lock=SimpleNamespace(holder=lambda: 7 if held else None))
    app.thread.store.control.ask.return_value = 3
    app.thread.store.control.get.side_effect = row if isinstance(row, list) else [row] * 3
    return asyncio.run(ask(app, "visit", {"names": []}, patience)), app.thread.store.control


def test_the_answer_to_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.app.daemon.control.PAUSE", 0.0)
    waits, done = SimpleNamespace(done=None, result=None), SimpleNamespace(done=NOW, result={"a": 1})
    found, control = answered([waits, done])
    assert (found, control.mock_calls) == ({"a": 1}, [call.ask("visit", {"names": []}, ANY), call.get(3), call.get(3)])
    assert answered(SimpleNamespace(done=NOW, result=None))[0] == {}
    assert answered(None)[0] == {"error": "the request was lost"}
    assert answered(waits, held=False)[0] == {"error": "the daemon ended before it answered"}
    assert answered(waits, patience=0.0)[0] == {"error": "the daemon did not answer within 0 s"}


@pytest.mark.parametrize(
    ("error", "result", "bugs"),
    [
        (None, {"a": 1}, []),
        (CopydeskError("no answer"), {"error": "no answer"}, []),
        (ValueError("x"), {"error": "a bug: ValueError('x')"}, [call.bug(ANY, "request visit")]),
    ],
)
def test_a_request_is_handled_and_its_answer_stored(
    error: Exception | None, result: dict[str, Any], bugs: list[Any]
) -> None:
    app = an_app(statistics=Mock())
    app.thread.store.control.answer.side_effect = [StoreBusy("busy"), None]
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def work() -> Any:
        queue = ControlQueue(app, {"visit": AsyncMock(return_value={"a": 1}, side_effect=error)}, asyncio.Event())
        await queue.answer(SimpleNamespace(n=3, kind="visit", payload={}), pause)  # type: ignore[arg-type]
        return await queue.perform("dance", {})

    unknown = asyncio.run(work())
    assert unknown == {"error": "this daemon does not know the request 'dance'; is it of another version?"}
    assert app.thread.store.control.mock_calls == [call.answer(3, result, NOW)] * 2
    assert (pauses, app.statistics.mock_calls) == ([15.0], bugs)


# --- looks at health


def test_the_troubles_of_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    assessed = Mock(return_value=SimpleNamespace(troubles=["t"], judged=True))
    monkeypatch.setattr(health_checks, "assess", assessed)
    store = an_app().thread.store
    store.health.unassessed.return_value = ["a", "b", "c", "gone"]
    facts = {"a": SimpleNamespace(last_visit=NOW), "b": SimpleNamespace(last_visit=None), "c": None, "gone": SimpleNamespace(last_visit=NOW)}  # fmt: skip  # noqa: E501
    store.health.facts.side_effect = lambda name, now, expected: facts[name]
    store.troubles.note.side_effect = [False, True]
    seeds: Any = {"a": SimpleNamespace(expect=SimpleNamespace(records_per_day=4.0))}
    assert health_checks.look(store, seeds, NOW, patience=9.0) == (4, True)
    assert store.health.unassessed.mock_calls == [call(20)]
    assert store.health.facts.mock_calls == [call("a", NOW, 4.0), *[call(one, NOW, None) for one in ("b", "c", "gone")]]
    assert assessed.mock_calls == [call(facts["a"], NOW, patience=9.0), call(facts["gone"], NOW, patience=9.0)]
    health = assessed.return_value
    assert store.health.keep.mock_calls == [call("a", NOW, health), call("gone", NOW, health)]
    assert store.troubles.note.mock_calls == [
        call("source:a", ["t"], NOW, judged=True), call("source:gone", ["t"], NOW, judged=True),
    ]  # fmt: skip
    assert store.transaction.call_count == 1
    store.health.unassessed.return_value = []
    assert health_checks.look(store, seeds, NOW, patience=9.0) == (0, False)
    assert store.transaction.call_count == 1


def test_all_sources_are_looked_at_twenty_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Mock(side_effect=[(20, False), (20, True), (19, False)])
    monkeypatch.setattr(health_checks, "look", look)
    installation = SimpleNamespace(seeds={"a": 1}, config=SimpleNamespace(alarms=SimpleNamespace(after=5.0)))
    app = an_app(installation=installation)
    assert asyncio.run(health_checks.look_at_all(app)) is True
    assert look.mock_calls == [call(app.thread.store, {"a": 1}, NOW, patience=5.0)] * 3


def test_the_troubles_of_public_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    assessed = Mock(side_effect=lambda hours, last: [hours, last])
    monkeypatch.setattr(health_checks, "assess_topic", assessed)
    store = Mock()
    store.health.last_success.return_value = NOW
    store.topics.all.return_value = [SimpleNamespace(name=name, place=place) for name, place in (("p", "x"), ("a", None), ("b", None))]  # fmt: skip  # noqa: E501
    store.health.topic_hours.side_effect = lambda name: f"hours of {name}"
    store.troubles.note.side_effect = [True, False]
    assert health_checks.look_at_topics(store, NOW) is True
    assert store.troubles.note.mock_calls == [
        call("topic:a", ["hours of a", NOW], NOW), call("topic:b", ["hours of b", NOW], NOW),
    ]  # fmt: skip


def test_the_troubles_of_records() -> None:
    store = Mock()
    record = SimpleNamespace(title="T" * 120, source="wire", url="https://w.example/a")
    store.records.quarantined.return_value = [SimpleNamespace(n=4, record=record, quarantined="it breaks a document")]
    assert health_checks.look_at_records(store, NOW) is store.troubles.note.return_value
    why = f"{'T' * 100!r} of wire (https://w.example/a) is kept out of the feeds: it breaks a document"
    assert store.mock_calls == [
        call.records.quarantined(50), call.troubles.note("publisher", [Trouble("record:4", "degraded", why, NOW)], NOW),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("work", "cause"),
    [
        (None, None),
        ({"under_way": 1}, None),
        ({"oldest_queued_seconds": 179.9}, None),
        ({}, "4 visits wait, the oldest for 3 minutes, and no scraper is there"),
        ({"scrapers": [{"gone": False}, {"gone": True}, {"gone": False}]},
         "4 visits wait, the oldest for 3 minutes, and none of 2 scrapers takes one"),
    ],
)  # fmt: skip
def test_visits_that_nobody_makes(work: dict[str, Any] | None, cause: str | None) -> None:
    told = (
        None if work is None else {"under_way": 0, "oldest_queued_seconds": 180.0, "queued": 4, "scrapers": [], **work}
    )
    expected = [] if cause is None else [Trouble("scrapers", "failing", cause, NOW - timedelta(minutes=3))]
    assert health_checks.idle_scrapers_trouble(told, NOW) == expected


@pytest.mark.parametrize(
    ("lost", "cause"),
    [
        ([], None),
        (["t/a.atom"], "1 published file was missing and had to be written again, such as t/a.atom"),
        (["t/TOKEN/a.atom"], "1 published file was missing and had to be written again"),
        (
            ["a", "t/b/c", "s/d", "e", "f"],
            "5 published files were missing and had to be written again, such as a, s/d, e",
        ),
    ],
)
def test_published_files_that_were_lost(lost: list[str], cause: str | None) -> None:
    expected = [] if cause is None else [Trouble("lost", "degraded", cause, NOW)]
    assert health_checks.lost_files_trouble(lost, NOW) == expected


# --- alarms

TROUBLE = TroubleRow(1, "source:courier", "silent", "degraded", "nothing new for 3 d", NOW - DAY, NOW, None)
CONFIG: Any = SimpleNamespace(
    title="Desk", base_url="https://desk.example", page_locale=PageLocale("en", "UTC"), path=lambda name: Path(name),
    alarms=AlarmConfig(),
)  # fmt: skip


def test_what_a_program_is_told() -> None:
    over = replace(TROUBLE, closed=NOW + timedelta(hours=1, microseconds=7))
    told = alarms.message(CONFIG, [(TROUBLE, "begin"), (over, "end")])
    assert (told["title"], told["status"], told["text"]) == (
        "Desk", "https://desk.example/status.json", "1 in trouble, 1 over",
    )  # fmt: skip
    begin, end = told["happenings"]
    assert begin == {
        "what": "begin", "about": "source:courier", "kind": "silent", "state": "degraded",
        "cause": "nothing new for 3 d",
        "since": "2026-03-09T12:00:00+00:00", "noticed": "2026-03-10T12:00:00+00:00", "over": None,
        "text": "courier: degraded, nothing new for 3 d",
    }  # fmt: skip
    assert end == {**begin, "what": "end", "state": "ok", "over": "2026-03-10T13:00:00+00:00", "text": end["text"]}
    assert alarms.subject([(TROUBLE, "begin")] * 2, "en") == "2 in trouble"
    assert alarms.subject([(TROUBLE, "end")] * 2, "en") == "2 over"


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The mail servers that are asked, by the name of their class."""
    made: dict[str, Any] = {}
    for name in ("SMTP", "SMTP_SSL"):
        server = Mock()
        server.__enter__ = Mock(return_value=server)
        server.__exit__ = Mock(return_value=None)
        made[name] = Mock(return_value=server)
        monkeypatch.setattr(alarms.smtplib, name, made[name])
    return made


@pytest.mark.parametrize(
    ("security", "user", "opened", "steps"),
    [
        ("none", None, ("SMTP", {}), []),
        ("starttls", None, ("SMTP", {}), [call.starttls(context=ANY)]),
        ("tls", None, ("SMTP_SSL", {"context": ANY}), []),
        ("tls", "ada", ("SMTP_SSL", {"context": ANY}), [call.login("ada", "secret")]),
    ],
)
def test_a_mail_server_is_asked_as_it_is_configured(
    servers: dict[str, Any], tmp_path: Path, security: Any, user: str | None, opened: tuple[str, Any], steps: list[Any]
) -> None:
    (tmp_path / "password").write_text(" secret\n")
    told = AlarmConfig(
        mail="desk@example.org", smtp="[::1]:587", smtp_security=security, smtp_user=user,
        smtp_password_file=str(tmp_path / "password"),
    )  # fmt: skip
    title = replace_title("A\nB\r" + "x" * 300)
    alarms.by_mail(told, title, [(TROUBLE, "begin"), (TROUBLE, "begin")])
    name, more = opened
    other = "SMTP_SSL" if name == "SMTP" else "SMTP"
    assert servers[name].mock_calls[0] == call("::1", 587, timeout=30.0, **more)
    assert not servers[other].called
    server = servers[name].return_value
    assert server.method_calls == [*steps, call.send_message(ANY)]
    mail = server.send_message.call_args.args[0]
    assert (mail["From"], mail["To"]) == ("desk@example.org",) * 2
    assert mail["Subject"] == f"[A B {'x' * 300}"[:200].replace("\r", " ")
    line = f"courier: degraded, nothing new for 3 d\n  {alarms.since(TROUBLE, title.page_locale)}"
    assert mail.get_content() == f"{line}\n\n{line}\n\nhttps://desk.example/status.json\n"


def replace_title(title: str) -> Any:
    return SimpleNamespace(**{**vars(CONFIG), "title": title})


def test_a_secret_of_the_configuration_or_of_its_file(tmp_path: Path) -> None:
    assert alarms._secret(CONFIG, "a", "b") == "a"
    assert alarms._secret(CONFIG, None, None) == ""
    for data in (None, b"\xff\xfe\xfd"):
        path = tmp_path / "missing"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(alarms.AlarmFailed, match="missing: cannot be read"):
            alarms._secret(CONFIG, None, str(path))


def test_a_channel_that_fails_waits_twice_as_long_each_time() -> None:
    async def work() -> None:
        app = an_app()
        store = app.thread.store
        store.troubles.untold.return_value = [(TROUBLE, "begin")]
        told = alarms.Alarms(app)
        clock = asyncio.get_running_loop().time
        send = AsyncMock(side_effect=OSError("no route"))
        assert await told._tell_by("mail", send) == 0
        not_before, wait = told._waits["mail"]
        assert wait == 120.0 and 59.0 < not_before - clock() <= 60.0
        assert await told._tell_by("mail", send) == 0 and send.await_count == 1
        for before, after in ((120.0, 240.0), (3000.0, 3600.0), (3600.0, 3600.0)):
            told._waits["mail"] = (0.0, before)
            assert await told._tell_by("mail", send) == 0
            assert told._waits["mail"][1] == after
        told._waits["mail"] = (0.0, 60.0)
        sent = AsyncMock()
        assert await told._tell_by("mail", sent) == 1
        assert "mail" not in told._waits
        assert sent.mock_calls == [call([(TROUBLE, "begin")])]
        assert store.troubles.open_channel.mock_calls == [call("mail", NOW)]
        assert store.troubles.tell.mock_calls == [call("mail", [(1, "begin")], NOW)]
        store.troubles.untold.return_value = []
        assert await told._tell_by("mail", sent) == 0 and sent.await_count == 1

    asyncio.run(work())


@pytest.mark.parametrize(("status", "fails"), [(199, True), (200, False), (299, False), (300, True)])
def test_a_webhook_that_answers(status: int, fails: bool) -> None:
    told = AlarmConfig(webhook="https://hook.example/", webhook_networks=("10.0.0.0/8",))
    config = SimpleNamespace(**{**vars(CONFIG), "alarms": told, "title": "Tür"})
    fetcher = SimpleNamespace(send=AsyncMock(return_value=SimpleNamespace(status=status)))
    app = an_app(fetcher=fetcher, installation=SimpleNamespace(config=config))
    with pytest.raises(alarms.AlarmFailed, match=f"answered {status}") if fails else contextlib.nullcontext():
        asyncio.run(alarms._by_webhook(app, [(TROUBLE, "begin")]))
    body = json.dumps(alarms.message(config, [(TROUBLE, "begin")]), ensure_ascii=False).encode()
    assert fetcher.send.mock_calls == [
        call(
            "POST", "https://hook.example/", body=body, headers={"Content-Type": "application/json"},
            networks=("10.0.0.0/8",),
        )
    ]  # fmt: skip
    assert "Tür".encode() in body


def test_the_channels_of_an_installation() -> None:
    for told, names in (
        (AlarmConfig(), []),
        (AlarmConfig(command=("a",)), ["command"]),
        (AlarmConfig(webhook="https://a.example/", mail="a@b.example"), ["webhook", "mail"]),
        (AlarmConfig(webhook_file="f"), ["webhook"]),
    ):
        app = an_app(installation=SimpleNamespace(config=SimpleNamespace(alarms=told)))
        assert list(alarms._channels(app)) == names


# --- what is removed


@pytest.mark.parametrize(("keep", "most"), [(86400.0, 5), (0.0, 5), (86400.0, 0), (0.0, 0)])
def test_what_is_older_than_is_kept(keep: float, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Mock()
    looked.retention.old_documents.return_value = [2, 1]
    looked.retention.surplus_documents.return_value = [3]
    looked.retention.old_records.side_effect = lambda before, **more: range(35) if not more else [50, 1]
    monkeypatch.setattr(expiry, "_looked_up", lambda at, find: find(looked))
    config = SimpleNamespace(store=SimpleNamespace(keep=keep, keep_entries=most), store_at="at")
    app = an_app(installation=SimpleNamespace(config=config, drop_unasked=AsyncMock()), fetcher=Mock())
    store = app.thread.store
    store.sources.labels.return_value = [SimpleNamespace(name="a"), SimpleNamespace(name="b")]
    store.file.shrink.side_effect = [True, True, False]
    gone = asyncio.run(expiry.expire(app))
    documents = [*([1, 2] if keep else []), *([3] if most else [])]
    records = sorted({*(range(35) if keep else ()), *((50, 1) if most else ())})
    assert gone == len(documents) + len(records)
    retention = store.retention.mock_calls
    assert retention[:2] == [call.forget_links("a", NOW), call.forget_links("b", NOW)]
    assert retention[2:] == [
        *[call.drop_documents([n]) for n in documents],
        *[call.expire(records[n : n + 30], NOW) for n in range(0, len(records), 30)],
    ]
    asked = looked.retention.old_records.mock_calls
    assert asked == [*([call(NOW - DAY)] if keep else []), *([call(NOW - 7 * DAY, quarantined=False)] if most else [])]
    assert looked.retention.old_documents.mock_calls == ([call(NOW - DAY)] if keep else [])
    assert looked.retention.surplus_documents.mock_calls == ([call(most)] if most else [])
    assert app.fetcher.mock_calls == [call.paces.forget_old(NOW.timestamp())]
    assert app.installation.drop_unasked.await_count == 1 and store.asked_files.trim.call_count == 1
    assert store.file.shrink.call_count == 3


# --- rounds


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Maintenance, Any, list[float]]:
    """A maintenance whose steps are told, its application, and its clock."""
    clock = [0.0]
    config = SimpleNamespace(store=SimpleNamespace(backups=0), public=tmp_path, store_at="at")
    app = an_app(
        installation=SimpleNamespace(config=config), queue=SimpleNamespace(report=AsyncMock(return_value=None))
    )
    app.publisher = SimpleNamespace(lost=(), find_lost=AsyncMock(), still_lost=AsyncMock(), publish=AsyncMock())
    app.disk_space, app.disk_troubles, app.untold = Mock(), Mock(), {}
    app.thread.store.troubles.note.return_value = False
    app.thread.store.troubles.close_orphans.return_value = False
    for name in ("look_at_all",):
        monkeypatch.setattr(maintenance, name, AsyncMock(return_value=False))
    for name in ("look_at_topics", "look_at_records"):
        monkeypatch.setattr(maintenance, name, Mock(return_value=False))
    monkeypatch.setattr(maintenance, "expire", AsyncMock(return_value=0))
    made = Maintenance(app, AsyncMock(), Mock(), lambda: clock[0])
    made.alarms = SimpleNamespace(tell=AsyncMock(return_value=0))  # type: ignore[assignment]
    made._show = AsyncMock()  # type: ignore[method-assign]
    return made, app, clock


def test_what_is_looked_at_in_a_round_and_when(rounds: tuple[Maintenance, Any, list[float]]) -> None:
    made, app, clock = rounds
    topics: Any = maintenance.look_at_topics
    expire: Any = maintenance.expire
    counts = []
    for at in (0.0, 5.0, 29.9, 30.0, 599.9, 600.0, 1199.0, 1200.0, 86999.9, 87000.0):
        clock[0] = at
        made._shown = True
        asyncio.run(made.round())
        counts.append((topics.call_count, app.queue.report.await_count, expire.await_count))
    assert counts == [
        (1, 1, 0), (1, 1, 0), (1, 1, 0), (1, 2, 0), (1, 3, 0), (2, 3, 1), (2, 4, 1), (3, 4, 1), (4, 5, 1), (4, 5, 2),
    ]  # fmt: skip
    assert made._show.await_count == 1, "after the daily look for files"  # type: ignore[attr-defined]
    notes = app.thread.store.troubles.note.mock_calls
    assert call("disk", [], NOW) in notes and call("folder", [], NOW) in notes and call("work", [], NOW) in notes
    assert notes.count(call("daemon", [], NOW)) == 9, "from the second round on"
    assert app.thread.store.file.empty_log.mock_calls[0] == call(maintenance.WAL_MOST)


@pytest.mark.parametrize("what", ["disk", "folder", "work", "orphans", "records", "topics", "sources", "nothing"])
def test_whatever_changes_is_shown(rounds: tuple[Maintenance, Any, list[float]], what: str) -> None:
    made, app, _ = rounds
    app.thread.store.troubles.note.side_effect = lambda subject, *_: subject == what
    app.thread.store.troubles.close_orphans.return_value = what == "orphans"
    maintenance.look_at_records.return_value = what == "records"  # type: ignore[attr-defined]
    maintenance.look_at_topics.return_value = what == "topics"  # type: ignore[attr-defined]
    maintenance.look_at_all.return_value = what == "sources"  # type: ignore[attr-defined]
    made._shown = True
    asyncio.run(made.round())
    assert made._show.called is (what != "nothing")  # type: ignore[attr-defined]


def test_what_was_removed_is_published_anew(rounds: tuple[Maintenance, Any, list[float]]) -> None:
    made, _, _ = rounds
    expire: Any = maintenance.expire
    fresh: Any = made._fresh
    for gone, calls in ((0, 0), (3, 1)):
        expire.return_value = gone
        assert asyncio.run(made._expire()) == gone
        assert fresh.call_count == calls
    expire.side_effect = OSError("no room")
    assert asyncio.run(made._expire()) == 0


def test_lost_files_are_looked_for_once_a_day_and_until_they_are_back(
    rounds: tuple[Maintenance, Any, list[float]],
) -> None:
    made, app, clock = rounds
    note = app.thread.store.troubles.note
    app.publisher.lost = ("t/a.atom",)
    app.publisher.still_lost.return_value = True
    app.publisher.find_lost.return_value = True

    def look(at: float) -> list[Trouble]:
        clock[0] = at
        asyncio.run(made._look_for_files(NOW))
        assert note.call_args.args[0::2] == ("folder", NOW)
        return note.call_args.args[1]  # type: ignore[no-any-return]

    assert look(0.0) == health_checks.lost_files_trouble(("t/a.atom",), NOW)
    assert not app.publisher.still_lost.called, "what was found at the start is told once at least"
    assert look(5.0) != [] and app.publisher.still_lost.await_count == 1
    app.publisher.still_lost.return_value = False
    assert look(10.0) == []
    assert not app.publisher.find_lost.called and not made._fresh.called  # type: ignore[attr-defined]
    made._shown = True
    assert look(86400.0) == [] and not made._shown
    assert app.publisher.find_lost.await_count == 1 and made._fresh.call_count == 1  # type: ignore[attr-defined]


def test_the_troubles_of_disks_are_told_until_they_are_stored(rounds: tuple[Maintenance, Any, list[float]]) -> None:
    made, app, _ = rounds
    one, other = Trouble("a", "failing", "full", NOW), Trouble("b", "failing", "full", NOW)
    app.untold = {"a": one}
    app.disk_troubles.side_effect = lambda: app.untold.setdefault("b", other)
    app.thread.store.troubles.note.return_value = True
    assert asyncio.run(made._note_disk(NOW)) is True
    assert app.thread.store.troubles.note.mock_calls == [call("disk", [one, other], NOW)]
    assert app.untold == {}


def not_made(why: str) -> Trouble:
    return Trouble("backup", "failing", f"the daily copy of the store could not be made: {why}", NOW)


@pytest.mark.parametrize(
    ("made_of", "day", "noted"),
    [
        (Path("copy"), NOW, [call("backup", [], NOW)]),
        (OSError("no room"), NOW, [call("backup", [not_made("no room")], NOW)]),
        (CopydeskError("busy"), NOW, [call("backup", [not_made("busy")], NOW)]),
        (Path("copy"), NOW - 2 * DAY, [
            call("backup", [], NOW - 2 * DAY),
            call("store", [Trouble("damage", "failing", "the store is damaged: one", NOW - 2 * DAY)], NOW - 2 * DAY)]),
        (None, NOW - 2 * DAY, [call("backup", [], NOW - 2 * DAY)]),
    ],
)  # fmt: skip
def test_the_copy_of_the_day(
    rounds: tuple[Maintenance, Any, list[float]], monkeypatch: pytest.MonkeyPatch, made_of: Any, day: datetime,
    noted: list[Any],
) -> None:  # fmt: skip
    made, app, clock = rounds
    app.clock, app.installation.config.store.backups, clock[0] = (lambda: day), 3, 100.0
    daily = Mock(side_effect=[made_of] if not isinstance(made_of, Exception) else made_of)
    monkeypatch.setattr(maintenance, "daily_copy", daily)
    monkeypatch.setattr(maintenance, "damage_of", Mock(return_value=["one", "two"]))
    asyncio.run(made._back_up())
    assert daily.mock_calls == [call("at", 3, day)]
    assert app.thread.store.troubles.note.mock_calls == noted
    assert made._backup_after == 100.0 + (3600.0 if isinstance(made_of, Exception) else 600.0)


def test_a_hang_is_stored_for_the_next_daemon() -> None:
    app = an_app()
    asyncio.run(maintenance.note_hang(app, "a visit hangs"))
    trouble = Trouble("hang", "failing", "a visit hangs", NOW)
    assert app.thread.store.troubles.note.mock_calls == [call("daemon", [trouble], NOW)]


# --- a single round


@pytest.mark.parametrize(
    ("done", "code", "words"),
    [
        (once.Round(), 0, ["0 sources visited, 0 new stories, 0 revised"]),
        (once.Round(1, 1, 2), 0, ["1 source visited, 1 new story, 2 revised"]),
        (once.Round(2, 0, 0, {"b": "gone", "a": "no answer"}), 6,
         ["2 sources visited, 0 new stories, 0 revised, 2 failed", "a: no answer", "b: gone"]),
        (once.Round(refused="the disk is full"), 6, ["nothing was visited: the disk is full"]),
        (once.Round(refused="x", unpublished=True), 6,
         ["nothing was visited: x", "feeds could not be written; the old ones stay"]),
        (once.Round(unpublished=True), 6,
         ["0 sources visited, 0 new stories, 0 revised", "feeds could not be written; the old ones stay"]),
    ],
)  # fmt: skip
def test_what_a_round_came_to(done: once.Round, code: int, words: list[str]) -> None:
    assert (done.exit_code, done.in_words()) == (code, words)


def test_what_a_round_visits() -> None:
    app = an_app(installation=SimpleNamespace(seeds=dict.fromkeys("abcd")))
    late = timedelta(seconds=1)
    app.thread.store.sources.dues.return_value = {"a": NOW, "b": NOW + late, "c": NOW + late, "x": NOW}
    app.thread.store.sources.never_visited.return_value = ["c", "x"]
    assert asyncio.run(once.due_now(app)) == ["a", "c"]


def test_the_place_of_a_frame() -> None:
    def frame(module: str, name: str, line: int, back: Any = None) -> Any:
        code = SimpleNamespace(co_qualname=name, co_name=name)
        return SimpleNamespace(f_globals={"__name__": module}, f_code=code, f_lineno=line, f_back=back)

    ours = frame("feeds.pipe", "keep", 7)
    assert loop_watch.place_of(ours) == "feeds.pipe.keep:7"
    assert (
        loop_watch.place_of(frame("json", "dumps", 9, frame("json", "x", 1, ours))) == "feeds.pipe.keep:7 (json.dumps)"
    )
    assert loop_watch.place_of(frame("json", "dumps", 9)) == "json.dumps:9"
    assert loop_watch.place_of(frame("feedsx", "a", 1, frame("scrapers", "b", 2))) == "scrapers.b:2 (feedsx.a)"
    assert [loop_watch._waits(frame(name, "f", 1)) for name in ("selectors", "queue", "feeds", "")] == [
        True,
        True,
        False,
        False,
    ]
