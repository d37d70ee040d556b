"""The topics as a table, for `status` and `topics`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...system.output import Output, ago


def topic_table(output: Output, topics: Sequence[Mapping[str, Any]], now: datetime, *, queries: bool = False) -> None:
    """Print the topics with their counts: beside them the address of the feed or, with `queries`, title and query.

    A row has `name` (None for a private topic), `stories`, `fresh`, `newest`, and `feed` or `title` and `query`.
    """
    output.table(
        ["topic", *(["title"] if queries else []), "stories", "new/day", "newest", "query" if queries else "feed"],
        [
            [
                row["name"] or "(private)",
                *([row["title"]] if queries else []),
                str(row["stories"]),
                str(row["fresh"]),
                ago(row["newest"], now),
                (row["query"] or "(everything)") if queries else (row["feed"] or "by `copydesk token add`"),
            ]
            for row in topics
        ],
        right=["stories", "new/day"],
        minor=["new/day", "title", "newest"] if queries else ["new/day", "newest", "stories"],
        wrap=["title", "query"] if queries else [],
    )
