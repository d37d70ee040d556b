"""Pictures, players, posts and files of a body, as the markup that any reader shows.

A player becomes a figure: its still, linked to the page for people, with its title. A post of a network becomes a
quotation with its link, a map or a chart a titled link with its picture. Nothing is shown twice, not even in another
size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..page import embeds, pictures
from ..page.embeds import Embed, file_type
from ..page.text import clean_field
from .html_writer import Writer, attribute
from .links import Links

TITLE = 500  # characters of alt and title
_SMALL = 64  # pixels: a picture this small is an icon, which may be repeated
_EMOJI = re.compile(r"(?:^|[\s/_-])(?:emoji|wp-smiley|twemoji|emoticon)", re.IGNORECASE)
_STREAMS = ("application/vnd.apple.mpegurl", "application/x-mpegurl", "application/dash+xml")
_FILE_SOURCES = (
    "src",
    "data-src",
    "data-lazy-src",
    "data-mp4",
    "data-video-src",
    "data-video",
    "data-file",
    "data-url",
)


@dataclass(slots=True)
class _Shown:
    """What was written so far."""

    pictures: set[str] = field(default_factory=set)
    captioned: set[str] = field(default_factory=set)
    twins: set[str] = field(default_factory=set)  # from <noscript>
    embeds: set[str] = field(default_factory=set)


class Media:
    """Writes the media of one body."""

    def __init__(self, links: Links, out: Writer) -> None:
        self.links = links
        self.out = out
        self.shown = _Shown()
        self.hrefs: list[str] = []  # links written so far
        self.players: dict[str, tuple[int, int]] = {}  # page of a player → its width and height in pixels

    # Pictures

    def picture(
        self, attributes: pictures.Attributes, sources: Sequence[pictures.Candidate], *, captioned: bool, twin: bool
    ) -> None:
        """An `<img>`: written unless it is a counter, hidden, without an address, or shown already.

        `captioned` is for a picture in a figure that has a caption, `twin` for one in `<noscript>`.
        """
        if pictures.is_tiny(attributes) or pictures.is_hidden(attributes):
            return
        alt = clean_field(attributes.get("alt") or "", TITLE)
        if self.emoji(attributes, alt):
            return
        found = pictures.picture(attributes, sources, self.links.base_url)
        src = self.links.spelled(found.src) if found is not None else None
        if found is None or not src or pictures.is_counter(src):
            return
        width, height = pictures.pixels(attributes.get("width"), 3), pictures.pixels(attributes.get("height"), 3)
        if self.is_repeated(pictures.picture_key(src), width, height, captioned=captioned, twin=twin):
            return
        sizes = [(self.links.spelled(url), size) for url, size in found.srcset]
        listed = ", ".join(f"{url} {size}".strip() for url, size in sizes if url and not url.endswith(","))
        markup = attribute("src", src)
        markup += attribute("srcset", listed, optional=True)
        markup += attribute("sizes", found.sizes if listed else "", optional=True)
        markup += attribute("alt", alt)
        markup += attribute("title", clean_field(attributes.get("title") or "", TITLE), optional=True)
        markup += attribute("width", str(width or ""), optional=True)
        markup += attribute("height", str(height or ""), optional=True)
        self.out.media(f"<img{markup}>")

    def emoji(self, attributes: pictures.Attributes, alt: str) -> bool:
        """Write a picture of an emoji as the emoji; False for any other picture."""
        if not alt or len(alt) > 12 or alt.isascii() or any(char.isalnum() for char in alt):
            return False
        if not _EMOJI.search(f"{attributes.get('class') or ''} {attributes.get('src') or ''}"[:500]):
            return False
        self.out.text(alt)
        return True

    def is_repeated(self, key: str, width: int | None, height: int | None, *, captioned: bool, twin: bool) -> bool:
        """Whether a picture was shown before, perhaps in another size; it counts as shown from now on."""
        shown = self.shown
        if key in shown.twins or (twin and key in shown.pictures):
            return True
        small = any(size is not None and size <= _SMALL for size in (width, height))
        if not small and not self.out.within("td", "th"):
            if key in shown.captioned or (key in shown.pictures and not captioned):
                return True
            if captioned:
                shown.captioned.add(key)
        shown.pictures.add(key)
        if twin:
            shown.twins.add(key)
        return False

    # Files

    def file(self, tag: str, attributes: pictures.Attributes, sources: Sequence[pictures.Attributes]) -> bool:
        """A `<video>` or `<audio>` with its files; False when it has none with an address."""
        found: dict[str, str] = {}
        for one in (attributes, *sources):
            for name in _FILE_SOURCES:
                url = self.links.file(one.get(name))
                if url is not None:
                    found.setdefault(url, file_type(url, one.get("type")))
                    break
        files = sorted(found.items(), key=lambda one: one[1] in _STREAMS)[:8]
        if not files or files[0][0] in self.shown.embeds:
            return bool(files)
        self.shown.embeds.add(files[0][0])
        extra = ""
        if tag == "video":
            extra = attribute("poster", self.poster(attributes) or "", optional=True)
            for name in ("width", "height"):
                extra += attribute(name, str(pictures.pixels(attributes.get(name), 3) or ""), optional=True)
        url, kind = files[0]
        if len(files) == 1 and kind == file_type(url, None):
            self.out.media(f'<{tag}{attribute("src", url)} controls=""{extra}></{tag}>')
            return True
        inner = "".join(f"<source{attribute('src', u)}{attribute('type', k, optional=True)}>" for u, k in files)
        self.out.media(f'<{tag} controls=""{extra}>{inner}</{tag}>')
        return True

    def poster(self, attributes: pictures.Attributes) -> str | None:
        """The still of a video, where it is one."""
        for name in ("poster", "data-poster"):
            told = pictures.true_src({"src": attributes.get(name)}, self.links.base_url)
            if (url := self.links.spelled(told)) is not None:
                return url
        return None

    # What is embedded

    def frame(self, attributes: pictures.Attributes, *, captioned: bool) -> bool:
        """An embedded document; False where it has no address."""
        if pictures.is_tiny(attributes) or pictures.is_hidden(attributes):
            return True
        for source in embeds.frame_sources(attributes):
            url = self.links.file(source)
            if url is None:
                continue
            kind = file_type(url, None).partition("/")[0]
            if kind in ("video", "audio"):
                return self.file(kind, {"src": url, "width": attributes.get("width")}, ())
            found = None if pictures.is_counter(url) else embeds.of_address(url, _title(attributes))
            if found is not None:
                self.embed(found, captioned=captioned, sized=attributes)
            return True
        return False

    def embed(self, embed: Embed, *, captioned: bool = False, sized: pictures.Attributes | None = None) -> None:
        """Something embedded, once: a post as a quotation, anything else as a figure.

        `captioned`: the page has a caption of its own for it. `sized`: attributes that may tell width and height.
        """
        url = self.links.link(embed.url)
        if url is None or url in self.shown.embeds:
            return
        self.shown.embeds.add(url)
        if embed.kind == "player" and sized is not None:
            width, height = (pictures.pixels(sized.get(name), _SMALL) for name in ("width", "height"))
            if width and height:
                self.players[url] = width, height
        label = clean_field(embed.title, TITLE) or embed.site or (urlsplit(url).hostname or "").removeprefix("www.")
        if embed.kind == "post":
            self.quotation(url, label if label == embed.site or not embed.site else f"{embed.site}: {label}")
            return
        inside = self.out.top() == "figure"
        figure = not inside and self.out.begin("figure")
        if not inside and not figure:
            self.out.begin_paragraph()
        still = self.links.spelled(embed.still)
        linked = self.out.begin_inline("a", attribute("href", url))
        self.hrefs.append(url)
        if still:
            self.shown.pictures.add(pictures.picture_key(still))
            self.out.media(f"<img{attribute('src', still)}{attribute('alt', label)}>")
        else:
            self.out.text(label if not embed.site or embed.site in label else f"{embed.site}: {label}")
        if linked:
            self.out.end_inline()
        if still and not captioned and (figure or inside) and self.out.begin("figcaption"):
            self.out.text(label)
            self.out.end()
        if figure:
            self.out.end()
        elif not inside:
            self.out.end_paragraph()

    def quotation(self, url: str, label: str) -> None:
        """A post of which the page has no text: its link as a quotation."""
        began = self.out.begin("blockquote", attribute("cite", url))
        if not began:
            self.out.begin_paragraph()
        self.signature(url, label)
        if began:
            self.out.end()
        else:
            self.out.end_paragraph()

    def signature(self, url: str, label: str) -> None:
        """A paragraph that leads to a post."""
        self.out.begin_paragraph()
        if self.out.begin_inline("a", attribute("href", url)):
            self.hrefs.append(url)
            self.out.text(label)
            self.out.end_inline()
        self.out.end_paragraph()

    def leads_to(self, embed: Embed, since: int) -> bool:
        """Whether one of the links written since then leads to a post."""
        url = self.links.link(embed.url) or embed.url
        for href in self.hrefs[since : since + 50]:
            found = embeds.known(href)
            if href == url or (found is not None and found.url == embed.url):
                return True
        return False


def _title(attributes: pictures.Attributes) -> str | None:
    return attributes.get("title") or attributes.get("data-title") or attributes.get("aria-label")
