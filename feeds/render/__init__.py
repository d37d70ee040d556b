"""Feed → bytes, one module a format. Pure: the same Feed is the same bytes in any process, locale and time zone."""

from .atom import atom
from .jsonfeed import jsonfeed
from .opml import Outline, opml
from .rss import rss

__all__ = ["Outline", "atom", "jsonfeed", "opml", "rss"]
