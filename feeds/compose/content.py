"""A record's body as a feed shows it: the sanitised article, its lead picture, the other outlets. Pure.

The markup was sanitised by an allow-list before it was stored; here it is only put together, and additions are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Literal

from lxml import etree
from lxml import html as markup

from scrapers import Image, Record, same_picture

from ..messages import translate
from ..model import Copy
from ..render.xml_text import legal, one_line, shortened, uri

MAX_BYTES = 100_000  # of one entry's content (FEEDS 32)
MAX_COPIES = 10  # outlets that are named one by one
SUMMARY = 320  # characters
BEGINNING = SUMMARY * 8  # of a text, in which its summary is looked for
COUNTER = 2  # pixels: a picture this narrow or low is a tracking pixel
Images = Literal["keep", "strip", "none", "proxy"]
_PLAYED = ("video", "audio")  # by the reader itself
_BLOCK_END = re.compile(
    r"(<(?:br|/(?:p|div|h[1-6]|[uo]l|li|dl|d[dt]|figure|figcaption|blockquote|table|caption|t[rdh]|pre|section|details"
    r"|summary))>)(?!\s)"
)
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
    return body + also_at(copies, record.language)


def summary(record: Record) -> str:
    """What the story is about as one line of plain text: its subtitle, else how it begins."""
    told = one_line(record.subtitle or "")
    if len(told) < 20:
        told = one_line(record.text[: SUMMARY * 2])
        if len(told) <= SUMMARY:  # short, or mostly blanks
            told = one_line(record.text[:BEGINNING])
    return shortened(told, SUMMARY)


def short_content(summary: str, image: Image | None, *, images: Images) -> str:
    """The content of an entry that has a summary alone: the picture, and the summary as a paragraph.

    For an entry without content some libraries take the first text that they find, such as a picture's caption.
    """
    figure = lead(image, "") if images in ("keep", "proxy") else ""
    return f"{figure}<p>{escape(summary, quote=False)}</p>"


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


def also_at(copies: Sequence[Copy], language: str | None = None) -> str:
    """A line that names the other outlets of the story, each with its own article, in the language of the entry."""
    told = [(one_line(copy.publisher or copy.source), uri(copy.url)) for copy in copies]
    named = [(name, address) for name, address in told if name and address]
    if not named:
        return ""
    links = [
        f'<a href="{escape(address)}" rel="noopener">{escape(name, quote=False)}</a>'
        for name, address in named[:MAX_COPIES]
    ]
    outlets = ", ".join(links)
    if len(named) > MAX_COPIES:
        several = translate("{outlets} and {count} more", language)
        outlets = several.format(outlets=outlets, count=len(named) - MAX_COPIES)
    line = translate("Also at: {outlets}", language).format(outlets=outlets)
    return f"\n<p>{line}</p>"


def read_there(url: str, publisher: str, language: str | None) -> str:
    """A line for an article whose text its site wants to be read on the site itself, with the link."""
    link = f'<a href="{escape(url)}" rel="noopener">{escape(publisher, quote=False)}</a>'
    told = translate("The site asks for this article to be read there: {link}", language)
    return f"\n<p><em>{told.format(link=link)}</em></p>"


def in_lines(body: str) -> str:
    """The body with each block on a line of its own: clients that take the tags out for a preview would join the words
    of two blocks. What is preformatted stays.
    """
    before, *rest = body.split("<pre")
    parts = [part.partition("</pre>") for part in rest]
    told = [_with_lines(text) for text in (before, *(end + after for _, end, after in parts))]
    pieces = (f"<pre{kept}{text}" for (kept, _, _), text in zip(parts, told[1:], strict=True))
    return (told[0] + "".join(pieces)).rstrip("\n")


def _with_lines(text: str) -> str:
    pieces = _BLOCK_END.split(text)  # every second one is the end of a block
    pieces[1::2] = [f"{end}\n" for end in pieces[1::2]]
    return "".join(pieces)


def within(body: str, limit: int, url: str) -> str:
    """The body when it has at most `limit` bytes, else its first whole blocks and a link to the rest."""
    if len(body) <= limit // 4 or len(body.encode()) <= limit:
        return body
    head = body.encode()[:limit].decode(errors="ignore")
    tag = head.rfind("<")
    if tag > head.rfind(">"):  # cut inside a tag
        head = head[:tag]
    root = parse(head)
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
    if "<img" not in body and "<video" not in body:
        return body
    root = parse(body)
    for image in list(root.iter("img")):
        link = image.getparent()
        if link.tag == "a" and not link.text_content().strip():
            image.tail = (image.get("alt") or link.get("href") or "") + (image.tail or "")  # a player's still
        image.drop_tree()
    for frame in list(root.iter("picture")):
        frame.drop_tree()
    for video in root.iter("video"):
        video.attrib.pop("poster", None)
    for figure in list(root.iter("figure")):
        if not any(child.tag in _PLAYED or child.text_content().strip() or len(child) for child in _beside(figure)):
            figure.drop_tree()
    return _serialise(root)


def _beside(figure: markup.HtmlElement) -> Iterator[markup.HtmlElement]:
    """What a figure holds besides its caption."""
    return (child for child in figure if child.tag != "figcaption")


def with_pictures_from(body: str, link: Callable[[str], str]) -> str:
    """The body with every picture under the address that `link` makes of its own; in one size, that of `src`."""
    if "<img" not in body and "<video" not in body:
        return body
    root = parse(body)
    for source in list(root.iter("source")):
        if source.getparent().tag == "picture":
            source.drop_tree()
    for name, key in (("img", "src"), ("video", "poster")):
        for element in root.iter(name):
            element.attrib.pop("srcset", None)
            if element.get(key):
                element.set(key, link(element.get(key)))
    return _serialise(root)


def parse(fragment: str) -> markup.HtmlElement:
    """Our own HTML as a tree below one `div`."""
    parser = markup.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    return markup.fragment_fromstring(fragment, create_parent="div", parser=parser)


def _serialise(root: markup.HtmlElement) -> str:
    inner = escape(root.text or "", quote=False)
    return legal(inner + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)).strip()
