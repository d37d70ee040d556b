"""From the web to feeds: `run --once` beside what an engineer would write in an afternoon, over the same saved pages.

    python -m benchmarks.pipe [--sites 20] [--pages 30] [--rounds 3]
    python -m benchmarks.pipe --steps        where our time goes, step by step, in one process

The peer is Scrapy, trafilatura and feedgen, one Atom feed a site (the `bench` extra); ours keeps, decides, archives and
packs three formats. Both fetch from loopback sites of a process of its own, in turns. Processor time is that of the
command and its children. A run over one page a site gives the fixed cost, the difference the cost of a page.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy.corpus import SHARED, scorer
from benchmarks.speed.load import address, serving
from tests.support.loopback import Answer, Connection
from tests.support.playing import free_port

PEER = Path(__file__).with_name("pipe_peer.py")


class Cost(NamedTuple):
    """What a run took."""

    processor: float  # seconds, children included
    wall: float
    stories: int  # entries in its feeds


def saved_pages(count: int) -> list[tuple[str, str]]:
    """(title, file) of pages of the shared corpus, the same ones each time, spread over all of it."""
    cases = [case for case in scorer().load_cases(SHARED / "corpus") if (case["truth"] or {}).get("title")]
    step = len(cases) / count
    chosen = (cases[int(place * step)] for place in range(count))
    return [(case["truth"]["title"], str(case["file"])) for case in chosen]


# --- the sites: a process of its own


def _answer(site: int, pages: list[tuple[str, str]], path: str, etag: str) -> Answer:
    if path == "/":
        items = "".join(
            f'<article><h2><a href="/news/2026/11/story-{site}-{n}.html">{escape(title)}</a></h2></article>'
            for n, (title, _) in enumerate(pages)
        )
        return 200, "text/html", "", f"<!doctype html><html lang=en><title>Site {site}</title>{items}".encode()
    name = path.rpartition("-")[2].removesuffix(".html")
    if path.startswith("/news/") and name.isdigit() and int(name) < len(pages):
        return 200, "text/html", "", gzip.decompress(Path(pages[int(name)][1]).read_bytes())
    return 404, "text/plain", "", b"no such page"


async def _serve(sites: int, each: int, port: int) -> None:
    loop = asyncio.get_running_loop()
    pages = saved_pages(sites * each)
    for site in range(sites):
        make = partial(Connection, partial(_answer, site, pages[site::sites]), time.time)
        await loop.create_server(make, address(site), port)
    print("ready", flush=True)
    await asyncio.Event().wait()


# --- the two programs


def _ours(folder: Path, homes: list[str]) -> list[str]:
    (folder / "seeds").mkdir()
    for number, home in enumerate(homes):
        (folder / f"seeds/site-{number:03}.toml").write_text(f'home = "{home}"\n', "utf-8")
    (folder / "config.toml").write_text(
        'contact = "mailto:desk@example.org"\nbase_url = "http://127.0.0.1:1"\n'
        '[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n[[topics]]\nname = "everything"\n',
        "utf-8",
    )
    program = "import sys; from feeds.app.cli.main import main; sys.exit(main())"
    return [sys.executable, "-c", program, "-c", str(folder / "config.toml"), "-q", "run", "--once"]


def _peer(folder: Path, homes: list[str]) -> list[str]:
    (folder / "homes.json").write_text(json.dumps(homes), "utf-8")
    return [sys.executable, str(PEER), str(folder)]


def _entries(folder: Path) -> int:
    """Entries in the Atom documents of single sites."""
    files = [*folder.glob("var/public/s/*.atom"), *folder.glob("public/s/*.atom"), *folder.glob("peer/*.atom")]
    return sum(file.read_bytes().count(b"<entry") for file in files)


def run(command: Callable[[Path, list[str]], list[str]], homes: list[str]) -> Cost:
    """One run in a folder of its own. Raises RuntimeError when it ends with an error."""
    with tempfile.TemporaryDirectory(prefix="pipe-") as place:
        folder = Path(place)
        words = command(folder, homes)
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ})
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr[-1500:]}")
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(processor, wall, _entries(folder))


def compare(sites: int, each: int, rounds: int) -> int:
    """Print fixed and marginal cost of both; 1 when ours is not 2.5 times as fast a page."""
    costs: dict[tuple[str, int], list[Cost]] = {}
    for pages in (1, each):
        port = free_port()
        homes = [f"http://{address(site)}:{port}/" for site in range(sites)]
        with serving("pipe", sites, pages, port):
            for _ in range(rounds):
                for name, command in (("ours", _ours), ("peer", _peer)):
                    costs.setdefault((name, pages), []).append(run(command, homes))
    pages_more = sites * (each - 1)
    marginal = {}
    for name in ("ours", "peer"):
        one, all_ = costs[name, 1], costs[name, each]
        fixed = statistics.median(cost.processor for cost in one)
        whole = statistics.median(cost.processor for cost in all_)
        marginal[name] = (whole - fixed) / pages_more * 1000
        wall = statistics.median(cost.wall for cost in all_)
        print(
            f"{name}: {whole:.1f} s of processor and {wall:.1f} s for {sites * each} pages, {fixed:.1f} s for {sites};"
            f" {marginal[name]:.1f} ms a page; {all_[-1].stories} entries"
        )
    ratio = marginal["peer"] / marginal["ours"]
    print(f"a page costs the peer {ratio:.2f} times as much (2.5 wanted)")
    return 0 if ratio >= 2.5 else 1


# --- where ours goes


def steps(sites: int, each: int) -> None:
    """Print the processor time of each step for the same pages, in one process and without a network."""
    from feeds import pipe
    from feeds.model import Publisher, Topic
    from feeds.publish import plan, write
    from feeds.publish.atomic_files import VARIANTS, Folder, has_variants, variant
    from feeds.publish.feed_reader import PublishSettings
    from feeds.render.formats.entry_bytes import EntryBytes
    from feeds.store import open_store
    from feeds.topics import Engine
    from scrapers import Front, Page, PageChanged, Past, Run, Seed, to_record
    from scrapers.extract import extract as read_article

    now = datetime.now(UTC).replace(microsecond=0)
    spent: dict[str, float] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = call()
        spent[name] = spent.get(name, 0.0) + time.process_time() - started
        return result

    seeds = [Seed(name=f"site-{site}", home=f"http://{address(site)}/") for site in range(sites)]
    topics = [Topic("everything", "Everything")]
    pages = saved_pages(sites * each)
    with tempfile.TemporaryDirectory(prefix="pipe-") as place:
        folder = Path(place)
        store = open_store(folder / "copydesk.db", daemon=True)
        store.sources.sync(seeds, now)
        store.topics.sync(topics, now)
        engine = Engine(topics)
        for site, seed in enumerate(seeds):
            records = []
            for n, (title, file) in enumerate(pages[site::sites]):
                page = Page(f"{seed.home}news/story-{n}.html", gzip.decompress(Path(file).read_bytes()))
                draft = timed("read", partial(read_article, page, None))
                draft = replace(draft, title=draft.title or title)
                make = partial(to_record, draft, url=page.url, seed=seed, first_seen=now)
                with contextlib.suppress(PageChanged):  # one of the pages has no text, which the whole pipe skips too
                    records.append(timed("normalise", make))
            run = Run(seed.name, now, now, records=tuple(records), fronts=(Front(seed.home),), links=len(records))
            timed("decide and keep", partial(pipe.keep, store, run, seed, Past(), engine, now=now))
        settings, rendered = PublishSettings(Publisher("Desk", "http://127.0.0.1:1")), EntryBytes()
        while (one := timed("compose", partial(plan.next_plan, store, settings, topics))) is not None:
            if one.feed is not None:
                timed("render", partial(write.sound, one.feed, rendered=rendered))
            done = timed("write", partial(write.write_feed, one, folder / "public", folder / "private", rendered))
            plan.mark_written(store, one, done)
        public = Folder(folder / "public")
        for name in public.names():
            data = public.read(name) or b""
            for suffix in VARIANTS if has_variants(Path(name).suffix, len(data)) else ():
                timed("pack, when asked for", partial(variant, data, suffix))
        store.close()
    count = sites * each
    for name, seconds in spent.items():
        print(f"{name:20} {seconds:6.2f} s {seconds / count * 1000:6.2f} ms a page")


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--pages", type=int, default=30, help="of each site; a first visit reads 30")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--serve", type=int, nargs=3, metavar=("SITES", "PAGES", "PORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(_serve(*asked.serve))
        return 0
    if asked.steps:
        steps(asked.sites, asked.pages)
        return 0
    return compare(asked.sites, asked.pages, asked.rounds)


if __name__ == "__main__":
    sys.exit(main())
