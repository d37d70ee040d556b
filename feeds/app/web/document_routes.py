"""The published folder behind HTTP: path → document → answer. The files hold exactly what is sent.

A path is looked up in a table of topics and sources and never joined to a folder (RELIABILITY W3): the name of the
file is made of the table's own key and a suffix from a fixed list.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote_to_bytes, urlsplit

from ...messages import UTC_ENGLISH, PageLocale
from ...publish.atomic_files import TYPES
from .documents import FEEDS, Answer, Document, Documents, answer, method_answer, page_policy, plain
from .token_gate import TOO_MANY, Access, PrivateTopic, TokenGate

_ROOT = ("opml.xml", "style.css", "article.css", "page.js", "icon.svg", "icon.png", "logo.png", "favicon.ico")
_WEEK = 604_800  # a removal writes an archive document anew, so it is not immutable (RFC 8246)

_FOR_ANY_SITE = [
    ("cross-origin-resource-policy", "cross-origin"),
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "etag, last-modified, link"),
]
_ASKED = frozenset(
    b"host origin a-im accept-encoding accept-language if-none-match if-modified-since range if-range"
    b" sec-fetch-mode sec-fetch-dest user-agent".split(b" ")
)


@dataclass(frozen=True, slots=True)
class Place:
    """The table's entry of `t/NAME` or `s/NAME`."""

    state: Literal["here", "moved", "gone"] = "here"
    to: str | None = None  # where it moved: `t/OTHER`
    ttl: int = 30  # minutes to the next expected change
    lies: str | None = None  # of a private topic: where its documents lie, `t/PLACE/NAME`


class DocumentRoutes:
    """All documents of an installation. Not safe for several threads: it belongs to the loop.

    `places` is the table: which public topics and sources there are (`t/ukraine` → Place). Documents of
    `private_topics` lie in the folder `private`. `hosts` are the names that are answered to, besides loopback
    addresses. `hubs` are announced with every public feed. `locale` is that of the pages as they are published.
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
        private_topics: Mapping[str, PrivateTopic] | None = None,
        locale: PageLocale = UTC_ENGLISH,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.private = private or folder.with_name("private")
        self.gate = TokenGate(monotonic)
        self.gate.set_private_topics(private_topics or {})
        self.base_url = base_url.rstrip("/")
        parts = urlsplit(self.base_url)
        self.prefix = parts.path.encode()
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.hosts = frozenset(h.lower() for h in (parts.hostname or "", *hosts) if h)
        self.hubs = tuple(hubs)
        self._locale = locale
        self._answers = Documents(monotonic, clock)
        self.is_there = self._answers.is_there
        self._places: dict[str, Place] = dict(places or {})
        self._on_demand: dict[str, Place] = {}  # sources whose feeds need a token or signature
        self._asked_for: dict[str, Document] = {}  # their documents
        self._documents: dict[bytes, Document] = {}  # by path in its plain spelling: as many as there are documents
        self._of_readers: dict[tuple[str, str], Document] = {}  # by the reader's address of a topic, and path
        self._known_hosts: dict[bytes, bool] = {}
        self.answered: Counter[int] = Counter()  # answers with documents, by status

    def set_places(self, places: Mapping[str, Place], on_demand: Mapping[str, Place] | None = None) -> None:
        """Set the table of public topics and sources. `on_demand`: sources without a public address."""
        hidden = dict(on_demand or {})
        if places != self._places or hidden != self._on_demand:
            self._places, self._on_demand = dict(places), hidden
            self._forget_documents()

    def set_locale(self, locale: PageLocale) -> None:
        """Set in which language and zone the files of pages are made."""
        if locale != self._locale:
            self._locale = locale
            self._forget_documents()

    def _forget_documents(self) -> None:
        for document in self._documents.values():
            self._answers.forget(document)
        self._documents.clear()
        for document in self._asked_for.values():
            self._answers.forget(document)
        self._asked_for.clear()

    def set_private_topics(self, topics: Mapping[str, PrivateTopic], moved: Mapping[str, str] | None = None) -> None:
        """Set the private topics and who may read them. `moved` maps former names of topics to new ones."""
        self.gate.set_private_topics(topics, moved)
        for document in self._of_readers.values():
            self._answers.forget(document)
        self._of_readers.clear()

    def quick(self, method: bytes, url: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
        """The answer to a GET or HEAD of a document that was asked for before; None for everything else."""
        path, _, query = url.partition(b"?")
        document = self._documents.get(path.removeprefix(self.prefix))
        if document is None:
            return None
        asked: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in _ASKED:
                if name in asked:
                    return None  # the same header twice is left to `find`
                asked[name] = value
        if not self._known_hosts.get(asked.get(b"host", b"")):
            return None
        found = self._answers.respond(document, method == b"HEAD", query, asked)
        if found is not None:
            self.answered[found.status] += 1
        return found

    def asked_before(self, url: bytes) -> Document | None:
        """The public document of an address that was asked for before."""
        return self._documents.get(url.partition(b"?")[0].removeprefix(self.prefix))

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
            path = unquote_to_bytes(path)  # decoded once only
        try:
            name = path.decode("ascii").removeprefix("/")
        except UnicodeDecodeError:
            return None
        located = self._locate(name, self._places)
        if located is None:
            access = self.gate.enter(name, headers.get(b"authorization"), client)
            if access == TOO_MANY:
                return answer(429, (("retry-after", "60"), *plain()), b"Too many tries; come back in a minute.\n")
            return None if access is None else self._to_reader(access, name, method, query, headers)
        if isinstance(located, Answer):
            return located
        if method not in ("GET", "HEAD"):
            return method_answer(method, located)
        plain_path = b"/" + name.encode()
        located = self._documents.setdefault(plain_path, located)
        found = self._answers.respond(located, method == "HEAD", query, headers)
        if found is None:
            self._documents.pop(plain_path, None)
        else:
            self.answered[found.status] += 1
        return found

    def _to_reader(
        self, access: Access, name: str, method: str, query: bytes, headers: Mapping[bytes, bytes]
    ) -> Answer | None:
        """The answer to a reader with a right token, located anew each time: tokens may be revoked."""
        topic = access.stem.rpartition("/")[2]
        place = Place(ttl=access.topic.ttl, lies=f"t/{access.topic.place}/{topic}")
        if access.topic.gone:
            place = replace(place, state="gone")
        elif access.to is not None:
            place = replace(place, state="moved", to=access.to)
        located = self._locate(name, {access.stem: place})
        if located is None or isinstance(located, Answer):
            return located
        if method not in ("GET", "HEAD"):
            return method_answer(method, located)
        located = self._of_readers.setdefault((access.stem, name), located)
        found = self._answers.respond(located, method == "HEAD", query, headers)
        if found is not None:
            self.answered[found.status] += 1
        return found

    def find_on_demand(self, name: str, headers: Mapping[bytes, bytes]) -> Answer | None:
        """The answer with a feed on demand, `s/NAME.atom` or its archive; the caller checked the permission."""
        located = self._locate(name, self._on_demand)
        if located is None or isinstance(located, Answer):
            return located
        located = self._asked_for.setdefault(name, located)
        found = self._answers.respond(located, False, b"", headers)
        if found is not None:
            self.answered[found.status] += 1
        return found

    def place(self, stem: str) -> Place | None:
        """What the table knows of a public topic or source: `t/NAME` or `s/NAME`."""
        return self._places.get(stem)

    def is_on_demand(self, stem: str) -> bool:
        """Whether a source, `s/NAME`, is in the table as a feed on demand."""
        return stem in self._on_demand

    def feed(self, url: str) -> tuple[Path, str] | None:
        """File and media type of a public feed by its absolute address; None for anything else, archives included."""
        name = url.removeprefix(self.base_url + "/")
        stem, dot, suffix = name.rpartition(".")
        place = self._places.get(stem)
        if name == url or not dot or f".{suffix}" not in FEEDS or place is None:
            return None
        return (self.folder / f"{stem}.{suffix}", TYPES[f".{suffix}"]) if place.state == "here" else None

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
        suffix = next((s for s in FEEDS if name.endswith(s)), "")
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
            return answer(410, plain(), b"This feed was removed.\n")
        if place.state == "moved" and place.to is not None:
            return self._moved(f"/{place.to}{tail}")
        if not suffix:
            return self._document(f"{stem}/index.html", self._lifetime(place), place, of=stem)
        lifetime = f"max-age={_WEEK}" if archive else self._lifetime(place)
        return self._document(f"{stem}{tail}", lifetime, place, of=stem, stem=stem)

    @staticmethod
    def _lifetime(place: Place) -> str:
        """Cache-Control: the topic's rhythm, 5 to 60 minutes; a day of staleness instead of an error (RFC 5861)."""
        seconds = 60 * max(5, min(place.ttl, 60))
        return f"max-age={seconds}, stale-while-revalidate={seconds}, stale-if-error=86400"

    def _moved(self, path: str) -> Answer:
        location = self.prefix.decode() + path
        return answer(301, (("location", location), ("cache-control", "max-age=86400"), *plain()))

    def _document(
        self, name: str, lifetime: str, place: Place | None = None, *, of: str = "", stem: str | None = None
    ) -> Document:
        """A file by its name as an address; `of` is the address of its feed, `stem` the same for a feed itself."""
        private = place is not None and place.lies is not None
        suffix = name[name.rindex(".") :]
        extra: list[tuple[str, str]] = [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")]
        if private:
            extra.append(("x-robots-tag", "noindex, nofollow"))
        if suffix in FEEDS or suffix == ".xml":
            extra.append(("content-security-policy", "sandbox; default-src 'none'"))
            extra += [("cross-origin-resource-policy", "same-origin")] if private else _FOR_ANY_SITE
            if stem is not None:
                links = [] if private else [f'<{hub}>; rel="hub"' for hub in self.hubs]
                extra.append(("link", ", ".join([*links, f'<{self.base_url}/{name}>; rel="self"'])))
        else:
            extra += [
                ("content-security-policy", page_policy(self.origin, media="/" in name)),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ]
        page = f"{self.prefix.decode()}/{stem}" if stem is not None else None
        folder, lies, swap = self.folder, of, None
        if place is not None and place.lies is not None:
            folder, lies, swap = self.private, place.lies, (f"/{place.lies}".encode(), f"/{of}".encode())
        page_file = folder / lies / "index.html" if stem is not None else None
        cache = "private, no-store" if private else f"public, {lifetime}"
        file = folder / f"{lies}{name.removeprefix(of)}"
        if suffix != ".html":
            return Document(file, suffix, cache, tuple(extra), page, page_file, swap)
        extra.append(("content-language", self._locale.language))
        values = file.with_suffix(".page")
        return Document(file, suffix, cache, tuple(extra), None, None, swap, self._locale, values)
