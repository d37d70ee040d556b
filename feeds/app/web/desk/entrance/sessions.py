"""Who is signed in to the desk: sessions, each opened by a link or the password and known by a cookie.

The store keeps digests alone, so that a copy of it opens nothing. What a form proves is made from the cookie itself.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

IDLE = timedelta(days=14)  # without a request, a session ends
LIFE = timedelta(days=90)  # it ends anyway
MOST = 20  # at once; the one that was used longest ago makes room
SEEN_AGAIN = timedelta(minutes=5)  # so exactly is it kept when a session was used last
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    name: str  # what it is called in the list of sessions; opens nothing
    digest: str  # of the cookie, hexadecimal
    made: datetime
    seen: datetime
    by: str  # "link" or "password"
    client: str  # the address it came from
    agent: str  # what the browser calls itself

    def over(self, now: datetime) -> bool:
        """Whether its time has passed."""
        return now - self.seen > IDLE or now - self.made > LIFE


class Sessions:
    """The open sessions. `keep` is called with their text whenever it is to be stored. They belong to the loop."""

    def __init__(self, clock: Callable[[], datetime], keep: Callable[[str], None], kept: str | None = None) -> None:
        """`kept`: the text of a former process."""
        self._clock = clock
        self._keep = keep
        self._open = {session.digest: session for session in _read(kept)}

    def begin(self, by: str, client: str, agent: str) -> str:
        """A new session; what its cookie holds."""
        cookie = secrets.token_urlsafe(_BYTES)
        now = self._clock()
        session = Session(secrets.token_hex(6), _digest(cookie), now, now, by, client[:64], agent[:200])
        self._open[session.digest] = session
        for old in sorted(self._open.values(), key=lambda one: one.seen)[:-MOST]:
            del self._open[old.digest]
        self._store()
        return cookie

    def find(self, cookie: str | None) -> Session | None:
        """The session of a cookie, which counts as used now; None where it opens nothing."""
        if not cookie:
            return None
        shown, found = _digest(cookie), None
        for digest, session in self._open.items():
            if compare_digest(digest, shown):
                found = session
        now = self._clock()
        if found is None:
            return None
        if found.over(now):
            self.end(found.name)
            return None
        if now - found.seen > SEEN_AGAIN:
            found = replace(found, seen=now)
            self._open[found.digest] = found
            self._store()
        return found

    def end(self, name: str) -> bool:
        """End a session; False when there is none of that name."""
        digest = next((one.digest for one in self._open.values() if one.name == name), None)
        if digest is None:
            return False
        del self._open[digest]
        self._store()
        return True

    def end_all(self) -> int:
        """End every session; how many there were."""
        count = len(self._open)
        self._open.clear()
        self._store()
        return count

    def all(self) -> list[Session]:
        """The open sessions, the one that was used last first."""
        now = self._clock()
        return sorted((one for one in self._open.values() if not one.over(now)), key=lambda one: one.seen, reverse=True)

    def _store(self) -> None:
        rows = [asdict(one) | {"made": one.made.isoformat(), "seen": one.seen.isoformat()} for one in self.all()]
        self._keep(json.dumps(rows))


def form_token(cookie: str) -> str:
    """What a form of a session carries, to show that a page of ours made it (a synchronizer token)."""
    return hmac.new(cookie.encode(), b"a form of the desk", sha256).hexdigest()


def right_form_token(cookie: str, token: str) -> bool:
    """Whether a form carries the token of the session that its cookie opens."""
    return compare_digest(form_token(cookie).encode(), token.encode("utf-8", "replace"))


def _digest(cookie: str) -> str:
    return sha256(cookie.encode("utf-8", "replace")).hexdigest()


def _read(kept: str | None) -> Iterable[Session]:
    """Sessions of a former process; a text that is none is as if there were none."""
    try:
        rows = json.loads(kept or "[]")
        return [
            Session(**{**row, "made": datetime.fromisoformat(row["made"]), "seen": datetime.fromisoformat(row["seen"])})
            for row in rows
        ]
    except (ValueError, TypeError, KeyError):
        return []
