"""The front page of an invented paper: its headlines, the addresses made from them, and the links found on it."""

from __future__ import annotations

from datetime import datetime

from scrapers import Link, Page
from scrapers.discover import discover

ECHO = "https://echo.example"
TITLES = (
    "Council votes to keep the night ferry running all winter",
    "Why the old mill is being taken apart stone by stone",
    "Three rivers, one bridge: how the valley argues about tolls",
    "A bakery on wheels reaches the last village without a shop",
    "Students measure the noise of the new tram for a whole year",
    "Lighthouse keeper retires after forty years on the rock",
)


def address(title: str) -> str:
    """The path of the story with this headline."""
    return "/news/" + "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split()) + "-4711.html"


def links_on(front: str, *, now: datetime | None = None) -> dict[str, Link]:
    """The links found on a front, by their paths; those to other hosts by their addresses."""
    return {link.url.removeprefix(ECHO): link for link in discover(Page(f"{ECHO}/", front.encode()), now=now).items}
