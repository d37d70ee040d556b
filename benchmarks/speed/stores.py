"""A store in a file beside one on a PostgreSQL server: records kept a second, time of the lock, and a store moved.

    python -m benchmarks.stores [--records N] [--copy N] [--url postgresql://…]

Visits of ten records each go through `pipe.keep`: put to twenty topics, compared with all that is stored, indexed. The
processor time is that of this process and of the server's; the lock is held from the begin of a transaction to its
commit. With --copy a store of N records is moved to the server and back, and every row compared. Without --url a
server of its own is started, with fsync.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.speed.pages import fill
from benchmarks.speed.topics import Maker, articles
from feeds.app.system.memory import collect_seldom
from feeds.model import Topic
from feeds.pipe import keep_run as pipe
from feeds.store import Location, PostgresLocation, Store, open_store
from feeds.store.copying import TABLES, columns_of, copy_store, rows_of, still
from feeds.topics import Engine
from scrapers import Past, Record, Run, Seed, Seen

NOW = datetime(2026, 6, 1, tzinfo=UTC)
A_VISIT = 10  # records
SOURCES = 50
EACH = 10.0  # seconds between two lines that tell how far a copy is
TICK = os.sysconf("SC_CLK_TCK")


def kept(store: Store, records: Sequence[Record], topics: Sequence[Topic], server: str | None) -> dict[str, float]:
    """Keep all of them, ten a visit; figures by their names."""
    seeds = [Seed(name=f"paper-{n}", home=f"https://paper-{n}.example/") for n in range(SOURCES)]
    store.sources.sync(seeds, NOW)
    store.topics.sync(topics, NOW)
    engine = Engine(topics)
    held: list[float] = []
    began = [0.0]
    begin, commit = store.db.begin, store.db.commit

    def beginning() -> None:
        begin()
        began[0] = time.perf_counter()

    def committing() -> None:
        commit()
        held.append(time.perf_counter() - began[0])

    store.db.begin, store.db.commit = beginning, committing  # type: ignore[method-assign]
    ours, theirs, wall = time.process_time(), backends(server), time.perf_counter()
    for begin_at in range(0, len(records), A_VISIT):
        seed = seeds[begin_at // A_VISIT % SOURCES]
        at = NOW + timedelta(minutes=begin_at // A_VISIT)
        those = tuple(
            replace(
                one,
                id=f"urn:uuid:{begin_at + n:08x}-0000-5000-8000-000000000000",
                key=f"{seed.name}.example/{begin_at + n}",
                url=f"https://{seed.name}.example/{begin_at + n}",
                source=seed.name,
                html=f"<p>{one.text}</p>",
                published=at,
                first_seen=at,
                fingerprint=f"{begin_at + n:016x}",
                aliases=(f"{seed.name}.example/{begin_at + n}",),
            )
            for n, one in enumerate(records[begin_at : begin_at + A_VISIT])
        )
        run = Run(
            source=seed.name, started=at, finished=at, records=those, links=A_VISIT,
            seen=tuple(Seen(one.url, "kept") for one in those),
        )  # fmt: skip
        pipe.keep(store, run, seed, Past(last_success=at - timedelta(hours=1)), engine, now=at)
        if begin_at % 1000 == 0:
            store.sketches.settle(at)
    wall, ours = time.perf_counter() - wall, time.process_time() - ours
    theirs = backends(server) - theirs
    store.db.begin, store.db.commit = begin, commit  # type: ignore[method-assign]
    held.sort()
    return {
        "a second": len(records) / wall,
        "a second of processor": len(records) / (ours + theirs),
        "ms of ours a record": 1000 * ours / len(records),
        "ms of the server a record": 1000 * theirs / len(records),
        "ms lock, median": 1000 * held[len(held) // 2],
        "ms lock, p99": 1000 * held[len(held) * 99 // 100],
    }


def backends(folder: str | None) -> float:
    """Processor seconds of the server whose data lie there: of its processes, and of those that ended."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*") if folder else ():
        with contextlib.suppress(OSError):
            if folder and folder in os.readlink(process / "cwd"):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                total += sum(map(int, fields[11:13])) / TICK
    return total


def digest(store: Store) -> dict[str, str]:
    """A hash of all rows of each table, in whatever order."""
    found = {}
    with still(store.db):
        for table in TABLES:
            total, count = 0, 0
            for row in rows_of(store.db, table, columns_of(store.db, table)):
                if table != "meta" or row[0] != "search":  # which index of words there is, is the database's own
                    line = repr(tuple(row)).encode()
                    total = (total + int.from_bytes(hashlib.blake2b(line, digest_size=8).digest())) % 2**64
                    count += 1
            found[table] = f"{count}:{total:016x}"
    return found


@contextlib.contextmanager
def server(url: str | None) -> Iterator[tuple[list[str], str | None]]:
    """Addresses of two empty databases, and the folder of a server of our own."""
    if url is not None:
        yield [url], None
        return
    from tests.support.postgres import Postgres

    own = Postgres(durable=True)
    try:
        yield [own.url(own.create()) for _ in range(2)], str(own.folder)
    finally:
        own.close()


def moved(of: Location, to: Location, what: str, its_folder: str | None) -> None:
    """Copy a store and tell what that took; fails when a row is another one."""
    source, target = open_store(of), open_store(to, daemon=True)
    told = _told(what)
    ours, theirs, wall = time.process_time(), backends(its_folder), time.perf_counter()
    count = copy_store(source, target, told)
    ours, theirs = time.process_time() - ours, backends(its_folder) - theirs
    wall = time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    same = digest(source) == digest(target)
    print(
        f"{what}: {count:,} rows in {wall:.0f} s ({ours:.0f} s of processor, {theirs:.0f} s of the server's), at most"
        f" {memory:.0f} MB of memory, {'the same' if same else 'NOT the same'}",
        flush=True,
    )
    records = target.records.count()
    source.close()
    target.close()
    if not same:
        sys.exit(f"{what}: rows differ")
    print(f"  {records:,} records", flush=True)


def _told(what: str) -> Callable[[str, int, int], None]:
    """Tells now and then how far a copy is."""
    last = time.monotonic()

    def told(table: str, done: int, of: int) -> None:
        nonlocal last
        if time.monotonic() > last + EACH:
            last = time.monotonic()
            print(f"{what}: {table}, {done:,} of {of:,}", file=sys.stderr, flush=True)

    return told


def main() -> None:
    """Print the figures of both kinds of store."""
    collect_seldom()  # as the desk does
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--copy", type=int, default=0)
    parser.add_argument("--url")
    told = parser.parse_args()
    chance = random.Random(3)
    records = articles(max(told.records, min(told.copy, 4000)), chance)
    maker = Maker(records[:400], chance)
    topics = [Topic("all", "All"), *(Topic(f"t{n}", f"T{n}", maker.query()) for n in range(20))]
    with tempfile.TemporaryDirectory() as name, server(told.url) as (urls, its_folder):
        folder = Path(name)
        places: dict[str, Location] = {
            "sqlite": folder / "a.db",
            "postgres": PostgresLocation(urls[0], folder),
        }
        for kind, where in places.items() if told.records else ():
            store = open_store(where, daemon=True)
            found = kept(store, records[: told.records], topics, its_folder if kind == "postgres" else None)
            print(f"{kind:<9} " + " · ".join(f"{value:.1f} {figure}" for figure, value in found.items()))
            store.close()
        if told.copy:
            path = folder / "large.db"
            store = open_store(path, daemon=True)
            fill(store, records[:4000], told.copy)
            store.close()
            print(f"a store of {told.copy:,} records: {path.stat().st_size / 1e6:,.0f} MB", flush=True)
            there = PostgresLocation(urls[-1], folder)
            moved(path, there, "to the server", its_folder)
            moved(there, folder / "back.db", "to a file", its_folder)


if __name__ == "__main__":
    main()
