"""An address in parts, each in its normal form (RFC 3986 §6), without what does not belong to the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

from . import tracking_params
from .site import suffixes

LONG_NUMBER = 5  # digits of a part of a path that is an article's own

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOISE = re.compile("[\t\n\r]")  # dropped anywhere, as browsers do (WHATWG URL §4.4)
_EDGES = "".join(map(chr, range(0x21)))
WEB = re.compile(r"https?:[/\\]{0,64}|[/\\]{2,64}", re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]{0,40}:", re.I)
_HOST_AND_PORT = re.compile(r"[^/?#\\:@]{1,255}:\d{1,5}(?:[/?#\\]|$)")
END_OF_HOST = re.compile(r"[/\\?#]")
_PORT = re.compile(r":(\d*)$", re.ASCII)
_NO_HOST = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}%/?#@\[\]:]")
_V6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~]*")
_RANDOM = re.compile(r"[0-9a-zA-Z]{16,}")
_PATH_SAFE = "!$&'()*+,:=@~"
_QUERY_SAFE = "!$'()*,:;@/?~"
_FRAGMENT_SAFE = "!$&'()*+,:;=@/?~"


def trimmed(url: str) -> str:
    """An address without what browsers drop: line breaks and tabs anywhere, spaces and controls at its ends."""
    url = _SURROGATE.sub("\ufffd", url)
    return _NOISE.sub("", url.strip(_EDGES)).strip(_EDGES)


class UrlParts:
    """An http(s) address in parts, each in its normal form."""

    __slots__ = ("fragment", "host", "path", "port", "query")

    def __init__(self, host: str, port: str, path: list[str], query: list[tuple[str, str]], fragment: str) -> None:
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.fragment = fragment

    def key(self) -> str:
        """`host/path?query`, without what does not tell articles apart."""
        pairs = sorted({pair for pair in self.query if not is_tracking(*pair) and not _amp(*pair)})
        query = "&".join(_encoded_pair(*pair) for pair in pairs)
        return (
            f"{self.host}{self.port}/{'/'.join(self.path)}"
            f"{'?' if query else ''}{query}{'#' if self.fragment else ''}{self.fragment}"
        )

    def leads_to(self) -> str | None:
        """The target of a page that only redirects; None for any other."""
        if self.host.endswith(tracking_params.AMP_CACHES):
            return self._cached(self.path)
        labels = self.host.split(".")
        if labels[0] == "google" and len(labels) <= 3:
            if self.path[:1] == ["amp"] and len(self.path) > 1:
                return self._cached(self.path[1:])
            return self._named_in(tracking_params.GOOGLE_PARAMETERS) if self.path == ["url"] else None
        by_path = tracking_params.REDIRECTORS.get(self.host)
        if by_path is not None:
            return self._named_in(by_path.get("/" + "/".join(self.path)) or by_path.get("*") or ())
        for suffix, names in tracking_params.REDIRECTOR_SUFFIXES.items():
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
        if rest and rest[0] in tracking_params.AMP_CACHE_KINDS:
            rest.pop(0)
        if rest and rest[0] == "s":
            rest.pop(0)
        if not rest or "." not in rest[0].strip("."):
            return None
        query = "&".join(_encoded_pair(*pair) for pair in self.query if not is_tracking(*pair))
        return f"https://{'/'.join(rest)}{'?' if query else ''}{query}"

    def without_amp(self) -> UrlParts:
        """The article whose twin for telephones or printers this is: `amp` as a part of the path or an ending goes, and
        `print` behind the article's own part."""
        path = _without_index(self.path)
        while path:
            if path[-1].lower() in tracking_params.PRINT_PARTS and len(path) > 1 and _article_part(path[-2]):
                path = _without_index(path[:-1])
                continue
            plain = [part for part in path if part.lower() != "amp"]
            if len(plain) < len(path) and plain and _slug(plain[-1]):
                path = _without_index(plain)
                continue
            last = _without_amp_ending(path[-1])
            if last == path[-1]:
                break
            path = _without_index([*path[:-1], last])
        return UrlParts(self.host, self.port, path, self.query, self.fragment)


def split(url: str) -> UrlParts | None:
    """The parts of a trimmed address, with or without scheme; None for what is no web address."""
    web = WEB.match(url)
    if web is not None:
        rest = url[web.end() :]
    elif _SCHEME.match(url) and not _HOST_AND_PORT.match(url):
        return None
    else:
        rest = url
    end = END_OF_HOST.search(rest)
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
    return UrlParts(name, number, _path(path.replace("\\", "/")), _query(query), page_fragment(fragment))


@lru_cache(maxsize=4096)
def _host(name: str) -> str | None:
    """The host in lower case and ASCII (UTS 46), without the prefixes that only select a form of the same page."""
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
    while name.startswith(tracking_params.HOST_PREFIXES):
        rest = name.partition(".")[2].strip(".")
        if not rest or suffixes().privatesuffix(rest) is None or rest.replace(".", "").isdigit():
            break
        name = rest
    return name


def _ascii(name: str) -> str:
    """A host in ASCII; names that IDNA 2008 does not know (hearts and faces) label by label in Punycode."""
    try:
        import idna  # only such a name needs its tables

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
            pieces = [piece for piece in part.split(";") if not piece.lower().startswith(tracking_params.PATH_SESSIONS)]
            part = ";".join(_encoded(piece, _PATH_SAFE) for piece in pieces)
        else:
            part = _encoded(part, _PATH_SAFE)
        if part == "..":
            del parts[-1:]
        elif part and part != ".":
            parts.append(part)
    return parts


def _without_index(path: list[str]) -> list[str]:
    while path and path[-1].lower() in tracking_params.INDEXES:
        path = path[:-1]
    return path


def _slug(part: str) -> bool:
    """Whether a part of a path names one article: words joined, or a number."""
    return "-" in part or "_" in part or any(c.isdigit() for c in part) or len(part) >= 24


def _article_part(part: str) -> bool:
    """Whether a part of a path is surely an article's own: several words, or a long number."""
    return part.count("-") + part.count("_") >= 2 or sum(c.isdigit() for c in part) >= LONG_NUMBER


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
    return [parameter(field) for field in query.split("&") if field] if query else []


def parameter(field: str) -> tuple[str, str]:
    """One parameter, decoded; `amp;` before the name is what double escaping in markup leaves."""
    name, _, value = field.partition("=")
    name = _decoded(name.replace("+", " "))
    while name.lower().startswith("amp;") and len(name) > 4:
        name = name[4:]
    return name, _decoded(value.replace("+", " "))


def is_tracking(name: str, value: str) -> bool:
    """Whether a parameter says how the reader came to the page, and nothing of the page."""
    name = name.strip().lower()
    if name in tracking_params.TRACKING or name.startswith(tracking_params.TRACKING_PREFIXES) or not (name or value):
        return True
    if name in tracking_params.TRACKING_WORDS:
        return not value.strip().isdigit()
    if name in tracking_params.OVERLAYS:
        return True
    if name in tracking_params.DRESSES:
        return value.strip().lower() in tracking_params.DRESS_SWITCHES
    if name in tracking_params.CHANNEL_NAMES:
        value = value.strip().lower()
        return value in tracking_params.CHANNELS or value.startswith("rss-")
    return name in tracking_params.SESSION_NAMES and _RANDOM.fullmatch(value) is not None


def _amp(name: str, value: str) -> bool:
    name, value = name.strip().lower(), value.strip().lower()
    if name not in tracking_params.AMP_NAMES:
        return False
    return value in tracking_params.AMP_VALUES or (name in ("amp", "isamp") and value in tracking_params.AMP_SWITCHES)


def page_fragment(fragment: str) -> str:
    """A fragment that selects the page (`#!…`, `#/…`), in normal form; any other is none."""
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
