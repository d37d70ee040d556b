"""What is foreign in a list or table of the text: items and rows that advertise, or lead to other stories."""

from __future__ import annotations

from collections import Counter

from ..class_words import Flag
from ..notices import is_disclosure
from ..phrases import ADVERT, ALSO, phrase_of
from .blocks import Block, Element
from .grouping import text_of

_DISCLOSED = 2  # different lines of affiliate links in a list: more, and they are the subject
_CELLS = ("td", "th")
_ITEM = {"list": "li", "table": "tr"}


def foreign(kept: list[Block]) -> frozenset[Element]:
    """Items of kept lists and rows of kept tables that are clearly something else; their text is taken out.

    Rows are removed whole, never single cells; empty ones stay.
    """
    left: set[Element] = set()
    for unit in kept:
        if unit.kind not in _ITEM:
            continue
        items: dict[Element, list[Block]] = {}
        for part in unit.parts:
            one: Element | None = part.element
            while one is not None and one is not unit.element and one.tag != _ITEM[unit.kind]:
                one = one.parent
            if one is not None and one is not unit.element:
                items.setdefault(one, []).append(part)
        gone = {item for item, parts in items.items() if _is_foreign(item, parts)}
        gone = gone if len(gone) < len(items) else set()
        lost = {part for item in gone for part in items[item]} | _disclosures(unit)
        if lost:
            left |= gone | {part.element for part in lost}
            said = [part for part in unit.parts if part.length and part not in lost]
            unit.text = text_of(unit.kind, said)
            unit.length = len(unit.text)
    return frozenset(left)


def _disclosures(unit: Block) -> set[Block]:
    """Paragraphs within a list or table that tell of affiliate links and nothing else."""
    held = Counter([part.element for part in unit.parts])
    found = {
        part
        for part in unit.parts
        if part.length and held[part.element] == 1 and part.tag not in _CELLS and is_disclosure(part.text)
    }
    return found if len({part.text for part in found}) <= _DISCLOSED and len(found) < len(unit.parts) else set()


def _is_foreign(item: Element, parts: list[Block]) -> bool:
    """Whether an item is an advert or leads to another story."""
    said = [part for part in parts if part.length]
    if not said:
        return False
    kind = phrase_of(said[0].text)
    linked = sum(part.linked for part in said) > 0.3 * sum(part.length for part in said)
    if kind == ALSO:
        return linked
    if kind == ADVERT:
        return len(said) == 1 and said[0].length < 40
    return bool(item.own_flags() & (Flag.AD | Flag.RELATED | Flag.NEWSLETTER)) and linked
