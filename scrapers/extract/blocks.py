"""A parsed page → its blocks: the runs of text between two block-level tags, in order, with what surrounds them.

The tree is serialised once by lexbor and split at every "<", both in C; Python sees each tag once. What lexbor writes
is balanced and quotes every attribute, so that so simple a tokenizer is exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from .words import MAX_NAMES, Flag, flags_of

# Never text of the page, or raw text that would not survive the round through the serialiser.
_UNSEEN = [
    "script",
    "style",
    "svg",
    "template",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "select",
    "textarea",
    "math",
]
MAX_DEPTH = 100  # blocks within blocks; what is deeper counts as so deep. The deepest real page measured has 49
_TOKEN = re.compile(r'<([^\s>]+)((?:[^">]++|"[^"]*")*+)>([^<]*)')
_ATTRIBUTE = re.compile(r'([^\s="]+)(?:="([^"]*)")?')
_NAMES = re.compile(r'\s(?:class|id|itemprop|role|data-(?:testid|component|type|module|qa|name|role))="([^"]*)"')
_DIGITS = re.compile(r"\d+")
_STYLE = re.compile(r'\s(?:hidden=""|style="[^"]*display:\s?none)', re.IGNORECASE)

_INLINE, _OPEN, _CLOSE, _LINK, _UNLINK, _BREAK, _MEDIA, _RULE, _BUTTON, _UNBUTTON, _STRONG, _UNSTRONG, _SKIP = range(13)

_KINDS: dict[str, int] = {"br": _BREAK, "hr": _RULE, "a": _LINK, "/a": _UNLINK}
for _name in (  # noqa: SIM905  (a list of words reads best as words)
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup li main menu nav ol p pre section summary table tbody "
    "td tfoot th thead tr ul legend noscript search"
).split():
    _KINDS[_name] = _OPEN
    _KINDS["/" + _name] = _CLOSE
for _name in (  # noqa: SIM905  (a list of words reads best as words)
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr input link meta source track param area col colgroup "
    "base object embed map picture option optgroup output progress meter datalist"
).split():
    _KINDS[_name] = _INLINE
    _KINDS["/" + _name] = _INLINE
_KINDS |= {"img": _MEDIA, "iframe": _MEDIA, "video": _MEDIA, "audio": _MEDIA, "amp-img": _MEDIA, "image": _MEDIA}
_KINDS |= {"/iframe": _INLINE, "/video": _INLINE, "/audio": _INLINE, "/amp-img": _INLINE, "/image": _INLINE}
_KINDS |= {"button": _BUTTON, "/button": _UNBUTTON}
_KINDS |= {"strong": _STRONG, "b": _STRONG, "/strong": _UNSTRONG, "/b": _UNSTRONG}


Token = tuple[str, str, str]  # name ("/p" when it closes), attributes as written, text up to the next tag


def token(tag: str) -> Token:
    """A tag with its text as the sheet keeps it, taken apart."""
    inner, _, text = tag.partition(">")
    name, _, attrs = inner.partition(" ")
    return name, attrs, text


class Looks:
    """What elements with the same tag and the same attributes share: a page repeats few of them many times."""

    __slots__ = ("attrs", "flags", "named", "nameless", "tag")

    def __init__(self, tag: str, attrs: str) -> None:
        self.tag = tag
        self.attrs = attrs
        self.flags: int = -1  # of its names, once asked
        self.named: str = ""  # tag and names, once asked
        self.nameless: str = ""  # the same without figures

    def name(self) -> str:
        """Tag and names."""
        if not self.named:
            self.named = self.tag
            if self.attrs:
                self.named += "." + " ".join(_NAMES.findall(" " + self.attrs))
            self.nameless = _DIGITS.sub("", self.named)
        return self.named

    def say(self) -> int:
        """What tag and names hint at."""
        if self.flags < 0:
            flags = _TAG_FLAGS.get(self.tag, 0)
            if attrs := self.attrs:
                start = len(self.tag) + 1
                flags |= flags_of(self.name()[start : start + MAX_NAMES])
                if ("style=" in attrs or "hidden=" in attrs) and _STYLE.search(" " + attrs):
                    flags |= Flag.HIDDEN
            self.flags = int(flags)
        return self.flags


class Element:
    """A block-level element that holds blocks."""

    __slots__ = (
        "depth", "end", "first", "flags", "last", "length", "linked", "looks", "mass",
        "parent", "pull", "signature",
        "start", "tag",
    )  # fmt: skip

    def __init__(self, looks: Looks, parent: Element | None, start: int, first: int) -> None:
        self.tag = looks.tag
        self.looks = looks
        self.parent = parent
        self.start = start  # token that opens it
        self.end = start  # token that closes it
        self.first = first  # first block inside
        self.last = first  # one after the last block inside
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.flags: int = -1  # what its names and those of all elements around it say, once asked
        self.signature: str = ""
        # Sums over the blocks inside, once measured: characters, linked ones, plain prose, and its pull (see features).
        self.length = self.linked = 0
        self.mass = self.pull = 0.0

    def named(self) -> str:
        """Tag and names."""
        return self.looks.named or self.looks.name()

    def own_flags(self) -> int:
        """What the names of this element say."""
        flags = self.looks.flags
        return flags if flags >= 0 else self.looks.say()

    def all_flags(self) -> int:
        """What the names of this element and of those around it say."""
        if self.flags < 0:
            unasked: list[Element] = []  # a loop, as pages may be nested thousands deep
            one: Element | None = self
            while one is not None and one.flags < 0:
                unasked.append(one)
                one = one.parent
            flags = one.flags if one is not None else 0
            for inner in reversed(unasked):
                flags |= inner.own_flags()
                inner.flags = flags
        return self.flags


_TAG_FLAGS: dict[str, int] = {
    "nav": Flag.NAVIGATION,
    "footer": Flag.FOOTER,
    "aside": Flag.ASIDE,
    "form": Flag.FORM,
    "figcaption": Flag.CAPTION,
    "article": Flag.ARTICLE,
    "main": Flag.MAIN,
    "header": Flag.HEADER,
    "dialog": Flag.OVERLAY,
    "menu": Flag.NAVIGATION,
    "address": Flag.BYLINE,
}


class Block:
    """A run of text, or of pictures, between two block-level tags."""

    __slots__ = (
        "density",
        "element",
        "end",
        "index",
        "length",
        "linked",
        "links",
        "media",
        "score",
        "start",
        "strong",
        "tag",
        "text",
    )

    def __init__(self, element: Element, start: int, end: int, text: str, linked: int, links: int, strong: int) -> None:
        self.element = element
        self.tag = element.tag
        self.start = start  # tokens [start, end): from the one whose text begins the run
        self.end = end
        self.text = text
        self.length = length = len(text)
        self.linked = linked  # characters inside links or buttons
        self.density = 0.0 if not linked or not length else 1.0 if linked >= length else linked / length  # linked share
        self.links = links
        self.strong = strong
        self.media: tuple[int, ...] = ()  # tokens of pictures, players and frames in the run
        self.index = 0
        self.score = 0.0


@dataclass(slots=True)
class Sheet:
    """A page cut into blocks."""

    tags: list[str] = field(default_factory=list)  # each with the text up to the next; `token` takes one apart
    blocks: list[Block] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)


def attributes(written: str) -> dict[str, str]:
    """Attributes of a token, unescaped."""
    return {name: plain(value) for name, value in _ATTRIBUTE.findall(written)}


def plain(written: str) -> str:
    """Text as the serialiser wrote it → as it is read."""
    if "&" not in written:
        return written
    return (
        written.replace("&nbsp;", "\xa0")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )


def cut(tree: LexborHTMLParser) -> Sheet:
    """The blocks of the whole page. The tree loses its scripts, styles and drawings."""
    body = tree.body
    if body is None:
        return Sheet()
    body.strip_tags(_UNSEEN, recursive=True)
    for node in body.css("noscript"):
        node.decompose()
    for node in body.css("iframe"):  # raw text inside would not be balanced, and the tokenizer could search it for long
        if (inner := node.first_child) is not None:
            inner.decompose()
    return cut_markup(body.html or "")


def _without_comments(html: str) -> str:
    """By plain finds: a pattern would search to the end for each comment that raw text opens and nothing closes."""
    kept: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept.append(html[at:start])
        at = end + 3
    return "".join([*kept, html[at:]])


def _without_brackets(tag: re.Match[str]) -> str:
    attrs = tag[2].replace("<", "&lt;").replace(">", "&gt;")
    return f"<{tag[1]}{attrs}>{tag[3]}"


def cut_markup(html: str) -> Sheet:
    """The blocks of markup that lexbor wrote."""
    if "<!--" in html:
        html = _without_comments(html)
    if "\xad" in html:  # soft hyphens: hints of layout, and holes in every word
        html = html.replace("\xad", "")
    tags = html.split("<")[1:]
    if html.count(">") == len(tags) and (sheet := _cut(tags)) is not None:
        return sheet
    # An attribute holds "<" or ">": these are written otherwise first, by a pattern that takes longer than the rest.
    return _cut(_TOKEN.sub(_without_brackets, html).split("<")[1:], exact=True) or Sheet()


def _cut(tags: list[str], *, exact: bool = False) -> Sheet | None:
    """The blocks of `tags`, each with the text up to the next; None where one was split within its attributes."""
    known: dict[str, Looks] = {}
    root = Element(Looks("body", ""), None, 0, 0)
    elements = [root]
    blocks: list[Block] = []
    here = root
    kinds = _KINDS
    parts: list[str] = []
    media: list[int] = []
    start = 0
    linked = links = strong = 0
    in_link = in_strong = in_button = 0
    breaks = deeper = 0

    def flush(end: int) -> None:
        nonlocal linked, links, strong
        text = " ".join("".join(parts).split())
        if text or media:
            if "&" in text:
                text = " ".join(plain(text).split())
            block = Block(here, start, end, text, linked, links, strong)
            if media:
                block.media = tuple(media)
                media.clear()
            blocks.append(block)
        parts.clear()
        linked = links = strong = 0

    for at, tag in enumerate(tags):
        inner, closed, text = tag.partition(">")
        kind = kinds.get(inner)  # what closes, and what has no attributes, is found at once
        if kind is None:
            name, attributed, _ = inner.partition(" ")
            if not exact and (not closed or not name or '"' in name or (attributed and inner[-1] != '"')):
                return None
            kind = kinds.get(name)
            if kind is None:  # an element of the page's own making: a block, unless it stands in a line of text
                bare = name.removeprefix("/")
                kind = _INLINE if here.tag == "p" and "-" not in bare else (_OPEN if bare is name else _CLOSE)
                if not name or inner.endswith("/"):  # raw text may hold a "<" without a name
                    kind = _INLINE
        if kind == _INLINE:
            pass
        elif kind == _OPEN:
            if parts or media:
                flush(at)
            if here.depth < MAX_DEPTH:
                looks = known.get(inner)
                if looks is None:
                    name, _, attrs = inner.partition(" ")
                    looks = known[inner] = Looks(name, attrs)
                here = Element(looks, here, at, len(blocks))
                elements.append(here)
            else:
                deeper += 1
            start = at
            breaks = 0
        elif kind == _CLOSE:
            if parts or media:
                flush(at)
            if deeper:
                deeper -= 1
            else:
                here.end = at
                here.last = len(blocks)
                if here.parent is not None:
                    here = here.parent
            start = at
            breaks = 0
        elif kind == _LINK:
            in_link += 1
            links += 1
        elif kind == _UNLINK:
            in_link -= 1
        elif kind == _STRONG:
            in_strong += 1
        elif kind == _UNSTRONG:
            in_strong -= 1
        elif kind == _BREAK:
            breaks += 1
            if breaks > 1 and parts:
                flush(at)
                start = at
            elif parts:
                parts.append("\n")
        elif kind == _MEDIA:
            media.append(at)
        elif kind == _RULE:
            if parts or media:
                flush(at)
            start = at
        elif kind == _BUTTON:
            in_button += 1
        elif kind == _UNBUTTON:
            in_button -= 1
        if text:
            if not parts and text.isspace():
                continue
            parts.append(text)
            if in_link > 0 or in_button > 0:
                linked += len(text)
            if in_strong > 0:
                strong += len(text)
            if breaks and not text.isspace():
                breaks = 0
    if parts or media:
        flush(len(tags))
    while here.parent is not None:
        here.end, here.last = len(tags), len(blocks)
        here = here.parent
    root.end, root.last = len(tags), len(blocks)
    for index, block in enumerate(blocks):
        block.index = index
    return Sheet(tags, blocks, elements)
