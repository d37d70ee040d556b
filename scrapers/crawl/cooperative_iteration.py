"""Iterate over long untrusted lists without blocking the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 50


async def yielding(items: Iterable[T]) -> AsyncIterator[T]:
    """The items; control returns to the event loop after every few of them."""
    for number, item in enumerate(items, 1):
        yield item
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
