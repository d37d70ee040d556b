"""Feed → JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...model import Entry, Feed

TYPE = "application/feed+json"


def jsonfeed(feed: Feed, entries: Sequence[Entry] | None = None) -> bytes:
    """The feed as a JSON Feed, UTF-8; with `entries` only these of it.

    Raises ValueError for text that is no Unicode (lone surrogates).
    """
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": f"{feed.self_url}.json",
    }
    if feed.subtitle:
        document["description"] = feed.subtitle
    if feed.icon:
        document["icon"] = feed.icon
        document["favicon"] = feed.icon
    document |= _authors((feed.publisher,), feed.home_url or None)
    if feed.language:
        document["language"] = feed.language
    if feed.hubs:
        document["hubs"] = [{"type": "WebSub", "url": hub} for hub in feed.hubs]
    document["items"] = [_item(entry, feed) for entry in (feed.entries if entries is None else entries)]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _item(entry: Entry, feed: Feed) -> dict[str, Any]:
    record = entry.record
    item: dict[str, Any] = {"id": entry.id, "url": record.url, "title": record.title}
    if entry.content:
        item["content_html"] = entry.content
    else:
        item["content_text"] = entry.summary
    item["summary"] = entry.summary
    if entry.image:
        item["image"] = entry.image.url
    item["date_published"] = entry.published.isoformat()
    item["date_modified"] = entry.updated.isoformat()
    item |= _authors(record.authors, None)
    tags = list(dict.fromkeys(category.label or category.term for category in entry.categories))
    if tags:
        item["tags"] = tags
    if record.language and record.language != feed.language:
        item["language"] = record.language
    image = entry.image
    attached: list[dict[str, Any]] = [
        {"url": file.url, "mime_type": file.type} | ({"size_in_bytes": file.length} if file.length else {})
        for file in entry.files
    ]
    if image and image.type and image.length:
        attached.append({"url": image.url, "mime_type": image.type, "size_in_bytes": image.length})
    if attached:
        item["attachments"] = attached
    # names that begin with an underscore are ours to define
    item["_source"] = {
        "id": entry.origin.id,
        "title": entry.origin.title,
        "url": entry.origin.url,
        "feed_url": f"{entry.origin.feed_url}.json",
    }
    if entry.copies:
        item["_copies"] = [{"url": copy.url, "title": copy.title, "publisher": copy.publisher} for copy in entry.copies]
    return item


def _authors(names: tuple[str, ...], url: str | None) -> dict[str, Any]:
    """`authors`, and the `author` of version 1.0: many libraries read only that, and 1.1 permits both."""
    authors = [{"name": name} | ({"url": url} if url else {}) for name in names]
    return {"authors": authors, "author": authors[0]} if authors else {}
