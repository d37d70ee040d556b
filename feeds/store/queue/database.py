"""The connections to the database of work, and its schema. Errors of the database are ours at this border."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

from ...errors import StoreBusy, StoreUnusable

VERSION = 1  # of schema.sql
TASK = "copydesk:visit"
WAIT = 10.0  # seconds for a free connection
_PATH = (
    "-c search_path=copydesk_jobs,copydesk_work -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
)
_KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 12_000}
_LOCK = 0x776F726B  # of those who prepare the schema at the same moment
MISSING = "work for several machines needs the extra `postgres`: pip install 'copydesk[postgres]'"


class WorkDatabase:
    """A few connections to one database, and procrastinate's job manager over them. To be used in one event loop."""

    def __init__(self, conninfo: Callable[[], str], *, connections: int = 4) -> None:
        """`conninfo` is what libpq is told to connect. Raises StoreUnusable without the extra."""
        try:
            import psycopg
            from procrastinate import PsycopgConnector
            from procrastinate.manager import JobManager
            from psycopg_pool import AsyncConnectionPool
        except ImportError as error:
            raise StoreUnusable(MISSING) from error
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # an outage is told once, by whoever asks
        self._psycopg = psycopg
        self._conninfo = conninfo
        self._arguments = {"autocommit": True, "options": _PATH, "connect_timeout": 5, **_KEEPALIVE}
        self._pool = AsyncConnectionPool(
            conninfo(),
            min_size=1,
            max_size=connections,
            open=False,
            timeout=WAIT,
            kwargs=self._arguments,
            reconnect_timeout=5.0,
        )
        self._connector = PsycopgConnector()
        self.jobs: Any = JobManager(self._connector)

    async def open(self, *, wait: bool = True) -> None:
        """Connect; with `wait`, raises StoreBusy when the database does not answer."""
        with self._errors():
            await self._pool.open(wait=False)
            await self._connector.open_async(self._pool)
            if wait:
                await self.one("SELECT 1")

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close(timeout=2.0)

    async def prepare(self) -> None:
        """Make the schema where it is not there, renew procrastinate's when it changed, and grant scrapers theirs."""
        with self._errors():
            async with self._pool.connection() as db, db.transaction():
                await db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                row = await (await db.execute("SELECT to_regclass('copydesk_work.meta')")).fetchone()
                known: dict[str, str] = {}
                if row[0] is not None:
                    known = dict(await (await db.execute("SELECT key, value FROM copydesk_work.meta")).fetchall())
                if int(known.get("version", VERSION)) > VERSION:
                    raise StoreUnusable("the database of work was made by a newer copydesk; upgrade copydesk")
                if not known:
                    await db.execute("CREATE SCHEMA copydesk_work")
                    await db.execute(_sql("schema.sql"))
                row = await (await db.execute("SELECT to_regclass('copydesk_work.part')")).fetchone()
                if row[0] is None:  # an earlier desk knows nothing of it, and is not disturbed
                    await db.execute(_sql("parts.sql"))
                engine = self._engine()
                digest = hashlib.blake2b(engine.encode(), digest_size=8).hexdigest()
                if known.get("engine") != digest:  # its queue is filled again from what is still to do
                    await db.execute("DROP SCHEMA IF EXISTS copydesk_jobs CASCADE")
                    await db.execute("CREATE SCHEMA copydesk_jobs")
                    await db.execute("SET LOCAL search_path = copydesk_jobs")
                    await db.execute(engine)
                await db.execute(_functions())
                await db.execute(_sql("rights.sql"))
                for key, value in (("version", str(VERSION)), ("engine", digest)):
                    await db.execute(
                        "INSERT INTO copydesk_work.meta VALUES (%s, %s)"
                        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                        (key, value),
                    )

    async def one(self, sql: str, *values: object) -> Any:
        """The first row of a statement, None where there is none. Raises StoreBusy."""
        return await self._answer(sql, values, lambda cursor: cursor.fetchone())

    async def all(self, sql: str, *values: object) -> list[Any]:
        """All rows of a statement. Raises StoreBusy."""
        return list(await self._answer(sql, values, lambda cursor: cursor.fetchall()))

    async def run(self, sql: str, *values: object) -> int:
        """Run a statement; how many rows it touched. Raises StoreBusy."""
        return int(await self._answer(sql, values, _count))

    async def _answer(self, sql: str, values: Sequence[object], of: Callable[[Any], Awaitable[Any]]) -> Any:
        """What the cursor of a statement gives. No block of the pool's: it would end a transaction that is over."""
        with self._errors():
            db = await self._pool.getconn()
            try:
                return await of(await db.execute(sql, values))
            finally:
                await self._pool.putconn(db)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """One connection in a transaction. Raises StoreBusy."""
        with self._errors():
            async with self._pool.connection() as db, db.transaction():
                yield db

    async def managed(self, call: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """The result of a call of the job manager. Raises StoreBusy."""
        with self._errors():
            return await call(*arguments, **more)

    async def listen(self, channels: list[str], told: Callable[[str, str], None]) -> None:
        """Call `told` with the channel and the payload of each notification, and with nothing at every new connection,
        until cancelled. Outages are waited out."""
        while True:
            try:
                async with await self._psycopg.AsyncConnection.connect(self._conninfo(), **self._arguments) as db:
                    for channel in channels:
                        await db.execute(f'LISTEN "{channel}"')
                    told("", "")
                    async for one in db.notifies():
                        told(one.channel, one.payload)
            except (self._psycopg.Error, OSError):
                await asyncio.sleep(1.0)  # the database is away; there is nothing to wait on but time

    def _engine(self) -> str:
        from procrastinate.schema import SchemaManager

        return str(SchemaManager.get_schema())

    def _errors(self) -> _Border:
        return _Border(self._psycopg.Error)


class _Border:
    """Errors of the database become StoreBusy: it is away for now, and whoever asked tries again."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        from procrastinate.exceptions import ConnectorException
        from psycopg_pool import PoolClosed, PoolTimeout

        if isinstance(error, self._error | ConnectorException | PoolTimeout | PoolClosed | ConnectionError):
            cause = error.__cause__ or error
            words = str(cause).strip().splitlines()
            raise StoreBusy(f"the database of work does not answer: {(words or [type(cause).__name__])[0]}") from error


async def _count(cursor: Any) -> int:
    return int(cursor.rowcount)


def _functions() -> str:
    """The functions over procrastinate's statements, whose names change with its version."""
    from procrastinate.sql import queries

    job = f"ARRAY[ROW(in_queue, '{TASK}', with_priority, NULL, of_source, jsonb_build_object('visit', asked), NULL)]"
    told = {
        "defer_jobs": {"jobs": job},
        "fetch_job": {"queues": "queues", "worker_id": "by_worker"},
        "finish_job": {"job_id": "done", "status": "'succeeded'", "delete_job": "true"},
    }
    text = _sql("functions.sql")
    for name, places in told.items():
        text = text.replace(f"{{{name}}}", queries[name].strip().rstrip(";") % places)
    return text


def _sql(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")
