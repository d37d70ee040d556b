"""Topics: seen, made, changed, removed. What a person wrote in config.toml around them stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from ....errors import ConfigError, WrongName
from ...config import topic_edits
from ..desk.files import replace_file
from .calls import Call, Refused
from .values import Removed, Topic, Topics, TopicSettings

log = structlog.get_logger()


async def all_topics(call: Call) -> Topics:
    """Every topic with its counts."""
    counts = await call.tools.reader.call(lambda store: store.topics.counts(call.now))
    base_url = call.app.installation.config.base_url
    found = []
    for topic in call.app.installation.topics:
        stories, fresh, newest = counts.get(topic.name, (0, 0, None))
        found.append(
            Topic(
                name=topic.name,
                title=topic.title,
                query=topic.query,
                subtitle=topic.subtitle,
                language=topic.language,
                copies=topic.copies,
                private=topic.private,
                stories=stories,
                fresh=fresh,
                newest=newest,
                feed=None if topic.private else f"{base_url}/t/{topic.name}.atom",
            )
        )
    return Topics(found)


async def one_topic(call: Call) -> Topic:
    """The topic of a name."""
    return await _topic(call, call.path["name"])


async def _topic(call: Call, name: str) -> Topic:
    found = next((one for one in (await all_topics(call)).topics if one.name == name), None)
    if found is None:
        raise Refused(404, f"there is no topic {name}")
    return found


async def make(call: Call) -> Topic:
    """A new topic."""
    name = call.body.name
    if name is None:
        raise Refused(422, "name: is required", errors=["name: is required"])
    if any(topic.name == name for topic in call.app.installation.config.topics):
        raise Refused(409, f"there is a topic {name} already")
    title = call.app.installation.config.title
    await _write(call, lambda text: topic_edits.with_topic(text, None, _settings(call), title=title))
    log.info("api: a topic was made", topic=name, token=call.token.name)
    return await _topic(call, name)


async def change(call: Call) -> Topic:
    """Other settings of a topic."""
    name = (await one_topic(call)).name
    settings = dict(_settings(call))
    to = settings.setdefault("name", name)
    if to != name:
        settings["was"] = name
    await _write(call, lambda text: topic_edits.with_topic(text, name, settings))
    log.info("api: a topic was changed", topic=to, token=call.token.name)
    return await _topic(call, to)


async def remove(call: Call) -> Removed:
    """A topic is no more."""
    name = (await one_topic(call)).name
    await _write(call, lambda text: topic_edits.without_topic(text, name))
    log.info("api: a topic was removed", topic=name, token=call.token.name)
    return Removed(name, 0)


def _settings(call: Call) -> Mapping[str, Any]:
    """The settings that a body names; null is the default of each."""
    wish: TopicSettings = call.body
    found: dict[str, Any] = {}
    for key in sorted(call.named):
        value = getattr(wish, key)
        if key != "name" or value is not None:
            value = topic_edits.DEFAULTS.get(key) if value is None else value
            found[key] = tuple(value) if isinstance(value, list) else value
    return found


async def _write(call: Call, edit: Callable[[str], str]) -> None:
    """Put an edit into config.toml, unless that changes meanwhile, and have the daemon read it. Raises Refused."""
    path = call.tools.config_path

    def write() -> None:
        before = path.read_text(encoding="utf-8")
        text = edit(before)
        topic_edits.checked(path, text)
        if path.read_text(encoding="utf-8") != before:
            raise WrongName("config.toml was changed on disk at this moment; nothing was written")
        if text != before:
            replace_file(path, text)

    try:
        await asyncio.to_thread(write)
    except ConfigError as error:
        raise Refused(422, error.reason, errors=list(error.mistakes)) from error
    except WrongName as error:
        raise Refused(409, error.reason) from error
    answer = await call.tools.perform("reload", {})
    if answer.get("applied") is False:
        raise Refused(409, "; ".join(call.app.installation.reload_mistakes) or "config.toml could not be applied")
