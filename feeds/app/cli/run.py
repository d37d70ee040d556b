"""Commands that visit, show and publish what is there: run, scraper, try, feed, publish."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import structlog
from cyclopts import Parameter

from scrapers import CopydeskError, is_reference

from ...publish import plan
from ...publish.atomic_files import Folder
from ...publish.s3 import push
from ...store import StoreBusy, StoreInUse, lock_of
from ...store.database.location import PostgresLocation, is_postgres, wrong_url
from ..application import Application, open_application
from ..config.config import Config
from ..daemon.control import ask
from ..inspect import preview
from ..system import logs
from ..system.clock import utc_now
from ..system.memory import collect_seldom, one_arena
from ..system.ports import why_not
from ..system.suggestions import no_such
from ..web.server import listening
from .command import (
    CONFIGURATION,
    DONE,
    FAILED,
    IN_USE,
    USAGE,
    Context,
    Ctx,
    Json,
    an_address,
    no_wrong_address,
)
from .output.progress import progress

log = structlog.get_logger()
LISTENS = 50  # tries to listen, half a second between two: a desk that lost the lead ends within 15 s
STANDBY = 2.0  # seconds between two checks whether the leading desk is gone
MOST_VISITS = 200  # of one scraper at the same time


def run(
    *,
    once: Annotated[bool, Parameter(negative="", help="Visit all that is due, publish, and end.")] = False,
    web: Annotated[bool, Parameter(help="Serve the feeds over HTTP as well.")] = True,
    ctx: Ctx,
) -> int:
    """The daemon: visits the sources, publishes the feeds, and serves them.

    Example: `copydesk run` · `copydesk run --once`
    """
    one_arena()
    collect_seldom()
    config = ctx.config()
    logs.configure(form=config.log.format, level=ctx.level)

    shared = config.store_at if isinstance(config.store_at, PostgresLocation) else None
    listener, leads = None, False
    if web and not once and shared is None:
        try:
            listener = listening(*config.address())
        except OSError as error:
            ctx.output.error(why_not(error, config.web.listen, config.address()[1]))
            return IN_USE

    async def work() -> int:
        from ..daemon.daemon import Daemon

        nonlocal listener, leads
        async with open_application(config, daemon=True, work_at=shared, elsewhere=not once) as app:
            leads = True
            if once:
                return await _round(ctx, app)
            if web and listener is None:  # a waiting desk does not listen: requests go to the leading one
                try:
                    listener = await _listening(config)
                except OSError as error:
                    ctx.output.error(why_not(error, config.web.listen, config.address()[1]))
                    return IN_USE
            daemon = Daemon(app, ctx.path, on_ready=lambda address, way_in: _ready(ctx, app, address, way_in))
            return await daemon.run(web=web, listener=listener)

    try:
        return ctx.run(work() if shared is None or once else _in_turn(work, lambda: leads))
    finally:
        if listener is not None:
            listener.close()


async def _listening(config: Config) -> socket.socket:
    """A socket at the configured address. One that led before may take a moment to notice. Raises OSError."""
    import asyncio

    for _ in range(LISTENS):
        try:
            return listening(*config.address())
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        await asyncio.sleep(0.5)
    return listening(*config.address())


async def _in_turn(work: Callable[[], Awaitable[int]], leads: Callable[[], bool]) -> int:
    """Lead as soon as no other desk does, or as the server is there; its exit code. Ends by a signal meanwhile.

    A desk that led and lost the server before it was ready ends, and is started anew by whatever looks after it.
    """
    import asyncio

    stopped = asyncio.Event()
    told = ""
    while True:
        try:
            return await work()
        except (StoreInUse, StoreBusy) as error:
            if leads():
                raise
            if error.reason != told:
                log.info("waiting", why=error.reason)
                told = error.reason
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STANDBY):
                await stopped.wait()
                return DONE
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)


def _ready(ctx: Context, app: Application, address: str, way_in: str) -> None:
    log.info(
        "ready",
        sources=len(app.installation.seeds),
        topics=len(app.installation.topics),
        folder=str(app.installation.config.public),
    )
    if address:
        ctx.output.say(f"Feeds and status at {address}/ – stop with Ctrl-C")
    if way_in:
        ctx.output.say(f"Your desk, once: {way_in}" if "://" in way_in else f"Your desk is shut: {way_in}")


async def _round(ctx: Context, app: Application) -> int:
    """`run --once`, with a progress bar when a person watches; at the end what it did, failures also with -q."""
    from ..daemon.once import due_now
    from ..daemon.once import once as visit_once

    if not ctx.output.watched or ctx.output.quiet:
        done = await visit_once(app)
    else:
        from rich.progress import Progress

        with Progress(console=ctx.output.err, transient=True) as progress:
            bar = progress.add_task("visiting", total=len(await due_now(app)))

            async def on_done(name: str) -> None:
                progress.update(bar, advance=1, description=name)

            done = await visit_once(app, on_done)
    for line in done.in_words():
        if done.exit_code:
            ctx.output.error(line)
        else:
            ctx.output.say(line)
    return done.exit_code


def scraper(
    *,
    url: Annotated[str, Parameter(help="The database of the desk: postgresql://USER@HOST/DATABASE.")],
    password: Annotated[
        str | None, Parameter(help="Where its password is: env:NAME or file:PATH; PGPASSWORD and ~/.pgpass serve too.")
    ] = None,
    parallel: Annotated[int, Parameter(name=["--parallel", "-j"], help="Visits at the same time.")] = 20,
    json_log: Annotated[bool, Parameter(negative="", help="Log as lines of JSON.")] = False,
    ctx: Ctx,
) -> int:
    """Make visits for a desk that has its store in PostgreSQL: any number of these, on any machine.

    It keeps nothing: it takes visits that are due, makes them, and gives back what they gave. Passwords of sources are
    looked up here. SIGTERM lets visits under way end; a second one ends it at once.

    Example: `copydesk scraper --url postgresql://copydesk_scraper@db.example/copydesk -j 40`
    """
    import asyncio
    import os

    from ...store.queue.database import WorkDatabase
    from ..jobs.queue.documents import WrongDocument
    from ..jobs.queue.scraper import Scraper

    if not is_postgres(url) or (mistake := wrong_url(url)) is not None:
        ctx.output.error(f"--url: {mistake if is_postgres(url) else 'should be postgresql://USER@HOST/DATABASE'}")
        return USAGE
    if password is not None and not is_reference(password):
        ctx.output.error('--password: should be "env:NAME" or "file:PATH", never the password itself')
        return USAGE
    if not 1 <= parallel <= MOST_VISITS:
        ctx.output.error(f"--parallel: should be between 1 and {MOST_VISITS}")
        return USAGE
    one_arena()
    collect_seldom()
    logs.configure(form="json" if json_log else "text", level=ctx.level)
    location = PostgresLocation(url, Path(), password)
    location.conninfo()  # report a missing password at once

    async def work() -> int:
        database = WorkDatabase(location.conninfo, connections=min(8, 2 + parallel // 8))
        made = Scraper(database, parallel=parallel, clock=utc_now)

        def stop(number: int) -> None:
            if made.stopping.is_set():
                os._exit(143)
            log.info("stopping", signal=signal.Signals(number).name)
            made.stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop, number)
        await database.open(wait=False)
        try:
            await made.run(lambda name: ctx.output.say(f"{name} makes visits – stop with Ctrl-C"))
        except WrongDocument as error:
            ctx.output.error(error.reason)
            return CONFIGURATION
        finally:
            await database.close()
        return DONE

    code = ctx.run(work())
    sys.stdout.flush()
    return code


def try_(
    what: Annotated[
        str,
        Parameter(help="A source's name, an address, or a saved page (a file, also .gz).", validator=no_wrong_address),
    ],
    *,
    url: Annotated[str | None, Parameter(help="The address of a saved page.", validator=an_address)] = None,
    seed: Annotated[str | None, Parameter(help="Read it with the selectors of this source.")] = None,
    kind: Annotated[preview.Kind, Parameter(name="--as", help="What the page is; found out when not given.")] = "auto",
    html: Annotated[
        bool,
        Parameter(negative="", help="Print the article as an entry will show it: an HTML document that stands alone."),
    ] = False,
    explain: Annotated[bool, Parameter(negative="", help="Tell which witness said what.")] = False,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """What would be read from a page, and which witness gave each field. Stores nothing.

    Example: `copydesk try https://courier.example/2026/03/quay` · `copydesk try saved.html --url https://courier.example/a`
    """
    file = Path(what)
    is_file = file.is_file()
    is_url = what.startswith(("http://", "https://"))
    config = ctx.config() if ctx.path.exists() else preview.CONFIG_FOR_FILES
    if not is_url and not is_file and not ctx.path.exists():
        ctx.output.error(f"{what}: is no address, no file, and without {ctx.path} no source either")
        return USAGE

    async def work() -> int:
        seeds = preview.seeds_of(config)
        if seed is not None and seed not in seeds:
            ctx.output.error(no_such("source", seed, list(seeds)))
            return USAGE
        if is_url or (what in seeds and not is_file):
            if config is preview.CONFIG_FOR_FILES:
                ctx.output.error(f"{ctx.path}: needed to fetch pages (its `contact` tells sites who asks)")
                return CONFIGURATION
            sight = await preview.at_address(config, what, seeds, seed, kind)
        elif is_file:
            sight = preview.at_file(file, url, seeds.get(seed or ""), kind, utc_now())
        else:
            ctx.output.error(f"{what}: is no address and no file, and {no_such('source', what, list(seeds))}")
            return USAGE
        if json:
            ctx.output.json(sight.as_json())
        elif html and sight.record is not None:
            sys.stdout.buffer.write(preview.document(sight.record))
            sys.stdout.buffer.flush()
        else:
            preview.print_sight(ctx.output, sight, explain=explain)
        return DONE

    return ctx.run(work())


def feed(
    topic: Annotated[str, Parameter(help="The name of a topic.")],
    *,
    form: Annotated[preview.Form, Parameter(name="--format", help="atom, rss or json.")] = "atom",
    ctx: Ctx,
) -> int:
    """Print a topic's feed, as it would be published now.

    Example: `copydesk feed harbour --format json`
    """
    config = ctx.config()

    async def work() -> int:
        async with open_application(config) as app:
            if topic not in {known.name for known in app.installation.topics}:
                ctx.output.error(no_such("topic", topic, [known.name for known in app.installation.topics]))
                return USAGE
            data = await app.thread.call(
                plan.feed_document,
                app.thread.store,
                app.installation.publish_settings(),
                app.installation.topics,
                topic,
                form,
            )
        if data is None:
            ctx.output.error(f"the topic {topic} has no entries yet")
            return FAILED
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return DONE

    return ctx.run(work())


def publish(
    *,
    to: Annotated[str | None, Parameter(help="Also send the folder to an object store, such as s3://BUCKET.")] = None,
    ctx: Ctx,
) -> int:
    """Write the folder of feeds and pages without the daemon; what did not change is left alone.

    Example: `copydesk publish --to s3://my-bucket`
    """
    config = ctx.config()
    daemon = lock_of(config.store_at).holder() is not None

    async def work() -> int:
        async with open_application(config, daemon=not daemon) as app:
            if daemon:
                answer = await ask(app, "publish", {"all": True})
                if "error" in answer:
                    raise CopydeskError(answer["error"])
                return int(answer["files"])
            app.publisher.progress = told
            return len(await app.publisher.publish_all())

    with progress(ctx, "publishing") as told:
        written = ctx.run(work())
    ctx.output.say(f"{written} files written to {config.public}")
    if to is not None:
        with ctx.output.working(f"sending to {to}"):
            pushed = push(Folder(config.public), to)
        ctx.output.say(f"{len(pushed.sent)} sent, {len(pushed.removed)} removed, {pushed.unchanged} unchanged at {to}")
    return DONE
