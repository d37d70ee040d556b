"""Front pages, sections and blog indexes → links: every link is scored by itself and with similar links.

No rule knows a site, a language or a class name of a site. Data in the page (JSON-LD, framework state, Wix) and what
the store remembers of the source add stories, dates and certainty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from ...errors import PageChanged
from ...model import Draft, Link, Links, LinkWay, Page, Past
from ...page import html
from ...seed.seed import Seed
from ...urls.key import canonical_key
from ...urls.services import names_paid, service_host
from ...urls.site import host, site
from ..data import embedded_data
from ..probe import declared
from . import cards, evidence, scorer, sponsored_cards
from .anchors import FLAGS, Candidate, Collected, collect
from .topics_and_matches import is_match, names_topic
from .url_shapes import ENDS, SURE_LISTS, is_file, key_of, shape

THRESHOLD = 0.5
_BESIDE = FLAGS["nav"] | FLAGS["foot"] | FLAGS["aside"]
LIST_PENALTY = 0.05  # for addresses under /tag/, /author/ and the like that no heading marks as stories
PASSED_BEFORE = 3.0  # taken off the log-odds of a link known as no story, for each day; a clear story has 5
_TOLD = 50  # services, told of one page
_ALIKE = 3  # stories of a paper with one shape, that a section on a host of its own shares
_PASSED = 300  # links that are no stories, told of one page
_SHARE = 0.3  # of a page's stories; more addresses of topics than that are its stories
_PROVEN = 3  # articles of one shape from which the shape counts as evidence


def read(page: Page, seed: Seed | None = None, past: Past | None = None, *, now: datetime | None = None) -> Links:
    """The stories that a page of HTML shows, in its order, and the further ways that it declares."""
    tree = html.parse(page)
    base = declared.base_of(tree, page.url)
    declared_feeds = declared.feeds_of(page, tree)
    following = declared.next_of(page, tree)
    title, language = declared.title_of(tree), declared.language_of(tree)
    told = embedded_data.read(tree, base)
    collected = collect(tree, base, seed.discover.include if seed else ())
    if seed is not None and seed.discover.links:
        chosen = _selected(tree, collected, seed)
        scores = {c.number: 1.0 for c in chosen}
    else:
        scores = dict(enumerate(_scores(tree, collected, base, told, past)))
        chosen = [c for c in collected.candidates if scores[c.number] >= THRESHOLD]
        advertising = sponsored_cards.paid(collected, chosen)
        chosen = [c for c in chosen if c.number not in advertising]
    chosen = [c for c in _at_home(chosen, page, seed) if _wanted(c.url, seed)]
    services = _services(chosen, page, seed)
    chosen = [c for c in chosen if c.url not in services]
    hints = cards.read(
        tree,
        collected,
        chosen,
        base,
        language=(seed.language if seed else None) or language,
        timezone=seed.timezone if seed else None,
        now=now,
    )
    items: list[Link] = []
    for candidate, hint in zip(chosen, hints, strict=True):
        data = told.hint(told.find(candidate.key))
        whole = data.or_else(hint) if data else hint
        items.append(Link(candidate.url, "listing", whole, len(items), round(scores[candidate.number], 3)))
    for url, way, hint in _only_told(told, chosen, page, seed):
        if url in services or is_service(url, seed or _own(page)):
            continue
        items.append(Link(url, way, hint, len(items)))
    homes, shown = _homes(page, seed), {link.url for link in items}
    passed = [c.url for c in collected.candidates if c.site in homes and c.url not in shown]
    return Links(
        items=tuple(items),
        passed=frozenset(canonical_key(url) for url in passed[:_PASSED]),
        feeds=declared_feeds,
        next_page=following,
        services=tuple(sorted(services))[:_TOLD],
        title=title,
        language=language,
    )


def is_service(url: str, seed: Seed) -> bool:
    """Whether an address says that it is no story of its paper: a shop's, jobs', advertising.

    Hosts that the seed names, and the home page's own, are never judged by their labels.
    """
    if any(part in url for part in seed.discover.include):
        return False
    name = host(url)
    if service_host(name) == "yes" and name not in {host(seed.home), *seed.hosts}:
        return True
    return names_paid(url) and not names_paid(seed.home.rstrip("/") + "/-/-")


def alike_stories(tree: LexborHTMLParser, collected: Collected, base: str) -> frozenset[int]:
    """The indexes of the candidates that would be stories if no selector named any."""
    scores = _scores(tree, collected, base, embedded_data.read(tree, base), None)
    return frozenset(number for number, score in enumerate(scores) if score >= THRESHOLD)


def is_list(candidate: Candidate) -> bool:
    """Whether an address names a list (a tag, an author, a search) or a service, and nothing marks a story."""
    if not candidate.query and candidate.last in ENDS:
        return True
    if not candidate.kinds & SURE_LISTS:
        return False
    return not candidate.heading and not candidate.marked


def _scores(
    tree: LexborHTMLParser, collected: Collected, base: str, told: embedded_data.Data, past: Past | None
) -> list[float]:
    """The probability of each candidate being a story, 0 to 1."""
    candidates = collected.candidates
    keys = evidence.groups(candidates)
    first = scorer.alone(evidence.gather(tree, collected, keys, base))
    lists = [is_list(c) for c in candidates]
    first = [p * LIST_PENALTY if listed else p for p, listed in zip(first, lists, strict=True)]
    found = scorer.together(first, keys)
    own = site(base)
    topics = [c.number for c in candidates if names_topic(c.path)]
    if len(topics) <= _SHARE * sum(p >= THRESHOLD for p in found):  # else the site's stories are named like that
        lists = [listed or n in topics for n, listed in enumerate(lists)]
    matches = [c.number for c in candidates if is_match(c)]
    if len(matches) <= _SHARE * sum(p >= THRESHOLD for p in found):
        lists = [listed or n in matches for n, listed in enumerate(lists)]
    for n, candidate in enumerate(candidates):
        if lists[n] or (candidate.shape == "/" and candidate.site == own):  # a home page of the site is no story
            found[n] *= LIST_PENALTY
        if any(anchor.posted for anchor in candidate.anchors):
            found[n] = max(found[n], 0.5)
        key = told.find(candidate.key)
        if key in told.sure and candidate.shape != "/":
            found[n] = max(found[n], 0.9)
        if past is not None:
            found[n] = _remembered(candidate, found[n], past)
    return found


def _remembered(candidate: Candidate, sure: float, past: Past) -> float:
    """The probability of a candidate, adjusted by what the store remembers of the source."""
    if past.shapes.get(candidate.shape, 0) >= _PROVEN and sure > 0.1:
        sure = max(sure, 0.5)
    if sure < THRESHOLD or not (past.navigation or past.passed):
        return sure
    name = canonical_key(candidate.url)
    if name in past.navigation:
        return sure * 0.1
    return scorer.less(sure, PASSED_BEFORE * past.passed[name]) if name in past.passed else sure


def _selected(tree: LexborHTMLParser, collected: Collected, seed: Seed) -> list[Candidate]:
    try:
        return named_by(tree, collected, seed.discover.links or "a")
    except SelectolaxError as error:
        raise PageChanged(f"discover.links is no CSS selector that can be read: {error}", source=seed.name) from error


def named_by(tree: LexborHTMLParser, collected: Collected, selector: str) -> list[Candidate]:
    """The candidates that a selector names: links themselves, or elements that hold or stand in a link."""
    nodes = tree.css(selector)
    wanted: set[int] = set()
    for node in nodes:
        inner = node if node.tag == "a" else node.css_first("a[href]")
        if inner is None:
            inner = node
            while inner is not None and inner.tag != "a":
                inner = inner.parent
        if inner is not None:
            wanted.add(inner.mem_id)
    return [c for c in collected.candidates if any(a.place.node.mem_id in wanted for a in c.anchors)]


def _homes(page: Page, seed: Seed | None) -> set[str]:
    homes = {site(page.url)}
    if seed is not None:
        homes |= {site(seed.home), *(site(f"https://{name}/") for name in seed.hosts)}
    return homes


def _at_home(chosen: Sequence[Candidate], page: Page, seed: Seed | None) -> list[Candidate]:
    """Those of the site itself and the seed's hosts; all of them where most lead away: an aggregator.

    Home pages of other sites are no stories: a list of them is a blogroll, however long.
    """
    homes = _homes(page, seed)
    inside = [c for c in chosen if c.site in homes or (seed is not None and c.host in seed.hosts)]
    away = [c for c in chosen if c not in inside and c.shape != "/" and not _is_beside(c)]
    return inside if len(inside) >= len(away) else [c for c in chosen if c in inside or c in away]


def _is_beside(candidate: Candidate) -> bool:
    """Whether all links of a candidate lie outside the page's own content."""
    return all(anchor.place.flags & _BESIDE for anchor in candidate.anchors)


def _only_told(
    told: embedded_data.Data, chosen: Sequence[Candidate], page: Page, seed: Seed | None
) -> list[tuple[str, LinkWay, Draft]]:
    """Stories that only the data tell of; those of framework state only where the markup's stories have their shape."""
    homes = _homes(page, seed)
    shown = {told.find(c.key) for c in chosen}
    shapes = {(c.host, c.shape) for c in chosen}
    here = key_of(page.url)
    found = []
    single = {key_of(url): (url, hint) for url, hint in told.single.items()}
    for table, sure in ((told.sure, True), (told.maybe, False), (single, False)):
        for key, (url, hint) in table.items():
            if key in shown or key == here or site(url) not in homes or is_file(url) or not _wanted(url, seed):
                continue
            if not sure and (host(url), shape(url)) not in shapes and not (not chosen and hint.published):
                continue
            shown.add(key)
            found.append((url, told.way.get(key, "state"), hint))
    return found


def _services(chosen: Sequence[Candidate], page: Page, seed: Seed | None) -> frozenset[str]:
    """The addresses among the chosen that lead to services or advertising; none where they are most of the page.

    A host that may be a section ("auto", "games") is one where its addresses have the shape of the paper's stories.
    """
    whose = seed or _own(page)
    homes = {host(page.url), host(whose.home), *whose.hosts}
    shapes = Counter(c.shape for c in chosen if c.host in homes)
    found = frozenset(
        c.url
        for c in chosen
        if is_service(c.url, whose)
        or (c.host not in homes and service_host(c.host) == "perhaps" and shapes[c.shape] < _ALIKE)
    )
    return found if len(found) * 2 <= len(chosen) else frozenset()


def _own(page: Page) -> Seed:
    """What is known of the source of a page that was asked for without one."""
    return Seed(name="", home=page.url)


def _wanted(url: str, seed: Seed | None) -> bool:
    if seed is None:
        return True
    told = seed.discover
    if told.include and not any(part in url for part in told.include):
        return False
    return not any(part in url for part in told.exclude)
