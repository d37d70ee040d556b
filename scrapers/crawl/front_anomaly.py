"""Whether what a visit found looks like the site's stories at all (RELIABILITY D8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..discover import shape
from ..model import Link, Past, folded_title
from ..schedule.arrival_rate import learn
from ..urls.article_number import article_number
from ..urls.key import canonical_key
from ..urls.site import site

OLD = 30  # known links from which a source counts as established
USUAL = 4.0  # stories that a front usually has, from which a sudden drop is suspicious
NEW_LEAST = 8  # this many stories, all of them new, may be a fault
NEW_TIMES = 4.0  # times the number that its rhythm predicts
PROVEN = 3  # stories of one URL shape from which the shape counts as known
MOVED_SHARE = 4  # one in so many stories known by its headline or number: the site has changed its addresses
FORGIVEN = 3.0  # days after which a site that changed all its addresses is accepted

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


def front_anomaly(
    links: Sequence[Link], past: Past, now: datetime, *, title: str | None = None, source: str = ""
) -> str | None:
    """Why the links of all fronts together look wrong, in words; None when they look right.

    Never objects to a first visit; tolerates more change the longer ago the last good visit was.
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
    return _few_left(links, past, days) or _all_new(links, past, now, days, source)


def _few_left(links: Sequence[Link], past: Past, days: float) -> str | None:
    """The objection to a quarter of the usual stories or less, none known and none with an earlier story's URL shape.

    A redesign that hides its stories leaves this: two links of a menu, for example.
    """
    if past.typical is None or past.typical < USUAL or len(links) * 4 > past.typical or days >= FORGIVEN:
        return None
    if sum(past.shapes.values()) < PROVEN:
        return None
    known = past.known | {canonical_key(url) for url in past.queued}
    if any(canonical_key(link.url) in known or past.shapes.get(shape(link.url), 0) for link in links):
        return None
    return f"only {len(links)} stories where there are usually {past.typical:.0f}, and none looks like those so far"


def _all_new(links: Sequence[Link], past: Past, now: datetime, days: float, source: str) -> str | None:
    """The objection to many links all new at once, far more than expected, none with an earlier story's URL shape.

    The expected number follows the source's own rhythm since the last good visit, so a fast front, a long pause, or a
    new issue of a weekly do not count. A site that changed its addresses still shows headlines or numbers of known
    stories; without any, this gives way after some days, and known stories are recognised by their text.
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
    if sum(moved(link, past, source) for link in links) * MOVED_SHARE >= len(links):
        return None
    if alike * 2 >= len(links) or len(links) <= NEW_LEAST + NEW_TIMES * expected:
        return None
    return f"none of the {len(links)} stories is known, and none has an address like those so far"


def moved(link: Link, past: Past, source: str) -> bool:
    """Whether a link is a story known under another address, by the words of its title or the number of its article."""
    number = article_number(link.url)
    numbered = number is not None and f"number:{source}:{site(link.url)}:{number}" in past.known
    return numbered or (link.hint.title is not None and folded_title(link.hint.title) in past.titles)
