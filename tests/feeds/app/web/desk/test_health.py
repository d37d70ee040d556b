"""The health page: the log of visits, who subscribed, pages as they were saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.app.jobs import failed_pages
from feeds.errors import StoreBusy
from feeds.rows import Subscription
from feeds.store import Afterwards, Store
from scrapers import Page, Run, Sample, Seed
from tests.support.desk import DeskUnderTest, running_desk

NOW = datetime.now(UTC)
EVIL = b"<!doctype html><title>x</title><script>alert(1)</script><p>What the server said</p>"


def fill(store: Store) -> None:
    store.sources.sync([Seed(name=name, home=f"http://127.0.0.1:9/{name}") for name in ("courier", "island")], NOW)
    with store.transaction():
        for n in range(120):
            at = NOW - timedelta(hours=120 - n)
            run = Run(("courier", "island")[n % 2], at, at + timedelta(seconds=1), links=n)
            good = n % 10 != 5
            after = Afterwards(
                due=at,
                state="ok",
                cause="" if good else f"no answer, number {n}",
                failures=0,
                typical=None,
                success=good,
                fresh=0,
                revised=0,
            )
            store.visits.log(run, after)
        feed = "http://127.0.0.1:1/t/harbour.atom"
        store.websub.keep(Subscription("https://reader.example/callback", feed, NOW.timestamp() + 86400))
        store.websub.keep(Subscription("https://gone.example/callback", feed, NOW.timestamp() - 5))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskUnderTest]:
    folder = tmp_path_factory.mktemp("health")
    (folder / "seeds").mkdir()
    for name in ("courier", "island"):
        (folder / "seeds" / f"{name}.toml").write_text(f'home = "http://127.0.0.1:9/{name}"\n')
    with running_desk(folder, fill=fill) as desk:
        yield desk


def test_scrapers_on_other_machines_are_shown(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"name": "east-1", "since": NOW, "gone": False, "running": 3, "parallel": 40, "sources": ["courier"]}
    work = {"under_way": 3, "queued": 2, "oldest_queued_seconds": 4.2, "hosts_asked_now": 1}
    found: dict[str, Any] = {**work, "scrapers": [{**one, "pages_a_minute": 12.5}]}

    async def report() -> dict[str, Any]:
        if not found:
            raise StoreBusy("the database of work does not answer")
        return found

    monkeypatch.setattr(desk.app.queue, "report", report)
    got = desk.browser().get("/desk/health")
    assert got.status == 200 and "east-1" in got.text and "3/40" in got.text and "12.5 pages a minute" in got.text
    found["scrapers"] = []
    assert "None: nobody makes the visits" in desk.browser().get("/desk/health").text
    found.clear()
    assert "the database of work does not answer" in desk.browser().get("/desk/health").text


def test_visits_of_all_sources_are_one_log(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    assert "no answer, number 115" in browser.get("/desk/health").text
    first = browser.get("/desk/health/visits").text
    assert first.count("<tr><td><a") == 50 and "Older ones" in first
    older = first.partition("visits?before=")[2].partition("&")[0]
    assert browser.get(f"/desk/health/visits?before={older}").text.count("<tr><td><a") == 50
    failed = browser.get("/desk/health/visits?outcome=failed").text
    assert failed.count("<tr><td><a") == 12 and failed.count("no answer") == 12
    one = browser.get("/desk/health/visits?source=island&outcome=ok").text
    assert 'href="/desk/sources/courier"' not in one and "island" in one
    for odd in ("before=x", "before=%D9%A1", "source=nobody", "outcome=never", "before=" + "9" * 30, "before=-1"):
        assert browser.get(f"/desk/health/visits?{odd}").status in (200, 413), odd


def test_subscribers_are_named(desk: DeskUnderTest) -> None:
    page = desk.browser().get("/desk/health").text
    assert "https://reader.example/callback" in page and "harbour.atom" in page
    assert "gone.example" not in page


def test_a_failed_page_is_shown_as_it_was_saved(desk: DeskUnderTest) -> None:
    config = desk.app.installation.config
    samples = [
        Sample(Page("http://127.0.0.1:9/courier", EVIL, content_type="text/html"), "the page is a consent wall"),
        Sample(Page("http://127.0.0.1:9/feed", b"<rss><item>&amp;</item></rss>", content_type="text/xml"), "no feed"),
    ]
    failed_pages.keep(config, "courier", samples, NOW)
    browser = desk.browser()
    for kept in failed_pages.of_source(config, "courier"):
        path = f"/desk/sources/courier/failed/{kept.file.name}"
        assert path in browser.get("/desk/health").text and path in browser.get("/desk/sources/courier").text
        page = browser.get(path).text
        assert f'src="{path}/page" sandbox></iframe>' in page and kept.url in page and kept.why in page
        assert "What the server said" not in page
        body = browser.get(f"{path}/page")
        policy = body.headers["content-security-policy"]
        assert policy.startswith("sandbox") and "default-src 'none'" in policy and "allow-scripts" not in policy
        assert body.text == EVIL.decode() or "&lt;rss&gt;&lt;item&gt;&amp;amp;" in body.text
    for path in ("x.html", "..%2f..%2fconfig.toml", "x.html/page"):
        assert browser.get(f"/desk/sources/courier/failed/{path}").status == 404
