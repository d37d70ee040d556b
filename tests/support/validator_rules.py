"""What the W3C feed validator warns of, beside what `feed_rules` already asks: told anew from reading its rules.

Each message has the validator's own name in brackets, so that its documentation can be found. Left out on purpose: it
knows no `controls` of `<video>` and `<audio>` (w3c/feedvalidator#87), without which a film in an entry could not be
played; it asks for a neighbour of the one archive there is; it takes "1&1" in a label for markup; and it holds dates
against the present, which tests turn.
"""

from __future__ import annotations

import html.entities
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from lxml import etree

PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://search.yahoo.com/mrss/": "media",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/CommentAPI/": "wfw",
}


def _names(*groups: str) -> frozenset[str]:
    """ "dc: title creator" names dc:title and dc:creator, "title link" the document's own."""
    named: set[str] = set()
    for group in groups:
        prefix, colon, rest = group.partition(": ")
        named.update(f"{prefix}:{name}" for name in rest.split()) if colon else named.update(group.split())
    return frozenset(named)


_ANYWHERE = _names(
    "dc: title creator subject description publisher contributor type format identifier source language rights date",
    "dcterms: created issued modified license rightsHolder",
    "media: category copyright credit description keywords player rating text title thumbnail",
)
_FEED = _ANYWHERE | _names("fh: archive complete")
_ENTRY = _ANYWHERE | _names(
    "media: content group", "thr: total in-reply-to", "slash: comments", "wfw: comment commentRss"
)
KNOWN = {
    "feed": _FEED
    | _names("author category contributor generator icon id link logo title subtitle rights updated entry"),
    "entry": _ENTRY
    | _names("author category content contributor id link published source rights summary title updated"),
    "channel": _FEED
    | _names(
        "title link description image item category cloud ttl docs generator pubDate language copyright lastBuildDate",
        "atom: author category contributor generator icon id link logo subtitle rights updated",
    ),
    "item": _ENTRY
    | _names(
        "title link description comments enclosure pubDate category guid source content:encoded",
        "atom: author contributor link updated",
    ),
}
ATTRIBUTES = {
    "link": "type title rel href length hreflang",
    "category": "term scheme label domain",
    "enclosure": "url length type",
    "guid": "isPermaLink",
    "source": "url",
    "generator": "uri version",
    "media:content": "url type medium width height duration fileSize isDefault lang bitrate expression",
    "media:thumbnail": "url width height time",
    "media:player": "url width height",
    "media:title": "type",
    "media:description": "type",
    "media:credit": "role scheme",
    "media:copyright": "url",
    "outline": "category created description htmlUrl language text title type url version xmlUrl",
}
TWICE = (  # what tells the same in the core and in an extension
    ("lastBuildDate", "dcterms:modified"),
    ("language", "dc:language"),
    ("copyright", "dc:rights"),
    ("pubDate", "dc:date"),
    ("category", "dc:subject"),
    ("author", "dc:creator"),
    ("source", "dc:source"),
)
RELATIONS = frozenset(
    """alternate current describedby edit enclosure first hub last license next next-archive payment prev-archive
    previous related replies search self service up via""".split()  # noqa: SIM905  (words)
)
HISTORY = frozenset(("current", "first", "last", "next", "next-archive", "prev-archive", "previous"))
ELEMENTS = frozenset(
    """a abbr acronym address area article aside audio b bdi bdo big blockquote br caption center cite code col
    colgroup data dd del details dfn dir div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li m mark
    menu ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td
    tfoot th thead time tr track tt u ul var video wbr""".split()  # noqa: SIM905
)
HTML_ATTRIBUTES = frozenset(
    """abbr align alt cite colspan datetime decoding dir download headers height hidden href hreflang id kind label lang
    loading media name open poster preload rel reversed rows rowspan scope sizes span src srclang srcset start summary
    target title type value width controls""".split()  # noqa: SIM905
)
_URI = re.compile(r"(?:[A-Za-z][0-9A-Za-z+.-]*:)(?://)?(?:\[[0-9A-Fa-f:]+\])?[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,#]+")
_MIME = re.compile(r"[^\s()<>,;:\\\"/\[\]?=]+/[^\s()<>,;:\\\"/\[\]?=]+(?:\s*;\s*[\w-]+=[\w.\"-]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-|$)")
_PLAIN = frozenset(("title", "subtitle", "name", "rights", "copyright", "source", "media:title", "media:description"))
_THREADS = "http://purl.org/syndication/thread/1.0"


def warnings(root: etree._Element) -> Iterator[str]:
    """What the validator would say of a document; nothing for a clean one."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = _name(node)
        known = KNOWN.get(name)
        if known is not None and name != "source":
            yield from _children(node, name, known)
        expected = ATTRIBUTES.get(name)
        own = [str(key) for key in node.attrib if not str(key).startswith("{")]
        if expected is not None and set(own) - set(expected.split()):
            yield f"{name} with {own} [UnexpectedAttribute]"
        yield from _values(node, name)
        if name in ("link", "atom:link"):
            yield from _link(node, name)
        elif name in _PLAIN or name.removeprefix("atom:") in _PLAIN:
            if node.get("type", "text") in ("text", "plain"):
                yield from _no_markup(node.text or "", name, _written_by_numbers(node))
        elif name in ("description", "content:encoded") or node.get("type") == "html":
            yield from _markup(node.text or "", name)


def _name(node: etree._Element) -> str:
    """An element's name with the usual prefix of its namespace; Atom's own in an Atom document without one."""
    parts = etree.QName(node)
    if parts.namespace is None:
        return str(parts.localname)
    prefix = PREFIXES.get(parts.namespace, parts.namespace)
    atom = etree.QName(node.getroottree().getroot()).localname == "feed"
    return str(parts.localname) if prefix == "atom" and atom else f"{prefix}:{parts.localname}"


def _children(node: etree._Element, name: str, known: frozenset[str]) -> Iterator[str]:
    names = [_name(child) for child in node if isinstance(child.tag, str)]
    for odd in set(names) - known:
        yield f"{name} holds {odd} [UndefinedElement]"
    for core, extension in TWICE:
        if core in names and extension in names:
            yield f"{name} holds {core} and {extension} [DuplicateSemantics]"
    for once, count in Counter(names).items():
        if count > 1 and once in ("title", "id", "updated", "published", "summary", "content", "rights", "pubDate"):
            yield f"{name} holds {once} {count} times [DuplicateElement]"
    stories = [place for place, child in enumerate(names) if child in ("entry", "item")]
    if stories and stories[-1] - stories[0] + 1 != len(stories):
        yield f"{name}: something stands between entries [MisplacedMetadata, MisplacedItem]"
    if stories and stories[-1] != len(names) - 1:
        yield f"{name}: something follows the entries [MisplacedMetadata, MisplacedItem]"
    relations = [child.get("rel", "alternate") for child in node if _name(child) == "link"]
    if name == "feed" and "fh:archive" in names and "current" not in relations:
        yield "an archive without the current document [MissingCurrentInArchive]"
    if name == "entry" and HISTORY & set(relations):
        yield f"an entry with {relations} [FeedHistoryRelInEntry]"


def _values(node: etree._Element, name: str) -> Iterator[str]:
    text = (node.text or "").strip()
    for value in (text, *map(str, node.attrib.values())):
        if re.search("[\x80-\x9f\ufffd]", value):
            yield f"{name}: {value[:80]!r} [BadCharacters]"
    if name in ("pubDate", "lastBuildDate", "dateModified") and parsedate_to_datetime(text).strftime("%a") != text[:3]:
        yield f"{name}: {text} [IncorrectDOW]"
    if name == "language" and not _LANGUAGE.match(text):
        yield f"{name}: {text} [InvalidLanguage]"
    for size in ("width", "height", "fileSize"):
        if (
            name.startswith("media:")
            and node.get(size) is not None
            and not re.fullmatch(r"[1-9]\d*", node.get(size, ""))
        ):
            yield f"{name} {size}={node.get(size)} [InvalidPositiveInteger]"
    if (
        name in ("media:content", "enclosure", "link")
        and node.get("type")
        and not _MIME.fullmatch(node.get("type", ""))
    ):
        yield f"{name} type={node.get('type')} [InvalidMIMEAttribute]"
    for address in ("url", "href", "uri", "scheme", "xmlUrl", "htmlUrl"):
        value = node.get(address)
        if value is not None and not _URI.fullmatch(value):
            yield f"{name} {address}={value} [InvalidUriChar, InvalidFullLink]"
    if name in ("id", "guid", "comments") and not _URI.fullmatch(text):
        yield f"{name}: {text} [InvalidFullLink]"
    if name == "category" and node.get("label") is not None:
        yield from _no_markup(node.get("label", ""), "label", _written_by_numbers(node))
    if name in ("media:title", "media:description") and node.get("type", "plain") not in ("plain", "html"):
        yield f"{name} type={node.get('type')} [InvalidMediaTextType]"
    if name == "media:group" and len(node) < 2:
        yield "a group of one [MediaGroupWithoutAlternatives]"


def _link(node: etree._Element, name: str) -> Iterator[str]:
    relation = node.get("rel", "alternate")
    if node.get("href") is None:
        if name == "link" and node.text:  # RSS's own
            return
        yield "a link without address [MissingHref]"
    if relation not in RELATIONS and not _URI.fullmatch(relation):
        yield f"rel={relation} [UnregisteredAtomLinkRel]"
    if node.get("title") is not None:
        yield from _no_markup(node.get("title", ""), "the title of a link", _written_by_numbers(node))
        if not node.get("title", "").strip():
            yield "an empty title of a link [AttrNotBlank]"
    if node.get("hreflang") is not None and not _LANGUAGE.match(node.get("hreflang", "")):
        yield f"hreflang={node.get('hreflang')} [InvalidLanguage]"
    counts = [str(key) for key in node.attrib if str(key).startswith(f"{{{_THREADS}}}")]
    if counts and (relation != "replies" or any(etree.QName(key).localname == "when" for key in counts)):
        yield f"{relation} with {counts} [UnexpectedAttribute, NoThrWhen]"


def _written_by_numbers(node: etree._Element) -> bool:
    """Whether the element's own source can't hold a character reference by name: the validator looks at its line for
    "&#x", which the writer of RSS titles uses for "&" and "<"."""
    return _name(node) == "title" and etree.QName(node.getroottree().getroot()).localname == "rss"


def _no_markup(text: str, name: str, by_numbers: bool) -> Iterator[str]:
    tags = [tag for tag in re.findall(r"</(\w+)>", text) if tag.lower() in ELEMENTS]
    named = [one for one in re.findall(r"&(\w+);", text) if one in html.entities.name2codepoint or one == "apos"]
    numbers = re.findall(r"&#\w+;", text)
    if tags or ((named or numbers) and not by_numbers):
        yield f"{name}: {text[:80]!r} [ContainsHTML, ContainsUndeclaredHTML]"


def _markup(text: str, name: str) -> Iterator[str]:
    reader = _Tags()
    reader.feed(text)
    reader.close()
    for element in sorted(reader.elements - ELEMENTS):
        yield f"{name}: <{element}> [SecurityRisk, NotHtml]"
    for attribute in sorted(reader.attributes - HTML_ATTRIBUTES):
        yield f"{name}: {attribute} [SecurityRiskAttr]"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
