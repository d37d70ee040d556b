"""Data in a Wix page beside its markup: the warm-up data in the formats of several years, and media addresses."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

BLOG = "14bcded7-0066-7c35-14d7-466cb3f09103"  # the id of the Blog app on every Wix site
WHOLE = (1600, 900)  # of a picture as it was uploaded, in pixels
SIZES = ((147, 83), (474, 474), (1000, 563), (1600, 900))  # in which pictures are asked for, in pixels
_EMPTY: dict[str, Any] = {"platform": {"ssrPropsUpdates": []}, "pages": {"compIdToTypeMap": {}}, "appsWarmupData": {}}


def pictures(media: str, width: int, height: int) -> tuple[str, str]:
    """The paths under which one size of a picture is asked for: sharp, and blurred while it loads."""
    start = f"/media/{media}/v1/fill/w_{width},h_{height},al_c"
    return f"{start},q_85,enc_auto/{media}", f"{start},q_80,usm_0.66_1.00_0.01,blur_2,enc_auto/{media}"


def warmup(design: str, posts: Sequence[Mapping[str, Any]], home: str, *, widget: bool) -> dict[str, Any]:
    """wix-warmup-data of a listing (of a home page with the post-list widget). Until 2023 it is empty; then the
    feed's value is an object (2024), base64 of escape()d JSON (2025), JSON in a string (2026)."""
    if design < "2024":
        return _EMPTY
    inner = {"postFeedPage": _feed_page(posts, home)}
    if widget:
        key, value = "post-list-comp-k9ys8uz2-undefined-undefined-undefined-en-50", {"response": {"data": inner}}
    else:
        options = {"includeContent": False, "languageCode": "en", "page": 1, "pageSize": 20, "type": "ALL_POSTS"}
        key = "feed-page-TPASection_jv6sr2nl-" + json.dumps(
            {"feed": options, "metadata": options}, separators=(",", ":")
        )
        value = {"feedResponse": inner, "metadataResponse": {"postFeedMetadataPage": {"postMetrics": {}}}}
    data = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    form: Any = value if design == "2024" else escaped(data) if design == "2025" else data
    return {**_EMPTY, "appsWarmupData": {BLOG: {key: form}}, "ooi": {"failedInSsr": {}}}


def warmup_post(slug: str, post: str) -> dict[str, Any]:
    """wix-warmup-data of a post: nothing but its id."""
    return {**_EMPTY, "appsWarmupData": {BLOG: {slug: post}}, "ooi": {"failedInSsr": {}}}


def escaped(text: str) -> str:
    """base64 of the text as JavaScript's escape() writes it: %xx for Latin-1, %uxxxx for the rest."""
    safe = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@*_+-./")
    data = text.encode("utf-16-be")
    out = []
    for start in range(0, len(data), 2):
        code = int.from_bytes(data[start : start + 2], "big")
        char = chr(code)
        out.append(char if char in safe else f"%{code:02x}" if code < 256 else f"%u{code:04x}")
    return b64encode("".join(out).encode("ascii")).decode()


def _feed_page(posts: Sequence[Mapping[str, Any]], home: str) -> dict[str, Any]:
    count = {"count": len(posts), "offset": 0, "total": len(posts)}
    return {
        "id": "",
        "currentUser": {"activityStatus": 0, "isOwner": False},
        "posts": {"posts": [_post(post, home) for post in posts], "metaData": count, "pagingMetaData": count},
        "categories": [],
        "tags": [],
        "settings": {"settings": {"ampEnabled": False, "allPostsFeedLabel": "All Posts"}},
    }


def _post(post: Mapping[str, Any], home: str) -> dict[str, Any]:
    media = post["media"]
    image = {"id": media, "url": f"{home}media/{media}", "width": WHOLE[0], "height": WHOLE[1]}
    return {
        "id": post["id"],
        "title": post["title"],
        "excerpt": post["excerpt"],
        "firstPublishedDate": post["published"],
        "lastPublishedDate": post["modified"],
        "url": {"base": home.rstrip("/"), "path": f"/post/{post['slug']}"},
        "slug": post["slug"],
        "featured": False,
        "pinned": False,
        "categoryIds": [],
        "coverMedia": {"enabled": bool(media), **({"image": image} if media else {}), "displayed": True},
        "hashtags": [],
        "commentingEnabled": True,
        "minutesToRead": post["minutes"],
        "tagIds": [],
        "relatedPostIds": [],
        "language": post["language"],
        "seoData": {"tags": []},
        "media": {"wixMedia": {"image": image} if media else {}, "displayed": True, "custom": False},
        "customExcerpt": False,
        "internalId": post["internal"],
        "owner": {"name": post["account"], "slug": "newsroom", "activityStatus": 0},
        "preview": False,
        "link": f"{home}post/{post['slug']}",
    }
