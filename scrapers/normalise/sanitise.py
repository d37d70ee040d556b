"""The body of an article as markup that any reader may show: rebuilt from the tree, then passed through nh3.

The page's own tree is walked once (`html_writer.py` writes, `media.py` knows pictures and players, this module
decides): what is on the list of elements is written anew, with absolute addresses, and nothing else is. nh3 comes last
and removes whatever we overlooked. `sanitise(sanitise(x)) == sanitise(x)` holds because the writer has one normal form:
paragraphs hold no blocks, formatting opens with the first character it formats, whitespace is folded.

Standards: HTML (parsing, content models, srcset), RFC 4287 §8 and RELIABILITY U5, FEEDS 47 to 51.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..page import embeds, pictures
from ..page.embeds import Embed
from ..page.nesting import levelled
from ..page.text import clean, clean_field
from .allowed_html import BREAKS, CONTAINERS, DROPPED, FILES, FRAMES, GATE, INLINE, LEAVES, PICTURES, RENAMED
from .body_text import parsed
from .html_writer import Writer, attribute
from .layout import begins_right_to_left, broken_leaves, captioned_figures, has_layout, holds_prose, layout_tables
from .links import Links
from .media import TITLE, Media

MAX_OUT = 500_000  # bytes of the sanitised body, but for the closing tags
MAX_NODES = 100_000
_LOOKED_AT = 100  # children of a <picture> or <video>
_PASSES = 10  # over a body until it no longer changes
_NOTICE = 600  # characters: the placeholder of a player that waits for consent is no longer than this

_BEREFT = re.compile(r"<a rel=|<img(?! src=)|<source(?! src=)|<(?:video|audio)(?! src=)[^>]*></")
_AUTO = attribute("dir", "auto")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_DATETIME = re.compile(r"[\d:+.TZPWYMDHS \-]{4,40}", re.ASCII)
_SPACE = re.compile(r"\s")
_CAPTION_NAMES = frozenset(("wp-caption-text", "wp-caption-dd", "gallery-caption"))
_POSTS = frozenset(  # classes by which the scripts of networks know the quotations that they turn into frames
    """twitter-tweet twitter-video instagram-media bluesky-embed mastodon-embed tiktok-embed fb-xfbml-parse-ignore
    text-post-media reddit-embed-bq reddit-card fb-post""".split()  # noqa: SIM905  (words)
)


def sanitise(html: str, base_url: str) -> str:
    """`html`, a body or a part of one, as safe markup with absolute addresses resolved against `base_url`.

    Idempotent, at most 500 KB, valid as content of `<div>` in HTML and, once escaped, of an Atom feed. An input over
    the limits is cut, never refused: empty when nothing is left.
    """
    return sanitise_with_players(html, base_url)[0]


def sanitise_with_players(html: str, base_url: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """As `sanitise`, and of each player whose frame tells them its width and height in pixels, by its page."""
    players: dict[str, tuple[int, int]] = {}
    for _ in range(_PASSES):
        tree = parsed(html)
        if tree is None:
            return "", {}
        writer = Writer(MAX_OUT)
        walk = _Walk(base_url, writer, tree)
        walk.children(tree)
        players |= walk.media.players
        html = GATE.clean(writer.close())
        # nh3 is stricter about addresses (http://1.2.3.4.5/): elements that it left without one are dropped. A table
        # that is now only layout is unwrapped.
        if not _BEREFT.search(html) and not has_layout(html):
            break
    return html, players


@dataclass(slots=True)
class _Figure:
    """An open figure. A caption that comes first waits for its picture: a figure is never a caption alone."""

    captioned: bool  # whether the page has a caption for it
    captions: list[LexborNode] = field(default_factory=list)


class _Walk:
    """One walk over one tree. Keeps what an element needs to know of its ancestors."""

    def __init__(self, base_url: str, writer: Writer, tree: LexborNode) -> None:
        self.out = writer
        self.links = Links(base_url)
        self.media = Media(self.links, writer)
        self.nodes = 0
        self.hidden: LexborNode | None = None  # the outermost one not shown and without prose: its pictures are beacons
        self.inert = 0  # how many <noscript> we are in
        self.sources: list[list[pictures.Candidate]] = []  # for each open <picture> the candidates of its <source>s
        self.figures: list[_Figure] = []
        self.posts: list[tuple[Embed, int]] = []  # open quotations of networks, and how many links stood before each
        self.right_to_left = False  # whether anything said so yet
        self.captioned = captioned_figures(tree)
        self.layout = layout_tables(tree) | broken_leaves(tree)

    def children(self, top: LexborNode) -> None:
        """Write everything below `top`. A loop over an explicit stack: markup may be nested 50,000 deep."""
        stack: list[tuple[LexborNode, str]] = []
        node = top.first_child
        while True:
            if node is None:
                if not stack:
                    return
                parent, how = stack.pop()
                self.leave(parent, how)
                node = parent.next
                continue
            self.nodes += 1
            if self.out.full or self.nodes > MAX_NODES:
                while stack:
                    self.leave(*stack.pop())
                return
            tag = node.tag
            if tag == "-text":
                self.text(node)
            elif tag is not None and node.is_element_node:
                entered = self.enter(node, tag)
                if entered is not None:
                    stack.append((node, entered))
                    node = node.first_child
                    continue
                self.shown_again(node)
            node = node.next

    def text(self, node: LexborNode) -> None:
        if self.inert:
            return
        words = node.text_content or ""
        if words[:4].lstrip()[:1] == "h" and (address := words.strip()).startswith(("https://", "http://")):
            # The address of a player alone in its paragraph, which the page's own script would have turned into one.
            alone = node.next is None and node.prev is None and len(address) < 500 and not _SPACE.search(address)
            if alone and self.out.top() not in LEAVES and (found := embeds.known(address)) is not None:
                self.media.embed(found, captioned=self.is_captioned())
                return
        self.out.text(words)

    def enter(self, node: LexborNode, tag: str) -> str | None:
        """Begin an element; None when its children are skipped, else how to end it ("" for nothing to end)."""
        tag = RENAMED.get(tag, tag)
        if tag in INLINE:
            return "inline" if not self.inert and self.inline(node, tag) else ""
        if tag == "br":
            self.out.line_break()
            return None
        if tag == "hr":
            self.out.rule()
            return None
        if tag in DROPPED or tag.startswith("-"):
            kept = tag == "button" and self.out.top() in LEAVES  # the button that opens an accordion is its heading
            return "" if kept else None
        attributes = node.attributes
        if tag in PICTURES:
            if self.hidden is None:
                sources = self.sources[-1] if self.sources else ()
                self.media.picture(attributes, sources, captioned=self.is_captioned(), twin=self.inert > 0)
            return None
        if "hidden" in attributes and attributes["hidden"] != "until-found":
            return None
        if self.hidden is None and "style" in attributes and pictures.is_hidden(attributes) and not holds_prose(node):
            self.hidden = node
        if attributes and (found := self.embedded(node, tag, attributes)) is not None:
            return found or None
        if tag in LEAVES or tag in CONTAINERS:
            return self.block(node, tag, attributes)
        if tag in BREAKS:
            return self.paragraph(node, attributes)
        return self.special(node, tag, attributes)

    def block(self, node: LexborNode, tag: str, attributes: pictures.Attributes) -> str | None:
        if tag == "figcaption" and self.figures and self.out.top() == "figure" and not self.out.opened():
            self.figures[-1].captions.append(node)
            return None
        if node.mem_id in self.layout:
            self.out.begin_paragraph()
            return "break"
        if not self.out.begin(tag, self.block_attributes(tag, attributes)):
            return "break"
        if tag == "figure":
            self.figures.append(_Figure(node.mem_id in self.captioned))
            return "figure"
        return "block"

    def paragraph(self, node: LexborNode, attributes: pictures.Attributes) -> str:
        """A paragraph, or a box around some."""
        if attributes.get("role") == "separator":
            self.out.rule()
        if "class" in attributes:
            names = (attributes["class"] or "")[:200].split()
            if "wp-caption" in names and self.out.begin("figure"):
                self.figures.append(_Figure(captioned=True))
                return "figure"
            if (
                self.out.top() == "figure"
                and self.figures
                and not _CAPTION_NAMES.isdisjoint(names)
                and self.out.opened()
            ):
                return "block" if self.out.begin("figcaption") else "break"
        languages = self.block_attributes("div", attributes) if "dir" in attributes or "lang" in attributes else ""
        if languages == _AUTO and not self.right_to_left and not begins_right_to_left(node):
            languages = ""  # same direction as around it
        if languages and self.out.begin("div", languages):
            return "block"
        self.out.begin_paragraph()
        return "break"

    def special(self, node: LexborNode, tag: str, attributes: pictures.Attributes) -> str | None:
        if tag == "picture":
            self.sources.append(pictures.of_sources(_children(node, "source"), self.links.base_url))
            return "picture"
        if tag == "noscript":
            return self.noscript(node)
        if tag in FILES:
            if self.hidden is None:
                self.media.file(tag.removeprefix("amp-"), attributes, _children(node, "source"))
            return None
        if tag in FRAMES:
            if self.hidden is not None or self.media.frame(attributes, captioned=self.is_captioned()):
                return None
            return "" if tag == "object" else None
        if tag == "math" or tag == "x-math":
            told = clean(attributes.get("alttext") or "", TITLE)
            if told and not self.inert:
                self.out.text(told)
            return None if told else ""
        if tag == "annotation" or tag == "annotation-xml" or tag == "script":
            return None
        return ""  # unknown elements and span, font …: only their content counts

    def embedded(self, node: LexborNode, tag: str, attributes: pictures.Attributes) -> str | None:
        """Write what an element embeds by its attributes; None for an ordinary element, "" when it is finished."""
        if self.hidden is not None or tag in FRAMES or (tag in FILES and "src" in attributes):
            return None
        if tag == "blockquote":
            return self.post(node, attributes)
        if not ("-" in tag or any(name.startswith("data-") for name in attributes)):
            return None
        found = embeds.of_element(tag, attributes, self.links.base_url)
        if found is None:
            return None
        if found.kind == "post" and tag != "script":
            self.posts.append((found, len(self.media.hrefs)))
            self.out.begin_paragraph()
            return "post"
        if _is_notice(node) or tag == "script":
            self.media.embed(found, captioned=self.is_captioned(), sized=attributes)
            return ""
        return None

    def post(self, node: LexborNode, attributes: pictures.Attributes) -> str | None:
        """A quotation that a network's script would turn into a post: its text stays, its link is added."""
        names = (attributes.get("class") or "")[:500].lower().split()
        cited = self.links.cited(attributes.get("cite")) if not _POSTS.isdisjoint(names) else ""
        found = embeds.known(cited) if cited else None
        if found is None or found.kind not in ("post", "player"):
            found = embeds.of_element("blockquote", attributes, self.links.base_url)
        if found is None or not self.out.begin("blockquote", attribute("cite", self.links.link(found.url) or "")):
            return None
        self.posts.append((found, len(self.media.hrefs)))
        return "quotation"

    def leave(self, node: LexborNode, how: str) -> None:
        if how == "inline":
            self.out.end_inline()
        elif how == "block":
            self.out.end()
        elif how == "break":
            self.out.end_paragraph()
        elif how == "picture":
            self.sources.pop()
        elif how == "figure":
            figure = self.figures[-1]
            if figure.captions and self.out.opened():
                for caption in figure.captions:
                    if self.out.begin("figcaption", self.block_attributes("figcaption", caption.attributes)):
                        self.children(caption)
                        self.out.end()
            self.figures.pop()
            self.out.end()
        elif how == "noscript":
            self.inert -= 1
        elif how == "quotation":
            found, since = self.posts.pop()
            if not self.media.leads_to(found, since):
                url = self.links.link(found.url)
                if url is not None:
                    self.media.shown.embeds.add(url)
                    self.media.signature(url, clean_field(found.title, TITLE) or found.site)
            self.out.end()
        elif how == "post":
            found, since = self.posts.pop()
            self.out.end_paragraph()
            if not self.media.leads_to(found, since):
                self.media.embed(found)
        self.shown_again(node)

    def shown_again(self, node: LexborNode) -> None:
        """Leave a hidden element."""
        if self.hidden is not None and self.hidden.mem_id == node.mem_id:
            self.hidden = None

    def inline(self, node: LexborNode, tag: str) -> bool:
        """Begin a formatting element; False when it adds nothing and only its content counts."""
        attributes = node.attributes
        if tag == "a":
            href = self.links.link(attributes.get("href"))
            if not href or not self.out.begin_inline("a", attribute("href", href)):
                return False
            self.media.hrefs.append(href)
            return True
        extra = ""
        if tag in ("abbr", "dfn"):
            extra = attribute("title", clean_field(attributes.get("title") or "", TITLE), optional=True)
        elif tag == "q":
            extra = attribute("cite", self.links.cited(attributes.get("cite")), optional=True)
        elif tag == "time":
            told = (attributes.get("datetime") or "").strip()
            if not _DATETIME.fullmatch(told):
                return False
            extra = attribute("datetime", told)
        elif tag in ("bdi", "bdo"):
            extra = self.block_attributes(tag, attributes)
            if tag == "bdo" and "dir=" not in extra:
                return False
        return self.out.begin_inline(tag, extra)

    def block_attributes(self, tag: str, attributes: pictures.Attributes) -> str:
        """The attributes of a block that carry meaning, as markup."""
        if not attributes:
            return ""
        found = ""
        if tag == "blockquote":
            found = attribute("cite", self.links.cited(attributes.get("cite")), optional=True)
        elif tag in ("td", "th"):
            for name in ("colspan", "rowspan"):
                found += attribute(name, str(pictures.pixels(attributes.get(name), 2, 1000) or ""), optional=True)
            scope = (attributes.get("scope") or "").strip().lower()
            if tag == "th" and scope in ("row", "col", "rowgroup", "colgroup"):
                found += attribute("scope", scope)
        elif tag == "ol":
            found = attribute("start", _whole_number(attributes.get("start")), optional=True)
            found += ' reversed=""' if "reversed" in attributes else ""
            if attributes.get("type") in ("a", "A", "i", "I"):
                found += attribute("type", attributes["type"] or "")
        elif tag == "li":
            found = attribute("value", _whole_number(attributes.get("value")), optional=True)
        direction = (attributes.get("dir") or "").strip().lower()
        if direction in ("ltr", "rtl", "auto"):
            found += attribute("dir", direction)
            self.right_to_left = self.right_to_left or direction == "rtl"
        language = (attributes.get("lang") or "").strip()
        if _LANGUAGE.fullmatch(language):
            found += attribute("lang", language)
        return found

    def is_captioned(self) -> bool:
        """Whether we are in a figure for which the page has a caption."""
        return bool(self.figures) and self.figures[-1].captioned

    def noscript(self, node: LexborNode) -> str | None:
        """Write the picture or player that `<noscript>` holds for readers without scripts; nothing else of it."""
        held = node.first_child
        if held is not None and held.next is None and held.is_text_node and "<i" in (words := held.text_content or ""):
            reparsed = LexborHTMLParser(f"<!doctype html><body>{levelled(words)}").body
            for one in reparsed.css("img, iframe") if reparsed is not None and self.hidden is None else ():
                if one.tag == "img":
                    self.media.picture(one.attributes, (), captioned=self.is_captioned(), twin=True)
                else:
                    self.media.frame(one.attributes, captioned=self.is_captioned())
            return None
        self.inert += 1
        return "noscript"


def _children(node: LexborNode, tag: str) -> list[pictures.Attributes]:
    """The attributes of an element's first children of that name; what stands deeper belongs to another element."""
    return [child.attributes for child in islice(node.iter(), _LOOKED_AT) if child.tag == tag]


def _is_notice(node: LexborNode) -> bool:
    """Whether an element is only a placeholder: a button and a few words."""
    length = 0
    for seen, child in enumerate(node.traverse(include_text=True)):
        if child.is_text_node:
            length += len((child.text_content or "").strip())
        if length > _NOTICE or seen > _LOOKED_AT:
            return False
    return True


def _whole_number(value: str | None) -> str:
    value = (value or "").strip()
    digits = value.removeprefix("-")
    return str(int(value)) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else ""
