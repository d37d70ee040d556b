"""The head of an article, which is not its text: headline, standfirst, byline, date line, lead picture."""

from __future__ import annotations

from scrapers.model import Image
from scrapers.page.embeds import frame_sources, known
from scrapers.page.pictures import best, is_counter, is_hidden, is_tiny, true_src, true_srcset
from scrapers.urls.site import join

from .class_words import Flag
from .notices import is_numbered
from .phrases import BYLINE, CREDIT, DATE, credit_in, phrase_of, split_credit
from .units.blocks import PICTURES, Block, Element, Sheet, attributes
from .units.blocks import token as parted
from .weigh.features import COLUMN, Measured

_NO_PICTURE = (
    Flag.AD | Flag.RELATED | Flag.NAVIGATION | Flag.SHARE | Flag.TEASER | Flag.BYLINE | Flag.COMMENT | Flag.FOOTER
    | Flag.OVERLAY | Flag.NEWSLETTER | Flag.ASIDE | Flag.FORM
)  # fmt: skip
# The same for players and posts, whose boxes are often called widget, share or byline.
_NO_EMBED = (
    Flag.AD | Flag.RELATED | Flag.NAVIGATION | Flag.COMMENT | Flag.FOOTER | Flag.OVERLAY | Flag.NEWSLETTER | Flag.FORM
)  # fmt: skip
_ABOVE = 14  # blocks above the first paragraph that may belong to the article's head
_BELOW = 60  # units after the last sentence that are looked at
_ANYWHERE = "https://page.invalid/"
_SHORT = 120  # characters of a list of author, date and time to read
_CAPTION = 400  # characters: what is longer is prose
_NARROW = 120  # pixels: what is narrower is a portrait or an icon


def names_below(element: Element | None, top: Element | None) -> int:
    """The flags of the names of `element` and of those around it, up to and without `top`."""
    found = 0
    while element is not None and element is not top and not (top is not None and _holds(element, top)):
        found |= element.own_flags()
        element = element.parent
    return found


def _holds(outer: Element, inner: Element) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def pictures(sheet: Sheet, measured: Measured, kept: list[Block]) -> list[Block]:
    """Units with pictures or players that belong to the article: in the body, right above it, or right below it."""
    if not kept:
        return []
    first, last = kept[0].index, kept[-1].index
    start = max(0, first - _ABOVE)
    top = measured.top if measured.top is not None else start
    inside = {id(b) for b in kept}
    core = measured.core
    found = []
    for block in sheet.blocks[max(start, min(top, first)) : last + 1]:
        if not block.media and block.kind != "post":
            continue
        if id(block) in inside or (_belongs(sheet, block, core) and not (block.index < first and _is_signature(block))):
            found.append(block)
    return found + _below(sheet, core, last)


def _is_signature(block: Block) -> bool:
    """Whether a unit with pictures is a short list that says something: above the text, who wrote it and when."""
    return block.kind == "list" and 0 < block.length < _SHORT


def _below(sheet: Sheet, core: Element | None, last: int) -> list[Block]:
    """A gallery that follows the last sentence, and players and posts below it, still within the article's box."""
    found: list[Block] = []
    gallery = True
    for at, block in enumerate(sheet.blocks[last + 1 : last + 1 + _BELOW]):
        in_core = core is not None and core.first <= block.index < core.last
        if gallery and not found and block.length < _SHORT and phrase_of(block.text) in (BYLINE, DATE):
            continue  # a page of pictures has them under its standfirst and byline
        captioned = gallery and block.kind == "figure" and any(part.length for part in block.parts)
        embedded = in_core and (block.kind == "post" or (not block.length and _is_embed(sheet, block)))
        if not in_core and at > 1 and core is not None and not captioned:
            break
        gallery = gallery and bool(block.media) and not block.length
        if (gallery or embedded) and _belongs(sheet, block, core):
            found.append(block)
        elif not in_core:
            break
        else:
            gallery = False
    return found


def _belongs(sheet: Sheet, block: Block, core: Element | None) -> bool:
    """Whether no name around a picture, player or post says that it does not belong to the article."""
    around = block.element.parent if block.kind == "post" else block.element  # its own names are the network's
    return not names_below(around, core) & (_NO_EMBED if _is_embed(sheet, block) else _NO_PICTURE)


def _is_embed(sheet: Sheet, block: Block) -> bool:
    """Whether a unit is a post, or has a video, an audio file or a known player."""
    return block.kind == "post" or any(_is_player(sheet.tags[token]) for token in block.media)


def _is_player(tag: str) -> bool:
    """Whether a tag is a video, an audio file, or a frame of a known player or network."""
    name, written = parted(tag)
    if name in PICTURES or name in ("video", "audio"):
        return name not in PICTURES
    attrs = attributes(written)
    urls = (join(_ANYWHERE, source) for source in frame_sources(attrs))
    return any(url is not None and known(url) is not None for url in urls)


def image(sheet: Sheet, block: Block, token: int, base: str) -> Image | None:
    """The picture of a token with the caption and credit that stand beside it, or None where it is none to show."""
    name, written = parted(sheet.tags[token])
    if name not in PICTURES:
        return None
    attrs = attributes(written)
    url = true_src(attrs, base) or best(true_srcset(attrs, base))
    if url is None or is_tiny(attrs) or is_hidden(attrs) or is_counter(url):
        return None
    width, height = _pixels(attrs.get("width")), _pixels(attrs.get("height"))
    if (width and width < _NARROW) or (height and height < 60):
        return None
    caption, credit = captions(sheet, block)
    return Image(url, caption, credit, attrs.get("alt") or None, width, height)


def captions(sheet: Sheet, block: Block) -> tuple[str | None, str | None]:
    """Caption and credit of the picture in `block`."""
    near = [one for one in block.parts if one.length] if block.kind == "figure" else []
    if not near:
        near = [one for one in sheet.blocks[block.index + 1 : block.index + 3] if one.length and _captions(one)]
    caption = credit = None
    for one in near:
        if one.length > 1000:
            continue
        if phrase_of(one.text) == CREDIT and (caption or one.length < 60):
            credit = credit or one.text
        elif caption is None:
            caption = one.text
        elif credit is None and one.length < 80:
            credit = one.text
    if caption is not None and credit is None and credit_in(caption):
        caption, credit = split_credit(caption)
    return caption, credit


def reads_as_caption(block: Block) -> bool:
    """Whether a block is as short as captions are, and ends with a credit or begins with a number: "Figure 4: …"."""
    return block.length < _CAPTION and (
        credit_in(block.text) is not None or (not block.parts and is_numbered(block.text))
    )


def _captions(block: Block) -> bool:
    """Whether names, or a credit at its end, make a line near a picture its caption."""
    return bool(block.element.all_flags() & Flag.CAPTION) or reads_as_caption(block)


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
    if not kept:
        return None, None, None
    found: dict[str, str] = {}
    known = {id(b): row[COLUMN["is_subtitle"]] for b, row in zip(measured.weighed, measured.rows, strict=True)}
    for block in _above(measured, kept):
        near = names_below(block.element, measured.core) if measured.core is not None else block.element.all_flags()
        kind = phrase_of(block.text)
        if "byline" not in found and block.length < 200 and (kind == BYLINE or near & Flag.BYLINE):
            found["byline"] = block.text
        elif "dateline" not in found and block.length < 120 and (kind == DATE or near & Flag.DATE):
            found["dateline"] = block.text
        elif (
            "standfirst" not in found
            and 40 < block.length < 700
            and block.density < 0.3
            and (near & Flag.STANDFIRST or known.get(id(block), 0.0) > 0.6)
        ):
            found["standfirst"] = block.text
    return found.get("byline"), found.get("dateline"), found.get("standfirst")


def _above(measured: Measured, kept: list[Block]) -> list[Block]:
    """The blocks that are not kept between the headline and the first paragraph of the text proper."""
    core = measured.core
    # A standfirst that stays in the text stands above the byline, and outside of the text proper.
    inside = [block.index for block in kept if core is not None and core.first <= block.index < core.last]
    first = inside[0] if inside and inside[0] <= kept[0].index + _ABOVE else kept[0].index
    top = max(first - _ABOVE - 1, measured.top) if measured.top is not None else first - _ABOVE
    text = {id(block) for block in kept}
    return [block for block in measured.blocks if top < block.index < first and id(block) not in text]


def _pixels(value: str | None) -> int | None:
    value = (value or "").strip().removesuffix("px")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else None


def with_pictures(sheet: Sheet, kept: list[Block], media: list[Block]) -> list[Block]:
    """The units of the text with those of its pictures and their captions, in the order of the page."""
    wanted = {block.index: block for block in kept}
    for block in media:
        wanted.setdefault(block.index, block)
        if not any(part.length for part in block.parts):  # its caption may be a line below it
            for one in sheet.blocks[block.index + 1 : block.index + 3]:
                if one.length and reads_as_caption(one):
                    wanted.setdefault(one.index, one)
                    break
    return [wanted[index] for index in sorted(wanted)]
