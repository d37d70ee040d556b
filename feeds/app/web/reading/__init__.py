"""Pages for readers that are made on request: of a story, of a day, and of a search."""

from .reader_pages import ReaderPages
from .store_reader import StoreReader

__all__ = ["ReaderPages", "StoreReader"]
