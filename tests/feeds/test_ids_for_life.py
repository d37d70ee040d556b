"""No id ever changes: 2,000 records here, 10,000 by `python -m benchmarks.ids`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.ids import Ids, run


def test_no_id_changes_whatever_else_does(tmp_path: Path) -> None:
    report = run(tmp_path, 2000)
    assert report.compared == 8004
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
