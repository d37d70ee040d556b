"""Microdata: schema.org's properties in the markup, of the article alone."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from .claims import MAX_NAME, Claims, distinct, tidy
from .parts import Parts, Spot


def read(parts: Parts) -> Claims:
    """schema.org properties in the markup, of the article alone."""
    authors: list[str] = []
    published: list[str] = []
    updated: list[str] = []
    tags: list[str] = []
    titles: list[str] = []
    for spot in parts.props[:400]:
        prop = spot.get("itemprop").lower().split()
        if not prop or not _of_article(spot):
            continue
        if "datepublished" in prop or "datecreated" in prop:
            published.append(_value(spot))
        elif "datemodified" in prop:
            updated.append(_value(spot))
        elif "author" in prop or "creator" in prop:
            if spot.tag == "meta":
                authors.append(tidy(spot.get("content"), MAX_NAME))
            else:
                names = spot.node.css("[itemprop~=name]")
                authors.extend(tidy(n.attributes.get("content") or n.text(), MAX_NAME) for n in names[:6])
                if not names:
                    authors.append(tidy(spot.node.text(separator=" "), MAX_NAME))
        elif "keywords" in prop and spot.tag != "meta":
            tags.append(tidy(spot.node.text(), MAX_NAME))
        elif "headline" in prop:
            titles.append(_value(spot))
    return Claims(
        "microdata",
        titles=distinct(titles),
        authors=distinct(authors),
        published=distinct(published),
        updated=distinct(updated),
        tags=distinct(tags),
    )


def _value(spot: Spot) -> str:
    return tidy(spot.get("content") or spot.get("datetime") or spot.node.text(), 500)


def _of_article(spot: Spot) -> bool:
    """Whether the nearest item is an article, or there is none."""
    node: LexborNode | None = spot.node.parent
    for _ in range(14):
        if node is None:
            return True
        attributes = node.attributes
        if "itemscope" in attributes or "itemtype" in attributes:
            kind = (attributes.get("itemtype") or "").lower()
            return kind == "" or "article" in kind or "posting" in kind or "webpage" in kind or "creativework" in kind
        node = node.parent
    return True
