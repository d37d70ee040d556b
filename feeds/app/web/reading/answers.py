"""An answer with a page made on request: conditional, compressed, and with the headers of our pages."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

import xxhash

from ..conditional_requests import choose_coding, none_match
from ..documents import Answer, answer, page_policy, plain

_WORTH = 1000  # bytes that are worth packing


def page_answer(
    body: bytes,
    asked: Mapping[bytes, bytes],
    *,
    origin: str,
    language: str,
    lifetime: int,
    private: bool = False,
    indexed: bool = True,
    status: int = 200,
    head: bool = False,
) -> Answer:
    """The answer with a page. `lifetime` in seconds; `indexed`: search engines may list it."""
    coding = choose_coding(asked.get(b"accept-encoding"), ("gzip",)) if len(body) >= _WORTH else "identity"
    etag = f'"{xxhash.xxh3_128_hexdigest(body)}{"" if coding == "identity" else "-gz"}"'
    common = [
        ("etag", etag),
        ("cache-control", "private, no-store" if private else f"public, max-age={lifetime}"),
        ("vary", "Accept-Encoding, Accept-Language"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", page_policy(origin, media=True)),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ]
    if private or not indexed:
        common.append(("x-robots-tag", "noindex, nofollow" if private else "noindex"))
    tags = asked.get(b"if-none-match")
    if status == 200 and tags is not None and none_match(tags, etag.encode()):
        return answer(304, common)
    kind = [("content-type", "text/html; charset=utf-8"), ("content-language", language)]
    if coding == "gzip":
        kind.append(("content-encoding", "gzip"))
        body = gzip.compress(body, 5, mtime=0)
    return answer(status, [*kind, *common], body, head=head)


def refusal(status: int, words: str, *, retry: int | None = None) -> Answer:
    """A short answer in plain words; `retry`: seconds after which the same request may go well."""
    later = () if retry is None else (("retry-after", str(retry)),)
    return answer(status, (*later, ("cache-control", "no-store"), *plain()), f"{words}\n".encode())


def moved(location: str) -> Answer:
    """A redirect to the page's new address."""
    return answer(301, (("location", location), ("cache-control", "max-age=86400"), *plain()))
