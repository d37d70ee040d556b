"""Media RSS (https://www.rssboard.org/media-rss) of an entry's picture, the same in Atom and RSS. Pure."""

from __future__ import annotations

from lxml import etree

from scrapers import Image

NAMESPACE = "http://search.yahoo.com/mrss/"


def append_to(element: etree._Element, image: Image) -> None:
    """Add the picture to an entry or item. Directly: a `media:group` with one child is an error to validators."""
    attributes = {"url": image.url, "medium": "image"}
    if image.type:
        attributes["type"] = image.type
    if image.length:
        attributes["fileSize"] = str(image.length)
    if image.width and image.height:
        attributes |= {"width": str(image.width), "height": str(image.height)}
    content = etree.SubElement(element, f"{{{NAMESPACE}}}content", attributes, nsmap={"media": NAMESPACE})
    if image.caption or image.alt:
        description = etree.SubElement(content, f"{{{NAMESPACE}}}description", {"type": "plain"})
        description.text = image.caption or image.alt
    if image.credit:
        etree.SubElement(content, f"{{{NAMESPACE}}}credit").text = image.credit
    etree.SubElement(element, f"{{{NAMESPACE}}}thumbnail", {"url": image.url})
