"""What can go wrong from record to feed.

CopydeskError (scrapers.errors)
├── ConfigError          config.toml is wrong; all its mistakes, one a line (exit 3)
├── QueryError           a topic's query is wrong; carries the position (exit 3)
├── StoreInUse           another daemon holds the store (exit 4)
├── StoreBusy            takes no writes for now: a full disk, another writer; the same call may go well later
├── StoreUnusable        damaged, read-only or of a newer program (exit 5)
├── WrongName            a name or address that does not exist or is taken; nothing was changed (exit 2)
└── PublishError         a document failed its own check; the old one stays
"""

from __future__ import annotations

from collections.abc import Sequence

from scrapers import CopydeskError


class ConfigError(CopydeskError):
    """config.toml is wrong. `mistakes` has one line for each: file, key, what would be right."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = list(mistakes)


class QueryError(CopydeskError):
    """A query is wrong. `position` is the character where, counted from 0."""

    def __init__(self, reason: str, *, query: str = "", position: int = 0) -> None:
        super().__init__(reason)
        self.query = query
        self.position = position

    def pointed(self) -> str:
        """Three lines: the query, a caret under the place, the reason."""
        return f"{self.query}\n{' ' * self.position}^\n{self.reason}"


class StoreInUse(CopydeskError):
    """Another daemon holds the store."""


class StoreBusy(CopydeskError):
    """The store takes no writes for now, and changed nothing; the same call may go well later."""


class StoreUnusable(CopydeskError):
    """The store is damaged, read-only, or was written by a newer program."""


class WrongName(CopydeskError):
    """What was named is not there, is taken, or cannot be a name; nothing was changed."""


class PublishError(CopydeskError):
    """A document failed its own check; the old one stays."""
