"""Commands that make and keep an installation: demo, init, schema, sample, backup."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from scrapers import canonical_key, load_seeds

from ...store import Lock, open_store
from .. import failed_pages, logs, samples, schema, wishes
from ..config import Config
from ..desk import Desk, utc_now
from ..resources import seeds_folder, starter_config
from ..tending import copies_of
from . import CONFIGURATION, DONE, FAILED, USAGE, Ctx, app


@app.command
def demo(
    *,
    once: Annotated[bool, Parameter(negative="", help="End after the first full round, with a table.")] = False,
    fast: Annotated[bool, Parameter(negative="", help="Let the newsroom's clock run twenty times as fast.")] = False,
    seed: Annotated[int, Parameter(help="Another number, another order of events.")] = 1,
    folder: Annotated[Path, Parameter(help="Where the demo keeps its data; emptied at each start.")] = Path("var/demo"),
    ctx: Ctx,
) -> int:
    """The whole program without the internet: a small newsroom of sample sites on loopback, and the daemon on it."""
    from .. import demo as show

    if not ctx.verbose:
        logs.configure(level=logging.ERROR)
    try:
        place = show.folder_for(folder)
    except OSError as error:
        ctx.output.error(str(error))
        return USAGE
    return ctx.run(show.play(ctx.output, place, only_once=once, fast=fast, seed=seed))


@app.command
def init(folder: Annotated[Path, Parameter(help="A new folder.")], *, ctx: Ctx) -> int:
    """Make an installation: a commented config.toml, starter seeds of real news sites, and schemas for editors."""
    target = folder / "config.toml"
    if target.exists():
        ctx.output.error(f"{target}: is there already; nothing was changed")
        return USAGE
    try:
        (folder / "seeds").mkdir(parents=True, exist_ok=True)
        for path in sorted(seeds_folder().glob("*.toml")):
            shutil.copyfile(path, folder / "seeds" / path.name)
        shutil.copyfile(starter_config(), target)
        for what, name in schema.FILES.items():
            found = schema.config_schema() if what == "config" else schema.seed_schema()
            (folder / name).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("var/\n", encoding="utf-8")
    except OSError as error:
        ctx.output.error(f"{error.filename or folder}: {error.strerror}")
        return USAGE
    seeds, _ = load_seeds(folder / "seeds")
    ctx.output.print(f"{target} and {len(seeds)} seeds are ready.")
    here = target.name == str(target)
    ctx.output.print("Next: put your address into `contact`, choose seeds and topics, then")
    for step in ([] if here else [f"cd {folder}"]) + ["copydesk check", "copydesk run"]:
        ctx.output.print(f"  {step}")
    return DONE


@app.command(name="schema")
def schema_(
    what: Annotated[Literal["config", "seed"], Parameter(help="Of which file.")] = "config", *, ctx: Ctx
) -> int:
    """Print the JSON Schema of config.toml or of a seed, for editors."""
    ctx.output.json(schema.config_schema() if what == "config" else schema.seed_schema())
    return DONE


@app.command
def completion(shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(help="Which shell.")], *, ctx: Ctx) -> int:
    """Print the completion script of a shell, to be put where that shell looks for completions."""
    ctx.output.out.file.write(app.generate_completion(shell=shell) + "\n")
    return DONE


@app.command
def forget(
    what: Annotated[str, Parameter(help="The address of an article, or the name of a source.")], *, ctx: Ctx
) -> int:
    """Remove a record or a whole source for good: from the store, the feeds and the archives (a legal removal)."""
    config = ctx.config()
    store = open_store(config.store_path)
    try:
        if what.startswith(("http://", "https://")):
            number = store.aliases([canonical_key(what)]).get(canonical_key(what))
            if number is None:
                ctx.output.error(f"{what}: is no record")
                return USAGE
            store.forget_record(number, utc_now())
            failed_pages.forget_page(config, what)
            gone = 1
        elif store.source(what) is None:
            ctx.output.error(f"{what}: is neither the address of a record nor a source")
            return USAGE
        else:
            gone = store.forget_source(what, utc_now())
            failed_pages.forget_source(config, what)
    finally:
        store.close()
    ctx.output.print(f"{gone} records are removed")
    with ctx.output.working("publishing, and cleaning the store"):
        error = ctx.run(_clean_up(config))
    if error:
        ctx.output.error(f"its feeds or the files of the store are not clean yet: {error}")
        return FAILED
    for copy in copies_of(config.store_path):
        ctx.output.warn(
            f"{copy}: is a copy of the store from before, and may hold it; delete it where that must not be"
        )
    return DONE


async def _clean_up(config: Config) -> str:
    """Publish what is left, and take the words out of the store's files; why that could not be done, else nothing."""
    daemon = Lock(config.store_path).holder() is not None
    async with Desk(config, daemon=not daemon) as desk:
        if daemon:
            answer = await wishes.ask(desk, "forget", {})
            clean = answer.get("clean", False)
            if "error" in answer:
                return str(answer["error"])
        else:
            await desk.press.publish()
            clean = await desk.scrub()
    return "" if clean else "another process reads the store; say it again later"


@app.command
def sample(
    name: Annotated[str, Parameter(help="The source that the page belongs to.")],
    page: Annotated[str, Parameter(help="The address of a page, or a saved page.")],
    *,
    url: Annotated[str | None, Parameter(help="The address of a saved page.")] = None,
    ctx: Ctx,
) -> int:
    """Save a page and what is read from it under seeds/NAME/, as a test. Read the answer: it is a claim."""
    config = ctx.config()
    seeds, mistakes = load_seeds(config.seeds_folder)
    found = next((seed for seed in seeds if seed.name == name), None)
    if found is None:
        ctx.output.error("\n".join(mistakes) or f"there is no source {name}")
        return CONFIGURATION if mistakes else USAGE
    written = ctx.run(samples.take(config, found, page, url))
    for path in written:
        ctx.output.print(str(path))
    return DONE


@app.command
def backup(target: Annotated[Path, Parameter(help="The file to write.")], *, ctx: Ctx) -> int:
    """A whole copy of the store while it is in use, verified by opening it."""
    config = ctx.config()
    store = open_store(config.store_path)
    try:
        store.backup(target)
        records = store.count_records()
    finally:
        store.close()
    ctx.output.print(f"{target}: {records} records")
    return DONE
