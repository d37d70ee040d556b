"""No id ever changes: 700 records here, 10,000 by `python -m benchmarks.ids`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.reliability.ids import Ids, article, run
from scrapers import feed_id, record_id, story_id


def test_no_id_changes_whatever_else_does(tmp_path: Path) -> None:
    report = run(tmp_path, 700)
    assert report.compared == 2804
    assert report.changed == {
        "scraped again": 0,
        "topic renamed": 0,
        "base_url changed": 0,
        "backed up and restored": 0,
    }


def test_a_changed_lost_or_added_id_is_counted() -> None:
    ids = Ids(records={"a": "1", "b": "2"}, stories={"a": "s1"}, feeds={"topic": "t"}, entries={"topic a": "s1"})
    assert ids.changed_since(ids) == 0
    assert replace(ids, records={"a": "2", "c": "3"}).changed_since(ids) == 3


def test_the_ids_of_an_address_are_these_for_ever() -> None:
    """As they were published first; a reader would see every story again if one of them moved."""
    assert record_id("courier.example/news/1") == "urn:uuid:e04f4b0b-76c9-5a6d-a79e-6ade5fd06008"
    assert story_id("courier.example/news/1") == "urn:uuid:9887eaa4-963d-53cd-8b09-5eed49b71c44"
    assert feed_id("topic:port") == "urn:uuid:12c58386-3aac-5655-b585-417868ab713e"
    assert article(7).id == record_id("courier.example/news/7")
