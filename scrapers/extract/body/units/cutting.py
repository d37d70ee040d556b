"""A parsed page → its blocks: the runs of text between two block-level tags, in order, with what surrounds them.

The tree is serialised once by lexbor and split at every "<" and ">", both in C; Python sees each tag once. lexbor
writes balanced markup and quotes every attribute, so this simple tokenizer is exact. Menus, dialogs and the like, two
in five tags of a page, are passed over: `exclusions` would leave them out anyway.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from scrapers.page.text import single_spaced

from . import drop_cap
from .blocks import PICTURES, PLAYERS, STYLE, Block, Element, Looks, Passed, Sheet, plain
from .inert import UNSEEN, take_out, unwrap_inert, without_comments
from .reasons import MOST, MOST_OF_DIALOGS, in_article, reason

MAX_DEPTH = 100  # blocks within blocks; anything deeper counts as this deep. The deepest real page measured has 49
_NEVER = frozenset(("navigation", "overlay"))  # reasons to pass over an element
_OUTSIDE = frozenset(("landmark outside", "footer outside", "hidden", "consent"))  # the same outside of an article
_DIALOGS = frozenset(("overlay", "consent"))
_TOKEN = re.compile(r'<([^\s>]+)((?:[^">]++|"[^"]*")*+)>([^<]*)')
_SHORT = 200  # characters of a tag that is remembered from page to page
_MOST_REMEMBERED = 4096
_VOID = ("/", "input", "wbr", "source", "track", "link", "meta", "param", "area", "col", "base")

(_INLINE, _OPEN, _CLOSE, _LINK, _UNLINK, _BREAK, _MEDIA, _FILM, _UNFILM, _RULE, _BUTTON, _UNBUTTON, _STRONG, _UNSTRONG,
 _HIDES, _BROKEN) = range(16)  # fmt: skip

_KINDS: dict[str, int] = {"br": _BREAK, "hr": _RULE, "a": _LINK, "/a": _UNLINK}
for _kind, _end, _names in (
    (
        _OPEN,
        _CLOSE,
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hgroup li main menu nav ol p pre section summary table tbody "
        "td tfoot th thead tr ul legend search",
    ),
    (
        _INLINE,
        _INLINE,
        "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp "
        "small span strike strong sub sup time tt u var wbr input link meta source track param area col colgroup "
        "base map picture option optgroup output progress meter datalist noscript",
    ),
):
    for _name in _names.split():
        _KINDS |= {_name: _kind, "/" + _name: _end}
for _name in PICTURES | PLAYERS:
    _KINDS |= {_name: _MEDIA, "/" + _name: _INLINE}
_KINDS |= {"audio": _FILM, "/audio": _UNFILM, "video": _FILM, "/video": _UNFILM}
_KINDS |= {"button": _BUTTON, "/button": _UNBUTTON}
_KINDS |= {"strong": _STRONG, "b": _STRONG, "/strong": _UNSTRONG, "/b": _UNSTRONG}


# Stories, forms, what may be a unit; and beside these tags what may be left out, or a known system's column.
_NOTABLE = frozenset("article form ul ol dl table blockquote pre figure".split())  # noqa: SIM905  (words)
_PHRASES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))  # hold nothing but lines of text
_LINKED = frozenset(("a", "a ", "bu"))  # beginnings of the tags of links and buttons


def cut(tree: LexborHTMLParser) -> Sheet:
    """The blocks of the whole page. The tree loses its scripts, styles and drawings."""
    body = tree.body
    if body is None:
        return Sheet()
    take_out(body, UNSEEN)
    unwrap_inert(body)
    return cut_markup(body.html or "")


def _without_brackets(tag: re.Match[str]) -> str:
    attrs = tag[2].replace("<", "&lt;").replace(">", "&gt;")
    return f"<{tag[1]}{attrs}>{tag[3]}"


def cut_markup(html: str) -> Sheet:
    """The blocks of markup that lexbor wrote."""
    html = without_comments(html)
    if "\xad" in html:  # soft hyphens: hints of layout, and holes in every word
        html = html.replace("\xad", "")
    pieces = html.replace("<", ">").split(">")
    if len(pieces) == 2 * html.count("<") + 1 and (sheet := _sheet(pieces[1::2], pieces[2::2])) is not None:
        return sheet
    # An attribute holds "<" or ">": these are written otherwise first, by a pattern that takes longer than the rest.
    tokens = [token.partition(">") for token in _TOKEN.sub(_without_brackets, html).split("<")[1:]]
    return _sheet([tag for tag, _, _ in tokens], [text for _, _, text in tokens], exact=True) or Sheet()


def _sheet(tags: list[str], texts: list[str], *, exact: bool = False) -> Sheet | None:
    """The blocks of markup; None where a tag was split within its attributes."""
    sheet = _Cutter(tags.copy(), texts, exact=exact).sheet()
    if sheet is None or not sheet.passed:
        return sheet
    # As much plain text as there has to be on the page, so that none of them holds most of it.
    missing = max(one.plain / (MOST_OF_DIALOGS if one.why in _DIALOGS else MOST) for one in sheet.passed)
    missing -= sum(one.plain for one in sheet.passed)
    for block in sheet.blocks:
        if missing <= 0:
            break
        missing -= block.length - min(block.linked, block.length)
    if missing > 0:
        return _Cutter(tags, texts, exact=exact, passing=False).sheet()  # one of them holds most of the page
    return sheet


def _looks(inner: str) -> Looks:
    """How elements look that are opened by this tag."""
    name, _, attrs = inner.partition(" ")
    looks = Looks(name, attrs)
    looks.why = reason(looks)
    looks.notable = bool(looks.why or name in _NOTABLE or "-viewer" in attrs or "post-description" in attrs)
    return looks


_remembered: dict[str, Looks] = {}  # the looks of tags of the latest pages: pages of one site look alike


class _Known(dict[str, Looks]):
    """The looks of a page's tags."""

    def __missing__(self, inner: str) -> Looks:
        looks = _remembered.get(inner)
        if looks is None:
            looks = _looks(inner)
            if len(inner) <= _SHORT:
                if len(_remembered) >= _MOST_REMEMBERED:  # all at once: to keep them in order takes as long as looking
                    _remembered.clear()
                _remembered[inner] = looks
        self[inner] = looks
        return looks


class _Cutter:
    """Goes through the tags of a page once."""

    __slots__ = (
        "blocks", "breaks", "deeper", "elements", "exact", "here", "hidden", "in_button", "in_link", "in_strong",
        "kinds", "known", "linked", "links", "media", "parts", "passed", "passing", "rules", "silent", "start",
        "strong", "tags", "texts",
    )  # fmt: skip

    def __init__(self, tags: list[str], texts: list[str], *, exact: bool = False, passing: bool = True) -> None:
        self.tags = tags  # what stands between "<" and ">"
        self.texts = texts  # what follows each, up to the next
        self.passing = passing  # whether menus and their like are passed over
        self.passed: list[Passed] = []
        self.exact = exact  # no tag was split within its attributes
        self.kinds = _KINDS.copy()  # of what stands between "<" and ">", once met
        self.known = _Known()
        self.here = Element(Looks("body", ""), None, 0, 0)
        self.elements = [self.here]
        self.blocks: list[Block] = []
        self.rules: list[int] = []
        self.deeper = 0  # elements that are open beyond MAX_DEPTH
        self.hidden: list[str] = []  # names of the inline elements that are open within one that is not shown
        # The run that is being read.
        self.start = 0
        self.parts: list[str] = []
        self.media: list[int] = []
        self.linked = self.links = self.strong = 0
        self.breaks = 0  # one after the other
        self.in_link = self.in_strong = self.in_button = 0
        self.silent = 0  # films and sounds that are open: their content is a fallback for browsers without support

    def sheet(self) -> Sheet | None:
        """The blocks; None where a tag was split within its attributes."""
        kinds, parts, media, hidden = self.kinds, self.parts, self.media, self.hidden
        tags, blocks, elements, known = self.tags, self.blocks, self.elements, self.known
        here = self.here  # and always the same as there
        last = len(tags) - 1
        # End tags, tags without attributes and tags seen before are found at once.
        tokens = zip(range(len(tags)), tags, self.texts, map(kinds.get, tags), strict=False)
        for at, inner, text, kind in tokens:
            if kind is None:
                kind = self.kind_of(inner)
                if kind == _BROKEN:
                    return None
            if hidden and self.is_unseen(kind, inner, at):
                continue
            if kind == _CLOSE:
                if parts or media:
                    self.flush(at)
                if self.deeper:
                    self.deeper -= 1
                else:
                    around = here.parent
                    if around is not None:
                        here.end = at
                        here.last = len(blocks)
                        if here.first == here.last:  # it holds nothing
                            elements.pop()
                        self.here = here = around
                self.start = at
                self.breaks = 0
            elif kind == _OPEN:
                if parts or media:
                    self.flush(at)
                self.breaks = 0
                if at < last and tags[at + 1][:1] == "/" and _is_empty(inner, text, tags[at + 1]):
                    at, _, text, _ = next(tokens)  # its end: no element is made, nor is it asked what its tag means
                    self.start = at
                else:
                    self.start = at
                    looks = known[inner]
                    if here.depth < MAX_DEPTH:
                        self.here = here = Element(looks, here, at, len(blocks))
                        elements.append(here)
                    else:
                        self.deeper += 1
                    if looks.why and self.passing and self.is_none(looks.why):
                        end = self.end_of(at, looks)
                        deque(islice(tokens, end - at - 1), 0)  # what stands in it is passed over
                        continue
            elif kind == _LINK:
                self.in_link += 1
                self.links += 1
            elif kind == _UNLINK:
                self.in_link -= 1
            elif kind != _INLINE and self.mark(kind, at, inner):
                continue
            if text and (parts or not text.isspace()) and not self.silent:
                parts.append(text)
                if self.in_link > 0 or self.in_button > 0:
                    self.linked += len(text)
                if self.in_strong > 0:
                    self.strong += len(text)
                if self.breaks and not text.isspace():
                    self.breaks = 0
        return self.finished()

    def is_none(self, why: str) -> bool:
        """Whether an element with such a reason is certainly left out."""
        return why in _NEVER or (why in _OUTSIDE and not in_article(self.here))

    def end_of(self, at: int, looks: Looks) -> int:
        """The tag that closes the element opened at `at`; what stands in it is only counted."""
        tags, name = self.tags, looks.tag
        opens, closes = f"<{name} ", f"/{name}"
        end, depth = at, 1
        while depth:
            begun = end + 1
            try:
                end = tags.index(closes, begun)
            except ValueError:  # raw text may look like a tag
                end = len(tags)
                break
            among = f"<{'><'.join(tags[begun:end])}>"  # no tag holds a bracket
            depth += among.count(f"<{name}>") + among.count(opens) - 1
        linked = self.in_link + self.in_button
        length = plain = 0
        for tag, text in zip(tags[at:end], self.texts[at:end], strict=True):
            if tag[:2] in _LINKED:
                linked += 1
            elif tag == "/a" or tag == "/button":
                linked -= 1
            if text and not text.isspace():
                size = len(" ".join(text.split()))
                length += size
                if linked <= 0:
                    plain += size
        self.passed.append(Passed(looks.why, length, plain))
        return end

    def kind_of(self, inner: str) -> int:
        """What a tag that was not met before does."""
        name, attributed, _ = inner.partition(" ")
        kind = _KINDS.get(name)
        if not self.exact and ((attributed and inner[-1] != '"') or (kind is None and (not name or '"' in name))):
            return _BROKEN
        if kind is None:  # an element of the page's own making: a block, unless it stands in a line of text
            bare = name.removeprefix("/")
            if bare is name:
                kind = _INLINE if self.here.tag in _PHRASES else _OPEN
            else:
                kind = _CLOSE if self.deeper or self.here.tag == bare else _INLINE
            if not name or inner.endswith("/"):  # raw text may hold a "<" without a name
                kind = _INLINE
            return _HIDES if kind == _INLINE and _hides(inner) else kind
        if kind == _INLINE and _hides(inner):
            kind = _HIDES
        self.kinds[inner] = kind
        return kind

    def is_unseen(self, kind: int, inner: str, at: int) -> bool:
        """Whether a tag stands within an element of a line that is not shown, up to its end or the next block."""
        hidden = self.hidden
        if kind in (_OPEN, _CLOSE):
            hidden.clear()
            return False
        bare = inner.partition(" ")[0]
        if bare == hidden[0]:
            hidden.append(bare)
        elif bare == "/" + hidden[0]:
            hidden.pop()
        self.tags[at] = "" if hidden else "wbr"
        return bool(hidden)

    def mark(self, kind: int, at: int, inner: str) -> bool:
        """A tag within a run, or between two, that means something; True where its text is not shown."""
        if kind == _HIDES:
            if not self.hidden:
                self.hidden.append(inner.partition(" ")[0])
                self.tags[at] = ""
                return True
        elif kind == _STRONG:
            self.in_strong += 1
        elif kind == _UNSTRONG:
            self.in_strong -= 1
        elif kind == _BREAK:
            self.breaks += 1
            if self.breaks > 1 and self.parts:
                self.flush(at)
                self.start = at
            elif self.parts:
                self.parts.append("\n")
        elif kind == _MEDIA:
            self.media.append(at)
        elif kind == _FILM:
            self.media.append(at)
            self.silent += 1
        elif kind == _UNFILM:
            self.silent = max(0, self.silent - 1)
        elif kind == _RULE:
            if self.parts or self.media:
                self.flush(at)
            self.start = at
            self.rules.append(at)
        elif kind == _BUTTON:
            self.in_button += 1
        elif kind == _UNBUTTON:
            self.in_button -= 1
        return False

    def flush(self, end: int) -> None:
        """What was read is a block, if it is anything."""
        text = single_spaced("".join(self.parts))
        if " " in text[1:3] and drop_cap.join(self.tags, self.texts, self.start, end):
            text = text.replace(" ", "", 1)
        if text or self.media:
            if "&" in text:
                text = single_spaced(plain(text))
            block = Block(self.here, self.start, end, text, self.linked, self.links, self.strong)
            if self.media:
                block.media = tuple(self.media)
                self.media.clear()
            self.blocks.append(block)
        self.parts.clear()
        self.linked = self.links = self.strong = 0

    def finished(self) -> Sheet:
        """The sheet, once all tags were read."""
        tags, blocks = self.tags, self.blocks
        if self.parts or self.media:
            self.flush(len(tags))
        here = self.here
        while here.parent is not None:
            here.end, here.last = len(tags), len(blocks)
            here = here.parent
        here.end, here.last = len(tags), len(blocks)
        for index, block in enumerate(blocks):
            block.index = index
        notable = [element for element in self.elements if element.looks.notable]
        return Sheet(tags, self.texts, blocks, self.elements, self.rules, self.passed, notable)


def _is_empty(inner: str, text: str, end: str) -> bool:
    """Whether an element that this tag opens holds nothing: its end follows, and only white space stands between."""
    return (not text or text.isspace()) and end[1:] == inner.partition(" ")[0]


def _hides(inner: str) -> bool:
    """Whether the tag of an inline element keeps what stands in it from being shown."""
    return (
        len(inner) > 9
        and ("hidden=" in inner or "none" in inner)
        and STYLE.search(inner) is not None
        and not inner.startswith(_VOID)
    )
