"""Private topics behind HTTP (RELIABILITY W6): readers with a token get them, others learn nothing.

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
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Literal

from ...store.tables.tokens import token_digest

FAILURES = 10  # of one client address in a minute
_MINUTE = 60.0
_ADDRESSES = 10_000  # that are remembered with their failures
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_LONGEST = 512  # bytes of an Authorization header
TOO_MANY: Literal["too many tries"] = "too many tries"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class PrivateTopic:
    """A private topic: where its documents lie, and the hashes of the tokens that open it."""

    place: str  # the folder of its documents, and what they say where a reader's token is to stand
    digests: tuple[bytes, ...] = ()
    ttl: int = 30  # minutes to the next expected change
    gone: bool = False  # it was removed


@dataclass(frozen=True, slots=True)
class Access:
    """What a right token gives access to."""

    stem: str  # the address of the topic as the reader knows it: `t/TOKEN/NAME` or `t/NAME`
    topic: PrivateTopic
    to: str | None = None  # the topic's new name: the reader is sent there


class Failures:
    """Failed tries by client within the last minute. Not safe for several threads: it belongs to the loop."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, most: int = FAILURES) -> None:
        """`most`: failures of one client within a minute after which it is not looked at."""
        self._monotonic = monotonic
        self._most = most
        self._times: OrderedDict[str, deque[float]] = OrderedDict()  # the latest failure last

    def __len__(self) -> int:
        """How many client addresses are remembered."""
        return len(self._times)

    def too_many(self, client: str) -> bool:
        """Whether a client address failed so often within a minute that no try of it is looked at."""
        times = self._times.get(who(client))
        since = self._monotonic() - _MINUTE
        while times and times[0] <= since:
            times.popleft()
        return len(times or ()) >= self._most

    def note(self, client: str) -> None:
        """Count a failed try of this client address."""
        client = who(client)
        self._times.setdefault(client, deque(maxlen=self._most)).append(self._monotonic())
        self._times.move_to_end(client)
        while len(self._times) > _ADDRESSES:  # the oldest entry is dropped
            self._times.popitem(last=False)


class TokenGate:
    """Lets readers with a right token to their private topics. Not safe for several threads: it belongs to the loop."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._topics: dict[str, PrivateTopic] = {}
        self._moved: dict[str, str] = {}
        self._failures = Failures(monotonic)

    def set_private_topics(self, topics: Mapping[str, PrivateTopic], moved: Mapping[str, str] | None = None) -> None:
        """The private topics by name, and former names of some; revoked tokens open nothing from now on."""
        self._topics, self._moved = dict(topics), dict(moved or {})

    def enter(self, name: str, authorization: bytes | None, client: str) -> Access | Literal["too many tries"] | None:
        """What a path without its leading slash opens; None: nothing, or nothing for this reader.

        "too many tries": so many of this client address failed within a minute that none is looked at.
        """
        shown = _shown(name, authorization)
        if shown is None:
            return None
        topic, token, stem = shown
        if self._failures.too_many(client):
            return TOO_MANY
        now = self._moved.get(topic, topic)
        right, found = token_digest(token), False
        for other, private in self._topics.items():  # all of them: how long it takes tells nothing of what is there
            for known in private.digests:
                found |= compare_digest(known, right) & (other == now)
        if not found:
            self._failures.note(client)
            return None
        return Access(stem, self._topics[now], None if now == topic else f"{stem.removesuffix(topic)}{now}")


def _shown(name: str, authorization: bytes | None) -> tuple[str, str, str] | None:
    """(topic, token, address of the topic) of a request that shows a token; None for one that shows none."""
    kind, *parts = name.split("/")
    if kind != "t" or not 1 <= len(parts) <= 3:
        return None
    if len(parts) > 1 and TOKEN.fullmatch(parts[0]) and not parts[1].startswith("archive-"):
        topic = _topic(parts[1])
        return topic, parts[0], f"t/{parts[0]}/{topic}"
    token = credentials(authorization)
    if token is None:
        return None
    topic = _topic(parts[0])
    return topic, token, f"t/{topic}"


def _topic(part: str) -> str:
    return part.removesuffix(".atom").removesuffix(".rss").removesuffix(".json")


def credentials(authorization: bytes | None) -> str | None:
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
    return token if TOKEN.fullmatch(token) else None


def who(client: str) -> str:
    """The key under which a client is counted: its address, or the /64 of an IPv6 address, which one household owns."""
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
    if forwarded is None or not among(peer, known):
        return peer
    for part in reversed(forwarded.decode("latin-1").split(",")[-20:]):
        address = part.strip()
        try:
            ipaddress.ip_address(address)
        except ValueError:
            return peer
        if not among(address, known):
            return address
    return peer


def among(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address lies in one of the networks."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed.version == network.version and parsed in network for network in networks)
