"""Topic rules, measured: CPU ms a record at 10, 1,000 and 10,000 topics beside FTS5, and how often both agree.

python -m benchmarks.topics [--records N] [--seed N]

Articles are those of ../shared/dedup where that is there, cut to about 370 words; else as many made-up ones with the
word frequencies of real text. Rules are random: words, phrases, NEAR and prefixes, joined by OR, AND and NOT, broad
enough that a record matches about 3 % of them.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from bisect import bisect
from collections import Counter
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from feeds.model import Topic
from feeds.store.database.sqlite import SqliteConnection
from feeds.store.search.fulltext import FullText, match_of
from feeds.topics import Engine, Rule, compile, doc
from feeds.topics.match.document import field_tokens
from feeds.topics.match.rules import keys_of
from scrapers import Record

SHARED = Path(__file__).parents[3] / "shared" / "dedup"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = 370  # words of an article
SIZES = (10, 1_000, 10_000)


def articles(count: int, chance: random.Random) -> list[Record]:
    """`count` records of about 370 words."""
    texts: list[tuple[str, str]] = []
    for path in sorted(SHARED.glob("*.jsonl")) if SHARED.is_dir() else []:
        if path.name in ("synd.jsonl", "wire.jsonl"):
            for line in path.read_text("utf-8").splitlines():
                one = json.loads(line)
                words = one["text"].split()
                if len(words) >= 300:
                    texts.append((one["title"] or "Untitled", " ".join(words[: chance.randrange(300, 470)])))
    if not texts:
        texts = [made_up(chance) for _ in range(count)]
    chance.shuffle(texts)
    return [record(n, *texts[n % len(texts)]) for n in range(count)]


def made_up(chance: random.Random) -> tuple[str, str]:
    """A title and a text of made-up words whose frequencies fall as in real text (Zipf, 20,000 words)."""
    ranks = range(1, 20_001)
    weights = list(accumulate(1 / (rank + 2.7) for rank in ranks))

    def word() -> str:
        rank = bisect(weights, chance.random() * weights[-1])
        return "".join(
            "bcdfghjklmnprstvwz"[(rank >> shift) % 18] + "aeiou"[(rank >> shift) % 5] for shift in (0, 4, 8, 12)
        )

    return " ".join(word() for _ in range(8)), " ".join(word() for _ in range(chance.randrange(300, 440)))


def record(n: int, title: str, text: str) -> Record:
    return Record(
        id=f"urn:uuid:{n}", key=str(n), url=f"https://paper.example/{n}", source="paper", title=title, text=text,
        html="", published=NOW, first_seen=NOW,
    )  # fmt: skip


class Maker:
    """Makes queries out of what stands in the articles."""

    def __init__(self, records: list[Record], chance: random.Random) -> None:
        self.chance = chance
        self.texts = [[*found["title"], *found["text"]] for found in map(field_tokens, records)]
        seen = Counter(token for text in self.texts for token in set(text))
        self.share = {token: count / len(self.texts) for token, count in seen.items()}
        usable = [
            token for token, share in self.share.items() if 0.0 < share < 0.05 and len(token) > 2 and token.isalpha()
        ]
        self.common = [token for token in usable if self.share[token] > 0.01] or usable
        self.usable = usable

    def word(self) -> str:
        """Mostly a word that people would ask for; now and then a rare one."""
        return self.chance.choice(self.common if self.chance.random() < 0.2 else self.usable)

    def pair(self, gap: int) -> tuple[str, str]:
        """Two words that stand at most `gap` apart in some article."""
        while True:
            text = self.chance.choice(self.texts)
            at = self.chance.randrange(len(text) - gap - 1)
            first, second = text[at], text[at + self.chance.randrange(1, gap + 1)]
            if first.isalpha() and second.isalpha() and min(self.share[first], self.share[second]) < 0.07:
                return first, second

    def term(self) -> str:
        kind = self.chance.random()
        if kind < 0.6:
            return self.word()
        if kind < 0.75:
            return '"{} {}"'.format(*self.pair(1))
        if kind < 0.85:
            return "NEAR({} {}, 10)".format(*self.pair(8))
        word = self.word()
        return f"{word[: max(4, len(word) - 2)]}*" if len(word) > 3 else word

    def either(self) -> str:
        return " OR ".join(self.term() for _ in range(self.chance.randrange(2, 9)))

    def query(self) -> str:
        kind = self.chance.random()
        if kind < 0.2:
            return self.term()
        if kind < 0.6:
            return self.either()
        if kind < 0.85:
            return f"({self.either()}) ({self.either()})"
        return f"({self.either()}) -({self.either()})"


def milliseconds(start: float, count: int) -> float:
    return (time.process_time() - start) * 1000 / count


def measure(size: int, records: list[Record], maker: Maker) -> dict[str, float]:
    topics = [Topic(f"t{n}", f"T{n}", maker.query()) for n in range(size)]
    start = time.process_time()
    engine = Engine(topics)
    build = time.process_time() - start
    for one in records:
        engine.classify(one)  # a daemon is warm: each busy rule has explained itself before

    start = time.process_time()
    matched = [frozenset(match.topic for match in engine.classify(one)) for one in records]
    mine = milliseconds(start, len(records))

    start = time.process_time()
    for one in records:
        doc(one)
    tokens = milliseconds(start, len(records))
    documents = [doc(one) for one in records]
    start = time.process_time()
    candidates = sum(len(engine._candidates(document)) for document in documents)
    choose = milliseconds(start, len(records))
    del documents

    sample = records[: max(2, min(len(records), 20_000 // size))]
    theirs, wrong = fts5(list(engine), sample, matched)
    changed = [Topic(f"t{n % size}", "T", maker.query()) for n in range(50)]
    start = time.process_time()
    for topic in changed:
        engine.add(topic)
    change = milliseconds(start, len(changed))
    return {
        "topics": size,
        "matches": sum(map(len, matched)) / len(records),
        "candidates": candidates / len(records),
        "ours": mine,
        "tokens": tokens,
        "choosing": choose,
        "fts5": theirs,
        "pairs": len(sample) * size,
        "wrong": wrong,
        "build": build,
        "change": change,
    }


def fts5(rules: list[Rule], records: list[Record], matched: list[frozenset[str]]) -> tuple[float, int]:
    """ms a record of FTS5 with a table of one row and a MATCH for each topic, and on how many pairs it disagrees."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    index = FullText(SqliteConnection(db))
    index.switch_on()
    expressions = [(rule.topic.name, match_of(rule.node)) for rule in rules]
    wrong = 0
    start = time.process_time()
    for n, one in enumerate(records):
        index.add(1, one)
        found = {
            name
            for name, match in expressions
            if match is None or db.execute("SELECT 1 FROM search WHERE search MATCH ?", (match,)).fetchone() is not None
        }
        index.remove(1, one)
        wrong += len(found ^ matched[n])
    spent = milliseconds(start, len(records))
    db.close()
    return spent, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    records = articles(options.records, chance)
    words = sum(len(one.text.split()) for one in records) / len(records)
    keys = sum(len(keys_of(doc(one))) for one in records) / len(records)
    print(f"{len(records)} records of {words:.0f} words, {keys:.0f} keys; ms a record\n")
    print(
        "topics  matches      %  looked at    ours  (tokens  choosing)    FTS5   ratio  disagreements  build s  add ms"
    )
    for size in SIZES:
        one = measure(size, records if size < 10_000 else records[: max(10, len(records) // 4)], Maker(records, chance))
        print(
            f"{size:6,} {one['matches']:8.1f} {100 * one['matches'] / size:6.2f} {one['candidates']:10.1f}"
            f" {one['ours']:7.2f} {one['tokens']:8.2f} {one['choosing']:9.2f}  {one['fts5']:7.2f}"
            f" {one['fts5'] / one['ours']:6.1f}x {one['wrong']:5.0f} of {one['pairs']:7,.0f}"
            f" {one['build']:8.2f} {one['change']:7.3f}"
        )
    maker = Maker(records, chance)
    queries = [maker.query() for _ in range(1000)]
    start = time.process_time()
    for n, query in enumerate(queries):
        compile(Topic(f"t{n}", "T", query))
    print(f"\ncompiling a query: {milliseconds(start, len(queries)):.3f} ms")


if __name__ == "__main__":
    main()
