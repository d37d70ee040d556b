"""The door to the web as a configuration wants it."""

from __future__ import annotations

from importlib.metadata import version as installed_version

from scrapers import Fetcher, Paces

from .config import Config

VERSION = installed_version("copydesk")


def open_door(config: Config, paces: Paces | None = None) -> Fetcher:
    """The fetcher of an installation, with the paces of hosts that are remembered. To be closed by whoever opens it."""
    return Fetcher(
        contact=config.contact,
        version=VERSION,
        paces=paces,
        deadline=config.fetch.deadline,
        allow_networks=config.fetch.allow_networks,
        local_gap=config.fetch.local_gap,
        proxy=config.proxy(),
    )
