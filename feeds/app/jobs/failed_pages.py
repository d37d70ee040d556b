"""Pages that were not what they should be, kept beside the store for inspection (RELIABILITY D8).

A few of each source, cut, readable by the owner only. `copydesk try FILE` reads one as it would be read on the web.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from scrapers import Sample

from ..config.config import Config

KEPT = 3  # of a source, the newest
AGAIN = timedelta(days=1)  # the same page is not written again sooner
_ENDS = {"application/xml": ".xml", "text/xml": ".xml", "application/json": ".json.txt", "text/plain": ".txt"}


@dataclass(frozen=True, slots=True)
class FailedPage:
    """One kept page."""

    file: Path
    url: str
    why: str
    taken: datetime


def folder_of(config: Config, source: str) -> Path:
    """Where the failed pages of a source are."""
    return config.store_folder / "failed" / source


def keep(config: Config, source: str, samples: Sequence[Sample], now: datetime) -> list[Path]:
    """Write the samples of a visit; the files that were written. Raises OSError."""
    if not samples:
        return []
    folder = folder_of(config, source)
    known = {one.file.stem: one for one in of_source(config, source)}
    written = []
    for sample in samples[:KEPT]:
        name = hashlib.blake2b(_key(sample.page.url).encode(), digest_size=8).hexdigest()
        before = known.get(name)
        if before is not None and before.why == sample.why and timedelta(0) <= now - before.taken < AGAIN:
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if before is not None:
            before.file.unlink(missing_ok=True)
        page = folder / (name + _end(sample.page.content_type))
        told = {
            "url": sample.page.url,
            "content_type": sample.page.content_type,
            "charset": sample.page.charset,
            "taken": now.isoformat(),
        }
        _write(page, sample.page.body)
        _write(folder / f"{name}.json", json.dumps({"page": told, "why": sample.why}, indent=1).encode() + b"\n")
        written.append(page)
    for old in of_source(config, source)[KEPT:]:
        _remove(old)
    return written


def of_source(config: Config, source: str) -> list[FailedPage]:
    """The kept pages of a source, the newest first."""
    found = []
    for told in folder_of(config, source).glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # half written by a process that was killed
            table = json.loads(told.read_text(encoding="utf-8"))
            page = table["page"]
            file = told.with_name(told.stem + _end(page["content_type"]))
            if file.is_file():
                found.append(FailedPage(file, page["url"], table["why"], datetime.fromisoformat(page["taken"])))
    return sorted(found, key=lambda one: (one.taken, one.file.name), reverse=True)


def forget_source(config: Config, source: str) -> None:
    """Remove all of a source."""
    shutil.rmtree(folder_of(config, source), ignore_errors=True)


def as_json(pages: Sequence[FailedPage]) -> list[dict[str, object]]:
    """Kept pages for `--json`."""
    return [{"file": str(one.file), "url": one.url, "why": one.why, "taken": one.taken} for one in pages]


def of_page(config: Config, url: str) -> list[FailedPage]:
    """The kept copies of one page, in any source."""
    folders = sorted(path.name for path in folder_of(config, "").glob("*/"))
    key = _key(url)
    return [one for source in folders for one in of_source(config, source) if _key(one.url) == key]


def forget_page(config: Config, url: str) -> None:
    """Remove the copies of one page."""
    for one in of_page(config, url):
        _remove(one)


def rename(config: Config, was: str, name: str) -> None:
    """Move the kept pages of a renamed source."""
    if folder_of(config, was).is_dir() and not folder_of(config, name).exists():
        folder_of(config, was).rename(folder_of(config, name))


def _remove(one: FailedPage) -> None:
    one.file.unlink(missing_ok=True)
    one.file.with_name(one.file.name.partition(".")[0] + ".json").unlink(missing_ok=True)


def _key(url: str) -> str:
    from scrapers import canonical_key  # `status` lists pages and compares no addresses

    return canonical_key(url)


def _end(content_type: str) -> str:
    return ".xml" if content_type.endswith("+xml") and "html" not in content_type else _ENDS.get(content_type, ".html")


def _write(path: Path, data: bytes) -> None:
    """A file that only its owner reads, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
