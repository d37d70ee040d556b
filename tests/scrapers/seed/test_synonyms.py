"""A key that newcomers type is answered with the one that is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scrapers.seed.seed import from_table, read_seed
from scrapers.seed.synonyms import SYNONYMS

HOME = "https://paper.example/"


def mistakes_of(text: str) -> list[str]:
    _, mistakes = read_seed(Path("paper.toml"), text)
    return [str(one) for one in mistakes]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('feeds = ["https://paper.example/feed"]', "feeds: there is no such key; write discover.rss = ["),
        ('feed = "https://paper.example/feed"', "feed: there is no such key; write discover.rss = ["),
        ('url = "https://paper.example/"', 'url: there is no such key; write home = "https://paper.example/"'),
        ('discover.feed = "https://paper.example/feed"', "discover.feed: there is no such key; write discover.rss = ["),
        ('[discover]\nFeeds = ["x"]', "discover.Feeds: there is no such key; write discover.rss = ["),
        ('[extract]\nheadline = "h1"', 'extract.headline: there is no such key; write extract.title = "h1"'),
        ('rss = ["https://paper.example/feed"]', "rss: there is no such key; it stands in [discover]"),
        ('[discover]\nevery = "1h"', "discover.every: there is no such key; it stands at the top of the file"),
        ('[expect]\ntitle = "x"', "expect.title: there is no such key; it stands at the top of the file, "),
        ('evry = "1h"', 'evry: there is no such key; did you mean "every"?'),
        ("quux = 1", "quux: there is no such key; known here: "),
    ],
)
def test_what_would_be_right_is_said(text: str, said: str) -> None:
    (found,) = mistakes_of(f'home = "{HOME}"\n{text}\n')
    assert said in found


def test_each_synonym_is_no_key_and_its_advice_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "PASSWORD"):
        monkeypatch.setenv(name, "x")
    typed = [above + key for above, keys, _ in SYNONYMS for key in keys]
    assert len(typed) == len(set(typed)) > 100
    for key in typed:
        above, _, name = key.rpartition(".")
        _, mistakes = from_table("paper", {"home": HOME, **({above: {name: "x"}} if above else {name: "x"})})
        assert any(one.startswith(f"{key}: there is no such key; ") for one in mistakes), key
    written = re.compile(r"write (\S+ = (?:\[.*?\]|\{.*?\}|\".*?\"|\S+))")
    advice = [line for _, _, right in SYNONYMS for line in written.findall(right)]
    assert len(advice) > 25
    for line in advice:
        before = "" if line.startswith("home") else f'home = "{HOME}"\n'
        after = '\ncredentials.password = "env:PASSWORD"' if line.startswith("credentials.user") else ""
        after += '\ncredentials.user = "env:USER"' if line.startswith("credentials.password") else ""
        assert mistakes_of(f"{before}{line}{after}\n") == [], line
