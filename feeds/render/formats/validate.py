"""The final check of a document before it replaces the old one (RELIABILITY U4): it is parsed back. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from lxml import etree

from ...errors import PublishError

Format = Literal["atom", "rss", "json"]
MAX_BYTES = 10_000_000
_ATOM = "{http://www.w3.org/2005/Atom}"


def check(data: bytes, form: Format) -> None:
    """Raises PublishError unless the document is well-formed, whole, not too large and its ids are unique."""
    check_size(data)
    check_ids(_json_ids(data) if form == "json" else _xml_ids(data, form))


def check_size(data: bytes) -> None:
    """Raises PublishError for a document that is too large."""
    if len(data) > MAX_BYTES:
        raise PublishError(f"the document has {len(data)} bytes, the limit is {MAX_BYTES}")


def check_ids(ids: Iterable[str]) -> None:
    """Raises PublishError when two of them are the same."""
    seen: set[str] = set()
    for identity in ids:
        if identity in seen:
            raise PublishError(f"two entries have the id {identity}")
        seen.add(identity)


def _xml_ids(data: bytes, form: Format) -> list[str]:
    root = _parsed(data)
    if form == "atom":
        frame, item, name = root, f"{_ATOM}entry", f"{_ATOM}id"
        needed: tuple[str, ...] = (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated")
    else:
        channel = root.find("channel")
        frame, item, name = (root if channel is None else channel), "item", "guid"
        needed = ("title", "link")
    if root.tag != (f"{_ATOM}feed" if form == "atom" else "rss"):
        raise PublishError(f"the document is no {form}: its root is {root.tag}")
    ids = []
    for element in (frame, *frame.findall(item)):
        for tag in needed:
            if not (element.findtext(tag) or "").strip():
                raise PublishError(f"{element.findtext(name) or 'the feed'} lacks {tag.rpartition('}')[2]}")
        if element is not frame:
            ids.append(element.findtext(name) or "")
    return ids


def _parsed(data: bytes) -> etree._Element:
    # libxml2 refuses every character outside XML's Char itself
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise PublishError(f"the document is not well-formed: {error}") from error


def _json_ids(data: bytes) -> list[str]:
    try:
        document = json.loads(data)
    except ValueError as error:
        raise PublishError(f"the document is no JSON: {error}") from error
    if not isinstance(document, dict) or not str(document.get("version", "")).startswith(
        "https://jsonfeed.org/version/"
    ):
        raise PublishError("the document is no JSON Feed: it has no version")
    ids = []
    for item in document.get("items", ()):
        if not item.get("id") or not (item.get("content_html") or item.get("content_text")):
            raise PublishError(f"{item.get('id') or 'an item'} lacks its id or its content")
        ids.append(str(item["id"]))
    return ids
