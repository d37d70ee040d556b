"""Text and addresses as a document may carry them: characters that XML 1.0 allows, URIs in ASCII. Pure.

Everything here is cheap on text that is right already, which after `normalise` is nearly all of it.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

# outside XML 1.0's Char (§2.2), or allowed there and discouraged: C0, DEL and C1 controls, surrogates, non-characters
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# they turn the text after them around: in one line they would reach into the reader's own furniture
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}")
# reserved and unreserved characters of RFC 3986 §2 and `%`, which is taken as an escape that is there already
_URI_SAFE = "%/:=&?~#+!$,;'@()*[]-._"


def legal(text: str) -> str:
    """The text without characters that XML 1.0 forbids or discourages; line ends become newlines."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _ILLEGAL.search(text) is None else _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """The text as one legal line with single spaces, without overrides of its direction."""
    return " ".join(_OVERRIDES.sub("", legal(text)).split())


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:-–—") + "…"


def language(tag: str | None) -> str | None:
    """The language tag when it has the form of one (RFC 5646), else None."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def uri(address: str) -> str | None:
    """An absolute http(s) address as an ASCII URI (RFC 3986), None for anything else."""
    address = legal(address).strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.scheme.lower() not in {"http", "https"} or not host:
            return None
        netloc = parts.netloc
        if not netloc.isascii():
            netloc = netloc.replace(host, host.encode("idna").decode("ascii")) if host in netloc else ""
    except ValueError:  # a port out of range, brackets without an address, a label that IDNA refuses
        return None
    if not netloc or not netloc.isascii() or any(c in netloc for c in ' "<>\\^`{|}'):
        return None
    rest = [quote(part, safe=_URI_SAFE) for part in (parts.path, parts.query, parts.fragment)]
    return urlunsplit((parts.scheme.lower(), netloc, *rest))
