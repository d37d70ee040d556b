"""Type and length of an article's video and audio files, asked of their servers where the page and feed do not tell."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from ..errors import CopydeskError
from ..model import PLAYER, File, Record, Request
from ..page.embeds import file_type
from .run_builder import RunBuilder

OF_ARTICLE = 3  # requests for files of one article
OF_VISIT = 20
MOST = 10  # files that an article keeps
_NAMED = re.compile(r'<(?:audio|video|source)\b[^<>]{0,2000}?\ssrc="([^"<>]{1,2000})"')
_LINKED = re.compile(r'<a\b[^<>]{0,2000}?\shref="([^"<>]{1,2000})"')
_PLAYED = ("audio/", "video/")
_TYPES = ("audio/", "video/", "application/ogg", "application/vnd.apple.mpegurl", "application/x-mpegurl")


async def with_files(visit: RunBuilder, record: Record) -> Record:
    """The record with type and length of its files. What a feed says takes precedence over the file's server.

    A file of an earlier read of the article (`known_files`) was asked for then, and is not asked for again.
    """
    players = [file for file in record.files if file.type == PLAYER]  # pages of players, which are not asked for
    known = {file.url: file for file in record.files[:MOST] if file.type != PLAYER}
    named = dict.fromkeys(unescape(found[1]) for found in _NAMED.finditer(record.html))
    linked = (unescape(found[1]) for found in _LINKED.finditer(record.html))
    named |= dict.fromkeys(url for url in linked if file_type(url, None).startswith(_PLAYED))
    before = {url: visit.known_files[url] for url in dict.fromkeys((*named, *known)) if url in visit.known_files}
    known = before | {url: _joined(file, before.get(url)) for url, file in known.items()}
    asked_for = [url for url in dict.fromkeys((*named, *known)) if url not in before and _is_open(known.get(url))]
    for url in asked_for[:OF_ARTICLE]:
        if visit.files >= OF_VISIT or visit.late():
            break
        visit.files += 1
        told = known.get(url, File(url))
        asked = await _asked(visit, url)
        known[url] = File(url, told.type or asked.type, told.length or asked.length)
    files = (*[file for file in known.values() if file.type or file.length], *players)[:MOST]
    return record if files == record.files else replace(record, files=files)


def _joined(told: File, before: File | None) -> File:
    """What is told of a file now, completed by what an earlier read of its article gave."""
    return told if before is None else replace(told, type=told.type or before.type, length=told.length or before.length)


def _is_open(file: File | None) -> bool:
    return file is None or file.type is None or file.length is None


async def _asked(visit: RunBuilder, url: str) -> File:
    """Type and length as the file's server tells them; empty where unknown, or neither video nor audio."""
    try:
        head = await visit.fetch(Request(url, kind="file"))
    except CopydeskError:
        return File(url)  # the article is whole without it: no failure of the visit
    if not head.content_type.startswith(_TYPES):
        return File(url)
    return File(url, head.content_type, head.length)
