"""Request → Page: the only code that opens a connection. `Fetcher.visit()` gives the door, `Fetcher.send()` a post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .limits import Limits
from .pace import HostPace, Paces
from .proxy import Proxy
from .redact import redact

if TYPE_CHECKING:
    from .fetcher import Answer, Fetcher
    from .robots import Robots

__all__ = ["Answer", "Fetcher", "HostPace", "Limits", "Paces", "Proxy", "Robots", "redact"]


def __getattr__(name: str) -> object:
    # httpx takes a quarter of a second and 20 MB to import: parse workers and most commands never need it.
    if name in ("Answer", "Fetcher"):
        from . import fetcher

        return getattr(fetcher, name)
    if name == "Robots":
        from . import robots

        return robots.Robots
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
