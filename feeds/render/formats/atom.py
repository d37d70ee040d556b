"""Feed → Atom (RFC 4287) by feedgen, which two extensions complete. The only importer of feedgen.

feedgen 1.0.0 builds the tree; the extensions write what it drops or does not support: links of entries with all their
attributes, `xml:lang`, `atom:source`, Media RSS (http://www.rssboard.org/media-rss) and the marks of RFC 5005.
Its elements carry no namespace until they are serialised, so ours are named `link`, not `{…Atom}link`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from ...model import Entry, Feed
from . import media

TYPE = "application/atom+xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HISTORY = "http://purl.org/syndication/history/1.0"


class _FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Elements of a feed that feedgen does not write."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """The namespaces that this document uses, declared on its root."""
        spaces = {}
        if self.feed.archive is not None:
            spaces["fh"] = _HISTORY
        if any(map(media.uses_media, self.feed.entries)):
            spaces["media"] = media.NAMESPACE
        return spaces

    def extend_atom(self, root: etree._Element) -> etree._Element:
        if self.feed.language:
            root.set(_XML_LANG, self.feed.language)
        if self.feed.archive is not None:
            etree.SubElement(root, f"{{{_HISTORY}}}archive")
        return root


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Elements of an entry that feedgen does not write."""

    entry: Entry
    feed: Feed

    def extend_atom(self, element: etree._Element) -> etree._Element:
        entry = self.entry
        if entry.record.language and entry.record.language != self.feed.language:
            element.set(_XML_LANG, entry.record.language)
        for lost in element.findall("link"):
            element.remove(lost)
        _entry_links(element, entry)
        media.append_all(element, entry)
        _source(element, entry)
        return element


def atom(feed: Feed, entries: Sequence[Entry] | None = None) -> bytes:
    """The feed as an Atom document, UTF-8; with `entries` only these of it. Raises ValueError for what XML forbids."""
    generator = FeedGenerator()
    generator.register_extension("copydesk", _FeedExtension, _EntryExtension, rss=False)
    generator.copydesk.feed = feed
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.author(name=feed.publisher)
    generator.link(href=f"{feed.self_url}.atom", rel="self", type=TYPE)
    generator.link(href=feed.page_url, rel="alternate", type="text/html")
    for hub in feed.hubs:
        generator.link(href=hub, rel="hub")
    for rel, page in (
        ("prev-archive", feed.prev_archive),
        ("next-archive", feed.next_archive),
        ("current", feed.current),
    ):
        if page:
            generator.link(href=f"{page}.atom", rel=rel, type=TYPE)
    for rel, href in feed.links:
        generator.link(href=href, rel=rel)
    generator.generator("copydesk")
    if feed.subtitle:
        generator.subtitle(feed.subtitle)
    if feed.rights:
        generator.rights(feed.rights)
    if feed.icon:
        generator.icon(feed.icon)
    if feed.logo:
        generator.logo(feed.logo)
    for entry in feed.entries if entries is None else entries:
        _add(generator, entry, feed)
    document: bytes = generator.atom_str()
    return document


def _add(generator: FeedGenerator, entry: Entry, feed: Feed) -> None:
    record = entry.record
    item: FeedEntry = generator.add_entry(order="append")
    item.copydesk.entry = entry
    item.copydesk.feed = feed
    item.id(entry.id)
    item.title(record.title)
    item.published(entry.published)
    item.updated(entry.updated)
    for author in record.authors:
        item.author(name=author)
    for name in record.contributors:
        item.contributor(name=name)
    if entry.rights:
        item.rights(entry.rights)
    # feedgen wants an alternate where there is no content; the extension writes the real links
    item.link(href=record.url, rel="alternate")
    if entry.content:
        item.content(entry.content, type="html")
    item.summary(entry.summary)
    for category in entry.categories:
        item.category(term=category.term, scheme=category.scheme, label=category.label)


def _entry_links(element: etree._Element, entry: Entry) -> None:
    record = entry.record
    alternate = {"rel": "alternate", "type": "text/html", "href": record.url}
    if record.language:
        alternate["hreflang"] = record.language
    etree.SubElement(element, "link", alternate)
    if record.license and "/" in record.license:
        etree.SubElement(element, "link", {"rel": "license", "href": record.license})  # RFC 4946
    feed_type = TYPE if (record.comments_feed or "").endswith(("/atom", "/atom/", ".atom")) else "application/rss+xml"
    for address, kind in ((record.comments, "text/html"), (record.comments_feed, feed_type)):
        if address:
            etree.SubElement(element, "link", {"rel": "replies", "type": kind, "href": address})  # RFC 4685 §4
    image = entry.image
    if image and image.type and image.length:
        etree.SubElement(
            element, "link", {"rel": "enclosure", "type": image.type, "length": str(image.length), "href": image.url}
        )
    for file in entry.files:
        link = etree.SubElement(element, "link", {"rel": "enclosure", "type": file.type or "", "href": file.url})
        if file.length:
            link.set("length", str(file.length))
    for copy in entry.copies:
        title = copy.title if copy.title == copy.publisher else f"{copy.publisher}: {copy.title}"
        etree.SubElement(element, "link", {"rel": "related", "type": "text/html", "title": title, "href": copy.url})


def _source(element: etree._Element, entry: Entry) -> None:
    """atom:source, last in the entry: there it confuses no reader that takes the first or last title it meets."""
    origin = entry.origin
    source = etree.SubElement(element, "source")
    etree.SubElement(source, "id").text = origin.id
    etree.SubElement(source, "title").text = origin.title
    etree.SubElement(source, "updated").text = rfc3339(origin.updated)
    author = etree.SubElement(source, "author")
    etree.SubElement(author, "name").text = origin.title
    etree.SubElement(source, "link", {"rel": "alternate", "type": "text/html", "href": origin.url})
    etree.SubElement(source, "link", {"rel": "self", "type": TYPE, "href": f"{origin.feed_url}.atom"})


def rfc3339(when: datetime) -> str:
    """A moment as RFC 3339 wants it: seconds and offset, no fractions."""
    return when.isoformat()
