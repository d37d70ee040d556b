"""To which source a record belongs, and what a run says of records that were not taken."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from feeds.pipe.outcomes import without_skipped
from feeds.pipe.working_set import takes_over
from feeds.rows import SourceState
from scrapers import Draft, Run, Seed, Seen, canonical_key, to_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOMES = {
    "post": "https://post.example/",
    "local": "https://local.post.example/",
    "digest": "https://digest.example/",
    "mirror": "https://mirror.example/",
}
SOURCES = {
    name: SourceState(**{one.name: None for one in fields(SourceState)} | {"name": name, "home": home})
    for name, home in HOMES.items()
}


@pytest.mark.parametrize(
    ("old", "new", "url", "over"),
    [
        ("digest", "post", "https://post.example/a", True),
        ("post", "post", "https://post.example/a", False),
        ("local", "post", "https://post.example/a", False),  # it is of the site, too
        ("digest", "mirror", "https://post.example/a", False),
        ("digest", "nobody", "https://post.example/a", False),
        ("nobody", "post", "https://post.example/a", False),
    ],
)
def test_a_record_goes_over_to_the_source_whose_address_it_has(old: str, new: str, url: str, over: bool) -> None:
    store = SimpleNamespace(sources=SimpleNamespace(get=SOURCES.get))

    def filed(source: str) -> object:
        draft = Draft(title="Arnholt opens its footbridge", text="It was opened on Monday after months of work.")
        made = to_record(draft, url=url, seed=Seed(source, HOMES["post"]), first_seen=NOW)
        assert made.source == source
        return made

    assert takes_over(store, filed(old), filed(new)) is over  # type: ignore[arg-type]


def test_what_was_not_taken_is_seen_as_skipped_and_says_why() -> None:
    urls = [f"https://post.example/{n}" for n in range(3)]
    seen = (Seen(urls[0], "kept"), Seen(urls[1], "kept"), Seen(urls[2], "known"))
    run = Run("post", NOW, NOW, seen=seen)
    assert without_skipped(run, {}) is run
    found = without_skipped(run, {canonical_key(urls[0]): "it was forgotten", canonical_key(urls[2]): "it was too"})
    assert [(one.url, one.outcome, one.why) for one in found.seen] == [
        (urls[0], "skipped", "it was forgotten"),
        (urls[1], "kept", seen[1].why),
        (urls[2], "known", seen[2].why),
    ]
