"""What a misspelt name was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Collection

_LISTED = 12  # names that are told where none is near


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that is most like this one; None where none is like it."""
    lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), lower, n=1)
    return lower[near[0]] if near else None


def no_such(what: str, name: str, known: Collection[str]) -> str:
    """`there is no topic harbor; did you mean harbour?`, or the names that are known."""
    if near := nearest(name, known):
        return f"there is no {what} {name}; did you mean {near}?"
    listed = ", ".join(list(known)[:_LISTED]) or "none"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"there is no {what} {name}; known: {listed}{more}"
