"""The real program ended at every step of a record's road, then run again: each story once, nothing moved (S3)."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.support import preloaded
from tests.support.playing import Play
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.xdist_group("crash-points")

# in the order of the road; the number is the pass at which the process ends
POINTS = (
    "before-keeping",
    "records-filed",
    "before-kept",
    "before-commit:2",
    "committed:4",
    "kept",
    "archives-closed:2",
    "archives-written",
    "before-sync",
    "before-rename:2",
    "variant-renamed",
    "variant-renamed:4",
    "renamed",
    "before-clean",
    "clean",
)
MIGRATION = ("migrating:4", "before-migrated", "migrated", "migrating", "before-migrated", "migrated", "committed")


class Rounds(Play):
    """The newsroom and one round of the program at a time; the feeds are looked at as files."""

    def __enter__(self) -> Rounds:
        return self

    def get(self, path: str, **_: str) -> tuple[int, bytes]:
        """A file of the published folder, as a server would give it."""
        file = self.public / path
        return (200, file.read_bytes()) if file.is_file() else (404, b"")

    def round(self, crash_at: str = "") -> int:
        """One `run --once`; its exit code, negative for a signal."""
        environment = {**os.environ, "COPYDESK_CRASH_AT": crash_at}
        arguments = ["--config", str(self.config), "run", "--once"]
        done = preloaded.run(arguments, timeout=PATIENCE, environment=environment, inside=True)
        assert done.returncode in (0, 6, -signal.SIGKILL), done.stdout + done.stderr
        return done.returncode

    def news(self) -> None:
        """Plays the script up to the next story of a site that answers, and makes every source that does due."""
        room = self.newsroom
        away = self.down()
        told = (e for e in room.events_until(room.length) if e.at > room.at and e.kind in ("publish", "carry"))
        room.advance(next(e.at for e in told if e.site not in away and room.script.state(e.site, e.at).down is None))
        self.hurry()

    def hurry(self) -> None:
        """Makes every source due that answers."""
        with sqlite3.connect(self.folder / "copydesk.db") as db:
            db.execute("UPDATE source SET due=0 WHERE failures=0")
        db.close()

    def down(self) -> frozenset[str]:
        """The sites that do not answer at this moment of the script."""
        with sqlite3.connect(self.folder / "copydesk.db") as db:
            names = frozenset(name for (name,) in db.execute("SELECT name FROM source WHERE failures>0"))
        db.close()
        return names

    def whole(self) -> None:
        """Every story exactly once, every file well-formed, and nothing that readers rely on has changed."""
        self.look()
        down = self.down()
        homes = [self.newsroom.homes[name].removeprefix("http://") for name in down]
        wrong = [line for line in self.once_each() if not ("0 times" in line and any(home in line for home in homes))]
        assert self.missing(but=down) == set()
        assert wrong == []
        assert self.watch.faults == []
        assert not list(self.public.rglob("*.part"))
        for path in self.public.rglob("*.rss"):
            etree.parse(path)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    with Rounds(tmp_path_factory.mktemp("rounds"), every="0.5s") as play:
        assert play.round() == 0
        play.whole()
        yield play


@pytest.mark.parametrize("point", POINTS)
def test_the_next_round_puts_right_what_a_crash_left(desk: Rounds, point: str) -> None:
    desk.news()
    assert desk.round(point) == -signal.SIGKILL
    desk.look()  # every file is whole in between, too
    desk.round()
    desk.whole()


def test_a_new_topic_has_its_past_and_a_removed_one_goes_whenever_the_program_ends(desk: Rounds) -> None:
    desk.newsroom.advance(desk.newsroom.length)
    until(lambda: desk.round() == 0 and not desk.down(), "every site answers again")
    desk.hurry()
    desk.round()
    desk.whole()
    assert not desk.down()
    text = desk.config.read_text()
    desk.config.write_text(text + '\n[[topics]]\nname = "past"\nquery = "the"\n')
    assert desk.round("topics-stored") == -signal.SIGKILL
    assert desk.round("before-retopic") == -signal.SIGKILL
    desk.round()
    assert len(desk.feed("t/past.atom")) > 10
    desk.config.write_text(text)
    assert desk.round("unlinked:2") == -signal.SIGKILL
    assert (desk.public / "t/past").exists()
    desk.watch._entries = {key: entry for key, entry in desk.watch._entries.items() if key[0] != "t/past.atom"}
    desk.round()
    assert not list((desk.public / "t").glob("past*"))
    desk.whole()


def test_a_start_may_end_at_any_step_of_the_schema(tmp_path: Path) -> None:
    with Rounds(tmp_path, every="0.5s") as play:
        for point in MIGRATION:
            assert play.round(point) == -signal.SIGKILL
        assert (tmp_path / "copydesk.db").exists()
        play.round()
        with sqlite3.connect(tmp_path / "copydesk.db") as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert db.execute("PRAGMA user_version").fetchone()[0] >= 5
        db.close()
        play.whole()
