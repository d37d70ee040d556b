"""JSON-LD blocks: read as they are, and mended where their mistake is a common one."""

from __future__ import annotations

import pytest

from scrapers import Page, Seed, read_links
from scrapers.model import Past
from scrapers.page.jsonld import load


@pytest.mark.parametrize(
    "text",
    [
        '{"headline": "Quay", "url": "/a"}',
        ' <!-- {"headline": "Quay", "url": "/a"} --> ',
        '//<![CDATA[\n{"headline": "Quay", "url": "/a"}\n//]]>',
        '{"headline": "Quay", "url": "/a",};',
        '{"headline": "Quay",, "url": "/a"}',
        "{&quot;headline&quot;: &quot;Quay&quot;, &quot;url&quot;: &quot;/a&quot;}",
        '{\n// the headline\n"headline": "Quay", "url": "/a"}',
        '{"headline": "Quay"\n  "url": "/a"}',
        '{"headline": "Qu\\ay", "url": "/a"}',
    ],
)
def test_common_mistakes_are_mended(text: str) -> None:
    assert load(text) == {"headline": "Quay", "url": "/a"}


def test_two_objects_in_a_row_and_what_nothing_helps() -> None:
    assert load('{"a": 1}, {"b": 2}') == [{"a": 1}, {"b": 2}]
    assert load('{"a": }') == {"a": None}
    assert load("headline: Quay") is None
    assert load("{" * 60 + "}" * 60) is None


def test_a_listings_block_is_mended_like_an_articles() -> None:
    """The same reader serves listings: a trailing comma costs no story."""
    stories = ",".join(
        f'{{"@type": "NewsArticle", "headline": "The old quay number {n} is open again", "url": "/news/quay-{n}",'
        f' "datePublished": "2026-03-0{n}T08:00:00Z",}}'
        for n in range(1, 6)
    )
    body = f'<html><body><main><script type="application/ld+json">[{stories},]</script></main></body></html>'
    seed = Seed(name="courier", home="https://courier.example/")
    links = read_links(Page("https://courier.example/", body.encode()), seed, Past(), None)  # type: ignore[arg-type]
    assert [link.url for link in links.items] == [f"https://courier.example/news/quay-{n}" for n in range(1, 6)]
    assert {link.way for link in links.items} == {"jsonld"}
