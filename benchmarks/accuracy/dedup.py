"""Identity and copies, measured.

python -m benchmarks.dedup IN.jsonl OUT.jsonl [--urls]   records in order in, {"id", "cluster"} lines out
python -m benchmarks.dedup --all [FOLDER]                every track of the shared set, with its scorer's tables
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from typing import Any

from feeds.identity.dedupe import file_record, look
from feeds.identity.similarity import PAGES, Index, Look, MemoryIndex, Page, marked, page, recurring
from scrapers import Record, canonical_key, fingerprint, record_id

SHARED = Path(__file__).parents[3] / "shared" / "dedup"
TRACKS = ("synd", "wire", "noisy")


class Shelf:
    """The least store that the decision can ask: records and their aliases in memory."""

    def __init__(self) -> None:
        self.records: list[Stored] = []
        self._aliases: dict[str, int] = {}
        self._prints: dict[str, list[int]] = {}
        self._pages: defaultdict[str, deque[Page]] = defaultdict(lambda: deque(maxlen=PAGES))
        self._page: Page | None = None  # of the record that was looked at last

    def aliases(self, keys: Iterable[str]) -> dict[str, int]:
        """Which of these keys are known, and of which record."""
        return {key: self._aliases[key] for key in keys if key in self._aliases}

    def with_fingerprint(self, fingerprint: str) -> list[int]:
        """Records with exactly this title and text."""
        return self._prints.get(fingerprint, [])

    def numbered(self, source: str) -> tuple[int, int]:
        """No number of an address is proved to be an article's."""
        return 0, len(self.records)

    def get(self, n: int) -> Stored | None:
        """A record by its number."""
        return self.records[n]

    def look(self, record: Record) -> Look:
        """What a new record looks like, without what its site has on many pages."""
        one = self._page = page(record.key, record.title, record.text)
        return look(record, marked(one, recurring([*self._pages[record.source], one], [one])))

    def add(self, record: Record, story: int | None) -> Stored:
        """File a record; a new story has the number of its first record."""
        n = len(self.records)
        stored = Stored(n, record, n if story is None else story)
        self.records.append(stored)
        one = self._page if self._page and self._page.key == record.key else page(record.key, record.title, record.text)
        self._pages[record.source].append(replace(one, story=stored.story))
        for key in record.aliases:
            self._aliases.setdefault(key, n)
        self._prints.setdefault(record.fingerprint, []).append(n)
        return stored


class Stored:
    """A record of the shelf."""

    def __init__(self, n: int, record: Record, story: int) -> None:
        self.n = n
        self.record = record
        self.story = story


def record_of(row: dict[str, Any]) -> Record:
    """A row of the set as a record."""
    when = datetime.fromisoformat(row["published"].replace("Z", "+00:00")).astimezone(UTC)
    url = f"https://{row['site']}/{row['id']}"  # the tracks ask for the texts; addresses have a set of their own
    key = canonical_key(url)
    text = "\n".join(line for line in row["text"].split("\n") if line.strip())
    return Record(
        id=record_id(key),
        key=key,
        url=url,
        source=row["site"],
        title=row["title"],
        text=text,
        html="",
        published=when,
        first_seen=when,
        authors=(row["byline"],) if row["byline"] else (),
        language=row["lang"],
        aliases=(key,),
        fingerprint=fingerprint(row["title"], text),
    )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def cluster(records: Iterable[dict[str, Any]], index: Index) -> Iterator[tuple[str, int]]:
    """(id, story) of every record, decided one by one in their order."""
    shelf = Shelf()
    for row in records:
        record = record_of(row)
        decision = file_record(index, shelf, record, shelf.look(record))
        if decision.kind in ("same", "revised"):
            assert decision.of is not None
            yield row["id"], shelf.records[decision.of].story
            continue
        stored = shelf.add(record, decision.story)
        index.add(stored.n, stored.story, decision.look)
        yield row["id"], stored.story


def keys(records: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """(id, canonical key) of every address."""
    for row in records:
        yield row["id"], canonical_key(row["url"])


def write(pairs: Iterable[tuple[str, object]], path: Path) -> None:
    """Pairs as the lines that the scorer reads."""
    with path.open("w", encoding="utf-8") as out:
        for identity, name in pairs:
            out.write(json.dumps({"id": identity, "cluster": name}) + "\n")


def load_scorer(folder: Path) -> Callable[..., dict[str, Any]]:
    """The scorer that lies beside the set."""
    spec = util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    scorer = util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer.score  # type: ignore[no-any-return]


def everything(folder: Path) -> None:
    """Every track with the scorer's table, and the mean."""
    score = load_scorer(folder)
    found = []
    for track in (*TRACKS, "urls"):
        data = list(rows(folder / f"{track}.jsonl"))
        started = time.perf_counter()
        pairs = dict(keys(data)) if track == "urls" else dict(cluster(data, MemoryIndex()))
        took = time.perf_counter() - started
        labels = list(rows(folder / f"{track}.labels.jsonl"))
        result = score(labels, {identity: str(name) for identity, name in pairs.items()})
        print(f"\n{track}: {len(data)} in {took:.2f} s, {len(data) / took:,.0f} a second")
        for name, value in result.items():
            print(f"  {name:18s} {value:.4f}" if isinstance(value, float) else f"  {name:18s} {value}")
        if track != "urls":
            found.append(result)
    print(f"\nmean ARI {sum(one['ari'] for one in found) / len(found):.4f}")
    print(f"least pair precision {min(one['precision'] for one in found):.4f}")


def main(arguments: list[str]) -> int:
    """The command."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if "--all" in arguments:
        everything(paths[0] if paths else SHARED)
        return 0
    if "--scale" in arguments:
        from benchmarks.speed.dedup_scale import scale

        scale(int(arguments[-1]) if arguments[-1].isdigit() else 10_000)
        return 0
    if len(paths) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    data = rows(paths[0])
    write(keys(data) if "--urls" in arguments else cluster(data, MemoryIndex()), paths[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
