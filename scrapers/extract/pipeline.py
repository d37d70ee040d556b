"""How one page is read: every witness is read once, then each field is decided.

One parse, one query for all nodes that can bear witness (`parts`), then the witnesses: the seed's selectors, JSON-LD,
`<meta>`, microdata, the page's data in scripts, the markup around the headline, and the body finder, which comes last
because it cuts the tree. The modules of `fields` choose among them; nothing here opens a connection or looks at a
clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from selectolax.lexbor import LexborHTMLParser

from scrapers.model import Draft, Image, Page
from scrapers.page import charset, html
from scrapers.page.nesting import within_depth
from scrapers.page.robots_directives import META_NAMES, restrictions
from scrapers.seed.seed import Seed
from scrapers.urls.site import host, join

from . import page_kind, redirect_page
from .body import body
from .body.known import Known
from .claims import Claims, distinct
from .fields import addresses, decide, language, rights, site_name, sponsored
from .fields import authors as names
from .fields import dates as timing
from .fields import headings as headings_of
from .fields import lead_image as pictures
from .fields import title as headline
from .lexicon.date_labels import kind_of
from .readers import jsonld, meta, microdata, plaintext, selectors
from .readers import nodes as parts
from .readers import page_state as state
from .readers import visible as markup
from .rules import NONE_DISABLED, Disabled


def extract(
    page: Page, seed: Seed | None = None, *, now: datetime | None = None, disabled: Disabled = NONE_DISABLED
) -> Draft:
    """What `page` says of its article. A field that nobody tells is empty; `witnesses` names who told each field.

    Dates are ISO 8601, as exact as they were found; addresses are absolute where the page's own is known. With `now`,
    distances ("2 hours ago") are read too. `disabled` names rules that are left out, to measure what they bring.
    Raises ReadFailed for a page over the parser's limits.
    """
    if plaintext.looks_like_text(page.content_type):
        text = charset.decode(page.body[: html.MAX_BYTES], page.charset)
        zone = seed.timezone if seed else None
        return plaintext.read(text, seed_language=seed.language if seed else None, timezone=zone, now=now)
    return _article(page, seed, now, disabled)


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
    languages: list[str]  # what the page declares, `<html lang>` first
    writers: tuple[tuple[str, ...], str] | None  # where what the page shows cannot change them
    target: str | None  # the article that this page only leads to
    robots: tuple[str, ...] = ()  # what the head forbids

    @property
    def own(self) -> list[Claims]:
        """Claims about the article, best first."""
        chosen = [self.chosen] if self.chosen else []
        return [*chosen, *self.articles, self.heads, self.micro, *self.data]

    @property
    def locked(self) -> bool:
        """Whether a witness says that the article is not free to read."""
        return any(c.free is False for c in self.own)


def _article(page: Page, seed: Seed | None, now: datetime | None, disabled: Disabled) -> Draft:
    tree = _parsed(page, seed)
    found = parts.gather(tree)
    heard = _hear(page, seed, tree, found, disabled)
    title = heard.title.text if heard.title else ""
    hint = _declared_language(heard, seed) or language.of_words(tree)
    locale = timing.Locale(timing.dialect(heard.languages, hint, host(page.url)), seed.timezone if seed else None, now)
    first, change = _dates(page, heard, found, tree, locale, disabled)
    told = first is not None and not first.stand_in and first.who in ("selectors", *timing.WEIGHTS)
    marks = page_kind.marks(tree, page.url, found.title, dated=told)
    writers = _writers(tree, heard, title, disabled)
    standfirst = decide.subtitle(_standfirsts(heard), heard.shown, title, disabled)
    told_picture = decide.image(_pictures(heard), heard.base)
    shown_picture = _shown_picture(tree, heard, told_picture[0], disabled)
    known = Known(
        titles=distinct([title, *(t for c in [*heard.own, *heard.others] for t in c.titles)]),
        subtitle=standfirst[0],
        authors=writers[0],
        bodies=tuple(b for c in heard.own for b in c.bodies),
        published=_iso(first),
        language=hint,
        url=page.url,
        base=heard.base,
    )
    licence = rights.license_of([*heard.own, *heard.others], found.rels, heard.base)
    title, title_who = headline.with_marked(heard.title, tree, heard.sites)
    main = body.find(_narrowed(tree, heard.chosen), known, disabled)  # cuts the tree: nothing reads it afterwards

    writers = _writers_with_byline(writers, main, heard, title)
    standfirst = _standfirst_with_body(standfirst, main)
    first = timing.instead(first, _dateline(main, found, locale))
    title, title_who = headline.with_body(title, title_who, main.headline or "", heard.sites)
    keywords, tags_who = decide.tags(_keyworded(heard), heard.sites)
    section, section_who = decide.section([*heard.own, *heard.others, heard.shown.claims], heard.sites, title)
    publisher, publisher_who = decide.publisher([heard.heads, *heard.articles, *heard.others])
    canonical, aliases = addresses.decide([heard.heads, *heard.articles], heard.base)
    page_of_comments, feed_of_comments = rights.comments([*heard.own, *heard.others], page.url, heard.base)
    picture, picture_who = _picture(told_picture, shown_picture, main.image, heard.base)
    spoken, spoken_who = _language(heard, main.text or title, seed)
    who = {
        "title": title_who,
        "subtitle": standfirst[1],
        "authors": writers[1],
        "published": _who(first),
        "updated": _who(change),
        "section": section_who,
        "tags": tags_who,
        "language": spoken_who,
        "canonical": "doorway" if heard.target else "meta" if canonical else "",
        "publisher": publisher_who,
        "image": picture_who,
        "text": _who_of_text(heard, main),
    }
    return Draft(
        title=title or None,
        subtitle=standfirst[0],
        authors=writers[0],
        published=_iso(first),
        published_estimated=first is not None and first.stand_in,
        updated=_iso(change),
        section=section,
        tags=keywords,
        language=spoken,
        canonical=heard.target or canonical,
        publisher=publisher,
        image=picture,
        text=main.text or None,
        html=main.html or None,
        base=heard.base if main.html and heard.base != page.url else None,
        aliases=aliases,
        sponsored=sponsored.is_sponsored(
            page.url,
            title,
            [c.kind for c in heard.articles],
            [section or "", *keywords],
            heard.shown.labels,
            found.rels,
        ),
        paywalled=main.paywalled or heard.locked,
        next_page=main.next_page,
        unlike=page_kind.page_kind(
            marks, main.text.split("\n"), dated=told, shown=_is_shown(first), again=partial(_parsed, page, seed)
        ),
        robots=heard.robots,
        license=licence,
        contributors=rights.contributors(heard.own, writers[0]),
        comments=page_of_comments,
        comments_feed=feed_of_comments,
        files=rights.sounds([*heard.own, *heard.others], heard.base),
        witnesses={name: witness for name, witness in who.items() if witness},
    )


def _parsed(page: Page, seed: Seed | None) -> LexborHTMLParser:
    """The page's tree, without what the seed drops."""
    tree = html.parse(page)
    if seed is not None and seed.extract.drop:
        selectors.drop(tree, seed.extract)
    return tree


def _iso(said: timing.Said | None) -> str | None:
    return said.moment.iso() if said else None


def _is_shown(said: timing.Said | None) -> bool:
    """Whether the article has a date, or the page shows that of its last change."""
    return said is not None and (not said.stand_in or said.who == "markup")


def _who(said: timing.Said | None) -> str:
    return said.who if said else ""


def _declared_language(heard: _Heard, seed: Seed | None) -> str | None:
    """The first language that the page declares, else the seed's."""
    declared = next((t for t in (language.tag(d) for d in heard.languages) if t), None)
    return declared or (seed.language if seed else None)


def _dateline(main: body.Body, found: parts.Parts, locale: timing.Locale) -> timing.Said | None:
    """The date in a line of the body, which is none of a quoted post."""
    if not main.dateline or kind_of(main.dateline, "") == "other" or markup.is_quoted(found, main.dateline):
        return None
    return timing.of_line("body", main.dateline, locale)


def _who_of_text(heard: _Heard, main: body.Body) -> str:
    if not main.text:
        return ""
    return "selectors" if heard.chosen and heard.chosen.bodies else main.who


def _writers(tree: LexborHTMLParser, heard: _Heard, title: str, disabled: Disabled) -> tuple[tuple[str, ...], str]:
    """The authors and their witness: by the claims, else by a line that stands as a byline."""
    writers, wrote = heard.writers or decide.authors(
        [*heard.own, heard.shown.claims, heard.shown.bylines], heard.sites, title
    )
    house = all(names.fold(name) in heard.sites for name in writers)  # nobody, or the paper itself
    if house and "lines" not in disabled:
        lines = markup.lines_by(tree, heard.title.heading if heard.title else None, 30 if writers else 300)
        people, by = decide.authors([Claims("byline", authors=tuple(lines))], heard.sites, title)
        return (people, by) if people else (writers, wrote)
    return writers, wrote


def _writers_with_byline(
    writers: tuple[tuple[str, ...], str], main: body.Body, heard: _Heard, title: str
) -> tuple[tuple[str, ...], str]:
    """The authors that a line of the body names, where so far there are none but the paper itself."""
    if not main.byline or not all(names.fold(name) in heard.sites for name in writers[0]):
        return writers
    people, by = decide.authors([Claims("byline", authors=(main.byline,))], heard.sites, title)
    return (people, by) if people else writers


def _standfirst_with_body(standfirst: tuple[str | None, str], main: body.Body) -> tuple[str | None, str]:
    """The standfirst, unless it only repeats the body; where the body shows one that agrees, that one."""
    text, told = standfirst
    if told in ("markup", "selectors"):
        return standfirst
    if text and decide.is_excerpt(text, main.text):
        text, told = None, ""
    if main.standfirst and decide.agrees(main.standfirst, text):
        return main.standfirst, "body"
    return text, told


def _keyworded(heard: _Heard) -> list[Claims]:
    """Witnesses of the keywords, best first."""
    chosen = [heard.chosen] if heard.chosen else []
    return [*chosen, heard.heads, heard.shown.claims, heard.micro, *heard.articles]


def _picture(
    told: tuple[Image | None, str], shown: Image | None, of_body: Image | None, base: str
) -> tuple[Image | None, str]:
    """The lead picture and its witness: as the page shows it, unless the seed chose one."""
    picture, who = told
    if who != "selectors" and (seen := shown or (None if picture else of_body)) is not None:
        picture, who = replace(seen, url=join(base, seen.url) or seen.url), "markup"
    if picture is not None and of_body is not None and picture.caption is None and of_body.url == picture.url:
        picture = replace(picture, caption=of_body.caption, credit=of_body.credit)
    return picture, who


def _language(heard: _Heard, text: str, seed: Seed | None) -> tuple[str | None, str]:
    """The language and who says so: the page, else the seed."""
    spoken, who = language.decide(heard.languages, text)
    if spoken is None and seed is not None and seed.language:
        return seed.language, "seed"
    return spoken, who


def _hear(page: Page, seed: Seed | None, tree: LexborHTMLParser, found: parts.Parts, disabled: Disabled) -> _Heard:
    """Every witness, in the order in which they need each other."""
    base = _base(page, found)
    metas = {} if "meta" in disabled else meta.table(found)
    heads = meta.read(found, metas, base)
    address = page.url or next(iter(heads.urls), "")
    linked = [] if "jsonld" in disabled else jsonld.read(found.ld_texts(), address)
    micro = Claims("microdata")
    chosen = selectors.read(tree, seed.extract) if seed is not None else None
    articles = [c for c in linked if c.who == "jsonld"]
    others = [c for c in linked if c.who != "jsonld"]
    claims = [*articles, heads, micro, *others]
    headings = headings_of.headings(found, disabled)
    own = (seed.title if seed else None, *headings_of.home_names(headings))
    sites = site_name.site_names(claims, host(page.url), own)
    title = headline.decide(headings, claims, found.title, sites, disabled)
    data: list[Claims] = []
    if (
        "state" not in disabled
        and not any(len(b) > markup.THIN for c in articles for b in c.bodies)
        and markup.is_thin(tree)
    ):
        data = _state(found, title, claims, address)
        if data:
            title = headline.decide(headings, [*claims, *data], found.title, sites, disabled) or title
    if chosen is not None and chosen.titles:
        title = headline.Title(chosen.titles[0], "selectors", title.heading if title else None)
    if "microdata" not in disabled:
        micro = microdata.read(found, markup.line_of(title.heading.spot.node if title and title.heading else None))
    near = None if "markup" in disabled or title is None else title.heading
    told = [*([chosen] if chosen else []), *articles, heads, micro, *data]
    writers = decide.settled_authors(told, sites, title.text if title else "")
    shown = markup.read(tree, found, near, tags_told=bool(heads.tags), authors_told=writers is not None)
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
        [*filter(None, (found.language,)), *(name for claim in claims for name in claim.languages)],
        writers,
        redirect_page.target(page.url, metas, tree),
        restrictions(value for name in META_NAMES for value in metas.get(name, ())),
    )


def _base(page: Page, found: parts.Parts) -> str:
    """What relative addresses of a page are resolved against."""
    return (join(page.url, found.base) if found.base else None) or page.url


def _state(found: parts.Parts, title: headline.Title | None, claims: list[Claims], address: str) -> list[Claims]:
    """What the page's data in scripts say of the article with one of these titles."""
    titles = [title.text] if title else []
    scripts = ((spot.get("type").lower(), spot.node.text()) for spot in found.scripts)
    return state.read(scripts, [*titles, *(t for c in claims for t in c.titles)], address)


def _narrowed(tree: LexborHTMLParser, chosen: Claims | None) -> LexborHTMLParser:
    """The tree in which the body is looked for: what the seed's selector names, else the whole page."""
    if chosen is None or not chosen.bodies:
        return tree
    return LexborHTMLParser(f"<html><body><article>{within_depth(chosen.bodies[0])}</article></body></html>")


def _dates(
    page: Page,
    heard: _Heard,
    found: parts.Parts,
    tree: LexborHTMLParser,
    locale: timing.Locale,
    disabled: Disabled,
) -> tuple[timing.Said | None, timing.Said | None]:
    """First publication and last change."""
    return timing.of_page(
        timing.Evidence(
            locale,
            own=(*heard.articles, heard.heads, heard.micro, *heard.data),
            others=heard.others,
            chosen=heard.chosen,
            shown=heard.shown.dates,
            beside=heard.shown.beside,
            address=page.url or next(iter(heard.heads.urls), ""),
            host=host(page.url or next(iter(heard.heads.urls), "")),
            scripts=lambda: (spot.node.text() for spot in found.scripts),
            tree=tree,
            heading=heard.title.heading.spot.node if heard.title and heard.title.heading else None,
            title=heard.title.text if heard.title else "",
            disabled=disabled,
        )
    )


def _shown_picture(tree: LexborHTMLParser, heard: _Heard, told: Image | None, disabled: Disabled) -> Image | None:
    """The lead picture as the page shows it."""
    if "picture" in disabled:
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
