"""Records for analysis in each form: the rows, the cells, how many there are, and what is told meanwhile."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from feeds.app.inspect import export

ROW: dict[str, Any] = {
    "id": "urn:1", "url": "https://courier.example/1", "title": "Quäy; closed", "subtitle": None,
    "authors": ["Ada", "Ben"],
    "published": "2026-03-01T12:00:00+00:00", "published_estimated": True, "updated": None, "paywalled": False,
    "first_seen": "2026-03-01T13:00:00+00:00", "image": {"url": "https://courier.example/1.jpg", "caption": "Boats"},
    "topics": [], "tags": ["=1+1"], "text": "It is.\n-So.",
}  # fmt: skip


def test_lines_of_json() -> None:
    target = io.BytesIO()
    assert export.write("jsonl", [ROW, {"a": "\ud800"}], target, lambda number: None) == 2
    first, second = target.getvalue().splitlines()
    assert json.loads(first) == ROW and "Quäy".encode() in first
    assert second == b'{"a": "?"}'
    assert export.write("jsonl", [], io.BytesIO(), lambda number: None) == 0


def test_cells_of_a_table() -> None:
    target = io.BytesIO()
    assert export.write("csv", [ROW, {}], target, lambda number: None) == 2
    head, row, empty = csv.reader(io.StringIO(target.getvalue().decode(), newline=""))
    assert tuple(head) == export.COLUMNS
    told = dict(zip(head, row, strict=True))
    assert set(empty) == {""}
    assert {name: value for name, value in told.items() if value} == {
        "id": "urn:1", "url": "https://courier.example/1", "title": "Quäy; closed", "authors": "Ada; Ben",
        "published": ROW["published"], "published_estimated": "true", "paywalled": "false", "tags": "'=1+1",
        "first_seen": ROW["first_seen"], "image": "https://courier.example/1.jpg", "text": "It is.\n-So.",
    }  # fmt: skip
    for text, cell in (("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("\ra", "'\ra"), ("a=1", "a=1")):
        assert export._cell("title", {"title": text}) == cell


def test_columns_of_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    target = io.BytesIO()
    assert export.write("parquet", [ROW] * (export.BATCH + 1), target, lambda number: None) == export.BATCH + 1
    file = parquet.ParquetFile(target)
    groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [export.BATCH, 1]
    assert groups[0].column(0).compression == "ZSTD"
    row = file.read().to_pylist()[-1]
    assert (row["authors"], row["updated"], row["image"], row["published_estimated"], row["subtitle"]) == (
        ["Ada", "Ben"], None, "https://courier.example/1.jpg", True, None,
    )  # fmt: skip
    assert row["published"].isoformat() == ROW["published"]
    assert str(file.schema_arrow.field("first_seen").type) == "timestamp[us, tz=UTC]"


def test_how_many_are_written_is_told_now_and_then() -> None:
    told: list[int] = []
    assert len(list(export._counted([ROW] * (2 * export.BATCH + 1), told.append))) == 2 * export.BATCH + 1
    assert told == [0, export.BATCH, 2 * export.BATCH]


def test_a_file_that_is_not_whole_is_hidden_beside_the_target() -> None:
    assert export.partial_of(Path("out/records.csv")) == Path("out/.records.csv.part")
