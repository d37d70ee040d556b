"""Permanent ids of records, stories and feeds: what stands in atom:id (RFC 9562 version 5, RFC 4287 §4.2.6).

An id is minted once, when its object is first stored, and kept; nothing is looked up by minting it again. It is derived
from what the web gives, not from chance or time, so that a fresh install over the same pages mints the same.
"""

from __future__ import annotations

import uuid
from functools import lru_cache

# Never change these: every published id depends on them.
RECORDS = uuid.UUID("063890c8-a026-412e-bfcd-e4d46f8b63dc")
STORIES = uuid.UUID("5cf36d44-8bfa-4bab-88e6-574f4de9e4ae")
FEEDS = uuid.UUID("46f4d429-6040-4b8e-a0ac-838081b0e3a9")


def record_id(key: str) -> str:
    """The id of the record that was first seen under this canonical key."""
    return uuid.uuid5(RECORDS, _plain(key)).urn


@lru_cache(maxsize=512)  # of one record it is asked for several times
def story_id(key: str) -> str:
    """The id of the story whose first stored member has this canonical key."""
    return uuid.uuid5(STORIES, _plain(key)).urn


def feed_id(name: str) -> str:
    """The id of a feed by its first name: "topic:NAME" or "source:NAME"."""
    return uuid.uuid5(FEEDS, _plain(name)).urn


def _plain(text: str) -> str:
    """UTF-8 cannot hold lone surrogates, which a key never has; a caller's mistake must not stop a visit."""
    return text.encode("utf-8", "replace").decode("utf-8")
