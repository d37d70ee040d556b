"""Which addresses may be asked at all: the rules against being used to reach private networks (SSRF).

`checked` judges what an address says (scheme, user information, port); `Guard` judges the IP addresses that its name
leads to. The second check is made on the very address that is then connected to, see `http/transport.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from scrapers.errors import Forbidden

from .redact import redact

MAX_URL = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}

# Ports from 1024 up that speak something else than HTTP: what browsers refuse (Fetch standard, "bad ports"), and the
# usual places of databases, queues, caches and control interfaces, which must not be reached by a link.
# fmt: off
OTHER_SERVICES = frozenset({
    1080, 1433, 1434, 1521, 1719, 1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 3659, 4045, 4190,
    4369, 5060, 5061, 5432, 5672, 5900, 5984, 5985, 5986, 6379, 6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
    7001, 7199, 8086, 8500, 9042, 9092, 9160, 9200, 9300, 10080, 10250, 10255, 11211, 15672, 27017, 27018, 27019,
    50000, 50070, 61616, *range(6000, 6064),
})
# fmt: on

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
# `ipaddress.is_global` says yes to some of these, in some versions of Python or in all.
_DENIED: tuple[Network, ...] = tuple(
    ip_network(n)
    for n in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # "IPv4-compatible"
        "64:ff9b:1::/48",  # NAT64 of a local network
        "100::/64",
        "2001::/32",  # Teredo
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",  # site-local
        "ff00::/8",
    )
)


_CONTROLS = re.compile("[\x00-\x1f\x7f]")
_NO_LABEL = re.compile(r"""[%/\\<>^`{|}"'()&$!*+,;= ]""")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that passed the first check."""

    url: str
    scheme: str
    host: str  # lower case; without brackets for IPv6
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")


def checked(url: str) -> Target:
    """The parts of an address that may be asked; raises Forbidden with the reason for any other."""
    if len(url) > MAX_URL:
        raise Forbidden(f"the address is longer than {MAX_URL} characters", url=redact(url[:200]))
    if _CONTROLS.search(url):
        raise Forbidden("the address holds control characters", url=redact(url))
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise Forbidden(f"this is no address: {error}", url=redact(url)) from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        what = f"not {scheme}" if scheme else "not one without a scheme"
        raise Forbidden(f"only http and https addresses are asked, {what}", url=redact(url))
    if "@" in parts.netloc:
        raise Forbidden("an address with a user name in it is not asked", url=redact(url))
    if not _is_host(host):
        raise Forbidden("the address has no usable host name", url=redact(url))
    port = DEFAULT_PORTS[scheme] if port is None else port
    if not port_allowed(port):
        raise Forbidden(f"port {port} is not one for web pages", url=redact(url))
    return Target(url, scheme, host, port)


def port_allowed(port: int) -> bool:
    """80, 443, and 1024 and above without the usual ports of other services."""
    return port in (80, 443) or (1024 <= port <= 65535 and port not in OTHER_SERVICES)


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return ip_address(host).version == 6 and "%" not in host
        except ValueError:
            return False
    labels = host.removesuffix(".").split(".")
    return len(host) <= 253 and all(0 < len(label) <= 63 for label in labels) and not _NO_LABEL.search(host)


def is_ip(host: str) -> bool:
    """Whether a host is an IP address in its plain form."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class Guard:
    """Judges IP addresses. `allow_networks` names ranges that are opened in spite of the rules ("127.0.0.0/8")."""

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        self.allowed: tuple[Network, ...] = tuple(ip_network(n, strict=False) for n in allow_networks)

    def objection(self, address: str) -> str | None:
        """Why this IP address must not be connected to; None if it may be."""
        try:
            ip = ip_address(address)
        except ValueError:
            return f"{address} is no IP address"
        if ip.version == 6:
            if ip.scope_id is not None:
                return f"{address} is an address of the local link"
            if ip.ipv4_mapped is not None:
                ip = ip.ipv4_mapped
        if self.opened(ip):
            return None
        return f"{address} is not a public address" if _is_private(ip) else None

    def opened(self, address: Address | str) -> bool:
        """Whether an IP address (or its text) lies in one of the ranges opened by the settings."""
        if isinstance(address, str):
            try:
                address = ip_address(address)
            except ValueError:
                return False
        return any(address.version == n.version and address in n for n in self.allowed)

    def is_local(self, host: str) -> bool:
        """Whether a host is a loopback address (by number) in an opened range: the only place without a rate limit."""
        try:
            ip = ip_address(host)
        except ValueError:
            return False
        return ip.is_loopback and self.opened(ip)


def _is_private(ip: Address) -> bool:
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:  # NAT64: how IPv6-only machines reach public IPv4 sites; Python calls it "reserved"
            return _is_private(IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip in _6TO4 and _is_private(IPv4Address((int(ip) >> 80) & 0xFFFFFFFF)):
            return True
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return True
    return any(ip.version == n.version and ip in n for n in _DENIED)
