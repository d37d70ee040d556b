"""A record's body as a feed shows it: the sanitised article, its lead picture, the other outlets. Pure.

The markup that comes in was sanitised by an allow-list before it was stored; here it is only put together, and
what is added is escaped by us.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Literal
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml import html as markup

from scrapers import Image, Record

from .model import Copy
from .wording import legal, one_line, shortened, uri

MAX_BYTES = 100_000  # of one entry's content (FEEDS 32)
MAX_COPIES = 10  # outlets that are named one by one
SUMMARY = 320  # characters
COUNTER = 2  # pixels: so narrow or so low a picture counts readers and shows nothing
Images = Literal["keep", "strip", "none", "proxy"]
_SIZE_SUFFIX = re.compile(r"[-_]\d{2,5}x\d{2,5}(?=\.|$)")
_IMG_SRC = re.compile(r'<img\b[^>]{0,2000}?\bsrc="([^"]{1,2000})"')


def content(record: Record, *, images: Images, copies: Sequence[Copy] = (), note: str | None = None) -> str:
    """The whole article as HTML, at most about MAX_BYTES; what is longer ends with a link to the rest."""
    body = legal(record.html).strip() or paragraphs(record.text)
    body = within(body, MAX_BYTES, record.url)
    if images not in ("keep", "proxy"):
        body = without_pictures(body)
    else:
        body = lead(picture(record, images), body) + body
    if note:
        body += f"\n<p><em>{escape(one_line(note), quote=False)}</em></p>"
    return body + also_at(copies)


def summary(record: Record) -> str:
    """What the story is about as one line of plain text: its subtitle, else how it begins."""
    told = one_line(record.subtitle or "")
    if len(told) < 20:
        told = one_line(record.text[: SUMMARY * 8])
    return shortened(told, SUMMARY)


def paragraphs(text: str) -> str:
    """Plain text as markup, a paragraph a line."""
    lines = (one_line(line) for line in legal(text[: MAX_BYTES * 2]).split("\n"))
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def picture(record: Record, images: Images) -> Image | None:
    """The picture that stands for the story, with an address that any reader can fetch."""
    if images == "none" or record.image is None:
        return None
    address = uri(record.image.url)
    if address is None:
        return None
    told = record.image
    if any(size is not None and 0 < size <= COUNTER for size in (told.width, told.height)):
        return None
    return Image(
        url=address,
        caption=one_line(told.caption) if told.caption else None,
        credit=one_line(told.credit) if told.credit else None,
        alt=one_line(told.alt) if told.alt else None,
        width=told.width if told.width and told.width > 0 else None,
        height=told.height if told.height and told.height > 0 else None,
        type=told.type,
        length=told.length,
    )


def lead(image: Image | None, body: str) -> str:
    """The picture as a figure to stand before the body; empty where the body shows it already."""
    if image is None or any(same_picture(image.url, src) for src in _IMG_SRC.findall(body)):
        return ""
    size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
    figure = f'<figure><img src="{escape(image.url)}" alt="{escape(image.alt or "")}"{size}>'
    caption = " ".join(filter(None, (image.caption, f"({image.credit})" if image.credit else "")))
    if caption:
        figure += f"<figcaption>{escape(caption, quote=False)}</figcaption>"
    return figure + "</figure>\n"


def same_picture(one: str, other: str) -> bool:
    """Whether two addresses show one picture, perhaps in two sizes: the same file name, sizes left aside."""
    return one == other or (_file_name(one) == _file_name(other) != "")


def _file_name(address: str) -> str:
    try:
        path = urlsplit(address.replace("&amp;", "&")).path
    except ValueError:
        return address
    name = _SIZE_SUFFIX.sub("", unquote(path).rstrip("/").rpartition("/")[2].lower())
    # "image.jpg" and "1.jpg" are names that many pictures share
    return name if len(name) >= 12 else path


def also_at(copies: Sequence[Copy]) -> str:
    """A line that names the other outlets of the story, each with its own article."""
    told = [(one_line(copy.publisher or copy.source), uri(copy.url)) for copy in copies]
    named = [(name, address) for name, address in told if name and address]
    if not named:
        return ""
    links = [
        f'<a href="{escape(address)}" rel="noopener">{escape(name, quote=False)}</a>'
        for name, address in named[:MAX_COPIES]
    ]
    more = f" and {len(named) - MAX_COPIES} more" if len(named) > MAX_COPIES else ""
    return f"\n<p>Also at: {', '.join(links)}{more}</p>"


def within(body: str, limit: int, url: str) -> str:
    """The body when it has at most `limit` bytes, else its first whole blocks and a link to the rest."""
    if len(body) <= limit // 4 or len(body.encode()) <= limit:
        return body
    head = body.encode()[:limit].decode(errors="ignore")
    tag = head.rfind("<")
    if tag > head.rfind(">"):  # cut inside a tag
        head = head[:tag]
    root = _parse(head)
    block = root
    while len(block) == 1 and block[0].tag in {"div", "article", "section", "main"}:
        block = block[0]
    if len(block) > 1:
        block.remove(block[-1])  # it was cut in the middle
    address = uri(url)
    rest = f'\n<p><a href="{escape(address)}" rel="noopener">…</a></p>' if address else "\n<p>…</p>"
    return _serialise(root) + rest


def without_pictures(body: str) -> str:
    """The body without pictures and without the figures that held nothing else."""
    if "<img" not in body and "<picture" not in body:
        return body
    root = _parse(body)
    for name in ("picture", "img", "source"):
        for element in list(root.iter(name)):
            element.drop_tree()
    for figure in list(root.iter("figure")):
        if not any(child.tag != "figcaption" and (child.text_content().strip() or len(child)) for child in figure):
            figure.drop_tree()
    return _serialise(root)


def with_pictures_from(body: str, link: Callable[[str], str]) -> str:
    """The body with every picture under the address that `link` makes of its own; in one size, that of `src`."""
    if "<img" not in body and "<video" not in body:
        return body
    root = _parse(body)
    for source in list(root.iter("source")):
        if source.getparent().tag == "picture":
            source.drop_tree()
    for name, key in (("img", "src"), ("video", "poster")):
        for element in root.iter(name):
            element.attrib.pop("srcset", None)
            if element.get(key):
                element.set(key, link(element.get(key)))
    return _serialise(root)


def _parse(fragment: str) -> markup.HtmlElement:
    parser = markup.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    return markup.fragment_fromstring(fragment, create_parent="div", parser=parser)


def _serialise(root: markup.HtmlElement) -> str:
    inner = escape(root.text or "", quote=False)
    return legal(inner + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)).strip()
