"""What a visit means: every row that is written and every bound by which it is decided, over a store that is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, call

import pytest

from feeds.pipe import outcomes
from feeds.pipe.outcomes import Counts, after_revisit, after_visit, not_back
from feeds.pipe.working_set import unwanted_names
from feeds.rows import SourceState
from feeds.store import BY_HAND, LET_GO, Afterwards
from scrapers import FRONT, UNLIKE, Failure, Front, Past, Record, Run, Seed, Seen, standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME = "https://wire.example/"
SEED = Seed("wire", HOME)
STATE = SourceState(**{one.name: None for one in fields(SourceState)} | {"name": "wire", "home": HOME, "state": "ok", "due": NOW + 7 * HOUR})  # fmt: skip  # noqa: E501


def record(slug: str = "quay", **more: Any) -> Record:
    key = f"wire.example/{slug}"
    made = Record(
        id=f"id:{slug}", key=key, url=f"https://{key}", source="wire", title="Quay", text="Text.", html="",
        published=NOW, first_seen=NOW, aliases=(key,), fingerprint="print",
    )  # fmt: skip
    return replace(made, **more)


class Known:
    """A working set: which names are known, forgotten and let go; `asked` are the names of each question."""

    def __init__(self, known: Iterable[str] = (), forgotten: Iterable[str] = (), gone: Iterable[str] = ()) -> None:
        self.names, self.forgotten, self.gone = dict.fromkeys(known, 4), set(forgotten), set(gone)
        self.count = (20, 20)
        self.asked: list[tuple[str, list[str]]] = []

    def aliases(self, names: Iterable[str]) -> dict[str, int]:
        asked = list(names)
        self.asked.append(("known", sorted(asked)))
        return {name: self.names[name] for name in asked if name in self.names}

    def is_forgotten(self, names: Iterable[str]) -> bool:
        return not self.forgotten.isdisjoint(names)

    def has_let_go(self, source: str, names: Iterable[str]) -> bool:
        asked = list(names)
        self.asked.append((source, asked))
        return not self.gone.isdisjoint(asked)

    def numbered(self, source: str) -> tuple[int, int]:
        return self.count if source == "wire" else (0, 0)


NUMBER = "number:wire:wire.example:4711220"


@pytest.mark.parametrize(
    ("known", "changes", "why"),
    [
        (Known(), {}, None),
        (Known(forgotten=["wire.example/quay-4711220"]), {}, BY_HAND),
        (Known(forgotten=["number::wire.example:4711220"]), {}, BY_HAND),
        (Known(gone=["wire.example/quay-4711220"]), {}, LET_GO),
        (Known(gone=["wire.example/quay-4711220"], known=[NUMBER]), {}, None),  # it is there under another name
        (Known(gone=["text:print"]), {}, LET_GO),
        (Known(gone=["guid:wire:7"]), {}, None),
        (Known(gone=[NUMBER]), {"published": NOW - DAY - HOUR}, LET_GO),
        (Known(gone=[NUMBER]), {"published_estimated": True}, LET_GO),
        (Known(gone=[NUMBER]), {"published": NOW - DAY}, None),  # it is new: the number is a dossier's
    ],
)
def test_what_must_not_come_back(known: Known, changes: dict[str, Any], why: str | None) -> None:
    came = record("quay-4711220", guid="7", **changes)
    assert not_back(known, came) == why  # type: ignore[arg-type]
    assert unwanted_names(came) == ["wire.example/quay-4711220", "number::wire.example:4711220"]


def test_a_number_that_its_site_gives_to_several_articles_does_not_keep_one_out() -> None:
    known = Known(gone=[NUMBER])
    known.count = (20, 26)
    came = record("quay-4711220", published=NOW - 2 * DAY)
    assert not_back(known, came) is None  # type: ignore[arg-type]
    assert known.asked[-1] == ("wire", ["wire.example/quay-4711220", "text:print"])
    known.count = (20, 25)
    assert not_back(known, came) == LET_GO  # type: ignore[arg-type]
    assert known.asked[-1] == ("wire", ["wire.example/quay-4711220", NUMBER, "text:print"])


def store(state: SourceState | None = STATE, tries: dict[str, int] | None = None) -> Mock:
    """A store that is told; what it answers."""
    made = Mock()
    made.sources.get.return_value = state
    made.outcomes.tries.return_value = tries or {}
    made.outcomes.latest_pages.return_value = []
    return made


def at(slug: str) -> str:
    return HOME + slug


ROWS = [  # outcome, way, failure, tries so far → seconds until it may be asked for again; None: never by itself
    ("failed", "rss", ("PageChanged", None), 0, 3600.0),
    ("failed", "rss", None, 0, 3600.0),  # as if the page had changed
    ("failed", "rss", ("ReadFailed", None), 0, 86400.0),
    ("gone", "rss", ("Gone", 404), 0, 3600.0),
    ("gone", "rss", ("Gone", 404), 1, 86400.0),
    ("gone", "rss", ("Gone", 404), 2, None),
    ("gone", "rss", ("Gone", 410), 0, None),
    ("refused", "rss", ("Refused", 403), 1, 4 * 3600.0),
    ("gone", FRONT, ("Gone", 404), 0, 86400.0),
    ("gone", FRONT, ("Gone", 410), 3, 7 * 86400.0),
    ("postponed", "rss", ("Refused", 429), 0, 0.0),
    ("postponed", "rss", ("Unread", None), 7, None),
    ("queued", "", None, 0, 0.0),
    ("kept", "rss", None, 0, None),
    ("known", "rss", None, 0, None),
    ("skipped", "rss", None, 0, None),
]


@pytest.mark.parametrize(("outcome", "way", "failure", "before", "again"), ROWS)
def test_when_a_link_is_asked_for_again(
    outcome: Any, way: Any, failure: tuple[Any, int | None] | None, before: int, again: float | None
) -> None:
    seen = Seen(at("bad"), outcome, "why", way)
    failures = () if failure is None else (Failure("elsewhere", failure[0], "why", failure[1], asked=at("bad")),)
    told, known = store(tries={"wire.example/bad": before}), Known(known=["wire.example/bad"])
    run = Run("wire", NOW, NOW, seen=(seen,), failures=failures, queued=(at("bad"), at("other")))
    found = outcomes._outcomes(told, run, NOW, known)  # type: ignore[arg-type]
    when = None if again is None else NOW.timestamp() + again
    assert told.outcomes.keep.mock_calls == [call("wire", [("wire.example/bad", seen, when)], NOW)]
    tried = outcome in ("failed", "gone", "refused", "postponed")
    assert told.outcomes.tries.mock_calls == ([call("wire", {"wire.example/bad"})] if tried else [])
    names = ["via:wire:wire.example/bad", "wire.example/bad"] if tried else []
    assert known.asked == [("known", names)]
    assert list(told.records.looked_at.mock_calls[0].args[0]) == ([4] if tried else [])
    given_up = outcome == "postponed" and again is None
    assert found == replace(run, queued=run.queued[1:] if given_up else run.queued)


def test_the_pages_that_were_read_are_noted() -> None:
    known, told = Known(), store()
    run = Run("wire", NOW, NOW, records=(record("a", way="page"), record("b", way="feed"), record("c", way="hint")))
    outcomes._outcomes(told, run, NOW, known)  # type: ignore[arg-type]
    assert known.asked == [("known", ["wire.example/a"])]
    assert told.records.looked_at.mock_calls[0].args[1] == NOW


FRONTS = (Front(HOME),)
OK = Afterwards(NOW + HOUR, "ok", "", 0, 7.0, success=True, fresh=1, revised=2)


@pytest.mark.parametrize(
    ("pages", "fails", "before", "cause"),
    [
        (["a login"] * 4 + [""] * 4, True, "ok", "4 of 8 pages are a login"),
        (["a login"] * 4 + [""] * 5, True, "ok", None),
        (["a login"] * 3, True, "ok", None),
        (["a login", "a shop", "a shop", "a shop"], True, "ok", "4 of 4 pages are a shop"),
        (["a login"] * 4, False, "ok", None),  # nothing of it in this visit
        (["a login"] * 4, False, "degraded", "4 of 4 pages are a login"),
        (["a login"] * 4, False, None, None),
        ([], False, "degraded", None),
    ],
)
def test_a_source_whose_pages_are_no_stories(pages: list[str], fails: bool, before: Any, cause: str | None) -> None:
    told = store()
    told.outcomes.latest_pages.return_value = [("failed", f"{UNLIKE}{page}" if page else "no title") for page in pages]
    reason = f"{UNLIKE}a login" if fails else "no title"
    run = Run("wire", NOW, NOW, failures=(Failure(at("bad"), "PageChanged", reason),))
    state = None if before is None else replace(STATE, state=before)
    found = outcomes._by_pages(told, state, run, OK)
    assert found == (OK if cause is None else replace(OK, state="degraded", cause=cause))
    if told.outcomes.latest_pages.called:
        told.outcomes.latest_pages.assert_called_once_with("wire", 10)
    failing = replace(OK, state="failing", cause="no answer")
    assert outcomes._by_pages(told, state, run, failing) == failing


@pytest.mark.parametrize(
    ("state", "changes", "redirected"),
    [
        (STATE, {"fronts": FRONTS}, None),
        (None, {"fronts": FRONTS}, None),
        (replace(STATE, redirected=HOME), {"fronts": FRONTS}, HOME),
        (replace(STATE, redirected=HOME), {"unchanged": True}, HOME),
        (replace(STATE, redirected=HOME), {}, None),
        (replace(STATE, redirected=HOME), {"fronts": (Front(at("feed")),)}, None),
        (replace(STATE, redirected=HOME), {"fronts": FRONTS, "redirected": at("new")}, at("new")),
        (replace(STATE, redirected=at("other")), {"fronts": FRONTS}, None),
    ],
)
def test_a_home_that_has_moved_stays_marked(
    state: SourceState | None, changes: dict[str, Any], redirected: str | None
) -> None:
    run = Run("wire", NOW, NOW, **changes)
    assert outcomes._still_moved(state, run, SEED) == replace(run, redirected=redirected)


@pytest.mark.parametrize(
    ("kind", "changes", "beside"),
    [
        ("backfill", {"fronts": FRONTS}, True),
        ("fetch", {}, True),
        ("fetch", {"fronts": FRONTS}, False),
        ("fetch", {"failures": (Failure(HOME, "Gone", "404"),)}, False),
        ("fetch", {"unchanged": True}, False),
        ("visit", {}, False),
    ],
)
def test_what_counts_as_a_visit_of_the_source(kind: Any, changes: dict[str, Any], beside: bool) -> None:
    told, known = store(), Known()
    run, past = Run("wire", NOW, NOW, links=5, **changes), Past(typical=7.0, failures=2)
    found = after_visit(told, run, SEED, past, Counts(3, 4), NOW, kind, known)  # type: ignore[arg-type]
    assert told.outcomes.keep.called
    if beside:
        assert found == Afterwards(STATE.due, "ok", "", 0, None, success=True, fresh=3, revised=4, kind=kind)
        assert told.visits.mock_calls == [call.log(run, found)]
        assert not told.repairs.note_links.called
        return
    means = standing(SEED, past, run)
    assert found == Afterwards(
        means.due, means.state, means.cause, means.failures, means.typical, success=means.failures == 0,
        fresh=3, revised=4, kind=kind, pace=means.pace,
    )  # fmt: skip
    assert told.visits.mock_calls == [call.finish(run, found), call.log(run, found)]
    assert told.repairs.mock_calls == [call.note_links(SEED, run)]


def test_work_beside_a_source_that_is_not_there_is_logged() -> None:
    told = store(None)
    found = outcomes._beside(told, Run("wire", NOW, NOW), Counts(1, 2), NOW, "backfill")
    assert found == Afterwards(NOW, "new", "", 0, None, success=True, fresh=1, revised=2, kind="backfill")


@pytest.mark.parametrize(
    ("outcome", "failure", "age", "booked"),
    [
        ("queued", None, HOUR, call.postpone_recheck(4, NOW + timedelta(minutes=10))),
        (
            "failed",
            Failure("x", "Unreachable", "no answer", asked=at("a")),
            47 * HOUR,
            call.postpone_recheck(4, NOW + HOUR),
        ),
        ("failed", Failure(at("a"), "Unreachable", "no answer"), 47 * HOUR, call.postpone_recheck(4, NOW + HOUR)),
        (
            "failed",
            Failure(at("a"), "Unreachable", "no answer"),
            48 * HOUR,
            call.rechecked(4, NOW, None, None, gone=False),
        ),
        ("failed", Failure(at("a"), "Unreachable", "500", 500), HOUR, call.rechecked(4, NOW, None, None, gone=False)),
        ("failed", Failure(at("a"), "PageChanged", "a wall"), HOUR, call.rechecked(4, NOW, None, None, gone=False)),
        ("gone", Failure(at("a"), "Gone", "404", 404), HOUR, call.rechecked(4, NOW, None, None, gone=True)),
        ("unchanged", None, HOUR, call.rechecked(4, NOW, None, None, gone=False)),
        ("kept", None, HOUR, call.rechecked(4, NOW, '"e"', "Mon", gone=False)),
    ],
)
def test_when_an_article_is_looked_at_next(outcome: Any, failure: Failure | None, age: timedelta, booked: Any) -> None:
    told = store()
    stored = SimpleNamespace(n=4, record=record("a", first_seen=NOW - age))
    told.records.by_id.side_effect = {"id:a": stored}.get
    came = (record("a", etag='"e"', last_modified="Mon"),) if outcome == "kept" else ()
    seen = (Seen(at("a"), outcome, record="id:a"), Seen(at("b"), outcome, record="id:b"))
    run = Run("wire", NOW, NOW, records=came, seen=seen, failures=() if failure is None else (failure,))
    found = after_revisit(told, run, Counts(0, 1), NOW)
    assert told.records.mock_calls == [call.by_id("id:a"), booked, call.by_id("id:b")]
    assert found == Afterwards(STATE.due, "ok", "", 0, None, success=True, fresh=0, revised=1, kind="revisit")


def test_the_validators_of_a_page_that_another_source_owns() -> None:
    told = store()
    told.records.by_id.return_value = SimpleNamespace(n=4, record=record("a"))
    came = record("a", aliases=("via:wire:wire.example/a",), etag='"e"')
    run = Run("wire", NOW, NOW, records=(came,), seen=(Seen(at("a"), "kept", record="id:a"),))
    after_revisit(told, run, Counts(), NOW)
    assert told.records.mock_calls[1:] == [call.rechecked(4, NOW, '"e"', None, gone=False)]
