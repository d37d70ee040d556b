"""Endpoints that read pages and report on the installation: try, why, health."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from scrapers import CopydeskError

from ...inspect import explain, preview
from ...jobs.following import address_of
from .calls import Call, Refused
from .values import Health, Tried, Trouble, Try, Why

AT_ONCE = 3  # pages that are tried at the same time
OF_TOKEN = 1  # … with one token
_trying: Counter[str] = Counter()


async def try_page(call: Call) -> Tried:
    """What would be read from a page; fetched as on a visit, and not stored."""
    wish: Try = call.body
    url = address_of(wish.url)
    if url is None:
        raise Refused(422, "url: should be an address such as https://paper.example/story", errors=["url"])
    seeds = call.app.installation.seeds
    if wish.source is not None and wish.source not in seeds:
        raise Refused(422, f"there is no source {wish.source}", errors=["source"])
    name = call.token.name
    if _trying.total() >= AT_ONCE or _trying[name] >= OF_TOKEN:
        raise Refused(429, "another page is being tried; come back in a moment", headers={"retry-after": "10"})
    _trying[name] += 1
    try:
        app = call.app
        sight = await preview.look(app.fetcher, app.workers, url, seeds.get(wish.source or ""), wish.kind, call.now)
    except CopydeskError as error:
        raise Refused(422, error.reason) from error
    finally:
        _trying[name] -= 1
    found = sight.as_json()
    return Tried(found, None) if sight.record is not None else Tried(None, found)


async def why(call: Call) -> Why:
    """What became of an address, in every step."""
    url = str(call.query["url"] or "")
    if address_of(url) is None:
        raise Refused(400, "url: should be an address such as https://paper.example/story")
    config = call.app.installation.config
    found: dict[str, Any] = await call.tools.reader.call(explain.why, config, url, call.now)
    return Why(
        url=found["url"],
        known=found["known"],
        outcomes=found["outcomes"],
        record=found["record"],
        visits=found["visits"],
        sources_of_site=found.get("sources_of_site", []),
    )


async def health(call: Call) -> Health:
    """How the installation is doing."""
    (fine, facts), status = await asyncio.gather(call.tools.health(), call.tools.status())
    names = ("about", "kind", "state", "cause", "since")
    troubles = [Trouble(**{name: one[name] for name in names}) for one in status["troubles"]]
    return Health(fine, dict(facts), troubles)
