"""The content of a story's own box on a listing: title, date, summary, picture, author.

The box of a link is the largest element around it that holds no other story.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...model import Draft, Image
from ...page import dates, pictures
from ...page.text import AUTHOR, TITLE, clean
from ...urls.days import day_of
from ..hints import witnessed
from ..markup_text import SUMMARY, short
from . import card_text
from .anchors import HEADINGS, Anchor, Candidate, Collected, Place, chain, mark
from .evidence import is_prompt, nearest, spellings, weigh_text
from .headlines import KICKER, Piece, Usual, headline, is_made_from, pieces_of, slug_words, usual_of

_HEADLINE = 16  # letters of a link's text that may be a headline
_CLEAR = 22  # ... and of one that is no kicker
_BESIDE = 40  # characters of "Read more about" and the like
_Pieces = Callable[[LexborNode], list[Piece]]
_PARTS = (
    "h1, h2, h3, h4, h5, h6, time, img, p, [data-hook], [itemprop], [rel~=author], [class*=date i], [class*=time i], "
    "[class*=author i], [class*=byline i], [class*=excerpt i], [class*=summary i], [class*=teaser i], "
    "[class*=title i], [class*=headline i]"
)
_BY = re.compile(
    r"^(?:(?:posted |written )?by|(?:geschrieben )?von|de|por|par|di|door|av|af|от|автор)\s*:?\s+", re.IGNORECASE
)
_DATED = re.compile(
    r"(?<!\d)(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d\d)|\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}|"
    r"\d{4}\s?년\s?\d{1,2}\s?월|\d{1,2}(?:st|nd|rd|th|\.|º|er)?\s?(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s?(?:de\s|del\s)?\d{4}|"
    r"[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})(?!\d)"
)
_AGO = re.compile(
    r"\bago\b|\bvor\s\d|\bhace\b|\bil y a\b|\bfa\b|\bhá\b|\bgeleden\b|назад|前|전$|yesterday|gestern|today|heute",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Box:
    """What was found in the boxes of one story."""

    headings: list[LexborNode] = field(default_factory=list)
    titled: list[LexborNode] = field(default_factory=list)  # class or hook says title
    times: list[LexborNode] = field(default_factory=list)
    dated: list[LexborNode] = field(default_factory=list)  # class says date
    images: list[LexborNode] = field(default_factory=list)
    texts: list[LexborNode] = field(default_factory=list)
    authors: list[LexborNode] = field(default_factory=list)


def read(
    tree: LexborHTMLParser,
    collected: Collected,
    chosen: Sequence[Candidate],
    base: str,
    *,
    language: str | None,
    timezone: str | None,
    now: datetime | None,
) -> list[Draft]:
    """A hint for each chosen candidate, in their order."""
    mark(collected, list(chosen))
    boxes = _sorted_parts(tree, collected)
    read: dict[int, list[Piece]] = {}

    def pieces(node: LexborNode) -> list[Piece]:  # of a heading they are asked for twice
        if (told := read.get(node.mem_id)) is None:
            told = read[node.mem_id] = pieces_of(node)
        return told

    usual = _usual(chosen, boxes, pieces, language)
    found = []
    for candidate in chosen:
        box = boxes.get(candidate.number) or _Box()
        title, who = _title(candidate, box, pieces, usual, language)
        root = _root(candidate)
        published = _published(candidate, box, root, title, language, timezone, now)
        hint = Draft(
            title=title,
            published=published,
            subtitle=_summary(box, root, title),
            image=_image(box, base),
            authors=_authors(box, title),
        )
        found.append(witnessed(hint, who))
    return found


def day_in(url: str, now: datetime | None = None) -> str | None:
    """The day that an address names, as ISO; None when it names none."""
    day = day_of(urlsplit(url).path, now)
    return day.isoformat() if day else None


def _sorted_parts(tree: LexborHTMLParser, collected: Collected) -> dict[int, _Box]:
    """The elements that hold titles, dates and the like, each assigned to the story in whose box it lies."""
    boxes: dict[int, _Box] = {}
    for node in tree.css(_PARTS):
        place = nearest(node, collected.places)
        if place is None or place.only < 0:
            continue
        box = boxes.get(place.only)
        if box is None:
            box = boxes[place.only] = _Box()
        _file(box, node)
    return boxes


def _file(box: _Box, node: LexborNode) -> None:
    tag = node.tag or ""
    if tag in HEADINGS:
        box.headings.append(node)
        return
    if tag == "time":
        box.times.append(node)
        return
    if tag == "img":
        box.images.append(node)
        return
    attributes = node.attributes
    told = attributes.get
    said = f"{told('class') or ''} {told('data-hook') or ''} {told('itemprop') or ''}"
    names = said.lower()
    if tag == "p":
        box.texts.append(node)
    if "author" in (told("rel") or "") or card_text.AUTHOR.search(said):
        box.authors.append(node)
    elif card_text.DATE.search(said):
        box.dated.append(node)
    elif "title" in names or "headline" in names:
        box.titled.append(node)
    elif tag != "p" and ("excerpt" in names or "summary" in names or "teaser" in names or "description" in names):
        box.texts.append(node)


def _root(candidate: Candidate) -> Place:
    """The box of a story: the largest element around its best link that holds no other story."""
    anchor = best_anchor(candidate)
    place = anchor.place
    for above in chain(anchor.place.up, 12):
        if above.only != candidate.number or above.tag in ("body", "html", "main"):
            break
        place = above
    return place


def best_anchor(candidate: Candidate) -> Anchor:
    """The link that carries the headline, else the one with the longest text."""
    return max(candidate.anchors, key=lambda a: (bool(a.heading), a.marked, len(a.heading or a.text)))


def _usual(chosen: Sequence[Candidate], boxes: Mapping[int, _Box], pieces: _Pieces, language: str | None) -> Usual:
    """What the headlines of a page have in common beside their own words."""
    told = []
    for candidate in chosen:
        box = boxes.get(candidate.number)
        node = box.headings[0] if box is not None and box.headings else best_anchor(candidate).place.node
        told.append((pieces(node), candidate.path))
    return usual_of(told, language)


def _title(
    candidate: Candidate, box: _Box, pieces: _Pieces, usual: Usual, language: str | None
) -> tuple[str | None, str]:
    """(title, who told it): the heading, the text of the link, a heading beside it, its label, its picture's text."""

    def of(node: LexborNode) -> str:
        return clean(headline(pieces(node), candidate.path, usual, language), TITLE)

    headings = [
        (node.tag or "", node) for node in box.headings if not KICKER.search(node.attributes.get("class") or "")
    ]
    told = [(tag, text) for tag, node in headings if (text := of(node)) and not is_prompt(text)]
    if len(told) > 1:
        told = _own_headings(told, candidate, language)
    if told:
        return _of_headings(told) or None, "heading"
    linked = [a for a in candidate.anchors if a.text and not is_prompt(a.text)]
    titled = [text for node in box.titled if (text := of(node)) and not is_prompt(text)]
    if linked:
        return clean(_of_links(_titled_link(linked, slug_words(candidate.path)), titled, of), TITLE), "listing"
    if titled:
        return clean(max(titled, key=len), TITLE), "listing"
    label = max((a.label for a in candidate.anchors), key=len, default="")
    if label:
        return label, "label"
    alt = max((clean(node.attributes.get("alt") or "", TITLE) for node in box.images), key=len, default="")
    if len(alt) > 10:
        return alt, "picture"
    texts = [text for node in box.texts if (text := _text(node))]
    return (clean(texts[0], TITLE), "text") if texts else (None, "")


def _own_headings(headings: list[tuple[str, str]], candidate: Candidate, language: str | None) -> list[tuple[str, str]]:
    """The headings that are the story's, where a list shows whole texts: not the day above, nor those in the text."""
    told = [(tag, text) for tag, text in headings if not card_text.is_date(text, language)] or headings
    linked = {a.heading for a in candidate.anchors if a.heading and weigh_text(a.heading) >= _CLEAR}
    return [(tag, text) for tag, text in told if text in linked] or told


def _of_headings(headings: list[tuple[str, str]]) -> str:
    """The heading of the highest rank, or the longest where that is a kicker of its own."""
    text = min(headings, key=lambda h: h[0])[1]
    longest = max((t for _, t in headings), key=len)
    if weigh_text(text) < _CLEAR and len(longest) > len(text) and text not in longest:
        text = longest
    return clean(text, TITLE)


def _titled_link(linked: list[Anchor], slug: frozenset[str]) -> Anchor:
    """The link whose text is the headline: the marked or longest one, unless the address or another link tells better.

    A summary that is a link too is not what the address is made from. "Read more about X" beside a link "X" is X.
    """
    best = max(linked, key=lambda a: (a.marked, len(a.text)))
    others = [a for a in linked if not best.marked and a.text != best.text and weigh_text(a.text) >= _HEADLINE]
    for other in sorted(others, key=lambda a: -len(a.text)):
        if other.text in best.text:
            beside = best.text.replace(other.text, " ", 1)
            if len(beside) <= _BESIDE and slug.isdisjoint(spellings(beside) - spellings(other.text)):
                return other
        elif is_made_from(slug, other.text, best.text):
            return other
    return best


def _of_links(anchor: Anchor, titled: list[str], of: Callable[[LexborNode], str]) -> str:
    """The text of the best link, or the part of the card that is marked as its title."""
    inner = [text for text in titled if text in anchor.text]
    if inner and len(anchor.text) > 1.3 * len(max(inner, key=len)):
        return max(inner, key=len)
    if weigh_text(anchor.text) < 12 and titled and len(titled[0]) > len(anchor.text):
        return titled[0]
    return of(anchor.place.node) or anchor.text


def _published(
    candidate: Candidate,
    box: _Box,
    root: Place,
    title: str | None,
    language: str | None,
    timezone: str | None,
    now: datetime | None,
) -> str | None:
    """`<time>` first, then what is marked as a date, then a short text that is one, then the address."""

    def of(text: str) -> str | None:
        moment = dates.read(text, language=language, timezone=timezone, now=now)
        return moment.iso() if moment else None

    return (
        _of_times(box, of)
        or _of_marked(box, of, distances=now is not None)
        or _of_short_texts(root, title, of, distances=now is not None)
        or day_in(candidate.url, now)
    )


def _of_times(box: _Box, of: Callable[[str], str | None]) -> str | None:
    """The date of a `<time>`, those of changes last."""
    times = sorted(
        box.times, key=lambda n: "updat" in f"{n.attributes.get('class') or ''}{n.attributes.get('itemprop') or ''}"
    )
    for node in times:
        told = node.attributes.get("datetime") or node.attributes.get("content") or ""
        found = (of(told) if told else None) or of(clean(node.text()[:200], 100))
        if found:
            return found
    return None


def _of_marked(box: _Box, of: Callable[[str], str | None], *, distances: bool) -> str | None:
    """The date of an element whose class says that it holds one; "2 hours ago" counts with `distances`."""
    for node in box.dated:
        told = node.attributes.get("datetime") or node.attributes.get("content") or node.attributes.get("title") or ""
        text = _text(node)
        if len(text) > 160:
            continue
        if told and (found := of(told)):
            return found
        match = _DATED.search(text)
        if match and card_text.may_be_dated(text) and (found := of(text) or of(text[match.start() : match.end() + 20])):
            return found
        if distances and len(text) < 40 and (found := of(text)):
            return found
    return None


def _of_short_texts(root: Place, title: str | None, of: Callable[[str], str | None], *, distances: bool) -> str | None:
    """The date in one of the short texts of a card."""
    for text in _short_texts(root.node):
        match = _DATED.search(text)
        if match and text != title and card_text.may_be_dated(text) and (found := of(text) or of(match[0])):
            return found
        if distances and len(text) < 30 and _AGO.search(text) and (found := of(text)):
            return found
    return None


def _short_texts(node: LexborNode) -> list[str]:
    """The short texts in a box, in order."""
    found = []
    for looked, inner in enumerate(node.traverse(include_text=True)):
        if looked > 600:
            break
        if inner.tag == "-text":
            text = inner.text_content or ""
            if 5 < len(text) < 400:
                text = " ".join(text.split())
                if 5 < len(text) <= 90:
                    found.append(text)
    return found


def _summary(box: _Box, root: Place, title: str | None) -> str | None:
    best = ""
    for node in box.texts:
        text = node.text(separator=" ")[: 4 * SUMMARY]
        if len(text) <= max(len(best), 25):
            continue
        text = clean(text, SUMMARY + 1)
        if (
            len(text) > len(best)
            and len(text) > 25
            and not (title and (text in title or title in text[: len(title) + 20]))
        ):
            best = text
    return short(best) if best else None


def _image(box: _Box, base: str) -> Image | None:
    """The first picture of the box that is one; a blurred preview only where there is no other."""
    blurred = None
    for node in box.images:
        attributes = node.attributes
        url = pictures.true_src(attributes, base)
        if not url or pictures.is_counter(url) or pictures.is_generic(url) or pictures.is_tiny(attributes):
            continue
        image = Image(url, alt=clean(attributes.get("alt") or "", TITLE) or None)
        if "blur_" not in url:
            return image
        blurred = blurred or image
    return blurred


def _authors(box: _Box, title: str | None) -> tuple[str, ...]:
    for node in box.authors:
        name = _BY.sub("", clean(node.text(separator=" ")[:500], AUTHOR))
        if 2 < len(name) < 80 and name != title and not _DATED.search(name):
            return (name,)
    return ()


def _text(node: LexborNode) -> str:
    return clean(node.text(separator=" ")[: 4 * TITLE], 2 * TITLE)
