"""`why` and `status` say for whom the feeds are, and what becomes of what pages hold back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feeds import pipe
from feeds.app.config.config import load
from feeds.app.inspect.explain import in_words, why
from feeds.app.inspect.status import audience_in_words, report
from feeds.store import open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Run, Seed, Seen, to_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="post", home="https://post.example/")
CONFIG = """contact = "mailto:desk@paper.example"
[[topics]]
name = "all"
[[topics]]
name = "shown-to-all"
audience = "public"
[[topics]]
name = "ours"
private = true
audience = "public"
[[topics]]
name = "same"
audience = "private"
"""


def test_what_a_page_holds_back_is_told_for_each_audience(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    config = load(tmp_path / "config.toml")
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    try:
        store.sources.sync([SEED], NOW)
        store.topics.sync(config.all_topics(), NOW)
        draft = Draft(title="The mill turns again", text="It had stood still for nine years, said the miller.")
        record = to_record(draft, url="https://post.example/mill", seed=SEED, first_seen=NOW)
        record = replace(record, robots=("noarchive",))
        seen = (Seen(record.url, "kept", way="listing"),)
        run = Run("post", NOW, NOW, records=(record,), seen=seen, fronts=(Front(SEED.home),), links=1)
        pipe.keep(store, run, SEED, store.visits.past("post", NOW), Engine(config.all_topics()), now=NOW)
        words = list(in_words(why(store, config, record.url, NOW)))
        at = next(n for n, line in enumerate(words) if line.startswith("  page says"))
        assert words[at : at + 2] == [
            "  page says noarchive: noted; private feeds leave nothing out (audience)",
            "            in topic shown-to-all: noarchive: public feeds leave out the text",
        ]
        assert "in topic" not in words[at + 2]
        told = audience_in_words(report(store, config, (), NOW))
        assert told == (
            "audience: private, so what pages hold back is shown; of topics: shown-to-all public (left out)"
        )
    finally:
        store.close()
