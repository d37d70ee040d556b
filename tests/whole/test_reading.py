"""What discovery and extraction get right of every sample site, without a word of configuration: floors that hold."""

from __future__ import annotations

import pytest

from benchmarks.accuracy.newsroom import WIX, read

SITES = [("tarnmouth-star", design) for design in WIX] + [
    (name, "")
    for name in (
        "greyford-courier",
        "wendale-post",
        "kelsby-herald",
        "eco-de-alisal",
        "hollin-now",
        "halyard-press",
    )
]


@pytest.mark.parametrize(("site", "design"), SITES)
def test_every_story_of_a_sample_site_is_found_and_dated_and_named(site: str, design: str) -> None:
    score = read(site, design, 0.0 if design else 9999.0)
    for column in ("front", "title", "published"):
        assert score.right[column] == score.all[column] >= 5, score.wrong
    assert score.right.get("updated") == score.all.get("updated"), score.wrong
    assert score.right["authors"] >= score.all["authors"] - 1, score.wrong


@pytest.mark.parametrize("site", [name for name, design in SITES if not design])
def test_the_text_of_a_sample_site_is_whole_and_without_boilerplate(site: str) -> None:
    score = read(site, at=9999.0)
    assert score.right["text"] == score.all["text"], score.wrong
