"""Stories by query, and one whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from ....compose.compose import compose_list
from ....errors import QueryError
from ....model import Entry
from ....model import Topic as FeedTopic
from ....publish.feed_reader import FeedReader, PublishSettings
from ....store import Store
from ...jobs import forgetting
from ..reading import cursors
from ..reading.scope import Scope
from ..reading.search import affordable, search
from .calls import Call, Refused, names_checked
from .values import AlsoAt, Change, Held, Stories, Story, StoryChange, WholeStory

log = structlog.get_logger()


async def by_query(call: Call) -> Stories:
    """A piece of the stories that fulfil a query."""
    asked, topic, source = str(call.query["q"] or "").strip(), call.query["topic"], call.query["source"]
    if topic and source:
        raise Refused(400, "topic, source: one of them at most; source: stands in a query too")
    named = {one.name: one for one in call.app.installation.topics}
    if topic and topic not in named:
        raise Refused(404, f"there is no topic {topic}")
    before = None
    if call.query["cursor"]:
        behind = cursors.numbers_of(str(call.query["cursor"]), 1)
        if behind is None:
            raise Refused(400, "cursor: should be one that an answer gave as `next`")
        before = behind[0]
    try:
        rule = affordable(asked)
    except QueryError as error:
        raise Refused(400, error.reason, position=error.position) from error
    scope = Scope("topic", "", topic) if topic else Scope("source", "", source) if source else Scope("everything", "")
    settings = call.app.installation.publish_settings()
    limit, whole = int(call.query["limit"]), bool(call.query["content"])

    def read(store: Store) -> Stories:
        if scope.kind == "source" and store.sources.get(scope.name) is None:
            raise Refused(404, f"there is no source {scope.name}")
        found = search(store, scope, rule, settings.subjects, call.now, before=before, most=limit)
        return Stories(
            _stories(store, found.stories, named, settings, whole=whole),
            None if found.more is None else cursors.cursor(found.more),
            None if found.more is None else found.back_to,
        )

    return await call.tools.reader.call(read)


async def one_story(call: Call) -> WholeStory:
    """A story by its id, or by that of one of its records."""
    identity = f"urn:uuid:{call.path['id']}"
    named = {one.name: one for one in call.app.installation.topics}
    settings = call.app.installation.publish_settings()

    def read(store: Store) -> WholeStory:
        numbers = store.stories.numbers_of([identity])
        for n in store.records.numbers_of([identity]):
            stored = store.records.get(n)
            numbers += [] if stored is None else [stored.story]
        shown = _stories(store, numbers[:1], named, settings, whole=True)
        if not shown:
            raise Refused(404, f"there is no story {call.path['id']}")
        story = store.stories.get(numbers[0])
        stored = None if story is None else store.records.get(story.representative)
        if stored is None:
            raise Refused(404, f"there is no story {call.path['id']}")
        changes = [Change(one.at, one.why) for one in store.records.revisions(stored.n) if one.public]
        return WholeStory(shown[0], stored.record.text, changes)

    return await call.tools.reader.call(read)


async def hold(call: Call) -> Held:
    """Keep the article that stands for a story, or one of its records, out of the feeds; or let it back."""
    wish: StoryChange = call.body
    identity, config, thread = f"urn:uuid:{call.path['id']}", call.app.installation.config, call.app.thread

    def change(store: Store) -> str:
        found = store.records.by_id(identity)
        if found is None and (numbers := store.stories.numbers_of([identity])):
            row = store.stories.get(numbers[0])
            found = None if row is None else store.records.get(row.representative)
        if found is None:
            raise Refused(404, f"there is no story {call.path['id']}")
        forgetting.hold(store, config, found.record.id, held=wish.held)
        return found.record.id

    with names_checked():
        record = await thread.call(lambda: change(thread.store))
    log.info("api: an article was held or released", held=wish.held, id=record, token=call.token.name)
    await call.tools.perform("publish", {})
    return Held(record, wish.held)


def _stories(
    store: Store, numbers: Sequence[int], named: Mapping[str, FeedTopic], settings: PublishSettings, *, whole: bool
) -> list[Story]:
    """Stories by their numbers. Whoever has a token is a reader of their own, as of a private topic."""
    topic = FeedTopic(name="", title=settings.publisher.title, private=True, full_text=whole)
    entries, records = FeedReader(store, topic, named, settings).entries(numbers)
    feed = compose_list(replace(topic, copies="all"), entries, site=settings.publisher, path="")
    labels = store.topics.of_records(list(records.values()))
    base_url = settings.publisher.base_url if settings.publisher.pages else None
    return [_story(entry, labels.get(records[entry.id], ()), base_url, whole=whole) for entry in feed.entries]


def _story(entry: Entry, topics: Sequence[str], base_url: str | None, *, whole: bool) -> Story:
    record = entry.record
    return Story(
        id=entry.id,
        url=record.url,
        title=record.title,
        subtitle=record.subtitle,
        summary=entry.summary,
        source=record.source,
        publisher=record.publisher or entry.origin.title,
        authors=list(record.authors),
        published=entry.published,
        published_estimated=record.published_estimated,
        updated=entry.updated,
        language=record.language,
        section=record.section,
        tags=list(record.tags),
        image=entry.image.url if entry.image else None,
        also_at=[AlsoAt(copy.title, copy.url, copy.publisher, copy.published) for copy in entry.copies],
        topics=list(topics),
        page=f"{base_url}/story/{entry.id.removeprefix('urn:uuid:')}" if base_url is not None else None,
        content=entry.content if whole else None,
    )
