"""JSON in a page's scripts, or in a string in them. What is too deep is none."""

from __future__ import annotations

import base64
import binascii
import json
import re
from itertools import accumulate
from typing import Any

MAX_DEPTH = 60  # of page state, which nests deeper than hand-written JSON

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(code for code in range(256) if code not in _STEPS)
_UNDEFINED = re.compile(r"(?<=[:,\[])\s?undefined(?=[,}\]])")
_ESCAPED = re.compile(r"%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})")


def deeper_than(limit: int, text: str) -> bool:
    """Whether brackets are nested deeper than `limit`; brackets in strings do not count."""
    if text.count("[") + text.count("{") <= limit:
        return False
    return _depth(text) > limit and _depth(_STRING.sub('""', text)) > limit


def _depth(text: str) -> int:
    """How many brackets are open at most."""
    brackets = text.encode("utf-8", "replace").translate(None, _NO_BRACKETS)  # all in C: scripts are long
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def load(text: str, *, depth: int = MAX_DEPTH) -> Any:
    """The value of a JSON text; None when it is too deep or broken. NaN and Infinity, no JSON, become None."""
    if deeper_than(depth, text):
        return None
    try:
        return json.loads(text, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def load_at(text: str, start: int = 0, *, depth: int = MAX_DEPTH) -> tuple[int, Any]:
    """The JSON value that begins at `start`, and where it ends; JavaScript's `undefined` counts as null.

    (start, None) when none begins there: a function, an expression.
    """
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
    try:
        value, end = decoder.raw_decode(text, start)
        return (start, None) if deeper_than(depth, text[start:end]) else (end, value)
    except (ValueError, RecursionError):
        if "undefined" not in text:
            return start, None
    rest = _UNDEFINED.sub("null", text[start:])
    try:
        value, end = decoder.raw_decode(rest)
        return (start, None) if deeper_than(depth, rest[:end]) else (start + end, value)
    except (ValueError, RecursionError):
        return start, None


def decoded(text: str) -> str | None:
    """The text in a base64 string, which may have gone through JavaScript's escape() before; None when it is none."""
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    return unescape(plain) if plain.startswith("%") else plain


def unescape(text: str) -> str:
    """JavaScript's `unescape()`: %XX is a code unit below 256, %uXXXX one of UTF-16."""
    units = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
