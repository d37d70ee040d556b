"""What the daemon does for the commands beside it: whom it asks, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.daemon.handlers import handlers


class Told:
    """An application, a scheduler and a publisher that note what they are asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def noting(self, name: str, answer: Any = None) -> Any:
        async def call(*arguments: Any, **more: Any) -> Any:
            self.asked.append((name, *arguments, more) if more else (name, *arguments))
            return answer

        return call


def answered(command: str, payload: Mapping[str, Any], *, paused: str | None = None) -> tuple[dict[str, Any], Told]:
    told = Told()
    record = SimpleNamespace(id="urn:uuid:1", title="Old quay closed")
    kept = SimpleNamespace(fresh=[1, 2])
    publisher = SimpleNamespace(
        publish=told.noting("publish", ["a"]), publish_all=told.noting("publish_all", ["a", "b"])
    )
    jobs = SimpleNamespace(fetch_url=told.noting("fetch_url", (record, kept)), backfill=told.noting("backfill", kept))
    app: Any = SimpleNamespace(
        paused=paused,
        publisher=publisher,
        jobs=jobs,
        installation=SimpleNamespace(seeds={"courier": 1, "herald": 2}),
        repairs=SimpleNamespace(examination=told.noting("examination", {"repairs": []})),
    )
    scheduler: Any = SimpleNamespace(visit_now=told.noting("visit_now"), running={})
    table = handlers(app, scheduler, told.noting("reload", True), lambda: None)
    return asyncio.run(table[command](payload)), told  # type: ignore[arg-type]


SINCE = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("command", "payload", "answer", "asked"),
    [
        ("publish", {}, {"files": 1}, [("publish",)]),
        ("publish", {"all": False}, {"files": 1}, [("publish",)]),
        ("publish", {"all": True}, {"files": 2}, [("publish_all",)]),
        (
            "visit",
            {"names": ["courier", "nobody"]},
            {"visited": ["courier"]},
            [("visit_now", "courier"), ("publish",)],
        ),
        (
            "fetch_url",
            {"url": "https://courier.example/a"},
            {"id": "urn:uuid:1", "title": "Old quay closed", "new": True},
            [("fetch_url", "https://courier.example/a", {"keep": True}), ("publish",)],
        ),
        (
            "backfill",
            {"name": "courier", "since": SINCE.isoformat(), "limit": 7},
            {"new": 2},
            [("backfill", "courier", {"since": SINCE, "limit": 7}), ("publish",)],
        ),
        ("repair", {"name": "courier"}, {"repairs": []}, [("examination", "courier")]),
        ("reload", {}, {"applied": True}, [("reload",)]),
        ("tokens", {}, {}, []),
        ("desk_password", {}, {}, []),
    ],
)
def test_a_command_is_done(
    command: str, payload: dict[str, Any], answer: dict[str, Any], asked: list[tuple[Any, ...]]
) -> None:
    found, told = answered(command, payload)
    assert (found, told.asked) == (answer, asked)


def test_nothing_is_visited_while_visits_are_paused_and_no_desk_is_opened_where_none_is() -> None:
    found, told = answered("visit", {"names": ["courier"]}, paused="the disk is full")
    assert (found, told.asked) == ({"error": "the disk is full"}, [])
    found, told = answered("desk_link", {"digest": "x"})
    assert found["error"].startswith("the desk is off") and told.asked == []
