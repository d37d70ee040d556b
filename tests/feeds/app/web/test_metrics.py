"""What Prometheus reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from feeds.app.web.document_routes import DocumentRoutes
from feeds.app.web.metrics import exposition
from feeds.app.web.server import ServerState

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


def values(text: bytes) -> dict[tuple[str, tuple[str, ...]], float]:
    """Each sample's number by its name and the values of its labels; every metric says what it is."""
    families = list(text_string_to_metric_families(text.decode()))
    assert all(family.documentation for family in families)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def test_states_counts_and_ages(tmp_path: Path) -> None:
    report = {
        "sources": [
            {"name": "courier", "state": "ok", "failures": 0, "records": 7, "due": NOW + timedelta(hours=1)},
            {"name": "herald", "state": "failing", "failures": 3, "records": 0, "due": NOW - timedelta(seconds=90)},
            {"name": 'odd"name\n', "state": "failing", "failures": 1, "records": 0, "due": None},
            {"name": "old", "state": "removed", "failures": 0, "records": 4, "due": NOW - timedelta(days=9)},
            {"name": "rests", "state": "paused", "failures": 0, "records": 4, "due": NOW - timedelta(days=9)},
            {"name": "now", "state": "odd", "failures": 0, "records": 0, "due": NOW},
        ],
        "topics": [
            {"name": "ukraine", "stories": 5, "newest": NOW - timedelta(minutes=10)},
            {"name": "empty", "stories": 0, "newest": None},
            {"name": None, "stories": 9, "newest": NOW},  # private: named nowhere
        ],
        "troubles": [{"kind": "silent"}, {"kind": "field:date"}, {"kind": "field:author"}],
    }
    tally = {("visit", "ok"): 4, ("failure", "Unreachable"): 3}
    state = ServerState(DocumentRoutes(tmp_path, "http://news.example"))
    state.routes.answered[304] = 12
    facts = {"ok": True, "disk": "", "visits_running": 2}
    media_type, text = exposition(report, facts, state, (1234, 56), NOW, tally=tally)
    assert media_type.startswith("text/plain")
    found = values(text)
    assert found["copydesk_sources", ("ok",)] == 1
    assert found["copydesk_sources", ("failing",)] == 2
    assert found["copydesk_sources", ("gone",)] == 0
    assert found["copydesk_sources", ("odd",)] == 1
    assert found["copydesk_source_failures", ("herald",)] == 3
    assert found["copydesk_source_records", ('odd"name\n',)] == 0
    assert found["copydesk_lateness_seconds", ()] == 90
    assert found["copydesk_topic_age_seconds", ("ukraine",)] == 600
    assert ("copydesk_topic_age_seconds", ("empty",)) not in found
    assert found["copydesk_topic_stories", ("ukraine",)] == 5
    assert found["copydesk_visits_total", ("ok",)] == 4
    assert found["copydesk_failures_total", ("Unreachable",)] == 3
    assert found["copydesk_queue", ()] == 2
    assert found["copydesk_troubles", ("field",)] == 2
    assert found["copydesk_healthy", ()] == 1
    assert found["copydesk_visits_running", ()] == 2
    assert found["copydesk_disk_trouble", ()] == 0
    assert found["copydesk_store_bytes", ()] == 1234
    assert found["copydesk_store_wal_bytes", ()] == 56
    assert found["copydesk_web_connections", ()] == 0
    assert found["copydesk_web_documents_total", ("304",)] == 12
    if Path("/proc/self/status").exists():
        assert 2**22 < found["copydesk_memory_bytes", ()] < 2**36
    assert not any("None" in labels for _, labels in found)


def test_visits_that_scrapers_make_are_measured_where_there_are_any(tmp_path: Path) -> None:
    def told(**work: Any) -> dict[tuple[str, tuple[str, ...]], float]:
        state = ServerState(DocumentRoutes(tmp_path, "http://news.example"))
        _, text = exposition({"sources": [], "topics": [], **work}, {}, state, (0, 0), NOW)
        return values(text)

    one = {"name": "one", "gone": False, "pages_a_minute": 40}
    idle = {"name": 2, "gone": False, "pages_a_minute": None}
    gone = {"name": "gone", "gone": True, "pages_a_minute": 7}
    work = {
        "scrapers": [one, idle, gone], "queued": 3, "under_way": 4, "to_be_kept": 5, "oldest_queued_seconds": 6.5,
        "wait_for_a_place": 8, "hosts_asked_now": 9, "hosts_left_alone": 10,
    }  # fmt: skip
    without = told()
    assert without["copydesk_healthy", ()] == without["copydesk_visits_running", ()] == 0
    assert without["copydesk_lateness_seconds", ()] == without["copydesk_queue", ()] == 0
    assert told(work=None).keys() == told(work={"why": "the store is busy", **work}).keys() == without.keys()
    found = told(work=work)
    assert {name: value for name, value in found.items() if name not in without} == {
        ("copydesk_scrapers", ()): 2,
        ("copydesk_work_queued", ()): 3,
        ("copydesk_work_under_way", ()): 4,
        ("copydesk_work_to_be_kept", ()): 5,
        ("copydesk_work_oldest_seconds", ()): 6.5,
        ("copydesk_work_waiting_for_a_place", ()): 8,
        ("copydesk_hosts_asked", ()): 9,
        ("copydesk_hosts_left_alone", ()): 10,
        ("copydesk_scraper_pages_a_minute", ("one",)): 40,
        ("copydesk_scraper_pages_a_minute", ("2",)): 0,
    }
