"""Look-alikes: whether two texts are one text with another headline, cut, damaged or copied. Pure.

`look` reads a text once; an `Index` nominates the records that share a rare run of words; `alike` decides by facts.
"""

from .furniture import PAGES, Page, marked, page, recurring, without
from .index import BEST, CAP, Candidate, Index, MemoryIndex
from .sketch import FLOOR, Look, look, words
from .verify import ACCEPT, DRIFT, Evidence, alike

__all__ = [
    "ACCEPT",
    "BEST",
    "CAP",
    "DRIFT",
    "FLOOR",
    "PAGES",
    "Candidate",
    "Evidence",
    "Index",
    "Look",
    "MemoryIndex",
    "Page",
    "alike",
    "look",
    "marked",
    "page",
    "recurring",
    "without",
    "words",
]
