"""A reload says what it applied, and what waits for a restart."""

from __future__ import annotations

from dataclasses import replace

from feeds.app.config.changes import AT_START, changes
from feeds.app.config.config import Config
from feeds.app.config.schema import config_schema, keys
from feeds.app.config.tables import AlarmConfig, PublishConfig, StoreConfig, TopicConfig, WebConfig
from scrapers import Discover, Seed

BEFORE = Config(
    contact="mailto:desk@paper.example",
    topics=(TopicConfig("harbour", query="quay"), TopicConfig("schools"), TopicConfig("sport")),
)
QUAY = Seed(name="quay", home="https://quay.example/")


def test_nothing_changed() -> None:
    assert changes(BEFORE, BEFORE, {"quay": QUAY}, {"quay": QUAY}) == changes(BEFORE, replace(BEFORE), {}, {})
    assert changes(BEFORE, BEFORE, {}, {}).applied == ()


def test_each_key_is_named_and_what_is_opened_at_the_start_waits() -> None:
    after = replace(
        BEFORE,
        title="Another desk",
        store=StoreConfig(backups=3),
        web=WebConfig(listen="127.0.0.1:9000"),
        publish=PublishConfig(folder="elsewhere", entries=60),
        alarms=AlarmConfig(mail="desk@paper.example"),
        topics=(TopicConfig("harbour", query="ferry"), TopicConfig("schools"), TopicConfig("water")),
    )
    found = changes(BEFORE, after, {"quay": QUAY, "old": QUAY}, {"quay": replace(QUAY, discover=Discover(("x",)))})
    assert found.applied == (
        "title",
        "publish.entries",
        "alarms.mail",
        "topics.sport: removed",
        "topics.harbour.query",
        "topics.water: new",
        "source old: removed",
        "source quay: discover.rss",
    )
    assert found.waiting == ("store.backups", "publish.folder", "web.listen")
    assert changes(BEFORE, BEFORE, {}, {"quay": QUAY}).applied == ("source quay: new",)


def test_what_waits_are_keys_that_there_are() -> None:
    known = set(keys(config_schema()))
    assert set(AT_START) <= known
