"""The published folder behind HTTP: path → document → answer, from files that are already as they are sent.

A path is looked up in a table of topics and sources and never joined to a folder (RELIABILITY W3): the name of the
file is made of the table's own key and a suffix from a fixed list.
"""

from __future__ import annotations

import gzip
import os
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from typing import Literal
from urllib.parse import unquote_to_bytes, urlsplit

import xxhash

from .web_http import CODINGS, SUFFIX, byte_range, choose_coding, none_match, seconds_of
from .web_private import CROWDED, Doors, Guest, Room

Headers = tuple[tuple[bytes, bytes], ...]

_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".xml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_ROOT = ("opml.xml", "style.css", "icon.svg", "icon.png", "logo.png", "favicon.ico")
_FEEDS = (".atom", ".rss", ".json")
_PACKED = (".atom", ".rss", ".json", ".xml", ".html", ".css", ".svg")
_WORTH = 1000  # bytes from which compression is worth it
_YEAR = 31_536_000
_LOOK = 1.0  # seconds for which a file is not looked at again
_MEMORY = 64_000_000  # bytes of bodies that are kept

_FOR_ANY_SITE = [
    ("cross-origin-resource-policy", "cross-origin"),
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "etag, last-modified, link"),
]
_ASKED = frozenset(
    b"host accept-encoding if-none-match if-modified-since range if-range sec-fetch-mode sec-fetch-dest".split(b" ")
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the table knows of `t/NAME` or `s/NAME`."""

    state: Literal["here", "moved", "gone"] = "here"
    to: str | None = None  # where it moved: `t/OTHER`
    ttl: int = 30  # minutes to the next expected change
    lies: str | None = None  # of a private topic: where its documents lie, `t/PLACE/NAME`


@dataclass(slots=True)
class Answer:
    """One answer. `lines` are the headers as they go over the wire, without status line and Date."""

    status: int
    headers: Headers
    lines: bytes
    body: bytes | memoryview = b""


def answer(status: int, headers: Iterable[tuple[str, str]], body: bytes = b"", *, head: bool = False) -> Answer:
    """An answer of given headers; Content-Length is added where a body may be."""
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if status not in (204, 304):
        pairs.append((b"content-length", str(len(body)).encode()))
    whole = tuple(pairs)
    return Answer(status, whole, wire(whole), b"" if head else body)


def wire(headers: Headers) -> bytes:
    """Headers as they go over the wire."""
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers)


@dataclass(slots=True)
class _Representation:
    """A document in one coding, with its answers made ready."""

    etag: bytes
    body: bytes
    whole: Answer
    head: Answer
    unchanged: Answer


@dataclass(slots=True)
class Document:
    """One published file."""

    path: Path
    suffix: str
    lifetime: str  # Cache-Control
    extra: tuple[tuple[str, str], ...]  # further headers
    page: str | None  # where a person is sent who opens it in a browser, and the file of that page
    page_file: Path | None
    swap: tuple[bytes, bytes] | None = None  # words of the file, and what this reader gets instead
    looked: float = 0.0  # when the file was looked at, by the monotonic clock
    mtime_ns: int = -1
    size: int = 0
    young: bool = True  # changed within this very second: no Last-Modified yet
    codings: tuple[str, ...] = ()
    made: dict[str, _Representation] = field(default_factory=dict)


class Shelf:
    """All documents of an installation. Not safe for several threads: it belongs to the loop.

    `places` is the table: which public topics and sources there are (`t/ukraine` → Place); `rooms` are the private
    topics, whose documents lie in the folder `private`. `hosts` are the names that are answered to, besides loopback
    addresses. `hubs` are announced with every public feed.
    """

    def __init__(
        self,
        folder: Path,
        base_url: str,
        *,
        places: Mapping[str, Place] | None = None,
        hosts: Iterable[str] = (),
        hubs: Iterable[str] = (),
        private: Path | None = None,
        rooms: Mapping[str, Room] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.private = private or folder.with_name("private")
        self.doors = Doors(monotonic)
        self.doors.set_rooms(rooms or {})
        self.base_url = base_url.rstrip("/")
        parts = urlsplit(self.base_url)
        self.prefix = parts.path.encode()
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.hosts = frozenset(h.lower() for h in (parts.hostname or "", *hosts) if h)
        self.hubs = tuple(hubs)
        self._monotonic = monotonic
        self._clock = clock
        self._places: dict[str, Place] = dict(places or {})
        self._documents: dict[bytes, Document] = {}
        self._of_guests: dict[tuple[str, str], Document] = {}  # by the reader's address of a topic, and path
        self._bodies: OrderedDict[tuple[int, str], tuple[Document, _Representation]] = OrderedDict()
        self._memory = 0
        self._known_hosts: dict[bytes, bool] = {}
        self.answered: Counter[int] = Counter()  # answers with documents, by status

    def set_places(self, places: Mapping[str, Place]) -> None:
        """A new table: topics came, moved or went."""
        if places != self._places:
            self._places = dict(places)
            for document in self._documents.values():
                self._drop(document)
            self._documents.clear()

    def set_rooms(self, rooms: Mapping[str, Room], moved: Mapping[str, str] | None = None) -> None:
        """The private topics and who may read them, from now on; `moved`: former names of topics and their new ones."""
        self.doors.set_rooms(rooms, moved)
        for document in self._of_guests.values():
            self._drop(document)
        self._of_guests.clear()

    def quick(self, method: bytes, url: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
        """The answer to a GET or HEAD of a document that was asked for before; None for everything else."""
        path, _, query = url.partition(b"?")
        document = self._documents.get(path)
        if document is None:
            return None
        asked: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in _ASKED:
                if name in asked:
                    return None  # twice the same header: the long way looks at it
                asked[name] = value
        if not self._known_hosts.get(asked.get(b"host", b"")):
            return None
        found = self._respond(document, method == b"HEAD", query, asked)
        if found is not None:
            self.answered[found.status] += 1
        return found

    def host_allowed(self, host: bytes | None) -> bool:
        """Whether we answer to this Host: a configured name or a loopback address, with any port (W4)."""
        if host is None:
            return False
        allowed = self._known_hosts.get(host)
        if allowed is None:
            allowed = self._is_our_host(host)
            if allowed and len(self._known_hosts) < 256:
                self._known_hosts[host] = True
        return allowed

    def find(
        self, method: str, raw_path: bytes, query: bytes, headers: Mapping[bytes, bytes], client: str = ""
    ) -> Answer | None:
        """The answer for a path: a document, 301 for what moved, 410 for what was removed; None if it is not ours.

        `client` is the address of who asks, whose failed tries at private topics are counted.
        """
        path = raw_path
        if self.prefix and path.startswith(self.prefix + b"/"):
            path = path[len(self.prefix) :]
        if b"%" in path:
            path = unquote_to_bytes(path)  # once: what is coded twice names nothing
        try:
            name = path.decode("ascii").removeprefix("/")
        except UnicodeDecodeError:
            return None
        located = self._locate(name, self._places)
        if located is None:
            guest = self.doors.enter(name, headers.get(b"authorization"), client)
            if guest == CROWDED:
                return answer(429, (("retry-after", "60"), *_plain()), b"Too many tries; come back in a minute.\n")
            return None if guest is None else self._to_guest(guest, name, method, query, headers)
        if isinstance(located, Answer):
            return located
        if method not in ("GET", "HEAD"):
            return _method_answer(method, located)
        located = self._documents.setdefault(raw_path, located)
        found = self._respond(located, method == "HEAD", query, headers)
        if found is None:
            self._documents.pop(raw_path, None)
        else:
            self.answered[found.status] += 1
        return found

    def _to_guest(
        self, guest: Guest, name: str, method: str, query: bytes, headers: Mapping[bytes, bytes]
    ) -> Answer | None:
        """The answer to a reader with a right token. It is looked for anew each time: tokens are revoked."""
        topic = guest.stem.rpartition("/")[2]
        place = Place(ttl=guest.room.ttl, lies=f"t/{guest.room.place}/{topic}")
        if guest.room.gone:
            place = replace(place, state="gone")
        elif guest.to is not None:
            place = replace(place, state="moved", to=guest.to)
        located = self._locate(name, {guest.stem: place})
        if located is None or isinstance(located, Answer):
            return located
        if method not in ("GET", "HEAD"):
            return _method_answer(method, located)
        located = self._of_guests.setdefault((guest.stem, name), located)
        found = self._respond(located, method == "HEAD", query, headers)
        if found is not None:
            self.answered[found.status] += 1
        return found

    def feed(self, url: str) -> tuple[Path, str] | None:
        """File and media type of a public feed by its absolute address; None for all else, archives among it."""
        name = url.removeprefix(self.base_url + "/")
        stem, dot, suffix = name.rpartition(".")
        place = self._places.get(stem)
        if name == url or not dot or f".{suffix}" not in _FEEDS or place is None:
            return None
        return (self.folder / f"{stem}.{suffix}", _TYPES[f".{suffix}"]) if place.state == "here" else None

    def _is_our_host(self, host: bytes) -> bool:
        try:
            name = (urlsplit("//" + host.decode("ascii")).hostname or "").lower().rstrip(".")
        except ValueError:
            return False
        if name in self.hosts or name == "localhost" or name == "::1":
            return True
        numbers = name.split(".")
        return len(numbers) == 4 and numbers[0] == "127" and all(n.isascii() and n.isdigit() for n in numbers)

    def _locate(self, name: str, places: Mapping[str, Place]) -> Document | Answer | None:
        """The document of a path without its leading slash, by the table."""
        if name == "":
            return self._document("index.html", "max-age=300")
        if name in _ROOT:
            return self._document(name, "max-age=300" if name == "opml.xml" else "max-age=86400")
        suffix = next((s for s in _FEEDS if name.endswith(s)), "")
        stem = name.removesuffix(suffix) if suffix else name
        place = places.get(stem)
        if place is not None:
            return self._in_place(stem, suffix, place)
        folder, _, last = stem.rpartition("/")
        place = places.get(folder)
        if place is None:
            return None
        if last == "" and not suffix:  # /t/NAME/ → /t/NAME
            return self._moved(f"/{folder}")
        number = last.removeprefix("archive-")
        if suffix == ".atom" and number != last and number.isascii() and number.isdigit() and 6 <= len(number) <= 9:
            return self._in_place(folder, suffix, place, archive=number)
        return None

    def _in_place(self, stem: str, suffix: str, place: Place, archive: str = "") -> Document | Answer:
        tail = f"/archive-{archive}{suffix}" if archive else suffix
        if place.state == "gone":
            return answer(410, _plain(), b"This feed was removed.\n")
        if place.state == "moved" and place.to is not None:
            return self._moved(f"/{place.to}{tail}")
        if not suffix:
            return self._document(f"{stem}/index.html", self._lifetime(place), place, of=stem)
        lifetime = f"max-age={_YEAR}, immutable" if archive else self._lifetime(place)
        return self._document(f"{stem}{tail}", lifetime, place, of=stem, stem=stem)

    @staticmethod
    def _lifetime(place: Place) -> str:
        """The topic's rhythm within 5 to 60 minutes; an old copy is better than an error for a day (RFC 5861)."""
        seconds = 60 * max(5, min(place.ttl, 60))
        return f"max-age={seconds}, stale-while-revalidate={seconds}, stale-if-error=86400"

    def _moved(self, path: str) -> Answer:
        location = self.prefix.decode() + path
        return answer(301, (("location", location), ("cache-control", "max-age=86400"), *_plain()))

    def _document(
        self, name: str, lifetime: str, place: Place | None = None, *, of: str = "", stem: str | None = None
    ) -> Document:
        """A file by its name as an address; `of` is the address of its feed, `stem` the same for a feed itself."""
        private = place is not None and place.lies is not None
        suffix = name[name.rindex(".") :]
        extra: list[tuple[str, str]] = [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")]
        if private:
            extra.append(("x-robots-tag", "noindex, nofollow"))
        if suffix in _FEEDS or suffix == ".xml":
            extra.append(("content-security-policy", "sandbox; default-src 'none'"))
            extra += [("cross-origin-resource-policy", "same-origin")] if private else _FOR_ANY_SITE
            if stem is not None:
                links = [] if private else [f'<{hub}>; rel="hub"' for hub in self.hubs]
                extra.append(("link", ", ".join([*links, f'<{self.base_url}/{name}>; rel="self"'])))
        else:
            pictures = f"'self' {self.origin}" + (" https: http:" if "/" in name else "")
            extra += [
                (
                    "content-security-policy",
                    f"default-src 'none'; style-src 'self' {self.origin}; img-src {pictures};"
                    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
                ),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ]
        page = f"{self.prefix.decode()}/{stem}" if stem is not None else None
        folder, lies, swap = self.folder, of, None
        if place is not None and place.lies is not None:
            folder, lies, swap = self.private, place.lies, (f"/{place.lies}".encode(), f"/{of}".encode())
        page_file = folder / lies / "index.html" if stem is not None else None
        cache = "private, no-store" if private else f"public, {lifetime}"
        return Document(folder / f"{lies}{name.removeprefix(of)}", suffix, cache, tuple(extra), page, page_file, swap)

    def _respond(self, document: Document, head: bool, query: bytes, asked: Mapping[bytes, bytes]) -> Answer | None:
        """The answer by a document; None when its file is gone."""
        if self._monotonic() - document.looked >= _LOOK and not self._look(document):
            return None
        if (
            document.page is not None
            and asked.get(b"sec-fetch-mode") == b"navigate"
            and asked.get(b"sec-fetch-dest") == b"document"
            and query != b"raw"
            and document.page_file is not None
            and document.page_file.is_file()
        ):
            return self._to_the_page(document)
        coding = choose_coding(asked.get(b"accept-encoding"), document.codings)
        made = document.made.get(coding)
        if made is None:
            made = self._make(document, coding)
            if made is None:
                return None
        tags = asked.get(b"if-none-match")
        if tags is not None:
            if none_match(tags, made.etag):
                return made.unchanged
        else:
            since = asked.get(b"if-modified-since")
            if since is not None and not document.young:
                seconds = seconds_of(since)
                if seconds is not None and seconds >= document.mtime_ns // 1_000_000_000:
                    return made.unchanged
        if head:
            return made.head
        wanted = asked.get(b"range")
        if wanted is not None and self._same(document, made, asked.get(b"if-range")):
            return _part(made, wanted)
        return made.whole

    def _to_the_page(self, document: Document) -> Answer:
        return answer(
            302,
            (
                ("location", document.page or "/"),
                ("cache-control", "no-store"),
                ("vary", "Sec-Fetch-Dest, Accept-Encoding"),
                *_plain(),
            ),
        )

    @staticmethod
    def _same(document: Document, made: _Representation, if_range: bytes | None) -> bool:
        """Whether a range may be taken from this representation (RFC 9110 §13.1.5: strong comparison, exact date)."""
        if if_range is None:
            return True
        if if_range.startswith((b'"', b"W/")):
            return if_range == made.etag
        return not document.young and seconds_of(if_range) == document.mtime_ns // 1_000_000_000

    def _look(self, document: Document) -> bool:
        """Looks whether the file changed; False when there is none."""
        try:
            stat = document.path.stat()
        except OSError:
            self._drop(document)
            return False
        document.looked = self._monotonic()
        young = self._clock() < stat.st_mtime_ns // 1_000_000_000 + 1
        if stat.st_mtime_ns == document.mtime_ns and stat.st_size == document.size and young == document.young:
            return True
        self._drop(document)
        document.mtime_ns, document.size, document.young = stat.st_mtime_ns, stat.st_size, young
        document.codings = ()
        if document.suffix in _PACKED and stat.st_size >= _WORTH:
            document.codings = tuple(c for c in CODINGS if self._variant(document, c) is not None or c == "gzip")
        return True

    @staticmethod
    def _variant(document: Document, coding: str) -> Path | None:
        """The file of a coding, if it was made with the document's present bytes."""
        path = document.path.with_name(document.path.name + SUFFIX[coding])
        try:
            return path if path.stat().st_mtime_ns == document.mtime_ns else None
        except OSError:
            return None

    def _make(self, document: Document, coding: str) -> _Representation | None:
        """A representation with its answers, read from its file."""
        try:
            body = self._bytes(document, coding)
        except OSError:
            return None
        etag = b'"' + xxhash.xxh3_128_hexdigest(body).encode() + b'"'
        modified = () if document.young else (("last-modified", formatdate(document.mtime_ns // 10**9, usegmt=True)),)
        vary = "Sec-Fetch-Dest, Accept-Encoding" if document.page else "Accept-Encoding"
        common = (
            ("etag", etag.decode()),
            *modified,
            ("cache-control", document.lifetime),
            ("vary", vary),
            *document.extra,
        )
        kind = (("content-type", _TYPES[document.suffix]),)
        coded = () if coding == "identity" else (("content-encoding", coding),)
        full = (*kind, *coded, *common, ("accept-ranges", "bytes"))
        made = _Representation(
            etag,
            body,
            whole=answer(200, full, body),
            head=answer(200, full, body, head=True),
            unchanged=answer(304, common),
        )
        document.made[coding] = made
        self._keep(document, coding, made)
        return made

    def _bytes(self, document: Document, coding: str) -> bytes:
        if coding != "identity":
            variant = self._variant(document, coding)
            if variant is not None:
                return variant.read_bytes()
        with document.path.open("rb") as file:
            body = file.read()
            stat = os.fstat(file.fileno())
        if stat.st_mtime_ns != document.mtime_ns:  # it changed just now: what was read is newer than what we noted
            document.looked = 0.0
        if document.swap is not None:
            body = body.replace(*document.swap)
        return gzip.compress(body, 6, mtime=0) if coding == "gzip" else body

    def _keep(self, document: Document, coding: str, made: _Representation) -> None:
        """Keeps a body in memory, and lets the ones go that were made longest ago when there are too many."""
        self._bodies[id(document), coding] = document, made
        self._memory += len(made.body)
        while self._memory > _MEMORY and len(self._bodies) > 1:
            (_, old), (other, gone) = self._bodies.popitem(last=False)
            self._memory -= len(gone.body)
            other.made.pop(old, None)

    def _drop(self, document: Document) -> None:
        for coding, made in document.made.items():
            if self._bodies.pop((id(document), coding), None) is not None:
                self._memory -= len(made.body)
        document.made.clear()


def _plain() -> tuple[tuple[str, str], ...]:
    return (
        ("content-type", "text/plain; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("referrer-policy", "no-referrer"),
    )


def _part(made: _Representation, wanted: bytes) -> Answer:
    size = len(made.body)
    span = byte_range(wanted, size)
    if span is None:
        return made.whole
    kept = [(n.decode(), v.decode("latin-1")) for n, v in made.whole.headers if n != b"content-length"]
    if span == (0, 0):
        return answer(416, (*_plain(), ("content-range", f"bytes */{size}")))
    first, end = span
    return answer(206, (*kept, ("content-range", f"bytes {first}-{end - 1}/{size}")), made.body[first:end])


def _method_answer(method: str, document: Document) -> Answer:
    """OPTIONS (for browsers that ask before a conditional request from another site) and 405 for the rest."""
    if method == "OPTIONS" and ("access-control-allow-origin", "*") in document.extra:
        return answer(
            204,
            (
                ("allow", "GET, HEAD, OPTIONS"),
                ("access-control-allow-origin", "*"),
                ("access-control-allow-methods", "GET, HEAD"),
                ("access-control-allow-headers", "if-none-match, if-modified-since, range"),
                ("access-control-max-age", "86400"),
            ),
        )
    return answer(405, (("allow", "GET, HEAD"), *_plain()), b"Method not allowed.\n")
