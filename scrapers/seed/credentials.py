"""What a seed sends to its own site only: headers, cookies and a password, in the seed itself or kept elsewhere.

A value `"env:NAME"` or `"file:PATH"` stands for a secret. The seed carries the reference only: it is looked up when the
seed is loaded, to check it, and when a visit sends it. So no secret is in a Seed, and none in what is made of one.
"""

from __future__ import annotations

import base64
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import SeedError
from .without_pydantic import STRICT

MAX_SECRET = 8192  # bytes of a value, the usual limit of servers for a header
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")  # RFC 9110 §5.6.2
# Headers that only the program sets: who it is, what it accepts, how the connection is used.
_OURS = frozenset(
    {"user-agent", "host", "accept-encoding", "connection", "content-length", "transfer-encoding", "upgrade", "te"}
    | {"expect", "range", "trailer", "if-none-match", "if-modified-since", "proxy-authorization"}
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """HTTP Basic, for the seed's own host only."""

    __pydantic_config__ = STRICT

    user: str  # a name, or "env:NAME" or "file:PATH"
    password: str = field(repr=False)  # "env:NAME" or "file:PATH"


def is_reference(value: str) -> bool:
    """Whether a value names a secret that is kept elsewhere."""
    return value.startswith(("env:", "file:"))


def reveal(value: str, key: str) -> str:
    """The secret that `value` refers to, or `value` itself; raises SeedError with the key and never the secret."""
    if value.startswith("env:"):
        name = value[4:]
        secret = os.environ.get(name, "") if name and "=" not in name and "\0" not in name else ""
        if not secret:
            raise SeedError(f"{key}: the environment has no variable {name[:100]!r}, or it is empty")
    elif value.startswith("file:"):
        secret = _of_file(Path(value[5:]), key)
    else:
        secret = value
    if len(secret.encode("utf-8", "replace")) > MAX_SECRET:
        raise SeedError(f"{key}: is longer than {MAX_SECRET} bytes")
    if any(c < " " or c == "\x7f" for c in secret):
        raise SeedError(f"{key}: holds control characters, such as the end of a line")
    return secret


def _of_file(path: Path, key: str) -> str:
    try:
        with path.open("rb") as file:
            secret = file.read(MAX_SECRET + 3).decode("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SeedError(f"{key}: the file {path} cannot be read: {why}") from None
    if not secret:
        raise SeedError(f"{key}: the file {path} is empty")
    return secret


def own_headers(headers: Mapping[str, str], cookies: Mapping[str, str], login: Credentials | None) -> dict[str, str]:
    """The headers for a seed's own site, secrets filled in; raises SeedError when one is missing or unusable."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        found[name] = _ascii(reveal(value, f"headers.{name}"), f"headers.{name}")
    if cookies:
        pairs = []
        for name, value in cookies.items():
            secret = _ascii(reveal(value, f"cookies.{name}"), f"cookies.{name}")
            if ";" in secret:
                raise SeedError(f"cookies.{name}: a semicolon cannot be in a cookie")
            pairs.append(f"{name}={secret}")
        found["Cookie"] = "; ".join(pairs)
    if login is not None:
        user = reveal(login.user, "credentials.user")
        password = reveal(login.password, "credentials.password")
        if ":" in user:
            raise SeedError("credentials.user: a colon cannot be in a user name")
        found["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()  # RFC 7617
    return found


def _ascii(secret: str, key: str) -> str:
    if not secret.isascii():
        raise SeedError(f"{key}: only plain ASCII can be sent")
    return secret.strip(" ")


def mistakes(headers: Mapping[str, str], cookies: Mapping[str, str], login: Credentials | None) -> Iterator[str]:
    """What is wrong with the headers, cookies and credentials of a seed, one a line, without any value of them."""
    names = {name.lower() for name in headers}
    for name in headers:
        if not _TOKEN.fullmatch(name):
            yield f"headers: {name[:60]!r} is no possible name of a header"
        elif name.lower() in _OURS:
            yield f"headers.{name}: is not a seed's to choose"
    for name in cookies:
        if not _TOKEN.fullmatch(name):
            yield f"cookies: {name[:60]!r} is no possible name of a cookie"
    if cookies and "cookie" in names:
        yield "cookies: headers has a Cookie of its own; keep one of the two"
    if login is not None:
        if "authorization" in names:
            yield "credentials: headers has an Authorization of its own; keep one of the two"
        if not is_reference(login.password):
            yield 'credentials.password: should be "env:NAME" or "file:PATH"; a password does not belong in a seed'
            return
    try:
        own_headers(headers, cookies, login)
    except SeedError as error:
        yield error.reason


def warnings(
    headers: Mapping[str, str], cookies: Mapping[str, str], login: Credentials | None, home: str
) -> Iterator[str]:
    """Allowed but unwise: secrets that other users can read, a password that is sent unencrypted."""
    values = {f"headers.{name}": value for name, value in headers.items()}
    values |= {f"cookies.{name}": value for name, value in cookies.items()}
    if login is not None:
        values |= {"credentials.user": login.user, "credentials.password": login.password}
    for key, value in values.items():
        if not value.startswith("file:"):
            continue
        path = Path(value[5:])
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue  # a missing file is reported as a mistake
        if mode & 0o077:
            yield f"{key}: others may read {path} (mode {mode:o}); chmod 600 closes it"
    if login is not None and home.startswith("http://"):
        yield "credentials: go over the net unencrypted, as home begins with http://"
