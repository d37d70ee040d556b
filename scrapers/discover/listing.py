"""Front pages, sections and blog indexes → links."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from .. import html
from ..model import Draft, Link, Links, Page, Past
from ..seed import Seed
from ..text import TITLE, clean
from ..urls import join, site
from . import declared
from .hints import witnessed
from .shapes import LISTS, SERVICES


def read(page: Page, seed: Seed | None = None, past: Past | None = None, *, now: datetime | None = None) -> Links:
    """The stories that a page of HTML shows, in its order, and the further ways that it declares."""
    tree = html.parse(page)
    base = declared.base_of(tree, page.url)
    homes = {site(page.url), *(site(f"https://{name}/") for name in (seed.hosts if seed else ()))}
    found: dict[str, str] = {}
    for node in tree.css("a[href]"):
        url = join(base, node.attributes.get("href") or "")
        if url is None or site(url) not in homes:
            continue
        words = {part.lower() for part in urlsplit(url).path.split("/")}
        title = clean(node.text(separator=" "), TITLE)
        if words & (LISTS | SERVICES) or (title.isascii() and len(title.split()) < 4) or len(title) < 6:
            continue
        if len(title) > len(found.get(url, "")):
            found[url] = title
    items = [
        Link(url, "listing", witnessed(Draft(title=title), "listing"), n)
        for n, (url, title) in enumerate(found.items())
    ]
    return Links(
        items=tuple(items),
        feeds=declared.feeds_of(page, tree),
        next_page=declared.next_of(page, tree),
        title=declared.title_of(tree),
        language=declared.language_of(tree),
    )
