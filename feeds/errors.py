"""What can go wrong from record to feed.

CopydeskError (scrapers.errors)
├── ConfigError          config.toml is wrong; all its mistakes, one a line (exit 3)
├── QueryError           a topic's query is wrong; carries the position (exit 3)
├── StoreInUse           another daemon holds the store (exit 4)
├── StoreUnusable        damaged, read-only or of a newer program (exit 5)
└── PublishError         a document failed its own check; the old one stays
"""

from __future__ import annotations

from scrapers import CopydeskError


class ConfigError(CopydeskError):
    """config.toml is wrong. `mistakes` has one line for each: file, key, what would be right."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


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


class StoreUnusable(CopydeskError):
    """The store is damaged, read-only, or was written by a newer program."""


class PublishError(CopydeskError):
    """A document failed its own check; the old one stays."""
