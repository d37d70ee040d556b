"""Records for analysis: one JSON object a line, CSV, or Parquet. The columns are the same in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from scrapers import CopydeskError

from ...model import Topic
from ...store import Store, Stored
from ...topics import Engine
from ...topics import compile as compile_query
from .preview import record_table

Form = Literal["jsonl", "csv", "parquet"]
COLUMNS = (
    *(
        "id",
        "url",
        "source",
        "title",
        "subtitle",
        "authors",
        "published",
        "published_estimated",
        "updated",
        "first_seen",
    ),
    *("section", "tags", "language", "publisher", "image", "paywalled", "sponsored", "story", "topics", "text"),
)
LISTS = frozenset({"authors", "tags", "topics"})
FLAGS = frozenset({"published_estimated", "paywalled", "sponsored"})
MOMENTS = frozenset({"published", "updated", "first_seen"})
BATCH = 500  # rows of Parquet that are held in memory
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of a cell that a spreadsheet would take as a formula


def rows(
    store: Store, *, query: str | None, since: datetime | None, sources: Sequence[str], now: datetime
) -> Iterator[dict[str, Any]]:
    """The records, newest first, as `--json` shows one, with `first_seen`, `story` and `topics`. Raises QueryError."""
    for stored in _records(store, query, since, now):
        if sources and stored.record.source not in sources:
            continue
        story = store.stories.get(stored.story)
        yield record_table(stored.record) | {
            "first_seen": stored.record.first_seen.isoformat(),
            "story": story.id if story else None,
            "topics": list(store.topics.of_record(stored.n)),
        }


def _records(store: Store, query: str | None, since: datetime | None, now: datetime) -> Iterator[Stored]:
    if query is None:
        yield from store.records.since(since or datetime.fromisoformat("0001-01-01T00:00:00+00:00"))
        return
    topic = Topic(name="export", title="export", query=query)
    rule, engine = compile_query(topic), Engine([topic])
    for n in store.search.candidates(rule, now=now, since=since, order="newest"):
        stored = store.records.get(n)
        if stored is not None:
            outlets, is_copy = store.stories.outlets(stored.story, n)
            if engine.classify(stored.own, outlets=outlets, is_copy=is_copy, now=now):
                yield stored


def write(form: Form, found: Iterable[dict[str, Any]], target: BinaryIO, told: Callable[[int], None]) -> int:
    """Write the records; how many. `told` is called now and then with the number written so far."""
    return {"jsonl": _jsonl, "csv": _csv, "parquet": _parquet}[form](_counted(found, told), target)


def _counted(found: Iterable[dict[str, Any]], told: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(found):
        if number % BATCH == 0:
            told(number)
        yield row


def _jsonl(found: Iterable[dict[str, Any]], target: BinaryIO) -> int:
    count = 0
    for row in found:
        target.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def _csv(found: Iterable[dict[str, Any]], target: BinaryIO) -> int:
    text = io.TextIOWrapper(target, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)  # RFC 4180
    writer.writerow(COLUMNS)
    count = 0
    for row in found:
        writer.writerow([_cell(column, row) for column in COLUMNS])
        count += 1
    text.detach()
    return count


def _cell(column: str, row: dict[str, Any]) -> str:
    value = _value(column, row)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _value(column: str, row: dict[str, Any]) -> Any:
    value = row.get(column)
    return value.get("url") if column == "image" and isinstance(value, dict) else value


def _parquet(found: Iterable[dict[str, Any]], target: BinaryIO) -> int:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise CopydeskError("Parquet needs the extra `export`: pip install 'copydesk[export]'") from error
    kinds = {
        column: pa.list_(pa.string())
        if column in LISTS
        else pa.bool_()
        if column in FLAGS
        else pa.timestamp("us", tz="UTC")
        if column in MOMENTS
        else pa.string()
        for column in COLUMNS
    }
    schema = pa.schema(list(kinds.items()))
    count = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        batch: list[dict[str, Any]] = []
        for row in found:
            values = {column: _value(column, row) for column in COLUMNS}
            for column in MOMENTS:
                values[column] = datetime.fromisoformat(values[column]) if values[column] else None
            batch.append(values)
            count += 1
            if len(batch) >= BATCH:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                batch = []
        writer.write_table(pa.Table.from_pylist(batch, schema=schema))
    return count


def partial_of(target: Path) -> Path:
    """Where an export is written until it is whole."""
    return target.with_name(f".{target.name}.part")
