"""Published Atom documents → their content, so that a lost store can be rebuilt from them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape

from lxml import etree
from lxml import html as markup

from scrapers import PLAYER, File, Image

from ..compose.image_links import unwrapped
from ..errors import PublishError
from ..messages import ENGLISH, LANGUAGES, translate

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "blockquote", "dt", "dd", "td", "th"})
# lines of ours at the end of a text, in the language of their entry, as `feeds/compose/content.py` writes them
_OTHERS = "Also at: {outlets}"
_READ_THERE = "The site asks for this article to be read there: {link}"
_NOTE = re.compile(r"\n<p><em>[^<>]{4,60}, \d{1,2}:\d\d \([\w/ +-]{1,40}\): [^<>]{1,1000}</em></p>\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a document of ours."""

    id: str
    url: str
    title: str
    html: str
    text: str
    summary: str
    published: datetime
    updated: datetime
    source: str  # the name of the source, from the address of its feed; empty where none is told
    source_title: str
    source_url: str
    others: tuple[str, ...] = ()  # addresses of the other outlets
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # the source's own, its section first
    language: str | None = None
    image: Image | None = None
    license: str | None = None
    contributors: tuple[str, ...] = ()
    comments: str | None = None
    comments_feed: str | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of ours: a subscription document, or an archive (`followed`: it names the one after it)."""

    feed_id: str
    title: str
    entries: tuple[Told, ...]
    archive: bool = False
    followed: bool = False


def read(data: bytes) -> Document:
    """The content of an Atom document of ours. Raises PublishError for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise PublishError(f"is no Atom document: {error}") from error
    if root.tag != f"{_ATOM}feed":
        raise PublishError("is no Atom document")
    rels = {link.get("rel") for link in root.findall(f"{_ATOM}link")}
    language = root.get(_LANG)
    return Document(
        feed_id=_text(root, "id"),
        title=_text(root, "title"),
        entries=tuple(_told(entry, language) for entry in root.findall(f"{_ATOM}entry")),
        archive="current" in rels,
        followed="next-archive" in rels,
    )


def _told(entry: etree._Element, language: str | None) -> Told:
    source = entry.find(f"{_ATOM}source")
    feed_url, source_url, source_title = "", "", ""
    if source is not None:
        source_title = _text(source, "title")
        where = {link.get("rel"): link.get("href", "") for link in source.findall(f"{_ATOM}link")}
        feed_url, source_url = where.get("self", ""), where.get("alternate", "")
    _, _, name = feed_url.removesuffix(".atom").rpartition("/s/")
    links = [(link.get("rel"), link.get("href", "")) for link in entry.findall(f"{_ATOM}link")]
    authors = tuple(author for one in entry.findall(f"{_ATOM}author") if (author := _text(one, "name")) != source_title)
    body = unwrapped(_without_own_lines(_text(entry, "content")))
    summary = _text(entry, "summary")
    text = lines(body) or summary
    return Told(
        id=_text(entry, "id"),
        url=next((href for rel, href in links if rel == "alternate"), ""),
        title=_text(entry, "title"),
        html=body or "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n")),
        text=text,
        summary=summary,
        published=_moment(entry, "published"),
        updated=_moment(entry, "updated"),
        source=name,
        source_title=source_title,
        source_url=source_url,
        others=tuple(href for rel, href in links if rel == "related"),
        authors=authors,
        tags=tuple(
            category.get("term", "")
            for category in entry.findall(f"{_ATOM}category")
            if "/s/" in (category.get("scheme") or "")
        ),
        language=entry.get(_LANG) or language,
        image=_image(entry),
        license=next((href for rel, href in links if rel == "license"), _text(entry, "rights") or None),
        contributors=tuple(_text(one, "name") for one in entry.findall(f"{_ATOM}contributor")),
        comments=_replies(entry, "text/html"),
        comments_feed=_replies(entry, "xml"),
        files=tuple(_files(entry)),
    )


def _replies(entry: etree._Element, kind: str) -> str | None:
    links = entry.findall(f"{_ATOM}link[@rel='replies']")
    return next((link.get("href") for link in links if link.get("type", "").endswith(kind)), None)


def _files(entry: etree._Element) -> Iterator[File]:
    for link in entry.findall(f"{_ATOM}link[@rel='enclosure']"):
        if link.get("type", "").startswith(("audio/", "video/")):
            yield File(link.get("href", ""), link.get("type"), _number(link.get("length")))
    for player in entry.findall(f"{_MEDIA}content/{_MEDIA}player"):
        width, height = _number(player.get("width")), _number(player.get("height"))
        if width and height:
            yield File(player.get("url", ""), PLAYER, None, width, height)


def lines(body: str) -> str:
    """The text of a body, a paragraph a line; captions are no text."""
    if not body.strip():
        return ""
    found = []
    for element in _blocks(markup.fragment_fromstring(body, create_parent="div")):
        line = " ".join(element.text_content().split())
        if line:
            found.append(line)
    return "\n".join(found)


def _blocks(root: markup.HtmlElement) -> Iterator[markup.HtmlElement]:
    """The innermost elements that hold a paragraph each."""
    for element in root.iter(*_BLOCKS):
        if not any(inner is not element for inner in element.iter(*_BLOCKS)) and not any(
            above.tag == "figure" for above in element.iterancestors()
        ):
            yield element


def _without_own_lines(body: str) -> str:
    """The body without the lines that we add at its end: other outlets, what changed, that the site wants readers."""
    for begin in _own_lines():
        head, found, tail = body.rpartition(begin)
        if found and tail.endswith("</p>") and "<p>" not in tail:
            body = head
    return _NOTE.sub("", body)


@cache
def _own_lines() -> tuple[str, ...]:
    """The beginnings of our lines with links, in every language."""
    found = []
    for message, markup_before in ((_OTHERS, ""), (_READ_THERE, "<em>")):
        for tongue in (ENGLISH, *LANGUAGES):
            found.append(f"\n<p>{markup_before}{translate(message, tongue).partition('{')[0]}<a ")
    return tuple(found)


def _image(entry: etree._Element) -> Image | None:
    content = entry.find(f"{_MEDIA}content")
    if content is None or not content.get("url"):
        return None
    caption = content.findtext(f"{_MEDIA}description")
    return Image(
        url=unwrapped(content.get("url", "")),
        caption=caption,
        alt=caption,
        credit=content.findtext(f"{_MEDIA}credit"),
        width=_number(content.get("width")),
        height=_number(content.get("height")),
        type=content.get("type"),
        length=_number(content.get("fileSize")),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{_ATOM}{name}") or "").strip()


def _moment(element: etree._Element, name: str) -> datetime:
    text = _text(element, name)
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise PublishError(f"has no date that can be read: {name} {text!r}") from error
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
