"""The leading desk of a store on a server: it holds an advisory lock of its session, which ends with the session."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from typing import Any

from ...errors import StoreBusy, StoreInUse, StoreUnusable
from .location import PostgresLocation
from .postgres import PostgresConnection, as_ours, connect, psycopg

LEADING = (0x636F7079, 1)  # the two numbers of the advisory lock
_HELD = "SELECT pid FROM pg_locks WHERE locktype='advisory' AND classid=%s AND objid=%s AND objsubid=2 AND granted AND"
_HERE = "database=(SELECT oid FROM pg_database WHERE datname=current_database())"
_HOLDER = f"SELECT application_name FROM pg_stat_activity WHERE pid IN ({_HELD} {_HERE})"  # noqa: S608  ours


class ServerLock:
    """The lead of a store: one process has it, the others wait. `lost` tells whether it went to another one.

    A server that is gone takes the lock along. Nothing can be written then either; `lost` takes it again when the
    server is back, unless another desk was quicker.
    """

    def __init__(self, where: PostgresLocation) -> None:
        self._where = where
        self._raw: Any = None
        self._turn = threading.Lock()
        self.session = 0  # process id on the server of the session that holds it; 0: not held by us

    def try_lead(self) -> bool:
        """Take the lead where nobody has it; whether this process has it now. Raises StoreBusy, StoreUnusable."""
        with self._turn:
            return self._try()

    def _try(self) -> bool:
        if self._is_held():
            return True
        self._close()
        raw = connect(self._where)
        with contextlib.ExitStack() as stack:
            stack.callback(raw.close)
            taken = self._asked(raw, "SELECT pg_try_advisory_lock(%s::int, %s::int), pg_backend_pid()")
            if not taken[0]:
                return False
            stack.pop_all()
        self._raw, self.session = raw, int(taken[1])
        return True

    def take(self) -> None:
        """Raises StoreInUse with its holder when another process has it; StoreBusy, StoreUnusable."""
        if not self.try_lead():
            raise StoreInUse(f"the store is in use by another copydesk ({self._who() or 'unknown'})")

    def opened(self) -> None:
        """The store is open: nothing is left to lock."""

    def lost(self) -> str | None:
        """That another desk has the lead now, in words; None while this one has it, or nobody can have it."""
        try:
            return None if self.try_lead() else f"another desk leads: {self._who() or 'unknown'}"
        except (StoreBusy, StoreUnusable):
            return None  # the server is gone

    def release(self) -> None:
        """Let it go, after the store is closed; nothing happens when it is not held."""
        with self._turn:
            self._close()

    def holder(self) -> int | None:
        """The process id of the daemon that holds it, on whatever machine; None when nobody does."""
        if self.session:
            return os.getpid()
        who = self._who()
        found = None if who is None else re.match(r"process (\d+)", who)
        return None if who is None else int(found[1]) if found else 0

    def _who(self) -> str | None:
        with contextlib.closing(connect(self._where)) as raw:
            row = self._asked(raw, _HOLDER)
        if row is None:
            return None
        found = re.fullmatch(r"copydesk (\d+)@(.*)", row[0] or "")
        return f"process {found[1]} on {found[2]}" if found else "unknown"

    def _asked(self, raw: Any, sql: str) -> Any:
        try:
            return raw.execute(sql, LEADING).fetchone()
        except psycopg.Error as error:
            raise as_ours(error, self._where) from error

    def _is_held(self) -> bool:
        if self._raw is None:
            return False
        try:
            self._raw.execute("SELECT 1")
        except psycopg.Error:  # the session is over, and with it the lock
            return False
        return True

    def _close(self) -> None:
        if self._raw is not None:
            self._raw.close()
        self._raw, self.session = None, 0


def only_while_leading(db: PostgresConnection, lock: ServerLock) -> None:
    """Let a connection begin transactions only while its process has the lead, as the server sees it."""

    def held() -> str:
        return f"{_HELD % LEADING} pid={int(lock.session)}"

    def check() -> None:
        if lock.lost() is not None:
            raise StoreBusy("the store is written by another desk")

    db.holds, db.begun = held, check
