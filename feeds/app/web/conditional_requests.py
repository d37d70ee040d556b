"""The rules of HTTP that a publisher needs, as pure functions (RFC 9110 §8.8, §12.5.3, §13, §14)."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from functools import lru_cache

CODINGS = ("br", "zstd", "gzip")  # the best first; suffixes of the files are in SUFFIX
SUFFIX = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
_LONGEST = 1000  # of a header value that is worth interpreting


def choose_coding(accept: bytes | None, available: Sequence[str]) -> str:
    """The content coding for an Accept-Encoding: what the client likes best, among equals the first of `available`.

    "identity" when there is no header, when nothing of `available` is acceptable, and for odd values. A coding with
    `q=0` is never chosen.
    """
    if not accept or not available:
        return "identity"
    return _chosen(accept[:_LONGEST], tuple(available))


@lru_cache(256)
def _chosen(accept: bytes, available: tuple[str, ...]) -> str:
    for coding, weight in _weights(accept):
        if weight <= 0:
            break
        if coding in available or coding == "identity":
            return coding
        if coding == "*":
            named = {name for name, _ in _weights(accept)}
            return next((c for c in available if c not in named), "identity")
    return "identity"


def _weights(accept: bytes) -> tuple[tuple[str, float], ...]:
    """(coding, q) of an Accept-Encoding, the heaviest first, among equals ours first."""
    weights: dict[str, float] = {}
    for part in accept.decode("latin-1").lower().split(","):
        name, *parameters = part.split(";")
        name = name.strip().removeprefix("x-")
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _quality(value.strip())
        if name:
            weights.setdefault(name, weight)
    order = (*CODINGS, "identity")
    return tuple(sorted(weights.items(), key=lambda w: (-w[1], order.index(w[0]) if w[0] in order else len(order))))


def _quality(text: str) -> float:
    """A q value; 0 for what is none: what cannot be understood is not sent."""
    if len(text) <= 5 and text.replace(".", "", 1).isdigit() and text.isascii():
        return min(float(text), 1.0)
    return 0.0


def none_match(value: bytes, etag: bytes) -> bool:
    """Whether If-None-Match names `etag`: a list, `*`, strong or weak (the weak comparison of RFC 9110 §13.1.2)."""
    if value == etag:
        return True
    value = value.strip()
    if value == b"*":
        return True
    if etag not in value:
        return False
    return any(tag.strip().removeprefix(b"W/") == etag for tag in value[:8192].split(b","))


@lru_cache(256)
def seconds_of(date: bytes) -> int | None:
    """An HTTP date as seconds since 1970; None for anything else."""
    if len(date) > 64:
        return None
    try:
        parsed = parsedate_to_datetime(date.decode("ascii"))
        return int(parsed.timestamp()) if parsed.tzinfo is not None else None
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None


def byte_range(value: bytes, size: int) -> tuple[int, int] | None:
    """What a Range header asks of `size` bytes: (first, last + 1); None to ignore it; an empty span, (0, 0),
    if it cannot be met.

    One range is understood; several, other units and odd ones are ignored, as RFC 9110 §14.2 allows.
    """
    unit, equals, spec = value.strip().partition(b"=")
    if unit.strip().lower() != b"bytes" or not equals or b"," in spec or len(spec) > 40:
        return None
    first, dash, last = (part.strip() for part in spec.partition(b"-"))
    if not dash or not all(part == b"" or part.isdigit() for part in (first, last)) or (not first and not last):
        return None
    if not first:
        length = int(last)
        return (max(0, size - length), size) if length and size else (0, 0)
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return (start, end) if start < size else (0, 0)
