"""Similar texts: whether two are one text with another headline, cut, damaged or copied. Pure.

`look` reads a text once; an `Index` nominates the records that share a rare run of words; `alike` decides by facts.
"""

from .index import BEST, CAP, Candidate, Index, MemoryIndex
from .repeated_paragraphs import PAGES, Page, marked, page, recurring, same_heading
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
    "same_heading",
    "words",
]
