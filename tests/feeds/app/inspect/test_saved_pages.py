"""Pages from files and addresses as `try` and `sample` take them, and parts of documents as the server gives them."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY, AsyncMock, call

import pytest

from feeds.app.inspect import preview, samples
from feeds.app.system import table
from feeds.app.web.conditional_requests import byte_range
from scrapers import CopydeskError, Page, Seed

TYPES = {
    "a.html": "text/html", "a.XML": samples.TYPES[".xml"], "a.json": samples.TYPES[".json"], "a": "text/html",
    "a.xml.gz": samples.TYPES[".xml"], "a.odd": "text/html",
}  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_a_page_from_a_file_has_the_type_of_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"<p>") if name.endswith(".gz") else b"<p>")
    assert samples.saved(path, "https://w.example/") == Page("https://w.example/", b"<p>", TYPES[name])


@pytest.mark.parametrize(("name", "data"), [("a.gz", b"no gzip"), ("a.gz", gzip.compress(b"x" * 99)[:-9]), ("b", None)])
def test_a_file_that_is_no_page(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CopydeskError, match=f"{name}: cannot be read: "):
        samples.saved(tmp_path / name, "u")


def test_a_page_or_the_home_of_a_source_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def workers(count: int) -> Any:
        yield f"{count} worker"

    fetcher = SimpleNamespace(aclose=AsyncMock())
    looked = AsyncMock(return_value="sight")
    monkeypatch.setattr(preview, "open_fetcher", lambda config: fetcher)
    monkeypatch.setattr(preview, "Workers", workers)
    monkeypatch.setattr(preview, "look", looked)
    wire, url = Seed("wire", "https://wire.example/"), "https://wire.example/a"
    for what, name, seed, at, home in (
        ("wire", None, wire, wire.home, True),
        (url, "wire", wire, url, False),
        (url, None, Seed("", url), url, False),
    ):
        assert asyncio.run(preview.at_address("config", what, {"wire": wire}, name, "auto")) == "sight"  # type: ignore[arg-type]
        assert looked.mock_calls[-1] == call(fetcher, "1 worker", at, seed, "auto", ANY, home=home)
    assert fetcher.aclose.await_count == 3


RANGES = {  # header, size → first and last + 1
    (b"bytes=0-0", 10): (0, 1), (b"bytes=2-", 10): (2, 10), (b"bytes=9-", 10): (9, 10), (b"bytes=10-", 10): (0, 0),
    (b"bytes=5-99", 10): (5, 10), (b"bytes=5-4", 10): None, (b"bytes=5-5", 10): (5, 6), (b"bytes=-3", 10): (7, 10),
    (b"bytes=-99", 10): (0, 10), (b"bytes=-0", 10): (0, 0), (b"bytes=-3", 0): (0, 0), (b"bytes=0-", 0): (0, 0),
    (b" Bytes = 1 - 2 ", 10): (1, 3), (b"bytes=0-1,3-4", 10): None, (b"lines=0-1", 10): None, (b"bytes", 10): None,
    (b"bytes=a-", 10): None, (b"bytes=-", 10): None, (b"bytes=5", 10): None, (b"bytes=" + b"1" * 41 + b"-", 10): None,
    (b"bytes=" + b"0" * 39 + b"-", 10): (0, 10),
}  # fmt: skip


@pytest.mark.parametrize("asked", RANGES)
def test_a_part_of_a_document(asked: tuple[bytes, int]) -> None:
    assert byte_range(*asked) == RANGES[asked]


def test_the_least_width_of_a_table() -> None:
    """Its columns, those of sentences narrowed, and a gap between each two."""
    gap, narrow = table.GAP, table.WRAPPED
    assert table._least([5, 7, 500], [0, 1, 2], [2]) == 5 + 7 + narrow + 2 * gap
    assert table._least([5, 7, 500], [1], [2]) == 7
    assert table._least([5, 7, narrow - 1], [0, 2], [2]) == 5 + narrow - 1 + gap
