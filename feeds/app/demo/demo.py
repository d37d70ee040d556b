"""`copydesk demo`: the real daemon on a newsroom of sample sites, all of it on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from datetime import timedelta
from pathlib import Path

from rich.markup import escape

from ... import pipe
from ..application import Application, open_application
from ..config.config import load
from ..daemon.daemon import Daemon
from ..daemon.once import once
from ..system.output import Output
from .newsroom import Event, Newsroom

PORT = 8484
MARK = ".copydesk-demo"  # a folder with this file in it may be emptied
LOOK = 0.5  # seconds between two looks at the newsroom's clock
SIGNS = {"publish": "•", "carry": "»", "correct": "±", "down": "✗", "up": "✓", "redesign": "◇"}


def folder_for(path: Path) -> Path:
    """An empty folder for a demo: made, or emptied if it was one before. Raises FileExistsError for any other."""
    if path.exists():
        if any(path.iterdir()) and not (path / MARK).exists():
            raise FileExistsError(f"{path}: is no folder of a demo; choose another with --folder")
        shutil.rmtree(path)
    path.mkdir(parents=True)
    (path / MARK).write_text("made by `copydesk demo`, which empties this folder\n", encoding="utf-8")
    return path


def listening() -> socket.socket:
    """A socket at the usual port, or at a free one when that is taken."""
    try:
        return _listening(PORT)
    except OSError:
        return _listening(0)


def _listening(port: int) -> socket.socket:
    sock = socket.socket()
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(128)  # of two that began at once, this refuses the second
    except OSError:
        sock.close()
        raise
    return sock


async def play(output: Output, folder: Path, *, only_once: bool, fast: bool, seed: int) -> int:
    """Start the sites and the daemon; the exit code."""
    speed = 20.0 if fast else 1.0
    with listening() as sock, Newsroom(folder / "newsroom", seed=seed, speed=speed) as newsroom:
        newsroom.seeds(folder / "seeds", every="2s" if fast else "15s")
        listen = f"127.0.0.1:{sock.getsockname()[1]}"
        path = folder / "config.toml"
        path.write_text(newsroom.config_toml(listen=listen), encoding="utf-8")
        config = load(path)
        output.say(f"{len(newsroom.homes)} sample sites on loopback; data and feeds in {folder}")
        async with open_application(config, daemon=True) as app:
            # in the script's time; an hour elsewhere, but here corrections must show while a person watches
            app.thread.store.records.rechecks = tuple(timedelta(seconds=s / speed) for s in (60, 240, 600))
            app.jobs.keeper.on_kept = lambda source, kept: _tell_kept(output, source, kept)
            if only_once:
                done = await once(app)
                await _table(output, app)
                return done.exit_code
            daemon = Daemon(app, path, on_ready=lambda _, way_in: _ready(output, app, newsroom, way_in))
            teller = asyncio.create_task(_tell_events(output, newsroom))
            try:
                return await daemon.run(listener=sock)
            finally:
                teller.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await teller


def _ready(output: Output, app: Application, newsroom: Newsroom, way_in: str) -> None:
    base = app.installation.config.base_url
    output.markup(
        f"\n[bold]The desk is open.[/] Open [bold cyan]{base}/[/] in a browser, or subscribe in a feed reader:\n"
    )
    if way_in:
        output.markup(f"  [cyan]{escape(way_in)}[/]  your desk (this link works once)")
    for topic in app.installation.topics:
        output.markup(f"  [cyan]{base}/t/{topic.name}.atom[/]  {escape(topic.title)}")
    output.markup(f"  [cyan]{base}/opml.xml[/]  all of them at once\n\nThe sample sites that it reads:\n")
    for name, home in newsroom.homes.items():
        output.markup(f"  [dim]{home}[/]  {escape(name)}")
    told = f"copydesk -c {escape(str(app.installation.config.folder / 'config.toml'))}"
    output.markup("\nIn another terminal, for example:\n")
    for words in ("status", "search harbour", f"why {next(iter(newsroom.truth().sites.values()))[0].url}"):
        output.markup(f"  [cyan]{told} {escape(words)}[/]")
    output.markup("\nWhat happens from here on (Ctrl-C ends it):\n")


async def _tell_events(output: Output, newsroom: Newsroom) -> None:
    """The script of the newsroom, as it goes on."""
    told: set[Event] = set(newsroom.events_until(newsroom.at))
    while True:
        for event in newsroom.events_until(newsroom.at):
            if event not in told:
                told.add(event)
                output.markup(f"[bold]{SIGNS.get(event.kind, '•')}[/] {escape(event.text)}")
        await asyncio.sleep(LOOK)  # the newsroom's clock runs in a thread of its own, so this polls


def _tell_kept(output: Output, source: str, kept: pipe.Kept) -> None:
    """Print what a visit gave."""
    if len(kept.told) > 3:
        output.markup(f"    [dim]{escape(source)}:[/] {len(kept.fresh)} stories read, {kept.copies} of them copies")
        return
    for line in kept.told:
        output.markup(f"    [dim]{escape(source)}:[/] {escape(line)}")
    if kept.cause:
        output.markup(f"    [yellow]{escape(source)} is {kept.state}:[/] {escape(kept.cause)}")


async def _table(output: Output, app: Application) -> None:
    """What a round brought in."""
    now = app.clock()
    sources = await app.thread.call(app.thread.store.sources.all, now)
    counts = await app.thread.call(app.thread.store.topics.counts, now)
    output.print()
    output.table(
        ["source", "state", "stories"], [[s.label, s.state, str(s.records)] for s in sources], right=["stories"]
    )
    output.print()
    output.table(
        ["topic", "entries", "feed"],
        [
            [
                topic.title,
                str(counts.get(topic.name, (0, 0, None))[0]),
                str(app.installation.config.public / "t" / f"{topic.name}.atom"),
            ]
            for topic in app.installation.topics
        ],
        right=["entries"],
        wrap=["topic", "feed"],
    )
