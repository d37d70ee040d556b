"""Published files as answers: conditional, in ranges, in the coding that a client accepts.

What a file is and who may have it is decided before, by `document_routes`. Here its bytes become answers, made once.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import partial
from pathlib import Path

import xxhash

from ...messages import PageLocale, choose_language
from ...publish.atomic_files import TYPES, has_variants, variant
from ...render.pages import page_of
from .conditional_requests import CODINGS, SUFFIX, byte_range, choose_coding, none_match, seconds_of
from .deltas import Deltas, Parts, packed, split, wants_delta

Headers = tuple[tuple[bytes, bytes], ...]

FEEDS = (".atom", ".rss", ".json")
_OPEN: Headers = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"etag"))
_OF_BODY = (b"content-type", b"content-encoding")
_TO_PEOPLE = "Sec-Fetch-Dest, Accept-Encoding"  # a person who opens the feed in a browser is sent to its page
_LOOK = 1.0  # seconds between two looks whether a file changed
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


def page_policy(origin: str, *, media: bool) -> str:
    """The Content-Security-Policy of our pages. `media`: pictures, films and sounds may come from the sources."""
    ours = f"'self' {origin}"
    theirs = " https: http:" if media else ""
    return (
        f"default-src 'none'; style-src {ours}; script-src {ours}; img-src {ours}{theirs};"
        + (f" media-src{theirs};" if media else "")
        + f" base-uri 'none'; form-action {ours}; frame-ancestors 'none'"
    )


@dataclass(frozen=True, slots=True)
class Validator:
    """The ETag of a representation, with its answers 304."""

    etag: bytes
    unchanged: Answer
    unchanged_elsewhere: Answer  # CORS headers, for scripts of other sites


@dataclass(slots=True)
class Representation:
    """A document in one coding, with its answers made ready."""

    validator: Validator
    body: bytes
    whole: Answer
    head: Answer
    deltas: dict[bytes, Answer] = field(default_factory=dict)  # by the version that a client has
    parts: Parts | None = None  # made when somebody asks for what is new


@dataclass(slots=True)
class Document:
    """One published file."""

    path: Path
    suffix: str
    lifetime: str  # Cache-Control
    extra: tuple[tuple[str, str], ...]  # further headers
    page: str | None  # where a person is sent who opens it in a browser, and the file of that page
    page_file: Path | None
    swap: tuple[bytes, bytes] | None = None  # text of the file and its replacement for this reader
    locale: PageLocale | None = None  # of a page: in which language and zone its file was made
    values: Path | None = None  # of a page: the file of which it is made in other languages
    make: Callable[[bytes], bytes] | None = None  # what makes the document of its file, where it is not the file itself
    in_languages: dict[str, Document] = field(default_factory=dict)  # the page in other languages that were asked for
    looked: float = 0.0  # when the file was looked at, by the monotonic clock
    mtime_ns: int = -1
    size: int = 0
    young: bool = True  # changed within the current second: no Last-Modified yet
    codings: tuple[str, ...] = ()
    made: dict[str, Representation] = field(default_factory=dict)
    validators: dict[str, Validator] = field(default_factory=dict)  # also of dropped representations


class Documents:
    """Answers with files, and the bodies that are kept. Not safe for several threads: it belongs to the loop."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, clock: Callable[[], float] = time.time) -> None:
        self._monotonic = monotonic
        self._clock = clock
        self._bodies: OrderedDict[tuple[int, str], tuple[Document, Representation]] = OrderedDict()
        self._memory = 0
        self._deltas = Deltas()

    def respond(self, document: Document, head: bool, query: bytes, asked: Mapping[bytes, bytes]) -> Answer | None:
        """The answer by a document; None when its file is gone."""
        if document.locale is not None:
            other = self._in_language(document, document.locale, asked.get(b"accept-language"))
            found = None if other is None else self._respond(other, head, query, asked)
            if found is not None:
                return found
        return self._respond(document, head, query, asked)

    def _respond(self, document: Document, head: bool, query: bytes, asked: Mapping[bytes, bytes]) -> Answer | None:
        if not self.is_there(document):
            return None
        if query != b"raw" and _wants_the_page(document, asked):
            return self._to_the_page(document)
        coding = choose_coding(asked.get(b"accept-encoding"), document.codings)
        made = document.made.get(coding)
        known = document.validators.get(coding)
        if known is None:
            made = self._make(document, coding)
            if made is None:
                return None
            known = made.validator
        tags = asked.get(b"if-none-match")
        deltas = wants_delta(asked.get(b"a-im"), asked.get(b"user-agent", b"")) and document.suffix in FEEDS
        if _is_unchanged(document, known, tags, asked.get(b"if-modified-since")):
            if deltas and not self._deltas.knows(str(document.path), known.etag):  # got before it asked for deltas
                made = made or self._make(document, coding)
                if made is not None:
                    self._parts(document, made, coding)
            return known.unchanged_elsewhere if b"origin" in asked else known.unchanged
        if made is None:
            made = self._make(document, coding)
            if made is None:
                return None
        if deltas and b"range" not in asked:
            delta = self._delta(document, made, coding, tags, elsewhere=b"origin" in asked)
            if delta is not None:
                return replace(delta, body=b"") if head else delta
        if head:
            return made.head
        wanted = asked.get(b"range")
        if wanted is not None and self._same(document, made, asked.get(b"if-range")):
            return _part(made, wanted)
        return made.whole

    def is_there(self, document: Document) -> bool:
        """Whether a document has its file, as of the last second. What was made of an earlier version is dropped."""
        return self._monotonic() - document.looked < _LOOK or self._look(document)

    @staticmethod
    def _in_language(page: Document, locale: PageLocale, accept: bytes | None) -> Document | None:
        """The page in another language than it was published in, if its reader likes that best."""
        tongue = choose_language(accept.decode("latin-1") if accept else None, locale.language)
        if tongue == locale.language or page.values is None:
            return None
        other = page.in_languages.get(tongue)
        if other is None:
            other = page.in_languages[tongue] = replace(
                page,
                path=page.values,
                extra=tuple((n, tongue if n == "content-language" else v) for n, v in page.extra),
                locale=None,
                make=partial(page_of, locale=replace(locale, language=tongue)),
                looked=-_LOOK,
                mtime_ns=-1,
                codings=(),
                made={},
                validators={},
                in_languages={},
            )
        return other

    def _delta(
        self, document: Document, made: Representation, coding: str, tags: bytes | None, *, elsewhere: bool
    ) -> Answer | None:
        """What is new since the version that the client has; None when the whole has to be sent. Both are remembered.

        226 is for this client alone: `no-store` keeps it out of caches that do not know it, `im` lets those in that do
        (RFC 3229 §10.6.1). Who asks for it is a feed reader and no browser, so it carries nothing for browsers.
        """
        known = None if tags is None else self._deltas.known(str(document.path), tags)
        parts = self._parts(document, made, coding)
        if known is None or parts is None:
            return None
        tag, hashes = known
        found = made.deltas.get(tag)
        if found is None:
            delta = parts.since(hashes)
            if delta is None:
                return None
            whole = dict(made.whole.headers)
            kept = ((n.decode(), whole[n].decode("latin-1")) for n in (*_OF_BODY, b"etag") if n in whole)
            ours = (("im", "feed"), ("cache-control", "no-store, im"), ("vary", "A-IM, If-None-Match, Accept-Encoding"))
            found = made.deltas[tag] = answer(226, (*kept, *ours), packed(delta, coding))
        return with_headers(found, _OPEN) if elsewhere and _OPEN[0] in made.whole.headers else found

    def _parts(self, document: Document, made: Representation, coding: str) -> Parts | None:
        """The present version in parts, which is remembered as what a client has; None for what is never sent so."""
        if made.parts is None:
            body = made.body if coding == "identity" else self._bytes(document, "identity")
            made.parts = split(body, document.suffix) or Parts(body, (), b"")
        self._deltas.remember(str(document.path), made.validator.etag, made.parts.hashes)
        return made.parts if made.parts.entries else None

    def _to_the_page(self, document: Document) -> Answer:
        return answer(
            302, (("location", document.page or "/"), ("cache-control", "no-store"), ("vary", _TO_PEOPLE), *plain())
        )

    @staticmethod
    def _same(document: Document, made: Representation, if_range: bytes | None) -> bool:
        """Whether a range may be taken from this representation (RFC 9110 §13.1.5: strong comparison, exact date)."""
        if if_range is None:
            return True
        if if_range.startswith((b'"', b"W/")):
            return if_range == made.validator.etag
        return not document.young and seconds_of(if_range) == document.mtime_ns // 1_000_000_000

    def _look(self, document: Document) -> bool:
        """Check whether the file changed; False when there is none."""
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
        document.codings = CODINGS if has_variants(document.suffix, stat.st_size) else ()
        return True

    @staticmethod
    def _variant(document: Document, coding: str) -> Path | None:
        """The file of a coding, if it was made with the document's present bytes."""
        path = document.path.with_name(document.path.name + SUFFIX[coding])
        try:
            return path if path.stat().st_mtime_ns == document.mtime_ns else None
        except OSError:
            return None

    def _make(self, document: Document, coding: str) -> Representation | None:
        """A representation with its answers, read from its file."""
        try:
            body = self._bytes(document, coding)
        except (OSError, ValueError):  # ValueError: page values of another version
            return None
        etag = b'"' + xxhash.xxh3_128_hexdigest(body).encode() + b'"'
        modified = () if document.young else (("last-modified", formatdate(document.mtime_ns // 10**9, usegmt=True)),)
        vary = _TO_PEOPLE if document.page else "Accept-Encoding"
        if document.values is not None:
            vary = "Accept-Language, Accept-Encoding"
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
        whole = answer(200, full, body)
        # the headers of RFC 9110 §15.4.5 only: most polls end here
        unchanged = answer(304, (("etag", etag.decode()), ("cache-control", document.lifetime), ("vary", vary)))
        elsewhere = with_headers(unchanged, _OPEN) if _OPEN[0] in whole.headers else unchanged
        known = document.validators[coding] = Validator(etag, unchanged, elsewhere)
        made = document.made[coding] = Representation(known, body, whole, head=answer(200, full, body, head=True))
        self._keep(document, coding, made)
        return made

    def _bytes(self, document: Document, coding: str) -> bytes:
        if coding != "identity":
            packed = self._variant(document, coding)
            if packed is not None:
                return packed.read_bytes()
        with document.path.open("rb") as file:
            body = file.read()
            stat = os.fstat(file.fileno())
        if stat.st_mtime_ns != document.mtime_ns:  # it changed meanwhile: the bytes are newer than the noted state
            document.looked = 0.0
        if document.swap is not None:
            body = body.replace(*document.swap)
        if document.make is not None:
            body = document.make(body)
        return body if coding == "identity" else variant(body, SUFFIX[coding])

    def _keep(self, document: Document, coding: str, made: Representation) -> None:
        """Keep a body in memory. When there is too much, the bodies made longest ago are dropped.

        Validators stay, so that a poll answered 304 need not wait for compression.
        """
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
        document.validators.clear()

    def forget(self, document: Document) -> None:
        """Drop a document for good, in every language."""
        for one in (document, *document.in_languages.values()):
            self.drop(one)


def with_headers(found: Answer, more: Headers) -> Answer:
    """An answer with further headers."""
    headers = (*found.headers, *more)
    return replace(found, headers=headers, lines=wire(headers))


def plain() -> tuple[tuple[str, str], ...]:
    return (
        ("content-type", "text/plain; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("referrer-policy", "no-referrer"),
    )


def _part(made: Representation, wanted: bytes) -> Answer:
    size = len(made.body)
    span = byte_range(wanted, size)
    if span is None:
        return made.whole
    kept = [(n.decode(), v.decode("latin-1")) for n, v in made.whole.headers if n != b"content-length"]
    if span == (0, 0):
        return answer(416, (*plain(), ("content-range", f"bytes */{size}")))
    first, end = span
    return answer(206, (*kept, ("content-range", f"bytes {first}-{end - 1}/{size}")), made.body[first:end])


def _wants_the_page(document: Document, asked: Mapping[bytes, bytes]) -> bool:
    """Whether a person opened a feed in a browser, and there is a page to show instead."""
    return (
        document.page is not None
        and asked.get(b"sec-fetch-mode") == b"navigate"
        and asked.get(b"sec-fetch-dest") == b"document"
        and document.page_file is not None
        and document.page_file.is_file()
    )


def _is_unchanged(document: Document, known: Validator, tags: bytes | None, since: bytes | None) -> bool:
    """Whether the client has this document already; a date counts only where no tag is told (RFC 9110 §13.2.2)."""
    if tags is not None:
        return none_match(tags, known.etag)
    moment = None if since is None or document.young else seconds_of(since)
    return moment is not None and moment >= document.mtime_ns // 1_000_000_000


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
