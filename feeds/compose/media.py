"""The pictures, videos and audio in an entry's content, for Media RSS and enclosures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from lxml import html as markup

from scrapers import PLAYER, File, Image, medium_of, same_picture, split_credit

from ..model import Media
from ..render.xml_text import one_line, uri
from .content import COUNTER, parse

MOST = 30  # of one entry
TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mov": "video/quicktime",
    "m3u8": "application/vnd.apple.mpegurl",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
_PLAYED = ("audio/", "video/")
_ENDINGS = "|".join(ending for ending, kind in TYPES.items() if kind.startswith(_PLAYED))
_SHOWN_MARK = re.compile("<(?:figure><a |video|audio)")  # a sixth of the time of plain searches: `<` is rare
_LINKED_FILE = re.compile(rf"\.(?:{_ENDINGS})[\"?#]", re.IGNORECASE)
# "The ship leaves. Video: Coast Films", "The ship leaves (Audio: Ada Quill)": never a caption that is nothing else
_RECORDED = re.compile(
    r"(?<=[.!?…»”\"(])\s?((?:videos?|vídeo|vidéo|film|filmato|wideo|відео|audio|áudio|sound|son|ton|suono|dźwięk|аудіо)"
    r"\s?(?:by|von|par|di|de|por)?\s?[:©][^.!?:()]{2,80})\)?\.?$",
    re.IGNORECASE,
)


def media(content: str, lead: Image | None, files: Sequence[File] = ()) -> tuple[Media, ...]:
    """What `content` (our own HTML) shows besides the lead picture: each once, in the order of the text.

    `files` are films and sounds of which more is known; those that the text does not show come last.
    """
    known = {address: file for file in files if (address := uri(file.url)) is not None}
    shown = [_with_file(one, known.pop(one.url, None)) for one in _shown(content, lead)]
    rest = (
        Media(url, _medium(file.type), file.type, length=file.length)
        for url, file in known.items()
        if file.type and file.type != PLAYER
    )
    return tuple([*shown, *rest][:MOST])


def _with_file(one: Media, file: File | None) -> Media:
    if file is None:
        return one
    if one.player:
        return replace(one, width=file.width, height=file.height)
    return replace(one, type=one.type or file.type, length=file.length)


def _medium(kind: str) -> Literal["audio", "video"]:
    return "audio" if kind.startswith("audio/") else "video"


def _shown(content: str, lead: Image | None) -> tuple[Media, ...]:
    several = _SHOWN_MARK.search(content) or _LINKED_FILE.search(content)
    if not several and content.count("<img") < (2 if lead is not None else 1):
        return ()
    found: dict[str, Media] = {}
    for one in _all(parse(content)):
        if lead is not None and one.medium == "image" and same_picture(one.url, lead.url):
            continue
        found.setdefault(one.url, one)
    return tuple(found.values())


def type_of(address: str) -> str | None:
    """The media type by the extension of an address; None for an unknown extension."""
    place = address.partition("#")[0].partition("?")[0].partition("://")
    _, slash, name = (place[2] or place[0]).rpartition("/")
    _, dot, ending = name.rpartition(".")
    return TYPES.get(ending.lower()) if dot and (slash or not place[1]) else None


def _all(root: markup.HtmlElement) -> Iterator[Media]:
    players = {figure: player for figure in root.iter("figure") if (player := _player(figure)) is not None}
    for element in root.iter("figure", "img", "video", "audio", "a"):
        if element.tag == "figure":
            if element in players:
                yield players[element]
            continue
        if next(element.iterancestors("figure"), None) in players:
            continue  # the player's still
        if element.tag == "a":
            url = uri(element.get("href") or "")
            told = type_of(url) if url is not None else None
            if url is not None and told is not None and told.startswith(_PLAYED):
                yield Media(url, _medium(told), told)
            continue
        address, kind = _source(element)
        if address is None:
            continue
        if element.tag == "img":
            width, height = _pixels(element.get("width")), _pixels(element.get("height"))
            if any(size is not None and size <= COUNTER for size in (width, height)):
                continue
            caption, credit = _caption(element)
            caption = caption or one_line(element.get("alt") or "")
            yield Media(address, "image", kind, width, height, caption, credit=credit)
        elif element.tag == "video":
            width, height = _pixels(element.get("width")), _pixels(element.get("height"))
            caption, credit = _caption(element, "video")
            poster = uri(element.get("poster") or "")
            yield Media(address, "video", kind, width, height, caption, poster=poster, credit=credit)
        else:
            caption, credit = _caption(element, "audio")
            yield Media(address, "audio", kind, caption=caption, credit=credit)


def _player(figure: markup.HtmlElement) -> Media | None:
    """The player that a figure stands for: its one link leads to the page of a service that plays it."""
    links = list(figure.iter("a"))
    address = uri(links[0].get("href") or "") if links and links[0].getparent() is figure else None
    medium = medium_of(address) if address is not None else None
    if address is None or medium is None or len(list(figure.iter("img", "video", "audio"))) > 1:
        return None
    still = next(links[0].iter("img"), None)
    caption = figure.find(".//figcaption")
    told = caption.text_content() if caption is not None else still.get("alt") if still is not None else ""
    poster = uri(still.get("src") or "") if still is not None else None
    words, credit = _apart(told or "", medium)
    return Media(address, medium, PLAYER, caption=words, poster=poster, credit=credit, player=True)


def _source(element: markup.HtmlElement) -> tuple[str | None, str | None]:
    """The address of a picture or file, and its media type as far as known."""
    first = element if element.get("src") else next(element.iter("source"), None)
    if first is None:
        return None, None
    address = uri(first.get("src") or "")
    if address is None:
        return None, None
    told = (first.get("type") or "").partition(";")[0].strip().lower()
    known = told if told.startswith(("image/", "audio/", "video/", "application/")) else type_of(address)
    return address, known


def _caption(element: markup.HtmlElement, medium: str = "image") -> tuple[str, str]:
    """Caption and credit of the figure that holds this element alone."""
    figure = next(element.iterancestors("figure"), None)
    if figure is None or sum(1 for _ in figure.iter("img", "video", "audio")) > 1:
        return "", ""
    caption = figure.find(".//figcaption")
    return _apart(caption.text_content(), medium) if caption is not None else ("", "")


def _apart(caption: str, medium: str) -> tuple[str, str]:
    """A caption and the credit at its end, which of videos and audio may name the recording."""
    words = one_line(caption)
    found = _RECORDED.search(words[-160:]) if medium != "image" else None
    if found is None:
        return split_credit(words)
    return words[: -len(found[0])].rstrip(" ("), found[1].strip()


def _pixels(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None
