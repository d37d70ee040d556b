"""What a worker process does with untrusted pages: everything from bytes to Record.

The site's own module is used where there is one, else the general steps.
"""

from __future__ import annotations

import importlib
from datetime import datetime
from types import ModuleType

from ..discover import discover
from ..errors import ReadFailed
from ..extract import extract
from ..model import Article, Draft, Links, Page, Past, Record
from ..normalise.record import normalise
from ..seed.seed import Seed


def read_links(page: Page, seed: Seed, past: Past, now: datetime) -> Links:
    """The stories that a front offers."""
    module = _site(seed)
    if module is not None and hasattr(module, "discover"):
        found: Links = module.discover(page, seed, past, now=now)
        return found
    return discover(page, seed, past, now=now)


def read_draft(page: Page, seed: Seed, now: datetime) -> Draft:
    """What an article's page seems to say."""
    module = _site(seed)
    if module is not None and hasattr(module, "extract"):
        draft: Draft = module.extract(page, seed, now=now)
        return draft
    return extract(page, seed, now=now)


def read_record(article: Article, seed: Seed) -> Record:
    """The record of an article. Raises PageChanged where it is no article."""
    return normalise(
        article.draft,
        url=article.url,
        asked=article.asked,
        seed=seed,
        first_seen=article.first_seen,
        position=article.position,
        site_title=article.site_title,
    )


def _site(seed: Seed) -> ModuleType | None:
    if seed.scraper is None:
        return None
    try:
        return importlib.import_module(f"scrapers.sites.{seed.scraper}")
    except ModuleNotFoundError as error:
        raise ReadFailed(f"there is no scrapers/sites/{seed.scraper}.py", source=seed.name) from error
