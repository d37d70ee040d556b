"""Sample pages with the record that should be read from them: seeds/NAME/*.html and *.json (golden files)."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapers  # imported by full name, so that the reader is loaded on first use
from scrapers import CopydeskError, Page, Request, Seed, canonical_key, to_record

from ..config.config import Config
from ..jobs.fetcher import open_fetcher
from ..system.clock import utc_now
from .preview import TYPES, record_table

# a sample is read as if at this moment, so that its answer does not depend on the day of the test
FROZEN = datetime(2026, 1, 1, tzinfo=UTC)


async def take(config: Config, seed: Seed, page: str, url: str | None) -> list[Path]:
    """Save a page (an address, or a file with its `url`) and its record; the files written."""
    if page.startswith(("http://", "https://")):
        fetcher = open_fetcher(config)
        try:
            async with fetcher.visit(seed) as fetch:
                found = await fetch(Request(page, ca_file=seed.ca_file, render=seed.render))
        finally:
            await fetcher.aclose()
    else:
        found = saved(Path(page), url or seed.home)
    folder = config.seeds_folder / seed.name
    folder.mkdir(parents=True, exist_ok=True)
    stem = _stem(found.url)
    body, answer = folder / f"{stem}.html", folder / f"{stem}.json"
    body.write_bytes(found.body)
    table = {
        "url": found.url,
        "content_type": found.content_type,
        "charset": found.charset,
        "taken": utc_now().isoformat(),
    }
    answer.write_text(
        json.dumps({"page": table, "record": read(found, seed)}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return [body, answer]


def read(page: Page, seed: Seed) -> dict[str, Any]:
    """What is read from a sample, as JSON. Raises CopydeskError."""
    draft = scrapers.read_draft(page, seed, FROZEN)
    table = record_table(to_record(draft, url=page.url, seed=seed, first_seen=FROZEN))
    return {key: value for key, value in table.items() if key != "witnesses"}


def saved(path: Path, url: str) -> Page:
    """A page from a file. Raises CopydeskError when it cannot be read."""
    try:
        body = path.read_bytes()
        name = path.name
        if name.endswith(".gz"):
            body, name = gzip.decompress(body), name.removesuffix(".gz")
    except (OSError, EOFError) as error:
        raise CopydeskError(f"{path}: cannot be read: {error}") from error
    return Page(url=url, body=body, content_type=TYPES.get(Path(name).suffix.lower(), "text/html"))


def all_samples(folder: Path) -> Iterator[tuple[str, Page, dict[str, Any]]]:
    """Every sample below a folder of seeds: the seed's name, the page, and the answer."""
    for answer in sorted(folder.glob("*/*.json")):
        body = answer.with_suffix(".html")
        if not body.exists():
            continue
        told = json.loads(answer.read_text(encoding="utf-8"))
        page = Page(
            url=told["page"]["url"],
            body=body.read_bytes(),
            content_type=told["page"]["content_type"],
            charset=told["page"]["charset"],
        )
        yield answer.parent.name, page, told["record"]


def _stem(url: str) -> str:
    """A file name for an address: never a path, whatever the address holds."""
    slug = re.sub(r"[^a-z0-9]+", "-", canonical_key(url).lower()).strip("-")
    return slug[-60:].strip("-") or "page"
