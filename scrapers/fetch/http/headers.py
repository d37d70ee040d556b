"""Response headers as untrusted data: each is read within limits, and a malformed one counts as absent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from scrapers.urls.site import join

Pairs = Sequence[tuple[str, str]]  # names in lower case

MAX_VALIDATOR = 1024
DAY = 86_400.0

_PRINTABLE = re.compile("[ -~]+")


def printable(value: bytes | str | None, limit: int) -> str | None:
    """The value if it is printable ASCII of at most `limit` characters, else None (RELIABILITY F19)."""
    if value is None:
        return None
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    text = text.strip(" \t")
    if len(text) > limit or not _PRINTABLE.fullmatch(text):
        return None
    return text


def first(headers: Pairs, name: str) -> str | None:
    """The first value of a header, None if there is none."""
    return next((value for key, value in headers if key == name), None)


def every(headers: Pairs, name: str) -> list[str]:
    """All values of a header."""
    return [value for key, value in headers if key == name]


def location(raw: bytes) -> str | None:
    """The value of Location: printable ASCII, or UTF-8 whose other characters are then percent-encoded."""
    try:
        text = raw.decode("utf-8").strip(" \t")
    except UnicodeDecodeError:
        return None
    if any(c < " " or "\x7f" <= c <= "\x9f" for c in text) or len(text) > 4096:
        return None
    return quote(text, safe="%/:=&?~#+!$,;'@()*[]") or None


def length(headers: Pairs) -> int | None:
    """Content-Length, where it can be one."""
    told = first(headers, "content-length") or ""
    return int(told) if told.isascii() and told.isdigit() and 0 < len(told) <= 13 else None


def media_type(value: str | None) -> tuple[str | None, str | None]:
    """Media type in lower case and the charset label of Content-Type; None for each that is missing or malformed."""
    if not value:
        return None, None
    kind, _, parameters = value.partition(";")
    kind = kind.strip().lower()
    charset = None
    for parameter in parameters.split(";"):
        name, _, label = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = label.strip().strip("\"'").strip()[:64] or None
            break
    return (kind if "/" in kind and len(kind) <= 127 else None), charset


def fresh_for(headers: Pairs) -> float | None:
    """Seconds that the answer calls itself fresh (RFC 9111 §4.2: max-age, else Expires), at most a day."""
    directives: dict[str, str] = {}
    for value in every(headers, "cache-control"):
        for part in value.split(","):
            name, _, number = part.strip().lower().partition("=")
            directives.setdefault(name, number.strip('"'))
    if "no-store" in directives or "no-cache" in directives:
        return None
    age = _number(first(headers, "age")) or 0.0
    if "max-age" in directives:
        seconds = _number(directives["max-age"])
        return None if seconds is None else min(max(seconds - age, 0.0), DAY)
    expires, date = http_date(first(headers, "expires")), http_date(first(headers, "date"))
    if expires is None or date is None:
        return None
    return min(max(expires - date - age, 0.0), DAY)


def http_date(value: str | None) -> float | None:
    """An HTTP date as seconds since 1970; None for anything else, also where the parser raises.

    One without a zone is in that of all HTTP dates, whatever the machine's is.
    """
    if not value or len(value) > 64:
        return None
    try:
        parsed = parsedate_to_datetime(value)
        return (parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds of a Retry-After header (a number or a date), clamped to a minute … a day; None when it is no use."""
    if value is None:
        return None
    seconds = _number(value)
    if seconds is None:
        when = http_date(value)
        if when is None or when <= now:
            return None
        seconds = when - now
    return min(max(seconds, 60.0), DAY)


def _number(value: str | None) -> float | None:
    """A number of seconds: digits only, as the standards have it."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def robots_directives(values: Iterable[str], agent: str) -> tuple[str, ...]:
    """The directives of X-Robots-Tag that are meant for everyone or for `agent`, in lower case."""
    found: list[str] = []
    for value in values:
        name, colon, rest = value.partition(":")
        name = name.strip().lower()
        if colon and name.replace("-", "").replace("_", "").isalnum() and name not in _WITH_VALUE:
            if name != agent:
                continue
            value = rest
        found += [d for d in (part.strip().lower()[:64] for part in value.split(",")) if d]
    return tuple(dict.fromkeys(found[:32]))


_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def links(values: Iterable[str], base: str) -> tuple[tuple[str, str], ...]:
    """(rel, absolute address) of the Link headers (RFC 8288), at most 20; parameters but `rel` are left out."""
    found: list[tuple[str, str]] = []
    for value in values:
        rest = value
        while (start := rest.find("<")) >= 0 and len(found) < 20:
            end = rest.find(">", start)
            if end < 0:
                break
            target = join(base, rest[start + 1 : end])
            rest = rest[end + 1 :]
            following = rest.find("<")  # parameters with "<" in them are rare enough to lose
            parameters = rest if following < 0 else rest[:following]
            for parameter in parameters.split(";"):
                name, _, rels = parameter.strip().rstrip(",").strip().partition("=")
                if name.strip().lower() == "rel" and target is not None:
                    found += [(rel.lower(), target) for rel in rels.strip().strip('"').split()]
                    break
    return tuple(found[:20])
