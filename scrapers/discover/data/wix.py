"""Wix: the posts of a listing in the page's `wix-warmup-data`, in the three forms that it has had.

The Blog app's block is an object (2024), base64 of JSON that went through JavaScript's `escape()` (2025), or JSON in a
string (2026). It may hold many more posts than the markup shows, each with exact times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...model import Draft, Image
from ...page.scripts import decoded, load
from ...page.text import AUTHOR
from ...urls.site import join
from ..hints import witnessed
from ..markup_text import line, short

BLOG = "14bcded7-0066-7c35-14d7-466cb3f09103"
MAX_TEXT = 5_000_000  # characters of the warm-up block
MAX_POSTS = 500
_LETTERS = re.compile(r"[A-Za-z0-9+/=_-]{16,}")


def posts(warmup: Any, base: str) -> Iterator[tuple[str, Draft]]:
    """(address, what is told) of each post of the Blog app, in the block's order; nothing for other blocks."""
    apps = warmup.get("appsWarmupData") if isinstance(warmup, Mapping) else None
    blog = apps.get(BLOG) if isinstance(apps, Mapping) else None
    given = 0
    for value in blog.values() if isinstance(blog, Mapping) else ():
        for post in _posts_in(opened(value)):
            found = _post(post, base)
            if found and given < MAX_POSTS:
                given += 1
                yield found


def opened(value: Any) -> Any:
    """A value of the block in whatever form it came; None when it cannot be read."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text.startswith(("{", "[")):
        if not _LETTERS.fullmatch(text[:2000]):
            return None
        plain = decoded(text)
        if plain is None:
            return None
        text = plain
    return load(text, depth=50)


def _posts_in(value: Any) -> list[Any]:
    """The list of posts, wherever the widget keeps its `postFeedPage`."""
    queue = [value]
    looked = 0
    while queue and looked < 2000:
        current = queue.pop(0)
        looked += 1
        if not isinstance(current, Mapping):
            continue
        page = current.get("postFeedPage")
        inner = page.get("posts") if isinstance(page, Mapping) else None
        inner = inner.get("posts") if isinstance(inner, Mapping) else inner
        if isinstance(inner, list):
            return inner
        queue += [item for item in current.values() if isinstance(item, Mapping)]
    return []


def _post(post: Any, base: str) -> tuple[str, Draft] | None:
    if not isinstance(post, Mapping):
        return None
    parts = post.get("url")
    address = post.get("link")
    if isinstance(parts, Mapping) and isinstance(parts.get("path"), str):
        root = parts.get("base")
        address = f"{(root if isinstance(root, str) else '').rstrip('/')}{parts['path']}"
    url = join(base, address) if isinstance(address, str) else None
    title = line(post.get("title")) if isinstance(post.get("title"), str) else None
    if url is None or title is None:
        return None
    owner = post.get("owner")
    name = owner.get("name") if isinstance(owner, Mapping) else None
    tags = post.get("hashtags")
    hint = Draft(
        title=title,
        subtitle=short(line(_text(post.get("excerpt")) or _text(post.get("customExcerpt")))),
        authors=tuple(filter(None, [line(_text(name), AUTHOR)])),
        published=_text(post.get("firstPublishedDate")),
        updated=_text(post.get("lastPublishedDate")),
        tags=tuple(tag for tag in tags if isinstance(tag, str))[:30] if isinstance(tags, list) else (),
        language=_text(post.get("language")),
        image=_cover(post, base),
        guid=_text(post.get("id")),
    )
    return url, witnessed(hint, "wix")


def _cover(post: Mapping[str, Any], base: str) -> Image | None:
    media = post.get("coverMedia")
    image = media.get("image") if isinstance(media, Mapping) else None
    address = image.get("url") if isinstance(image, Mapping) else None
    url = join(base, address) if isinstance(address, str) else None
    if url is None or not isinstance(image, Mapping):
        return None
    width, height = image.get("width"), image.get("height")
    return Image(
        url,
        width=width if isinstance(width, int) else None,
        height=height if isinstance(height, int) else None,
    )


def _text(value: object) -> str | None:
    return value[:5000] if isinstance(value, str) and value.strip() else None
