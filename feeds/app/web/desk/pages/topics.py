"""The topics: their list, and the editor with what a query catches while it is typed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from scrapers import seconds

from .....errors import ConfigError, QueryError, WrongName
from ....config import topic_edits
from ....config.tables import SLUG, TopicConfig
from ....inspect.quick_trial import DAYS, QuickTrials, Tried
from .. import charts
from ..files import replace_file, version
from ..values import Ask, Goto, Page, Refused, Reply

log = structlog.get_logger()
TEXTS = ("title", "subtitle", "language")
CHOICES = {
    "copies": ("one", "all", "mark"),
    "images": ("keep", "strip", "none", "proxy"),
    "sort": ("published", "seen"),
    "audience": ("", "private", "public"),
}
FLAGS = ("private", "full_text", "changes")
LISTS = ("sources", "exclude")
TWO_WEEKS = 14


async def show_all(ask: Ask) -> Page:
    """Every topic with its counts and a chart."""
    topics = ask.app.installation.config.all_topics()

    def read(store: Any) -> tuple[Any, Any]:
        return store.arrivals.topic_sizes(), store.arrivals.topics_by_day(ask.now, TWO_WEEKS)

    sizes, days = await ask.store(read)
    rows = []
    for topic in topics:
        counts = days.get(topic.name, [0] * TWO_WEEKS)
        chart = charts.by_day(counts, ask.now.date())
        rows.append({"topic": topic, "stories": sizes.get(topic.name, 0), "fresh": counts[-1], "chart": chart})
    mistakes = ask.app.installation.reload_mistakes
    return Page("topics.html", {"rows": rows, "mistakes": mistakes})


async def new(ask: Ask) -> Page:
    """The editor for a new topic."""
    return await _editor(ask, None, TopicConfig(name="", query=ask.said("query") or None))


async def show(ask: Ask) -> Page:
    """The editor of a topic."""
    return await _editor(ask, ask.path["topic"], _written(ask, ask.path["topic"]))


async def change(ask: Ask) -> Reply:
    """Try a query, or save a topic into config.toml."""
    name: str | None = ask.path.get("topic")
    if ask.said("do", 20) not in ("try", "save"):
        raise Refused(400, ask.words("This is no form of ours."))
    before = TopicConfig(name="") if name is None else _written(ask, name)
    wanted = _wanted(ask, before)
    if isinstance(wanted, str):
        return await _editor(ask, name, before, wanted, 422)
    if ask.said("do") == "try":
        if ask.part:
            return Page("tried.html", await _trial(ask, wanted))
        return await _editor(ask, name, wanted)
    return await _save(ask, name, wanted)


async def ask_removal(ask: Ask) -> Page:
    """The question before a topic is removed."""
    return Page("topic_remove.html", {"topic": _written(ask, ask.path["topic"]).topic()})


async def remove(ask: Ask) -> Reply:
    """Take a topic out of config.toml."""
    name = ask.path["topic"]
    if ask.said("sure") != "yes":
        raise Refused(400, ask.words("Nothing was removed: it was not confirmed."))
    text = await asyncio.to_thread(_text, ask)
    try:
        await _write(ask, text, topic_edits.without_topic(text, name))
    except (ConfigError, WrongName) as error:
        raise Refused(409, error.reason) from error
    log.info("desk: a topic was removed", topic=name, client=ask.session.client)
    return Goto("/topics", ask.words("%(name)s is removed; its feed answers that it is gone.", name=name))


async def _save(ask: Ask, name: str | None, wanted: TopicConfig) -> Reply:
    text = await asyncio.to_thread(_text, ask)
    if ask.said("version") != version(text):
        why = ask.words(
            "config.toml was changed since this page was made. What you typed is kept below: look at it again, and save"
            " once more to put it over what the file says now."
        )
        return await _editor(ask, name, wanted, why, 409)
    settings = {key: getattr(wanted, key) for key in ("name", "query", *TEXTS, *CHOICES, *FLAGS, *LISTS)}
    settings |= {"entries": wanted.entries}
    if ask.said("max_age", 20) or wanted.max_age is None:
        settings["max_age"] = ask.said("max_age", 20) or None
    settings["audience"] = wanted.audience
    if name is not None and wanted.name != name:
        settings["was"] = name
    try:
        changed = topic_edits.with_topic(text, name, settings, title=ask.app.installation.config.title)
        await _write(ask, text, changed)
    except (ConfigError, WrongName) as error:
        return await _editor(ask, name, wanted, error.reason, 422)
    log.info("desk: a topic was saved", topic=wanted.name, client=ask.session.client)
    return Goto(f"/topics/{wanted.name}", ask.words("Saved. The file from before is kept as config.toml.before."))


async def _write(ask: Ask, before: str, text: str) -> None:
    """Put a checked text in the place of config.toml, unless that changed meanwhile. Raises ConfigError, WrongName."""
    path = ask.tools.config_path

    def write() -> None:
        topic_edits.checked(path, text)
        if path.read_text(encoding="utf-8") != before:
            raise WrongName("config.toml was changed on disk at this moment; nothing was written")
        replace_file(path, text)

    if text != before:
        await asyncio.to_thread(write)
    answer = await ask.tools.perform("reload", {})
    if answer.get("applied") is False:
        raise ConfigError(ask.app.installation.reload_mistakes or ["config.toml could not be applied"])


async def _editor(ask: Ask, name: str | None, topic: TopicConfig, why: str = "", status: int = 200) -> Page:
    text = await asyncio.to_thread(_text, ask)
    labels = await ask.store(lambda store: [one.name for one in store.sources.labels() if one.removed is None])
    values = {
        "name": name,
        "topic": topic,
        "why": why,
        "version": version(text),
        "choices": CHOICES,
        "known": labels,
        "max_age": ask.said("max_age", 20) or (f"{topic.max_age:.0f}s" if topic.max_age else ""),
        "feed": None if name is None else f"{ask.app.installation.config.base_url}/t/{name}.atom",
        **await _trial(ask, topic),
    }
    return Page("topic.html", values, status)


async def _trial(ask: Ask, topic: TopicConfig) -> dict[str, Any]:
    """What the query catches, for the part of the page that changes while it is typed."""
    trials: QuickTrials = ask.tools.memory.setdefault("trials", QuickTrials())
    values: dict[str, Any] = {"tried": None, "pointed": [], "mistake": "", "chart": None, "days": DAYS, "titles": {}}
    try:
        tried: Tried = await ask.store(lambda store: trials.tried(store, topic.topic(), ask.now))
    except QueryError as error:
        return {**values, "mistake": error.reason, "pointed": error.pointed().split("\n")[:2]}
    titles = {one.name: one.title for one in ask.app.installation.config.all_topics()}
    return {**values, "tried": tried, "chart": charts.by_day(tried.by_day, ask.now.date()), "titles": titles}


def _written(ask: Ask, name: str) -> TopicConfig:
    """A topic as the configuration in use has it. Raises Refused."""
    config = ask.app.installation.config
    found = next((one for one in config.topics if one.name == name), None)
    if found is None and not config.topics and name == "all":
        found = TopicConfig(name="all", title=config.title)
    if found is None:
        raise Refused(404, ask.words("There is no topic %(name)s.", name=name))
    return found


def _wanted(ask: Ask, before: TopicConfig) -> TopicConfig | str:
    """The topic that a form asks for, or why it cannot be one."""
    name = ask.said("name", 64)
    if ask.said("do") != "try" and not SLUG.fullmatch(name):
        return ask.words("The name should be 1 to 64 of a-z, 0-9 and -.")
    entries, age = ask.said("entries", 8), ask.said("max_age", 20)
    if entries and not entries.isdecimal():
        return ask.words("The number of entries should be a number.")
    try:
        max_age = seconds(age) if age else None
    except ValueError:
        return ask.words("The greatest age should be a length of time such as 36h or 7d.")
    told: dict[str, Any] = {
        "name": name,
        "query": ask.said("query", 4000) or None,
        "entries": int(entries) if entries else None,
        "max_age": max_age,
    }
    told |= {key: ask.said(key, 500) or None for key in TEXTS}
    told |= {key: _choice(ask, key) for key in CHOICES}
    told |= {key: ask.said(key) == "yes" for key in FLAGS}
    told |= {key: tuple(ask.said(key).replace(",", " ").split()) for key in LISTS}
    return replace(before, **told)


def _choice(ask: Ask, key: str) -> Any:
    told = ask.said(key, 20)
    if told not in CHOICES[key]:
        return CHOICES[key][0] or None
    return told or None


def _text(ask: Ask) -> str:
    return ask.tools.config_path.read_text(encoding="utf-8")
