"""Requests through a proxy: its address, the login, and the checks that are still possible.

The proxy resolves names, so only the target as written can be checked here: IP addresses as always, and names that can
only mean a local machine are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scrapers.seed.credentials import reveal

from ..guard import Target, is_ip

# RFC 6761, RFC 6762, RFC 8375, and what ICANN keeps for private use
_LOCAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "home.arpa")


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `password` is "env:NAME" or "file:PATH": it is looked up when a visit needs it."""

    url: str  # http://HOST:PORT, or https:
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def login(self) -> tuple[bytes, bytes] | None:
        """User and password; raises SeedError when the password cannot be had."""
        if self.user is None:
            return None
        return self.user.encode(), reveal(self.password or "", "fetch.proxy_password").encode()


def name_objection(target: Target) -> str | None:
    """Why a name must not be asked for through a proxy: it can only mean a machine near it. None if it may be."""
    host = target.host.removesuffix(".")
    if is_ip(host):
        return None
    if "." not in host or any(host == suffix or host.endswith(f".{suffix}") for suffix in _LOCAL):
        return f"{host} is the name of a local machine"
    if host.rpartition(".")[2].isdigit() or host.rpartition(".")[2].startswith("0x"):
        return f"{host} is another way to write an IP address"
    return None
