"""An article page → a Draft: every witness is heard once, then each field is decided.

One parse, one query for all nodes that can bear witness (`parts`), then the witnesses: the seed's selectors, JSON-LD,
`<meta>`, microdata, the page's state in scripts, the markup around the headline, and the body finder, which is called
last because it cuts the tree. `decide` chooses among them; nothing here opens a connection or looks at a clock.
"""

from __future__ import annotations

from datetime import datetime

from scrapers import html
from scrapers.model import Draft, Page
from scrapers.seed import Seed
from scrapers.urls import host, join

from . import body, decide, headline, jsonld, language, markup, meta, parts
from .claims import Claims

__all__ = ["extract"]


def extract(page: Page, seed: Seed | None = None, *, now: datetime | None = None) -> Draft:
    """What `page` says of its article. A field that nobody tells is empty; `witnesses` names who told each field.

    Dates are ISO 8601, as exact as they were found. Raises ReadFailed for a page over the parser's limits.
    """
    return _article(page, seed, now)


def _article(page: Page, seed: Seed | None, now: datetime | None) -> Draft:
    tree = html.parse(page)
    found = parts.gather(tree)
    base = join(page.url, found.base) if found.base else page.url
    base = base or page.url
    metas = meta.table(found)
    heads = meta.read(found, metas, base)
    linked = jsonld.read([node.text() for node in found.ld], page.url or next(iter(heads.urls), ""))
    micro = markup.microdata(found)
    claims: list[Claims] = [*linked, heads, micro]
    sites = headline.site_names(claims, host(page.url), (seed.title if seed else None,))
    headings = headline.headings(found)
    title = headline.decide(headings, claims, found.title, sites)
    shown, shown_dates = markup.read(found, title.heading if title else None)

    text_of_title = title.text if title else ""
    declared = [*([found.language] if found.language else []), *(name for c in claims for name in c.languages)]
    articles = [c for c in linked if c.who == "jsonld"]
    language_hint = next((t for t in (language.tag(d) for d in declared) if t), None) or (
        seed.language if seed else None
    )

    said = [(c.who, t) for c in articles for t in c.published[:1]]
    said += [(heads.who, t) for t in heads.published]
    said += [(micro.who, t) for t in micro.published]
    said += [("markup", t) for t, is_change in shown_dates if not is_change]
    said += [(c.who, t) for c in linked if c.who != "jsonld" for t in c.published]
    if (day := decide.url_date(page.url)) is not None:
        said.append(("url", day))
    said += [("markup", t) for t, is_change in shown_dates if is_change]
    timezone = seed.timezone if seed else None
    published, _ = decide.published(said, language=language_hint, timezone=timezone, now=now)
    changes = [(c.who, t) for c in [*articles, heads, micro] for t in c.updated[:2]]
    changes += [("markup", t) for t, is_change in shown_dates if is_change]
    updated, _ = decide.published(changes, language=language_hint, timezone=timezone, now=now)

    writers, wrote = decide.authors([*articles, heads, micro, shown], sites, text_of_title)
    standfirsts = [("markup", t) for t in shown.subtitles] + [
        (c.who, t) for c in [heads, *articles] for t in c.subtitles
    ]
    sub, sub_who = decide.subtitle(standfirsts, text_of_title, "")
    section, section_who = decide.section([heads, *linked], sites, text_of_title)
    keywords, tags_who = decide.tags([heads, shown, micro, *articles], [], sites, text_of_title)
    canonical, aliases = decide.addresses([heads, *articles], base)
    publisher, publisher_who = decide.publisher([heads, *linked])

    known = body.Known(
        titles=tuple(dict.fromkeys(t for t in (text_of_title, *(x for c in claims for x in c.titles)) if t)),
        subtitle=sub,
        authors=writers,
        bodies=tuple(b for c in articles for b in c.bodies),
        published=published.moment.iso() if published else None,
        language=language_hint,
        url=page.url,
    )
    main = body.find(tree, known)
    picture, picture_who = decide.image([heads, *articles], main.image, base)
    spoken, spoken_who = language.decide(declared, main.text or text_of_title)
    who = {
        "title": title.who if title else "",
        "subtitle": sub_who,
        "authors": wrote,
        "published": published.who if published else "",
        "updated": updated.who if updated else "",
        "section": section_who,
        "tags": tags_who,
        "language": spoken_who,
        "canonical": "meta" if canonical else "",
        "publisher": publisher_who,
        "image": picture_who,
        "text": main.who if main.text else "",
    }
    return Draft(
        title=text_of_title or None,
        subtitle=sub,
        authors=writers,
        published=published.moment.iso() if published else None,
        updated=updated.moment.iso() if updated else None,
        section=section,
        tags=keywords,
        language=spoken,
        canonical=canonical,
        publisher=publisher,
        image=picture,
        text=main.text or None,
        html=main.html or None,
        aliases=aliases,
        paywalled=main.paywalled or any(c.free is False for c in [*articles, heads]),
        next_page=main.next_page,
        witnesses={name: witness for name, witness in who.items() if witness},
    )
