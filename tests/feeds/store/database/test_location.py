"""Where a store is: addresses that are right and wrong, and a password that is never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.app.config.config import load
from feeds.errors import ConfigError, StoreUnusable
from feeds.store.database.location import PostgresLocation, wrong_url
from tests.support.postgres import Postgres

SECRET = "hunter2&=%/ü"


RIGHT = [
    "sqlite:var/copydesk.db",
    "postgresql:///copydesk",
    "postgresql://desk@db.example.org/copydesk",
    "postgresql://desk@db.example.org:5433/copydesk?sslmode=verify-full",
    "postgresql://desk@[::1]:5432/copydesk",
    "postgresql://desk@one.example.org,two.example.org:5433/copydesk?target_session_attrs=read-write",
    "postgresql://desk@/copydesk?host=/run/postgresql",
    "postgres://desk@%2Frun%2Fpostgresql/copydesk",
]


def test_what_libpq_takes_is_taken() -> None:
    assert {url: wrong_url(url) for url in RIGHT} == dict.fromkeys(RIGHT)


WRONG = {
    "should be": [
        "mysql:x",
        "sqlite:",
        "postgresql://",
        "postgresql://desk@db.example.org",
        "postgresql://desk@db.example.org/",
        "postgresql://@db.example.org/copydesk",
        "postgresql://desk@db.example.org:port/copydesk",
        "postgresql://desk@db.example.org/copy/desk",
        "postgresql://desk@db.example.org/copydesk#x",
        "postgresql://desk@db.example.org/copy desk",
        "postgresql://desk@[::1/copydesk",
        "postgresql://desk@h/copydesk?sslmode",
    ],
    "holds a password": [
        f"postgresql://desk:{SECRET}@db.example.org/copydesk",
        f"postgresql://desk@db.example.org/copydesk?password={SECRET}",
    ],
    "does not take 'options'": [
        "postgresql://desk@db.example.org/copydesk?options=-c%20x=y",
    ],
}


@pytest.mark.parametrize(("url", "why"), [(url, why) for why, urls in WRONG.items() for url in urls])
def test_what_is_wrong_is_told_without_the_password(url: str, why: str) -> None:
    wrong = wrong_url(url)
    assert wrong is not None and wrong.startswith(why)
    assert SECRET not in wrong and "hunter2" not in wrong


def test_the_password_is_looked_up_when_it_is_needed_and_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / "secret").chmod(0o600)
    path = tmp_path / "config.toml"
    path.write_text(
        'contact = "mailto:a@example.org"\n[store]\nurl = "postgresql://desk@db/copydesk?port=5433"\n'
        'password = "file:secret"\nfolder = "state"\n'
    )
    config = load(path)
    where = config.store_at
    assert isinstance(where, PostgresLocation)
    assert where.conninfo() == "postgresql://desk@db/copydesk?port=5433&password=hunter2%26%3D%25%2F%C3%BC"
    assert "hunter2" not in f"{where} {where!r} {config!r}"
    assert config.store_folder == tmp_path / "state" and config.private == tmp_path / "state/private"
    monkeypatch.setenv("DESK_PASSWORD", "")
    with pytest.raises(StoreUnusable, match="no variable 'DESK_PASSWORD'"):
        PostgresLocation("postgresql:///x", tmp_path, "env:DESK_PASSWORD").conninfo()


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ('url = "postgresql://desk@db/copydesk"\npassword = "hunter2"', "store.password: is a secret"),
        ('password = "env:X"', "store.password: is of a PostgreSQL server"),
        ('url = "postgresql://desk:hunter2@db/copydesk"', "store.url: holds a password"),
        ('url = "postgresql://desk@db/copydesk"\nfolder = "var/public"', "store.folder: should not lie inside"),
    ],
)
def test_mistakes_of_the_configuration(tmp_path: Path, lines: str, mistake: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'contact = "mailto:a@example.org"\n[store]\n{lines}\n')
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert len(raised.value.mistakes) == 1 and mistake in str(raised.value.mistakes[0])
    assert "hunter2" not in str(raised.value)


@pytest.mark.real
def test_libpq_connects_with_what_a_location_gives(postgres: Postgres, postgres_url: str, tmp_path: Path) -> None:
    import psycopg

    assert wrong_url(postgres_url) is None
    (tmp_path / "secret").write_text(SECRET)
    with psycopg.connect(PostgresLocation(postgres_url, tmp_path, f"file:{tmp_path / 'secret'}").conninfo()) as db:
        assert db.info.password == SECRET
        assert db.execute("SELECT current_database()").fetchone() == (postgres.name_of(postgres_url),)


@pytest.mark.real
@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_the_server_of_the_tests_restarts_and_keeps_what_was_committed(how: str, postgres_own: Postgres) -> None:
    name = postgres_own.create()
    with postgres_own.connect(name) as db:
        db.execute("CREATE TABLE kept(n integer)")
        db.execute("INSERT INTO kept VALUES(1)")
    postgres_own.restart(how)
    with postgres_own.connect(name) as db:
        assert db.execute("SELECT n FROM kept").fetchall() == [(1,)]
