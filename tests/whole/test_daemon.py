"""The real daemon: signals, changed files, commands beside it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.playing import Play
from tests.support.waiting import PATIENCE, finished, until

pytestmark = pytest.mark.xdist_group("daemon")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """One daemon for all tests, in their order: the last ones take something away."""
    with Play(tmp_path_factory.mktemp("daemon"), every="2s") as play:
        play.start()
        until(lambda: not play.missing(), "the first round is in the feeds")
        yield play


def all_published(desk: Play) -> bool:
    """Whether no feed is left to be written."""
    with closing(sqlite3.connect(f"file:{desk.folder / 'copydesk.db'}?mode=ro", uri=True)) as db:
        return not db.execute("SELECT name FROM topic WHERE dirty UNION SELECT name FROM source WHERE dirty").fetchall()


def test_readers_are_forks_of_what_was_loaded_before(desk: Play) -> None:
    assert desk.process is not None
    pid = desk.process.pid
    (started,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert "tests.support.preloaded_server" in Path(f"/proc/{started}/cmdline").read_text()
    assert os.getsid(int(started)) == int(started)
    forks = Path(f"/proc/{started}/task/{started}/children").read_text().split()
    assert forks and all(os.getsid(int(fork)) == int(fork) for fork in forks)


def test_publishing_beside_the_daemon_writes_nothing_that_did_not_change(desk: Play) -> None:
    until(lambda: not desk.once_each() and all_published(desk), "each story once, in every feed")

    def nothing_to_do() -> bool:
        before = dict(desk.files())
        done = desk.copydesk("publish")
        assert done.returncode == 0, done.stderr
        return "0 files written" in done.stderr and dict(desk.files()) == before

    # a page that was late may still change a feed once; without such a change there is nothing to write
    until(nothing_to_do, "a publish that finds every file as it should be")


def test_a_new_topic_appears_within_seconds_with_its_past_stories(desk: Play) -> None:
    text = desk.config.read_text()
    assert desk.get("t/herring.atom")[0] == 404
    desk.config.write_text(text + '\n[[topics]]\nname = "herring"\nquery = "herring"\n')
    until(lambda: desk.feed("t/herring.atom"), "the new topic has its stories")

    # a mistake is refused, and the old set goes on being served
    desk.config.write_text(text + '\n[[topics]]\nname = "herring"\nquery = "(herring"\n')
    until(lambda: json.loads(desk.get("health")[1])["configuration_valid"] is False, "the mistake is seen")
    assert desk.feed("t/herring.atom")
    assert "query" in desk.get("status.json")[1].decode()

    # a removed topic is gone for good, and told so
    desk.config.write_text(text)
    until(lambda: desk.get("t/herring.atom")[0] == 410, "the removed topic answers 410")


def test_a_renamed_topic_keeps_its_feed_id_and_the_old_address_moves(desk: Play) -> None:
    until(lambda: not desk.once_each(), "each story once")
    before = {entry.id for entry in desk.feed("t/harbour.atom")}
    desk.config.write_text(desk.config.read_text().replace('name = "harbour"', 'name = "port"\nwas = "harbour"'))
    until(lambda: desk.feed("t/port.atom"), "the topic is at its new address")
    # a feed may still have grown since, but no entry has another id
    assert before
    assert {entry.id for entry in desk.feed("t/port.atom")} >= before
    until(lambda: desk.get("t/harbour.atom")[1] == desk.get("t/port.atom")[1], "the old address leads there")


def test_a_hangup_reloads_and_a_new_seed_is_visited(desk: Play) -> None:
    assert desk.process is not None
    seed = desk.folder / "seeds/halyard-press.toml"
    text = seed.read_text()
    seed.unlink()
    desk.process.send_signal(signal.SIGHUP)
    until(lambda: desk.states()["halyard-press"] == "removed", "the source counts as removed")
    assert desk.feed("s/halyard-press.atom"), "what it gave stays"
    seed.write_text(text)
    desk.process.send_signal(signal.SIGHUP)
    until(lambda: desk.states()["halyard-press"] == "ok", "it is visited again")


def test_a_token_opens_a_private_topic_at_once_and_a_revoked_one_closes_it(desk: Play) -> None:
    desk.config.write_text(desk.config.read_text() + '\n[[topics]]\nname = "family"\nprivate = true\n')
    until(lambda: list(desk.folder.glob("private/t/*/family.atom")), "the private topic is written")
    made = {name: desk.copydesk("token", "add", "family", "--name", name) for name in ("radio", "phone")}
    assert {done.returncode for done in made.values()} == {0}, made
    radio, phone = (done.stdout.strip().partition("/t/")[2] for done in made.values())
    assert len(desk.feed(f"t/{radio}")) > 0
    assert desk.get(f"t/{phone}")[0] == 200
    assert desk.get("t/family.atom") == desk.get("t/no-such-topic.atom")
    token = radio.partition("/")[0]
    assert desk.get("t/family.atom", Authorization=f"Bearer {token}")[0] == 200
    before = desk.get("status.json")[1]
    assert b"family" not in before
    assert desk.copydesk("token", "revoke", "family", "radio").returncode == 0
    assert desk.get(f"t/{radio}")[0] == 404, "refused when the command ends"
    assert desk.get(f"t/{phone}")[0] == 200
    for path in desk.folder.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes(), path


def test_commands_beside_the_daemon(desk: Play) -> None:
    done = desk.copydesk("fetch", "kelsby-herald", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["state"] == "ok"
    status = json.loads(desk.copydesk("status", "--json").stdout)
    assert desk.process is not None
    assert status["daemon"] == desk.process.pid
    second = desk.copydesk("run", "--once")
    assert second.returncode == 4
    assert str(desk.process.pid) in second.stderr
    assert desk.copydesk("sources", "pause", "kelsby-herald").returncode == 0
    until(lambda: desk.states()["kelsby-herald"] == "paused", "the source is paused")


def test_an_article_is_forgotten_beside_the_daemon_that_publishes_and_cleans(desk: Play) -> None:
    assert desk.copydesk("sources", "pause", "kelsby-herald").returncode == 0
    title = desk.newsroom.truth().sites["kelsby-herald"][0].title
    (url,) = {entry.link for entry in desk.feed("s/kelsby-herald.atom") if entry.title == title}
    done = desk.copydesk("forget", url)
    assert done.returncode == 0, done.stderr
    ours = [path for path in desk.folder.glob("*.db*") if path.is_file()]
    assert len(ours) >= 2
    for path in [*ours, *desk.public.rglob("*.atom")]:
        assert title.encode() not in path.read_bytes(), path
    # the daemon looks once a second whether a file that it serves has changed
    until(lambda: title not in {one.title for one in desk.feed("s/kelsby-herald.atom")}, "it is served no more")


def test_a_stop_is_clean_and_soon(desk: Play) -> None:
    started = time.monotonic()
    assert desk.stop() == 0
    assert time.monotonic() - started < PATIENCE / 2  # less than a second on a quiet machine
    # the socket, the lock and the workers are gone with it
    desk.start()
    assert desk.process is not None
    os.kill(desk.process.pid, signal.SIGINT)
    assert finished(desk.process, desk.log) == 0
    desk.process = None
