"""The sample sites read without the web: what discovery and extraction get right of each, against the truth.

    python -m benchmarks.newsroom [SITE…] [--wrong]

Each column is right of all: stories found on the front, then of each article's page its title, its text (every
paragraph, no boilerplate), authors, both dates, standfirst and caption. `--wrong` tells what is not right, a line each.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from feeds.app.demo.newsroom import Article, Newsroom
from scrapers import Page, Past, Seed, read_draft, read_links
from scrapers.page import dates

COLUMNS = ("front", "title", "text", "authors", "published", "updated", "standfirst", "caption")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WIX = ("2022", "2024", "2025", "2026")


@dataclass(slots=True)
class Score:
    """Right and all, by column; and what was wrong in words."""

    right: dict[str, int] = field(default_factory=dict)
    all: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, column: str, right: bool, words: str) -> None:
        """One judgement."""
        self.all[column] = self.all.get(column, 0) + 1
        self.right[column] = self.right.get(column, 0) + right
        if not right:
            self.wrong.append(f"{column}: {words}")


def read(site: str, design: str = "", at: float = 0.0) -> Score:
    """How a sample site is read at a moment of its script."""
    score = Score()
    with tempfile.TemporaryDirectory() as folder:
        newsroom = Newsroom(Path(folder), now=NOW, speed=None, sites={site: design} if design else None)
    newsroom.homes = {name: f"http://127.0.0.1:{8800 + n}/" for n, name in enumerate(newsroom.script.library.sites)}
    seed = Seed(name=site, home=newsroom.homes[site])
    truth = newsroom.truth(at).sites[site]
    front = _page(newsroom, site, seed.home, at)
    offered = {_bare(link.url) for link in read_links(front, seed, Past(), NOW).items}
    for article in truth:
        score.count("front", _bare(article.url) in offered, f"{article.url} was not found")
    for url in offered - {_bare(article.url) for article in truth}:
        score.count("front", False, f"{url} is no story")
    for article in truth:
        for column, right, words in _judge(newsroom, seed, article, at):
            score.count(column, right, f"{urlsplit(article.url).path}: {words}")
    return score


def _judge(newsroom: Newsroom, seed: Seed, article: Article, at: float) -> Iterator[tuple[str, bool, str]]:
    draft = read_draft(_page(newsroom, seed.name, article.url, at), seed, NOW)
    # a standfirst or a correction that the site prints inside its text is no mistake there
    beside = {line for line in (article.standfirst, article.note) if line}
    lines = tuple(line for line in (draft.text or "").split("\n") if line not in beside)
    extra = [line[:60] for line in lines if line not in article.paragraphs]
    lost = [line[:60] for line in article.paragraphs if line not in lines]
    yield "title", draft.title == article.title, f"{draft.title!r}"
    yield "text", lines == article.paragraphs, f"too much {extra}, too little {lost}"
    yield "authors", draft.authors == article.authors, f"{draft.authors}, not {article.authors}"
    yield "published", _same(draft.published, article.published), f"{draft.published}, not {article.published}"
    if article.updated:
        yield "updated", _same(draft.updated, article.updated), f"{draft.updated}, not {article.updated}"
    if article.standfirst:
        yield "standfirst", draft.subtitle == article.standfirst, f"{draft.subtitle!r}"
    if article.caption:
        caption = (draft.image.caption if draft.image else None) or ""
        yield "caption", article.caption in caption, f"{caption!r}"


def _page(newsroom: Newsroom, site: str, url: str, at: float) -> Page:
    answer = newsroom.page(site, urlsplit(url).path, at)
    if answer is None:
        raise LookupError(f"{site} has no page {url}")
    return Page(url=url, body=answer.body, content_type="text/html", charset="utf-8")


def _same(said: str | None, true: datetime) -> bool:
    found = dates.read(said) if said else None
    return found is not None and found.when.astimezone(UTC) == true


def _bare(url: str) -> str:
    return url.partition("?")[0]


def table(scores: Mapping[str, Score]) -> str:
    """A line for each site."""
    lines = [f"{'site':24}" + "".join(f"{column:>12}" for column in COLUMNS)]
    for name, score in scores.items():
        cells = [f"{score.right[c]}/{score.all[c]}" if c in score.all else "–" for c in COLUMNS]
        lines.append(f"{name:24}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def main() -> int:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="*")
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        known = list(Newsroom(Path(folder), speed=None).script.library.sites)
    scores: dict[str, Score] = {}
    for name in asked.sites or known:
        for design in WIX if name == known[0] else ("",):
            scores[f"{name} {design}".strip()] = read(name, design, 0.0 if design else 9999.0)
    print(table(scores))
    if asked.wrong:
        for name, score in scores.items():
            print("\n".join(f"{name}: {line}" for line in score.wrong))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
