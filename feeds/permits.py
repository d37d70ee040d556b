"""What a publisher lets us show of an article, by the directives of its page (RELIABILITY R4). Pure.

It binds what is public: feeds of topics, of sources, and pages. A private topic is shown to its readers alone.

`noarchive` asks for no copy of the page: headline, link, picture and the short summary are published, the text is not.
`nosnippet` asks for no excerpt either. `max-snippet:N` allows N characters of one, so it is `noarchive` with a shorter
summary. `noindex` is for search engines: a feed that somebody subscribes to is none, and carries such stories as the
site's own front does. `noai` is for those who train on texts; nothing here does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


def in_words(directives: Sequence[str]) -> str | None:
    """What follows from the directives of a page, for people; None when there are none."""
    if not directives:
        return None
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
