"""What Prometheus reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from feeds.app.web.document_routes import DocumentRoutes
from feeds.app.web.metrics import exposition
from feeds.app.web.server import ServerState

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


def test_states_counts_and_ages(tmp_path: Path) -> None:
    report = {
        "sources": [
            {"name": "courier", "state": "ok", "failures": 0, "records": 7, "due": NOW + timedelta(hours=1)},
            {"name": "herald", "state": "failing", "failures": 3, "records": 0, "due": NOW - timedelta(seconds=90)},
            {"name": 'odd"name\n', "state": "failing", "failures": 1, "records": 0, "due": None},
            {"name": "old", "state": "removed", "failures": 0, "records": 4, "due": NOW - timedelta(days=9)},
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
    media_type, text = exposition(report, {"ok": True, "visits_running": 2}, state, (1234, 0), NOW, tally=tally)
    assert media_type.startswith("text/plain")
    found = {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }
    assert found["copydesk_sources", ("ok",)] == 1
    assert found["copydesk_sources", ("failing",)] == 2
    assert found["copydesk_sources", ("gone",)] == 0
    assert found["copydesk_source_failures", ("herald",)] == 3
    assert found["copydesk_source_records", ('odd"name\n',)] == 0
    assert found["copydesk_lateness_seconds", ()] == 90
    assert found["copydesk_topic_age_seconds", ("ukraine",)] == 600
    assert ("copydesk_topic_age_seconds", ("empty",)) not in found
    assert found["copydesk_topic_stories", ("ukraine",)] == 5
    assert found["copydesk_visits_total", ("ok",)] == 4
    assert found["copydesk_failures_total", ("Unreachable",)] == 3
    assert found["copydesk_queue", ()] == 1
    assert found["copydesk_troubles", ("field",)] == 2
    assert found["copydesk_healthy", ()] == 1
    assert found["copydesk_visits_running", ()] == 2
    assert found["copydesk_store_bytes", ()] == 1234
    assert found["copydesk_web_documents_total", ("304",)] == 12
    assert not any("None" in labels for _, labels in found)
