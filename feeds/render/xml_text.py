"""Text and addresses as a document may carry them: characters that XML 1.0 allows, URIs in ASCII. Pure.

Everything here is cheap on valid text, as nearly all of it is after `normalise`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

# outside XML 1.0's Char (§2.2), or allowed there and discouraged: C0, DEL and C1 controls, surrogates, non-characters
_BASIC = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_BEYOND = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
_ILLEGAL = re.compile(f"[{_BASIC}{_BEYOND}]")
# a set of the basic plane alone is a table to `re`, one beyond it a list that is gone through for every character
_ILLEGAL_BASIC = re.compile(f"[{_BASIC}]")
_ILLEGAL_BEYOND = re.compile(f"[{_BEYOND}]")
# in UTF-8: controls of ASCII, and the first bytes of what begins at U+D000, U+F000 and beyond the basic plane
_DOUBTFUL = bytes([*range(9), 11, 12, *range(14, 32), 127, 0xED, 0xEF, *range(0xF0, 0xF5)])
_C1 = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
# they reverse the text after them, which would affect the reader's own interface
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")  # a name or IPv4 address, an IPv6 address
_PATH_SAFE = "%/:=&~+!$,;'@()*-._"  # what RFC 3986 §3.3 allows, and `%`: an escape that is there already stays
_PLAIN = re.compile(  # right as it is
    r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*/[A-Za-z0-9/._~=&?+,:;@!$()*-]*+(?:%[0-9A-Fa-f]{2}[A-Za-z0-9/._~=&?+,:;@!$()*-]*+)*+"
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def legal(text: str) -> str:
    """The text without characters that XML 1.0 forbids or discourages; line ends become newlines."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # a table of bytes is ten times as fast as the expression
    told = text.encode(errors="surrogatepass")
    if len(told.translate(None, _DOUBTFUL)) == len(told) and _C1.search(told) is None:
        return text
    if _ILLEGAL_BASIC.search(text) is None:
        basic = len(text.encode("utf-16-le")) == 2 * len(text)
        if basic or _ILLEGAL_BEYOND.search(text) is None:
            return text
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """The text as one valid line with single spaces, without direction overrides; empty when nothing is visible."""
    if text.isprintable() and "  " not in text and text[:1] not in ("", " ") and text[-1] != " ":
        return text  # no control, override or space but " " is printable
    line = legal(text)
    line = " ".join((line if line.isascii() else _OVERRIDES.sub("", line)).split())
    return line if any(c.isprintable() and c != " " for c in line) else ""


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


@lru_cache(maxsize=4096)
def uri(address: str) -> str | None:
    """An absolute http(s) address as an ASCII URI (RFC 3986), None for anything else."""
    if _PLAIN.fullmatch(address):
        return address
    address = legal(address).strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.scheme.lower() not in {"http", "https"} or not host:
            return None
        netloc = parts.netloc
        if not netloc.isascii():
            ascii_host = host.encode("idna").decode("ascii")
            netloc = netloc.replace(host, ascii_host)
            host = ascii_host
        if not _HOST.fullmatch(host) or (parts.port or 0) < 0:  # reading the port checks it
            return None
    except ValueError:  # a port out of range, brackets without an address, a label that IDNA refuses
        return None
    if not netloc.isascii() or any(c in netloc for c in ' "<>\\^`{|}'):
        return None
    path = _quoted(parts.path, _PATH_SAFE)
    query, fragment = (_quoted(part, _PATH_SAFE + "?") for part in (parts.query, parts.fragment))
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))


def _quoted(part: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=safe)
