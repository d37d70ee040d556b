"""What the seed's author says: CSS selectors for single fields, and what to drop before anything is read."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.model import Image
from scrapers.page.pictures import LAZY_SRC, LAZY_SRCSET, best, candidates, is_placeholder
from scrapers.seed.seed import Extract

from ..claims import MAX_NAME, MAX_SUBTITLE, Claims, distinct, tidy

MAX_MATCHES = 60  # nodes of one selector


def drop(tree: LexborHTMLParser, extract: Extract) -> None:
    """Takes out of the tree what the seed's author does not want read."""
    for selector in extract.drop:
        for node in tree.css(selector)[:2000]:
            if node.tag != "html":  # a tree has to have a root
                node.decompose()


def read(tree: LexborHTMLParser, extract: Extract) -> Claims:
    """What the seed's selectors find. A selector that finds nothing says nothing."""

    def nodes(selector: str | None) -> list[LexborNode]:
        return tree.css(selector)[:MAX_MATCHES] if selector else []

    def texts(selector: str | None, limit: int, *names: str) -> tuple[str, ...]:
        return distinct([_value(node, limit, names) for node in nodes(selector)])

    images = [image for node in nodes(extract.image) if (image := _image(node)) is not None]
    body = "\n".join(node.html or "" for node in nodes(extract.body))
    return Claims(
        "selectors",
        titles=texts(extract.title, 500, "content"),
        subtitles=texts(extract.subtitle, MAX_SUBTITLE, "content"),
        authors=texts(extract.authors, MAX_NAME, "content"),
        published=texts(extract.published, 128, "datetime", "content", "title"),
        updated=texts(extract.updated, 128, "datetime", "content", "title"),
        sections=texts(extract.section, MAX_NAME, "content"),
        tags=texts(extract.tags, MAX_NAME, "content"),
        images=tuple(images),
        bodies=(body,) if body else (),
    )


def _value(node: LexborNode, limit: int, names: tuple[str, ...]) -> str:
    attributes = node.attributes
    for name in names:
        if attributes.get(name):
            return tidy(attributes[name], limit)
    return tidy(node.text(separator=" "), limit)


def _image(node: LexborNode) -> Image | None:
    """The picture of an element: its own address, or that of the first picture inside it."""
    for candidate in (node, *node.css("img, source, video")[:3]):
        attributes = candidate.attributes
        for name in (*LAZY_SRC, "src", "content", "href", "poster"):
            value = attributes.get(name)
            if value and not value.startswith("data:") and not is_placeholder(value):
                return Image(value.strip(), alt=tidy(attributes.get("alt"), 1000) or None)
        listed = next((attributes[name] for name in (*LAZY_SRCSET, "srcset") if attributes.get(name)), None)
        if listed and (address := best(candidates(listed))) is not None:
            return Image(address)
    return None
