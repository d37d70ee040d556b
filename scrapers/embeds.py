"""Players that pages embed: the page for people behind the frame."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit


def watch_page(url: str) -> tuple[str, str | None]:
    """Of a known player's frame the page for people, and the address of a still picture."""
    parts = urlsplit(url)
    name = (parts.hostname or "").removeprefix("www.")
    last = parts.path.rstrip("/").rpartition("/")[2]
    if name in ("youtube.com", "youtube-nocookie.com") and parts.path.startswith("/embed/"):
        if re.fullmatch(r"[\w-]{11}", last):
            return f"https://www.youtube.com/watch?v={last}", f"https://i.ytimg.com/vi/{last}/hqdefault.jpg"
        playlist = parse_qs(parts.query).get("list", [""])[0]
        if last == "videoseries" and playlist:
            return f"https://www.youtube.com/playlist?list={quote(playlist)}", None
    if name == "player.vimeo.com" and last.isdecimal():
        return f"https://vimeo.com/{last}", None
    if name == "dailymotion.com" and parts.path.startswith("/embed/video/"):
        return f"https://www.dailymotion.com/video/{last}", None
    return url, None
