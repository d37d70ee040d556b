"""Class names, ids and the like as words: "entry-meta postDate" is entry, meta, post and date; "vcard" is no card."""

from __future__ import annotations

import re
from functools import lru_cache

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_OTHER = re.compile(r"Mso|(?:with|without|has|no|show|hide)(?:[-_]|[A-Z])")
_NOT = re.compile(r"[-_](?:false|off|none|disabled)$")
_FAR = 80  # characters of a name in which a bracket or such an end begins
MAX_NAMES = 400  # characters that are looked at
KEPT = 1024  # cached answers of one list of words: a site uses the same names on all its pages


@lru_cache(maxsize=8192)
def spaced(names: str) -> str:
    """The words of some names in lower case, a blank between the words of one name and two between names.

    Names that say what stands beside or inside ("withSidebar", "has-footer"), what is not there ("sidebar--false") or
    how wide something is ("w-[--sidebar-width]") are left out, and so are the styles of Microsoft Word ("MsoFooter"),
    which say what a paragraph was in another document.
    """
    return "  ".join([" ".join(_PIECES.findall(name)).lower() for name in names.split() if not _is_other(name)])


def _is_other(name: str) -> bool:
    """Whether a name does not say what an element is. Plain looks first: few names are such."""
    if name[0] in "Mwhns" and _OTHER.match(name):
        return True
    if "[" in name and name.index("[") <= _FAR:
        return True
    return name[-1] in "efd" and (found := _NOT.search(name)) is not None and found.start() <= _FAR


class ClassTerms:
    """Words by which class names tell what an element is: a regular expression each, in which - may be a blank."""

    def __init__(self, terms: str) -> None:
        alternatives = "|".join(terms.split()).replace("-", "[ ]?")
        self._pattern = re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?![a-z0-9])")
        self._known = lru_cache(maxsize=KEPT)(self._search)

    def search(self, names: str) -> bool:
        """Whether one of the words is among the words of `names`."""
        return bool(names) and self._known(names[:MAX_NAMES])

    def _search(self, names: str) -> bool:
        return self._pattern.search(spaced(names)) is not None
