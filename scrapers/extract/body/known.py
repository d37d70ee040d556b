"""What the other witnesses tell the body finder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What the other witnesses think: hints, every one of which may be empty."""

    titles: tuple[str, ...] = ()  # candidates, best first
    subtitle: str | None = None  # also the meta description
    authors: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()  # whole texts or HTML found in data: JSON-LD articleBody, page state
    published: str | None = None
    language: str | None = None
    url: str | None = None
    base: str | None = None  # what the page's relative addresses are resolved against, where it is not `url`
