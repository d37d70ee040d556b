"""What became of a page, why an article is in a topic or not, and how it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from scrapers import canonical_key, same_site

from ...compose.rights import audiences
from ...compose.rights import in_words as in_plain_words
from ...health.selectors import in_words as in_one_line
from ...identity.dedupe import ONE_WITH, addresses_of, found_under
from ...identity.revisions import difference
from ...messages.times import in_digits
from ...model import Topic
from ...store import Store, Stored
from ...topics import Engine, doc, near_miss
from ...topics import compile as compile_query
from ..config.config import Config
from ..jobs.failed_pages import as_json, of_page

_NAMES = 5  # further addresses of an article that are shown
_QUOTED = 60  # characters of a line that are shown


def why(store: Store, config: Config, url: str, now: datetime, topic: str | None = None) -> dict[str, Any]:
    """What became of an address: outcome in each source, record, story, topics with their clauses, addresses.

    `not_in` of a record: the topics that it is not in, each with the clause that failed, what would have caught it,
    and whether that came near. With `topic` that topic alone is told of.
    """
    key = canonical_key(url)
    found: dict[str, Any] = {"url": url, "key": key, "outcomes": [], "record": None, "known": False}
    for row in store.outcomes.of_key(key):
        found["outcomes"].append(
            {
                "source": row.source,
                "outcome": row.outcome,
                "why": row.why,
                "way": row.way,
                "first": row.first,
                "last": row.last,
                "tries": row.tries,
                "again": row.again,
            }
        )
    hits = store.records.aliases(found_under(key))
    number = next((hits[name] for name in found_under(key) if name in hits), None)
    stored = None if number is None else store.records.get(number)
    if stored is not None:
        found["record"] = of_record(store, config, stored, now, topic)
    names = dict.fromkeys([row["source"] for row in found["outcomes"]] + ([stored.record.source] if stored else []))
    found["failed_pages"] = as_json(of_page(config, url))
    found["visits"] = {name: state.pace for name in names if (state := store.sources.get(name)) and state.pace}
    found["selectors"] = [
        f"{row.source}: {in_one_line(row, f'{row.since:%Y-%m-%d}')}"
        for name in names
        for row in store.repairs.all(name)
        if row.looked is not None
    ]
    found["known"] = bool(found["outcomes"] or found["record"])
    if not found["known"]:
        found["sources_of_site"] = [source.name for source in store.sources.all(now) if same_site(source.home, url)]
    return found


def not_in(store: Store, topics: Iterable[Topic], stored: Stored, now: datetime) -> list[dict[str, Any]]:
    """Of a record the topics that it is not in, each with its nearest miss, the nearest first."""
    outlets, is_copy = store.stories.outlets(stored.story, stored.n)
    facts = doc(stored.own, outlets=outlets, is_copy=is_copy)
    missed = [(topic, miss) for topic in topics if (miss := near_miss(topic, facts, now=now)) is not None]
    return [
        {"topic": topic.name, "clause": miss.clause, "advice": miss.advice, "near": miss.near}
        for topic, miss in sorted(missed, key=lambda one: not one[1].near)
    ]


def of_record(store: Store, config: Config, stored: Stored, now: datetime, only: str | None = None) -> dict[str, Any]:
    """The explanation of a record: dates, witnesses, story, topics and why not the others, where it is published."""
    record = stored.record
    story = store.stories.get(stored.story)
    members = store.records.members(stored.story)
    topics = {name: clause for name, clause in store.topics.of_record(stored.n).items() if only in (None, name)}
    asked = [topic for topic in config.all_topics() if topic.name not in topics and only in (None, topic.name)]
    private = {topic.name for topic in config.all_topics() if topic.private}
    told = {
        "id": record.id,
        "title": record.title,
        "url": record.url,
        "source": record.source,
        "first_seen": record.first_seen,
        "published": record.published,
        "published_estimated": record.published_estimated,
        "updated": stored.updated,
        "revisions": stored.revisions,
        "read_from": record.way,
        "look_again": stored.recheck,
        "also_at": [key for key in addresses_of(store.retention.names(stored)) if key != canonical_key(record.url)],
        "joined": [
            note
            for revision in store.records.revisions(stored.n)
            for note in revision.why.split("; ")
            if note.startswith(ONE_WITH)
        ],
        "quarantined": stored.quarantined,
        "robots": in_plain_words(record.robots, config.audience),
        "robots_in_topics": {
            name: in_plain_words(record.robots, audience)
            for name, audience in audiences(config.all_topics(), config.audience).items()
            if record.robots and name in topics
        },
        "witnesses": dict(record.witnesses),
        "boilerplate": [line for number, line in enumerate(record.text.split("\n")) if number in stored.boilerplate],
        "topics": topics,
        "not_in": not_in(store, asked, stored, now),
        "published_in": [f"{config.base_url}/s/{record.source}.atom"]
        + [f"{config.base_url}/t/{'TOKEN/' if name in private else ''}{name}.atom" for name in topics],
    }
    if story is not None:
        told["story"] = {
            "id": story.id,
            "represented_by": next((m.record.url for m in members if m.n == story.representative), None),
            "reason": story.reason,
            "members": [
                {
                    "url": member.record.url,
                    "source": member.record.source,
                    "title": member.record.title,
                    "evidence": member.evidence,
                }
                for member in members
            ],
        }
    return told


def in_words(found: dict[str, Any], timezone: str = "UTC") -> Iterable[str]:
    """The result of `why` as text, with times in a zone (its name in the IANA database)."""
    yield found["url"]
    yield f"  key       {found['key']}"
    for row in found["outcomes"]:
        again = f"; asked again {in_digits(row['again'], timezone)}" if row["again"] else ""
        reason = f": {row['why']}" if row["why"] else ""
        yield f"  {row['source']:<9} {row['outcome']}{reason} (seen by {row['way'] or 'hand'}{again})"
    for page in found["failed_pages"]:
        yield f"  sample    {page['file']}: {page['why']}"
    for name, pace in found["visits"].items():
        yield f"  visits    {name}: {pace}"
    for line in found["selectors"]:
        yield f"  selectors {line}"
    if found["record"] is not None:
        yield from _record_in_words(found["record"], timezone)
        yield from _place_in_words(found["record"])
    elif not found["known"]:
        sources = found["sources_of_site"]
        yield (
            f"  never seen by {', '.join(sources)}: no front of it has offered this address"
            if sources
            else "  never seen: no source visits this site"
        )


def _record_in_words(record: Mapping[str, Any], timezone: str) -> Iterator[str]:
    """The lines about a record."""
    yield f"  record    {record['title']}"
    yield f"            {record['id']} in {record['source']}, read from its {record['read_from']}"
    estimated = " (estimated)" if record["published_estimated"] else ""
    yield f"  dates     published {in_digits(record['published'], timezone)}{estimated}"
    yield f"            first seen {in_digits(record['first_seen'], timezone)}"
    if record["revisions"]:
        yield f"            revised {record['revisions']} times, last {in_digits(record['updated'], timezone)}"
    if record["look_again"]:
        yield f"            looked at again from {in_digits(record['look_again'], timezone)} on"
    if record["also_at"]:
        more = f" and {len(record['also_at']) - _NAMES} more" if len(record["also_at"]) > _NAMES else ""
        yield f"  also at   {', '.join(record['also_at'][:_NAMES])}{more}"
    for note in record["joined"]:
        yield f"            {note}"
    for line in record["boilerplate"]:
        yield f"  left out  of topics and search, since its site has it on many pages: “{line[:_QUOTED].rstrip()}”"
    if record["robots"]:
        yield f"  page says {record['robots']}"
        for name, effect in record["robots_in_topics"].items():
            yield f"            in topic {name}: {effect}"
    if record["quarantined"]:
        yield f"  kept out  of the feeds: {record['quarantined']}"


def _place_in_words(record: Mapping[str, Any]) -> Iterator[str]:
    """The story, the topics and the documents that an article is in."""
    story = record.get("story")
    if story and len(story["members"]) > 1:
        yield f"  story     {story['id']}, carried by {len({m['source'] for m in story['members']})} outlets"
        for member in story["members"]:
            yield f"            {member['source']}: {member['url']} ({member['evidence']})"
        yield f"            {story['represented_by']} stands for it: {story['reason']}"
    for name, clause in record["topics"].items():
        yield f"  topic     {name}: {clause}"
    for miss in record["not_in"]:
        advice = f"; {miss['advice']}" if miss["advice"] else ""
        yield f"  not in    {miss['topic']}: {miss['clause']}{advice}"
    if not record["topics"] and not record["not_in"]:
        yield "  topic     none"
    for address in record["published_in"]:
        yield f"  in        {address}"


def filed_elsewhere(store: Store, name: str, keys: Iterable[str]) -> dict[str, int]:
    """How many of these keys are records of other sources: source → number, the most first."""
    hits = store.records.aliases(sorted(keys))
    found = Counter(stored.record.source for n in set(hits.values()) if (stored := store.records.get(n)) is not None)
    return {source: count for source, count in found.most_common() if source != name}


def covered(stories: int, elsewhere: Mapping[str, int]) -> str | None:
    """`12 stories, all filed under lakeshore already`; None when fewer than half of them are."""
    count = sum(elsewhere.values())
    if not stories or 2 * count < stories:
        return None
    share = "all" if count >= stories else f"{count} of them"
    return f"{stories} stories, {share} filed under {' and '.join(elsewhere)} already"


def history(store: Store, url: str) -> dict[str, Any] | None:
    """The versions of an article, oldest first, each with what the next one changed."""
    key = canonical_key(url)
    hits = store.records.aliases(found_under(key))
    number = next((hits[name] for name in found_under(key) if name in hits), None)
    stored = None if number is None else store.records.get(number)
    if stored is None:
        return None
    revisions = store.records.revisions(stored.n)
    versions = [*((r.title, r.text) for r in revisions), (stored.record.title, stored.record.text)]
    return {
        "url": stored.record.url,
        "title": stored.record.title,
        "first_seen": stored.record.first_seen,
        "versions": [
            {
                "replaced": revision.at,
                "public": revision.public,
                "why": revision.why,
                "title": revision.title,
                "changes": list(difference((revision.title, revision.text), after)),
            }
            for revision, after in zip(revisions, versions[1:], strict=True)
        ],
    }


def history_in_words(found: dict[str, Any], timezone: str = "UTC") -> Iterable[str]:
    """The result of `history` as text, with times in a zone."""
    yield found["title"]
    yield found["url"]
    yield f"first seen {in_digits(found['first_seen'], timezone)}"
    if not found["versions"]:
        yield "never changed since"
    for version in found["versions"]:
        shown = " (shown as updated)" if version["public"] else " (too small to be shown as updated)"
        yield ""
        yield f"{in_digits(version['replaced'], timezone)}: {version['why']}{shown if version['changes'] else ''}"
        for line in version["changes"]:
            yield f"  {line}"


def search(
    store: Store, query: str, *, since: datetime | None, best: bool, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Stored records that fulfil a query, newest or best first, with the clause that decided. Raises QueryError."""
    topic = Topic(name="search", title="search", query=query)
    rule, engine = compile_query(topic), Engine([topic])
    found: list[dict[str, Any]] = []
    for n in store.search.candidates(rule, now=now, since=since, order="best" if best else "newest"):
        stored = store.records.get(n)
        if stored is None:
            continue
        outlets, is_copy = store.stories.outlets(stored.story, n)
        for match in engine.classify(stored.own, outlets=outlets, is_copy=is_copy, now=now):
            record = stored.record
            found.append(
                {
                    "id": record.id,
                    "title": record.title,
                    "url": record.url,
                    "source": record.source,
                    "published": record.published,
                    "outlets": outlets,
                    "clause": match.clause,
                }
            )
        if len(found) >= limit:
            break
    return found
