"""The pages of a day and of a search, read from the store. In the thread of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import parse_qs, urlencode

from ....compose.compose import compose_list
from ....errors import QueryError
from ....messages import PageLocale
from ....messages.engine_words import said
from ....messages.times import zone
from ....model import Feed, Topic
from ....publish.feed_reader import FeedReader, PublishSettings
from ....render.list_page import Mistake, day_page, search_page
from ....store import Store
from .cursors import cursor, numbers_of
from .scope import Scope
from .search import affordable, search

OF_DAY = 60  # stories on one page of a day
_ONE_DAY = timedelta(days=1)
_FIELDS = 20  # of a query string that are read


def page_of_day(
    store: Store,
    scope: Scope,
    topic: Topic,
    named: Mapping[str, Topic],
    settings: PublishSettings,
    day: date,
    query: bytes,
    locale: PageLocale,
) -> tuple[bytes, bool] | None:
    """The page of a day, and whether it has stories; None for a day that no calendar has."""
    try:
        start, end = _begin(day, zone(locale.timezone)), _begin(day + _ONE_DAY, zone(locale.timezone))
    except (OverflowError, ValueError):  # at the ends of the calendar
        return None
    behind = numbers_of(_first(query, "behind"), 2)
    where = (scope.kind, scope.name)
    pair = None if behind is None else (behind[0], behind[1])
    if scope.kind == "topic" and topic.copies != "one":
        rows = store.browse.records_between(scope.name, start, end, behind=pair, limit=OF_DAY)
    else:
        rows = store.browse.stories_between(where, start, end, behind=pair, limit=OF_DAY)
    feed = _feed(store, scope, topic, named, settings, [n for n, _ in rows])
    before, after = store.browse.nearest(where, start, end)
    page = day_page(
        feed,
        day,
        before=_day_of(before, locale),
        after=_day_of(after, locale),
        more=f"{feed.self_url}/{day.isoformat()}?{urlencode({'behind': cursor(rows[-1][1], rows[-1][0])})}"
        if len(rows) == OF_DAY
        else None,
        locale=locale,
    )
    return page, bool(rows)


def page_of_search(
    store: Store,
    scope: Scope,
    topic: Topic,
    named: Mapping[str, Topic],
    settings: PublishSettings,
    query: bytes,
    now: datetime,
    locale: PageLocale,
) -> tuple[bytes, bool]:
    """The page of a search, and whether its query could be read."""
    asked = _first(query, "q").strip()
    empty = _feed(store, scope, topic, named, settings, ())
    if not asked:
        return search_page(empty, asked, locale=locale), True
    try:
        rule = affordable(asked)
    except QueryError as error:
        mistake = Mistake(said(error.reason, locale.language), error.position)
        return search_page(empty, asked, mistake=mistake, locale=locale), False
    behind = numbers_of(_first(query, "behind"), 1)
    before = None if behind is None else behind[0]
    found = search(store, scope, rule, settings.subjects, now, before=before)
    feed = _feed(store, scope, topic, named, settings, found.stories if topic.copies == "one" else found.records)
    feed = replace(feed, entries=tuple(sorted(feed.entries, key=lambda entry: entry.published, reverse=True)))
    more = None
    if found.more is not None:
        more = f"{feed.self_url}/search?{urlencode({'q': asked, 'behind': cursor(found.more)})}"
    return search_page(feed, asked, searched=True, more=more, back_to=found.back_to, locale=locale), True


def _feed(
    store: Store,
    scope: Scope,
    topic: Topic,
    named: Mapping[str, Topic],
    settings: PublishSettings,
    numbers: Sequence[int],
) -> Feed:
    """The entries of these stories or records, as a list shows them: without their text."""
    plain = replace(topic, full_text=False, changes=False)
    entries, _ = FeedReader(store, plain, named, settings).entries(numbers)
    return compose_list(plain, entries, site=settings.publisher, path=scope.path)


def _begin(day: date, where: tzinfo) -> datetime:
    return datetime.combine(day, time(), where).astimezone(UTC)


def _day_of(when: datetime | None, locale: PageLocale) -> date | None:
    return None if when is None else when.astimezone(zone(locale.timezone)).date()


def _first(query: bytes, name: str) -> str:
    """The first value of a name in a query string; empty where there is none, or too many names."""
    try:
        found = parse_qs(query.decode("ascii", "replace"), max_num_fields=_FIELDS, errors="replace")
    except ValueError:
        return ""
    return found.get(name, [""])[0]
