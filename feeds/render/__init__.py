"""Feed → bytes, one module a format. Pure: the same Feed is the same bytes in any process, locale and time zone."""

from .atom import atom

__all__ = ["atom"]
