"""Where a request comes from: whether a page of ours sent it, over which scheme, and from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request

from scrapers import is_loopback

from ....config.config import Config
from ...token_gate import Network, among, client_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request was sent to, as the browser sees it, and by whom."""

    scheme: str
    host: str  # with its port
    client: str

    @property
    def secure(self) -> bool:
        """Whether the browser speaks https."""
        return self.scheme == "https"


def origin_of(request: Request, proxies: tuple[Network, ...]) -> Origin:
    """Where a request was sent to. `X-Forwarded-*` count only from a proxy of ours."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for")
    scheme = request.url.scheme
    if among(peer, proxies):
        told = request.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        scheme = told if told in ("http", "https") else scheme
    client = client_of(peer, None if forwarded is None else forwarded.encode("latin-1", "replace"), proxies)
    return Origin(scheme, request.headers.get("host", "").lower(), client)


def sent_by(request: Request, origin: Origin) -> Literal["us", "nobody", "others"]:
    """Who had the browser send a request: a page of ours, nobody (an address was typed, or it is no browser), others.

    Both headers are set by browsers alone and by no script: `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin`
    (RFC 6454). The scheme of `Origin` is not compared when it is https: a proxy that is not told of may add that.
    """
    site = request.headers.get("sec-fetch-site")
    told = request.headers.get("origin")
    if told is not None:
        try:
            parts = urlsplit(told)
        except ValueError:
            return "others"
        if parts.scheme not in {origin.scheme, "https"} or parts.netloc.lower() != origin.host:
            return "others"
    if site is not None and site not in ("same-origin", "none"):
        return "others"
    return "us" if told is not None or site == "same-origin" else "nobody"


def is_reached_from_elsewhere(config: Config) -> bool:
    """Whether others than this machine's own users may reach the desk: then it needs a password."""
    host, _ = config.address()
    return not (is_loopback(f"http://{f'[{host}]' if ':' in host else host}/") and is_loopback(config.base_url))
