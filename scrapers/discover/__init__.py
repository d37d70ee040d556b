"""Page → Links: what a front offers, whatever it is. Pure: nothing here opens a connection or looks at a clock."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .feeds.robots import sitemaps_of_robots
    from .front import discover
    from .listing.url_shapes import shape
    from .probe.declared import cms_of, guesses

__all__ = ["cms_of", "discover", "guesses", "shape", "sitemaps_of_robots"]

# Imported on first use: a daemon asks for shapes of addresses alone, and leaves pages to its workers.
_LATER = {
    "cms_of": "probe.declared",
    "discover": "front",
    "guesses": "probe.declared",
    "shape": "listing.url_shapes",
    "sitemaps_of_robots": "feeds.robots",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
