"""What was forgotten, or has left the store by its age, does not come back, whoever brings it by whatever address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import pipe
from feeds.app.cli.main import main
from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import CopydeskError, Discover, Draft, Front, Gone, Page, Record, Run, Seed, Seen, to_record
from tests.support.older_stores import set_back
from tests.support.simulated_visits import Turned
from tests.support.stores import Opener, knowing

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
TOPICS = (Topic("all", "All"),)
SEEDS = {
    "ledger": Seed(name="ledger", home="https://ledger.example/"),
    "gatherer": Seed(name="gatherer", home="https://gatherer.example/"),
}
ADDRESS = "https://ledger.example/town/bell-falls-into-the-river"


def text(of: str) -> str:
    return "\n".join(
        f"The {of} of Ostby was {what} on day {day}, and {day * 17} people of the town stood on the bridge to see it."
        for day, what in enumerate(("hung", "painted", "rung", "stolen", "found again"), 2)
    )


def made(source: str, url: str, *, of: str = "bell", at: datetime = NOW) -> Record:
    draft = Draft(title=f"The {of} of Ostby", text=text(of), published=at.isoformat())
    return to_record(draft, url=url, seed=SEEDS[source], first_seen=at)


def keep(store: Store, record: Record, *, asked: str | None = None) -> pipe.Kept:
    at = record.first_seen
    run = Run(
        record.source,
        at,
        at,
        records=(record,),
        seen=(Seen(asked or record.url, "kept", way="rss"),),
        fronts=(Front(SEEDS[record.source].home),),
        links=1,
    )
    return pipe.keep(store, run, SEEDS[record.source], store.visits.past(record.source, at), Engine(TOPICS), now=at)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    with knowing(opener(), SEEDS.values(), NOW, TOPICS) as store:
        yield store


def number(store: Store, record: Record) -> int:
    stored = store.records.by_id(record.id)
    assert stored is not None
    return stored.n


def test_no_source_brings_a_forgotten_article_back(store: Store) -> None:
    names = ("ledger.example/town/bell-falls-into-the-river", "ledger.example/x-1")
    own = replace(made("ledger", ADDRESS), aliases=names)
    keep(store, own)
    keep(store, made("gatherer", ADDRESS))
    store.retention.forget_record(number(store, own), NOW)
    assert store.records.count() == 0, "what points at its address is forgotten with it"
    later = NOW + timedelta(days=400)
    for record in (
        made("ledger", ADDRESS, at=later),
        made("gatherer", ADDRESS, at=later),
        made("ledger", "https://ledger.example/x-1", of="bell once more", at=later),
        made("ledger", ADDRESS + "/amp/?print=1", at=later),
    ):
        assert keep(store, record).fresh == ()
    assert store.records.count() == 0
    (row,) = [one for one in store.outcomes.of_key("ledger.example/x-1") if one.source == "ledger"]
    assert (row.outcome, row.why) == ("skipped", "removed by hand")


def test_a_forgotten_article_does_not_come_back_by_another_name(store: Store) -> None:
    for n in range(25):
        keep(store, made("ledger", f"https://ledger.example/clock-{7700000 + n}", of=f"clock {n * 31} {n}"))
    own = made("ledger", "https://ledger.example/bell-falls-7788990")
    keep(store, own)
    store.retention.forget_record(number(store, own), NOW)
    renamed = made("ledger", "https://ledger.example/ostby-mourns-its-bell-7788990", of="tower")
    assert keep(store, renamed).fresh == ()


def test_a_number_that_a_site_gives_to_all_pages_forgets_no_other_article(store: Store) -> None:
    own = made("ledger", "https://ledger.example/bell-7788990")
    keep(store, own)
    store.retention.forget_record(number(store, own), NOW)
    assert len(keep(store, made("ledger", "https://ledger.example/clock-7788990", of="clock")).fresh) == 1


def test_forgetting_a_source_forgets_nothing_of_others(store: Store) -> None:
    keep(store, made("gatherer", ADDRESS))
    store.retention.forget_source("gatherer", NOW)
    assert len(keep(store, made("ledger", ADDRESS)).fresh) == 1


def test_what_was_forgotten_can_be_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\nbackups = 0\n', encoding="utf-8"
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/ledger.toml").write_text('home = "https://ledger.example/"\n')
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync(TOPICS, NOW)
    own = made("ledger", ADDRESS)
    keep(store, own)
    store.close()
    assert main(["--config", str(config), "--quiet", "forget", ADDRESS]) == 0
    assert main(["--config", str(config), "--quiet", "remember", "https://ledger.example/another-one"]) == 2
    assert "no address of an article that was forgotten" in capsys.readouterr().err
    assert main(["--config", str(config), "--quiet", "remember", ADDRESS + "?utm_source=x"]) == 0
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    assert ADDRESS.removeprefix("https://") not in store.visits.past("ledger", NOW).known
    assert keep(store, own).fresh == (own.id,)
    store.close()


def test_an_evergreen_that_left_the_store_is_no_news_while_it_is_shown(tmp_path: Path) -> None:
    feed = "https://ledger.example/feed"
    seed = Seed(name="ledger", home="https://ledger.example/", discover=Discover(rss=(feed,)))
    lines = "\n".join(text(of) for of in ("bell", "tower", "bridge")).split("\n")
    body = "".join(f"<p>{line}</p>" for line in lines)

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url != feed:
            return Gone("404", status=404)
        told = f"<link>{ADDRESS}</link><description><![CDATA[{body}]]></description>"
        item = f"<item><title>The bell of Ostby</title>{told}</item>"
        rss = f'<rss version="2.0"><channel><title>Ledger</title>{item}</channel></rss>'
        return Page(url, rss.encode(), content_type="application/rss+xml")

    store = open_store(tmp_path / "copydesk.db", daemon=True)
    turned = Turned(store, {"ledger": seed}, web, TOPICS, NOW)
    turned.visit("ledger")
    (stored,) = store.records.of_source("ledger", 5)
    turned.now += timedelta(days=100)
    turned.visit("ledger")
    store.retention.expire([stored.n], turned.now)
    for _ in range(20):
        turned.now += timedelta(days=20)
        turned.visit("ledger")
        store.retention.forget_links("ledger", turned.now)
    assert store.records.count() == 0
    assert sum(len(kept.fresh) for kept in turned.kept) == 1
    store.close()


def test_addresses_of_an_older_store_are_found_under_their_shorter_keys(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    store = open_store(path, daemon=True)
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync(TOPICS, NOW)
    key = "ledger.example/town/bell-falls-into-the-river?lightbox=3&si=aB3xY"
    old = replace(made("ledger", ADDRESS + "?lightbox=3&si=aB3xY"), key=key, aliases=(key,))
    keep(store, old)
    store.db.execute("DELETE FROM alias WHERE key NOT IN (?, 'x')", (key,))
    store.close()
    set_back(path, 14)
    store = open_store(path, daemon=True)
    kept = keep(store, made("ledger", ADDRESS, of="bell"))
    assert kept.fresh == ()
    (stored,) = store.records.of_source("ledger", 5)
    assert (stored.record.id, stored.record.key) == (old.id, key)
    store.close()
