"""Hints: what a link itself tells of its story, as a Draft whose fields name their witness."""

from __future__ import annotations

from dataclasses import fields, replace

from ..model import Draft

_FIELDS = tuple(f.name for f in fields(Draft) if f.name not in ("witnesses", "published_estimated"))


def witnessed(hint: Draft, who: str) -> Draft:
    """`hint` with `who` named as the witness of every field that it fills."""
    return replace(hint, witnesses={name: who for name in _FIELDS if getattr(hint, name)})
