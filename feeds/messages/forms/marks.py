"""Marks for the catalogues of texts that are translated where they are shown."""

from __future__ import annotations

Form = str | tuple[str, str]
"""A text with placeholders; (one, many) where it goes with a number, which is its `%(count)s`."""


def words(message: str) -> str:
    """Marks a message for the catalogues."""
    return message


def counted(one: str, many: str) -> tuple[str, str]:
    """Marks the two forms of a message that goes with a number."""
    return one, many
