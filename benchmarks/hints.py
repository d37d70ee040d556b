"""What <meta>, the title and JSON-LD hint at, read plainly: for trying the body finder without the other witnesses."""

from __future__ import annotations

import json
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.body import Known


def known(tree: LexborHTMLParser, url: str | None) -> Known:
    """Titles, description and bodies of a page."""
    titles: list[str] = []
    for selector in ('meta[property="og:title"]', 'meta[name="twitter:title"]'):
        node = tree.css_first(selector)
        if node is not None and (value := node.attributes.get("content")):
            titles.append(value)
    if (node := tree.css_first("title")) is not None:
        titles.append(node.text())
    subtitle = None
    for selector in ('meta[property="og:description"]', 'meta[name="description"]'):
        node = tree.css_first(selector)
        if node is not None and (value := node.attributes.get("content")):
            subtitle = value
            break
    bodies: list[str] = []
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text(), strict=False)
        except ValueError:
            continue
        todo: list[Any] = [data]
        while todo:
            one = todo.pop()
            if isinstance(one, list):
                todo += one
            elif isinstance(one, dict):
                if isinstance(text := one.get("articleBody"), str):
                    bodies.append(text)
                if isinstance(text := one.get("headline"), str):
                    titles.append(text)
                todo += [v for v in one.values() if isinstance(v, (list, dict))]
    return Known(titles=tuple(titles), subtitle=subtitle, bodies=tuple(bodies), url=url)
