"""Lists of feeds → OPML 2.0 (http://opml.org/spec2.opml). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from .xml_text import language, one_line

TYPE = "text/x-opml"


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list. `page_url` is its page for people; the Atom document lies beside it."""

    title: str
    page_url: str
    description: str | None = None
    language: str | None = None


def opml(title: str, groups: Sequence[tuple[str, Sequence[Outline]]]) -> bytes:
    """A list that readers import: a folder a group. Atom alone is listed, for each format would subscribe once more.

    A folder has a type, for the feed validator asks for one where there is a title, and newsboat takes the title alone.
    """
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    etree.SubElement(head, "ownerName").text = one_line(title)
    body = etree.SubElement(root, "body")
    for name, outlines in [group for group in groups if group[1]] or groups[:1]:  # a body has an outline at least
        label = one_line(name)
        folder = etree.SubElement(body, "outline", {"type": "folder", "text": label, "title": label})
        for outline in outlines:
            _outline(folder, outline)
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data


def _outline(folder: etree._Element, outline: Outline) -> None:
    label = one_line(outline.title)
    element = etree.SubElement(folder, "outline", {"type": "rss", "text": label, "title": label})
    element.set("xmlUrl", f"{outline.page_url}.atom")
    element.set("htmlUrl", outline.page_url)
    tongue = language(outline.language)
    if tongue:
        element.set("language", tongue)
    description = one_line(outline.description or "")
    if description:
        element.set("description", description)
