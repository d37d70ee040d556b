"""The parts of a page: blocks (runs of text between two block-level tags) and the elements around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ..class_words import MAX_NAMES, Flag, flags_of

_ATTRIBUTE = re.compile(r'([^\s="]+)(?:="([^"]*)")?')
_NAMES = re.compile(r'\s(class|id|itemprop|role|data-(?:testid|component|type|module|qa|name|role))="([^"]*)"')
_DIGITS = re.compile(r"\d+")
STYLE = re.compile(r'\s(?:hidden=""|style="[^"]*display:\s?none)', re.IGNORECASE)
"""Attributes that keep an element from being shown."""

PICTURES = frozenset(("img", "amp-img", "amp-anim", "image"))
PLAYERS = frozenset(
    ("iframe", "amp-iframe", "video", "audio", "amp-video", "amp-audio", "object", "embed", "lite-youtube",
     "amp-youtube", "lite-vimeo", "amp-vimeo", "amp-twitter", "amp-instagram", "amp-facebook")
)  # fmt: skip
"""Elements that show what stands elsewhere."""


def _without_digits(names: str) -> str:
    if names.isascii():  # bytes lose them in a third of the time that a pattern takes
        return names.encode("ascii").translate(None, b"0123456789").decode("ascii")
    return _DIGITS.sub("", names)


def token(tag: str) -> tuple[str, str]:
    """A tag as the sheet keeps it, taken apart: its name ("/p" when it closes) and its attributes as written."""
    name, _, attrs = tag.partition(" ")
    return name, attrs


class Looks:
    """What elements with the same tag and the same attributes share: a page repeats few of them many times."""

    __slots__ = ("attrs", "flags", "named", "nameless", "notable", "tag", "why")

    def __init__(self, tag: str, attrs: str) -> None:
        self.tag = tag
        self.attrs = attrs
        self.flags: int = -1  # of its names, once asked
        self.named: str = ""  # tag and names, once asked
        self.nameless: str = ""  # the same without digits and id: what elements that repeat share
        self.why: str = ""  # why such elements are left out (see `reasons`)
        self.notable = False  # whether anything but the weighing asks for such elements (see `cutting`)

    def name(self) -> str:
        """Tag and names."""
        if not self.named:
            attrs = self.attrs
            named = lasting = self.tag
            if attrs.startswith('class="') and attrs.count('"') == 2:  # and nothing else, as with most
                named = lasting = f"{self.tag}.{attrs[7:-1]}"
            elif attrs:
                told = _NAMES.findall(" " + attrs)
                named = lasting = f"{self.tag}.{' '.join([value for _, value in told])}"
                if 'id="' in attrs:  # an id is one element's alone: often random characters, or the words of a heading
                    lasting = f"{self.tag}.{' '.join([value for name, value in told if name != 'id'])}"
            self.nameless = _without_digits(lasting)
            self.named = named
        return self.named

    def say(self) -> int:
        """The flags of tag and names."""
        if self.flags < 0:
            flags = _TAG_FLAGS.get(self.tag, 0)
            if attrs := self.attrs:
                start = len(self.tag) + 1
                flags |= flags_of(self.name()[start : start + MAX_NAMES])
                if ("style=" in attrs or "hidden=" in attrs) and STYLE.search(" " + attrs):
                    flags |= Flag.HIDDEN
            if self.tag in _OPENED:
                flags &= ~Flag.OVERLAY
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


_OPENED = ("figure", "picture", "a")  # a picture called "lightbox" is opened in one, and is none itself
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
    """A run of text, or of pictures, between two block-level tags. Several of one list or table make a unit."""

    __slots__ = (
        "density",
        "element",
        "end",
        "index",
        "kind",
        "length",
        "linked",
        "links",
        "media",
        "parts",
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
        self.kind = ""  # "list", "table", "terms", "quote", "post", "figure" or "code"; empty for a single run
        self.parts: tuple[Block, ...] = ()  # the runs of such a unit


class Passed(NamedTuple):
    """An element that was left out: why, and how many characters it holds, in all and outside links."""

    why: str
    length: int
    plain: int


@dataclass(slots=True)
class Sheet:
    """A page cut into blocks."""

    tags: list[str] = field(default_factory=list)  # what stands between "<" and ">"; empty for what is not shown
    texts: list[str] = field(default_factory=list)  # what follows each, up to the next
    blocks: list[Block] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)  # tokens of <hr>
    passed: list[Passed] = field(default_factory=list)  # elements that were left out, without blocks
    notable: list[Element] = field(default_factory=list)  # those of the elements that most questions are about, few


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
