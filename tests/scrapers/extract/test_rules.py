"""Rules that benchmarks leave out: named in one call, and whole again in the next."""

from __future__ import annotations

import re
from pathlib import Path

from scrapers import extract as package
from scrapers.extract import extract
from scrapers.extract.rules import RULES
from scrapers.model import Page

PAGE = Page(
    "https://courier.example/2026/03/04/bridge",
    b"""<!doctype html><html lang=en><head><title>The bridge is open</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The bridge is open",
"datePublished": "2026-03-04T07:00:00Z", "author": {"@type": "Person", "name": "Ada Keel"}}</script></head>
<body><h1>The bridge is open</h1><p>Traffic rolled over the harbour bridge again on Wednesday.</p></body></html>""",
)


def test_a_rule_is_left_out_of_one_call() -> None:
    assert extract(PAGE).authors == ("Ada Keel",)
    assert extract(PAGE, disabled=frozenset({"jsonld"})).authors == ()
    assert extract(PAGE).authors == ("Ada Keel",)


def test_the_day_in_the_address_is_a_rule() -> None:
    without = frozenset({"jsonld", "url"})
    assert extract(PAGE, disabled=without - {"url"}).published == "2026-03-04"
    assert extract(PAGE, disabled=without).published is None


def test_every_rule_is_asked_for_by_its_name() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(package.__path__[0]).rglob("*.py"))
    assert set(re.findall(r'"([a-z ]+)" (?:not )?in disabled', source)) == set(RULES)
