"""Where a store is: in an SQLite file, or in a database of a PostgreSQL server; `store.url` read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from scrapers import SeedError, reveal

from ...errors import StoreUnusable

POSTGRES = ("postgresql://", "postgres://")
# what an address may say beside host and database; a password is none of it
PARAMETERS = frozenset(
    {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslnegotiation", "channel_binding"}
    | {"connect_timeout", "target_session_attrs", "gssencmode", "passfile", "service"}
)
RIGHT = 'should be "sqlite:PATH" or "postgresql://USER@HOST/DATABASE"'


@dataclass(frozen=True, slots=True)
class PostgresLocation:
    """A database of a PostgreSQL server, and the folder on this machine for what lies beside a store."""

    url: str  # without a password
    folder: Path
    password: str | None = field(default=None, repr=False)  # "env:NAME" or "file:PATH"

    def __str__(self) -> str:
        """The address, for messages."""
        return self.url

    def conninfo(self) -> str:
        """What libpq is told to connect: holds the password, so it is never shown. Raises StoreUnusable without it."""
        if self.password is None:
            return self.url
        try:
            secret = reveal(self.password, "store.password")
        except SeedError as error:
            raise StoreUnusable(error.reason) from error
        return f"{self.url}{'&' if '?' in self.url else '?'}password={quote(secret, safe='')}"


Location = Path | PostgresLocation


def is_postgres(url: str) -> bool:
    """Whether an address is that of a PostgreSQL server, right or wrong."""
    return url.startswith(POSTGRES)


def wrong_url(url: str) -> str | None:
    """What is wrong with an address of a store, as a mistake of the configuration tells it; None: nothing.

    What stands in a wrong one may be a password: it is never repeated.
    """
    if not is_postgres(url):
        return None if re.fullmatch(r"sqlite:.+", url) else RIGHT
    try:
        parts = urlsplit(url)
        parameters = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        return RIGHT
    login, at, hosts = parts.netloc.rpartition("@")
    if re.match(r"[a-z]+://[^@/]*:[^@?]*@", url) or any(name == "password" for name, _ in parameters):
        return 'holds a password: keep it elsewhere, and write "env:NAME" or "file:PATH" as store.password'
    if not re.fullmatch(r"[^/\s]+", unquote(parts.path.removeprefix("/"))) or (at and not login):
        return RIGHT
    if parts.fragment or not url.isprintable() or not re.fullmatch(_HOSTS, hosts):
        return RIGHT
    unknown = sorted({name for name, _ in parameters} - PARAMETERS)
    if unknown:
        return f"does not take {', '.join(unknown)[:100]!r}; it takes {', '.join(sorted(PARAMETERS))}"
    return None


_HOST = r"(\[[0-9a-fA-F:.]+\]|[^\s:,\[\]/]*)(:\d{1,5})?"
_HOSTS = rf"{_HOST}(,{_HOST})*"
