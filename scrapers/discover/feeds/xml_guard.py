"""Checks of every XML document before it is parsed (RELIABILITY P5): size, entities, depth, charset.

The result is text without an XML declaration, safe to give to any XML parser as UTF-8.
"""

from __future__ import annotations

import re
import zlib
from html.entities import html5
from xml.parsers import expat

from lxml import etree

from ...errors import ReadFailed
from ...model import Page
from ...page.charset import decode

MAX_BYTES = 20_000_000
MAX_DEPTH = 200

_DECLARATION = re.compile(r"^\s{0,200}<\?xml\b[^<>]{0,400}\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_ENTITIES = {name[:-1]: text for name, text in html5.items() if name.endswith(";") and not set(text) & set("<>&\"'")}
_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,20})|(\d{1,20}));")
_BARE = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")


def text_of(page: Page) -> str:
    """The page as XML text that is safe to parse: no declarations of entities, no deeper than 200, no NUL and the like.

    HTML's named entities become the characters that they mean, since feeds use them undeclared. A gzip file (some
    sitemaps are) is opened. Raises ReadFailed where a limit is passed.
    """
    body = page.body
    if body.startswith(b"\x1f\x8b"):
        body = _opened(body, page.url)
    if len(body) > MAX_BYTES:
        raise ReadFailed(f"the document has {len(body)} bytes, the limit is {MAX_BYTES}", url=page.url)
    text = decode(body, page.charset).lstrip("\ufeff \t\r\n")
    text = _FORBIDDEN.sub("", _DECLARATION.sub("", text))
    if "<!ENTITY" in text and "<!ENTITY" in _without_cdata(text):
        raise ReadFailed("the document declares entities", url=page.url)
    text = _NUMBER.sub(_numbered, text)
    text = _ENTITY.sub(lambda found: _ENTITIES.get(found[1], found[0]), text)
    _check_depth(text, page.url)
    return text


def with_escaped_ampersands(text: str) -> str:
    """`text` with each bare `&` outside of CDATA escaped: "AT&T" is no entity of that name."""
    if _BARE.search(text) is None:
        return text
    kept, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end
        kept += [_BARE.sub("&amp;", text[at:start]), text[start:end]]
        at = end
    return "".join([*kept, _BARE.sub("&amp;", text[at:])])


def tree_of(page: Page) -> etree._Element:
    """The page's XML as a tree; small faults (a bare `&`, an unclosed tag) are mended. Raises ReadFailed."""
    text = _BARE.sub("&amp;", text_of(page))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadFailed(f"the document is no XML: {error}", url=page.url) from error
    if root is None:
        raise ReadFailed("the document is no XML", url=page.url)
    return root


def root_name(head: str) -> str:
    """The name of a document's first element, lower case and without prefix; empty when it does not begin with one."""
    at = 0
    while True:
        rest = head[at:].lstrip("\ufeff \t\r\n")
        at = len(head) - len(rest)
        if rest.startswith("<!--"):
            end = rest.find("-->")
        elif rest.startswith(("<?", "<!")):
            end = rest.find(">")
            if 0 <= rest.find("[") < end:  # declarations of its own between brackets
                end = rest.find("]>") + 1 or -1
        else:
            break
        if end < 0:
            return ""
        at += end + (3 if rest.startswith("<!--") else 1)
    found = re.match(r"<(?:[A-Za-z][\w.-]{0,40}:)?([A-Za-z][\w.-]{0,40})", rest)
    return found[1].lower() if found else ""


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, lower case; empty for instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _numbered(found: re.Match[str]) -> str:
    """A numeric reference as it is, or U+FFFD for what XML forbids (lxml makes broken UTF-8 of surrogates)."""
    number = int(found[1], 16) if found[1] else int(found[2])
    good = number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
    return found[0] if good else "\ufffd"


def _without_cdata(text: str) -> str:
    """The text without its CDATA sections, in which nothing is a declaration."""
    kept, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("]]>", start)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, text[at:]])


def _opened(body: bytes, url: str) -> bytes:
    opener = zlib.decompressobj(wbits=31)
    try:
        opened = opener.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise ReadFailed(f"the document is no whole gzip file: {error}", url=url) from error
    if not opener.eof and len(opened) <= MAX_BYTES:
        raise ReadFailed("the gzip file ends too early", url=url)
    return opened


def _check_depth(text: str, url: str) -> None:
    """Count the depth with expat up to the first error; a lenient parser builds no deeper tree afterwards."""
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ReadFailed(f"the document is nested deeper than {MAX_DEPTH}", url=url)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError:
        return  # not well formed: the forgiving readers have limits of their own
