"""/health waits for nobody."""

from __future__ import annotations

import asyncio
import time

from feeds.app.inspect.status import STORE_PATIENCE, RecordCount


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
