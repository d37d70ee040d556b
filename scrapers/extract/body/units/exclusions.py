"""What is cut from a page before its units are scored: dialogs, hidden text, navigation, comments, the next article."""

from __future__ import annotations

import re
from itertools import accumulate

from ..class_words import Flag
from .blocks import Block, Element, Sheet
from .reasons import MOST, MOST_OF_DIALOGS, in_article

_OUTSIDE = {"landmark outside": "navigation", "footer outside": "boilerplate"}  # reasons only outside of an article
_PROSE = 300  # characters of plain text that hidden content of an article has, if it is more than a form or a message
_WHOLE = 500  # characters of plain text that the page's own article has, if the next ones are to go
_NOTICE = 200  # the same of a notice
_TEASER = 400  # characters of plain text in an article that only offers another story
_SIGNUP = 500  # characters of plain text in a box for subscribing
_CLIMB = 5  # elements around a form among which that box is looked for
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_OFFERS = Flag.RELATED | Flag.TEASER
_BOXES = frozenset(("div", "section", "aside", "ul"))
_WORD = re.compile(r"[^\W_]+")
_SUBJECT = 0.4  # share of the page's plain text in boxes named for consent that makes consent its subject
_OPENING = 400  # characters that are left without the comments: less, and the page is a thread


def excluded(sheet: Sheet, titles: tuple[str, ...] = ()) -> set[Element]:
    """Elements that are no part of the article, whatever they look like."""
    blocks = sheet.blocks
    plain = _plain_before(blocks)
    passed = sum(one.plain for one in sheet.passed)
    total = plain[-1] + passed
    gone: set[Element] = set()
    comments: list[Element] = []
    consents: list[Element] = []  # within an article
    until = -1
    for element in sheet.notable:
        if element.first < until or element.first >= element.last or element.parent is None:
            continue
        why = element.looks.why
        if not why or (why in _OUTSIDE and in_article(element)):
            continue
        why = _OUTSIDE.get(why, why)
        held = plain[element.last] - plain[element.first]
        if why == "hidden" and held > _PROSE and held > 0.7 * _length(blocks, element) and in_article(element):
            continue  # shown after a click
        if why == "consent" and in_article(element):
            consents.append(element)
            until = element.last
            continue
        if why == "comments":
            comments.append(element)
            until = element.last
        elif held <= MOST * total or (why in ("overlay", "consent") and held < MOST_OF_DIALOGS * total):
            gone.add(element)
            until = element.last
    # placeholders of embeds hold little of an article; one whose parts are mostly named so is about the subject
    if sum(plain[one.last] - plain[one.first] for one in consents) < _SUBJECT * total:
        gone.update(consents)
    said = sum(plain[one.last] - plain[one.first] for one in comments)
    rest = plain[-1] - said - sum(plain[one.last] - plain[one.first] for one in gone)
    if rest >= _OPENING:
        gone.update(comments)
    gone.update(_next_articles(sheet, plain, titles))
    gone.update(_teasers(sheet, plain))
    return gone


def _plain_before(blocks: list[Block]) -> list[int]:
    """How many characters outside of links stand before each block, and at last in all of them."""
    return list(accumulate([b.length - b.linked if b.linked < b.length else 0 for b in blocks], initial=0))


def _length(blocks: list[Block], element: Element) -> int:
    return sum(block.length for block in blocks[element.first : element.last])


def _next_articles(sheet: Sheet, plain: list[int], titles: tuple[str, ...]) -> list[Element]:
    """Articles with a headline of their own below the one that has the headline of the page."""
    headings = [block for block in sheet.blocks if block.tag == "h1" and block.length > 3]
    if len(headings) < 2:
        return []
    words = [set(_WORD.findall(title.lower())) for title in titles[:4]]
    if not any(words):
        return []
    first: Element | None = None
    found: list[Element] = []
    for heading in headings[:60]:
        around = _article_of(heading)
        if around is None:
            continue
        mine = set(_WORD.findall(heading.text.lower()))
        if first is None:
            if any(len(mine & title) > 0.6 * len(mine | title) for title in words):
                first = around
        elif around is not first and around.first >= first.last and around not in found:
            found.append(around)
    held = plain[first.last] - plain[first.first] if first is not None else 0
    if held < _WHOLE:  # a notice, of which only what stands beside it and looks the same is surely another one
        return [one for one in found if held >= _NOTICE and _are_alike(one, first)]
    return found


def _are_alike(one: Element, other: Element | None) -> bool:
    """Whether two elements stand side by side and have the same names, digits aside."""
    if other is None or one.parent is not other.parent:
        return False
    one.named()
    other.named()
    return one.looks.nameless == other.looks.nameless


def _teasers(sheet: Sheet, plain: list[int]) -> set[Element]:
    """Other stories that are offered amid the text: short articles in the article, named so, under a linked heading.

    Where the box around them is named so too, and says little more, all of it.
    """
    found: set[Element] = set()
    for element in sheet.notable:
        around = element.parent
        if element.tag != "article" or around is None or plain[element.last] - plain[element.first] >= _TEASER:
            continue
        boxed = bool(around.own_flags() & _OFFERS)
        if (
            (boxed or element.own_flags() & _OFFERS)
            and in_article(element)
            and any(
                block.tag in _HEADINGS and block.density > 0.9 for block in sheet.blocks[element.first : element.last]
            )
        ):
            whole = boxed and around.tag in _BOXES and plain[around.last] - plain[around.first] < 2 * _TEASER
            found.add(around if whole else element)
    return found


def signups(sheet: Sheet) -> set[Element]:
    """Boxes for subscribing: named so, with a form and little else in them.

    They are weighed like all others, and left out afterwards: what stands beside them is told by them.
    """
    forms = [element for element in sheet.notable if element.tag == "form"]
    if not forms:
        return set()
    plain = _plain_before(sheet.blocks)
    found: set[Element] = set()
    for form in forms:
        around: Element | None = form.parent
        for _ in range(_CLIMB):
            if around is None or around.tag not in _BOXES or plain[around.last] - plain[around.first] > _SIGNUP:
                break
            if around.own_flags() & Flag.NEWSLETTER:
                found.add(around)
            around = around.parent
    return found


def _article_of(block: Block) -> Element | None:
    """The outermost <article> around a block."""
    one: Element | None = block.element
    found = None
    while one is not None:
        if one.tag == "article":
            found = one
        one = one.parent
    return found
