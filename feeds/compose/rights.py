"""What a publisher lets us show of an article, by the directives of its page (RELIABILITY R4). Pure.

It binds what is public: feeds of topics, of sources, and pages. A private topic is shown to its readers alone, and with
`publish.audience = "private"` so is everything: a person's own reader is no archive.

`noarchive` asks for no copy of the page: headline, link, picture and the short summary are published, the text is not.
`nosnippet` asks for no excerpt either. `max-snippet:N` allows N characters of one, so it is `noarchive` with a shorter
summary. `noindex` concerns search engines, which a feed is not, so it is ignored. `noai` concerns training on texts,
which nothing here does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrapers import Record

from ..model import Audience, Publisher, Topic

_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/(?P<kind>by[a-z-]{0,9}|zero|mark)"
    r"(?:/(?P<version>\d\.\d))?(?:/(?P<where>[a-z]{2})(?=/|$))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Permit:
    """What may be published of an article besides headline and link."""

    text: bool = True
    summary: int | None = None  # characters of it at most; None: as long as any
    picture: bool = True


def permit(directives: Sequence[str]) -> Permit:
    """What the directives of a page allow; the strictest of several counts."""
    most = [int(one.partition(":")[2]) for one in directives if one.startswith("max-snippet:")]
    if "nosnippet" in directives:
        most.append(0)
    return Permit(
        text=not most and not {"noarchive", "nocache"} & set(directives),
        summary=min(most, default=None),
        picture="max-image-preview:none" not in directives,
    )


def in_words(directives: Sequence[str], audience: Audience = "public") -> str | None:
    """The effect of a page's directives, in words; None when there are none."""
    if not directives:
        return None
    if audience == "private":
        return f"{', '.join(directives)}: noted; private feeds leave nothing out (audience)"
    allowed = permit(directives)
    left_out = [] if allowed.text else ["the text"]
    if allowed.summary is not None:
        left_out.append("the summary" if allowed.summary == 0 else f"a summary beyond {allowed.summary} characters")
    if not allowed.picture:
        left_out.append("the picture")
    *others, last = left_out or [""]
    named = f"{', '.join(others)} and {last}" if others else last
    follows = f"public feeds leave out {named}" if left_out else "nothing follows from it for feeds"
    return f"{', '.join(directives)}: {follows}"


def in_rights(license: str | None) -> str | None:
    """A licence as atom:rights tells it: its short name where it is one of Creative Commons, and its address."""
    if license is None:
        return None
    told = _COMMONS.match(license)
    if told is None:
        return license
    kind, version, where = told["kind"].lower(), told["version"], told["where"]
    name = {"zero": "CC0", "mark": "Public Domain Mark"}.get(kind, f"CC {kind.upper()}")
    return f"{' '.join(filter(None, (name, version, (where or '').upper())))} ({license})"


def audience_of(topic: Topic, others: Audience) -> Audience:
    """For whom a topic's feed is, where that of the other feeds is told."""
    return "private" if topic.private else topic.audience or others


def audiences(topics: Iterable[Topic], others: Audience) -> dict[str, Audience]:
    """The audiences, by name, of those topics for which it is not that of the other feeds."""
    found = {topic.name: audience_of(topic, others) for topic in topics}
    return {name: audience for name, audience in found.items() if audience != others}


def permitted(record: Record, topic: Topic, site: Publisher) -> Permit:
    """What a topic may show of an article. Directives bind public topics only: a private reader is no archive."""
    return permit(record.robots) if audience_of(topic, site.audience) == "public" else Permit()
