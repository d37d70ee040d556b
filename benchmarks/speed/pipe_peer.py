"""The peer of `benchmarks.pipe`: what an engineer would write in an afternoon. Scrapy, trafilatura, feedgen."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from feedgen.feed import FeedGenerator
from scrapy.crawler import CrawlerProcess

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ".")


class Papers(scrapy.Spider):
    """Follows the links of each front and reads the articles."""

    name = "papers"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.start_urls = json.loads((FOLDER / "homes.json").read_text("utf-8"))
        self.found: dict[str, list[dict[str, Any]]] = {}

    def parse(self, response: Any) -> Iterator[Any]:
        """A front."""
        yield from response.follow_all(css="article a", callback=self.parse_article, cb_kwargs={"home": response.url})

    def parse_article(self, response: Any, home: str) -> None:
        """An article."""
        made = trafilatura.extract(
            response.body, url=response.url, output_format="html", with_metadata=False, include_comments=False
        )
        facts = trafilatura.extract_metadata(response.body, default_url=response.url)
        if made and facts is not None:
            entry = {"url": response.url, "title": facts.title, "author": facts.author, "date": facts.date}
            self.found.setdefault(home, []).append(entry | {"html": made, "summary": facts.description})

    def closed(self, reason: str) -> None:
        """One Atom feed a site."""
        (FOLDER / "peer").mkdir()
        for number, (home, entries) in enumerate(self.found.items()):
            feed = FeedGenerator()
            feed.id(home)
            feed.title(home)
            feed.link(href=home)
            for one in entries:
                entry = feed.add_entry()
                entry.id(one["url"])
                entry.title(one["title"] or one["url"])
                entry.link(href=one["url"])
                entry.content(one["html"], type="html")
                if one["summary"]:
                    entry.summary(one["summary"])
                if one["author"]:
                    entry.author(name=one["author"])
                if one["date"]:
                    entry.published(f"{one['date']}T00:00:00Z")
            feed.atom_file(str(FOLDER / "peer" / f"{number}.atom"))


if __name__ == "__main__":
    process = CrawlerProcess(
        {"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0}
    )
    process.crawl(Papers)
    process.start()
