"""Hints: what a link itself tells of its story, as a Draft whose fields name their witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from ..model import Draft, Link
from ..urls.key import canonical_key

_FIELDS = tuple(f.name for f in fields(Draft) if f.name not in ("witnesses", "published_estimated"))


def witnessed(hint: Draft, who: str) -> Draft:
    """`hint` with `who` named as the witness of every field that it fills."""
    return replace(hint, witnesses={name: who for name in _FIELDS if getattr(hint, name)})


def without_shared_guids(items: Sequence[Link]) -> list[Link]:
    """The items of a feed; an id that the feed gives to items of several addresses is the id of none of them.

    Feeds written by hand have "1" or the address of the home page in each item.
    """
    places: dict[str, set[str]] = {}
    for link in items:
        if link.hint.guid:
            places.setdefault(link.hint.guid, set()).add(canonical_key(link.url))
    shared = {guid for guid, keys in places.items() if len(keys) > 1}
    return [_without_guid(link) if link.hint.guid in shared else link for link in items] if shared else list(items)


def _without_guid(link: Link) -> Link:
    hint = link.hint
    own = canonical_key(hint.guid or "")
    aliases = tuple(alias for alias in hint.aliases if canonical_key(alias) != own)
    witnesses = {name: who for name, who in hint.witnesses.items() if name != "guid" and (aliases or name != "aliases")}
    return replace(link, hint=replace(hint, guid=None, aliases=aliases, witnesses=witnesses))
