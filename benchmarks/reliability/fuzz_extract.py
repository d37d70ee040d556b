"""Damaged pages of the shared corpus: no exception, no hang, and only records that keep their promises.

    python -m benchmarks.fuzz_extract --minutes 10            as many cases as there is time for
    python -m benchmarks.fuzz_extract --limit 500 --seed 7    so many cases, others than those of seed 1
    python -m benchmarks.fuzz_extract --seed 7 --case 123     one case again, with its traceback

A case is a page of the corpus that was cut, garbled, encoded wrongly, spliced with another one or filled with junk:
which, is decided by seed and number alone. A child process reads them, and the kernel ends it when a case takes too
long; then another one goes on. Prints counts and the worst times; ends with 1 after a fault, whose pages lie in a
folder that is named. The corpus is not part of the project: it lies in ../shared, or where COPYDESK_SHARED says.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.accuracy.corpus import SHARED
from feeds.app.workers.protocol import DRAFT
from scrapers import CopydeskError, Draft, Page, Record, Seed, read_draft, to_record

from .fuzz.children import child_of

SEEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SLOW = 2.0  # seconds of CPU time: a page that takes longer is a fault
HANG = 10.0  # and after so many the kernel ends the process
LARGEST = 4_000_000  # bytes of a case
ODD_WORDS = (
    b"&#xD800;", b"&#0;", b"\x00", b"\\ud800", b"\xed\xa0\x80", b"&nbsp;", b"\xe2\x80\xae", b"\xef\xbb\xbf",
    b"9999-12-31T23:59:60Z",
    b"0000-00-00", b"2026-02-30", b"31.12.99999", b"1e400", b"NaN", b"NULL", b"http://[", b"javascript:alert(1)",
    b"//", b"]]>",
    b"<![CDATA[", b"-->", b"</script>", b"</body></html>", b"<plaintext>", b"<frameset>", b"<base href='x:'>",
    b"\xcd\x8f" * 60, b"a\xcc\x81" * 40, b"e" * 5000, b"{" * 300, b"[" * 300, b"\\" * 301, b'"', b"'", b"`",
    b"\xf0\x9f\x87\xa9",
)  # fmt: skip
JUNK = (
    b"<div>", b"<p>", b"<b>", b"<a href=x>", b"<span class=date>", b"<table><tr><td>", b"<ul><li>", b"<blockquote>",
    b"<font><i>",
    b"<svg>", b"<math>", b"<template>", b"<noscript>", b"<select>", b"<h1>a", b"<time datetime=2024>",
    b"<figure><img src=a>",
    b"<article itemscope>", b"</p>", b"</div>", b"</table>", b"<!--", b"<script>", b"<style>", b"<iframe src=x>",
    b"<dl><dt>",
    b'<a title="', b"<x y=", b"<p hidden>", b"<section><header>", b"<meta name=author content=x>", b"<br>", b"&lt;",
    b"&amp;#",
)  # fmt: skip
ENCODINGS = (
    "utf-16", "utf-16-be", "utf-8-sig", "utf-32", "shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr",
    "koi8-r",
    "windows-1251", "windows-1252", "iso-8859-2", "cp874", "mac-roman", "cp037",
)  # fmt: skip
LABELS = (
    *ENCODINGS,
    "utf-7",
    "x-user-defined",
    "replacement",
    "nonsense",
    "",
    "utf8",
    "unicode-1-1-utf-8",
    "hz-gb-2312",
)


class Source(NamedTuple):
    """A page of the corpus."""

    file: str
    url: str


class Case(NamedTuple):
    """A damaged page: what was done to it, and how it arrives."""

    ways: tuple[str, ...]
    file: str
    page: Page


class Found(NamedTuple):
    """What became of a case: `outcome` is "record", "no article" or the fault."""

    number: int
    ways: tuple[str, ...]
    outcome: str
    fault: bool
    seconds: float  # of CPU time, for the draft


# --- the damage -------------------------------------------------------------------------------------------------------


def _truncated(data: bytes, by: Random, other: bytes) -> bytes:
    return data[: by.randrange(len(data) + 1)]


def _beheaded(data: bytes, by: Random, other: bytes) -> bytes:
    return data[by.randrange(len(data) + 1) :]


def _flipped(data: bytes, by: Random, other: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(by.choice((1, 10, 100, 1000, 10_000)) if out else 0):
        out[by.randrange(len(out))] = by.randrange(256)
    return bytes(out)


def _scorched(data: bytes, by: Random, other: bytes) -> bytes:
    """One stretch is noise."""
    start = by.randrange(len(data) + 1)
    length = by.choice((10, 1000, 50_000))
    return data[:start] + by.randbytes(length) + data[start + length :]


def _spliced(data: bytes, by: Random, other: bytes) -> bytes:
    return data[: by.randrange(len(data) + 1)] + other[by.randrange(len(other) + 1) :]


def _interleaved(data: bytes, by: Random, other: bytes) -> bytes:
    """Pieces of two pages by turns."""
    size = by.choice((50, 500, 5000))
    return b"".join(data[at : at + size] + other[at : at + size] for at in range(0, min(len(data), 400_000), size))


def _repeated(data: bytes, by: Random, other: bytes) -> bytes:
    """A stretch of the page many times over."""
    start = by.randrange(len(data) + 1)
    stretch = data[start : start + by.choice((20, 200, 2000, 20_000))]
    return data[:start] + stretch * min(500, 400_000 // (len(stretch) + 1)) + data[start:]


def _shuffled(data: bytes, by: Random, other: bytes) -> bytes:
    """Tags with the text behind them, in another order."""
    pieces = data.split(b"<")
    start = by.randrange(len(pieces))
    some = pieces[start : start + by.choice((20, 200, 2000))]
    by.shuffle(some)
    return b"<".join(pieces[:start] + some + pieces[start + len(some) :])


def _nested(data: bytes, by: Random, other: bytes) -> bytes:
    """Junk tags, hundreds deep or thousands in a row, anywhere."""
    start = by.randrange(len(data) + 1)
    junk = b"".join(by.choices(JUNK, k=by.choice((1, 2, 5))))
    return data[:start] + junk * min(by.choice((5, 300, 3000, 20_000)), 300_000 // len(junk)) + data[start:]


def _odd_words(data: bytes, by: Random, other: bytes) -> bytes:
    """Odd words at the ends of attributes, strings and texts."""
    places = [found.end() for found in re.finditer(rb'[">:]', data)]
    out, last = [], 0
    for place in sorted(by.sample(places, min(len(places), by.choice((3, 30, 300))))):
        out += [data[last:place], by.choice(ODD_WORDS)]
        last = place
    return b"".join([*out, data[last:]])


def _recoded(data: bytes, by: Random, other: bytes) -> bytes:
    """The page in another encoding than it declares."""
    return data.decode("utf-8", "replace").encode(by.choice(ENCODINGS), "replace")


DAMAGE: dict[str, Callable[[bytes, Random, bytes], bytes]] = {
    "truncated": _truncated, "beheaded": _beheaded, "flipped": _flipped, "scorched": _scorched, "spliced": _spliced,
    "interleaved": _interleaved, "repeated": _repeated, "shuffled": _shuffled, "nested": _nested,
    "odd words": _odd_words,
    "recoded": _recoded,
}  # fmt: skip


def sources() -> list[Source]:
    """Every page of the corpus, once."""
    lines = (SHARED / "corpus" / "cases.jsonl").read_text("utf-8").splitlines()
    cases = {case["page"]: case for case in map(json.loads, lines)}
    return [
        Source(str(SHARED / "corpus" / file), case["url"] or "https://nowhere.example/news/a-story-without-address")
        for file, case in cases.items()
    ]


def case(pages: list[Source], seed: int, number: int) -> Case:
    """The case of that number."""
    by = Random(f"{seed} {number}")
    page, other = by.choice(pages), by.choice(pages)
    data, second = gzip.decompress(Path(page.file).read_bytes()), gzip.decompress(Path(other.file).read_bytes())
    ways = by.sample(sorted(DAMAGE), k=by.choice((1, 1, 1, 2, 3)))
    for way in ways:
        data = DAMAGE[way](data, by, second)[:LARGEST]
    charset, kind, url = None, "text/html", page.url
    if by.random() < 0.15:
        charset = by.choice(LABELS)
        ways.append("wrong charset")
    if by.random() < 0.05:
        kind = by.choice(("text/plain", "application/xhtml+xml", ""))
        ways.append(f"as {kind or 'nothing'}")
    if by.random() < 0.05:
        url = by.choice(
            ("http://a.example/" + "x" * 3000, "http://1.2.3.4/", "https://kurier.example:99999/", "http://[::1]/a-b")
        )
        ways.append("odd address")
    return Case(tuple(ways), page.file, Page(url, data, content_type=kind, charset=charset, fetched=SEEN))


# --- the promises -----------------------------------------------------------------------------------------------------


def rules() -> Callable[[Record, Draft, Seed, str], list[str]]:
    """The rules of the tests: what a record breaks of its promises."""
    found: Callable[[Record, Draft, Seed, str], list[str]] = importlib.import_module(
        "tests.support.record_rules"
    ).broken
    return found


def attempt(one: Case) -> tuple[str, bool, float]:
    """Outcome, whether it is a fault, and seconds of CPU time for the draft."""
    page = one.page
    seed = Seed(name="corpus", home=page.url)
    start = time.process_time()
    try:
        draft = read_draft(page, seed, SEEN)
    except CopydeskError as error:
        return f"refused: {error.reason[:40]}", False, time.process_time() - start
    spent = time.process_time() - start
    try:
        record = to_record(draft, url=page.url, seed=seed, first_seen=SEEN)
    except CopydeskError:
        DRAFT.dump_json(draft)
        return "no article", False, spent
    whole = time.process_time() - start
    complaints = rules()(record, draft, seed, page.url)
    if whole > SLOW:
        complaints.append(f"slow: {spent:.1f} s to read, {whole - spent:.1f} s to normalise")
    return "; ".join(complaints) or "record", bool(complaints), spent


# --- the run ----------------------------------------------------------------------------------------------------------


def _child(out: Connection, seed: int, start: int, stop: int, until: float) -> None:
    """Send a Found for each case; before each one its number, so that the parent knows which one it was."""
    pages = sources()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for number in range(start, stop):
        if time.monotonic() > until:
            break
        out.send(number)
        one = case(pages, seed, number)
        signal.setitimer(signal.ITIMER_PROF, HANG)
        try:
            outcome, fault, seconds = attempt(one)
        except Exception as error:  # a fault of the reader is what we look for; it is reported
            outcome, fault, seconds = "".join(traceback.format_exception(error))[-1500:], True, 0.0
        signal.setitimer(signal.ITIMER_PROF, 0)
        out.send(Found(number, one.ways, outcome, fault, seconds))
    out.send(None)


def run(seed: int, limit: int, minutes: float) -> list[Found]:
    """Cases 0 to `limit`, or as many as there is time for."""
    until = time.monotonic() + 60 * minutes
    found: list[Found] = []
    number, pages = -1, sources()
    while number + 1 < limit and time.monotonic() < until:
        with child_of(_child, seed, number + 1, limit, until) as (told, child):
            try:
                while (message := told.recv()) is not None:
                    if isinstance(message, Found):
                        found.append(message)
                    else:
                        number = message
                break
            except EOFError:
                child.join()
                end = f"the process ended with {child.exitcode} (a hang is -27)"
                found.append(Found(number, case(pages, seed, number).ways, end, True, HANG))
    return found


def main() -> None:
    """Run and print; ends with 1 when there was a fault."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--minutes", type=float, default=5.0)
    ask.add_argument("--limit", type=int, default=1_000_000, help="number of cases")
    ask.add_argument("--case", type=int, help="only this one, in this process")
    chosen = ask.parse_args()
    if chosen.case is not None:
        again = case(sources(), chosen.seed, chosen.case)
        page = again.page
        print(again.ways, again.file, page.url, page.content_type, page.charset, len(page.body))
        print(*attempt(again))
        return
    found = run(chosen.seed, chosen.limit, chosen.minutes)
    faults = [one for one in found if one.fault]
    print(f"{len(found)} cases of seed {chosen.seed}: {len(faults)} faults")
    outcomes = Counter("fault" if one.fault else one.outcome for one in found)
    print("  " + ", ".join(f"{count} × {outcome}" for outcome, count in outcomes.most_common()))
    counts = Counter(way for one in found for way in one.ways)
    print("  " + ", ".join(f"{count} × {way}" for way, count in counts.most_common()))
    print("longest, in seconds of CPU time to read the page:")
    for one in sorted(found, key=lambda one: -one.seconds)[:8]:
        print(f"  {one.seconds:6.2f}  case {one.number}: {', '.join(one.ways)}")
    if not faults:
        return
    folder = Path(tempfile.mkdtemp(prefix="fuzz_extract_"))
    pages = sources()
    for one in faults:
        again = case(pages, chosen.seed, one.number)
        (folder / f"{chosen.seed}_{one.number}.html").write_bytes(again.page.body)
        print(f"\nfault of case {one.number} ({', '.join(one.ways)}) of {again.page.url}\n  {one.outcome}")
    print(f"\npages: {folder}; again: python -m benchmarks.fuzz_extract --seed {chosen.seed} --case NUMBER")
    sys.exit(1)


if __name__ == "__main__":
    main()
