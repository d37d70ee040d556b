"""An article page → a Draft: every witness is heard once, then each field is decided.

One parse, one query for all nodes that can bear witness (`parts`), then the witnesses: the seed's selectors, JSON-LD,
`<meta>`, microdata, the page's data in scripts, the markup around the headline, and the body finder, which comes last
because it cuts the tree. `decide`, `headline` and `timing` choose among them; nothing here opens a connection or looks
at a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from scrapers import charset, html
from scrapers.model import Draft, Image, Page
from scrapers.permits import META_NAMES, restrictions
from scrapers.seed import Seed
from scrapers.urls import host, join

from . import (
    addresses,
    body,
    decide,
    doorway,
    headline,
    jsonld,
    language,
    markup,
    meta,
    microdata,
    names,
    parts,
    pictures,
    plaintext,
    selectors,
    sponsored,
    state,
    timing,
)
from .claims import Claims, distinct
from .known import Known
from .rules import DISABLED

__all__ = ["extract"]

THIN = 800  # characters in paragraphs below which the page may keep its article in its scripts


def extract(page: Page, seed: Seed | None = None, *, now: datetime | None = None) -> Draft:
    """What `page` says of its article. A field that nobody tells is empty; `witnesses` names who told each field.

    Dates are ISO 8601, as exact as they were found; addresses are absolute where the page's own is known. With `now`,
    distances ("2 hours ago") are read too. Raises ReadFailed for a page over the parser's limits.
    """
    if plaintext.looks_like_text(page.content_type):
        text = charset.decode(page.body[: html.MAX_BYTES], page.charset)
        zone = seed.timezone if seed else None
        return plaintext.read(text, seed_language=seed.language if seed else None, timezone=zone, now=now)
    return _article(page, seed, now)


@dataclass(slots=True)
class _Heard:
    """What the witnesses said, before the decision."""

    base: str  # address of the page, or of its <base>; empty when unknown
    articles: list[Claims]  # JSON-LD of the article itself
    others: list[Claims]  # JSON-LD of the page and the site
    heads: Claims
    micro: Claims
    data: list[Claims]  # the page's state
    chosen: Claims | None  # the seed's selectors
    shown: markup.Shown
    title: headline.Title | None
    sites: frozenset[str]
    languages: list[str]
    target: str | None  # the article that this page only leads to
    robots: tuple[str, ...] = ()  # what the head holds back

    @property
    def own(self) -> list[Claims]:
        """Claims about the article, best first."""
        chosen = [self.chosen] if self.chosen else []
        return [*chosen, *self.articles, self.heads, self.micro, *self.data]


def _article(page: Page, seed: Seed | None, now: datetime | None) -> Draft:
    tree = html.parse(page)
    if seed is not None and seed.extract.drop:
        selectors.drop(tree, seed.extract)
    found = parts.gather(tree)
    heard = _hear(page, seed, tree, found)
    text_of_title = heard.title.text if heard.title else ""
    hint = next((t for t in (language.tag(d) for d in heard.languages) if t), None) or (seed.language if seed else None)
    zone = seed.timezone if seed else None

    first, change = _dates(page, heard, found, tree, hint, zone, now)
    writers, wrote = decide.authors([*heard.own, heard.shown.claims, heard.shown.bylines], heard.sites, text_of_title)
    house = all(names.fold(name) in heard.sites for name in writers)  # nobody, or the paper itself
    if house and "lines" not in DISABLED:
        lines = markup.lines_by(tree, heard.title.heading if heard.title else None, 30 if writers else 300)
        people, by = decide.authors([Claims("byline", authors=tuple(lines))], heard.sites, text_of_title)
        writers, wrote = (people, by) if people else (writers, wrote)
    standfirst, told = decide.subtitle(_standfirsts(heard), heard.shown, text_of_title)

    known = Known(
        titles=distinct([text_of_title, *(t for c in [*heard.own, *heard.others] for t in c.titles)]),
        subtitle=standfirst,
        authors=writers,
        bodies=tuple(b for c in heard.own for b in c.bodies),
        published=first.moment.iso() if first else None,
        language=hint,
        url=page.url,
    )
    told_picture = decide.image(_pictures(heard), heard.base)
    shown_picture = _shown_picture(tree, heard, told_picture[0])
    main = body.find(_narrowed(tree, heard.chosen), known)
    if main.byline and all(names.fold(name) in heard.sites for name in writers):
        people, by = decide.authors([Claims("byline", authors=(main.byline,))], heard.sites, text_of_title)
        writers, wrote = (people, by) if people else (writers, wrote)
    if standfirst and told not in ("markup", "selectors") and decide.is_excerpt(standfirst, main.text):
        standfirst, told = None, ""
    if main.standfirst and told not in ("markup", "selectors") and decide.agrees(main.standfirst, standfirst):
        standfirst, told = main.standfirst, "body"
    if first is None and main.dateline:
        first = timing.decide(timing.read([("body", main.dateline, 0.5)], language=hint, zone=zone, now=now))

    headline_who = heard.title.who if heard.title else ""
    if main.headline and headline_who in ("", "meta") and names.fold(main.headline) not in heard.sites:
        rest = headline.without_ending(text_of_title, main.headline)
        if rest is None:
            text_of_title, headline_who = main.headline, "body"  # the reader sees it right above the text
        else:
            text_of_title = rest  # it is the site's name or the section's
    keywords, tags_who = decide.tags(
        [*([heard.chosen] if heard.chosen else []), heard.heads, heard.shown.claims, heard.micro, *heard.articles],
        heard.sites,
    )
    section, section_who = decide.section([*heard.own, *heard.others, heard.shown.claims], heard.sites, text_of_title)
    publisher, publisher_who = decide.publisher([heard.heads, *heard.articles, *heard.others])
    canonical, aliases = addresses.decide([heard.heads, *heard.articles], heard.base)
    canonical = heard.target or canonical
    picture, picture_who = told_picture
    if picture_who != "selectors" and (seen := shown_picture or (None if picture else main.image)) is not None:
        picture, picture_who = seen, "markup"
    if picture is not None and main.image is not None and picture.caption is None and main.image.url == picture.url:
        picture = replace(picture, caption=main.image.caption, credit=main.image.credit)
    spoken, spoken_who = language.decide(heard.languages, main.text or text_of_title)
    if spoken is None and seed is not None and seed.language:
        spoken, spoken_who = seed.language, "seed"
    who = {
        "title": headline_who,
        "subtitle": told,
        "authors": wrote,
        "published": first.who if first else "",
        "updated": change.who if change else "",
        "section": section_who,
        "tags": tags_who,
        "language": spoken_who,
        "canonical": "doorway" if heard.target else "meta" if canonical else "",
        "publisher": publisher_who,
        "image": picture_who,
        "text": "" if not main.text else "selectors" if heard.chosen and heard.chosen.bodies else main.who,
    }
    return Draft(
        title=text_of_title or None,
        subtitle=standfirst,
        authors=writers,
        published=first.moment.iso() if first else None,
        updated=change.moment.iso() if change else None,
        section=section,
        tags=keywords,
        language=spoken,
        canonical=canonical,
        publisher=publisher,
        image=picture,
        text=main.text or None,
        html=main.html or None,
        aliases=aliases,
        sponsored=sponsored.is_sponsored(
            page.url,
            text_of_title,
            [c.kind for c in heard.articles],
            [section or "", *keywords],
            heard.shown.labels,
            found.rels,
        ),
        paywalled=main.paywalled or any(c.free is False for c in heard.own),
        next_page=main.next_page,
        robots=heard.robots,
        witnesses={name: witness for name, witness in who.items() if witness},
    )


def _hear(page: Page, seed: Seed | None, tree: LexborHTMLParser, found: parts.Parts) -> _Heard:
    """Every witness, in the order in which they need each other."""
    base = (join(page.url, found.base) if found.base else None) or page.url
    metas = {} if "meta" in DISABLED else meta.table(found)
    heads = meta.read(found, metas, base)
    address = page.url or next(iter(heads.urls), "")
    linked = [] if "jsonld" in DISABLED else jsonld.read([node.text() for node in found.ld], address)
    micro = Claims("microdata")
    chosen = selectors.read(tree, seed.extract) if seed is not None else None
    articles = [c for c in linked if c.who == "jsonld"]
    others = [c for c in linked if c.who != "jsonld"]
    claims = [*articles, heads, micro, *others]
    sites = headline.site_names(claims, host(page.url), (seed.title if seed else None,))
    headings = headline.headings(found)
    title = headline.decide(headings, claims, found.title, sites)
    data: list[Claims] = []
    if "state" not in DISABLED and _thin(tree, articles):
        titles = [title.text] if title else []
        scripts = ((spot.get("type").lower(), spot.node.text()) for spot in found.scripts)
        data = state.read(scripts, [*titles, *(t for c in claims for t in c.titles)], address)
        if data:
            title = headline.decide(headings, [*claims, *data], found.title, sites) or title
    if chosen is not None and chosen.titles:
        title = headline.Title(chosen.titles[0], "selectors", title.heading if title else None)
    if "microdata" not in DISABLED:
        micro = microdata.read(found, markup.line_of(title.heading.spot.node if title and title.heading else None))
    near = None if "markup" in DISABLED or title is None else title.heading
    shown = markup.read(tree, found, near, tags_told=bool(heads.tags))
    languages = [*([found.language] if found.language else []), *(n for c in claims for n in c.languages)]
    return _Heard(
        base,
        articles,
        others,
        heads,
        micro,
        data,
        chosen,
        shown,
        title,
        sites,
        languages,
        doorway.target(page.url, metas, tree),
        restrictions(value for name in META_NAMES for value in metas.get(name, ())),
    )


def _thin(tree: LexborHTMLParser, articles: list[Claims]) -> bool:
    """Whether the markup holds too little text for an article, and JSON-LD holds none."""
    if any(len(b) > THIN for c in articles for b in c.bodies):
        return False
    length = 0
    for node in tree.css("p"):
        length += len(node.text())
        if length > THIN:
            return False
    return True


def _narrowed(tree: LexborHTMLParser, chosen: Claims | None) -> LexborHTMLParser:
    """The tree in which the body is looked for: what the seed's selector names, else the whole page."""
    if chosen is None or not chosen.bodies:
        return tree
    return LexborHTMLParser(f"<html><body><article>{chosen.bodies[0]}</article></body></html>")


def _dates(
    page: Page,
    heard: _Heard,
    found: parts.Parts,
    tree: LexborHTMLParser,
    spoken: str | None,
    zone: str | None,
    now: datetime | None,
) -> tuple[timing.Said | None, timing.Said | None]:
    """First publication and last change."""
    first: list[tuple[str, str, float]] = []
    if heard.chosen is not None:
        first += [("selectors", t, 10.0) for t in heard.chosen.published]
    for claims, weight in (
        (c, _WEIGHTS.get(c.who, 0.6)) for c in (*heard.articles, heard.heads, heard.micro, *heard.data)
    ):
        first += [(claims.who, t, weight if i == 0 else weight * 0.5) for i, t in enumerate(claims.published[:8])]
        first += [(claims.who, t, 0.5) for t in claims.dated[:4]]
    first += [("markup", s.text, 0.8 if s.kind else 0.6) for s in heard.shown.dates if s.kind != "changed"]
    for claims in heard.others:
        first += [(claims.who, t, 0.4) for t in claims.published]
    address = page.url or next(iter(heard.heads.urls), "")
    day = None if "url" in DISABLED else timing.of_address(address)
    said = timing.read(first, language=spoken, zone=zone, now=now)
    if not said and "search" not in DISABLED:
        heading = heard.title.heading.spot.node if heard.title and heard.title.heading else None
        shown = timing.search(tree, heading, heard.title.text if heard.title else "")
        plain = [("markup", s.text, 0.5) for s in shown if s.kind != "changed"]
        said = timing.read(plain, language=spoken, zone=zone, now=now)[:1]
        if not said and day is None:
            data = timing.in_scripts(spot.node.text() for spot in found.scripts)
            said = timing.read([("state", t, 0.4) for t in data], language=spoken, zone=zone, now=now)
        if not said and day is None:
            said = timing.read([("markup", s.text, 0.3) for s in shown], language=spoken, zone=zone, now=now)[:1]
    if day is not None:
        said += timing.read([("url", day, 0.3)], language=spoken, zone=zone, now=now)
    changes = [(c.who, t, 1.0) for c in heard.own for t in c.updated[:2]]
    changes += [("markup", s.text, 0.6) for s in heard.shown.dates if s.kind == "changed"]
    changed = timing.read(changes, language=spoken, zone=zone, now=now)
    if not said:
        said = [s for s in changed if s.who == "markup"]
    return timing.decide(said), timing.decide(changed)


_WEIGHTS = {"jsonld": 1.0, "meta": 0.9, "microdata": 0.8}


def _shown_picture(tree: LexborHTMLParser, heard: _Heard, told: Image | None) -> Image | None:
    """The lead picture as the page shows it."""
    if "picture" in DISABLED:
        return None
    if told is not None:
        return pictures.same(tree, told.url, heard.base)
    return pictures.lead(tree, heard.title.heading if heard.title else None, heard.base)


def _standfirsts(heard: _Heard) -> list[tuple[str, str]]:
    """What the seed and the head call the standfirst, best first."""
    chosen = [("selectors", t) for t in heard.chosen.subtitles] if heard.chosen else []
    return chosen + [(c.who, t) for c in [heard.heads, *heard.articles, *heard.data] for t in c.subtitles]


def _pictures(heard: _Heard) -> list[Claims]:
    """Witnesses of the lead image, best first."""
    chosen = [heard.chosen] if heard.chosen else []
    return [*chosen, heard.heads, *heard.articles, *heard.data]
