"""A site is redesigned: its source is repaired by what is stored of it, and says so; what is unsure is only shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.application import Application, open_application
from feeds.app.cli.main import main
from feeds.app.config.config import load
from feeds.app.daemon.health_checks import look_at_all
from feeds.app.daemon.once import once
from feeds.app.inspect import status
from feeds.app.workers.pool import WorkerBug
from feeds.health.feed import headline, health_feed
from feeds.model import Publisher
from scrapers import rewritten
from tests.support.misbehaving import Web
from tests.support.redesigns import OLD, Told, new_article, new_front, old_article, old_front, stories

pytestmark = pytest.mark.usefixtures("read_inside")

NOW = datetime(2026, 3, 10, 13, tzinfo=UTC)


class Paper:
    """The web site of a paper, the installation that visits it, and a clock that is set by hand."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder, self.web, self.now = folder, web, NOW
        self.seed = folder / "seeds/lantern.toml"
        self.seed.parent.mkdir()
        selectors = "\n".join(f"{name} = '{selector}'" for name, selector in OLD.items())
        self.seed.write_text(
            f'home = "{web.url()}"\ntimezone = "UTC"\n\n[discover]\nlinks = "h2.story__title a"  # the big ones\n\n'
            f"[extract]\n{selectors}\n"
        )
        (folder / "config.toml").write_text(
            'contact = "mailto:desk@example.org"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n'
        )

    def shows(self, front: str, article: Callable[[Told], str], told: list[Told]) -> None:
        self.web.page("/", front.encode())
        for one in told:
            self.web.page(one.path, article(one).encode())

    def open(self) -> AbstractAsyncContextManager[Application]:
        return open_application(load(self.folder / "config.toml"), daemon=True, clock=lambda: self.now, workers=1)

    async def round(self, app: Application, hours: float = 1.0) -> int:
        """A round of visits, some time after the one before."""
        self.now += timedelta(hours=hours)
        return (await once(app)).exit_code

    async def begins(self, app: Application) -> list[Told]:
        """The old design, and the first visit to it; its stories."""
        told = stories(8)
        self.shows(old_front(told), old_article, told)
        assert await self.round(app) == 0
        return told

    async def is_redesigned(self, app: Application, told: list[Told]) -> None:
        """The new design, and the two visits after which selectors are looked for."""
        self.shows(new_front(told), new_article, told)
        await self.round(app)
        await self.round(app)


@pytest.fixture
def paper(tmp_path: Path, web: Web) -> Paper:
    return Paper(tmp_path, web)


def run(paper: Paper, work: Callable[[Application], Coroutine[None, None, None]]) -> None:
    async def inside() -> None:
        async with paper.open() as app:
            await work(app)

    asyncio.run(inside())


def test_a_redesign_is_repaired_told_and_the_stories_go_on(paper: Paper) -> None:
    async def work(app: Application) -> None:
        told = await paper.begins(app)
        before = {
            row.record.url: row.record.id
            for row in await app.thread.call(app.thread.store.records.of_source, "lantern", 50)
        }
        assert len(before) == 8
        asked = len(paper.web.asked)

        # everything is another one: the listing gives nothing, twice
        fresh = stories(3, first=8)
        paper.shows(new_front([*fresh, *told]), lambda one: new_article(one, decoy=Told(11)), [*fresh, *told])
        assert await paper.round(app) == 6
        assert app.installation.seeds["lantern"].discover.links == "h2.story__title a"
        assert len(paper.web.asked) == asked + 1, "one visit without stories is no reason to look"
        assert await paper.round(app) == 6
        asked = len(paper.web.asked) - asked - 1
        assert asked == 1 + 1 + 3, "the visit itself, the listing, and three articles"
        used = app.installation.seeds["lantern"]
        assert used.discover.links == "h3.teaser-headline a"
        assert used.extract.title == "h1.headline"
        assert used.extract.authors is not None and used.extract.authors.endswith(".writer")
        assert app.installation.file_seeds["lantern"].discover.links == "h2.story__title a"

        # it is due at once, and its stories go on with the ids that they have
        assert await paper.round(app, hours=0.01) == 0
        records = [row.record for row in await app.thread.call(app.thread.store.records.of_source, "lantern", 50)]
        assert len(records) == 11
        assert {one.url: one.id for one in records if one.url in before} == before
        (new,) = [one for one in records if one.title == fresh[0].title]
        assert new.authors == (fresh[0].author,)
        assert new.witnesses["title"] == new.witnesses["authors"] == new.witnesses["text"] == "selectors"

        # it is told: health, feed of health, status
        await look_at_all(app)
        troubles = await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
        (trouble,) = troubles
        assert trouble.kind.startswith("repaired:2026-03-10T")
        assert trouble.cause.startswith(
            "repaired: discover.links (“h2.story__title a” → “h3.teaser-headline a”), extract.authors (“.story__by” → "
        )
        assert headline("begin", trouble) == f"lantern: {trouble.cause}"
        feed = health_feed([trouble], Publisher("Desk", "https://desk.example"), NOW)
        assert any("`copydesk repair lantern` shows it" in entry.record.text for entry in feed.entries)
        report = await app.thread.call(status.report, app.thread.store, app.installation.config, [], paper.now)
        (line,) = report["sources"]
        assert line["state"] == "ok"
        assert line["cause"].startswith("repaired: discover.links, extract.")
        assert {one["field"] for one in line["selectors"]} == {"discover.links", *(f"extract.{name}" for name in OLD)}

    run(paper, work)
    assert "h3.teaser-headline" not in paper.seed.read_text(), "the file is a person's"

    async def anew(app: Application) -> None:
        assert app.installation.seeds["lantern"].discover.links == "h3.teaser-headline a", "it holds over a restart"
        # a person writes another selector: that is the end of the repair
        paper.seed.write_text(rewritten(paper.seed.read_text(), {"discover.links": "article h3 a"}, "by hand"))
        assert await app.installation.reload(paper.folder / "config.toml")
        assert app.installation.seeds["lantern"].discover.links == "article h3 a"
        assert app.installation.seeds["lantern"].extract.title == "h1.headline", "the other repairs stay"
        assert await paper.round(app) == 0
        await look_at_all(app)
        rows = await app.thread.call(app.thread.store.repairs.all, "lantern")
        assert {row.field for row in rows} == {f"extract.{name}" for name in OLD}
        (trouble,) = await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
        # and when all of them are in the file, it is over, and that is told too
        changes = {row.field: row.found or "" for row in rows}
        paper.seed.write_text(rewritten(paper.seed.read_text(), changes, "by hand"))
        assert await app.installation.reload(paper.folder / "config.toml")
        await paper.round(app)
        await look_at_all(app)
        assert await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True)) == []
        assert headline("end", trouble) == "lantern: all its selectors are those of its seed again"

    run(paper, anew)


def test_what_is_not_certain_is_proposed_and_not_used(paper: Paper) -> None:
    async def work(app: Application) -> None:
        told = await paper.begins(app)
        # the front shows three known stories among twenty new ones, and the old articles are gone
        fresh = stories(20, first=8)
        paper.shows(new_front([*fresh, *told[:3]]), new_article, fresh)
        for one in told:
            paper.web.page(one.path, b"gone", status="410 Gone")
        await paper.round(app)
        await paper.round(app)
        assert app.installation.seeds["lantern"] == app.installation.file_seeds["lantern"]
        (row,) = await app.thread.call(app.thread.store.repairs.all, "lantern")
        assert (row.field, row.state, row.used) == ("discover.links", "unsure", False)
        assert row.found is not None
        await look_at_all(app)
        kinds = {
            trouble.kind: trouble
            for trouble in await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
        }
        assert f"“{row.found}” may do, but is not certain" in kinds["selector:discover.links"].cause

        # not again for a day
        asked = len(paper.web.asked)
        await paper.round(app)
        assert len(paper.web.asked) == asked + 1
        await paper.round(app, hours=24)
        assert len(paper.web.asked) > asked + 3

        # the old design comes back: nothing is left of it
        paper.shows(old_front([*fresh, *told]), old_article, [*fresh, *told])
        assert await paper.round(app, hours=3) == 0
        assert await app.thread.call(app.thread.store.repairs.all, "lantern") == []
        await look_at_all(app)
        assert await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True)) == []

    run(paper, work)


def test_a_field_that_only_the_general_reader_still_finds_is_noticed_and_repaired(paper: Paper) -> None:
    def mixed(one: Told) -> str:
        """Only the headline is another one; the general reader still finds it, so nothing is missing."""
        return old_article(one).replace('h1 class="story__title"', 'h1 class="headline"')

    async def work(app: Application) -> None:
        await paper.begins(app)
        for n in range(3):
            fresh = stories(9 + n)
            paper.shows(old_front(fresh), mixed, fresh)
            assert await paper.round(app, hours=3) == 0
            if n < 2:
                assert await app.thread.call(app.thread.store.repairs.all, "lantern") == []
        assert app.installation.seeds["lantern"].extract.title == "h1.headline"
        assert app.installation.seeds["lantern"].extract.authors == OLD["authors"]
        (row,) = await app.thread.call(app.thread.store.repairs.all, "lantern")
        assert (row.field, row.used, row.evidence) == ("extract.title", True, "gives what is stored on 3 of 3 pages")

    run(paper, work)


def test_a_new_design_for_new_articles_alone_is_proposed(paper: Paper) -> None:
    def mixed(one: Told) -> str:
        return old_article(one) if one.n < 8 else old_article(one).replace("story__title", "headline")

    async def work(app: Application) -> None:
        told = stories(8)
        paper.shows(old_front(told), mixed, told)
        await paper.round(app)
        for n in range(3):
            fresh = stories(9 + n)
            paper.shows(old_front(fresh), mixed, fresh)
            await paper.round(app, hours=3)
        (row,) = await app.thread.call(app.thread.store.repairs.all, "lantern")
        assert (row.field, row.state, row.found, row.used) == ("extract.title", "unsure", "h1.headline", False)
        assert row.evidence.startswith("gives what is found without selectors on 3 of 3 pages that are new")

    run(paper, work)


def test_a_repair_that_is_over_because_the_old_design_came_back_ends(paper: Paper) -> None:
    async def work(app: Application) -> None:
        told = await paper.begins(app)
        await paper.is_redesigned(app, told)
        assert app.installation.seeds["lantern"].discover.links == "h3.teaser-headline a"
        paper.shows(old_front(told), old_article, told)
        await paper.round(app, hours=30)
        await paper.round(app, hours=1)
        assert app.installation.seeds["lantern"].discover.links == "h2.story__title a"
        assert [row.field for row in await app.thread.call(app.thread.store.repairs.all, "lantern")] == []
        assert await paper.round(app, hours=1) == 0

    run(paper, work)


def test_a_site_that_cannot_be_asked_is_not_looked_at(paper: Paper) -> None:
    async def work(app: Application) -> None:
        await paper.begins(app)
        paper.web.page("/", b"", status="503 Later")
        await paper.round(app)
        await paper.round(app)
        assert await app.thread.call(app.thread.store.repairs.all, "lantern") == []
        seen = await app.repairs.look("lantern")
        assert {one.state for one in seen.repairs} == {"unknown"}
        assert {one.evidence for one in seen.repairs} == {"no page could be had"}
        assert "asked to be left alone" in seen.notes[0]

    run(paper, work)


# --- the command


def copydesk(paper: Paper, *arguments: str) -> int:
    return main(["--config", str(paper.folder / "config.toml"), *arguments])


@pytest.fixture
def redesigned(paper: Paper) -> Paper:
    """A paper that was visited once and got a new design since."""
    told = stories(8)
    paper.shows(old_front(told), old_article, told)
    assert copydesk(paper, "--quiet", "run", "--once") == 0
    fresh = stories(2, first=8)
    paper.shows(new_front([*fresh, *told]), lambda one: new_article(one, decoy=Told(11)), [*fresh, *told])
    return paper


def test_the_command_shows_old_and_new_and_writes_only_when_asked(
    redesigned: Paper, capsys: pytest.CaptureFixture[str]
) -> None:
    before = redesigned.seed.read_bytes()
    assert copydesk(redesigned, "repair", "lantern", "--dry-run") == 0
    told = capsys.readouterr()
    assert "discover.links  certain  finds 8 of 8 known stories on the page, 2 new ones" in told.out
    assert "now     h2.story__title a\n  new     h3.teaser-headline a" in told.out
    assert "before    0 stories" in told.out
    assert "would get: discover.links, extract.title" in told.err
    assert copydesk(redesigned, "repair", "lantern") == 0  # nobody is there to be asked
    assert "nothing was written" in capsys.readouterr().err
    assert redesigned.seed.read_bytes() == before

    assert copydesk(redesigned, "repair", "lantern", "--write") == 0
    assert "lantern.toml is written: discover.links" in capsys.readouterr().err
    after = redesigned.seed.read_text()
    assert 'links = "h3.teaser-headline a"  # the big ones; repaired ' in after
    assert ": was h2.story__title a" in after
    assert f'home = "{redesigned.web.url()}"\n' in after

    assert copydesk(redesigned, "--quiet", "run", "--once") == 0
    capsys.readouterr()
    assert copydesk(redesigned, "repair", "lantern", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["state"] for one in found["selectors"]} == {"holds"}
    assert found["written"] == {}


def test_what_is_unsure_is_written_only_by_its_own_word(redesigned: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    for one in stories(7):  # one article is left to compare with
        redesigned.web.page(one.path, b"gone", status="410 Gone")
    assert copydesk(redesigned, "repair", "lantern", "--write") == 6
    told = capsys.readouterr()
    assert "extract.title  unsure  gives what is stored on 1 of 1 page" in told.out
    assert "--unsure" in told.err
    assert "h3.teaser-headline a" in redesigned.seed.read_text(), "what is certain is written all the same"
    assert "h1.story__title" in redesigned.seed.read_text()
    assert copydesk(redesigned, "repair", "lantern", "--write", "--unsure", "--json") == 0
    assert json.loads(capsys.readouterr().out)["written"]["extract.title"] == "h1.headline"
    assert 'title = "h1.headline"' in redesigned.seed.read_text()


def test_wrong_names_and_nothing_to_compare_are_told_in_one_line(
    paper: Paper, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copydesk(paper, "repair", "lantrn") == 2
    assert capsys.readouterr().err == "there is no source lantrn; did you mean lantern?\n"
    assert copydesk(paper, "repair", "zzz") == 2
    assert capsys.readouterr().err == "there is no source zzz; known: lantern\n"
    assert copydesk(paper, "repair", "lantern") == 6
    assert "nothing that selectors gave is stored of lantern" in capsys.readouterr().err
    assert paper.web.asked == [], "the site is not asked for nothing"
    paper.seed.write_text(f'home = "{paper.web.url()}"\n')
    assert copydesk(paper, "repair", "lantern") == 0
    assert "its seed has no selectors" in capsys.readouterr().err
    paper.seed.write_text("home = 3\n")
    assert copydesk(paper, "repair", "lantern") == 2
    assert f"{paper.seed}:1: home" in capsys.readouterr().err


def test_a_bug_of_the_search_harms_no_visit_and_is_not_tried_again_at_once(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise WorkerBug("nobody foresaw this")

    async def work(app: Application) -> None:
        await paper.begins(app)
        for n in range(3):
            fresh = stories(9 + n)
            paper.shows(old_front(fresh), lambda one: old_article(one).replace("story__title", "headline"), fresh)
            monkeypatch.setattr("scrapers.examine", broken)
            assert await paper.round(app, hours=3) == 0, "its stories came, so the source is well"
        (row,) = await app.thread.call(app.thread.store.repairs.all, "lantern")
        assert (row.field, row.used, row.evidence) == ("extract.title", False, "a bug, see the log")
        assert app.statistics.counts["failure", "bug"] == 1
        assert await paper.round(app, hours=3) == 0
        assert app.statistics.counts["failure", "bug"] == 1

    run(paper, work)


def test_a_seed_with_a_mistake_keeps_its_repairs(paper: Paper) -> None:
    async def work(app: Application) -> None:
        told = await paper.begins(app)
        await paper.is_redesigned(app, told)
        text = paper.seed.read_text()
        paper.seed.write_text(text + "\n[expect]\nrecords_per_day = 'many'\n")
        assert await app.installation.reload(paper.folder / "config.toml")
        assert app.installation.seeds == {}
        paper.seed.write_text(text)
        assert await app.installation.reload(paper.folder / "config.toml")
        assert app.installation.seeds["lantern"].discover.links == "h3.teaser-headline a"
        # and they go with a source that gets another name
        await app.thread.call(app.thread.store.sources.rename, "lantern", "lamp", paper.now)
        paper.seed.rename(paper.seed.with_name("lamp.toml"))
        assert await app.installation.reload(paper.folder / "config.toml")
        assert app.installation.seeds["lamp"].discover.links == "h3.teaser-headline a"

    run(paper, work)
