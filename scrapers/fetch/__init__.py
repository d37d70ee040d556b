"""Request → Page: the only code that opens a connection. `Fetcher.visit()` gives a `Fetch`, `Fetcher.send()` posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .http.proxy import Proxy
from .limits import Limits
from .rate_limit import HostPace, HostTurn, Paces, PacesAway, SharedPaces
from .redact import redact

if TYPE_CHECKING:
    from .fetcher import Answer, Fetcher
    from .robots import Robots

__all__ = [
    "Answer",
    "Fetcher",
    "HostPace",
    "HostTurn",
    "Limits",
    "Paces",
    "PacesAway",
    "Proxy",
    "Robots",
    "SharedPaces",
    "redact",
]


def __getattr__(name: str) -> object:
    # Imported on first use: httpx costs 0.25 s and 20 MB, and parse workers and most commands never need it.
    if name in ("Answer", "Fetcher"):
        from . import fetcher

        return getattr(fetcher, name)
    if name == "Robots":
        from . import robots

        return robots.Robots
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
