"""Why things are as they are: what became of a page, how an article changed, what a person might want to mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from scrapers import Seed, canonical_key, same_site

from ..model import Topic
from ..permits import in_words as in_plain_words
from ..revise import difference
from ..selectors import in_words as in_one_line
from ..store import Store, Stored
from ..topics import Engine
from ..topics import compile as compile_query
from .config import SLUG, Config
from .failed_pages import as_json, of_page

_QUOTED = 60  # characters of a line that are told


def why(store: Store, config: Config, url: str, now: datetime) -> dict[str, Any]:
    """What became of an address: outcome in each source, record, story, topics with their clauses, addresses."""
    key = canonical_key(url)
    found: dict[str, Any] = {"url": url, "key": key, "outcomes": [], "record": None, "known": False}
    for row in store.outcomes_of(key):
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
    number = store.aliases([key]).get(key)
    stored = None if number is None else store.stored(number)
    if stored is not None:
        found["record"] = _record(store, config, stored)
    names = dict.fromkeys([row["source"] for row in found["outcomes"]] + ([stored.record.source] if stored else []))
    found["failed_pages"] = as_json(of_page(config, url))
    found["visits"] = {name: state.pace for name in names if (state := store.source(name)) and state.pace}
    found["selectors"] = [
        f"{row.source}: {in_one_line(row, f'{row.since:%Y-%m-%d}')}"
        for name in names
        for row in store.repairs(name)
        if row.looked is not None
    ]
    found["known"] = bool(found["outcomes"] or found["record"])
    if not found["known"]:
        found["sources_of_site"] = [source.name for source in store.sources(now) if same_site(source.home, url)]
    return found


def _record(store: Store, config: Config, stored: Stored) -> dict[str, Any]:
    record = stored.record
    story = store.story(stored.story)
    members = store.members(stored.story)
    topics = store.topics_of(stored.n)
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
        "quarantined": stored.quarantined,
        "robots": in_plain_words(record.robots),
        "witnesses": dict(record.witnesses),
        "furniture": [line for number, line in enumerate(record.text.split("\n")) if number in stored.furniture],
        "topics": topics,
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


def in_words(found: dict[str, Any]) -> Iterable[str]:
    """The answer of `why` for people."""
    yield found["url"]
    yield f"  key       {found['key']}"
    for row in found["outcomes"]:
        again = f"; asked again {row['again']:%Y-%m-%d %H:%M} UTC" if row["again"] else ""
        reason = f": {row['why']}" if row["why"] else ""
        yield f"  {row['source']:<9} {row['outcome']}{reason} (seen by {row['way'] or 'hand'}{again})"
    for page in found["failed_pages"]:
        yield f"  sample    {page['file']}: {page['why']}"
    for name, pace in found["visits"].items():
        yield f"  visits    {name}: {pace}"
    for line in found["selectors"]:
        yield f"  selectors {line}"
    record = found["record"]
    if record is None:
        if not found["known"]:
            sources = found["sources_of_site"]
            yield (
                f"  never seen by {', '.join(sources)}: no front of it has offered this address"
                if sources
                else "  never seen: no source visits this site"
            )
        return
    yield f"  record    {record['title']}"
    yield f"            {record['id']} in {record['source']}, read from its {record['read_from']}"
    estimated = " (estimated)" if record["published_estimated"] else ""
    yield f"  dates     published {record['published']:%Y-%m-%d %H:%M} UTC{estimated}"
    yield f"            first seen {record['first_seen']:%Y-%m-%d %H:%M} UTC"
    if record["revisions"]:
        yield f"            revised {record['revisions']} times, last {record['updated']:%Y-%m-%d %H:%M} UTC"
    if record["look_again"]:
        yield f"            looked at again from {record['look_again']:%Y-%m-%d %H:%M} UTC on"
    for line in record["furniture"]:
        yield f"  left out  of topics and search, since its site has it on many pages: “{line[:_QUOTED].rstrip()}”"
    if record["robots"]:
        yield f"  page says {record['robots']}"
    if record["quarantined"]:
        yield f"  kept out  of the feeds: {record['quarantined']}"
    story = record.get("story")
    if story and len(story["members"]) > 1:
        yield f"  story     {story['id']}, carried by {len({m['source'] for m in story['members']})} outlets"
        for member in story["members"]:
            yield f"            {member['source']}: {member['url']} ({member['evidence']})"
        yield f"            {story['represented_by']} stands for it: {story['reason']}"
    for name, clause in record["topics"].items():
        yield f"  topic     {name}: {clause}"
    if not record["topics"]:
        yield "  topic     none"
    for address in record["published_in"]:
        yield f"  in        {address}"


def history(store: Store, url: str) -> dict[str, Any] | None:
    """The versions of an article, oldest first, each with what the next one changed."""
    key = canonical_key(url)
    number = store.aliases([key]).get(key)
    stored = None if number is None else store.stored(number)
    if stored is None:
        return None
    revisions = store.revisions(stored.n)
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


def history_in_words(found: dict[str, Any]) -> Iterable[str]:
    """The answer of `history` for people."""
    yield found["title"]
    yield found["url"]
    yield f"first seen {found['first_seen']:%Y-%m-%d %H:%M} UTC"
    if not found["versions"]:
        yield "never changed since"
    for version in found["versions"]:
        shown = "shown as updated" if version["public"] else "too small to be shown as updated"
        yield ""
        yield f"{version['replaced']:%Y-%m-%d %H:%M} UTC: {version['why']} ({shown})"
        for line in version["changes"]:
            yield f"  {line}"


def search(
    store: Store, query: str, *, since: datetime | None, best: bool, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Stored records that fulfil a query, newest or best first, with the clause that decided. Raises QueryError."""
    topic = Topic(name="search", title="search", query=query)
    rule, engine = compile_query(topic), Engine([topic])
    found: list[dict[str, Any]] = []
    for n in store.candidates(rule, now, since=since, best=best):
        stored = store.stored(n)
        if stored is None:
            continue
        outlets, is_copy = store.outlets(stored.story, n)
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


def bad_name(name: str) -> str | None:
    """Why a name cannot be a source's, or None."""
    from scrapers import RESERVED_SOURCES

    if not SLUG.fullmatch(name):
        return f"a name is 1 to 64 of a-z, 0-9 and -, not {name!r}"
    if name in RESERVED_SOURCES:
        return f"the name {name!r} is reserved"
    return None


def warnings(config: Config, seeds: Sequence[Seed]) -> list[str]:
    """What is allowed and probably not meant."""
    notes = []
    known = {seed.name for seed in seeds}
    for topic in config.topics:
        for key in ("sources", "exclude"):
            unknown = [name for name in getattr(topic, key) if name not in known]
            if unknown:
                notes.append(f"topic {topic.name}: {key}: there is no source {', '.join(unknown)}")
    if not seeds:
        notes.append(f"{config.seeds_folder}: holds no seed; `copydesk add URL` writes one")
    return notes
