"""Published files as answers: looked at now and then, in the coding that a client takes, conditional, in parts.

What a file is and who may have it is decided before (`shelf`); here its bytes become answers that are made once.
"""

from __future__ import annotations

import gzip
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import xxhash

from ...folder import TYPES, has_variants
from .http import CODINGS, SUFFIX, byte_range, choose_coding, none_match, seconds_of

Headers = tuple[tuple[bytes, bytes], ...]

_LOOK = 1.0  # seconds for which a file is not looked at again
_MEMORY = 64_000_000  # bytes of bodies that are kept


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


class Documents:
    """Answers with files, and the bodies that are kept. Not safe for several threads: it belongs to the loop."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, clock: Callable[[], float] = time.time) -> None:
        self._monotonic = monotonic
        self._clock = clock
        self._bodies: OrderedDict[tuple[int, str], tuple[Document, _Representation]] = OrderedDict()
        self._memory = 0

    def respond(self, document: Document, head: bool, query: bytes, asked: Mapping[bytes, bytes]) -> Answer | None:
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
                *plain(),
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
            self.drop(document)
            return False
        document.looked = self._monotonic()
        young = self._clock() < stat.st_mtime_ns // 1_000_000_000 + 1
        if stat.st_mtime_ns == document.mtime_ns and stat.st_size == document.size and young == document.young:
            return True
        self.drop(document)
        document.mtime_ns, document.size, document.young = stat.st_mtime_ns, stat.st_size, young
        document.codings = ()
        if has_variants(document.suffix, stat.st_size):
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
        kind = (("content-type", TYPES[document.suffix]),)
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

    def drop(self, document: Document) -> None:
        for coding, made in document.made.items():
            if self._bodies.pop((id(document), coding), None) is not None:
                self._memory -= len(made.body)
        document.made.clear()


def plain() -> tuple[tuple[str, str], ...]:
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
        return answer(416, (*plain(), ("content-range", f"bytes */{size}")))
    first, end = span
    return answer(206, (*kept, ("content-range", f"bytes {first}-{end - 1}/{size}")), made.body[first:end])


def method_answer(method: str, document: Document) -> Answer:
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
    return answer(405, (("allow", "GET, HEAD"), *plain()), b"Method not allowed.\n")
