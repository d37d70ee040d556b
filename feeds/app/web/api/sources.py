"""Sources: seen, followed, changed, removed, visited."""

from __future__ import annotations

from dataclasses import fields, replace

import structlog

from scrapers import CopydeskError, load_seeds

from ....errors import WrongName
from ...jobs import following, source_changes
from .calls import Call, Refused, names_checked
from .values import NewSource, Removed, Source, SourceChange, Sources, Visited

log = structlog.get_logger()


async def all_sources(call: Call) -> Sources:
    """Every source."""
    status = await call.tools.status()
    names = [one.name for one in fields(Source)]
    return Sources([Source(**{name: row[name] for name in names}) for row in status["sources"]])


async def one_source(call: Call) -> Source:
    """The source of a name."""
    return await _source(call, call.path["name"])


async def follow(call: Call) -> Source:
    """A site is looked at, and what is found becomes a seed."""
    wish: NewSource = call.body
    app, config = call.app, call.app.installation.config
    url = following.address_of(wish.url)
    if url is None:
        raise Refused(422, "url: should be an address such as https://paper.example/", errors=["url"])
    if wish.name is not None and (mistake := source_changes.bad_name(wish.name)):
        raise Refused(422, mistake, errors=["name"])
    seeds = list(load_seeds(config.seeds_folder)[0])
    if (known := following.followed_by(seeds, url)) is not None:
        raise Refused(409, f"{url} is followed already, as {known.name}")
    taken = frozenset(path.stem for path in config.seeds_folder.glob("*.toml"))
    typed = following.names_a_scheme(wish.url)
    try:
        survey = await following.survey_of(app.fetcher, app.workers, url, taken, call.now, typed=typed)
        if not survey.ways:
            raise Refused(422, f"{url}: no stories were found there")
        name = wish.name or survey.seed.name
        following.write_seed(config, name, following.seed_text(replace(survey, seed=replace(survey.seed, name=name))))
    except WrongName as error:
        raise Refused(409, error.reason) from error
    except CopydeskError as error:
        raise Refused(422, error.reason) from error
    log.info("api: a source was added", source=name, token=call.token.name)
    await call.tools.perform("reload", {})
    return await _source(call, name)


async def change(call: Call) -> Source:
    """Pause or resume a source, or give it another name."""
    wish: SourceChange = call.body
    name, config, thread = call.path["name"], call.app.installation.config, call.app.thread
    await _source(call, name)
    with names_checked():
        if wish.paused is not None:
            paused = wish.paused
            await thread.call(lambda: source_changes.set_paused(thread.store, config, name, paused, call.now))
        if wish.name is not None and wish.name != name:
            to = wish.name
            await thread.call(lambda: source_changes.rename(thread.store, config, name, to, call.now))
            name = to
    log.info("api: a source was changed", source=name, token=call.token.name)
    await call.tools.perform("reload", {})
    return await _source(call, name)


async def remove(call: Call) -> Removed:
    """Remove a source, with its records where that is asked for."""
    name, config, thread = call.path["name"], call.app.installation.config, call.app.thread
    await _source(call, name)
    records = bool(call.query["records"])
    with names_checked():
        gone = await thread.call(lambda: source_changes.remove(thread.store, config, name, call.now, records=records))
    log.info("api: a source was removed", source=name, records=gone, token=call.token.name)
    await call.tools.perform("reload", {})
    if records:
        await call.tools.perform("forget", {})
    return Removed(name, gone)


async def visit(call: Call) -> Visited:
    """Visit a source now, and wait for what comes of it."""
    name = call.path["name"]
    await _source(call, name)
    if name not in call.app.installation.seeds:
        raise Refused(409, f"{name} has no seed, so it is not visited")
    answer = await call.tools.perform("visit", {"names": [name]})
    return Visited(name, name in answer.get("visited", ()), str(answer.get("error", "")))


async def _source(call: Call, name: str) -> Source:
    found = next((one for one in (await all_sources(call)).sources if one.name == name), None)
    if found is None:
        raise Refused(404, f"there is no source {name}")
    return found
