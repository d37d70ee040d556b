"""Alarms: each once, with recovery, by a command, a webhook and mail; what fails is tried again and harms nothing."""

from __future__ import annotations

import asyncio
import email
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import feedparser
import pytest

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.daemon import alarms
from feeds.app.daemon.alarms import AlarmFailed, Alarms, by_command
from feeds.app.daemon.daemon import Daemon
from feeds.app.daemon.maintenance import Maintenance
from feeds.app.daemon.scheduler import WATCHDOG
from feeds.health.assess import Trouble
from feeds.store import TroubleRow
from feeds.store.database.file import StoreFile
from tests.support.misbehaving import Web
from tests.support.waiting import PATIENCE


def config(folder: Path, text: str) -> Path:
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds/courier.toml").write_text('home = "https://courier.example/"\n')
    path = folder / "config.toml"
    path.write_text(
        f'contact = "mailto:desk@example.org"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n[alarms]\n{text}\n'
    )
    return path


def run(path: Path, work: Callable[[Application], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with open_application(load(path), daemon=True, workers=1) as app:
            await work(app)

    asyncio.run(whole())


async def begin(app: Application, *kinds: str) -> None:
    now = app.clock()
    cause = "nothing new for 3 d; $(rm -rf x)\r\nBcc: all@example.org"
    found = [Trouble(kind, "degraded", cause, now) for kind in kinds or ("silent",)]
    await app.thread.call(app.thread.store.troubles.note, "source:courier", found, now)


async def end(app: Application) -> None:
    await app.thread.call(app.thread.store.troubles.note, "source:courier", [], app.clock() + timedelta(hours=1))


def test_a_command_gets_each_happening_once_as_json(tmp_path: Path) -> None:
    script = tmp_path / "note.py"
    script.write_text("import pathlib, sys\nwith open(sys.argv[1], 'a') as f: f.write(sys.stdin.read() + '\\n')\n")
    told = tmp_path / "told"
    command = json.dumps([sys.executable, str(script), str(told)])

    async def work(app: Application) -> None:
        channel = Alarms(app)
        assert await channel.tell() == 0
        await begin(app)
        assert await channel.tell() == 1
        assert await channel.tell() == 0
        assert await Alarms(app).tell() == 0, "not even after a restart"
        await end(app)
        assert await channel.tell() == 1

    run(config(tmp_path, f"command = {command}"), work)
    first, last = (json.loads(line) for line in told.read_text().splitlines())
    assert first["happenings"][0]["what"] == "begin"
    assert first["happenings"][0]["about"] == "source:courier"
    assert first["text"].startswith("courier: degraded, nothing new")
    assert last["happenings"][0]["what"] == "end"
    assert last["happenings"][0]["over"] is not None


def test_many_troubles_are_one_message(tmp_path: Path, web: Web) -> None:
    web.page("/hook", b"thank you")

    async def work(app: Application) -> None:
        await begin(app, *(f"field:{n}" for n in range(50)))
        assert await Alarms(app).tell() == 50

    run(config(tmp_path, f'webhook = "{web.url("/hook")}"\nwebhook_networks = ["127.0.0.1"]'), work)
    (asked,) = web.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    body = json.loads(asked.body)
    assert body["text"] == "50 in trouble"
    assert len(body["happenings"]) == 50


def test_a_webhook_that_fails_is_tried_again_later(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hook").write_text(web.url("/hook?token=s3cret") + "\n")
    web.page("/hook", b"no", status="500 No")

    async def work(app: Application) -> None:
        channel = Alarms(app)
        await begin(app)
        assert await channel.tell() == 0
        assert await channel.tell() == 0
        assert len(web.asked) == 1, "it waits before it asks again"
        monkeypatch.setattr(alarms, "FIRST_WAIT", 0.0)
        web.page("/hook", b"yes")
        assert await Alarms(app).tell() == 1

    run(config(tmp_path, 'webhook_file = "hook"\nwebhook_networks = ["127.0.0.1"]'), work)
    assert web.asked[-1].target == "/hook?token=s3cret"


def test_a_webhook_into_a_private_network_is_not_asked(tmp_path: Path, web: Web) -> None:
    path = config(tmp_path, f'webhook = "{web.url("/hook")}"')
    assert 'allow_networks = ["127.0.0.0/8"]' in path.read_text(), "which is for fetching, and for nothing else"

    async def work(app: Application) -> None:
        await begin(app)
        assert await Alarms(app).tell() == 0

    run(path, work)
    assert web.asked == []


class Post:
    """A mail server that takes one mail a connection."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.envelopes: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.upper().split(" ")[0]
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
            elif word in ("MAIL", "RCPT"):
                self.envelopes.append(line)
            writer.write(b"221 bye\r\n" if word == "QUIT" else b"250 fine\r\n")
            if word == "QUIT":
                break
        writer.close()


def test_mail(tmp_path: Path) -> None:
    post = Post()

    async def work(app: Application) -> None:
        server = await asyncio.start_server(post.serve, "127.0.0.1", 0)
        smtp = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        path = config(tmp_path, f'mail = "desk@example.org"\nsender = "copydesk@example.org"\nsmtp = "{smtp}"')
        assert await app.installation.reload(path)
        await begin(app)
        async with server:
            assert await Alarms(app).tell() == 1
            assert await Alarms(app).tell() == 0

    run(config(tmp_path, ""), work)
    (data,) = post.mails
    mail = email.message_from_bytes(data, policy=default)
    assert mail["To"] == "desk@example.org"
    assert mail["From"] == "copydesk@example.org"
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("[copydesk] courier: degraded, nothing new")
    assert [line.partition(":")[2].split(">")[0].lower() for line in post.envelopes] == [
        "<copydesk@example.org",
        "<desk@example.org",
    ]


def test_an_alarm_speaks_the_language_of_the_installation_in_its_zone(tmp_path: Path) -> None:
    path = config(tmp_path, "")
    path.write_text('language = "de"\ntimezone = "Europe/Berlin"\n' + path.read_text())
    at = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    trouble = TroubleRow(
        n=1,
        subject="source:courier",
        kind="silent",
        state="degraded",
        cause="nothing new for 3 d",
        since=at,
        opened=at,
        closed=None,
    )
    told = alarms.message(load(path), [(trouble, "begin")])
    assert told["happenings"][0]["since"] == "2026-11-20T23:30:00+01:00"
    assert told["happenings"][0]["over"] is None
    assert told["text"] == told["happenings"][0]["text"] == "courier: lückenhaft, nothing new for 3 d"
    assert alarms.message(load(path), [(trouble, "begin"), (trouble, "end")])["text"] == "1 gestört, 1 wieder gut"


def test_a_command_that_fails_or_hangs_is_told_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AlarmFailed, match="ended with 3: oh no"):
        asyncio.run(by_command([sys.executable, "-c", "import sys; sys.stderr.write('oh no'); sys.exit(3)"], {}))
    monkeypatch.setattr(alarms, "COMMAND_SECONDS", 0.3)
    with pytest.raises(AlarmFailed, match="did not end"):
        asyncio.run(by_command([sys.executable, "-c", "import time; time.sleep(60)"], {}))
    with pytest.raises(OSError, match="no-such-program"):
        asyncio.run(by_command(["/no-such-program"], {}))


def test_a_round_publishes_the_health_feed_and_never_raises(tmp_path: Path) -> None:
    told: list[str] = []

    async def published(names: list[str]) -> None:
        told.extend(names)

    async def work(app: Application) -> None:
        maintenance = Maintenance(app, published)
        await maintenance.round()
        assert "t/_health.atom" in told
        told.clear()
        await maintenance.round()
        assert told == []
        await begin(app)
        path = app.installation.config.public / "t/_health.atom"
        await maintenance._show()
        titles = {entry.title.split(":")[0] for entry in feedparser.parse(path.read_bytes()).entries}
        assert titles == {"courier", "Health of copydesk"}
        # something is in the way of the feed: the round goes on, and the next one writes it
        path.unlink()
        path.mkdir()
        await app.thread.call(app.thread.store.sources.set_paused, "courier", True)
        await maintenance.round()
        path.rmdir()
        await maintenance.round()
        assert b"no longer" in path.read_bytes()

    run(config(tmp_path, ""), work)


def test_a_daemon_that_hung_is_told_by_the_next_one_and_is_over_then(tmp_path: Path, web: Web) -> None:
    web.page("/hook", b"thank you")

    async def work(app: Application) -> None:
        daemon = Daemon(app, tmp_path / "config.toml")
        assert daemon.scheduler.stuck() is None
        daemon.scheduler.running["courier"] = asyncio.get_running_loop().create_task(asyncio.sleep(60))
        daemon.scheduler.last_finished -= WATCHDOG + 1
        watchdog = asyncio.create_task(daemon._watchdog())
        async with asyncio.timeout(PATIENCE):
            await daemon.stopping.wait()
        assert daemon.exit_code == 1
        await watchdog
        daemon.scheduler.running["courier"].cancel()

        async def published(names: list[str]) -> None:
            assert names

        maintenance = Maintenance(app, published)
        for _ in range(4):
            await maintenance.round()

    run(config(tmp_path, f'webhook = "{web.url("/hook")}"\nwebhook_networks = ["127.0.0.1"]'), work)
    told = [json.loads(asked.body)["happenings"][0] for asked in web.asked]
    assert [(one["about"], one["what"]) for one in told] == [("daemon", "begin"), ("daemon", "end")]
    assert "no visit finished for" in told[0]["cause"]


def test_a_damage_is_found_once_a_week_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
    problems = ["row of alias refers to nothing"]
    monkeypatch.setattr(StoreFile, "problems", lambda _: problems)

    async def published(_: list[str]) -> None:
        """Nothing is asked of it."""

    async def work(app: Application) -> None:
        maintenance = Maintenance(app, published)

        async def troubles(days: int) -> list[str]:
            app.clock = lambda: sunday + timedelta(days=days)
            await maintenance._back_up()
            return [one.cause for one in await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))]

        assert await troubles(-1) == []
        assert await troubles(0) == ["the store is damaged: row of alias refers to nothing"]
        problems.clear()
        assert len(await troubles(6)) == 1
        assert await troubles(7) == []

    run(config(tmp_path, ""), work)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_mail_server_that_says_nothing_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    settings = load(config(tmp_path, f'mail = "a@example.org"\nsmtp = "mail.example:25"\nsmtp_security = "{security}"'))
    waits: list[object] = []

    def connects(host: str, port: int, *, timeout: object = None, context: object = None) -> None:
        waits.append((host, port, timeout))
        raise OSError("no route")

    for name in ("SMTP", "SMTP_SSL"):
        monkeypatch.setattr(alarms.smtplib, name, connects)
    with pytest.raises(OSError, match="no route"):
        alarms.by_mail(settings.alarms, settings, [])
    assert waits == [("mail.example", 25, alarms.MAIL_SECONDS)]


@pytest.mark.parametrize(("error", "code"), [(RuntimeError("odd"), 1), (None, 0)])
def test_a_bug_in_a_helper_ends_the_daemon_and_the_end_of_one_does_not(
    tmp_path: Path, error: Exception | None, code: int
) -> None:
    async def work() -> None:
        async with open_application(load(config(tmp_path, "")), daemon=True, workers=1) as app:
            daemon = Daemon(app, tmp_path / "config.toml")

            async def helper() -> None:
                if error is not None:
                    raise error

            daemon._help(helper, "helper")
            await asyncio.wait(daemon.helpers, timeout=PATIENCE)
            assert (daemon.exit_code, daemon.stopping.is_set()) == (code, bool(code))

    asyncio.run(work())
