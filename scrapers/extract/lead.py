"""What stands at the head of a body and is not its text: headline, standfirst, byline, date line, lead picture."""

from __future__ import annotations

from scrapers.model import Image
from scrapers.pictures import is_counter, is_hidden, is_tiny

from .blocks import Block, Element, Sheet, attributes
from .blocks import token as parted
from .clean_html import picture
from .features import COLUMN, Measured
from .phrases import BYLINE, CREDIT, DATE, credit_in, phrase_of
from .words import Flag

_NO_PICTURE = (
    Flag.AD | Flag.RELATED | Flag.NAVIGATION | Flag.SHARE | Flag.TEASER | Flag.BYLINE | Flag.COMMENT | Flag.FOOTER
    | Flag.OVERLAY | Flag.NEWSLETTER | Flag.ASIDE | Flag.FORM
)  # fmt: skip
_ABOVE = 14  # blocks above the first paragraph that may belong to the article's head
_CAPTION = 400  # characters: what is longer is prose
_BESIDE = 20  # blocks of a figure before and after its picture
_MARKS = " |–—-"  # between a caption and its credit
_NARROW = 120  # pixels: what is narrower is a portrait or a sign
_PICTURES = ("img", "amp-img", "image")


def names_below(element: Element | None, top: Element | None) -> int:
    """What the names of `element` and those around it hint at, up to `top`, which is not asked."""
    found = 0
    while element is not None and element is not top and not (top is not None and _holds(element, top)):
        found |= element.own_flags()
        element = element.parent
    return found


def _holds(outer: Element, inner: Element) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def figure_of(block: Block) -> Element | None:
    """The figure, or what is named like one, that a block stands in."""
    element: Element | None = block.element
    for _ in range(5):
        if element is None:
            return None
        if element.tag == "figure":
            return element
        element = element.parent
    return None


def pictures(sheet: Sheet, measured: Measured, kept: list[Block]) -> list[Block]:
    """Blocks with pictures or players that belong to the article: in the body, or right above it."""
    if not kept:
        return []
    first, last = kept[0].index, kept[-1].index
    start = max(0, first - _ABOVE)
    top = measured.top if measured.top is not None else start
    inside = {id(b) for b in kept}
    found = []
    for block in sheet.blocks[max(start, min(top, first)) : last + 2]:
        if not block.media:
            continue
        if id(block) in inside or not names_below(block.element, measured.core) & _NO_PICTURE:
            found.append(block)
    return found


def image(sheet: Sheet, block: Block, token: int) -> Image | None:
    """The picture of a token with the caption and credit that stand beside it, or None where it is none to show."""
    name, written, _ = parted(sheet.tags[token])
    if name not in _PICTURES:
        return None
    attrs = attributes(written)
    url = picture(attrs)
    if url is None or is_tiny(attrs) or is_hidden(attrs) or is_counter(url):
        return None
    width, height = _pixels(attrs.get("width")), _pixels(attrs.get("height"))
    if (width and width < _NARROW) or (height and height < 60):
        return None
    caption, credit = captions(sheet, block)
    return Image(url, caption, credit, attrs.get("alt") or None, width, height)


def captions(sheet: Sheet, block: Block) -> tuple[str | None, str | None]:
    """Caption and credit of the picture in `block`."""
    figure = figure_of(block)
    near = _within(sheet, figure, block) if figure is not None else []
    if not any(one.length for one in near):
        near = [one for one in sheet.blocks[block.index + 1 : block.index + 3] if _captions(one)]
    caption = credit = None
    for one in near:
        if not one.length or one.length > 1000:
            continue
        if phrase_of(one.text) == CREDIT and (caption or one.length < 60):
            credit = credit or one.text
        elif caption is None:
            caption = one.text
        elif credit is None and one.length < 80:
            credit = one.text
    if caption is not None and credit is None and (at := credit_in(caption)):
        at += caption[at] in '.!?»”")'
        caption, credit = caption[:at].rstrip(_MARKS), caption[at:].strip(_MARKS + "()[]")
    return caption, credit


def ends_with_credit(block: Block) -> bool:
    """Whether a block is as short as captions are, and ends with a credit."""
    return block.length < _CAPTION and credit_in(block.text) is not None


def _captions(block: Block) -> bool:
    """Whether names, or a credit at its end, make a line near a picture its caption."""
    return bool(block.element.all_flags() & Flag.CAPTION) or ends_with_credit(block)


def _within(sheet: Sheet, figure: Element, block: Block) -> list[Block]:
    """The blocks of a figure near a block of it: a figure that nobody closes holds the rest of the page."""
    return sheet.blocks[max(figure.first, block.index - _BESIDE) : min(figure.last, block.index + _BESIDE)]


def headline(measured: Measured, kept: list[Block]) -> str | None:
    """The heading nearest above the body."""
    if not kept:
        return None
    found = None
    for block in measured.blocks:
        if block.index >= kept[0].index:
            break
        if block.tag == "h1" and block.length > 3 and block.density < 0.9:
            found = block.text
    if found is None and measured.title is not None:
        found = measured.title.text
    return found


def lines(measured: Measured, kept: list[Block]) -> tuple[str | None, str | None, str | None]:
    """Byline, date line and standfirst: the lines between the headline and the first paragraph that are kept out."""
    byline = dateline = standfirst = None
    if not kept:
        return None, None, None
    core = measured.core
    # A standfirst that stays in the text stands above the byline, and outside of the text proper.
    inside = [block.index for block in kept if core is not None and core.first <= block.index < core.last]
    first = inside[0] if inside and inside[0] <= kept[0].index + _ABOVE else kept[0].index
    top = measured.top if measured.top is not None else first - _ABOVE
    known = {id(b): row[COLUMN["is_subtitle"]] for b, row in zip(measured.weighed, measured.rows, strict=True)}
    text = {id(block) for block in kept}
    for block in measured.blocks:
        if block.index <= top or block.index < first - _ABOVE or block.index >= first or id(block) in text:
            continue
        near = names_below(block.element, measured.core) if measured.core is not None else block.element.all_flags()
        kind = phrase_of(block.text)
        if byline is None and block.length < 200 and (kind == BYLINE or near & Flag.BYLINE):
            byline = block.text
        elif dateline is None and block.length < 120 and (kind == DATE or near & Flag.DATE):
            dateline = block.text
        elif (
            standfirst is None
            and 40 < block.length < 700
            and block.density < 0.3
            and (near & Flag.STANDFIRST or known.get(id(block), 0.0) > 0.6)
        ):
            standfirst = block.text
    return byline, dateline, standfirst


def _pixels(value: str | None) -> int | None:
    value = (value or "").strip().removesuffix("px")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else None


def with_pictures(sheet: Sheet, kept: list[Block], media: list[Block]) -> list[Block]:
    """The blocks of the text with those of its pictures and their captions, in the order of the page."""
    if not media:
        return kept
    wanted = {block.index: block for block in kept}
    for block in media:
        wanted.setdefault(block.index, block)
        figure = figure_of(block)
        if figure is None:
            continue
        for one in _within(sheet, figure, block):
            if 0 < one.length < 1000:
                wanted.setdefault(one.index, one)
    return [wanted[index] for index in sorted(wanted)]
