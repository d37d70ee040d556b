"""robots.txt (RFC 9309): what a site asks of programs like this one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from scrapers.urls import join

PRODUCT = "copydesk"  # our product token
MAX_DELAY = 60.0  # longest Crawl-delay that is obeyed; beyond it the source is too slow to be read
FRESH = 86_400.0  # seconds that a copy is used without asking again
STALE = 2 * FRESH  # seconds that an old copy is used while no new one can be had
AGAIN = 300.0  # seconds until the next try after a failed one


@dataclass(frozen=True, slots=True)
class Robots:
    """One parsed robots.txt."""

    text: str
    rules: Protego
    delay: float | None  # Crawl-delay in seconds, for us
    sitemaps: tuple[str, ...]  # absolute addresses

    def allows(self, url: str) -> bool:
        """Whether we may ask for `url`; /robots.txt itself always."""
        return bool(self.rules.can_fetch(url, PRODUCT))


def parse(text: str, origin: str) -> Robots:
    """The rules of a robots.txt; text without rules allows everything. `origin` makes its sitemaps absolute."""
    text = text.removeprefix("\ufeff")
    rules = Protego.parse(text)
    sitemaps = (join(origin + "/", sitemap) for sitemap in rules.sitemaps)
    delay = rules.crawl_delay(PRODUCT)
    return Robots(text, rules, delay, tuple(dict.fromkeys(s for s in sitemaps if s))[:50])


def essence(text: str) -> str:
    """The text without comments and empty lines: what needs to be kept of it."""
    if text.lstrip()[:1] == "<":  # an HTML page sent in its place holds no rules
        return ""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def is_robots(url: str) -> bool:
    """Whether an address is that of a robots.txt."""
    return urlsplit(url).path == "/robots.txt"
