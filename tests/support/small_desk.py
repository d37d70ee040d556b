"""A small desk at a moment: three sources and their visits, two topics, and nothing that comes from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from feeds import pipe
from feeds.app.config.config import load
from feeds.store import open_store
from feeds.topics import Engine
from scrapers import UNLIKE, Draft, Failure, Front, Record, Run, Seed, Seen, load_seeds, to_record

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONFIG = """title = "The Desk"
contact = "mailto:desk@desk.example"
base_url = "https://desk.example"
timezone = "Europe/Oslo"

[[topics]]
name = "harbour"
title = "Harbour"
query = "harbour"

[[topics]]
name = "letters"
title = "Letters"
query = "mayor"
private = true
"""


def told(line: str, words: str, places: str) -> str:
    """A text with a line for each word, which tells of a place."""
    pairs = enumerate(zip(words.split(), places.split(), strict=True), 1)
    return "\n".join(
        line.format(n=n, n3=n * 3, n7=n * 7, cost=n * 1300, high=n + 2, word=w, place=p) for n, (w, p) in pairs
    )


TEXT = told(
    "Paragraph {n} of the story about the harbour tells how the {word} was repaired by {n7} people, and"
    " what the mayor of {place} had to say about the cost of {cost} crowns before the council voted.",
    "quay crane ferry lighthouse dredger",
    "Tarn Wend Skell Grey Holl",
)
OTHER = told(
    "Pupil number {n} planted {n3} young {word} trees along the river of {place}, and a forester who was"
    " there on day {n} said that the {word} would stand {high} metres high before anybody left school.",
    "oak elm ash lime",
    "Lund Ek Roos Wik",
)


def record(source: str, slug: str, title: str, text: str, at: datetime, **more: object) -> Record:
    html = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    draft = Draft(title=title, text=text, html=html, published=at.isoformat(), authors=("Ada Pell",), language="en")
    seed = Seed(name=source, home=f"https://{source}.example/")
    return replace(to_record(draft, url=f"https://{source}.example/news/{slug}", seed=seed, first_seen=at), **more)  # type: ignore[arg-type]


def made_in(folder: Path) -> None:
    """A desk of three sources: one with a revised story and another, one with a copy, one that fails."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    for name in ("courier", "herald", "wire"):
        (folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    with time_machine.travel(NOW, tick=True):
        config = load(folder / "config.toml")
        store = open_store(config.store_at, daemon=True)
        seeds = {seed.name: seed for seed in load_seeds(config.seeds_folder)[0]}
        topics = config.all_topics()
        engine = Engine(topics)
        store.sources.sync(seeds.values(), NOW - 9 * HOUR)
        store.topics.sync(topics, NOW - 9 * HOUR)

        def visit(source: str, hours: float, records: Sequence[Record], *seen: Seen, failures: Sequence[Failure] = ()) -> None:  # fmt: skip  # noqa: E501
            at = NOW - hours * HOUR
            told = (*(Seen(one.url, "kept", way="rss") for one in records), *seen)
            fronts = () if any(one.url == seeds[source].home for one in failures) else (Front(seeds[source].home),)
            run = Run(
                source, at, at + timedelta(seconds=4), records=tuple(records), seen=told, fronts=fronts,
                links=len(told), failures=tuple(failures), notes=("an odd listing",) if not failures else (),
            )  # fmt: skip
            pipe.keep(store, run, seeds[source], store.visits.past(source, at), engine, now=at)

        quay = record("wire", "quay", "The quay is repaired", TEXT, NOW - 8 * HOUR)
        oaks = record("wire", "oaks", "Oaks [along] the river", OTHER, NOW - 8.5 * HOUR)
        bad = Seen("https://wire.example/news/bad", "failed", f"{UNLIKE}a login", "listing")
        visit("wire", 7.5, [quay, oaks], bad, Seen("https://wire.example/shop", "skipped", "a shop", "listing"),
              failures=[Failure(bad.url, "PageChanged", bad.why)])  # fmt: skip
        visit("courier", 6.5, [record("courier", "mended", "Quay mended", TEXT, NOW - 6.7 * HOUR)])
        visit(
            "wire", 2.5, [replace(quay, title="The quay is dear", text=TEXT.replace("1300", "1400"), fingerprint="x")]
        )
        gone = Failure("https://herald.example/", "Gone", "404 Not Found", 404)
        visit("herald", 1.5, [], failures=[gone])
        store.close()
