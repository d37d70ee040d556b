"""A PostgreSQL for tests: Debian's programs, in a temporary folder, on a unix socket there and no TCP port.

`postgres` is one server for a worker of the suite, `postgres_url` an empty database of a test's own,
`postgres_store_url` one with the tables of a store. Collation is that
of a language (ICU), not of bytes: whoever leaves an order to the database is told by the tests.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.support.temporary import removed_at_exit
from tests.support.waiting import PATIENCE, until_of

_PLACES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)]
_ON_PATH = shutil.which("initdb")
PROGRAMS = next((path for path in _PLACES if (path / "initdb").exists()), Path(_ON_PATH).parent if _ON_PATH else None)
HERE = PROGRAMS is not None and importlib.util.find_spec("psycopg") is not None
MISSING = "PostgreSQL is not tested: that needs its programs (Debian: postgresql) and psycopg (the extra `postgres`)"
USER = "copydesk"  # the role that owns all of the server
_FAST = ("shared_buffers=32MB", "autovacuum=off", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SETTINGS = ("listen_addresses=", "max_connections=60", "log_timezone=UTC")
_STOPS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}

_initialised: list[Path] = []  # the data of a server that never ran, once there is one: half of a start is to make it


class Postgres:
    """A server of a test's own. `durable`: with fsync, as a real one."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-pg-"))  # short: it holds the socket
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = _other_user() if os.geteuid() == 0 else None
        self._numbers = itertools.count(1)
        if self._owner is not None:
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        self._data = self.folder / "data"
        if not _initialised:
            fresh = Path(tempfile.mkdtemp(prefix="copydesk-pg-"))
            removed_at_exit(fresh)
            self._run(
                "initdb", "--pgdata", str(self._data), "--username", USER, "--auth=trust", "--no-sync",
                "--encoding=UTF8", "--no-locale", "--locale-provider=icu", "--icu-locale=en-US",
            )  # fmt: skip
            _copy(self._data, fresh / "data")
            _initialised.append(fresh / "data")
        else:
            _copy(_initialised[0], self._data)
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(f"unix_socket_directories='{self.folder}'\n")
        self.start()

    @property
    def pid(self) -> int:
        """Of the server's first process, for tests that end it."""
        assert self._process is not None, "it is not running"
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers. It ends with the process that started it."""
        settings = [*_SETTINGS, *(() if self._durable else _FAST)]
        options = [word for one in settings for word in ("-c", one)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_owner("INT"), str(_programs() / "postgres"), "-D", str(self._data), *options],
                stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        until_of(self._process, self._answers, "PostgreSQL answers", self.folder / "log")

    def _answers(self) -> bool:
        with contextlib.suppress(_error()), self.connect("postgres"):
            return True
        return False

    def stop(self, mode: str = "fast") -> None:
        """Stop it: smart, fast, or immediate (as a crash: it recovers at its next start)."""
        if self._process is not None:
            self._process.send_signal(_STOPS[mode])
            self._process.wait(PATIENCE)
            self._process = None

    def restart(self, mode: str = "fast") -> None:
        """Stop it and start it again."""
        self.stop(mode)
        self.start()

    def close(self) -> None:
        """Stop it and take its folder away."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str, user: str = USER) -> str:
        """The address of a database, as `store.url` has it."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder))}"

    @staticmethod
    def name_of(url: str) -> str:
        """The database of such an address."""
        return urlsplit(url).path.removeprefix("/")

    def connect(self, database: str, **more: Any) -> Any:
        """A connection of psycopg, which commits every statement."""
        import psycopg

        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=int(PATIENCE), **more)

    def create(self, template: str = "template0") -> str:
        """A new database's name; `template` is copied."""
        name = f"test_{next(self._numbers)}"
        with self.connect("postgres") as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected to it."""
        with self.connect("postgres") as db:
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*self._as_owner(), str(_programs() / program), *words], cwd=self.folder, capture_output=True, check=False
        )
        assert done.returncode == 0, f"{program}: {done.stderr.decode(errors='replace')[-2000:]}"

    def _as_owner(self, with_us: str | None = None) -> list[str]:
        """What stands before a command: another user than root, and a signal for when the tests are gone."""
        tool = shutil.which("setpriv")
        if tool is None:
            assert self._owner is None, "setpriv is needed where tests run as root: PostgreSQL does not"
            return []
        words = [] if with_us is None else ["--pdeathsig", with_us]
        if self._owner is not None:
            words += [f"--reuid={self._owner.pw_uid}", f"--regid={self._owner.pw_gid}", "--clear-groups"]
        return [tool, *words, "--"]


def _copy(data: Path, to: Path) -> None:
    """Copy a folder with the owners of its files."""
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)


def _programs() -> Path:
    assert PROGRAMS is not None, MISSING
    return PROGRAMS


def _error() -> type[Exception]:
    import psycopg

    kind: type[Exception] = psycopg.OperationalError
    return kind


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise AssertionError("there is no user postgres or nobody to run PostgreSQL as")


@contextlib.contextmanager
def started(*, durable: bool = False) -> Iterator[Postgres]:
    """A server that is the caller's alone: to be stopped, killed and restarted. Skips where it is missing."""
    if not HERE:
        pytest.skip(MISSING)
    server = Postgres(durable=durable)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server that the tests of this worker share: it is not stopped nor restarted."""
    with started() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database of this test's own."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def postgres_tables(postgres: Postgres) -> str:
    """The name of a database with the tables of a store, as the schema makes them, and without rows: to be copied."""
    from feeds.store import open_store
    from feeds.store.database.location import PostgresLocation

    name = postgres.create()
    with tempfile.TemporaryDirectory(prefix="copydesk-new-") as folder:
        open_store(PostgresLocation(postgres.url(name), Path(folder)), daemon=True).close()
    return name


@pytest.fixture
def postgres_store_url(postgres: Postgres, postgres_tables: str) -> Iterator[str]:
    """A new store's database of this test's own: its tables are copied, not made by the files of the schema."""
    name = postgres.create(postgres_tables)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def postgres_own() -> Iterator[Postgres]:
    """A server that is this test's alone, with fsync: to be stopped, killed and restarted."""
    with started(durable=True) as server:
        yield server
