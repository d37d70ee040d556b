"""What the body finder is told: by all the other witnesses, or by <meta>, title and JSON-LD alone, read plainly."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract import extract
from scrapers.extract.body import body
from scrapers.extract.body.body import Body
from scrapers.extract.body.known import Known
from scrapers.extract.rules import Disabled
from scrapers.model import Page


def overheard(page: Page) -> Known:
    """What the extractor tells its body finder about `page`."""
    told: list[Known] = []

    def listen(tree: LexborHTMLParser, known: Known, disabled: Disabled) -> Body:
        told.append(known)
        return Body()

    with patch.object(body, "find", listen):
        extract(page)
    return told[0]


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
