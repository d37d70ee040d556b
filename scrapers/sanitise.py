"""The body of an article as markup that any reader may show: rebuilt from the tree, then passed through nh3.

The page's own tree is walked once (`scrapers/markup.py` writes, this module decides): what is on the list of elements
is written anew, with absolute addresses, and nothing else is. nh3 is the gate behind it: whatever we overlooked, it
does not let through. `sanitise(sanitise(x)) == sanitise(x)` holds because what is written has one form only:
paragraphs hold no blocks, formatting opens with the first sign it formats, whitespace is folded.

Standards: HTML (parsing, content models, srcset), RFC 4287 §8 and RELIABILITY U5, FEEDS 47 to 51.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import pictures
from .embeds import watch_page
from .html import without_unclosed_formatting
from .markup import Writer, attribute
from .text import clean, clean_paragraphs
from .urls import join, published_form

MAX_OUT = 500_000  # bytes of the sanitised body, but for the closing tags
MAX_IN = 2_000_000  # characters that are looked at
MAX_NODES = 100_000
_LONGEST = 2000  # characters of an address
_TITLE = 500  # characters of alt and title

_INLINE = frozenset(
    "a abbr b bdi cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup u var".split()  # noqa: SIM905  (words)
)
_RENAMED = {"acronym": "abbr", "strike": "s", "tt": "code", "big": "b", "listing": "pre", "xmp": "pre", "dir": "ul"}
_LEAVES = frozenset("h1 h2 h3 h4 h5 h6 pre dt summary caption".split())  # noqa: SIM905  (words)
_CONTAINERS = frozenset("blockquote details figure figcaption ul ol li dl dd table thead tbody tfoot tr th td".split())  # noqa: SIM905  (words)
_BREAKS = frozenset(  # no elements of the result, but words before and after them belong to different paragraphs
    """address article aside center div fieldset footer form header hgroup legend main menu nav optgroup option p
    search section""".split()  # noqa: SIM905  (words)
)
_DROPPED = frozenset(  # with everything in them
    """applet area audioworklet base basefont bgsound button canvas col colgroup command datalist dialog frame frameset
    head input keygen link map math meta meter noembed noframes output param portal progress script select slot
    source style svg template textarea title track""".split()  # noqa: SIM905  (words)
)
_PICTURES = frozenset(("img", "amp-img", "amp-anim", "image"))
_EMBEDS = frozenset(("iframe", "embed", "object", "amp-iframe"))

_LINES = (_LEAVES | _CONTAINERS | _BREAKS | {"br", "hr"}) - {"td", "th"}

_ELEMENTS = _INLINE | _LEAVES | _CONTAINERS | {"p", "div", "br", "hr", "img", "video", "audio"}
_ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "dfn": {"title"},
    "img": {"src", "srcset", "alt", "title", "width", "height"},
    "ol": {"start"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "video": {"src", "controls", "poster"},
    "*": {"dir", "lang"},
}
_GATE = nh3.Cleaner(
    tags=set(_ELEMENTS),
    attributes=_ATTRIBUTES,
    link_rel="noopener",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)

_MANY = 20_000  # characters in one tag; lexbor compares each attribute with all before it
_BEREFT = re.compile(r"<a rel=|<(?:img|video|audio)(?! src=)")
_HOST = re.compile(r"(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_ODD_IN_URL = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_MAIL = re.compile(
    r"mailto:[^\s<>\"?@]{1,100}@[^\s<>\"]{1,200}", re.IGNORECASE
)  # mailto:?subject=… is a button to share


def sanitise(html: str, base_url: str) -> str:
    """`html`, a body or a part of one, as safe markup with absolute addresses resolved against `base_url`.

    Idempotent, at most 500 KB, valid as content of `<div>` in HTML and, once escaped, of an Atom feed. An input over
    the limits is cut, never refused: empty when nothing is left.
    """
    tree = _parse(html)
    if tree is None:
        return ""
    writer = Writer(MAX_OUT)
    _Walk(base_url, writer).children(tree)
    safe = _GATE.clean(writer.close())
    # The gate has a stricter mind about addresses (http://1.2.3.4.5/): what it left without one goes in a second walk.
    return sanitise(safe, base_url) if _BEREFT.search(safe) else safe


def to_text(html: str) -> str:
    """The text of a sanitised body: its paragraphs and lines parted by newlines, the cells of a row by spaces."""
    tree = _parse(html)
    words: list[str] = []
    node = tree.first_child if tree is not None else None
    depth = 0
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            words.append(node.text_content or "")
        elif tag not in _DROPPED:
            if tag in ("td", "th"):
                words.append(" ")
            elif tag in _LINES:
                words.append("\n")
            child = node.first_child
            if child is not None:
                node = child
                depth += 1
                continue
        while node.next is None and depth and node.parent is not None:
            node = node.parent
            depth -= 1
            if node.tag in _LINES:
                words.append("\n")
        node = node.next
    return clean_paragraphs("".join(words))


def _parse(html: str) -> LexborNode | None:
    html = html[:MAX_IN]
    html = without_unclosed_formatting(html)
    if len(html) > _MANY:
        html = ">".join(_without_flood(piece) for piece in html.split(">"))
    # With a doctype (else tables stay inside paragraphs) and a body, so that nothing counts as the head's.
    return LexborHTMLParser(f"<!doctype html><body>{html}").body


def _without_flood(piece: str) -> str:
    """What stands before a `>`, without the tag it ends if that has thousands of attributes."""
    if len(piece) > _MANY:
        start = piece.rfind("<")
        if start >= 0 and len(piece) - start > _MANY and len(re.findall(r"[\s/]", piece[start:])) > 2000:
            return piece[:start] + "<span"
    return piece


class _Walk:
    """One walk over one tree. Keeps what an element needs to know of its ancestors."""

    def __init__(self, base_url: str, writer: Writer) -> None:
        self.base_url = base_url
        self.secure = base_url.startswith("https://")
        self.out = writer
        self.nodes = 0
        self.hidden: LexborNode | None = None  # the outermost element that is not shown: its pictures are beacons
        self.sources: list[list[tuple[str, str]]] = []  # for each open <picture> the candidates of its <source>s
        self.shown: set[str] = set()  # pictures written so far, for <noscript> twins

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
                self.out.text(node.text_content or "")
            elif tag is not None and node.is_element_node:
                entered = self.enter(node, tag)
                if entered is not None:
                    stack.append((node, entered))
                    node = node.first_child
                    continue
            node = node.next

    def enter(self, node: LexborNode, tag: str) -> str | None:
        """Begin an element; None when its children are not to be looked at, else how it is left ("" for not at all)."""
        tag = _RENAMED.get(tag, tag)
        if tag in _INLINE:
            return "inline" if self.inline(node, tag) else ""
        if tag == "br":
            self.out.line_break()
            return None
        if tag == "hr":
            self.out.rule()
            return None
        if tag in _DROPPED or tag.startswith("-"):
            return None
        attributes = node.attributes
        if tag in _PICTURES:
            self.picture(attributes)
            return None
        if "hidden" in attributes and attributes["hidden"] != "until-found":
            return None
        if self.hidden is None and "style" in attributes and pictures.is_hidden(attributes):
            self.hidden = node
        if tag in _LEAVES or tag in _CONTAINERS:
            if self.out.begin(tag, self.block_attributes(tag, attributes)):
                return "block"
            return "break"
        if tag in _BREAKS:
            languages = self.block_attributes("div", attributes) if "dir" in attributes or "lang" in attributes else ""
            if languages and self.out.begin("div", languages):
                return "block"
            self.out.begin_paragraph()
            return "break"
        return self.special(node, tag, attributes)

    def special(self, node: LexborNode, tag: str, attributes: pictures.Attributes) -> str | None:
        if tag == "picture":
            self.sources.append(pictures.of_sources([one.attributes for one in node.css("source")], self.base_url))
            return "picture"
        if tag == "noscript":
            self.noscript(node)
            return None
        if tag in ("video", "audio", "amp-video", "amp-audio"):
            self.media(node, tag.removeprefix("amp-"), attributes)
            return None
        if tag in _EMBEDS:
            return None if self.embed(tag, attributes) else ""
        if tag in ("lite-youtube", "amp-youtube"):
            video = attributes.get("videoid") or attributes.get("data-videoid") or ""
            self.link_to(f"https://www.youtube.com/embed/{quote(video)}", None)
            return None
        return ""  # unknown elements and span, font, time …: only their content counts

    def leave(self, node: LexborNode, how: str) -> None:
        if how == "inline":
            self.out.end_inline()
        elif how == "block":
            self.out.end()
        elif how == "break":
            self.out.end_paragraph()
        elif how == "picture":
            self.sources.pop()
        if self.hidden is not None and self.hidden.mem_id == node.mem_id:
            self.hidden = None

    def inline(self, node: LexborNode, tag: str) -> bool:
        """Begin a formatting element; False when it adds nothing and only its content counts."""
        if tag == "a":
            href = self.link(node.attributes.get("href"))
            return bool(href) and self.out.begin_inline("a", attribute("href", href or ""))
        extra = ""
        if tag in ("abbr", "dfn"):
            extra = attribute("title", clean(node.attributes.get("title") or "", _TITLE), optional=True)
        elif tag == "q":
            extra = attribute("cite", self.cited(node.attributes), optional=True)
        elif tag == "bdi":
            extra = self.block_attributes(tag, node.attributes)
        return self.out.begin_inline(tag, extra)

    def block_attributes(self, tag: str, attributes: pictures.Attributes) -> str:
        """The attributes of a block that carry meaning, as markup."""
        if not attributes:
            return ""
        found = ""
        if tag == "blockquote":
            found = attribute("cite", self.cited(attributes), optional=True)
        elif tag in ("td", "th"):
            for name in ("colspan", "rowspan"):
                found += attribute(name, _number(attributes.get(name), 2, 1000), optional=True)
        elif tag == "ol":
            found = attribute("start", _number(attributes.get("start"), 2, 1_000_000), optional=True)
        direction = (attributes.get("dir") or "").strip().lower()
        if direction in ("ltr", "rtl", "auto"):
            found += attribute("dir", direction)
        language = (attributes.get("lang") or "").strip()
        if _LANGUAGE.fullmatch(language):
            found += attribute("lang", language)
        return found

    def link(self, href: str | None) -> str | None:
        """`href` as it is given to people: absolute, without tracking parameters; None when it leads nowhere."""
        if not href:
            return None
        href = href.strip()
        if _MAIL.fullmatch(href):
            return _ODD_IN_URL.sub(lambda odd: quote(odd[0]), clean(href))
        url = join(self.base_url, href) if len(href) <= 4000 else None
        if url is None:
            return None
        fragment = urlsplit(href).fragment
        return self.spelled(
            published_form(url) + (f"#{fragment}" if fragment and not fragment.startswith("xtor") else "")
        )

    def cited(self, attributes: pictures.Attributes) -> str:
        url = self.link(attributes.get("cite")) or ""
        return "" if url.lower().startswith("mailto:") else url

    def spelled(self, url: str | None) -> str | None:
        """`url` in ASCII, quoted where it must be, and by https where it leads to the page's own secure host.

        None for none, and for one that is longer than links are: it would not be read again.
        """
        if not url:
            return None
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
        if not netloc.isascii():
            try:
                netloc = netloc.encode("idna").decode("ascii")
            except UnicodeError:
                return None
        if not _HOST.fullmatch(netloc):
            return None
        if netloc != parts.netloc:
            url = parts._replace(netloc=netloc).geturl()
        url = _ODD_IN_URL.sub(lambda odd: quote(odd[0].encode("utf-8", "ignore")), url)
        if self.secure and url.startswith("http://") and netloc == urlsplit(self.base_url).netloc:
            url = "https://" + url.removeprefix("http://")
        return url if len(url) <= _LONGEST else None

    def picture(self, attributes: pictures.Attributes, twin: bool = False) -> None:
        """An img: written unless it is a counter, hidden, or has no address."""
        if self.hidden is not None or pictures.is_tiny(attributes) or pictures.is_hidden(attributes):
            return
        srcset = pictures.true_srcset(attributes, self.base_url)
        if self.sources and not srcset:
            srcset = self.sources[-1]
        src = self.spelled(pictures.true_src(attributes, self.base_url) or pictures.best(srcset))
        if not src or pictures.is_counter(src) or (twin and src in self.shown):
            return
        self.shown.add(src)
        sizes = [(self.spelled(url), size) for url, size in srcset]
        listed = ", ".join(f"{url} {size}".strip() for url, size in sizes if url and not url.endswith(","))
        markup = attribute("src", src)
        markup += attribute("srcset", listed, optional=True) if any(size for _, size in sizes) else ""
        markup += attribute("alt", clean(attributes.get("alt") or "", _TITLE))
        markup += attribute("title", clean(attributes.get("title") or "", _TITLE), optional=True)
        for name in ("width", "height"):
            markup += attribute(name, _number(attributes.get(name), 3, 20_000), optional=True)
        self.out.media(f"<img{markup}>")

    def noscript(self, node: LexborNode) -> None:
        """The true picture that a lazy loader keeps for readers without scripts; nothing else counts in there."""
        within = node
        held = node.first_child
        if held is not None and held.is_text_node and "<img" in (held.text_content or ""):
            reparsed = LexborHTMLParser(f"<!doctype html><body>{held.text_content}").body
            if reparsed is None:
                return
            within = reparsed
        for image in within.css("img"):
            self.picture(image.attributes, twin=True)

    def media(self, node: LexborNode, tag: str, attributes: pictures.Attributes) -> None:
        """A video or audio with an address of its own; a link to it cannot be made from anything less."""
        if self.hidden is not None:
            return
        offered = [attributes.get("src"), attributes.get("data-src")]
        offered += [source.attributes.get("src") or source.attributes.get("data-src") for source in node.css("source")]
        urls = [url for url in (self.spelled(join(self.base_url, one)) for one in offered if one) if url]
        urls = [url for url in urls if len(url) <= 2000]
        if not urls:
            return
        playable = [url for url in urls if not urlsplit(url).path.endswith((".m3u8", ".mpd"))]
        poster = self.spelled(join(self.base_url, attributes.get("poster") or "")) if attributes.get("poster") else None
        extra = attribute("poster", poster or "", optional=True) if tag == "video" else ""
        self.out.media(f'<{tag}{attribute("src", (playable or urls)[0])} controls=""{extra}></{tag}>')

    def embed(self, tag: str, attributes: pictures.Attributes) -> bool:
        """An embedded document as a link to it; False when there is none, so that its fallback counts."""
        if self.hidden is not None or pictures.is_tiny(attributes) or pictures.is_hidden(attributes):
            return True
        for name in ("data-src", "data-lazy-src", "src", "data"):
            url = self.spelled(join(self.base_url, attributes.get(name) or "")) if attributes.get(name) else None
            if url:
                if not pictures.is_counter(url):
                    self.link_to(url, attributes.get("title"))
                return True
        return tag != "object"

    def link_to(self, url: str, title: str | None) -> None:
        """A paragraph that leads to an embedded document; of a video its page and its still where we know them."""
        url, still = watch_page(url)
        label = clean(title or "", _TITLE) or url.partition("://")[2].removeprefix("www.").rstrip("/")
        self.out.begin_paragraph()
        if self.out.begin_inline("a", attribute("href", self.link(url) or url)):
            if still:
                self.out.media(f"<img{attribute('src', still)}{attribute('alt', label)}>")
            else:
                self.out.text(label)
            self.out.end_inline()
        self.out.end_paragraph()


def _number(value: str | None, least: int, most: int) -> str:
    value = (value or "").strip().removesuffix("px")
    if not value.isascii() or not value.isdecimal() or len(value) > 7:
        return ""
    return str(int(value)) if least <= int(value) <= most else ""
