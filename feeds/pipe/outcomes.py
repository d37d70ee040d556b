"""What a visit means for its source, for the links that it saw, and for the articles that it looked at again.

Called in the transaction that keeps what the visit gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scrapers import (
    FRONT,
    UNLIKE,
    Failure,
    Past,
    Record,
    Run,
    Seed,
    Seen,
    Standing,
    ask_again,
    canonical_key,
    pointer_key,
    standing,
)

from ..identity.dedupe import gives_each_once, names_of, number_of, text_key
from ..identity.one_article import NUMBER_RESTS
from ..rows import SourceState, VisitKind
from ..store import BY_HAND, LET_GO, Afterwards, Store
from .working_set import WorkingSet, unwanted_names

UNANSWERED = timedelta(hours=1)  # until an unanswered recheck of an article is tried again ...
UNANSWERED_LONGEST = timedelta(hours=48)  # ... while the article is younger than this
_FAILED = ("failed", "refused", "gone", "postponed")  # outcomes of pages that were requested and not received
DEAD_FIRST = timedelta(days=1)  # until a declared feed that is gone is asked for again ...
DEAD_AGAIN = timedelta(days=7)  # ... and from then on
PAGES = 10  # newest pages of a source that are judged
PAGES_LEAST = 4  # pages that are no stories, and half of those judged, from which the source is degraded
LEFT_OVER = timedelta(minutes=10)  # for articles that a visit had no time to ask for


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records a visit brought, and how many it changed."""

    fresh: int = 0
    revised: int = 0


def not_back(known: WorkingSet, record: Record) -> str | None:
    """Why a record is not to be filed: it was forgotten by hand, whoever brings it, or it has left the store by its age
    and is still shown. None for any other."""
    if known.is_forgotten(unwanted_names(record)):
        return BY_HAND
    names = names_of(record)
    if known.aliases(names):
        return None
    own = [name for name in names if not name.startswith("guid:")]
    if any(map(number_of, own)) and (_is_new(record) or not gives_each_once(known, record.source)):
        own = [name for name in own if number_of(name) is None]
    return LET_GO if known.has_let_go(record.source, [*own, text_key(record)]) else None


def _is_new(record: Record) -> bool:
    """Whether a page tells that it was published just now: then a number that left the store was a dossier's."""
    return not record.published_estimated and record.first_seen - record.published <= NUMBER_RESTS


def without_skipped(run: Run, skipped: Mapping[str, str]) -> Run:
    """The run without the records of these keys: forgotten ones, or ones that left the store by age."""
    if not skipped:
        return run
    seen = [
        replace(one, outcome="skipped", why=skipped[key])
        if one.outcome == "kept" and (key := canonical_key(one.url)) in skipped
        else one
        for one in run.seen
    ]
    return replace(run, seen=tuple(seen))


def after_visit(
    store: Store, run: Run, seed: Seed, past: Past, counts: Counts, now: datetime, kind: VisitKind, known: WorkingSet
) -> Afterwards:
    """What a visit means for its source and for the links that it saw; both are written. `known` is the working set of
    the transaction."""
    if kind == "backfill" or (kind == "fetch" and not run.fronts and not run.failures and not run.unchanged):
        # one article by its address, or older ones: no visit of the source
        _outcomes(store, run, now, known)
        return _beside(store, run, counts, now, kind)
    before = store.sources.get(run.source)
    run = _still_moved(before, run, seed)
    means: Standing = standing(seed, past, run)
    after = Afterwards(
        due=means.due,
        state=means.state,
        cause=means.cause,
        failures=means.failures,
        typical=means.typical,
        pace=means.pace,
        success=means.failures == 0,
        fresh=counts.fresh,
        revised=counts.revised,
        kind=kind,
    )
    run = _outcomes(store, run, now, known)
    after = _by_pages(store, before, run, after)
    store.visits.finish(run, after)
    store.repairs.note_links(seed, run)
    store.visits.log(run, after)
    return after


def _still_moved(state: SourceState | None, run: Run, seed: Seed) -> Run:
    """The run of a moved home that answered at its new address, marked as still redirected."""
    if state is None or run.redirected is not None or seed.home != state.redirected:
        return run
    there = any(front.url == seed.home for front in run.fronts) or run.unchanged
    return replace(run, redirected=state.redirected) if there else run


def _by_pages(store: Store, before: SourceState | None, run: Run, after: Afterwards) -> Afterwards:
    """Degrade a source with good fronts of which most pages are no stories."""
    unlike = any(failure.reason.startswith(UNLIKE) for failure in run.failures)
    if after.state != "ok" or not (unlike or (before is not None and before.state == "degraded")):
        return after
    pages = store.outcomes.latest_pages(run.source, PAGES)
    kinds = Counter(why.partition(UNLIKE)[2] for _, why in pages if UNLIKE in why)
    count = sum(kinds.values())
    if count < PAGES_LEAST or count * 2 < len(pages):
        return after
    return replace(after, state="degraded", cause=f"{count} of {len(pages)} pages are {kinds.most_common(1)[0][0]}")


def _outcomes(store: Store, run: Run, now: datetime, known: WorkingSet) -> Run:
    """What became of every link; the failed ones with the time when they may be asked for again.

    The run without those that were asked for too often to be left over once more.
    """
    failures: Mapping[str, Failure] = {failure.asked or failure.url: failure for failure in run.failures}
    keys = {one.url: canonical_key(one.url) for one in run.seen}
    tried = {one.url for one in run.seen if one.outcome in _FAILED}
    tries = store.outcomes.tries(run.source, {keys[url] for url in tried}) if tried else {}
    rows: list[tuple[str, Seen, float | None]] = []
    for one in run.seen:
        again: float | None = None
        if one.url in tried:
            failure = failures.get(one.url)
            kind, status = (failure.kind, failure.status) if failure else ("PageChanged", None)
            before = tries.get(keys[one.url], 0)
            when = ask_again(kind, status, before + 1, now)
            if one.way == FRONT:
                when = now + (DEAD_AGAIN if before else DEAD_FIRST)
            again = None if when is None else when.timestamp()
            if one.outcome == "postponed":  # its host told when to come back, and it is queued
                again = None if when is None else now.timestamp()
        elif one.outcome == "queued":
            again = now.timestamp()
        rows.append((keys[one.url], one, again))
    store.outcomes.keep(run.source, rows, now)
    _note_looks(store, run, keys, now, known)
    given_up = {one.url for _, one, again in rows if one.outcome == "postponed" and again is None}
    return replace(run, queued=tuple(url for url in run.queued if url not in given_up))


def _note_looks(store: Store, run: Run, keys: Mapping[str, str], now: datetime, known: WorkingSet) -> None:
    """Note the pages that were requested, whatever the answer, so that a front does not lead to them at once again."""
    names = {name for record in run.records if record.way == "page" for name in record.aliases}
    for one in run.seen:
        if one.outcome in _FAILED:
            names |= {keys[one.url], pointer_key(run.source, keys[one.url])}
    store.records.looked_at(known.aliases(names).values(), now)


def _beside(store: Store, run: Run, counts: Counts, now: datetime, kind: VisitKind) -> Afterwards:
    """Log work on a source that is no visit of it: its state and due time stay."""
    state = store.sources.get(run.source)
    after = Afterwards(
        due=state.due if state else now,
        state=state.state if state else "new",
        cause="",
        failures=0,
        typical=None,
        success=True,
        fresh=counts.fresh,
        revised=counts.revised,
        kind=kind,
    )
    store.visits.log(run, after)
    return after


def after_revisit(store: Store, run: Run, counts: Counts, now: datetime) -> Afterwards:
    """Young articles were looked at: when each is looked at next.

    Counted for the record that was asked for, whatever its address leads to now.
    """
    failures = {failure.asked or failure.url: failure for failure in run.failures}
    came = {name: record for record in run.records for name in record.aliases}
    for one in run.seen:
        stored = store.records.by_id(one.record)
        if stored is None:
            continue  # it was just joined with another record
        failure = failures.get(one.url)
        unanswered = failure is not None and failure.kind == "Unreachable" and failure.status is None
        if one.outcome == "queued":
            store.records.postpone_recheck(stored.n, now + LEFT_OVER)
        elif unanswered and now - stored.record.first_seen < UNANSWERED_LONGEST:
            store.records.postpone_recheck(stored.n, now + UNANSWERED)
        else:
            key = canonical_key(one.url)
            page = came.get(key) or came.get(pointer_key(run.source, key))
            etag, modified = (page.etag, page.last_modified) if page is not None else (None, None)
            store.records.rechecked(stored.n, now, etag, modified, gone=one.outcome == "gone")
    return _beside(store, run, counts, now, "revisit")
