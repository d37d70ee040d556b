"""Pages of the desk over a large store: processor time of each, beside that of the index page.

    python -m benchmarks.speed.desk [--records N] [--most MS]

The store is that of benchmarks.speed.pages. Each page is asked for a few times over HTTP, and a query is typed in the
topic editor; the mean counts. With --most the run fails when a page takes longer.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.speed.pages import NOW, TOPICS, fill
from benchmarks.speed.topics import articles
from feeds.store import open_store
from tests.support.desk import Browser, running_desk

TIMES = 5
CONFIG = """
title = "The copy desk"
contact = "mailto:desk@example.org"
base_url = "http://127.0.0.1:{port}"
[store]
url = "sqlite:copydesk.db"
[web]
listen = "127.0.0.1:{port}"
""" + "\n".join(f'[[topics]]\nname = "{topic.name}"\ntitle = "{topic.title}"' for topic in TOPICS)


def main() -> int:
    """Make a store, ask for every page, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--most", type=float, help="milliseconds of processor time that a page may take")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(folder / "copydesk.db", daemon=True)
        fill(store, articles(1000, random.Random(1)), told.records)
        latest = store.arrivals.latest(1)[0].record
        store.close()
        (folder / "seeds").mkdir()
        (folder / "seeds" / f"{latest.source}.toml").write_text('home = "http://127.0.0.1:9/"\n')
        with running_desk(folder, config=CONFIG, patience=600.0, clock=lambda: NOW) as desk:
            return _measured(desk.browser(), latest.source, latest.id, latest.title.split()[0], told.most)


def _measured(browser: Browser, source: str, story: str, word: str, most: float | None) -> int:
    pages = ["", "/sources", f"/sources/{source}", "/topics", "/stories", f"/stories?q={word}", f"/stories/{story}"]
    index = _milliseconds(lambda: browser.get("/"))
    print(f"{'the index page':32} {index:7.1f} ms")
    slow = []
    for path in [*pages, "/health"]:
        took = _milliseconds(lambda path=path: browser.get(f"/desk{path}"))  # type: ignore[misc]
        print(f"{'/desk' + path[:26]:32} {took:7.1f} ms  {took / index:5.1f} × the index page")
        slow += [path] if most is not None and took > most else []
    browser.get("/desk/new-topic")
    for query in (word, f"{word} OR harbour", f"{word} AND NOT title:{word}"):
        form = {"do": "try", "query": query}
        took = _milliseconds(lambda form=form: browser.post("/desk/new-topic", form, **{"X-Desk-Part": "1"}))  # type: ignore[misc]
        print(f"{'typed: ' + query[:24]:32} {took:7.1f} ms")
        slow += [query] if most is not None and took > 1.5 * most else []
    return 1 if slow else 0


def _milliseconds(ask: Callable[[], object]) -> float:
    ask()
    begun = time.process_time()
    for _ in range(TIMES):
        ask()
    return 1000 * (time.process_time() - begun) / TIMES


if __name__ == "__main__":
    sys.exit(main())
