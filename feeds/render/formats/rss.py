"""Feed → RSS 2.0 (https://www.rssboard.org/rss-specification), by lxml alone.

Not by feedgen: its date writer calls `locale.setlocale` for the whole process, which changed the locale of other
threads for good when tried; it writes "now" as lastBuildDate, drops authors without e-mail address and knows only
one `atom:link`. The dates here are written by `email.utils`, whose names of days and months are always English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from lxml import etree

from ...model import Entry, Feed
from . import media

TYPE = "application/rss+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_WFW = "http://wellformedweb.org/CommentAPI/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_TITLE = re.compile(rb"<(?:title|category[^<>]*)>([^<]*)</(?:title|category)>")


def rss(feed: Feed, entries: Sequence[Entry] | None = None) -> bytes:
    """The feed as an RSS document, UTF-8; with `entries` only these of it. Raises ValueError for what XML forbids."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=_namespaces(feed))
    channel = etree.SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.page_url)
    _text(channel, "description", escape(feed.subtitle or feed.title, quote=False))
    _links(channel, feed)
    if feed.archive is not None:
        etree.SubElement(channel, f"{{{_HISTORY}}}archive")
    if feed.language:
        _text(channel, "language", feed.language)
    if feed.rights:
        _text(channel, "copyright", feed.rights)
    _text(channel, "lastBuildDate", format_datetime(feed.updated))
    _text(channel, "generator", "copydesk")
    if feed.ttl:
        _text(channel, "ttl", str(feed.ttl))
    if feed.icon:
        image = etree.SubElement(channel, "image")
        _text(image, "url", feed.icon)
        _text(image, "title", feed.title)  # both as the channel's, or validators warn
        _text(image, "link", feed.page_url)
    for entry in feed.entries if entries is None else entries:
        _item(channel, entry)
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    # RSS never said whether titles are text or HTML; these references read the same either way (FEEDS 39)
    return _TITLE.sub(lambda m: m[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;"), data)


def _namespaces(feed: Feed) -> dict[str, str]:
    """Only those that the document uses."""
    spaces = {"atom": _ATOM}
    if any(entry.content for entry in feed.entries):
        spaces["content"] = _CONTENT
    if feed.entries:
        spaces["dc"] = _DC
    if any(entry.updated > entry.published for entry in feed.entries):
        spaces["dcterms"] = _TERMS
    if any(entry.record.comments_feed for entry in feed.entries):
        spaces["wfw"] = _WFW
    if feed.archive is not None:
        spaces["fh"] = _HISTORY
    if any(media.uses_media(entry, enclosures=1) for entry in feed.entries):
        spaces["media"] = media.NAMESPACE
    return spaces


def _links(channel: etree._Element, feed: Feed) -> None:
    links = [("self", f"{feed.self_url}.rss", TYPE)]
    links += [("hub", hub, "") for hub in feed.hubs]
    # the archive is kept in Atom; the ids are the same
    archives = (("prev-archive", feed.prev_archive), ("next-archive", feed.next_archive), ("current", feed.current))
    links += [(rel, f"{page}.atom", "application/atom+xml") for rel, page in archives if page]
    for rel, href, media_type in links:
        link = etree.SubElement(channel, f"{{{_ATOM}}}link", {"rel": rel})
        if media_type:
            link.set("type", media_type)
        link.set("href", href)


def _item(channel: etree._Element, entry: Entry) -> None:
    record = entry.record
    item = etree.SubElement(channel, "item")
    _text(item, "title", record.title)
    _text(item, "link", record.url)
    # readers take it for HTML: the summary is text, so it is escaped once more
    _text(item, "description", escape(entry.summary, quote=False))
    if entry.content:
        _text(item, f"{{{_CONTENT}}}encoded", entry.content)
    for author in record.authors:
        _text(item, f"{{{_DC}}}creator", author)
    for name in record.contributors:
        _text(item, f"{{{_DC}}}contributor", name)
    if entry.rights:
        _text(item, f"{{{_DC}}}rights", entry.rights)
    if record.comments:
        _text(item, "comments", record.comments)
    if record.comments_feed:
        _text(item, f"{{{_WFW}}}commentRss", record.comments_feed)
    guid = etree.SubElement(item, "guid", {"isPermaLink": "false"})
    guid.text = entry.id
    for category in entry.categories:
        element = etree.SubElement(item, "category")
        element.text = category.label or category.term
        if category.scheme:
            element.set("domain", category.scheme)
    _text(item, "pubDate", format_datetime(entry.published))
    if entry.updated > entry.published:
        _text(item, f"{{{_ATOM}}}updated", entry.updated.isoformat())
        _text(item, f"{{{_TERMS}}}modified", entry.updated.isoformat())
    media.append_all(item, entry)  # before the source, after which feedparser mixes up titles
    source = etree.SubElement(item, "source", {"url": f"{entry.origin.feed_url}.rss"})
    source.text = entry.origin.title
    image = entry.image
    if entry.files:  # RSS knows one enclosure; its length may not be left out, and 0 says that nobody told it
        file = entry.files[0]
        etree.SubElement(item, "enclosure", {"url": file.url, "length": str(file.length or 0), "type": file.type or ""})
    elif image and image.type and image.length:
        etree.SubElement(item, "enclosure", {"url": image.url, "length": str(image.length), "type": image.type})


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
