"""The settings of fetching that the desk passes to scrapers. They hold no secrets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scrapers import Fetcher, Proxy, SharedPaces

from ...config.config import Config
from ...system.version import VERSION
from .documents import FORMAT, WrongDocument


@dataclass(frozen=True, slots=True)
class ScraperSettings:
    """Settings of fetching, as the desk has them."""

    __pydantic_config__ = ConfigDict(extra="ignore")

    format: int  # of documents
    contact: str
    deadline: float
    allow_networks: tuple[str, ...] = ()
    local_gap: float | None = None
    proxy: str | None = None
    proxy_user: str | None = None
    proxy_password: str | None = None  # "env:NAME" or "file:PATH": looked up where the scraper runs

    def fetcher(self, shared_paces: SharedPaces) -> Fetcher:
        """The fetcher of these settings. The caller closes it."""
        return Fetcher(
            contact=self.contact,
            version=VERSION,
            shared_paces=shared_paces,
            deadline=self.deadline,
            allow_networks=self.allow_networks,
            local_gap=self.local_gap,
            proxy=None if self.proxy is None else Proxy(self.proxy, self.proxy_user, self.proxy_password),
        )


_SETTINGS = TypeAdapter(ScraperSettings)


def scraper_settings(config: Config) -> dict[str, Any]:
    """The settings for scrapers, as plain values."""
    told = config.fetch
    return {
        "format": FORMAT,
        "contact": config.contact,
        "deadline": told.deadline,
        "allow_networks": list(told.allow_networks),
        "local_gap": told.local_gap,
        "proxy": told.proxy,
        "proxy_user": told.proxy_user,
        "proxy_password": told.proxy_password,
    }


def read_settings(text: str) -> ScraperSettings:
    """Settings as the desk wrote them. Raises WrongDocument for those of a desk that is too old or too new."""
    try:
        number = json.loads(text)["format"]
        if abs(int(number) - FORMAT) > 1:
            raise WrongDocument(
                f"the desk speaks format {number}, this scraper {max(1, FORMAT - 1)} to {FORMAT + 1}; "
                f"upgrade {'the desk' if number < FORMAT else 'this scraper'}"
            )
        return _SETTINGS.validate_json(text)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise WrongDocument("the settings that the desk wrote cannot be read") from error
