"""Addresses: joining, the site they belong to, the canonical key, and the clean form that is published.

The canonical key is kept for ever: ids are minted from it, so what this module makes of an address must not change.
It is a table-driven form of RFC 3986 §6 that goes further where news sites do: http and https are one, so are the
`www.`, mobile and accelerated hosts, campaign and session parameters go, and pages that only send on are unwrapped.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes, urljoin, urlsplit

import idna
from publicsuffixlist import PublicSuffixList

from . import tracking

LONGEST = 2000  # characters of an address or key (RELIABILITY P3)

_SUFFIXES = PublicSuffixList()
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOISE = re.compile("[\t\n\r]")  # dropped anywhere, as browsers do (WHATWG URL §4.4)
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile("[\x00-\x20\x7f]")
_EDGES = "".join(map(chr, range(0x21)))
_WEB = re.compile(r"https?:[/\\]{0,64}|[/\\]{2,64}", re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]{0,40}:", re.I)
_HOST_AND_PORT = re.compile(r"[^/?#\\:@]{1,255}:\d{1,5}(?:[/?#\\]|$)")
_END_OF_HOST = re.compile(r"[/\\?#]")
_PORT = re.compile(r":(\d*)$", re.ASCII)
_NO_HOST = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}%/?#@\[\]:]")
_V6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~]*")
_RANDOM = re.compile(r"[0-9a-zA-Z]{16,}")
_PATH_SAFE = "!$&'()*+,:=@~"
_QUERY_SAFE = "!$'()*,:;@/?~"
_FRAGMENT_SAFE = "!$&'()*+,:;=@/?~"


# --- joining and sites


def join(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address without fragment, resolved against `base`; None if it is none.

    Signs that no address and no XML may hold are quoted, as browsers do. Addresses of more than 2,000 characters are
    none: nothing links to them on purpose.
    """
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


# --- the canonical key


@lru_cache(maxsize=8192)
def canonical_key(url: str) -> str:
    """The key under which an address is known for ever: `host/path?query`, without scheme.

    Two addresses with one key are one article. Idempotent; any string gives a key: what is no web address is its own
    key, and one of more than 2,000 characters is known by its hash. Ports other than 80 and 443 stay.
    """
    url = _trimmed(url)
    seen = 0
    while True:
        parts = _parts(url)
        if parts is None:
            return _bounded(url)
        target = parts.leads_to()
        if target is None:
            parts = parts.without_amp()
            target = parts.leads_to()
        if target is None:
            return _bounded(parts.key())
        if seen >= 8:
            return _hashed(parts.key())  # a chain that never ends; unwrapped once more, its key would be another
        seen += 1
        url = _trimmed(target)


def article_like(url: str) -> bool:
    """Whether an address can be an article's: not a home page, and not a section as far as its form tells.

    Meant for `rel=canonical`: a section that is taken for an article would merge all its articles, an article that is
    taken for a section only costs one alias. So a doubtful form is none.
    """
    parts = _parts(_trimmed(url))
    if parts is None:
        return False
    if any(value and any(c.isdigit() for c in value) and name != "page" for name, value in parts.query):
        return True
    if not parts.path or any(part.lower() in tracking.SECTION_PARTS for part in parts.path[:-1]):
        return False
    last = unquote_to_bytes(parts.path[-1]).decode("utf-8", "replace")
    stem, dot, ending = last.rpartition(".")
    if dot and stem and ending.lower() in ("html", "htm", "php", "aspx", "asp", "shtml", "jsp", "ece", "story"):
        return any(c.isdigit() for c in stem) or len(stem) >= 12 or len(re.findall(r"[-_]", stem)) >= 2
    hyphens = last.count("-") + last.count("_")
    dated = any(part.isdigit() and len(part) in (2, 4, 6, 8) for part in parts.path[:-1])
    return (
        sum(c.isdigit() for c in last) >= 3
        or hyphens >= 3
        or len(last) >= 24
        or (dated and not last.isdigit())
        or (not last.isascii() and len(last) >= 8)
    )


def published_form(url: str) -> str:
    """The address as it is given to people: as published, without tracking parameters, session and fragment.

    Pages that only send on are unwrapped. What is no web address comes back as it is.
    """
    url = whole = _trimmed(url)
    for _ in range(8):
        parts = _parts(url)
        if parts is None:
            return url
        target = parts.leads_to()
        if target is None:
            break
        url = _trimmed(target)
    else:
        url = whole  # a chain that never ends stays what it was
    start, fragment_sign, fragment = url.partition("#")
    start, query_sign, query = start.partition("?")
    kept = "&".join(field for field in query.split("&") if field and not _dropped(*_named(field)))
    start = _without_session(start)
    if query_sign and kept:
        start += "?" + kept
    if fragment_sign and _fragment(fragment):
        start += "#" + fragment
    return _UNSEEN.sub(lambda found: f"%{ord(found[0]):02X}", start)


def _without_session(start: str) -> str:
    """An address without query, less the `;jsessionid=…` at its end."""
    while True:
        address, semicolon, session = start.rpartition(";")
        if not semicolon or "/" not in address.partition("://")[2] or _END_OF_HOST.search(session):
            return start
        if not session.lower().startswith(tracking.PATH_SESSIONS):
            return start
        start = address


class _Parts:
    """An http(s) address taken apart, each part in its normal form."""

    __slots__ = ("fragment", "host", "path", "port", "query")

    def __init__(self, host: str, port: str, path: list[str], query: list[tuple[str, str]], fragment: str) -> None:
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.fragment = fragment

    def key(self) -> str:
        pairs = sorted({pair for pair in self.query if not _dropped(*pair) and not _amp(*pair)})
        query = "&".join(_encoded_pair(*pair) for pair in pairs)
        return (
            f"{self.host}{self.port}/{'/'.join(self.path)}"
            f"{'?' if query else ''}{query}{'#' if self.fragment else ''}{self.fragment}"
        )

    def leads_to(self) -> str | None:
        """Where a page that only sends on leads; None for a page of its own."""
        if self.host.endswith(tracking.AMP_CACHES):
            return self._cached(self.path)
        labels = self.host.split(".")
        if labels[0] == "google" and len(labels) <= 3:
            if self.path[:1] == ["amp"] and len(self.path) > 1:
                return self._cached(self.path[1:])
            return self._named_in(tracking.GOOGLE_PARAMETERS) if self.path == ["url"] else None
        by_path = tracking.REDIRECTORS.get(self.host)
        if by_path is not None:
            return self._named_in(by_path.get("/" + "/".join(self.path)) or by_path.get("*") or ())
        for suffix, names in tracking.REDIRECTOR_SUFFIXES.items():
            if self.host.endswith(suffix):
                return self._named_in(names)
        return None

    def _named_in(self, names: Iterable[str]) -> str | None:
        for name in names:
            for have, value in self.query:
                if have == name and re.match(r"(?i)https?:[/\\]{1,2}[^/\\]", value):
                    return value
        return None

    def _cached(self, path: list[str]) -> str | None:
        """The page behind an AMP cache: /v/s/HOST/PATH, the kind and the s of https being optional."""
        rest = list(path)
        if rest and rest[0] in tracking.AMP_CACHE_KINDS:
            rest.pop(0)
        if rest and rest[0] == "s":
            rest.pop(0)
        if not rest or "." not in rest[0].strip("."):
            return None
        query = "&".join(_encoded_pair(*pair) for pair in self.query if not _dropped(*pair))
        return f"https://{'/'.join(rest)}{'?' if query else ''}{query}"

    def without_amp(self) -> _Parts:
        """The article whose accelerated twin this is: `amp` as a part of the path or an ending goes."""
        path = _without_index(self.path)
        while path:
            plain = [part for part in path if part.lower() != "amp"]
            if len(plain) < len(path) and plain and _slug(plain[-1]):
                path = _without_index(plain)
                continue
            last = _without_amp_ending(path[-1])
            if last == path[-1]:
                break
            path = _without_index([*path[:-1], last])
        return _Parts(self.host, self.port, path, self.query, self.fragment)


def _parts(url: str) -> _Parts | None:
    """The parts of a trimmed address, with or without scheme; None for what is no web address."""
    web = _WEB.match(url)
    if web is not None:
        rest = url[web.end() :]
    elif _SCHEME.match(url) and not _HOST_AND_PORT.match(url):
        return None
    else:
        rest = url
    end = _END_OF_HOST.search(rest)
    authority, tail = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    authority = authority.rpartition("@")[2]
    port = _PORT.search(authority)
    number = ""
    if port is not None:
        authority = authority[: port.start()]
        if port[1] and int(port[1][:9]) not in (80, 443):
            number = f":{int(port[1][:9])}"
            if len(number) > 6 or int(number[1:]) > 65535:
                return None
    name = _host(authority)
    if name is None:
        return None
    tail, _, fragment = tail.partition("#")
    path, _, query = tail.partition("?")
    return _Parts(name, number, _path(path.replace("\\", "/")), _query(query), _fragment(fragment))


@lru_cache(maxsize=4096)
def _host(name: str) -> str | None:
    """The host in lower case and ASCII (UTS 46), without the prefixes that only choose a form of the same page."""
    if name.startswith("["):
        name = name.lower()
        return name if _V6.fullmatch(name) else None
    if "%" in name:
        name = unquote_to_bytes(name).decode("utf-8", "replace")
    if not name.isascii():
        name = _ascii(name)
    name = name.lower().strip(".")
    if not name or len(name) > 253 or _NO_HOST.search(name) or name in ("http", "https"):
        return None  # a key that begins with "https:8080/" would be taken for an address
    while name.startswith(tracking.HOST_PREFIXES):
        rest = name.partition(".")[2].strip(".")
        if not rest or _SUFFIXES.privatesuffix(rest) is None or rest.replace(".", "").isdigit():
            break
        name = rest
    return name


def _ascii(name: str) -> str:
    """A host in ASCII; names that IDNA 2008 does not know (hearts and faces) label by label in Punycode."""
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:  # idna's own errors are among them
        labels = re.split("[.\u3002\uff0e\uff61]", unicodedata.normalize("NFKC", name).lower())
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in labels)


def _path(path: str) -> list[str]:
    """The parts of a path in normal form: dot segments, empty parts and sessions resolved (RFC 3986 §6.2.2)."""
    parts: list[str] = []
    for raw in path.split("/"):
        part = raw
        if ";" in part:
            pieces = [piece for piece in part.split(";") if not piece.lower().startswith(tracking.PATH_SESSIONS)]
            part = ";".join(_encoded(piece, _PATH_SAFE) for piece in pieces)
        else:
            part = _encoded(part, _PATH_SAFE)
        if part == "..":
            del parts[-1:]
        elif part and part != ".":
            parts.append(part)
    return parts


def _without_index(path: list[str]) -> list[str]:
    while path and path[-1].lower() in tracking.INDEXES:
        path = path[:-1]
    return path


def _slug(part: str) -> bool:
    """Whether a part of a path names one article: words joined, or a number."""
    return "-" in part or "_" in part or any(c.isdigit() for c in part) or len(part) >= 24


def _without_amp_ending(part: str) -> str:
    lower = part.lower()
    for ending in (".amp.html", ".amp.htm"):
        if lower.endswith(ending) and len(part) > len(ending):
            return part[: -len(ending)] + ending[4:]
    if lower.endswith(".amp") and _slug(part[:-4]):
        return part[:-4]
    return part


def _query(query: str) -> list[tuple[str, str]]:
    """Names and values, decoded."""
    return [_named(field) for field in query.split("&") if field] if query else []


def _named(field: str) -> tuple[str, str]:
    """One parameter, decoded; `amp;` before the name is what double escaping in markup leaves."""
    name, _, value = field.partition("=")
    name = _decoded(name.replace("+", " "))
    while name.lower().startswith("amp;") and len(name) > 4:
        name = name[4:]
    return name, _decoded(value.replace("+", " "))


def _dropped(name: str, value: str) -> bool:
    """Whether a parameter tells of the way to the page, not of the page."""
    name = name.strip().lower()
    if name in tracking.TRACKING or name.startswith(tracking.TRACKING_PREFIXES) or not (name or value):
        return True
    if name in tracking.TRACKING_WORDS:
        return not value.strip().isdigit()
    if name in tracking.CHANNEL_NAMES:
        value = value.strip().lower()
        return value in tracking.CHANNELS or value.startswith("rss-")
    return name in tracking.SESSION_NAMES and _RANDOM.fullmatch(value) is not None


def _amp(name: str, value: str) -> bool:
    name, value = name.strip().lower(), value.strip().lower()
    if name not in tracking.AMP_NAMES:
        return False
    return value in tracking.AMP_VALUES or (name in ("amp", "isamp") and value in tracking.AMP_SWITCHES)


def _fragment(fragment: str) -> str:
    """A fragment that chooses the page (`#!…`, `#/…`), in normal form; any other is none."""
    if not fragment:
        return ""
    fragment = _encoded(fragment, _FRAGMENT_SAFE)
    return fragment if fragment.startswith(("!", "/")) and fragment.strip("!/") else ""


def _decoded(text: str) -> str:
    """Percent-decoded; bytes that are no UTF-8 become lone surrogates, so that none is lost."""
    if "%" in text:
        text = unquote_to_bytes(text).decode("utf-8", "surrogateescape")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _encoded(text: str, safe: str) -> str:
    """Percent-encoding in normal form: what needs none has none, hexadecimal digits in upper case, Unicode in NFC."""
    if _PLAIN.fullmatch(text):
        return text
    return quote_from_bytes(_decoded(text).encode("utf-8", "surrogateescape"), safe)


def _encoded_pair(name: str, value: str) -> str:
    encoded = quote_from_bytes(name.encode("utf-8", "surrogateescape"), _QUERY_SAFE)
    if value:
        encoded += "=" + quote_from_bytes(value.encode("utf-8", "surrogateescape"), _QUERY_SAFE)
    return encoded


def _trimmed(url: str) -> str:
    url = _SURROGATE.sub("\ufffd", url)
    return _NOISE.sub("", url.strip(_EDGES)).strip(_EDGES)


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST else _hashed(key)


def _hashed(key: str) -> str:
    return "sha256:" + hashlib.sha256(key.encode("utf-8")).hexdigest()
