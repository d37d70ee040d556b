"""Microdata: schema.org's properties in the markup, of the article alone."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from ..claims import MAX_NAME, Claims, distinct, tidy
from .nodes import Parts, Spot

_TIMES = frozenset(("datepublished", "datecreated", "datemodified"))
_CARD = 60  # characters of a link that holds more than a date


def read(parts: Parts, line: frozenset[int]) -> Claims:
    """The properties of the article. `line` holds the headline and its ancestors, as identities: where some item holds
    the headline, only its properties count, and not those of the cards of other stories. Several items, of which none
    holds the headline, are such cards."""
    said: dict[str, list[tuple[int, str]]] = {
        name: [] for name in ("published", "updated", "authors", "tags", "titles")
    }
    for spot in parts.props[:400]:
        prop = spot.get("itemprop").lower().split()
        if not prop:
            continue
        scope = _scope(spot)
        if scope is None:
            continue
        if not _TIMES.isdisjoint(prop) and _in_card(spot):
            continue
        if "datepublished" in prop or "datecreated" in prop:
            said["published"].append((scope, _value(spot)))
        elif "datemodified" in prop:
            said["updated"].append((scope, _value(spot)))
        elif "author" in prop or "creator" in prop:
            said["authors"].extend((scope, name) for name in _names(spot))
        elif "keywords" in prop and spot.tag != "meta":
            said["tags"].append((scope, tidy(spot.node.text(), MAX_NAME)))
        elif "headline" in prop:
            said["titles"].append((scope, _value(spot)))
    items = {scope for values in said.values() for scope, _ in values}
    if own := items & line:
        items = own
    elif len(items - {0}) > 1:
        items = {0}
    kept = {name: distinct([value for scope, value in values if scope in items]) for name, values in said.items()}
    return Claims("microdata", **kept)  # type: ignore[arg-type]  # the keys are names of its fields


def _names(spot: Spot) -> list[str]:
    """The names of an author: of the person inside, or the text itself."""
    if spot.tag == "meta":
        return [tidy(spot.get("content"), MAX_NAME)]
    inner = spot.node.css("[itemprop~=name]")[:6]
    if inner:
        return [tidy(node.attributes.get("content") or node.text(), MAX_NAME) for node in inner]
    return [tidy(spot.node.text(separator=" | "), MAX_NAME)]


def _value(spot: Spot) -> str:
    return tidy(spot.get("content") or spot.get("datetime") or spot.node.text(), 500)


def _in_card(spot: Spot) -> bool:
    """Whether a date stands in a link that also holds the headline of another story."""
    node: LexborNode | None = spot.node.parent
    for _ in range(6):
        if node is None:
            return False
        if node.tag == "a":
            return len(tidy(node.text(), _CARD)) >= _CARD
        node = node.parent
    return False


def _scope(spot: Spot) -> int | None:
    """The identity of the nearest item if that is an article; 0 where there is none, None for another kind of item."""
    node: LexborNode | None = spot.node.parent
    for _ in range(14):
        if node is None:
            return 0
        attributes = node.attributes
        if "itemscope" in attributes or "itemtype" in attributes:
            kind = (attributes.get("itemtype") or "").lower()
            fits = kind == "" or any(word in kind for word in ("article", "posting", "webpage", "creativework"))
            return node.mem_id if fits else None
        node = node.parent
    return 0
