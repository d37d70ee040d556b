"""The running daemon tells how it is doing: the _health feed, the status, the metrics."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest

from tests.support.playing import Play
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("tending")


def test_health_is_served_as_feed_status_and_metrics(tmp_path: Path) -> None:
    with Play(tmp_path, every="2s") as play:
        play.start()
        until(lambda: play.get("t/_health.atom")[0] == 200, "the health feed is there")
        feed = feedparser.parse(play.get("t/_health.atom")[1])
        assert [entry.title for entry in feed.entries] == ["Health of The demo copy desk"]
        until(lambda: play.get("t/_health")[0] == 200, "it has a page too")

        until(lambda: not play.missing(), "the first round is in the feeds")
        found = json.loads(play.get("status.json")[1])
        assert found["troubles"] == []
        assert found["health_feed"].endswith("/t/_health.atom")
        metrics = play.get("metrics")[1].decode()
        assert 'copydesk_visits_total{state="ok"}' in metrics
        assert "copydesk_queue" in metrics
        # it is in no list and no topic
        assert b"_health" not in play.get("opml.xml")[1]
        assert b"Health of" not in play.get("t/everything.atom")[1]
