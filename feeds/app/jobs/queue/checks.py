"""What a Run may be that somebody else made, and a visit that is asked of us: sizes, counts, addresses, dates.

Types and listed words are checked before (`documents.py`). Whoever gives a Run holds it against the same rules first
(`fitting`), so that one record that breaks a rule does not cost the others of its visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scrapers import (
    Failure,
    Front,
    Page,
    Past,
    Record,
    Run,
    Seed,
    canonical_key,
    is_address,
    is_sanitised,
    pointer_key,
    speaks_for,
)

from ...workers.protocol import MANY, NAME, SHORT, check_record
from ..visits import VisitRequest

RECORDS = 500  # of a visit; a first visit gives 30, a back-fill as many as its limit
SEEN = 20_000  # links of a visit
FRONTS = 1_000
PASSED = 20_000  # keys of links that are no stories
SAMPLES, SAMPLE = 10, 1_500_000  # pages that failed, and bytes of each
KNOWN = 1_000_000  # keys that a visit is told of
AHEAD = timedelta(minutes=5)  # clocks of machines may differ by so much
LONGEST_VISIT = timedelta(hours=2)


def checked_run(run: Run, request: VisitRequest, now: datetime) -> Run:
    """A Run as it came, its dates in UTC. Raises ValueError, in words, for one that breaks a promise."""
    seed = request.seed
    if run.source != seed.name:
        raise ValueError(f"it is of {run.source[:100]!r}")
    _aware([run.started, run.finished])
    if not run.started <= run.finished <= now + AHEAD or run.finished - run.started > LONGEST_VISIT:
        raise ValueError("it was not made when it says")
    _few("records", run.records, max(RECORDS, request.limit * 2))
    for record in run.records:
        _check_sizes(record)
        check_record(record, seed)
        if (wrong := wrong_record(record, seed)) is not None:
            raise ValueError(wrong)
        if record.first_seen > now + AHEAD:
            raise ValueError("a record was not seen when it says")
    if len({record.id for record in run.records}) != len(run.records) and request.kind != "revisit":
        raise ValueError("a record stands twice")
    _check_outcomes(run)
    _check_fronts(run.fronts)
    _few("samples", run.samples, SAMPLES)
    for sample in run.samples:
        _short("a sample", NAME, (sample.why,))
        _check_page(sample.page)
    if run.redirected is not None and not is_address(run.redirected):
        raise ValueError("redirected: should be an address")
    _check_counts(run)
    return replace(
        run,
        started=run.started.astimezone(UTC),
        finished=run.finished.astimezone(UTC),
        records=tuple(_in_utc(record) for record in run.records),
    )


def fitting(run: Run, request: VisitRequest) -> Run:
    """A Run of our own as it can be given: a record that would be refused is left out, and told as a failure."""
    wrong: dict[int, str] = {}
    met: set[str] = set()
    for place, record in enumerate(run.records):
        try:
            _check_sizes(record)
            check_record(record, request.seed)
            why = wrong_record(record, request.seed)
        except ValueError as error:
            why = str(error)
        if why is None and record.id in met and request.kind != "revisit":
            why = "it stands twice"
        met.add(record.id)
        if why is not None:
            wrong[place] = why
    if not wrong:
        return run
    failures = [
        Failure(run.records[place].url, "ReadFailed", f"the page gave a record that is none: {why}")
        for place, why in wrong.items()
    ]
    return replace(
        run,
        records=tuple(record for place, record in enumerate(run.records) if place not in wrong),
        failures=(*run.failures, *failures),
    )


def _check_sizes(record: Record) -> None:
    """What `check_record` leaves to the worker that made the record."""
    texts = (record.etag, record.last_modified, record.language, record.fingerprint, *record.robots)
    _short("a record", NAME, (*texts, *record.witnesses, *record.witnesses.values()))
    _few("a record's robots", record.robots, MANY)
    _aware([record.published, record.first_seen, record.updated])
    image = record.image
    numbers = (image.width, image.height, image.length) if image is not None else ()
    if any(
        n is not None and not 0 <= n < 10**13
        for n in (*numbers, *(n for file in record.files for n in (file.length, file.width, file.height)))
    ):
        raise ValueError("a number of a record is none")


def wrong_record(record: Record, seed: Seed) -> str | None:
    """Why a record is none that this source may give, or None: addresses that are another's, markup that is not clean.

    Its key and every other name of it are those of addresses that the source speaks for, or point there (see
    `scrapers.seed.ownership`). The hash of an address that is too long to be a key tells of no site.
    """
    pointer = pointer_key(seed.name, "")
    for key in (record.key, *record.aliases):
        ours = (
            key.startswith((pointer, "sha256:"))
            or speaks_for(seed, f"https://{key}")
            or (key == canonical_key(record.url) and speaks_for(seed, record.url))
        )
        if not ours:
            return f"{record.url[:200]}: {key[:200]} is no address of {seed.name}"
    if not is_address(record.url):
        return f"{record.url[:200]!r} is no address"
    addresses = (record.comments, record.comments_feed, *(file.url for file in record.files))
    addresses += () if record.image is None else (record.image.url,)
    for url in addresses:
        if url is not None and not url.startswith(("http://", "https://")):
            return f"{record.url[:200]}: {url[:200]!r} is no address"
    if not is_sanitised(record.html):
        return f"{record.url[:200]}: its body is not clean markup"
    return None


def check_request(request: VisitRequest) -> None:
    """Raises ValueError for a visit that nobody of ours asks for."""
    seed, past = request.seed, request.past
    if not is_address(seed.home):
        raise ValueError(f"home: {seed.home[:200]!r} is no address")
    for url in (*seed.discover.rss, *seed.discover.sitemap, *seed.discover.pages):
        if not is_address(url):
            raise ValueError(f"discover: {url[:200]!r} is no address")
    _few("records", request.records, RECORDS)
    for record in request.records:
        if not is_address(record.url):
            raise ValueError(f"{record.url[:200]!r} is no address")
    _few("files", request.files, RECORDS)
    for file in request.files:
        if not is_address(file.url):
            raise ValueError(f"files: {file.url[:200]!r} is no address")
    if not 0 <= request.limit <= 1_000_000:
        raise ValueError("limit: is none")
    if request.since is not None:
        _aware([request.since])
    _check_past(past)


def _check_past(past: Past) -> None:
    for name, values in (
        ("known", past.known),
        ("navigation", past.navigation),
        ("passed", past.passed),
        ("looked", past.looked),
        ("closed", past.closed),
        ("left_out", past.left_out),
        ("dead", past.dead),
        ("queued", past.queued),
        ("titles", past.titles),
        ("arrivals", past.arrivals),
        ("shapes", past.shapes),
    ):
        _few(name, values, KNOWN)
    _check_fronts(past.fronts)
    _aware(
        [past.last_visit, past.last_success, past.due, past.began, *past.looked.values()],
    )


def _check_outcomes(run: Run) -> None:
    _few("seen", run.seen, SEEN)
    for one in run.seen:
        _short("seen", SHORT, (one.url, one.why, one.record))
    _few("failures", run.failures, SEEN)
    for failure in run.failures:
        _short("failures", SHORT, (failure.url, failure.reason, failure.asked))
        if failure.status is not None and not 0 <= failure.status <= 999:
            raise ValueError("failures: a status is none")
        if failure.retry_after is not None and not 0 <= failure.retry_after <= 366 * 86400:
            raise ValueError("failures: a time to wait is none")
    _few("queued", run.queued, SEEN)
    for url in run.queued:
        if not is_address(url):
            raise ValueError(f"queued: {url[:200]!r} is no address")


def _check_counts(run: Run) -> None:
    _few("passed", run.passed or (), PASSED)
    _short("passed", SHORT, run.passed or ())
    _few("notes", run.notes, MANY)
    _short("notes", SHORT, run.notes)
    _few("ways", run.ways, MANY)
    _few("shapes", run.shapes, SEEN)
    _short("ways and shapes", SHORT, (*run.ways, *run.shapes))
    _short("title and language", NAME, (run.title, run.language))
    counts = (run.links, run.chosen or 0, *run.ways.values(), *run.shapes.values())
    if any(not 0 <= count <= 1_000_000_000 for count in counts):
        raise ValueError("a count is none")
    if run.fresh_for is not None and not 0 <= run.fresh_for <= 366 * 86400:
        raise ValueError("fresh_for: is no time to wait")


def _check_fronts(fronts: Sequence[Front]) -> None:
    _few("fronts", fronts, FRONTS)
    for front in fronts:
        if not is_address(front.url):
            raise ValueError(f"fronts: {front.url[:200]!r} is no address")
        _short("fronts", SHORT, (front.etag, front.last_modified))
        if not 0 <= front.unchanged <= 1_000_000_000 or not 0 <= front.links <= 1_000_000_000:
            raise ValueError("fronts: a count is none")
        _aware([front.whole])


def _check_page(page: Page) -> None:
    if len(page.body) > SAMPLE:
        raise ValueError("a sample is too large")
    _few("a sample's hops", page.hops, MANY)
    _few("a sample's links", page.links, SEEN)
    _few("a sample's robots", page.robots, SEEN)
    texts = (page.url, page.content_type, page.charset, page.asked, page.etag, page.last_modified)
    _short("a sample", SHORT, (*texts, *(hop.url for hop in page.hops), *page.robots))
    _short("a sample", SHORT, (text for pair in page.links for text in pair))
    if not is_address(page.url):
        raise ValueError(f"a sample: {page.url[:200]!r} is no address")
    _aware([page.fetched])


def _in_utc(record: Record) -> Record:
    updated = record.updated
    return replace(
        record,
        published=record.published.astimezone(UTC),
        first_seen=record.first_seen.astimezone(UTC),
        updated=None if updated is None else updated.astimezone(UTC),
    )


def _aware(moments: Iterable[datetime | None]) -> None:
    for moment in moments:
        if moment is None:
            continue
        if moment.tzinfo is None:
            raise ValueError("a date has no zone")
        if not 1900 < moment.year < 9999:  # what no zone can move out of the calendar
            raise ValueError("a date is none")


def _few(name: str, values: Sized, most: int) -> None:
    if len(values) > most:
        raise ValueError(f"{name}: are more than {most:,}")


def _short(name: str, most: int, texts: Iterable[str | None]) -> None:
    if any(text is not None and len(text) > most for text in texts):
        raise ValueError(f"{name}: a text is longer than {most:,} characters")
