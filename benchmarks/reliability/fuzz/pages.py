"""Checks of the readers of pages and files: fronts, articles, OPML, config.toml and seeds."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from benchmarks.reliability.fuzz.common import HOME, NOW, SEED, UNWRITABLE, is_address, of_tests
from benchmarks.reliability.fuzz.samples import LABELS
from feeds.app.config import config as configuration
from feeds.app.workers.protocol import LINKS, dumped
from feeds.errors import ConfigError
from scrapers import (
    CopydeskError,
    Page,
    Past,
    load_seed,
    read_draft,
    read_links,
    read_opml,
    seed_to_toml,
    to_record,
)
from scrapers.seed.seed import from_table, wrong_name


def check_front(kind: str) -> Callable[[bytes, Random], None]:
    def check(data: bytes, by: Random) -> None:
        page = Page(HOME + "x", data, content_type=kind, charset=by.choice((None, None, None, *LABELS)), fetched=NOW)
        try:
            links = read_links(page, SEED, Past(), NOW)
        except CopydeskError:
            return
        links = LINKS.validate_json(dumped(LINKS, links))  # as they come out of a worker
        assert len(links.items) <= 5000
        urls = [link.url for link in links.items]
        assert len(set(urls)) == len(urls), "an address stands twice"
        for address in (*urls, *links.feeds, *links.sitemaps, *([links.next_page] if links.next_page else ())):
            assert is_address(address), address
        for link in links.items[:5]:
            try:
                record = to_record(link.hint, url=link.url, seed=SEED, first_seen=NOW)
            except CopydeskError:
                continue
            wrong = of_tests("tests.support.record_rules", "broken")(record, link.hint, SEED, link.url)
            assert not wrong, (link.url, wrong)

    return check


def check_article(data: bytes, by: Random) -> None:
    page = Page(HOME + "2026/11/a-story", data, charset=by.choice((None, *LABELS)), fetched=NOW)
    try:
        draft = read_draft(page, SEED, NOW)
        record = to_record(draft, url=page.url, seed=SEED, first_seen=NOW)
    except CopydeskError:
        return
    wrong = of_tests("tests.support.record_rules", "broken")(record, draft, SEED, page.url)
    assert not wrong, wrong


def check_opml(data: bytes, by: Random) -> None:
    try:
        found = read_opml(data, taken=frozenset({"courier"}))
    except CopydeskError:
        return
    names = [one.seed.name for one in found.subscriptions]
    assert len({*names, "courier"}) == len(names) + 1, f"a name is taken twice: {names}"
    for one in found.subscriptions[:20]:
        text = seed_to_toml(one.seed, dict(one.reasons))
        assert wrong_name(one.seed.name) is None, one.seed.name
        seed, mistakes = from_table(one.seed.name, tomllib.loads(text))
        assert seed is not None, (text, mistakes)
        assert seed.home == one.seed.home and seed.discover == one.seed.discover, (seed, one.seed)


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-files-"))


def _lines(mistakes: Sequence[str]) -> None:
    """Mistakes are said in a line each (those of a query show the place below)."""
    assert mistakes, "no mistakes are named"
    for mistake in mistakes:
        first = mistake.splitlines()[0]
        assert first.strip() and not UNWRITABLE.search(first), mistake
        assert mistake == first or "query:" in first, mistake


def check_config(data: bytes, by: Random) -> None:
    path = _folder() / "config.toml"
    path.write_bytes(data)
    try:
        config = configuration.load(path)
    except ConfigError as error:
        _lines(error.mistakes)
        return
    host_name, port = config.address()
    assert host_name and 0 <= port <= 65535
    assert (config.all_topics() and config.proxy() is None) or config.fetch.proxy
    _ = (config.store_path, config.public, config.seeds_folder)


def check_seed(data: bytes, by: Random) -> None:
    path = _folder() / "courier.toml"
    path.write_bytes(data)
    seed, mistakes = load_seed(path)
    assert (seed is None) == bool(mistakes), (seed, mistakes)
    if mistakes:
        _lines(mistakes)
