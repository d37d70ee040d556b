"""The alias of an article by the long number at the end of its address."""

from __future__ import annotations

from functools import lru_cache

from scrapers import article_number, site


@lru_cache(maxsize=1024)  # of one record it is asked for several times
def number_key(source: str, url: str) -> str | None:
    """The alias of the number at the end of an address; None where it has none."""
    number = article_number(url)
    return None if number is None else f"number:{source}:{site(url)}:{number}"
