"""What goes between the daemon and its worker processes: both sides know this, and only a worker knows the readers.

A frame is two lengths (4 bytes each, big-endian), then a JSON head and the bytes of the page. Nothing is unpickled.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from scrapers import Draft, Known, Links, Page, Past, Seed, Sight

LENGTHS = struct.Struct(">II")
READY = b"ready"  # the first bytes of a worker: it has loaded all that it needs
PAGE: TypeAdapter[Page] = TypeAdapter(Page)
SEED: TypeAdapter[Seed] = TypeAdapter(Seed)
PAST: TypeAdapter[Past] = TypeAdapter(Past)
LINKS: TypeAdapter[Links] = TypeAdapter(Links)
DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)
KNOWN: TypeAdapter[Known] = TypeAdapter(Known)
SIGHTS: TypeAdapter[tuple[Sight, ...]] = TypeAdapter(tuple[Sight, ...])


def dumped(adapter: TypeAdapter[Any], value: object) -> bytes:
    """A value as JSON. Lone surrogates, which the JSON of a page can name and UTF-8 cannot hold, are left out."""
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        return json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False).encode("utf-8", "ignore")
