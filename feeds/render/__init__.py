"""Feed → bytes, one module a format. Pure: the same Feed is the same bytes in any process, locale and time zone."""

from .formats.atom import atom
from .formats.jsonfeed import jsonfeed
from .formats.rss import rss
from .opml import Outline, opml

__all__ = ["Outline", "atom", "jsonfeed", "opml", "rss"]
