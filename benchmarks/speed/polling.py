"""What a poll costs: bytes and requests of clients that poll a feed while stories arrive.

    python -m benchmarks.polling [--polls 50] [--stories 12] [--coding gzip] [--words 1500]

The real web server answers over loopback. Three clients poll each format: one that knows no validators (naive), one
that sends If-None-Match (conditional), and one that also sends `A-IM: feed` (delta, RFC 3229). Stories arrive one by
one between polls. Bytes are those of headers and bodies. Must: delta ≤ 12 % of conditional;
ends with 1 when it is more.

The articles are as long as those of news sites are (5.7 kB of text, the mean of 62 pages) and pack as well as they do
(gzip: to 39 %). Texts of a few words alone (`--words 28`) pack to half of that, and headers and frames weigh more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from random import Random

from feeds.model import Entry, Feed
from feeds.publish.atomic_files import Folder
from feeds.render import atom, jsonfeed, rss
from tests.support.serving import Running, make_folder, running
from tests.support.stories import feed

RENDER = {".atom": atom, ".rss": rss, ".json": jsonfeed}
MUST = 0.12
ENTRIES = 50  # of the subscription document
CHARACTERS = 5_700  # of an article


@dataclass
class Client:
    """A client that polls one address."""

    name: str
    conditional: bool
    delta: bool
    etag: str | None = None
    bytes_in: int = 0
    whole: int = 0
    parts: int = 0
    unchanged: int = 0

    def poll(self, server: Running, path: str, coding: str) -> None:
        asks: dict[str, str] = {"Accept-Encoding": coding}
        if self.delta:
            asks["A-IM"] = "feed"
        if self.conditional and self.etag:
            asks["If-None-Match"] = self.etag
        got = server.get(path, asks)
        self.bytes_in += len(got.body) + _size(got.headers)
        self.whole += got.status == 200
        self.parts += got.status == 226
        self.unchanged += got.status == 304
        self.etag = got.headers.get("etag")


def _size(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items()) + 17


def vocabulary(size: int, by: Random) -> list[str]:
    """So many invented words, the short ones first."""
    words: dict[str, None] = {}
    while len(words) < size:
        syllables = 1 + min(3, int(by.expovariate(1 / (0.4 + 2.2 * len(words) / size))))
        parts = (
            by.choice("bcdfghjklmnprstvw") + by.choice("aeiou") + by.choice(" " * 6 + "nrst") for _ in range(syllables)
        )
        words["".join(parts).replace(" ", "")] = None
    return list(words)


def _article(entry: Entry, words: Sequence[str], by: Random) -> Entry:
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(1, len(words) + 1)))  # Zipf's law, as in any language
    text = " ".join(by.choices(words, cum_weights=weights, k=CHARACTERS // 3))[:CHARACTERS].split(" ")
    paragraphs = [" ".join(text[at : at + 80]) for at in range(0, len(text), 80)]
    return replace(entry, content="".join(f"<p>{text}</p>" for text in paragraphs), summary=paragraphs[0][:300])


def _publish(server: Running, made: Feed) -> None:
    for suffix, render in RENDER.items():
        body = render(made)
        name = f"t/ukraine{suffix}"
        Folder(server.routes.folder).write(name, body)  # with the variants that the publisher makes
    for document in server.routes._documents.values():
        document.looked = -1e9  # as if the second had passed for which a file is not looked at again


def measure(polls: int, stories: int, coding: str, words: int = 1500) -> dict[tuple[str, str], Client]:
    """(format, client) → what it cost."""
    made = feed(ENTRIES + stories)
    by = Random(3)
    known = vocabulary(words, by)
    made = replace(made, entries=tuple(_article(entry, known, by) for entry in made.entries))
    found: dict[tuple[str, str], Client] = {}
    with tempfile.TemporaryDirectory() as folder, running(make_folder(Path(folder) / "public")) as server:
        for suffix in RENDER:
            for client in (
                Client("naive", False, False),
                Client("conditional", True, False),
                Client("delta", True, True),
            ):
                found[suffix, client.name] = client
        arrived = 0
        _publish(server, replace(made, entries=made.entries[stories:]))
        for poll in range(polls):
            while arrived < stories * poll // (polls - 1):
                arrived += 1
                window = made.entries[stories - arrived : stories - arrived + ENTRIES]
                _publish(server, replace(made, entries=window))
            for (suffix, _), client in found.items():
                client.poll(server, f"/t/ukraine{suffix}", coding)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=50)
    parser.add_argument("--stories", type=int, default=12)
    parser.add_argument("--coding", default="gzip", choices=["identity", "gzip", "br", "zstd"])
    parser.add_argument("--words", type=int, default=1500, help="how many different words the articles are made of")
    asked = parser.parse_args()
    found = measure(asked.polls, asked.stories, asked.coding, asked.words)
    print(f"{asked.polls} polls, {asked.stories} stories arrive, {asked.coding}")
    print(f"{'format':8}{'client':14}{'bytes':>12}{'200':>6}{'226':>6}{'304':>6}   of conditional")
    worst = 0.0
    for (suffix, name), client in found.items():
        share = client.bytes_in / found[suffix, "conditional"].bytes_in
        counts = f"{client.whole:>6}{client.parts:>6}{client.unchanged:>6}"
        print(f"{suffix[1:]:8}{name:14}{client.bytes_in:>12,}{counts}   {share:.1%}")
        worst = max(worst, share if client.delta else 0.0)
    sys.exit(worst > MUST)


if __name__ == "__main__":
    main()
