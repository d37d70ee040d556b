"""A film or sound is asked for once, over restarts too: in a visit's own transaction, or when the program ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from feeds.app.application import open_application
from feeds.app.config.config import load
from feeds.app.jobs.visits import VisitRequest
from scrapers import Front, Page, Run, Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILM, SOUND = "https://courier.example/film.mp4", "https://courier.example/horn.mp3"


def test_heads_of_files_outlive_the_program(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text('home = "https://courier.example/"\n')
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')
    seed = Seed("courier", "https://courier.example/")
    run = Run(source="courier", started=NOW, finished=NOW, fronts=(Front(seed.home),), links=3)

    async def first() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, clock=lambda: NOW, workers=1) as app:
            files, store = app.fetcher.shared.files, app.thread.store
            assert files.get(FILM) is None
            files.asking(FILM)
            files.put(FILM, Page(FILM, content_type="video/mp4", length=5))
            await app.jobs.keeper.keep(run, VisitRequest(seed))
            assert [head.length for head in await app.thread.call(store.asked_files.all)] == [5]
            files.asking(SOUND)
            files.put(SOUND, Page(SOUND, content_type="audio/mpeg"))

    async def again() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, clock=lambda: NOW, workers=1) as app:
            for url, kind, length in ((FILM, "video/mp4", 5), (SOUND, "audio/mpeg", None)):
                page = app.fetcher.shared.files.get(url)
                assert isinstance(page, Page)
                assert (page.content_type, page.length) == (kind, length)

    asyncio.run(first())
    asyncio.run(again())
