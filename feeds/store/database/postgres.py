"""A connection to a store in a PostgreSQL server, and its errors as errors of ours.

One transaction at a time writes, as with SQLite: it holds an advisory lock. A server that went away is a passing
trouble: what was in hand is StoreBusy, and the next statement connects anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from ...errors import StoreBusy, StoreUnusable
from .connection import Connection, Cursor, Values
from .dialect import ListKind, to_postgres
from .location import PostgresLocation
from .many_rows import MOST, Integers, ManyRows, Texts, many_rows, register

try:
    import psycopg as psycopg  # others name its errors
    from psycopg.types.numeric import Int8Dumper
except ImportError:  # the extra `postgres`
    psycopg = None

T = TypeVar("T")
WRITING = 0x636F7079  # the advisory lock of the one transaction that writes
BUSY_SECONDS = 10.0  # that a lock is waited for
IDLE_SECONDS = 60  # after which the server ends a transaction that does nothing
CONNECT_SECONDS = 5
PREPARED_AFTER, PREPARED_MOST = 2, 400
_SETTINGS = (
    "SET jit=off; SET client_min_messages=warning; SET TimeZone='UTC';"
    " SET default_transaction_isolation='read committed';"
    " SET random_page_cost=1.1;"  # an index is asked, also of what is small yet
    f" SET lock_timeout={int(BUSY_SECONDS * 1000)};"
    f" SET idle_in_transaction_session_timeout={IDLE_SECONDS * 1000}"
)
_PACKING = (  # of texts, in a third of the time, where the server was built with lz4
    "SELECT set_config(name, 'lz4', false) FROM pg_settings"
    " WHERE name='default_toast_compression' AND 'lz4'=ANY(enumvals)"
)
# how soon a network that is gone is noticed, on both sides; nothing on a unix socket
_NETWORK = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
_SERVER_NETWORK = "SET tcp_keepalives_idle=5; SET tcp_keepalives_interval=2; SET tcp_keepalives_count=3"
NO_DRIVER = "a store in PostgreSQL needs the extra `postgres`: `pip install 'copydesk[postgres]'`"

# by SQLSTATE, or its class
_PASSING = {
    "08": "the server is gone",
    "57P": "the server is gone",
    "53": "the server is full",
    "55P03": "another process holds it",
    "40": "another process was quicker",
    "57014": "it took too long",
    "25006": "the server takes no writes",
    "25P03": "it took too long",
    "58": "the server's disk does not take it",
}
_LASTING = {
    "28": "the server refuses this user",
    "3D": "there is no such database",
    "3F": "there is no such schema",
    "42501": "this user may not do that",
    "XX001": "is damaged",
    "XX002": "has a damaged index: REINDEX mends it",
    "22021": "holds text that cannot be kept",
}


def as_ours(error: Exception, where: object) -> Exception:
    """The error of ours that an error of psycopg means; a mistake in a statement stays what it is.

    After StoreBusy nothing was changed, unless the server went away while it committed, and the same call may go well
    later.
    """
    told = str(error).strip().splitlines()
    text = told[0][:300] if told else type(error).__name__
    code = getattr(error, "sqlstate", None)
    if code is None:
        if not isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
            return error
        for words, why in (("password", "28"), ("does not exist", "3D"), ("no pg_hba.conf entry", "28")):
            if words in str(error):  # while it connects psycopg tells no SQLSTATE
                return StoreUnusable(f"{where}: {_LASTING[why]} ({text})")
        return StoreBusy(f"the store cannot be reached: {where} ({text})")
    for begin, why in _PASSING.items():
        if code.startswith(begin):
            return StoreBusy(f"the store cannot be written: {why} ({text})")
    for begin, why in _LASTING.items():
        if code.startswith(begin):
            return StoreUnusable(f"{where}: {why} ({text})")
    return error


class PostgresRow(tuple[Any, ...]):
    """A row: values by place, and by the name of their column. One class for each set of columns."""

    __slots__ = ()
    places: dict[str, int] = {}

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if key.__class__ is str else key)

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self.places)


@lru_cache(maxsize=512)
def _row_class(names: tuple[bytes | None, ...]) -> type[PostgresRow]:
    """The class of rows with these columns; those of COPY have no names."""
    places = {name.decode(): place for place, name in reversed(list(enumerate(names))) if name is not None}
    return type("Row", (PostgresRow,), {"__slots__": (), "places": dict(reversed(places.items()))})


def _rows(cursor: Any) -> Callable[[Sequence[Any]], PostgresRow]:
    """Psycopg's row factory."""
    result = cursor.pgresult  # its `description` would make an object of each column
    return _row_class(tuple(map(result.fname, range(result.nfields)))) if result is not None else PostgresRow


def connect(where: PostgresLocation) -> Any:
    """A connection of psycopg that commits every statement. Raises StoreBusy, StoreUnusable."""
    if psycopg is None:
        raise StoreUnusable(NO_DRIVER)
    conninfo = where.conninfo()
    raw = None
    try:
        told = psycopg.conninfo.conninfo_to_dict(conninfo)
        told = {"connect_timeout": CONNECT_SECONDS, **_NETWORK, **told, "application_name": application_name()}
        raw = psycopg.connect(
            **told, autocommit=True, prepare_threshold=PREPARED_AFTER, row_factory=_rows, client_encoding="utf8"
        )
        raw.prepared_max = PREPARED_MOST
        raw.adapters.register_dumper(int, Int8Dumper)  # one plan, however large a number is
        register(raw)
        raw.execute(f"{_SETTINGS}; {_PACKING}")
        if raw.info.host and not raw.info.host.startswith("/"):
            with contextlib.suppress(psycopg.Error):
                raw.execute(_SERVER_NETWORK)
    except psycopg.Error as error:
        if raw is not None:
            raw.close()
        raise as_ours(error, where) from None  # its text may hold what was told to it
    return raw


def application_name() -> str:
    """What the server's list of connections says of this process: `copydesk PID@HOST`."""
    return f"copydesk {os.getpid()}@{socket.gethostname()[:40]}"


def _array(value: object, kind: ListKind) -> object:
    """A list that is told as JSON; without what PostgreSQL's text cannot hold: NUL, halves of characters."""
    if not isinstance(value, str):
        return value
    listed = json.loads(value)
    if kind == "BIGINT":
        return Integers(listed)
    if "\\u0000" in value or "\\ud" in value:
        return Texts(str(_whole(one)).encode(errors="replace").decode() for one in listed)
    return Texts(listed)


def _told(sql: str, values: Values) -> tuple[str, Values]:
    """A statement and its values as psycopg takes them."""
    text, order, lists = to_postgres(sql)
    told = values if order is None else [values[place] for place in order]
    if lists:
        told = list(told)
        for place, kind in lists:
            told[place] = _array(told[place], kind)
    return text, told


def _whole(value: Any) -> Any:
    """A text without NUL, as PostgreSQL keeps it."""
    if not isinstance(value, str) or "\0" not in value:
        return value
    return value.replace("\0", "\ufffd")


class PostgresConnection(Connection):
    """A connection of one thread to a server."""

    kind = "postgres"

    def __init__(self, where: PostgresLocation) -> None:
        """Connect. Raises StoreBusy, StoreUnusable."""
        super().__init__()
        self.where = where
        self.begun: Callable[[], None] = lambda: None  # what must hold in a transaction; raises StoreBusy
        self.holds: Callable[[], str] | None = None  # a SELECT asked as it begins: with a row it holds, without looking
        self._open = False
        self._many: dict[str, ManyRows | None] = {}  # statements as they are for many rows
        self._columns: dict[str, dict[str, str]] = {}  # of tables, with their types
        self._raw = connect(where)

    def execute(self, sql: str, values: Values = ()) -> Cursor:
        """Run one statement. Raises StoreBusy, StoreUnusable."""
        self.write_later()
        text, told = _told(sql, values)
        try:
            return self._run(lambda: cast(Cursor, self._raw.execute(text, told)), again=sql.startswith("SELECT"))
        except psycopg.DataError as error:
            if getattr(error, "sqlstate", None) is not None:
                raise
        whole = [_whole(value) for value in told]  # psycopg refused a NUL, before anything was sent
        return self._run(lambda: cast(Cursor, self._raw.execute(text, whole)))

    def executemany(self, sql: str, rows: Iterable[Values]) -> None:
        """Run one statement for each of these rows. Raises StoreBusy, StoreUnusable."""
        told = list(rows)
        if told:
            self.write_later()
            self._run(lambda: self._write([(sql, told)]))

    def _write_all(self, waiting: Sequence[tuple[str, Sequence[Values]]]) -> None:
        self._run(lambda: self._write(waiting))

    def _write(self, waiting: Sequence[tuple[str, Sequence[Values]]]) -> None:
        """Send many statements before the first answer is waited for."""
        forms = {
            sql: self._many_rows(sql) for sql, rows in waiting if len(rows) > 1
        }  # asked before the pipeline begins
        with self._raw.pipeline(), self._raw.cursor() as cursor:
            for sql, rows in waiting:
                many = forms.get(sql)
                for at in range(0, len(rows), MOST):
                    part = rows[at : at + MOST]
                    arrays = None if many is None else many.values(part)
                    if many is not None and arrays is not None:
                        cursor.execute(many.sql, arrays)
                    else:
                        told = [_told(sql, row) for row in part]
                        cursor.executemany(told[0][0], [[_whole(value) for value in row] for _, row in told])

    def _many_rows(self, sql: str) -> ManyRows | None:
        if sql not in self._many:
            self._many[sql] = many_rows(sql, self._columns_of)
        return self._many[sql]

    def _columns_of(self, table: str) -> dict[str, str]:
        if table not in self._columns:
            found = self._raw.execute(
                "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
                " WHERE attrelid=to_regclass(%s) AND attnum>0 AND NOT attisdropped ORDER BY attnum",
                (table,),
            )
            self._columns[table] = dict(found.fetchall())
        return self._columns[table]

    def new_numbers(self, table: str, count: int) -> list[int]:
        """Numbers of the table's sequence: what a transaction takes and does not use, stays away."""
        rows = self.execute(
            f"SELECT nextval(pg_get_serial_sequence('{table}', 'n')) FROM generate_series(1, ?)",  # noqa: S608  ours
            (count,),
        )
        return [row[0] for row in rows]

    def add_rows(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        """Add many rows as they are, by COPY. Raises StoreBusy, StoreUnusable."""
        self.write_later()
        try:
            with self._raw.cursor() as cursor, cursor.copy(f"COPY {table}({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([_whole(value) for value in row])
        except psycopg.Error as error:
            raise as_ours(error, self.where) from error

    def copy_in(self, sql: str, lines: Iterable[bytes]) -> None:
        """Take rows in the form that COPY writes them. Raises StoreBusy, StoreUnusable."""
        self.write_later()
        try:
            with self._raw.cursor() as cursor, cursor.copy(sql) as copy:
                for line in lines:
                    copy.write(line)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            raise StoreUnusable(f"what is to be taken over is damaged ({str(error).splitlines()[0]})") from error
        except psycopg.Error as error:
            raise as_ours(error, self.where) from error

    def executescript(self, sql: str) -> None:
        """Run statements of PostgreSQL's own that have no values. Raises StoreBusy, StoreUnusable."""
        self.write_later()
        self._run(lambda: self._raw.execute(sql))
        self._many, self._columns = {}, {}  # perhaps it changed a table

    def _run(self, work: Callable[[], T], *, again: bool = False) -> T:
        """Run a statement; one that only reads, or begins a transaction, `again` when the connection was gone."""
        if self._raw.closed and not self._open:
            self._renew()
        try:
            return work()
        except psycopg.Error as error:
            if not (again and self._raw.closed and not self._open):
                raise as_ours(error, self.where) from error
        self._renew()
        try:
            return work()
        except psycopg.Error as error:
            raise as_ours(error, self.where) from error

    def _renew(self) -> None:
        raw = connect(self.where)
        self._raw.close()
        self._raw = raw

    @property
    def raw(self) -> Any:
        """The connection of psycopg, for what has no statement: COPY."""
        return self._raw

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._open

    def begin(self) -> None:
        """Open a transaction, and wait for the one that writes now."""
        script = f"BEGIN; SELECT pg_advisory_xact_lock({WRITING})"
        if self.holds is not None:
            script += f"; {self.holds()}"
        try:
            cursor = self._run(lambda: self._raw.execute(script), again=True)
            while cursor.nextset():
                pass  # to the answer of the last statement
            if self.holds is None or cursor.fetchone() is None:
                self.begun()
        except BaseException:  # an interrupt too: the server may have begun it, and would keep others waiting
            self.roll_back()
            raise
        self._open = True

    def commit(self) -> None:
        """Keep what the open transaction did."""
        self._run(lambda: self._raw.execute("COMMIT"))
        self._open = False

    def roll_back(self) -> None:
        """Undo what the open transaction did; a server that is gone has done it."""
        self._open = False
        with contextlib.suppress(psycopg.Error):
            self._raw.execute("ROLLBACK")

    def defer_references(self) -> None:
        """Check foreign keys at the end of the open transaction."""
        self.execute("SET CONSTRAINTS ALL DEFERRED")

    def close(self) -> None:
        """Close the connection; what was committed is kept."""
        self._raw.close()
