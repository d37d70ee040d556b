"""Markup with bounded nesting and attributes, so that parsing stays linear.

A parser checks each tag against all open elements, and each attribute against all earlier ones: 70,000 open `<div>`
take minutes. `levelled` reads the tokens by the HTML Standard's rules (§13.2.5), leaves out tags that would open more
than `DEPTH` elements within one another, and writes attributes so that no parser reads other tokens than it did. Linear
in its input.
"""

from __future__ import annotations

import re
from html import escape

DEPTH = 256  # elements within one another; the deepest real page measured has 49 blocks
WIDTH = 100  # attributes of one element
FEW = 3_000  # tags that are cheap, however they are nested
FEW_OF_PAGE = 8_500  # the same for a whole page, parsed once: 150 ms at worst, and hardly a real page has more
FEW_OF_DENSE = 500  # the same where little else stands than tags: open elements alone cost the square of their number
_DENSE = 24  # characters to a tag; of 1,673 real pages three have fewer
_LONG_TAG = 4_000  # characters between two ">": only what is longer may have more attributes than is cheap

_TAG_OPEN = re.compile(r"<(?:(/?)([A-Za-z][^\s/>]*)|(!--)|[!?/])")
_COMMENT_END = re.compile(r"--!?>")
_PLAIN = r'(?:\s++[A-Za-z][\w:.-]*+(?:="[^"<>]*+")?+)*+\s*+/?>'
_PLAIN_ATTRIBUTES = re.compile(_PLAIN)
# The same as _TAG_OPEN, and in the third group what follows the name up to the tag's end, where that is plain.
_TAG = re.compile(rf"<(?:(/?)([A-Za-z][^\s/>]*+)({_PLAIN})?+|(!--)|[!?/])")
# As many plain tags and texts as follow each other; none opens an element with raw text, none has many attributes.
_PLAIN_RUN = re.compile(
    r"(?:[^<]++|<(?:/|(?!(?:iframe|noembed|noframes|script|style|textarea|title|xmp)[\s/>]))[A-Za-z][^\s/>]*+"
    r"(?:\s++[A-Za-z@:][\w:.@-]*+(?:=(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?+){0,100}+\s*+/?+>)*+",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""[\s/]*+(?:(=?[^\s/>=]++|=)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)?+""")
_TAG_NAME = re.compile(rb"</?[A-Za-z][^\s/>]*+")
_BEFORE_VALUE = b"= \t\n\r\x0b\f"  # signs that may stand before the quote that opens a value
_MANY = 1_000  # attributes of one element that are cheap: a millisecond
_ONE = rb"""[\s/]*+(?:=?[^\s/>=]++|=)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_ATTRIBUTES = re.compile(rb"(?:%b){0,%d}+(%b)?+" % (_ONE, _MANY, _ONE))
_NAME = re.compile(r"[A-Za-z_:][\w:.-]{0,60}")

_VOID = frozenset(  # they hold nothing
    "area base basefont bgsound br col embed hr image img input keygen link meta param source track wbr".split()  # noqa: SIM905
)
_FRAME = frozenset(("html", "head", "body"))  # their tags open and close nothing by themselves
_RAW = frozenset("iframe noembed noframes script style textarea title xmp".split())  # noqa: SIM905  (words)
_FOREIGN = frozenset("frameset math plaintext select svg template".split())  # noqa: SIM905  (they change how tokens are read)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905  (words)
_SCOPES = frozenset(("applet", "caption", "marquee", "object", "table", "td", "th"))
_TABLE_PARTS = frozenset(("caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"))
_SCOPES_OF: dict[str, frozenset[str]] = {  # what an end tag does not reach beyond, where it is not _SCOPES (§13.2.4.2)
    "li": _SCOPES | {"ol", "ul"},
    "p": _SCOPES | {"button"},
    **dict.fromkeys(("table", "tbody", "td", "tfoot", "th", "thead", "tr"), frozenset(("table",))),
}
_SPECIAL = frozenset(  # no end tag of an inline element reaches beyond these (§13.2.4.2)
    """address applet article aside blockquote button caption center colgroup dd details dialog dir div dl dt
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup li listing main marquee menu nav noscript
    object ol p pre search section summary table tbody td tfoot th thead tr ul""".split()  # noqa: SIM905  (words)
)
_ENDS: dict[str, frozenset[str]] = {  # elements that end where another of the same kind begins
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
    "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")),
    "tr": frozenset(("tr",)),
    "tbody": frozenset(("tbody", "thead", "tfoot")),
}


def is_cheap(html: str) -> bool:
    """Whether any parser reads `html` fast, however it is nested."""
    if html.count("<") > FEW:
        return False
    if len(html) <= _LONG_TAG:
        return True
    pieces = html.split(">")
    return max(map(len, pieces)) <= _LONG_TAG or all(
        len(piece) <= _LONG_TAG or _most_attributes(piece) <= _MANY for piece in pieces
    )


def _most_attributes(piece: str) -> int:
    """An upper bound of the attributes in markup: each follows whitespace, a slash or the end of a value."""
    return len(piece.split()) + piece.count("/") + piece.count('"') + piece.count("'")


def levelled(html: str) -> str:
    """`html` with at most `DEPTH` elements within one another and `WIDTH` attributes each; cheap markup as it is.

    Comments and the content of `<script>`, `<style>` and the like are left out; drawings, formulas and other elements
    with grammars of their own are renamed, so that they are unknown elements.
    """
    if is_cheap(html):
        return html
    out: list[str] = []
    open_elements = _OpenElements()
    at = 0
    while (found := _TAG.search(html, at)) is not None:
        out.append(html[at : found.start()])
        slash, name, plain, comment = found.groups()
        if not name:
            end = _after_comment(html, found.end(), bool(comment))
        elif plain is not None and len(plain) <= _LONG_TAG:
            name, attributes, end = name.lower(), plain[:-1].rstrip("/"), found.end()
        else:
            name = name.lower()
            attributes, end = _attributes(html, found.end(2))
        if end < 0:
            return "".join(out)  # an unclosed tag is neither token nor text
        at = end
        if not name:
            continue
        if name in _FOREIGN:
            name = f"x-{name}"
        if slash:
            if open_elements.end(name):
                out.append(f"</{name}>")
        elif name in _VOID:
            out.append(f"<{name}{attributes}>")
        elif name in _RAW:
            closed = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
            if name == "iframe":
                out.append(f"<iframe{attributes}></iframe>")
            if closed is None:
                return "".join(out)
            at = html.find(">", closed.end()) + 1 or len(html)
        elif open_elements.begin(name):
            out.append(f"<{name}{attributes}>")
    out.append(html[at:])
    return "".join(out)


def within_depth(html: str, tags: int | None = None) -> str:
    """`html` without the tags that would open more than `DEPTH` elements, and with `WIDTH` attributes each.

    For whole pages: scripts, comments and everything else stay as they are, and so does markup of few narrow tags.
    `tags` is how many "<" it has, where that is known.
    """
    tags = html.count("<") if tags is None else tags
    if tags <= _few(tags, len(html)) and (not _may_be_wide(html.encode("utf-8", "surrogatepass")) or _is_narrow(html)):
        return html
    out: list[str] = []
    open_elements = _OpenElements()
    at = kept = 0  # `kept`: where begins what is not in `out` yet
    search = _TAG.search
    while (found := search(html, at)) is not None:
        slash, name, plain, comment = found.groups()
        attributes, end = "", found.end()
        if not name:
            end = _after_comment(html, end, bool(comment))
        elif plain is None or end - found.start() > _LONG_TAG:
            attributes, end = _attributes(html, found.end(2))
        if end < 0:
            break
        at = end
        if not name or (name := name.lower()) in _VOID:
            continue
        if slash:
            open_elements.end(name)
        elif name in _RAW:
            closed = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
            if closed is None:
                break
            at = html.find(">", closed.end()) + 1 or len(html)
        elif not open_elements.begin(name):
            out.append(html[kept : found.start()])
            kept = end
        elif end - found.start() > _LONG_TAG:
            out += (html[kept : found.start()], f"<{name}{attributes}>")
            kept = end
    return "".join([*out, html[kept:]]) if out else html


def is_bounded(html: bytes, tags: int, characters: int) -> bool:
    """Whether a hasty look at a page in UTF-8 tells that `within_depth` has nothing to change."""
    return tags <= _few(tags, characters) and not _may_be_wide(html)


def _few(tags: int, characters: int) -> int:
    """How many tags of a page are cheap, however they are nested."""
    return FEW_OF_PAGE if characters >= _DENSE * tags else FEW_OF_DENSE


def _may_be_wide(html: bytes) -> bool:
    """Whether a tag of more than `_LONG_TAG` bytes may have more than `_MANY` attributes. A hasty look.

    Every so many bytes, could a tag be open here? Then the last ">" stands before that tag, or in a value of it.
    """
    closed = {b'"': 0, b"'": 0}  # where the last value that was met ends
    left = 4 * len(html)  # bytes to look at, before the exact look is cheaper
    for at in range(_LONG_TAG, len(html) + _LONG_TAG, _LONG_TAG):
        low = at - _LONG_TAG
        last = html.rfind(b">", low, at)
        first = html.find(b"<", low if last < 0 else last, at)
        begun = _TAG_NAME.search(html, first, at) if first >= 0 else None
        places = [begun.end()] if begun is not None else []  # where attributes of a tag that is open may begin
        for quote in closed if last >= 0 else ():
            opened = html.rfind(quote, low, last)
            before = html[opened - 1] if opened > 0 else 0
            if before in _BEFORE_VALUE and html[max(0, low - 1) : opened].rstrip().endswith(b"="):
                if closed[quote] <= last:
                    closed[quote] = html.find(quote, last) + 1 or len(html)
                places.append(closed[quote])
        for place in places:
            end = html.find(b">", place, place + _MANY)
            if end >= 0 and b'"' not in (value := html[place:end]) and b"'" not in value:
                continue  # the tag ends here, and has no more attributes than it has bytes
            found = _ATTRIBUTES.match(html, place)
            left -= found.end() - place if found is not None else 0
            if left < 0 or (found is not None and found[1] is not None):
                return True
    return False


def _is_narrow(html: str) -> bool:
    """Whether no tag of a whole page is so long that it may have more attributes than is cheap."""
    at = 0
    while True:
        run = _PLAIN_RUN.match(html, at)
        at = run.end() if run is not None else at
        found = _TAG_OPEN.search(html, at)
        if found is None:
            return True
        name = (found[2] or "").lower()
        end = _attributes(html, found.end())[1] if name else _after_comment(html, found.end(), bool(found[3]))
        if end - found.start() > _LONG_TAG and name:
            return False
        if end < 0:
            return len(html) - found.start() <= _LONG_TAG
        at = end
        if name in _RAW and not found[1]:
            closed = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
            if closed is None:
                return True
            at = closed.start()


def _after_comment(html: str, at: int, real: bool) -> int:
    """Where the comment whose opening ends at `at` is over; -1 for never."""
    if not real:
        return html.find(">", at) + 1 or -1
    if html.startswith((">", "->"), at):
        return html.index(">", at) + 1
    end = _COMMENT_END.search(html, at)
    return end.end() if end is not None else -1


def _attributes(html: str, at: int) -> tuple[str, int]:
    """The attributes of the tag whose name ends at `at`, and where the tag is over; -1 for never."""
    plain = _PLAIN_ATTRIBUTES.match(html, at)
    if plain is not None and plain.end() - at <= _LONG_TAG:
        return plain[0][:-1].rstrip("/"), plain.end()
    found: dict[str, str] = {}
    while True:
        one = _ATTRIBUTE.match(html, at)
        if one is None or one.end() == at:
            break
        at = one.end()
        name, value = one[1], one[2]
        if name is not None and len(found) < WIDTH and _NAME.fullmatch(name):
            value = value or ""
            found.setdefault(name.lower(), value[1:-1] if value[:1] in ("'", '"') else value)
    if not html.startswith(">", at):
        return "", -1
    return "".join(f' {name}="{_quoted(value)}"' for name, value in found.items()), at + 1


def _quoted(value: str) -> str:
    """An attribute's value between double quotes; its character references stay what they are."""
    return escape(value, quote=False).replace("&amp;", "&").replace('"', "&quot;")


class _OpenElements:
    """The parser's stack of open elements: never shorter than the parser's own."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.count: dict[str, int] = {}

    def begin(self, name: str) -> bool:
        """Open an element; False where it would stand too deep."""
        if name in _FRAME:
            return True
        if name in _TABLE_PARTS and not self.count.get("table"):
            return False  # a parser ignores them
        ends = _ENDS.get(name)
        if ends is not None:
            for up in range(1, min(8, len(self.names)) + 1):
                above = self.names[-up]
                if above in ends:
                    self._pop(up)
                    break
                if above in _SPECIAL and above not in ("address", "div", "p"):
                    break
        elif name in _SPECIAL and self.names and self.names[-1] == "p":
            self._pop(1)
        elif name == "a" and self.count.get(name):
            self._take_out(len(self.names) - 1 - self.names[::-1].index(name))
        if len(self.names) >= DEPTH:
            return False
        self.names.append(name)
        self.count[name] = self.count.get(name, 0) + 1
        return True

    def end(self, name: str) -> bool:
        """Close an element; False where a parser would pass over the end tag, or nothing is open."""
        if self.names and self.names[-1] == name:  # as most end tags
            self.count[self.names.pop()] -= 1
            return True
        if name in _FRAME or name in ("p", "br"):
            self._close(name)
            return True
        return self._close(name)

    def _close(self, name: str) -> bool:
        if not self.count.get(name):
            return False
        alone = name in _FORMATTING or name == "form"  # what stands in it stays open
        bounds = _SCOPES_OF.get(name, _SCOPES) if alone or name in _SPECIAL else _SPECIAL
        for up in range(1, len(self.names) + 1):
            above = self.names[-up]
            if above == name:
                if alone:
                    self._take_out(len(self.names) - up)
                else:
                    self._pop(up)
                return True
            if above in bounds:
                return False
        return False

    def _take_out(self, at: int) -> None:
        self.count[self.names.pop(at)] -= 1

    def _pop(self, many: int) -> None:
        if many == 1:
            self.count[self.names.pop()] -= 1
            return
        for name in self.names[-many:]:
            self.count[name] -= 1
        del self.names[-many:]
