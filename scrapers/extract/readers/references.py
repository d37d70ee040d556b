"""Page state that is written as a list of references: each value stands once, containers hold the places of theirs.

`["ShallowReactive", 1]` wraps the value at place 1, `{"title": 4}` has the title at place 4. Nuxt 3 and SvelteKit
write so.
"""

from __future__ import annotations

from typing import Any

MOST = 200_000  # values of a resolved tree: a place may be referred to often
DEPTH = 60

_WRAPPERS = frozenset(
    ("Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef", "NuxtError", "Island", "Object")
)
_PLAIN = frozenset(("Date", "URL", "BigInt", "RegExp", "Symbol"))


def is_referring(value: Any) -> bool:
    """Whether a value is such a list."""
    if not isinstance(value, list) or len(value) < 3:
        return False
    first = value[0]
    if isinstance(first, dict):
        return bool(first) and all(type(place) is int for place in first.values())
    return isinstance(first, list) and len(first) == 2 and first[0] in _WRAPPERS and type(first[1]) is int


def resolve(values: list[Any]) -> Any:
    """The value that the list stands for, as a tree of at most MOST values; what refers to itself ends there."""
    left = MOST

    def at(place: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if type(place) is not int or not 0 <= place < len(values) or left < 0 or depth > DEPTH:
            return None
        value = values[place]
        if isinstance(value, dict):
            return {name: at(one, depth + 1) for name, one in value.items()}
        if not isinstance(value, list):
            return value
        kind = value[0] if value and isinstance(value[0], str) else ""
        if kind in _WRAPPERS:
            return at(value[1], depth + 1) if len(value) > 1 else None
        if kind in _PLAIN:
            return value[1] if len(value) > 1 else None
        if kind == "null":
            return {str(name): at(one, depth + 1) for name, one in zip(value[1::2], value[2::2], strict=False)}
        if kind == "Map":
            return {
                str(at(name, depth + 1)): at(one, depth + 1)
                for name, one in zip(value[1::2], value[2::2], strict=False)
            }
        return [at(one, depth + 1) for one in (value[1:] if kind else value)]

    return at(0, 0)
