"""What validators and readers ask of a document, as lists of broken rules: RFC 4287, the W3C feed validator, our own.

The validator's own names stand in brackets, so that its documentation can be found.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser

import jsonschema
from lxml import etree

from tests.support.paths import SCHEMAS
from tests.support.validator_rules import warnings

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d [+-]\d{4}"
)
ABSOLUTE = re.compile(r"https?://[!-~]+")
DANGEROUS = frozenset(
    {"script", "style", "iframe", "form", "object", "embed", "svg", "math", "input", "button", "link", "meta"}
)


@cache
def _relax_ng() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "rfc4287.rng"))


@cache
def _json_schema() -> dict[str, object]:
    schema: dict[str, object] = json.loads((SCHEMAS / "jsonfeed-1.1.json").read_text())
    return schema


def broken(data: bytes, form: str) -> list[str]:
    """The rules that a document breaks; empty for a good one."""
    return list({"atom": _atom, "rss": _rss, "json": _json, "opml": _opml, "html": _page}[form](data))


def _atom(data: bytes) -> Iterator[str]:
    root = etree.fromstring(data)
    yield from warnings(root)
    if not _relax_ng().validate(root):
        yield f"RFC 4287: {_relax_ng().error_log.last_error}"
    yield from _namespaces(root)
    if root.prefix is not None or b"<feed" not in data:
        yield "Atom has a prefix [AvoidNamespacePrefix]"
    feed_links = root.findall(f"{ATOM}link")
    selves = [link for link in feed_links if link.get("rel") == "self"]
    if len(selves) != 1 or selves[0].get("type") != "application/atom+xml":
        yield "no single self link [MissingSelf]"
    entries = root.findall(f"{ATOM}entry")
    yield from _unique("id", [entry.findtext(f"{ATOM}id") for entry in entries])
    yield from _unique("updated", [entry.findtext(f"{ATOM}updated") for entry in entries])
    for date in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
        if not MOMENT.fullmatch(date.text or ""):
            yield f"a date is {date.text}"
    for link in root.iter(f"{ATOM}link"):
        yield from _address(link.get("href"), "link")
        if link.get("rel") is None:
            yield "a link without rel"
    newest = max((entry.findtext(f"{ATOM}updated") or "" for entry in entries), default=None)
    if newest is not None and root.findtext(f"{ATOM}updated") != newest:
        yield "the feed's updated is not that of its last change"
    for entry in entries:
        yield from _atom_entry(entry)


def _atom_entry(entry: etree._Element) -> Iterator[str]:
    name = entry.findtext(f"{ATOM}id") or ""
    if not re.match(r"(urn|tag):", name):
        yield f"an id is {name!r} [InvalidFullLink]"
    if not all((author.findtext(f"{ATOM}name") or "").strip() for author in entry.findall(f"{ATOM}author")):
        yield f"{name}: an author has no name"
    if not entry.findall(f"{ATOM}author"):
        yield f"{name}: no author [MissingElement]"
    if not (entry.findtext(f"{ATOM}title") or "").strip():
        yield f"{name}: no title [NotBlank]"
    if entry.find(f"{ATOM}title").get("type") is not None:  # type: ignore[union-attr]
        yield f"{name}: the title has a type"
    links = entry.findall(f"{ATOM}link")
    alternates = [link for link in links if link.get("rel") == "alternate"]
    if len(alternates) != 1 or alternates[0].get("type") != "text/html":
        yield f"{name}: {len(alternates)} alternates [DuplicateAtomLink]"
    yield from _unique("link", [(link.get("rel"), link.get("type"), link.get("href")) for link in links])
    for link in links:
        if link.get("rel") == "enclosure" and not (link.get("type") and (link.get("length") or "0").isdigit()):
            yield f"{name}: an enclosure without type or length"
    for child in entry:
        if isinstance(child.tag, str) and child.tag in (f"{ATOM}content", f"{ATOM}summary") and not child.text:
            yield f"{name}: an empty {child.tag}"
    if entry[-1].tag != f"{ATOM}source":
        yield f"{name}: source is not last"
    for missing in ("id", "title", "updated", "link"):
        if entry[-1].find(f"{ATOM}{missing}") is None:
            yield f"{name}: source without {missing}"
    yield from _media(entry)
    yield from _markup(entry.findtext(f"{ATOM}content") or "")


def _rss(data: bytes) -> Iterator[str]:
    root = etree.fromstring(data)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        yield "no RSS 2.0"
        return
    yield from warnings(root)
    yield from _namespaces(root)
    for tag in ("title", "link", "description"):
        if len(channel.findall(tag)) != 1:
            yield f"channel: {tag}"
    if [link.get("rel") for link in channel.findall(f"{ATOM}link")].count("self") != 1:
        yield "no single self link [MissingAtomSelfLink]"
    image = channel.find("image")
    if image is not None and (
        image.findtext("title") != channel.findtext("title") or image.findtext("link") != channel.findtext("link")
    ):
        yield "the image has another title or link [ImageTitleDoesntMatch]"
    items = channel.findall("item")
    yield from _unique("guid", [item.findtext("guid") for item in items])
    for date in (*root.iter("pubDate"), *root.iter("lastBuildDate")):
        if not RFC822.fullmatch(date.text or ""):
            yield f"a date is {date.text} [InvalidRFC2822Date]"
    if re.search(rb"<title>[^<]*&(amp|lt);", data):
        yield "a title that may be read as markup [CharacterData]"
    for item in items:
        name = item.findtext("guid")
        tags = [child.tag for child in item]
        for tag in ("title", "link", "description", "guid", "pubDate", "source"):
            if tags.count(tag) != 1:
                yield f"{name}: {tags.count(tag)} × {tag}"
        if not item.findall(f"{DC}creator") or item.find("author") is not None:
            yield f"{name}: authors"
        if f"{CONTENT}encoded" in tags and tags.index(f"{CONTENT}encoded") < tags.index("description"):
            yield f"{name}: description comes after content [NeedDescriptionBeforeContent]"
        if item.find("guid").get("isPermaLink") != "false":  # type: ignore[union-attr]
            yield f"{name}: guid is a permalink"
        enclosures = item.findall("enclosure")
        if len(enclosures) > 1 or any(not (e.get("length") or "").isdigit() or not e.get("type") for e in enclosures):
            yield f"{name}: enclosures"
        yield from _address(item.findtext("link"), "link")
        yield from _media(item)
        yield from _markup(item.findtext(f"{CONTENT}encoded") or "")


def _json(data: bytes) -> Iterator[str]:
    document = json.loads(data)
    for error in jsonschema.Draft202012Validator(_json_schema()).iter_errors(document):
        yield f"{list(error.absolute_path)}: {error.message[:200]}"
    yield from _unique("id", [item["id"] for item in document["items"]])
    for item in document["items"]:
        if item["author"] != item["authors"][0]:
            yield "author is not the first of authors"
        yield from _markup(item.get("content_html", ""))


def _opml(data: bytes) -> Iterator[str]:
    root = etree.fromstring(data)
    yield from warnings(root)
    if root.tag != "opml" or root.get("version") != "2.0" or not (root.findtext("head/title") or "").strip():
        yield "no OPML 2.0 with a title"
    feeds = [outline for outline in root.iter("outline") if outline.get("type") == "rss"]
    if {child.tag for child in root.find("head")} - {"title", "ownerName", "ownerEmail", "dateModified"}:
        yield "an element of the head that nobody knows [UndefinedElement]"
    if root.find("body/outline") is None:
        yield "a body without an outline [MissingElement]"
    yield from _unique("xmlUrl", [feed.get("xmlUrl") for feed in feeds])
    for outline in root.iter("outline"):
        if not all(value.strip() for value in outline.attrib.values()):
            yield f"an empty attribute: {dict(outline.attrib)}"
        if outline.get("type") not in ("rss", "folder"):
            yield f"an outline without type [MissingOutlineType]: {dict(outline.attrib)}"
        if outline.get("type") == "folder" and outline.get("xmlUrl"):
            yield "a folder with an address"
        if not (outline.get("text") or "").strip() or outline.get("title") != outline.get("text"):
            yield f"an outline without text or title: {dict(outline.attrib)}"
    for feed in feeds:
        yield from _address(feed.get("xmlUrl"), "xmlUrl")
        yield from _address(feed.get("htmlUrl"), "htmlUrl")


def _page(data: bytes) -> Iterator[str]:
    reader = _Page()
    reader.feed(data.decode())
    reader.close()
    yield from reader.broken
    yield from _unique("id", reader.ids)
    if not data.startswith(b"<!doctype html>") or not reader.language or reader.titles != 1:
        yield "no HTML with a language and one title"


def _namespaces(root: etree._Element) -> Iterator[str]:
    used = {etree.QName(node).namespace for node in root.iter() if isinstance(node.tag, str)}
    for prefix, uri in root.nsmap.items():
        if uri not in used:
            yield f"{prefix} is declared and not used"
    for node in root.iter():
        if node is not root and node.nsmap != root.nsmap:
            yield f"{node.tag} declares a namespace of its own"


def _media(element: etree._Element) -> Iterator[str]:
    if element.find(f"{MEDIA}group") is not None:
        yield "a media:group with one child"
    for media in (*element.findall(f"{MEDIA}content"), *element.findall(f"{MEDIA}thumbnail")):
        player = media.find(f"{MEDIA}player")  # a content without address has one
        yield from _address((player if player is not None else media).get("url"), media.tag)


def _address(address: str | None, what: str) -> Iterator[str]:
    if address is None or not ABSOLUTE.fullmatch(address):
        yield f"{what}: {address!r} is no absolute address [RelativeSelf, InvalidURLAttribute]"


def _unique(what: str, values: Iterable[object]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{count} × {what} {value} [Duplicate…]"


def _markup(html: str) -> Iterator[str]:
    reader = _Markup()
    reader.feed(html)
    reader.close()
    yield from reader.broken


class _Markup(HTMLParser):
    """Rules for the HTML of an entry (FEEDS 47 to 50)."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DANGEROUS:
            self.broken.append(f"<{tag}> in the content")
        known = dict(attrs)
        for name, value in attrs:
            if name.startswith(("on", "data-")) or name in ("style", "class", "id"):
                self.broken.append(f"{name} in the content")
            if name in ("href", "src", "poster", "cite") and not re.match(r"(https?://|mailto:)", value or ""):
                self.broken.append(f"{name}={value!r} in the content")
            if name in ("srcset", "imagesrcset") and not _candidates(value or ""):
                self.broken.append(f"{name}={value!r} in the content")
            if name not in ("alt", "title") and "javascript:" in re.sub(r"\s", "", value or "").lower():
                self.broken.append(f"{name}={value!r} in the content")
        if tag == "img" and {known.get("width"), known.get("height")} & {"0", "1"}:
            self.broken.append("a beacon in the content")
        if tag == "img" and "alt" not in known:
            self.broken.append("a picture without alt")


def _candidates(srcset: str) -> bool:
    """Whether every candidate of a srcset is an absolute address (commas may stand in addresses, not before spaces)."""
    found = [candidate.split()[0] for candidate in re.split(r",\s+", srcset.strip()) if candidate.strip()]
    return bool(found) and all(ABSOLUTE.fullmatch(address) for address in found)


class _Page(HTMLParser):
    """Rules for a page for people: nothing runs, nothing counts, feeds are named by absolute addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[str] = []
        self.ids: list[str] = []
        self.language: str | None = None
        self.titles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        ours = tag == "script" and (known.get("src") or "").endswith("/page.js")  # the one script, which nothing needs
        if tag in DANGEROUS - {"link", "meta", "form", "input", "button"} and not ours:
            self.broken.append(f"<{tag}> in the page")
        if tag == "html":
            self.language = known.get("lang")
        self.titles += tag == "title"
        if known.get("id"):
            self.ids.append(known["id"] or "")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.broken.append(f"{name} in the page")
            if name in ("href", "src", "poster", "cite") and not re.match(r"((feed:)?https?://|/(?!/)|#)", value or ""):
                self.broken.append(f"{name}={value!r} in the page")
        if tag == "link" and known.get("rel") == "alternate":
            self.broken += _address(known.get("href"), "autodiscovery")
            if not known.get("type") or not known.get("title"):
                self.broken.append("autodiscovery without type or title")
        if tag == "img" and {known.get("width"), known.get("height")} & {"0", "1"}:
            self.broken.append("a beacon in the page")
        if tag == "img" and "alt" not in known:
            self.broken.append("a picture without alt")
