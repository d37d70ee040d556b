"""Every sample page of every source is read as its answer says: a new page is a new test, without new test code."""

from __future__ import annotations

from typing import Any

import pytest

from feeds.app.inspect.samples import all_samples, read
from feeds.app.system.resources import seeds_folder
from scrapers import Page, Seed, load_seed

SAMPLES = [
    pytest.param(name, page, answer, id=f"{name}-{page.url.rstrip('/').rpartition('/')[2]}")
    for folder in (seeds_folder(), seeds_folder() / "demo" / "samples")
    for name, page, answer in all_samples(folder)
]


@pytest.mark.parametrize(("name", "page", "answer"), SAMPLES)
def test_sample(name: str, page: Page, answer: dict[str, Any]) -> None:
    path = seeds_folder() / f"{name}.toml"
    seed, mistakes = load_seed(path) if path.exists() else (Seed(name=name, home=page.url), [])
    assert mistakes == []
    assert seed is not None
    assert read(page, seed) == answer


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 3
