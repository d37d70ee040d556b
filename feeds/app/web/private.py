"""Private topics behind HTTP (RELIABILITY W6): who shows a token of theirs gets them, everybody else learns nothing.

A token is the second part of the path (`/t/TOKEN/NAME.atom`, for feed readers), or comes with the request as
`Authorization: Bearer TOKEN` or as the password of Basic (`/t/NAME.atom`). Without a right one, a private topic is
answered as a topic that does not exist.
"""

from __future__ import annotations

import binascii
import ipaddress
import re
import time
from base64 import b64decode
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Literal

from ...tokens import digest

FAILURES = 10  # of one client address in a minute
_MINUTE = 60.0
_ADDRESSES = 10_000  # that are remembered with their failures
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_LONGEST = 512  # bytes of an Authorization header
CROWDED: Literal["crowded"] = "crowded"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Room:
    """A private topic: where its documents lie, and the hashes of the tokens that open it."""

    place: str  # the folder of its documents, and what they say where a reader's token is to stand
    digests: tuple[bytes, ...] = ()
    ttl: int = 30  # minutes to the next expected change
    gone: bool = False  # it was removed


@dataclass(frozen=True, slots=True)
class Guest:
    """A request with a right token."""

    stem: str  # the address of the topic as the reader knows it: `t/TOKEN/NAME` or `t/NAME`
    room: Room
    to: str | None = None  # the topic's new name: the reader is sent there


class Doors:
    """The doors of all private topics. Not safe for several threads: it belongs to the loop."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._rooms: dict[str, Room] = {}
        self._moved: dict[str, str] = {}
        self._failures: dict[str, deque[float]] = {}

    def set_rooms(self, rooms: Mapping[str, Room], moved: Mapping[str, str] | None = None) -> None:
        """The private topics by name, and former names of some; what was opened by a revoked token is closed now."""
        self._rooms, self._moved = dict(rooms), dict(moved or {})

    def enter(self, name: str, authorization: bytes | None, client: str) -> Guest | Literal["crowded"] | None:
        """What a path without its leading slash opens; None: nothing, or nothing for this reader.

        "crowded": so many tries of this client address failed within a minute that none is looked at.
        """
        shown = _shown(name, authorization)
        if shown is None:
            return None
        topic, token, stem = shown
        client = who(client)
        if self._failed(client) >= FAILURES:
            return CROWDED
        now = self._moved.get(topic, topic)
        right, found = digest(token), False
        for other, room in self._rooms.items():  # all of them: how long it takes tells nothing of what is there
            for known in room.digests:
                found |= compare_digest(known, right) & (other == now)
        if not found:
            self._remember(client)
            return None
        return Guest(stem, self._rooms[now], None if now == topic else f"{stem.removesuffix(topic)}{now}")

    def _failed(self, client: str) -> int:
        times = self._failures.get(client)
        since = self._monotonic() - _MINUTE
        while times and times[0] <= since:
            times.popleft()
        return len(times or ())

    def _remember(self, client: str) -> None:
        if len(self._failures) >= _ADDRESSES:
            self._failures = {other: times for other, times in self._failures.items() if self._failed(other)}
        if len(self._failures) >= _ADDRESSES:  # all within a minute: the oldest makes room
            del self._failures[next(iter(self._failures))]
        self._failures.setdefault(client, deque(maxlen=FAILURES)).append(self._monotonic())


def _shown(name: str, authorization: bytes | None) -> tuple[str, str, str] | None:
    """(topic, token, address of the topic) of a request that shows a token; None for one that shows none."""
    kind, *parts = name.split("/")
    if kind != "t" or not 1 <= len(parts) <= 3:
        return None
    if len(parts) > 1 and _TOKEN.fullmatch(parts[0]) and not parts[1].startswith("archive-"):
        topic = _topic(parts[1])
        return topic, parts[0], f"t/{parts[0]}/{topic}"
    token = _credentials(authorization)
    if token is None:
        return None
    topic = _topic(parts[0])
    return topic, token, f"t/{topic}"


def _topic(part: str) -> str:
    return part.removesuffix(".atom").removesuffix(".rss").removesuffix(".json")


def _credentials(authorization: bytes | None) -> str | None:
    """The token of an Authorization header: that of Bearer, or the password of Basic."""
    if authorization is None or len(authorization) > _LONGEST:
        return None
    scheme, _, rest = authorization.strip().partition(b" ")
    try:
        if scheme.lower() == b"bearer":
            token = rest.strip().decode("ascii")
        elif scheme.lower() == b"basic":
            token = b64decode(rest.strip(), validate=True).decode("ascii").partition(":")[2]
        else:
            return None
    except (binascii.Error, UnicodeDecodeError):
        return None
    return token if _TOKEN.fullmatch(token) else None


def who(client: str) -> str:
    """Who is counted for an address: itself, or the /64 of an IPv6 address, which one household has whole."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def client_of(peer: str, forwarded: bytes | None, proxies: Iterable[Network]) -> str:
    """The address of the client: that of the connection, or what a proxy of ours says in X-Forwarded-For (W4).

    Every proxy adds the address that it was asked from at the end, so the last one that is no proxy of ours counts.
    """
    known = tuple(proxies)
    if forwarded is None or not _among(peer, known):
        return peer
    for part in reversed(forwarded.decode("latin-1").split(",")[-20:]):
        address = part.strip()
        try:
            ipaddress.ip_address(address)
        except ValueError:
            return peer
        if not _among(address, known):
            return address
    return peer


def _among(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed.version == network.version and parsed in network for network in networks)
