"""Pages from files and addresses as `try` and `sample` take them, and parts of documents as the server gives them."""

from __future__ import annotations

import asyncio
import gzip
import json
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


def test_a_sample_is_a_page_and_the_record_that_is_read_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "<p>The harbour master said on Monday that the old quay would stay closed until the spring.</p>" * 5
    page = f"<title>Alte Brücke</title><article><h1>Alte Brücke</h1>{said}</article>".encode()
    config: Any = SimpleNamespace(seeds_folder=tmp_path / "seeds")
    seed = Seed("wire", "https://wire.example/", ca_file="ca.pem", render=True)
    (tmp_path / "saved.html").write_bytes(page)
    asked: list[Any] = []

    @asynccontextmanager
    async def visit(of: Seed) -> Any:
        async def fetch(request: Any) -> Page:
            asked.append((of, request))
            return Page(request.url, page, "text/html", "utf-8")

        yield fetch

    fetcher = SimpleNamespace(visit=visit, aclose=AsyncMock())
    monkeypatch.setattr(samples, "open_fetcher", lambda config: fetcher)
    at = "https://wire.example/A/Brücke?x=1"
    body, answer = asyncio.run(samples.take(config, seed, at, None))
    assert asked == [(seed, samples.Request(at, ca_file="ca.pem", render=True))] and fetcher.aclose.await_count == 1
    assert body == answer.with_suffix(".html") and body.parent == tmp_path / "seeds/wire" and body.read_bytes() == page
    text = answer.read_text("utf-8")
    assert text.startswith('{\n "page": {') and text.endswith("}\n") and "Alte Brücke" in text
    told = json.loads(text)
    assert (told["page"]["url"], told["page"]["content_type"], told["page"]["charset"]) == (at, "text/html", "utf-8")
    assert told["record"]["title"] == "Alte Brücke" and "witnesses" not in told["record"]
    assert told["record"]["published"] == samples.FROZEN.isoformat() and told["record"]["source"] == "wire"
    for url, there in ((None, seed.home), (at, at)):
        _, answer = asyncio.run(samples.take(config, seed, str(tmp_path / "saved.html"), url))
        assert json.loads(answer.read_text("utf-8"))["page"]["url"] == there
    assert len(asked) == 1, "a file is not asked for"
    (body.parent / "alone.json").write_text("{}")
    assert [(name, found.url, record["title"]) for name, found, record in samples.all_samples(tmp_path / "seeds")] == [
        ("wire", at, "Alte Brücke"), ("wire", seed.home, "Alte Brücke"),
    ]  # fmt: skip


def test_the_file_of_a_sample_is_named_after_its_address() -> None:
    for url, stem in (
        ("https://wire.example/A/b.html", "wire-example-a-b-html"),
        ("https://wire.example/../../etc/passwd", "wire-example-etc-passwd"),
        (f"https://wire.example/{'a' * 99}", "a" * 60),
        (f"https://wire.example/{'a' * 20}-{'b' * 59}", "b" * 59),
        ("https://例え.example/", "xn-r8jz45g-example"),
    ):
        assert samples._stem(url) == stem


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
