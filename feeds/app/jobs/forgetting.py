"""Removing an article for good, such as for legal reasons, or keeping it out of the feeds."""

from __future__ import annotations

from datetime import datetime

from scrapers import canonical_key

from ...errors import WrongName
from ...identity.dedupe import found_under
from ...store import Store
from ..config.config import Config
from . import failed_pages


def forget_article(store: Store, config: Config, url: str, now: datetime) -> None:
    """Take an article out of the store, under all its addresses and for ever. Raises WrongName where there is none.

    The daemon publishes the affected documents anew, and its next scrub removes the words from the store's files.
    """
    keys = found_under(canonical_key(url))
    hits = store.records.aliases(keys)
    number = next((hits[key] for key in keys if key in hits), None)
    if number is None:
        raise WrongName(f"{url}: is no record")
    store.retention.forget_record(number, now)
    failed_pages.forget_page(config, url)


def hold(store: Store, config: Config, identity: str, *, held: bool) -> None:
    """Keep a record out of all feeds and archives, or let it back. Raises WrongName where nothing is to be changed.

    It stays in the store, and a later visit does not bring it back into the feeds. The daemon publishes them anew.
    """
    stored = store.records.by_id(identity)
    if stored is None:
        raise WrongName(f"{identity}: is no record")
    with store.transaction():
        if not store.records.hold(stored.n, held=held, preferred=config.preferred):
            raise WrongName(f"{stored.record.url}: is {'kept out' if held else 'in the feeds'} already")
