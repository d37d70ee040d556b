"""Whether what a visit found looks like the site's stories at all (RELIABILITY D8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .model import Link, Past

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
    return None
