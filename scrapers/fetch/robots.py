"""robots.txt (RFC 9309): what a site asks of programs like this one.

`read_robots` reads a text, in a process that can be killed; only the groups that concern us are kept, within bounds.
`RobotsCache` holds the copies of all origins.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from scrapers.errors import FetchError, Forbidden, ReadFailed, Refused, Unreachable, Unread
from scrapers.urls.site import join

from .guard import Target
from .rate_limit import HostPace, KeptLock, Paces, SharedPaces

PRODUCT = "copydesk"  # our product token
MAX_DELAY = 60.0  # longest Crawl-delay that is obeyed; beyond it the source is too slow to be read
FRESH = 86_400.0  # seconds that a copy is used without asking again
STALE = 2 * FRESH  # seconds that an old copy is used while no new one can be had
AGAIN = 300.0  # seconds until the next try after a failed one
AGAIN_LOCAL = 1.0  # … of a loopback address whose rate limit is relaxed
MOST_BYTES = 500 * 1024  # of a robots.txt that are read (RFC 9309 §2.5)
MOST_RULES = 5000  # that are kept for us; what stands after them is not read
MOST_STARS = 1000  # of them with a star inside
STAR_BYTES = 32_768  # … and their total length, which bounds the work on a hostile address
LONGEST_RULE = 2000  # characters of a rule; no address that we ask for is longer
MOST_SITEMAPS = 50
HELD = 4_000_000  # characters of rules that are held ready, of all origins

_LINE = re.compile(r"\r\n?|\n")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|([^\x21-\x7e])")
_TOKEN = re.compile(r"\*|[A-Za-z_-]+")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt says to us. `rules` are (whether it allows, pattern), the longest pattern first."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None  # Crawl-delay in seconds
    sitemaps: tuple[str, ...] = ()  # absolute addresses

    def allows(self, url: str) -> bool:
        """Whether we may ask for `url`; /robots.txt itself always. The longest pattern decides (RFC 9309 §2.2.2)."""
        path = _path(url)
        if path == "/robots.txt":
            return True
        return next((allowed for allowed, pattern in self.rules if _matches(pattern, path)), True)

    @property
    def text(self) -> str:
        """The rules that concern us, as an equivalent robots.txt to be stored."""
        lines = [f"{'Allow' if allowed else 'Disallow'}: {pattern}" for allowed, pattern in self.rules]
        if self.delay is not None:
            lines.append(f"Crawl-delay: {self.delay:g}")
        if lines:
            lines.insert(0, "User-agent: *")
        return "\n".join([*lines, *(f"Sitemap: {sitemap}" for sitemap in self.sitemaps)])


@dataclass(slots=True)
class _Groups:
    """The rules of those groups that name one agent: us, or everybody."""

    named: bool = False
    rules: list[tuple[bool, str]] | None = None
    delay: float | None = None
    stars: int = 0
    star_bytes: int = 0

    def add(self, key: str, value: str) -> None:
        """One line of such a group; what is beyond the bounds is left out."""
        if key == "crawl-delay":
            if self.delay is None:
                self.delay = _seconds(value)
            return
        if not value:  # an empty Disallow forbids nothing
            return
        pattern = _octets(value) if len(value) <= LONGEST_RULE else ""
        rules = self.rules = self.rules or []
        if not pattern or len(pattern) > 3 * LONGEST_RULE or len(rules) >= MOST_RULES:
            return
        if "*" in pattern:
            self.stars += 1
            self.star_bytes += len(pattern)
            if self.stars > MOST_STARS or self.star_bytes > STAR_BYTES:
                return
        rules.append((key == "allow", pattern))


def read_robots(body: bytes | str, origin: str) -> Robots:
    """What a robots.txt says to us; any other document allows everything. `origin` makes its sitemaps absolute.

    The groups that name us count, without any those for everybody. All groups of one agent are one.
    """
    if isinstance(body, bytes):
        body = body[:MOST_BYTES].decode("utf-8", "replace")
    text = body[:MOST_BYTES].removeprefix("\ufeff")
    if text.lstrip()[:1] == "<":  # an HTML page sent in its place holds no rules
        return Robots()
    ours, all_ = _Groups(), _Groups()
    sitemaps: list[str] = []
    current: list[_Groups] = []
    naming = False  # among the agents at the beginning of a group
    for row in _LINE.split(text):
        key, colon, value = row.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if not naming:
                current, naming = [], True
            agent = _TOKEN.match(value)
            group = {"*": all_, PRODUCT: ours}.get(agent[0].lower() if agent else "")
            if group is not None and group not in current:
                group.named = True
                current.append(group)
        elif key in ("allow", "disallow", "crawl-delay"):
            naming = False
            for group in current:
                group.add(key, value)
        elif key == "sitemap" and len(sitemaps) < MOST_SITEMAPS:
            sitemap = join(origin + "/", value)
            if sitemap and sitemap not in sitemaps:
                sitemaps.append(sitemap)
    group = ours if ours.named else all_
    rules = sorted(dict.fromkeys(group.rules or ()), key=lambda rule: (-len(rule[1]), not rule[0]))
    return Robots(tuple(rules), group.delay, tuple(sitemaps))


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value[:32])
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _octets(text: str) -> str:
    """Path or pattern in the normal form in which both are compared: without needless percent-encoding."""

    def spelled(found: re.Match[str]) -> str:
        if found[1] is not None:
            sign = chr(int(found[1], 16))
            return sign if sign in _UNRESERVED else f"%{found[1].upper()}"
        return "".join(f"%{byte:02X}" for byte in found[2].encode("utf-8", "replace"))

    return _ESCAPE.sub(spelled, text)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query or url.partition("#")[0].endswith("?") else "")
    return _octets(path).replace("*", "%2A").replace("$", "%24")


def _matches(pattern: str, path: str) -> bool:
    """Whether a path matches the pattern from its start; `*` stands for anything, a final `$` for the end."""
    ends = pattern.endswith("$")
    if ends:
        pattern = pattern[:-1]
    if "*" not in pattern:
        return path == pattern if ends else path.startswith(pattern)
    first, *middle, last = pattern.split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return path.endswith(last) and len(path) - len(last) >= at if ends else path.find(last, at) >= 0


def is_robots(url: str) -> bool:
    """Whether an address is that of a robots.txt."""
    return urlsplit(url).path == "/robots.txt"


Reader = Callable[[bytes, str], Awaitable[Robots]]
"""Reads the bytes of a robots.txt of an origin. Raises ReadFailed."""


async def read_here(body: bytes, origin: str) -> Robots:
    """A reader in this process, for commands and tests."""
    return read_robots(body, origin)


@dataclass(eq=False)
class RobotsCache:
    """The rules of all origins: copies are used for 24 hours, the latest rules are cached parsed.

    `reader` may be replaced.
    """

    paces: Paces
    clock: Callable[[], float]
    reader: Reader = read_here
    shared: SharedPaces | None = None
    # origin → time, rules, size
    _held: OrderedDict[str, tuple[float | None, Robots, int]] = field(default_factory=OrderedDict, init=False)
    _size: int = field(default=0, init=False)
    _doors: dict[str, KeptLock] = field(default_factory=dict, init=False)

    async def rules(self, target: Target, get_text: Callable[[], Awaitable[bytes]], *, again: float = AGAIN) -> Robots:
        """The rules of an origin: the copy of the last 24 hours, else a new one by `get_text`, b"" for none.

        Without any answer an old copy serves another day; then nothing is asked, and Unreachable tells so
        (RFC 9309 §2.3.1). The next try comes after `again` seconds. Raises Unread when our own reader failed, which
        says nothing of the site.
        """
        door = self._doors.setdefault(target.origin, KeptLock(asyncio.Lock()))
        door.users += 1
        try:
            async with door.lock:
                return await self._rules(target, get_text, again)
        finally:
            door.users -= 1
            if not door.users:
                self._doors.pop(target.origin, None)

    async def _rules(self, target: Target, get_text: Callable[[], Awaitable[bytes]], again: float) -> Robots:
        origin = target.origin
        copy, now = await self._copy(origin), self.clock()
        age = None if copy.robots_fetched is None else now - copy.robots_fetched
        if age is not None and -60 <= age < FRESH:
            return await self._read(copy, origin)
        old = copy if age is not None and -60 <= age < STALE else None
        if copy.robots_failed is not None and 0 <= now - copy.robots_failed < again:
            if old is not None:
                return await self._read(old, origin)
            raise Unreachable(f"robots.txt of {target.host} could not be had, so nothing is asked there for now")
        try:
            found = await self.reader(await get_text(), origin)
        except (FetchError, ReadFailed) as error:
            if isinstance(error, Refused | Unread):  # 429: the host's pace holds when to come back
                raise
            await self._put(replace(copy, robots_failed=now))
            if isinstance(error, Forbidden):
                raise
            if old is not None:
                return await self._read(old, origin)
            raise Unreachable(
                f"{error.reason} (when asked for robots.txt)",
                url=error.url,
                status=getattr(error, "status", None),
                retry_after=getattr(error, "retry_after", None),
                unconnected=getattr(error, "unconnected", False),
            ) from error
        copy = replace(copy, robots=found.text, robots_fetched=self.clock(), robots_failed=None)
        await self._put(copy)
        self._hold(origin, copy.robots_fetched, found)
        return found

    async def _copy(self, origin: str) -> HostPace:
        """The copy that we hold, or the one that another process has fetched since."""
        copy = self.paces.get(origin)
        fresh = copy.robots_fetched is not None and -60 <= self.clock() - copy.robots_fetched < FRESH
        if self.shared is not None and not fresh:
            theirs = await self.shared.copy(origin)
            if theirs is not None:
                self.paces.put(theirs)
                return theirs
        return copy

    async def _put(self, copy: HostPace) -> None:
        self.paces.put(copy)
        if self.shared is not None:
            await self.shared.keep_copy(copy)

    async def _read(self, copy: HostPace, origin: str) -> Robots:
        """The rules of a stored copy, which may be one of an earlier version: read like any other."""
        held = self._held.get(origin)
        if held is not None and held[0] == copy.robots_fetched:
            self._held.move_to_end(origin)
            return held[1]
        try:
            found = await self.reader((copy.robots or "").encode(), origin)
        except Unread:
            raise
        except ReadFailed as error:
            raise Unreachable(f"{error.reason} (when reading robots.txt of {origin})") from error
        self._hold(origin, copy.robots_fetched, found)
        return found

    def _hold(self, origin: str, fetched: float | None, found: Robots) -> None:
        if origin in self._held:
            self._size -= self._held.pop(origin)[2]
        size = 100 + sum(len(pattern) + 100 for _, pattern in found.rules)
        self._held[origin] = fetched, found, size
        self._size += size
        while self._size > HELD and len(self._held) > 1:
            self._size -= self._held.popitem(last=False)[1][2]
