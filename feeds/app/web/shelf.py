"""The published folder behind HTTP: path → document → answer, from files that are already as they are sent.

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

from ...folder import TYPES
from .documents import Answer, Document, Documents, answer, method_answer, plain
from .private import CROWDED, Doors, Guest, Room

_ROOT = ("opml.xml", "style.css", "icon.svg", "icon.png", "logo.png", "favicon.ico")
_FEEDS = (".atom", ".rss", ".json")
_YEAR = 31_536_000

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
        self._answers = Documents(monotonic, clock)
        self._places: dict[str, Place] = dict(places or {})
        self._documents: dict[bytes, Document] = {}
        self._of_guests: dict[tuple[str, str], Document] = {}  # by the reader's address of a topic, and path
        self._known_hosts: dict[bytes, bool] = {}
        self.answered: Counter[int] = Counter()  # answers with documents, by status

    def set_places(self, places: Mapping[str, Place]) -> None:
        """A new table: topics came, moved or went."""
        if places != self._places:
            self._places = dict(places)
            for document in self._documents.values():
                self._answers.drop(document)
            self._documents.clear()

    def set_rooms(self, rooms: Mapping[str, Room], moved: Mapping[str, str] | None = None) -> None:
        """The private topics and who may read them, from now on; `moved`: former names of topics and their new ones."""
        self.doors.set_rooms(rooms, moved)
        for document in self._of_guests.values():
            self._answers.drop(document)
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
        found = self._answers.respond(document, method == b"HEAD", query, asked)
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
                return answer(429, (("retry-after", "60"), *plain()), b"Too many tries; come back in a minute.\n")
            return None if guest is None else self._to_guest(guest, name, method, query, headers)
        if isinstance(located, Answer):
            return located
        if method not in ("GET", "HEAD"):
            return method_answer(method, located)
        located = self._documents.setdefault(raw_path, located)
        found = self._answers.respond(located, method == "HEAD", query, headers)
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
            return method_answer(method, located)
        located = self._of_guests.setdefault((guest.stem, name), located)
        found = self._answers.respond(located, method == "HEAD", query, headers)
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
            return answer(410, plain(), b"This feed was removed.\n")
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
