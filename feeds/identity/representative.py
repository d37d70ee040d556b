"""Which record stands for a story: the origin that the others name, else the earliest, else the fullest. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from scrapers import Record, pointed_at, site

from . import similarity

ALONE = "the only one"  # why the first record of a story stands for it
AT_ONCE = timedelta(minutes=2)  # records first seen this close together are ordered by their dates
CLAIM = timedelta(hours=2)  # the same for stories this old when first seen; later copies are late (D4)

_DATELINE = re.compile(r"[^\n(\[]{0,80}[(\[]([^()\[\]\n]{2,40})[)\]]")
_CREDIT = re.compile(
    r"(?i)\b(?:source|quelle|fuente|via|courtesy of|(?:first |originally )?(?:published|appeared) (?:by|in|on|at))"
    r"[ :]{1,3}([^\n.;,]{2,60})"
)
_PARTS_OF_BYLINE = re.compile(r"[,/|·]| for | via | with ")


def representative(members: Sequence[Record], preferred: Sequence[str] = ()) -> tuple[int, str]:
    """Which member stands for a story, and why in words. `members` are in the order of their arrival.

    The user's preferred sources come first, in their order; then the origin that the others name, by their canonical
    address, byline, dateline or credit; then the one seen first; of those seen at one time the earliest, then the
    fullest. A stub stands only where all are stubs. A record that points at another source's page never represents a
    story that has the owner's record.
    """
    if len(members) == 1:
        return 0, "a preferred source" if members[0].source in preferred else ALONE
    addresses = {name for member in members for name in (member.key, *member.aliases)}
    able = [place for place, member in enumerate(members) if pointed_at(member.key) not in addresses]
    for source in preferred:
        for place in able:
            if members[place].source == source:
                return place, "a preferred source"
    own = [place for place in able if pointed_at(members[place].key) is None] or able
    whole = [place for place in own if not (members[place].paywalled or members[place].way == "hint")]
    places = whole or own
    credited = list(map(_credits, members))
    votes = {place: _namers(members, place, credited) for place in places}
    named = max(places, key=lambda place: (len(votes[place]), -place))
    if votes[named]:
        return named, f"{votes[named][0]} names it as the origin"
    # dates are only claims: they decide between members seen together, or all older than the first visit
    first = min((members[place] for place in places), key=lambda member: member.first_seen)
    window = CLAIM if first.first_seen - first.published > CLAIM else AT_ONCE
    early = [place for place in places if members[place].first_seen - first.first_seen <= window]
    place = min(early, key=lambda place: (members[place].published, -len(members[place].text), place))
    return place, "the earliest"


def _namers(members: Sequence[Record], place: int, credited: Sequence[frozenset[str]]) -> list[str]:
    """The sources that name a member as the origin of what they carry."""
    origin = members[place]
    home = site(origin.url)
    names = {" ".join(similarity.words(name)) for name in (origin.publisher or "", home.partition(".")[0])}
    names = {name for name in names if len(name) >= 2}
    return [
        other.source
        for other, credits in zip(members, credited, strict=True)
        if site(other.url) != home
        and ((other.canonical and site(other.canonical) == home) or not names.isdisjoint(credits))
    ]


def _credits(record: Record) -> frozenset[str]:
    """The outlets that a record credits for its text, in folded words."""
    named = [part for author in record.authors for part in _PARTS_OF_BYLINE.split(author)]
    dateline = _DATELINE.match(record.text)
    if dateline is not None:
        named.append(dateline[1])
    named += _CREDIT.findall(record.text[-400:])
    return frozenset(" ".join(similarity.words(name)) for name in named)
