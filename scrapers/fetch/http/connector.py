"""New connections for a visit: through the guard or the proxy, with the certificates of a seed."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable
from pathlib import Path

import httpcore
import httpx

from scrapers.errors import SeedError

from ..guard import Guard
from ..limits import Limits
from .exchange import Connections
from .proxy import Proxy
from .transport import GuardedBackend, ProxyBackend, Resolver, Through, Transport


class Connector:
    """Makes `Connections`; reads the certificates of each `ca_file` once."""

    def __init__(
        self, guard: Guard, resolver: Resolver, proxy: Proxy | None, limits: Limits, monotonic: Callable[[], float]
    ) -> None:
        self._proxy = proxy
        self._limits = limits
        self._monotonic = monotonic
        self._guarded = GuardedBackend(guard, resolver, monotonic)
        self._public = GuardedBackend(Guard(), resolver, monotonic)
        self._proxied = ProxyBackend(monotonic)
        self._contexts: dict[str, ssl.SSLContext] = {}

    def connections(self, ca_file: str | None, *, public_only: bool = False, proxied: bool = False) -> Connections:
        """New connections, with a pool of their own.

        With `public_only` they lead to public addresses alone, whatever `allow_networks` opens; `proxied` ones lead to
        the proxy.
        """
        through = None
        if proxied and self._proxy is not None:
            through = Through(httpcore.Proxy(self._proxy.url, auth=self._proxy.login()), self._proxied)
        limits = self._limits
        transport = Transport(
            self._public if public_only else self._guarded,
            self._context(ca_file),
            self._monotonic,
            max_headers=limits.headers,
            max_header_bytes=limits.header_bytes,
            through=through,
        )
        return Connections(transport, limits, self._monotonic)

    def _context(self, ca_file: str | None) -> ssl.SSLContext:
        if ca_file is None:
            return _of_the_world()
        context = self._contexts.get(ca_file)
        if context is None:
            context = _context()
            try:
                context.load_verify_locations(cafile=str(Path(ca_file)))
            except (OSError, ssl.SSLError) as error:
                raise SeedError(f"ca_file {ca_file}: no certificates can be read from it ({error})") from error
            self._contexts[ca_file] = context
        return context


def _context() -> ssl.SSLContext:
    """One that trusts the authorities that all the world trusts."""
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


@functools.cache
def _of_the_world() -> ssl.SSLContext:
    """The one of all seeds without a `ca_file`: to read hundreds of certificates takes as long as to read a page."""
    return _context()
