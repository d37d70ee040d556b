"""What is kept: the only code that speaks SQL. `open_store` gives the store that a configuration names."""

from __future__ import annotations

from pathlib import Path

from .connection import refusal
from .health import TroubleRow
from .rows import OutcomeRow, Revision, SourceState, Stored, StoryRow, TopicRow, Visit, Wish
from .sources import Afterwards
from .sqlite import Lock, SqliteStore

Store = SqliteStore

__all__ = [
    "Afterwards",
    "Lock",
    "OutcomeRow",
    "Revision",
    "SourceState",
    "Store",
    "Stored",
    "StoryRow",
    "TopicRow",
    "TroubleRow",
    "Visit",
    "Wish",
    "open_store",
    "refusal",
]


def open_store(path: Path, *, daemon: bool = False) -> Store:
    """The store in a file, made when it is not there yet. Raises StoreUnusable."""
    return SqliteStore(path, daemon=daemon)
