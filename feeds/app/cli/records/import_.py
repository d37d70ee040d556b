"""The command that reads an archive or a crawl into the store: import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from scrapers import CopydeskError, Given, Progress, Seed

from ...application import Application, open_application
from ...jobs.archives import read_archive
from ...system.clock import utc_now
from ...system.suggestions import no_such
from ..command import DONE, FAILED, USAGE, Context, Ctx
from ..output.progress import progress
from ..output.prompts import counted

BATCH = 50  # articles in one transaction
TOLD = 10  # unusable entries that are printed


def import_(
    *files: Annotated[Path, Parameter(help="Lines of JSON (as `export` writes, or whole pages), or WARC; also .gz.")],
    source: Annotated[
        tuple[str, ...], Parameter(help="Only articles of this source; may be given again.", negative="")
    ] = (),
    all_: Annotated[
        bool, Parameter(name="--all", negative="", help="Those of sites without a source, too; filed under `kept`.")
    ] = False,
    ctx: Ctx,
) -> int:
    """Read an archive or a crawl into the store: pages and articles become records, nothing is fetched.

    They are read, recognised and put into topics as fetched ones are, and go into the archives. Articles that are known
    stay as they are. The daemon must not run.

    Example: `copydesk import crawl.warc.gz --source courier`
    """
    config = ctx.config()
    if not files:
        ctx.output.error("import: name a file of lines of JSON, or WARC")
        return USAGE
    if missing := next((file for file in files if not file.is_file()), None):
        ctx.output.error(f"{missing}: there is no such file")
        return USAGE

    async def work() -> int:
        async with open_application(config, daemon=True) as app:
            if unknown := next((name for name in source if name not in app.installation.seeds), None):
                ctx.output.error(no_such("source", unknown, list(app.installation.seeds)))
                return USAGE
            with progress(ctx, "importing") as told:
                done = await _Import(app, told, set(source), everything=all_).read(files)
            await app.publisher.publish()
        return _tell(ctx, done)

    return ctx.run(work())


class _Import:
    """One import: articles gathered by source, kept some at a time."""

    def __init__(self, app: Application, told: Progress, only: set[str], *, everything: bool) -> None:
        self.kept: Counter[str] = Counter()
        self.known = self.failed = self.elsewhere = 0
        self.unusable: list[str] = []
        self._app, self._told = app, told
        self._only, self._everything = only, everything
        self._waiting: dict[str, list[Given]] = {}
        self._seeds: dict[str, Seed] = {}

    async def read(self, files: Sequence[Path]) -> _Import:
        count = 0
        for one in self._of(files):
            count += 1
            if isinstance(one, str):
                self.unusable.append(one)
                continue
            seed = self._app.installation.source_of(one.url)
            if (self._only and seed.name not in self._only) or (seed.name == "kept" and not self._everything):
                self.elsewhere += 1
                continue
            self._seeds[seed.name] = seed
            waiting = self._waiting.setdefault(seed.name, [])
            waiting.append(one)
            if len(waiting) >= BATCH:
                self._told(f"articles, {sum(self.kept.values())} new", count, 0)
                await self._keep(seed.name)
        for name in list(self._waiting):
            await self._keep(name)
        return self

    def _of(self, files: Sequence[Path]) -> Iterator[Given | str]:
        for file in files:
            try:
                yield from read_archive(file, utc_now())
            except CopydeskError as error:
                yield error.reason

    async def _keep(self, name: str) -> None:
        run, kept = await self._app.jobs.import_given(self._seeds[name], self._waiting.pop(name))
        self.kept[name] += len(kept.fresh)
        self.known += sum(one.outcome == "known" for one in run.seen)
        self.failed += len(run.failures)


def _tell(ctx: Context, done: _Import) -> int:
    for line in done.unusable[:TOLD]:
        ctx.output.warn(line)
    if len(done.unusable) > TOLD:
        ctx.output.warn(f"… and {len(done.unusable) - TOLD} more that cannot be used")
    ctx.output.table(
        ["source", "new"], [[name, str(count)] for name, count in sorted(done.kept.items())], right=["new"]
    )
    said = [f"{counted(sum(done.kept.values()), 'record')} kept"]
    said += [f"{done.known} known already"] if done.known else []
    said += [f"{done.failed} are no articles"] if done.failed else []
    said += [f"{done.elsewhere} of sites that were not asked for (--all takes them)"] if done.elsewhere else []
    ctx.output.say(", ".join(said))
    return FAILED if done.unusable and not done.kept else DONE
