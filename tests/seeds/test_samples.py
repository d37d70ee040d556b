"""Every sample page of every source is read as its answer says: a new page is a new test, without new test code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from feeds.app.demo.pages import pages
from feeds.app.demo.script import Calendar, plan
from feeds.app.demo.stories import load
from feeds.app.inspect.samples import all_samples, read
from feeds.app.system.resources import seeds_folder
from scrapers import Page, Seed, load_seed

SHOWN = datetime(2025, 12, 20, 12, tzinfo=UTC)  # when the sites of the demo show their pages


def samples_of_the_demo() -> Iterator[tuple[str, Page, dict[str, Any]]]:
    """Every answer in the demo's folder of samples, with the page that its site makes of its templates and stories."""
    demo = seeds_folder() / "demo"
    script = plan(load(demo), Calendar(SHOWN))
    for answer in sorted(demo.glob("samples/*/*.json")):
        told, site = json.loads(answer.read_text("utf-8")), answer.parent.name
        url, kind, charset = (told["page"][name] for name in ("url", "content_type", "charset"))
        shown = pages(script.state(site, 0.0), urljoin(url, "/"), SHOWN)[urlsplit(url).path]()
        yield site, Page(url=url, body=shown.body, content_type=kind, charset=charset), told["record"]


SAMPLES = [
    pytest.param(name, page, answer, id=f"{name}-{page.url.rstrip('/').rpartition('/')[2]}")
    for name, page, answer in (*all_samples(seeds_folder()), *samples_of_the_demo())
]


@pytest.mark.parametrize(("name", "page", "answer"), SAMPLES)
def test_sample(name: str, page: Page, answer: dict[str, Any]) -> None:
    path = seeds_folder() / f"{name}.toml"
    seed, mistakes = load_seed(path) if path.exists() else (Seed(name=name, home=page.url), [])
    assert mistakes == []
    assert seed is not None
    assert read(page, seed) == answer


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 6
