"""Commands that make and keep an installation: demo, init, schema, sample, backup."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from scrapers import canonical_key, load_seeds

from ...identity.dedupe import found_under
from ...store import Store, lock_of, open_store, store_exists
from ..application import open_application
from ..config import schema
from ..config.config import Config
from ..daemon.control import ask
from ..inspect import samples
from ..jobs import failed_pages
from ..jobs.backups import copies_of
from ..jobs.forgetting import forget_article
from ..jobs.source_changes import names_of_sources
from ..system import logs
from ..system import starter_seeds as begin
from ..system.clock import utc_now
from ..system.suggestions import no_such
from .command import CONFIGURATION, DONE, FAILED, USAGE, Ctx, an_address, no_wrong_address
from .output.prompts import DryRun, Yes, agreed_to_remove, counted


def demo(
    *,
    once: Annotated[bool, Parameter(negative="", help="End after the first full round, with a table.")] = False,
    fast: Annotated[bool, Parameter(negative="", help="Let the newsroom's clock run twenty times as fast.")] = False,
    seed: Annotated[int, Parameter(help="Another number, another order of events.")] = 1,
    folder: Annotated[Path, Parameter(help="Where the demo keeps its data; emptied at each start.")] = Path("var/demo"),
    ctx: Ctx,
) -> int:
    """The whole program without the internet: a small newsroom of sample sites on loopback, and the daemon on it.

    Example: `copydesk demo --fast`
    """
    from ..demo import demo as demonstration

    if not ctx.verbose:
        logs.configure(level=logging.ERROR)
    try:
        place = demonstration.folder_for(folder)
    except OSError as error:
        ctx.output.error(str(error))
        return USAGE
    return ctx.run(demonstration.play(ctx.output, place, only_once=once, fast=fast, seed=seed))


def init(
    folder: Annotated[Path, Parameter(help="A new folder.")],
    *,
    starters: Annotated[
        str | None,
        Parameter(help="Sources to begin with: groups (europe, americas, en, de …) or names, with commas; or all."),
    ] = None,
    empty: Annotated[bool, Parameter(negative="", help="No starter seeds and no sample topics.")] = False,
    ctx: Ctx,
) -> int:
    """Make an installation: a commented config.toml, starter seeds of real news sites, and schemas for editors.

    Starter seeds wait in seeds/starters/ until they are chosen. Called again with --starters it adds those to an
    installation that is there, and changes nothing else.

    Example: `copydesk init desk --starters europe,en`
    """
    target = folder / "config.toml"
    known = [] if empty else begin.starters()
    on, unknown = begin.chosen((starters or "").split(","), begin.starters())
    if unknown or (empty and starters):
        groups = sorted({group for one in begin.starters() for group in one.groups} | {one.name for one in known})
        both = "--empty leaves out what --starters adds"
        ctx.output.error(no_such("starter", unknown[0], groups) if unknown else both)
        return USAGE
    if target.exists() and not on:
        ctx.output.error(f"{target}: is there already; nothing was changed")
        return USAGE
    new = not target.exists()
    try:
        (folder / "seeds").mkdir(parents=True, exist_ok=True)
        if new:
            _write_new(folder, topics=not empty)
        added = [one for one in on if _copy_once(one.path, folder / "seeds" / one.path.name)]
        for one in known if new else ():
            if one not in on:
                (folder / "seeds" / begin.FOLDER).mkdir(exist_ok=True)
                _copy_once(one.path, folder / "seeds" / begin.FOLDER / one.path.name)
    except OSError as error:
        ctx.output.error(f"{error.filename or folder}: {error.strerror}")
        return USAGE
    ctx.output.print(f"{target} is ready." if new else f"{counted(len(added), 'source')} added to {folder / 'seeds'}")
    for one in added:
        ctx.output.print(f"  {one.name}: {one.what}")
    if new:
        _tell_what_is_next(ctx, folder, waiting=max(0, len(known) - len(on)))
    return DONE


def _tell_what_is_next(ctx: Ctx, folder: Path, waiting: int) -> None:
    """What to do with a new installation; `waiting` starter seeds were not chosen."""
    if waiting:
        ctx.output.print(f"{waiting} starter seeds wait in {folder / 'seeds' / begin.FOLDER}: --starters")
    ctx.output.print("Next: put your address into `contact`, then")
    into = [] if folder.resolve() == Path.cwd() else [f"cd {folder}"]
    for step in [*into, "copydesk add https://www.paper.example/", "copydesk check", "copydesk run"]:
        ctx.output.print(f"  {step}")


def _write_new(folder: Path, *, topics: bool) -> None:
    for what, name in schema.FILES.items():
        found = schema.config_schema() if what == "config" else schema.seed_schema()
        (folder / name).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("var/\n", encoding="utf-8")
    (folder / "config.toml").write_text(begin.configuration(topics=topics), encoding="utf-8")


def _copy_once(source: Path, target: Path) -> bool:
    """Copy a file unless the target exists; whether it was copied."""
    if target.exists():
        return False
    shutil.copyfile(source, target)
    return True


def schema_(
    what: Annotated[Literal["config", "seed"], Parameter(help="Of which file.")] = "config", *, ctx: Ctx
) -> int:
    """Print the JSON Schema of config.toml or of a seed, for editors.

    Example: `copydesk schema seed > copydesk-seed.schema.json`
    """
    ctx.output.json(schema.config_schema() if what == "config" else schema.seed_schema())
    return DONE


def forget(
    what: Annotated[
        str, Parameter(help="The address of an article, or the name of a source.", validator=no_wrong_address)
    ],
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    ctx: Ctx,
) -> int:
    """Remove a record or a whole source for good: from the store, the feeds and the archives (a legal removal).

    Example: `copydesk forget https://paper.example/story --dry-run`
    """
    config = ctx.config()
    store = open_store(config.store_at)
    try:
        found = _to_forget(config, store, what)
        if isinstance(found, str):
            ctx.output.error(found)
            return USAGE
        number, count, said = found
        if dry_run:
            ctx.output.print(f"would remove {said} for good")
            return DONE
        if not agreed_to_remove(ctx.output, f"{said} for good", yes=yes):
            return DONE
        if number is not None:
            forget_article(store, config, what, utc_now())
        else:
            count = store.retention.forget_source(what, utc_now())
            failed_pages.forget_source(config, what)
    finally:
        store.close()
    ctx.output.print(f"{counted(count, 'record')} {'is' if count == 1 else 'are'} removed")
    with ctx.output.working("publishing, and cleaning the store"):
        error = ctx.run(_clean_up(config))
    if error:
        ctx.output.error(f"its feeds or the files of the store are not clean yet: {error}")
        return FAILED
    for copy in copies_of(config.store_at):
        ctx.output.warn(
            f"{copy}: is a copy of the store from before, and may hold it; delete it where that must not be"
        )
    return DONE


def _to_forget(config: Config, store: Store, what: str) -> tuple[int | None, int, str] | str:
    """(row of the record, None for a source; how many records go; their description), or why there is none."""
    if what.startswith(("http://", "https://")):
        hits = store.records.aliases(found_under(canonical_key(what)))
        number = next((hits[name] for name in found_under(canonical_key(what)) if name in hits), None)
        stored = None if number is None else store.records.get(number)
        return f"{what}: is no record" if stored is None else (number, 1, f"“{stored.record.title}”")
    for source in store.sources.all(utc_now()):
        if source.name == what:
            return None, source.records, f"{counted(source.records, 'record')} of {what}"
    return f"{no_such('source', what, names_of_sources(store, config))} (an article is named by its whole address)"


def remember(
    url: Annotated[str, Parameter(help="An address of an article that was forgotten.", validator=an_address)],
    *,
    ctx: Ctx,
) -> int:
    """Let an article come back that was forgotten: the next visit that finds it files it anew.

    Example: `copydesk remember https://paper.example/story`
    """
    store = open_store(ctx.config().store_at)
    try:
        if not store.forgotten.remember(canonical_key(url)):
            ctx.output.error(f"{url}: is no address of an article that was forgotten")
            return USAGE
    finally:
        store.close()
    ctx.output.print("it may come back with the next visit")
    return DONE


async def _clean_up(config: Config) -> str:
    """Publish the rest and scrub the store's files; why that failed, else ""."""
    daemon = lock_of(config.store_at).holder() is not None
    async with open_application(config, daemon=not daemon) as app:
        if daemon:
            answer = await ask(app, "forget", {})
            clean = answer.get("clean", False)
            if "error" in answer:
                return str(answer["error"])
        else:
            await app.publisher.publish()
            clean = await app.thread.scrub()
    return "" if clean else "another process reads the store; say it again later"


def sample(
    name: Annotated[str, Parameter(help="The source that the page belongs to.")],
    page: Annotated[str, Parameter(help="The address of a page, or a saved page.", validator=no_wrong_address)],
    *,
    url: Annotated[str | None, Parameter(help="The address of a saved page.", validator=an_address)] = None,
    ctx: Ctx,
) -> int:
    """Save a page and what is read from it under seeds/NAME/, as a test. Read the answer: it is a claim.

    Example: `copydesk sample courier https://courier.example/2026/03/quay`
    """
    config = ctx.config()
    seeds, mistakes = load_seeds(config.seeds_folder)
    found = next((seed for seed in seeds if seed.name == name), None)
    if found is None:
        own = [mistake for mistake in mistakes if Path(mistake.file).stem == name]
        ctx.output.error("\n".join(own) or no_such("source", name, [seed.name for seed in seeds]))
        return CONFIGURATION if own else USAGE
    written = ctx.run(samples.take(config, found, page, url))
    for path in written:
        ctx.output.print(str(path))
    return DONE


def backup(
    target: Annotated[Path, Parameter(help="The file to write.")],
    *,
    force: Annotated[bool, Parameter(negative="", help="Write over a file that is there.")] = False,
    ctx: Ctx,
) -> int:
    """A whole copy of the store while it is in use, verified by opening it.

    Example: `copydesk backup /mnt/copies/copydesk.db`
    """
    config = ctx.config()
    if not store_exists(config.store_at):
        ctx.output.error(f"{config.store_at}: there is no store yet")
        return USAGE
    if mistake := _no_target(target, force=force):
        ctx.output.error(mistake)
        return USAGE
    store = open_store(config.store_at)
    try:
        with ctx.output.working(f"copying {config.store_at}"):
            store.file.backup(target)
        records = store.records.count()
    except OSError as error:
        ctx.output.error(f"{error.filename or target}: {error.strerror}")
        return FAILED
    finally:
        store.close()
    ctx.output.print(f"{target}: {counted(records, 'record')}")
    return DONE


def _no_target(target: Path, *, force: bool) -> str | None:
    """Why a copy cannot be written there, or None."""
    if target.is_dir():
        return f"{target}: is a folder; name the file to write, such as {target / 'copydesk.db'}"
    if target.exists() and not force:
        return f"{target}: is there already; --force writes over it"
    if not target.parent.is_dir():
        return f"{target.parent}: there is no such folder"
    return None
