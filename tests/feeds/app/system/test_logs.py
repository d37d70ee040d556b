"""Log lines: one line each whatever a page says, short, without secrets; what repeats is counted (X2, X3)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from feeds.app.system import logs
from feeds.app.system.logs import AGAIN, Fold, _clean

HOSTILE = "Fine\n2026-03-02T12:00:00Z [info] visit state=ok\r\x1b[2J\x1b]0;owned\x07\x9b31m\u2028\u202egpj.exe\ud800\0"


@pytest.fixture(params=["text", "json"])
def lines(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """What was logged, line by line."""
    logs.configure(form=request.param)

    def read() -> list[str]:
        text = capsys.readouterr().err
        assert text.endswith("\n") or not text
        return text.split("\n")[:-1]

    return read


@pytest.fixture(autouse=True)
def _restored() -> Any:
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = []


def harmless(line: str) -> bool:
    return line.isprintable() and len(line.encode()) <= 8192


def test_a_hostile_title_is_one_harmless_line(lines: Callable[[], list[str]]) -> None:
    structlog.get_logger().info("visit", source="courier", why=HOSTILE, mistakes=[HOSTILE, {"a": HOSTILE}])
    (line,) = lines()
    assert harmless(line)
    assert "Fine" in line


@given(st.text(), st.lists(st.text()), st.binary())
def test_any_values_make_a_short_line_that_is_json(text: str, texts: list[str], data: bytes) -> None:
    event = _clean(None, "", {"event": text * 50, "why": texts * 50, "data": data, "number": 3, "nothing": None})
    line = json.dumps(event, ensure_ascii=False)
    assert harmless(line)
    assert event["number"] == 3


def test_a_title_of_a_hundred_kilobytes_is_cut(lines: Callable[[], list[str]]) -> None:
    log = structlog.get_logger()
    for character in ("a", "\x1b", "\ud800", "🙂", '"', "\\"):
        log.info("visit", why=character * 100_000, more=[character * 100_000] * 50)
    found = lines()
    assert len(found) == 6
    assert all(harmless(line) for line in found)


def test_a_traceback_cannot_fake_a_line(lines: Callable[[], list[str]]) -> None:
    try:
        raise ValueError(f"{HOSTILE} https://desk:hunter2@courier.example/?token=hunter3" * 100)
    except ValueError as error:
        structlog.get_logger().error("bug", source="courier", exc_info=error)
    found = lines()
    assert all(harmless(line) for line in found)
    if found[0].startswith("{"):
        assert len(found) == 1
        assert "ValueError" in json.loads(found[0])["exception"]
    else:
        assert all(line.startswith("  | ") for line in found[1:])
    assert "hunter" not in "".join(found)


def test_the_lines_of_libraries_are_no_other(lines: Callable[[], list[str]]) -> None:
    text = HOSTILE.replace("\ud800", "")  # pytest hands on what libraries log, as UTF-8
    logging.getLogger("uvicorn.error").warning("odd request %s Cookie: session=hunter2", text)
    (line,) = lines()
    assert harmless(line)
    assert "hunter" not in line


def test_headers_with_secrets_are_masked(lines: Callable[[], list[str]]) -> None:
    log = structlog.get_logger()
    for text in (
        "Authorization: Basic aHVudGVyMg==",
        "{'cookie': 'session=aHVudGVyMg=='}",
        "Proxy-Authorization=Basic aHVudGVyMg==",
        "('set-cookie', 'a=aHVudGVyMg==')",
        "https://courier.example/?api_key=aHVudGVyMg==",
    ):
        log.warning("odd", why=text)
    assert len(found := lines()) == 5
    assert "aHVudGVyMg" not in "".join(found)


class Heard:
    """What passes a Fold."""

    def __init__(self) -> None:
        self.now = 0.0
        self.fold = Fold(lambda: self.now)

    def __call__(self, event: str = "visit", **values: Any) -> dict[str, Any] | None:
        try:
            return dict(self.fold(None, "", {"event": event, **values}))
        except structlog.DropEvent:
            return None


def test_the_same_cause_again_and_again_is_told_with_its_count() -> None:
    hear = Heard()
    told = [hear(source="courier", why=f"left alone for another {n} s") for n in range(100)]
    assert [n for n, event in enumerate(told, 1) if event] == [1, 10, 100]
    assert (told[0] or {}).get("times") is None
    assert (told[99] or {})["times"] == 100
    hear.now += AGAIN
    assert (hear(source="courier", why="left alone for another 5 s") or {})["times"] == 101, "once a day"


def test_its_end_and_another_cause_say_how_often_it_was() -> None:
    hear = Heard()
    for _ in range(7):
        hear(source="courier", why="no answer")
    assert (hear(source="courier", why="404") or {})["before"] == "7 times: no answer"
    assert hear(source="courier", state="ok") == {"event": "visit", "source": "courier", "state": "ok"}
    for _ in range(3):
        hear(source="courier", why="no answer")
    assert (hear(source="courier", state="ok") or {})["before"] == "3 times: no answer"
    assert hear(source="courier", why="no answer") == {"event": "visit", "source": "courier", "why": "no answer"}


def test_sources_and_events_are_counted_apart() -> None:
    hear = Heard()
    assert hear(source="courier", why="no answer")
    assert hear(source="herald", why="no answer")
    assert hear("not published", feed="t/all", why="no answer")
    assert hear(source="courier", why="no answer") is None
    assert all(hear(source="courier", state="ok") for _ in range(5)), "what has no cause is not counted"


def test_what_is_remembered_is_bounded() -> None:
    hear = Heard()
    for n in range(logs.REMEMBERED + 50):
        hear(source=f"source-{n}", why="no answer")
    assert len(hear.fold._met) == logs.REMEMBERED
    hear(source="courier" * 1000, why="no answer " * 1000)
    assert max(len(part) for who, (cause, *_) in hear.fold._met.items() for part in (*who, cause)) <= 300


def test_a_line_for_machines_tells_the_time_in_utc(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        logs.configure(form="json")
        structlog.get_logger().info("quay")
        told = json.loads(capsys.readouterr().err)["timestamp"]
        assert told.endswith("Z")
        assert abs(datetime.fromisoformat(told) - datetime.now(UTC)) < timedelta(hours=1)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_libraries_note_for_their_makers_is_no_line(lines: Callable[[], list[str]]) -> None:
    for name in ("httpx", "httpcore", "apscheduler", "uvicorn", "another"):
        logging.getLogger(name).info("a detail")
    assert lines() == []
    logging.getLogger("httpx").warning("a warning")
    assert len(lines()) == 1


def test_a_configuration_takes_the_place_of_the_one_before(lines: Callable[[], list[str]]) -> None:
    logs.configure(level=logging.WARNING)
    structlog.get_logger().info("quay")
    logging.getLogger("another").error("once")
    assert len(lines()) == 1


def test_letters_of_all_scripts_are_written_and_halves_of_letters_are_no_error() -> None:
    assert logs._json({"why": "Kyjiw Київ"}) == '{"why": "Kyjiw Київ"}'.encode()
    assert logs._json({"why": "a\ud800"}) == b'{"why": "a?"}'
    assert len(logs._json({"when": datetime(2026, 3, 1, tzinfo=UTC)})) > 20


def test_values_of_a_line() -> None:
    event = {"n": 7, "ok": True, "none": None, "ratio": 0.5, "all": tuple(range(30)), "what": {"a": 1}}
    assert _clean(None, "", dict(event)) == {**event, "all": list(range(20)), "what": "{'a': 1}"}
    assert _clean(None, "", {"why": "x" * 3000}) == {"why": "x" * logs.VALUE_MOST}


def test_lines_that_a_full_disk_took_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        written: list[str] = []
        room = False

        def write(self, text: str) -> None:
            if not self.room:
                raise OSError("no space")
            self.written.append(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(logs.sys, "stderr", Full())
    stream = logs._Stream()
    stream.write("a")
    stream.write("b")
    Full.room = True
    stream.write("c")
    stream.write("d")
    assert Full.written == ["[2 pieces of the log were lost here]\n", "c", "d"]
