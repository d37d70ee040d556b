"""Addresses: joining, the site they belong to, the canonical key, and the clean form that is published."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from publicsuffixlist import PublicSuffixList

_SUFFIXES = PublicSuffixList()


def join(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address without fragment, resolved against `base`; None if it is none."""
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    return parts._replace(fragment="").geturl()


def host(url: str) -> str:
    """The host in lower case, without port; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def registrable(name: str) -> str:
    """The registrable domain of a host by the public suffix list; the host itself for addresses and bare names."""
    return _SUFFIXES.privatesuffix(name) or name


def same_site(a: str, b: str) -> bool:
    """Whether two addresses belong to one registrable domain (for loopback addresses: to one host and port)."""
    return site(a) == site(b)


def site(url: str) -> str:
    """The key of the site of an address: its registrable domain, or host and port for IP addresses and localhost."""
    name = host(url)
    if not name or name == "localhost" or name.replace(".", "").isdigit() or ":" in name:
        try:
            return urlsplit(url).netloc.rpartition("@")[2].lower()
        except ValueError:
            return name
    return registrable(name)


def canonical_key(url: str) -> str:
    """The key under which an address is known for ever (DEDUP_TOPICS §5.1); deepened in its own commit."""
    raise RuntimeError("not yet written")


def published_form(url: str) -> str:
    """The address as it is given to people: the original without tracking parameters and fragment."""
    raise RuntimeError("not yet written")
