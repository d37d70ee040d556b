"""The names of a site, and titles without them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from scrapers.urls.site import registrable

from ..claims import Claims
from .authors import fold

SEPARATOR = re.compile(
    r"\s{1,3}(?:[|–—•·»«:]|-{1,2}|::|›|>|⋆|~|/|\\)\s{1,3}|\s?[|ㅣ｜]\s?|"
    r"(?<=\S)(?: - |\s-(?=\S)|-(?=[^\s-]{2,30}[ㅣ|]))|_(?=\S{2,20}$)"
)
"""What stands between a headline and the name of its site or section."""


def site_names(claims: Iterable[Claims], host: str, extra: Iterable[str | None] = ()) -> frozenset[str]:
    """Folded names under which the site goes."""
    names = [name for claim in claims for name in claim.publishers] + [name for name in extra if name]
    found = {fold(name) for name in names}
    if host and not host.replace(".", "").isdigit():
        own = registrable(host)
        found |= {fold(host), fold(host.removeprefix("www.")), fold(own), fold(own.partition(".")[0])}
    return frozenset(name for name in found if len(name) > 1)


def bare(title: str, sites: frozenset[str], others: frozenset[str] = frozenset()) -> str:
    """`title` without the site's name (and section names) at its end or beginning.

    `others` holds folded headlines that the page shows: what is left after one of them is cut as well.
    """
    folded = fold(title)
    if folded in others:
        return title
    cuts = [(match.start(), match.end()) for match in SEPARATOR.finditer(title)]
    for start, _ in cuts:
        if fold(title[:start]) in others:
            return title[:start].strip()
    for _, end in cuts:
        if fold(title[end:]) in others:
            return title[end:].strip()
    for _ in range(3):
        cuts = [(match.start(), match.end()) for match in SEPARATOR.finditer(title)]
        if not cuts:
            break
        start, end = cuts[-1]
        if _is_site(title[end:], sites):
            title = title[:start].strip()
            continue
        start, end = cuts[0]
        if _is_site(title[:start], sites):
            title = title[end:].strip()
            continue
        break
    cuts = [(match.start(), match.end()) for match in SEPARATOR.finditer(title)]
    for (start, end), (following, _) in pairwise(cuts):
        if _is_site(title[end:following], sites):  # "Headline : The Courier Archive | Halyard"
            return title[:start].strip()
    return title


def without_ending(title: str, name: str) -> str | None:
    """`title` less `name` and what follows it, where that stands behind a separator; None where it does not."""
    folded = fold(name)
    for match in SEPARATOR.finditer(title):
        if folded and fold(title[match.end() :]).startswith(folded):
            return title[: match.start()].strip() or None
    return None


def _is_site(text: str, sites: frozenset[str]) -> bool:
    """Whether `text` names the site: exactly, by its domain, or as a longer form of its name."""
    folded = fold(text)
    if not folded or len(folded) > 60:
        return False
    squeezed = folded.replace(" ", "")
    for name in sites:
        if folded == name or squeezed == name.replace(" ", ""):
            return True
        if (
            len(name) > 4
            and len(folded) < len(name) + 24
            and (folded.startswith(name + " ") or folded.endswith(" " + name))
        ):
            return True
        if len(squeezed) > 4 and name.replace(" ", "").startswith(squeezed) and len(name) < len(squeezed) + 20:
            return True
    return False
