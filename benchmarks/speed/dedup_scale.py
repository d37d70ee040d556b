"""How fast records are filed when the store is full: text in, story out, rows written, batches of 50.

The store is filled with synthetic sketches (their texts are short: nobody compares with them), then a stream of
articles of 350 words, 30 % of them edited copies of earlier ones, is timed whole: boilerplate, look, decision, record,
aliases, story, sketch, commit with synchronous=FULL. A batch is what one visit of one of 40 sources brought, filed as
`pipe.keep` does it: what it touches is read ahead, what it adds is written together. Without the full-text index.
"""

from __future__ import annotations

import importlib
import random
import tempfile
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from feeds.app.system.memory import collect_seldom
from feeds.identity.boilerplate import find_boilerplate
from feeds.identity.dedupe import file_record, look
from feeds.identity.similarity import Look
from feeds.pipe.working_set import WorkingSet
from feeds.store import Store, open_store
from scrapers import Record, fingerprint, record_id

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BATCH = 50
STREAM = 4000
WORDS = 350
PARAGRAPH = 35


def texts(count: int, chance: random.Random) -> Iterator[str]:
    """A stream of articles; three in ten are earlier ones, cut and edited."""
    vocabulary = ["".join(chance.choice("abcdefghiklmnoprstuvw") for _ in range(2 + n % 9)) for n in range(30_000)]
    ranks = list(accumulate(1 / (n + 10) for n in range(len(vocabulary))))
    known: list[list[str]] = []
    for _ in range(count):
        if known and chance.random() < 0.3:
            words = list(chance.choice(known[-2000:]))
            for _ in range(12):
                words[chance.randrange(len(words))] = chance.choice(vocabulary)
            words = words[: chance.randrange(250, WORDS + 1)]
        else:
            words = chance.choices(vocabulary, cum_weights=ranks, k=WORDS)
            for _ in range(40):
                words[chance.randrange(WORDS)] = chance.choice(vocabulary).capitalize()
            known.append(words)
        yield "\n".join(" ".join(words[at : at + PARAGRAPH]) for at in range(0, len(words), PARAGRAPH))


def scale(size: int) -> None:
    """Print the figures for a store of `size` records."""
    collect_seldom()  # as the daemon does
    chance = random.Random(7)
    stream = list(texts(STREAM, chance))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "scale.db", daemon=True)
        store.db.execute("DELETE FROM meta WHERE name='search'")  # the index of words has a figure of its own
        before = _resident()
        started = time.perf_counter()
        _fill(store, size, chance)
        index = store.sketches
        index.settle(NOW)
        print(f"filled with {size:,} sketches in {time.perf_counter() - started:.1f} s")
        lock = held = 0.0
        copies = 0
        cpu, started = time.process_time(), time.perf_counter()
        for first in range(0, len(stream), BATCH):
            source = f"paper{first // BATCH % 40}"
            records = [_record(size + n, stream[n], source) for n in range(first, min(first + BATCH, len(stream)))]
            lines = find_boilerplate(store.records, source, records).lines
            looks = [look(record, lines[record.key]) for record in records]
            index.read_ahead(looks)
            locked, held_from = time.perf_counter(), time.process_time()
            with store.transaction():
                copies += _file(store, list(zip(records, looks, strict=True)), lines)
            lock, held = max(lock, time.perf_counter() - locked), held + time.process_time() - held_from
        took, cpu = time.perf_counter() - started, time.process_time() - cpu
        print(f"{len(stream) / took:,.0f} records a second ({len(stream) / cpu:,.0f} a second of processor)")
        print(f"{held / cpu:.0%} of it in the transactions")
        print(f"{copies} copies found; longest lock {lock * 1000:.0f} ms")
        print(f"memory grew by {(_resident() - before) / 1e6:.0f} MB; index on disk {_disk(store) / 1e6:.0f} MB")
    _others(stream)


def _file(store: Store, looks: Sequence[tuple[Record, Look]], lines: Mapping[str, tuple[int, ...]]) -> int:
    """What `pipe.keep` does with new records inside its transaction, without topics; how many were copies."""
    work = WorkingSet(store, NOW, lambda story: None)
    work.read_ahead(looks)
    copies = 0
    for record, seen in looks:
        decision = file_record(work, work, record, seen)
        story = decision.story if decision.kind == "copy" else None
        copies += story is not None
        n, of = work.add(record, seen, story, decision.evidence, lines[record.key])
        if story is None:
            work.stand(of, n, "the only one")
    return copies


def _fill(store: Store, size: int, chance: random.Random) -> None:
    words = ("only", "few", "words", "of", "text")
    step = 20_000
    for first in range(0, size, step):
        numbers = range(first + 1, min(first + step, size) + 1)
        with store.transaction():
            store.db.executemany(
                "INSERT INTO story(n, id, first_seen, published, updated) VALUES(?,?,?,?,?)",
                [(n, f"s{n}", int(NOW.timestamp()), 0, n) for n in numbers],
            )
            store.db.executemany(
                "INSERT INTO record(n, id, key, source, story, url, title, text, html, published, updated, first_seen,"
                " way, fingerprint) VALUES(?,?,?,'filler',?,'','t',?,'',0,?,?,'page',?)",
                [
                    (n, f"r{n}", f"filler.example/{n}", n, " ".join(words), n, int(NOW.timestamp()), f"{n:032x}")
                    for n in numbers
                ],
            )
            store.db.executemany(
                "INSERT INTO sketch(record, content, hashes) VALUES(?,?,?)",
                [(n, n, array("I", chance.randbytes(64)).tobytes()) for n in numbers],
            )
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _record(n: int, text: str, source: str) -> Record:
    key = f"{source}.example/{n}"
    title = " ".join(text.split(maxsplit=8)[:8])
    return Record(
        id=record_id(key),
        key=key,
        url=f"https://{key}",
        source=source,
        title=title,
        text=text,
        html=f"<p>{text}</p>",
        published=NOW + timedelta(seconds=n),
        first_seen=NOW,
        aliases=(key,),
        fingerprint=fingerprint(title, text),
    )


def _resident() -> int:
    """Bytes of this process in memory (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def _disk(store: Store) -> int:
    return int(store.db.execute("SELECT sum(pgsize) FROM dbstat WHERE name GLOB '*sketch*'").fetchone()[0])


def _others(stream: list[str]) -> None:
    """The known libraries on the same texts, in memory, without any record written."""
    for name, run in (("rensa", _rensa), ("datasketch", _datasketch)):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name}: not installed")
            continue
        cpu, started = time.process_time(), time.perf_counter()
        found = run(module, stream)
        took, cpu = time.perf_counter() - started, time.process_time() - cpu
        print(
            f"{name}: {len(stream) / took:,.0f} a second ({len(stream) / cpu:,.0f} a second of processor),"
            f" {found} copies found"
        )


def _grams(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[at : at + 3]) for at in range(len(words) - 2)]


def _rensa(module: object, stream: list[str]) -> int:
    lsh = module.RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)  # type: ignore[attr-defined]
    found = 0
    for n, text in enumerate(stream):
        sketch = module.RMinHash(num_perm=128, seed=1)  # type: ignore[attr-defined]
        sketch.update(_grams(text))
        found += bool(lsh.query(sketch))
        lsh.insert(n, sketch)
    return found


def _datasketch(module: object, stream: list[str]) -> int:
    lsh = module.MinHashLSH(threshold=0.5, num_perm=128)  # type: ignore[attr-defined]
    found = 0
    for n, text in enumerate(stream):
        sketch = module.MinHash(num_perm=128)  # type: ignore[attr-defined]
        sketch.update_batch([gram.encode() for gram in _grams(text)])
        found += bool(lsh.query(sketch))
        lsh.insert(str(n), sketch)
    return found
