"""Whether what a visit found looks like the site's stories at all (RELIABILITY D8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .discover import shape
from .model import Link, Past
from .rhythm import learn
from .urls import canonical_key

OLD = 30  # known links that make a source an old one
NEW_LEAST = 8  # so many stories that are all new may be strange
NEW_TIMES = 4.0  # times as many as its rhythm lets expect
PROVEN = 3  # stories of one shape of address that make it known
FORGIVEN = 3.0  # days after which a site that moved all its addresses is taken as it is

WALLS = (
    "just a moment",
    "attention required",
    "verify you are human",
    "are you a robot",
    "access denied",
    "enable javascript and cookies",
    "domain is for sale",
    "domain is parked",
    "this domain may be for sale",
    "before you continue",
    "under maintenance",
)


def strange(links: Sequence[Link], past: Past, now: datetime, *, title: str | None = None) -> str | None:
    """Why the links of all fronts together look wrong, in words; None when they look right.

    It never speaks against a first visit; the longer ago the last good visit, the more may have changed since.
    """
    heading = (title or "").casefold()
    for words in WALLS:
        if words in heading:
            return f"the page looks like a wall, not like news: {title!r}"
    if past.last_success is None:
        return "no story was found" if not links else None
    if not links:
        return "no story was found where there used to be some"
    titles = {link.hint.title for link in links if link.hint.title}
    if len(links) >= 5 and len(titles) == 1:
        return f"all stories have one title: {next(iter(titles))!r}"
    days = max(1.0, (now - past.last_success).total_seconds() / 86400)
    if past.typical is not None and past.typical >= 10 and len(links) * days < past.typical * 0.2:
        return f"only {len(links)} stories where there are usually {past.typical:.0f}"
    return _all_new(links, past, now, days)


def _all_new(links: Sequence[Link], past: Past, now: datetime, days: float) -> str | None:
    """All of many links new at once, on a source that has hardly ever been so quick, and none looks like its stories.

    A front that turns over fast, one that was not visited for long, and a new issue of a weekly are none of that: what
    is expected comes from the source's own rhythm since the last good visit. If the site really moved, what it has had
    before is recognised by its text when this gives way.
    """
    if len(links) < NEW_LEAST or len(past.known) < OLD or days >= FORGIVEN or past.last_success is None:
        return None
    rhythm = learn(past.arrivals, past.began, now)
    if rhythm is None:
        return None
    waiting = {canonical_key(url) for url in past.queued}
    if any(canonical_key(link.url) in past.known or canonical_key(link.url) in waiting for link in links):
        return None
    alike = sum(past.shapes.get(shape(link.url), 0) >= PROVEN for link in links)
    expected = rhythm.expected(past.last_success, now)
    if alike * 2 >= len(links) or len(links) <= NEW_LEAST + NEW_TIMES * expected:
        return None
    return f"none of the {len(links)} stories is known, and none has an address like those so far"
