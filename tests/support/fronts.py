"""The front page of an invented paper: its headlines, their addresses, the links found on it; and sites as fakes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from scrapers import Gone, Link, Page, Request
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


class Pages:
    """A site of which some pages are there. `asked` are the addresses that were asked for."""

    def __init__(self, pages: Mapping[str, object]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, request: Request) -> Page:
        """The page at an address. Raises Gone."""
        self.asked.append(request.url)
        if request.url not in self.pages:
            raise Gone("404 Not Found", url=request.url, status=404)
        return self.page(request.url)

    def page(self, url: str) -> Page:
        """A page that is there: nothing stands on it."""
        return Page(url, b"")
