"""/metrics for Prometheus, computed when it is asked for: the report of /status.json, and the server itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .server import ServerState

STATES = ("ok", "slow", "degraded", "failing", "gone", "new", "paused", "removed")


def exposition(
    report: Mapping[str, Any],
    facts: Mapping[str, Any],
    server: ServerState,
    store: tuple[int, int],
    now: datetime,
    *,
    tally: Mapping[tuple[str, str], int] = {},
) -> tuple[str, bytes]:
    """Media type and text. `report` is that of /status.json, `facts` are those of /health.

    `store`: bytes of the store and of its log.
    `tally` counts ("visit", state) and ("failure", class of the error) since the start.
    """
    registry = CollectorRegistry()
    registry.register(
        _Once(
            chain(_metrics(report, facts, server, store, now), _visits(report, tally, now), _work(report.get("work")))
        )
    )
    return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(registry)


class _Once(Collector):
    def __init__(self, metrics: Iterator[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return self._metrics


def _metrics(
    report: Mapping[str, Any], facts: Mapping[str, Any], server: ServerState, store: tuple[int, int], now: datetime
) -> Iterator[Metric]:
    sources, topics = report["sources"], [topic for topic in report["topics"] if topic["name"] is not None]
    counted = Counter(source["state"] for source in sources)
    states = GaugeMetricFamily("copydesk_sources", "Sources by state", labels=["state"])
    for state in (*STATES, *sorted(counted.keys() - set(STATES))):
        states.add_metric([state], counted[state])
    yield states
    yield _by_name("copydesk_source_failures", "Visits in a row without a usable front", "source", sources, "failures")
    yield _by_name("copydesk_source_records", "Records kept of a source", "source", sources, "records")
    awaited = [s["due"] for s in sources if s["state"] not in ("paused", "removed") and isinstance(s["due"], datetime)]
    late = max((max(0.0, (now - due).total_seconds()) for due in awaited), default=0.0)
    yield GaugeMetricFamily("copydesk_lateness_seconds", "How long the most overdue visit waits", late)
    age = GaugeMetricFamily("copydesk_topic_age_seconds", "Age of a topic's newest story", labels=["topic"])
    for topic in topics:
        if isinstance(topic["newest"], datetime):
            age.add_metric([topic["name"]], max(0.0, (now - topic["newest"]).total_seconds()))
    yield age
    yield _by_name("copydesk_topic_stories", "Stories of a topic", "topic", topics, "stories")
    yield GaugeMetricFamily("copydesk_healthy", "1 when /health says so", bool(facts.get("ok")))
    disk = bool(facts.get("disk"))
    yield GaugeMetricFamily("copydesk_disk_trouble", "1 while visits pause, or a feed cannot be written", disk)
    yield GaugeMetricFamily("copydesk_visits_running", "Visits under way", facts.get("visits_running") or 0)
    yield GaugeMetricFamily("copydesk_store_bytes", "Size of the store", store[0])
    yield GaugeMetricFamily("copydesk_store_wal_bytes", "Size of its log", store[1])
    memory = _memory()
    if memory is not None:
        yield GaugeMetricFamily("copydesk_memory_bytes", "Resident memory of the daemon without its workers", memory)
    yield GaugeMetricFamily("copydesk_web_connections", "Open connections of clients", len(server.connections))
    answers = CounterMetricFamily("copydesk_web_documents", "Answers with published documents", labels=["status"])
    for status, count in sorted(server.routes.answered.items()):
        answers.add_metric([str(status)], count)
    yield answers


def _visits(report: Mapping[str, Any], tally: Mapping[tuple[str, str], int], now: datetime) -> Iterator[Metric]:
    visits = CounterMetricFamily("copydesk_visits", "Visits by the state that they left", labels=["state"])
    failures = CounterMetricFamily("copydesk_failures", "What failed in visits, by class", labels=["class"])
    families = {"visit": visits, "failure": failures}
    for (what, name), count in sorted(tally.items()):
        families[what].add_metric([name], count)
    yield visits
    yield failures
    awaited = [s["due"] for s in report["sources"] if s["state"] not in ("paused", "removed")]
    waiting = sum(isinstance(due, datetime) and due <= now for due in awaited)
    yield GaugeMetricFamily("copydesk_queue", "Sources whose visit is due and not done", waiting)
    troubles = GaugeMetricFamily("copydesk_troubles", "Troubles that are not over, by kind", labels=["kind"])
    for kind, count in sorted(Counter(t["kind"].partition(":")[0] for t in report.get("troubles", ())).items()):
        troubles.add_metric([kind], count)
    yield troubles


def _work(found: Mapping[str, Any] | None) -> Iterator[Metric]:
    """Metrics of visits that scrapers make; none where this process makes them itself."""
    if found is None or "why" in found:
        return
    here = [one for one in found["scrapers"] if not one["gone"]]
    for name, words, count in (
        ("copydesk_scrapers", "Scrapers that give signs of life", len(here)),
        ("copydesk_work_queued", "Visits that wait for a scraper", found["queued"]),
        ("copydesk_work_under_way", "Visits that scrapers make now", found["under_way"]),
        ("copydesk_work_to_be_kept", "Runs that were given and are not kept yet", found["to_be_kept"]),
        ("copydesk_work_oldest_seconds", "How long the oldest queued visit waits", found["oldest_queued_seconds"]),
        ("copydesk_work_waiting_for_a_place", "Due visits that the queue has no place for", found["wait_for_a_place"]),
        ("copydesk_hosts_asked", "Hosts that are asked at this moment", found["hosts_asked_now"]),
        ("copydesk_hosts_left_alone", "Hosts that asked to be left alone", found["hosts_left_alone"]),
    ):
        yield GaugeMetricFamily(name, words, count)
    pages = GaugeMetricFamily("copydesk_scraper_pages_a_minute", "Requests of a scraper", labels=["scraper"])
    for one in here:
        pages.add_metric([str(one["name"])], one.get("pages_a_minute") or 0)
    yield pages


def _by_name(name: str, words: str, label: str, rows: list[Mapping[str, Any]], key: str) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for row in rows:
        family.add_metric([row["name"]], row[key] or 0)
    return family


def _memory() -> float | None:
    """Resident memory in bytes, where the system tells it."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), None)
