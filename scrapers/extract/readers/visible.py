"""What the visible page says: around its headline first, then in marked elements elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.page.class_terms import ClassTerms

from ..body.class_names import AUTHOR, AUTHOR_HREF, BYLINE, ELSEWHERE, NOT_AUTHOR, OTHERS, OUTSIDE, TAG_LABEL
from ..claims import MAX_NAME, Claims, distinct, tidy
from ..fields.authors import clean
from ..fields.headings import Heading
from ..lexicon.date_labels import Dated
from .around_headline import around, in_quotation, is_of_another, is_of_linked, label, times
from .nodes import Parts

_TAG_LINKS = (
    "[rel~=tag], a[href*='/tag/'], a[href*='/tags/'], a[href*='/topic'], a[href*='/them'], a[href*='/schlagwort'], "
    "a[href*='/etiqueta'], a[href*='/tema'], a[href*='/keyword']"
)
_TO_TAG = re.compile(
    r"/(?:tags?|topics?|thema|themen|schlagwort|schlagworte|etiquetas?|temas?|keywords?)/[^/?#]{2,}", re.I
)
_MENU = ClassTerms(
    r"menus?\w* nav navi\w* navs? \w*clouds? trending\w* teasers?\w* cards? widget-tag\w* hot-?topics?\w*"
)
_BYLINES = (
    "h1, h2, [class*=byline i], [class*=author i], [class*=autor i], [class*=vcard i] .fn, a[href*='/author'], "
    "a[href*='/autor'], a[href*='/auteur'], a[href*='/profile/'], a[href*='/people/'], a[href*='/writers/'], "
    "a[href*='/contributor']"
)
THIN = 800  # characters in paragraphs below which the page may keep its article in its scripts
MAX_LINES = 1500  # elements in which a byline is looked for, where no witness names an author


def is_thin(tree: LexborHTMLParser) -> bool:
    """Whether the paragraphs of a page are too little text for an article."""
    length = 0
    for node in tree.tags("p"):
        length += len(node.text())
        if length > THIN:
            return False
    return True


def line_of(node: LexborNode | None) -> frozenset[int]:
    """The node and its ancestors, as identities: what holds the headline is no boilerplate, whatever it is called."""
    line: list[int] = []
    while node is not None and len(line) < 60:
        line.append(node.mem_id)
        node = node.parent
    return frozenset(line)


def elsewhere(node: LexborNode, line: frozenset[int], limit: int = 8) -> bool:
    """Whether a node stands in boilerplate: a related story, a comment, a menu, the foot of the page.

    `line` holds the headline's ancestors: where the search reaches one of them, the node belongs to the article.
    """
    up: LexborNode | None = node
    for _ in range(limit):
        if up is None or up.mem_id in line or up.tag in ("body", "html", "main"):
            return False
        if up.tag in OUTSIDE:
            return True
        attributes = up.attributes
        name = attributes.get("class")
        if name and ELSEWHERE.search(name):
            return True
        up = up.parent
    return False


def is_quoted(parts: Parts, text: str) -> bool:
    """Whether a date stands in a quotation or an embedded post."""
    return any(
        in_quotation(spot.node) and (shown := tidy(spot.node.text(), 120)) and shown in text
        for spot in parts.times[:40]
    )


def in_article(node: LexborNode) -> bool:
    """Whether a node stands in the page's `<article>`, and in no footer."""
    up: LexborNode | None = node.parent
    while up is not None and up.tag not in ("body", "footer", "nav"):
        if up.tag == "article":
            return True
        up = up.parent
    return False


def of_others(node: LexborNode, line: frozenset[int]) -> bool:
    """Whether a node surely belongs to another text: a comment, a related story, the page's foot."""
    up: LexborNode | None = node
    foot = False
    for _ in range(10):
        if up is None or up.tag in ("body", "html"):
            return foot
        if up.mem_id in line or up.tag == "article":
            return False
        attributes = up.attributes
        if OTHERS.search((attributes.get("class") or "") + " " + (attributes.get("id") or "")):
            return True
        foot = foot or up.tag == "footer"  # the foot of an article is no foot of the page
        up = up.parent
    return foot


@dataclass(frozen=True, slots=True)
class Shown:
    """What the visible page says."""

    claims: Claims
    bylines: Claims  # names out of running text
    dates: tuple[Dated, ...]  # nearest to the headline first
    introductions: tuple[str, ...]  # texts near the headline that are marked as an introduction
    lines: tuple[str, ...]  # other texts near the headline that may be its standfirst
    below: str  # the one right under it
    labels: tuple[str, ...]  # short texts near the headline
    beside: tuple[str, ...] = ()  # dates of <time> elements elsewhere


def read(
    tree: LexborHTMLParser, parts: Parts, heading: Heading | None, *, tags_told: bool, authors_told: bool
) -> Shown:
    """What stands around the headline, and the page's marked dates and, unless the head told them, authors and tags."""
    near = around(heading)
    line = line_of(heading.spot.node if heading is not None else None)
    authors = list(near.authors)
    for spot in () if authors_told else parts.rels:
        rel = spot.get("rel").lower()
        if "author" in rel.split() and not elsewhere(spot.node, line):
            authors.append(tidy(spot.node.text(), MAX_NAME))
    tags, categories = ([], []) if tags_told else _tags(tree, line)
    bylines = list(near.bylines)
    if not authors_told and not authors and not any(clean(text, loose=True) for text in bylines):
        bylines.extend([*near.perhaps, *_marked(tree, heading, line)])
    dates = list(near.dates)
    beside: list[str] = []
    changed = any(one.kind == "changed" for one in dates)
    place = heading.spot.place if heading is not None else 0
    for spot in sorted(parts.times, key=lambda s: (s.place < place, abs(s.place - place)))[:12]:
        if elsewhere(spot.node, line) or in_quotation(spot.node) or is_of_linked(spot.node):
            beside.append(spot.get("datetime"))
            continue
        value = spot.get("datetime") or spot.get("title")
        text = tidy(spot.node.text(), 120)
        context = f"{spot.get('class')} {spot.get('itemprop')} {label(spot.node)} {text}"
        # Where only a change is told beside the headline, a date without a label elsewhere is no publication.
        dates.extend(one for one in times(value, text, context) if one.kind or not changed)
    return Shown(
        Claims(
            "markup",
            authors=distinct(authors),
            subtitles=distinct(near.subtitles),
            tags=distinct(tags),
            sections=distinct(categories),
        ),
        Claims("byline", authors=distinct(bylines)),
        tuple(dict.fromkeys(dates))[:20],
        distinct(near.introductions),
        distinct(near.lines, 20),
        near.below,
        distinct(near.labels),
        distinct(beside),
    )


def _tags(tree: LexborHTMLParser, line: frozenset[int]) -> tuple[list[str], list[str]]:
    """The texts of the article's links to tags, and of those to categories."""
    tags: list[str] = []
    categories: list[str] = []
    out: dict[int, bool] = {}  # by the block that holds the links: they stand together
    for node in tree.css(_TAG_LINKS)[:200]:
        attributes = node.attributes
        rel = (attributes.get("rel") or "").lower().split()
        if "tag" not in rel and not _TO_TAG.search((attributes.get("href") or "")[:500]):
            continue
        parent = node.parent
        block = parent.parent if parent is not None and parent.tag == "li" else parent
        key = block.mem_id if block is not None else 0
        if key not in out:
            out[key] = of_others(node, line) or _in_menu(node, line)
        if out[key]:
            continue
        text = TAG_LABEL.sub("", tidy(node.text(), MAX_NAME)).lstrip("#")
        if 1 < len(text) <= 60:
            (categories if "category" in rel else tags).append(text)
    return tags, categories


def _in_menu(node: LexborNode, line: frozenset[int]) -> bool:
    up: LexborNode | None = node
    for _ in range(8):
        if up is None or up.mem_id in line or up.tag in ("article", "body"):
            return False
        name = (up.attributes.get("class") or "") + " " + (up.attributes.get("id") or "")
        if up.tag in ("nav", "aside", "header") or _MENU.search(name):
            return True
        up = up.parent
    return False


def lines_by(tree: LexborHTMLParser, heading: Heading | None, reach: int) -> list[str]:
    """A line such as "By Jane Doe" in the article, as papers without a byline field write it: among the first `reach`
    lines under the headline."""
    own = heading.spot.node if heading is not None else None
    line = line_of(own)
    under = own is None
    for node in tree.css("h1, h2, p, em, i, strong, b, h3, h4, h5, h6, span")[:MAX_LINES]:
        if own is not None and node.mem_id == own.mem_id:
            under = True
        if not under:
            continue
        reach -= 1
        if reach < 0:
            break
        text = node.text(deep=False) or node.text()[:MAX_NAME]
        if 5 <= len(text) < MAX_NAME and BYLINE.match(text.lstrip()):
            text = tidy(node.text(separator=" "), MAX_NAME)
            if 5 <= len(text) <= 120 and clean(text, loose=True) and _is_own(node, line):
                return [text]
    return []


def _is_own(node: LexborNode, line: frozenset[int]) -> bool:
    return not elsewhere(node, line) and not _in_next_article(node, line)


def _in_next_article(node: LexborNode, line: frozenset[int]) -> bool:
    """Whether a node stands in an `<article>` with a headline of its own, beside that of the page's headline."""
    up: LexborNode | None = node.parent
    for _ in range(12):
        if up is None or up.mem_id in line or up.tag == "body":
            return False
        if up.tag == "article":
            return bool(line) and up.css_first("h1") is not None
        up = up.parent
    return False


def _marked(tree: LexborHTMLParser, heading: Heading | None, line: frozenset[int]) -> Iterator[str]:
    """Elements of the page whose class names an author, outside boilerplate, nearest after the headline first."""
    own = heading.spot.node.mem_id if heading is not None else None
    place = 0
    marked: list[tuple[int, LexborNode]] = []
    for i, node in enumerate(tree.css(_BYLINES)[:MAX_LINES]):
        if node.mem_id == own:
            place = i
        attributes = node.attributes
        name = attributes.get("class") or ""
        href = (attributes.get("href") or "")[:300] if node.tag == "a" else ""
        if (AUTHOR_HREF.search(href) and i > place >= 0) or (AUTHOR.search(name) and not NOT_AUTHOR.search(name)):
            marked.append((i, node))
    for _, node in sorted(marked, key=lambda item: (item[0] < place, abs(item[0] - place)))[:10]:
        if _is_own(node, line) and not is_of_another(node):
            text = tidy(node.text(separator=" | "), MAX_NAME)
            if 3 <= len(text) < 120:
                yield text
