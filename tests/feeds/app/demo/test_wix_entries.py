"""Every paragraph and caption of the demo's Wix paper stands in its entries, in the markup of every year."""

from __future__ import annotations

import html as markup
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from feeds.app.demo.newsroom import Newsroom
from scrapers import Page, Seed, read_draft, to_record
from tests.feeds.app.demo.test_newsroom import NOW, room


@pytest.mark.parametrize("design", ["2022", "2024", "2025", "2026"])
def test_every_paragraph_and_caption_stands_in_the_entry(tmp_path: Path, design: str) -> None:
    newsroom: Newsroom = room(tmp_path, sites={"tarnmouth-star": design})
    seed = Seed(name="star", home="https://star.example/")
    articles = newsroom.truth(0).sites["tarnmouth-star"]
    assert len(articles) > 5
    for article in articles:
        page = newsroom.page("tarnmouth-star", urlsplit(article.url).path)
        assert page is not None
        draft = read_draft(Page(article.url, page.body), seed, NOW)
        record = to_record(draft, url=article.url, seed=seed, first_seen=NOW)
        shown = markup.unescape(record.html)
        for paragraph in article.paragraphs:
            assert paragraph in record.text and f"<p>{paragraph}</p>" in shown, article.url
        if article.caption:
            assert article.caption in shown, article.url
            assert shown.index("<img") < shown.index(article.caption), article.url
