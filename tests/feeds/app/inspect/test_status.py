"""/health waits for nobody."""

from __future__ import annotations

import asyncio
import time
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from feeds.app.inspect.status import STORE_PATIENCE, RecordCount, _as_it_is
from feeds.rows import SourceState, TroubleRow


def test_the_count_of_records_waits_only_a_little_for_the_store() -> None:
    async def work() -> None:
        free = asyncio.Event()
        asked: list[int] = []

        async def count() -> int:
            asked.append(1)
            await free.wait()
            return len(asked)

        records = RecordCount(count)
        assert await records.now() is None
        for _ in range(5):  # a machine that stands still meanwhile proves nothing
            begun = time.monotonic()
            assert await asyncio.gather(*(records.now() for _ in range(50))) == [None] * 50
            if (took := time.monotonic() - begun) < 20 * STORE_PATIENCE:
                break
        assert took < 20 * STORE_PATIENCE, "all together wait as long as one"
        assert len(asked) == 1, "a store that has much to do is asked once"
        assert records.waits > STORE_PATIENCE
        free.set()
        await asyncio.sleep(0)
        assert await records.now() == 1
        assert records.waits == 0.0
        free.clear()
        assert await records.now() == 1, "the last one that it told"
        free.set()
        assert await records.now() == 2

    asyncio.run(work())


@pytest.mark.parametrize(
    ("kind", "state", "shown"),
    [
        ("visits", "failing", ("failing", "no answer since noon")),
        ("pages", "degraded", ("degraded", "no answer since noon")),
        ("visits", "ok", ("blocked", "it was told off")),
        ("visits", "slow", ("blocked", "it was told off")),
        ("silent", "failing", ("blocked", "it was told off")),
    ],
)
def test_a_trouble_of_visits_is_shown_as_the_last_visit_was(kind: str, state: str, shown: tuple[str, str]) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    trouble = TroubleRow(1, "source:courier", kind, "blocked", "it was told off", noon, noon, None)
    source = SourceState(
        **{one.name: None for one in fields(SourceState)}
        | {"name": "courier", "state": state, "cause": "no answer since noon"}
    )
    found = _as_it_is(trouble, {"source:courier": source})
    assert (found.state, found.cause) == shown
    assert _as_it_is(trouble, {}) == trouble
