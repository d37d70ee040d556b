"""The fetcher of a configuration."""

from __future__ import annotations

from scrapers import Fetcher, Paces, SharedPaces

from ..config.config import Config
from ..system.version import VERSION


def open_fetcher(config: Config, paces: Paces | None = None, shared_paces: SharedPaces | None = None) -> Fetcher:
    """The fetcher of an installation, with the paces of hosts that are remembered. The caller closes it."""
    return Fetcher(
        contact=config.contact,
        version=VERSION,
        paces=paces,
        shared_paces=shared_paces,
        deadline=config.fetch.deadline,
        allow_networks=config.fetch.allow_networks,
        local_gap=config.fetch.local_gap,
        proxy=config.proxy(),
    )
