"""Visits on their way: everything round-trips, and nothing that is wrong comes through."""

from __future__ import annotations

import dataclasses
import json
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.app.jobs.queue import documents
from feeds.app.jobs.queue.checks import fitting
from feeds.app.jobs.queue.documents import (
    NoRun,
    WrongDocument,
    no_run_document,
    read_answer,
    read_request,
    request_document,
    run_document,
)
from feeds.app.jobs.visits import VisitRequest
from scrapers import (
    Article,
    Credentials,
    Discover,
    Draft,
    Failure,
    File,
    Front,
    Hop,
    Image,
    Page,
    Past,
    Record,
    Run,
    Sample,
    Seed,
    Seen,
    VisitLimits,
    read_record,
    record_id,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
SEED = Seed(
    name="courier",
    home="https://courier.example/",
    hosts=("media.example",),
    discover=Discover(rss=("https://courier.example/feed",), next_pages=2),
    headers={"X-Reader": "env:READER"},
    credentials=Credentials("env:USER", "env:PASSWORD"),
    every=900.0,
)
REQUEST = VisitRequest(SEED, past=Past(known=frozenset({"courier.example/a"}), last_visit=NOW))


def record(name: str = "quay-closed", **changes: Any) -> Record:
    """A record as a visit of SEED gives it."""
    draft = Draft(
        title="Old quay closed",
        text=PROSE,
        html=f"<p>{PROSE}</p><p><a href='/b'>more</a> <b>bold</b></p><figure><img src='/q.jpg' alt='x'></figure>",
        image=Image("/q.jpg", caption="The quay"),
        authors=("Ada Lund",),
        published="2026-02-28T10:00:00Z",
    )
    made = read_record(Article(draft, f"https://courier.example/2026/{name}", NOW), SEED)
    return replace(made, **changes)


def run_of(**changes: Any) -> Run:
    """A Run with everything in it."""
    page = Page(
        "https://courier.example/x",
        b"\xff\x00<html>",
        hops=(Hop(301, "https://courier.example/y"),),
        links=(("hub", "https://h.example/"),),
    )
    run = Run(
        "courier",
        NOW - timedelta(seconds=30),
        NOW,
        records=(record(), record("ferry-late")),
        failures=(Failure("https://courier.example/z", "Gone", "404", 404, asked="https://courier.example/zz"),),
        seen=(
            Seen("https://courier.example/2026/quay-closed", "kept", way="rss"),
            Seen("https://courier.example/f", "failed", "why", "front"),
        ),
        fronts=(Front("https://courier.example/", etag='"1"', whole=NOW, links=12),),
        queued=("https://courier.example/later",),
        passed=frozenset({"courier.example/menu"}),
        ways={"rss": 12},
        shapes={"/d/s": 3},
        notes=("a note",),
        samples=(Sample(page, "a login"),),
        fresh_for=300.0,
        links=12,
    )  # fmt: skip
    return replace(run, **changes)


def test_a_run_and_a_visit_come_back_as_they_were_sent() -> None:
    assert read_request(request_document(REQUEST)) == REQUEST
    assert read_answer(run_document(run_of()), REQUEST, NOW) == run_of()
    assert read_answer(no_run_document(NoRun("bug", "ValueError('x')")), REQUEST, NOW) == NoRun(
        "bug", "ValueError('x')"
    )
    full = VisitRequest(SEED, "revisit", limits=VisitLimits(articles=3), records=(record(),), since=NOW, limit=30)
    assert read_request(request_document(full)) == full


def test_a_run_is_packed() -> None:
    many = run_of(records=tuple(record(f"story-of-the-harbour-{n}") for n in range(50)))
    assert len(run_document(many)) < 15_000


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORDS = st.text(string.ascii_lowercase + "-", min_size=1, max_size=20)
URLS = WORDS.map(lambda word: f"https://courier.example/{word}")
MOMENTS = st.datetimes(datetime(1996, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC))
KEYS = st.frozensets(WORDS.map(lambda word: f"courier.example/{word}"), max_size=5)


SAMPLES = st.lists(st.tuples(URLS, st.binary(max_size=99), TEXT), max_size=2)
FRONTS = st.builds(Front, url=URLS, etag=st.none() | TEXT, whole=st.none() | MOMENTS)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record that SEED may give."""
    key = draw(WORDS.map(lambda word: f"courier.example/{word}"))
    return record(
        id=record_id(key), key=key, url=f"https://{key}", aliases=(key, *draw(KEYS)), title=draw(TEXT.filter(bool)),
        text=draw(TEXT.filter(bool)), published=draw(MOMENTS), first_seen=draw(MOMENTS),
        updated=draw(st.none() | MOMENTS), subtitle=draw(st.none() | TEXT),
        tags=tuple(draw(st.lists(TEXT, max_size=3))),
        paywalled=draw(st.booleans()), guid=draw(st.none() | TEXT), way=draw(st.sampled_from(["page", "feed", "hint"])),
        robots=tuple(draw(st.lists(TEXT, max_size=2))), witnesses=draw(st.dictionaries(WORDS, TEXT, max_size=3)),
    )  # fmt: skip


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Any Run of SEED."""
    found = draw(st.lists(records(), max_size=3, unique_by=lambda one: one.id))
    return run_of(
        records=tuple(found), title=draw(st.none() | TEXT), notes=tuple(draw(st.lists(TEXT, max_size=3))),
        queued=tuple(draw(st.lists(URLS, max_size=3))), passed=draw(st.none() | KEYS), links=draw(st.integers(0, 9999)),
        chosen=draw(st.none() | st.integers(0, 99)), unchanged=draw(st.booleans()),
        fresh_for=draw(st.none() | st.floats(0, 86400)), redirected=draw(st.none() | URLS),
        ways=draw(st.dictionaries(WORDS, st.integers(0, 500), max_size=3)),
        samples=tuple(Sample(Page(url, body), why) for url, body, why in draw(SAMPLES)),
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(run=runs())
def test_every_run_round_trips(run: Run) -> None:
    assert read_answer(run_document(run), REQUEST, NOW) == run
    assert fitting(run, REQUEST) is run


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    past=st.builds(
        Past, known=KEYS, queued=st.lists(URLS, max_size=3).map(tuple), failures=st.integers(0, 99),
        last_visit=st.none() | MOMENTS, typical=st.none() | st.floats(0, 500),
        looked=st.dictionaries(WORDS, MOMENTS, max_size=3),
        shapes=st.dictionaries(WORDS, st.integers(0, 99), max_size=3), titles=st.frozensets(TEXT, max_size=3),
        arrivals=st.lists(st.tuples(st.integers(0, 500_000), st.integers(0, 50)), max_size=4).map(tuple),
        fronts=st.lists(FRONTS, max_size=2).map(tuple),
    ),
    kind=st.sampled_from(["visit", "fetch", "revisit", "backfill"]),
    known=st.lists(records(), max_size=2).map(tuple),
    since=st.none() | MOMENTS,
    length=st.none() | st.integers(0, 10**12),
)  # fmt: skip
def test_every_visit_round_trips(
    past: Past, kind: Any, known: tuple[Record, ...], since: datetime | None, length: int | None
) -> None:
    horn = File("https://media.example/horn.mp3", "audio/mpeg", length)
    request = VisitRequest(SEED, kind, past, records=known, since=since, limit=7, files=(horn,))
    assert read_request(request_document(request)) == request


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    found = [path]
    if isinstance(value, dict):
        found += [place for key, inner in value.items() for place in places(inner, (*path, key))]
    elif isinstance(value, list):
        found += [place for key, inner in enumerate(value) for place in places(inner, (*path, key))]
    return found


def packed(kind: str, value: Any, number: int = documents.FORMAT) -> bytes:
    """A document with any JSON in it."""
    pack = zstandard.ZstdCompressor(write_checksum=True)
    return f"copydesk {kind} {number}\n".encode() + pack.compress(json.dumps(value).encode())


PLAIN = json.loads(zstandard.ZstdDecompressor().stream_reader(run_document(run_of()).partition(b"\n")[2]).read())
PLACES = [place for place in places(PLAIN) if place]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(PLACES), other=JSON, take_away=st.booleans())
def test_whatever_is_changed_in_a_run_it_is_refused_or_a_run_that_holds_all_promises(
    place: tuple[Any, ...], other: Any, take_away: bool
) -> None:
    value = json.loads(json.dumps(PLAIN))
    holder = value
    for key in place[:-1]:
        holder = holder[key]
    if take_away:
        del holder[place[-1]]
    else:
        holder[place[-1]] = other
    try:
        run = read_answer(packed("run", value), REQUEST, NOW)
    except WrongDocument:
        return
    assert isinstance(run, Run)
    assert_typed(run)
    assert run.source == "courier" and fitting(run, REQUEST) is run
    assert read_answer(run_document(run), REQUEST, NOW) == run


def assert_typed(value: Any) -> None:
    """Everything in a Run is of a type that it declares, as far as plain types go."""
    for field in dataclasses.fields(value):
        inner = getattr(value, field.name)
        plain: dict[str, type] = {"str": str, "int": int, "bool": bool, "datetime": datetime}
        if str(field.type) in plain:
            assert type(inner) is plain[str(field.type)], field.name
        for one in inner if isinstance(inner, tuple) else (inner,):
            if dataclasses.is_dataclass(one):
                assert_typed(one)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_refused_and_never_a_crash(data: st.DataObject) -> None:
    whole = bytearray(run_document(run_of()))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with pytest.raises(WrongDocument):
        read_request(cut)
    try:
        run = read_answer(cut, REQUEST, NOW)
    except WrongDocument:
        return
    assert run == run_of(), "the bytes that were lost held nothing, or none was changed"


def test_a_document_without_its_last_bytes_is_refused() -> None:
    whole = run_document(run_of())
    for gone in range(1, 6):
        with pytest.raises(WrongDocument, match="damaged"):
            read_answer(whole[:-gone], REQUEST, NOW)


def other(one: Record, **changes: Any) -> Run:
    return run_of(records=(replace(one, **changes),))


ONE = record()
HOSTILE: dict[str, Callable[[], Run]] = {
    "another source": lambda: run_of(source="gazette"),
    "a record of another source": lambda: other(ONE, source="gazette"),
    "an id that is none of its key": lambda: other(ONE, id="urn:uuid:00000000-0000-5000-8000-000000000000"),
    "another's address": lambda: other(ONE, key="gazette.example/a", id=record_id("gazette.example/a")),
    "another's address as a further name": lambda: other(ONE, aliases=("gazette.example/a",)),
    "a pointer of another source": lambda: other(ONE, aliases=("via:gazette:x.example/a",)),
    "a script": lambda: other(ONE, html="<p>x</p><script>alert(1)</script>"),
    "a script in an attribute": lambda: other(ONE, html='<p><img src="https://a.example/x" onerror="alert(1)"></p>'),
    "an address that runs": lambda: other(ONE, html='<p><a href="javascript:alert(1)" rel="noopener">x</a></p>'),
    "markup that is not whole": lambda: other(ONE, html="<p>x</p></div></div>"),
    "markup that is deep": lambda: other(ONE, html="<div>" * 50_000 + "</div>" * 50_000),
    "a picture that runs": lambda: other(ONE, image=Image("javascript:alert(1)")),
    "a record twice": lambda: run_of(records=(ONE, ONE)),
    "far too long a title": lambda: other(ONE, title="x" * 5000),
    "a witness that is a book": lambda: other(ONE, witnesses={"title": "x" * 100_000}),
    "too many records": lambda: run_of(records=tuple(record(f"story-of-the-harbour-{n}") for n in range(501))),
    "a day that is yet to come": lambda: run_of(finished=NOW + timedelta(hours=1)),
    "an end before its beginning": lambda: run_of(started=NOW, finished=NOW - timedelta(seconds=1)),
    "a visit of a day": lambda: run_of(started=NOW - timedelta(days=1)),
    "a date without a zone": lambda: run_of(started=datetime(2026, 3, 1, 11)),
    "a date out of every calendar": lambda: other(ONE, published=datetime(1, 1, 1, tzinfo=UTC)),
    "what is no address to be asked later": lambda: run_of(queued=("file:///etc/passwd",)),
    "a home that is no address": lambda: run_of(redirected="javascript:1"),
    "a front that is no address": lambda: run_of(fronts=(Front("ftp://x/"),)),
    "a negative count": lambda: run_of(links=-1),
    "a wait of a thousand years": lambda: run_of(fresh_for=1e12),
    "links without end": lambda: run_of(seen=tuple(Seen(f"https://a.example/{n}", "kept") for n in range(20_001))),
    "a sample of 2 MB": lambda: run_of(samples=(Sample(Page("https://a.example/", b"x" * 2_000_000), "w"),)),
    "a note that is a book": lambda: run_of(notes=("x" * 100_000,)),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_run_is_refused_whole_and_told_in_words(case: str) -> None:
    with pytest.raises(WrongDocument) as told:
        read_answer(run_document(HOSTILE[case]()), REQUEST, NOW)
    assert len(told.value.reason) < 800 and "courier" in told.value.reason


def test_a_record_that_would_be_refused_costs_an_honest_scraper_that_record_alone() -> None:
    wrong = record("ferry-late", aliases=("gazette.example/a",))
    given_ = fitting(run_of(records=(ONE, wrong, ONE)), REQUEST)
    assert given_.records == (ONE,)
    assert [failure.kind for failure in given_.failures] == ["Gone", "ReadFailed", "ReadFailed"]
    assert read_answer(run_document(given_), REQUEST, NOW) == given_


def test_what_unpacks_to_more_than_is_taken_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b"copydesk run 1\n" + zstandard.compress(b" " * 200_000_000)
    assert len(bomb) < 50_000
    with pytest.raises(WrongDocument, match="more than"):
        read_answer(bomb, REQUEST, NOW)
    monkeypatch.setattr(documents, "ANSWER_BYTES", 1000)
    with pytest.raises(WrongDocument, match="more than the 1,000"):
        run_document(run_of())


def test_formats_that_differ_by_one_work_together_and_others_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "FORMAT", 7)
    of_seven = run_document(run_of())
    visit = request_document(REQUEST)
    for number in (6, 7, 8):
        monkeypatch.setattr(documents, "FORMAT", number)
        assert read_answer(of_seven, REQUEST, NOW) == run_of()
        assert read_request(visit) == REQUEST
    for number, word in ((5, "newer"), (9, "older")):
        monkeypatch.setattr(documents, "FORMAT", number)
        with pytest.raises(WrongDocument, match=f"format 7.*much {word} copydesk"):
            read_answer(of_seven, REQUEST, NOW)
        with pytest.raises(WrongDocument, match="format 7"):
            read_request(visit)


def test_what_a_newer_format_has_besides_is_left_out_and_in_our_own_it_is_a_mistake() -> None:
    raw = zstandard.ZstdDecompressor().stream_reader(request_document(REQUEST).partition(b"\n")[2]).read()
    value = json.loads(raw)
    value[0]["seed"]["weather"] = "fair"
    value[0]["seed"]["discover"]["smell"] = 3
    value[0]["past"]["mood"] = {"x": 1}
    assert read_request(packed("visit", value, documents.FORMAT + 1)) == REQUEST
    with pytest.raises(WrongDocument, match=r"weather|smell"):
        read_request(packed("visit", value))


def test_what_a_newer_format_has_in_the_place_of_a_table_is_refused_in_words() -> None:
    raw = zstandard.ZstdDecompressor().stream_reader(request_document(REQUEST).partition(b"\n")[2]).read()
    value = json.loads(raw)
    for odd in ("fair", 3, [1]):
        value[0]["seed"] = odd
        with pytest.raises(WrongDocument, match="seed"):
            read_request(packed("visit", value, documents.FORMAT + 1))


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(WrongDocument, match="is a visit"):
        read_answer(request_document(REQUEST), REQUEST, NOW)
    with pytest.raises(WrongDocument, match="is a run"):
        read_request(run_document(run_of()))
    with pytest.raises(WrongDocument, match="no document"):
        read_request(b"<html>")


def test_a_document_may_have_as_many_bytes_as_are_taken_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    made = run_document(run_of())
    whole = len(zstandard.ZstdDecompressor().stream_reader(made.partition(b"\n")[2]).read())
    for name, most, words in (
        ("ANSWER_BYTES", whole, f"the run has {whole:,} bytes, more than the {whole - 1:,} that are taken"),
        ("PACKED_BYTES", len(made), f"the run has {len(made):,} bytes packed, more than the {len(made) - 1:,} that"),
    ):
        with monkeypatch.context() as here:
            here.setattr(documents, name, most)
            assert run_document(run_of()) == made
            assert read_answer(made, REQUEST, NOW) == run_of()
            here.setattr(documents, name, most - 1)
            with pytest.raises(WrongDocument, match=words):
                run_document(run_of())
            with pytest.raises(WrongDocument, match=f"more than the {most - 1:,}"):
                read_answer(made, REQUEST, NOW)


def test_a_visit_that_nobody_of_ours_asks_for_is_refused() -> None:
    with pytest.raises(WrongDocument, match="is no visit: limit: is none"):
        read_request(request_document(replace(REQUEST, limit=-1)))


def test_the_reason_of_an_answer_without_a_run_is_short() -> None:
    assert read_answer(no_run_document(NoRun("bug", "x" * 2001)), REQUEST, NOW) == NoRun("bug", "x" * 2000)
    with pytest.raises(WrongDocument, match="its reason is too long"):
        read_answer(packed("none", [{"trouble": "bug", "why": "x" * 2001}]), REQUEST, NOW)
    with pytest.raises(WrongDocument, match="should be a run, and is a visit"):
        read_answer(request_document(REQUEST), REQUEST, NOW)
    with pytest.raises(WrongDocument, match="should be a visit, and is a none"):
        read_request(no_run_document(NoRun("bug", "x")))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"trouble": "sad", "why": "x"}], "trouble: Input should be 'bug', 'stood still' or 'unfit'"),
        ([{"trouble": "bug"}], "why: Field required"),
        ([], "0: Field required|the document: "),
        ({}, "the document: "),
    ],
)
def test_what_is_wrong_in_a_document_is_told_with_its_place(value: object, words: str) -> None:
    for number in (documents.FORMAT, documents.FORMAT + 1):
        with pytest.raises(WrongDocument, match=words if number == documents.FORMAT or value else ".") as told:
            read_answer(packed("none", value, number), REQUEST, NOW)
        assert told.value.reason


def test_a_document_that_was_damaged_on_its_way_is_refused() -> None:
    made = run_document(run_of())
    for damaged, words in (
        (made[:-1] + bytes([made[-1] ^ 1]), "is damaged|cannot be unpacked"),
        (made[:-9], "is damaged|cannot be unpacked"),
        (made.partition(b"\n")[0] + b"\nno frame", "cannot be unpacked"),
        (made.replace(b"run 1\n", b"Run 1\n"), "is no document of copydesk"),
    ):
        with pytest.raises(WrongDocument, match=words):
            read_answer(damaged, REQUEST, NOW)
