"""Records and stories as rows, and rows as records and stories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from scrapers import File, Image, Record

from ....rows import Stored, StoryRow, moment, stamp, sure_moment
from ...database.connection import Row
from ...database.row_values import tuple_of, value_of


def stored_of(row: Row) -> Stored:
    """A row of `record` with all its columns as a value."""
    row = dict(zip(row.keys(), row, strict=True))  # a row of SQLite goes through its forty names at each look
    image = row["image"]
    record = Record(
        id=row["id"],
        key=row["key"],
        url=row["url"],
        source=row["source"],
        title=row["title"],
        text=row["text"],
        html=row["html"],
        published=sure_moment(row["published"]),
        first_seen=sure_moment(row["first_seen"]),
        published_estimated=bool(row["published_estimated"]),
        updated=moment(row["modified"]),
        subtitle=row["subtitle"],
        authors=tuple_of(row["authors"]),
        section=row["section"],
        tags=tuple_of(row["tags"]),
        language=row["language"],
        publisher=row["publisher"],
        image=None if image is None else Image(**json.loads(image)),
        paywalled=bool(row["paywalled"]),
        sponsored=bool(row["sponsored"]),
        canonical=row["canonical"],
        guid=row["guid"],
        way=row["way"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        fingerprint=row["fingerprint"],
        witnesses=json.loads(row["witnesses"]),
        robots=tuple_of(row["robots"]),
        **_around(row["around"]),
    )
    return Stored(
        n=row["n"],
        record=record,
        story=row["story"],
        evidence=row["evidence"],
        updated=sure_moment(row["updated"]),
        revisions=row["revisions"],
        recheck=moment(row["recheck"]),
        quarantined=row["quarantined"],
        boilerplate=tuple_of(row["furniture"]),
    )


def stored_new(n: int, record: Record, row: Sequence[Any], boilerplate: Sequence[int]) -> Stored:
    """What `stored_of` will give of a new row, the columns of ROW: whole seconds, and no aliases."""
    values = list(_VALUES(record))
    values[_ALIASES] = ()
    for place in _DATES:
        when = values[place]
        if when is not None and (when.microsecond or when.tzinfo is not UTC):
            values[place] = sure_moment(stamp(when))
    return Stored(
        n=n,
        record=Record(*values),
        story=row[ROW.index("story")],
        evidence=row[ROW.index("evidence")],
        updated=sure_moment(row[ROW.index("updated")]),
        revisions=0,
        recheck=moment(row[ROW.index("recheck")]),
        quarantined=None,
        boilerplate=tuple(boilerplate),
    )


_FIELDS = tuple(one.name for one in fields(Record))
_VALUES = attrgetter(*_FIELDS)
_DATES = [_FIELDS.index(name) for name in ("published", "first_seen", "updated")]
_ALIASES = _FIELDS.index("aliases")

# columns that a revision replaces, without identity and first-seen dates
CONTENT = [
    "url",
    "title",
    "subtitle",
    "authors",
    "modified",
    "section",
    "tags",
    "language",
    "publisher",
    "image",
    "text",
    "html",
    "paywalled",
    "sponsored",
    "canonical",
    "guid",
    "way",
    "etag",
    "last_modified",
    "fingerprint",
    "witnesses",
    "robots",
    "around",
]
ROW = ("id", "key", "source", "story", "evidence", "published", "published_estimated", "updated", "first_seen",
       "recheck", "furniture", *CONTENT)  # fmt: skip
INSERT = f"INSERT INTO record({', '.join(ROW)}) VALUES({', '.join('?' * len(ROW))})"
NUMBERED = f"INSERT INTO record({', '.join(ROW)}, n, looked) VALUES({', '.join('?' * len(ROW))}, ?, ?)"
NO_MARKUP = ", ".join(("n", *(f"'' AS {name}" if name == "html" else name for name in ROW), "revisions", "quarantined"))
NAME_OWN = "INSERT INTO alias VALUES(?,?) ON CONFLICT(key) DO UPDATE SET record=excluded.record"
NAME_MORE = "INSERT INTO alias VALUES(?,?) ON CONFLICT(key) DO NOTHING"
VERSION = (  # what happens in one second is one version
    "INSERT INTO revision VALUES(?,?,?,?,?,?) ON CONFLICT(record, at) DO UPDATE SET"
    " why=revision.why || '; ' || excluded.why,"
    " public=CASE WHEN excluded.public=1 THEN 1 ELSE revision.public END"
)


# fields that few records have: together in one column
AROUND = ("license", "contributors", "comments", "comments_feed")


def content_of(record: Record) -> tuple[object, ...]:
    """The values of CONTENT in a record."""
    return (
        record.url,
        record.title,
        record.subtitle,
        _list(record.authors),
        None if record.updated is None else stamp(record.updated),
        record.section,
        _list(record.tags),
        record.language,
        record.publisher,
        None if record.image is None else json.dumps(_told(record.image)),
        record.text,
        record.html,
        int(record.paywalled),
        int(record.sponsored),
        record.canonical,
        record.guid,
        record.way,
        record.etag,
        record.last_modified,
        record.fingerprint,
        json.dumps(dict(record.witnesses)) if record.witnesses else "{}",
        _list(record.robots),
        _around_of(record),
    )


def _around_of(record: Record) -> str:
    told: dict[str, Any] = {name: value for name in AROUND if (value := getattr(record, name))}
    if record.files:
        told["files"] = list(map(_told, record.files))
    return json.dumps(told) if told else "{}"


def _told(value: Image | File) -> dict[str, Any]:
    """As `dataclasses.asdict`, of a value that holds no others, in a tenth of the time."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _around(text: str) -> dict[str, Any]:
    told = json.loads(text) if text != "{}" else {}
    found = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items() if name in AROUND}
    if "files" in told:
        found["files"] = tuple(File(**file) for file in told["files"])
    return found


def modified(record: Record, now: datetime) -> int:
    """The page's own date of its last change, if it is plausible."""
    if record.updated is None or not record.published <= record.updated <= now:
        return 0
    return stamp(record.updated)


def story_of(row: Row) -> StoryRow:
    """A row of `story` as a value."""
    return value_of(StoryRow, row)


def _list(values: Sequence[str]) -> str:
    return json.dumps(values) if values else "[]"
