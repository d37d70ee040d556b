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
from ..model import Article, Draft, Links, Page, Past, Reading
from ..seed.seed import Seed
from .page_and_link import reading


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


def read_story_page(page: Page, article: Article, seed: Seed, *, telling: bool) -> Reading:
    """What the page of a story gives: its draft and its record in one step (`page_and_link.reading`)."""
    return reading(read_draft(page, seed, article.first_seen), article, seed, telling=telling)


def _site(seed: Seed) -> ModuleType | None:
    if seed.scraper is None:
        return None
    try:
        return importlib.import_module(f"scrapers.sites.{seed.scraper}")
    except ModuleNotFoundError as error:
        raise ReadFailed(f"there is no scrapers/sites/{seed.scraper}.py", source=seed.name) from error
