"""Media RSS (https://www.rssboard.org/media-rss) of an entry's picture, the same in Atom and RSS. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lxml import etree

from scrapers import Image

from ...model import Entry, Media

NAMESPACE = "http://search.yahoo.com/mrss/"


def uses_media(entry: Entry, *, enclosures: int | None = None) -> bool:
    """Whether an entry has anything for Media RSS, in a format that has so many enclosures an entry."""
    return entry.image is not None or bool(_listed(entry, enclosures))


def _listed(entry: Entry, enclosures: int | None) -> Sequence[Media]:
    """What stands in Media RSS: not a file that is an enclosure and not in the content.

    Liferea, which passes over what the content shows, would list such a file twice.
    """
    enclosed = entry.files[:enclosures]
    return [one for one in entry.media if one not in enclosed or escape(one.url) in entry.content]


def append_all(element: etree._Element, entry: Entry) -> None:
    """Add the lead picture, and what else the content shows, to an entry or item; in Atom its summary follows them.

    feedparser takes the last description that it meets for that of the entry, and rss2email, which prefers plain text,
     would send the caption of a picture in place of the summary. In RSS the description stands before the content, so
    there a caption is the title of its picture.
    """
    caption = "description" if element.tag != "item" else "title"
    if entry.image:
        append_to(element, entry.image, caption)
    for one in _listed(entry, 1 if element.tag == "item" else None):
        content = _content(element, one, one.medium, address=not one.player)
        if one.player:
            size = {"width": str(one.width), "height": str(one.height)} if one.width and one.height else {}
            etree.SubElement(content, f"{{{NAMESPACE}}}player", {"url": one.url, **size})
        if one.caption:
            etree.SubElement(content, f"{{{NAMESPACE}}}{caption}", {"type": "plain"}).text = one.caption
        if one.credit:
            etree.SubElement(content, f"{{{NAMESPACE}}}credit").text = one.credit
        if one.poster:
            etree.SubElement(content, f"{{{NAMESPACE}}}thumbnail", {"url": one.poster})

    for summary in element.findall("summary"):  # of Atom
        element.append(summary)


def _content(element: etree._Element, file: Image | Media, medium: str, *, address: bool = True) -> etree._Element:
    """Add a media:content with what is known of the file; without `address` for a player's page."""
    attributes = {"url": file.url} if address else {}
    attributes["medium"] = medium
    if file.type:
        attributes["type"] = file.type
    if file.length:
        attributes["fileSize"] = str(file.length)
    if file.width and file.height:
        attributes |= {"width": str(file.width), "height": str(file.height)}
    return etree.SubElement(element, f"{{{NAMESPACE}}}content", attributes, nsmap={"media": NAMESPACE})


def append_to(element: etree._Element, image: Image, caption: str = "description") -> None:
    """Add the picture to an entry or item. Directly: a `media:group` with one child is an error to validators."""
    content = _content(element, image, "image")
    if image.caption or image.alt:
        told = etree.SubElement(content, f"{{{NAMESPACE}}}{caption}", {"type": "plain"})
        told.text = image.caption or image.alt
    if image.credit:
        etree.SubElement(content, f"{{{NAMESPACE}}}credit").text = image.credit
    etree.SubElement(element, f"{{{NAMESPACE}}}thumbnail", {"url": image.url})
