"""A listing and its known stories → whether `discover.links` still finds them, and which selector would.

A good selector catches the known stories that are on the page, new ones that look like them, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..crawl.run_builder import wanted
from ..discover.listing.anchors import HEADINGS, Collected, collect
from ..discover.listing.anchors import Candidate as Offer
from ..discover.listing.links import alike_stories, named_by
from ..discover.listing.url_shapes import may_be_story
from ..discover.probe import declared
from ..extract.fields.authors import fold
from ..model import Page
from ..page import html
from ..seed import css
from ..seed.seed import Seed
from ..urls.key import canonical_key
from ..urls.site import site
from .model import LINKS, Candidate, Known, Sight
from .selector import of_node

LEAST = 3  # known stories without which nothing can be said
STILL = 0.5  # share of the known stories on the page from which the present selector counts as right
TITLE = 15  # characters: a title at least this long identifies its story
LOOKED = 60  # known stories whose places are looked at
TRIED = 140  # selectors that are tried
KEPT = 40
UP = 10


@dataclass(frozen=True, slots=True)
class _Front:
    """A listing that is being compared with the stories it is known for."""

    seed: Seed
    tree: LexborHTMLParser
    collected: Collected
    known: frozenset[int]  # numbers of the known stories on it
    shapes: frozenset[str]  # shapes of their addresses
    alike: frozenset[int]  # what the general finder takes for stories
    homes: frozenset[str]

    def caught(self, selector: str) -> list[Offer]:
        return [o for o in named_by(self.tree, self.collected, selector) if wanted(o.url, self.seed)]

    def is_odd(self, offer: Offer) -> bool:
        """Whether a link that is no known story does not look like one either."""
        if offer.number in self.known:
            return False
        if offer.site not in self.homes or not may_be_story(offer.url):
            return True
        return offer.shape not in self.shapes and offer.number not in self.alike


def read(page: Page, seed: Seed, known: Known) -> tuple[Sight, ...]:
    """`discover.links` on a listing. Raises ReadFailed for a page over the parser's limits."""
    if not seed.discover.links or not known.stories:
        return ()
    front = open_front(page, seed, known)
    before = front.caught(seed.discover.links)
    right = _right(before, front)
    still = len(front.known) >= LEAST and right >= STILL * len(front.known)
    return (
        Sight(
            LINKS,
            page.url,
            seed.discover.links,
            f"{len(before)} links, {right} of them known stories" if before else "",
            f"{len(front.known)} known stories are on the page",
            still,
            len(front.known),
            () if still or not front.known else tuple(_candidates(front)),
        ),
    )


def open_front(page: Page, seed: Seed, known: Known) -> _Front:
    """A listing, its links, and which of them are known stories."""
    tree = html.parse(page)
    base = declared.base_of(tree, page.url)
    collected = collect(tree, base)
    keys = {story.key for story in known.stories}
    titles = {folded for story in known.stories if len(folded := fold(story.title)) >= TITLE}
    homes = {site(page.url), site(seed.home), *(site(f"https://{name}/") for name in seed.hosts)}
    found = [
        offer
        for offer in collected.candidates
        if canonical_key(offer.url) in keys or any(fold(a.heading or a.text) in titles for a in offer.anchors)
    ]
    return _Front(
        seed,
        tree,
        collected,
        frozenset(offer.number for offer in found),
        frozenset(offer.shape for offer in found),
        alike_stories(tree, collected, base),
        frozenset(homes),
    )


def _right(caught: Iterable[Offer], front: _Front) -> int:
    return sum(offer.number in front.known for offer in caught)


def _candidates(front: _Front) -> list[Candidate]:
    votes: dict[str, set[int]] = {}
    costs: dict[str, float] = {}
    for offer in [o for o in front.collected.candidates if o.number in front.known][:LOOKED]:
        for anchor in offer.anchors[:3]:
            for selector, cost in _of_link(anchor.place.node, bool(anchor.heading)):
                votes.setdefault(selector, set()).add(offer.number)
                costs[selector] = min(cost, costs.get(selector, 99.0))
    likely = sorted(votes, key=lambda one: (-len(votes[one]) / len(front.known) + 0.1 * costs[one], one))[:TRIED]
    found = []
    for selector in likely:
        if css.mistake(selector) is not None:
            continue
        caught = front.caught(selector)
        right, odd = _right(caught, front), sum(front.is_odd(offer) for offer in caught)
        if right:
            found.append(Candidate(selector, round(costs[selector], 3), right, len(caught), odd))
    return sorted(found, key=lambda one: (-worth(one, len(front.known)), one.selector))[:KEPT]


def worth(one: Candidate, known: int) -> float:
    """The score of a selector: the share of known stories it finds, less other matches, less its cost."""
    fresh = one.caught - one.right - one.odd
    spoilt = (1.5 * one.odd + 0.15 * fresh) / max(one.caught, 1)
    return one.right / max(known, 1) - spoilt - 0.03 * one.cost


def _of_link(node: LexborNode, headed: bool) -> list[tuple[str, float]]:
    """Selectors of a link; one that carries a headline is better than one around a picture."""
    extra = 0.0 if headed else 0.4
    found = [(selector, cost + extra) for selector, cost in of_node(node, up=UP)]
    parent = node.parent
    if parent is not None and parent.tag in HEADINGS:  # the link of a heading: the heading's name is what lasts
        for selector, cost in of_node(parent, up=UP):
            found.append((f"{selector} a", cost + 0.2))
    return found
