"""The lead picture as the page shows it: the one that the head names, as the page crops it, with caption and credit.

The head's picture is cropped for social networks, at times with a logo or a headline on it. Where the page shows the
same picture itself, that one is taken; where the head names none, the first real picture beside the headline.
"""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.model import Image
from scrapers.page import pictures
from scrapers.page.class_terms import ClassTerms
from scrapers.page.pictures import pixels

from ..claims import MAX_NAME, tidy
from ..readers.nodes import Attributes
from ..readers.visible import elsewhere, line_of
from .headings import Heading

MAX_NODES = 400
REACH = 6  # pictures after the headline that are looked at; one before it
SMALLEST = 200  # pixels; smaller ones are portraits, logos and icons
LARGEST = 2400  # pixels of the variant that is chosen from a srcset

_NO_LEAD = ClassTerms(
    r"avatars? authors? autor logos? icons? portraits? profiles? emoji badges? by-?line thumb-?nails? sprite ads? "
    r"advert banner share social flag pixel tracking placeholder-?icon newsletter qr gravatar"
)
_NO_PICTURE = re.compile(
    r"^(?:data|blob|about|javascript):|\.svg(?:$|\?)|/(?:pixel|blank|spacer|1x1|transparent)\b|\.gif(?:$|\?)", re.I
)
_CREDIT = re.compile(
    r"\s{0,3}[(\[|]?\s{0,3}(?:©|\(c\)|photo(?:graph)?(?:\sby|:|\scredit)|foto(?:grafie)?:|bild:|quelle:|credit:|image:|imago|"
    r"getty images|crédit|photo\s?:)\s{0,3}.{0,160}$",
    re.I,
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{7,120}")
_INNER = re.compile(r"https?(?:%3A|:)(?:%2F|/){2}.{1,300}https?(?:%3A|:)(?:%2F|/)", re.I)
_SOURCES = 12  # children of a <picture> that are looked at


def same(tree: LexborHTMLParser, told: str, base: str) -> Image | None:
    """The picture of the page that is the one at the address `told`, by what is distinctive in the address."""
    tokens = _tokens(told)
    if not tokens:
        return None
    for node in tree.tags("img")[:MAX_NODES]:
        attributes = node.attributes
        everything = " ".join([value for value in attributes.values() if value])
        if not any(token in everything for token in tokens):
            continue
        width = pixels(attributes.get("width"))
        source = _source(attributes, node, base)
        if source and (width is None or width >= SMALLEST) and any(token in source for token in tokens):
            figure = _in_figure(node)
            caption, credit = _caption(figure) if figure is not None else (None, None)
            alt = tidy(attributes.get("alt"), 1000) or None
            if _INNER.search(source) and not _INNER.search(told):
                source = told  # the page shows it through a resizing service
            return Image(source, caption, credit, alt, width, pixels(attributes.get("height")))
    return None


def _tokens(url: str) -> list[str]:
    """The parts of a picture's address that no other picture has: its long file name, long numbers, hashes."""
    segments = url.split("?", 1)[0].split("://", 1)[-1].split("/")[1:]
    found: list[str] = []
    for place, segment in enumerate(reversed(segments[-4:])):
        for stem in _TOKEN.findall(segment[-300:]):
            digits = sum(c.isdigit() for c in stem)
            name = place == 0 and len(stem) >= 16 and ("-" in stem or "_" in stem)
            if name or (stem.isdigit() and len(stem) >= 7) or (len(stem) >= 10 and digits >= 4 and "-" not in stem[:4]):
                found.append(stem)
    return found[:3]


def lead(tree: LexborHTMLParser, heading: Heading | None, base: str) -> Image | None:
    """The picture beside the headline, its address absolute; None where the page shows none there."""
    if heading is None:
        return None
    own = heading.spot.node.mem_id
    line = line_of(heading.spot.node)
    under = False
    before: LexborNode | None = None
    left = REACH
    for node in tree.css("h1, h2, img")[:MAX_NODES]:
        if node.tag != "img":
            under = under or node.mem_id == own
        elif not under:
            before = node
        else:
            left -= 1
            if (image := _picture(node, base, line)) is not None:
                return image
            if left <= 0:
                break
    return _picture(before, base, line) if before is not None and _inside(before, line) else None


def _inside(node: LexborNode | None, line: frozenset[int]) -> bool:
    """Whether a picture before the headline shares a block with it, below the page's own containers."""
    for _ in range(6):
        node = node.parent if node is not None else None
        if node is None or node.tag in ("body", "html", "main"):
            return False
        if node.mem_id in line:
            return True
    return False


def _picture(node: LexborNode, base: str, line: frozenset[int]) -> Image | None:
    """An `<img>` as the lead picture, or None if it is small, no picture, or not the article's."""
    attributes = node.attributes
    name = f"{attributes.get('class') or ''} {attributes.get('alt') or ''}"[:200]
    width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
    if (
        (width is not None and width < SMALLEST)
        or (height is not None and height < SMALLEST // 2)
        or _NO_LEAD.search(name)
    ):
        return None
    source = _source(attributes, node, base)
    if not source or _NO_PICTURE.search(source) or pictures.is_generic(source) or elsewhere(node, line, 6):
        return None
    figure = _in_figure(node)
    caption, credit = _caption(figure) if figure is not None else (None, None)
    return Image(source, caption, credit, tidy(attributes.get("alt"), 1000) or None, width, height)


def _source(attributes: Attributes, node: LexborNode, base: str) -> str | None:
    """The absolute address of the largest sensible variant."""
    sources: list[tuple[str, str]] = []
    parent = node.parent
    if parent is not None and parent.tag == "picture":
        children = (child.attributes for child in islice(parent.iter(), _SOURCES) if child.tag == "source")
        sources = pictures.of_sources(list(children), base)
    found = pictures.picture(attributes, sources, base, widest=LARGEST)
    return found.src if found is not None else None


def _in_figure(node: LexborNode | None) -> LexborNode | None:
    for _ in range(5):
        node = node.parent if node is not None else None
        if node is None:
            return None
        if node.tag == "figure":
            return node
    return None


def _caption(figure: LexborNode) -> tuple[str | None, str | None]:
    """Caption and credit of a figure."""
    box = figure.css_first("figcaption")
    if box is None:
        return None, None
    text = tidy(box.text(separator=" "), 1000)
    marked = box.css_first("[class*=credit i], [class*=copyright i], [class*=source i], [class*=author i], cite, small")
    credit = tidy(marked.text(separator=" "), MAX_NAME) if marked is not None else ""
    if credit and credit in text and credit != text:
        text = text.replace(credit, "", 1)
    return split_credit(text, credit or None)


def split_credit(caption: str | None, credit: str | None) -> tuple[str | None, str | None]:
    """A caption and its credit, apart: a credit at the caption's end is taken out of it."""
    text = caption or ""
    if credit and text.rstrip(" .)]").endswith(credit.rstrip(" .)]")) and len(text) > len(credit):
        text = text[: text.rindex(credit.rstrip(" .)]"))].rstrip(" ([|/–-")
    elif not credit and (match := _CREDIT.search(text)):
        credit, text = match[0].strip(" ()[]|"), text[: match.start()]
    return text.strip(" |/–-") or None, credit or None
