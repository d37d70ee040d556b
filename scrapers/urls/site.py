"""Addresses: joining them, and the site to which they belong."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote_from_bytes, urljoin, urlsplit

from publicsuffixlist import PSLFILE, PublicSuffixList

LONGEST = 2000  # characters of an address or key (RELIABILITY P3)

_FRAGMENT = re.compile(r"[\w.~!$&'()*+,;=:@/?-]{1,100}", re.ASCII)
# Addresses that resolve to themselves: no user, port, parameters, fragment or dot segment, nothing to quote.
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!\"$-:<->@-~]*)?(?:\?[!\"$-~]+)?")
_ROOTED = re.compile(r"/(?![/.])(?:[!\"$-.0-:<->@-~]|/(?!\.))*(?:\?[!\"$-~]+)?")
_ORIGIN = re.compile(r"(https?://[A-Za-z0-9.-]+)(?:[/?#]|$)")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@cache
def suffixes() -> PublicSuffixList:
    """The list of public suffixes. It takes a while to read, so it is read when it is first needed.

    The library prepares each label of ten thousand rules for ASCII, which takes three times as long as reading them.
    Few rules are not ASCII, and those of the list are prepared already.
    """
    lines = Path(PSLFILE).read_text("utf-8").lower().splitlines()
    rules = [line.split(" ")[0] for line in lines if line and not line.startswith("//")]
    encoded = [".".join(map(_in_ascii, rule.split("."))) for rule in rules if not rule.isascii()]
    return PublicSuffixList([*rules, *encoded], accept_encoded_idn=False)


def _in_ascii(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def join(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address without fragment, resolved against `base`; None if it is none.

    Characters that no address and no XML may hold are quoted, as browsers do. Addresses of more than 2,000 characters
    are none: nothing links to them on purpose.
    """
    if len(href) <= LONGEST // 2:
        if _WHOLE.fullmatch(href):
            return href
        if href[:1] == "/" and _ROOTED.fullmatch(href) and (origin := _ORIGIN.match(base)) is not None:
            return origin[1] + href if len(origin[1]) <= LONGEST // 2 else None
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    url = parts._replace(fragment="").geturl()
    if _UNWRITABLE.search(url):
        if _UNWRITABLE.search(parts.netloc):
            return None
        url = _UNWRITABLE.sub(lambda odd: quote_from_bytes(odd[0].encode("utf-8", "ignore")), url)
    return url if len(url) <= LONGEST else None


def is_address(text: str) -> bool:
    """Whether a text is a web address as it stands: http(s), with a host and a port that can be."""
    return join("", text) is not None and not any(sign.isspace() or sign < " " for sign in text)


def join_place(base: str, href: str) -> str | None:
    """As `join`, with the fragment: for an address that names a place in a page, such as that of its comments."""
    url, fragment = join(base, href), href.strip().partition("#")[2]
    return f"{url}#{fragment}" if url is not None and _FRAGMENT.fullmatch(fragment) else url


@lru_cache(maxsize=1024)
def host(url: str) -> str:
    """The host in lower case, without port; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def registrable(name: str) -> str:
    """The registrable domain of a host by the public suffix list; the host itself for addresses and bare names."""
    return suffixes().privatesuffix(name) or name


def same_site(a: str, b: str) -> bool:
    """Whether two addresses belong to one registrable domain (for loopback addresses: to one host and port)."""
    return site(a) == site(b)


@lru_cache(maxsize=4096)
def site(url: str) -> str:
    """The key of the site of an address: its registrable domain, or host and port for IP addresses and localhost."""
    name = host(url)
    if not name or name == "localhost" or name.replace(".", "").isdigit() or ":" in name:
        try:
            return urlsplit(url).netloc.rpartition("@")[2].lower()
        except ValueError:
            return name
    return registrable(name)
