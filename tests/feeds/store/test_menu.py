"""What stands in the menu for days is no news, even when a new design makes it look like a story."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from feeds.store import Afterwards, Store
from scrapers import Page, Run, Seed, canonical_key
from scrapers.crawl.scrape import directly, pages_of, scrape
from scrapers.discover import discover
from scrapers.extract import extract
from tests.support.stores import Opener, knowing

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SITE = "https://courier.example"
SEED = Seed(name="courier", home=f"{SITE}/")
RULES = f"{SITE}/conditions-of-use"
PROSE = (
    "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring, and that"
    " the fishing boats would have to use the northern basin, where there is less shelter from the wind. "
)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    with knowing(opener(), [SEED], NOW - timedelta(days=9)) as store:
        yield store


def slugs(day: int) -> list[str]:
    return [f"2026/council-hears-matter-{day + n}-of-the-harbour" for n in range(8)]


def titled(url: str) -> str:
    return url.rpartition("/")[2].replace("-", " ").capitalize()


def article(url: str) -> Page:
    text = "".join(f"<p>{PROSE} ({url})</p>" for _ in range(4))
    return Page(url, f"<html><body><article><h1>{titled(url)}</h1>{text}</article></body></html>".encode())


def front(day: int, *, redesigned: bool = False) -> Page:
    stories = [f"{SITE}/{slug}" for slug in slugs(day)]
    if redesigned:
        named = [(url, titled(url)) for url in stories] + [(RULES, "The conditions on which our pages may be used")]
        cards = "".join(f'<div class="b7"><h3><a href="{url}">{title}</a></h3></div>' for url, title in named)
        return Page(f"{SITE}/", f"<html><body><div>{cards}</div></body></html>".encode())
    cards = "".join(f'<article><h2><a href="{url}">{titled(url)}</a></h2></article>' for url in stories)
    others = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("contact", "about", "sport", "culture"))
    foot = f'<footer class="legal"><ul><li><a href="{RULES}">Rules</a></li>{others}</ul></footer>'
    return Page(f"{SITE}/", f"<html><body><main>{cards}</main>{foot}</body></html>".encode())


def visit(store: Store, day: int, *, redesigned: bool = False) -> Run:
    at = NOW + timedelta(days=day)
    pages = [front(day, redesigned=redesigned), *(article(f"{SITE}/{slug}") for slug in slugs(day)), article(RULES)]
    past = store.visits.past("courier", at)
    run = asyncio.run(scrape(SEED, past, pages_of(pages), directly(discover, extract), clock=lambda: at))
    with store.transaction():
        seen = [(canonical_key(one.url), one, None) for one in run.seen]
        store.outcomes.keep("courier", seen, at)
        store.visits.finish(run, Afterwards(at, "ok", "", 0, None, success=True, fresh=len(run.records), revised=0))
    return run


def test_a_link_shown_for_days_without_being_a_story_is_no_news(store: Store) -> None:
    for day in range(3):
        assert RULES not in [record.url for record in visit(store, day).records]
        past, key = store.visits.past("courier", NOW), canonical_key(RULES)
        assert (key in past.navigation, past.passed.get(key, 0)) == ((False, day + 1) if day < 2 else (True, 0))
    run = visit(store, 3, redesigned=True)
    assert [record.url for record in run.records] == [f"{SITE}/{slugs(3)[-1]}"]  # the new story, and only that


def test_without_that_memory_a_new_design_would_make_it_news(store: Store) -> None:
    visit(store, 0)
    assert RULES in [record.url for record in visit(store, 1, redesigned=True).records]


def test_many_visits_of_one_day_count_once_and_what_is_gone_is_forgotten(store: Store) -> None:
    for hour in range(5):
        at = NOW + timedelta(hours=hour)
        run = Run("courier", at, at, passed=frozenset({"courier.example/rules"}))
        with store.transaction():
            store.visits.finish(run, Afterwards(at, "ok", "", 0, None, success=True, fresh=0, revised=0))
    assert store.visits.past("courier", NOW).navigation == frozenset()
    for day in range(1, 4):
        at = NOW + timedelta(days=day)
        passed = frozenset({"courier.example/rules"} if day < 3 else {"courier.example/about"})
        with store.transaction():
            store.visits.finish(
                Run("courier", at, at, passed=passed),
                Afterwards(at, "ok", "", 0, None, success=True, fresh=0, revised=0),
            )
        assert bool(store.visits.past("courier", NOW).navigation) == (day == 2)
