"""Pages of the demo's sites and what is read from them, as plain values that can be compared whole."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from feeds.app.demo.newsroom import Newsroom
from scrapers import Page

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
AT = 400.0  # a moment of the script: after the redesign


@cache
def newsroom() -> Newsroom:
    """The sites, which do not listen."""
    return Newsroom(Path(mkdtemp(prefix="newsroom-")), now=NOW, speed=None)


def page(site: str, path: str) -> Page:
    """A page of a site as a fetcher gives it."""
    answer = newsroom().page(site, path, AT)
    assert answer is not None, path
    kind, _, charset = answer.content_type.partition("; charset=")
    return Page(f"http://{site}.invalid{path}", answer.body, kind, charset or None)


def plain(value: Any) -> Any:
    """A value as JSON has it; fields that say nothing are left out, sets are in order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return {name: plain(one) for name, one in told.items() if one not in (None, "", (), False, 0) and one != {}}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return round(value, 6)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def kept(path: Path) -> Any:
    """What was read when somebody last looked."""
    return json.loads(path.read_text("utf-8"))
